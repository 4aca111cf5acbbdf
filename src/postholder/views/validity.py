"""When things hold: four day bounds, what they say of a day, and how intervals overlap.

Intervals are half-open: the end is the first day on which something no longer holds, so intervals
that touch do not overlap. A missing bound is open. Starts and ends of different things are
independent within their bounds; with that, what is said here is exact:

* something *possibly* holds on a day if some admissible start and end put it there;
* it *certainly* holds on a day if every admissible start and end do;
* several things certainly share a day if every two of them certainly do (Helly's theorem on a line).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from pyoxigraph import Literal as RdfLiteral

from postholder.graph import Node, ph
from postholder.text import is_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postholder.graph import Triples

Standing = Literal["certain", "possible", "excluded"]

BOUNDS = ("earliestStart", "latestStart", "earliestEnd", "latestEnd", "ongoingAt")
"""The properties that tell of the time of a relation."""

FIRST = 0
"""Before every day: an open beginning. Days are counted as `datetime.date.toordinal` does."""
LAST = date.max.toordinal() + 1
"""After every day: an open end."""


class Bounds(NamedTuple):
    """The first and last day on which something can have begun, and on which it can have ended."""

    earliest_start: int = FIRST
    latest_start: int = LAST
    earliest_end: int = FIRST
    latest_end: int = LAST

    def tight(self) -> Bounds:
        """Return the same bounds drawn as close as "begins before it ends" allows."""
        return self._replace(
            latest_start=min(self.latest_start, self.latest_end - 1),
            earliest_end=max(self.earliest_end, self.earliest_start + 1),
        )

    @property
    def possible(self) -> tuple[int, int]:
        """The days, from the first to before the second, on which it can hold."""
        return self.earliest_start, self.latest_end

    @property
    def certain(self) -> tuple[int, int]:
        """The days, from the first to before the second, on which it must hold; empty if not in order."""
        close = self.tight()
        return close.latest_start, close.earliest_end

    def on(self, day: int) -> Standing:
        """Return how it stands on a day."""
        if not self.earliest_start <= day < self.latest_end:
            return "excluded"
        start, end = self.certain
        return "certain" if start <= day < end else "possible"

    def __str__(self) -> str:
        """Return the bounds in words: `began by 2023-06-20; no end told`."""
        return f"{_start_in_words(self)}; {_end_in_words(self)}"


def _start_in_words(b: Bounds) -> str:
    if b.earliest_start == FIRST:
        return "no start told" if b.latest_start >= LAST - 1 else f"began by {day_text(b.latest_start)}"
    if b.earliest_start == b.latest_start:
        return f"began {day_text(b.earliest_start)}"
    if b.latest_start >= LAST - 1:
        return f"began {day_text(b.earliest_start)} or later"
    return f"began between {day_text(b.earliest_start)} and {day_text(b.latest_start)}"


def _end_in_words(b: Bounds) -> str:
    told = b.earliest_end > b.earliest_start + 1
    if b.earliest_end >= LAST:
        return "no end told"
    if b.latest_end == LAST:
        return f"held on {day_text(b.earliest_end - 1)}, no end told" if told else "no end told"
    if b.earliest_end == b.latest_end:
        return f"ended {day_text(b.latest_end)}"
    if told:
        return f"ended between {day_text(b.earliest_end)} and {day_text(b.latest_end)}"
    return f"ended by {day_text(b.latest_end)}"


def day_text(day: int) -> str:
    """Return a day as `YYYY-MM-DD`."""
    return date.fromordinal(min(max(day, 1), LAST - 1)).isoformat()


def day_of(text: str) -> int | None:
    """Return the day that a text `YYYY-MM-DD` names, or None if it names none."""
    return date.fromisoformat(text).toordinal() if is_day(text) else None


def overlap(one: Bounds, other: Bounds) -> Standing:
    """Return whether two intervals share a day: in every case, in some, or in none."""
    return together([one, other])


def together(intervals: Iterable[Bounds]) -> Standing:
    """Return whether intervals all share a day: in every case, in some, or in none."""
    held = list(intervals)
    if max(b.earliest_start for b in held) >= min(b.latest_end for b in held):
        return "excluded"
    for one in held:
        latest_start = one.tight().latest_start
        if any(latest_start >= other.tight().earliest_end for other in held if other is not one):
            return "possible"
    return "certain"


def days(triples: Triples, node: Node, *names: str) -> list[int]:
    """Return the days that the given properties of a node name, sorted; what is no day is left out."""
    values = [v for name in names for v in triples.objects(node, ph(name))]
    found = (day_of(v.value) for v in values if isinstance(v, RdfLiteral))
    return sorted(d for d in found if d is not None)


def bounds_of(triples: Triples, node: Node) -> Bounds:
    """Return the bounds of a timed relation.

    Several values of a bound, from several claims, all count: the closest are taken. Where claims
    contradict each other, none is picked: starts that cannot all be right (or ends) span all that are
    told, and when a start contradicts an end nothing is known.
    """
    return combined(*_told(triples, node))


def _told(triples: Triples, node: Node) -> tuple[list[int], list[int], list[int], list[int]]:
    """Return all earliest starts, latest starts, earliest ends and latest ends that are told."""
    first, by, until, last = (days(triples, node, name) for name in BOUNDS[:4])
    on = days(triples, node, "ongoingAt")
    return first, [*by, *on], [*until, *(d + 1 for d in on)], last


def combined(
    earliest_starts: list[int], latest_starts: list[int], earliest_ends: list[int], latest_ends: list[int]
) -> Bounds:
    """Return the bounds that follow from several values of each; see `bounds_of`."""
    if max(earliest_starts, default=FIRST) >= min(latest_ends, default=LAST):
        return Bounds()
    first, by = max(earliest_starts, default=FIRST), min(latest_starts, default=LAST)
    if first > by:
        first, by = min(earliest_starts + latest_starts), max(earliest_starts + latest_starts)
    until, last = max(earliest_ends, default=FIRST), min(latest_ends, default=LAST)
    if until > last:
        until, last = min(earliest_ends + latest_ends), max(earliest_ends + latest_ends)
    if first >= last:
        return Bounds()
    return Bounds(first, by, until, last).tight()


def contradictory(triples: Triples, node: Node) -> bool:
    """Tell whether the bounds told for a node cannot all be right."""
    firsts, bys, untils, lasts = _told(triples, node)
    first, by = max(firsts, default=FIRST), min(bys, default=LAST)
    until, last = max(untils, default=FIRST), min(lasts, default=LAST)
    return first > by or until > last or first >= last
