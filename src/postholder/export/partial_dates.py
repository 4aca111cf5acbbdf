"""Bounds as the partial dates of other formats: a day, a month or a year, never more than is certain."""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from postholder.views.validity import FIRST, LAST

if TYPE_CHECKING:
    from postholder.views.validity import Bounds


class Partial(NamedTuple):
    """Start and end as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, empty if not known; `exact` if they say all."""

    start: str
    end: str
    exact: bool


def partial(bounds: Bounds) -> Partial:
    """Return the most precise partial dates that are certain.

    A start between two days of one month is that month. What is known on one side only, as in "began
    by June", has no partial date.
    """
    start, start_is_all = common(bounds.earliest_start, bounds.latest_start)
    end, end_is_all = common(bounds.earliest_end, bounds.latest_end)
    # What follows from "begins before it ends" is not told by anybody, so nothing is lost with it.
    start_told = bounds.earliest_start > FIRST or bounds.latest_start < bounds.latest_end - 1
    end_told = bounds.latest_end < LAST or bounds.earliest_end > bounds.earliest_start + 1
    return Partial(start, end, (start_is_all or not start_told) and (end_is_all or not end_told))


def common(first: int, last: int) -> tuple[str, bool]:
    """Return the smallest day, month or year that holds two days and all between, and whether it holds no more."""
    if first <= FIRST + 1 or last >= LAST - 1 or first > last:
        return "", False
    one, other = date.fromordinal(first), date.fromordinal(last)
    if one == other:
        return one.isoformat(), True
    if one.year != other.year:
        return "", False
    whole = other.day == calendar.monthrange(other.year, other.month)[1] and one.day == 1
    if one.month == other.month:
        return one.isoformat()[:7], whole
    return one.isoformat()[:4], whole and (one.month, other.month) == (1, 12)
