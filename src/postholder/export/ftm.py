"""FollowTheMoney entities, one JSON object a line.

A person is a `Person`, a unit an `Organization` or `Company`, a post a `Position`, an appointment an
`Occupancy`, a document a `Document`. Reporting lines, placements and headship have no schema of their
own there; they are links with a role. Only what holds in every reading is written; what is only
planned has the status `planned`. The claims stand in `recordId`, their passages in `sourceUrl`.
Values keep to the lengths and forms that FollowTheMoney's types demand.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import NamedNode

from postholder import terms
from postholder.export import places
from postholder.export.base import Account, Format, Loss
from postholder.export.partial_dates import partial
from postholder.export.plain import cut, is_web, one_line
from postholder.export.roster import ENDS, Roster
from postholder.export.vocabulary import most_specific
from postholder.graph import handle, local_name
from postholder.views.validity import FIRST, LAST, Bounds, days

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postholder.export.base import Source, Target
    from postholder.export.roster import Link

Properties: TypeAlias = dict[str, list[str]]
Entity: TypeAlias = tuple[str, str, Properties]

_NAME, _STRING, _URL = 384, 1024, 4096  # the longest values that its types take
_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?/[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_LONGEST_ID = 200
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode
_TITLE = terms.DCTERMS + "title"
_YEARS = "1000", "2999"  # its dates have no others

_UNNAMED = Loss(
    "unnamed",
    "the mark that a person or unit is not known by name: it has a description as weak alias, and a note",
    "export trig",
)
_TRIMMED = Loss("trimmed", "texts that were put on one line, or shortened to what the type takes", "export trig")
_SOURCES = Loss("sources", "addresses that are no web address, so that they cannot be a source", "export trig")
_LOSSES = (*places.EVERY, *places.RELATIONS, _UNNAMED, _TRIMMED, _SOURCES)

_TIMED = frozenset({"type", "earliestStart", "latestStart", "earliestEnd", "latestEnd", "ongoingAt"})
_THING = frozenset({"type", "label", "exactMatch"})
_CARRIED = {
    "Person": _THING | {"reasonMissing"},
    "Organization": _THING | {"reasonMissing"},
    "Company": _THING | {"reasonMissing"},
    "Position": _THING | {"postIn", "heads", "carriesRole", "statedTitle"},
    "Document": frozenset({"type", "title", "sha256", "publisher", "publishedEarliest", "publishedLatest"}),
    "Appointment": _TIMED | {"holder", "post", "mode"},
    "ReportingLine": _TIMED | {"subordinate", "superior", "lineType"},
    "UnitPlacement": _TIMED | {"placedUnit", "parentUnit"},
}


def entity_id(iri: str) -> str:
    """Return a FollowTheMoney identifier for an IRI: readable for ours, else a digest; no two share one."""
    short = handle(iri)
    if short != iri and _ID.fullmatch(short) and len(short) < _LONGEST_ID - 3:
        return "ph-" + short.replace("/", ".")
    return "ph-" + sha256(iri.encode()).hexdigest()


class Entities:
    """Makes the entities of a dataset, one after the other, and counts what they lose."""

    def __init__(self, source: Source) -> None:
        self.roster = Roster(source)
        self.written = places.Written(self.roster.spool)
        self.counts: Counter[str] = Counter()
        self.met = self.roster.met

    def __iter__(self) -> Iterator[str]:
        """Yield the entities as lines of JSON, each before what leads to it."""
        things = (self._documents(), self._units(), self._persons(), self._posts(), self._heads())
        for found in (*things, *(self._relations(kind) for kind in ENDS)):
            for schema, identifier, properties in found:
                self.counts[schema] += 1
                kept = {name: values for name, values in sorted(properties.items()) if values}
                entity = {"id": identifier, "schema": schema, "properties": kept}
                yield _ENCODE(entity) + "\n"

    # -- values

    def _line(self, text: str, longest: int) -> str:
        line = cut(one_line(text), longest)
        self.met["trimmed"] += line != text
        return line

    def _lines(self, texts: Iterable[str], longest: int = _STRING) -> list[str]:
        return list(dict.fromkeys(filter(None, (self._line(t, longest) for t in texts))))

    def _urls(self, iris: Iterable[str]) -> list[str]:
        given = list(iris)
        good = [i for i in given if is_web(i) and len(i) <= _URL]
        self.met["sources"] += len(given) - len(good)
        return good

    def _codes(self, iri: str, name: str) -> list[str]:
        """Return the members of a code list that a property leads to, by the names that people know."""
        codes = self.roster.values(iri, name)
        return self._lines((self.roster.labels(c) or [handle(c).removeprefix("ph:")])[0] for c in codes)

    def _thing(self, iri: str, *, named: bool = True) -> dict[str, list[str]]:
        names = self._lines(self.roster.labels(iri), _NAME)
        planned = self.roster.existence(iri) == "planned"
        return {
            "name": names[:1] if named else [],
            "alias": names[1:] if named else [],
            "weakAlias": [] if named else names,
            "sourceUrl": self._urls([iri]),
            "wikidataId": self.roster.items(iri),
            "notes": ["Only planned"] if planned else [],
        }

    def _dates(self, bounds: Bounds) -> tuple[list[str], list[str], str]:
        """Return start and end as its dates, and the bounds in words where those do not say all."""
        start, end, exact = partial(bounds)
        fitting = [d if _YEARS[0] <= d[:4] <= _YEARS[1] else "" for d in (start, end)]
        exact = exact and fitting == [start, end]
        self.met["bounds"] += not exact
        return [*filter(None, fitting[:1])], [*filter(None, fitting[1:])], "" if exact else str(bounds)

    # -- entities

    def _documents(self) -> Iterator[Entity]:
        roster = self.roster
        for iri in roster.of("Document"):
            self.written.note(iri, "Document")
            first, last = max(self._days(iri, "Earliest"), default=FIRST), min(self._days(iri, "Latest"), default=LAST)
            yield (
                "Document",
                entity_id(iri),
                {
                    "fileName": self._lines([handle(iri)]),
                    "title": self._lines(sorted(o.value for o in roster.literals(iri, _TITLE))),
                    "publishedAt": self._dates(Bounds(earliest_start=first, latest_start=last))[0],
                    "publisher": self._codes(iri, "publisher"),
                    "sourceUrl": self._urls([iri]),
                    "notes": [f"SHA-256 of its bytes: {d}" for d in self._lines(roster.values(iri, "sha256"))],
                },
            )

    def _days(self, iri: str, side: str) -> list[int]:
        name = f"published{side}"
        return days(self.roster.world.said(iri, terms.PH + name), NamedNode(iri), name)

    def _unnamed(self, iri: str, cls: str) -> Properties:
        """Return the names of a person or unit; a stand-in for one that is not known gets none to match by."""
        unknown = self.roster.is_of(iri, cls)
        self.met["unnamed"] += unknown
        reasons = ", ".join(self._codes(iri, "reasonMissing")) or "no reason told"
        found = self._thing(iri, named=not unknown)
        return {**found, "notes": [*found["notes"], *([f"Not known by name: {reasons}"] if unknown else [])]}

    def _units(self) -> Iterator[Entity]:
        vocabulary = self.roster.world.vocabulary
        for iri in self.roster.present("Unit", planned=True):
            schema = "Company" if self.roster.is_of(iri, "Company") else "Organization"
            self.written.note(iri, schema)
            kinds = [local_name(c) for c in most_specific(self.roster.classes(iri), vocabulary)]
            yield (
                schema,
                entity_id(iri),
                {**self._unnamed(iri, "UnspecifiedUnits"), "classification": self._lines(kinds)},
            )

    def _persons(self) -> Iterator[Entity]:
        for iri in self.roster.present("Person", planned=True):
            self.written.note(iri, "Person")
            yield "Person", entity_id(iri), self._unnamed(iri, "UnidentifiedPerson")

    def _posts(self) -> Iterator[Entity]:
        for iri in self.roster.present("Post", planned=True):
            self.written.note(iri, "Position")
            homes = self._asserted(self.roster.links("postIn", iri))
            thing = self._thing(iri)
            titles = self._lines(self.roster.values(iri, "statedTitle"), _NAME)
            yield (
                "Position",
                entity_id(iri),
                {
                    **thing,
                    "alias": list(dict.fromkeys([*thing["alias"], *titles])),
                    "organization": [entity_id(link.target) for link in homes],
                    "keywords": self._codes(iri, "carriesRole"),
                },
            )

    def _heads(self) -> Iterator[Entity]:
        for link in self._asserted(self.roster.all_links("heads")):
            ends = {"subject": [entity_id(link.source)], "object": [entity_id(link.target)]}
            where = self._evidence(link.claims)
            name = f"{link.source} heads {link.target}"
            yield "UnknownLink", entity_id(name), {**ends, "role": ["heads"], **where}

    def _asserted(self, links: Iterable[Link]) -> Iterator[Link]:
        for link in links:
            if link.standing == "actual":
                yield link
            else:
                self.met["planned-links" if link.standing == "planned" else "unasserted"] += 1

    def _relations(self, kind: str) -> Iterator[Entity]:
        for relation in self.roster.relations(kind):
            if relation.standing == "unasserted":
                self.met["unasserted"] += 1
                continue
            self.written.note(relation.iri, kind)
            ends = [entity_id(relation.source)], [entity_id(relation.target)]
            start, end, words = self._dates(relation.bounds)
            found: Properties = {
                "startDate": start,
                "endDate": end,
                "summary": [words] if words else [],
                "status": ["planned"] if relation.standing == "planned" else [],
                **self._evidence(relation.claims),
            }
            if kind == "Appointment":
                schema = "Occupancy"
                modes = [f"held as: {mode}" for mode in self._codes(relation.iri, "mode")]
                found |= {"holder": ends[0], "post": ends[1], "description": modes}
            else:
                schema = "UnknownLink"
                found |= {"subject": ends[0], "object": ends[1], "role": self._role(kind, relation.iri)}
            pair = f"{relation.iri} {relation.source} {relation.target}"
            yield schema, entity_id(relation.iri if relation.single else pair), found

    def _role(self, kind: str, iri: str) -> list[str]:
        if kind == "UnitPlacement":
            return ["part of"]
        types = self._codes(iri, "lineType")
        return [f"reports to ({', '.join(types)})" if types else "reports to"]

    def _evidence(self, claims: tuple[str, ...]) -> Properties:
        passages = self.roster.passages(claims)
        documents = [d for d in self.roster.documents(passages) if self.roster.is_of(d, "Document")]
        return {
            "recordId": self._lines(handle(c) for c in claims),
            "sourceUrl": self._urls(passages),
            "proof": [entity_id(d) for d in documents],
        }


def _write(source: Source, target: Target) -> Account:
    entities = Entities(source)
    target.put("", entities)
    met = entities.met + places.account(entities.roster, entities.written, _CARRIED)
    return Account(dict(sorted(entities.counts.items())), places.losses(_LOSSES, met))


FTM = Format("ftm", "FollowTheMoney entities (JSON lines), for investigations", _write, _LOSSES)
