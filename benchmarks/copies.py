"""Larger graphs for measuring: the shipped one, its things multiplied under new names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Quad

from postholder import terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_KEPT = (terms.INFERRED_GRAPH, terms.ONTOLOGY_GRAPH)
_ROLES = f"{terms.ID}role/"


def _copied(term: Any, number: int) -> Any:
    """Return a thing of ours under the name that it has in copy `number`; roles and graphs known by name stay."""
    if not number or not isinstance(term, NamedNode) or not term.value.startswith(terms.ID):
        return term
    if term.value in _KEPT or term.value.startswith(_ROLES):
        return term
    kind, _, rest = term.value.removeprefix(terms.ID).partition("/")
    return NamedNode(f"{terms.ID}{kind}/{number}-{rest}")


def multiplied(quads: Sequence[Quad], copies: int) -> Iterator[Quad]:
    """Yield the quads as they are, and those about things of ours once more for each further copy."""
    for number in range(copies):
        for q in quads:
            new = Quad(
                _copied(q.subject, number), q.predicate, _copied(q.object, number), _copied(q.graph_name, number)
            )
            if not number or new != q:
                yield new
