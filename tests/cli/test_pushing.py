"""The terminal's side of a push: the login it asks for and the bar it draws."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from postholder.cli import pushing
from postholder.cli.main import main
from postholder.errors import ServerError
from postholder.push.base import Credentials, PushResult

if TYPE_CHECKING:
    from postholder.api import KnowledgeGraph


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        """Say that somebody sits here."""
        return True


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start without a login in the environment."""
    monkeypatch.delenv("POSTHOLDER_PUSH_USER", raising=False)
    monkeypatch.delenv("POSTHOLDER_PUSH_PASSWORD", raising=False)


def ask() -> Credentials | None:
    login = pushing.login("bolt://h")
    assert not isinstance(login, Credentials)
    return login()


def test_the_login_of_the_environment_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTHOLDER_PUSH_USER", "ada")
    monkeypatch.setenv("POSTHOLDER_PUSH_PASSWORD", "secret")
    assert pushing.login("bolt://h") == Credentials("ada", "secret")


def test_what_is_missing_is_asked_for_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _: "secret")
    shown = _Terminal()
    monkeypatch.setattr("sys.stderr", shown)
    monkeypatch.setattr("sys.stdin", _Terminal("ada\n"))
    assert ask() == Credentials("ada", "secret")
    assert "bolt://h asks for a login" in shown.getvalue()
    monkeypatch.setenv("POSTHOLDER_PUSH_USER", "bob")
    assert ask() == Credentials("bob", "secret")
    monkeypatch.delenv("POSTHOLDER_PUSH_USER")
    monkeypatch.setenv("POSTHOLDER_PUSH_PASSWORD", "other")
    monkeypatch.setattr("sys.stdin", _Terminal("eve\n"))
    assert ask() == Credentials("eve", "other")


def test_nobody_is_asked_where_nobody_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert ask() is None
    monkeypatch.setattr("sys.stdin", None)
    assert ask() is None


def test_the_end_of_the_input_is_no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", ended)
    monkeypatch.setattr("sys.stderr", _Terminal())
    for typed in ("", "ada\n"):
        monkeypatch.setattr("sys.stdin", _Terminal(typed))
        assert ask() is None


def test_a_bar_does_not_stand_before_an_error(shipped: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    def push(_source: object, _target: str, **options: Any) -> PushResult:
        options["progress"]("nodes", 1, 2)
        raise ServerError("it broke")

    shown = _Terminal()
    monkeypatch.setattr("sys.stderr", shown)
    monkeypatch.setattr("postholder.push.push.push", push)
    monkeypatch.setattr("postholder.cli.commands.opened", lambda _: shipped)
    assert main(["push", "bolt://127.0.0.1:1"]) == 3
    assert shown.getvalue().endswith("1/2\r\x1b[Kpostholder: it broke\n")


def test_a_bar_is_drawn_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _Terminal()
    monkeypatch.setattr("sys.stderr", shown)
    draw = pushing.progress()
    draw("nodes", 1, 2)
    assert "nodes     [############............] 1/2" in shown.getvalue()
    draw("nodes", 2, 2)
    assert shown.getvalue().endswith("\r\x1b[K")
    draw("none", 0, 0)
    silent = io.StringIO()
    monkeypatch.setattr("sys.stderr", silent)
    pushing.progress()("nodes", 1, 2)
    assert silent.getvalue() == ""


def test_the_command_tells_what_it_did(
    shipped: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {}

    def push(_source: object, target: str, **options: object) -> PushResult:
        told.update(options)
        return PushResult(target, changed=True, counts={"facts": 1})

    monkeypatch.setattr("postholder.push.push.push", push)
    monkeypatch.setenv("POSTHOLDER_PUSH_USER", "ada")
    monkeypatch.setenv("POSTHOLDER_PUSH_PASSWORD", "secret")
    assert main(["push", "http://db.example/data", "--force", "--name", "other"]) == 0
    out, err = capsys.readouterr()
    assert out == "pushed to http://db.example/data\n1 facts\nnothing is lost\n"
    assert "nothing that is sent to db.example is encrypted" in err
    assert (told["force"], told["name"], told["login"]) == (True, "other", Credentials("ada", "secret"))
    assert main(["push", "bolt://localhost", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["changed"] is True
    shipped.push("bolt://localhost")
    assert told["login"] == Credentials("ada", "secret")


def test_a_target_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["push"]) == 2
    assert "where to?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("target", "status", "says"),
    [
        ("ftp://h", 2, "did you mean"),
        ("http://ada:secret@h", 2, "POSTHOLDER_PUSH_PASSWORD"),
        ("http://127.0.0.1:1", 3, "Connection refused"),
    ],
)
def test_errors_have_one_line_and_a_hint(
    target: str, status: int, says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("postholder.push.http._WAITS", (0.0,))
    assert main(["push", target]) == status
    err = capsys.readouterr().err
    assert says in err
    assert "hint:" in err
    assert "secret" not in err
