"""Free queries run behind a wall: bounded in time and memory, with no way out of the process."""

from __future__ import annotations

import faulthandler
import multiprocessing
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

from postholder import terms, walled
from postholder.errors import CannotError, PostholderError, QueryLimitError, QuerySyntaxError, RefusedQueryError
from postholder.queries import guarded
from postholder.settings import MEBIBYTE, Settings
from postholder.stores.oxigraph import OxigraphStore
from postholder.stores.rdflib import RdflibStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postholder.stores.base import Answer, Store

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


def ask(store: Store, text: str = "ASK {}", **limits: Any) -> Answer:
    return guarded.ask(store, text, {"http://x/g"}, replace(SETTINGS, **limits))


def test_an_answer_is_the_stores_own(store: Store) -> None:
    text = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s"
    assert ask(store, text) == store.query(text)
    assert len(ask(store, text).rows) == 300
    assert ask(store, "ASK { ?s ?p ?o }").boolean is True
    assert len(ask(store, "CONSTRUCT WHERE { ?s ?p ?o }").triples or ()) == 300


def test_a_query_is_checked_before_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(walled, "call", never)
    with pytest.raises(RefusedQueryError):
        ask(OxigraphStore([]), "SELECT * { SERVICE <http://x/> {} }")


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
    faulthandler.disable()  # pytest's own would draw the end of the child on the terminal
    with pytest.raises(QueryLimitError, match="memory") as caught:
        ask(STORES[name](), text, query_bytes=5 * MEBIBYTE, query_seconds=60)
    assert caught.value.hint
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err == ""


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


def test_without_fork_free_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    with pytest.raises(CannotError, match="cannot run free SPARQL"):
        ask(OxigraphStore([]), "ASK {}")


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


FUNCTIONS = [
    "STR(1)", "LANG('a'@en)", "DATATYPE(1)", "IRI('http://x/')", "BNODE()", "RAND() < 2", "ABS(-1)", "CEIL(1.5)",
    "FLOOR(1.5)", "ROUND(1.5)", "CONCAT('a', 'b')", "STRLEN('a')", "UCASE('a')", "LCASE('A')",
    "ENCODE_FOR_URI('a b')", "CONTAINS('ab', 'a')", "STRSTARTS('ab', 'a')", "STRENDS('ab', 'b')",
    "STRBEFORE('ab', 'b')", "STRAFTER('ab', 'a')", "SUBSTR('ab', 1, 1)", "REPLACE('ab', 'a', 'c')",
    "REGEX('ab', '^a')", "YEAR(NOW())", "TZ(NOW())", "TIMEZONE(NOW())", "HOURS(NOW())", "ISIRI(UUID())",
    "STRLEN(STRUUID())", "MD5('a')", "SHA1('a')", "SHA256('a')", "SHA384('a')", "SHA512('a')", "COALESCE(1/0, 2)",
    "IF(true, 1, 2)", "STRLANG('a', 'en')", "STRDT('1', xsd:integer)", "SAMETERM(1, 1)", "LANGMATCHES('en', '*')",
    "xsd:integer('1')", "xsd:decimal('1.5')", "xsd:date('2022-01-01')", "xsd:dateTime('2022-01-01T00:00:00')",
    "xsd:boolean('true')", "xsd:double('1e0')", "'<a/>'^^rdf:XMLLiteral", "'<p>a</p>'^^rdf:HTML",
    "'P1D'^^xsd:duration",
]  # fmt: skip


@pytest.mark.parametrize("name", STORES)
def test_every_function_works_behind_the_wall(name: str) -> None:
    """An engine that loads a part of itself when first used could not load it there."""
    code = f"""
import sys
from pathlib import Path
from postholder.errors import PostholderError
from postholder.queries.guarded import ask
from postholder.settings import Settings
from postholder.stores.{name} import {name.capitalize()}Store
store = {name.capitalize()}Store([])
for function in {FUNCTIONS!r}:
    text = "PREFIX xsd: <{terms.XSD}> PREFIX rdf: <{terms.RDF}> SELECT ({{}} AS ?x) {{{{}}}}".format(function)
    try:
        behind = ask(store, text, set(), Settings(Path("x"))).rows
    except PostholderError as error:
        print(function, error)
    else:
        if (behind[0][0] is None) != (store.query(text).rows[0][0] is None):
            print(function, behind)
for text in (
    "SELECT (COUNT(?s) AS ?n) (GROUP_CONCAT(?s) AS ?g) (AVG(?s) AS ?a) {{ VALUES ?s {{ 1 2 }} }} GROUP BY ?s",
    "SELECT ?s {{ VALUES ?s {{ 1 2 }} }} ORDER BY DESC(?s)", "CONSTRUCT {{ ?s ?p ?o }} {{ ?s ?p ?o }}",
    "DESCRIBE <http://x/>", "SELECT * {{ ?s (<http://x/a>|^<http://x/b>)*/!<http://x/c> ?o }}",
):
    ask(store, text, set(), Settings(Path("x")))
print("done")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "done\n", done.stderr


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
