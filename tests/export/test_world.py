"""Which graphs of a dataset hold, and under what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from postholder import terms
from postholder.export.world import ALWAYS, Under, World

if TYPE_CHECKING:
    from pyoxigraph import Quad

ANN, BOB, HERE, THERE = (NamedNode(f"{terms.ID}interpretation/{n}") for n in ("ann", "bob", "here", "there"))


@pytest.fixture(scope="module")
def world(tiny: list[Quad]) -> World:
    return World(tiny)


def test_layers_are_the_graphs_that_hold(world: World) -> None:
    found = {str(layer.graph).rsplit("/", 1)[-1].strip(">"): layer for layer in world.layers}
    assert {name: set(layer.under) for name, layer in found.items() if layer.claim} == {
        "c1": set(),
        "c2-ann": {ANN},
        "c2-bob": {BOB},
        "c3-meant": set(),
        "c4-ann-here": {ANN, HERE},
        "c4-ann-there": {ANN, THERE},
    }
    assert {name: set(layer.under) for name, layer in found.items() if not layer.claim} == {"ann": {ANN}, "bob": {BOB}}
    assert world.others == 11
    assert "c3-plain" in " ".join(map(str, world.graphs))


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
