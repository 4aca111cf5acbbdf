"""Pushes to servers that run: the answers are those of the local store, and only what changed is changed.

The oxigraph server and rdflib-endpoint are started here; ArcadeDB too, where it is installed. The other
servers are started by `.ci/engines`.
"""

from __future__ import annotations

import socket
import threading
from collections import Counter
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from postholder import resources
from postholder.errors import PostholderError, ServerError, WouldOverwriteError
from postholder.export.base import Source
from postholder.export.property_graph import PropertyGraph
from postholder.graph import DEFAULT, by_graph, text_of
from postholder.push.base import Credentials
from postholder.push.count import _value
from postholder.push.push import push
from postholder.queries import catalog

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tests.push.conftest import Engine

    from postholder.api import KnowledgeGraph
    from postholder.push.base import PushResult

TOPICS = {"reporting", "appointments"}


def questions() -> dict[str, str]:
    """Return the text of each saved question that a push is tried with."""
    return {q.name: q.text for q in catalog.every(resources.queries_folder()) if q.topic in TOPICS}


def source(graph: KnowledgeGraph) -> Source:
    """Return what is pushed of a graph."""
    return Source(graph.quads, graph.inputs.prefixes)


def to(engine: Engine, what: Source, **options: Any) -> PushResult:
    """Push to an engine."""
    if engine.url.startswith("http"):
        options["default_graph"] = engine.default_graph
    else:
        options["database"] = engine.database
    return push(what, engine.url, login=engine.login, seconds=120, **options)


def compare(engine: Engine, graph: KnowledgeGraph, names: set[str]) -> None:
    """Compare the answers of a server with those of the local store; the order of rows is the server's."""
    different: dict[str, object] = {}
    refused, rows = [], 0
    for name in sorted(names):
        ours = Counter(map(str, graph.store.query(questions()[name]).rows))
        try:
            theirs = Counter(map(str, engine.answers(questions()[name])))
        except ServerError:
            refused.append(name)
            continue
        rows += ours.total()
        if ours != theirs:
            different[name] = (ours - theirs, theirs - ours)
    equal = names - set(different) - set(refused)
    told = (
        f"{len(names)} questions, {len(equal)} equal, {len(different)} different, {len(refused)} refused by the server"
    )
    print(f"{engine.name}: {told}, {rows} rows")  # noqa: T201 - shown by -s
    assert rows > 0
    if engine.name == "virtuoso":  # of most questions, Virtuoso 7.2.5 says that its compiler has an internal error
        assert equal >= {"removing-a-post", "reporting-lines", "span-by-level", "two-superiors"}
        assert set(different) <= {"reporting-line-changes"}
    else:
        assert (different, refused) == ({}, [])


def facts(rows: list[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    """Return rows of subject, property and value, with values as servers compare them."""
    return Counter((s, p, _value(o)) for s, p, o in rows)


def test_every_graph_of_a_sparql_server_holds_its_facts(
    answering_engine: Engine, shipped: KnowledgeGraph, article_graph: KnowledgeGraph, retracted: Source
) -> None:
    graph = article_graph if answering_engine.name == "rdflib" else shipped  # it takes minutes as it is
    to(answering_engine, retracted, force=True)
    first = to(answering_engine, source(graph))
    assert first.changed
    graphs = by_graph(graph.quads)
    assert len(graphs) > 50
    for name, triples in graphs.items():
        alone = name != DEFAULT and answering_engine.default_graph is not None
        where = "{ ?s ?p ?o }" if name == DEFAULT or alone else f"{{ GRAPH {name} {{ ?s ?p ?o }} }}"
        found = answering_engine.answers(f"SELECT ?s ?p ?o {where}", text_of(name) if alone else None)
        assert facts(found) == facts([(t.subject, t.predicate, t.object) for t in set(triples)]), name
    second = to(answering_engine, source(graph))
    assert (second.changed, second.counts["facts"]) == (False, first.counts["facts"])


def test_a_sparql_server_answers_as_the_local_store(
    answering_engine: Engine, shipped: KnowledgeGraph, article_graph: KnowledgeGraph
) -> None:
    graph = article_graph if answering_engine.name == "rdflib" else shipped
    to(answering_engine, source(graph), force=True)
    assert len(questions()) > 20
    compare(answering_engine, graph, set(questions()))


def test_what_is_retracted_goes_and_a_broken_push_is_finished(
    exact_engine: Engine, tiny: Source, retracted: Source
) -> None:
    to(exact_engine, tiny, force=True)
    everything = "SELECT ?s ?p ?o { ?s ?p ?o }"

    def stop(what: str, _done: int, _total: int) -> None:
        if what == "facts":
            raise KeyboardInterrupt

    before = Counter(map(str, exact_engine.answers(everything)))
    with pytest.raises(KeyboardInterrupt):
        to(exact_engine, retracted, progress=stop)
    assert Counter(map(str, exact_engine.answers(everything))) == before
    done = to(exact_engine, retracted)
    assert done.changed
    assert done.counts["changed graphs"] >= 1
    left = Counter(map(str, exact_engine.answers(everything)))
    assert left < before
    assert not any("person/eve" in row for row in left)
    assert not to(exact_engine, retracted).changed


def _counted(engine: Engine, text: str, **parameters: Any) -> list[dict[str, Any]]:
    import neo4j  # noqa: PLC0415 - an extra

    assert engine.login is not None
    with (
        neo4j.GraphDatabase.driver(engine.url, auth=(engine.login.user, engine.login.password)) as driver,
        driver.session(database=engine.database) as session,
    ):
        return [dict(r) for r in session.run(text, parameters)]


def held(engine: Engine) -> tuple[Counter[tuple[str, ...]], Counter[str], dict[str, dict[str, Any]]]:
    """Return what a database holds: nodes by labels, edges by type, properties by id."""
    nodes = _counted(engine, "MATCH (n) WHERE n._postholder IS NOT NULL RETURN labels(n) AS l, properties(n) AS p")
    edges = _counted(engine, "MATCH ()-[r]->() WHERE r._postholder IS NOT NULL RETURN type(r) AS t")
    properties = {n["p"]["id"]: {k: v for k, v in n["p"].items() if not k.startswith("_")} for n in nodes}
    return Counter(tuple(sorted(n["l"])) for n in nodes), Counter(e["t"] for e in edges), properties


def wanted(what: Source) -> tuple[Counter[tuple[str, ...]], Counter[str], dict[str, dict[str, Any]]]:
    """Return what a database should hold."""
    graph = PropertyGraph(what)
    nodes = list(graph.nodes())
    return (
        Counter(tuple(sorted(n.labels)) for n in nodes),
        Counter(e.type for e in graph.edges()),
        {n.id: dict(n.properties) for n in nodes},
    )


def _native(value: Any) -> Any:
    """Return a value as Python has it: the driver has a date of its own."""
    return value.to_native() if hasattr(value, "to_native") else value


def assert_holds(engine: Engine, what: Source) -> None:
    """Compare nodes by labels, edges by type and every property of every node."""
    labels, types, properties = held(engine)
    all_labels, all_types, all_properties = wanted(what)
    assert len(all_labels) > 5
    assert labels == all_labels
    assert types == all_types
    assert {i: {k: _native(v) for k, v in p.items()} for i, p in properties.items()} == all_properties


def test_a_property_graph_is_what_was_pushed(bolt_engine: Engine, shipped: KnowledgeGraph) -> None:
    first = to(bolt_engine, source(shipped))
    assert first.changed
    assert_holds(bolt_engine, source(shipped))
    second = to(bolt_engine, source(shipped))
    assert not second.changed
    print(f"{bolt_engine.name}: {second.counts}")  # noqa: T201 - shown by -s
    direct = "MATCH (a:Post)-[r:REPORTS_TO]->(b:Post) WHERE r.accepted RETURN a.id AS a, b.id AS b"
    pairs = {(r["a"], r["b"]) for r in _counted(bolt_engine, direct)}
    local = {
        (e.source[1], e.target[1])
        for e in PropertyGraph(source(shipped)).edges()
        if (e.type, e.source[0], e.target[0]) == ("REPORTS_TO", "Post", "Post") and e.properties["accepted"]
    }
    assert local
    assert pairs == local


def test_a_property_graph_loses_what_is_retracted_and_nothing_of_others(
    bolt_engine: Engine, tiny: Source, retracted: Source
) -> None:
    _counted(bolt_engine, "CREATE (:Person {id: 'person/mine', label: 'of others'})")
    to(bolt_engine, tiny)
    assert_holds(bolt_engine, tiny)
    _counted(
        bolt_engine, "MATCH (a:Person {id: 'person/mine'}), (b:Person {id: 'person/eve'}) CREATE (a)-[:LIKES]->(b)"
    )
    done = to(bolt_engine, retracted)
    assert done.counts["deleted edges"] > 0
    assert done.notes == ("1 retracted nodes stay, since edges of others hang on them",)
    assert len(_counted(bolt_engine, "MATCH (:Person)-[r:LIKES]->(n) WHERE n._retracted RETURN n.id AS id")) == 1
    _counted(bolt_engine, "MATCH ()-[r:LIKES]->() DELETE r")
    back = to(bolt_engine, tiny)
    assert back.notes == ()
    assert_holds(bolt_engine, tiny)
    assert to(bolt_engine, retracted).counts["deleted nodes"] == 1
    assert_holds(bolt_engine, retracted)
    assert len(_counted(bolt_engine, "MATCH (n:Person {id: 'person/mine'}) RETURN n.label AS label")) == 1


def test_a_node_of_others_is_not_taken_over(bolt_engine: Engine, tiny: Source) -> None:
    _counted(bolt_engine, "CREATE (:Person {id: 'person/eve', label: 'of others'})")
    with pytest.raises(WouldOverwriteError, match="not of this push"):
        to(bolt_engine, tiny)
    (state,) = _counted(bolt_engine, "MATCH (s:_PostholderPush) RETURN s.state AS state")
    assert state == {"state": "loading"}
    (mine,) = _counted(bolt_engine, "MATCH (n:Person {id: 'person/eve'}) RETURN properties(n) AS p")
    assert mine["p"] == {"id": "person/eve", "label": "of others"}
    _counted(bolt_engine, "MATCH (n:Person {id: 'person/eve'}) DELETE n")
    to(bolt_engine, tiny)
    assert_holds(bolt_engine, tiny)


def test_labels_follow_when_a_thing_changes_its_class(bolt_engine: Engine, tiny: Source) -> None:
    low = "<https://w3id.org/postholder/id/unit/low>"
    plain = tuple(q for q in tiny.quads if not (low == str(q.subject) and str(q.object).endswith("ns#Center>")))
    assert len(plain) < len(tiny.quads)
    for what in (tiny, Source(plain, tiny.prefixes), tiny):
        to(bolt_engine, what)
        assert_holds(bolt_engine, what)


class _Cut:
    """Passes bytes on to a server and breaks the first connections after some."""

    def __init__(self, port: int, most: int, times: int) -> None:
        self.most = most
        self.times = times
        self.broken = 0
        self._port = port
        self._sockets = [socket.create_server(("127.0.0.1", 0))]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        self.port = self._sockets[0].getsockname()[1]

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._sockets[0].accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._port))
            self._sockets += [client, server]
            for one, other in ((client, server), (server, client)):
                thread = threading.Thread(target=self._pass, args=(one, other, one is client), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _pass(self, one: socket.socket, other: socket.socket, counted: bool) -> None:
        left = self.most
        with suppress(OSError):
            while data := one.recv(4096):
                left -= len(data) if counted else 0
                if left < 0 and self.broken < self.times:
                    self.broken += 1
                    break
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Take no more connections and end those there are."""
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join()


def test_broken_connections_do_not_harm_a_property_graph(bolt_engine: Engine, shipped: KnowledgeGraph) -> None:
    port = int(bolt_engine.url.rpartition(":")[2])
    with closing(_Cut(port, most=200_000, times=3)) as proxy:
        url = f"bolt://127.0.0.1:{proxy.port}"
        done = push(source(shipped), url, login=bolt_engine.login, database=bolt_engine.database, seconds=60)
        assert proxy.broken == 3
    assert done.changed
    assert_holds(bolt_engine, source(shipped))


def test_a_property_graph_push_that_is_stopped_is_finished_by_the_next(
    bolt_engine: Engine, shipped: KnowledgeGraph
) -> None:
    def stop(what: str, done: int, total: int) -> None:
        if what == "edges" and done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        to(bolt_engine, source(shipped), progress=stop)
    (state,) = _counted(bolt_engine, "MATCH (s:_PostholderPush) RETURN s.state AS state")
    assert state == {"state": "loading"}
    assert to(bolt_engine, source(shipped)).changed
    assert_holds(bolt_engine, source(shipped))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda e: (e.url, Credentials("nobody", "wrong-word")), "wants a user and password, or refuses this one"),
        (lambda e: (e.url, None), "wants a user and password, or refuses this one"),
        (lambda e: (e.url.replace("bolt://", "http://"), e.login), "no (SPARQL|HTTP) server|failed"),
    ],
    ids=["wrong password", "no password", "as http"],
)
def test_wrong_calls_of_a_bolt_server_are_told(
    bolt_engine: Engine, tiny: Source, change: Callable[[Engine], tuple[str, Credentials | None]], says: str
) -> None:
    url, login = change(bolt_engine)
    with pytest.raises(ServerError, match=says) as caught:
        push(tiny, url, login=login, database=None if url.startswith("http") else bolt_engine.database, seconds=10)
    assert "wrong-word" not in str(caught.value)


def test_a_sparql_server_is_no_bolt_server(sparql_engine: Engine, tiny: Source) -> None:
    with pytest.raises(PostholderError, match="no Bolt server"):
        push(tiny, sparql_engine.url.replace("http://", "bolt://").rpartition(":")[0] + ":1", seconds=10)
