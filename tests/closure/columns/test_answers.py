"""What a closure says: patterns, counts and all of it agree with each other and with the engine in memory."""

from __future__ import annotations

from collections import Counter
from itertools import product
from time import sleep

import pytest
from hypothesis import HealthCheck, given, settings
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ontologies import Case, X, cases, triples
from postholder import terms
from postholder.closure.columns import answers, close_quads
from postholder.errors import EngineError
from postholder.graph import TYPE, quads_of
from tabled import RICH, closed, inferred, quads, short

FACTS = (
    'ex:a ex:p ex:b . ex:b ex:p ex:c ; ex:z "x"@en . ex:c a ex:A ; ex:w "y" . ex:d owl:sameAs ex:b . ex:e ex:q ex:a .'
)


def test_patterns_give_what_the_whole_gives() -> None:
    graph = closed(RICH, FACTS)
    every = list(graph.triples())
    assert len(every) > 50
    assert [str(t) for t in every] == sorted(str(t) for t in every)
    parts = [{None, *(getattr(t, part) for t in every)} for part in ("subject", "predicate", "object")]
    asked = 0
    for s, p, o in product(*(sorted(x, key=str)[:9] for x in parts)):
        wanted = [t for t in every if s in {None, t.subject} and p in {None, t.predicate} and o in {None, t.object}]
        assert graph.match(s, p, o) == wanted, (s, p, o)
        asked += bool(wanted)
    assert asked > 50


def test_counts_agree_with_the_whole() -> None:
    graph = closed(RICH, FACTS)
    every = list(graph.triples())
    by_property = Counter(t.predicate for t in every)
    assert len(by_property) > 6
    assert {p: graph.count(p) for p in by_property} == by_property
    assert graph.size == len(every)
    assert graph.count(NamedNode(X + "nothing")) == 0
    counts = graph.counts
    assert counts["stated"] == len(triples(FACTS))
    assert counts["inferred"] == len(inferred(graph))
    assert counts["things with several names"] == 2


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=cases())
def test_what_is_told_is_stated_inferred_or_an_axiom(case: Case) -> None:
    try:
        graph = close_quads(quads_of(case.facts, NamedNode("urn:d1")), case.axioms)
    except EngineError:
        return
    told, found = set(graph.triples()), list(graph.inferred())
    assert {*case.facts, *found} <= told
    rest = told - {*case.facts, *found} - set(case.axioms)
    assert {str(t.object) for t in rest} <= {f"<{terms.OWL}Nothing>"}, "members of the empty class, by axioms"
    assert graph.size == len(told)
    assert not set(found) & set(case.facts)
    assert len(found) == len(set(found))
    assert all(t in graph for t in found)
    graph.close()


def test_members_of_unnamed_classes_are_not_told() -> None:
    axioms = (
        "ex:a a [ a owl:Restriction ; owl:onProperty ex:p ; owl:hasValue ex:b ] . ex:a a [ owl:unionOf ( ex:A ) ] ."
    )
    graph = closed(axioms, "ex:a owl:sameAs ex:c .")
    (link, *_) = triples("ex:a ex:p ex:b .")
    assert link in graph
    assert graph.size == len(list(graph.triples())) == 4
    assert len(graph.match(link.subject)) == 2
    assert graph.count(TYPE) == 0


def test_unnamed_classes_and_words_of_owl_are_not_told() -> None:
    graph = closed(RICH, f"{FACTS} ex:a a owl:Thing .")
    assert len(inferred(graph)) > 40
    assert not [t for t in graph.inferred() if t.predicate == TYPE and isinstance(t.object, BlankNode)]
    assert not [t for t in graph.inferred() if "owl#" in str(t.object)]
    assert not [t for t in graph.inferred() if isinstance(t.subject, Literal)]


def test_what_is_not_known_is_not_there() -> None:
    graph = closed(RICH, FACTS)
    assert graph.match(NamedNode("http://x/'or+1=1--")) == []
    assert graph.match(None, None, Literal("') union select 1, 2, 3 --")) == []
    assert graph.answers.known(NamedNode("http://x/'or+1=1--")) is None
    assert Triple(NamedNode(X + "a"), NamedNode(X + "p"), NamedNode(X + "none")) not in graph


def test_lexical_forms_survive() -> None:
    graph = closed("ex:v rdfs:subPropertyOf ex:w .", 'ex:a ex:v 01 , 1 , "1.0"^^xsd:decimal , "a\\tb\\"c"@EN .')
    assert short(graph.inferred()) == short(triples('ex:a ex:w 01 , 1 , "1.0"^^xsd:decimal , "a\\tb\\"c"@EN .'))


@pytest.mark.parametrize("many", [60_000])
def test_many_facts_come_in_pieces(many: int) -> None:
    graph = close_quads(
        quads_of(
            [Triple(NamedNode(f"{X}n{n}"), NamedNode(X + "p"), NamedNode(X + "o")) for n in range(many)],
            NamedNode("urn:d1"),
        ),
        triples("ex:p rdfs:subPropertyOf ex:q ."),
    )
    assert sum(1 for _ in graph.inferred()) == many


def test_a_store_is_loaded_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_BATCH", 2)
    graph = closed("ex:v rdfs:subPropertyOf ex:w .", 'ex:a ex:v 01 , 2 , 3 , "x" .', seconds=1)
    lines = graph.answers.lines()
    sleep(1.2)
    assert len(b"".join(lines).splitlines()) == 8
    found = graph.store().query("select ?o { graph ?g { ?s <http://x/w> ?o } }").rows
    assert sorted(str(o).split("^")[0] for (o,) in found) == ['"01"', '"2"', '"3"', '"x"']
    monkeypatch.setattr(answers, "_STATED", "")
    graph.connection.execute("drop table stated")
    with pytest.raises(EngineError, match="store failed: Catalog Error"):
        graph.store()


def test_slow_readers_get_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is for finding what follows, not for whoever takes it; and what is taken is as it was."""
    monkeypatch.setattr(answers, "_BATCH", 2)
    graph = closed("ex:A rdfs:subClassOf ex:B .", " ".join(f"ex:n{n} a ex:A ." for n in range(7)), seconds=1)
    found, other = graph.inferred(), graph.inferred()
    first = next(found)
    sleep(1.2)
    graph.retract(NamedNode("urn:d1"))
    assert [first, *found] == list(other)
    assert len({first, *graph.inferred()}) == 1
    next(iter(other), None)
    graph.add(quads("ex:n0 a ex:A . ex:n1 a ex:A . ex:n2 a ex:A .", "urn:d2"))
    assert next(graph.inferred()) == first, "others stop early, or take nothing"
    graph.triples()
    names = graph.tables.run("select table_name from information_schema.tables where table_name like 'told%'")
    assert names == [], "nothing is left of them"
