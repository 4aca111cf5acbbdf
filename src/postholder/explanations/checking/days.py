"""The rules that compare days, worked out anew from the days told in the premises.

docs/explanation/time-and-certainty.md tells how bounds are read.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from postholder.explanations.checking.names import Said, iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_END = date.max.toordinal() + 1
_OVERLAPS = {"certain": ("certainly", "possibly"), "possible": ("possibly",), "excluded": ("never",)}
_JOINED = {
    "appointment-overlap": (
        "one * other", "one holder person", "other holder person", "one post p", "other post q",
    ),
    "person-reports-to-person": (
        "low * high", "line subordinate p", "line superior q", "one post p", "other post q", "one holder low",
        "other holder high",
    ),
}  # fmt: skip
"""The two things that a rule speaks of, and what joins them, in order."""
_CHAINS = {
    "answers-up-to": ("subordinate", "superior", "ph:answersUpTo"),
    "lies-within": ("placedUnit", "parentUnit", "ph:liesWithin"),
}
RULES = (*_JOINED, *_CHAINS)
_BOUNDS = ("earliestStart", "latestStart", "earliestEnd", "latestEnd", "ongoingAt")
_PARTS = (
    "post", "subordinate", "superior", "vacantPost", "placedUnit", "parentUnit", "operator", "appliesTo", "usedBy",
)  # fmt: skip
_BELONGS = ("postIn", "heads", "assignedTo", "focusOf")


class Bounds(NamedTuple):
    """The first and last day on which something can have begun, and on which it can have ended."""

    first: int = 0
    by: int = _END
    until: int = 0
    last: int = _END

    @property
    def in_order(self) -> bool:
        """Tell whether there is a start and an end within the bounds."""
        return self.first <= self.by and self.until <= self.last and self.first < self.last

    def tight(self) -> Bounds:
        """Return the bounds drawn as close as "begins before it ends" allows."""
        return self._replace(by=min(self.by, self.last - 1), until=max(self.until, self.first + 1))


def _told(firsts: list[int], bys: list[int], untils: list[int], lasts: list[int]) -> Bounds:
    """Return the closest bounds that are told; starts, or ends, that contradict each other span all that is told."""
    first, by = max(firsts, default=0), min(bys, default=_END)
    until, last = max(untils, default=0), min(lasts, default=_END)
    if first >= last:
        return Bounds()
    if first > by:
        first, by = min(firsts + bys), max(firsts + bys)
    if until > last:
        until, last = min(untils + lasts), max(untils + lasts)
    return Bounds() if first >= last else Bounds(first, by, until, last).tight()


class Days:
    """Works out when relations hold from triples."""

    def __init__(self, said: Iterable[Said]) -> None:
        self.said = frozenset(said)
        self.values: dict[tuple[str, str], list[str]] = {}
        self.owners: dict[tuple[str, str], list[str]] = {}
        for s, p, o in self.said:
            self.values.setdefault((s, p), []).append(o)
            self.owners.setdefault((p, o), []).append(s)

    def told(self, node: str, *names: str) -> list[Said]:
        """Return what some properties of a node say."""
        return [(node, p, o) for p in map(_ph, names) for o in self.values.get((node, p), ())]

    def days(self, node: str, name: str) -> list[int]:
        """Return the days that a property of a node names."""
        return [day for _, _, o in self.told(node, name) for day in _day(o)]

    def made(self, unit: str, name: str) -> list[str]:
        """Return the events that establish or abolish a unit."""
        return self.owners.get((_ph(name), unit), [])

    def units(self, node: str) -> Iterator[tuple[str, list[Said]]]:
        """Yield the units whose time events tell and that take part in a relation, with all that leads there."""
        for part in self.told(node, *_PARTS):
            for way in ([part], *([part, belongs] for belongs in self.told(part[2], *_BELONGS))):
                unit = way[-1][2]
                made = [(e, _ph(n), unit) for n in ("establishes", "abolishes") for e in self.made(unit, n)]
                dates = [t for e, _, _ in made for t in self.told(e, "earliestDate", "latestDate")]
                if made:
                    yield unit, [*way, *made, *dates]

    def there(self, unit: str) -> Bounds:
        """Return when a unit is there: from the events that establish it to those that abolish it."""
        ends: list[list[int]] = []
        for name in ("establishes", "abolishes"):
            found = [
                _told(self.days(e, "earliestDate"), self.days(e, "latestDate"), [_END], [])
                for e in self.made(unit, name)
            ]
            ends += [[b.first for b in found if b.first], [b.by for b in found if b.by < _END - 1]]
        return _told(*ends)

    def tells(self, node: str) -> set[Said]:
        """Return all that the time of a relation is worked out from."""
        return {*self.told(node, *_BOUNDS), *(t for _, way in self.units(node) for t in way)}

    def of(self, node: str) -> Bounds:
        """Return when a relation holds, within the time of the units that take part in it."""
        firsts, bys, untils, lasts, on = (self.days(node, name) for name in _BOUNDS)
        own = _told(firsts, bys + on, untils + [d + 1 for d in on], lasts)
        there = [self.there(unit) for unit, _ in self.units(node)]
        within = own._replace(
            first=max([own.first, *(b.first for b in there)]), last=min([own.last, *(b.last for b in there)])
        )
        return within.tight() if within.in_order else own


def _ph(name: str) -> str:
    return iri(f"ph:{name}")


def _day(value: str) -> Iterator[int]:
    """Yield the day that a literal names, if it names one."""
    found = re.match(r'"([0-9]{4}-[0-9]{2}-[0-9]{2})"', value)
    with suppress(ValueError):
        if found:
            yield date.fromisoformat(found[1]).toordinal()


def _together(held: Sequence[Bounds]) -> str:
    if max(b.first for b in held) >= min(b.last for b in held):
        return "excluded"
    sure = all(a.tight().by < b.tight().until for a, b in product(held, held) if a is not b)
    return "certain" if sure else "possible"


def _named(patterns: Sequence[str], said: Sequence[Said]) -> dict[str, str]:
    """Return what the words of patterns stand for; nothing if what is said is not of that form."""
    names: dict[str, str] = {}
    for pattern, (s, p, o) in zip(patterns, said, strict=True):
        one, name, other = pattern.split()
        if (name != "*" and p != _ph(name)) or names.setdefault(one, s) != s or names.setdefault(other, o) != o:
            return {}
    return names


def by_days(rule: str, said: Sequence[Said], says: Said, known: Days, firm: set[Said]) -> bool:
    """Tell whether a rule on days concludes something.

    First come the premises that join the two things, then in order all that is known of the days of the
    relations among them, by `known` and these premises. `firm` is what is said otherwise than as a plan.
    """
    low, high, verb = _CHAINS.get(rule, ("", "", "org:reportsTo"))
    links = next((n for n, (_, _, o) in enumerate(said[1::2], 1) if o == says[2]), 0)  # the first that leads there
    chain = [p for n in range(links) for p in (f"n{n} {low} u{n}", f"n{n} {high} u{n + 1}")]
    head, *patterns = _JOINED.get(rule, (f"u0 * u{links}", *chain))
    names = _named((head, *patterns), (says, *said[: len(patterns)]))
    if not names:
        return False
    nodes = list(dict.fromkeys(names[p.split()[0]] for p in patterns))
    days, sure = Days(said), Days(t for t in said if t in firm)
    shared = _together([days.of(n) for n in nodes])
    if rule == "appointment-overlap":
        if shared == "certain" and _together([sure.of(n) for n in nodes]) != "certain":
            shared = "possible"
        verbs = [_ph(f"{word}Overlaps") for word in _OVERLAPS[shared]]
        apart = names["one"] != names["other"] and names["p"] != names["q"]
    else:
        verbs = [] if shared == "excluded" else [iri(verb)]
        apart = rule in _CHAINS or names["low"] != names["high"]
    every = known if known.said.issuperset(said) else Days(known.said.union(said))
    joined = said[: len(patterns)]
    rest = sorted({t for n in nodes for t in every.tells(n)} - set(joined))
    return apart and says[1] in verbs and list(said) == [*joined, *rest]
