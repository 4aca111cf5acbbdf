"""Rules about readings and named graphs, which SHACL cannot see: it looks at one graph only."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from postholder import terms
from postholder.graph import SUBCLASS, TYPE, Node, Term, Triples, handle, order, ph, text_of
from postholder.readings import is_axiom
from postholder.text import did_you_mean, is_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postholder.readings import Facts


_DATES = frozenset(
    ph(name)
    for name in (
        "earliestStart", "latestStart", "earliestEnd", "latestEnd", "ongoingAt", "earliestDate", "latestDate",
        "publishedEarliest", "publishedLatest", "asOf", "recordedOn", "actedOn",
    )
)  # fmt: skip

_MOST_FOLLOWED = 1000
"""Longer ways are not followed in search of a circle."""
_BOUNDS = ("earliestStart", "latestStart", "earliestEnd", "latestEnd", "earliestDate", "latestDate", "dateAsWritten")
_ORDERED = (
    ("earliestStart", "latestStart", False),
    ("earliestEnd", "latestEnd", False),
    ("earliestStart", "latestEnd", True),
    ("earliestStart", "ongoingAt", False),
    ("ongoingAt", "latestEnd", True),
    ("earliestDate", "latestDate", False),
)
"""Pairs of bounds of which the first comes before the second, or (False) at the latest on the same day."""


@dataclass(frozen=True)
class Breach:
    """A broken rule: the node, the rule's name and what is wrong."""

    focus: Node
    rule: str
    message: str
    predicate: str = ""


def _defined(ontology: Iterable[Triple]) -> set[str]:
    return {t.subject.value for t in ontology if isinstance(t.subject, NamedNode) and t.predicate == TYPE}


def _unknown_terms(facts: Facts, ontology: Triples) -> Iterator[Breach]:
    defined = _defined(ontology)
    names = {d.removeprefix(terms.PH) for d in defined if d.startswith(terms.PH)}
    seen: set[tuple[Node, str]] = set()
    for quad in facts.quads:
        for term in (quad.predicate, quad.object):
            if not isinstance(term, NamedNode) or not term.value.startswith(terms.PH) or term.value in defined:
                continue
            if (quad.subject, term.value) not in seen:
                seen.add((quad.subject, term.value))
                name = term.value.removeprefix(terms.PH)
                yield Breach(
                    quad.subject,
                    "unknown-term",
                    f"ph:{name} is not a term of the vocabulary; {did_you_mean(name, names)}",
                    quad.predicate.value,
                )


def unknown_terms(facts: Facts, ontology: Iterable[Triple]) -> set[str]:
    """Return the IRIs in our namespace that facts use and nothing defines."""
    defined = _defined(ontology)
    used = {text_of(t) for q in facts.quads for t in (q.predicate, q.object) if isinstance(t, NamedNode)}
    return {iri for iri in used if iri.startswith(terms.PH)} - defined


def _graphs_and_readings(facts: Facts) -> Iterator[Breach]:
    described = set(facts.record.instances(ph("Reading")))
    for graph in facts.graphs:
        if graph not in described:
            yield Breach(graph, "graph-without-reading", "this named graph is not described as a ph:Reading")
    for reading in sorted(described, key=order):
        if not facts.triples(reading):
            yield Breach(reading, "reading-without-graph", "this reading states nothing: there is no graph of its name")
        if not facts.record.subjects(ph("hasReading"), reading):
            yield Breach(reading, "reading-without-claim", "no claim has this reading")


def _exclusive(facts: Facts) -> Iterator[Breach]:
    ambiguity_of = facts.question_of
    for claim, readings in facts.readings.items():
        chosen = [{ambiguity_of[i]: i for i in facts.rests_on(r) if i in ambiguity_of} for r in readings]
        for (one, first), (other, second) in combinations(zip(readings, chosen, strict=True), 2):
            if not any(second.get(a, i) != i for a, i in first.items()):
                yield Breach(
                    claim,
                    "readings-not-exclusive",
                    f"{_short(one)} and {_short(other)} can both hold: let them rest on different interpretations",
                )
        if missing := facts.uncovered(claim):
            told = " with ".join(_short(i) for i in missing[0]) or "some of very many joint choices"
            yield Breach(claim, "readings-incomplete", f"no reading for {told}")
        for reading in readings:
            questions = [ambiguity_of[i] for i in facts.rests_on(reading) if i in ambiguity_of]
            if len(questions) != len(set(questions)):
                yield Breach(reading, "reading-on-rivals", "it rests on two interpretations that exclude each other")


def _short(node: Term) -> str:
    return handle(node.value) if isinstance(node, NamedNode) else str(node)


def _below(ontology: Triples, *names: str) -> set[Term]:
    found: set[Term] = {ph(n) for n in names}
    waiting = list(found)
    while waiting:
        for sub in ontology.subjects(SUBCLASS, waiting.pop()):
            if sub not in found:
                found.add(sub)
                waiting.append(sub)
    return found


def _forecasts(facts: Facts, ontology: Triples) -> Iterator[Breach]:
    """Find forecasts, wishes and judgements that enter the graph as structure."""
    structure = _below(ontology, "TimedRelation", "Post", "ChangeEvent")
    for claim, readings in facts.readings.items():
        modality = {
            m.value.removeprefix(terms.PH)
            for m in facts.record.objects(claim, ph("modality"))
            if isinstance(m, NamedNode)
        }
        if not modality & {"predicted", "purpose", "evaluated"}:
            continue
        for reading in readings:
            for triple in facts.triples(reading):
                if triple.predicate == TYPE and triple.object in structure:
                    yield Breach(
                        claim,
                        "forecast-as-structure",
                        f"a {'/'.join(sorted(modality))} claim states {_short(triple.subject)} as a fact: "
                        "state a ph:Proposition",
                    )


def misdated(triple: Triple) -> bool:
    """Tell whether a triple gives a date property something that is not a day, YYYY-MM-DD."""
    if triple.predicate not in _DATES:
        return False
    value = triple.object
    if not isinstance(value, Literal) or value.datatype.value != terms.XSD + "date":
        return True
    return not is_day(value.value)


def _misdated(facts: Facts) -> Iterator[Breach]:
    for triple in dict.fromkeys(q.triple for q in facts.quads if misdated(q.triple)):
        yield Breach(
            triple.subject, "not-a-day",
            f"{_short(triple.predicate)} is {triple.object}, which is no xsd:date: write a day such as "
            '"2022-01-06"^^xsd:date, and a month or year as two bounds with ph:dateAsWritten',
            triple.predicate.value,
        )  # fmt: skip


def _bounds(facts: Facts) -> Iterator[Breach]:
    """Find bounds of time that contradict each other within one reading.

    Across claims a disagreement is no error: it is what a comparison tells of.
    """
    for reading, triples in facts.graphs.items():
        told: dict[Node, dict[str, list[str]]] = {}
        for triple in dict.fromkeys(triples):
            name = triple.predicate.value.removeprefix(terms.PH)
            if name in {*_BOUNDS, "ongoingAt"} and not misdated(triple):
                told.setdefault(triple.subject, {}).setdefault(name, []).append(text_of(triple.object))
        for node, days in told.items():
            for name, values in days.items():
                if name in _BOUNDS and len(values) > 1:
                    yield Breach(
                        node, "several-bounds",
                        f"{_short(reading)} gives it several values of ph:{name} ({', '.join(sorted(values))}): keep "
                        "the one that the passage tells, and let another claim say another",
                        terms.PH + name,
                    )  # fmt: skip
            yield from _disordered(node, reading, days)


def _disordered(node: Node, reading: Node, days: dict[str, list[str]]) -> Iterator[Breach]:
    for first, second, strict in _ORDERED:
        if first not in days or second not in days:
            continue
        early, late = max(days[first]), min(days[second])
        if early > late or (strict and early == late):
            yield Breach(
                node, "bounds-out-of-order",
                f"in {_short(reading)} ph:{first} {early} does not come before ph:{second} {late}: an end is the first "
                "day on which it no longer holds; exchange or correct the days",
                terms.PH + first,
            )  # fmt: skip


def _identities(facts: Facts, ontology: Triples) -> Iterator[Breach]:
    """Find identities between things of different kinds, or with a thing that is not described."""
    apart = _disjoint(ontology)
    everything = Triples(q.triple for q in facts.quads)
    yield from _circles(
        everything, "identifiedWith", "identity-in-a-circle", "no name is left to stand for it: turn one"
    )
    yield from _circles(
        _given_way(everything), "inFavourOf", "acts-in-a-circle", "each claim gives way to the other: withdraw one act"
    )
    for one, other in dict.fromkeys(everything.pairs(ph("identifiedWith"))):
        kinds = [_kinds(everything, ontology, node) for node in (one, other)]
        for node, found in zip((one, other), kinds, strict=True):
            if not found:
                yield Breach(
                    one, "identity-across-kinds",
                    f"{_short(node)} is not described: give it a type and a label, or correct its name",
                    terms.PH + "identifiedWith",
                )  # fmt: skip
        if any({ph("TimedRelation"), ph("Claim"), ph("Document"), ph("Reading")} & found for found in kinds):
            yield Breach(
                one, "identity-across-kinds",
                "only persons, units, posts and the like go by several names: relations, claims and documents do not",
                terms.PH + "identifiedWith",
            )  # fmt: skip
        clash = sorted((_short(a), _short(b)) for a in kinds[0] for b in kinds[1] if (a, b) in apart)
        if clash:
            yield Breach(
                one, "identity-across-kinds",
                f"it is a {clash[0][0]} but {_short(other)} is a {clash[0][1]}: nothing is both, so they are not one",
                terms.PH + "identifiedWith",
            )  # fmt: skip


def _given_way(everything: Triples) -> Triples:
    """Return which claim gives way to which, by acts."""
    pairs = [(a, c) for a, c in everything.pairs(ph("withdraws")) if not isinstance(c, Literal)]
    return Triples(Triple(c, ph("inFavourOf"), n) for a, c in pairs for n in everything.objects(a, ph("inFavourOf")))


def _circles(everything: Triples, name: str, rule: str, remedy: str) -> Iterator[Breach]:
    """Find things that lead back to themselves by one property."""
    for start in sorted({s for s, _ in everything.pairs(ph(name))}, key=order):
        seen: set[Term] = set()
        waiting = list(everything.objects(start, ph(name)))
        while waiting:
            node = waiting.pop()
            if node not in seen and not isinstance(node, Literal):
                seen.add(node)
                waiting += everything.objects(node, ph(name))
            if len(seen) > _MOST_FOLLOWED:
                break
        if start in seen:
            yield Breach(start, rule, f"ph:{name} leads back to it: {remedy}", terms.PH + name)


def _kinds(everything: Triples, ontology: Triples, node: Term) -> set[Term]:
    """Return the classes of a thing, with those above them."""
    found = set(everything.objects(node, TYPE)) if isinstance(node, NamedNode) else set()
    waiting = list(found)
    while waiting:
        cls = waiting.pop()
        for above in ontology.names(cls, SUBCLASS) if isinstance(cls, NamedNode) else ():
            if above not in found:
                found.add(above)
                waiting.append(above)
    return found


def _disjoint(ontology: Triples) -> set[tuple[Term, Term]]:
    """Return the pairs of classes that no thing belongs to at once."""
    apart: set[tuple[Term, Term]] = set()
    for _, members in ontology.pairs(NamedNode(terms.OWL + "members")):
        listed: list[Term] = []
        rest: Term | None = members
        while isinstance(rest, BlankNode):
            listed += ontology.objects(rest, NamedNode(terms.RDF + "first"))
            rest = ontology.value(rest, NamedNode(terms.RDF + "rest"))
        apart.update((a, b) for a in listed for b in listed if a != b)
    return apart


def _record_in_readings(facts: Facts) -> Iterator[Breach]:
    """Find statements about texts inside a reading: only what a name denotes may depend on one."""
    for graph, triples in facts.graphs.items():
        for node in sorted({t.subject for t in triples if t.predicate != ph("denotes")} & facts.texts, key=order):
            yield Breach(
                node,
                "record-in-reading",
                f"described inside {_short(graph)}: move it out of the graph, into the record",
            )


def _contradicted_omissions(facts: Facts) -> Iterator[Breach]:
    """Find omissions ("the document does not state this") beside a claim of the document that states it."""
    record = facts.record
    for omission in record.instances(ph("Omission")):
        documents = set(record.objects(omission, ph("inDocument")))
        wanted = {(s, p) for s in record.objects(omission, ph("silentAbout"))
                  for p in record.names(omission, ph("silentOn"))}  # fmt: skip
        for claim, readings in facts.readings.items():
            cited = {d for p in record.names(claim, ph("evidence")) for d in record.objects(p, ph("inDocument"))}
            stated = [t for r in readings if facts.is_live(r) for t in facts.triples(r)]
            if documents & cited and any(_states(stated, subject, predicate) for subject, predicate in wanted):
                yield Breach(
                    omission, "omission-contradicted", f"claim {facts.name(claim)} states what this says is not stated"
                )


def _states(triples: list[Triple], subject: Term, predicate: NamedNode) -> bool:
    """Tell whether triples give `predicate` to a subject, directly or by a node that joins the two."""
    if any(t.subject == subject and t.predicate == predicate for t in triples):
        return True
    joining = {t.subject for t in triples if t.object == subject and t.predicate != predicate}
    return any(t.subject in joining and t.predicate == predicate for t in triples)


def _axioms(facts: Facts) -> Iterator[Breach]:
    """Find what belongs into an ontology: it is left out of the closure."""
    for triple in dict.fromkeys(q.triple for q in facts.quads):
        if is_axiom(triple) and triple.predicate.value != terms.OWL + "sameAs":  # a house rule tells of sameAs
            yield Breach(
                triple.subject, "axiom-in-facts",
                f"{_short(triple.predicate)} {_short(triple.object)} is no fact but an axiom, and is not used: "
                "put terms of your own into the terms folder of an ontology folder",
                triple.predicate.value,
            )  # fmt: skip


def _outside_claims(facts: Facts, ontology: Triples) -> Iterator[Breach]:
    """Find facts that no claim states: they would be believed without evidence."""
    worldly = _below(ontology, "TimedRelation", "Post", "ChangeEvent", "Proposition", "Figure")
    for node in sorted({s for cls in worldly for s in facts.record.subjects(TYPE, cls)}, key=order):
        yield Breach(
            node, "fact-outside-claim", "stated outside any reading: move it into the graph of a claim's reading"
        )
    for name, what in (("denotes", "what a name denotes"), ("identifiedWith", "what a thing is identified with")):
        for node, _ in facts.record.pairs(ph(name)):
            yield Breach(node, "fact-outside-claim", f"{what} is stated outside any reading: move it into one")


def _vacancies(facts: Facts) -> Iterator[Breach]:
    for claim, readings in facts.readings.items():
        stated = ph("stated") in facts.record.objects(claim, ph("basis"))
        for reading in readings:
            for triple in facts.triples(reading):
                if triple.predicate == TYPE and triple.object == ph("Vacancy") and not stated:
                    yield Breach(
                        claim,
                        "vacancy-not-stated",
                        f"{_short(triple.subject)} is a vacancy but the claim is not stated: "
                        "an unfilled post is unknown, not vacant",
                    )


def check(facts: Facts, ontology: Iterable[Triple]) -> list[Breach]:
    """Return the breaches, in the order of the rules."""
    vocabulary = Triples(ontology)
    return [
        *_unknown_terms(facts, vocabulary),
        *_graphs_and_readings(facts),
        *_exclusive(facts),
        *_forecasts(facts, vocabulary),
        *_vacancies(facts),
        *_outside_claims(facts, vocabulary),
        *_axioms(facts),
        *_misdated(facts),
        *_bounds(facts),
        *_identities(facts, vocabulary),
        *_record_in_readings(facts),
        *_contradicted_omissions(facts),
    ]
