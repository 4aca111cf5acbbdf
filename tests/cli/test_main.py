"""The program as a whole: exit statuses, streams, and never a traceback."""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from postholder.cli import commands, main
from postholder.errors import CannotError, EngineError, Place, UsageError

if TYPE_CHECKING:
    from postholder.api import KnowledgeGraph


def run(*argv: str, text: str | bytes | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program as a user would."""
    data = text.encode() if isinstance(text, str) else text
    return subprocess.run(
        [sys.executable, "-m", "postholder", *argv],
        input=data if data is not None else b"",
        env={**os.environ, **environment},
        capture_output=True,
        timeout=120,
        check=False,
    )


def command(monkeypatch: pytest.MonkeyPatch, act: Any) -> None:
    monkeypatch.setattr(commands, "doctor", act)


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main([]) == 2
    assert capsys.readouterr().out.startswith("usage: postholder")


def test_the_status_of_the_command_is_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    for status in (0, 1):
        command(monkeypatch, lambda _, status=status: status)
        assert main.main(["doctor"]) == status


def test_arguments_come_from_the_program_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    command(monkeypatch, lambda _: 7)
    monkeypatch.setattr(sys, "argv", ["postholder", "doctor"])
    assert main.main() == 7


@pytest.mark.parametrize("error", [UsageError, CannotError, EngineError])
def test_an_error_is_told_on_the_other_stream(
    error: type[CannotError], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> int:
        raise error("it broke", hint="mend it", place=Place("f", 2))

    command(monkeypatch, fail)
    assert main.main(["doctor"]) == error.exit_code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "postholder: f:2: it broke\n  hint: mend it\n"


def test_an_interrupt_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(_: object) -> int:
        raise KeyboardInterrupt

    command(monkeypatch, interrupt)
    assert main.main(["doctor"]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("name", "says"), [("export", "nothing of this export is left"), ("push", "push again")])
def test_an_interrupted_write_tells_what_is_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, says: str
) -> None:
    def interrupt(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, name, interrupt)
    assert main.main([name]) == 130
    assert says in capsys.readouterr().err


def test_a_fault_of_ours_is_owned_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("POSTHOLDER_DEBUG", raising=False)
    command(monkeypatch, lambda _: 1 // 0)
    assert main.main(["doctor"]) == 3
    err = capsys.readouterr().err
    assert "internal error: ZeroDivisionError" in err
    assert "POSTHOLDER_DEBUG=1" in err
    assert "Traceback" not in err


def test_a_fault_of_ours_can_be_seen_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTHOLDER_DEBUG", "1")
    command(monkeypatch, lambda _: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        main.main(["doctor"])


def test_a_reader_that_went_away_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[int, int]] = []

    class Stream:
        def fileno(self) -> int:
            """Return the number of the stream."""
            return 1

    def gone(_: object) -> int:
        raise BrokenPipeError

    command(monkeypatch, gone)
    monkeypatch.setattr(sys, "stdout", Stream())
    monkeypatch.setattr(os, "dup2", lambda a, b: calls.append((a, b)))
    status = main.main(["doctor"])
    monkeypatch.undo()
    assert status == 141
    assert [b for _, b in calls] == [1]


def test_the_program_sets_its_streams_and_exits(monkeypatch: pytest.MonkeyPatch) -> None:
    set_up: list[dict[str, str]] = []

    class Stream:
        def reconfigure(self, **how: str) -> None:
            """Note how the stream is set up."""
            set_up.append(how)

    monkeypatch.setattr(main, "main", lambda: 5)
    monkeypatch.setattr(sys, "stdout", Stream())
    monkeypatch.setattr(sys, "stderr", Stream())
    with pytest.raises(SystemExit) as caught:
        main.entry()
    monkeypatch.undo()
    assert caught.value.code == 5
    assert set_up[:2] == [{"encoding": "utf-8", "errors": "backslashreplace"}] * 2


def test_the_package_runs_as_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[bool] = []
    monkeypatch.setattr(main, "entry", lambda: ran.append(True))
    runpy.run_module("postholder", run_name="__main__")
    assert ran == [True]


# As a user runs it.


def test_the_program_answers(shipped: KnowledgeGraph) -> None:
    assert shipped.is_built
    done = run("sparql", "ASK { ?s ?p ?o }")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"true\n", b"")


def test_a_query_from_a_pipe(shipped: KnowledgeGraph) -> None:
    assert shipped.is_built
    done = run("sparql", "--format", "csv", text="SELECT (1 AS ?x) {}")
    assert (done.returncode, done.stdout) == (0, b"x\n1\n")


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8"])
def test_text_is_utf8_in_every_locale(locale: str, shipped: KnowledgeGraph) -> None:
    assert shipped.is_built
    environment = {"LC_ALL": locale, "LANG": locale}
    done = run("sparql", "--format", "csv", "SELECT ('\u9c81\u8083 \U0001f600' AS ?x) {}", **environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode() == "x\n\u9c81\u8083 \U0001f600\n"
    done = run("sparql", "--format", "csv", text="SELECT ('\u9c81\u8083' AS ?x) {}", **environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode() == "x\n\u9c81\u8083\n"


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_bytes_that_are_no_text_are_a_wrong_call(locale: str) -> None:
    done = run("sparql", text=b"SELECT * { ?s ?p '\xff' }", LC_ALL=locale)
    assert done.returncode in {2, 3}
    assert b"internal error" not in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_a_reader_may_leave_early(shipped: KnowledgeGraph) -> None:
    assert shipped.is_built
    program = subprocess.Popen(
        [sys.executable, "-m", "postholder", "sparql", "SELECT * { ?s ?p ?o }"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert program.stdout is not None
    assert program.stderr is not None
    with program.stdout, program.stderr:
        assert program.stdout.readline()
        program.stdout.close()
        assert program.stderr.read() == b""
        assert program.wait(60) == 141


def test_an_answer_that_cannot_be_written_is_told() -> None:
    """As on a full disk: here standard output was opened for reading only."""
    with open(os.devnull, "rb") as readonly:  # noqa: PTH123 - a device
        done = subprocess.run(
            [sys.executable, "-m", "postholder", "query"],
            stdout=readonly,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 3
    assert b"Bad file descriptor" in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"internal error" not in done.stderr
    assert b"Exception ignored" not in done.stderr


def test_an_interrupted_program_is_quiet() -> None:
    code = "import os, signal, sys\nfrom postholder.cli import commands, main\n"
    code += (
        "commands.doctor = lambda _: os.kill(os.getpid(), signal.SIGINT) or 0\nsys.argv = "
        "['postholder', 'doctor']\nmain.entry()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)
    assert done.returncode == 128 + signal.SIGINT
    assert done.stderr == b""


def test_help_loads_no_engine() -> None:
    code = """
import sys
from postholder.cli.main import main
try:
    main(["--help"])
except SystemExit:
    pass
print([m for m in ("rdflib", "pyshacl", "owlrl", "pyoxigraph", "yaml", "pandas") if m in sys.modules], file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == "[]\n"
    assert done.stdout.startswith("usage: postholder")


def test_an_answer_that_cannot_be_written_is_told_here_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_: object) -> int:
        raise OSError(28, "No space left on device")

    dropped: list[bool] = []
    command(monkeypatch, full)
    monkeypatch.setattr(main, "_drop_output", lambda: dropped.append(True))
    assert main.main(["doctor"]) == 3
    assert dropped == [True]
    assert capsys.readouterr().err == "postholder: cannot write the answer: No space left on device\n"


def test_closed_streams_are_no_fault() -> None:
    """As started by a service that closes both."""
    done = subprocess.run(
        ["/bin/sh", "-c", '"$0" -m postholder query >&- 2>&-', sys.executable],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_closed_streams_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "main", lambda: 0)
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(SystemExit):
        main.entry()
    opened = [sys.stdout, sys.stderr]
    monkeypatch.undo()
    for stream in opened:
        assert stream is not None
        assert stream.writable()
        stream.close()
