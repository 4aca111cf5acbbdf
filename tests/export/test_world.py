"""Which graphs of a dataset hold, and under what."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Quad

from postholder import terms
from postholder.export import world as worlds
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


def test_a_reading_set_aside_is_not_live(world: World) -> None:
    assert not world.is_live(f"{terms.ID}reading/c3-plain")
    assert world.is_live(f"{terms.ID}reading/c3-meant")
    assert world.is_live(f"{terms.ID}reading/c1")


def test_claims_without_a_reading_for_each_answer_are_known(world: World) -> None:
    assert world.spool.column("SELECT claim FROM uncovered") == [f"{terms.ID}claim/c4"]


@pytest.mark.parametrize(
    "more", [[], [("act/1", "withdraws", "document/d")], [("claim/c9", "hasReading", "reading/c1")]]
)
def test_it_does_not_matter_which_graphs_are_looked_at_together(
    more: list[tuple[str, str, str]], tiny: list[Quad], monkeypatch: pytest.MonkeyPatch
) -> None:
    quads = [*tiny, *(Quad(NamedNode(terms.ID + s), ph(p), NamedNode(terms.ID + o)) for s, p, o in more)]
    found = []
    for part in (1_000, 3, 1):
        monkeypatch.setattr(worlds, "_PART", part)
        spool = World(quads).spool
        found.append([list(spool.rows(f"SELECT * FROM {table}")) for table in ("known", "layer", "uncovered")])
    assert len(found[0][1]) > 3
    assert found[0] == found[1] == found[2]


def test_a_reading_of_two_claims_stands_while_one_of_them_does(tiny: list[Quad]) -> None:
    """The last of the claims, in order, is told for it."""
    claim, act = NamedNode(f"{terms.ID}claim/c9"), NamedNode(f"{terms.ID}act/1")
    reading = NamedNode(f"{terms.ID}reading/c1")
    quads = [*tiny, Quad(claim, ph("hasReading"), reading)]
    taken = [Quad(act, ph("withdraws"), NamedNode(f"{terms.ID}claim/{name}")) for name in ("c1", "c9")]
    sql = "SELECT claim FROM layer WHERE g = ?"
    assert World(quads).spool.column(sql, reading.value) == [claim.value]
    assert World([*quads, taken[0]]).spool.column(sql, reading.value) == [claim.value]
    assert World([*quads, *taken]).spool.column(sql, reading.value) == []


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


def test_names_are_english_labels_or_handles(world: World) -> None:
    assert world.name(f"{terms.ID}interpretation/ann") == "it is Ann"
    assert world.name(f"{terms.ID}person/nobody") == "person/nobody"


def test_what_is_said_of_a_thing_by_some_properties(world: World) -> None:
    found = world.said(f"{terms.ID}claim/c2", f"{terms.PH}hasReading", f"{terms.PH}basis")
    assert {t.predicate for t in found} == {ph("hasReading"), ph("basis")}
    assert len(found) == 3


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
