"""Every proof of the engine on made-up ontologies is accepted, clashes included, and none that is tampered with."""

from __future__ import annotations

import os
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontologies import cases, triples
from postholder.closure.memory import MemoryEngine
from postholder.closure.program import ALWAYS, COMPILED, NOT_COMPILED
from postholder.closure.proofs import AXIOM, STATED, Proof
from postholder.explanations.checking import tables
from postholder.explanations.checking.check import Checker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyoxigraph import Triple

    from ontologies import Case

MANY = int(os.environ.get("POSTHOLDER_CASES", "150"))
"""How many made-up cases are checked; set it to thousands after a change to a rule or to the checker."""


def as_data(proof: Proof) -> dict[str, Any]:
    steps = []
    for step in proof.steps:
        says = None if step.says is None else [str(t) for t in step.says]
        told: dict[str, Any] = {"says": says, "rule": step.rule, "premises": list(step.premises)}
        if step.rule == STATED:
            told |= {"claims": [], "file": "facts.ttl"}
        elif step.rule == AXIOM:
            told["file"] = "ontology.ttl"
        steps.append(told)
    return {"conclusion": steps[-1]["says"], "holds": "always", "told": "", "proofs": [{"under": [], "steps": steps}]}


def checker(axioms: Sequence[Triple], facts: Sequence[Triple]) -> Checker:
    def said(given: Sequence[Triple], file: str) -> list[list[str]]:
        return [[str(t.subject), str(t.predicate), str(t.object), file] for t in given]

    empty: dict[str, Any] = {"claims": {}, "withdrawn": {}, "questions": {}, "rules": {}, "left_out": {}}
    return Checker({"axioms": said(axioms, "ontology.ttl"), "register": said(facts, "facts.ttl"), **empty})


def proofs(axioms: Sequence[Triple], facts: Sequence[Triple]) -> Iterator[dict[str, Any]]:
    closure, why = MemoryEngine(60).reasons(axioms, facts)
    for triple in closure.inferred:
        proof = why(triple)
        assert proof is not None
        yield as_data(proof)
    for clash in closure.clashes:
        assert clash.proof is not None
        yield as_data(clash.proof)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("[] a owl:AllDifferent ; owl:members ( {things} ) .", "ex:t190 owl:sameAs ex:t198 ."),
        ("[] a owl:AllDisjointClasses ; owl:members ( {things} ) .", "ex:a a ex:t190 , ex:t198 ."),
        ("[] a owl:AllDisjointProperties ; owl:members ( {things} ) .", "ex:a ex:t190 ex:b ; ex:t198 ex:b ."),
        ("ex:A owl:oneOf ( {things} ) . ex:A rdfs:subClassOf owl:Nothing .", "ex:t198 ex:p ex:b ."),
    ],
)
def test_a_proof_of_a_long_list_is_checked_at_once(text: str, facts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The two of a list that a rule speaks of are found, not tried out: two hundred make 19,900 pairs."""
    axioms, given = triples(text.format(things=" ".join(f"ex:t{n}" for n in range(200)))), triples(facts)
    check = checker(axioms, given)
    clash = MemoryEngine(60).close(axioms, given, [])[0].clashes[0]
    assert clash.proof is not None
    proof = as_data(clash.proof)
    assert len(proof["proofs"][0]["steps"]) > 200
    tried = []

    class Counted(tables._Match):
        def __init__(self, *args: Any) -> None:
            tried.append(1)
            super().__init__(*args)

    monkeypatch.setattr(tables, "_Match", Counted)
    assert check.problems(proof) == []
    proof["proofs"][0]["steps"][-1]["rule"] = "prp-adp"
    assert bool(check.problems(proof)) is ("DisjointProperties" not in text)
    assert 0 < len(tried) < 20


@given(case=cases(), place=st.integers(0, 10_000))
@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_proofs_of_made_up_ontologies(case: Case, place: int) -> None:
    check = checker(case.axioms, case.facts)
    found = list(proofs(case.axioms, case.facts))
    assert [(p["conclusion"], check.problems(p), p) for p in found if check.problems(p)] == []
    for proof in found[:20]:
        other = deepcopy(proof)
        steps = other["proofs"][0]["steps"]
        step = steps[place % len(steps)]
        if step["says"] is None:
            step["rule"] = "cax-dw" if step["rule"] != "cax-dw" else "prp-irp"
        else:
            step["says"][place % 3] = "<urn:mutant>"
        assert check.problems(other)


DETAILS = {
    "inverses without a name": (
        """
        ex:p rdfs:subPropertyOf [ owl:inverseOf ex:q ] . [ owl:inverseOf ex:p ] rdfs:domain ex:A .
        ex:r owl:propertyChainAxiom ( [ owl:inverseOf ex:p ] ex:p ) . ex:B owl:hasKey ( [ owl:inverseOf ex:p ] ) .
        ex:s owl:propertyDisjointWith [ owl:inverseOf ex:s ] . ex:p a owl:ObjectProperty .
        """,
        "ex:a ex:p ex:b . ex:c a ex:B . ex:b a ex:B . ex:a ex:p ex:c . ex:a ex:s ex:a .",
    ),
    "datatypes": (
        """
        ex:v a owl:FunctionalProperty ; rdfs:range xsd:byte . ex:w rdfs:range xsd:decimal .
        ex:u rdfs:range xsd:token .
        """,
        """
        ex:a ex:v 1 , "1"^^xsd:short , "300"^^xsd:int , "x"^^xsd:integer . ex:b ex:w "1.0"^^xsd:decimal , "x" .
        ex:b ex:u "a  b" , "a b" ; ex:v true . ex:c ex:v "2023-02-30"^^xsd:date , "1"@en , ex:d .
        """,
    ),
    "values that are equal and not identical": (
        "ex:v a owl:FunctionalProperty .",
        """
        ex:a ex:v "0.0"^^xsd:double , "-0.0"^^xsd:double . ex:b ex:v "2023-02-28"^^xsd:date , "2023-02-28Z"^^xsd:date .
        ex:c ex:v "2023-02-28T10:00:00Z"^^xsd:dateTime , "2023-02-28T11:00:00+01:00"^^xsd:dateTime .
        ex:d ex:v "12023-01-01"^^xsd:date , "-0001-01-01"^^xsd:date . ex:e ex:v "A A =="^^xsd:base64Binary , "aa" .
        ex:f ex:v "24:00:00"^^xsd:time , "00:00:00"^^xsd:time , "00:00:01"^^xsd:time .
        """,
    ),
    "identities": (
        "ex:A owl:sameAs ex:B . ex:p owl:sameAs ex:q . ex:p a owl:ObjectProperty . ex:A a owl:Class .",
        """
        ex:a a ex:A . ex:b a ex:B . ex:a ex:p ex:b . ex:b ex:q ex:c . ex:a owl:sameAs ex:d .
        ex:d owl:differentFrom ex:a . ex:c owl:differentFrom ex:c . ex:c owl:sameAs "x" .
        """,
    ),
    "everything": (
        """
        [ a owl:Restriction ; owl:onProperty ex:p ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf ex:B .
        ex:C owl:intersectionOf ( ex:B owl:Thing ) . ex:D owl:hasKey ( ex:p ) .
        """,
        "ex:a ex:p ex:b . ex:c ex:p ex:b . ex:a a ex:D . ex:c a ex:D , owl:Nothing .",
    ),
}


@pytest.mark.parametrize("name", DETAILS)
def test_proofs_of_details(name: str) -> None:
    axioms, facts = (triples(text) for text in DETAILS[name])
    check = checker(axioms, facts)
    found = list(proofs(axioms, facts))
    assert len(found) > 3
    assert [(p, check.problems(p)) for p in found if check.problems(p)] == []


def test_every_rule_that_concludes_something_about_things_is_transcribed() -> None:
    about_terms = {r for r, why in NOT_COMPILED.items() if why.startswith("concludes")}
    values = {"dt-type2", "dt-eq", "dt-diff", "dt-not-type"}
    assert {*COMPILED, *NOT_COMPILED, *ALWAYS} - about_terms - values == set(tables.RULES)


def test_a_rule_asks_for_each_of_its_premises_in_order() -> None:
    said = ("<urn:q>", "<http://www.w3.org/2002/07/owl#inverseOf>", "<urn:p>"), ("<urn:a>", "<urn:p>", "<urn:b>")
    assert tables.by_table("prp-inv2", said, ("<urn:b>", "<urn:q>", "<urn:a>"))
    assert not tables.by_table("prp-inv2", said[::-1], ("<urn:b>", "<urn:q>", "<urn:a>"))
    assert not tables.by_table("prp-inv2", said[:1], ("<urn:b>", "<urn:q>", "<urn:a>"))
    assert not tables.by_table("prp-inv2", said, ("<urn:a>", "<urn:q>", "<urn:b>"))
    assert not tables.by_table("no-such-rule", said, None)
