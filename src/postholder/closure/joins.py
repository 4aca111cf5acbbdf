"""How one rule is run on new rows of one pattern of its body: the other patterns are looked up in turn.

Values of variables travel as tuples, many at a time. Constants of the rule stand first in each tuple,
so that a constant is looked up like a variable that is known already.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from postholder.closure.program import SAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from postholder.closure.program import Pattern, Rule
    from postholder.closure.relations import Env, Relation, Row
    from postholder.graph import Term

Slots: TypeAlias = "dict[str | Term, int]"
"""Where each constant and each known variable stands in a tuple."""
Step: TypeAlias = "Callable[[Iterable[Env]], Iterable[Env]]"
BATCH = 4096
"""Tuples between two looks at the clock; small enough to need no memory to speak of."""
_THINNED = 64 * BATCH
"""Tuples that are thinned at a time: many, to find those that are alike, and few enough to hold."""


@dataclass(eq=False, slots=True)
class Join:
    """One rule, entered by new rows of one pattern of its body."""

    rule: Rule
    head: Relation | None
    enter: Callable[[Iterable[Row]], Iterable[Env]]
    steps: tuple[Step, ...]
    pick: Callable[[Env], Any]
    """The row of the head."""
    middle: Callable[[Env], Env]
    """The variables that the head does not tell."""
    whole: Callable[[Env], Env]
    """All variables."""

    tick: Callable[[], None]

    def found(self, rows: Iterable[Row]) -> Iterator[list[Env]]:
        """Yield what the rows complete, in batches."""
        return _batches(self.enter(rows), self.steps, self.tick)


def _batches(found: Iterable[Env], steps: tuple[Step, ...], tick: Callable[[], None]) -> Iterator[list[Env]]:
    waiting = iter(found)
    while batch := list(islice(waiting, BATCH)):
        tick()
        if steps:
            yield from _batches(steps[0](batch), steps[1:], tick)
        else:
            yield batch


def is_true(pattern: Pattern) -> bool:
    """Tell whether a pattern says that something is the same as itself (eq-ref), which needs no looking up."""
    return pattern.predicate.value == SAME and pattern.subject == pattern.object


def joins(
    rule: Rule, relation_of: Callable[[Pattern], Relation], number: Callable[[Term], int], tick: Callable[[], None]
) -> Iterator[tuple[Relation, Join]]:
    """Yield the rule once for each pattern of its body, with the relation whose new rows enter there."""
    body = [p for p in rule.body if not is_true(p)]
    every = [*body, *([rule.head] if rule.head else [])]
    constants = list(dict.fromkeys(t for p in every for t in parts(p) if not isinstance(t, str)))
    prefix = tuple(number(c) for c in constants)
    for place, pattern in enumerate(body):
        slots: Slots = {c: n for n, c in enumerate(constants)}
        enter = _scan(pattern, slots, prefix)
        steps, left = [], body[:place] + body[place + 1 :]
        while left:
            chosen = min(left, key=lambda p: sum(t not in slots for t in parts(p)))
            left.remove(chosen)
            steps.append(_look_up(relation_of(chosen), chosen, slots))
            later = {t for p in [*left, *([rule.head] if rule.head else [])] for t in parts(p)}
            if left and rule.head is not None and any(t not in later for t in slots if isinstance(t, str)):
                steps[-1] = _thin(steps[-1], [n for t, n in slots.items() if t in later], tick)
        row = [slots[t] for t in parts(rule.head)] if rule.head else [0]
        yield (
            relation_of(pattern),
            Join(
                rule,
                relation_of(rule.head) if rule.head else None,
                enter,
                tuple(steps),
                itemgetter(*row),
                picker([slots[v] for v in rule.middle]),
                picker([slots[v] for v in rule.variables]),
                tick,
            ),
        )


def parts(pattern: Pattern) -> tuple[str | Term, ...]:
    """Return what makes a row of the pattern's relation: the subject, and the value unless it names the class."""
    if pattern.is_class and not isinstance(pattern.object, str):
        return (pattern.subject,)
    return pattern.subject, pattern.object


def picker(places: Sequence[int]) -> Callable[[Env], Env]:
    """Return a function that takes values out of a tuple, as a tuple."""
    if not places:
        return lambda _: ()
    if len(places) == 1:
        [place] = places
        return lambda e: (e[place],)
    return itemgetter(*places)


def _scan(pattern: Pattern, slots: Slots, prefix: Env) -> Callable[[Iterable[Any]], Iterable[Env]]:
    """Return how rows of a pattern become tuples, and note where its variables stand."""
    told = parts(pattern)
    known = [slots.get(t) for t in told]
    for term in told:
        slots.setdefault(term, len(slots))
    if len(told) == 1:
        if known[0] is not None:
            only = prefix[known[0]]
            return lambda rows: (prefix for r in rows if r == only)
        return lambda rows: ((*prefix, r) for r in rows)
    first, second = known
    if first is not None and second is not None:
        pair = prefix[first], prefix[second]
        return lambda rows: (prefix for r in rows if r == pair)
    if first is not None:
        start = prefix[first]
        return lambda rows: ((*prefix, o) for s, o in rows if s == start)
    if second is not None:
        end = prefix[second]
        return lambda rows: ((*prefix, s) for s, o in rows if o == end)
    if told[0] == told[1]:
        return lambda rows: ((*prefix, s) for s, o in rows if s == o)
    return (lambda rows: ((*prefix, *r) for r in rows)) if prefix else (lambda rows: rows)


def _look_up(relation: Relation, pattern: Pattern, slots: Slots) -> Step:
    """Return how tuples are completed by the rows of a relation, and note where new variables stand."""
    told = parts(pattern)
    known = [slots.get(t) for t in told]
    for term in told:
        slots.setdefault(term, len(slots))
    rows: Any = relation.rows
    if len(told) == 1:
        if known[0] is None:
            return lambda found: ((*e, r) for e in found for r in rows)
        place = known[0]
        return lambda found: (e for e in found if e[place] in rows)
    first, second = known
    if first is not None and second is not None:
        both = itemgetter(first, second)
        return lambda found: (e for e in found if both(e) in rows)
    if first is not None:
        forward = relation.values()
        return lambda found: ((*e, o) for e in found for o in forward.get(e[first], ()))
    if second is not None:
        backward = relation.subjects()
        return lambda found: ((*e, s) for e in found for s in backward.get(e[second], ()))
    if told[0] == told[1]:
        return lambda found: ((*e, s) for e in found for s, o in rows if s == o)
    return lambda found: ((*e, *r) for e in found for r in rows)


def _thin(step: Step, needed: list[int], tick: Callable[[], None]) -> Step:
    """Keep one of the tuples that differ only in what is not asked for any more, where they come together."""
    key = picker(needed)

    def thinned(found: Iterable[Env]) -> Iterator[Env]:
        waiting = iter(step(found))
        while batch := {key(e): e for e in islice(waiting, _THINNED)}:
            tick()
            yield from batch.values()

    return thinned
