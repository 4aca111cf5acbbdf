"""What stated facts rest on: claims with their readings and passages, the register, the names of one thing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from postholder.closure.profile import logical
from postholder.closure.proofs import STATED, Proof, Statement, Step, statement
from postholder.graph import LABEL, Node, integer, local_name, order, ph, text_of, triple_order
from postholder.perspective.identities import IDENTIFIED, kept_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from postholder.graph import Term
    from postholder.readings import Facts
    from postholder.sources.inputs import Inputs

IDENTIFIED_RULE = "identified"
"""The rule by which what is said of one name holds of another: claims say that both name one thing."""


@dataclass(frozen=True)
class _Said:
    """One place where a fact is written: in a reading of a claim, or in the register (no claim)."""

    written: Triple
    claim: Node | None = None
    reading: Node | None = None


class Grounds:
    """Finds what a stated fact rests on, in the facts as a view shows them (`shown`) and as they are written."""

    def __init__(self, inputs: Inputs, written: Facts, shown: Facts) -> None:
        self.inputs, self.written, self.shown = inputs, written, shown
        self._undecided = {i for members in shown.open.values() for i in members}

    @cached_property
    def kept(self) -> dict[Node, NamedNode]:
        """The node that stands for each name that claims identify with another."""
        return kept_names(self.shown.agreed)

    @cached_property
    def _identities(self) -> list[Triple]:
        return sorted((t for t in self.shown.agreed if t.predicate == IDENTIFIED), key=triple_order)

    def renamed(self, triple: Triple) -> Triple:
        """Return a written fact as the view has it: about the node that stands for all names."""
        if triple.predicate in {IDENTIFIED, LABEL}:
            return triple
        return Triple(self._name(triple.subject), triple.predicate, self._name(triple.object))

    def _name(self, term: Any) -> Any:
        return term if isinstance(term, Literal) else self.kept.get(term, term)

    @cached_property
    def _places(self) -> dict[Triple, list[_Said]]:
        """Where each fact of the view is written, by the fact as the view has it."""
        places: dict[Triple, list[_Said]] = {}
        shown = self.shown
        for claim, readings in shown.readings.items():
            for reading in readings if claim not in shown.withdrawn else ():
                for triple in self.written.triples(reading) if shown.stands(reading) else ():
                    places.setdefault(self.renamed(triple), []).append(_Said(triple, claim, reading))
        for triple in self.written.record:
            if self.renamed(triple) not in shown.record:
                continue  # the view leaves it out
            places.setdefault(self.renamed(triple), []).append(_Said(triple))
        return places

    def needs(self, reading: Node) -> frozenset[NamedNode]:
        """Return the open interpretations that a reading rests on."""
        return frozenset(self.shown.rests_on(reading)) & self._undecided

    def readings(self, written: Triple, claim: Node, under: Collection[Node]) -> list[Node]:
        """Return the readings by which a claim states a fact under a choice; none if it does not.

        Either a reading that rests on chosen interpretations says so, or all that may hold do.
        """
        standing = [r for r in self.shown.readings.get(claim, []) if self.shown.stands(r)]
        saying = [r for r in standing if written in self._written_in(r)]
        chosen = [r for r in saying if (needs := self.needs(r)) and needs <= set(under)]
        if chosen:
            return chosen
        return saying if len(saying) == len(standing) and not self.shown.uncovered(claim) else []

    def _written_in(self, reading: Node) -> set[Triple]:
        found = self._sets.get(reading)
        if found is None:
            found = self._sets[reading] = set(self.written.triples(reading))
        return found

    @cached_property
    def _sets(self) -> dict[Node, set[Triple]]:
        return {}

    def sayings(self, written: Triple, under: Collection[Node]) -> dict[Node, list[Node]]:
        """Return the claims that state a fact in these very names, each with its readings."""
        told = {p.claim for p in self._places.get(self.renamed(written), ()) if p.written == written and p.claim}
        found = {c: self.readings(written, c, under) for c in sorted(told, key=order)}
        return {c: readings for c, readings in found.items() if readings}

    def is_recorded(self, written: Triple) -> bool:
        """Tell whether the register or the record holds a fact, as against a claim."""
        return any(p.claim is None and p.written == written for p in self._places.get(self.renamed(written), ()))

    def steps(self, triple: Triple, under: Collection[Node]) -> list[Step]:
        """Return the steps that lead to a stated fact of the view: one, or more if it goes by other names.

        What is put forward as being so comes first, then what is said in these very names. Returns
        nothing for what is not stated under the choice.
        """
        forms = {p.written for p in self._places.get(triple, ())}
        stated = [w for w in forms if self.is_recorded(w) or self.sayings(w, under)]
        if not stated:
            return []
        firm = {w for w in stated if any(self.shown.is_actual(c) for c in self.sayings(w, under))}
        chosen = min(stated, key=lambda w: (w not in firm, w != triple, triple_order(w)))
        first = Step(statement(chosen), STATED)
        if chosen == triple:
            return [first]
        pairs = {(chosen.subject, triple.subject), (chosen.object, triple.object)}
        used = {t for one, other in pairs if one != other for t in self._path(one, other)}
        ways = [Step(statement(t), STATED) for t in sorted(used, key=triple_order)]
        return [first, *ways, Step(statement(triple), IDENTIFIED_RULE, tuple(range(len(ways) + 1)))]

    def grounded(self, proof: Proof, under: Collection[Node]) -> Proof:
        """Return a proof whose stated facts are led on to the names in which claims state them."""
        steps: list[Step] = []
        places: dict[object, int] = {}

        def add(given: Iterable[Step]) -> None:
            told: list[int] = []
            for step in given:
                if step.says is None or step.says not in places:
                    places[step.says] = len(steps)
                    steps.append(Step(step.says, step.rule, tuple(told[p] for p in step.premises)))
                told.append(places[step.says])

        made: list[int] = []
        for step in proof.steps:
            if step.rule == STATED and step.says is not None and step.says not in places:
                add(self.steps(Triple(*step.says), under) or [step])  # type: ignore[arg-type] # no literal is stated of
            elif step.says is None or step.says not in places:
                places[step.says] = len(steps)
                steps.append(Step(step.says, step.rule, tuple(made[p] for p in step.premises)))
            made.append(places[step.says])
        return Proof(tuple(steps))

    def _path(self, one: Any, other: Any) -> list[Triple]:
        """Return the identities that lead from one name to another, by a shortest way."""
        ways: dict[Any, list[Triple]] = {one: []}
        waiting = [one]
        for node in waiting:  # grows while it is walked through
            for t in self._identities:
                for here, there in ((t.subject, t.object), (t.object, t.subject)):
                    if here == node and there not in ways:
                        ways[there] = [*ways[node], t]
                        waiting.append(there)
        return ways[other]

    def claim(self, claim: Node, readings: Iterable[Node] = ()) -> dict[str, Any]:
        """Return a claim as plain data: what it is, how it is put forward, and the passages it rests on."""
        record = self.shown.record
        return {
            "claim": text_of(claim),
            "name": self.shown.name(claim),
            "readings": sorted(text_of(r) for r in readings),
            "modality": " ".join(local_name(text_of(m)) for m in record.names(claim, ph("modality"))),
            "basis": " ".join(local_name(text_of(b)) for b in record.names(claim, ph("basis"))),
            "recorded": " ".join(record.texts(claim, ph("recordedOn"))),
            "passages": [self.passage(p) for p in record.names(claim, ph("evidence"))],
        }

    def passage(self, passage: Node) -> dict[str, Any]:
        """Return a passage as plain data: document, days of publication, first and last character, digest."""
        record = self.shown.record
        documents = record.names(passage, ph("inDocument"))
        dates = sorted({d for n in documents for p in _PUBLISHED for d in record.texts(n, ph(p))})
        return {
            "document": " ".join(text_of(d) for d in documents),
            "published": dates,
            "span": [integer(record.value(passage, ph(name))) for name in ("start", "end")],
            "sha256": " ".join(record.texts(passage, ph("spanSha256"))),
        }

    @cached_property
    def _files(self) -> dict[tuple[str, str, str], str]:
        found: dict[tuple[str, str, str], str] = {}
        for group in (self.inputs.vocabulary, self.inputs.facts):
            for file in group:
                for quad in file.quads:
                    found.setdefault(_key(quad.subject, quad.predicate, quad.object), file.name)
        return found

    def file(self, says: Statement) -> str:
        """Return the file that a triple stands in; nothing if it is not known."""
        return self._files.get(_key(*says), "")

    @cached_property
    def ontology(self) -> dict[Statement, str]:
        """What the ontology says, each with the file it stands in.

        What hangs on an unnamed node stands where the node does: by itself it may be alike in several files.
        """
        said = self.inputs.ontology
        named = (t for t in said if not isinstance(t.subject, BlankNode) and not isinstance(t.object, BlankNode))
        triples = sorted({*logical(said), *named}, key=triple_order)
        hanging: dict[Term, list[Triple]] = {}
        for t in triples:
            hanging.setdefault(t.subject, []).append(t)
        used = {t.object for t in triples}
        found: dict[Statement, str] = {}
        for first in sorted(triples, key=lambda t: isinstance(t.subject, BlankNode) and t.subject in used):
            waiting = [(first, self.file(statement(first)))]
            for t, file in waiting:  # grows while it is walked through
                if statement(t) not in found:
                    found[statement(t)] = file
                    below = hanging.get(t.object, []) if isinstance(t.object, BlankNode) else []
                    waiting += [(b, file) for b in below]
        return found


_PUBLISHED = ("publishedEarliest", "publishedLatest")


def _key(subject: Term, predicate: NamedNode, value: Term) -> tuple[str, str, str]:
    """Return a triple as texts, all unnamed nodes alike: their names differ from reading to reading."""
    return tuple("_:" if isinstance(t, BlankNode) else str(t) for t in (subject, predicate, value))  # type: ignore[return-value] # three
