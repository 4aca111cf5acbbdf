"""JSON-LD with its own context; round trips stand in test_rdf.py."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from postholder import terms
from postholder.errors import CannotError
from postholder.export.jsonld import context, context_document
from postholder.resources import ontology_folder

if TYPE_CHECKING:
    from tests.export.conftest import Writer

    from postholder.api import KnowledgeGraph

A, P = NamedNode("http://e/a"), NamedNode("http://e/p")


def ph(name: str) -> NamedNode:
    return NamedNode(terms.PH + name)


def test_the_shipped_context_is_the_one_in_every_export(
    shipped: KnowledgeGraph, prefixes: dict[str, str], write: Writer
) -> None:
    text = (ontology_folder() / "context.jsonld").read_text(encoding="utf-8")
    assert text == context_document(shipped.inputs.ontology, prefixes)
    assert json.loads(write("jsonld", shipped.quads)[0][""])["@context"] == json.loads(text)["@context"]


def test_every_term_of_ours_has_a_name(shipped: KnowledgeGraph, prefixes: dict[str, str]) -> None:
    found = context(shipped.inputs.ontology, prefixes)
    assert found["holder"] == {"@id": "ph:holder", "@type": "@id"}
    assert found["mode"] == {"@id": "ph:mode", "@type": "@vocab"}
    assert found["earliestStart"] == {"@id": "ph:earliestStart", "@type": "xsd:date"}
    assert found["question"] == {"@id": "ph:question", "@language": "en"}
    assert found["surfaceForm"] == {"@id": "ph:surfaceForm"}
    assert found["Appointment"] == "ph:Appointment"
    assert found["concurrent"] == "ph:concurrent"
    assert found["id"] == terms.ID
    assert "person" not in found


def test_reads_well(write: Writer) -> None:
    document = json.loads(write("jsonld")[0][""])
    nodes = {n["@id"]: n for n in document["@graph"] if "@graph" not in n}
    graphs = {n["@id"]: n["@graph"] for n in document["@graph"] if "@graph" in n}
    assert nodes["id:appointment/a1"]["@type"] == "Appointment"
    assert nodes["id:appointment/a1"]["holder"] == "id:person/ann"
    assert nodes["id:appointment/a1"]["earliestStart"] == "2020-01-01"
    assert nodes["id:claim/c1"]["basis"] == "stated"
    assert nodes["id:person/ann"]["label"] == ["Ann", "Ann; the first", {"@value": "安", "@language": "zh-hans"}]
    assert nodes["id:person/bob"]["label"] == {"@value": "Bob"}
    assert graphs["id:reading/c3-plain"][0] == {
        "@id": "id:figure/g",
        "@type": "Figure",
        "value": {"@value": "7000", "@type": "xsd:integer"},
    }


def test_terms_that_fit_no_coercion_survive(write: Writer) -> None:
    ontology = NamedNode(terms.ONTOLOGY_GRAPH)
    kinds = {"date": "DatatypeProperty", "thing": "ObjectProperty", "coded": "ObjectProperty"}
    owl = NamedNode(terms.RDF + "type")
    quads = [
        *(Quad(ph(n), owl, NamedNode(terms.OWL + k), ontology) for n, k in kinds.items()),
        Quad(ph("date"), NamedNode(terms.RDFS + "range"), NamedNode(terms.XSD + "date"), ontology),
        Quad(ph("coded"), NamedNode(terms.RDFS + "range"), ph("List"), ontology),
        Quad(ph("List"), owl, NamedNode(terms.OWL + "Class"), ontology),
        Quad(ph("List"), NamedNode(terms.RDFS + "subClassOf"), NamedNode(terms.SKOS + "Concept"), ontology),
        Quad(ph("member"), owl, ph("List"), ontology),
        *(Quad(A, ph(n), v) for n in kinds for v in (Literal("x"), ph("member"), A, Literal("y", language="en"))),
        *(Quad(A, ph(n), BlankNode("b")) for n in ("thing", "coded")),
        Quad(A, ph("unknown"), ph("alsoUnknown")),
        Quad(A, owl, BlankNode("b")),
        Quad(A, owl, ph("unknown")),
        Quad(A, P, NamedNode(terms.ID + "//odd")),
        Quad(A, P, NamedNode("urn:x:y")),
    ]  # fmt: skip
    assert set(parse(write("jsonld", quads)[0][""], format=RdfFormat.JSON_LD)) == set(quads)


def test_direction_of_text_is_written(write: Writer) -> None:
    quads = list(parse('<http://e/a> <http://e/p> "x"@ar--rtl .', format=RdfFormat.N_QUADS))
    document = json.loads(write("jsonld", quads)[0][""])
    assert document["@graph"][0]["http://e/p"] == {"@value": "x", "@language": "ar", "@direction": "rtl"}


def test_an_iri_that_would_be_read_as_a_short_name_is_refused(write: Writer) -> None:
    with pytest.raises(CannotError, match="would be read as a name with the prefix 'org'"):
        write("jsonld", [Quad(A, P, NamedNode("org:x"))])


def test_needs_no_prefixes() -> None:
    assert context([], {}) == {
        "@version": 1.1,
        "id": terms.ID,
        "ph": terms.PH,
        "rdfs": terms.RDFS,
        "xsd": terms.XSD,
        "label": {"@id": "rdfs:label", "@language": "en"},
    }
