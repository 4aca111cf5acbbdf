"""A dataset in memory, by layers, with the classes of its things: what the formats of persons and posts look at."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from postholder import terms
from postholder.export.vocabulary import Vocabulary
from postholder.graph import DEFAULT, TYPE, by_graph, ph
from postholder.readings import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyoxigraph import Quad, Triple


class Layers:
    """The default graph, the readings and inferred graphs, and the vocabulary of a dataset."""

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
        self.classes: dict[str, set[str]] = defaultdict(set)
        """The classes of each thing: those that hold for sure, or else those of its open readings."""
        for iri, cls in self._typed(self.default):
            self.classes[iri].add(cls)
        sure = set(self.classes)
        for triples in self._open():
            for iri, cls in self._typed(triples):
                if iri not in sure:
                    self.classes[iri].add(cls)
        self.supposed = set(self.classes) - sure
        """What exists under open readings only."""

    def holds(self, triple: Triple) -> bool:
        """Tell whether a triple holds however the open questions are decided."""
        return triple in self.facts.record

    def _open(self) -> Iterator[list[Triple]]:
        """Yield what is said under each open reading, and what follows."""
        undecided = {i for members in self.facts.open.values() for i in members}
        for graph, triples in self.graphs.items():
            if not isinstance(graph, NamedNode) or not self.facts.stands(graph):
                continue
            if any(i in undecided for i in self.facts.rests_on(graph)):
                yield triples

    def _typed(self, triples: list[Triple]) -> Iterator[tuple[str, str]]:
        """Yield what is given a class of ours and is not described by the vocabulary."""
        for triple in triples:
            subject, value = triple.subject, triple.object
            if triple.predicate != TYPE or not isinstance(subject, NamedNode) or not isinstance(value, NamedNode):
                continue
            if value.value in self.vocabulary.classes and subject.value not in self.vocabulary.described:
                yield subject.value, value.value
