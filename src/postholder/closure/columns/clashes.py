"""Contradictions in a closure in tables, each with the stated facts that lead to it.

The tables tell where something is wrong; the engine in memory then closes the few facts that this rests on,
and says what is wrong, by which rule and why. So nothing is told that has no proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from postholder.closure import datatypes
from postholder.closure.columns import sql
from postholder.closure.columns.reasons import Reasons
from postholder.closure.columns.sql import literal, table
from postholder.closure.memory import MemoryEngine
from postholder.closure.program import SAME
from postholder.closure.values import is_member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postholder.closure.base import Clash
    from postholder.closure.columns.closed import ClosedGraph
    from postholder.closure.columns.plan import TableRule

_AT_ONCE = 200
"""So many contradictions are explained together."""
_SAME = NamedNode(SAME)


def find(graph: ClosedGraph, most: int | None) -> tuple[Clash, ...]:
    """Return the contradictions, at most so many, in order of their words."""
    found: dict[str, Clash] = {}
    places = _places(graph)
    while most is None or len(found) < most:
        reasons, waiting = Reasons(graph), 0
        for place in places:
            place(reasons)
            waiting += 1
            if waiting == _AT_ONCE:
                break
        if not waiting:
            break
        facts = graph.as_triples(reasons.gather())
        for clash in MemoryEngine(graph.tables.left()).close(graph.axioms, facts, [])[0].clashes:
            found.setdefault(clash.text, clash)
    return tuple(found[text] for text in sorted(found))[:most]


class _Place:
    """Where something is wrong: what to ask the reasons for."""

    def __init__(self, rule: TableRule | None, known: dict[str, int], facts: tuple[tuple[int, int, int], ...]) -> None:
        self._rule, self._known, self._facts = rule, known, facts

    def __call__(self, reasons: Reasons) -> None:
        """Ask for the reasons."""
        if self._rule is not None:
            reasons.instance(self._rule, self._known, _AT_ONCE)
        for fact in self._facts:
            reasons.want(fact)


def _places(graph: ClosedGraph) -> Iterator[_Place]:
    yield from _by_rules(graph)
    yield from _values(graph)
    yield from _ranges(graph)
    yield from _texts(graph)


def _by_rules(graph: ClosedGraph) -> Iterator[_Place]:
    tables = graph.tables
    for rule in graph.plan.clashes:
        pattern = rule.source.body[0]
        if pattern.predicate == _SAME:  # two things that are all different
            one, other = (tables.id(t) for t in (pattern.subject, pattern.object) if not isinstance(t, str))
            if tables.kept(one) == tables.kept(other):
                yield _Place(None, {}, ((one, graph.identities.same, other),))
            continue
        if not all(tables.sizes[a.relation] for a in rule.body):
            continue
        where, conditions = sql.bindings(rule.body, tables.constant)
        names = list(where)
        sources = ", ".join(f"{table(a.relation)} t{n}" for n, a in enumerate(rule.body))
        told = f" where {' and '.join(conditions)}" if conditions else ""
        columns = ", ".join(where[n] for n in names) or "1"
        for row in tables.run(f"select distinct {columns} from {sources}{told} order by all"):
            yield _Place(rule, dict(zip(names, row, strict=False)), ())


def _values(graph: ClosedGraph) -> Iterator[_Place]:
    """Yield where two would be one that cannot: two values, or a value and a thing."""
    tables = graph.tables
    for rule in graph.plan.equality:
        if rule.head is None or not all(tables.sizes[a.relation] for a in rule.body):
            continue
        for one, other, _ in graph.identities.found(rule):
            if one % 2 or other % 2:
                known = dict(zip(rule.head.terms, (one, other), strict=True))
                yield _Place(rule, {t: n for t, n in known.items() if isinstance(t, str)}, ())
    same = graph.identities.same
    for s, o in tables.run(f"select distinct s, o from stated where p = {same} and (s % 2 = 1 or o % 2 = 1)"):
        yield _Place(None, {}, ((s, same, o),))


def _ranges(graph: ClosedGraph) -> Iterator[_Place]:
    """Yield where a literal is found to be of a datatype that it is no value of."""
    tables, plan = graph.tables, graph.plan
    asked = [r for r in plan.rules if r.head is not None and not r.things and r.head.relation in plan.datatypes]
    for rule in (*plan.ranges, *asked):
        if rule.head is None or not all(tables.sizes[a.relation] for a in rule.body):
            continue
        where, conditions = sql.bindings(rule.body, tables.constant)
        end = rule.head.terms[0]
        sources = ", ".join(f"{table(a.relation)} t{n}" for n, a in enumerate(rule.body))
        if not isinstance(end, str):
            continue
        told = " and ".join([*conditions, f"{where[end]} % 2 = 1"])
        datatype = plan.datatypes[rule.head.relation]
        rows = tables.run(
            f"select distinct t.id, t.text from term t, {sources} where {told} and t.id = {where[end]} order by 1"
        )
        for number, text in rows:
            if is_member(literal(text), datatype) is False:
                yield _Place(rule, {end: number}, ())


def _texts(graph: ClosedGraph) -> Iterator[_Place]:
    """Yield the facts with a literal whose text is none of its datatype."""
    rows = graph.tables.run(
        "select id, text from term where id % 2 = 1 and ends_with(text, '>') and contains(text, '\"^^<') order by id"
    )
    for number, text in rows:
        datatype = text.rpartition('"^^<')[2][:-1]
        if datatype in datatypes.CHECKED and not datatypes.is_value(literal(text).value, datatype):
            facts = graph.tables.run(f"select s, p, o from stated where o = {number} order by all limit 1")
            if facts or literal(text) in graph.plan.constants():
                yield _Place(None, {}, tuple(facts))
