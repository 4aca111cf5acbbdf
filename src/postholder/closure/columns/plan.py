"""A program laid out for tables: one relation for all names of a class or property, rules in the order to run.

A property and its inverse hold the same pairs, and equivalent classes the same things; each such group is
one relation, so that nothing is written twice. Relations that need each other (a transitive property)
make a stratum; strata are in an order in which each needs only earlier ones.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from postholder.closure.datatypes import DATATYPES
from postholder.closure.program import DIFFERENT, SAME, Pattern, Rule
from postholder.closure.reader import NOTHING
from postholder.errors import EngineError
from postholder.graph import TYPE, Term, order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from postholder.closure.program import Program

_SAME = NamedNode(SAME)
_BOTH_WAYS = {"prp-inv1", "prp-inv2", "prp-eqp1", "prp-eqp2", "eq-rep-p"}
_ALIKE = {"cax-eqc1", "cax-eqc2"}


MOST_RULES = 1 << 16
"""So many numbers of rules have a place in what is kept of a derivation."""
BUILT_IN = (
    Rule("eq-diff1", (Pattern("x", NamedNode(DIFFERENT), "x"),)),
    Rule("cls-nothing2", (Pattern("x", TYPE, NOTHING),)),
)
"""Clashes that no axiom needs to tell; what is the same has one name in the relations."""


@dataclass(frozen=True)
class Name:
    """A class or property as a name of a relation; `turned` tells that its pairs stand the other way round."""

    relation: int
    turned: bool = False


@dataclass(frozen=True)
class Atom:
    """One table of a rule: the relation and what stands in its columns (variables or terms)."""

    relation: int
    terms: tuple[str | Term, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables, each once."""
        return tuple(dict.fromkeys(t for t in self.terms if isinstance(t, str)))


@dataclass(frozen=True)
class TableRule:
    """A rule over relations; `number` tells it apart in what is kept of derivations (0: it concludes nothing)."""

    number: int
    name: str
    body: tuple[Atom, ...]
    head: Atom | None
    source: Rule
    things: bool = False
    """Tells that the rule is for things only: which literals are of a datatype is seen by their texts."""

    @property
    def middle(self) -> str | None:
        """The first variable that the head does not tell; kept with each row that the rule gives."""
        told = self.head.variables if self.head is not None else ()
        return next((v for a in self.body for v in a.variables if v not in told), None)


@dataclass
class Plan:
    """Relations, their names, and the rules over them."""

    columns: list[int] = field(default_factory=list)
    """How many columns each relation has: 1 for a class, 2 for a property."""
    classes: dict[Term, Name] = field(default_factory=dict)
    properties: dict[NamedNode, Name] = field(default_factory=dict)
    rules: list[TableRule] = field(default_factory=list)
    strata: list[tuple[int, ...]] = field(default_factory=list)
    equality: list[TableRule] = field(default_factory=list)
    clashes: list[TableRule] = field(default_factory=list)
    ranges: list[TableRule] = field(default_factory=list)
    """Rules that make something a member of a datatype which no other rule asks for: of literals, a clash or nothing.

    The same rules for things stand among `rules`.
    """

    datatypes: dict[int, str] = field(default_factory=dict)
    """The datatype of each relation that holds the values of one."""

    def names(self) -> dict[int, list[tuple[Term, bool]]]:
        """Return the names of each relation, in term order, with whether they stand the other way round."""
        found: dict[int, list[tuple[Term, bool]]] = defaultdict(list)
        for group in (self.classes, self.properties):
            for term, name in group.items():
                found[name.relation].append((term, name.turned))
        return {number: sorted(names, key=lambda n: order(n[0])) for number, names in found.items()}

    def constants(self) -> list[Term]:
        """Return the classes, properties and other terms that rules and names speak of."""
        atoms = [
            a for r in (*self.rules, *self.equality, *self.clashes) for a in (*r.body, *([r.head] if r.head else []))
        ]
        terms = [t for a in atoms for t in a.terms if not isinstance(t, str)]
        return [*self.classes, *self.properties, *terms]

    def inner(self, stratum: tuple[int, ...]) -> list[TableRule]:
        """Return the rules of a stratum that need relations of the same stratum."""
        inside = set(stratum)
        return [
            r
            for r in self.rules
            if r.head is not None and r.head.relation in inside and any(a.relation in inside for a in r.body)
        ]


def lay_out(program: Program) -> Plan:
    """Return the plan of a program."""
    return _Layout(program).plan


def _datatype(pattern: Pattern) -> bool:
    """Tell whether a pattern makes something a member of a datatype."""
    return pattern.is_class and isinstance(pattern.object, NamedNode) and pattern.object.value in DATATYPES


class _Groups:
    """Names that stand for the same rows, each with its direction against the first of its group."""

    def __init__(self) -> None:
        self._of: dict[Term, tuple[Term, bool]] = {}
        self.members: dict[Term, list[tuple[Term, bool]]] = {}

    def find(self, term: Term) -> tuple[Term, bool]:
        if term not in self._of:
            self._of[term] = (term, False)
            self.members[term] = [(term, False)]
        return self._of[term]

    def unite(self, one: Term, other: Term, *, turned: bool) -> bool:
        """Unite two names; False if they are of one group and stand the other way round."""
        (first, a), (second, b) = self.find(one), self.find(other)
        if first == second:
            return (a ^ b) == turned
        if order(second) < order(first):
            first, second = second, first
        shift = a ^ b ^ turned
        for member, direction in self.members.pop(second):
            self._of[member] = (first, direction ^ shift)
            self.members[first].append((member, direction ^ shift))
        return True


class _Layout:
    def __init__(self, program: Program) -> None:
        self.plan = Plan()
        self._made_rules = 0
        self._classes, self._properties = _Groups(), _Groups()
        self._numbers: dict[tuple[str, Term], int] = {}
        self._asked = {p.object for r in program.rules for p in r.body if p.is_class}
        rules = [r for r in (*program.rules, *BUILT_IN) if not self._united(r)]
        self._sort(rules)
        self._name()
        self.plan.strata = strata(len(self.plan.columns), self.plan.rules)

    def _sort(self, rules: list[Rule]) -> None:
        """Put each rule with those that are run alike; one that says nothing, or the same as another, is left out."""
        seen: set[tuple[tuple[Atom, ...], Atom | None]] = set()
        for rule in rules:
            made = self._made(rule)
            if made.head in made.body or (made.body, made.head) in seen:
                continue
            seen.add((made.body, made.head))
            if rule.head is None:
                self.plan.clashes.append(made)
            elif rule.head.predicate == _SAME:
                self.plan.equality.append(made)
            elif _datatype(rule.head) and rule.head.object not in self._asked:
                self.plan.ranges.append(made)
                self.plan.rules.append(replace(made, things=True))
            else:
                self.plan.rules.append(made)

    def _name(self) -> None:
        """Tell which names each relation has, and which relations hold the values of datatypes."""
        for groups, wanted in ((self._classes, "class"), (self._properties, "property")):
            for rep, members in groups.members.items():
                if len(members) == 1 and (wanted, rep) not in self._numbers:
                    continue
                number = self._relation(wanted, rep)
                for term, turned in members:
                    if wanted == "class":
                        self.plan.classes[term] = Name(number)
                    elif isinstance(term, NamedNode):
                        self.plan.properties[term] = Name(number, turned)
        for term, name in self.plan.classes.items():
            if isinstance(term, NamedNode) and term.value in DATATYPES:
                self.plan.datatypes[name.relation] = term.value

    def _united(self, rule: Rule) -> bool:
        """Unite the names of a rule that says that two are alike; such a rule need not be run."""
        if rule.head is None or len(rule.body) != 1:
            return False
        body, head = rule.body[0], rule.head
        if rule.name in _ALIKE and isinstance(body.object, str) is isinstance(head.object, str) is False:
            return self._classes.unite(body.object, head.object, turned=False)  # type: ignore[arg-type]
        if rule.name in _BOTH_WAYS and not body.is_class and not head.is_class:
            turned = body.subject != head.subject
            return self._properties.unite(body.predicate, head.predicate, turned=turned)
        return False

    def _relation(self, kind: str, rep: Term) -> int:
        number = self._numbers.get((kind, rep))
        if number is None:
            number = self._numbers[kind, rep] = len(self.plan.columns)
            self.plan.columns.append(1 if kind == "class" else 2)
        return number

    def _atom(self, pattern: Pattern) -> Atom:
        if pattern.is_class and not isinstance(pattern.object, str):
            rep, _ = self._classes.find(pattern.object)
            return Atom(self._relation("class", rep), (pattern.subject,))
        rep, turned = self._properties.find(pattern.predicate)
        ends = (pattern.object, pattern.subject) if turned else (pattern.subject, pattern.object)
        return Atom(self._relation("property", rep), ends)

    def _made(self, rule: Rule) -> TableRule:
        body = tuple(dict.fromkeys(self._atom(p) for p in rule.body))
        if rule.head is None:
            head = None
        elif rule.head.predicate == _SAME:
            head = Atom(-1, (rule.head.subject, rule.head.object))
        else:
            head = self._atom(rule.head)
        number = 0
        if head is not None:
            number = self._made_rules = self._made_rules + 1
            if number >= MOST_RULES:
                raise EngineError(f"the ontology has more than {MOST_RULES - 1} rules", hint="give fewer axioms")
        return TableRule(number, rule.name, body, head, rule)


def strata(relations: int, rules: Sequence[TableRule]) -> list[tuple[int, ...]]:
    """Return the relations in groups that need each other, each group after those it needs (Tarjan 1972)."""
    needs: dict[int, list[int]] = {n: [] for n in range(relations)}
    for rule in rules:
        if rule.head is not None:
            needs[rule.head.relation] += [a.relation for a in rule.body if a.relation >= 0]
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    found: list[tuple[int, ...]] = []
    for root in range(relations):
        if root in index:
            continue
        work: list[tuple[int, Iterable[int]]] = [(root, iter(needs[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    work.append((other, iter(needs[other])))
                    break
                if other in stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    cut = stack.index(node)
                    found.append(tuple(sorted(stack[cut:])))
                    del stack[cut:]
    return found
