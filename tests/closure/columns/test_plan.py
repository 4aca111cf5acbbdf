"""A program laid out for tables: names of one relation, rules in their kinds, strata in order."""

from __future__ import annotations

from itertools import combinations

import pytest
from pyoxigraph import NamedNode

from ontologies import X, triples
from postholder.closure.columns import plan as plans
from postholder.closure.columns.plan import Atom, Plan, TableRule, lay_out, strata
from postholder.closure.compiler import compile_axioms
from postholder.errors import EngineError


def made(text: str, used: str = "pqrs") -> Plan:
    return lay_out(compile_axioms(triples(text), {NamedNode(X + n) for n in used}))


def named(plan: Plan, name: str) -> tuple[int, bool]:
    found = plan.properties.get(NamedNode(X + name)) or plan.classes[NamedNode(X + name)]
    return found.relation, found.turned


def test_equivalent_classes_are_one_relation() -> None:
    plan = made("ex:A owl:equivalentClass ex:B . ex:B owl:equivalentClass ex:C . ex:C rdfs:subClassOf ex:D .")
    assert named(plan, "A") == named(plan, "B") == named(plan, "C") != named(plan, "D")
    assert [r.name for r in plan.rules] == ["cax-sco"]
    names = plan.names()[named(plan, "A")[0]]
    assert [str(t) for t, _ in names] == [f"<{X}{n}>" for n in "ABC"]


def test_a_property_and_its_inverse_are_one_relation_turned() -> None:
    plan = made("ex:p owl:inverseOf ex:q . ex:r owl:equivalentProperty ex:q . ex:s rdfs:subPropertyOf ex:r .")
    (relation, turned), (same, other) = named(plan, "p"), named(plan, "q")
    assert relation == same
    assert turned != other
    assert named(plan, "r") == (same, other)
    (rule,) = plan.rules
    assert rule.body[0].terms == ("x", "y")
    assert rule.head is not None
    assert rule.head.terms == (("y", "x") if other else ("x", "y"))


def test_a_property_that_is_its_own_inverse_keeps_its_rule() -> None:
    plan = made("ex:p owl:inverseOf ex:p .")
    assert [(r.body[0].terms, r.head and r.head.terms) for r in plan.rules] == [(("x", "y"), ("y", "x"))]
    turned = made("ex:p owl:inverseOf ex:q . ex:p owl:equivalentProperty ex:q .")
    assert [(r.body[0].terms, r.head and r.head.terms) for r in turned.rules] == [(("x", "y"), ("y", "x"))]


def test_rules_stand_by_what_they_find() -> None:
    plan = made(
        "ex:A rdfs:subClassOf ex:B ; owl:disjointWith ex:C ; owl:hasKey ( ex:p ) . ex:v rdfs:range xsd:integer ."
        " ex:p a owl:FunctionalProperty .",
        used="pv",
    )
    assert [(r.name, r.things) for r in plan.rules] == [("cax-sco", False), ("prp-rng", True)]
    assert sorted(r.name for r in plan.equality) == ["prp-fp", "prp-key"]
    assert sorted(r.name for r in plan.clashes) == ["cax-dw", "cls-nothing2", "eq-diff1"]
    assert [r.name for r in plan.ranges] == ["prp-rng"]
    assert len(plan.datatypes) == 1


def test_a_datatype_that_rules_ask_for_is_no_range() -> None:
    text = "ex:v rdfs:range xsd:integer . [ a owl:Restriction ; owl:onProperty ex:w ; owl:someValuesFrom xsd:integer ]"
    plan = made(f"{text} rdfs:subClassOf ex:B .", used="vw")
    assert plan.ranges == []
    assert max(r.name for r in plan.rules) == "prp-rng"


def test_rules_that_say_the_same_are_one() -> None:
    plan = made("ex:p owl:equivalentProperty ex:q . ex:p rdfs:domain ex:A . ex:q rdfs:domain ex:A .")
    assert len(plan.rules) == 1


def test_every_rule_that_concludes_has_a_number_of_its_own() -> None:
    plan = made("ex:A rdfs:subClassOf ex:B , ex:C ; owl:hasKey ( ex:p ) ; owl:disjointWith ex:B .")
    numbers = [r.number for r in (*plan.rules, *plan.equality, *plan.ranges)]
    assert len(numbers) == 3
    assert len(set(numbers)) == 3
    assert min(numbers) > 0
    assert {r.number for r in plan.clashes} == {0}


def test_more_rules_than_have_a_number_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "MOST_RULES", 4)
    assert len(made("ex:A rdfs:subClassOf ex:B , ex:C , ex:D .").rules) == 3
    with pytest.raises(EngineError, match="more than 3 rules"):
        made("ex:A rdfs:subClassOf ex:B , ex:C , ex:D , ex:E .")


def test_classes_that_exclude_each_other_take_no_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "MOST_RULES", 4)
    members = " ".join(f"ex:C{n}" for n in range(20))
    plan = made(f"[] a owl:AllDisjointClasses ; owl:members ( {members} ) .")
    assert len(plan.clashes) == 190 + 2


def test_the_middle_is_the_first_variable_that_the_head_does_not_tell() -> None:
    plan = made("ex:p owl:propertyChainAxiom ( ex:q ex:r ex:s ) . ex:q rdfs:subPropertyOf ex:r .")
    assert {r.name: r.middle for r in plan.rules} == {"prp-spo2": "x1", "prp-spo1": None}
    assert {r.middle for r in plan.clashes} == {"x"}


def _rules(*needs: tuple[int, tuple[int, ...]]) -> list[TableRule]:
    source = compile_axioms(triples("ex:A rdfs:subClassOf ex:B .")).rules[0]
    return [
        TableRule(n, "r", tuple(Atom(b, ("x",)) for b in body), Atom(head, ("x",)), source)
        for n, (head, body) in enumerate(needs, 1)
    ]


@pytest.mark.parametrize(
    ("needs", "wanted"),
    [
        ([], [(0,), (1,), (2,), (3,)]),
        ([(0, (1,)), (1, (2,)), (2, (3,))], [(3,), (2,), (1,), (0,)]),
        ([(0, (1,)), (1, (0,)), (2, (0, 3))], [(0, 1), (3,), (2,)]),
        ([(0, (0,)), (1, (1, 2))], [(0,), (2,), (1,), (3,)]),
        ([(0, (1,)), (1, (2,)), (2, (3,)), (3, (0,))], [(0, 1, 2, 3)]),
        ([(0, (1,)), (1, (0,)), (2, (3,)), (3, (2,)), (0, (2,))], [(2, 3), (0, 1)]),
    ],
)
def test_strata_come_after_what_they_need(
    needs: list[tuple[int, tuple[int, ...]]], wanted: list[tuple[int, ...]]
) -> None:
    found = strata(4, _rules(*needs))
    assert sorted(found) == sorted(wanted)
    place = {n: i for i, group in enumerate(found) for n in group}
    assert all(place[b] <= place[head] for head, body in needs for b in body)


def test_strata_agree_with_what_reaches_what() -> None:
    """Two relations are of one stratum if each needs the other, on all graphs of three relations."""
    edges = [(a, b) for a in range(3) for b in range(3)]
    checked = 0
    for count in range(len(edges) + 1):
        for chosen in combinations(edges, count):
            reach = {(n, n) for n in range(3)} | set(chosen)
            for _ in range(3):
                reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
            found = strata(3, _rules(*((a, (b,)) for a, b in chosen)))
            group = {n: i for i, g in enumerate(found) for n in g}
            assert all((group[a] == group[b]) == ((a, b) in reach and (b, a) in reach) for a, b in edges)
            assert all(group[b] <= group[a] for a, b in chosen)
            checked += 1
    assert checked == 512


def test_a_long_chain_of_needs_is_no_deep_call() -> None:
    found = strata(5_000, _rules(*((n, (n + 1,)) for n in range(4_999))))
    assert found == [(n,) for n in range(4_999, -1, -1)]
