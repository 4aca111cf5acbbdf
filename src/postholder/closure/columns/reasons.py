"""Why something follows: the stated facts that a closure in tables keeps as its reasons.

From the kept derivation of a row one goes down to what is stated; where names were united, what made them one
is gathered too, and what was said before. From these few facts the engine in memory then finds the proof, so
that it is right whatever the tables hold. Whether another proof is shorter, `shorter` looks up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.closure.columns import sql
from postholder.closure.columns.plan import MOST_RULES
from postholder.closure.columns.sql import DEPTH, RULE, table
from postholder.closure.machine import MOST_NAMES
from postholder.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postholder.closure.columns.closed import ClosedGraph
    from postholder.closure.columns.plan import TableRule

Row = tuple[int, tuple[int, ...]]
"""A relation and the numbers in its columns."""
Fact = tuple[int, int, int]
_MIDDLE = (1 << RULE) - 1
_MOST_ROWS = 100_000
"""No proof that anybody reads rests on more rows."""
_MOST_SHARED = 1000
"""So many shared values of two names are looked at; one is enough for a proof."""


class Reasons:
    """Gathers the stated facts that some rows rest on."""

    def __init__(self, graph: ClosedGraph) -> None:
        self._graph, self._tables = graph, graph.tables
        self._rules = {r.number: r for r in graph.plan.rules}
        self._equality = {r.number: r for r in graph.plan.equality}
        self._rows: dict[Row, None] = {}
        self._waiting: list[Row] = []
        self._groups: set[int] = set()
        self._members = graph.identities.members
        self._facts: dict[Fact, None] = {}

    def want(self, fact: Fact) -> None:
        """Ask for the reasons of a fact, in any names."""
        s, p, o = fact
        self._facts[fact] = None
        found = self._graph.answers.relation_of(p, o)
        if p == self._graph.identities.same:
            self._group(s)
        if found is None:
            self._spell(s, p, o)
            return
        relation, turned = found
        ends = (o, s) if turned else (s, o)
        self.need(relation, ends[: self._tables.plan.columns[relation]])

    def need(self, relation: int, ends: Iterable[int]) -> None:
        """Ask for the reasons of a row."""
        row = relation, tuple(self._graph.identities.kept(n) for n in ends)
        if row not in self._rows:
            if len(self._rows) > _MOST_ROWS:
                raise EngineError(
                    f"this rests on more than {_MOST_ROWS} facts: no proof is given",
                    hint="ask for one of the facts that lead to it",
                )
            self._rows[row] = None
            self._waiting.append(row)

    def least(self, fact: Fact) -> int:
        """Return a depth that no proof of a fact that is not stated is below."""
        s, p, o = fact
        found = self._graph.answers.relation_of(p, o)
        if found is None:
            return 1
        relation, turned = found
        ends = tuple(self._graph.identities.kept(n) for n in ((o, s) if turned else (s, o)))
        told = " and ".join(f"{c} = {n}" for c, n in zip(self._tables.columns[relation], ends, strict=False))
        return max(1, self._tables.count(f"select why >> {DEPTH} from {table(relation)} where {told}"))

    def waiting(self) -> Iterator[list[tuple[int, list[tuple[int, ...]]]]]:
        """Yield the rows that wait, by relation, until none does: those who take them may ask for more."""
        while self._waiting:
            batch, self._waiting = self._waiting, []
            by_relation: dict[int, list[tuple[int, ...]]] = {}
            for relation, ends in batch:
                by_relation.setdefault(relation, []).append(ends)
            yield sorted(by_relation.items())

    def gather(self) -> list[Fact]:
        """Return the stated facts that all rest on, in number order."""
        for batch in self.waiting():
            for relation, rows in batch:
                for ends in rows:
                    for number in ends:
                        self._group(number)
                for ends, why in self._derivations(relation, rows):
                    if why:
                        self._premises(self._rules[(why >> RULE) & (MOST_RULES - 1)], ends, why)
        return self._stated()

    def _derivations(self, relation: int, rows: list[tuple[int, ...]]) -> list[tuple[tuple[int, ...], int]]:
        """Return the kept derivations of rows, and of what was said before names were united."""
        columns = self._tables.columns[relation]
        told = " or ".join(
            "(" + " and ".join(f"{c} = {n}" for c, n in zip(columns, r, strict=True)) + ")" for r in rows
        )
        names = ", ".join(columns)
        found = self._tables.run(f"select {names}, why from {table(relation)} where {told}")
        if self._graph.identities.edges:
            wanted = set(rows)
            earlier = self._tables.run(f"select {names}, why from attic where relation = {relation}")
            kept = self._graph.identities.kept
            found += [r for r in earlier if tuple(kept(n) for n in r[:-1]) in wanted]
        return sorted((tuple(r[:-1]), r[-1]) for r in found)

    def _premises(self, rule: TableRule, ends: tuple[int, ...], why: int) -> None:
        """Ask for the rows that a rule was applied to: all were found before what it gave."""
        known: dict[str, int] = {}
        middle = why & _MIDDLE
        if rule.head is not None:
            known |= {t: n for t, n in zip(rule.head.terms, ends, strict=True) if isinstance(t, str)}
        if rule.middle is not None and middle:
            known[rule.middle] = middle
        self.instance(rule, known, depth=why >> DEPTH)

    def instance(self, rule: TableRule, known: dict[str, int], most: int = 1, depth: int | None = None) -> None:
        """Ask for the rows of a rule's body, where some of its variables are known; only rows of less depth."""
        kept = self._graph.identities.kept
        bound = {v: kept(n) for v, n in known.items()}
        open_ = tuple(dict.fromkeys(v for a in rule.body for v in a.variables if v not in bound))
        solutions: list[dict[str, int]] = [bound]
        if open_:
            where, conditions = sql.bindings(rule.body, self._tables.constant)
            told = [*conditions, *(f"{where[v]} = {n}" for v, n in bound.items() if v in where)]
            if depth is not None:
                told += [f"(t{n}.why >> {DEPTH}) < {depth}" for n in range(len(rule.body))]
            columns = ", ".join(where[v] for v in open_)
            sources = ", ".join(f"{table(a.relation)} t{n}" for n, a in enumerate(rule.body))
            # The least deep come first: what a row leads to is no reason for it.
            depths = ", ".join(f"t{n}.why" for n in range(len(rule.body)))
            rows = self._tables.run(
                f"select {columns} from {sources} where {' and '.join(told) or 'true'}"
                f" order by greatest({depths}) >> {DEPTH}, {columns} limit {most}"
            )
            solutions = [bound | dict(zip(open_, r, strict=True)) for r in rows]
        for solution in solutions:
            for atom in rule.body:
                self.need(
                    atom.relation, [solution[t] if isinstance(t, str) else self._tables.id(t) for t in atom.terms]
                )

    def _group(self, number: int) -> None:
        """Ask for what makes the names of a thing one."""
        kept = self._graph.identities.kept(number)
        if kept in self._groups or kept not in self._members:
            return
        if len(self._members[kept]) > MOST_NAMES:
            raise EngineError(
                f"{self._tables.term(kept)} has {len(self._members[kept])} names: no proof is given for more than"
                f" {MOST_NAMES}",
                hint="look at what makes them the same: a key or a functional property that many things share",
            )
        self._groups.add(kept)
        names = set(self._members[kept])
        same = self._graph.identities.same
        for (one, other), number_ in sorted(self._graph.identities.edges.items()):
            if one not in names:
                continue
            if not number_:
                self._facts[one, same, other] = None
                self._facts[other, same, one] = None
                continue
            rule = self._equality[number_]
            if rule.head is not None:
                known = dict(zip(rule.head.terms, (one, other), strict=True))
                self.instance(rule, {t: n for t, n in known.items() if isinstance(t, str)}, _MOST_SHARED)

    def _spell(self, s: int, p: int, o: int) -> None:
        """Ask for a fact in all names of its things."""
        kept = self._graph.identities.kept
        self._group(s)
        self._group(o)
        for subject in self._members.get(kept(s), [s]):
            for value in self._members.get(kept(o), [o]):
                self._facts[subject, p, value] = None

    def _stated(self) -> list[Fact]:
        """Return which of the facts asked for, in all names, are stated."""
        for relation, ends in self._rows:
            for number, turned in self._tables.names.get(relation, ()):
                if len(ends) == 1:
                    self._spell(ends[0], self._graph.type, number)
                else:
                    s, o = reversed(ends) if turned else ends
                    self._spell(s, number, o)
        if not self._facts:
            return []  # axioms alone
        wanted = [list(column) for column in zip(*self._facts, strict=True)]
        return sorted(
            self._tables.run(
                "select distinct s, p, o from stated join"
                " (select unnest(?)::integer as s, unnest(?)::integer as p, unnest(?)::integer as o) using (s, p, o)"
                " where g >= 0",
                wanted,
            )
        )
