"""The column store that the tables are in: in memory, bounded, and without a way to anything outside."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from postholder.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

_INTERRUPTED = "Query interrupted"
_MOST_SECONDS = 1e9
"""More than anybody waits; the store counts in whole numbers."""


def connect(seconds: float, threads: int = 0) -> duckdb.DuckDBPyConnection:
    """Return a connection to a store in memory; one statement may take so many seconds.

    What memory does not hold goes to a folder of its own among the temporary files. Raises EngineError
    without DuckDB.
    """
    try:
        import duckdb  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise EngineError(
            "closing large graphs needs DuckDB", hint="in the folder of the project: pip install '.[large]'"
        ) from error
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "temp_directory": str(Path(tempfile.gettempdir(), f"postholder-{uuid4().hex}")),
            "max_execution_time": max(1, int(min(seconds, _MOST_SECONDS) * 1000)),
            "preserve_insertion_order": False,
        }
    )
    connection.execute("set enable_progress_bar = false")  # it is on where Python has no main file
    if threads:
        connection.execute(f"set threads = {threads}")
    return connection


def shut(connection: duckdb.DuckDBPyConnection) -> None:
    """Let a connection reach no file and no network any more, whatever it is told."""
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raise EngineError when the store ends a statement because of its time, memory or files.

    It tells of Ctrl-C by an error of no kind of its own; that becomes the interrupt that it was.
    """
    import duckdb  # noqa: PLC0415 - an extra

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise EngineError("the closure needs more memory than there is", hint="give fewer facts") from error
    except duckdb.IOException as error:
        raise EngineError(
            f"the column store cannot read or write: {error}",
            hint="make room among the temporary files, or set TMPDIR to a folder with more, or give fewer facts",
        ) from error
    except duckdb.InterruptException as error:
        raise out_of_time(seconds) from error
    except RuntimeError as error:
        if str(error) == _INTERRUPTED:
            raise KeyboardInterrupt from error
        raise


def out_of_time(seconds: float) -> EngineError:
    """Return the error of a piece of work that takes longer than it may."""
    return EngineError(
        f"the closure did not finish in {seconds:g} s",
        hint="set POSTHOLDER_ENGINE_SECONDS higher, or give fewer facts",
    )
