"""Pushes of RDF: the server holds our graphs, whole or marked as not whole, and nothing else is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from postholder.errors import ServerError, UsageError, WouldOverwriteError
from postholder.export.base import Source
from postholder.push import http, marker, rdf
from postholder.push.push import push

if TYPE_CHECKING:
    from tests.push.quirky import Server

    from postholder.push.base import PushResult

OTHERS = [
    Quad(NamedNode("urn:x"), NamedNode("urn:y"), Literal("of others"), NamedNode("urn:others")),
    Quad(NamedNode("urn:x"), NamedNode("urn:y"), Literal("more"), NamedNode("urn:others2")),
]
GENID = "https://w3id.org/postholder/.well-known/genid/"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait between tries."""
    monkeypatch.setattr(http, "_WAITS", (0.0,))


def to(server: Server, what: Source, **options: Any) -> PushResult:
    return push(what, server.url, seconds=10, **options)


def held(server: Server) -> set[Quad]:
    """Return what a server holds, without markers."""
    return {q for q in server.store if not str(q.graph_name).startswith(f"<{marker.iri('')}")}


def expected(what: Source, default: str | None = None) -> set[Quad]:
    """Return what a server should hold, as its own store spells it."""
    wanted, _ = rdf.plan(what.quads, "postholder", default)
    from pyoxigraph import Store  # noqa: PLC0415

    store = Store()
    store.extend([q for quads in wanted.graphs.values() for q in quads])
    return set(store)


def state(server: Server) -> str:
    (quad,) = server.store.quads_for_pattern(None, NamedNode(marker.STATE), None)
    assert isinstance(quad.object, Literal)
    return quad.object.value


@pytest.mark.parametrize("faults", [{}, {"datasets": False}, {"stores": ()}])
@pytest.mark.parametrize("default", [None, "urn:default"])
def test_a_server_holds_what_was_pushed_and_what_others_put_there(
    quirky: Server, tiny: Source, retracted: Source, faults: dict[str, object], default: str | None
) -> None:
    for name, value in faults.items():
        setattr(quirky.faults, name, value)
    quirky.store.extend(OTHERS)
    for what in (tiny, retracted, tiny):
        done = to(quirky, what, default_graph=default)
        assert done.changed
        assert held(quirky) == expected(what, default) | set(OTHERS)
        assert state(quirky) == "whole"
    assert [str(loss.what) for loss in done.losses] == [rdf.BLANK_NODES.what]
    assert any(GENID in str(q) for q in quirky.store)


def test_a_second_push_sends_nothing(quirky: Server, tiny: Source) -> None:
    to(quirky, tiny)
    before, asked = set(quirky.store), len(quirky.faults.asked)
    assert not to(quirky, tiny).changed
    assert set(quirky.store) == before
    assert all(a.startswith("/query") for a in quirky.faults.asked[asked:])


def test_only_graphs_that_changed_are_sent(quirky: Server, tiny: Source) -> None:
    to(quirky, tiny)
    graph = NamedNode("https://example.org/graph")
    more = Source((*tiny.quads, Quad(graph, graph, graph, graph)), tiny.prefixes)
    assert to(quirky, more).counts["changed graphs"] == 1
    assert held(quirky) == expected(more)


def test_the_default_graph_may_get_a_name_later_and_lose_it(quirky: Server, tiny: Source) -> None:
    for default in (None, "urn:default", None):
        to(quirky, tiny, default_graph=default)
        assert held(quirky) == expected(tiny, default)


def test_two_pushes_of_two_names_stand_side_by_side(quirky: Server) -> None:
    one, other = (Source((Quad(n, n, n, n),), {}) for n in (NamedNode("urn:a"), NamedNode("urn:b")))
    to(quirky, one, name="one")
    to(quirky, other, name="other")
    to(quirky, Source((), {}), name="one")
    assert held(quirky) == set(other.quads)


@pytest.mark.parametrize("default", [None, "urn:others"])
def test_facts_of_others_are_not_replaced_unless_asked(quirky: Server, tiny: Source, default: str | None) -> None:
    quirky.store.extend([Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in OTHERS] + OTHERS)
    before = set(quirky.store)
    with pytest.raises(WouldOverwriteError, match="no push of this name has written"):
        to(quirky, tiny, default_graph=default)
    assert set(quirky.store) == before
    assert to(quirky, tiny, default_graph=default, force=True).changed
    assert expected(tiny, default) <= held(quirky)


def test_a_graph_that_others_changed_is_not_replaced_unless_asked(quirky: Server, tiny: Source) -> None:
    to(quirky, tiny)
    quirky.store.add(Quad(NamedNode("urn:x"), NamedNode("urn:y"), NamedNode("urn:z")))
    with pytest.raises(WouldOverwriteError, match="others have changed it"):
        to(quirky, tiny)
    to(quirky, tiny, force=True)
    assert held(quirky) == expected(tiny)


@pytest.mark.parametrize("after", range(8))
@pytest.mark.parametrize("first", [True, False])
def test_a_push_that_breaks_off_is_never_whole_and_is_finished_by_the_next(
    quirky: Server, tiny: Source, retracted: Source, after: int, first: bool
) -> None:
    if not first:
        to(quirky, tiny)
    quirky.faults.after, quirky.faults.statuses = after, [507] * 99
    before = held(quirky)
    try:
        to(quirky, retracted)
    except ServerError:
        assert not first or len(quirky.store) == 0 or state(quirky) == "loading"
        assert first or state(quirky) == "loading" or held(quirky) == before
    quirky.faults.statuses = []
    to(quirky, retracted)
    assert held(quirky) == expected(retracted)
    assert state(quirky) == "whole"


def test_a_server_that_mixes_all_graphs_is_refused(quirky: Server, tiny: Source) -> None:
    quirky.faults.union = True
    with pytest.raises(ServerError, match="takes all graphs together"):
        to(quirky, tiny)
    assert len(quirky.store) == 0
    to(quirky, tiny, default_graph="urn:default")
    assert held(quirky) == expected(tiny, "urn:default")
    with pytest.raises(WouldOverwriteError):
        to(quirky, tiny)


def test_facts_that_the_server_loses_are_missed(quirky: Server, tiny: Source) -> None:
    quirky.faults.loses = "Chief"
    with pytest.raises(ServerError, match=r"the server holds \d+ facts of \d+"):
        to(quirky, tiny)
    assert state(quirky) == "loading"
    quirky.faults.loses = ""
    to(quirky, tiny)
    assert held(quirky) == expected(tiny)


def test_two_pushes_at_once_do_not_both_win(quirky: Server, tiny: Source, retracted: Source) -> None:
    def meanwhile(what: str, done: int, _total: int) -> None:
        if (what, done) == ("checking", 0):
            to(quirky, retracted)

    with pytest.raises(ServerError, match="push again to finish"):
        to(quirky, tiny, progress=meanwhile)
    assert held(quirky) == expected(retracted)
    to(quirky, tiny)
    assert held(quirky) == expected(tiny)


def test_a_default_graph_by_the_name_of_another_is_refused(tiny: Source) -> None:
    with pytest.raises(UsageError, match="one of the graphs already"):
        rdf.plan(tiny.quads, "postholder", "https://example.org/graph")


def test_a_plan_is_the_same_whatever_the_order(tiny: Source) -> None:
    one, other = rdf.plan(tiny.quads, "a", None), rdf.plan(tiny.quads[::-1], "a", None)
    assert one == other
    assert list(one[0].graphs) == list(other[0].graphs)
