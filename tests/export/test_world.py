"""Which graphs of a dataset hold, and under what."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Quad

from postholder import terms
from postholder.export.world import ALWAYS, Under, World, read, written
from postholder.graph import ph

ANN, BOB, HERE, THERE = (NamedNode(f"{terms.ID}interpretation/{n}") for n in ("ann", "bob", "here", "there"))


@pytest.fixture(scope="module")
def world(tiny: list[Quad]) -> World:
    return World(tiny)


def test_layers_are_the_graphs_that_hold(world: World) -> None:
    rows = world.spool.rows("SELECT g, under, claim FROM layer WHERE g <> ''")
    found = {graph.rsplit("/", 1)[-1]: (set(read(under)), claim) for graph, under, claim in rows}
    assert {name: under for name, (under, claim) in found.items() if claim} == {
        "c1": set(),
        "c2-ann": {ANN},
        "c2-bob": {BOB},
        "c3-meant": set(),
        "c4-ann-here": {ANN, HERE},
        "c4-ann-there": {ANN, THERE},
    }
    assert {name: under for name, (under, claim) in found.items() if not claim} == {"ann": {ANN}, "bob": {BOB}}
    assert found["c2-ann"][1] == f"{terms.ID}claim/c2"
    assert world.others == 11


def test_statements_are_those_of_readings_and_inferred_graphs(world: World) -> None:
    assert len(world.statements(f"{terms.ID}reading/c3-plain")) == 3
    assert len(world.statements(f"{terms.ID}graph/inferred/ann")) == 2
    assert world.statements(terms.INFERRED_GRAPH) == []
    assert world.statements("https://example.org/graph") == []


def test_values_are_those_of_the_default_graph(world: World) -> None:
    assert world.objects(f"{terms.ID}claim/c2", f"{terms.PH}basis") == (f"{terms.PH}interpreted",)
    assert world.objects(f"{terms.ID}figure/g", f"{terms.PH}value") == (f'"7"^^{terms.XSD}integer',)


def test_a_claim_is_withdrawn_with_its_document(tiny: list[Quad]) -> None:
    act, document = NamedNode(f"{terms.ID}act/1"), NamedNode(f"{terms.ID}document/d")
    found = World([*tiny, Quad(act, ph("withdraws"), document)])
    graphs = found.spool.column("SELECT g FROM layer WHERE claim IS NOT NULL")
    assert f"{terms.ID}reading/c2-ann" in graphs
    assert f"{terms.ID}reading/c1" not in graphs


def test_conditions_sort_as_their_text() -> None:
    unders: list[Under] = [frozenset(), frozenset({ANN}), frozenset({ANN, BOB}), frozenset({BOB}), frozenset({THERE})]
    texts = [written(u) for u in unders]
    assert texts == sorted(texts)
    assert [read(t) for t in texts] == unders


def test_labels(world: World) -> None:
    assert world.label(ALWAYS) == ""
    assert world.label(frozenset({THERE, ANN})) == "it is Ann; there"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([{ANN}], [{ANN}]),
        ([{ANN, HERE}, {ANN, THERE}], [{ANN}]),
        ([{ANN, HERE}, {ANN}], [{ANN}]),
        ([{ANN, HERE}], [{ANN, HERE}]),
        ([{ANN}, {BOB}], [{ANN}, {BOB}]),
        ([{ANN, HERE}, {ANN, THERE}, {BOB, HERE}, {BOB, THERE}], [{ANN}, {BOB}, {HERE}, {THERE}]),
        ([set(), {ANN}], [set()]),
        ([], []),
    ],
)
def test_simplest(world: World, given: list[set[NamedNode]], expected: list[set[NamedNode]]) -> None:
    unders: list[Under] = [frozenset(g) for g in given]
    assert world.simplest(unders) == [frozenset(e) for e in expected]
