"""The column store that the tables are in: in memory, bounded, and without a way to anything outside."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager, suppress
from shutil import rmtree
from typing import TYPE_CHECKING
from weakref import finalize

from postholder.closure.words import MORE_TIME
from postholder.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

_INTERRUPTED = "Query interrupted"
_MOST_SECONDS = 1e9
"""More than anybody waits; the store counts in whole numbers."""
_ROOM = "let TMPDIR name a folder with more room: what memory does not hold goes there"


def connect(seconds: float, threads: int = 0) -> duckdb.DuckDBPyConnection:
    """Return a connection to a store in memory; one statement may take so many seconds.

    What memory does not hold goes to a folder of its own among the temporary files, which nobody else may read;
    it goes with the connection, see `release`. Raises EngineError, without DuckDB too.
    """
    try:
        import duckdb  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise EngineError(
            "closing large graphs needs DuckDB", hint="in the folder of the project: pip install '.[large]'"
        ) from error
    try:
        folder = tempfile.mkdtemp(prefix="postholder-")
    except OSError as error:
        raise EngineError(f"there is no room for temporary files: {error}", hint=_ROOM) from error
    with bounded(seconds):
        connection = duckdb.connect(
            config={
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "temp_directory": folder,
                "max_execution_time": max(1, int(min(seconds, _MOST_SECONDS) * 1000)),
                "preserve_insertion_order": False,
            }
        )
        finalize(connection, rmtree, folder, ignore_errors=True)  # for those who release nothing
        connection.execute("set enable_progress_bar = false")  # it is on where Python has no main file
        if threads:
            connection.execute(f"set threads = {threads}")
    return connection


def release(connection: duckdb.DuckDBPyConnection) -> None:
    """End a connection and remove its folder; one that has ended stays so."""
    import duckdb  # noqa: PLC0415 - an extra

    with suppress(duckdb.Error):
        ((folder,),) = connection.execute("select current_setting('temp_directory')").fetchall()
        connection.close()
        rmtree(folder, ignore_errors=True)


@contextmanager
def opened(seconds: float, threads: int = 0) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection as `connect` does; its errors are those of `bounded`, and end it."""
    connection = connect(seconds, threads)
    try:
        with bounded(seconds):
            yield connection
    except BaseException:
        release(connection)
        raise


def shut(connection: duckdb.DuckDBPyConnection) -> None:
    """Let a connection reach no file and no network any more, whatever it is told."""
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raise EngineError when the store ends a statement because of its time or memory, or fails.

    It tells of Ctrl-C by an error of no kind of its own; that becomes the interrupt that it was.
    """
    import duckdb  # noqa: PLC0415 - an extra

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise EngineError(
            "the closure needs more memory than there is", hint=f"give fewer facts, or {_ROOM}"
        ) from error
    except duckdb.InterruptException as error:
        raise out_of_time(seconds) from error
    except duckdb.ConnectionException as error:
        raise EngineError("this closure was closed", hint="close the facts anew") from error
    except duckdb.Error as error:
        hint = f"free the disk, or {_ROOM}" if isinstance(error, duckdb.IOException) else "report this with the data"
        told, *_ = str(error).splitlines() or [type(error).__name__]
        raise EngineError(f"the column store failed: {told}", hint=hint) from error
    except RuntimeError as error:
        if str(error) == _INTERRUPTED:
            raise KeyboardInterrupt from error
        raise


def out_of_time(seconds: float) -> EngineError:
    """Return the error of a piece of work that takes longer than it may."""
    return EngineError(f"the closure did not finish in {seconds:g} s", hint=MORE_TIME)
