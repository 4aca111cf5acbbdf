"""Names of one thing: united, taken apart, and refused where they name classes or properties."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode

from ontologies import X, triples
from postholder.closure.memory import MemoryEngine
from postholder.errors import EngineError
from tabled import closed, inferred, quads, short

FUNCTIONAL = "ex:f a owl:FunctionalProperty , owl:ObjectProperty ."


def test_groups_have_one_standing_name_and_edges_that_span_them() -> None:
    graph = closed(FUNCTIONAL, "ex:a ex:f ex:b , ex:c , ex:d . ex:e owl:sameAs ex:b . ex:x owl:sameAs ex:y .")
    number = {n: graph.tables.id(NamedNode(X + n)) for n in "abcdexy"}
    groups = sorted(sorted(names) for names in graph.identities.members.values())
    assert groups == sorted([sorted(number[n] for n in "bcde"), sorted(number[n] for n in "xy")])
    assert {graph.identities.kept(number[n]) for n in "bcde"} == {min(number[n] for n in "bcde")}
    assert graph.identities.kept(number["a"]) == number["a"]
    assert len(graph.identities.edges) == 3 + 1, "as many as names less one in each group"
    assert sorted(graph.identities.edges.values()).count(0) == 2, "those that are stated"


def test_every_name_has_every_fact() -> None:
    graph = closed(FUNCTIONAL, "ex:a ex:f ex:b , ex:c . ex:b ex:p ex:z . ex:c a ex:C . ex:z ex:q ex:c .")
    assert inferred(graph) == short(
        triples("ex:b owl:sameAs ex:c ; a ex:C . ex:c owl:sameAs ex:b ; ex:p ex:z . ex:z ex:q ex:b .")
    )


def test_identities_that_bring_identities_are_found_to_the_end() -> None:
    """Each name that is united lets a functional property unite two more."""
    facts = "".join(f"ex:a{n} ex:f ex:a{n + 1} . ex:b{n} ex:f ex:b{n + 1} . " for n in range(8))
    graph = closed(FUNCTIONAL, f"ex:a0 owl:sameAs ex:b0 . {facts}")
    assert [len(names) for names in graph.identities.members.values()] == [2] * 9


def test_a_value_is_no_name() -> None:
    graph = closed("ex:v a owl:FunctionalProperty .", 'ex:a ex:v 1 , 01 , ex:b . ex:b owl:sameAs "x" .')
    assert graph.identities.members == {}
    assert [c.rule for c in graph.clashes()] == ["prp-fp", "prp-fp", "dt-diff"]


LATE = {
    "a class of rules": ("ex:A rdfs:subClassOf ex:B .", "ex:a a ex:A .", "ex:A owl:sameAs ex:Q ."),
    "a property of rules": ("ex:p a owl:TransitiveProperty .", "ex:a ex:q ex:b .", "ex:q owl:sameAs ex:p ."),
    "a property of facts": ("ex:A rdfs:subClassOf ex:B .", "ex:a ex:p ex:b .", "ex:p owl:sameAs ex:q ."),
    "a property found to be a thing": (FUNCTIONAL, "ex:a ex:p ex:b .", "ex:x ex:f ex:p , ex:y ."),
    "a class found by a key": (
        "ex:K owl:hasKey ( ex:v ) . ex:A rdfs:subClassOf ex:K .", "ex:a a ex:A ; ex:v 1 .", "ex:A a ex:K ; ex:v 1 ."
    ),
    "a property of OWL": ("ex:A rdfs:subClassOf ex:B .", "ex:a a ex:A .", "ex:q owl:sameAs owl:sameAs ."),
}  # fmt: skip


@pytest.mark.parametrize("name", LATE)
def test_identities_of_classes_and_properties_that_come_late_are_refused(name: str) -> None:
    axioms, facts, late = LATE[name]
    with pytest.raises(EngineError) as wanted:
        MemoryEngine(60).close(triples(axioms), triples(facts + late), [])
    with pytest.raises(EngineError, match="is found to be the same as") as told:
        closed(axioms, facts + late)
    assert told.value.hint == wanted.value.hint
    graph = closed(axioms, facts)
    before = inferred(graph)
    with pytest.raises(EngineError, match="is found to be the same as"):
        graph.add(quads(late, "urn:d2"))
    assert (inferred(graph), graph.identities.members) == (before, {}), "nothing of it was taken in"


def test_a_property_that_comes_after_its_identity_is_refused() -> None:
    graph = closed("ex:A rdfs:subClassOf ex:B .", "ex:p owl:sameAs ex:q .")
    assert len(inferred(graph)) == 1
    with pytest.raises(EngineError, match=r"/p is found to be the same as .*/q, and .*/q as a class or property"):
        graph.add(quads("ex:a ex:q ex:b .", "urn:d2"))
    assert graph.add(quads("ex:a ex:r ex:q .", "urn:d2")) == 1


def test_identities_among_the_axioms_are_rules() -> None:
    axioms = "ex:p a owl:ObjectProperty ; owl:sameAs ex:q . ex:A rdfs:subClassOf ex:B ; owl:sameAs ex:Z ."
    graph = closed(axioms, "ex:a ex:q ex:b ; a ex:Z . ex:q ex:p ex:c .")
    facts = triples("ex:a ex:q ex:b ; a ex:Z . ex:q ex:p ex:c .")
    (wanted,) = MemoryEngine(60).close(triples(axioms), facts, [])
    assert set(triples("ex:a ex:p ex:b ; a ex:A , ex:B . ex:q ex:q ex:c . ")) <= set(wanted.inferred)
    assert set(wanted.inferred) <= set(graph.triples())


@pytest.mark.parametrize("facts", ["ex:x a ex:Z . ex:Z owl:sameAs ex:Y .", "ex:x a ex:Y . ex:Z owl:sameAs ex:Y ."])
def test_a_class_that_no_rule_reads_may_have_two_names(facts: str) -> None:
    graph = closed("ex:A rdfs:subClassOf ex:B .", facts)
    assert [str(t) for t in graph.triples() if "type" in str(t.predicate)] == [
        f"<{X}x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{X}{n}>" for n in "YZ"
    ]


def test_many_that_share_a_value_are_gathered_not_paired() -> None:
    facts = "".join(f"ex:n{n} a ex:K ; ex:v 1 . " for n in range(3000))
    graph = closed("ex:K owl:hasKey ( ex:v ) .", facts)
    ((size, standing),) = [(len(names), kept) for kept, names in graph.identities.members.items()]
    assert size == 3000
    assert len(graph.identities.edges) == 2999
    assert graph.tables.count("select count(*) from rep") == 2999
    assert standing == min(graph.tables.id(NamedNode(f"{X}n{n}")) for n in range(3000))
