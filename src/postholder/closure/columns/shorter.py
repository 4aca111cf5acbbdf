"""The stated facts of all proofs that could be shorter than the one at hand.

The tables tell the least depth of each row, but count less than a proof does: another name of a thing, of a class
or of a property is no step to them. So their depths are bounds, and the search goes down from what is wanted
through every derivation that is within them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.closure.columns import sql
from postholder.closure.columns.reasons import Reasons
from postholder.closure.columns.sql import DEPTH, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postholder.closure.columns.closed import ClosedGraph
    from postholder.closure.columns.plan import TableRule
    from postholder.closure.columns.reasons import Fact

_MOST_ROWS = 1000
"""So many rows are looked at; more would keep people waiting, for a proof that is seldom shorter."""
_MOST_FACTS = 10_000


class TooManyError(Exception):
    """There is more to look at than anybody waits for."""


class Shorter(Reasons):
    """Gathers the stated facts that all proofs of a fact up to a depth rest on."""

    def __init__(self, graph: ClosedGraph, fact: Fact, depth: int) -> None:
        super().__init__(graph)
        self._fact, self._depth = fact, depth

    def gather(self) -> list[Fact]:
        """Return the stated facts, in number order; none where there is too much to look at."""
        try:
            self.want(self._fact)
            for batch in self.waiting():
                for relation, rows in batch:
                    for rule in self._rules.values() if self._depth else ():
                        if rule.head is not None and rule.head.relation == relation:
                            self._through(rule, rows, self._depth)
                # Another name of a thing costs a step, so what makes it one is a step less deep.
                self._depth -= 1
                for number in (n for _, rows in batch for ends in rows for n in ends) if self._depth >= 0 else ():
                    self._group(number)
            return self._stated()
        except TooManyError:
            return []

    def need(self, relation: int, ends: Iterable[int]) -> None:
        """Ask for the reasons of a row."""
        super().need(relation, ends)
        if len(self._rows) > _MOST_ROWS:
            raise TooManyError

    def _through(self, rule: TableRule, rows: list[tuple[int, ...]], depth: int) -> None:
        """Ask for the rows from which a rule gives some rows at such a depth or less."""
        if rule.head is None or not all(self._tables.sizes[a.relation] for a in rule.body):
            return
        where, conditions = sql.bindings(rule.body, self._tables.constant)
        columns = "so"[: len(rows[0])]
        for column, term in zip(columns, rule.head.terms, strict=True):
            conditions.append(f"w.{column} = {where[term] if isinstance(term, str) else self._tables.constant(term)}")
        conditions += [f"t{n}.why < {depth << DEPTH}" for n in range(len(rule.body))]
        if rule.things:
            conditions.append("w.s % 2 = 0")
        wanted = ", ".join(f"unnest(?)::integer as {c}" for c in columns)
        sources = "".join(f", {table(a.relation)} t{n}" for n, a in enumerate(rule.body))
        found = self._tables.run(
            f"select distinct {', '.join(where.values()) or '1'} from (select {wanted}) w{sources}"
            f" where {' and '.join(conditions)} limit {_MOST_ROWS + 1}",
            [list(column) for column in zip(*rows, strict=True)],
        )
        if len(found) > _MOST_ROWS:
            raise TooManyError
        for row in found:
            values = dict(zip(where, row, strict=False))
            for atom in rule.body:
                self.need(atom.relation, [values[t] if isinstance(t, str) else self._tables.id(t) for t in atom.terms])

    def _group(self, number: int) -> None:
        """Ask for all that makes the names of a thing one."""
        kept = self._graph.identities.kept(number)
        if kept in self._groups or kept not in self._members:
            return
        self._groups.add(kept)
        self._spell(kept, self._graph.identities.same, kept)
        for rule in self._equality.values() if self._depth else ():
            self._through(rule, [(kept, kept)], self._depth)

    def _spell(self, s: int, p: int, o: int) -> None:
        super()._spell(s, p, o)
        if len(self._facts) > _MOST_FACTS:
            raise TooManyError
