"""What holds together: the agreed facts, alone or with one joint choice of readings, and what follows from them.

Each layer rests on those before it: what is given, what follows by OWL 2 RL, what the rules on days add,
what the SPARQL rules add.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import Literal, Quad, Store, Triple

from postholder.closure import rules, timed
from postholder.closure.proofs import STATED, Proof, Step, statement
from postholder.explanations.patterns import every_value, solutions, take_apart
from postholder.graph import quads_of, triple_order
from postholder.stores.oxigraph import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pyoxigraph import NamedNode

    from postholder.closure.memory import MemoryEngine
    from postholder.closure.proofs import Statement
    from postholder.explanations.grounds import Grounds


class World:
    """One set of facts with all that follows from it."""

    def __init__(
        self,
        given: Sequence[Triple],
        under: tuple[NamedNode, ...],
        axioms: Sequence[Triple],
        engine: MemoryEngine,
        rule_set: Sequence[rules.Rule],
        grounds: Grounds,
    ) -> None:
        self.given, self.under = given, under
        self._axioms, self._engine, self._rules, self._grounds = axioms, engine, rule_set, grounds

    @cached_property
    def _closed(self) -> tuple[list[Triple], Callable[[Triple], Proof | None]]:
        closure, why = self._engine.reasons(self._axioms, self.given)
        return [*self.given, *closure.inferred], why

    @cached_property
    def _dated(self) -> dict[Triple, None]:
        return dict.fromkeys(timed.apply(self._closed[0], self._grounds.shown.firm))

    @cached_property
    def _days(self) -> timed.Reasons:
        return timed.Reasons(self._closed[0], self._grounds.shown.firm)

    @cached_property
    def _ruled(self) -> dict[Triple, None]:
        return dict.fromkeys(rules.apply(self._rules, [*self._closed[0], *self._dated]))

    @cached_property
    def known(self) -> set[Triple]:
        """All that is given or follows."""
        return {*self._closed[0], *self._dated, *self._ruled}

    @cached_property
    def _store(self) -> OxigraphStore:
        return OxigraphStore(quads_of(sorted(self.known, key=triple_order)))

    def proof(self, triple: Triple) -> Proof | None:
        """Return why a triple holds in this world, or None if it does not."""
        if triple not in self.known:
            return None
        writer = _Writer(self)
        writer.prove(triple)
        return Proof(tuple(writer.steps))

    def reason(self, triple: Triple) -> tuple[str, tuple[Triple, ...]] | None:
        """Return the rule beyond OWL 2 RL that concludes a triple, and its premises."""
        if triple in self._dated:
            return self._days.of(triple)
        return next((found for r in self._rules if (found := self._by_rule(r, triple))), None)

    def steps(self, triple: Triple) -> Sequence[Step]:
        """Return the steps to a triple that is stated or follows by OWL 2 RL; none for other triples."""
        stated = self._grounds.steps(triple, self.under)
        if stated:
            return stated
        found = self._closed[1](triple)
        return () if found is None else found.steps

    def _by_rule(self, rule: rules.Rule, triple: Triple) -> tuple[str, tuple[Triple, ...]] | None:
        """Return the fewest facts from which a rule in a file concludes a triple."""
        query = take_apart(rule.text)
        answer = self._store.query(every_value(rule.text))
        for values in solutions(answer.columns, answer.rows):
            made = [f for t in query.template if (f := t.filled(values))]
            if not any(_stored(Triple(f.subject, f.predicate, f.object)) == _stored(triple) for f in made):  # type: ignore[arg-type] # filled
                continue
            used = {Triple(f.subject, f.predicate, f.object) for t in query.positive if (f := t.filled(values))}  # type: ignore[arg-type]
            premises = sorted((w for w in (self._written(t) for t in used) if w is not None), key=triple_order)
            for one in premises.copy():
                fewer = [t for t in premises if t != one]
                if _follows(rule, fewer, triple):
                    premises = fewer
            if _follows(rule, premises, triple):
                return rule.name, tuple(premises)
        return None

    def _written(self, triple: Triple) -> Triple | None:
        """Return a fact as it is known: a store writes numbers in its own way."""
        if triple in self.known:
            return triple
        alike = (t for t in self.known if t.subject == triple.subject and t.predicate == triple.predicate)
        return next((t for t in sorted(alike, key=triple_order) if _stored(t) == triple), None)


def _follows(rule: rules.Rule, premises: Iterable[Triple], triple: Triple) -> bool:
    made = OxigraphStore(quads_of(premises)).query(rule.text).triples or ()
    return _stored(triple) in {_stored(t) for t in made}


def _stored(triple: Triple) -> Triple:
    """Return a triple as the store writes it."""
    if not isinstance(triple.object, Literal):
        return triple
    store = Store()
    store.add(Quad(triple.subject, triple.predicate, triple.object))
    stored: Triple = next(iter(store)).triple
    return stored


class _Writer:
    """Writes one proof: every step once, each after its premises."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.steps: list[Step] = []
        self._places: dict[Statement, int] = {}

    def prove(self, triple: Triple) -> int:
        """Add the steps to a triple and return the place of the last."""
        says = statement(triple)
        if says in self._places:
            return self._places[says]
        steps = self._world.steps(triple)
        if steps:
            return self._copy(steps)
        found = self._world.reason(triple)
        assert found is not None, triple  # noqa: S101 - all that is known is of one of these layers
        rule, premises = found
        return self._add(says, rule, tuple(self.prove(p) for p in premises))

    def _copy(self, steps: Sequence[Step]) -> int:
        """Add steps of another proof; what is stated there is led on to the claims."""
        places: list[int] = []
        for step in steps:
            assert step.says is not None  # noqa: S101 - only a clash says nothing
            if step.says in self._places:
                places.append(self._places[step.says])
            elif step.rule == STATED and len(steps) > 1 and (more := self._stated(step.says)):
                places.append(self._copy(more))
            else:
                places.append(self._add(step.says, step.rule, tuple(places[p] for p in step.premises)))
        return places[-1]

    def _stated(self, says: Statement) -> Sequence[Step]:
        found = self._world.steps(Triple(*says))  # type: ignore[arg-type] # a literal is never a stated subject
        return found if found[-1:] != (Step(says, STATED),) and len(found) > 1 else ()

    def _add(self, says: Statement, rule: str, premises: tuple[int, ...]) -> int:
        self._places[says] = len(self.steps)
        self.steps.append(Step(says, rule, premises))
        return self._places[says]
