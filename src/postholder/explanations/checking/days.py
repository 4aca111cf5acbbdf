"""The rules that compare days, worked out anew from the days told in the premises.

docs/explanation/time-and-certainty.md tells how bounds are read.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from postholder.explanations.checking.tables import Said, iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Bounds: TypeAlias = "tuple[int, int, int, int]"
_END = date.max.toordinal() + 1
_OPEN: Bounds = (0, _END, 0, _END)
_WORDS = {"certain": ("certainly", "possibly"), "possible": ("possibly",), "excluded": ("never",)}
_CHAINS = {
    "answers-up-to": ("subordinate", "superior", "answersUpTo"),
    "lies-within": ("placedUnit", "parentUnit", "liesWithin"),
}
RULES = ("appointment-overlap", "person-reports-to-person", *_CHAINS)
_PARTS = [
    "post",
    "subordinate",
    "superior",
    "vacantPost",
    "placedUnit",
    "parentUnit",
    "operator",
    "appliesTo",
    "usedBy",
]
_BELONGS = ["postIn", "heads", "assignedTo", "focusOf"]


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
        found = (re.match(r'"(\d{4}-\d\d-\d\d)"', o) for _, _, o in self.told(node, name))
        return [date.fromisoformat(m[1]).toordinal() for m in found if m]

    def units(self, thing: str) -> list[tuple[str, list[Said]]]:
        """Return the units that a participant is or belongs to and whose time events tell, with what leads there."""
        ways = [(thing, list[Said]()), *((t[2], [t]) for t in self.told(thing, *_BELONGS))]
        return [(u, [*w, *self.events(u)]) for u, w in ways if self.events(u)]

    def events(self, unit: str) -> list[Said]:
        """Return what is said of the events that make or end a unit."""
        made = [(e, _ph(n), unit) for n in ("establishes", "abolishes") for e in self.owners.get((_ph(n), unit), ())]
        return [*made, *(t for e, _, _ in made for t in self.told(e, "earliestDate", "latestDate"))]

    def unit(self, unit: str) -> tuple[int, int]:
        """Return the first day on which a unit can be there, and the first on which it cannot any more."""
        ends: list[list[int]] = []
        for name in ("establishes", "abolishes"):
            found = [
                _bounds(self.days(e, "earliestDate"), self.days(e, "latestDate"), [_END], [])
                for e in self.owners.get((_ph(name), unit), ())
            ]
            ends += [[b[0] for b in found if b[0]], [b[1] for b in found if b[1] < _END - 1]]
        first, _, _, last = _bounds(*ends)
        return first, last

    def tells(self, node: str) -> set[Said]:
        """Return all that the time of a relation is worked out from."""
        found = set(self.told(node, "earliestStart", "latestStart", "earliestEnd", "latestEnd", "ongoingAt"))
        for part in self.told(node, *_PARTS):
            for _, way in self.units(part[2]):
                found |= {part, *way}
        return found

    def of(self, node: str) -> Bounds:
        """Return when a relation holds, within the time of the units that take part in it."""
        on = self.days(node, "ongoingAt")
        firsts, bys = self.days(node, "earliestStart"), [*self.days(node, "latestStart"), *on]
        own = _bounds(
            firsts, bys, [*self.days(node, "earliestEnd"), *(d + 1 for d in on)], self.days(node, "latestEnd")
        )
        first, by, until, last = own
        for part in self.told(node, *_PARTS):
            for unit, _ in self.units(part[2]):
                there = self.unit(unit)
                first, last = max(first, there[0]), min(last, there[1])
        return own if first > by or until > last or first >= last else _tight(first, by, until, last)


def _ph(name: str) -> str:
    return iri(f"ph:{name}")


def _tight(first: int, by: int, until: int, last: int) -> Bounds:
    return first, min(by, last - 1), max(until, first + 1), last


def _bounds(firsts: list[int], bys: list[int], untils: list[int], lasts: list[int]) -> Bounds:
    """Return the closest bounds that are told; starts, or ends, that contradict each other span all that is told."""
    first, by, until, last = (
        max(firsts, default=0),
        min(bys, default=_END),
        max(untils, default=0),
        min(lasts, default=_END),
    )
    if first >= last:
        return _OPEN
    if first > by:
        first, by = min(firsts + bys), max(firsts + bys)
    if until > last:
        until, last = min(untils + lasts), max(untils + lasts)
    return _OPEN if first >= last else _tight(first, by, until, last)


def _together(held: Sequence[Bounds]) -> str:
    if max(b[0] for b in held) >= min(b[3] for b in held):
        return "excluded"
    sure = all(_tight(*a)[1] < _tight(*b)[2] for a, b in product(held, held) if a is not b)
    return "certain" if sure else "possible"


def by_days(rule: str, said: Sequence[Said], says: Said, known: Days, firm: set[Said]) -> bool:
    """Tell whether a rule on days concludes something.

    First come the premises that join the two things, then in order all that is known of the days of the
    relations among them, by `known` and these premises. `firm` is what is said otherwise than as a plan.
    """
    days, sure = Days(said), Days(t for t in said if t in firm)
    if rule == "appointment-overlap":
        (one, _, holder), _, (_, _, post), (other, _, further) = said[:4]
        nodes = [one, other]
        joined = [(n, _ph("holder"), holder) for n in nodes] + [(one, _ph("post"), post), (other, _ph("post"), further)]
        found = _together([days.of(n) for n in nodes])
        if found == "certain" and _together([sure.of(n) for n in nodes]) != "certain":
            found = "possible"
        told = {_ph(f"{word}Overlaps") for word in _WORDS[found]}
        fits = (one, other) == (says[0], says[2]) and one != other and post != further and says[1] in told
    elif rule == "person-reports-to-person":
        (line, _, low), (_, _, high), (one, _, _), (other, _, _) = said[:4]
        nodes = [line, one, other]
        joined = [(line, _ph("subordinate"), low), (line, _ph("superior"), high), (one, _ph("post"), low)]
        joined += [(other, _ph("post"), high), (one, _ph("holder"), says[0]), (other, _ph("holder"), says[2])]
        shared = _together([days.of(n) for n in nodes]) != "excluded"
        fits = says[1] == iri("org:reportsTo") and says[0] != says[2] and shared
    else:
        low, high, name = _CHAINS[rule]
        nodes, joined, at = [], [], says[0]
        while not nodes or at != says[2]:
            node, _, above = said[len(joined) + 1]
            joined += [(node, _ph(low), at), (node, _ph(high), above)]
            nodes.append(node)
            at = above
        held = [days.of(n) for n in nodes]
        fits = says[1] == _ph(name) and max(b[0] for b in held) < min(b[3] for b in held)
    every = known if known.said.issuperset(said) else Days(known.said.union(said))
    rest = sorted({t for n in nodes for t in every.tells(n)} - set(joined))
    return fits and list(said) == [*joined, *rest]
