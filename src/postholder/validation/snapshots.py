"""Edges that hold on one date, for rules such as "no reporting cycle on any date"."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from postholder import terms
from postholder.graph import Node, Triples, order, ph, triple_order
from postholder.views.standing import Spans
from postholder.views.validity import day_text

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_SETS = 64
"""Changes beyond those that part a graph into this many states are not told apart."""
_KINDS = (
    ("subordinate", "superior", NamedNode(terms.ORG + "reportsTo")),
    ("placedUnit", "parentUnit", NamedNode(terms.ORG + "subOrganizationOf")),
)


class _Edge(NamedTuple):
    node: Node
    triple: Triple
    start: int
    end: int


def _edges(data: Triples) -> list[_Edge]:
    edges = []
    spans = Spans(data)
    for low, high, predicate in _KINDS:
        for node, below in sorted(data.pairs(ph(low)), key=lambda p: (order(p[0]), order(p[1]))):
            for above in data.objects(node, ph(high)):
                if isinstance(below, Literal) or isinstance(above, Literal):
                    continue
                edges.append(
                    _Edge(
                        node,
                        Triple(below, predicate, above),
                        *spans.of(node).possible,
                    )
                )
    return edges


def snapshots(triples: Iterable[Triple]) -> list[tuple[str, list[Triple]]]:
    """Return (date, edges that may hold on it) for every date on which the set grows.

    A cycle that exists on some date exists on a date on which one of its edges begins, so these
    dates are enough.
    """
    data = Triples(triples)
    edges = _edges(data)
    result = []
    for day in sorted({e.start for e in edges}):
        for held in _parted([e for e in edges if e.start <= day < e.end], data):
            kept = sorted({e.triple for e in held}, key=triple_order)
            if kept:
                result.append((day_text(day), kept))
    return result


def _parted(edges: list[_Edge], data: Triples) -> list[list[_Edge]]:
    """Part edges that a change ends from those that it begins: they never hold together."""
    sets = [edges]
    for event in sorted({e for e, _ in data.pairs(ph("after"))}, key=order):
        before, after = set(data.objects(event, ph("before"))), set(data.objects(event, ph("after")))
        ended, begun = before - after, after - before
        parted = []
        for held in sets:
            nodes = {e.node for e in held}
            if nodes & ended and nodes & begun:
                parted += [[e for e in held if e.node not in begun], [e for e in held if e.node not in ended]]
            else:
                parted.append(held)
        if len(parted) > _MOST_SETS:
            return sets  # too many states to part further: a circle may be told in vain, never missed
        sets = parted
    return sets
