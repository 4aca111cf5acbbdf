"""The Bolt connection: each error of the driver becomes one of ours, whatever stands at the address."""

from __future__ import annotations

import builtins
import socket
import threading
from contextlib import suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self

import neo4j
import pytest
from neo4j import exceptions

from postholder.errors import CannotError, ServerError
from postholder.push import bolt
from postholder.push.address import parse
from postholder.push.base import Credentials
from postholder.push.bolt import Bolt, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.push.quirky import Server

HERE = parse("bolt://127.0.0.1:1")


class _Session:
    """A session whose statements give what the test wants."""

    def __init__(self, answers: Callable[[str], Any]) -> None:
        self._answers = answers
        self.kept: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Close nothing."""

    def run(self, text: str, _parameters: object = None) -> Any:
        """Run a statement."""
        found = self._answers(text)
        if isinstance(found, Exception):
            raise found
        return _Result(found)

    def execute_write(self, work: Callable[[_Session], Any]) -> Any:
        """Run a transaction; what it did is kept unless it raises."""
        result = work(self)
        self.kept.append("kept")
        return result


class _Result(list[Any]):
    def consume(self) -> None:
        """Take the rest."""


@pytest.fixture
def drive(monkeypatch: pytest.MonkeyPatch) -> Callable[..., SimpleNamespace]:
    """Return a function that puts a driver with these answers in place of the real one."""

    def put(answers: Callable[[str], Any], wants: str | None = None) -> SimpleNamespace:
        made = SimpleNamespace(auths=[], closed=0, session=_Session(answers))

        def driver(_url: str, auth: tuple[str, str] | None = None, **_options: object) -> Any:
            made.auths.append(auth)
            refused = wants is not None and (auth is None or auth[1] != wants)
            session = _Session(lambda _: exceptions.AuthError("no")) if refused else made.session
            return SimpleNamespace(session=lambda **_: session, close=lambda: setattr(made, "closed", made.closed + 1))

        monkeypatch.setattr(neo4j.GraphDatabase, "driver", driver)
        return made

    return put


def test_statements_run_and_give_rows(drive: Callable[..., SimpleNamespace]) -> None:
    made = drive(lambda text: [{"n": 3}] if "RETURN" in text else [])
    server = Bolt(HERE, None, lambda: None, known=False)
    assert server.rows("RETURN 3", a=1) == [{"n": 3}]
    assert server.together(["SET", "RETURN"], {}, 3) == [{"n": 3}]
    assert len(made.session.kept) == 2
    assert server.together(["SET", "RETURN"], {}, 4) == [{"n": 3}]
    assert len(made.session.kept) == 2
    server.schema("CREATE CONSTRAINT")
    server.close()
    assert made.closed == 1
    assert [number([{"a": "7"}]), number([])] == [7, 0]


@pytest.mark.parametrize("known", [True, False])
def test_the_login_is_asked_for_when_the_server_wants_one(drive: Callable[..., SimpleNamespace], known: bool) -> None:
    made = drive(lambda _: [], wants="secret")
    Bolt(HERE, None, lambda: Credentials("ada", "secret"), known=known)
    assert made.auths == [("ada", "secret")] if known else [None, ("ada", "secret")]


@pytest.mark.parametrize("login", [None, Credentials("ada", "wrong-word")])
def test_a_wrong_or_missing_login_is_told(drive: Callable[..., SimpleNamespace], login: Credentials | None) -> None:
    made = drive(lambda _: [], wants="secret")
    with pytest.raises(ServerError, match="wants a user and password") as caught:
        Bolt(HERE, None, lambda: login, known=False)
    assert "wrong-word" not in str(caught.value)
    assert made.closed == len(made.auths)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (exceptions.ServiceUnavailable("looks like HTTP"), "this port speaks something else"),
        (exceptions.SessionExpired("gone"), "see that it runs"),
        (OSError("gone"), "no Bolt server is reached"),
        (exceptions.TransientError("busy"), "refuses: busy"),
        (exceptions.ClientError(), "refuses:"),
        (exceptions.ConfigurationError("no"), "no Bolt server that the driver understands"),
        (ValueError("no"), "no Bolt server that the driver understands"),
    ],
)
def test_every_error_of_the_driver_is_one_of_ours(
    drive: Callable[..., SimpleNamespace], error: Exception, says: str
) -> None:
    made = drive(lambda _: error)
    with pytest.raises(ServerError, match=says):
        Bolt(HERE, None, lambda: None, known=False)
    assert made.closed == (2 if isinstance(error, exceptions.ConfigurationError) else 1)


def test_a_server_that_cannot_be_told_to_keep_its_notes_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before Bolt 5.2 the driver refuses to speak with a server at all if notes are to be left out."""
    asked: list[bool] = []

    def driver(_url: str, **options: object) -> Any:
        asked.append("notifications_min_severity" in options)
        answer: Any = exceptions.ConfigurationError("Notification filtering is not supported") if asked[-1] else []
        return SimpleNamespace(session=lambda **_: _Session(lambda _: answer), close=lambda: None)

    monkeypatch.setattr(neo4j.GraphDatabase, "driver", driver)
    assert Bolt(HERE, None, lambda: None, known=False).rows("RETURN 1") == []
    assert asked == [True, False]


def test_the_driver_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any) -> Any:
        if name == "neo4j":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(CannotError, match=r"\[neo4j\]"):
        bolt._driver()


@pytest.fixture
def closing_port() -> Iterator[int]:
    """Return a port that closes each connection at once."""

    def serve(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                listener.accept()[0].close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_what_is_no_bolt_server_is_told(closing_port: int, quirky: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the real driver: nothing there, something that hangs up, an HTTP server, a server without TLS."""
    monkeypatch.setattr(bolt, "_CONNECT_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    urls = [
        f"bolt://127.0.0.1:{port}",
        f"bolt://127.0.0.1:{closing_port}",
        f"bolt+s://127.0.0.1:{closing_port}",
        f"neo4j://127.0.0.1:{port}",
        quirky.url.replace("http://", "bolt://"),
    ]
    for url in urls:
        with pytest.raises(ServerError, match="no Bolt server"):
            Bolt(parse(url), None, lambda: None, known=False)
    assert len(urls) == 5
