"""Requests: bounded, to one server, with the login that it asks for; every way to fail is told."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from postholder.errors import ServerError
from postholder.push import http
from postholder.push.address import parse
from postholder.push.base import Credentials
from postholder.push.http import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.push.quirky import Server

ADA = Credentials("ada", 'pass "word" of ours')
UPDATE = {"Content-Type": "application/sparql-update"}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait between tries."""
    monkeypatch.setattr(http, "_WAITS", (0.0, 0.0))


def client(server: Server, login: Credentials | None = None, seconds: float = 10) -> Client:
    return Client(parse(server.url), lambda: login, seconds)


def send(sender: Client, **options: float) -> http.Response:
    try:
        return sender.send("POST", "/update", b"INSERT DATA { <urn:a> <urn:b> <urn:c> }", UPDATE, **options)  # type: ignore[arg-type]
    finally:
        sender.close()


@pytest.mark.parametrize("scheme", ["", "basic", "digest"])
def test_the_login_is_the_one_that_the_server_asks_for(quirky: Server, scheme: str) -> None:
    quirky.faults.auth = scheme
    sender = client(quirky, ADA)
    assert sender.send("GET", "/store?default").ok
    assert send(sender).ok
    assert len(quirky.store) == 1


def test_the_login_is_asked_for_once_also_when_the_server_wants_a_new_nonce(quirky: Server) -> None:
    quirky.faults.auth, quirky.faults.nonces = "digest", 2
    asked: list[str] = []

    def login() -> Credentials:
        asked.append("asked")
        return ADA

    sender = Client(parse(quirky.url), login, 10)
    assert [sender.send("GET", "/store?default").status for _ in range(7)] == [200] * 7
    assert asked == ["asked"]
    sender.close()


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_a_wrong_password_is_told_and_not_shown(quirky: Server, scheme: str) -> None:
    quirky.faults.auth = scheme
    with pytest.raises(ServerError, match="refuses this user or password") as caught:
        send(client(quirky, Credentials("ada", "wrong-word")))
    assert "wrong-word" not in str(caught.value)


def test_a_missing_password_is_told(quirky: Server) -> None:
    quirky.faults.auth = "digest"
    with pytest.raises(ServerError, match="wants a user and a password"):
        send(client(quirky))


def test_a_login_of_another_kind_is_told(quirky: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    quirky.faults.auth = "basic"
    monkeypatch.setattr("postholder.push.auth.answer", lambda _headers, _credentials: None)
    with pytest.raises(ServerError, match=r"neither Basic nor Digest(?s:.*)hint: let the server"):
        send(client(quirky, ADA))


def test_a_user_with_a_colon_is_not_taken_for_another(quirky: Server) -> None:
    quirky.faults.auth = "basic"
    with pytest.raises(ServerError, match="no user can have a colon"):
        send(client(quirky, Credentials("ada:pass", "word")))


def test_forbidden_is_told(quirky: Server) -> None:
    quirky.faults.every = 403
    with pytest.raises(ServerError, match="refuses this user"):
        send(client(quirky))


def test_redirects_are_not_followed(quirky: Server) -> None:
    quirky.faults.every = 307
    with pytest.raises(ServerError, match="sends on to another address"):
        send(client(quirky, ADA))


def test_no_room_is_told(quirky: Server) -> None:
    quirky.faults.every, quirky.faults.page = 507, b"disk full \x1b[2J"
    with pytest.raises(ServerError, match=r"no room left: HTTP 507: disk full \\x1b"):
        send(client(quirky))


@pytest.mark.parametrize("statuses", [[0], [503, 0], [429], [0, 0]])
def test_a_broken_connection_or_a_busy_server_is_tried_again(quirky: Server, statuses: list[int]) -> None:
    quirky.faults.statuses = statuses
    assert send(client(quirky)).ok


def test_a_connection_that_the_server_closed_meanwhile_is_opened_again(quirky: Server) -> None:
    quirky.faults.closes = True
    sender = client(quirky)
    assert [sender.send("GET", "/store?default").status for _ in range(3)] == [200, 200, 200]
    sender.close()


def test_a_server_that_stays_busy_is_told_by_its_answer(quirky: Server) -> None:
    quirky.faults.statuses = [503] * 9
    assert send(client(quirky)).status == 503


def test_a_connection_that_always_breaks_is_told(quirky: Server) -> None:
    quirky.faults.statuses = [0] * 9
    with pytest.raises(ServerError, match=r"the connection to .* failed"):
        send(client(quirky))


def test_an_unreachable_server_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ServerError, match="Connection refused"):
        send(Client(parse(f"http://127.0.0.1:{port}"), lambda: None, 5))


def test_a_server_that_does_not_answer_is_given_up(quirky: Server) -> None:
    quirky.faults.hangs = True
    with pytest.raises(ServerError, match=r"did not answer within 0\.1 s"):
        send(client(quirky, seconds=0.1))
    with pytest.raises(TimeoutError):
        send(client(quirky), seconds=0.1)


def test_an_answer_without_end_is_refused(quirky: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_MOST_ANSWER", 10_000)
    sender = client(quirky)
    with pytest.raises(ServerError, match=r"more than(?s:.*)hint: see that this is the address"):
        sender.send("GET", "/store?default")
    assert sender.send("GET", "/store?default", whole=False).body == b""
    sender.close()


@contextmanager
def speaking(say: Callable[[socket.socket], object]) -> Iterator[str]:
    """Give the address of a server that says the same to everybody who comes, after one look at what they say."""

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    connection.recv(65536)
                    say(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize(
    ("begins", "goes_on"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"x: y\r\n"),
    ],
)
def test_what_trickles_is_given_up_in_time(begins: bytes, goes_on: bytes) -> None:
    """It is never silent for long, so no time-out of the connection ends it."""

    def say(connection: socket.socket) -> None:
        connection.sendall(begins)
        for _ in range(200):
            connection.sendall(goes_on)
            time.sleep(0.05)

    began = time.monotonic()
    with speaking(say) as url, pytest.raises(ServerError, match=r"did not answer within 0\.3 s"):
        send(Client(parse(url), lambda: None, 0.3))
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("head", [b"Content-Length: 99\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n99\r\n{"])
def test_an_answer_that_breaks_off_is_told(head: bytes) -> None:
    with (
        speaking(lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n" + head)) as url,
        pytest.raises(ServerError, match="breaks off its answers") as caught,
    ):
        send(Client(parse(url), lambda: None, 5))
    assert "push again" in caught.value.hint


def test_an_answer_that_comes_before_all_is_sent_counts() -> None:
    """Servers hang up on a request that is too large without reading it."""

    def refuse(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with speaking(refuse) as url:
        client_of = Client(parse(url), lambda: None, 5)
        assert client_of.send("POST", "/store", b"x" * 20_000_000).status == 413
        assert client_of.send("POST", "/store", b"x").status == 413
        client_of.close()


@pytest.mark.parametrize("scheme", ["Basic", 'Digest realm="caf\u00e9", nonce="n", qop="auth"'])
def test_a_server_that_shows_the_request_shows_no_login(scheme: str) -> None:
    seen: list[bytes] = []

    def say(connection: socket.socket) -> None:
        connection.sendall(f"HTTP/1.1 401 No\r\nWWW-Authenticate: {scheme}\r\nContent-Length: 0\r\n\r\n".encode())
        request = connection.recv(65536)
        seen.append(request)
        body = request + b" secret-word"
        connection.sendall(b"HTTP/1.1 500 No\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    with speaking(say) as url:
        sender = Client(parse(url), lambda: Credentials("\u00e5da", "secret-word"), 5)
        words = sender.send("GET", "/").words()
        sender.close()
    (request,) = seen
    login = request.partition(b"Authorization: ")[2].partition(b"\r\n")[0].decode()
    assert login.startswith(scheme.partition(" ")[0])
    assert scheme == "Basic" or 'username="\u00e5da", realm="caf\u00e9"' in login
    assert login.partition(" ")[2] not in words
    assert "secret-word" not in words
    assert "***" in words


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_of_another_kind_is_told(scheme: str) -> None:
    """A server that speaks neither HTTP nor TLS says its own words and closes."""

    def say(connection: socket.socket) -> None:
        connection.sendall(b"\x00\x00\x00\x00 not what you think\r\n\r\n")

    with speaking(say) as url, pytest.raises(ServerError, match=r"no HTTP server|no encrypted connection"):
        send(Client(parse(url.replace("http", scheme)), lambda: None, 5))


def test_a_certificate_that_is_not_trusted_is_no_reason_to_go_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def distrust(_: object) -> None:
        error = ssl.SSLCertVerificationError(1, "no")
        error.reason = "CERTIFICATE_VERIFY_FAILED"  # the library's own have one
        raise error

    monkeypatch.setattr("http.client.HTTPSConnection.connect", distrust)
    with pytest.raises(ServerError, match="no encrypted connection") as caught:
        send(Client(parse("https://127.0.0.1:1"), lambda: None, 5))
    assert "http://" not in caught.value.hint
    assert "certificate" in caught.value.hint
