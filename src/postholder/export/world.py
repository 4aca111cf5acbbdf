"""What holds in the dataset, and under which open interpretations it holds.

The quads lie in a spool, so that memory does not grow with them. What stays in memory is the
vocabulary, and what the record says of readings, interpretations and withdrawals.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from postholder import terms
from postholder.export.spool import CACHED, Spool, decoded, encoded, listed
from postholder.export.vocabulary import Vocabulary
from postholder.graph import DEFAULT, TYPE
from postholder.readings import Facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Triple

Under: TypeAlias = frozenset[NamedNode]
ALWAYS: Under = frozenset()

# A graph is "" for the default graph. `layer` holds the graphs that hold, `known` all that are readings or inferred.
_TABLES = """
CREATE TABLE quad (s TEXT, p TEXT, o TEXT, g TEXT, PRIMARY KEY (s, p, o, g)) WITHOUT ROWID;
CREATE TABLE known (g TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE layer (g TEXT PRIMARY KEY, under TEXT, claim TEXT) WITHOUT ROWID;
"""
_KNOWN = f"""
INSERT OR IGNORE INTO known
SELECT o FROM quad WHERE g = '' AND p = '{terms.PH}hasReading' AND substr(o, 1, 1) <> '"'
UNION SELECT s FROM quad WHERE g = '' AND p = '{TYPE.value}' AND o = '{terms.PH}InferredGraph'
"""
_ABOUT_READINGS = ("hasReading", "underInterpretation", "interpretationOf", "interpretationStatus", "withdraws")
_TAKEN = f"SELECT o FROM quad WHERE g = '' AND p = '{terms.PH}withdraws'"
_WITHIN = f"SELECT s FROM quad WHERE g = '' AND p = '{terms.PH}inDocument' AND o IN ({_TAKEN})"
_RECORD = f"""
SELECT s, p, o FROM quad WHERE g = '' AND (
  p IN ({", ".join(f"'{terms.PH}{name}'" for name in _ABOUT_READINGS)})
  OR (p = '{terms.RDFS}label' AND s IN (SELECT s FROM quad WHERE g = '' AND p = '{terms.PH}interpretationOf'))
  OR (p = '{terms.PH}inDocument' AND o IN ({_TAKEN}))
  OR (p = '{terms.PH}evidence' AND o IN ({_WITHIN}))
)
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
        self.spool.run(_KNOWN)
        self.spool.run("DELETE FROM known WHERE g = ?", terms.INFERRED_GRAPH)
        self.facts = Facts(self._record())
        self._lay()
        unlisted = "g NOT IN ('', ?) AND g NOT IN (SELECT g FROM known)"
        self.others = self.spool.count(f"SELECT count(*) FROM quad WHERE {unlisted}", terms.INFERRED_GRAPH)
        self._objects = lru_cache(maxsize=CACHED)(self._looked_up)

    @staticmethod
    def _rows(quads: Iterable[Quad], ontology: dict[Triple, None]) -> Iterator[tuple[str, ...]]:
        """Yield the quads as text; the vocabulary's go into `ontology`."""
        for q in quads:
            if q.graph_name == NamedNode(terms.ONTOLOGY_GRAPH):
                ontology[q.triple] = None
            else:
                yield encoded(q.subject), encoded(q.predicate), encoded(q.object), encoded(q.graph_name)

    def _record(self) -> Iterator[Quad]:
        """Yield what the record says of readings, interpretations and withdrawals."""
        for s, p, o in self.spool.rows(_RECORD):
            subject, predicate = decoded(s), NamedNode(p)
            if not isinstance(subject, Literal):
                yield Quad(subject, predicate, decoded(o), DEFAULT)

    def _lay(self) -> None:
        """Fill the table of the graphs that hold; a reading has a claim, what follows has none."""
        claims = {r: c for c, rs in self.facts.readings.items() for r in rs}
        undecided = {i for members in self.facts.open.values() for i in members}
        layers: list[tuple[str, str, str | None]] = [("", "", None)]
        for name in self.spool.column("SELECT DISTINCT g FROM quad WHERE g IN (SELECT g FROM known)"):
            graph = decoded(name)
            if isinstance(graph, NamedNode) and self.facts.stands(graph):
                under = frozenset(i for i in self.facts.rests_on(graph) if i in undecided)
                claim = claims.get(graph)
                layers.append((name, written(under), None if claim is None else encoded(claim)))
        self.spool.many("INSERT INTO layer VALUES (?, ?, ?)", layers)

    def _looked_up(self, subject: str, predicate: str) -> tuple[str, ...]:
        sql = "SELECT o FROM quad WHERE s = ? AND p = ? AND g = '' ORDER BY o"
        return tuple(self.spool.column(sql, subject, predicate))

    def objects(self, subject: str, predicate: str) -> tuple[str, ...]:
        """Return the values of a property in the default graph, as the spool spells terms."""
        return self._objects(subject, predicate)

    def statements(self, graph: str) -> list[Triple]:
        """Return what a reading or an inferred graph states, in order; nothing for any other graph."""
        sql = "SELECT s, p, o FROM quad JOIN known USING (g) WHERE g = ?"
        found = (Quad(decoded(s), NamedNode(p), decoded(o)).triple for s, p, o in self.spool.rows(sql, graph))  # type: ignore[arg-type]
        return sorted(found, key=str)

    def label(self, under: Under) -> str:
        """Return what people call a choice of interpretations; empty for what always holds."""
        return "; ".join(sorted(self.facts.record.label(i) for i in under))

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
            for question in {self.facts.question_of[i] for i in under}:
                members = self.facts.open[question]
                rest = under.difference(members)
                if rest and rest not in found and all(rest | {m} in found for m in members):
                    found.add(rest)
                    todo.append(rest)
        return sorted((u for u in found if not any(v < u for v in found)), key=_order)


def _order(under: Under) -> tuple[str, ...]:
    return tuple(sorted(str(i) for i in under))


def written(under: Under) -> str:
    """Return a condition as text; as texts sort, so do the conditions."""
    return " ".join(_order(under))


@lru_cache(maxsize=CACHED)
def read(text: str) -> Under:
    """Return the condition that `written` made text."""
    return frozenset(NamedNode(i[1:-1]) for i in listed(text))
