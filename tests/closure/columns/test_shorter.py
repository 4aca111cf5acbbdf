"""Proofs are no longer than need be: a step to another name counts, and there are other ways than the one kept."""

from __future__ import annotations

import pytest

from ontologies import triples
from postholder.closure.columns import ClosedGraph, shorter
from postholder.closure.memory import MemoryEngine
from tabled import closed

SHORTER = {
    "names of a property": (
        "ex:p owl:equivalentProperty ex:q . ex:s rdfs:subPropertyOf ex:p . ex:t rdfs:subPropertyOf ex:q .",
        "ex:a ex:s ex:b ; ex:t ex:b .",
        ["ex:a ex:p ex:b .", "ex:a ex:q ex:b ."],
    ),
    "a property and its inverse": (
        "ex:p owl:inverseOf ex:q . ex:s rdfs:subPropertyOf ex:p . ex:t rdfs:subPropertyOf ex:q .",
        "ex:a ex:s ex:b . ex:b ex:t ex:a .",
        ["ex:a ex:p ex:b .", "ex:b ex:q ex:a ."],
    ),
    "names of a class": (
        "ex:A owl:equivalentClass ex:B . ex:C rdfs:subClassOf ex:A . ex:D rdfs:subClassOf ex:B .",
        "ex:a a ex:C , ex:D .",
        ["ex:a a ex:A .", "ex:a a ex:B ."],
    ),
    "names of a thing": (
        "ex:p rdfs:subPropertyOf ex:r . ex:q rdfs:subPropertyOf ex:r .",
        "ex:a owl:sameAs ex:b . ex:a ex:p ex:c . ex:b ex:q ex:c .",
        ["ex:a ex:r ex:c .", "ex:b ex:r ex:c ."],
    ),
    "what makes things one": (
        (
            "ex:r a owl:ObjectProperty , owl:FunctionalProperty ; owl:inverseOf ex:ri ."
            " ex:s a owl:ObjectProperty , owl:FunctionalProperty ."
        ),
        "ex:a ex:ri ex:x . ex:b ex:ri ex:x . ex:y ex:s ex:a , ex:b . ex:a ex:z ex:c .",
        ["ex:a owl:sameAs ex:b .", "ex:b ex:z ex:c ."],
    ),
}


def lengths(graph: ClosedGraph, wanted: list[str]) -> list[int]:
    proofs = [graph.explain(triples(text)[0]) for text in wanted]
    return [p.depth for p in proofs if p is not None]


@pytest.mark.parametrize("name", SHORTER)
def test_the_shortest_proof_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    axioms, facts, wanted = SHORTER[name]
    graph = closed(axioms, facts)
    asked = [triples(text)[0] for text in wanted]
    least = [p.depth for p in MemoryEngine(60).explain(triples(axioms), triples(facts), asked) if p is not None]
    assert lengths(graph, wanted) == least
    monkeypatch.setattr(shorter, "_MOST_ROWS", 0)
    assert sum(lengths(graph, wanted)) > sum(least), "the kept derivations do not do"


@pytest.mark.parametrize("bound", ["_MOST_ROWS", "_MOST_FACTS"])
def test_where_there_is_too_much_to_look_at_a_proof_is_told(bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    axioms, facts, wanted = SHORTER["names of a property"]
    graph = closed(axioms, facts)
    assert lengths(graph, wanted) == [1, 1]
    monkeypatch.setattr(shorter, bound, 1)
    assert sorted(lengths(graph, wanted)) == [1, 2]


def test_a_hub_of_many_makes_no_long_search() -> None:
    """What a thing is follows from each of its thousands of links, all at one depth."""
    axioms = "ex:q owl:inverseOf ex:p . ex:p rdfs:range ex:A ."
    graph = closed(axioms, " ".join(f"ex:hub ex:q ex:n{n} ." for n in range(1500)))
    assert lengths(graph, ["ex:hub a ex:A ."]) == [2]
