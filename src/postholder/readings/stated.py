"""What the files state: the record, and what holds however the open questions are decided."""

from __future__ import annotations

from functools import cached_property
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode

from postholder import terms
from postholder.errors import RefusedFileError
from postholder.graph import DEFAULT, TYPE, Node, Triples, by_graph, handle, order, ph, text_of, triple_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad, Triple

_RECORD = (
    "Ambiguity", "Claim", "Document", "Interpretation", "NameMention", "Omission", "Passage", "Reading",
    "RecordAct", "Retraction", "Supersession",
)  # fmt: skip
"""Classes of what the record keeps about texts, as against what it says about the world."""
_MOST_CHOICES = 4096
"""A claim that touches more joint choices than this is not looked through."""


def is_axiom(triple: Triple) -> bool:
    """Tell whether a triple is about classes and properties, or merges things: facts files hold none."""
    predicate = triple.predicate.value
    value = text_of(triple.object)
    return (
        predicate.startswith(terms.OWL)
        or predicate in {terms.RDFS + n for n in ("subClassOf", "subPropertyOf", "domain", "range")}
        or (predicate == TYPE.value and value.startswith((terms.OWL, terms.RDFS)))
        or text_of(triple.subject).startswith(terms.PH)
    )


class Stated:
    """A facts dataset: the record (default graph) and one named graph per reading."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.quads = list(dict.fromkeys(quads))
        graphs = by_graph(self.quads)
        for name in graphs:
            if f"{text_of(name)}/".startswith((f"{terms.INFERRED_GRAPH}/", f"{terms.ONTOLOGY_GRAPH}/")):
                raise RefusedFileError(
                    f"graph <{text_of(name)}> is kept for what Postholder infers",
                    hint="name the graph of a reading after the reading",
                )
        self.record = Triples(graphs.pop(DEFAULT, []))
        self.graphs: dict[Node, list[Triple]] = {
            g: t for g, t in sorted(graphs.items(), key=lambda item: order(item[0])) if not isinstance(g, DefaultGraph)
        }

    @cached_property
    def register(self) -> list[Triple]:
        """The record's triples about the world (who and what there is), in triple order.

        The rest of the record is about documents and claims; nothing is inferred from it.
        """
        return sorted((t for t in self.record if t.subject not in self.texts), key=triple_order)

    @cached_property
    def texts(self) -> set[Node]:
        """The nodes of the record that are about texts: documents, claims, readings and the like."""
        return {s for name in _RECORD for s in self.record.subjects(TYPE, ph(name))}

    def triples(self, reading: Node) -> list[Triple]:
        """Return the domain triples that a reading states."""
        return self.graphs.get(reading, [])

    @cached_property
    def interpretations(self) -> dict[Node, list[Node]]:
        """The interpretations of each ambiguity, in term order."""
        result: dict[Node, list[Node]] = {}
        for interpretation, ambiguity in sorted(
            self.record.pairs(ph("interpretationOf")), key=lambda p: (order(p[1]), order(p[0]))
        ):
            if not isinstance(ambiguity, NamedNode):
                continue
            result.setdefault(ambiguity, []).append(interpretation)
        return result

    def status(self, interpretation: Node) -> str:
        """Return `preferred`, `open` or `rejected`; a missing status counts as open."""
        found = self.record.objects(interpretation, ph("interpretationStatus"))
        if ph("rejected") in found:
            return "rejected"
        return "preferred" if ph("preferred") in found else "open"

    @cached_property
    def live(self) -> set[Node]:
        """The interpretations that may hold: the preferred ones of an ambiguity, else the open ones."""
        alive: set[Node] = set()
        for members in self.interpretations.values():
            preferred = [i for i in members if self.status(i) == "preferred"]
            alive.update(preferred or [i for i in members if self.status(i) == "open"])
        return alive

    @cached_property
    def open(self) -> dict[Node, list[Node]]:
        """The undecided ambiguities with their live interpretations."""
        alive = {a: [i for i in members if i in self.live] for a, members in self.interpretations.items()}
        return {a: members for a, members in alive.items() if len(members) > 1}

    def rests_on(self, reading: Node) -> list[NamedNode]:
        """Return the interpretations a reading rests on, in term order."""
        return self.record.names(reading, ph("underInterpretation"))

    def is_live(self, reading: Node) -> bool:
        """Tell whether a reading rests on no interpretation that is out of play, nor on two rivals."""
        found = self.rests_on(reading)
        questions = {self.question_of[i] for i in found if i in self.question_of}
        return len(questions) == len(found) and all(i in self.live for i in found)

    @cached_property
    def question_of(self) -> dict[Node, Node]:
        """The ambiguity of each interpretation."""
        return {i: a for a, members in self.interpretations.items() for i in members}

    @cached_property
    def withdrawn(self) -> set[Node]:
        """The claims that a recorded act takes back, themselves or with a document they rest on."""
        taken = {t for _, t in self.record.pairs(ph("withdraws"))}
        if not taken:
            return set()
        found = {c for c in self.readings if c in taken}
        for passage, document in self.record.pairs(ph("inDocument")):
            if document in taken:
                found.update(self.record.subjects(ph("evidence"), passage))
        return found

    @cached_property
    def out_of_force(self) -> set[Node]:
        """The readings of withdrawn claims."""
        kept = {r for c, readings in self.readings.items() if c not in self.withdrawn for r in readings}
        return {r for c in self.withdrawn for r in self.readings.get(c, [])} - kept

    def stands(self, reading: Node) -> bool:
        """Tell whether a reading may hold: it is live, and its claim is not withdrawn."""
        return reading not in self.out_of_force and self.is_live(reading)

    def uncovered(self, claim: Node) -> list[tuple[Node, ...]]:
        """Return the joint choices of live interpretations for which a claim has no live reading."""
        chosen = [frozenset(self.rests_on(r)) for r in self.readings.get(claim, []) if self.is_live(r)]
        touched = sorted(
            {
                self.question_of[i]
                for r in self.readings.get(claim, [])
                for i in self.rests_on(r)
                if i in self.question_of
            },
            key=order,
        )
        choices = [[i for i in self.interpretations[a] if i in self.live] for a in touched]
        if prod(len(c) for c in choices) > _MOST_CHOICES:
            return [()]
        return [choice for choice in product(*choices) if not any(c <= set(choice) for c in chosen)]

    @cached_property
    def readings(self) -> dict[Node, list[Node]]:
        """The readings of each claim, in term order."""
        result: dict[Node, list[Node]] = {}
        for claim, reading in sorted(self.record.pairs(ph("hasReading")), key=lambda p: (order(p[0]), order(p[1]))):
            if isinstance(reading, NamedNode):
                result.setdefault(claim, []).append(reading)
        return result

    @cached_property
    def agreed(self) -> list[Triple]:
        """What is said of any time however the open questions are decided, in triple order."""
        held: set[Triple] = set()
        for claim, readings in self.readings.items():
            sets = [set(self.triples(r)) for r in readings if self.stands(r)]
            # A choice without a reading says nothing, so nothing of the claim holds for certain.
            if sets and not self.uncovered(claim):
                held |= set.intersection(*sets)
        return sorted(held, key=triple_order)

    def depends(self, reading: Node) -> bool:
        """Tell whether a reading rests on an open question."""
        undecided = {i for members in self.open.values() for i in members}
        return any(i in undecided for i in self.rests_on(reading))

    def cites(self, claim: Node) -> list[Node]:
        """Return the documents that a claim cites, in term order."""
        passages = self.record.names(claim, ph("evidence"))
        return sorted({d for p in passages for d in self.record.names(p, ph("inDocument"))}, key=order)

    def is_actual(self, claim: Node) -> bool:
        """Tell whether a claim puts its content forward as being so; one without a modality does."""
        return set(self.record.objects(claim, ph("modality"))) <= {ph("actual")}

    def is_planned(self, claim: Node) -> bool:
        """Tell whether a claim tells of a plan."""
        return ph("planned") in self.record.objects(claim, ph("modality"))

    def introduces(self, claim: Node, node: Node) -> bool:
        """Tell whether a claim introduces a node, rather than only mentions it."""
        return any(t.predicate == TYPE for _, t in self.said_of.get(node, {}).get(claim, ()))

    def claims_of(self, node: Node) -> list[Node]:
        """Return the claims with a reading that mentions `node`, in term order."""
        return sorted(self.said_of.get(node, ()), key=order)

    @cached_property
    def said_of(self) -> dict[Node, dict[Node, list[tuple[Node, Triple]]]]:
        """What is said of each node: by claim, the triples with their reading."""
        said: dict[Node, dict[Node, list[tuple[Node, Triple]]]] = {}
        for claim, readings in self.readings.items():
            for reading in readings:
                for triple in self.triples(reading):
                    said.setdefault(triple.subject, {}).setdefault(claim, []).append((reading, triple))
        return said

    def name(self, claim: Node) -> str:
        """Return the identifier people use for a claim, such as `F26`."""
        found = self.record.texts(claim, NamedNode(terms.DCTERMS + "identifier"))
        return found[0] if found else handle(text_of(claim))
