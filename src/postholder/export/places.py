"""Where each quad of a dataset goes in a format of entities: carried, or counted under one loss."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from postholder import terms
from postholder.export.base import Loss, counted
from postholder.export.spool import CACHED
from postholder.graph import TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from postholder.export.roster import Roster
    from postholder.export.spool import Spool

_ALL = "export trig, nquads, jsonld or rdf12: they keep everything"

EVERY: tuple[Loss, ...] = (
    Loss(
        "vocabulary",
        "definitions, axioms and terms of the vocabulary",
        "read the files under ontology/, or export trig",
    ),
    Loss("things", "triples about things that have no place in the format", _ALL),
    Loss("details", "triples about things that are written, for which the format has no property", _ALL),
    Loss("origin", "by which reading a triple that holds is stated, or that it was inferred", _ALL),
    Loss("undecided", "triples that are said under an open reading only", _ALL),
    Loss("set-aside", "triples of readings that were set aside or withdrawn", _ALL),
    Loss("untyped", "triples about things without a class of ours", _ALL),
    Loss("blank-nodes", "triples with blank nodes", "give the nodes names, or export trig"),
    Loss(
        "other-graphs",
        "triples of named graphs that are no reading of any claim, or of a claim that was withdrawn",
        _ALL,
    ),
)
"""Losses that count quads: with what is carried, they make up the whole dataset."""

RELATIONS: tuple[Loss, ...] = (
    Loss(
        "undecided-relations",
        "appointments, reporting lines and placements of which an end depends on the reading",
        "see postholder query who-holds, or export neo4j-csv",
    ),
    Loss("incomplete", "appointments, reporting lines and placements of which an end is not told", _ALL),
    Loss("unasserted", "things, relations and links that claims only wish, predict or judge", _ALL),
    Loss(
        "planned-links", "units that a post is only planned to be in or to head", "see postholder query posts-in-unit"
    ),
    Loss("planned-dates", "dates that are only planned, of relations that are so", "see postholder query who-holds"),
    Loss("bounds", "days before or after which something began or ended, where no day, month or year says it", _ALL),
    Loss("contradictions", "relations whose dates contradict each other: the span of all that are told is used", _ALL),
    Loss("unreadable-dates", "dates that are no day of the calendar, such as those with a time zone", _ALL),
)
"""Losses that count relations or dates; they say more closely what the losses of quads leave out."""

PLANNED: tuple[Loss, ...] = (
    Loss("planned", "appointments and placements that are only planned", "export ftm, which gives them a status"),
    Loss("planned-things", "persons, units and posts that are only planned", "export ftm, which marks them"),
)
"""Losses of formats that have no place for a plan."""


# `written` has what was written, and as what; `carried` the properties of ours that each of these has.
_TABLES = (
    "CREATE TABLE written (iri TEXT PRIMARY KEY, form TEXT) WITHOUT ROWID",
    "CREATE TABLE carried (form TEXT, p TEXT, PRIMARY KEY (form, p)) WITHOUT ROWID",
    "CREATE TABLE backward (p TEXT PRIMARY KEY, forward TEXT) WITHOUT ROWID",
)
_NAMESPACES = (terms.PH, terms.RDFS, terms.SKOS, terms.DCTERMS)


def _begins(value: str, start: str) -> str:
    return f"substr({value}, 1, {len(start)}) = '{start}'"


# A property that reads backwards says something of its object.
_DEFAULT = f"""
SELECT CASE
  WHEN {_begins("q.s", "_:")} OR {_begins("q.o", "_:")} THEN 'blank-nodes'
  WHEN w.form IS NOT NULL AND q.p = '{TYPE.value}'
    THEN CASE WHEN {_begins("q.o", terms.PH)} THEN 'carried' ELSE 'details' END
  WHEN w.form IS NOT NULL
    THEN CASE WHEN (w.form, coalesce(b.forward, q.p)) IN (SELECT form, p FROM carried) THEN 'carried' ELSE 'details' END
  WHEN {{about}} IN (SELECT iri FROM described) OR {_begins("{about}", terms.PH)} THEN 'vocabulary'
  WHEN EXISTS (SELECT 1 FROM kind k WHERE k.iri = {{about}}) THEN 'things' ELSE 'untyped'
END, count(*)
FROM quad q LEFT JOIN backward b ON b.p = q.p LEFT JOIN written w ON w.iri = {{about}}
WHERE q.g = '' GROUP BY 1
""".format(about="CASE WHEN b.p IS NULL THEN q.s ELSE q.o END")
_NAMED = """
SELECT CASE WHEN l.g IS NULL THEN 'set-aside'
  WHEN EXISTS (SELECT 1 FROM quad x WHERE x.s = q.s AND x.p = q.p AND x.o = q.o AND x.g = '') THEN 'origin'
  ELSE 'undecided'
END, count(*)
FROM known k JOIN quad q ON q.g = k.g LEFT JOIN layer l ON l.g = k.g GROUP BY 1
"""


class Written:
    """What was written and as what, in a table; whoever notes something twice means the last."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        for table in _TABLES:
            spool.run(table)
        self._noted: dict[str, str] = {}

    def note(self, iri: str, form: str) -> None:
        """Keep that a thing was written."""
        self._noted[iri] = form
        if len(self._noted) >= CACHED:
            self.keep()

    def keep(self) -> None:
        """Put what was noted into the table."""
        self._spool.many("INSERT OR REPLACE INTO written VALUES (?, ?)", self._noted.items())
        self._noted.clear()


def account(roster: Roster, written: Written, carried: Mapping[str, frozenset[str]]) -> Counter[str]:
    """Return how many quads of the dataset are carried, and how many go by each loss of `EVERY`.

    `written` gives each thing that was written the name of what it was written as, and `carried` tells
    which of our properties, by local name, that has; `type` and `label` are among them.
    """
    world, spool = roster.world, roster.spool
    written.keep()
    named = ((form, space + name) for form, names in carried.items() for name in names for space in _NAMESPACES)
    spool.many("INSERT INTO carried VALUES (?, ?)", named)
    spool.many("INSERT INTO backward VALUES (?, ?)", world.vocabulary.forward.items())
    found: Counter[str] = Counter(dict(spool.rows(_DEFAULT)))
    found.update(dict(spool.rows(_NAMED)))
    found["vocabulary"] += len(world.ontology)
    found["origin"] += spool.count("SELECT count(*) FROM quad WHERE g = ?", terms.INFERRED_GRAPH)
    found["other-graphs"] += world.others
    return found


def losses(kinds: Sequence[Loss], met: Mapping[str, int]) -> tuple[Loss, ...]:
    """Return the losses of a format that one export met."""
    return counted(*((loss, met.get(loss.id, 0)) for loss in kinds))
