"""Rules run in memory in strict rounds: what is new in one round meets all that is known, and waits for the next.

So the reason kept for each fact is one of least depth. Identities are written out: every name of a
thing has all facts of the others (eq-sym, eq-trans, eq-rep-s, eq-rep-o), for two different names only.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from postholder.closure.joins import Join, is_true, joins, parts
from postholder.closure.program import DIFFERENT, SAME, Pattern, Rule
from postholder.closure.relations import Relation
from postholder.closure.values import differ
from postholder.errors import EngineError
from postholder.graph import TYPE, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from postholder.closure.relations import Env, Row, Rows

_SAME, _DIFFERENT = NamedNode(SAME), NamedNode(DIFFERENT)
MOST_NAMES = 100
"""Names of one thing: each has all facts of the others, and a hundred make a million pairs of pairs."""
_MOST_PAIRS = 1_000_000
_MOST_CLASHES = 100_000
"""Each is told in words and with its proof. A few hundred values where one may be make as many."""
_IDENTITY = (
    Rule("eq-sym", (Pattern("x", _SAME, "y"),), Pattern("y", _SAME, "x")),
    Rule("eq-trans", (Pattern("x", _SAME, "y"), Pattern("y", _SAME, "z")), Pattern("x", _SAME, "z")),
    Rule("eq-diff1", (Pattern("x", _SAME, "y"), Pattern("x", _DIFFERENT, "y"))),
    Rule("eq-diff1", (Pattern("x", _SAME, "x"), Pattern("x", _DIFFERENT, "x"))),
)


def _replacing(relation: Relation) -> tuple[Rule, ...]:
    """Return the rules by which another name takes its place in a relation."""
    same, term = Pattern("x", _SAME, "y"), relation.term
    if relation.is_class:
        return (Rule("eq-rep-s", (same, Pattern("x", TYPE, term)), Pattern("y", TYPE, term)),)
    prop: NamedNode = term  # type: ignore[assignment] # only a class may be something else
    return (
        Rule("eq-rep-s", (same, Pattern("x", prop, "z")), Pattern("y", prop, "z")),
        Rule("eq-rep-o", (same, Pattern("z", prop, "x")), Pattern("z", prop, "y")),
    )


class Machine:
    """The rows of all relations. `give` rows, then `run`; `log` holds what was given or found, in order."""

    def __init__(self, rules: Iterable[Rule], tick: Callable[[], None]) -> None:
        self.tick = tick
        self.terms: list[Term] = []
        self.numbers: dict[Term, int] = {}
        self.classes: dict[Term, Relation] = {}
        self.properties: dict[NamedNode, Relation] = {}
        self.log: list[tuple[Relation, Rows]] = []
        self.clashes: dict[tuple[int, Env], Rule] = {}
        """Rules by their identity, which is quicker than their content, with the values of their variables."""
        self._waiting: list[Relation] = []
        self._later: list[tuple[Relation, Rows]] = []
        self._joins: dict[Relation, list[Join]] = defaultdict(list)
        self._replaced = False
        self.same = self.of_property(_SAME)
        for rule in (*_IDENTITY, *rules):
            self._add(rule)

    def number(self, term: Term) -> int:
        """Return the number of a term, giving it one if need be."""
        found = self.numbers.get(term)
        if found is None:
            found = self.numbers[term] = len(self.terms)
            self.terms.append(term)
        return found

    def of_class(self, term: Term) -> Relation:
        """Return the relation of a class, making it if need be."""
        return self.classes.get(term) or self._made(self.classes, term, Relation(term, is_class=True))

    def of_property(self, term: NamedNode) -> Relation:
        """Return the relation of a property, making it if need be."""
        return self.properties.get(term) or self._made(self.properties, term, Relation(term, is_class=False))

    def _made(self, kept: dict[Term, Relation] | dict[NamedNode, Relation], term: Term, new: Relation) -> Relation:
        kept[term] = new  # type: ignore[index] # each caller gives the fitting kind
        if self._replaced:
            self._replace(new)
        return new

    def relation(self, pattern: Pattern) -> Relation:
        """Return the relation of a pattern."""
        if pattern.is_class and not isinstance(pattern.object, str):
            return self.of_class(pattern.object)
        return self.of_property(pattern.predicate)

    def _add(self, rule: Rule) -> None:
        """Enter a rule where new rows may complete it; what needs no rows follows in the first round."""
        for relation, join in joins(rule, self.relation, self.number, self.tick):
            self._joins[relation].append(join)
        if all(is_true(p) for p in rule.body):
            if rule.head is None:
                self.clash(rule, ())
            else:
                row = tuple(self.number(t) for t in parts(rule.head) if not isinstance(t, str))
                self.derive(self.relation(rule.head), {row[0] if len(row) == 1 else row: (rule, ())})  # type: ignore[dict-item] # one or two

    def _replace(self, relation: Relation) -> None:
        if relation is not self.same:
            for rule in _replacing(relation):
                self._add(rule)

    def give(self, relation: Relation, rows: Rows) -> None:
        """Hand over rows; those already known change nothing."""
        known, fresh = relation.rows, relation.fresh
        if not fresh:
            self._waiting.append(relation)
        for row, reason in rows.items():
            if row not in known and row not in fresh:
                fresh[row] = reason

    def derive(self, relation: Relation, rows: Rows) -> None:
        """Hand over rows that follow from no row, or from what is given: they come a round later.

        So what is given as well counts as given.
        """
        self._later.append((relation, rows))

    def run(self) -> None:
        """Apply the rules until nothing new comes. Raises EngineError when one thing has too many names."""
        while self._waiting or self._later:
            self.tick()
            waiting, self._waiting = self._waiting, []
            round_ = [(relation, relation.merge()) for relation in dict.fromkeys(waiting)]
            self.log += round_
            later, self._later = self._later, []
            for relation, rows in later:
                self.give(relation, rows)
            if self.same.rows and not self._replaced:
                self._replaced = True
                for relation in (*self.classes.values(), *self.properties.values()):
                    self._replace(relation)
            for relation, new in round_:
                if new and relation is self.same:
                    self._count(new)
                for join in self._joins.get(relation, ()) if new else ():
                    for found in join.found(new):
                        self._conclude(join, found)

    def _conclude(self, join: Join, found: list[Env]) -> None:
        head, pick, middle, rule = join.head, join.pick, join.middle, join.rule
        if head is None:
            for env in found:
                self.clash(rule, join.whole(env))
            return
        if head is self.same:
            found = self._two(join, found)
        known, fresh = head.rows, head.fresh
        before = len(fresh)
        for env in found:
            row = pick(env)
            if row not in known and row not in fresh:
                fresh[row] = (rule, middle(env))
        if fresh and not before:
            self._waiting.append(head)
        if head is self.same and len(fresh) > _MOST_PAIRS:
            self._too_many(next(iter(fresh)))

    def _two(self, join: Join, found: list[Env]) -> list[Env]:
        """Leave out what is the same as itself; values are compared, not made the same."""
        kept = []
        for env in found:
            one, other = (self.terms[n] for n in join.pick(env))
            if one == other:
                continue
            if isinstance(one, Literal) and isinstance(other, Literal):
                clash = differ(one, other)
            else:
                clash = isinstance(one, Literal) or isinstance(other, Literal)
                if not clash:
                    kept.append(env)
            if clash:
                self.clash(join.rule, join.whole(env))
        return kept

    def _count(self, new: Rows) -> None:
        names = self.same.values()
        for row in new:
            if len(names[row[0]]) >= MOST_NAMES:  # type: ignore[index] # a pair
                self._too_many(row)

    def _too_many(self, row: Row) -> None:
        raise EngineError(
            f"{self.terms[row[0]]} is found to be the same as {MOST_NAMES} things and more",  # type: ignore[index] # a pair
            hint="look at what makes them the same: a key or a functional property that many things share",
        )

    def clash(self, rule: Rule, values: Env) -> None:
        """Note a clash. Raises EngineError when there are too many."""
        self.clashes[id(rule), values] = rule
        if len(self.clashes) > _MOST_CLASHES:
            raise EngineError(
                f"facts and axioms contradict each other in more than {_MOST_CLASHES} ways, the last by {rule}",
                hint="look at what this rule says of the facts; fewer facts at a time tell each contradiction",
            )

    def mark(self) -> tuple[int, int, int]:
        """Return how far things are, for `undo`."""
        return len(self.log), len(self.clashes), len(self.terms)

    def undo(self, mark: tuple[int, int, int]) -> None:
        """Forget all that came since `mark`."""
        logged, clashes, terms = mark
        for relation, rows in self.log[logged:]:
            relation.remove(rows)
        del self.log[logged:]
        while len(self.clashes) > clashes:
            self.clashes.popitem()
        for term in self.terms[terms:]:
            del self.numbers[term]
        del self.terms[terms:]
