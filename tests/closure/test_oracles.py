"""The oracles agree on made-up ontologies of the whole profile, once their known faults are made good.

What is compared here is other people's engines; that the cases are worth it is shown beside.
"""

from __future__ import annotations

import os
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pyoxigraph import Literal

import ontologies
from ontologies import AXIOMS, Case, cases
from oracles import DIFFERENT, ORACLES, SAME
from postholder.graph import TYPE

MANY = int(os.environ.get("POSTHOLDER_CASES", "60"))
"""How many made-up cases are compared; set it to thousands after a change."""
_QUICK = settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))


@_QUICK
@given(case=cases())
def test_the_oracles_agree(case: Case) -> None:
    found = {name: close(case.axioms, case.facts) for name, close in ORACLES.items()}
    assert {"owlrl", "sparq-rdf"} <= set(found)
    clashing = {name: bool(closure.clashes) for name, closure in found.items()}
    assert len(set(clashing.values())) == 1, clashing
    if not any(clashing.values()):
        for (one, mine), (other, theirs) in pairwise(found.items()):
            assert [str(t) for t in mine.inferred] == [str(t) for t in theirs.inferred], (one, other)


@pytest.mark.parametrize("name", ORACLES)
def test_an_oracle_answers_as_the_contract_wants(name: str) -> None:
    case = Case(
        "ex:A rdfs:subClassOf ex:B . ex:p a owl:SymmetricProperty . ex:v a owl:SymmetricProperty .",
        '[] ex:p ex:a . ex:a a ex:A ; ex:v "x" ; ex:p ex:b . ex:a owl:sameAs ex:c .',
    )
    found = ORACLES[name](case.axioms, case.facts)
    assert found.clashes == ()
    assert len(found.inferred) > 6
    assert not set(found.inferred) & set(case.facts)
    assert not [t for t in found.inferred if isinstance(t.subject, Literal) or t.predicate == DIFFERENT]
    assert not [t for t in found.inferred if t.predicate == SAME and t.subject == t.object]
    names = {str(n) for t in found.inferred for n in (t.subject, t.object)}
    assert "_:n0" in names, "an unnamed node has its own name again"
    assert not any("urn:" in n for n in names)


FAULTS = {
    "a key of two properties": (
        "ex:D owl:hasKey ( ex:v ex:w ) .",
        "ex:a a ex:D ; ex:v 1 ; ex:w 1 . ex:b a ex:D ; ex:v 1 ; ex:w 2 . ex:c a ex:D ; ex:v 1 ; ex:w 1 .",
        {"ex:a owl:sameAs ex:c", "ex:c owl:sameAs ex:a"},
        False,
    ),
    "a key with several values": (
        "ex:D owl:hasKey ( ex:v ) .",
        "ex:a a ex:D ; ex:v 1 . ex:b a ex:D ; ex:v 2 , 1 .",
        {"ex:a owl:sameAs ex:b", "ex:b owl:sameAs ex:a", "ex:a ex:v 2"},
        False,
    ),
    "two chains": (
        "ex:p owl:propertyChainAxiom ( ex:q ex:q ) , ( ex:r ex:s ) .",
        "ex:a ex:q ex:b . ex:b ex:q ex:c . ex:c ex:r ex:d . ex:d ex:s ex:a .",
        {"ex:a ex:p ex:c", "ex:c ex:p ex:a"},
        False,
    ),
    "the last of disjoint properties": (
        "[] a owl:AllDisjointProperties ; owl:members ( ex:p ex:q ) .", "ex:a ex:p ex:b ; ex:q ex:b .", set(), True
    ),
    "the last of what differs": (
        "[] a owl:AllDifferent ; owl:distinctMembers ( ex:a ex:b ex:c ) . ex:b owl:sameAs ex:c .", "ex:b ex:p ex:a .",
        set(), True,
    ),
    "different from itself": ("ex:a owl:differentFrom ex:a .", "ex:a ex:p ex:b .", set(), True),
    "two values of two datatypes": ("ex:v a owl:FunctionalProperty .", 'ex:a ex:v 1 , "x" .', set(), True),
    "two texts of one value": ("ex:v a owl:FunctionalProperty .", "ex:a ex:v 1 , 01 .", set(), False),
    "two values where one may be": (
        "ex:A rdfs:subClassOf [ owl:onProperty ex:v ; owl:maxCardinality '1'^^xsd:nonNegativeInteger ] .",
        "ex:a a ex:A ; ex:v 1 , 2 .", set(), True,
    ),
    "no value of its datatype": ("", "ex:a ex:v 'one'^^xsd:integer .", set(), True),
}  # fmt: skip


@pytest.mark.parametrize("name", ORACLES)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_known_fault_is_made_good(name: str, fault: str) -> None:
    axioms, facts, wanted, clashes = FAULTS[fault]
    case = Case(axioms, facts)
    found = ORACLES[name](case.axioms, case.facts)
    assert bool(found.clashes) == clashes
    missing = [w for w in sorted(wanted) if ontologies.triples(f"{w} .")[0] not in found.inferred]
    assert missing == []
    if not clashes:
        assert len([t for t in found.inferred if t.predicate == SAME]) == sum("sameAs" in w for w in wanted)


def test_the_cases_are_worth_comparing() -> None:
    """Each kind of axiom is drawn; from most cases something follows, in many nothing clashes and in many it does."""
    seen: Counter[str] = Counter()

    @seed(7)
    @settings(_QUICK, max_examples=150, database=None, phases=[Phase.generate])
    @given(case=cases())
    def look(case: Case) -> None:
        found = ORACLES["sparq-rdf"](case.axioms, case.facts)
        seen.update({"cases": 1, "clash": bool(found.clashes), "inferred": bool(found.inferred)})
        seen["merged"] += any(t.predicate == SAME for t in found.inferred)
        seen["typed"] += any(t.predicate == TYPE for t in found.inferred)

    look()
    assert seen["cases"] >= 100
    for what, least in {"inferred": 0.5, "clash": 0.2, "merged": 0.05, "typed": 0.2}.items():
        assert seen[what] >= least * seen["cases"], seen
    assert seen["clash"] <= 0.7 * seen["cases"], seen


@pytest.mark.parametrize("kind", AXIOMS)
def test_each_kind_of_axiom_can_be_drawn(kind: str) -> None:
    drawn: list[Case] = []

    @seed(1)
    @settings(max_examples=10, database=None, phases=[Phase.generate])
    @given(text=AXIOMS[kind], data=st.just(None))
    def look(text: str, data: None) -> None:
        assert data is None
        drawn.append(Case(text, ""))

    look()
    assert drawn
    assert all(len(case.axioms) > len(Case("", "").axioms) for case in drawn)


def test_a_case_is_always_the_same() -> None:
    text = "[] a owl:AllDifferent ; owl:members ( ex:a [ ex:p [] ] ) ."
    assert ontologies.triples(text) == ontologies.triples(text)
    assert "owl:AllDifferent" in repr(Case(text, ""))
