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
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from postholder import terms
from postholder.export import places
from postholder.export.base import Account, Format, Loss
from postholder.export.partial_dates import partial
from postholder.export.plain import cut, is_web, one_line
from postholder.export.roster import Roster
from postholder.graph import order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postholder.export.base import Source, Target
    from postholder.export.roster import Relation
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
        self.written: dict[str, str] = {}
        self.counts = Counter({"new items": 0, "statements": 0})
        self.met = self.roster.met
        self._kind = self._kinds()
        self._held: dict[str, list[Relation]] = defaultdict(list)
        self._placed: dict[str, list[Relation]] = defaultdict(list)
        for by_source, kind in ((self._held, "Appointment"), (self._placed, "UnitPlacement")):
            for relation in self.roster.relations[kind]:
                self.met["planned"] += relation.standing == "planned"
                self.met["unasserted"] += relation.standing == "unasserted"
                if relation.standing == "actual":
                    by_source[relation.source].append(relation)
        self.met["reporting-lines"] += len(self.roster.relations["ReportingLine"])
        self._after: dict[str, list[str]] = defaultdict(list)
        self._before: dict[str, list[str]] = defaultdict(list)
        for one, other in sorted(self.roster.successions()):
            self._after[one].append(other)
            self._before[other].append(one)
        self._holder = {r.iri: r.source for r in self.roster.relations["Appointment"] if r.single}

    def _kinds(self) -> dict[str, str]:
        """Return what each thing is that can have an item."""
        found = {iri: kind for kind in ("Unit", "Post", "Person") for iri in self.roster.present(kind, planned=False)}
        found |= {iri: "Company" for iri in self.roster.of("Company") if iri in found}
        left = {iri for kind in ("UnidentifiedPerson", "UnspecifiedUnits") for iri in self.roster.of(kind)} & set(found)
        self.met["unnamed"] += len(left)
        several = {iri for iri in found if len(self.roster.items.get(iri, ())) > 1} - left
        self.met["two-items"] += len(several)
        bare = {iri for iri in found if iri not in self.roster.items and not self._names(iri)} - left
        self.met["no-label"] += len(bare)
        return {iri: kind for iri, kind in found.items() if iri not in left | several | bare}

    def _names(self, iri: str) -> list[tuple[str, str]]:
        """Return the names of a thing with their language, the first for people first."""
        literals = self.roster.record.objects(NamedNode(iri), NamedNode(terms.RDFS + "label"))
        named = {
            (_language(o), cut(one_line(o.value), _LONGEST), o.value)
            for o in literals
            if isinstance(o, Literal) and one_line(o.value) and _LANGUAGE.fullmatch(_language(o))
        }
        first = self.roster.record.label(NamedNode(iri))
        found = sorted(named, key=lambda n: (n[0] != "en", n[0], n[2] != first, n))
        return list(dict.fromkeys((language, text) for language, text, _ in found))

    def __iter__(self) -> Iterator[str]:
        """Yield the commands, a line each."""
        for iri, kind in sorted(self._kind.items()):
            self.written[iri] = "Unit" if kind == "Company" else kind
            known = self.roster.items.get(iri)
            item = known[0] if known else "LAST"
            if not known:
                self.counts["new items"] += 1
                yield from self._created(iri, kind)
            for command in self._statements(iri, kind):
                self.counts["statements"] += 1
                yield "\t".join([item, *command]) + "\n"

    def _created(self, iri: str, kind: str) -> Iterator[str]:
        yield "CREATE\n"
        labelled: set[str] = set()
        labels = self.roster.record.objects(NamedNode(iri), NamedNode(terms.RDFS + "label"))
        literals = [label for label in labels if isinstance(label, Literal)]
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
        found = self.roster.items.get(iri, []) if iri in self._kind else []
        self.met["no-item"] += not found and iri in self._kind
        return found[0] if found else None

    def _statements(self, iri: str, kind: str) -> Iterator[list[str]]:
        if kind == "Person":
            yield from self._posts_held(iri)
        elif kind == "Post":
            for name, prop in (("postIn", PART), ("heads", HEADS)):
                for link in self.roster.links[name][iri]:
                    self.met["planned-links"] += link.standing == "planned"
                    self.met["unasserted"] += link.standing == "unasserted"
                    if link.standing == "actual" and (item := self._item(link.target)):
                        yield [prop, item, *self._reference(link.claims)]
        else:
            for placement in self._placed[iri]:
                if item := self._item(placement.target):
                    self.written[placement.iri] = "UnitPlacement"
                    dates = self._dates(placement.bounds)
                    yield [PARENT, item, *dates, *self._reference(placement.claims)]

    def _posts_held(self, person: str) -> Iterator[list[str]]:
        seen: set[str] = set()
        # Of several terms the one with the most dates is told.
        for held in sorted(self._held[person], key=lambda h: (-len(self._times(h.bounds)), h)):
            if not (item := self._item(held.target)):
                continue
            if item in seen:
                self.met["terms"] += 1
                continue
            seen.add(item)
            self.written[held.iri] = "Appointment"
            found = [HELD, item, *self._dates(held.bounds)]
            for prop, others in ((REPLACES, self._before[held.iri]), (REPLACED, self._after[held.iri])):
                for other in others:
                    if other in self._holder and (somebody := self._item(self._holder[other])):
                        found += [prop, somebody]
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
            titles = self.roster.record.objects(NamedNode(document), NamedNode(terms.DCTERMS + "title"))
            for title in sorted(titles, key=order):
                if isinstance(title, Literal) and one_line(title.value) and _LANGUAGE.fullmatch(_language(title)):
                    return [*found, TITLE, f"{_language(title)}:{quoted(one_line(title.value))}"]
        return found


def _write(source: Source, target: Target) -> Account:
    commands = Commands(source)
    target.put("", commands)
    met = commands.met + places.account(commands.roster, commands.written, _CARRIED)
    return Account(dict(commands.counts), places.losses(_LOSSES, met))


QUICKSTATEMENTS = Format("quickstatements", "Wikidata QuickStatements: what is certain", _write, _LOSSES)
