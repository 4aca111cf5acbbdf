"""The wall: a function behind it opens nothing, is stopped at its limits, and its failure is told."""

from __future__ import annotations

import builtins
import multiprocessing
import os
import pickle
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from postholder import walled
from postholder.errors import CannotError, Place, PostholderError, QueryLimitError, UnknownNameError
from postholder.settings import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def call(function: Callable[[], Any], seconds: float = 20, extra: int = 512 * MEBIBYTE) -> Any:
    return walled.call(function, "the work", "POSTHOLDER_X_SECONDS", seconds=seconds, extra=extra)


def fails(function: Callable[[], Any], **limits: Any) -> PostholderError:
    with pytest.raises(PostholderError) as caught:
        call(function, **limits)
    assert not multiprocessing.active_children()
    return caught.value


@pytest.mark.parametrize("value", [None, 1, "text", ("a", [1, {"b": 2}]), b"x" * 10_000_000])
def test_a_value_comes_back(value: object) -> None:
    assert call(lambda: value) == value
    assert not multiprocessing.active_children()


def test_the_function_runs_in_another_process() -> None:
    touched = {"by": os.getpid()}

    def touch() -> int:
        touched["by"] = 0
        return os.getpid()

    assert call(touch) != os.getpid()
    assert touched == {"by": os.getpid()}


def test_an_error_of_ours_comes_back_whole() -> None:
    def fail() -> None:
        raise UnknownNameError("no", hint="do that", place=Place("f", 3))

    error = fails(fail)
    assert isinstance(error, UnknownNameError)
    assert (error.message, error.hint, error.place, error.exit_code) == ("no", "do that", Place("f", 3), 2)


def test_another_error_is_told_by_name(capfd: pytest.CaptureFixture[str]) -> None:
    error = fails(lambda: 1 // 0)
    assert isinstance(error, CannotError)
    assert not isinstance(error, QueryLimitError)
    assert "the work failed: ZeroDivisionError" in error.message
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("kind", "told"), [(MemoryError, "memory"), (RecursionError, "nests too deeply")])
def test_limits_of_the_interpreter_are_limits(kind: type[Exception], told: str) -> None:
    def fail() -> None:
        raise kind

    error = fails(fail)
    assert isinstance(error, QueryLimitError)
    assert told in error.message
    assert error.hint


def test_time_is_limited() -> None:
    start = time.monotonic()
    error = fails(lambda: time.sleep(30), seconds=0.2)
    assert time.monotonic() - start < 5
    assert isinstance(error, QueryLimitError)
    assert "the work was stopped after 0.2 s" in error.message
    assert "POSTHOLDER_X_SECONDS" in error.hint


def test_memory_is_limited(capfd: pytest.CaptureFixture[str]) -> None:
    error = fails(lambda: b"x" * (200 * MEBIBYTE), extra=50 * MEBIBYTE)
    assert isinstance(error, QueryLimitError)
    assert "memory" in error.message
    assert capfd.readouterr() == ("", "")
    assert call(lambda: len(b"x" * (200 * MEBIBYTE)), extra=500 * MEBIBYTE) == 200 * MEBIBYTE


def test_an_answer_too_large_to_hand_over_is_a_limit(capfd: pytest.CaptureFixture[str]) -> None:
    big = ["x" * 1000 + str(n) for n in range(60_000)]
    error = fails(lambda: big, extra=8 * MEBIBYTE, seconds=10)
    assert isinstance(error, QueryLimitError)
    assert "memory" in error.message
    assert capfd.readouterr() == ("", "")


def test_nothing_of_the_caller_is_limited() -> None:
    import resource  # noqa: PLC0415 - not on every system

    before = [resource.getrlimit(r) for r in (resource.RLIMIT_AS, resource.RLIMIT_NOFILE, resource.RLIMIT_CORE)]
    environment = dict(os.environ)
    call(lambda: None)
    after = [resource.getrlimit(r) for r in (resource.RLIMIT_AS, resource.RLIMIT_NOFILE, resource.RLIMIT_CORE)]
    assert after == before
    assert dict(os.environ) == environment


@pytest.mark.parametrize("signal", [9, 15, 11])
def test_a_killed_child_is_a_limit(signal: int) -> None:
    def die() -> None:
        os.kill(os.getpid(), signal)
        time.sleep(10)

    error = fails(die)
    assert isinstance(error, QueryLimitError)
    assert "was stopped" in error.message


def test_a_child_that_leaves_without_a_word_is_a_limit() -> None:
    assert isinstance(fails(lambda: os._exit(0)), QueryLimitError)


def test_a_child_killed_while_it_answers_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def half(pipe: Any, *_: object) -> None:
        os.write(pipe.fileno(), (1000).to_bytes(4, "big") + b"only the start")
        os._exit(9)

    monkeypatch.setattr(walled, "_child", half)
    assert isinstance(fails(lambda: 1), QueryLimitError)


def test_no_file_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("secret", encoding="utf-8")
    assert "Too many open files" in fails(path.read_bytes).message
    assert "Too many open files" in fails(lambda: (tmp_path / "new").write_text("x", encoding="utf-8")).message
    assert not (tmp_path / "new").exists()


def test_no_socket_is_opened() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        assert fails(lambda: socket.create_connection(address)).message
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()


def test_no_program_is_started(tmp_path: Path) -> None:
    error = fails(lambda: subprocess.run(["/bin/sh", "-c", f"echo x > {tmp_path}/made"], check=True))
    assert error.message
    assert not (tmp_path / "made").exists()


def test_the_wall_cannot_be_taken_down() -> None:
    def raise_limit() -> None:
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))

    if os.geteuid() == 0:
        assert call(lambda: 1) == 1  # root may raise any limit; nothing an engine reads asks for that
    else:
        assert "ValueError" in fails(raise_limit).message


def test_what_is_printed_behind_it_is_not_seen(capfd: pytest.CaptureFixture[str]) -> None:
    assert call(lambda: (sys.stderr.write("noise"), os.write(2, b"more"))[1]) == 4
    assert capfd.readouterr().err == ""


def test_memory_is_left_alone_where_it_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.open

    def no_proc(name: object, *args: Any, **more: Any) -> Any:
        if str(name).startswith("/proc/"):
            raise FileNotFoundError(name)
        return real(name, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(builtins, "open", no_proc)
    assert call(lambda: len(b"x" * 10_000_000), extra=1) == 10_000_000


def test_whether_there_can_be_a_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    assert walled.can_wall()
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    assert not walled.can_wall()


# The same code in this process, so that each way through it is seen.


class Pipe:
    """Takes what the child would send."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send_bytes(self, data: bytes) -> None:
        """Keep the bytes."""
        self.sent.append(data)


@pytest.mark.parametrize(
    ("raised", "kind", "told"),
    [
        (None, int, ""),
        (UnknownNameError("no"), UnknownNameError, "no"),
        (MemoryError(), QueryLimitError, "memory"),
        (RecursionError(), QueryLimitError, "nests"),
        (KeyError("k"), CannotError, "the work failed: KeyError: 'k'"),
    ],
)
def test_the_child_sends_one_message_and_leaves(
    raised: Exception | None, kind: type, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[int] = []
    freed: list[bool] = []
    monkeypatch.setattr(walled, "_wall", lambda _: None)
    monkeypatch.setattr(walled, "_unbound_memory", lambda: freed.append(True))
    monkeypatch.setattr(os, "_exit", left.append)

    def act() -> int:
        if raised:
            raise raised
        return 7

    pipe = Pipe()
    walled._child(pipe, act, "the work", 1)  # type: ignore[arg-type]
    [message] = pipe.sent
    found = pickle.loads(message)  # noqa: S301 - our own bytes
    assert isinstance(found, kind)
    assert told in str(found)
    assert left == [0]
    assert bool(freed) == isinstance(raised, MemoryError)


@pytest.mark.parametrize("told", [True, False])
def test_the_wall_sets_every_limit(told: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    import resource  # noqa: PLC0415 - not on every system

    limits: dict[int, tuple[int, int]] = {}
    real = builtins.open

    def no_proc(name: object, *args: Any, **more: Any) -> Any:
        if str(name).startswith("/proc/"):
            raise FileNotFoundError(name)
        return real(name, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    monkeypatch.setattr(sys, "stderr", sys.stderr)
    told_rust: list[tuple[str, str]] = []
    monkeypatch.setattr(os, "putenv", lambda *pair: told_rust.append(pair))
    if not told:
        monkeypatch.setattr(builtins, "open", no_proc)
    walled._wall(1000)
    sys.stderr.close()
    monkeypatch.undo()
    assert told_rust == [("RUST_BACKTRACE", "0")]
    assert limits[resource.RLIMIT_CORE] == (0, 0)
    assert limits[resource.RLIMIT_NOFILE] == (0, 0)
    assert (resource.RLIMIT_AS in limits) == told


def test_room_is_given_back_to_tell_that_there_was_none(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource  # noqa: PLC0415 - not on every system

    limits: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    walled._unbound_memory()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    assert limits == {resource.RLIMIT_AS: (hard, hard)}
