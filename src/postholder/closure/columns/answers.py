"""What a closure in tables says: patterns, counts, all that is inferred, in all names of things."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, RdfFormat, parse

from postholder import terms
from postholder.closure.columns import encode
from postholder.closure.columns.sql import literal, table
from postholder.graph import TYPE, Term, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Literal, NamedNode, Triple

    from postholder.closure.columns.closed import ClosedGraph

_STATED = "select s, p, o from stated where g >= 0"
_BATCH = 50_000


def _is_told(term: Term) -> bool:
    """Tell whether a closure names a class or property: unnamed ones and classes of OWL itself are left out."""
    return not isinstance(term, BlankNode) and text_of(term) not in {terms.OWL + "Thing", terms.OWL + "Nothing"}


def _lines(rows: Iterable[tuple[str, str, str]]) -> str:
    return "".join(f"{s} {p} {o} .\n" for s, p, o in rows)


class Answers:
    """Looks facts up in the tables of a closure."""

    def __init__(self, graph: ClosedGraph) -> None:
        self._graph, self._tables = graph, graph.tables
        self._read = 0

    def size(self) -> int:
        """Return how many facts about things are stated or inferred, in all names."""
        self._tables.restart()
        return sum(self._tables.count(f"select count(*) from ({q})") for q in self._written_out(stated=True))

    def count(self, prop: NamedNode) -> int:
        """Return how many facts of a property are stated or inferred."""
        self._tables.restart()
        number = self.known(prop)
        queries = self._written_out(prop, stated=True)
        return sum(self._tables.count(f"select count(*) from ({q}) where p = {number or 0}") for q in queries)

    def _members(self) -> None:
        """Write the groups of names into a table, each name of a group beside the one that stands for it."""
        self._tables.run(
            "create or replace temp table member as select kept, id from rep union select kept, kept from rep"
        )

    def _written_out(self, only: Term | None = None, *, stated: bool = False) -> list[str]:
        """Return queries that together give every fact about things (s, p, o), in all names; no two give the same.

        What a relation holds is given under each of its names. Facts that no rule reads are given where they say
        more than is stated, or always with `stated`; only these may come twice. `only` leaves out the relations
        that hold no facts of that property.
        """
        names = self._tables.count("select count(*) from rep") > 0
        if names:
            self._members()

        def ends(source: str, p: str, s: str, o: str) -> str:
            if not names:
                return f"select {s} as s, {p} as p, {o} as o from {source} t"
            start = f"select coalesce(ms.id, {s}) as s, {p} as p"
            joins = f"from {source} t left join member ms on ms.kept = {s}"
            if o.isdigit():  # a class keeps its name
                return f"{start}, {o} as o {joins}"
            return f"{start}, coalesce(mo.id, {o}) as o {joins} left join member mo on mo.kept = {o}"

        same = self._graph.identities.same
        found = []
        hidden = ", ".join(map(str, self._tables.unnamed)) or "0"
        used = [f"p = {same}", f"(p = {self._graph.type} and o in ({hidden}))"]
        for relation, terms_of in self._graph.plan.names().items():
            for (term, turned), (number, _) in zip(terms_of, self._tables.names[relation], strict=True):
                one = self._graph.plan.columns[relation] == 1
                if not _is_told(term):
                    continue
                used.append(f"(p = {self._graph.type} and o = {number})" if one else f"p = {number}")
                wanted = only is None or only == (TYPE if one else term)
                if not self._tables.sizes[relation] or not wanted or number == same:
                    continue
                if one:
                    source = f"(select s from {table(relation)} where s % 2 = 0)"
                    found.append(ends(source, str(self._graph.type), "t.s", str(number)))
                else:
                    s, o = ("t.o", "t.s") if turned else ("t.s", "t.o")
                    source = f"(select * from {table(relation)} t where {s} % 2 = 0)"
                    found.append(ends(source, str(number), s, o))
        if names or stated:
            facts, told = self._tables.facts, " or ".join(used)
            found.append(ends(f"(select distinct s, p, o from {facts} where not ({told}))", "t.p", "t.s", "t.o"))
        if names:
            found.append(
                f"select a.id as s, {same} as p, b.id as o from member a join member b using (kept) where a.id <> b.id"
            )
        return found

    def lay_out(self) -> None:
        """Write all that is inferred, in all names and without what is stated, into the table `inferred`."""
        union = " union ".join(self._written_out()) or "select 0 as s, 0 as p, 0 as o where false"
        self._tables.run(
            f"create or replace table inferred as select f.* from ({union}) f"
            " anti join stated g on f.s = g.s and f.p = g.p and f.o = g.o"
            f" where f.p <> {self._graph.type} or f.o not in (select id from term where starts_with(text, '_:')"
            f" or starts_with(text, '<{terms.OWL}') or starts_with(text, '<{terms.RDFS}'))"
        )

    def triples(self) -> Iterator[Triple]:
        """Yield what is stated or inferred, as triples in the order of their texts."""
        self._tables.restart()
        self._tables.run(
            f"create or replace table every as {' union '.join([*self._written_out(stated=True), _STATED])}"
        )
        return self._ordered("every")

    def inferred(self) -> Iterator[Triple]:
        """Yield what is inferred, as triples in the order of their texts."""
        self._tables.restart()
        self.lay_out()
        return self._ordered("inferred")

    def _ordered(self, source: str) -> Iterator[Triple]:
        """Return the triples of a table as it is now, in the order of their texts; taking them may last."""
        pieces = self._taken(
            f"""select row_number() over (order by a.text, b.text, c.text) as n, a.text as s, b.text as p, c.text as o
            from {source} f join term a on a.id = f.s join term b on b.id = f.p join term c on c.id = f.o""",
            "select s, p, o from {} order by n",
        )
        return (q.triple for rows in pieces for q in parse(_lines(rows), format=RdfFormat.N_TRIPLES))

    def _taken(self, query: str, asked: str) -> Iterator[list[tuple[Any, ...]]]:
        """Return in pieces what is asked of the rows of a query, numbered by `n`, as they are now."""
        pieces = self._pieces(query, asked)
        next(pieces)  # what has begun is also ended, even if nobody takes a piece
        return pieces

    def _pieces(self, query: str, asked: str) -> Iterator[list[tuple[Any, ...]]]:
        import duckdb  # noqa: PLC0415 - an extra

        self._read += 1
        name = f"told{self._read}"
        try:
            count = self._tables.count(f"create temp table {name} as {query}")
            yield []
            for start in range(0, count, _BATCH):
                self._tables.restart()
                part = f"(select * from {name} where n > {start} and n <= {start + _BATCH})"
                yield self._tables.run(asked.format(part))
        finally:
            with suppress(duckdb.Error), self._tables.lock:
                self._graph.connection.execute(f"drop table if exists {name}")

    def lines(self) -> Iterator[bytes]:
        """Yield all facts as N-Quads: what is stated in its graphs, what is inferred in the graph for that."""
        self._tables.restart()
        self.lay_out()
        pieces = self._taken(
            """select row_number() over () as n, s, p, o, g from (
              select distinct s, p, o, g from stated where g >= 0 union all select s, p, o, -1 from inferred
            )""",
            f"""select a.text || ' ' || b.text || ' ' || c.text || coalesce(' ' || d.text, '') || ' .' from {{}} f
            join term a on a.id = f.s join term b on b.id = f.p join term c on c.id = f.o
            left join (select id, text from term union all select -1, '<{terms.INFERRED_GRAPH}>') d on d.id = f.g""",
        )
        return ("".join(f"{line}\n" for (line,) in rows).encode() for rows in pieces)

    def literals(self) -> Iterator[Literal]:
        """Yield the literals that have a datatype."""
        self._tables.restart()
        pieces = self._taken(
            "select row_number() over () as n, text from term where id % 2 = 1 and ends_with(text, '>')",
            "select text from {}",
        )
        return (literal(text) for rows in pieces for (text,) in rows)

    def match(self, s: Term | None = None, p: Term | None = None, o: Term | None = None) -> list[Triple]:
        """Return the facts, stated and inferred, that have the given parts, in the order of their texts."""
        self._tables.restart()
        parts = [(c, t) for c, t in zip("spo", (s, p, o), strict=True) if t is not None]
        given = list(zip([c for c, _ in parts], self.numbers(*(t for _, t in parts)), strict=True))
        if any(number is None for _, number in given):
            return []
        told = " and ".join(f"{c} = {number}" for c, number in given) or "true"
        union = " union ".join(
            f"select s, p, o from ({q}) where {told}" for q in [*self._written_out(p, stated=True), _STATED]
        )
        rows = self._tables.run(
            f"""select a.text, b.text, c.text from ({union}) f join term a on a.id = f.s
            join term b on b.id = f.p join term c on c.id = f.o order by 1, 2, 3"""
        )
        return [q.triple for q in parse(_lines(rows), format=RdfFormat.N_TRIPLES)]

    def known(self, term: Term) -> int | None:
        """Return the number of a term, or None if neither facts nor axioms have it."""
        return self.numbers(term)[0]

    def numbers(self, *wanted: Term) -> list[int | None]:
        """Return the numbers of terms, None for each that neither facts nor axioms have."""
        texts = [str(t) for t in wanted]
        key = encode.HASH.format("text")
        rows = self._tables.run(
            f"select text, id from term join (select {key} as key, text from (select unnest(?) as text))"
            " using (key, text)",
            [texts],
        )
        found: dict[str, int] = dict(rows)
        return [found.get(text) for text in texts]

    def relation_of(self, p: int, o: int) -> tuple[int, bool] | None:
        """Return the relation that holds facts of a property (or of a class), and whether they stand turned."""
        return self._relations.get((self._graph.type, o) if p == self._graph.type else (p, 0))

    @cached_property
    def _relations(self) -> dict[tuple[int, int], tuple[int, bool]]:
        found = {}
        for relation, group in self._tables.names.items():
            for number, turned in group:
                one = self._graph.plan.columns[relation] == 1
                found[(self._graph.type, number) if one else (number, 0)] = relation, turned
        return found
