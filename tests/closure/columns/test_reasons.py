"""Every inferred fact has a proof: down to what is stated and what axioms say, for rules that are of OWL 2 RL."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, Triple

from ontologies import Case, X, cases, triples
from postholder.closure import words
from postholder.closure.columns import close_quads, reasons
from postholder.closure.memory import MemoryEngine
from postholder.closure.proofs import AXIOM, STATED, statement
from postholder.errors import CannotError, EngineError
from postholder.graph import TYPE, quads_of
from tabled import RICH, START, STEP, USED, assert_proves, closed, edited, inferred, quads, rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from postholder.closure.columns import ClosedGraph

MANY = int(os.environ.get("POSTHOLDER_CASES", "10"))


def assert_all_proven(graph: ClosedGraph, stated: Iterable[Triple], axioms: Sequence[Triple]) -> int:
    """Check the proofs of all that is inferred, none longer than need be, and return how many there are."""
    found, facts = list(graph.inferred()), list(stated)
    for triple, least in zip(found, MemoryEngine(60).explain(axioms, facts, found), strict=True):
        proof = graph.explain(triple)
        assert_proves(proof, triple, facts, axioms)
        assert proof is not None
        assert least is not None
        assert proof.depth == least.depth, triple
    return len(found)


def test_a_reason_does_not_rest_on_what_it_is_the_reason_of() -> None:
    """Of a chain one place in the middle is kept; the others are looked up, among them some that come later."""
    axioms = triples(
        """ex:p2 owl:propertyChainAxiom ( ex:p1 ex:p0 ) ,
          ( [ owl:inverseOf ex:p2 ] [ owl:inverseOf ex:p1 ] ex:p1 ex:p1 ) .
        ex:p1 owl:inverseOf ex:p2 ."""
    )
    facts = quads("ex:C3 ex:p0 ex:C3 . ex:t2 ex:p1 ex:C3 , ex:t0 .")
    assert assert_all_proven(close_quads(facts, axioms), [q.triple for q in facts], axioms) > 10


def test_no_proof_goes_through_too_many_names() -> None:
    """Each name stands for each other, and a proof in memory writes all pairs; that is told at once."""
    axioms = triples("ex:A rdfs:subClassOf ex:B .")
    facts = " ".join(f"ex:n{n} owl:sameAs ex:n{n + 1} ." for n in range(1000))
    graph = close_quads(quads(f"{facts} ex:n0 a ex:A ."), axioms, seconds=10)
    wanted = Triple(NamedNode(f"{X}n1000"), TYPE, NamedNode(f"{X}B"))
    assert wanted in graph
    with pytest.raises(EngineError, match="1001 names"):
        graph.explain(wanted)


KINDS = {
    "a line": ("ex:p a owl:TransitiveProperty .", "ex:a ex:p ex:b . ex:b ex:p ex:c . ex:c ex:p ex:d .", 3),
    "a chain": (
        "ex:t owl:propertyChainAxiom ( ex:p ex:q ex:r ) .", "ex:a ex:p ex:b . ex:b ex:q ex:c . ex:c ex:r ex:d .", 1
    ),
    "a chain that may go round": (
        "ex:p owl:propertyChainAxiom ( ex:p ex:p ex:p ) .", "ex:a ex:p ex:b . ex:b ex:p ex:a , ex:b .", 1
    ),
    "an inverse": ("ex:p owl:inverseOf ex:q . ex:q rdfs:domain ex:A .", "ex:a ex:p ex:b .", 2),
    "a key": ("ex:K owl:hasKey ( ex:v ex:w ) .", "ex:a a ex:K ; ex:v 1 ; ex:w 2 . ex:b a ex:K ; ex:v 1 ; ex:w 2 .", 2),
    "a key and its facts": (
        "ex:K owl:hasKey ( ex:v ) .", "ex:a a ex:K ; ex:v 1 . ex:b a ex:K ; ex:v 1 ; ex:z ex:c .", 3
    ),
    "names of names": (
        "ex:r a owl:ObjectProperty , owl:FunctionalProperty .",
        "ex:a ex:r ex:b , ex:c . ex:b ex:r ex:d . ex:c ex:r ex:e . ex:d a ex:A .", 7,
    ),
    "a constant with two names": (
        "[ a owl:Restriction ; owl:onProperty ex:p ; owl:hasValue ex:a ] rdfs:subClassOf ex:A .",
        "ex:b owl:sameAs ex:a . ex:c ex:p ex:b .", 3,
    ),
    "an axiom about a thing": ("ex:a a ex:A . ex:A rdfs:subClassOf ex:B .", "ex:a ex:p ex:b .", 1),
    "a datatype": (
        "[ a owl:Restriction ; owl:onProperty ex:v ; owl:someValuesFrom xsd:integer ] rdfs:subClassOf ex:C .",
        "ex:a ex:v 1 .", 1,
    ),
    "two ways": ("ex:A rdfs:subClassOf ex:B . ex:p rdfs:domain ex:B .", "ex:a a ex:A ; ex:p ex:b .", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_reason_is_told(name: str) -> None:
    axioms, facts, count = KINDS[name]
    graph = closed(axioms, facts)
    assert assert_all_proven(graph, triples(facts), triples(axioms)) == count
    wanted = list(graph.inferred())
    assert [graph.explain(t) for t in wanted] == MemoryEngine(60).explain(triples(axioms), triples(facts), wanted)


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=cases(least=5, most=12))
def test_all_that_is_inferred_is_proven(case: Case) -> None:
    try:
        graph = close_quads(quads_of(case.facts, NamedNode("urn:d1")), case.axioms)
    except EngineError as refused:
        with pytest.raises(EngineError) as also:  # the other engine refuses it for the same reason
            MemoryEngine(60).close(case.axioms, case.facts, [])
        assert also.value.hint == refused.hint == words.MERGE_EARLIER
        return
    assert_all_proven(graph, case.facts, case.axioms)
    graph.close()


@settings(max_examples=max(3, MANY // 3), deadline=None, suppress_health_check=list(HealthCheck))
@given(start=START, steps=st.lists(STEP, min_size=1, max_size=3))
def test_all_is_proven_after_edits_too(start: list[tuple[str, str]], steps: list[tuple[str, str, list[str]]]) -> None:
    state: set[Quad] = {q for document, fact in start for q in quads(fact, document)}
    axioms = triples(RICH)
    graph = close_quads(sorted(state, key=str), axioms, used=USED)
    for step in steps:
        state = edited(graph, state, step)
    assert_all_proven(graph, [q.triple for q in state], axioms)
    graph.close()


@pytest.mark.parametrize(
    ("axioms", "facts"),
    [
        ("ex:p a owl:SymmetricProperty .", "ex:a ex:p ex:b . ex:b ex:p ex:c ."),
        ("ex:B rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:hasValue ex:a ] .",
         "ex:a a ex:B ; ex:p ex:d ."),
    ],
)  # fmt: skip
def test_a_row_that_an_identity_rests_on_may_follow_from_it_too(axioms: str, facts: str) -> None:
    """Then the row has a shorter way, which is no reason for the identity."""
    axioms += " ex:p a owl:ObjectProperty , owl:FunctionalProperty ."
    (wanted,) = MemoryEngine(60).close(triples(axioms), triples(facts), [])
    assert assert_all_proven(closed(axioms, facts), triples(facts), triples(axioms)) == len(wanted.inferred) > 3


def test_what_is_given_proves_itself() -> None:
    graph = closed("ex:A rdfs:subClassOf ex:B . ex:z a ex:A .", "ex:a a ex:A .")
    assert rules(graph.explain(triples("ex:a a ex:A .")[0])) == [STATED]
    assert rules(graph.explain(triples("ex:z a ex:A .")[0])) == [AXIOM]
    assert rules(graph.explain(triples("ex:z a ex:B .")[0])) == [AXIOM, AXIOM, "cax-sco"]


def test_what_does_not_hold_has_no_proof() -> None:
    graph = closed("ex:A rdfs:subClassOf ex:B .", "ex:a a ex:A ; ex:p ex:c .")
    for text in ("ex:a a ex:C .", "ex:b a ex:A .", "ex:a ex:q ex:a .", "ex:c a ex:B .", "ex:a owl:sameAs ex:a ."):
        assert graph.explain(triples(text)[0]) is None, text


def test_the_shortest_proof_is_told() -> None:
    graph = closed(
        "ex:A rdfs:subClassOf ex:B . ex:B rdfs:subClassOf ex:C . ex:p rdfs:domain ex:C .", "ex:a a ex:A ; ex:p ex:b ."
    )
    assert rules(graph.explain(triples("ex:a a ex:C .")[0])) == [STATED, AXIOM, "prp-dom"]


def test_a_way_that_is_found_later_and_is_shorter_is_told() -> None:
    """Rounds find the rows of a transitive property in another order than that of their depth."""
    line = [f"ex:p{n}" for n in range(8)] + ["ex:r"]
    subs = " ".join(f"{a} rdfs:subPropertyOf {b} ." for a, b in pairwise(line))
    graph = closed(
        f"ex:r a owl:TransitiveProperty . {subs}",
        "ex:a ex:p0 ex:b . ex:b ex:p0 ex:c . ex:a ex:r ex:d . ex:d ex:r ex:e . ex:e ex:r ex:c .",
    )
    wanted = triples("ex:a ex:r ex:c .")[0]
    assert len(getattr(graph.explain(wanted), "steps", ())) == 6
    graph.add(quads("ex:a ex:r ex:b . ex:b ex:r ex:c .", "urn:d2"))
    assert rules(graph.explain(wanted)) == [STATED, STATED, AXIOM, "prp-trp"]
    graph.retract(NamedNode("urn:d2"))
    assert len(getattr(graph.explain(wanted), "steps", ())) == 6


def test_a_proof_tells_the_documents() -> None:
    graph = closed("ex:p a owl:TransitiveProperty .", "ex:a ex:p ex:b .")
    graph.add(quads("ex:b ex:p ex:c .", "urn:d2"))
    graph.add(quads("ex:a ex:p ex:b .", "urn:d3"))
    proof = graph.explain(triples("ex:a ex:p ex:c .")[0])
    assert proof is not None
    stated = [t for t in triples("ex:a ex:p ex:b . ex:b ex:p ex:c .") if statement(t) in proof.stated]
    assert [graph.sources(t) for t in stated] == [("urn:d1", "urn:d3"), ("urn:d2",)]
    assert graph.sources(triples("ex:a ex:p ex:c .")[0]) == ()


def test_a_proof_that_rests_on_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = " ".join(f"ex:n{n} ex:p ex:n{n + 1} ." for n in range(60))
    graph = closed("ex:p a owl:TransitiveProperty .", facts)
    wanted = triples("ex:n0 ex:p ex:n60 .")[0]
    assert graph.explain(wanted) is not None
    monkeypatch.setattr(reasons, "_MOST_ROWS", 10)
    with pytest.raises(EngineError, match="rests on more than 10 facts") as told:
        graph.explain(wanted)
    assert told.value.hint == "ask for one of the facts that lead to it"


def test_without_derivations_nothing_is_explained() -> None:
    graph = closed("ex:A rdfs:subClassOf ex:B .", "ex:a a ex:A .", derivations=False)
    for work in (lambda: graph.explain(triples("ex:a a ex:B .")[0]), graph.clashes):
        with pytest.raises(CannotError, match="without derivations") as error:
            work()
        assert error.value.hint == "close the facts with derivations"


def test_what_was_found_before_names_were_united_is_a_reason_too() -> None:
    """The identity itself rests on a fact that is only found under the old name."""
    axioms = "ex:p rdfs:subPropertyOf ex:r . ex:r a owl:FunctionalProperty , owl:ObjectProperty ."
    graph = closed(axioms, "ex:a ex:p ex:b , ex:c . ex:c ex:z ex:d . ex:x ex:r ex:c .")
    assert "<b> <z> <d>" in inferred(graph)
    proof = graph.explain(triples("ex:b ex:z ex:d .")[0])
    assert {"prp-fp", "prp-spo1", "eq-rep-s"} <= set(rules(proof))
    assert graph.explain(triples(f"<{X}b> ex:p ex:d .")[0]) is None
