"""A temporary database on disk, for what is too much to hold in memory."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING
from weakref import finalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CACHE_KIB = 64 * 1024
"""Memory that the database may use; the rest is on disk, in the folder for temporary files (TMPDIR)."""


class Spool:
    """Rows in tables that no other process sees and that are gone when the object is.

    Raises sqlite3.OperationalError when the disk is full; `target.opened` makes it an error of ours.
    """

    def __init__(self, schema: str) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        finalize(self, self._db.close)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "temp_store = FILE", f"cache_size = -{_CACHE_KIB}"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(schema)

    def run(self, sql: str, *values: object) -> int:
        """Run a statement and return how many rows it changed."""
        return self._db.execute(sql, values).rowcount

    def many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run a statement once for each row, all in one go."""
        self._db.execute("BEGIN")
        self._db.executemany(sql, rows)
        self._db.execute("COMMIT")

    def rows(self, sql: str, *values: object) -> Iterator[tuple[str, ...]]:
        """Yield the rows of an answer as they are found."""
        return self._db.execute(sql, values)

    def one(self, sql: str, *values: object) -> str | None:
        """Return the first column of the first row, or None without rows."""
        row = self._db.execute(sql, values).fetchone()
        return None if row is None else row[0]

    def count(self, sql: str, *values: object) -> int:
        """Return the number that a statement counts."""
        return int(self.one(sql, *values) or 0)
