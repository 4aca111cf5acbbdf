"""What holds in the dataset, and under which open interpretations it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import NamedNode

from postholder import terms
from postholder.export.vocabulary import Vocabulary
from postholder.graph import DEFAULT, TYPE, Node, by_graph, order, ph
from postholder.readings import Facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Quad, Triple

Under: TypeAlias = frozenset[NamedNode]
ALWAYS: Under = frozenset()


@dataclass(frozen=True)
class Layer:
    """A graph of the dataset that holds: a reading with its claim, or what follows."""

    graph: Node
    under: Under
    claim: Node | None
    triples: Sequence[Triple] = field(repr=False)


class World:
    """A dataset by layers: default graph, live readings, inferred graphs; set-aside readings apart."""

    def __init__(self, quads: Sequence[Quad]) -> None:
        graphs = by_graph(quads)
        self.default = list(dict.fromkeys(graphs.pop(DEFAULT, [])))
        ontology = graphs.pop(NamedNode(terms.ONTOLOGY_GRAPH), [])
        self.ontology = frozenset(ontology)
        self.vocabulary = Vocabulary(ontology)
        readings = {t.object for t in self.default if t.predicate == ph("hasReading")}
        self.facts = Facts(q for q in quads if q.graph_name == DEFAULT or q.graph_name in readings)
        self.certain = frozenset(graphs.pop(NamedNode(terms.INFERRED_GRAPH), []))
        inferred = {t.subject for t in self.default if t.predicate == TYPE and t.object == ph("InferredGraph")}
        self.graphs = {g: sorted(set(ts), key=str) for g, ts in graphs.items() if g in readings or g in inferred}
        self.others = sum(len(set(ts)) for g, ts in graphs.items() if g not in self.graphs)
        self._claims = {r: c for c, rs in self.facts.readings.items() for r in rs}
        self._undecided = {i for members in self.facts.open.values() for i in members}

    @cached_property
    def layers(self) -> list[Layer]:
        """The graphs that hold, in the order of their names."""
        found = []
        for graph in sorted(self.graphs, key=order):
            if isinstance(graph, NamedNode) and self.facts.stands(graph):
                under = frozenset(i for i in self.facts.rests_on(graph) if i in self._undecided)
                found.append(Layer(graph, under, self._claims.get(graph), self.graphs[graph]))
        return found

    def holds(self, triple: Triple) -> bool:
        """Tell whether a triple holds however the open questions are decided."""
        return triple in self.facts.record

    def label(self, under: Under) -> str:
        """Return what people call a choice of interpretations; empty for what always holds."""
        return "; ".join(self.facts.record.label(i) for i in sorted(under, key=order))

    def simplest(self, unders: Iterable[Under]) -> list[Under]:
        """Return the weakest conditions that say the same.

        What holds under each live interpretation of an ambiguity, other things equal, does not
        depend on that ambiguity; and a condition adds nothing to a part of it. Only the default
        graph says what always holds, so a condition never becomes empty here.
        """
        found = set(unders)
        todo = sorted(found, key=_order)
        while todo:
            under = todo.pop()
            for members in self.facts.open.values():
                chosen = under.intersection(members)
                rest = under - chosen
                if chosen and rest and rest not in found and all(rest | {m} in found for m in members):
                    found.add(rest)
                    todo.append(rest)
        return sorted((u for u in found if not any(v < u for v in found)), key=_order)


def _order(under: Under) -> tuple[str, ...]:
    return tuple(sorted(str(i) for i in under))
