"""Cells of CSV files for bulk loaders (RFC 4180), safe to open in a spreadsheet.

Text is always in quotes, so that an empty text differs from no value. Text that a spreadsheet would
run as a formula gets an apostrophe in front, which is a loss and is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.export.base import Loss, batches
from postholder.export.values import spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from postholder.export.values import Value

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ROWS = 1_000  # lines that are put together before they are written
GUARDED = Loss(
    "guarded",
    "the first character of text that a spreadsheet would run as a formula: an apostrophe stands before it",
    "remove the apostrophe after the import, or import the cypher format",
)


class Cells:
    """Writes values as cells, lists as `joined` makes them one text, and counts what it had to guard."""

    def __init__(self, joined: Callable[[list[str]], str]) -> None:
        self._joined = joined
        self.guarded = 0
        self.multiline = False

    def quoted(self, text: str) -> str:
        """Return text as a cell that no spreadsheet runs."""
        if text.startswith(_FORMULA):
            self.guarded += 1
            text = "'" + text
        self.multiline |= "\n" in text or "\r" in text
        return '"' + text.replace('"', '""') + '"'

    def cell(self, value: Value | None) -> str:
        """Return a value as a cell; no value is an empty cell without quotes."""
        if value is None:
            return ""
        if isinstance(value, list):
            return self.quoted(self._joined(value))
        return self.quoted(value) if isinstance(value, str) else spelled(value)

    def row(self, values: Iterable[Value | None]) -> str:
        """Return a line."""
        return ",".join(self.cell(v) for v in values) + "\n"


def in_blocks(rows: Iterable[str]) -> Iterator[str]:
    """Yield lines in pieces that are worth a call to the file system."""
    return ("".join(batch) for batch in batches(rows, _ROWS))
