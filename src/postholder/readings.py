"""Readings: what the facts say for certain, and what they say only if a text is read one way.

An ambiguity has mutually exclusive interpretations. A claim about an ambiguous passage has one
reading (a named graph) per combination of interpretations it touches. From these follow

* the *accepted* triples: those of readings without a rival, and those that all live rivals share;
* one *context* per joint choice of interpretations that hang together: the triples that hold
  only under that choice. Contexts of one cluster exclude each other and are never mixed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Triple

from postholder import terms
from postholder.errors import CannotError, RefusedFileError
from postholder.graph import DEFAULT, TYPE, Node, Triples, by_graph, handle, order, ph, text_of, triple_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad


_RECORD = (
    "Ambiguity", "Claim", "Document", "Interpretation", "NameMention", "Omission", "Passage", "Reading",
    "RecordAct", "Retraction", "Supersession",
)  # fmt: skip
"""Classes of what the record keeps about texts, as against what it says about the world."""
_MOST_CHOICES = 4096
"""A claim that touches more joint choices than this is not looked through."""


def _slug(interpretation: str) -> str:
    """Return a name for an interpretation that no other has."""
    home = terms.ID + "interpretation/"
    local = interpretation.removeprefix(home)
    if local != interpretation and re.fullmatch(r"[A-Za-z0-9._-]+", local):
        return local
    return "x" + sha256(interpretation.encode()).hexdigest()[:16]


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


def _things(triple: Triple) -> list[Node]:
    """Return the things of the world a triple speaks of: its subject and, unless a term of ours, its value."""
    value = triple.object
    if isinstance(value, NamedNode) and not value.value.startswith((terms.PH, terms.ID + "role/")):
        return [triple.subject, value]
    return [triple.subject]


@dataclass(frozen=True)
class Context:
    """One joint choice among open interpretations and what holds only under it."""

    interpretations: tuple[NamedNode, ...]
    label: str
    stated: tuple[Triple, ...] = field(repr=False)

    @property
    def slug(self) -> str:
        """A stable name made of the interpretations' own."""
        return "+".join(_slug(i.value) for i in self.interpretations)

    @property
    def inferred_graph(self) -> NamedNode:
        """The graph for what follows under this choice."""
        return NamedNode(f"{terms.INFERRED_GRAPH}/{self.slug}")


class Facts:
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

    @property
    def world(self) -> list[Triple]:
        """What a closure starts from: the register and the accepted facts, without axioms."""
        return [t for t in (*self.register, *self.accepted) if not is_axiom(t)]

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
    def accepted(self) -> list[Triple]:
        """What holds however the open questions are decided, in triple order."""
        held: set[Triple] = set()
        for claim, readings in self.readings.items():
            sets = [set(self.triples(r)) for r in readings if self.is_live(r)]
            # A choice without a reading says nothing, so nothing of the claim holds for certain.
            if sets and not self.uncovered(claim):
                held |= set.intersection(*sets)
        return sorted(held, key=triple_order)

    @cached_property
    def _clusters(self) -> list[list[Node]]:
        """Group open ambiguities whose readings touch each other: one reading or one thing of both."""
        member_of = {i: a for a, members in self.open.items() for i in members}
        group: dict[Node, frozenset[Node]] = {a: frozenset([a]) for a in self.open}
        accepted = set(self.accepted)
        touching: dict[Node, set[Node]] = {}
        for reading, triples in self.graphs.items():
            ambiguities = {member_of[i] for i in self.rests_on(reading) if i in member_of}
            if not ambiguities or not self.is_live(reading):
                continue
            touching.setdefault(reading, set()).update(ambiguities)
            for triple in triples:
                if triple not in accepted:
                    for node in _things(triple):
                        touching.setdefault(node, set()).update(ambiguities)
        for together in touching.values():
            joined = frozenset().union(*(group[a] for a in together))
            group.update(dict.fromkeys(joined, joined))
        return sorted((sorted(g, key=order) for g in set(group.values())), key=lambda g: order(g[0]))

    def clusters(self, limit: int) -> list[list[Context]]:
        """Return the contexts, grouped so that those of one list exclude each other.

        Raises CannotError when the joint choices are more than `limit`.
        """
        result = []
        total = 0
        undecided = {i for members in self.open.values() for i in members}
        accepted = set(self.accepted)
        under: list[tuple[frozenset[Node], list[Triple]]] = []
        for reading, triples in self.graphs.items():
            needs = frozenset(i for i in self.rests_on(reading) if i in undecided)
            if needs and self.is_live(reading):
                under.append((needs, triples))
        for cluster in self._clusters:
            choices = [self.open[a] for a in cluster]
            size = 1
            for choice in choices:
                size *= len(choice)
            total += size
            if total > limit:
                raise CannotError(
                    f"the open readings combine in more than {limit} ways",
                    hint="decide some interpretations, or split claims that touch many ambiguities",
                )
            result.append([self._context(chosen, under, accepted) for chosen in product(*choices)])
        return result

    def _context(
        self,
        chosen: tuple[Node, ...],
        under: list[tuple[frozenset[Node], list[Triple]]],
        accepted: set[Triple],
    ) -> Context:
        names = sorted((i for i in chosen if isinstance(i, NamedNode)), key=order)
        picked = set(chosen)
        stated = {t for needs, triples in under if needs <= picked for t in triples} - accepted
        label = "; ".join(self.record.label(i) for i in names)
        return Context(tuple(names), label, tuple(sorted(stated, key=triple_order)))

    def claims_of(self, node: Node) -> list[Node]:
        """Return the claims with a reading that mentions `node`, in term order."""
        return sorted(self._claims_by_node.get(node, ()), key=order)

    @cached_property
    def _claims_by_node(self) -> dict[Node, set[Node]]:
        mentioned: dict[Node, set[Node]] = {}
        for claim, readings in self.readings.items():
            for reading in readings:
                for triple in self.triples(reading):
                    mentioned.setdefault(triple.subject, set()).add(claim)
        return mentioned

    def name(self, claim: Node) -> str:
        """Return the identifier people use for a claim, such as `F26`."""
        found = self.record.texts(claim, NamedNode(terms.DCTERMS + "identifier"))
        return found[0] if found else handle(text_of(claim))
