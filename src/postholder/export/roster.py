"""Who holds which post, who reports to whom and what belongs where, as flat records with their claims.

The entity formats have no room for readings: they get what holds however the open questions are
decided. Each record tells whether a claim puts it forward as being so or only as planned, and its
dates are those that are put forward in the same way. The records lie in a spool, so that memory
does not grow with them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from postholder import terms
from postholder.export.backing import ACTUAL, PLANNED, SAYING, STANDINGS, Standing, claims_with, gather
from postholder.export.kinds import sort
from postholder.export.spool import decoded, text
from postholder.export.world import World
from postholder.graph import LABEL, Triples
from postholder.text import is_day
from postholder.views.validity import BOUNDS, Bounds, bounds_of, contradictory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postholder.export.base import Source

_Row: TypeAlias = tuple[str, str, int, str]
"""A fact of a relation: property, value, standing, and the claims behind it."""

ENDS = {
    "Appointment": (("holder", "Person"), ("post", "Post")),
    "ReportingLine": (("subordinate", "Post"), ("superior", "Post")),
    "UnitPlacement": (("placedUnit", "Unit"), ("parentUnit", "Unit")),
}
"""The timed relations that entity formats know, with what they join."""
_DATES = tuple(terms.PH + name for name in BOUNDS)
_LINKS = ("postIn", "heads")
_WATCHED = {*_DATES, *(terms.PH + name for name in (*(name for ends in ENDS.values() for name, _ in ends), *_LINKS))}
_CLASSES = ("Person", "UnidentifiedPerson", "Unit", "UnspecifiedUnits", "Company", "Post", "Document")
_ITEM = re.compile(r"https?://www\.wikidata\.org/entity/(Q[1-9][0-9]{0,14})")

# `above` has the classes to look for, each for itself and those below it; `member` what exists for sure, by these.
# `existing` tells how things are put forward that claims mention; whatever is not in it is so.
_TABLES = (
    "CREATE TABLE above (cls TEXT, up TEXT, PRIMARY KEY (cls, up)) WITHOUT ROWID",
    "CREATE TABLE member (up TEXT, iri TEXT, PRIMARY KEY (up, iri)) WITHOUT ROWID",
    "CREATE TABLE existing (iri TEXT PRIMARY KEY, standing INTEGER) WITHOUT ROWID",
    """CREATE TABLE relation (
      kind TEXT, iri TEXT, source TEXT, target TEXT, standing INTEGER, earliest_start INTEGER, latest_start INTEGER,
      earliest_end INTEGER, latest_end INTEGER, claims TEXT, single INTEGER, PRIMARY KEY (kind, iri, source, target)
    ) WITHOUT ROWID""",
)
_MEMBERS = """
INSERT OR IGNORE INTO member SELECT up, iri FROM kind JOIN above USING (cls)
WHERE iri NOT IN (SELECT iri FROM supposed)
"""
_WANTED = ", ".join(f"'{terms.PH}{cls}'" for cls in ("Person", "Unit", "Post"))
_IS_WANTED = f"EXISTS (SELECT 1 FROM member WHERE iri = q.{{}} AND up IN ({_WANTED}))"
_MENTIONED = f"""
INSERT INTO existing
SELECT q.s, c.standing FROM {SAYING} WHERE {_IS_WANTED.format("s")}
UNION ALL SELECT q.o, c.standing FROM {SAYING} WHERE {_IS_WANTED.format("o")}
ON CONFLICT (iri) DO UPDATE SET standing = max(standing, excluded.standing)
"""
_JOINED = """
INSERT INTO existing
SELECT {end}, {actual} FROM relation WHERE standing = {actual}
ON CONFLICT (iri) DO UPDATE SET standing = excluded.standing
"""
_IS = "EXISTS (SELECT 1 FROM member m WHERE m.up = ? AND m.iri = f.{})"
_TIMED = f"""
SELECT k.iri, k.iri IN (SELECT iri FROM supposed), f.p, f.b, f.standing, f.claims, f.held,
  CASE f.p WHEN ? THEN {_IS.format("b")} WHEN ? THEN {_IS.format("b")} ELSE 1 END
FROM kind k LEFT JOIN fact f ON f.a = k.iri WHERE k.cls = ? ORDER BY k.iri, f.p, f.b
"""
_RELATIONS = """
SELECT iri, source, target, standing, earliest_start, latest_start, earliest_end, latest_end, claims, single
FROM relation WHERE
"""
_LINKED = f"""
SELECT f.a, f.b, f.standing, f.claims FROM fact f
WHERE f.p = ? AND f.held AND {_IS.format("a")} AND {_IS.format("b")}
"""
_SUCCESSIONS = f"""
SELECT k.s FROM quad k WHERE k.g = '' AND k.p = '{terms.PH}comparisonKind' AND k.o = '{terms.PH}succession'
AND EXISTS (SELECT 1 FROM quad x WHERE x.s = k.s AND x.p = '{terms.PH}comparisonStanding' AND x.o = '{terms.PH}certain'
  AND x.g = '')
"""


@dataclass(frozen=True, order=True)
class Relation:
    """A timed relation between two things: an appointment, a reporting line or a placement.

    `single` is false if the same relation joins several pairs, as in a job share.
    """

    iri: str
    source: str
    target: str
    standing: Standing = field(compare=False)
    bounds: Bounds = field(compare=False)
    claims: tuple[str, ...] = field(compare=False)
    single: bool = field(compare=False)


@dataclass(frozen=True, order=True)
class Link:
    """A link without a time: the unit that a post is in or heads."""

    source: str
    target: str
    standing: Standing = field(compare=False)
    claims: tuple[str, ...] = field(compare=False)


class Roster:
    """The persons, units and posts of a dataset and what joins them; `met` counts what is left out."""

    def __init__(self, source: Source) -> None:
        self.world = World(source.quads)
        self.spool = self.world.spool
        self.met: Counter[str] = Counter()
        sort(self.world)
        for table in _TABLES:
            self.spool.run(table)
        wanted = {terms.PH + cls for cls in _CLASSES}
        above = ((cls, up) for cls, ups in self.world.vocabulary.classes.items() for up in wanted & {cls, *ups})
        self.spool.many("INSERT INTO above VALUES (?, ?)", above)
        self.spool.run(_MEMBERS)
        gather(self.world, _WATCHED)
        for kind in ENDS:
            rows = self._timed(kind)
            self.spool.many("INSERT INTO relation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self.spool.run("CREATE INDEX relation_of ON relation (source, kind, standing)")
        self._see_what_exists()

    def _see_what_exists(self) -> None:
        """Fill `existing`: a thing is as the strongest of what joins it and of the claims that mention it."""
        self.spool.run(_MENTIONED)
        for end in ("source", "target"):
            self.spool.run(_JOINED.format(end=end, actual=ACTUAL))
        links = (link for name in _LINKS for link in self.all_links(name) if link.standing == "actual")
        joined = ((end,) for link in links for end in (link.source, link.target))
        self.spool.many(f"INSERT OR REPLACE INTO existing VALUES (?, {ACTUAL})", joined)

    # -- what there is

    def existence(self, iri: str) -> Standing:
        """Return how a thing is put forward."""
        found = self.spool.column("SELECT standing FROM existing WHERE iri = ?", iri)
        return STANDINGS[found[0] if found else ACTUAL]

    def present(self, cls: str, *, planned: bool) -> Iterator[str]:
        """Yield the things of a class to write, with or without those that are only planned, and count the rest."""
        sql = "SELECT iri, standing FROM member LEFT JOIN existing USING (iri) WHERE up = ? ORDER BY iri"
        for iri, standing in self.spool.rows(sql, terms.PH + cls):
            if standing in {None, ACTUAL} or (planned and standing == PLANNED):
                yield iri
            else:
                self.met["planned-things" if standing == PLANNED else "unasserted"] += 1

    def of(self, cls: str) -> Iterator[str]:
        """Yield the things of a class of ours, or of one below it, that exist in every reading, in order."""
        return (iri for (iri,) in self.spool.rows("SELECT iri FROM member WHERE up = ? ORDER BY iri", terms.PH + cls))

    def is_of(self, iri: str, cls: str) -> bool:
        """Tell whether a thing exists in every reading and is of a class, or of one below it."""
        return self.spool.has("SELECT 1 FROM member WHERE up = ? AND iri = ?", terms.PH + cls, iri)

    def classes(self, iri: str) -> list[str]:
        """Return the classes of ours that are given to a thing."""
        return self.spool.column("SELECT cls FROM kind WHERE iri = ?", iri)

    def labels(self, iri: str) -> list[str]:
        """Return the names of a thing, the one for people first, each once."""
        texts = sorted(o.value for o in self.literals(iri, LABEL.value))
        return list(dict.fromkeys([self.world.name(iri), *texts])) if texts else []

    def literals(self, iri: str, prop: str) -> list[Literal]:
        """Return the literals that a property has for a thing."""
        found = (decoded(o) for o in self.world.objects(iri, prop) if o.startswith('"'))
        return [o for o in found if isinstance(o, Literal)]

    def values(self, iri: str, name: str) -> list[str]:
        """Return what a property of ours says of a thing, as text in order."""
        return sorted({text(o) for o in self.world.objects(iri, terms.PH + name)})

    def items(self, iri: str) -> list[str]:
        """Return the Wikidata items that a thing exactly matches."""
        found = (_ITEM.fullmatch(text(o)) for o in self.world.objects(iri, terms.SKOS + "exactMatch"))
        return sorted({item.group(1) for item in found if item})

    def passages(self, claims: Iterable[str]) -> list[str]:
        """Return the passages that some claims rest on."""
        return sorted({p for claim in claims for p in self.values(claim, "evidence")})

    def documents(self, passages: Iterable[str]) -> list[str]:
        """Return the documents that some passages are in."""
        return sorted({d for passage in passages for d in self.values(passage, "inDocument")})

    # -- what joins them

    def relations(self, kind: str) -> Iterator[Relation]:
        """Yield the relations of a kind, in order."""
        return self._found("kind = ? ORDER BY iri, source, target", kind)

    def relations_of(self, source: str, kind: str) -> Iterator[Relation]:
        """Yield the relations of a kind in which a thing is the first and which are so, in order."""
        where = f"source = ? AND kind = ? AND standing = {ACTUAL} ORDER BY iri, source, target"
        return self._found(where, source, kind)

    def appointments(self, iri: str) -> Iterator[Relation]:
        """Yield the pairs that an appointment joins."""
        return self._found("kind = 'Appointment' AND iri = ? ORDER BY source, target", iri)

    def standings(self, kind: str) -> Counter[str]:
        """Return how many relations of a kind are put forward in each way."""
        rows = self.spool.rows("SELECT standing, count(*) FROM relation WHERE kind = ? GROUP BY standing", kind)
        return Counter({STANDINGS[standing]: number for standing, number in rows})

    def _found(self, where: str, *values: str) -> Iterator[Relation]:
        for iri, source, target, standing, *bounds, claims, single in self.spool.rows(f"{_RELATIONS} {where}", *values):
            yield Relation(
                iri, source, target, STANDINGS[standing], Bounds(*bounds), tuple(claims.split()), bool(single)
            )

    def _timed(self, kind: str) -> Iterator[tuple[object, ...]]:
        """Yield the relations of a kind as rows; what lacks an end is counted."""
        (one, one_class), (other, other_class) = [(terms.PH + name, terms.PH + cls) for name, cls in ENDS[kind]]
        asked = (one, one_class, other, other_class, terms.PH + kind)
        for (iri, supposed), rows in groupby(self.spool.rows(_TIMED, *asked), key=itemgetter(0, 1)):
            facts: dict[str, list[_Row]] = {one: [], other: []}
            undecided = bool(supposed)
            for _, _, prop, value, standing, claims, held, fits in rows:
                if held and fits:
                    facts.setdefault(prop, []).append((prop, value, standing, claims))
                undecided |= held == 0 and prop in {one, other}
            if supposed or not facts[one] or not facts[other]:
                self.met["undecided-relations" if undecided else "incomplete"] += 1
                continue
            dates = tuple(fact for bound in _DATES for fact in facts.get(bound, ()))
            single = len(facts[one]) == len(facts[other]) == 1
            for start in facts[one]:
                for end in facts[other]:
                    yield kind, iri, *self._relation(iri, start, end, dates), single
            if dates:
                self._check_dates(iri, dates)

    def _relation(self, iri: str, start: _Row, end: _Row, dates: tuple[_Row, ...]) -> tuple[object, ...]:
        standing = min(start[2], end[2])
        told = _bounds(iri, tuple(d for d in dates if d[2] >= PLANNED))
        bounds = _bounds(iri, tuple(d for d in dates if d[2] == ACTUAL)) if standing == ACTUAL else told
        self.met["planned-dates"] += bounds != told
        claims = claims_with(standing, start[3], end[3], *(d[3] for d in dates))
        return start[1], end[1], standing, *bounds, " ".join(claims)

    def _check_dates(self, iri: str, dates: tuple[_Row, ...]) -> None:
        texts = [decoded(d[1]) for d in dates]
        self.met["unreadable-dates"] += sum(not isinstance(o, Literal) or not is_day(o.value) for o in texts)
        self.met["contradictions"] += contradictory(_dated(iri, dates), NamedNode(iri))

    def links(self, name: str, post: str) -> list[Link]:
        """Return the units that a post is in or heads, in order."""
        return list(self._linked(name, "AND f.a = ? ORDER BY f.b", post))

    def all_links(self, name: str) -> Iterator[Link]:
        """Yield the units that posts are in or head, in the order of the posts."""
        return self._linked(name, "ORDER BY f.a, f.b")

    def _linked(self, name: str, where: str, *values: str) -> Iterator[Link]:
        asked = (terms.PH + name, terms.PH + "Post", terms.PH + "Unit")
        for post, unit, standing, claims in self.spool.rows(f"{_LINKED} {where}", *asked, *values):
            yield Link(post, unit, STANDINGS[standing], claims_with(standing, claims))

    def successions(self) -> Iterator[tuple[str, str]]:
        """Yield the pairs of appointments of which one ended on the very day on which the other began."""
        for (node,) in self.spool.rows(_SUCCESSIONS):
            pairs = ([r for r in self.appointments(i) if r.standing == "actual"] for i in self.values(node, "compares"))
            sides = [found[-1] for found in pairs if found]
            for one in sides:
                for other in sides:
                    last, first = one.bounds, other.bounds
                    exact = last.earliest_end == last.latest_end == first.earliest_start == first.latest_start
                    if exact and one.target == other.target:
                        yield one.iri, other.iri


@lru_cache(maxsize=4)
def _dated(iri: str, dates: tuple[_Row, ...]) -> Triples:
    return Triples(Triple(NamedNode(iri), NamedNode(prop), decoded(value)) for prop, value, _, _ in dates)


@lru_cache(maxsize=4)
def _bounds(iri: str, dates: tuple[_Row, ...]) -> Bounds:
    return bounds_of(_dated(iri, dates), NamedNode(iri))
