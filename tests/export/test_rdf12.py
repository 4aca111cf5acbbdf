"""RDF 1.2: the same dataset, and each triple of a reading tied to its reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from postholder.export.rdf12 import REIFIES
from postholder.graph import DEFAULT, ph

if TYPE_CHECKING:
    from tests.export.conftest import Writer

    from postholder.api import KnowledgeGraph


def read(text: str) -> list[Quad]:
    return list(parse(text, format=RdfFormat.N_QUADS))


def canonical(quads: list[Quad]) -> Dataset:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


@pytest.mark.parametrize("which", ["shipped", "people"])
def test_without_the_reifiers_it_is_the_dataset(
    which: str, write: Writer, people: list[Quad], shipped: KnowledgeGraph
) -> None:
    quads = people if which == "people" else list(shipped.quads)
    rest = [q for q in read(write("rdf12", quads)[0][""]) if q.predicate != REIFIES]
    trig = list(parse(write("trig", quads)[0][""], format=RdfFormat.TRIG))
    assert len(rest) > 300
    assert len(set(quads)) == len(rest)
    assert canonical(rest) == canonical(quads) == canonical(trig)


@pytest.mark.parametrize("which", ["shipped", "people"])
def test_each_triple_of_a_reading_is_reified_by_it(
    which: str, write: Writer, people: list[Quad], shipped: KnowledgeGraph
) -> None:
    quads = people if which == "people" else list(shipped.quads)
    files, account = write("rdf12", quads)
    found = {(q.subject, q.object) for q in read(files[""]) if q.predicate == REIFIES and q.graph_name == DEFAULT}
    readings = {q.object for q in quads if q.predicate == ph("hasReading")}
    expected = {(q.graph_name, q.triple) for q in quads if q.graph_name in readings}
    assert len(expected) > 20
    assert found == expected
    assert account.counts == {"quads": len(set(quads)), "reified triples": len(expected)}
    assert account.losses == ()


def test_evidence_hangs_on_a_triple(write: Writer, shipped: KnowledgeGraph) -> None:
    """Ask by SPARQL 1.2 for the claims behind each holder: the same as by the graphs of the readings."""
    store = Store()
    store.extend(read(write("rdf12", list(shipped.quads))[0][""]))
    head = "PREFIX ph: <https://w3id.org/postholder/ns#> SELECT DISTINCT ?appointment ?person ?claim"
    by_term = f"{head} {{ ?claim ph:hasReading ?r . ?r <{REIFIES.value}> <<( ?appointment ph:holder ?person )>> }}"
    by_graph = f"{head} {{ ?claim ph:hasReading ?r . GRAPH ?r {{ ?appointment ph:holder ?person }} }}"
    answers = [{tuple(map(str, row)) for row in store.query(text)} for text in (by_term, by_graph)]  # type: ignore[union-attr]
    assert len(answers[0]) > 20
    assert answers[0] == answers[1]


def test_odd_terms_survive(write: Writer) -> None:
    reading, claim, node = (NamedNode(f"https://e.example/{n}") for n in ("r;'é", "c", "n"))
    odd: list[Literal | BlankNode] = [
        Literal('a\tb\n"c" \\ \u202e\u2028\x01'), Literal("x", language="he"),
        Literal("9" * 400, datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        Literal("-12024-02-30", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#date")), BlankNode("b"),
    ]  # fmt: skip
    quads = [Quad(claim, ph("hasReading"), reading, DEFAULT)] + [Quad(node, ph("note"), o, reading) for o in odd]
    found = read(write("rdf12", quads)[0][""])
    assert {q.object for q in found if q.predicate == ph("note") and isinstance(q.object, Literal)} == set(odd[:-1])
    terms = [q.object for q in found if q.predicate == REIFIES]
    assert len(terms) == len(odd)
    assert {t.object for t in terms if isinstance(t, Triple) and isinstance(t.object, Literal)} == set(odd[:-1])
    ends = {q.object for q in found if q.predicate == ph("note") and isinstance(q.object, BlankNode)}
    assert ends == {t.object for t in terms if isinstance(t, Triple) and isinstance(t.object, BlankNode)}
