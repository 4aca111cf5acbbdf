"""The engine of our own for graphs that fit in memory: the base closed once for all additions, with reasons.

It runs the rules of `program` on the machine of `machine` and gives the answers of the reference engine,
which it is compared with in its tests; `docs/explanation/closure-peers.md` names the differences.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from operator import itemgetter
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from postholder import terms
from postholder.closure import datatypes, words
from postholder.closure.base import Clash, Closure, UnhandledAxiom, is_about_terms
from postholder.closure.compiler import compile_axioms
from postholder.closure.machine import Machine
from postholder.closure.program import SAME, Pattern, Rule
from postholder.closure.proofs import AXIOM, STATED, Proof, Step, statement
from postholder.closure.prover import Prover, goal
from postholder.closure.values import is_member
from postholder.errors import EngineError
from postholder.graph import TYPE, order, triple_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from postholder.closure.program import Program
    from postholder.closure.relations import Relation, Rows

_Keyed: TypeAlias = "tuple[tuple[str, str, str], Triple]"


class MemoryEngine:
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
        used = {t.predicate for facts in (base, *additions) for t in facts}
        run = _Run(compile_axioms(axioms, used), self._seconds)
        return [run.base(base), *(run.addition(extra) for extra in additions)]

    def explain(
        self,
        axioms: Sequence[Triple],
        facts: Sequence[Triple],
        wanted: Sequence[Triple],
        program: Program | None = None,
    ) -> list[Proof | None]:
        """Return why each wanted triple follows, by a proof of least depth, or None when it does not.

        The premises of a step are the axioms of its rule and then its body, each in the order of the rule.
        `program` is what the axioms were compiled to before, if they were. Raises EngineError.
        """
        why = self.reasons(axioms, facts, program)[1]
        return [why(t) for t in wanted]

    def reasons(
        self, axioms: Sequence[Triple], facts: Sequence[Triple], program: Program | None = None
    ) -> tuple[Closure, Callable[[Triple], Proof | None]]:
        """Close facts and return what follows, with a function that proves it; see `explain`.

        Raises EngineError.
        """
        if program is None:
            program = compile_axioms(axioms, {t.predicate for t in facts})
        run = _Run(program, self._seconds)
        closure = run.base(facts)
        given = dict.fromkeys(axioms, AXIOM) | dict.fromkeys(facts, STATED)

        def why(triple: Triple) -> Proof | None:
            if triple in given:
                return Proof((Step(statement(triple), given[triple]),))
            return run.proof(triple)

        return closure, why


@dataclass
class _Given:
    """What one set of facts gives beside its rows."""

    stated: set[Triple] = field(default_factory=set)
    about: set[int] = field(default_factory=set)
    clashes: dict[str, Clash] = field(default_factory=dict)
    """Those that lie in a single fact, by their words."""


class _Run:
    """One program at work on one base."""

    def __init__(self, program: Program, seconds: float) -> None:
        self._deadline, self._seconds = monotonic() + seconds, seconds
        self._machine = Machine(program.rules, self._tick)
        self._merged = program.merged()
        self._datatypes = [r for t, r in self._machine.classes.items() if _datatype(t)]
        self._axioms = _Given()
        self._load(program.individuals, self._axioms, AXIOM)
        for literal in [t for t in self._machine.terms if isinstance(t, Literal)]:
            axiom = next((t for r in program.rules for t in r.axioms if t.object == literal), None)
            self._literal(literal, axiom, self._axioms, AXIOM)
        self._base = _Given()
        self._found: list[_Keyed] = []
        self._hidden: dict[int, list[_Keyed]] = {}
        """What was found about nodes that the base does not speak of."""
        self._told: dict[tuple[int, tuple[int, ...]], Clash] = {}

    def _tick(self) -> None:
        if monotonic() > self._deadline:
            raise EngineError(
                f"the closure did not finish in {self._seconds:g} s",
                hint=words.MORE_TIME,
            )

    def base(self, facts: Sequence[Triple]) -> Closure:
        """Close the base."""
        self._close(facts, self._base, 0)
        for relation, rows in self._derived(0):
            for keyed in self._keyed(relation, rows):
                number = self._machine.numbers[keyed[1].subject]
                if number in self._base.about:
                    self._found.append(keyed)
                else:
                    self._hidden.setdefault(number, []).append(keyed)
        self._found.sort(key=itemgetter(0))
        clashes = self._clashes(self._told, self._base, self._axioms)
        return Closure(tuple(t for _, t in self._found), clashes)

    def addition(self, facts: Sequence[Triple]) -> Closure:
        """Close the base with an addition, and take the addition out again."""
        mark, given = self._machine.mark(), _Given()
        self._close(facts, given, mark[0])
        more = [k for n in given.about - self._base.about for k in self._hidden.get(n, ())]
        about = given.about | self._base.about
        for relation, rows in self._derived(mark[0]):
            more += (k for k in self._keyed(relation, rows) if self._machine.numbers[k[1].subject] in about)
        found = self._found.copy()
        for key in map(triple_order, given.stated):
            place = bisect_left(found, key, key=itemgetter(0))
            if place < len(found) and found[place][0] == key:
                del found[place]
        found += (k for k in more if k[1] not in given.stated)
        found.sort(key=itemgetter(0))
        clashes = self._clashes(self._told.copy(), given, self._base, self._axioms)
        self._machine.undo(mark)
        return Closure(tuple(t for _, t in found), clashes)

    def proof(self, triple: Triple) -> Proof | None:
        """Return the proof of a triple that was found."""
        found = goal(self._machine, triple)
        return None if found is None or isinstance(triple.subject, Literal) else Prover(self._machine).fact(found)

    def _close(self, facts: Sequence[Triple], given: _Given, logged: int) -> None:
        given.stated = set(facts)
        self._load(sorted(given.stated, key=triple_order), given, STATED)
        self._machine.run()
        for relation, rows in self._machine.log[logged:]:
            if relation is self._machine.same:
                self._refuse_terms(rows)
            elif relation.is_class and _datatype(relation.term):
                self._compare(relation, rows)

    def _load(self, facts: Iterable[Triple], given: _Given, reason: str) -> None:
        """Hand facts over to the machine, as rows."""
        machine, about = self._machine, given.about
        rows: dict[Relation, Rows] = {}
        number, classes = machine.number, machine.classes
        for fact in facts:
            subject, predicate, value = fact.subject, fact.predicate, fact.object
            node = number(subject)
            about.add(node)
            if predicate == TYPE:
                if _datatype(value):
                    self._contained(node, value, reason)  # type: ignore[arg-type] # a name
                # What facts call by a label of their own is no class of the axioms.
                elif value in classes and (reason == AXIOM or isinstance(value, NamedNode)):
                    rows.setdefault(classes[value], {})[node] = reason
                else:
                    rows.setdefault(machine.of_property(TYPE), {})[node, number(value)] = reason
                continue
            literal = isinstance(value, Literal)
            if literal and value not in machine.numbers:
                self._literal(value, fact, given, reason)  # type: ignore[arg-type] # tested above
            if predicate.value == SAME and (literal or subject == value):
                if literal:
                    self._wrong("dt-diff", words.thing_and_value(subject, value), fact, given, reason)
                continue
            end = number(value)
            if not literal:
                about.add(end)
            rows.setdefault(machine.of_property(predicate), {})[node, end] = reason
        for relation, found in rows.items():
            machine.give(relation, found)

    def _contained(self, node: int, datatype: NamedNode, reason: str) -> None:
        """Put what is of a datatype into those that contain it too (dt-type2)."""
        machine = self._machine
        machine.give(machine.of_class(datatype), {node: reason})
        for name in datatypes.supers(datatype.value)[1:]:
            above = NamedNode(name)
            rule = Rule("dt-type2", (Pattern("x", TYPE, datatype),), Pattern("x", TYPE, above))
            machine.derive(machine.of_class(above), {node: (rule, ())})

    def _literal(self, literal: Literal, fact: Triple | None, given: _Given, reason: str) -> None:
        """Look at a literal once: whether it is a value of its datatype, and of those that rules ask for."""
        name = literal.datatype.value
        if name in datatypes.CHECKED and not datatypes.is_value(literal.value, name) and fact is not None:
            self._wrong("dt-not-type", words.ill_typed(literal), fact, given, reason)
        for relation in self._datatypes:
            if is_member(literal, relation.term.value):  # type: ignore[union-attr] # a datatype has a name
                rule = Rule("dt-type2", (), Pattern("x", TYPE, relation.term))
                self._machine.derive(relation, {self._machine.number(literal): (rule, ())})

    def _wrong(self, rule: str, text: str, fact: Triple, given: _Given, reason: str) -> None:
        given.clashes.setdefault(text, Clash(rule, text, Prover(self._machine).wrong(rule, fact, reason)))

    def _compare(self, relation: Relation, rows: Rows) -> None:
        """Note the literals that are found to be of a datatype and are no value of it."""
        rule = Rule("dt-not-type", (Pattern("x", TYPE, relation.term),))
        for node in rows:
            literal = self._machine.terms[node]  # type: ignore[index] # members of a class
            if isinstance(literal, Literal) and is_member(literal, relation.term.value) is False:  # type: ignore[union-attr]
                self._machine.clash(rule, (node,))  # type: ignore[arg-type]

    def _refuse_terms(self, rows: Rows) -> None:
        """Refuse identities of classes and properties that come up too late to be made rules of (eq-rep-p)."""
        machine, merged = self._machine, self._merged
        for row in rows:
            one, other = (machine.terms[n] for n in row)  # type: ignore[union-attr] # pairs
            used = [t for t in (one, other) if t in machine.classes or t in machine.properties]
            if used and not (one in merged and merged[one] == merged.get(other)):
                raise EngineError(words.merged_terms(one, other, used[0]), hint=words.MERGE_EARLIER)

    def _derived(self, logged: int) -> Iterable[tuple[Relation, list[int | tuple[int, int]]]]:
        """Yield the rows that were found since the log was so long, and not given, by relation."""
        for relation, rows in self._machine.log[logged:]:
            if not (
                relation.is_class and (isinstance(relation.term, BlankNode) or is_about_terms(TYPE, relation.term))
            ):
                new = [row for row, reason in rows.items() if not isinstance(reason, str)]
                if new:
                    yield relation, new

    def _keyed(self, relation: Relation, rows: Iterable[int | tuple[int, int]]) -> Iterable[_Keyed]:
        """Yield rows as triples, each after its sort key; a literal is no subject."""
        term, names, text = relation.term, self._machine.terms, order(relation.term)
        if relation.is_class:
            kind = order(TYPE)
            triples = ((names[n], TYPE, term, kind, text) for n in rows)  # type: ignore[index] # members
        else:
            triples = ((names[s], term, names[o], text, order(names[o])) for s, o in rows)  # type: ignore[misc] # pairs
        for subject, predicate, value, second, third in triples:
            if isinstance(subject, Literal) or is_about_terms(predicate, value):
                continue
            if predicate != TYPE or not isinstance(value, BlankNode):
                yield (order(subject), second, third), Triple(subject, predicate, value)

    def _clashes(self, told: dict[tuple[int, tuple[int, ...]], Clash], *given: _Given) -> tuple[Clash, ...]:
        """Return all clashes of the machine and of single facts, each in its words once."""
        machine = self._machine
        for key, rule in machine.clashes.items():
            if key not in told:
                self._tick()
                values = [machine.terms[n] for n in key[1]]
                text = words.told(rule, dict(zip(rule.variables, values, strict=True)))
                told[key] = Clash(rule.name, text, Prover(machine).clash(rule, key[1]))
        found: dict[str, Clash] = {}
        for clash in (*told.values(), *(c for g in given for c in g.clashes.values())):
            found.setdefault(clash.text, clash)
        return tuple(found[text] for text in sorted(found))


def _datatype(term: object) -> bool:
    return isinstance(term, NamedNode) and term.value in datatypes.DATATYPES
