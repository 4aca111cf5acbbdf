"""Free queries run behind a wall: bounded in time and memory, with no way out of the process."""

from __future__ import annotations

import builtins
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from postholder import walled
from postholder.errors import CannotError, PostholderError, QueryLimitError, QuerySyntaxError, RefusedQueryError
from postholder.queries import guarded
from postholder.settings import MEBIBYTE, Settings
from postholder.stores.base import Answer
from postholder.stores.oxigraph import OxigraphStore
from postholder.stores.rdflib import RdflibStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postholder.stores.base import Store

SETTINGS = Settings(Path("unused"), query_seconds=20)
QUADS = [
    Quad(NamedNode(f"http://x/{n}"), NamedNode("http://x/p"), Literal(f"{n:100}"), DefaultGraph()) for n in range(300)
]
STORES: dict[str, Callable[[], Store]] = {
    "oxigraph": lambda: OxigraphStore(QUADS),
    "rdflib": lambda: RdflibStore(QUADS),
}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Store:
    return STORES[request.param]()


class Stub:
    """A store that does what a test says."""

    name = "stub"

    def __init__(self, act: Callable[[], Any]) -> None:
        self.act = act

    def query(self, text: str) -> Answer:
        """Act, whatever the text."""
        assert text
        found: Answer = self.act()
        return found


def ask(store: Store, text: str = "ASK {}", **limits: Any) -> Answer:
    return guarded.ask(store, text, {"http://x/g"}, replace(SETTINGS, **limits))


def test_an_answer_is_the_stores_own(store: Store) -> None:
    text = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s"
    assert ask(store, text) == store.query(text)
    assert len(ask(store, text).rows) == 300
    assert ask(store, "ASK { ?s ?p ?o }").boolean is True
    assert len(ask(store, "CONSTRUCT WHERE { ?s ?p ?o }").triples or ()) == 300


def test_a_query_is_checked_before_it_runs() -> None:
    def never() -> Answer:
        raise AssertionError("the store was asked")

    with pytest.raises(RefusedQueryError):
        ask(Stub(never), "SELECT * { SERVICE <http://x/> {} }")


def test_an_endless_query_is_stopped(store: Store) -> None:
    start = time.monotonic()
    with pytest.raises(QueryLimitError, match=r"stopped after 0.3 s") as caught:
        ask(store, ENDLESS, query_seconds=0.3)
    assert time.monotonic() - start < 5
    assert "POSTHOLDER_QUERY_SECONDS" in caught.value.hint
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("name", STORES)
def test_a_greedy_query_is_stopped_and_prints_nothing(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    text = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 300000"
    with pytest.raises(QueryLimitError, match="memory") as caught:
        ask(STORES[name](), text, query_bytes=20 * MEBIBYTE)
    assert caught.value.hint
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err == ""


def test_an_answer_too_large_to_hand_over_is_a_limit(capfd: pytest.CaptureFixture[str]) -> None:
    big = Answer(("x",), tuple((Literal("x" * 1000 + str(n)),) for n in range(60_000)))
    with pytest.raises(QueryLimitError, match="memory"):
        ask(Stub(lambda: big), query_bytes=8 * MEBIBYTE, query_seconds=5)
    assert capfd.readouterr().err == ""


def test_a_big_answer_comes_through_whole() -> None:
    quads = [
        Quad(NamedNode(f"http://x/{n}"), NamedNode("http://x/p"), Literal("é" * 200), DefaultGraph())
        for n in range(20_000)
    ]
    answer = ask(OxigraphStore(quads), "SELECT * { ?s ?p ?o }")
    assert len(answer.rows) == 20_000
    assert {row[answer.columns.index("o")] for row in answer.rows} == {Literal("é" * 200)}


def test_an_error_passes_through_with_all_its_parts(store: Store) -> None:
    with pytest.raises(QuerySyntaxError) as inside:
        store.query("SELECT * { ?s ")
    with pytest.raises(QuerySyntaxError) as outside:
        ask(store, "SELECT * { ?s ")
    assert str(outside.value) == str(inside.value)
    assert outside.value.exit_code == 2


def test_the_hint_and_place_of_an_error_survive() -> None:
    def fail() -> Answer:
        raise CannotError("no", hint="do that")

    with pytest.raises(CannotError) as caught:
        ask(Stub(fail))
    assert (caught.value.message, caught.value.hint, caught.value.place) == ("no", "do that", None)


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
def test_the_limits_of_the_interpreter_are_limits(error: type[Exception]) -> None:
    def fail() -> Answer:
        raise error

    with pytest.raises(QueryLimitError) as caught:
        ask(Stub(fail))
    assert caught.value.hint


def test_an_unforeseen_error_is_told_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> Answer:
        raise ZeroDivisionError("of all things")

    with pytest.raises(CannotError, match="of all things") as caught:
        ask(Stub(fail))
    assert not isinstance(caught.value, QueryLimitError)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("signal", [9, 15, 11])
def test_a_killed_child_is_a_limit(signal: int) -> None:
    def die() -> Answer:
        os.kill(os.getpid(), signal)
        time.sleep(10)
        raise AssertionError

    with pytest.raises(QueryLimitError, match="stopped"):
        ask(Stub(die))


def test_a_child_killed_while_it_answers_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def half(pipe: Any, *_: object) -> None:
        os.write(pipe.fileno(), (1000).to_bytes(4, "big") + b"only the start")
        os._exit(9)

    monkeypatch.setattr(walled, "_child", half)
    with pytest.raises(QueryLimitError, match="stopped"):
        ask(Stub(lambda: Answer()))


def test_without_fork_free_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    with pytest.raises(CannotError, match="cannot run free SPARQL"):
        ask(Stub(lambda: Answer(boolean=True)))


def test_memory_is_left_alone_where_it_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.open

    def no_proc(name: object, *args: Any, **more: Any) -> Any:
        if str(name).startswith("/proc/"):
            raise FileNotFoundError(name)
        return real(name, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(builtins, "open", no_proc)
    assert ask(OxigraphStore(QUADS), "ASK { ?s ?p ?o }", query_bytes=1).boolean is True


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """Listen on a port of this machine; yield its address and what was received."""
    heard: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                heard.append(connection.recv(100) or b"called")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/", heard
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


ESCAPES = [
    "SELECT * { SERVICE <AWAY> { ?a ?b ?c } }",
    "SELECT * { SERVICE SILENT <AWAY> { ?a ?b ?c } }",
    "PREFIX x: <AWAY> SELECT * { SERVICEx:foo { ?a ?b ?c } }",
    "SELECT * FROM <AWAY> { ?s ?p ?o }",
    "SELECT * FROM NAMED <AWAY> { GRAPH ?g { ?s ?p ?o } }",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_the_wall_holds_even_if_the_check_did_not(
    text: str, store: Store, listener: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarded, "check", lambda *_: None)
    address, heard = listener
    try:
        ask(store, text.replace("AWAY", address))
    except PostholderError as error:
        assert error.message
    assert heard == []


def test_the_listener_would_hear(listener: tuple[str, list[bytes]]) -> None:
    """Without the wall the same query does call: the test above can fail."""
    address, heard = listener
    with pytest.raises(PostholderError):
        OxigraphStore([]).query(ESCAPES[0].replace("AWAY", address))
    assert heard


def test_no_file_is_read(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret.nt"
    secret.write_text("<http://x/secret> <http://x/p> <http://x/o> .\n", encoding="utf-8")
    monkeypatch.setattr(guarded, "check", lambda *_: None)
    try:
        rows = ask(store, f"SELECT ?s FROM <{secret.as_uri()}> {{ ?s ?p ?o }}").rows
    except PostholderError:
        rows = ()
    assert (NamedNode("http://x/secret"),) not in rows


def test_threads_of_the_caller_do_not_matter() -> None:
    code = """
import threading
from pathlib import Path
from postholder.queries.guarded import ask
from postholder.settings import Settings
from postholder.stores.oxigraph import OxigraphStore
store, found = OxigraphStore([]), []
def run():
    for _ in range(3):
        found.append(ask(store, "ASK {}", set(), Settings(Path("x"))).boolean)
threads = [threading.Thread(target=run) for _ in range(4)]
[t.start() for t in threads]
[t.join() for t in threads]
print(found.count(True))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "12\n", done.stderr
