"""Names of one thing: found by keys and functional properties, kept in groups, one name standing for each.

All relations hold the standing name only. What a row said before its names were united stays in `attic`, so
that a proof can tell how the names were found to be one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from postholder.closure import words
from postholder.closure.columns import sql
from postholder.closure.columns.sql import table
from postholder.closure.program import DIFFERENT, SAME
from postholder.errors import EngineError
from postholder.graph import TYPE, order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postholder.closure.columns.plan import Atom, TableRule
    from postholder.closure.columns.tables import Tables
    from postholder.closure.program import Program

Edge = tuple[int, int, int]
"""Two names of one thing, and the number of the rule that found them; 0 for what is stated."""
_SAME = NamedNode(SAME)


class Identities:
    """The groups of names of one closure."""

    def __init__(self, tables: Tables, program: Program) -> None:
        self._tables = tables
        self._terms, self._merged = _terms(tables, program), {tables.id(t): n for t, n in program.merged().items()}
        self.same = tables.id(_SAME)
        self._parent: dict[int, int] = {}
        self._members: dict[int, list[int]] | None = None
        tables.kept = self.kept
        self.edges: dict[tuple[int, int], int] = {}
        """Pairs of names that were found to be one, with the number of the rule; they span each group."""
        for name, columns in (("rep", "id integer, kept integer"), ("moved", "id integer, kept integer")):
            tables.run(f"create or replace temp table {name} ({columns})")
        tables.run("create or replace table attic (relation integer, s integer, o integer, why bigint)")

    def kept(self, number: int) -> int:
        """Return the name that stands for a thing."""
        while (above := self._parent.get(number, number)) != number:
            number = above
        return number

    @property
    def members(self) -> dict[int, list[int]]:
        """The names of each thing that has several, by the one that stands for it."""
        if self._members is None:
            found: dict[int, list[int]] = {}
            for number in self._parent:
                found.setdefault(self.kept(number), []).append(number)
            self._members = {kept: sorted({kept, *names}) for kept, names in found.items()}
        return self._members

    def unite(self, pairs: Iterable[Edge]) -> bool:
        """Unite the names of each pair; tell whether anything changed.

        The table `moved` then holds the names that ceased to stand for themselves or changed their group.
        """
        changed: dict[int, None] = {}
        properties = {p for (p,) in self._tables.run("select distinct p from stated")}
        for one, other, rule in sorted(pairs, key=lambda e: (e[2], e[0], e[1])):
            if one % 2 or other % 2:
                continue  # a literal stands for itself; `clashes` compares values
            first, second = sorted((self.kept(one), self.kept(other)))
            if first != second:
                self._refuse(one, other, properties)
                self._parent.setdefault(first, first)
                self._parent[second] = first
                self.edges[one, other] = rule
                self._tables.keeps_replaced = self._tables.derivations
                changed[second] = None
        if not changed:
            return False
        self._write()
        self._tables.run("create or replace temp table moved (id integer, kept integer)")
        self._fill("moved", [(n, self.kept(n)) for n in changed])
        return True

    def _refuse(self, one: int, other: int, properties: set[int]) -> None:
        """Refuse an identity of a class or property that comes up too late to be made a rule of (eq-rep-p)."""
        used = [n for n in (one, other) if n in properties or n in self._terms]
        if used and (one not in self._merged or self._merged[one] != self._merged.get(other)):
            first, second, third = (self._tables.term(n) for n in (one, other, used[0]))
            raise EngineError(words.merged_terms(first, second, third), hint=words.MERGE_EARLIER)

    def refuse(self, facts: str) -> None:
        """Refuse facts of a table whose property is known to be the same as something else, without a rule for it."""
        properties = {p for (p,) in self._tables.run(f"select distinct p from {facts}")}
        for one, other in self.edges:
            if properties & {one, other}:
                self._refuse(one, other, properties)

    def _fill(self, name: str, rows: list[tuple[int, int]]) -> None:
        if rows:
            self._tables.run(
                f"insert into {name} select unnest(?), unnest(?)", list(map(list, zip(*rows, strict=True)))
            )

    def _write(self) -> None:
        """Write the groups into the table `rep`: every name but the standing one."""
        self._members = None
        for number in list(self._parent):
            self._parent[number] = self.kept(number)
        self._tables.run("create or replace temp table rep (id integer, kept integer)")
        self._fill("rep", [(n, k) for n, k in sorted(self._parent.items()) if n != k])

    def dissolve(self, names: set[int]) -> None:
        """Take groups apart: every name of `names` (whole groups) stands for itself again."""
        for number in names:
            self._parent.pop(number, None)
        self.edges = {pair: rule for pair, rule in self.edges.items() if pair[0] not in names}
        self._write()

    def state(self) -> tuple[dict[int, int], dict[tuple[int, int], int]]:
        """Return what is known beside the store, for `go_back`."""
        return dict(self._parent), dict(self.edges)

    def go_back(self, state: tuple[dict[int, int], dict[tuple[int, int], int]]) -> None:
        """Know again what was known."""
        self._parent, self.edges = state
        self._members = None

    # -- finding pairs

    def pairs(self, source: str = "stated") -> list[Edge]:
        """Return the pairs that are stated to be one."""
        found = self._tables.run(f"select distinct s, o from {source} where p = {self.same} and s <> o")
        return [(one, other, 0) for one, other in found]

    def found(self, rule: TableRule, names: tuple[str, ...] | None = None) -> list[Edge]:
        """Return the pairs that a rule finds; `names` are tables to read instead of the whole relations."""
        tables = names or tuple(table(a.relation) for a in rule.body)
        rows = self._tables.run(pairs_query(rule, tables, self._tables))
        return [(one, other, rule.number) for one, other in rows]

    def rewrite(self) -> dict[int, str]:
        """Write the standing names into all relations; return a table of new rows for each that changed."""
        new: dict[int, str] = {}
        run, why = self._tables.run, "why" if self._tables.derivations else "cast(0 as bigint)"
        for relation, width in enumerate(self._tables.plan.columns):
            if not self._tables.sizes[relation]:
                continue
            name, columns = table(relation), ("s", "o")[:width]
            touched = " or ".join(f"{c} in (select id from moved)" for c in columns)
            run(f"create or replace temp table touched as select * from {name} where {touched}")
            if not self._tables.count("select count(*) from touched"):
                continue
            old = "o" if width == 2 else "cast(null as integer)"  # noqa: PLR2004 - s and o
            run(f"insert into attic select {relation}, s, {old}, {why} from touched")
            run(f"delete from {name} where {touched}")
            ends = ", ".join(f"coalesce(k{c}.kept, t.{c}) as {c}" for c in columns)
            joins = " ".join(f"left join rep k{c} on k{c}.id = t.{c}" for c in columns)
            kept = ", t.why as why" if self._tables.derivations else ""
            query = self._tables.distinct(relation, [f"select {ends}{kept} from touched t {joins}"])
            fresh = f"m{relation}"
            if self._tables.find_new(relation, query, fresh):
                self._tables.take(relation, fresh)
                new[relation] = fresh
            self._tables.sizes[relation] = self._tables.count(f"select count(*) from {name}")
        return new


def _terms(tables: Tables, program: Program) -> set[int]:
    """Return the classes and properties that rules speak of."""
    patterns = [p for r in program.rules for p in (*r.body, *([r.head] if r.head is not None else ()))]
    classes = {p.object for p in patterns if p.is_class and not isinstance(p.object, str)}
    properties = {p.predicate for p in patterns} | {TYPE, _SAME, NamedNode(DIFFERENT)}
    return {tables.id(t) for t in sorted(classes | properties, key=order)}


def pairs_query(rule: TableRule, names: tuple[str, ...], tables: Tables) -> str:
    """Return the SQL of the pairs of different things that a rule finds to be one.

    Rules that say that two things are one because they share values (keys, functional properties) are the
    same when the two change places; so things are gathered by what they share, which does not grow with the
    square of their number.
    """
    if rule.head is None:
        raise ValueError(rule.name)
    one, other = rule.head.terms
    swapped = {_renamed(a, {one: other, other: one}) for a in rule.body}
    if isinstance(one, str) and isinstance(other, str) and swapped == set(rule.body):
        kept = [(a, n) for a, n in zip(rule.body, names, strict=True) if other not in a.variables]
        where, conditions = sql.bindings(tuple(a for a, _ in kept), tables.constant)
        shared = [v for v in where if v != one]
        sources = ", ".join(f"{n} t{i}" for i, (_, n) in enumerate(kept))
        keys = "".join(f", {where[v]} as k{i}" for i, v in enumerate(shared))
        gathered = f"select distinct {where[one]} as m{keys} from {sources}"
        if conditions:
            gathered += f" where {' and '.join(conditions)}"
        names_of = ", ".join(f"k{i}" for i in range(len(shared)))
        alike = " and ".join(f"a.k{i} = b.k{i}" for i in range(len(shared)))
        return (
            f"with gathered as ({gathered}), least as (select {names_of}, min(m) as first from gathered"
            f" group by {names_of} having min(m) < max(m))"
            f" select distinct b.first, a.m from gathered a join least b on {alike} where a.m <> b.first"
        )
    where, conditions = sql.bindings(rule.body, tables.constant)
    ends = [where[t] if isinstance(t, str) else str(tables.constant(t)) for t in (one, other)]
    sources = ", ".join(f"{n} t{i}" for i, n in enumerate(names))
    told = " and ".join([*conditions, f"{ends[0]} <> {ends[1]}"])
    return f"select distinct {ends[0]}, {ends[1]} from {sources} where {told}"


def _renamed(atom: Atom, names: dict[object, object]) -> Atom:
    return type(atom)(atom.relation, tuple(names.get(t, t) for t in atom.terms))  # type: ignore[misc]
