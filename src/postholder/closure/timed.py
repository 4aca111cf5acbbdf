"""Rules that compare days, which OWL 2 RL cannot: overlaps, chains, who answers to whom.

Nothing is joined that cannot hold on one day: a chain of three lines needs a day that all three share.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from postholder import terms
from postholder.errors import CannotError
from postholder.graph import Node, Term, Triples, order, ph, triple_order
from postholder.views.standing import Spans
from postholder.views.validity import FIRST, LAST, Standing, overlap, together

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

Window = tuple[int, int]
"""The days, from the first to before the second, on which something can hold."""
Edge = tuple[Node, Node, Window]

RULES = {
    "appointment-overlap": "Appointments of one person to different posts overlap certainly, possibly or never.",
    "person-reports-to-person": "The holder of a post answers to the holder of the post above, if all share a day.",
    "answers-up-to": "A post answers to all above it through lines that share a day.",
    "lies-within": "A unit lies within all above it through placements that share a day.",
}
"""Name and meaning of each rule."""

_REPORTS = NamedNode(terms.ORG + "reportsTo")
_OVERLAPS = {
    "certain": (ph("certainlyOverlaps"), ph("possiblyOverlaps")),
    "possible": (ph("possiblyOverlaps"),),
    "excluded": (ph("neverOverlaps"),),
}
_CHAINS = (
    ("subordinate", "superior", ph("answersUpTo")),
    ("placedUnit", "parentUnit", ph("liesWithin")),
)
_MOST_LINKS = 2_000_000
_MOST_STEPS = 6_000_000
_MOST_PAIRS = 500_000
"""Pairs of appointments of one person each that are looked at; far more than there are in the world."""


def apply(given: Iterable[Triple], firm: Collection[Triple] | None = None) -> list[Triple]:
    """Return what the rules add to `given`, in triple order.

    `firm` is what is said otherwise than as a plan: an overlap that rests on a plan is never certain.
    """
    facts = Triples(given)
    spans = Spans(facts)
    sure = spans if firm is None else Spans(Triples(t for t in facts if t in firm))
    found = {*_overlaps(facts, spans, sure), *_persons(facts, spans)}
    for low, high, predicate in _CHAINS:
        # Who stands above themselves stands in a circle; a shape and a question tell of it.
        found |= {Triple(below, predicate, above) for below, above in chains(edges(facts, low, high, spans))}
    return sorted((t for t in found if t not in facts), key=triple_order)


def _nodes(values: Iterable[Term]) -> list[Node]:
    return [v for v in values if not isinstance(v, Literal)]


def _overlaps(facts: Triples, spans: Spans, firm: Spans) -> Iterator[Triple]:
    held: dict[Node, list[Node]] = defaultdict(list)
    for appointment, person in facts.pairs(ph("holder")):
        held[person].append(appointment)  # type: ignore[index]
    pairs = sum(len(set(a)) * (len(set(a)) - 1) // 2 for a in held.values())
    if pairs > _MOST_PAIRS:
        most = max(held.values(), key=len)
        raise CannotError(
            f"appointments of one person make {pairs} pairs, more than {_MOST_PAIRS}; one person has {len(most)}",
            hint="split persons that were taken for one, or give fewer facts at once",
        )
    for appointments in held.values():
        for one, other in combinations(sorted(set(appointments), key=order), 2):
            posts, others = (set(facts.objects(n, ph("post"))) for n in (one, other))
            if not posts or not others or (posts == others and len(posts) == 1):
                continue
            for predicate in _OVERLAPS[_shared(one, other, spans, firm)]:
                yield Triple(one, predicate, other)
                yield Triple(other, predicate, one)


def _shared(one: Node, other: Node, spans: Spans, firm: Spans) -> Standing:
    """Return whether two relations share a day: for certain only if they do without plans as well."""
    found = overlap(spans.of(one), spans.of(other))
    return "possible" if found == "certain" and overlap(firm.of(one), firm.of(other)) != "certain" else found


def _persons(facts: Triples, spans: Spans) -> Iterator[Triple]:
    for line, below in facts.pairs(ph("subordinate")):
        for above in facts.objects(line, ph("superior")):
            for one in facts.subjects(ph("post"), below):
                for other in facts.subjects(ph("post"), above):
                    if together([spans.of(n) for n in (line, one, other)]) == "excluded":
                        continue
                    for person in _nodes(facts.objects(one, ph("holder"))):
                        for chief in _nodes(facts.objects(other, ph("holder"))):
                            if person != chief:
                                yield Triple(person, _REPORTS, chief)


def edges(facts: Triples, low: str, high: str, spans: Spans | None = None) -> list[Edge]:
    """Return what timed relations join, from `low` to `high`, with the days on which each can hold."""
    spans = spans or Spans(facts)
    return [
        (below, above, spans.of(node).possible)
        for node, value in facts.pairs(ph(low))
        for below in _nodes([value])
        for above in _nodes(facts.objects(node, ph(high)))
    ]


def chains(links: Iterable[Edge]) -> dict[tuple[Node, Node], list[Window]]:
    """Return what is joined through one or more links that share a day, with the days they share.

    Windows that lie within another of the same pair are left out. Raises CannotError when the links
    join too much to be written down.
    """
    above: dict[Node, list[tuple[Node, Window]]] = defaultdict(list)
    for low, high, window in links:
        above[low].append((high, window))
    found: dict[tuple[Node, Node], list[Window]] = {}
    waiting = [(low, high, window) for low, pairs in above.items() for high, window in pairs]
    steps = 0
    while waiting:
        steps += 1
        low, high, window = waiting.pop()
        known = found.setdefault((low, high), [])
        if window[0] >= window[1] or any(k[0] <= window[0] and window[1] <= k[1] for k in known):
            continue
        known[:] = [k for k in known if not (window[0] <= k[0] and k[1] <= window[1])] + [window]
        if len(found) > _MOST_LINKS or steps > _MOST_STEPS:
            raise CannotError(
                f"the reporting lines or placements join {len(found)} pairs and more: too many to follow",
                hint="give fewer facts at once, or look at one day",
            )
        for further, shared in above.get(high, ()):
            waiting.append((low, further, (max(window[0], shared[0]), min(window[1], shared[1]))))
    return {pair: sorted(windows) for pair, windows in found.items() if windows}


class Reasons:
    """Tells what a conclusion of these rules rests on.

    `given` and `firm` are those of `apply`.
    """

    def __init__(self, given: Iterable[Triple], firm: Collection[Triple] | None = None) -> None:
        self._facts = Triples(given)
        self._spans = Spans(self._facts)
        self._sure = self._spans if firm is None else Spans(Triples(t for t in self._facts if t in firm))

    def of(self, triple: Triple) -> tuple[str, tuple[Triple, ...]] | None:
        """Return the rule that concludes a triple, and its premises; None if none does.

        First come the facts that join the two things, in the order of the rule, then, in triple order,
        all that tells of the time of each relation among them.
        """
        overlapping = any(triple.predicate in found for found in _OVERLAPS.values())
        if isinstance(triple.object, Literal):
            return None
        if overlapping:
            return self._told("appointment-overlap", self._overlap(triple))
        if triple.predicate == _REPORTS:
            return self._told("person-reports-to-person", self._person(triple))
        for low, high, predicate in _CHAINS:
            if triple.predicate == predicate:
                rule = "answers-up-to" if low == "subordinate" else "lies-within"
                return self._told(rule, self._chain(triple, low, high))
        return None

    def _told(self, rule: str, found: tuple[list[Triple], list[Node]] | None) -> tuple[str, tuple[Triple, ...]] | None:
        if found is None:
            return None
        joining, relations = found
        told = {t for n in relations for t in self._spans.told_by(n)} - set(joining)
        return rule, (*joining, *sorted(told, key=triple_order))

    def _sorted(self, node: Node, name: str) -> list[Triple]:
        return sorted((Triple(node, ph(name), o) for o in set(self._facts.objects(node, ph(name)))), key=triple_order)

    def _overlap(self, triple: Triple) -> tuple[list[Triple], list[Node]] | None:
        one, other = triple.subject, triple.object
        assert not isinstance(other, Literal)  # noqa: S101 - `of` has looked
        if triple.predicate not in _OVERLAPS[_shared(one, other, self._spans, self._sure)]:
            return None
        holders = [(a, b) for a in self._sorted(one, "holder") for b in self._sorted(other, "holder")]
        posts = [(a, b) for a in self._sorted(one, "post") for b in self._sorted(other, "post")]
        held = next((pair for pair in holders if pair[0].object == pair[1].object), None)
        filled = next((pair for pair in posts if pair[0].object != pair[1].object), None)
        return None if held is None or filled is None or one == other else ([*held, *filled], [one, other])

    def _person(self, triple: Triple) -> tuple[list[Triple], list[Node]] | None:
        person, chief = triple.subject, triple.object
        held, over = (sorted(self._facts.subjects(ph("holder"), p), key=order) for p in (person, chief))
        for one in held if person != chief else ():
            for post in self._sorted(one, "post"):
                for line in sorted(self._facts.subjects(ph("subordinate"), post.object), key=order):
                    for above in self._sorted(line, "superior"):
                        for other in over:
                            seat = Triple(other, ph("post"), above.object)
                            if seat not in self._facts:
                                continue
                            if together([self._spans.of(n) for n in (line, one, other)]) != "excluded":
                                low = Triple(line, ph("subordinate"), post.object)
                                ends = Triple(one, ph("holder"), person), Triple(other, ph("holder"), chief)
                                return [low, above, post, seat, *ends], [line, one, other]
        return None

    def _chain(self, triple: Triple, low: str, high: str) -> tuple[list[Triple], list[Node]] | None:
        """Return a shortest chain of relations that share a day."""
        waiting: list[tuple[Term, Window, list[Node]]] = [(triple.subject, (FIRST, LAST), [])]
        seen: set[tuple[Term, Window]] = set()
        for end, window, way in waiting:  # grows while it is walked through
            for node in sorted(self._facts.subjects(ph(low), end), key=order):
                first, last = self._spans.of(node).possible
                shared = max(window[0], first), min(window[1], last)
                for above in self._sorted(node, high) if shared[0] < shared[1] else ():
                    if above.object == triple.object:
                        return self._joined([*way, node], triple, low, high)
                    if (above.object, shared) not in seen:
                        seen.add((above.object, shared))
                        waiting.append((above.object, shared, [*way, node]))
        return None

    def _joined(self, way: list[Node], triple: Triple, low: str, high: str) -> tuple[list[Triple], list[Node]]:
        joining: list[Triple] = []
        below: Term = triple.subject
        for node, later in zip(way, [*way[1:], None], strict=True):
            ends = [t.object for t in self._sorted(node, high)]
            nexts = [triple.object] if later is None else self._facts.objects(later, ph(low))
            above = next(e for e in ends if e in nexts)
            joining += [Triple(node, ph(low), below), Triple(node, ph(high), above)]
            below = above
        return joining, way
