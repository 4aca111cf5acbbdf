"""The engine of our own: OWL 2 RL rules over numbers in memory, the base closed once for all additions.

It uses the rules of `program` and gives the answers of the reference engine, which it is compared
with in its tests. What it has no rules for is told by `unhandled`; see `choose`.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from operator import itemgetter
from time import monotonic
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from postholder import terms
from postholder.closure import datatypes
from postholder.closure.base import Closure, UnhandledAxiom, is_about_terms
from postholder.closure.program import compile_axioms
from postholder.closure.relations import Machine
from postholder.errors import EngineError
from postholder.graph import TYPE, handle, order, triple_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from postholder.closure.program import Program, Rule
    from postholder.closure.relations import Relation, Rows
    from postholder.graph import Term

_UNTYPED = {terms.XSD + "string", terms.RDF + "langString"}
"""Text without a datatype in owlrl: nothing is concluded from its kind."""
_WORDS = {
    "cax-dw": "{x} is of two disjoint classes, {a} and {b}",
    "cax-adc": "{x} is of two disjoint classes, {a} and {b}",
    "cls-nothing2": "{x} is of the empty class {a}",
    "prp-irp": "{x} stands in the irreflexive property {a} to itself",
    "prp-asyp": "{x} and {y} stand in the asymmetric property {a} both ways",
    "prp-pdw": "{x} stands to {y} in two disjoint properties, {a} and {b}",
}
_Keyed = tuple[tuple[str, str, str], Triple]


class FastEngine:
    """Our own engine behind the engine contract."""

    name = "postholder"
    version = terms.VERSION

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def unhandled(self, axioms: Sequence[Triple]) -> list[UnhandledAxiom]:
        """Return the axioms that this engine has no rules for."""
        return list(compile_axioms(axioms).unhandled)

    def close(
        self, axioms: Sequence[Triple], base: Sequence[Triple], additions: Sequence[Sequence[Triple]]
    ) -> list[Closure]:
        """Close the base, and the base with each addition; see `Engine.close`."""
        run = _Run(compile_axioms(axioms), monotonic() + self._seconds, self._seconds)
        return [run.base(base), *(run.addition(extra) for extra in additions)]


@dataclass
class _Given:
    """What one set of facts gives, beside the rows: what is remembered to take it out again."""

    rows: dict[Relation, Rows] = field(default_factory=dict)
    about: set[int] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    """The datatypes in use."""
    ill: set[str] = field(default_factory=set)
    """Clashes of texts with their datatypes."""
    apart: set[tuple[int, str, str]] = field(default_factory=set)
    """Nodes that are of two datatypes without a common value, if both are in use."""

    def put(self, relation: Relation, row: object) -> None:
        """Note a given row."""
        self.rows.setdefault(relation, set()).add(row)


class _Run:
    """One program at work on one base."""

    def __init__(self, program: Program, deadline: float, seconds: float) -> None:
        self._deadline, self._seconds = deadline, seconds
        self._machine = Machine(program, self._tick)
        self._numbers: dict[Term, int] = {}
        self._terms: list[Term] = []
        self._individuals = _Given()
        self._load(program.individuals, self._individuals)
        self._individuals.about.clear()  # axioms are not what a closure is about
        for relation, rows in self._individuals.rows.items():
            self._machine.give(relation, rows)
        self._base = _Given()
        self._found: list[_Keyed] = []
        self._hidden: dict[int, list[_Keyed]] = {}
        """What was found about nodes that the base does not speak of."""

    def _tick(self) -> None:
        if monotonic() > self._deadline:
            raise EngineError(
                f"the closure did not finish in {self._seconds:g} s",
                hint="set POSTHOLDER_ENGINE_SECONDS higher, or give fewer facts",
            )

    def base(self, facts: Sequence[Triple]) -> Closure:
        """Close the base."""
        self._load(facts, self._base)
        self._close(self._base, 0)
        for relation, rows in self._derived(0, self._base):
            for keyed in self._keyed(relation, rows):
                number = self._numbers[keyed[1].subject]
                if number in self._base.about:
                    self._found.append(keyed)
                elif not isinstance(keyed[1].subject, Literal):
                    self._hidden.setdefault(number, []).append(keyed)
        self._found.sort(key=itemgetter(0))
        return Closure(tuple(t for _, t in self._found), self._clashes(self._base))

    def addition(self, facts: Sequence[Triple]) -> Closure:
        """Close the base with an addition, and take the addition out again."""
        mark, clashes = len(self._machine.log), set(self._machine.clashes)
        given = _Given(used=set(self._base.used), ill=set(self._base.ill), apart=set(self._base.apart))
        self._load(facts, given)
        self._close(given, mark)
        more = [k for n in given.about - self._base.about for k in self._hidden.get(n, ())]
        about = given.about | self._base.about
        for relation, rows in self._derived(mark, given):
            more += (k for k in self._keyed(relation, rows) if self._numbers[k[1].subject] in about)
        stated = set(facts)
        found = self._found.copy()
        for key in (triple_order(t) for t in stated):
            place = bisect_left(found, key, key=itemgetter(0))
            if place < len(found) and found[place][0] == key:
                del found[place]
        found += (k for k in more if k[1] not in stated)
        found.sort(key=itemgetter(0))
        result = Closure(tuple(t for _, t in found), self._clashes(given))
        self._machine.undo(mark, clashes)
        return result

    def _close(self, given: _Given, mark: int) -> None:
        for relation, rows in given.rows.items():
            self._machine.give(relation, rows)
        self._machine.run()
        for relation, rows in self._machine.log[mark:]:
            if relation.is_class and relation.term.value in datatypes.DATATYPES:
                self._compare_datatypes(relation, rows, given)

    def _number(self, term: Term) -> int:
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = len(self._terms)
            self._terms.append(term)
        return number

    def _load(self, facts: Iterable[Triple], given: _Given) -> None:
        """Sort facts into relations; those that no rule uses only tell what the facts are about."""
        classes, properties = self._machine.classes, self._machine.properties
        numbers, number, about = self._numbers, self._number, given.about
        for fact in facts:
            subject, predicate, value = fact.subject, fact.predicate, fact.object
            literal = type(value) is Literal
            if predicate == TYPE:
                name = value.value if isinstance(value, NamedNode) else ""
                relation = classes.get(value) if name else None  # type: ignore[arg-type]
                if relation is not None or name in datatypes.DATATYPES:
                    about.add(number(subject))
                    given.put(self._machine.of_class(NamedNode(name)), numbers[subject])
                    self._contained(name, numbers[subject], given)
                elif subject in numbers:
                    about.add(numbers[subject])
            elif (relation := properties.get(predicate)) is not None:
                pair = number(subject), number(value)
                given.put(relation, pair)
                about.add(pair[0])
                if not literal:
                    about.add(pair[1])
            else:
                # Whatever else is known of these nodes comes from other facts or from axioms.
                if subject in numbers:
                    about.add(numbers[subject])
                if not literal and value in numbers:
                    about.add(numbers[value])
            if literal:
                self._literal(value, given)  # type: ignore[arg-type]

    def _contained(self, name: str, node: int, given: _Given) -> None:
        """Make what is stated to be of a datatype one of those that contain it too (dt-type2)."""
        for datatype in datatypes.supers(name):
            given.used.add(datatype)
            self._machine.give(self._machine.of_class(NamedNode(datatype)), {node})

    @staticmethod
    def _literal(literal: Literal, given: _Given) -> None:
        datatype = literal.datatype.value
        if datatype in _UNTYPED:
            return
        given.used.update(datatypes.supers(datatype))
        if datatype in datatypes.CHECKED and not datatypes.is_value(literal.value, datatype):
            given.ill.add(f"{literal} is not a value of its datatype (dt-not-type)")

    def _compare_datatypes(self, relation: Relation, rows: Rows, given: _Given) -> None:
        """Note what is of a datatype of `relation` and of one that shares no value with it."""
        mine = relation.term.value
        others = [r for t, r in self._machine.classes.items() if datatypes.apart(mine, t.value)]
        for node in rows:
            term = self._terms[node]
            own = datatypes.supers(term.datatype.value) if isinstance(term, Literal) else ()
            found = [d for d in own if d not in _UNTYPED] + [r.term.value for r in others if node in r.rows]
            for other in found:
                if datatypes.apart(mine, other):
                    one, two = sorted((mine, other))
                    given.apart.add((node, one, two))

    def _derived(self, mark: int, given: _Given) -> Iterable[tuple[Relation, Rows]]:
        """Yield the rows that were found since `mark` and not given, by relation."""
        for relation, rows in self._machine.log[mark:]:
            if not (relation.is_class and is_about_terms(TYPE, relation.term)):
                new = rows - given.rows.get(relation, set()) - self._individuals.rows.get(relation, set())
                if new:
                    yield relation, new

    def _keyed(self, relation: Relation, rows: Rows) -> Iterable[_Keyed]:
        """Yield rows as triples, each after its sort key; a literal is no subject."""
        term, names, text = relation.term, self._terms, order(relation.term)
        if relation.is_class:
            kind = order(TYPE)
            pairs = ((names[n], TYPE, term, kind, text) for n in rows)
        else:
            pairs = ((names[s], term, names[o], text, order(names[o])) for s, o in rows)
        for subject, predicate, value, second, third in pairs:
            if not isinstance(subject, Literal):
                yield (order(subject), second, third), Triple(subject, predicate, value)

    def _clashes(self, given: _Given) -> tuple[str, ...]:
        found = {self._told(*clash) for clash in self._machine.clashes} | given.ill
        found |= {
            f"{_name(self._terms[n])} is of two datatypes without a common value, {_name(NamedNode(one))} and "
            f"{_name(NamedNode(two))} (dt-not-type)"
            for n, one, two in given.apart
            if one in given.used and two in given.used
        }
        return tuple(sorted(found))

    def _told(self, rule: Rule, subject: int, value: int) -> str:
        """Say what clashes; the nodes of a symmetrical clash in one order."""
        terms_of = [p.object if isinstance(p.object, NamedNode) else p.predicate for p in rule.body]
        first, last = _name(self._terms[subject]), _name(self._terms[value])
        if rule.name == "prp-asyp":
            first, last = sorted((first, last))
        a, b = sorted((_name(terms_of[0]), _name(terms_of[-1])))
        return f"{_WORDS[rule.name].format(x=first, y=last, a=a, b=b)} ({rule.name})"


def _name(term: Term) -> str:
    return handle(term.value) if isinstance(term, NamedNode) else str(term)
