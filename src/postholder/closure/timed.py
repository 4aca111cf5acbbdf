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
from postholder.views.validity import overlap, together

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
            found = overlap(spans.of(one), spans.of(other))
            if found == "certain" and overlap(firm.of(one), firm.of(other)) != "certain":
                found = "possible"
            for predicate in _OVERLAPS[found]:
                yield Triple(one, predicate, other)
                yield Triple(other, predicate, one)


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
