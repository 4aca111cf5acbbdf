"""Pushes of the property graph, on a database in memory: order, care for the data of others, and resumption."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from postholder.errors import PostholderError, ServerError, WouldOverwriteError
from postholder.export.base import Source
from postholder.export.property_graph import PropertyGraph
from postholder.push import property_graph
from postholder.push import statements as say

if TYPE_CHECKING:
    from tests.push.memory import Memory

    from postholder.push.base import Progress, PushResult


def to(server: Memory, what: Source, name: str = "postholder", progress: Progress | None = None) -> PushResult:
    silent: Progress = lambda _what, _done, _total: None  # noqa: E731 - shorter
    return property_graph.push(server, "bolt://here", PropertyGraph(what), name, progress or silent)  # type: ignore[arg-type]


def make(server: Memory, kind: str, **properties: Any) -> Any:
    """Make a node of others."""
    node = type(server.nodes[0])({kind}, properties) if server.nodes else None
    if node is None:
        server.rows(say.WRITE_STATE, graph="other", state={})
        node = type(server.nodes[0])({kind}, properties)
    server.nodes.append(node)
    return node


def assert_holds(server: Memory, what: Source, name: str = "postholder") -> None:
    graph = PropertyGraph(what)
    ours = [n for n in server.nodes if n.properties.get(say.GRAPH) == name]
    marks = {say.GRAPH, say.PUSH}
    assert len(ours) > 10
    found = {(n.properties["id"], tuple(sorted(n.labels))): n.properties for n in ours}
    wanted = {(n.id, tuple(sorted(n.labels))): n.properties for n in graph.nodes()}
    assert {k: {x: v for x, v in p.items() if x not in marks} for k, p in found.items()} == wanted
    edges = [e for e in server.edges if e.properties.get(say.GRAPH) == name]
    assert Counter((e.type, e.properties["key"]) for e in edges) == Counter(
        (e.type, e.properties["key"]) for e in graph.edges()
    )
    (state,) = server.find(say.STATE, name)
    assert state.properties["state"] == "whole"


def test_a_database_holds_what_was_pushed(memory: Memory, tiny: Source, retracted: Source) -> None:
    for what in (tiny, retracted, tiny):
        assert to(memory, what).changed
        assert_holds(memory, what)
    before, writes = [dict(n.properties) for n in memory.nodes], memory.writes
    again = to(memory, tiny)
    assert not again.changed
    assert ([dict(n.properties) for n in memory.nodes], memory.writes) == (before, writes)
    assert again.losses


def test_there_is_one_constraint_for_each_first_label(memory: Memory, tiny: Source) -> None:
    to(memory, tiny)
    assert memory.constraints == {n.labels[0] for n in PropertyGraph(tiny).nodes()} | {say.STATE}


def test_nothing_of_others_is_changed(memory: Memory, tiny: Source, retracted: Source) -> None:
    mine = make(memory, "Person", id="person/mine", label="of others")
    to(memory, tiny)
    (eve,) = memory.find("Person", "person/eve")
    eve.properties["note of others"] = "stays"
    link = type(memory.edges[0])("LIKES", mine, eve, {})
    memory.edges.append(link)
    done = to(memory, retracted)
    assert done.notes == ("1 retracted nodes stay, since edges of others hang on them",)
    assert "note: 1 retracted" in str(done)
    assert eve.properties[say.KEPT]
    assert link in memory.edges
    to(memory, tiny)
    assert say.KEPT not in eve.properties
    assert eve.properties["note of others"] == "stays"
    memory.edges.remove(link)
    assert to(memory, retracted).counts["deleted nodes"] == 1
    assert eve not in memory.nodes
    assert mine.properties == {"id": "person/mine", "label": "of others"}


@pytest.mark.parametrize("mark", [{}, {say.GRAPH: "another"}])
def test_a_node_of_others_is_not_taken_over(memory: Memory, tiny: Source, mark: dict[str, str]) -> None:
    mine = make(memory, "Person", id="person/eve", **mark)
    with pytest.raises(WouldOverwriteError, match="not of this push"):
        to(memory, tiny)
    assert mine.properties == {"id": "person/eve", **mark}
    assert memory.find(say.STATE, "postholder")[0].properties["state"] == "loading"
    memory.nodes.remove(mine)
    to(memory, tiny)
    assert_holds(memory, tiny)


def test_ids_that_others_use_twice_are_told(memory: Memory, tiny: Source) -> None:
    for _ in range(2):
        make(memory, "Person", id="twice")
    with pytest.raises(ServerError, match="ids of label Person cannot be made unique"):
        to(memory, tiny)


def test_properties_that_are_retracted_go(memory: Memory, tiny: Source) -> None:
    less = Source(tuple(q for q in tiny.quads if not str(q.predicate).endswith("ns#note>")), tiny.prefixes)
    to(memory, tiny)
    assert any("note" in n.properties for n in memory.nodes)
    to(memory, less)
    assert not any("note" in n.properties for n in memory.nodes)
    assert_holds(memory, less)


def test_labels_follow_the_class(memory: Memory, tiny: Source) -> None:
    low = "<https://w3id.org/postholder/id/unit/low>"
    plain = tuple(q for q in tiny.quads if not (low == str(q.subject) and str(q.object).endswith("ns#Center>")))
    for what in (tiny, Source(plain, tiny.prefixes), tiny):
        to(memory, what)
        assert_holds(memory, what)


def test_labels_follow_the_class_on_a_node_that_others_hang_on(memory: Memory, tiny: Source) -> None:
    low = "<https://w3id.org/postholder/id/unit/low>"
    plain = tuple(q for q in tiny.quads if not (low == str(q.subject) and str(q.object).endswith("ns#Center>")))
    to(memory, tiny)
    (unit,) = memory.find("Unit", "unit/low")
    memory.edges.append(type(memory.edges[0])("LIKES", make(memory, "Mine"), unit, {}))
    for what in (Source(plain, tiny.prefixes), tiny):
        to(memory, what)
        assert_holds(memory, what)
    assert unit in memory.nodes


def property_graph_is_whole(server: Memory, what: Source) -> bool:
    """Tell whether the state says that all of this is there."""
    state = server.find(say.STATE, "postholder")[0].properties
    planned = property_graph._Plan(PropertyGraph(what), lambda _what, _done, _total: None)
    return (state["state"], state["digest"]) == ("whole", planned.digest)


def test_a_push_that_breaks_off_anywhere_is_finished_by_the_next(
    memory: Memory, tiny: Source, retracted: Source
) -> None:
    to(memory, tiny)
    steps = 0
    for breaks in range(0, 400, 13):
        memory.breaks = breaks
        try:
            to(memory, retracted)
        except PostholderError:
            steps += 1
            state = memory.find(say.STATE, "postholder")[0].properties
            memory.breaks = -1
            assert (
                state["state"] == "loading"
                or state["digest"] == memory.nodes[-1].properties.get(say.PUSH)
                or breaks < 80
            )
        memory.breaks = -1
        to(memory, retracted)
        assert_holds(memory, retracted)
        to(memory, tiny)
        assert_holds(memory, tiny)
    assert steps > 3


def test_two_pushes_at_once_do_not_both_win(memory: Memory, tiny: Source, retracted: Source) -> None:
    begun: list[str] = []

    def meanwhile(what: str, done: int, total: int) -> None:
        if what == "nodes" and done == total and not begun:
            begun.append(what)
            to(memory, retracted)

    with pytest.raises(ServerError, match="push again"):
        to(memory, tiny, progress=meanwhile)
    to(memory, tiny)
    assert_holds(memory, tiny)


def test_a_graph_that_is_changed_under_way_is_not_whole(memory: Memory, tiny: Source) -> None:
    def meanwhile(what: str, done: int, _total: int) -> None:
        if (what, done) == ("checking", 0):
            memory.edges.pop()

    with pytest.raises(ServerError, match="others change it under way"):
        to(memory, tiny, progress=meanwhile)
    to(memory, tiny)
    assert_holds(memory, tiny)


def test_a_run_that_was_overtaken_does_not_say_that_it_is_whole(memory: Memory, tiny: Source) -> None:
    def meanwhile(what: str, done: int, _total: int) -> None:
        if (what, done) == ("checking", 0):
            memory.find(say.STATE, "postholder")[0].properties["run"] = "of another"

    with pytest.raises(ServerError, match="another push of the same name"):
        to(memory, tiny, progress=meanwhile)


def test_what_was_changed_since_is_put_right(memory: Memory, tiny: Source) -> None:
    to(memory, tiny)
    memory.edges.pop()
    assert to(memory, tiny).changed
    assert_holds(memory, tiny)
