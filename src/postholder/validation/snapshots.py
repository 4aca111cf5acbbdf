"""Edges that hold on one date, for rules such as "no reporting cycle on any date"."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from postholder import terms
from postholder.graph import Node, Triples, order, ph, triple_order

if TYPE_CHECKING:
    from collections.abc import Iterable

_KINDS = (
    ("subordinate", "superior", NamedNode(terms.ORG + "reportsTo")),
    ("placedUnit", "parentUnit", NamedNode(terms.ORG + "subOrganizationOf")),
)


class _Edge(NamedTuple):
    triple: Triple
    start: str
    end: str


_EVER = ("0001-01-01", "9999-12-31")


def _bound(data: Triples, node: Node, name: str, default: str) -> str:
    found = data.value(node, ph(name))
    return found.value if isinstance(found, Literal) else default


def _edges(data: Triples) -> list[_Edge]:
    edges = []
    for low, high, predicate in _KINDS:
        for node, below in sorted(data.pairs(ph(low)), key=lambda p: (order(p[0]), order(p[1]))):
            for above in data.objects(node, ph(high)):
                if isinstance(below, Literal) or isinstance(above, Literal):
                    continue
                edges.append(
                    _Edge(
                        Triple(below, predicate, above),
                        _bound(data, node, "earliestStart", _EVER[0]),
                        _bound(data, node, "latestEnd", _EVER[1]),
                    )
                )
    return edges


def snapshots(triples: Iterable[Triple]) -> list[tuple[str, list[Triple]]]:
    """Return (date, edges that may hold on it) for every date on which the set grows.

    A cycle that exists on some date exists on a date on which one of its edges begins, so these
    dates are enough. Dates are compared as ISO text, which orders days of four-digit years.
    """
    edges = _edges(Triples(triples))
    result = []
    for day in sorted({e.start for e in edges}):
        held: list[Triple] = sorted({e.triple for e in edges if e.start <= day < e.end}, key=triple_order)
        if held:
            result.append((day, held))
    return result
