"""What is added and taken back changes a closure as closing all anew would, for random scripts of edits."""

from __future__ import annotations

import os
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad

from ontologies import Case, X, cases, triples
from postholder import terms
from postholder.closure.columns import close_quads
from postholder.errors import CannotError, EngineError
from tabled import RICH, RICH_FACT, START, STEP, USED, closed, edited, inferred, quads, short

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.closure.columns import ClosedGraph

MANY = int(os.environ.get("POSTHOLDER_CASES", "8"))
"""How many scripts of edits are made; set it to hundreds after a change."""
AXIOMS = triples(RICH)


def told(graph: ClosedGraph) -> list[list[str]]:
    """Return all that a closure says; which name of a thing stands for it may depend on how it came about."""
    groups = [sorted(str(graph.tables.term(n)) for n in names) for names in graph.identities.members.values()]
    return [
        [str(t) for t in graph.inferred()],
        [c.text for c in graph.clashes()],
        sorted(map(str, groups)),
        [str(graph.stated), str(graph.size)],
    ]


def anew(state: set[Quad]) -> ClosedGraph:
    return close_quads(sorted(state, key=str), AXIOMS, used=USED)


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(start=START, steps=st.lists(STEP, min_size=1, max_size=6))
def test_every_edit_leaves_what_closing_anew_gives(
    start: list[tuple[str, str]], steps: list[tuple[str, str, list[str]]]
) -> None:
    state = {q for document, fact in start for q in quads(fact, document)}
    graph = anew(state)
    try:
        for step in steps:
            state = edited(graph, state, step)
            other = anew(state)
            assert told(graph) == told(other), step
            other.close()
    finally:
        graph.close()


UNITING = """
ex:p a owl:FunctionalProperty . ex:q a owl:InverseFunctionalProperty . ex:A owl:hasKey ( ex:v ) .
ex:B rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:r ; owl:maxCardinality "1"^^xsd:nonNegativeInteger ] .
"""
"""Beside made-up axioms, so that many of them lead to identities."""


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=cases(axioms=7, most=14), gone=st.lists(st.integers(0, 999), min_size=1, max_size=4))
def test_facts_are_taken_back_under_any_axioms(case: Case, gone: list[int]) -> None:
    axioms, state = [*case.axioms, *triples(UNITING)], set(quads(case.fact_text))
    used = sorted({q.predicate for q in state}, key=str)
    try:
        with close_quads(sorted(state, key=str), axioms, used=used) as graph:
            for which in gone:
                state = edited(graph, state, ("remove", str(which), []))
                with close_quads(sorted(state, key=str), axioms, used=used) as other:
                    assert told(graph) == told(other)
    except EngineError:  # a class or property is found to be a thing
        return


LOSSES = {
    "a row for two names": (
        "ex:p rdfs:subPropertyOf ex:f . ex:q rdfs:subPropertyOf ex:f . ex:f a owl:FunctionalProperty .",
        "ex:x ex:p ex:a .", "ex:x ex:q ex:b .",
    ),
    "a stated row for two names": ("ex:p rdfs:subPropertyOf ex:f . ex:f a owl:FunctionalProperty .",
        "ex:x ex:f ex:a .", "ex:x ex:p ex:b .",
    ),
    "a class that allows one value": (
        "ex:B rdfs:subClassOf [ owl:onProperty ex:r ; owl:maxCardinality '1'^^xsd:nonNegativeInteger ] .",
        "ex:x ex:r ex:a , ex:b .", "ex:x a ex:B .",
    ),
}  # fmt: skip


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("name", LOSSES)
def test_an_identity_goes_with_what_it_rests_on(name: str, turned: bool) -> None:
    axioms, left, lost = LOSSES[name]
    if turned:  # the first name stands for the thing
        left, lost = (text.replace("ex:a", "ex:c") for text in (left, lost))
    links = " ".join(f"ex:{n} a owl:ObjectProperty ." for n in "fpqr")
    graph = closed(f"{axioms} {links}", left)
    before = told(graph)
    graph.add(quads(lost, "urn:d2"))
    assert graph.identities.members
    graph.retract(NamedNode("urn:d2"))
    assert told(graph) == before


SCRIPTS = {
    "a stated identity": ["ex:a owl:sameAs ex:b .", "ex:a ex:p ex:c .", "ex:b a ex:A ."],
    "two stated identities": ["ex:a owl:sameAs ex:b .", "ex:b owl:sameAs ex:d .", "ex:d ex:p ex:e ."],
    "a transitive line": ["ex:a ex:p ex:b .", "ex:b ex:p ex:c .", "ex:c ex:p ex:d .", "ex:a ex:p ex:d ."],
    "a circle": ["ex:a ex:p ex:b .", "ex:b ex:p ex:c .", "ex:c ex:p ex:a ."],
    "a key": ["ex:d a ex:K ; ex:v 1 ; ex:w 1 .", "ex:e a ex:K ; ex:v 1 .", 'ex:e ex:w 1 , "x" .', "ex:e ex:p ex:f ."],
    "a functional property": ["ex:a ex:r ex:b .", "ex:a ex:r ex:d .", "ex:d ex:r ex:e .", "ex:b ex:r ex:f ."],
    "an inverse functional property": ["ex:d ex:s ex:f .", "ex:e ex:s ex:f .", "ex:e ex:p ex:d ."],
    "a united constant": ["ex:a owl:sameAs ex:e .", "ex:f a ex:A .", "ex:e ex:r ex:g .", "ex:f owl:sameAs ex:b."],
    "what follows from itself": ["ex:a ex:q ex:b .", "ex:b ex:q ex:a ."],
    "what is inferred is stated too": ["ex:a ex:p ex:b .", "ex:a a ex:A .", "ex:a a ex:B .", "ex:a ex:pp ex:b ."],
}  # fmt: skip


@pytest.mark.parametrize("name", SCRIPTS)
def test_parts_come_and_go_in_any_order(name: str) -> None:
    """Each part is a document: all come, and each is taken back alone, then all but one; one by one they come again."""
    parts = {f"urn:d{n}": quads(text, f"urn:d{n}") for n, text in enumerate(SCRIPTS[name])}
    graph = close_quads([], AXIOMS, used=USED)
    empty = told(graph)
    for part in parts.values():
        assert graph.add(part) == len(part)
    whole = told(graph)
    assert whole == told(anew({q for part in parts.values() for q in part}))
    assert whole != empty
    for document, part in parts.items():
        assert graph.retract(NamedNode(document)) == len(part)
        assert told(graph) == told(anew({q for d, p in parts.items() if d != document for q in p}))
        assert graph.add(part) == len(part)
        assert told(graph) == whole
    for document in reversed(parts):
        graph.retract(NamedNode(document))
    assert told(graph) == empty


def test_what_names_of_one_thing_say_does_not_rest_on_itself() -> None:
    """The fact says, of another name, what is found from it; once both are one name it is its reason still."""
    axioms = triples(
        """[ owl:inverseOf ex:q ] rdfs:subPropertyOf ex:p .
        ex:p rdfs:domain [ owl:onProperty ex:q ; owl:hasValue ex:b ] ;
          rdfs:range [ owl:onProperty [ owl:inverseOf ex:q ] ; owl:maxCardinality "1"^^xsd:nonNegativeInteger ] ."""
    )
    graph = close_quads([], axioms, used=USED)
    fact = quads("ex:a ex:p ex:b .")
    graph.add(fact)
    assert "<a> <http://www.w3.org/2002/07/owl#sameAs> <b>" in inferred(graph)
    graph.remove(fact)
    assert (inferred(graph), graph.identities.members) == ([], {})


@pytest.mark.parametrize("last", ["ex:a ex:r ex:c .", "ex:b ex:s ex:c ."])
@pytest.mark.parametrize(
    "parts", list(permutations(["ex:a ex:r ex:c .", "ex:b ex:s ex:c .", "ex:b ex:s ex:c . ex:d ex:p ex:e ."]))
)
def test_an_identity_rests_on_what_each_name_is_said_to_have(parts: tuple[str, ...], last: str) -> None:
    """What is stated of one name is found of the other; as one fact of both it would have one reason only."""
    axioms = triples("ex:s a owl:InverseFunctionalProperty . ex:r rdfs:subPropertyOf ex:s .")
    graph, state = close_quads([], axioms, used=USED), set[Quad]()
    same = triples("ex:a owl:sameAs ex:b .")[0]
    for number, part in enumerate(parts):
        new = quads(part, f"urn:d{number}")
        graph.add(new)
        state |= set(new)
    assert [s.rule for s in graph.explain(same).steps if s.rule.startswith("prp")] == ["prp-spo1", "prp-ifp"]  # type: ignore[union-attr] # it has one
    gone = {q for q in state if q.triple == triples(last)[0]}
    graph.remove(sorted(gone, key=str))
    assert told(graph) == told(close_quads(sorted(state - gone, key=str), axioms, used=USED))
    assert same not in graph


def test_what_two_documents_state_stays_until_both_are_gone() -> None:
    graph = closed("ex:A rdfs:subClassOf ex:B .", "ex:a a ex:A . ex:b a ex:A .")
    assert graph.add(quads("ex:a a ex:A .", "urn:d2")) == 1
    assert graph.add(quads("ex:a a ex:A .", "urn:d2")) == 0
    assert graph.sources(triples("ex:a a ex:A .")[0]) == ("urn:d1", "urn:d2")
    assert graph.retract(NamedNode("urn:d1")) == 2
    assert inferred(graph) == ["<a> a <B>"]
    assert graph.sources(triples("ex:a a ex:A .")[0]) == ("urn:d2",)
    assert graph.retract(NamedNode("urn:d1")) == 0
    assert graph.remove(quads("ex:a a ex:A .", "urn:d1")) == 0
    assert graph.remove(quads("ex:a a ex:A . ex:a a ex:A .", "urn:d2")) == 1
    assert (inferred(graph), graph.stated) == ([], 0)


def test_what_nobody_states_is_not_taken_back() -> None:
    graph = closed(RICH, "ex:a ex:p ex:b . ex:c ex:w 1 .")
    before = told(graph)
    assert graph.retract(NamedNode("urn:unknown")) == 0
    assert graph.remove(quads("ex:a ex:p ex:b .", "urn:d2")) == 0
    assert graph.remove(quads("ex:a ex:pp ex:b .")) == 0, "it is inferred, not stated"
    assert graph.remove([]) == 0
    assert graph.add([]) == 0
    assert told(graph) == before


def test_the_facts_of_no_graph_are_kept_apart() -> None:
    fact = triples("ex:a a ex:A .")[0]
    bare = Quad(fact.subject, fact.predicate, fact.object)
    graph = close_quads([bare, *quads("ex:a a ex:A .")], triples("ex:A rdfs:subClassOf ex:B ."))
    assert graph.retract(NamedNode("urn:d1")) == 1
    assert inferred(graph) == ["<a> a <B>"]
    assert graph.sources(fact) == ()
    assert graph.remove([bare]) == 1
    assert inferred(graph) == []


def test_the_graph_of_what_is_inferred_states_nothing() -> None:
    graph = closed("ex:A rdfs:subClassOf ex:B .", "ex:a a ex:A .")
    for work in (graph.add, lambda facts: close_quads(facts, [])):
        with pytest.raises(CannotError, match="kept for what is inferred"):
            work(quads("ex:b a ex:A .", terms.INFERRED_GRAPH))
    assert inferred(graph) == ["<a> a <B>"]


def test_axioms_about_things_are_not_taken_back() -> None:
    graph = closed("ex:A rdfs:subClassOf ex:B . ex:a a ex:A .", "ex:a a ex:A . ex:b a ex:A .")
    assert graph.remove(quads("ex:a a ex:A .")) == 1
    assert inferred(graph) == ["<a> a <B>", "<b> a <B>"]


def test_without_derivations_facts_come_but_do_not_go() -> None:
    graph = closed("ex:A rdfs:subClassOf ex:B .", "ex:a a ex:A .", derivations=False)
    assert graph.add(quads("ex:b a ex:A .", "urn:d2")) == 1
    works: list[Callable[[], int]] = [
        lambda: graph.retract(NamedNode("urn:d2")),
        lambda: graph.remove(quads("ex:a a ex:A .")),
    ]
    for work in works:
        with pytest.raises(CannotError, match="without derivations") as error:
            work()
        assert error.value.hint == "close the facts with derivations"
    assert inferred(graph) == ["<a> a <B>", "<b> a <B>"]


def stopping(after: int) -> Callable[[], None]:
    """Return what says that time is up after so many statements."""
    left = iter(range(after))

    def check() -> None:
        if next(left, None) is None:
            raise EngineError("time is up")

    return check


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(start=START, more=st.lists(RICH_FACT, min_size=1, max_size=8, unique=True), stop=st.integers(1, 40))
def test_an_edit_that_fails_changes_nothing(start: list[tuple[str, str]], more: list[str], stop: int) -> None:
    """Time is up at any statement of the edit, and the edit is made again afterwards."""
    state = {q for document, fact in start for q in quads(fact, document)}
    graph = anew(state)
    before = told(graph)
    works: list[Callable[[], int]] = [
        lambda: graph.add(quads("\n".join(more), "urn:new")),
        lambda: graph.retract(NamedNode("urn:d1")),
    ]
    for work in works:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(graph.tables, "check", stopping(stop))
            try:
                work()
            except EngineError:
                pass
            else:
                return
        assert told(graph) == before
    graph.add(quads("\n".join(more), "urn:new"))
    assert told(graph) == told(anew(state | set(quads("\n".join(more), "urn:new"))))
    graph.close()


def test_new_terms_of_an_edit_that_fails_are_forgotten() -> None:
    graph = closed("ex:f a owl:FunctionalProperty , owl:ObjectProperty .", "ex:a ex:f ex:b .")
    with pytest.raises(EngineError, match="the same"):
        graph.add(quads("ex:a ex:f ex:f . ex:new ex:f ex:newer .", "urn:d2"))
    assert graph.answers.known(NamedNode(X + "newer")) is None
    assert graph.add(quads("ex:a ex:f ex:newer . ex:new ex:f ex:a .", "urn:d2")) == 2
    assert inferred(graph) == short(triples("ex:b owl:sameAs ex:newer . ex:newer owl:sameAs ex:b ."))
