"""Answers as rows, and the forms in which people want them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from postholder import terms
from postholder.errors import CannotError
from postholder.graph import handle, text_of
from postholder.text import printable, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from postholder.graph import Term

FORMATS = ("table", "csv", "tsv", "json", "markdown")


def value(term: Term | None) -> Any:
    """Return the Python value of a term: str for an IRI, int, Decimal, date, bool or str for a literal."""
    if term is None:
        return None
    if not isinstance(term, Literal):
        return text_of(term)
    kind, text = term.datatype.value, term.value
    try:
        if kind in terms.INTEGERS:
            return int(text)
        if kind == terms.XSD + "decimal":
            return Decimal(text)
        if kind == terms.XSD + "date":
            return date.fromisoformat(text)
    except (ValueError, InvalidOperation):
        return text
    if kind == terms.XSD + "boolean":
        return text in {"true", "1"}
    return text


def shown(term: Term | None) -> str:
    """Return a term as people read it: an IRI of ours by its short form, a literal by its text."""
    if term is None:
        return ""
    return handle(term.value) if isinstance(term, NamedNode) else text_of(term)


@dataclass(frozen=True)
class Rows:
    """The rows of an answer: columns in order, one tuple of terms a row."""

    columns: tuple[str, ...]
    terms: tuple[tuple[Term | None, ...], ...] = field(repr=False)
    empty: str = "no rows"
    """What it means when there is no row."""

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield each row as a mapping of column to Python value."""
        for row in self.terms:
            yield {c: value(t) for c, t in zip(self.columns, row, strict=True)}

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return every row as a mapping of column to Python value; None where nothing is bound."""
        return list(self)

    def to_pandas(self) -> pd.DataFrame:
        """Return a pandas DataFrame; raise CannotError when pandas is not installed."""
        try:
            import pandas as pd  # noqa: PLC0415 - optional and slow to import
        except ImportError as error:
            raise CannotError(
                "pandas is not installed", hint="in the folder of the project: pip install '.[pandas]'"
            ) from error
        return pd.DataFrame(self.to_dicts(), columns=list(self.columns))

    def render(self, form: str) -> str:
        """Return the rows as `table`, `csv`, `tsv`, `json` or `markdown`; no final line break."""
        cells = [[shown(t) for t in row] for row in self.terms]
        if form == "json":
            return json.dumps(self.to_dicts(), indent=2, ensure_ascii=False, default=str)
        if form == "csv":
            return _separated(self.columns, cells, ",")
        if form == "tsv":
            return _separated(self.columns, cells, "\t")
        if form == "markdown":
            return _markdown(self.columns, cells)
        return table(self.columns, cells) if cells else f"({self.empty})"


def _separated(columns: Sequence[str], cells: Sequence[Sequence[str]], mark: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(cells)
    return out.getvalue().removesuffix("\n")


def _markdown(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    def line(row: Sequence[str]) -> str:
        return "| " + " | ".join(printable(c).replace("\\", "\\\\").replace("|", "\\|") for c in row) + " |"

    return "\n".join([line(columns), "|" + " --- |" * len(columns), *(line(r) for r in cells)])
