"""The engine over columns behind the engine contract, for graphs that are too large for the one in memory."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from postholder import terms
from postholder.closure.base import Closure, UnhandledAxiom
from postholder.closure.columns.files import close_quads
from postholder.closure.compiler import compile_axioms
from postholder.graph import TYPE, quads_of, triple_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Triple

    from postholder.closure.columns.closed import ClosedGraph

_BASE, _ADDED = NamedNode("urn:base"), NamedNode("urn:added")


class ColumnsEngine:
    """Closes the base in tables, then adds each addition and takes it back."""

    name = "postholder-columns"
    version = terms.VERSION

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def unhandled(self, axioms: Sequence[Triple]) -> list[UnhandledAxiom]:
        """Return the axioms that this engine has no rules for."""
        return list(compile_axioms(axioms).unhandled)

    def close(
        self, axioms: Sequence[Triple], base: Sequence[Triple], additions: Sequence[Sequence[Triple]]
    ) -> list[Closure]:
        """Close the base, and the base with each addition; see `Engine.close`."""
        until = monotonic() + self._seconds
        used = sorted({t.predicate for facts in (base, *additions) for t in facts}, key=str)
        with close_quads(quads_of(base, _BASE), axioms, seconds=self._seconds, used=used) as graph:
            graph.tables.until = until
            closures = [_told(graph, base)]
            for extra in additions:
                graph.add(quads_of(extra, _ADDED))
                closures.append(_told(graph, [*base, *extra]))
                graph.retract(_ADDED)
        return closures


def _told(graph: ClosedGraph, facts: Iterable[Triple]) -> Closure:
    """Return what a closure says of the nodes of some facts."""
    about = {n for t in facts for n in (t.subject, *([] if t.predicate == TYPE else [t.object]))}
    inferred = (t for t in graph.inferred() if t.subject in about and not isinstance(t.subject, Literal))
    return Closure(tuple(sorted(inferred, key=triple_order)), graph.clashes())
