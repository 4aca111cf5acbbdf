"""Popolo JSON: persons, organizations, posts, and memberships by which persons hold posts.

Only what is so in every reading is written; Popolo has no place for a plan. A membership has the
claims as its sources: the address of a passage, and the claim as its note. Identifiers are IRIs.
"""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from postholder.export import places
from postholder.export.base import Account, Format, Loss
from postholder.export.partial_dates import partial
from postholder.export.plain import is_web
from postholder.export.roster import Roster
from postholder.export.vocabulary import most_specific
from postholder.graph import handle, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postholder.export.base import Source, Target
    from postholder.views.validity import Bounds

_LOSSES = (
    *places.EVERY,
    *places.RELATIONS,
    *places.PLANNED,
    Loss("reporting-lines", "reporting lines between posts", "export ftm, neo4j-csv or trig"),
    Loss("parents", "placements of a unit that has several: an organization has one parent", "export ftm or trig"),
    Loss("placement-dates", "dates of the place of a unit under its parent", "export ftm or trig"),
    Loss("homes", "units of a post that is in several: a post has one organization", "export trig"),
    Loss("unnamed", "the mark that a person or unit is not known by name: it has no name, and a note", "export trig"),
    Loss("sources", "addresses that are no web address, so that they cannot be a source", "export trig"),
)

_THING = frozenset({"type", "label", "exactMatch"})
_CARRIED = {
    "Person": _THING | {"reasonMissing"},
    "Unit": _THING,
    "Post": _THING | {"postIn", "carriesRole"},
    "Appointment": frozenset(
        {"type", "label", "holder", "post", "earliestStart", "latestStart", "earliestEnd", "latestEnd"}
    ),
    "UnitPlacement": frozenset({"type", "placedUnit", "parentUnit"}),
}
_PARTS = ("persons", "organizations", "posts", "memberships")


class Popolo:
    """Makes the parts of a Popolo document, one thing after the other, and counts what they lose."""

    def __init__(self, source: Source) -> None:
        self.roster = Roster(source)
        self.written = places.Written(self.roster.spool)
        self.counts: Counter[str] = Counter(dict.fromkeys(_PARTS, 0))
        self.met = self.roster.met

    def __iter__(self) -> Iterator[str]:
        """Yield the text of the document, a thing a line."""
        yield "{"
        makers = (self._persons(), self._organizations(), self._posts(), self._memberships())
        for number, (part, made) in enumerate(zip(_PARTS, makers, strict=True)):
            yield f'{"," if number else ""}\n "{part}": ['
            for thing in made:
                kept = {k: v for k, v in thing.items() if v not in ("", [])}
                yield f"{',' if self.counts[part] else ''}\n  {json.dumps(kept, ensure_ascii=False)}"
                self.counts[part] += 1
            yield "\n ]"
        yield "\n}\n"

    def _thing(self, iri: str, name: str, names: str) -> dict[str, Any]:
        """Return what persons, organizations and posts share."""
        first, *others = self.roster.labels(iri) or [""]
        return {
            "id": iri,
            name: first,
            names: [{"name": other} for other in others] if names == "other_names" else others,
            "identifiers": [{"scheme": "wikidata", "identifier": i} for i in self.roster.items(iri)],
            "links": self._links([iri], "Postholder"),
        }

    def _links(self, iris: Iterable[str], note: str) -> list[dict[str, str]]:
        given = list(iris)
        self.met["sources"] += sum(not is_web(i) for i in given)
        return [{"url": i, "note": note} for i in given if is_web(i)]

    def _unnamed(self, found: dict[str, Any], iri: str) -> dict[str, Any]:
        """Take away the name of what stands in for somebody who is not known."""
        self.met["unnamed"] += 1
        reasons = [handle(r).removeprefix("ph:") for r in self.roster.values(iri, "reasonMissing")]
        note = f"Not known by name ({', '.join(reasons) or 'no reason told'}): {found['name']}"
        return {**found, "name": None, "summary": note}

    def _persons(self) -> Iterator[dict[str, Any]]:
        for iri in self.roster.present("Person", planned=False):
            self.written.note(iri, "Person")
            found = self._thing(iri, "name", "other_names")
            yield self._unnamed(found, iri) if self.roster.is_of(iri, "UnidentifiedPerson") else found

    def _organizations(self) -> Iterator[dict[str, Any]]:
        self._count("UnitPlacement")
        for iri in self.roster.present("Unit", planned=False):
            self.written.note(iri, "Unit")
            kind = most_specific(self.roster.classes(iri), self.roster.world.vocabulary)[0]
            above = list(self.roster.relations_of(iri, "UnitPlacement"))
            only = above[0] if len(above) == 1 else None
            self.met["parents"] += len(above) if only is None else 0
            if only is not None:
                self.written.note(only.iri, "UnitPlacement")
                start, end, exact = partial(only.bounds)
                self.met["placement-dates"] += bool(start or end or not exact)
            self.met["unnamed"] += self.roster.is_of(iri, "UnspecifiedUnits")
            yield {
                **self._thing(iri, "name", "other_names"),
                "classification": local_name(kind),
                "parent_id": "" if only is None else only.target,
            }

    def _count(self, kind: str) -> None:
        """Count the relations of a kind that are not so."""
        standings = self.roster.standings(kind)
        self.met["planned"] += standings["planned"]
        self.met["unasserted"] += standings["unasserted"]

    def _home(self, post: str) -> str:
        homes = [link.target for link in self.roster.links("postIn", post) if link.standing == "actual"]
        return homes[0] if len(homes) == 1 else ""

    def _role(self, post: str) -> str:
        names = map(self.roster.labels, self.roster.values(post, "carriesRole"))
        return ", ".join(found[0] for found in names if found)

    def _posts(self) -> Iterator[dict[str, Any]]:
        for iri in self.roster.present("Post", planned=False):
            self.written.note(iri, "Post")
            links = self.roster.links("postIn", iri)
            self.met["planned-links"] += sum(link.standing == "planned" for link in links)
            self.met["unasserted"] += sum(link.standing == "unasserted" for link in links)
            actual = sum(link.standing == "actual" for link in links)
            self.met["homes"] += actual if actual > 1 else 0
            found = self._thing(iri, "label", "other_label")
            del found["identifiers"]  # a post has none
            yield {**found, "role": self._role(iri), "organization_id": self._home(iri)}

    def _dates(self, bounds: Bounds) -> dict[str, str]:
        start, end, exact = partial(bounds)
        self.met["bounds"] += not exact
        return {"start_date": start, "end_date": end}

    def _memberships(self) -> Iterator[dict[str, Any]]:
        self.met["reporting-lines"] += self.roster.standings("ReportingLine").total()
        self._count("Appointment")
        for held in self.roster.relations("Appointment"):
            if held.standing != "actual":
                continue
            self.written.note(held.iri, "Appointment")
            pair = sha256(f"{held.source} {held.target}".encode()).hexdigest()[:16]
            sources = [link for c in held.claims for link in self._links(self.roster.passages([c]), handle(c))]
            yield {
                "id": held.iri if held.single else f"{held.iri}#{pair}",
                "label": (self.roster.labels(held.iri) or [""])[0],
                "person_id": held.source,
                "post_id": held.target,
                "organization_id": self._home(held.target),
                "role": self._role(held.target),
                **self._dates(held.bounds),
                "sources": sources,
            }


def _write(source: Source, target: Target) -> Account:
    document = Popolo(source)
    target.put("", document)
    met = document.met + places.account(document.roster, document.written, _CARRIED)
    return Account(dict(document.counts), places.losses(_LOSSES, met))


POPOLO = Format("popolo", "Popolo JSON, for civic data", _write, _LOSSES)
