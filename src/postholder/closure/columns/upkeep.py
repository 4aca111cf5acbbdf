"""Keep a closure up to date: add facts, or take them back, and change only what depends on them.

What is taken back takes along every row whose kept derivation rests on it; then whatever can still be derived
in another way is put back (Gupta, Mumick, Subrahmanian: Maintaining Views Incrementally, 1993, with the kept
derivation in place of any). Where identities may rest on it, any derivation counts: once names are united, one row
stands for several. Groups of names that a change touches are taken apart and found anew.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from postholder.closure.columns import axioms, encode, sql, store
from postholder.closure.columns.plan import MOST_RULES
from postholder.closure.columns.sql import RULE, table
from postholder.errors import CannotError, EngineError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pyoxigraph import NamedNode, Quad

    from postholder.closure.columns.closed import ClosedGraph
    from postholder.closure.columns.plan import Atom, TableRule

_MIDDLE = (1 << RULE) - 1


@contextmanager
def _whole(graph: ClosedGraph) -> Iterator[None]:
    """Make a change as a whole, or, when it fails, not at all."""
    graph.tables.restart()
    before = graph.tables.state(), graph.identities.state()
    try:
        with store.bounded(graph.limit):
            graph.connection.execute("begin")
            yield
            graph.connection.execute("commit")
    except BaseException:
        with suppress(EngineError), store.bounded(graph.limit):
            graph.connection.execute("rollback")
        graph.tables.go_back(before[0])
        graph.identities.go_back(before[1])
        raise


def add(graph: ClosedGraph, quads: Iterable[Quad]) -> int:
    """Add facts and what follows from them; return how many of the facts were new to their graphs.

    Raises CannotError for axioms, and EngineError. The closure then is as it was.
    """
    with _whole(graph):
        run, tables, connection = graph.tables.run, graph.tables, graph.connection
        last = tables.count("select max(id) from term")
        encode.write(connection, quads)
        encode.number(connection)
        run(
            "create or replace temp table added as"
            " select distinct a.* from arrived a anti join stated b using (s, p, o, g)"
        )
        axioms.refuse(connection, "added")
        graph.identities.refuse("added")
        count = tables.count("select count(*) from added")
        run("insert into stated from added")
        graph.names_in_facts("added")
        if tables.facts == "facts":
            run("insert into facts select s, p, o from added")
        run(f"create or replace temp table unseen as select id, text from term where id > {last}")
        _take_in(graph, "added", tables.values("unseen"))
    return count


def _take_in(graph: ClosedGraph, facts: str, grown: Collection[int] = ()) -> None:
    """Bring stated facts into the relations, and let the rules run on what is new there.

    `grown` are relations that hold the values of a datatype, and more of them now.
    """
    run, tables = graph.tables.run, graph.tables
    new: dict[int, str] = {}
    names = {n: r for r, group in tables.names.items() for n, _ in group}
    used = {
        n
        for row in run(f"select distinct p from {facts} union select distinct o from {facts} where p = {graph.type}")
        for n in row
    }
    for relation in sorted({r for n, r in names.items() if n in used} | {*grown}):
        fresh = f"a{relation}"
        queries = tables.stated(relation, facts) + ([tables.members(relation)] if relation in grown else [])
        if tables.find_new(relation, tables.distinct(relation, queries), fresh):
            tables.take(relation, fresh)
            new[relation] = fresh
    tables.spread(new, graph.plan.rules)
    graph.settle()


def retract(graph: ClosedGraph, source: NamedNode) -> int:
    """Take back all that a graph (a document, a claim) states; return how many facts it stated.

    Raises CannotError for axioms and for a closure without derivations, and EngineError. The closure then is as
    it was.
    """
    with _whole(graph):
        number = graph.answers.known(source) or 0
        graph.tables.run(f"create or replace temp table gone as select * from stated where g = {number} and g > 0")
        return _take_back(graph)


def remove(graph: ClosedGraph, quads: Iterable[Quad]) -> int:
    """Take single facts back from the graphs that state them; return how many there were.

    Raises as `retract` does.
    """
    with _whole(graph):
        encode.write(graph.connection, quads)
        encode.number(graph.connection)
        graph.tables.run(
            "create or replace temp table gone as select distinct b.* from stated b join arrived using (s, p, o, g)"
        )
        return _take_back(graph)


def _take_back(graph: ClosedGraph) -> int:
    tables, run = graph.tables, graph.tables.run
    if not tables.derivations:
        raise CannotError(
            "this closure was made without derivations, so nothing can be taken back",
            hint="close the facts with derivations",
        )
    count = tables.count("select count(*) from gone")
    if not count:
        return 0
    axioms.refuse(graph.connection, "gone")
    run("delete from stated d using gone g where d.s = g.s and d.p = g.p and d.o = g.o and d.g = g.g")
    # What another graph states too stays stated.
    run("create or replace temp table dead as select distinct s, p, o from gone anti join stated using (s, p, o)")
    over = _Over(graph)
    over.start()
    over.follow()
    over.take_apart()
    over.delete()
    over.restore()
    return count


class _Over:
    """The rows that fall, at first sight, with facts that are taken back: table `oN` for relation N."""

    def __init__(self, graph: ClosedGraph) -> None:
        self.graph, self.tables, self.run = graph, graph.tables, graph.tables.run
        self.relations: set[int] = set()
        self.names: set[int] = set()
        """Names whose groups were taken apart."""
        self._waiting: set[int] = set()

    def _put(self, relation: int, query: str) -> None:
        """Let the rows of a query fall that have not yet."""
        if relation not in self.relations:
            self.relations.add(relation)
            columns = ", ".join(f"{c} integer" for c in self.tables.columns[relation])
            self.run(f"create or replace temp table o{relation} ({columns}, why bigint)")
            self.run(f"create or replace temp table f{relation} ({columns}, why bigint)")
            self.run(f"create or replace temp table w{relation} ({columns}, why bigint)")
        on = " and ".join(f"q.{c} = k.{c}" for c in self.tables.columns[relation])
        fallen = f"select distinct q.* from ({query}) q anti join o{relation} k on {on}"
        if self.tables.count(f"insert into w{relation} {fallen}"):
            self._waiting.add(relation)

    def start(self) -> None:
        """Let the rows fall that were stated only by what is gone."""
        graph, tables = self.graph, self.tables
        graph.names_in_facts("dead")
        for relation, group in tables.names.items():
            ids = {n for n, _ in group}
            one = tables.plan.columns[relation] == 1
            which = f"p = {graph.type} and o in ({_list(ids)})" if one else f"p in ({_list(ids)})"
            if not tables.count(f"select count(*) from dead where {which}"):
                continue
            on = " and ".join(f"d.{c} = k.{c}" for c in tables.columns[relation])
            fallen = tables.distinct(relation, tables.stated(relation, "dead"))
            # Another name, or another graph, may still state the row.
            self._put(relation, f"select k.* from ({fallen}) d join {table(relation)} k on {on} where k.why = 0")

    def follow(self) -> None:
        """Let every row fall whose kept derivation rests on one that does.

        A row that an identity may rest on falls if any derivation does: it may stand for several, one for each name.
        """
        wide = self._reasons_of_identities()
        while self._waiting:
            self.tables.check()
            fresh, self._waiting = self._waiting, set()
            for relation in sorted(fresh):
                columns = ", ".join(self.tables.columns[relation])
                # Two rules may have let one row fall.
                self.run(
                    f"create or replace temp table f{relation} as"
                    f" select {columns}, min(why) as why from w{relation} group by {columns}"
                )
                self.run(f"insert into o{relation} from f{relation}")
                self.run(f"delete from w{relation}")
            queries: dict[int, list[str]] = {}
            for rule in self.graph.plan.rules:
                if rule.head is None or not self.tables.sizes[rule.head.relation]:
                    continue
                for place, atom in enumerate(rule.body):
                    if atom.relation in fresh:
                        fallen = f"f{atom.relation}"
                        any_ = rule.head.relation in wide
                        told = self._following(rule, place, fallen) if any_ else self._resting(rule, atom, fallen)
                        queries.setdefault(rule.head.relation, []).append(told)
            for relation, found in queries.items():
                self._put(relation, " union all ".join(found))

    def _reasons_of_identities(self) -> set[int]:
        """Return the relations whose rows may lead to an identity."""
        if not self.graph.identities.edges:
            return set()
        found: set[int] = set()
        waiting = {a.relation for r in self.graph.plan.equality for a in r.body}
        while waiting:
            found |= waiting
            heads = [r for r in self.graph.plan.rules if r.head is not None and r.head.relation in waiting]
            waiting = {a.relation for r in heads for a in r.body} - found
        return found

    def _following(self, rule: TableRule, place: int, fallen: str) -> str:
        """Return the rows of a rule's head that it gives from fallen rows of one atom."""
        assert rule.head is not None  # noqa: S101 - rules in `plan.rules` have heads
        names = [table(a.relation) for a in rule.body]
        names[place] = fallen
        given = sql.select(rule, self.tables.constant, tuple(names), kept=False).text(distinct=True)
        on = " and ".join(f"g.{c} = h.{c}" for c in self.tables.columns[rule.head.relation])
        return f"select h.* from ({given}) g join {table(rule.head.relation)} h on {on}"

    def _resting(self, rule: TableRule, atom: Atom, fallen: str) -> str:
        """Return the rows of a rule's head whose kept derivation may rest on fallen rows of one atom."""
        assert rule.head is not None  # noqa: S101 - rules in `plan.rules` have heads
        middle = f"(h.why & {_MIDDLE})"
        source = f"{table(rule.head.relation)} h"
        if self.graph.identities.edges:
            source = f"({self._of_all_names(rule.head.relation)}) h left join rep km on km.id = {middle}"
            middle = f"coalesce(km.kept, {middle})"
        known = {t: f"h.{c}" for c, t in zip("so", rule.head.terms, strict=False) if isinstance(t, str)}
        if rule.middle is not None:
            known[rule.middle] = middle
        told = [f"((h.why >> {RULE}) & {MOST_RULES - 1}) = {rule.number}", "h.why <> 0"]
        for column, term in zip("so", atom.terms, strict=False):
            if not isinstance(term, str):
                told.append(f"d.{column} = {self.tables.constant(term)}")
            elif term in known:
                told.append(f"d.{column} = {known[term]}")
        for column, term in zip("so", rule.head.terms, strict=False):
            if not isinstance(term, str):
                told.append(f"h.{column} = {self.tables.constant(term)}")
        return f"select h.* from {source}, {fallen} d where {' and '.join(told)}"

    def _of_all_names(self, relation: int) -> str:
        """Return the rows of a relation with their derivations, and with those that other names had before.

        An identity may rest on what is said of each name, and one row tells of all.
        """
        columns = self.tables.columns[relation]
        ends = ", ".join(f"coalesce(k{c}.kept, a.{c}) as {c}" for c in columns)
        joins = " ".join(f"left join rep k{c} on k{c}.id = a.{c}" for c in columns)
        return (
            f"select {', '.join(columns)}, why from {table(relation)} union all"
            f" select {ends}, a.why as why from attic a {joins} where a.relation = {relation}"
        )

    def take_apart(self) -> None:
        """Take apart the groups of names that may rest on what falls, and let all rows about them fall."""
        graph, identities = self.graph, self.graph.identities
        if not identities.edges:
            return
        while True:
            touched = self._touched() - self.names
            if not touched:
                return
            self.names |= touched
            graph.tables.run("create or replace temp table apart (id integer)")
            graph.tables.run("insert into apart select unnest(?)", [sorted(self.names)])
            for relation, columns in enumerate(self.tables.columns):
                if self.tables.sizes[relation]:
                    told = " or ".join(f"k.{c} in (select id from apart)" for c in columns)
                    self._put(relation, f"select k.* from {table(relation)} k where {told}")
            self.follow()

    def _touched(self) -> set[int]:
        """Return the names of the groups about which a row falls that an identity may rest on."""
        identities = self.graph.identities
        members = identities.members
        by_rule: dict[int, set[int]] = {}
        for (one, _), number in identities.edges.items():
            by_rule.setdefault(number, set()).add(identities.kept(one))
        same = f"select s, o from dead where p = {identities.same}"
        ids: set[int] = {n for row in self.run(same) for n in row}
        for rule in self.graph.plan.equality:
            standing = by_rule.get(rule.number, set())
            ends = rule.head.variables if rule.head is not None else ()
            for atom in rule.body if standing else ():
                if atom.relation not in self.relations:
                    continue
                columns = [c for c, t in zip("so", atom.terms, strict=False) if t in ends]
                if not columns:  # what makes them one says nothing of them here
                    ids |= standing
                for column in columns:
                    fallen = f"select distinct {column} from o{atom.relation} where {column} in ({_list(standing)})"
                    ids |= {n for (n,) in self.run(fallen)}
        kept = {identities.kept(n) for n in ids}
        return {n for k in kept if k in members for n in members[k]}

    def delete(self) -> None:
        """Delete what falls, and let the names of groups that were taken apart stand for themselves."""
        for relation in sorted(self.relations):
            on = " and ".join(f"k.{c} = d.{c}" for c in self.tables.columns[relation])
            gone = self.tables.count(f"delete from {table(relation)} k using o{relation} d where {on}")
            self.tables.sizes[relation] -= gone
        if self.names:
            self.graph.identities.dissolve(self.names)
            self.run("delete from attic where s in (select id from apart) or o in (select id from apart)")
        if self.names:
            self.graph.canonical()
        elif self.tables.facts == "facts":
            self.graph.forget("dead")

    def restore(self) -> None:
        """Put back what is still stated or follows in another way, and what follows from that."""
        graph, tables = self.graph, self.tables
        new: dict[int, str] = {}
        for relation in sorted(self.relations):
            # What can be put back at once: stated under some name, or by one rule from what is left.
            queries = [self._still_stated(relation)]
            queries += [
                self._once_more(rule, relation)
                for rule in graph.plan.rules
                if rule.head is not None
                and rule.head.relation == relation
                and all(tables.sizes[a.relation] for a in rule.body)
            ]
            back = f"b{relation}"
            if tables.find_new(relation, tables.distinct(relation, queries), back):
                new[relation] = back
        for relation, back in new.items():
            tables.take(relation, back)
        tables.spread(new, graph.plan.rules, graph.speaking_of(self.names))
        if self.names:
            self._about_names()
        graph.settle()

    def _still_stated(self, relation: int) -> str:
        columns = self.tables.columns[relation]
        on = " and ".join(f"q.{c} = d.{c}" for c in columns)
        union = " union all ".join(self.tables.stated(relation))
        return f"select q.* from ({union}) q semi join o{relation} d on {on}"

    def _once_more(self, rule: TableRule, relation: int) -> str:
        """Return what a rule gives of the rows that fell, from what is left."""
        names = tuple(table(a.relation) for a in rule.body)
        made = sql.select(rule, self.tables.constant, names, kept=True)
        told = [f"{made.columns[n].rpartition(' as ')[0]} = d.{c}" for n, c in enumerate(self.tables.columns[relation])]
        return sql.Select(made.columns, (f"o{relation} d", *made.tables), (*told, *made.conditions)).text()

    def _about_names(self) -> None:
        """Bring in again what is stated of names that were taken apart: it may say other things now."""
        self.run(
            "create or replace temp table again as select s, p, o from facts"
            " where s in (select id from apart) or o in (select id from apart)"
        )
        _take_in(self.graph, "again")


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(str(n) for n in sorted(numbers)) or "0"
