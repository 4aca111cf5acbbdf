"""Comparisons as triples of the dataset."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from postholder import terms
from postholder.comparisons.comparison import Comparison, comparisons
from postholder.graph import LABEL, TYPE, order, ph

if TYPE_CHECKING:
    from postholder.readings import Facts


def comparison_node(comparison: Comparison) -> NamedNode:
    """Return the IRI of a comparison, made from all that it says."""
    groups = (comparison.interpretations, comparison.compares, comparison.one_side, comparison.other_side)
    parts = [comparison.kind, comparison.standing, *(" ".join(map(order, nodes)) for nodes in groups)]
    return NamedNode(f"{terms.ID}comparison/{sha256('|'.join(parts).encode()).hexdigest()[:16]}")


def comparison_triples(facts: Facts) -> dict[tuple[NamedNode, ...], list[Triple]]:
    """Return the comparisons of a view as triples, by the joint choice under which they hold."""
    found: dict[tuple[NamedNode, ...], list[Triple]] = {}
    for comparison in comparisons(facts):
        node = comparison_node(comparison)
        gone = facts.moment.gone(comparison.interpretations)
        found.setdefault(comparison.interpretations, []).extend(
            (
                Triple(node, TYPE, ph("Comparison")),
                Triple(node, LABEL, Literal(comparison.label, language="en")),
                Triple(node, ph("comparisonKind"), ph(comparison.kind)),
                Triple(node, ph("comparisonStanding"), ph(comparison.standing)),
                *(Triple(node, ph("oneSide"), c) for c in comparison.one_side),
                *(Triple(node, ph("otherSide"), c) for c in comparison.other_side),
                *(Triple(node, ph("compares"), n) for n in comparison.compares if n not in gone),
            )
        )
    return found
