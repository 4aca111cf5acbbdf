"""Write down why a row of the machine holds: a proof, from the reasons that the machine keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from postholder.closure.joins import parts
from postholder.closure.proofs import AXIOM, Proof, Statement, Step, statement
from postholder.graph import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

    from postholder.closure.machine import Machine
    from postholder.closure.program import Pattern, Rule
    from postholder.closure.relations import Env, Relation, Row

Goal: TypeAlias = "tuple[Relation, Row]"


@dataclass
class Prover:
    """One proof in the making: steps in order, each after its premises and only once."""

    machine: Machine
    steps: list[Step] = field(default_factory=list)
    _places: dict[Statement, int] = field(default_factory=dict)

    def fact(self, goal: Goal) -> Proof:
        """Return the proof of a row."""
        self._prove([goal])
        return Proof(tuple(self.steps))

    def clash(self, rule: Rule, values: Env) -> Proof:
        """Return the proof that a clash rule fires for these values of its variables."""
        body = self._body(rule, dict(zip(rule.variables, values, strict=True)))
        self._prove(body)
        premises = (*self._axioms(rule.axioms), *(self._places[self.says(g)] for g in body))
        return Proof((*self.steps, Step(None, rule.name, premises)))

    def wrong(self, rule: str, premise: Triple, kind: str) -> Proof:
        """Return the proof of a clash that lies in a single given triple."""
        return Proof((Step(statement(premise), kind), Step(None, rule, (0,))))

    def says(self, goal: Goal) -> Statement:
        """Return what a row says."""
        relation, row = goal
        names = self.machine.terms
        if isinstance(row, tuple):
            return names[row[0]], relation.term, names[row[1]]  # type: ignore[return-value] # a property
        return names[row], TYPE, relation.term

    def _prove(self, goals: Iterable[Goal]) -> None:
        waiting = list(reversed(list(goals)))
        while waiting:
            goal = waiting[-1]
            says = self.says(goal)
            if says in self._places:
                waiting.pop()
                continue
            relation, row = goal
            # The machine keeps nothing that is the same as itself: everything is (eq-ref).
            reason = "eq-ref" if says[0] == says[2] and relation is self.machine.same else relation.rows[row]
            if isinstance(reason, str):
                self._add(says, reason, ())
                continue
            rule, middle = reason
            body = self._body(rule, self._values(rule, row, middle))
            missing = [g for g in body if self.says(g) not in self._places]
            if missing:
                waiting += reversed(missing)
            else:
                premises = (*self._axioms(rule.axioms), *(self._places[self.says(g)] for g in body))
                self._add(says, rule.name, premises)

    def _add(self, says: Statement, rule: str, premises: tuple[int, ...]) -> None:
        self._places[says] = len(self.steps)
        self.steps.append(Step(says, rule, premises))

    def _axioms(self, axioms: Iterable[Triple]) -> Iterable[int]:
        for axiom in axioms:
            says = statement(axiom)
            if says not in self._places:
                self._add(says, AXIOM, ())
            yield self._places[says]

    def _values(self, rule: Rule, row: Row, middle: Env) -> dict[str, int]:
        head = parts(rule.head) if rule.head is not None else ()
        told = row if isinstance(row, tuple) else (row,)
        values = {v: n for v, n in zip(head, told, strict=True) if isinstance(v, str)}
        return values | dict(zip(rule.middle, middle, strict=True))

    def _body(self, rule: Rule, values: dict[str, int]) -> list[Goal]:
        return [self._goal(p, values) for p in rule.body]

    def _goal(self, pattern: Pattern, values: dict[str, int]) -> Goal:
        row = tuple(values[t] if isinstance(t, str) else self.machine.number(t) for t in parts(pattern))
        return self.machine.relation(pattern), row[0] if len(row) == 1 else row  # type: ignore[return-value] # two


def goal(machine: Machine, triple: Triple) -> Goal | None:
    """Return the row that says what a triple says, or None when there is none."""
    ends = machine.numbers.get(triple.subject), machine.numbers.get(triple.object)
    found: Goal | None = None
    if triple.predicate == TYPE and triple.object in machine.classes:
        found = machine.classes[triple.object], ends[0]  # type: ignore[assignment] # tested below
    elif triple.predicate in machine.properties:
        found = machine.properties[triple.predicate], ends  # type: ignore[assignment]
    return found if found is not None and found[1] in found[0].rows else None
