"""What the RDF formats hold, read back by two libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from postholder.export import rdf
from postholder.graph import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.export.conftest import Writer

    from postholder.api import KnowledgeGraph

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own parsers use it

READ = {
    "turtle": (RdfFormat.TURTLE, "turtle"),
    "trig": (RdfFormat.TRIG, "trig"),
    "nquads": (RdfFormat.N_QUADS, "nquads"),
    "jsonld": (RdfFormat.JSON_LD, "json-ld"),
}


def unnamed(quads: Iterable[Quad]) -> set[tuple[object, ...]]:
    """Return the quads with every blank node the same; the shipped graph has too few to mix up."""
    return {
        tuple("_" if isinstance(t, BlankNode) else str(t) for t in (q.subject, q.predicate, q.object, q.graph_name))
        for q in quads
    }


def by_rdflib(text: str, form: str) -> set[tuple[object, ...]]:
    dataset = rdflib.Dataset()
    dataset.parse(data=text, format=form)
    return unnamed(parse(dataset.serialize(format="nquads"), format=RdfFormat.N_QUADS))


@pytest.fixture(autouse=True)
def _spelled_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.mark.parametrize("form", READ)
@pytest.mark.parametrize("which", ["shipped", "tiny"])
def test_round_trip(form: str, which: str, write: Writer, tiny: list[Quad], shipped: KnowledgeGraph) -> None:
    quads = list(shipped.quads) if which == "shipped" else tiny
    text = write(form, quads)[0][""]
    expected = unnamed(q for q in quads if form != "turtle" or q.graph_name == DEFAULT)
    oxigraph, name = READ[form]
    assert len(expected) > 100
    assert unnamed(parse(text, format=oxigraph)) == expected
    assert by_rdflib(text, name) == expected


@pytest.mark.parametrize("form", READ)
def test_lexical_forms_survive(form: str, write: Writer) -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    given = [
        ("0.70", "decimal"),
        ("01", "integer"),
        ("2022-01-01Z", "date"),
        ("1", "boolean"),
        ("1.0E1", "double"),
        ("x", "nope"),
    ]
    literals = [Literal(text, datatype=NamedNode(xsd + kind)) for text, kind in given]
    quads = [Quad(NamedNode("http://e/a"), NamedNode("http://e/p"), literal) for literal in literals]
    found = parse(write(form, quads)[0][""], format=READ[form][0])
    assert {q.object for q in found} == set(literals)


@pytest.mark.parametrize("form", ["trig", "nquads", "jsonld"])
def test_lossless_formats_say_so(form: str, write: Writer, tiny: list[Quad]) -> None:
    account = write(form)[1]
    assert account.losses == ()
    assert account.counts == {"quads": len(tiny)}


def test_turtle_counts_what_it_leaves_out(write: Writer, tiny: list[Quad]) -> None:
    files, account = write("turtle")
    counts = {loss.id: loss.count for loss in account.losses}
    held = {q.triple for q in tiny if q.graph_name == DEFAULT}
    named = [q for q in tiny if q.graph_name != DEFAULT]
    ontology = [q for q in named if q.graph_name == NamedNode("https://w3id.org/postholder/id/graph/ontology")]
    rest = [q for q in named if q not in ontology]
    assert counts == {
        "readings": sum(q.triple not in held for q in rest),
        "origin": sum(q.triple in held for q in rest),
        "vocabulary": sum(q.triple not in held for q in ontology),
    }
    assert all(counts.values())
    assert account.counts == {"triples": len(held)}
    assert {loss.id for loss in rdf.TURTLE.losses} == set(counts)
    assert "7000" not in files[""]


def test_nquads_are_sorted_lines(write: Writer) -> None:
    text = write("nquads")[0][""]
    lines = text.split("\n")[:-1]
    assert lines == sorted(lines)
    assert text.endswith(" .\n")
