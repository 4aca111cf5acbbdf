"""Proofs: steps after their premises, premises in the order of their rule, of least depth, down to what is stated."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from pyoxigraph import NamedNode, Triple

import naive
from naive import SAME
from ontologies import Case, X, cases, triples
from postholder import terms
from postholder.closure.compiler import compile_axioms
from postholder.closure.machine import Machine
from postholder.closure.profile import logical
from postholder.closure.program import Rule
from postholder.closure.proofs import AXIOM, STATED, Proof, Step, statement
from postholder.closure.prover import Prover, goal
from postholder.graph import TYPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postholder.closure.proofs import Statement

MANY = int(os.environ.get("POSTHOLDER_CASES", "60"))
HOUSE = {X: "", terms.OWL: "owl:", terms.RDFS: "rdfs:"}


class Ran:
    """A machine that has run on axioms and facts."""

    def __init__(self, axioms: str, facts: str) -> None:
        self.axioms = logical(triples(axioms))
        program = compile_axioms(self.axioms)
        self.rules = program.rules
        self.facts = list(dict.fromkeys([*triples(facts), *program.individuals]))
        self.machine = machine = Machine(self.rules, lambda: None)
        for t in self.facts:
            subject, value = machine.number(t.subject), machine.number(t.object)
            if t.predicate == TYPE:
                machine.give(machine.of_class(t.object), {subject: STATED})
            else:
                machine.give(machine.of_property(t.predicate), {(subject, value): STATED})
        machine.run()

    def proof(self, text: str) -> Proof:
        """Return the proof of a triple."""
        found = goal(self.machine, triples(text)[0])
        assert found is not None
        return Prover(self.machine).fact(found)

    def clashes(self) -> list[Proof]:
        """Return the proof of each clash."""
        return [Prover(self.machine).clash(rule, key[1]) for key, rule in self.machine.clashes.items()]


def word(term: object) -> str:
    text = term.value if isinstance(term, NamedNode) else str(term)
    for space, short in HOUSE.items():
        text = text.replace(space, short)
    return text


def lines(proof: Proof) -> list[str]:
    """Write a proof down, a step a line, each with the positions of its premises."""
    found = []
    for number, step in enumerate(proof.steps):
        said = "clash" if step.says is None else " ".join("a" if t == TYPE else word(t) for t in step.says)
        premises = f" <- {' '.join(map(str, step.premises))}" if step.premises else ""
        found.append(f"{number} {said} ({step.rule}){premises}")
    return found


KNOWN = {
    "one step": (
        "ex:C rdfs:subClassOf ex:D .", "ex:a a ex:C .", "ex:a a ex:D .",
        ["0 a a C (stated)", "1 C rdfs:subClassOf D (axiom)", "2 a a D (cax-sco) <- 1 0"],
    ),
    "premises in the order of the chain": (
        "ex:p owl:propertyChainAxiom ( ex:q ex:r ) .", "ex:b ex:r ex:c . ex:a ex:q ex:b .", "ex:a ex:p ex:c .",
        [
            "0 a q b (stated)", "1 b r c (stated)", "2 p owl:propertyChainAxiom _:axiom1 (axiom)",
            "3 _:axiom1 first q (axiom)", "4 _:axiom1 rest _:axiom2 (axiom)", "5 _:axiom2 first r (axiom)",
            "6 _:axiom2 rest nil (axiom)", "7 a p c (prp-spo2) <- 2 3 4 5 6 0 1",
        ],
    ),
    "one premise for two patterns": (
        "ex:p a owl:TransitiveProperty .", "ex:a ex:p ex:a .", "ex:a ex:p ex:a .", ["0 a p a (stated)"],
    ),
    "a shared premise is proven once": (
        "ex:C rdfs:subClassOf ex:D , ex:E . ex:F owl:intersectionOf ( ex:D ex:E ) .", "ex:a a ex:C .", "ex:a a ex:F .",
        [
            "0 a a C (stated)", "1 C rdfs:subClassOf D (axiom)", "2 a a D (cax-sco) <- 1 0",
            "3 C rdfs:subClassOf E (axiom)", "4 a a E (cax-sco) <- 3 0", "5 F owl:intersectionOf _:axiom1 (axiom)",
            "6 _:axiom1 first D (axiom)", "7 _:axiom1 rest _:axiom2 (axiom)", "8 _:axiom2 first E (axiom)",
            "9 _:axiom2 rest nil (axiom)", "10 a a F (cls-int1) <- 5 6 7 8 9 2 4",
        ],
    ),
    "the short way": (
        "ex:A rdfs:subClassOf ex:B , ex:D . ex:B rdfs:subClassOf ex:C . ex:C rdfs:subClassOf ex:D .",
        "ex:a a ex:A .", "ex:a a ex:D .",
        ["0 a a A (stated)", "1 A rdfs:subClassOf D (axiom)", "2 a a D (cax-sco) <- 1 0"],
    ),
    "the short way in a circle": (
        "ex:p a owl:TransitiveProperty , owl:SymmetricProperty .", "ex:a ex:p ex:b . ex:b ex:p ex:c .",
        "ex:b ex:p ex:a .",
        ["0 a p b (stated)", "1 p a owl:SymmetricProperty (axiom)", "2 b p a (prp-symp) <- 1 0"],
    ),
    "without a body": (
        "ex:C owl:oneOf ( ex:a ) .", "ex:b ex:p ex:c .", "ex:a a ex:C .",
        [
            "0 C owl:oneOf _:axiom1 (axiom)", "1 _:axiom1 first a (axiom)", "2 _:axiom1 rest nil (axiom)",
            "3 a a C (cls-oo) <- 0 1 2",
        ],
    ),
    "another name of the subject": (
        "", "ex:a owl:sameAs ex:b ; ex:p ex:c .", "ex:b ex:p ex:c .",
        ["0 a owl:sameAs b (stated)", "1 a p c (stated)", "2 b p c (eq-rep-s) <- 0 1"],
    ),
    "another name of the value": (
        "", "ex:a owl:sameAs ex:b . ex:c ex:p ex:a .", "ex:c ex:p ex:b .",
        ["0 a owl:sameAs b (stated)", "1 c p a (stated)", "2 c p b (eq-rep-o) <- 0 1"],
    ),
    "another name of a member": (
        "", "ex:b owl:sameAs ex:a . ex:a a ex:C .", "ex:b a ex:C .",
        [
            "0 b owl:sameAs a (stated)", "1 a owl:sameAs b (eq-sym) <- 0", "2 a a C (stated)",
            "3 b a C (eq-rep-s) <- 1 2",
        ],
    ),
    "names of names": (
        "", "ex:a owl:sameAs ex:b . ex:b owl:sameAs ex:c .", "ex:a owl:sameAs ex:c .",
        ["0 a owl:sameAs b (stated)", "1 b owl:sameAs c (stated)", "2 a owl:sameAs c (eq-trans) <- 0 1"],
    ),
    "a key": (
        "ex:C owl:hasKey ( ex:p ) .", "ex:a a ex:C ; ex:p ex:k . ex:b a ex:C ; ex:p ex:k .", "ex:a owl:sameAs ex:b .",
        [
            "0 a p k (stated)", "1 b p k (stated)", "2 a a C (stated)", "3 b a C (stated)",
            "4 C owl:hasKey _:axiom1 (axiom)", "5 _:axiom1 first p (axiom)", "6 _:axiom1 rest nil (axiom)",
            "7 a owl:sameAs b (prp-key) <- 4 5 6 0 1 2 3",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", KNOWN.values(), ids=KNOWN)
def test_a_known_proof(case: tuple[str, str, str, list[str]]) -> None:
    axioms, facts, wanted, steps = case
    found = Ran(axioms, facts).proof(wanted)
    assert [line.replace(terms.RDF, "") for line in lines(found)] == steps
    assert found.conclusion == statement(triples(wanted)[0])
    assert found.stated == tuple(s.says for s in found.steps if s.rule == "stated")


CLASHES = {
    "disjoint": (
        "ex:C owl:disjointWith ex:D . ex:p rdfs:range ex:D .", "ex:b ex:p ex:a . ex:a a ex:C .",
        [
            "0 a a C (stated)", "1 b p a (stated)", "2 p rdfs:range D (axiom)", "3 a a D (prp-rng) <- 2 1",
            "4 C owl:disjointWith D (axiom)", "5 clash (cax-dw) <- 4 0 3",
        ],
    ),
    "of nothing": (
        "ex:C rdfs:subClassOf owl:Nothing .", "ex:a a ex:C .",
        [
            "0 a a C (stated)", "1 C rdfs:subClassOf owl:Nothing (axiom)", "2 a a owl:Nothing (cax-sco) <- 1 0",
            "3 clash (cls-nothing2) <- 2",
        ],
    ),
    "both ways by one fact": (
        "ex:p a owl:AsymmetricProperty .", "ex:a ex:p ex:a .",
        ["0 a p a (stated)", "1 p a owl:AsymmetricProperty (axiom)", "2 clash (prp-asyp) <- 1 0 0"],
    ),
    "different from itself": (
        "", "ex:a owl:differentFrom ex:a .",
        ["0 a owl:sameAs a (eq-ref)", "1 a owl:differentFrom a (stated)", "2 clash (eq-diff1) <- 0 1"],
    ),
    "all different, and one twice": (
        "[] a owl:AllDifferent ; owl:distinctMembers ( ex:a ex:a ) .", "ex:b ex:p ex:c .",
        [
            "0 a owl:sameAs a (eq-ref)", "1 _:axiom2 a owl:AllDifferent (axiom)",
            "2 _:axiom2 owl:distinctMembers _:axiom3 (axiom)", "3 _:axiom3 first a (axiom)",
            "4 _:axiom3 rest _:axiom1 (axiom)", "5 _:axiom1 first a (axiom)", "6 _:axiom1 rest nil (axiom)",
            "7 clash (eq-diff3) <- 1 2 3 4 5 6 0",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CLASHES.values(), ids=CLASHES)
def test_the_proof_of_a_clash(case: tuple[str, str, list[str]]) -> None:
    axioms, facts, steps = case
    [found] = Ran(axioms, facts).clashes()
    assert [line.replace(terms.RDF, "") for line in lines(found)] == steps
    assert found.conclusion is None


def test_the_proof_that_two_values_would_be_one() -> None:
    proofs = Ran("ex:v a owl:FunctionalProperty .", "ex:a ex:v 1 , ex:b .").clashes()
    one, two = triples("ex:a ex:v 1 , ex:b .")
    assert sorted(str(p.stated) for p in proofs) == sorted(
        str((statement(first), statement(second))) for first, second in ((one, two), (two, one))
    )
    assert {p.steps[-1].rule for p in proofs} == {"prp-fp"}
    assert [len(p.steps) for p in proofs] == [4, 4]


def test_a_clash_in_one_fact() -> None:
    fact = triples("ex:a ex:p 'one' .")[0]
    proof = Prover(Machine((), lambda: None)).wrong("dt-not-type", fact, STATED)
    assert proof.steps == (Step(statement(fact), STATED), Step(None, "dt-not-type", (0,)))
    assert proof.stated == (statement(fact),)


@pytest.mark.parametrize(
    "text",
    ["ex:a a ex:D .", "ex:a a ex:Unheard .", "ex:a ex:unheard ex:b .", "ex:b ex:p ex:a .", "ex:new a ex:C .",
     "ex:a owl:sameAs ex:a .", "ex:a ex:p 1 ."],
)  # fmt: skip
def test_what_does_not_hold_has_no_row(text: str) -> None:
    ran = Ran("ex:C rdfs:subClassOf ex:E . ex:D rdfs:subClassOf ex:E .", "ex:a a ex:C ; ex:p ex:b .")
    assert goal(ran.machine, triples(text)[0]) is None
    assert goal(ran.machine, triples("ex:a a ex:E .")[0]) is not None


def test_a_deep_proof_is_written_down() -> None:
    size = 3000
    axioms = " ".join(f"ex:C{n} rdfs:subClassOf ex:C{n + 1} ." for n in range(size))
    proof = Ran(axioms, "ex:a a ex:C0 .").proof(f"ex:a a ex:C{size} .")
    assert len(proof.steps) == 2 * size + 1


# Any proof, checked step by step against the rules, and its depth against trying all.


def wrong(proof: Proof, rules: list[Rule], given_: set[Triple], axioms: set[Triple]) -> list[str]:
    """Return what is wrong with a proof: each step must be given, or an instance of its rule on its premises."""
    found = []
    for place, step in enumerate(proof.steps):
        said = [proof.steps[n].says for n in step.premises]
        if any(n >= place for n in step.premises):
            found.append(f"{place} rests on what comes later")
        elif step.rule == STATED:
            fits = step.says is not None and Triple(*step.says) in given_  # type: ignore[arg-type] # no literal
            found += [] if fits and not said else [f"{place} is not stated"]
        elif step.rule == AXIOM:
            fits = step.says is not None and Triple(*step.says) in axioms  # type: ignore[arg-type]
            found += [] if fits and not said else [f"{place} is no axiom"]
        elif step.rule == "eq-ref":
            fits = step.says is not None and step.says[1] == SAME and step.says[0] == step.says[2]
            found += [] if fits and not said else [f"{place} is not itself"]
        elif not any(_is_instance(step, said, r) for r in rules if r.name == step.rule):
            found.append(f"{place} is no instance of {step.rule}")
    twice = {s.says for s in proof.steps}
    return found if len(twice) == len(proof.steps) else [*found, "a step is told twice"]


def _is_instance(step: Step, said: Sequence[Statement | None], rule: Rule) -> bool:
    axioms = [statement(t) for t in rule.axioms]
    rest = [Triple(*s) for s in said[len(axioms) :]]  # type: ignore[misc] # a clash is no premise
    if list(said[: len(axioms)]) != axioms or len(rest) != len(rule.body) or (rule.head is None) != (step.says is None):
        return False
    told: dict[str, object] = {}
    patterns = [*rule.body, *([rule.head] if rule.head else [])]
    for pattern, triple in zip(patterns, [*rest, *([Triple(*step.says)] if step.says else [])], strict=True):  # type: ignore[arg-type]
        if pattern.predicate != triple.predicate:
            return False
        for part, term in ((pattern.subject, triple.subject), (pattern.object, triple.object)):
            if (told.setdefault(part, term) if isinstance(part, str) else part) != term:
                return False
    return True


def depth(proof: Proof) -> int:
    """Return the length of the longest path from the conclusion to what is given; axioms of a rule do not count."""
    depths: list[int] = []
    for step in proof.steps:
        body = [depths[n] for n in step.premises if proof.steps[n].rule != AXIOM]
        depths.append(0 if step.rule in {STATED, AXIOM, "eq-ref"} else 1 + max(body, default=0))
    return depths[-1]


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=cases(axioms=7, least=4, most=9))
def test_every_proof_is_right_and_of_least_depth(case: Case) -> None:
    facts = "\n".join(line for line in case.fact_text.split("\n") if " ex:v " not in line and " ex:w " not in line)
    ran = Ran(f"{case.axiom_text}\nex:p a owl:SymmetricProperty .", facts)
    every = [*ran.rules, *naive.replacing(ran.facts, ran.rules)]
    found = naive.rounds(every, ran.facts)
    assert found
    for triple, round_ in found.items():
        row = goal(ran.machine, triple)
        assert row is not None
        proof = Prover(ran.machine).fact(row)
        assert wrong(proof, every, set(ran.facts), set(ran.axioms)) == []
        assert proof.conclusion == statement(triple)
        assert depth(proof) == proof.depth == round_
    every.append(Rule("eq-diff1", every[-1].body))  # what differs from itself has eq-ref, which trying all leaves out
    for proof in ran.clashes():
        assert [w for w in wrong(proof, every, set(ran.facts), set(ran.axioms)) if "eq-diff1" not in w] == []


def test_a_wrong_proof_is_found() -> None:
    """The check above does find what it is for."""
    ran = Ran("ex:C rdfs:subClassOf ex:D .", "ex:a a ex:C .")
    right = ran.proof("ex:a a ex:D .")
    rules, facts, axioms = list(ran.rules), set(ran.facts), set(ran.axioms)
    assert wrong(right, rules, facts, axioms) == []
    stated, axiom, last = right.steps
    for steps in (
        (axiom, stated, Step(last.says, last.rule, (1, 0))),
        (stated, axiom, Step(stated.says, last.rule, (1, 0))),
        (stated, Step(last.says, last.rule, (0,))),
        (Step(last.says, STATED),),
        (Step(last.says, AXIOM),),
        (Step(last.says, "eq-ref"),),
        (stated, stated),
        (Step(last.says, last.rule, (1, 2)), axiom, stated),
        (stated, axiom, Step(None, last.rule, (1, 0))),
    ):
        assert wrong(Proof(steps), rules, facts, axioms) != []
