"""The things of a dataset: what becomes a node of a property graph, and what is said of it in literals."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from postholder.export.kinds import TYPED, sort
from postholder.export.spool import decoded
from postholder.export.vocabulary import most_specific
from postholder.export.world import read
from postholder.graph import TYPE, handle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from postholder.export.world import Under, World
    from postholder.graph import Term

# `sure` is 1 if the thing holds however the open questions are decided, `first` its most specific label.
_TABLES = (
    "CREATE TABLE code (iri TEXT PRIMARY KEY, cls TEXT) WITHOUT ROWID",
    "CREATE TABLE node (iri TEXT PRIMARY KEY, id TEXT, first TEXT, labels TEXT, sure INTEGER) WITHOUT ROWID",
)
_ASIDE = f"""
SELECT count(DISTINCT q.s) FROM quad q JOIN known USING (g) WHERE {TYPED} AND q.s NOT IN (SELECT iri FROM kind)
"""
_CODES = """
INSERT OR IGNORE INTO kind SELECT DISTINCT c.iri, c.cls FROM quad q JOIN layer USING (g) JOIN code c ON c.iri = q.o
WHERE q.s IN (SELECT iri FROM kind)
"""
_ALIKE = "UPDATE node SET id = iri WHERE id IN (SELECT id FROM node GROUP BY id HAVING count(*) > 1)"
PROPERTY = f"q.p <> '{TYPE.value}' AND substr(q.o, 1, 2) <> '_:' AND q.o NOT IN (SELECT iri FROM node)"
"""What makes a quad of a node a property, and neither an edge nor a label."""
_ROWS = f"""
SELECT DISTINCT q.s, q.p, q.o FROM quad q JOIN node n ON n.iri = q.s
WHERE {PROPERTY} AND (q.g = '' OR (NOT n.sure AND q.g IN (SELECT g FROM layer WHERE under <> '')))
"""


class Things:
    """Everything typed by a class of ours, and the members of code lists that something leads to.

    A thing that holds however the open questions are decided has only the classes and literals
    that do; a thing that exists under open readings only has those of its readings.
    """

    def __init__(self, world: World, labels: Mapping[str, str]) -> None:
        self.world = world
        self.spool = world.spool
        known = world.vocabulary
        sort(world)
        for table in _TABLES:
            self.spool.run(table)
        codes = {m: c for c, members in known.code_lists.items() for m in members}
        self.spool.many("INSERT INTO code VALUES (?, ?)", codes.items())
        self.set_aside = self.spool.count(_ASIDE)
        self.spool.run(_CODES)
        self.spool.many("INSERT INTO node VALUES (?, ?, ?, ?, ?)", self._nodes(labels))
        self.spool.run("CREATE INDEX node_id ON node (id)")
        self.spool.run(_ALIKE)

    def _nodes(self, labels: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
        """Yield each thing with its handle and its labels: the most specific first, then all others by name."""
        known = self.world.vocabulary
        sql = "SELECT iri, cls, NOT EXISTS (SELECT 1 FROM supposed s WHERE s.iri = k.iri) FROM kind k ORDER BY iri"
        for (iri, sure), rows in groupby(self.spool.rows(sql), key=lambda row: (row[0], row[2])):
            given = {cls for _, cls, _ in rows}
            first = most_specific(given, known)[0]
            others = (given | {above for c in given for above in known.classes[c]}) - {first}
            named = [labels[first], *sorted(labels[c] for c in others)]
            yield iri, handle(iri), named[0], " ".join(named), sure

    def unders(self, iri: str) -> list[Under]:
        """Return the weakest conditions under which something exists that does not exist for sure."""
        return self.world.simplest(read(u) for u in self.spool.column("SELECT under FROM supposed WHERE iri = ?", iri))

    def rows(self, iri: str | None = None) -> Iterator[tuple[str, str, Term]]:
        """Yield thing, property and value: the literals said of it and what it leads to that is no node."""
        found = self.spool.rows(_ROWS) if iri is None else self.spool.rows(f"{_ROWS} AND q.s = ?", iri)
        return ((s, p, decoded(o)) for s, p, o in found)

    def id_of(self, iri: str) -> str:
        """Return the id of a node, or the handle of what is none."""
        found = self.spool.column("SELECT id FROM node WHERE iri = ?", iri)
        return found[0] if found else handle(iri)

    def is_node(self, term: Term) -> bool:
        """Tell whether a term names a node."""
        return isinstance(term, NamedNode) and self.spool.has("SELECT 1 FROM node WHERE iri = ?", term.value)
