"""What holds in the dataset, and under which open interpretations it holds.

The quads lie in a spool, so that memory does not grow with them. What stays in memory is the
vocabulary; what the record says of readings, interpretations and withdrawals is looked at in parts.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias, cast

from pyoxigraph import NamedNode, Quad

from postholder import terms
from postholder.export.base import batches
from postholder.export.spool import CACHED, Spool, decoded, encoded, listed
from postholder.export.vocabulary import Vocabulary
from postholder.graph import DEFAULT, LABEL, TYPE, Triples
from postholder.readings import Facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Triple

    from postholder.graph import Node

Under: TypeAlias = frozenset[NamedNode]
ALWAYS: Under = frozenset()

_PART = 64
"""Graphs whose readings and interpretations are looked at together."""

# A graph is "" for the default graph. `known` holds all graphs that are readings or inferred, `layer` those that
# hold, `record` what the record says of them, `uncovered` the claims without a reading for some answers.
_TABLES = """
CREATE TABLE quad (s TEXT, p TEXT, o TEXT, g TEXT, PRIMARY KEY (s, p, o, g)) WITHOUT ROWID;
CREATE TABLE record (s TEXT, p TEXT, o TEXT, PRIMARY KEY (s, p, o)) WITHOUT ROWID;
CREATE TABLE known (g TEXT PRIMARY KEY, live INTEGER DEFAULT 1) WITHOUT ROWID;
CREATE TABLE layer (g TEXT PRIMARY KEY, under TEXT, claim TEXT) WITHOUT ROWID;
CREATE TABLE uncovered (claim TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE asked (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""
HAS_READING = terms.PH + "hasReading"
_RESTS, _ANSWERS, _TAKES = (terms.PH + name for name in ("underInterpretation", "interpretationOf", "withdraws"))
_CITES, _WITHIN = terms.PH + "evidence", terms.PH + "inDocument"
_ABOUT_READINGS = (HAS_READING, _RESTS, _ANSWERS, terms.PH + "interpretationStatus", _TAKES)


def _listed(*names: str) -> str:
    return ", ".join(f"'{name}'" for name in names)


_TAKEN = f"SELECT o FROM quad WHERE g = '' AND p = '{_TAKES}'"
_IN_TAKEN = f"SELECT s FROM quad WHERE g = '' AND p = '{_WITHIN}' AND o IN ({_TAKEN})"
_RECORD = f"""
INSERT INTO record SELECT s, p, o FROM quad WHERE g = '' AND (
  p IN ({_listed(*_ABOUT_READINGS)})
  OR (p = '{_WITHIN}' AND o IN ({_TAKEN}))
  OR (p = '{_CITES}' AND o IN ({_IN_TAKEN}))
)
"""
_KNOWN = f"""
INSERT OR IGNORE INTO known (g)
SELECT o FROM record WHERE p = '{HAS_READING}' AND substr(o, 1, 1) <> '"'
UNION SELECT s FROM quad WHERE g = '' AND p = '{TYPE.value}' AND o = '{terms.PH}InferredGraph'
"""
# A graph rests on nothing and nobody takes it back: it holds, and its claim has a reading for all answers.
_PLAIN = f"""
g NOT IN (SELECT s FROM record WHERE p = '{_RESTS}')
AND g NOT IN (SELECT o FROM record WHERE p = '{HAS_READING}' GROUP BY o HAVING count(*) > 1)
AND g NOT IN (SELECT o FROM record WHERE p = '{HAS_READING}' AND s IN (
  SELECT o FROM record WHERE p = '{_TAKES}' UNION SELECT s FROM record WHERE p = '{_CITES}'
))
"""
_LAY_PLAIN = f"""
INSERT INTO layer SELECT g, '', (SELECT s FROM record WHERE o = g AND p = '{HAS_READING}') FROM known
WHERE substr(g, 1, 2) <> '_:' AND {_PLAIN}
"""
_OTHERS = f"SELECT g FROM known WHERE substr(g, 1, 2) <> '_:' AND NOT ({_PLAIN})"
# From a reading to its claims and all their readings, to what these rest on, to the rival interpretations, and to
# whatever takes a claim back.
_NEAR = f"""
WITH RECURSIVE near (name) AS (
  SELECT name FROM asked
  UNION SELECT r.o FROM near JOIN record r ON r.s = near.name
    WHERE r.p IN ({_listed(HAS_READING, _RESTS, _ANSWERS, _CITES, _WITHIN)})
  UNION SELECT r.s FROM near JOIN record r ON r.o = near.name WHERE r.p IN ({_listed(HAS_READING, _ANSWERS, _TAKES)})
)
SELECT s, p, o FROM record WHERE s IN (SELECT name FROM near)
"""


class World:
    """A dataset by layers: default graph, live readings, inferred graphs; set-aside readings apart."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.spool = Spool(_TABLES)
        ontology: dict[Triple, None] = {}
        self.spool.many("INSERT OR IGNORE INTO quad VALUES (?, ?, ?, ?)", self._rows(quads, ontology))
        self.spool.run("CREATE INDEX by_graph ON quad (g)")
        self.ontology = frozenset(ontology)
        self.vocabulary = Vocabulary(ontology)
        self.spool.run(_RECORD)
        self.spool.run("CREATE INDEX record_into ON record (o, p)")
        self.spool.run(_KNOWN)
        self.spool.run("DELETE FROM known WHERE g = ?", terms.INFERRED_GRAPH)
        self._lay()
        unlisted = "g NOT IN ('', ?) AND g NOT IN (SELECT g FROM known)"
        self.others = self.spool.count(f"SELECT count(*) FROM quad WHERE {unlisted}", terms.INFERRED_GRAPH)
        self._objects = lru_cache(maxsize=CACHED)(self._looked_up)
        self._rivals = lru_cache(maxsize=CACHED)(self._looked_up_rivals)

    @staticmethod
    def _rows(quads: Iterable[Quad], ontology: dict[Triple, None]) -> Iterator[tuple[str, ...]]:
        """Yield the quads as text; the vocabulary's go into `ontology`."""
        described = NamedNode(terms.ONTOLOGY_GRAPH)
        for q in quads:
            graph = q.graph_name
            if graph == described:
                ontology[q.triple] = None
            else:
                yield encoded(q.subject), q.predicate.value, encoded(q.object), encoded(graph)

    def _lay(self) -> None:
        """Fill the table of the graphs that hold; a reading has a claim, what follows has none."""
        self.spool.run("INSERT INTO layer VALUES ('', '', NULL)")
        self.spool.run(_LAY_PLAIN)
        for names in batches((name for (name,) in self.spool.rows(_OTHERS)), _PART):
            facts = self._facts_near(names)
            claims = {r: c for c, rs in facts.readings.items() for r in rs}
            undecided = {i for members in facts.open.values() for i in members}
            graphs = [NamedNode(name) for name in names]
            layers: list[tuple[str, str, str | None]] = []
            for graph in filter(facts.stands, graphs):
                under = frozenset(i for i in facts.rests_on(graph) if i in undecided)
                claim = claims.get(graph)
                layers.append((graph.value, written(under), None if claim is None else encoded(claim)))
            self.spool.many("INSERT INTO layer VALUES (?, ?, ?)", layers)
            dead = ((graph.value,) for graph in graphs if not facts.is_live(graph))
            self.spool.many("UPDATE known SET live = 0 WHERE g = ?", dead)
            uncovered = ((encoded(claim),) for claim in facts.readings if facts.uncovered(claim))
            self.spool.many("INSERT OR IGNORE INTO uncovered VALUES (?)", uncovered)

    def _facts_near(self, names: Iterable[str]) -> Facts:
        """Return what the record says of some graphs or interpretations, as far as it decides how they stand."""
        self.spool.run("DELETE FROM asked")
        self.spool.many("INSERT OR IGNORE INTO asked VALUES (?)", ((name,) for name in names))
        return Facts(_quad(s, p, o) for s, p, o in self.spool.rows(_NEAR))

    def _looked_up(self, subject: str, predicate: str) -> tuple[str, ...]:
        sql = "SELECT o FROM quad WHERE s = ? AND p = ? AND g = '' ORDER BY o"
        return tuple(self.spool.column(sql, subject, predicate))

    def objects(self, subject: str, predicate: str) -> tuple[str, ...]:
        """Return the values of a property in the default graph, as the spool spells terms."""
        return self._objects(subject, predicate)

    def said(self, subject: str, *predicates: str) -> Triples:
        """Return what the default graph says of a thing by some properties."""
        return Triples(_quad(subject, p, o).triple for p in predicates for o in self.objects(subject, p))

    def name(self, subject: str) -> str:
        """Return the English label of a thing, or its handle."""
        return self.said(subject, LABEL.value).label(cast("Node", decoded(subject)))

    def statements(self, graph: str) -> list[Triple]:
        """Return what a reading or an inferred graph states, in order; nothing for any other graph."""
        sql = "SELECT s, p, o FROM quad JOIN known USING (g) WHERE g = ?"
        return sorted((_quad(s, p, o).triple for s, p, o in self.spool.rows(sql, graph)), key=str)

    def is_live(self, graph: str) -> bool:
        """Tell whether a reading or an inferred graph rests on no interpretation that is out of play."""
        return not self.spool.has("SELECT 1 FROM known WHERE g = ? AND NOT live", graph)

    def label(self, under: Under) -> str:
        """Return what people call a choice of interpretations; empty for what always holds."""
        return "; ".join(sorted(self.name(i.value) for i in under))

    def _looked_up_rivals(self, interpretation: NamedNode) -> frozenset[Node]:
        """Return the live interpretations of the open question that one answers."""
        facts = self._facts_near([interpretation.value])
        return frozenset(facts.open[facts.question_of[interpretation]])

    def simplest(self, unders: Iterable[Under]) -> list[Under]:
        """Return the weakest conditions that say the same.

        What holds under each live interpretation of an ambiguity, other things equal, does not
        depend on that ambiguity; and a condition adds nothing to a part of it. Only the default
        graph says what always holds, so a condition never becomes empty here.
        """
        found = set(unders)
        if len(found) == 1:
            return list(found)
        todo = sorted(found, key=_order)
        while todo:
            under = todo.pop()
            for members in {self._rivals(i) for i in under}:
                rest = under - members
                if rest and rest not in found and all(rest | {m} in found for m in members):
                    found.add(rest)
                    todo.append(rest)
        return sorted((u for u in found if not any(v < u for v in found)), key=_order)


def _quad(s: str, p: str, o: str) -> Quad:
    """Return a quad of the default graph by its terms as the spool spells them."""
    return Quad(cast("Node", decoded(s)), NamedNode(p), decoded(o), DEFAULT)


def _order(under: Under) -> tuple[str, ...]:
    return tuple(sorted(str(i) for i in under))


def written(under: Under) -> str:
    """Return a condition as text; as texts sort, so do the conditions."""
    return " ".join(_order(under))


@lru_cache(maxsize=CACHED)
def read(text: str) -> Under:
    """Return the condition that `written` made text."""
    return frozenset(NamedNode(i[1:-1]) for i in listed(text))
