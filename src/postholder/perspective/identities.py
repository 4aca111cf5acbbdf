"""Unite what goes by several names: one node for things that a claim says are one.

The facts keep every name's own node, so a claim of identity can be withdrawn at any time. Only claims
that hold under every reading unite; `owl:sameAs` is never used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from postholder.graph import DEFAULT, LABEL, TYPE, Node, Term, order, ph, triple_order
from postholder.readings import Facts, is_axiom

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

IDENTIFIED = ph("identifiedWith")
_OWN = {TYPE, ph("reasonMissing")}
"""What the record says of a name's own node and what no longer holds once it stands for another."""


def kept_names(triples: Iterable[Triple]) -> dict[Node, NamedNode]:
    """Return for each united node the node that stands for it: the one it is identified with, at the end.

    Identities that run in a circle are led to their first node in term order.
    """
    pairs = sorted(
        {
            (t.subject, t.object)
            for t in triples
            if t.predicate == IDENTIFIED and isinstance(t.object, NamedNode) and not is_axiom(t)
        },
        key=lambda p: (order(p[0]), order(p[1])),
    )
    group: dict[Node, list[Node]] = {}
    for one, other in pairs:
        small, large = sorted((group.setdefault(one, [one]), group.setdefault(other, [other])), key=len)
        if small is not large:
            large += small
            group.update(dict.fromkeys(small, large))
    renamed = {one for one, _ in pairs}
    result: dict[Node, NamedNode] = {}
    for members in {id(m): m for m in group.values()}.values():
        named = sorted((m for m in members if isinstance(m, NamedNode)), key=order)
        chosen = next((m for m in named if m not in renamed), named[0])
        result.update((node, chosen) for node in members if node != chosen)
    return dict(sorted(result.items(), key=lambda i: order(i[0])))


def undecided(facts: Facts) -> list[Triple]:
    """Return the identities that hold under some open reading only, and so unite nothing."""
    agreed = set(facts.agreed)
    said = {t for r, triples in facts.graphs.items() if facts.stands(r) for t in triples if t.predicate == IDENTIFIED}
    return sorted(said - agreed, key=triple_order)


def unite(facts: Facts) -> Facts:
    """Return the facts with one node for each thing.

    What a node was called stays on the node itself: its label and the claim that identifies it.
    """
    return renamed(facts, kept_names(facts.agreed))


def renamed(facts: Facts, kept: dict[Node, NamedNode]) -> Facts:
    """Return the facts with the nodes of `kept` replaced by those that stand for them."""
    if not kept:
        return facts

    def changed(quad: Quad) -> Quad | None:
        subject: Node = quad.subject
        value: Term = quad.object
        if quad.predicate == IDENTIFIED:
            return quad
        if subject in kept:
            if quad.predicate in _OWN and quad.graph_name == DEFAULT:
                return None
            if quad.predicate != LABEL:
                subject = kept[subject]
        if not isinstance(value, Literal) and value in kept:
            value = kept[value]
        return Quad(subject, quad.predicate, value, quad.graph_name)

    return Facts((q for q in map(changed, facts.quads) if q is not None), facts.view, facts.limit)
