"""The machine: rules run to their end, what is given and found is logged, and all of it can be undone."""

from __future__ import annotations

from copy import deepcopy

import pytest
from pyoxigraph import NamedNode

from postholder.closure.program import Pattern, Program, Rule
from postholder.closure.relations import Machine, Relation
from postholder.graph import TYPE

C, D = NamedNode("http://x/C"), NamedNode("http://x/D")
P, Q, R = (NamedNode(f"http://x/{n}") for n in "pqr")


def step(subject: str, prop: NamedNode, value: str) -> Pattern:
    return Pattern(subject, prop, value)


def typed(variable: str, cls: NamedNode) -> Pattern:
    return Pattern(variable, TYPE, cls)


def machine(*rules: Rule) -> Machine:
    return Machine(Program(rules, ()), lambda: None)


def closed(rules: list[Rule], given: set[tuple[int, int]], of: NamedNode) -> set[object]:
    engine = machine(*rules)
    engine.give(engine.of_property(P), given)
    engine.run()
    return engine.classes[of].rows if of in engine.classes else engine.of_property(of).rows


FOUND = {
    "the same way": ([Rule("r", (step("x", P, "y"),), step("x", Q, "y"))], {(1, 2)}, Q, {(1, 2)}),
    "turned": ([Rule("r", (step("x", P, "y"),), step("y", Q, "x"))], {(1, 2)}, Q, {(2, 1)}),
    "subjects": ([Rule("r", (step("x", P, "y"),), typed("x", C))], {(1, 2)}, C, {1}),
    "values": ([Rule("r", (step("x", P, "y"),), typed("y", C))], {(1, 2)}, C, {2}),
    "classes": (
        [Rule("r", (step("x", P, "y"),), typed("y", C)), Rule("s", (typed("x", C),), typed("x", D))], {(1, 2)}, D, {2}
    ),
    "a chain": (
        [Rule("r", (step("x0", P, "x1"), step("x1", P, "x2"), step("x2", P, "x3")), step("x0", Q, "x3"))],
        {(1, 2), (2, 3), (3, 4), (2, 9)}, Q, {(1, 4)},
    ),
    "a transitive property": (
        [Rule("r", (step("x", P, "y"), step("y", P, "z")), step("x", P, "z"))], {(1, 2), (2, 3), (3, 4)}, P,
        {(1, 2), (2, 3), (3, 4), (1, 3), (2, 4), (1, 4)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_what_each_kind_of_rule_finds(name: str) -> None:
    rules, given, of, expected = FOUND[name]
    assert closed(rules, given, of) == expected


def snapshot(engine: Machine) -> dict[object, object]:
    """Return all that a machine knows; an empty set in an index is as good as none."""

    def index(found: dict[int, set[int]] | None) -> object:
        return None if found is None else {k: set(v) for k, v in found.items() if v}

    relations: list[Relation] = [*engine.classes.values(), *engine.properties.values()]
    return {
        (r.term, r.is_class): (set(r.rows), set(r.fresh), index(r.forward), index(r.backward)) for r in relations
    } | {"log": deepcopy([len(rows) for _, rows in engine.log]), "clashes": set(engine.clashes)}


def test_an_addition_can_be_undone() -> None:
    engine = machine(
        Rule("prp-trp", (step("x", P, "y"), step("y", P, "z")), step("x", P, "z")),
        Rule("prp-spo2", (step("x0", P, "x1"), step("x1", Q, "x2")), step("x0", R, "x2")),
        Rule("prp-dom", (step("x", R, "y"),), typed("x", C)),
        Rule("prp-irp", (step("x", P, "x"),)),
    )
    engine.give(engine.of_property(P), {(1, 2), (2, 3)})
    engine.give(engine.of_property(Q), {(3, 4)})
    engine.run()
    before, mark, clashes = snapshot(engine), len(engine.log), set(engine.clashes)
    assert before["clashes"] == set()
    for _ in range(2):
        engine.give(engine.of_property(P), {(3, 1), (1, 2)})
        engine.give(engine.of_property(Q), {(1, 9)})
        engine.run()
        assert {n for _, n, _ in engine.clashes} == {1, 2, 3}
        assert (2, 9) in engine.properties[R].rows
        engine.undo(mark, set(clashes))
        assert snapshot(engine) == before


def test_known_rows_change_nothing() -> None:
    engine = machine(Rule("r", (step("x", P, "y"),), step("x", Q, "y")))
    for _ in range(2):
        engine.give(engine.of_property(P), {(1, 2)})
        engine.run()
    assert len(engine.log) == 2


def test_the_clock_is_looked_at_within_a_long_join() -> None:
    looks: list[int] = []
    engine = Machine(
        Program((Rule("r", (step("x", P, "y"), step("y", P, "z")), step("x", Q, "z")),), ()), lambda: looks.append(1)
    )
    engine.give(engine.of_property(P), {(n, -n) for n in range(1, 20_000)})
    engine.run()
    assert len(looks) > 8
