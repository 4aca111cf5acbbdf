"""What each claim says of each thing: for certain, and under each joint choice of interpretations."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from pyoxigraph import Triple

from postholder.graph import LABEL, TYPE, Node, Term, Triples, order, ph
from postholder.views.validity import BOUNDS, LAST, days

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import NamedNode

    from postholder.readings import Context, Facts

Word: TypeAlias = frozenset[tuple["NamedNode", Term]]
"""What one claim says of one thing: properties with values."""
Words: TypeAlias = dict[Node, Word]
"""What is said of one thing, by claim."""
Modality = Literal["actual", "planned", "other"]

_MOST_COMPARED = 100
"""More claims on one thing, or appointments to one post, are not compared each with each."""
ONE_VALUED = (
    "holder", "post", "vacantPost", "subordinate", "superior", "placedUnit", "parentUnit",
    "metric", "value", "unitOfMeasure", "asOf",
)  # fmt: skip
"""Properties with one value in a world, as far as one claim tells: joint holders stand in one claim."""
CODES = ("mode", "lineType")
_KEPT = {ph(name) for name in (*BOUNDS, *ONE_VALUED, *CODES)}
# An event has happened from its day on: its bounds are those of a beginning.
_AS = {ph("earliestDate"): ph("earliestStart"), ph("latestDate"): ph("latestStart")}


class Said:
    """What the claims that stand say, thing by thing, at any time."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.words: dict[Node, Words] = defaultdict(dict)
        """What is said however the open questions are decided."""
        self._resting: dict[Node, list[tuple[Node, Node, frozenset[Node]]]] = defaultdict(list)
        undecided = {i for members in facts.open.values() for i in members}
        for claim, readings in facts.readings.items():
            standing = [r for r in readings if facts.stands(r)]
            if standing and not facts.uncovered(claim):
                _take(self.words, claim, set.intersection(*(set(facts.triples(r)) for r in standing)))
            for reading in standing:
                needs = frozenset(facts.rests_on(reading)) & undecided
                for interpretation in needs:
                    self._resting[interpretation].append((claim, reading, needs))
        self.filled = filled(self.words)
        self._unknown = {
            n for name in ("UnidentifiedPerson", "UnspecifiedUnits") for n in facts.record.subjects(TYPE, ph(name))
        }

    def under(self, context: Context) -> dict[Node, Words]:
        """Return what is said of the things about which a joint choice says more than is agreed."""
        picked = set(context.interpretations)
        added: dict[Node, Words] = defaultdict(dict)
        for interpretation in context.interpretations:
            for claim, reading, needs in self._resting[interpretation]:
                if needs <= picked:
                    _take(added, claim, self.facts.triples(reading))
        result: dict[Node, Words] = {}
        for node, words in added.items():
            agreed = self.words.get(node, {})
            joined = {c: agreed.get(c, frozenset()) | words.get(c, frozenset()) for c in {**agreed, **words}}
            if joined != agreed:
                result[node] = joined
        return result

    @cached_property
    def uncompared(self) -> set[Node]:
        """The relations with too many claims, and the posts with too many appointments, to compare each with each."""
        many = {n for n, words in self.words.items() if len(words) > _MOST_COMPARED}
        return many | {p for p, nodes in self.filled.items() if len(nodes) > _MOST_COMPARED}

    def modality(self, claim: Node) -> Modality:
        """Tell whether a claim is of what is so, of what is planned, or neither (predicted, praised)."""
        if self.facts.is_planned(claim):
            return "planned"
        return "actual" if self.facts.is_actual(claim) else "other"

    def is_unknown(self, node: Term) -> bool:
        """Tell whether a node stands for someone or something not known, who may be anyone known."""
        return node in self._unknown

    def label(self, node: Node) -> str:
        """Return what a thing is called."""
        return self._labels.label(node)

    @cached_property
    def related(self) -> set[Node]:
        """The things that have dates or values of their own: relations, events and figures."""
        graphs = self.facts.graphs.values()
        wanted = {*_KEPT, *_AS}
        return {t.subject for triples in graphs for t in triples if t.predicate in wanted}

    @cached_property
    def _labels(self) -> Triples:
        facts = self.facts
        said = (t for g, triples in facts.graphs.items() if facts.stands(g) for t in triples if t.predicate == LABEL)
        return Triples((*(t for t in facts.record if t.predicate == LABEL), *said))

    def age(self, claim: Node) -> tuple[int, str]:
        """Return what sorts claims by publication of the documents they cite."""
        record = self.facts.record
        told = [d for n in self.facts.cites(claim) for d in days(record, n, "publishedLatest", "publishedEarliest")]
        return max(told, default=LAST), order(claim)


def _take(into: dict[Node, Words], claim: Node, triples: Iterable[Triple]) -> None:
    found: dict[Node, set[tuple[NamedNode, Term]]] = defaultdict(set)
    for triple in triples:
        predicate = _AS.get(triple.predicate, triple.predicate)
        if predicate in _KEPT:
            found[triple.subject].add((predicate, triple.object))
    for node, word in found.items():
        into[node][claim] = into[node].get(claim, frozenset()) | word


def filled(words: dict[Node, Words]) -> dict[Node, set[Node]]:
    """Return the appointments to each post."""
    found: dict[Node, set[Node]] = defaultdict(set)
    for node, told in words.items():
        for post in values(told.values(), "post"):
            found[post].add(node)  # type: ignore[index]
    return found


def values(words: Iterable[Word], name: str) -> set[Term]:
    """Return the values of a property in some words."""
    return {value for word in words for predicate, value in word if predicate == ph(name)}


def triples_of(node: Node, words: Iterable[Word]) -> Triples:
    """Return some words on a thing as triples."""
    return Triples(Triple(node, predicate, value) for word in words for predicate, value in word)
