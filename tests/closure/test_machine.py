"""The machine: it finds what trying all finds, in as few rounds; it takes an addition out; its limits hold."""

from __future__ import annotations

import os
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

import naive
from naive import DIFFERENT, SAME
from ontologies import X, cases, triples
from postholder.closure.compiler import compile_axioms
from postholder.closure.machine import Machine
from postholder.closure.profile import logical
from postholder.closure.program import Pattern, Rule
from postholder.closure.relations import Relation
from postholder.errors import EngineError
from postholder.graph import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ontologies import Case

MANY = int(os.environ.get("POSTHOLDER_CASES", "60"))
_QUICK = settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))


def at_ease() -> None:
    """Look at no clock."""


def machine(rules: str | Iterable[Rule]) -> Machine:
    """Return a machine for axioms or for rules."""
    return Machine(compile_axioms(logical(triples(rules))).rules if isinstance(rules, str) else rules, at_ease)


def load(made: Machine, facts: Iterable[Triple]) -> Machine:
    """Hand over facts and run."""
    for t in facts:
        subject, value = made.number(t.subject), made.number(t.object)
        if t.predicate == TYPE:
            made.give(made.of_class(t.object), {subject: "stated"})
        else:
            made.give(made.of_property(t.predicate), {(subject, value): "stated"})
    made.run()
    return made


def held(made: Machine) -> dict[Triple, int]:
    """Return all that holds, with the length of the longest path to what is stated."""
    depths: dict[Triple, int] = {}

    def says(relation: Relation, row: Any) -> Triple:
        ends = row if isinstance(row, tuple) else (row,)
        one, *other = (made.terms[n] for n in ends)
        return Triple(one, relation.term, other[0]) if other else Triple(one, TYPE, relation.term)  # type: ignore[arg-type]

    for relation, rows in made.log:
        for row, reason in rows.items():
            triple = says(relation, row)
            depths[triple] = 0
            if not isinstance(reason, str):
                rule, middle = reason
                assert rule.head is not None
                ends = (triple.subject, triple.object)
                told = dict(zip((rule.head.subject, rule.head.object), ends, strict=True))
                told |= {v: made.terms[n] for v, n in zip(rule.middle, middle, strict=True)}
                values = {k: v for k, v in told.items() if isinstance(k, str)}
                body = [naive.instance(p, values) for p in rule.body]
                depths[triple] = 1 + max((depths[t] for t in body), default=0)
    return depths


def found(made: Machine) -> set[tuple[str, tuple[Any, ...]]]:
    """Return the clashes in terms."""
    return {(rule.name, tuple(made.terms[n] for n in key[1])) for key, rule in made.clashes.items()}


# What is found: known answers by trying all.

THINGS = [NamedNode(X + n) for n in "abc"]
PROPERTIES = [NamedNode(X + n) for n in "pq"]
CLASSES = [NamedNode(X + n) for n in "CD"]
PART = st.sampled_from(["x", "y", "z", *THINGS[:2]])
PATTERN = st.one_of(
    st.builds(Pattern, PART, st.sampled_from(PROPERTIES), PART),
    st.builds(Pattern, PART, st.just(TYPE), st.sampled_from(CLASSES)),
)


@st.composite
def rule(draw: st.DrawFn) -> Rule:
    """Draw a rule of any shape: constants and repeated variables anywhere, patterns that share nothing."""
    body = tuple(draw(st.lists(PATTERN, min_size=1, max_size=3)))
    known = dict.fromkeys(v for p in body for v in p.variables)
    end = st.sampled_from([*known, THINGS[0]])
    links = st.builds(Pattern, end, st.sampled_from(PROPERTIES), end)
    heads = st.one_of(links, links, st.builds(Pattern, end, st.just(TYPE), st.sampled_from(CLASSES)), st.none())
    return Rule("made-up", body, draw(heads))


FACT = st.one_of(
    st.builds(Triple, st.sampled_from(THINGS), st.sampled_from(PROPERTIES), st.sampled_from(THINGS)),
    st.builds(Triple, st.sampled_from(THINGS), st.just(TYPE), st.sampled_from(CLASSES)),
)


@_QUICK
@given(rules=st.lists(rule(), min_size=1, max_size=3), facts=st.lists(FACT, max_size=6, unique=True))
def test_rules_of_any_shape_find_what_trying_all_finds(rules: list[Rule], facts: list[Triple]) -> None:
    made = load(machine(rules), facts)
    assert set(held(made)) == set(naive.rounds(rules, facts))
    assert found(made) == naive.clashes(rules, held(made))


A, P, Q, C = THINGS[0], *PROPERTIES, CLASSES[0]
SHAPES = {
    "pairs that share nothing": ((Pattern("x", P, "y"), Pattern("z", Q, "w")), Pattern("z", P, "w")),
    "a pair and a thing to itself": ((Pattern("x", P, "y"), Pattern("z", Q, "z")), Pattern("x", Q, "z")),
    "a pair and a member": ((Pattern("x", P, "y"), Pattern("z", TYPE, C)), Pattern("y", Q, "z")),
    "a thing to itself": ((Pattern("x", P, "x"),), Pattern("x", TYPE, C)),
    "from a constant": ((Pattern(A, P, "x"), Pattern("x", Q, "y")), Pattern("y", TYPE, C)),
    "to a constant": ((Pattern("x", P, A), Pattern("y", Q, "x")), Pattern("y", TYPE, C)),
    "of constants": ((Pattern(A, P, A), Pattern("x", Q, "y")), Pattern("x", P, "y")),
    "a constant as a member": ((Pattern(A, TYPE, C), Pattern("x", Q, "y")), Pattern(A, P, "x")),
    "both ways": ((Pattern("x", P, "y"), Pattern("y", P, "x")), Pattern("x", Q, "y")),
    "one pattern twice": ((Pattern("x", P, "y"), Pattern("x", P, "y")), Pattern("y", Q, "x")),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_each_shape_of_a_rule(shape: tuple[tuple[Pattern, ...], Pattern]) -> None:
    every = [Triple(a, p, b) for a in THINGS for b in THINGS for p in PROPERTIES]
    every += [Triple(a, TYPE, c) for a in THINGS for c in CLASSES]
    new = 0
    for seed in range(20):
        facts = Random(seed).sample(every, 7)  # noqa: S311 - no secret
        for head in (shape[1], None):
            rules = [Rule("of-a-shape", shape[0], head)]
            made = load(machine(rules), facts)
            expected = naive.rounds(rules, facts)
            assert held(made) == expected
            assert found(made) == naive.clashes(rules, facts)
            new += len(expected) - len(facts) + len(made.clashes)
    assert new > 5


@_QUICK
@given(case=cases(axioms=6, least=3, most=8))
def test_axioms_and_identities_find_what_trying_all_finds_and_as_early(case: Case) -> None:
    program = compile_axioms(logical(case.axioms))
    rules, facts = program.rules, [t for t in case.facts if not isinstance(t.object, Literal)]
    facts = list(dict.fromkeys([*facts, *program.individuals]))
    every = [*rules, *naive.replacing(facts, rules)]
    made = load(machine(rules), facts)
    depths = naive.rounds(every, facts)
    assert held(made) == depths
    of_values = {r.name for r in rules if r.head is not None}
    assert {c for c in found(made) if c[0] not in of_values} == naive.clashes(every, depths)


@pytest.mark.parametrize("seed", range(5))
def test_long_chains_find_what_trying_all_finds(seed: int) -> None:
    """Among few things, so that many ways lead to one pair."""
    draw = Random(seed)  # noqa: S311 - no secret
    pairs = [(a, b) for a in "abcd" for b in "abcd"]
    facts = triples(" ".join(f"ex:{a} ex:{p} ex:{b} ." for p in "qr" for a, b in draw.sample(pairs, 5)))
    chains = "ex:p owl:propertyChainAxiom ( ex:q ex:r ex:q ex:r ) . ex:s owl:propertyChainAxiom ( ex:r ex:q ex:q ) ."
    rules = compile_axioms(logical(triples(chains))).rules
    found_ = held(load(machine(rules), facts))
    assert found_ == naive.rounds(rules, facts)
    assert len(found_) > len(facts) + 5


def test_another_name_counts_for_what_comes_up_later() -> None:
    made = load(machine(""), triples("ex:a owl:sameAs ex:b ."))
    load(made, triples("ex:a ex:new ex:c . ex:d ex:new ex:a . ex:a a ex:New ."))
    assert set(triples("ex:b ex:new ex:c . ex:d ex:new ex:b . ex:b a ex:New .")) <= set(held(made))


def test_what_is_found_early_keeps_its_short_reason() -> None:
    """Three steps lead to D, and one does; the one is kept, whatever comes first."""
    long = "ex:A rdfs:subClassOf ex:B . ex:B rdfs:subClassOf ex:C . ex:C rdfs:subClassOf ex:D ."
    for axioms in (f"{long} ex:A rdfs:subClassOf ex:D .", f"ex:A rdfs:subClassOf ex:D . {long}"):
        depths = held(load(machine(axioms), triples("ex:a a ex:A .")))
        assert sorted(depths.values()) == [0, 1, 1, 2]
        assert depths[triples("ex:a a ex:D .")[0]] == 1


def test_a_rule_without_a_body_holds_at_once() -> None:
    made = load(machine("ex:C owl:oneOf ( ex:a ex:b ) . ex:C rdfs:subClassOf ex:D ."), [])
    assert set(held(made)) == set(triples("ex:a a ex:C , ex:D . ex:b a ex:C , ex:D ."))


def test_what_differs_from_itself_clashes() -> None:
    made = load(machine(""), triples("ex:a owl:differentFrom ex:a ."))
    assert found(made) == {("eq-diff1", (THINGS[0],))}
    made = load(machine("[] a owl:AllDifferent ; owl:members ( ex:a ex:a ) ."), [])
    assert found(made) == {("eq-diff2", ())}


def test_values_are_compared_and_never_made_the_same() -> None:
    made = load(machine("ex:p a owl:FunctionalProperty ."), triples("ex:a ex:p 1 , 01 , 2 . ex:b ex:p 1 , ex:a ."))
    assert not made.same.rows
    clashing = {frozenset(map(str, values[1:])) for _, values in found(made)}
    number = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    one, other, two = f'"1"{number}', f'"01"{number}', f'"2"{number}'
    assert clashing == {frozenset({one, two}), frozenset({other, two}), frozenset({one, f"<{X}a>"})}


def test_what_is_known_already_keeps_its_reason() -> None:
    made = load(machine(""), triples("ex:a ex:p ex:b ."))
    relation = made.of_property(PROPERTIES[0])
    assert relation.rows == {(0, 1): "stated"}
    made.give(relation, {(0, 1): "again"})
    made.run()
    assert relation.rows == {(0, 1): "stated"}


def test_what_is_given_as_well_counts_as_given() -> None:
    made = load(machine("ex:C owl:oneOf ( ex:a ex:b ) ."), triples("ex:a a ex:C ."))
    assert held(made) == dict(zip(triples("ex:a a ex:C . ex:b a ex:C ."), (0, 1), strict=True))


# An addition is taken out without a trace.


def picture(made: Machine) -> str:
    """Write down all that a machine holds, in order, but for relations that are empty; its indexes fit its rows."""
    relations = [*made.classes.values(), *made.properties.values()]
    for relation in relations:
        for index, (key, value) in ((relation.forward, (0, 1)), (relation.backward, (1, 0))):
            fitting: dict[int, list[int]] = {}
            for pair in relation.rows if index is not None else ():
                assert isinstance(pair, tuple)
                fitting.setdefault(pair[key], []).append(pair[value])
            assert index in (None, fitting)
    parts = [(r.term, list(r.rows.items()), list(r.fresh.items())) for r in relations if r.rows or r.fresh]
    log = [(r.term, list(rows.items())) for r, rows in made.log]
    return "\n".join(map(str, [*parts, log, list(made.clashes.items()), made.terms, made.numbers]))


RICH = """ex:C rdfs:subClassOf ex:D . ex:p a owl:TransitiveProperty ; rdfs:domain ex:C . ex:q a owl:FunctionalProperty .
ex:r owl:propertyChainAxiom ( ex:p ex:q ) . ex:D owl:disjointWith ex:E . ex:r a owl:AsymmetricProperty .
ex:E owl:hasKey ( ex:s ) ."""
BASE = "ex:a ex:p ex:b . ex:b ex:q ex:c . ex:d a ex:E ; ex:s ex:k . ex:z a ex:D , ex:E ."


@pytest.mark.parametrize(
    "addition",
    [
        "ex:b ex:p ex:new . ex:new ex:p ex:a .",
        "ex:b ex:q ex:d , ex:new .",
        "ex:a owl:sameAs ex:d .",
        "ex:a a ex:E .",
        "ex:new a ex:E ; ex:s ex:k .",
        "ex:a ex:unheard ex:of . ex:a a ex:Unheard .",
        "ex:a ex:p ex:b .",
        "ex:b ex:q 1 , 2 .",
    ],
)
def test_an_addition_is_taken_out_without_a_trace(addition: str) -> None:
    made = load(machine(RICH), triples(BASE))
    before, mark = picture(made), made.mark()
    again = []
    for _ in range(2):
        load(made, triples(addition))
        again.append(picture(made))
        made.undo(mark)
        assert picture(made) == before
    assert again[0] == again[1]
    assert again[0] != before


@_QUICK
@given(case=cases(axioms=8, least=6, most=20), split=st.integers(0, 20), third=st.integers(0, 5))
def test_what_was_added_is_gone_before_the_next(case: Case, split: int, third: int) -> None:
    program = compile_axioms(logical(case.axioms))
    rules = program.rules
    cut = max(0, split - third)
    base, second, first = [*program.individuals, *case.facts[:cut]], case.facts[cut:split], case.facts[split:]
    made = load(machine(rules), base)
    before, mark = picture(made), made.mark()
    load(made, first)
    made.undo(mark)
    assert picture(made) == before
    load(made, second)
    fresh = load(load(machine(rules), base), second)
    assert held(made).keys() == held(fresh).keys()
    assert found(made) == found(fresh)


def test_indexes_follow_the_rows() -> None:
    pairs = Relation(PROPERTIES[0], is_class=False)
    pairs.fresh = {(1, 2): "stated", (1, 3): "stated"}
    pairs.merge()
    assert pairs.values() == {1: [2, 3]}
    assert pairs.subjects() == {2: [1], 3: [1]}
    pairs.fresh = {(4, 2): "stated", (1, 5): "stated"}
    new = pairs.merge()
    assert pairs.values() == {1: [2, 3, 5], 4: [2]}
    assert pairs.subjects() == {2: [1, 4], 3: [1], 5: [1]}
    pairs.remove(new)
    assert pairs.values() == {1: [2, 3]}
    assert pairs.subjects() == {2: [1], 3: [1]}
    assert list(pairs.rows) == [(1, 2), (1, 3)]


# The clock and the limits.


class Clock:
    """Stop after so many looks."""

    def __init__(self, looks: int) -> None:
        self.left = looks
        self.seen = 0

    def __call__(self) -> None:
        """Look."""
        self.seen += 1
        self.left -= 1
        if self.left < 0:
            raise EngineError("it is late")


def star(size: int) -> list[Triple]:
    """Return things that all lead to one, which leads to as many."""
    hub = NamedNode(X + "hub")
    ends = [(NamedNode(f"{X}i{n}"), NamedNode(f"{X}o{n}")) for n in range(size)]
    return [t for one, other in ends for t in (Triple(one, PROPERTIES[1], hub), Triple(hub, PROPERTIES[1], other))]


STAR = {
    "pairs that are found": "ex:p owl:propertyChainAxiom ( ex:q ex:q ) .",
    "pairs that lead to nothing": "ex:p owl:propertyChainAxiom ( ex:q ex:q ex:r ) .",
    "pairs that are thinned out": "ex:p owl:propertyChainAxiom ( ex:q ex:q ex:q ex:r ) .",
}


@pytest.mark.parametrize("axioms", STAR.values(), ids=STAR)
def test_the_clock_is_looked_at_while_pairs_are_made(axioms: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look at least for every hundred of 10,000 pairs, and the closure ends where the clock says so."""
    monkeypatch.setattr("postholder.closure.joins.BATCH", 50)
    monkeypatch.setattr("postholder.closure.joins._THINNED", 100)
    facts = [*star(100), *triples("ex:z ex:r ex:z .")]
    rules = compile_axioms(logical(triples(axioms))).rules
    counting = Clock(1_000_000)
    load(Machine(rules, counting), facts)
    assert counting.seen > 100
    stopping = Clock(counting.seen // 2)
    with pytest.raises(EngineError, match="it is late"):
        load(Machine(rules, stopping), facts)


def test_the_clock_is_looked_at_while_ways_are_thinned_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three layers of 20 things, each tied to all of the next: 8,000 ways and more make 400 pairs."""
    monkeypatch.setattr("postholder.closure.joins.BATCH", 1_000_000)
    monkeypatch.setattr("postholder.closure.joins._THINNED", 50)
    layers = [[NamedNode(f"{X}{name}{n}") for n in range(20)] for name in "abc"]
    facts = [Triple(a, PROPERTIES[1], b) for one, other in pairwise(layers) for a in one for b in other]
    rules = compile_axioms(logical(triples("ex:p owl:propertyChainAxiom ( ex:q ex:q ex:r ) ."))).rules
    counting = Clock(1_000_000)
    load(Machine(rules, counting), [*facts, *triples("ex:z ex:r ex:z .")])
    assert counting.seen > 8000 / 50


def same(size: int) -> str:
    return " ".join(f"ex:n{n} owl:sameAs ex:n{n + 1} ." for n in range(size - 1))


def test_a_thing_may_have_so_many_names_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postholder.closure.machine.MOST_NAMES", 8)
    made = load(machine(""), triples(same(8)))
    assert len(made.same.rows) == 8 * 7
    with pytest.raises(EngineError, match=rf"<{X}n\d> is found to be the same as 8 things and more") as caught:
        load(machine(""), triples(same(9)))
    assert "a key or a functional property" in caught.value.hint


def test_pairs_of_names_are_limited_within_a_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many things that share a value at once are refused before all their pairs are written down."""
    monkeypatch.setattr("postholder.closure.machine._MOST_PAIRS", 50)
    rules = "ex:p a owl:InverseFunctionalProperty ."
    few = " ".join(f"ex:n{n} ex:p ex:a ." for n in range(7))
    assert len(load(machine(rules), triples(few)).same.rows) == 7 * 6
    with pytest.raises(EngineError, match="is found to be the same as"):
        load(machine(rules), triples(few + " ex:n7 ex:p ex:a ."))


@pytest.mark.parametrize(
    ("axioms", "facts"),
    [
        ("ex:p a owl:FunctionalProperty .", "ex:a ex:p 1 , 2 , 3 , 4 ."),
        ("ex:p owl:propertyDisjointWith ex:q .", " ".join(f"ex:a ex:p ex:n{n} ; ex:q ex:n{n} ." for n in range(12))),
    ],
)
def test_contradictions_are_limited(axioms: str, facts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = load(machine(axioms), triples(facts))
    assert len(made.clashes) == 12
    monkeypatch.setattr("postholder.closure.machine._MOST_CLASHES", 12)
    load(machine(axioms), triples(facts))
    monkeypatch.setattr("postholder.closure.machine._MOST_CLASHES", 11)
    with pytest.raises(EngineError, match=r"in more than 11 ways, the last by prp-") as caught:
        load(machine(axioms), triples(facts))
    assert "fewer facts" in caught.value.hint


def test_unnamed_things_are_things() -> None:
    node = BlankNode("n")
    made = load(machine("ex:p a owl:SymmetricProperty ."), [Triple(node, PROPERTIES[0], THINGS[0])])
    assert Triple(THINGS[0], PROPERTIES[0], node) in held(made)
    assert made.properties[SAME] is made.same
    assert made.of_property(DIFFERENT).rows == {}
