"""Rules run in memory, semi-naively: what is new of a relation meets all that is known of the others.

A relation is a set of numbers (a class) or of pairs of numbers (a property). Every row that comes in
is logged, so that what an addition brought can be taken out again without copying anything.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from postholder.graph import TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pyoxigraph import NamedNode

    from postholder.closure.program import Program, Rule

Pair = tuple[int, int]
Index = dict[int, set[int]]
Rows = set[Any]
"""Numbers in a class, pairs in a property."""
_BATCH = 4096
"""Pairs joined between two looks at the clock."""


@dataclass(eq=False, slots=True)
class Relation:
    """The rows of one class or one property, and what follows from a new one."""

    term: NamedNode
    is_class: bool
    rows: Rows = field(default_factory=set)
    fresh: Rows = field(default_factory=set)
    """Rows that wait for the rules."""
    same: list[Relation] = field(default_factory=list)
    """Relations that hold each row too: superclasses, superproperties."""
    turned: list[Relation] = field(default_factory=list)
    """Properties that hold each pair the other way round."""
    subjects: list[Relation] = field(default_factory=list)
    """Classes of the subjects."""
    objects: list[Relation] = field(default_factory=list)
    """Classes of the values."""
    joins: list[tuple[list[Relation], int, Relation]] = field(default_factory=list)
    """Chains with this property, its place in each, and the property that follows."""
    clashes: list[tuple[Rule, Relation]] = field(default_factory=list)
    forward: Index | None = None
    backward: Index | None = None
    """Pairs by subject and by value, kept only for the properties that chains need so."""

    def merge(self) -> Rows:
        """Make the fresh rows known and return them."""
        new, self.fresh = self.fresh, set()
        self.rows |= new
        for index, pairs in self._indexes(new):
            for key, value in pairs:
                index[key].add(value)
        return new

    def remove(self, rows: Rows) -> None:
        """Take known rows out again."""
        self.rows -= rows
        for index, pairs in self._indexes(rows):
            for key, value in pairs:
                index[key].discard(value)

    def _indexes(self, rows: Rows) -> Iterator[tuple[Index, Iterable[Pair]]]:
        if self.forward is not None:
            yield self.forward, rows
        if self.backward is not None:
            yield self.backward, ((o, s) for s, o in rows)


def _reached(start: int, indexes: Iterable[Index | None]) -> set[int]:
    """Return what is reached from a node through one index after the other."""
    found = {start}
    for index in indexes:
        if index is None or not found:
            return set()
        sets = [index[n] for n in found if n in index]
        found = set().union(*sets)
    return found


class Machine:
    """The relations of a program. `give` facts, then `run`; `log` holds what was given or found."""

    def __init__(self, program: Program, tick: Callable[[], None]) -> None:
        self._tick = tick
        self.classes: dict[NamedNode, Relation] = {}
        self.properties: dict[NamedNode, Relation] = {}
        self._waiting: deque[Relation] = deque()
        self.log: list[tuple[Relation, Rows]] = []
        self.clashes: set[tuple[Rule, int, int]] = set()
        for rule in program.rules:
            self._add(rule)

    def of_class(self, term: NamedNode) -> Relation:
        """Return the relation of a class, making it if need be."""
        return self.classes.setdefault(term, Relation(term, is_class=True))

    def of_property(self, term: NamedNode) -> Relation:
        """Return the relation of a property, making it if need be."""
        return self.properties.setdefault(term, Relation(term, is_class=False))

    def _add(self, rule: Rule) -> None:
        """Wire one rule to the relations of its body."""
        body = [
            self.of_class(p.object) if p.predicate == TYPE and not isinstance(p.object, str)
            else self.of_property(p.predicate)
            for p in rule.body
        ]  # fmt: skip
        head = rule.head
        if head is None:
            for relation, other in zip(body, reversed(body), strict=True):
                relation.clashes.append((rule, other))
        elif not isinstance(head.object, str):
            cls = self.of_class(head.object)
            if body[0].is_class:
                body[0].same.append(cls)
            elif head.subject == rule.body[0].subject:
                body[0].subjects.append(cls)
            else:
                body[0].objects.append(cls)
        elif len(body) > 1:
            self._chain(body, self.of_property(head.predicate))
        elif head.subject == rule.body[0].subject:
            body[0].same.append(self.of_property(head.predicate))
        else:
            body[0].turned.append(self.of_property(head.predicate))

    @staticmethod
    def _chain(body: list[Relation], head: Relation) -> None:
        for place, step in enumerate(body):
            step.joins.append((body, place, head))
            if place:
                step.forward = step.forward if step.forward is not None else defaultdict(set)
            if place < len(body) - 1:
                step.backward = step.backward if step.backward is not None else defaultdict(set)

    def give(self, relation: Relation, rows: Rows) -> None:
        """Hand over rows; those already known change nothing."""
        new = rows - relation.rows
        if new:
            if not relation.fresh:
                self._waiting.append(relation)
            relation.fresh |= new

    def run(self) -> None:
        """Apply the rules until nothing new comes."""
        while self._waiting:
            self._tick()
            relation = self._waiting.popleft()
            new = relation.merge()
            self.log.append((relation, new))
            self._clash(relation, new)
            for other in relation.same:
                self.give(other, new)
            if relation.is_class:
                continue
            if relation.subjects:
                subjects = {s for s, _ in new}
                for other in relation.subjects:
                    self.give(other, subjects)
            if relation.objects:
                values = {o for _, o in new}
                for other in relation.objects:
                    self.give(other, values)
            if relation.turned:
                turned = {(o, s) for s, o in new}
                for other in relation.turned:
                    self.give(other, turned)
            for chain, place, head in relation.joins:
                self._join(new, chain, place, head)

    def _join(self, new: Rows, chain: list[Relation], place: int, head: Relation) -> None:
        left = [r.backward for r in reversed(chain[:place])]
        right = [r.forward for r in chain[place + 1 :]]
        waiting = iter(new)
        while batch := list(islice(waiting, _BATCH)):
            self._tick()
            found: set[Pair] = set()
            for subject, value in batch:
                starts = _reached(subject, left)
                if starts:
                    ends = _reached(value, right)
                    found.update((s, e) for s in starts for e in ends)
            self.give(head, found)

    def _clash(self, relation: Relation, new: Rows) -> None:
        """Note each row of `new` that a clash rule forbids, as two nodes (one twice, for a class)."""
        for rule, other in relation.clashes:
            if relation.is_class:
                self.clashes.update((rule, n, n) for n in new & other.rows)
            elif len(rule.body) == 1:
                self.clashes.update((rule, s, o) for s, o in new if s == o)
            elif rule.body[0].subject == rule.body[1].subject:
                self.clashes.update((rule, s, o) for s, o in new & other.rows)
            else:
                self.clashes.update((rule, s, o) for s, o in new if (o, s) in other.rows)

    def undo(self, mark: int, clashes: set[tuple[Rule, int, int]]) -> None:
        """Forget all that was logged since `mark`, and all clashes but those given."""
        for relation, rows in reversed(self.log[mark:]):
            relation.remove(rows)
        del self.log[mark:]
        self.clashes = clashes
