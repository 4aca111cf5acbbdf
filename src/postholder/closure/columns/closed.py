"""A closed graph in tables: ask it, add to it, take from it, and learn why something follows."""

from __future__ import annotations

from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from postholder import terms
from postholder.closure.columns import encode
from postholder.closure.columns.identities import Identities
from postholder.closure.columns.plan import lay_out
from postholder.closure.columns.reasons import Reasons
from postholder.closure.columns.sql import table
from postholder.closure.columns.tables import Tables
from postholder.closure.compiler import compile_axioms
from postholder.closure.memory import MemoryEngine
from postholder.closure.profile import logical
from postholder.closure.program import DIFFERENT, SAME
from postholder.errors import CannotError, EngineError
from postholder.graph import TYPE, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import duckdb
    from pyoxigraph import Quad

    from postholder.closure.columns.plan import TableRule
    from postholder.closure.proofs import Proof


def connect(threads: int = 0) -> duckdb.DuckDBPyConnection:
    """Return a connection to a store in memory that can reach nothing outside; raise EngineError without DuckDB."""
    try:
        import duckdb  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise EngineError("closing large graphs needs DuckDB", hint="pip install 'postholder[large]'") from error
    connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    connection.execute("set preserve_insertion_order = false")
    if threads:
        connection.execute(f"set threads = {threads}")
    return connection


class ClosedGraph:
    """Facts and what follows from them, in tables."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, axioms: Sequence[Triple], seconds: float, *, derivations: bool
    ) -> None:
        self.connection = connection
        self.axioms = axioms
        self.program = compile_axioms(axioms)
        self.plan = lay_out(self.program)
        self.tables = Tables(connection, self.plan, seconds, derivations=derivations)
        self.identities = Identities(self.tables)
        self.seconds: dict[str, float] = {}
        self._seconds = seconds

    @property
    def stated(self) -> int:
        """How many facts are stated, each counted once for every graph that states it."""
        return self.tables.count("select count(*) from stated")

    @property
    def size(self) -> int:
        """How many facts about things are stated or inferred, in all names; classes without a name are left out."""
        return sum(self.tables.count(f"select count(*) from ({q})") for q in self._written_out(stated=True))

    def count(self, prop: NamedNode) -> int:
        """Return how many facts of a property are stated or inferred."""
        number = self.known(prop)
        queries = self._written_out(prop, stated=True)
        return sum(self.tables.count(f"select count(*) from ({q}) where p = {number or 0}") for q in queries)

    @property
    def counts(self) -> dict[str, int]:
        """How many facts are stated and inferred, and how many things have several names."""
        self.lay_out()
        count = self.tables.count
        return {
            "stated": count("select count(*) from (select distinct s, p, o from stated)"),
            "inferred": count("select count(*) from inferred"),
            "things with several names": len(self.identities.members),
        }

    def close(self) -> None:
        """Close the stated facts from nothing."""
        start = perf_counter()
        self._first_identities()
        self.tables.build()
        self.settle()
        self.seconds["rules"] = perf_counter() - start

    # -- identities

    def canonical(self) -> None:
        """Let the rules read the stated facts with standing names."""
        self.tables.run(
            """create or replace table facts as
            select coalesce(a.kept, f.s) as s, f.p, coalesce(b.kept, f.o) as o
            from stated f left join rep a on a.id = f.s left join rep b on b.id = f.o"""
        )
        self.tables.facts = "facts"

    def forget(self, dead: str) -> None:
        """Take facts that are no longer stated out of what the rules read, unless another name still tells them."""
        run = self.tables.run
        run(f"delete from facts f using {dead} d where f.s = d.s and f.p = d.p and f.o = d.o")
        standing = "select kept from rep"
        if self.tables.count(f"select count(*) from {dead} where s in ({standing}) or o in ({standing})"):
            run(
                f"""insert into facts
                with told as (
                  select coalesce(a.kept, f.s) as s, f.p, coalesce(b.kept, f.o) as o
                  from stated f left join rep a on a.id = f.s left join rep b on b.id = f.o
                )
                select distinct t.* from told t semi join {dead} d on t.s = d.s and t.p = d.p and t.o = d.o"""
            )

    def names_in_facts(self, facts: str) -> None:
        """Write the standing names into a table of new facts (s, p, o), and into what the rules read."""
        if self.tables.facts == "stated":
            return
        self.tables.run(
            f"""create or replace temp table renamed as
            select distinct coalesce(a.kept, f.s) as s, f.p, coalesce(b.kept, f.o) as o
            from {facts} f left join rep a on a.id = f.s left join rep b on b.id = f.o"""
        )
        self.tables.run(f"create or replace temp table {facts} as from renamed")

    def _first_identities(self) -> None:
        """Unite names by what is stated, before anything is inferred: most are found so, and cost least now."""
        pairs = self.identities.pairs()
        for rule in self.plan.equality:
            names = []
            for place, atom in enumerate(rule.body):
                queries = self.tables.distinct(atom.relation, self.tables.stated(atom.relation))
                self.tables.run(f"create or replace temp view e{place} as {queries}")
                names.append(f"e{place}")
            pairs += self.identities.found(rule, tuple(names))
        if self.identities.unite(pairs):
            self.canonical()

    def settle(self) -> None:
        """Unite what rules find to be one, and apply the rules to what changed, until nothing does."""
        while True:
            pairs = self.identities.pairs()
            for rule in self.plan.equality:
                if all(self.tables.sizes[a.relation] for a in rule.body):
                    pairs += self.identities.found(rule)
            if not self.identities.unite(pairs):
                return
            new = self.identities.rewrite()
            self.canonical()
            # What a rule asks for by name may have another name now.
            moved = {n for (n,) in self.tables.run("select id from moved")}
            self.tables.spread(new, self.plan.rules, self.speaking_of(moved))

    def speaking_of(self, numbers: set[int]) -> list[TableRule]:
        """Return the rules that name one of some things."""
        return [
            r
            for r in self.plan.rules
            if any(
                not isinstance(t, str) and self.tables.id(t) in numbers
                for a in (*r.body, *([r.head] if r.head is not None else ()))
                for t in a.terms
            )
        ]

    # -- answers

    @cached_property
    def type(self) -> int:
        """The number of rdf:type."""
        return self.tables.id(TYPE)

    def _members(self) -> None:
        """Write the groups of names into a table, each name of a group beside the one that stands for it."""
        self.tables.run(
            "create or replace temp table member as select kept, id from rep union select kept, kept from rep"
        )

    def _written_out(self, only: Term | None = None, *, stated: bool = False) -> list[str]:
        """Return queries that together give every fact about things (s, p, o), in all names; no two give the same.

        What a relation holds is given under each of its names. Facts that no rule reads are given where they say
        more than is stated, or always with `stated`; only these may come twice. `only` leaves out the relations
        that hold no facts of that property.
        """
        names = self.tables.count("select count(*) from rep") > 0
        if names:
            self._members()

        def ends(source: str, p: str, s: str, o: str) -> str:
            if not names:
                return f"select {s} as s, {p} as p, {o} as o from {source} t"
            return (
                f"select coalesce(ms.id, {s}) as s, {p} as p, coalesce(mo.id, {o}) as o from {source} t"
                f" left join member ms on ms.kept = {s} left join member mo on mo.kept = {o}"
            )

        found = []
        used = []
        for relation, terms_of in self.plan.names().items():
            for term, turned in terms_of:
                number = self.tables.id(term)
                one = self.plan.columns[relation] == 1
                if _is_told(term):
                    used.append(f"(p = {self.type} and o = {number})" if one else f"p = {number}")
                wanted = only is None or only == (TYPE if one else term)
                if not self.tables.sizes[relation] or not _is_told(term) or not wanted:
                    continue
                if one:
                    source = f"(select s from {table(relation)} where s % 2 = 0)"
                    found.append(ends(source, str(self.type), "t.s", str(number)))
                else:
                    s, o = ("t.o", "t.s") if turned else ("t.s", "t.o")
                    source = f"(select * from {table(relation)} t where {s} % 2 = 0)"
                    found.append(ends(source, str(number), s, o))
        if names or stated:
            facts, told = self.tables.facts, " or ".join(used) or "false"
            found.append(ends(f"(select distinct s, p, o from {facts} where not ({told}))", "t.p", "t.s", "t.o"))
        if names:
            found.append(
                f"select a.id as s, {self.identities.same} as p, b.id as o from member a join member b using (kept)"
                " where a.id <> b.id"
            )
        return found

    def lay_out(self) -> None:
        """Write all that is inferred, in all names and without what is stated, into the table `inferred`."""
        union = " union ".join(self._written_out()) or "select 0 as s, 0 as p, 0 as o where false"
        self.tables.run(
            f"create or replace table inferred as select f.* from ({union}) f"
            " anti join stated g on f.s = g.s and f.p = g.p and f.o = g.o"
        )

    def triples(self) -> Iterator[Triple]:
        """Yield what is stated or inferred, as triples in the order of their texts."""
        self.tables.run(f"create or replace table every as {' union '.join([*self._written_out(), _STATED])}")
        return self._ordered("every")

    def inferred(self) -> Iterator[Triple]:
        """Yield what is inferred, as triples in the order of their texts."""
        self.lay_out()
        return self._ordered("inferred")

    def _ordered(self, source: str) -> Iterator[Triple]:
        cursor = self.connection.cursor()
        cursor.execute(
            f"""select a.text, b.text, c.text from {source} f join term a on a.id = f.s join term b on b.id = f.p
            join term c on c.id = f.o order by 1, 2, 3"""
        )
        while rows := cursor.fetchmany(_BATCH):
            text = "".join(f"{s} {p} {o} .\n" for s, p, o in rows)
            yield from (q.triple for q in parse(text, format=RdfFormat.N_TRIPLES))

    def match(self, s: Term | None = None, p: Term | None = None, o: Term | None = None) -> list[Triple]:
        """Return the facts, stated and inferred, that have the given parts, in the order of their texts."""
        given = [(c, self.known(t)) for c, t in zip("spo", (s, p, o), strict=True) if t is not None]
        if any(number is None for _, number in given):
            return []
        told = " and ".join(f"{c} = {number}" for c, number in given) or "true"
        union = " union ".join(f"select s, p, o from ({q}) where {told}" for q in [*self._written_out(p), _STATED])
        rows = self.tables.run(
            f"""select a.text, b.text, c.text from ({union}) f join term a on a.id = f.s
            join term b on b.id = f.p join term c on c.id = f.o order by 1, 2, 3"""
        )
        text = "".join(f"{x} {y} {z} .\n" for x, y, z in rows)
        return [q.triple for q in parse(text, format=RdfFormat.N_TRIPLES)]

    def __contains__(self, triple: Triple) -> bool:
        """Tell whether a fact is stated or inferred."""
        return bool(self.match(triple.subject, triple.predicate, triple.object))

    def known(self, term: Term) -> int | None:
        """Return the number of a term, or None if neither facts nor axioms have it."""
        rows = self.tables.run(
            f"select id from term where key = {encode.HASH.format('?')} and text = ?", [str(term)] * 2
        )
        return int(rows[0][0]) if rows else None

    def relation_of(self, p: int, o: int) -> tuple[int, bool] | None:
        """Return the relation that holds facts of a property (or of a class), and whether they stand turned."""
        return self._relations.get((self.type, o) if p == self.type else (p, 0))

    @cached_property
    def _relations(self) -> dict[tuple[int, int], tuple[int, bool]]:
        found = {}
        for relation, group in self.plan.names().items():
            for term, turned in group:
                number = self.tables.id(term)
                one = self.plan.columns[relation] == 1
                found[(self.type, number) if one else (number, 0)] = relation, turned
        return found

    # -- reasons

    def explain(self, triple: Triple) -> Proof | None:
        """Return the proof of a fact from what is stated, or None if it does not hold.

        Raises CannotError for a closure without derivations, and EngineError if a proof would rest on too much.
        """
        self._with_derivations()
        self.tables.restart()
        ids = [self.known(t) for t in (triple.subject, triple.predicate, triple.object)]
        if None in ids or triple not in self:
            return None
        reasons = Reasons(self)
        reasons.want(tuple(ids))  # type: ignore[arg-type]
        facts = self._triples(reasons.gather())
        return MemoryEngine(self._seconds).explain(self.axioms, facts, [triple])[0]

    def _with_derivations(self) -> None:
        if not self.tables.derivations:
            raise CannotError("this closure was made without derivations", hint="close the facts with derivations")

    def _triples(self, facts: Sequence[tuple[int, int, int]]) -> list[Triple]:
        numbers = sorted({n for f in facts for n in f})
        texts = dict(
            self.tables.run("select id, text from term semi join (select unnest(?) as id) using (id)", [numbers])
        )
        text = "".join(f"{texts[s]} {texts[p]} {texts[o]} .\n" for s, p, o in facts)
        return [q.triple for q in parse(text, format=RdfFormat.N_TRIPLES)]

    def sources(self, triple: Triple) -> tuple[str, ...]:
        """Return the graphs that state a fact."""
        ids = [self.known(t) for t in (triple.subject, triple.predicate, triple.object)]
        rows = self.tables.run(
            "select text from stated f join term t on t.id = f.g where f.s = ? and f.p = ? and f.o = ? order by 1", ids
        )
        return tuple(str(text)[1:-1] for (text,) in rows)


_STATED = "select s, p, o from stated"


def _is_told(term: Term) -> bool:
    """Tell whether a closure names a class or property: unnamed ones and those of OWL itself are left out."""
    return isinstance(term, NamedNode) and not term.value.startswith(_RESERVED)


_RESERVED = (terms.OWL, terms.RDFS, terms.XSD, terms.RDF)
_BATCH = 50_000


def close_file(
    path: Path,
    ontology: Sequence[Triple] = (),
    *,
    seconds: float = 600.0,
    derivations: bool = True,
    threads: int = 0,
) -> ClosedGraph:
    """Close the facts of an RDF file; the axioms among them count beside those of `ontology`.

    N-Triples and N-Quads are read at the speed of the column store, Turtle and TriG by the parser. The name of
    a graph is the name of what states its facts. Without derivations it takes less time and memory, and nothing
    can be explained or taken back. `seconds` bounds the time of this and of each later piece of work. Raises
    UnreadableFileError, ParseError and EngineError.
    """
    start = perf_counter()
    connection = connect(threads)
    encode.make_tables(connection)
    encode.read(connection, path)
    encode.number(connection, path)
    connection.execute("drop table stated; alter table arrived rename to stated")
    read = perf_counter() - start
    axioms = logical([*ontology, *axioms_among(connection)])
    graph = ClosedGraph(connection, axioms, seconds, derivations=derivations)
    graph.seconds["read"] = read
    graph.close()
    return graph


_SPEAKS_OF_TERMS = (
    "subClassOf", "subPropertyOf", "domain", "range"
)  # fmt: skip


def axioms_among(connection: duckdb.DuckDBPyConnection, source: str = "stated") -> list[Triple]:
    """Return the facts that may be axioms: those in words of OWL, RDFS and lists, but no identities of things."""
    named = ", ".join(f"'<{terms.RDFS}{n}>'" for n in _SPEAKS_OF_TERMS)
    rows = connection.execute(
        f"""with word as (
          select id from term where starts_with(text, '<{terms.OWL}') and text not in ('<{SAME}>', '<{DIFFERENT}>')
            or text in ({named}, '<{terms.RDF}first>', '<{terms.RDF}rest>')
        ),
        said as (
          select s, p, o from {source} where p in (from word) union
          select s, p, o from {source} where p = (select id from term where text = ?)
            and o in (select id from term where starts_with(text, '<{terms.OWL}') or starts_with(text, '<{terms.RDFS}'))
        ),
        used as (select s as id from said union select o from said),
        told as (
          from said union
          select s, p, o from {source} where p in (select id from term where text in ('<{SAME}>', '<{DIFFERENT}>'))
            and s in (from used) and o in (from used)
        )
        select a.text, b.text, c.text from told join term a on a.id = s join term b on b.id = p join term c on c.id = o
        order by 1, 2, 3""",
        [str(TYPE)],
    ).fetchall()
    return [q.triple for q in parse("".join(f"{s} {p} {o} .\n" for s, p, o in rows), format=RdfFormat.N_TRIPLES)]


def close_quads(
    quads: Iterable[Quad],
    axioms: Sequence[Triple],
    *,
    seconds: float = 600.0,
    derivations: bool = True,
    threads: int = 0,
) -> ClosedGraph:
    """Close facts in memory under the axioms of an ontology (see `profile.logical`)."""
    connection = connect(threads)
    encode.make_tables(connection)
    encode.write(connection, quads)
    encode.number(connection)
    connection.execute("insert into stated from arrived")
    graph = ClosedGraph(connection, axioms, seconds, derivations=derivations)
    graph.close()
    return graph
