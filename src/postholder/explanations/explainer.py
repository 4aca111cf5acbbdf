"""Explain a triple of a built graph: find where it stands there, and prove it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Triple

from postholder import terms
from postholder.closure import rules
from postholder.closure.memory import MemoryEngine
from postholder.closure.profile import logical
from postholder.closure.proofs import AXIOM, STATED, Proof, Step, statement
from postholder.comparisons.comparison import Comparison, comparisons
from postholder.comparisons.triples import comparison_node
from postholder.explanations.explanation import COMPARISON, Argument, Explanation
from postholder.explanations.grounds import IDENTIFIED_RULE, Grounds
from postholder.explanations.near import Near
from postholder.explanations.worlds import World
from postholder.graph import DEFAULT, order, ph, text_of
from postholder.readings import Facts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pyoxigraph import Quad

    from postholder.graph import Node
    from postholder.readings import Context
    from postholder.settings import Settings
    from postholder.sources.inputs import Inputs

_VOCABULARY = NamedNode(terms.ONTOLOGY_GRAPH)


class Explainer:
    """Explains what a graph says as one view shows it."""

    def __init__(self, inputs: Inputs, shown: Facts, quads: Iterable[Quad], settings: Settings) -> None:
        self._inputs, self._shown, self._settings = inputs, shown, settings
        self._known: dict[Triple, Explanation] = {}
        self._graphs: dict[Triple, set[Node | object]] = {}
        for quad in quads:
            self._graphs.setdefault(quad.triple, set()).add(quad.graph_name)

    @property
    def texts(self) -> set[Node]:
        """The documents, claims, readings and the like: what is not of the world."""
        return self._shown.texts

    @cached_property
    def grounds(self) -> Grounds:
        """What the stated facts rest on."""
        return Grounds(self._inputs, Facts(self._inputs.fact_quads), self._shown)

    @cached_property
    def axioms(self) -> list[Triple]:
        """The axioms of the ontology."""
        return logical(self._inputs.ontology)

    @cached_property
    def rules(self) -> list[rules.Rule]:
        """The rules in files."""
        return rules.load(self._inputs.rules)

    def _world(self, given: Sequence[Triple], under: tuple[NamedNode, ...]) -> World:
        engine = MemoryEngine(self._settings.engine_seconds)
        return World(given, under, self.axioms, engine, self.rules, self.grounds)

    @cached_property
    def base(self) -> World:
        """The agreed facts with what follows from them."""
        return self._world(self._shown.world, ())

    @cached_property
    def contexts(self) -> list[list[tuple[Context, World]]]:
        """The joint choices of readings, those that exclude each other together, each with its world."""
        return [
            [(c, self._world([*self._shown.world, *c.stated], c.interpretations)) for c in cluster]
            for cluster in self._shown.clusters(self._settings.max_contexts)
        ]

    @cached_property
    def _compared(self) -> dict[NamedNode, Comparison]:
        return {comparison_node(c): c for c in comparisons(self._shown)}

    def explain(self, triple: Triple) -> Explanation:
        """Return why a triple holds, always or under some readings, or what is to be said if it does not."""
        if triple not in self._known:
            self._known[triple] = self._explained(triple)
        return self._known[triple]

    def _explained(self, triple: Triple) -> Explanation:
        graphs = self._graphs.get(triple, set())
        if triple.subject in self._compared:
            comparison = self._compared[triple.subject]  # type: ignore[index] # found there
            return self._told(triple, [self._by_comparison(triple, comparison)], always=not comparison.interpretations)
        if DEFAULT in graphs:
            return self._always(triple)
        under = [a for cluster in self.contexts for a in self._under(triple, cluster, graphs)] if graphs else []
        if under:
            return self._told(triple, _different(under), always=False)
        if _VOCABULARY in graphs:
            return self._told(triple, [Argument(Proof((Step(statement(triple), AXIOM),)))], always=True)
        return Explanation(triple, "not", told=self._near(triple), grounds=self.grounds)

    def _told(self, triple: Triple, arguments: Iterable[Argument], *, always: bool) -> Explanation:
        return Explanation(triple, "always" if always else "under readings", tuple(arguments), grounds=self.grounds)

    def _always(self, triple: Triple) -> Explanation:
        steps = self.grounds.steps(triple, ())
        if steps:
            return self._told(triple, [Argument(Proof(tuple(steps)))], always=True)
        proof = self.base.proof(triple)
        if proof is not None:
            return self._told(triple, [Argument(proof)], always=True)
        for cluster in self.contexts:
            found = self._under(triple, cluster)
            if len(found) == len(cluster):
                return self._told(triple, _different(found), always=True)
        if _VOCABULARY in self._graphs[triple]:
            return self._told(triple, [Argument(Proof((Step(statement(triple), AXIOM),)))], always=True)
        told = _description(triple)
        return Explanation(triple, "described" if told else "always", told=told or _UNPROVEN, grounds=self.grounds)

    def _under(
        self, triple: Triple, cluster: Sequence[tuple[Context, World]], graphs: Collection[object] | None = None
    ) -> list[Argument]:
        """Return the proofs of a triple under the choices of one cluster that have one.

        `graphs` are the graphs that are known to hold it, so that not every choice is gone into.
        """
        found = []
        for context, world in cluster:
            if graphs is not None and context.inferred_graph not in graphs and triple not in context.stated:
                continue
            proof = world.proof(triple)
            if proof is not None:
                found.append(Argument(proof, self._needed(proof, context.interpretations)))
        return found

    def _needed(self, proof: Proof, chosen: tuple[NamedNode, ...]) -> tuple[NamedNode, ...]:
        """Return the interpretations of a choice that a proof rests on; all where a rule looks at what is missing."""
        if any(
            s.rule not in {STATED, AXIOM, IDENTIFIED_RULE} and s.rule.partition("-")[0] not in _OWL for s in proof.steps
        ):
            return chosen
        needed: set[NamedNode] = set()
        for step in proof.steps:
            if step.rule != STATED or step.says is None:
                continue
            said = Triple(*step.says)  # type: ignore[arg-type] # what is stated is about no literal
            if self.grounds.is_recorded(said) or self.grounds.sayings(said, ()):
                continue
            readings = (r for found in self.grounds.sayings(said, chosen).values() for r in found)
            needed |= min((self.grounds.needs(r) for r in readings), key=lambda n: (len(n), sorted(map(order, n))))
        return tuple(i for i in chosen if i in needed)

    def _by_comparison(self, triple: Triple, comparison: Comparison) -> Argument:
        sides = {"one_side": comparison.one_side, "other_side": comparison.other_side}
        claims = {name: [self.grounds.claim(c) for c in claims] for name, claims in sides.items()}
        compared = {
            "kind": comparison.kind,
            "standing": comparison.standing,
            **claims,
            "compares": [text_of(n) for n in comparison.compares],
            "label": comparison.label,
        }
        proof = Proof((Step(statement(triple), COMPARISON),))
        return Argument(proof, comparison.interpretations, compared)

    def _near(self, triple: Triple) -> str:
        """Say what is near a triple that does not hold."""
        told = []
        if self._shown.view.certainty == "certain":  # leaves out what it knows of readings
            ways = _different(a for cluster in self.contexts for a in self._under(triple, cluster))
            names = (", ".join(self._shown.record.label(i) for i in a.under) for a in ways)
            told += [f"It holds if the text is read so, which this view leaves out: {name}." for name in names]
        record = self.grounds.written
        for claim, readings in record.readings.items():
            for reading in readings:
                if triple not in {self.grounds.renamed(t) for t in record.triples(reading)}:
                    continue
                name = record.name(claim)
                if claim in record.withdrawn:
                    told.append(f"{name} said so and was withdrawn.")
                elif not record.is_live(reading):
                    told.append(f"{name} says so under a reading that is out of play.")
                else:
                    told.append(f"{name} says so, which this view leaves out.")
        return " ".join(dict.fromkeys(told)) or Near(self._graphs, self.axioms, self._inputs.prefixes).told(triple)


_DESCRIBED = {
    ph("standing"): "how a thing stands on the day of the view, as worked out from what is told of its time",
    ph("standingReason"): "in words what is told of the time of a thing",
    ph("attestedBy"): "which claims have the latest word on a thing up to the day of the view",
    ph("withdrawnReading"): "what a claim said that was withdrawn",
}
"""Properties by which a graph describes itself."""
_UNPROVEN = "It is in the graph, but no proof of it was found."


def _description(triple: Triple) -> str:
    """Say what a triple describes that is written down when a graph is built; nothing if it is about the world."""
    told = _DESCRIBED.get(triple.predicate, "")
    if text_of(triple.subject) == f"{terms.ID}view":
        told = "the view itself"
    elif text_of(triple.subject).startswith(terms.INFERRED_GRAPH):
        told = "a part of the graph: what follows from the facts, always or under readings"
    return f"This describes {told}; it is written down when the graph is built, not inferred." if told else ""


_OWL = {"eq", "prp", "cls", "cax", "dt", "scm"}
"""How the names of the rules of OWL 2 RL begin."""


def _different(arguments: Iterable[Argument]) -> list[Argument]:
    """Return one argument for each set of interpretations, the smallest sets first; larger ones go."""
    kept: list[Argument] = []
    for argument in sorted(arguments, key=lambda a: (len(a.under), [order(i) for i in a.under])):
        if not any(set(k.under) <= set(argument.under) for k in kept):
            kept.append(argument)
    return kept
