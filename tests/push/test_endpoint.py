"""Servers differ: what one does not take is sent in the next form, and what none takes is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from postholder.errors import ServerError
from postholder.push import endpoint, http
from postholder.push.address import parse
from postholder.push.endpoint import Endpoint, insert, rows_of
from postholder.push.http import Client, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.push.quirky import Server

A, B, G = NamedNode("urn:a"), NamedNode("urn:b"), NamedNode("urn:g")
QUADS = [
    Quad(A, B, Literal('"\\u0041 \\\\u \n \u2028 } ; DROP ALL #', language="en"), G),
    Quad(A, B, Literal("1.5", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal")), G),
    Quad(A, B, A, NamedNode("urn:h?a=b&c")),
    Quad(A, B, B),
]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nothing long."""
    monkeypatch.setattr(http, "_WAITS", (0.0,))
    monkeypatch.setattr(endpoint, "_PATIENCE", 0.5)


@pytest.fixture
def client(quirky: Server) -> Iterator[Client]:
    sender = Client(parse(quirky.url), lambda: None, 10)
    yield sender
    sender.close()


def _silent(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


@pytest.mark.parametrize(
    ("faults", "form"),
    [
        ({}, "dataset"),
        ({"stores": ("/data",)}, "dataset"),
        ({"datasets": False}, "graph"),
        ({"stores": ()}, "update"),
        ({"stores": (), "hangs": True}, "update"),
        ({"stores": (), "direct": False}, "update"),
        ({"stores": (), "forms": False}, "update"),
    ],
)
def test_facts_arrive_in_the_first_form_that_a_server_takes(
    quirky: Server, client: Client, faults: dict[str, object], form: str
) -> None:
    for name, value in faults.items():
        setattr(quirky.faults, name, value)
    server = Endpoint(client, quirky.url)
    told: list[tuple[str, int, int]] = []
    server.add(QUADS, len(QUADS), lambda *progress: told.append(progress))
    assert set(quirky.store) == set(QUADS)
    assert server.form == form
    assert told == [("facts", 4, 4)]


@pytest.mark.parametrize("faults", [{}, {"hangs": True}, {"direct": False}, {"forms": False}])
def test_updates_arrive_in_the_first_form_that_a_server_takes(
    quirky: Server, client: Client, faults: dict[str, object]
) -> None:
    for name, value in faults.items():
        setattr(quirky.faults, name, value)
    server = Endpoint(client, quirky.url)
    server.update(insert(QUADS[:2]))
    server.update(insert(QUADS[2:]))
    assert set(quirky.store) == set(QUADS)
    direct = [a for a in quirky.faults.asked if a.endswith("sparql-update")]
    assert (len(direct) > 1) is (not faults.get("hangs") and faults.get("direct", True))


def test_big_parts_are_halved(quirky: Server, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    quads = [Quad(A, B, Literal("x" * 100 + str(n)), G) for n in range(64)]
    quirky.faults.most = 2_000
    Endpoint(client, quirky.url).add(quads, len(quads), _silent)
    assert set(quirky.store) == set(quads)
    monkeypatch.setattr(endpoint, "_MOST_BYTES", 1_000)
    quirky.faults.asked.clear()
    Endpoint(client, quirky.url).add(quads, len(quads), _silent)
    assert len([a for a in quirky.faults.asked if a.startswith("/store")]) >= 8


def test_a_fact_that_is_too_large_is_told(quirky: Server, client: Client) -> None:
    quirky.faults.most = 10
    with pytest.raises(ServerError, match="refuses facts: HTTP 413"):
        Endpoint(client, quirky.url).add(QUADS, len(QUADS), _silent)


def test_facts_that_no_form_carries_are_told(quirky: Server, client: Client) -> None:
    quirky.faults.direct = quirky.faults.forms = quirky.faults.datasets = False
    server = Endpoint(client, quirky.url)
    quirky.faults.stores = ()
    with pytest.raises(ServerError, match="refuses an update"):
        server.add(QUADS, len(QUADS), _silent)


def test_a_wrong_update_is_told(quirky: Server, client: Client) -> None:
    server = Endpoint(client, quirky.url)
    server.update(insert(QUADS))
    with pytest.raises(ServerError, match="refuses an update: HTTP 400"):
        server.update("INSERT nonsense")


@pytest.mark.parametrize(
    "page", [b"", b"<html>welcome</html>", b"[]", b'{"results": {"bindings": [1]}}', b"[" * 99_999]
)
def test_a_server_of_another_kind_is_told(quirky: Server, client: Client, page: bytes) -> None:
    quirky.faults.every, quirky.faults.page = 200, page
    with pytest.raises(ServerError, match="is no SPARQL server"):
        Endpoint(client, quirky.url)
    assert rows_of(Response(200, "", page)) is None


def test_a_query_that_fails_is_told(quirky: Server, client: Client) -> None:
    server = Endpoint(client, quirky.url)
    assert server.select("SELECT (1 AS ?n) {}") == [{"n": "1"}]
    quirky.faults.every = 500
    with pytest.raises(ServerError, match=r"does not answer a query: HTTP 500(?s:.*)hint: see that it is a SPARQL"):
        server.select("SELECT (1 AS ?n) {}")


@pytest.mark.parametrize(
    "rows", [[], [{}], [{"n": "lots"}], [{"n": "-1"}], [{"n": "1"}, {"n": "1"}], [{"n": "9" * 5000}]]
)
def test_a_count_that_is_none_is_told(
    quirky: Server, client: Client, rows: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Endpoint(client, quirky.url)
    given = [{name: {"type": "literal", "value": value} for name, value in row.items()} for row in rows]
    told = json.dumps({"results": {"bindings": given}}).encode()
    monkeypatch.setattr(server, "ask", lambda _: Response(200, "", told))
    with pytest.raises(ServerError, match="does not answer a query") as caught:
        server.number("SELECT (1 AS ?n) {}")
    assert caught.value.hint


def test_counts_by_graph_leave_out_the_row_of_nothing(
    quirky: Server, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Endpoint(client, quirky.url)
    assert server.numbers("SELECT ?g (COUNT(*) AS ?n) { VALUES ?g { <urn:g> } } GROUP BY ?g") == {"urn:g": 1}
    monkeypatch.setattr(server, "ask", lambda _: Response(200, "", b'{"results": {"bindings": [{}]}}'))
    assert server.numbers("") == {}
    odd = b'{"results": {"bindings": [{"g": {"value": "urn:g"}}]}}'
    monkeypatch.setattr(server, "ask", lambda _: Response(200, "", odd))
    with pytest.raises(ServerError, match="does not answer a query"):
        server.numbers("")


def test_rows_lack_nothing_that_was_asked_for(quirky: Server, client: Client) -> None:
    server = Endpoint(client, quirky.url)
    assert server.select("SELECT (1 AS ?n) {}", "n") == [{"n": "1"}]
    with pytest.raises(ServerError, match="does not answer a query"):
        server.select("SELECT (1 AS ?n) {}", "n", "s")


def test_a_server_that_is_too_busy_is_told_at_once(quirky: Server, client: Client) -> None:
    quirky.faults.every = 503
    with pytest.raises(ServerError, match="is too busy: HTTP 503"):
        Endpoint(client, quirky.url)


def test_an_insert_holds_data_and_nothing_else() -> None:
    assert insert([]) == ""
    text = insert(QUADS)
    assert text.count("INSERT") == 2
    assert text.endswith("WHERE {}")
    assert "\n} ; DROP" not in text
