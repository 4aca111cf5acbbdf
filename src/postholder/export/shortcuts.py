"""Dates and claims for the plain links that follow from timed relations.

`org:holds`, `org:reportsTo` and the like join two things directly. The appointment, reporting line,
placement or brand arrangement behind a link says when it holds and who says so; a link with two
of them behind it (two terms in one post) becomes two edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postholder import terms
from postholder.export.world import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postholder.export.links import Key, Links, Support
    from postholder.export.world import Under

BOUNDS = tuple(terms.PH + name for name in ("earliestStart", "latestStart", "earliestEnd", "latestEnd"))
PATHS: dict[str, tuple[tuple[str, ...], ...]] = {
    # A step "<p" leads to the timed relation whose property p is the thing; ">p" leads on from it.
    terms.ORG + "holds": (("<holder", ">post"),),
    terms.ORG + "memberOf": (("<holder", ">post", ">postIn"), ("<holder", ">post", ">heads")),
    terms.ORG + "headOf": (("<holder", ">post", ">heads"),),
    terms.ORG + "reportsTo": (
        ("<subordinate", ">superior"),
        ("<holder", ">post", "<subordinate", ">superior", "<post", ">holder"),
    ),
    terms.ORG + "subOrganizationOf": (("<placedUnit", ">parentUnit"),),
    terms.PH + "operatesBrand": (("<operator", ">arrangedBrand"),),
}
_STEPS = sorted({terms.PH + step[1:] for paths in PATHS.values() for path in paths for step in path})
_PLACES = ", ".join("?" * len(_STEPS))
_NEAR = f"SELECT DISTINCT under FROM link WHERE a = ? AND p IN ({_PLACES})"
_NEAR_TOO = f"SELECT DISTINCT under FROM link WHERE b = ? AND p IN ({_PLACES})"
_OUT = "SELECT DISTINCT b FROM link WHERE a = ? AND p = ? ORDER BY b"
_INTO = "SELECT DISTINCT a FROM link WHERE b = ? AND p = ? ORDER BY a"


@dataclass(frozen=True)
class Way:
    """The timed relations behind a link, in order, and the claims that state them."""

    via: tuple[str, ...]
    claims: frozenset[str]


class Ways:
    """Finds what stands behind a link."""

    def __init__(self, links: Links) -> None:
        self._links = links

    def _near(self, thing: str) -> set[Under]:
        """Return the conditions of the links at a thing that a way can lead along."""
        spool = self._links.spool
        found = (*spool.column(_NEAR, thing, *_STEPS), *spool.column(_NEAR_TOO, thing, *_STEPS))
        return {read(under) for under in found}

    def behind(self, key: Key, under: Under) -> list[Way]:
        """Return every way along which a link follows under a condition; none for a link that is stated."""
        start, prop, end = key
        found: dict[tuple[str, ...], frozenset[str]] = {}
        for path in PATHS.get(prop, ()):
            for way in self._walk(start, path, end, under):
                # Two paths can pass through the same relations: a post in the very unit that it heads.
                found[way.via] = found.get(way.via, frozenset()) | way.claims
        return [Way(via, found[via]) for via in sorted(found)]

    def by_reading(self, key: Key, under: Under) -> Way:
        """Return the claims behind a link that holds in every reading, but along another way in each."""
        if key[1] not in PATHS:
            return Way((), frozenset())
        stronger = {under | u | v for u in self._near(key[0]) for v in self._near(key[2])}
        ways = [way for condition in stronger for way in self.behind(key, condition)]
        return Way((), frozenset[str]().union(*(way.claims for way in ways)))

    def _walk(self, start: str, path: tuple[str, ...], end: str, under: Under) -> Iterator[Way]:
        todo: list[tuple[str, tuple[str, ...], frozenset[str]]] = [(start, (), frozenset())]
        for step in path:
            following = []
            prop, back = terms.PH + step[1:], step.startswith("<")
            for node, via, claims in todo:
                for other in self._links.spool.column(_INTO if back else _OUT, node, prop):
                    key = (other, prop, node) if back else (node, prop, other)
                    support: Support | None = self._links.support(key, under)
                    if support is not None:
                        following.append((other, (*via, other) if back else via, claims | support.claims))
            todo = following
        return (Way(via, claims) for node, via, claims in todo if node == end)


def interval(relations: list[dict[str, str]]) -> dict[str, str] | None:
    """Return the bounds of the time when all relations hold, or None if that is never.

    Each relation gives its known bounds by the names in `BOUNDS`, as ISO dates, which compare as text.
    The common time begins with the last start and ends with the first end.
    """
    earliest_start, latest_start, earliest_end, latest_end = BOUNDS

    def known(bound: str) -> list[str]:
        return [r[bound] for r in relations if bound in r]

    everywhere = {b for b in BOUNDS if len(known(b)) == len(relations)}
    found: dict[str, str] = {}
    if known(earliest_start):
        found[earliest_start] = max(known(earliest_start))
    if latest_start in everywhere:
        found[latest_start] = max(known(latest_start))
    if earliest_end in everywhere:
        found[earliest_end] = min(known(earliest_end))
    if known(latest_end):
        found[latest_end] = min(known(latest_end))
    if len(relations) > 1 and found.get(earliest_start, "") >= found.get(latest_end, "~"):
        return None
    return found
