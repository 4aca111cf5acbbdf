"""Wikidata QuickStatements, version 1: tab-separated commands.

Things that exactly match a Wikidata item get statements; others are created, with the statements
that lead from them to items. A new item cannot be named by other commands of the same run, so
statements that lead to one are left for the next export, when the facts know its number.

Wikidata takes what is written here for true. So only what is so in every reading is written, no
plan, no date that is not certain, and nobody whose name is not known. What a claim states has a
reference. That somebody is employed (P108) is never written: no claim of a post says so.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from postholder import terms
from postholder.export import places
from postholder.export.base import Account, Format, Loss
from postholder.export.partial_dates import partial
from postholder.export.plain import cut, is_web, one_line
from postholder.export.roster import Roster
from postholder.graph import LABEL, order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Literal

    from postholder.export.base import Source, Target
    from postholder.views.validity import Bounds

INSTANCE, PART, HEADS, PARENT, HELD = "P31", "P361", "P2389", "P749", "P39"
START, END, REPLACES, REPLACED, DESCRIBED, URL, TITLE = "P580", "P582", "P1365", "P1366", "P973", "S854", "S1476"
_KINDS = {
    "Person": "Q5",
    "Post": "Q4164871",
    "Company": "Q783794",
    "Unit": "Q43229",
}  # human, position, company, organization
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,8})?")  # no private use, no more than one subtag
_LONGEST = 250  # characters that Wikidata takes in a label
_NEXT = "run it, add the new numbers to your facts with skos:exactMatch, and export again"

_LOSSES = (
    *places.EVERY,
    *places.RELATIONS,
    *places.PLANNED,
    Loss("no-item", "statements that lead to a thing that has no Wikidata item yet", _NEXT),
    Loss(
        "two-items", "things that match several Wikidata items, with what is said of them", "leave one skos:exactMatch"
    ),
    Loss("no-label", "things without a name: an item needs one", "give them an rdfs:label"),
    Loss("unnamed", "persons and units that are not known by name, and what is said of them", "export ftm or trig"),
    Loss("terms", "further terms of one person in one post: the tool would merge them into one", "add them by hand"),
    Loss("reporting-lines", "reporting lines between posts", "export ftm, neo4j-csv or trig"),
    Loss("trimmed", "names that were put on one line, or shortened to what Wikidata takes", "export trig"),
    Loss("languages", "names in languages, such as en-x-mt, for which Wikidata has no code", "export trig"),
    Loss("sources", "passages beyond the first that a statement rests on", "export ftm, popolo or trig"),
)

_THING = frozenset({"type", "label", "exactMatch"})
_CARRIED = {
    "Person": _THING,
    "Unit": _THING,
    "Post": _THING | {"postIn", "heads"},
    "Appointment": frozenset({"type", "holder", "post", "earliestStart", "latestStart", "earliestEnd", "latestEnd"}),
    "UnitPlacement": frozenset(
        {"type", "placedUnit", "parentUnit", "earliestStart", "latestStart", "earliestEnd", "latestEnd"}
    ),
}

# `candidate` has what may get an item; `item` what does, with the number of the one that it has.
_TABLES = (
    "CREATE TABLE candidate (iri TEXT PRIMARY KEY, kind TEXT) WITHOUT ROWID",
    "CREATE TABLE item (iri TEXT PRIMARY KEY, kind TEXT, number TEXT) WITHOUT ROWID",
    "CREATE TABLE succession (one TEXT, other TEXT, PRIMARY KEY (one, other)) WITHOUT ROWID",
)
_AFTER = "SELECT other FROM succession WHERE one = ? ORDER BY other"
_BEFORE = "SELECT one FROM succession WHERE other = ? ORDER BY one"


def _language(text: Literal) -> str:
    """Return the code that Wikidata gives a language."""
    return (text.language or "en").lower()


def quoted(text: str) -> str:
    """Return text as a string value.

    It must be on one line. The tool takes all up to the last quotation mark of a value, and drops blanks
    around it: one that would make a spreadsheet run the text as a formula gets a blank before it.
    """
    return f'" {text}"' if text[:1] in {"=", "+", "-", "@"} else f'"{text}"'


def time(day: str) -> str:
    """Return a partial date (`YYYY`, `YYYY-MM`, `YYYY-MM-DD`) as a value with its precision."""
    year, month, number = (*day.split("-"), "00", "00")[:3]
    return f"+{year}-{month}-{number}T00:00:00Z/{9 + day.count('-')}"


class Commands:
    """Makes the commands of a dataset, thing by thing, and counts what they lose."""

    def __init__(self, source: Source) -> None:
        self.roster = Roster(source)
        self.written = places.Written(self.roster.spool)
        self.counts = Counter({"new items": 0, "statements": 0})
        self.met = self.roster.met
        self._spool = self.roster.spool
        for table in _TABLES:
            self._spool.run(table)
        self._find_items()
        for kind in ("Appointment", "UnitPlacement"):
            standings = self.roster.standings(kind)
            self.met["planned"] += standings["planned"]
            self.met["unasserted"] += standings["unasserted"]
        self.met["reporting-lines"] += self.roster.standings("ReportingLine").total()
        self._spool.many("INSERT OR IGNORE INTO succession VALUES (?, ?)", self.roster.successions())

    def _find_items(self) -> None:
        """Fill `item`: what each thing is that can have an item, and which it has."""
        for kind in ("Unit", "Post", "Person"):
            present = ((iri, kind) for iri in self.roster.present(kind, planned=False))
            self._spool.many("INSERT OR REPLACE INTO candidate VALUES (?, ?)", present)
        companies = ((iri,) for iri in self.roster.of("Company"))
        self._spool.many("UPDATE candidate SET kind = 'Company' WHERE iri = ?", companies)
        self._spool.many("INSERT INTO item VALUES (?, ?, ?)", self._items())

    def _items(self) -> Iterator[tuple[str, ...]]:
        for iri, kind in self._spool.rows("SELECT iri, kind FROM candidate ORDER BY iri"):
            found = self.roster.items(iri)
            if any(self.roster.is_of(iri, unknown) for unknown in ("UnidentifiedPerson", "UnspecifiedUnits")):
                self.met["unnamed"] += 1
            elif len(found) > 1:
                self.met["two-items"] += 1
            elif not found and not self._names(iri):
                self.met["no-label"] += 1
            else:
                yield iri, kind, *(found or [""])

    def _names(self, iri: str) -> list[tuple[str, str]]:
        """Return the names of a thing with their language, the first for people first."""
        named = {
            (_language(o), cut(one_line(o.value), _LONGEST), o.value)
            for o in self.roster.literals(iri, LABEL.value)
            if one_line(o.value) and _LANGUAGE.fullmatch(_language(o))
        }
        first = self.roster.world.name(iri)
        found = sorted(named, key=lambda n: (n[0] != "en", n[0], n[2] != first, n))
        return list(dict.fromkeys((language, text) for language, text, _ in found))

    def __iter__(self) -> Iterator[str]:
        """Yield the commands, a line each."""
        for iri, kind, number in self._spool.rows("SELECT iri, kind, number FROM item ORDER BY iri"):
            self.written.note(iri, "Unit" if kind == "Company" else kind)
            item = number or "LAST"
            if not number:
                self.counts["new items"] += 1
                yield from self._created(iri, kind)
            for command in self._statements(iri, kind):
                self.counts["statements"] += 1
                yield "\t".join([item, *command]) + "\n"

    def _created(self, iri: str, kind: str) -> Iterator[str]:
        yield "CREATE\n"
        labelled: set[str] = set()
        literals = self.roster.literals(iri, LABEL.value)
        self.met["trimmed"] += sum(cut(one_line(o.value), _LONGEST) != o.value for o in literals)
        self.met["languages"] += sum(not _LANGUAGE.fullmatch(_language(o)) for o in literals)
        for language, text in self._names(iri):
            yield "\t".join(["LAST", ("A" if language in labelled else "L") + language, quoted(text)]) + "\n"
            labelled.add(language)
        yield "\t".join(["LAST", INSTANCE, _KINDS[kind]]) + "\n"
        if is_web(iri):
            yield "\t".join(["LAST", DESCRIBED, quoted(iri)]) + "\n"

    # -- statements

    def _item(self, iri: str) -> str | None:
        """Return the item of a thing, or None and a count if there is none to name."""
        found = self._spool.column("SELECT number FROM item WHERE iri = ?", iri)
        self.met["no-item"] += found == [""]
        return found[0] or None if found else None

    def _statements(self, iri: str, kind: str) -> Iterator[list[str]]:
        if kind == "Person":
            yield from self._posts_held(iri)
        elif kind == "Post":
            for name, prop in (("postIn", PART), ("heads", HEADS)):
                for link in self.roster.links(name, iri):
                    self.met["planned-links"] += link.standing == "planned"
                    self.met["unasserted"] += link.standing == "unasserted"
                    if link.standing == "actual" and (item := self._item(link.target)):
                        yield [prop, item, *self._reference(link.claims)]
        else:
            for placement in self.roster.relations_of(iri, "UnitPlacement"):
                if item := self._item(placement.target):
                    self.written.note(placement.iri, "UnitPlacement")
                    dates = self._dates(placement.bounds)
                    yield [PARENT, item, *dates, *self._reference(placement.claims)]

    def _posts_held(self, person: str) -> Iterator[list[str]]:
        seen: set[str] = set()
        # Of several terms the one with the most dates is told.
        for held in sorted(
            self.roster.relations_of(person, "Appointment"), key=lambda h: (-len(self._times(h.bounds)), h)
        ):
            if not (item := self._item(held.target)):
                continue
            if item in seen:
                self.met["terms"] += 1
                continue
            seen.add(item)
            self.written.note(held.iri, "Appointment")
            found = [HELD, item, *self._dates(held.bounds)]
            for prop, sql in ((REPLACES, _BEFORE), (REPLACED, _AFTER)):
                for other in self._spool.column(sql, held.iri):
                    holders = [self._item(r.source) for r in self.roster.appointments(other) if r.single]
                    found += [part for somebody in holders if somebody for part in (prop, somebody)]
            yield [*found, *self._reference(held.claims)]

    def _times(self, bounds: Bounds) -> list[str]:
        start, end, _ = partial(bounds)
        return [*([START, time(start)] if start else []), *([END, time(end)] if end else [])]

    def _dates(self, bounds: Bounds) -> list[str]:
        self.met["bounds"] += not partial(bounds).exact
        return self._times(bounds)

    def _reference(self, claims: Iterable[str]) -> list[str]:
        passages = [p for p in self.roster.passages(claims) if is_web(p)]
        self.met["sources"] += max(len(passages) - 1, 0)
        if not passages:
            return []
        found = [URL, quoted(passages[0])]
        for document in self.roster.documents(passages[:1]):
            for title in sorted(self.roster.literals(document, terms.DCTERMS + "title"), key=order):
                if one_line(title.value) and _LANGUAGE.fullmatch(_language(title)):
                    return [*found, TITLE, f"{_language(title)}:{quoted(one_line(title.value))}"]
        return found


def _write(source: Source, target: Target) -> Account:
    commands = Commands(source)
    target.put("", commands)
    met = commands.met + places.account(commands.roster, commands.written, _CARRIED)
    return Account(dict(commands.counts), places.losses(_LOSSES, met))


QUICKSTATEMENTS = Format("quickstatements", "Wikidata QuickStatements: what is certain", _write, _LOSSES)
