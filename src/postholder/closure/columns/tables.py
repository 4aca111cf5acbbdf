"""The tables of one closure, and the rules run over them: each stratum once, then what changed."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from threading import RLock
from time import monotonic
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode

from postholder.closure.columns import encode, sql, store
from postholder.closure.columns.sql import DEPTH, literal, table
from postholder.closure.values import is_member
from postholder.errors import EngineError
from postholder.graph import TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import duckdb
    from pyoxigraph import Triple

    from postholder.closure.columns.plan import Plan, TableRule
    from postholder.graph import Term

_MOST_ROUNDS = 10_000


@dataclass(frozen=True)
class _Unnamed:
    """A class without a name. Facts may use its label for a thing of their own, so its text is no term."""

    label: str

    def __str__(self) -> str:
        return f"_: {self.label}"


def _as_class(term: Term) -> Term | _Unnamed:
    return _Unnamed(term.value) if isinstance(term, BlankNode) else term


class Tables:
    """A connection with the relations of a plan."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, plan: Plan, seconds: float, *, derivations: bool = True
    ) -> None:
        self.connection, self.plan, self.derivations = connection, plan, derivations
        self.lock = RLock()
        """Held by the thread that works on the store: its answers come one after the other."""
        self._seconds = seconds
        self.keeps_replaced = False
        """Whether derivations that are replaced go to the attic: names were united, and they may be of others."""
        self.until = inf
        """When all work ends; for those who bound several pieces of it together."""
        self.restart()
        self._ids: dict[Term | _Unnamed, int] = {}
        self.columns = [("s", "o")[:width] for width in plan.columns]
        self.sizes = [0] * len(plan.columns)
        self.facts = "stated"
        """The table of stated facts with one number for each thing: `stated` until names are united."""
        self.kept: Callable[[int], int] = int
        """The number that stands for a thing among all of its names."""
        self._look_up([TYPE, *map(_as_class, plan.classes), *plan.constants()])
        self.names = {
            relation: [(self.id(_as_class(t) if plan.columns[relation] == 1 else t), turned) for t, turned in group]
            for relation, group in plan.names().items()
        }
        """The names of each relation by number, in term order, with whether they stand the other way round."""

    # -- talking to the store

    def run(self, text: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows; raise EngineError when time is up or the store refuses."""
        self.check()
        with self.lock, store.bounded(self._seconds):
            return self.connection.execute(text, list(values)).fetchall()

    def restart(self) -> None:
        """Give the next piece of work the whole time."""
        self._deadline = min(monotonic() + self._seconds, self.until)

    def left(self) -> float:
        """Return how many seconds are left."""
        return max(0, round(self._deadline - monotonic(), 1))

    def check(self) -> None:
        """Raise EngineError when time is up."""
        if monotonic() > self._deadline:
            raise store.out_of_time(self._seconds)

    def count(self, text: str, values: Sequence[Any] = ()) -> int:
        """Run a statement that changes or counts rows and return how many."""
        rows = self.run(text, values)
        return int(rows[0][0]) if rows else 0

    def _look_up(self, wanted: Sequence[Term | _Unnamed]) -> None:
        """Find the numbers of many terms at once; those that the facts lack are added to the dictionary."""
        texts = list(dict.fromkeys(str(t) for t in wanted))
        key = encode.HASH.format("text")
        self.run(
            f"create or replace temp table wanted as select {key} as key, text from (select unnest(?) as text)", [texts]
        )
        with store.bounded(self._seconds):
            encode.enter(self.connection, "wanted")
        found: dict[str, int] = dict(self.run("select text, id from term join wanted using (key, text)"))
        self._ids.update({t: found[str(t)] for t in wanted})

    def id(self, term: Term | _Unnamed) -> int:
        """Return the number of a term; a term that the facts lack gets one."""
        if term not in self._ids:
            self._look_up([term])
        return self._ids[term]

    @property
    def unnamed(self) -> list[int]:
        """The numbers of classes without a name: nothing is told of them."""
        return sorted(n for t, n in self._ids.items() if isinstance(t, _Unnamed))

    def fact(self, triple: Triple) -> tuple[int, int, int]:
        """Return what an axiom says of a thing, by numbers."""
        value = triple.object
        kind = self.id(_as_class(value) if triple.predicate == TYPE else value)
        return self.id(triple.subject), self.id(triple.predicate), kind

    def term(self, number: int) -> Term:
        """Return the term that has a number."""
        ((text,),) = self.run(f"select text from term where id = {number}")
        return sql.term(text)

    def constant(self, term: Term) -> int:
        """Return the number that stands for a term in the relations."""
        return self.kept(self.id(term))

    def state(self) -> tuple[list[int], str, dict[Term | _Unnamed, int]]:
        """Return what is known beside the store, for `go_back`."""
        return list(self.sizes), self.facts, dict(self._ids)

    def go_back(self, state: tuple[list[int], str, dict[Term | _Unnamed, int]]) -> None:
        """Know again what was known."""
        self.sizes, self.facts, self._ids = state

    # -- building

    def _row(self, relation: int) -> str:
        return ", ".join(self.columns[relation]) + (", why" if self.derivations else "")

    def stated(self, relation: int, source: str = "") -> list[str]:
        """Return a query for each name of a relation that gives what is stated under it."""
        source = source or self.facts
        kept = ", cast(0 as bigint) as why" if self.derivations else ""
        found = []
        for number, turned in self.names.get(relation, ()):
            if self.plan.columns[relation] == 1:
                found.append(f"select s{kept} from {source} where p = {self.id(TYPE)} and o = {number}")
            else:
                ends = "o as s, s as o" if turned else "s, o"
                found.append(f"select {ends}{kept} from {source} where p = {number}")
        if relation in self.plan.datatypes and source == self.facts:
            found.append(self.members(relation))
        return found

    def members(self, relation: int) -> str:
        """Return a query for the literals that are values of the datatype of a relation."""
        return f"select s{', cast(0 as bigint) as why' if self.derivations else ''} from v{relation}"

    def query(self, rule: TableRule, tables: Sequence[str] | None = None) -> str:
        """Return the SQL of a rule over the whole tables, or over those given."""
        names = tuple(table(a.relation) for a in rule.body) if tables is None else tuple(tables)
        return sql.select(rule, self.constant, names, kept=self.derivations).text()

    def values(self, source: str) -> set[int]:
        """Put the literals of a table (id, text) into the datatypes that rules ask for (dt-type2).

        Return the relations that hold more values now.
        """
        grown = set()
        for relation, datatype in self.plan.datatypes.items():
            name = f"v{relation}"
            if source == "term":
                self.run(f"create or replace table {name} (s integer)")
            if any(a.relation == relation for r in (*self.plan.rules, *self.plan.equality) for a in r.body):
                rows = self.run(f"select id, text from {source} where id % 2 = 1 order by id")
                found = [number for number, text in rows if is_member(literal(text), datatype)]
                if self.count(f"insert into {name} select unnest(?) except from {name}", [found]):
                    grown.add(relation)
        return grown

    def distinct(self, relation: int, queries: Iterable[str]) -> str:
        """Return the SQL that keeps each row of some queries once, with its least derivation."""
        keys = ", ".join(self.columns[relation])
        union = " union all ".join(queries)
        if not self.derivations:
            return f"select distinct {keys} from ({union})"
        return f"select {keys}, min(why) as why from ({union}) group by {keys}"

    def build(self) -> None:
        """Fill every relation, one stratum after the other."""
        rules: dict[int, list[TableRule]] = {}
        for rule in self.plan.rules:
            if rule.head is not None:
                rules.setdefault(rule.head.relation, []).append(rule)
        for stratum in self.plan.strata:
            inner = self.plan.inner(stratum)
            for relation in stratum:
                queries = self.stated(relation)
                queries += [
                    self.query(r)
                    for r in rules.get(relation, ())
                    if r not in inner and all(self.sizes[a.relation] for a in r.body)
                ]
                self.sizes[relation] = self.count(
                    f"create or replace table {table(relation)} as {self.distinct(relation, queries)}"
                )
            if inner:
                new = {n: table(n) for n in stratum if self.sizes[n]}
                self.spread(new, inner)

    def find_new(self, relation: int, query: str, fresh: str) -> int:
        """Put those rows of a query that are new, or of less depth than before, into a table; return how many."""
        name, keys = table(relation), self._keys(relation)
        told = f"select f.* from ({query}) f anti join {name} k on {keys}"
        if self.derivations:
            told = (
                f"select f.*, k.why is not null as known from ({query}) f left join {name} k on {keys}"
                f" where k.why is null or f.why >> {DEPTH} < k.why >> {DEPTH}"
            )
        return self.count(f"create or replace temp table {fresh} as {told}")

    def take(self, relation: int, fresh: str) -> None:
        """Bring rows that `find_new` found into their relation."""
        name, told = table(relation), ""
        if self.derivations:
            told = " where not known"
            if self.count(f"select count(*) from {fresh} where known"):
                if self.keeps_replaced:
                    ends = ", ".join(f"k.{c}" for c in self.columns[relation])
                    self.run(
                        f"insert into attic by name select {relation} as relation, {ends}, k.why as why"
                        f" from {name} k, {fresh} f where f.known and {self._keys(relation)}"
                    )
                self.run(f"update {name} k set why = f.why from {fresh} f where f.known and {self._keys(relation)}")
        self.sizes[relation] += self.count(f"insert into {name} select {self._row(relation)} from {fresh}{told}")

    def _keys(self, relation: int) -> str:
        return " and ".join(f"f.{c} = k.{c}" for c in self.columns[relation])

    def spread(self, new: dict[int, str], rules: Sequence[TableRule], whole: Sequence[TableRule] = ()) -> None:
        """Apply rules to new rows (relation: table of its new rows, already in it) until nothing new comes.

        A row that is found again at less depth counts as new, so that each keeps a derivation of least depth.
        `whole` are rules to apply to all rows once, because what they ask for has changed.
        """
        for round_ in range(_MOST_ROUNDS):
            queries: dict[int, list[str]] = {}
            if not round_:
                for rule in whole:
                    if rule.head is not None and all(self.sizes[a.relation] for a in rule.body):
                        queries.setdefault(rule.head.relation, []).append(self.query(rule))
            for rule in rules:
                if rule.head is None:
                    continue
                for place, atom in enumerate(rule.body):
                    if atom.relation in new and all(self.sizes[a.relation] for a in rule.body):
                        names = [table(a.relation) for a in rule.body]
                        names[place] = new[atom.relation]
                        queries.setdefault(rule.head.relation, []).append(self.query(rule, names))
            came: dict[int, str] = {}
            for relation, found in queries.items():
                fresh = f"n{relation}_{round_ % 2}"
                if self.find_new(relation, self.distinct(relation, found), fresh):
                    came[relation] = fresh
            for relation, fresh in came.items():
                self.take(relation, fresh)
            new = came
            if not new:
                return
        raise EngineError(
            f"the rules did not come to an end in {_MOST_ROUNDS} rounds",
            hint="look for a transitive property or a chain whose facts make a line as long as that",
        )
