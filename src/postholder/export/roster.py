"""Who holds which post, who reports to whom and what belongs where, as flat records with their claims.

The entity formats have no room for readings: they get what holds however the open questions are
decided. Each record tells whether a claim puts it forward as being so or only as planned, and its
dates are those that are put forward in the same way.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from postholder import terms
from postholder.export.layers import Layers
from postholder.graph import Triples, ph, text_of
from postholder.text import is_day
from postholder.views.validity import BOUNDS, Bounds, bounds_of, contradictory

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pyoxigraph import Triple

    from postholder.export.base import Source
    from postholder.graph import Node

Key: TypeAlias = tuple[str, str, str]
Standing: TypeAlias = Literal["actual", "planned", "unasserted"]

ENDS = {
    "Appointment": (("holder", "Person"), ("post", "Post")),
    "ReportingLine": (("subordinate", "Post"), ("superior", "Post")),
    "UnitPlacement": (("placedUnit", "Unit"), ("parentUnit", "Unit")),
}
"""The timed relations that entity formats know, with what they join."""
DATES = frozenset(ph(name) for name in BOUNDS)
_LINKS = ("postIn", "heads")
_WATCHED = frozenset(
    terms.PH + name for name in (*(name for ends in ENDS.values() for name, _ in ends), *_LINKS, *BOUNDS)
)
_ITEM = re.compile(r"https?://www\.wikidata\.org/entity/(Q[1-9][0-9]{0,14})")
_WORST: tuple[Standing, ...] = ("unasserted", "planned", "actual")


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
        self.world = Layers(source.quads)
        self.record = self.world.facts.record
        self.met: Counter[str] = Counter()
        self._certain: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._dates: list[Triple] = []
        for triple in filter(self._is_watched, self.world.default):
            key = self.key(triple)
            if triple.predicate in DATES:
                self._dates.append(triple)
            elif key[2] not in self._certain[key[1]][key[0]]:
                self._certain[key[1]][key[0]].append(key[2])
        self._sure, self._said = self._supporters()
        told = [(t, self.standing([t])) for t in self._dates]
        self._firm = Triples(t for t, standing in told if standing == "actual")
        self._told = Triples(t for t, standing in told if standing != "unasserted")
        self._all = Triples(self._dates)
        self.relations = {kind: self._relations(kind) for kind in ENDS}
        self.links = {name: self._links(name) for name in _LINKS}
        joins: list[Relation | Link] = [r for found in self.relations.values() for r in found]
        joins += [link for posts in self.links.values() for found in posts.values() for link in found]
        self._joined = {end for j in joins if j.standing == "actual" for end in (j.source, j.target)}

    def key(self, triple: Triple) -> Key:
        """Return a triple by its parts; one that reads backwards is turned round."""
        start, prop, end = text_of(triple.subject), triple.predicate.value, text_of(triple.object)
        forward = self.world.vocabulary.forward.get(prop)
        return (end, forward, start) if forward else (start, prop, end)

    def _is_watched(self, triple: Triple) -> bool:
        prop = triple.predicate.value
        return self.world.vocabulary.forward.get(prop, prop) in _WATCHED

    def _supporters(self) -> tuple[dict[Key, set[Node]], dict[Key, set[Node]]]:
        """Return the claims behind a triple: those that state it in each of their readings, and in any."""
        facts = self.world.facts
        sure: dict[Key, set[Node]] = defaultdict(set)
        said: dict[Key, set[Node]] = defaultdict(set)
        self._mentions: dict[str, set[Node]] = defaultdict(set)
        for claim, readings in facts.readings.items():
            standing = []
            for triples in (facts.triples(r) for r in readings if facts.stands(r)):
                standing.append({self.key(t) for t in triples if self._is_watched(t)})
                for triple in triples:
                    self._mentions[text_of(triple.subject)].add(claim)
                    self._mentions[text_of(triple.object)].add(claim)
            for keys in standing:
                for key in keys:
                    said[key].add(claim)
            if standing and not facts.uncovered(claim):
                for key in set.intersection(*standing):
                    sure[key].add(claim)
        return sure, said

    def _behind(self, key: Key) -> set[Node]:
        return self._sure.get(key) or self._said.get(key) or set()

    def claims(self, keys: Iterable[Key], standing: Standing) -> tuple[str, ...]:
        """Return the claims that put some triples forward in a way, in order: a plan is no witness of a fact."""
        found = {c for key in keys for c in self._behind(key)}
        return tuple(sorted(text_of(c) for c in found if self._as_said([c]) == standing))

    def standing(self, triples: Iterable[Triple | Key]) -> Standing:
        """Return how triples are put forward together: as the weakest of them is.

        What no claim states is in the register of things, and counts as being so.
        """
        found = {self._one(t if isinstance(t, tuple) else self.key(t)) for t in triples}
        return next((s for s in _WORST if s in found), "actual")

    def _one(self, key: Key) -> Standing:
        return self._as_said(self._behind(key))

    def _as_said(self, claims: Collection[Node]) -> Standing:
        facts = self.world.facts
        if not claims or any(facts.is_actual(c) for c in claims):
            return "actual"
        return "planned" if any(facts.is_planned(c) for c in claims) else "unasserted"

    def existence(self, iri: str) -> Standing:
        """Return how a thing is put forward: as the strongest of what joins it and of the claims that mention it."""
        return "actual" if iri in self._joined else self._as_said(self._mentions.get(iri, ()))

    def present(self, cls: str, *, planned: bool) -> list[str]:
        """Return the things of a class to write, with or without those that are only planned, and count the rest."""
        found = {iri: self.existence(iri) for iri in self.of(cls)}
        self.met["unasserted"] += sum(standing == "unasserted" for standing in found.values())
        if not planned:
            self.met["planned-things"] += sum(standing == "planned" for standing in found.values())
        return [iri for iri, standing in found.items() if standing == "actual" or (planned and standing == "planned")]

    # -- what there is

    @cached_property
    def _members(self) -> dict[str, list[str]]:
        """The things that exist in every reading, by their classes and those above, in order."""
        above = self.world.vocabulary.classes
        found: dict[str, list[str]] = defaultdict(list)
        for iri in sorted(self.world.classes.keys() - self.world.supposed):
            given = self.world.classes[iri]
            for cls in given.union(*(above[c] for c in given)):
                found[cls].append(iri)
        return found

    @cached_property
    def _member_sets(self) -> dict[str, frozenset[str]]:
        return {cls: frozenset(iris) for cls, iris in self._members.items()}

    def of(self, cls: str) -> list[str]:
        """Return the things of a class of ours, or of one below it, that exist in every reading, in order."""
        return self._members.get(terms.PH + cls, [])

    def is_of(self, iri: str, cls: str) -> bool:
        """Tell whether a thing exists in every reading and is of a class, or of one below it."""
        return iri in self._member_sets.get(terms.PH + cls, ())

    def labels(self, iri: str) -> list[str]:
        """Return the names of a thing, the one for people first, each once."""
        texts = self.record.texts(NamedNode(iri), NamedNode(terms.RDFS + "label"))
        return list(dict.fromkeys([self.record.label(NamedNode(iri)), *texts])) if texts else []

    def values(self, iri: str, name: str) -> list[str]:
        """Return what a property of ours says of a thing, as text in order."""
        return sorted({text_of(o) for o in self.record.objects(NamedNode(iri), ph(name))})

    @cached_property
    def items(self) -> dict[str, list[str]]:
        """The Wikidata items that things exactly match."""
        found: dict[str, set[str]] = defaultdict(set)
        for subject, value in self.record.pairs(NamedNode(terms.SKOS + "exactMatch")):
            if item := _ITEM.fullmatch(text_of(value)):
                found[text_of(subject)].add(item.group(1))
        return {iri: sorted(items) for iri, items in found.items()}

    def passages(self, claims: Iterable[str]) -> list[str]:
        """Return the passages that some claims rest on."""
        return sorted({p for claim in claims for p in self.values(claim, "evidence")})

    def documents(self, passages: Iterable[str]) -> list[str]:
        """Return the documents that some passages are in."""
        return sorted({d for passage in passages for d in self.values(passage, "inDocument")})

    # -- what joins them

    def _relations(self, kind: str) -> list[Relation]:
        (one, one_class), (other, other_class) = ENDS[kind]
        found: list[Relation] = []
        undecided = {
            key[0] for key in self._said if key[1] in {terms.PH + one, terms.PH + other} and not self._holds(key)
        }
        for iri in sorted(i for i, classes in self.world.classes.items() if terms.PH + kind in classes):
            sources, targets = (
                [e for e in self._certain[terms.PH + name].get(iri, ()) if self.is_of(e, cls)]
                for name, cls in ((one, one_class), (other, other_class))
            )
            if not sources or not targets or iri in self.world.supposed:
                self.met["undecided-relations" if iri in undecided | self.world.supposed else "incomplete"] += 1
                continue
            single = len(sources) == len(targets) == 1
            for start in sources:
                for end in targets:
                    keys = [(iri, terms.PH + one, start), (iri, terms.PH + other, end)]
                    found.append(self._relation(iri, start, end, keys, single=single))
            self._check_dates(iri)
        return sorted(found)

    def _holds(self, key: Key) -> bool:
        return key[2] in self._certain[key[1]].get(key[0], ())

    def _relation(self, iri: str, start: str, end: str, keys: list[Key], *, single: bool) -> Relation:
        node = NamedNode(iri)
        standing = self.standing(keys)
        dates = [self.key(t) for t in self._by_relation.get(iri, ())]
        bounds = bounds_of(self._firm if standing == "actual" else self._told, node)
        if standing == "actual" and bounds != bounds_of(self._told, node):
            self.met["planned-dates"] += 1
        return Relation(iri, start, end, standing, bounds, self.claims([*keys, *dates], standing), single)

    @cached_property
    def _by_relation(self) -> dict[str, list[Triple]]:
        found: dict[str, list[Triple]] = defaultdict(list)
        for triple in self._dates:
            found[text_of(triple.subject)].append(triple)
        return found

    def _check_dates(self, iri: str) -> None:
        texts = [t.object for t in self._by_relation.get(iri, ())]
        self.met["unreadable-dates"] += sum(not isinstance(o, RdfLiteral) or not is_day(o.value) for o in texts)
        self.met["contradictions"] += contradictory(self._all, NamedNode(iri))

    def _links(self, name: str) -> dict[str, list[Link]]:
        return {
            post: [self._link((post, terms.PH + name, unit)) for unit in self._units(post, name)]
            for post in self.of("Post")
        }

    def _units(self, post: str, name: str) -> list[str]:
        return sorted(u for u in self._certain[terms.PH + name].get(post, ()) if self.is_of(u, "Unit"))

    def _link(self, key: Key) -> Link:
        standing = self.standing([key])
        return Link(key[0], key[2], standing, self.claims([key], standing))

    def successions(self) -> set[tuple[str, str]]:
        """Return the pairs of appointments of which one ended on the very day on which the other began."""
        found: set[tuple[str, str]] = set()
        appointments = {r.iri: r for r in self.relations["Appointment"] if r.standing == "actual"}
        for node in self.record.subjects(ph("comparisonKind"), ph("succession")):
            if ph("certain") not in self.record.objects(node, ph("comparisonStanding")):
                continue
            sides = [appointments[i] for i in self.values(text_of(node), "compares") if i in appointments]
            for one in sides:
                for other in sides:
                    last, first = one.bounds, other.bounds
                    exact = last.earliest_end == last.latest_end == first.earliest_start == first.latest_start
                    if exact and one.target == other.target:
                        found.add((one.iri, other.iri))
        return found
