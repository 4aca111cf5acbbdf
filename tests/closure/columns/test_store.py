"""The column store reaches nothing outside, and its time and memory end in errors that say so."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from time import sleep
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import pytest

from postholder.closure.columns import store
from postholder.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONG = "select count(*) from range(1000000) a, range(1000000) b where a.range * b.range % 7 = 3"


def test_an_interrupt_stays_one() -> None:
    """The store tells of Ctrl-C, which it notices within a statement, by a plain RuntimeError."""
    code = f"""from postholder.closure.columns import store
connection = store.connect(60)
print(flush=True)
try:
    with store.bounded(60):
        connection.execute({LONG!r})
except KeyboardInterrupt:
    print("interrupted")"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        sleep(1)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60)[0] == "interrupted\n"


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match="other"), store.bounded(60):
        raise RuntimeError("other")


def test_what_cannot_be_written_is_told() -> None:
    with pytest.raises(EngineError, match="No space left") as error, store.bounded(60):
        raise duckdb.IOException("No space left on device")
    assert "TMPDIR" in str(error.value.hint)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    found = store.connect(60)
    yield found
    found.close()


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('{path}')",
        "select * from read_text('{path}')",
        "select * from glob('/*')",
        "copy (select 1) to '{path}.out'",
        "attach '{path}.db' as other",
        "install httpfs",
        "load httpfs",
        "select * from read_csv('http://127.0.0.1:9/x.csv')",
        "set enable_external_access = true",
        "set threads = 1",
        "set max_execution_time = 0",
    ],
)
def test_what_is_shut_reaches_nothing(connection: duckdb.DuckDBPyConnection, tmp_path: Path, statement: str) -> None:
    path = tmp_path / "secret.csv"
    path.write_text("a\n1\n", encoding="utf-8")
    assert connection.execute(f"select * from read_csv('{path}')").fetchall() == [(1,)]
    store.shut(connection)
    with pytest.raises(duckdb.Error):
        connection.execute(statement.format(path=path)).fetchall()
    assert [p.name for p in tmp_path.iterdir()] == ["secret.csv"]
    assert connection.execute("select 1").fetchall() == [(1,)]


def test_names_of_python_are_no_tables(connection: duckdb.DuckDBPyConnection) -> None:
    secret = pd.DataFrame({"a": [1]})
    assert connection.execute("select * from secret").fetchall() == [tuple(secret.iloc[0])]
    store.shut(connection)
    with pytest.raises(duckdb.Error):
        connection.execute("select * from secret").fetchall()


def test_a_long_statement_ends() -> None:
    connection = store.connect(0.2)
    with pytest.raises(EngineError, match=r"did not finish in 0\.2 s") as told, store.bounded(0.2):
        connection.execute(LONG).fetchall()
    assert "POSTHOLDER_ENGINE_SECONDS" in told.value.hint
    assert "`seconds`" in told.value.hint
    connection.close()


@pytest.mark.parametrize(("seconds", "told"), [(0, 1), (0.5, 500), (float("inf"), 10**12)])
def test_any_time_can_be_given(seconds: float, told: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not asked of the store: one with a thousandth of a second has no time to answer."""
    asked = []
    connect = duckdb.connect

    def noted(config: dict[str, Any]) -> duckdb.DuckDBPyConnection:
        asked.append(config["max_execution_time"])
        return connect()

    monkeypatch.setattr(duckdb, "connect", noted)
    store.release(store.connect(seconds))
    assert asked == [told]


def test_a_long_statement_prints_nothing() -> None:
    """Where Python has no main file, as in a shell, the store would draw a bar."""
    text = (
        "from postholder.closure.columns import store\n"
        "print(store.connect(60).execute(\"select current_setting('enable_progress_bar')\").fetchall())"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[(False,)]\n", "")


def test_too_little_memory_is_told(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("set memory_limit = '10MB'; set max_temp_directory_size = '1MB'")
    with pytest.raises(EngineError, match="more memory"), store.bounded(60):
        connection.execute("create table t as select md5(range::varchar) as x from range(2000000) order by x")


def test_a_full_disk_is_told(connection: duckdb.DuckDBPyConnection) -> None:
    """A bound on the size of files stands for a disk that is full."""
    connection.execute("set memory_limit = '30MB'; set threads = 1")
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, old[1]))
        with pytest.raises(EngineError, match="store failed: IO Error") as told, store.bounded(60):
            connection.execute("create table t as select md5(range::varchar) as x from range(1500000) order by x")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, before)
    assert "TMPDIR" in told.value.hint


def test_any_other_error_is_told_with_what_to_do(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(EngineError, match="failed: Catalog Error: Table with name nothing") as told, store.bounded(60):
        connection.execute("select * from nothing")
    assert "\n" not in told.value.message
    assert told.value.hint == "report this with the data"
    connection.close()
    with pytest.raises(EngineError, match="this closure was closed") as told, store.bounded(60):
        connection.execute("select 1")
    assert told.value.hint == "close the facts anew"
    with pytest.raises(EngineError, match="at least 1 thread"):
        store.connect(60, threads=-1)


def test_without_temporary_files_there_is_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with pytest.raises(EngineError, match="no room for temporary files") as told:
        store.connect(60)
    assert "TMPDIR" in told.value.hint


def test_what_memory_does_not_hold_goes_to_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    connection = store.connect(60, threads=1)
    connection.execute("set memory_limit = '30MB'")
    store.shut(connection)
    connection.execute("create table t as select md5(range::varchar) as x from range(1500000) order by x")
    (folder,) = (p for p in tmp_path.iterdir() if p.name != "work")
    assert folder.name.startswith("postholder-")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert list(folder.iterdir())
    store.release(connection)
    store.release(connection)
    assert [p.name for p in tmp_path.rglob("*")] == ["work"]


@pytest.mark.parametrize("end", ["", "connection.close()", "del connection", "raise SystemExit"])
def test_the_folder_goes_without_a_word_too(tmp_path: Path, end: str) -> None:
    text = f"from postholder.closure.columns import store\nconnection = store.connect(60)\n{end}"
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout + done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_what_fails_after_opening_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(EngineError, match="Parser Error"), store.opened(60) as connection:
        connection.execute("nonsense")
    with pytest.raises(duckdb.ConnectionException):
        connection.execute("select 1")
    assert list(tmp_path.iterdir()) == []


def test_threads_are_bounded() -> None:
    connection = store.connect(60, threads=1)
    assert connection.execute("select current_setting('threads')").fetchall() == [(1,)]
    connection.close()


def test_without_duckdb_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(EngineError, match="needs DuckDB") as told:
        store.connect(60)
    assert ".[large]" in told.value.hint
