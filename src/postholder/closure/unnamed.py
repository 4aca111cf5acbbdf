"""Name the unnamed nodes of axioms by what is said of them, so that every reading of a file agrees.

RDF Dataset Canonicalization does this for any graph and may take forever; class expressions and lists
are trees, for which hashing from the leaves up and from the roots down does it in one pass each. A walk
tells apart those of which the same is said, so that what belongs together has names that belong together.
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

from pyoxigraph import BlankNode, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from postholder.graph import Term

_Edges: TypeAlias = "Mapping[BlankNode, list[tuple[str, Term]]]"
_TURNS_BACK = "circle"
"""Stands for a node in a circle, for which no order is right. Nothing that has rules goes in circles."""


def new_names(triples: Iterable[Triple]) -> dict[BlankNode, BlankNode]:
    """Return the new name of each unnamed node: `axiom` and a number, in the order of what is said of it.

    Nodes of which the same is said are numbered in the order of a walk, which differs between readings only where
    it makes no difference. What stands twice is said once.
    """
    says: dict[BlankNode, list[tuple[str, Term]]] = defaultdict(list)
    said: dict[BlankNode, list[tuple[str, Term]]] = defaultdict(list)
    nodes: set[BlankNode] = set()
    for t in dict.fromkeys(triples):
        if isinstance(t.subject, BlankNode):
            says[t.subject].append((t.predicate.value, t.object))
            nodes.add(t.subject)
        if isinstance(t.object, BlankNode):
            said[t.object].append((t.predicate.value, t.subject))
            nodes.add(t.object)
    content = _signed(nodes, says, dict.fromkeys(nodes, ""))
    place = _signed(nodes, said, content)
    walked = _walked(nodes, says, said, place)
    ordered = sorted(nodes, key=lambda n: (place[n], walked[n]))
    return {node: BlankNode(f"axiom{number}") for number, node in enumerate(ordered, 1)}


def _signed(nodes: set[BlankNode], edges: _Edges, own: Mapping[BlankNode, str]) -> dict[BlankNode, str]:
    """Return a digest of each node and of all that it leads to."""
    leads_to = {n: {e for _, e in edges.get(n, ()) if isinstance(e, BlankNode)} for n in nodes}
    waiting_for = {n: len(ends) for n, ends in leads_to.items()}
    led_to: dict[BlankNode, list[BlankNode]] = defaultdict(list)
    for node, ends in leads_to.items():
        for end in ends:
            led_to[end].append(node)
    signed: dict[BlankNode, str] = {}

    def sign(node: BlankNode) -> str:
        told = (
            (predicate, signed.get(end, _TURNS_BACK) if isinstance(end, BlankNode) else str(end))
            for predicate, end in edges.get(node, ())
        )
        return sha256(repr((own[node], sorted(told))).encode()).hexdigest()

    ready = [n for n, count in waiting_for.items() if not count]
    while ready:
        node = ready.pop()
        signed[node] = sign(node)
        for other in led_to[node]:
            waiting_for[other] -= 1
            if not waiting_for[other]:
                ready.append(other)
    return signed | {n: sign(n) for n in nodes if n not in signed}


def _walked(nodes: set[BlankNode], says: _Edges, said: _Edges, place: Mapping[BlankNode, str]) -> dict[BlankNode, int]:
    """Return how early a walk meets each node. It goes down from what nobody speaks of, and then around circles."""
    everywhere = sorted(nodes, key=lambda n: (place[n], n.value))
    tops = [n for n in everywhere if not any(isinstance(above, BlankNode) for _, above in said.get(n, ()))]
    met: dict[BlankNode, int] = {}
    for start in (*tops, *everywhere):
        waiting = [start]
        while waiting:
            node = waiting.pop()
            if node not in met:
                met[node] = len(met)
                ends = [(name, place[end], end) for name, end in says.get(node, ()) if isinstance(end, BlankNode)]
                waiting += (end for *_, end in sorted(ends, key=lambda e: (*e[:2], e[2].value), reverse=True))
    return met


def renamed(triples: Iterable[Triple]) -> list[Triple]:
    """Return the triples with the new names of unnamed nodes."""
    given = list(triples)
    names: dict[Any, Any] = {**new_names(given)}
    return [Triple(names.get(t.subject, t.subject), t.predicate, names.get(t.object, t.object)) for t in given]
