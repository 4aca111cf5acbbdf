"""Names that stand in several files are the same in all of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from postholder import resources, terms
from postholder.sources.inputs import read_prefixes

ROOT = Path(__file__).parent.parent
ONTOLOGY = resources.ontology_folder()
VOCABULARY = NamedNode(terms.BASE + "ns")


def header() -> dict[str, set[str]]:
    text = (ONTOLOGY / "postholder.ttl").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for quad in parse(text, format=RdfFormat.TURTLE):
        if quad.subject == VOCABULARY and isinstance(quad.object, NamedNode | Literal):
            found.setdefault(quad.predicate.value, set()).add(quad.object.value)
    return found


def test_the_base_is_that_of_the_prefixes() -> None:
    prefixes = read_prefixes(ONTOLOGY / "prefixes.ttl")
    assert prefixes["ph"] == terms.PH
    assert prefixes["shape"] == terms.SHAPES
    assert prefixes["graph"] == terms.GRAPH
    ours = {p: iri for p, iri in prefixes.items() if iri.startswith(terms.BASE) and p not in {"ph", "shape"}}
    assert len(ours) > 20
    assert {p: iri for p, iri in ours.items() if not re.fullmatch(re.escape(terms.ID) + r"[a-z]+/", iri)} == {}


@pytest.mark.parametrize("name", ["rdf", "rdfs", "owl", "xsd", "sh", "skos", "dcterms", "org"])
def test_foreign_namespaces_are_those_of_the_prefixes(name: str) -> None:
    assert read_prefixes(ONTOLOGY / "prefixes.ttl")[name] == getattr(terms, name.upper())


def test_the_base_is_written_once() -> None:
    root = Path(terms.__file__).parent
    files = [p for p in root.rglob("*.py") if p.parent.name != "checking"]  # which shares no code on purpose
    holders = [p.name for p in files if "w3id.org/postholder" in p.read_text(encoding="utf-8")]
    assert holders == ["terms.py"]


def test_no_file_uses_a_prefix_in_another_sense() -> None:
    prefixes = read_prefixes(ONTOLOGY / "prefixes.ttl")
    files = [*ONTOLOGY.rglob("*.ttl"), *ONTOLOGY.rglob("*.trig")]
    assert len(files) > 40
    wrong = {
        f"{path.name}: {name}"
        for path in files
        for name, iri in read_prefixes(path).items()
        if prefixes.get(name) != iri
    }
    assert wrong == set()


def test_no_query_uses_a_prefix_in_another_sense() -> None:
    prefixes = read_prefixes(ONTOLOGY / "prefixes.ttl")
    files = [*ONTOLOGY.rglob("*.rq"), *resources.queries_folder().rglob("*.rq")]
    assert len(files) > 20
    declared = [
        (path.name, name, iri)
        for path in files
        for name, iri in re.findall(r"^PREFIX\s+(\w+):\s*<([^>]*)>", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert len(declared) > 40
    assert [d for d in declared if prefixes.get(d[1]) != d[2]] == []


def test_the_version_of_the_vocabulary() -> None:
    found = header()
    assert found[terms.OWL + "versionInfo"] == {terms.VERSION}
    [version_iri] = found[terms.OWL + "versionIRI"]
    assert terms.VERSION in version_iri


def test_the_version_of_the_change_log() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    entries = re.findall(r"^## \[?(\d+\.\d+\.\d+)", text, re.MULTILINE)
    assert entries[0] == terms.VERSION


def test_the_version_of_the_citation() -> None:
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(rf"^version: [\"']?{re.escape(terms.VERSION)}[\"']?$", text, re.MULTILINE)


def test_the_version_is_written_once_in_the_code() -> None:
    root = Path(terms.__file__).parent
    assert [p.name for p in root.rglob("*.py") if f'"{terms.VERSION}"' in p.read_text(encoding="utf-8")] == ["terms.py"]


def test_named_graphs_of_ours_are_apart() -> None:
    assert terms.INFERRED_GRAPH != terms.ONTOLOGY_GRAPH
    assert terms.INFERRED_GRAPH.startswith(terms.GRAPH)
    assert terms.ONTOLOGY_GRAPH.startswith(terms.GRAPH)
