"""A temporary database on disk, for what is too much to hold in memory."""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import finalize

from pyoxigraph import BaseDirection, BlankNode, DefaultGraph, Literal, NamedNode

from postholder import terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postholder.graph import Term

CACHE_MIB = 64
"""Memory that the database may use; the rest is on disk, in the folder for temporary files (TMPDIR)."""

CACHED = 1024
"""How many answers of one kind are kept in memory for the next time they are asked for."""

_STRING = terms.XSD + "string"


class Spool:
    """Rows in tables that no other process sees and that are gone when the object is.

    Raises sqlite3.OperationalError when the disk is full; `target.opened` makes it an error of ours.
    """

    def __init__(self, schema: str) -> None:
        # The garbage collector may close it from any thread; nothing else is done from another one.
        self._db = sqlite3.connect("", isolation_level=None, cached_statements=256, check_same_thread=False)
        finalize(self, self._db.close)
        for pragma in (
            "journal_mode = OFF",
            "synchronous = OFF",
            "temp_store = FILE",
            f"cache_size = {-CACHE_MIB * 1024}",
        ):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(schema)

    def run(self, sql: str, *values: object) -> None:
        """Run a statement."""
        self._db.execute(sql, values)

    def many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run a statement once for each row, all in one go; making the rows may do the same with another."""
        if self._db.in_transaction:
            self._db.executemany(sql, rows)
            return
        self._db.execute("BEGIN")
        self._db.executemany(sql, rows)
        self._db.execute("COMMIT")

    def rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of an answer as they are found."""
        return self._db.execute(sql, values)

    def column(self, sql: str, *values: object) -> list[Any]:
        """Return the first column of an answer."""
        return [row[0] for row in self._db.execute(sql, values)]

    def has(self, sql: str, *values: object) -> bool:
        """Tell whether an answer has a row."""
        return self._db.execute(sql, values).fetchone() is not None

    def count(self, sql: str, *values: object) -> int:
        """Return the number in the first column of the only row."""
        return int(self._db.execute(sql, values).fetchone()[0])


def encoded(term: Term | DefaultGraph) -> str:
    """Return a term as text: an IRI as it is, a literal in quotes (not escaped), a blank node with `_:`."""
    if isinstance(term, NamedNode):
        return term.value
    if isinstance(term, Literal):
        return f'"{term.value}"{_tail(term)}'
    return "" if isinstance(term, DefaultGraph) else str(term)


def _tail(literal: Literal) -> str:
    if literal.language is not None:
        return f"@{literal.language}--{literal.direction}" if literal.direction else f"@{literal.language}"
    return "" if literal.datatype.value == _STRING else f"^^{literal.datatype.value}"


def decoded(text: str) -> NamedNode | BlankNode | Literal:
    """Return the term that `encoded` made text; neither a language nor a datatype has a quote in it."""
    if not text.startswith('"'):
        return BlankNode(text[2:]) if text.startswith("_:") else NamedNode(text)
    end = text.rindex('"')
    value, tail = text[1:end], text[end + 1 :]
    if tail.startswith("@"):
        language, _, direction = tail[1:].partition("--")
        return Literal(value, language=language, direction=BaseDirection(direction) if direction else None)
    return Literal(value, datatype=_datatype(tail[2:])) if tail else Literal(value)


def listed(text: str) -> list[str]:
    """Return the IRIs that text holds, parted by the one blank that no IRI has: some have others, such as U+3000."""
    return text.split(" ") if text else []


@lru_cache(maxsize=256)
def _datatype(iri: str) -> NamedNode:
    return NamedNode(iri)


def text(term: str) -> str:
    """Return what an encoded term holds: the text of a literal; a name as it is."""
    return term[1 : term.rindex('"')] if term.startswith('"') else term
