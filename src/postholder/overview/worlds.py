"""The facts as they are under every reading, to tell what depends on one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from postholder import terms
from postholder.differences.cited import cited, condition, spans
from postholder.graph import LABEL, Node, Term, Triples, order, ph
from postholder.perspective.shown import attested_by
from postholder.text import printable
from postholder.views.validity import BOUNDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from postholder.readings import Context, Facts


@dataclass(frozen=True)
class Holding:
    """Something that holds for certain (then `when` and `share` are empty) or under some readings only."""

    value: Node
    when: str = ""
    """The condition in words, such as `if CCO/CRO is one post`."""
    share: str = ""
    """The condition as a share, such as `2 of 3 readings`."""


class Worlds:
    """Looks things up in the certain facts and under every open reading."""

    def __init__(self, facts: Facts, limit: int) -> None:
        self.facts = facts
        self.certain = Triples(facts.accepted)
        self._clusters = [
            [(c, Triples([*facts.accepted, *c.stated])) for c in cluster] for cluster in facts.clusters(limit)
        ]
        under = [triples for cluster in self._clusters for _, triples in cluster]
        self._sources = [facts.record, self.certain, *under]

    def label(self, node: Node) -> str:
        """Return the name of a node from the record, the certain facts or any reading."""
        source = next((t for t in self._sources if t.objects(node, LABEL)), self.facts.record)
        return printable(source.label(node))

    def values(self, node: Node, predicate: NamedNode) -> list[Holding]:
        """Return the values of a property with the readings under which each holds."""
        return self._merge(lambda t: t.objects(node, predicate))

    def subjects(self, predicate: NamedNode, value: Term) -> list[Holding]:
        """Return the nodes that have `value`, with the readings under which each does."""
        return self._merge(lambda t: t.subjects(predicate, value))

    def _merge(self, look: Callable[[Triples], Iterable[Term]]) -> list[Holding]:
        found = {n: Holding(n) for n in look(self.certain) if not isinstance(n, Literal)}
        for cluster in self._clusters:
            under: dict[Node, list[Context]] = defaultdict(list)
            for context, triples in cluster:
                for node in look(triples):
                    if not isinstance(node, Literal):
                        under[node].append(context)
            everywhere = [c for c, _ in cluster]
            for node, contexts in under.items():
                if node not in found:
                    share = f"{len(contexts)} of {len(everywhere)} readings"
                    found[node] = Holding(node, condition(self.facts.record, contexts, everywhere), share)
        return sorted(found.values(), key=lambda h: (self.place(h.value), order(h.value)))

    def place(self, node: Node) -> int:
        """Return where the text first speaks of a node, to list things in the order of the text."""
        return min((start for c in self.facts.claims_of(node) for start, _ in spans(self.facts, c)), default=0)

    def evidence(self, node: Node) -> str:
        """Return the claims about a node with the offsets of their passages: `F26 867-888+883-924`."""
        claims = [node] if node in self.facts.readings else self.facts.claims_of(node)
        return ", ".join(cited(self.facts, c) for c in claims)

    def planned(self, node: Node) -> bool:
        """Tell whether every claim that introduces a node, or has the last word on it by the view's day, is a plan."""
        day = self.facts.view.as_of
        if day is None:
            stating = [c for c in self.facts.claims_of(node) if self.facts.introduces(c, node)]
        else:
            stating = attested_by(self.facts, node, day)
        return bool(stating) and not any(self.facts.is_actual(c) for c in stating)

    def doubt(self, node: Node) -> str:
        """Return `possible` for what does not hold for certain on the day of the view."""
        return "possible" if self.facts.moment.standing.get(node) == "possible" else ""

    def interval(self, node: Node) -> str:
        """Return the days a timed relation is known to begin and end on or between, if any."""
        days = [self.closest(node, name) for name in BOUNDS[:4]]
        told = [_between("from", days[0], days[1]), _between("until", days[2], days[3])]
        return " ".join(t for t in told if t)

    def closest(self, node: Node, name: str) -> str:
        """Return the closest of the certain days that bound a node, or nothing."""
        found = self.certain.texts(node, ph(name))
        return (max if name.startswith("earliest") else min)(found, default="")


def _between(word: str, first: str, last: str) -> str:
    if first and last and first != last:
        return f"{word} between {first} and {last}"
    if first and last:
        return f"{word} {first}"
    if first:
        return f"{word} {first} or later"
    return f"{word} {last} or earlier" if last else ""


def code(term: Term | None) -> str:
    """Return the bare name of a code-list member."""
    return term.value.removeprefix(terms.PH) if isinstance(term, NamedNode) else "not stated"
