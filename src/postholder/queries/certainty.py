"""Rows of an answer with how sure each is: certain, or possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal

from postholder.queries.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from postholder.graph import Term
    from postholder.stores.base import Answer

_COLUMN = "certainty"


def marked(answer: Answer, sure: Answer, key: Sequence[str], empty: str) -> Rows:
    """Return the rows of an answer; those are certain that stand in `sure` too, by the columns of `key`."""
    places = [answer.columns.index(name) for name in key]
    known = {tuple(row[p] for p in places) for row in sure.rows}
    return _rows(answer, ((row, tuple(row[p] for p in places) in known) for row in answer.rows), empty)


def absent(sure: Answer, narrow: Answer, empty: str) -> Rows:
    """Return what is missing: for certain what all that is possible lacks, then what only the certain lacks."""
    known = set(sure.rows)
    found = [(r, True) for r in sure.rows] + [(r, False) for r in narrow.rows if r not in known]
    return _rows(sure, found, empty)


def _rows(answer: Answer, found: Iterable[tuple[tuple[Term | None, ...], bool]], empty: str) -> Rows:
    rows = tuple((*row, Literal("certain" if is_sure else "possible")) for row, is_sure in found)
    return Rows((*answer.columns, _COLUMN), rows, empty)
