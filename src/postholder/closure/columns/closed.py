"""A closed graph in tables: ask it, add to it, take from it, and learn why something follows."""

from __future__ import annotations

from functools import cached_property, wraps
from time import perf_counter
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Self, TypeVar

from pyoxigraph import NamedNode, RdfFormat, parse

from postholder.closure.columns import clashes, store, upkeep
from postholder.closure.columns.answers import Answers
from postholder.closure.columns.identities import Identities
from postholder.closure.columns.plan import lay_out
from postholder.closure.columns.reasons import Reasons
from postholder.closure.columns.shorter import Shorter
from postholder.closure.columns.tables import Tables
from postholder.closure.compiler import compile_axioms
from postholder.closure.memory import MemoryEngine
from postholder.errors import CannotError
from postholder.graph import TYPE, Term
from postholder.stores.oxigraph import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import duckdb
    from pyoxigraph import Quad, Triple

    from postholder.closure.base import Clash, UnhandledAxiom
    from postholder.closure.columns.plan import TableRule
    from postholder.closure.proofs import Proof


_P = ParamSpec("_P")
_R = TypeVar("_R")


def _alone(work: Callable[Concatenate[ClosedGraph, _P], _R]) -> Callable[Concatenate[ClosedGraph, _P], _R]:
    """Let one thread at a time do a piece of work: each is of several statements, with tables in between."""

    @wraps(work)
    def alone(graph: ClosedGraph, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        with graph.tables.lock:
            return work(graph, *args, **kwargs)

    return alone


class ClosedGraph:
    """Facts and what follows from them, in tables. Threads may share it; they wait for each other."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        axioms: Sequence[Triple],
        seconds: float,
        *,
        derivations: bool,
        used: Iterable[NamedNode] = (),
    ) -> None:
        self.connection = connection
        self.axioms = axioms
        rows = connection.execute("select text from term where id in (select distinct p from stated)").fetchall()
        self.program = compile_axioms(axioms, {*used, *(NamedNode(text[1:-1]) for (text,) in rows)})
        self.plan = lay_out(self.program)
        self.tables = Tables(connection, self.plan, seconds, derivations=derivations)
        self.identities = Identities(self.tables, self.program)
        self.seconds: dict[str, float] = {}
        self.limit = seconds
        """How many seconds one piece of work may take."""

    @property
    @_alone
    def stated(self) -> int:
        """How many facts are stated, each counted once for every graph that states it."""
        self.tables.restart()
        return self.tables.count("select count(*) from stated where g >= 0")

    @property
    @_alone
    def size(self) -> int:
        """How many facts about things are stated or inferred, in all names; classes without a name are left out."""
        return self.answers.size()

    @property
    @_alone
    def counts(self) -> dict[str, int]:
        """How many facts are stated and inferred, and how many things have several names."""
        self.tables.restart()
        self.answers.lay_out()
        count = self.tables.count
        return {
            "stated": count("select count(*) from (select distinct s, p, o from stated where g >= 0)"),
            "inferred": count("select count(*) from inferred"),
            "things with several names": len(self.identities.members),
        }

    @property
    def unhandled(self) -> tuple[UnhandledAxiom, ...]:
        """The axioms that no rule handles."""
        return self.program.unhandled

    def close(self) -> None:
        """Give the memory and the temporary files back; nothing can be asked any more."""
        store.release(self.connection)

    def __enter__(self) -> Self:
        """Return the closure, which is closed at the end of a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def run(self) -> None:
        """Find all that follows from the stated facts, from nothing."""
        start = perf_counter()
        self._axioms_of_things()
        self.tables.values("term")
        self._first_identities()
        self.tables.build()
        self.settle()
        self.seconds["rules"] = perf_counter() - start

    def _axioms_of_things(self) -> None:
        """State what axioms say of things: as facts of no graph, which are no part of what is asked for."""
        told = [self.tables.fact(i) for i in self.program.individuals]
        if told:
            columns = [list(column) for column in zip(*told, strict=True)]
            self.tables.run("insert into stated select unnest(?), unnest(?), unnest(?), -1", columns)

    # -- identities

    @property
    def _standing(self) -> str:
        """The joins that find the standing names of a fact."""
        return "left join rep a on a.id = f.s left join rep b on b.id = f.o"

    def canonical(self) -> None:
        """Let the rules read the stated facts with standing names."""
        self.tables.run(
            f"""create or replace table facts as
            select coalesce(a.kept, f.s) as s, f.p, coalesce(b.kept, f.o) as o
            from stated f {self._standing}"""
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
                  from stated f {self._standing}
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
            from {facts} f {self._standing}"""
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

    @cached_property
    def type(self) -> int:
        """The number of rdf:type."""
        return self.tables.id(TYPE)

    @cached_property
    def answers(self) -> Answers:
        """What looks facts up."""
        return Answers(self)

    @_alone
    def count(self, prop: NamedNode) -> int:
        """Return how many facts of a property are stated or inferred."""
        return self.answers.count(prop)

    @_alone
    def triples(self) -> Iterator[Triple]:
        """Yield what is stated or inferred, as triples in the order of their texts."""
        return self.answers.triples()

    @_alone
    def inferred(self) -> Iterator[Triple]:
        """Yield what is inferred and not stated, as triples in the order of their texts."""
        return self.answers.inferred()

    @_alone
    def match(self, s: Term | None = None, p: Term | None = None, o: Term | None = None) -> list[Triple]:
        """Return the facts, stated and inferred, that have the given parts, in the order of their texts."""
        return self.answers.match(s, p, o)

    def __contains__(self, triple: Triple) -> bool:
        """Tell whether a fact is stated or inferred."""
        return bool(self.match(triple.subject, triple.predicate, triple.object))

    @_alone
    def store(self) -> OxigraphStore:
        """Return a SPARQL store of all facts, loaded in bulk: inferred ones in the graph for what follows."""
        return OxigraphStore.of_lines(self.answers.lines(), self.answers.literals())

    # -- upkeep

    @_alone
    def add(self, quads: Iterable[Quad]) -> int:
        """Add facts and what follows from them; return how many were new to their graphs.

        Raises CannotError for axioms: they change the rules.
        """
        return upkeep.add(self, quads)

    @_alone
    def retract(self, source: NamedNode) -> int:
        """Take back all that a graph (a document, a claim) states; return how many facts it stated."""
        return upkeep.retract(self, source)

    @_alone
    def remove(self, quads: Iterable[Quad]) -> int:
        """Take single facts back from the graphs that state them; return how many there were."""
        return upkeep.remove(self, quads)

    @_alone
    def clashes(self, most: int | None = None) -> tuple[Clash, ...]:
        """Return the contradictions, at most so many, each with its proof, in order of their words."""
        self._with_derivations()
        self.tables.restart()
        return clashes.find(self, most)

    # -- reasons

    @_alone
    def explain(self, triple: Triple) -> Proof | None:
        """Return the proof of a fact from what is stated, or None if it does not hold.

        Raises CannotError for a closure without derivations, and EngineError if a proof would rest on too much.
        """
        self._with_derivations()
        self.tables.restart()
        s, p, o = self.answers.numbers(triple.subject, triple.predicate, triple.object)
        if s is None or p is None or o is None:
            return None
        reasons = Reasons(self)
        reasons.want((s, p, o))
        facts = reasons.gather()
        proof = self._proof(triple, facts)
        if proof is None or proof.depth <= reasons.least((s, p, o)):
            return proof
        more = Shorter(self, (s, p, o), proof.depth - 1).gather()
        if set(more) <= set(facts):  # the best of these is at hand
            return proof
        other = self._proof(triple, more)
        return proof if other is None or other.depth >= proof.depth else other

    def _proof(self, triple: Triple, facts: Sequence[tuple[int, int, int]]) -> Proof | None:
        """Return the proof of a fact from a few."""
        return MemoryEngine(self.tables.left()).explain(self.axioms, self.as_triples(facts), [triple], self.program)[0]

    def _with_derivations(self) -> None:
        if not self.tables.derivations:
            raise CannotError("this closure was made without derivations", hint="close the facts with derivations")

    def as_triples(self, facts: Sequence[tuple[int, int, int]]) -> list[Triple]:
        """Return facts, given by numbers, as triples."""
        numbers = sorted({n for f in facts for n in f})
        texts = dict(
            self.tables.run("select id, text from term semi join (select unnest(?) as id) using (id)", [numbers])
        )
        text = "".join(f"{texts[s]} {texts[p]} {texts[o]} .\n" for s, p, o in facts)
        return [q.triple for q in parse(text, format=RdfFormat.N_TRIPLES)]

    @_alone
    def sources(self, triple: Triple) -> tuple[str, ...]:
        """Return the graphs that state a fact."""
        self.tables.restart()
        ids = self.answers.numbers(triple.subject, triple.predicate, triple.object)
        rows = self.tables.run(
            "select text from stated f join term t on t.id = f.g"
            " where f.g > 0 and f.s = ? and f.p = ? and f.o = ? order by 1",
            ids,
        )
        return tuple(str(text)[1:-1] for (text,) in rows)
