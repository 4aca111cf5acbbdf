"""The property graph that pushes over Bolt and the formats of graph databases write: nodes and edges of the dataset.

A node stands for a person, post, unit, appointment, reporting line, claim, passage ... An edge stands
for one triple between two nodes, and says under which reading it holds. Timed relations stay nodes;
the plain links that follow from them (HOLDS, REPORTS_TO, PART_OF ...) carry their dates.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from postholder import terms
from postholder.export import accounting, values
from postholder.export.links import Links, Support
from postholder.export.names import Names
from postholder.export.shortcuts import BOUNDS, Way, Ways, interval
from postholder.export.spool import CACHED, decoded, listed
from postholder.export.things import Things
from postholder.export.values import BOOLEAN, DATE, STRING, STRINGS, Value
from postholder.export.world import ALWAYS, World, read
from postholder.graph import handle, local_name, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from postholder.export.base import Loss, Source
    from postholder.export.links import Key
    from postholder.export.world import Under
    from postholder.graph import Term

EDGE_COLUMNS = {
    "key": STRING,
    "accepted": BOOLEAN,
    "reading": STRING,
    "interpretations": STRINGS,
    "claims": STRINGS,
    "basis": STRINGS,
    "modality": STRINGS,
    "inferred": BOOLEAN,
    "via": STRINGS,
    **{local_name(bound): DATE for bound in BOUNDS},
}
_LISTS = ("readings", "interpretations", "claims", "basis", "modality", "evidence", "statements")
"""Properties of our own that a node can have several of."""

_TABLES = (
    "CREATE TABLE relation (p TEXT PRIMARY KEY, type TEXT) WITHOUT ROWID",
    "CREATE TABLE final_node (number INTEGER PRIMARY KEY, id TEXT, labels TEXT, properties TEXT)",
    """CREATE TABLE final_edge (
      number INTEGER PRIMARY KEY, type TEXT, source_label TEXT, source TEXT, target_label TEXT, target TEXT,
      properties TEXT
    )""",
)
_EDGES = """
SELECT type, source_label, source, target_label, target, properties FROM final_edge ORDER BY number
"""
_PLACED = """
SELECT r.type, x.first, x.id, y.first, y.id, l.a, l.p, l.b, l.under, l.claims, l.stated
FROM link l JOIN relation r USING (p) JOIN node x ON x.iri = l.a JOIN node y ON y.iri = l.b
ORDER BY r.type, x.first, y.first, x.id, y.id, l.p, l.under
"""
_SAYING = "SELECT DISTINCT claim FROM quad JOIN layer USING (g) WHERE s = ? AND claim IS NOT NULL"
_DAYS = "SELECT p, o, under FROM quad JOIN layer USING (g) WHERE s = ? AND p IN (?, ?, ?, ?)"


@dataclass(frozen=True)
class Node:
    """A node: its primary label first among the labels."""

    id: str
    labels: tuple[str, ...]
    properties: Mapping[str, Value]


@dataclass(frozen=True)
class Edge:
    """A directed edge between two nodes, each given by primary label and id."""

    type: str
    source: tuple[str, str]
    target: tuple[str, str]
    properties: Mapping[str, Value] = field(compare=False)


class PropertyGraph:
    """Nodes and edges of a dataset, in a fixed order, with an account of what they leave out.

    All of it lies in a spool on disk, so that memory does not grow with the dataset, and is read from
    there as often as it is asked for.
    """

    def __init__(self, source: Source) -> None:
        self._world = World(source.quads)
        self._names = Names(self._world.vocabulary, source.prefixes)
        self._things = Things(self._world, self._names.labels)
        self._links = Links(self._world)
        self._ways = Ways(self._links)
        self._spool = self._world.spool
        asked: dict[tuple[str, str], set[str]] = defaultdict(set)
        for _, prop, term in self._things.rows():
            asked[prop, _tag(term)].add(values.kind(term))
        self._keys = self._names.keys(asked)
        kinds: dict[str, set[str]] = defaultdict(set)
        for named, found in asked.items():
            kinds[self._keys[named]] |= found
        self._columns = {key: values.common(found) for key, found in kinds.items()}
        self._relations = self._names.relations(self._links.properties())
        self._days = lru_cache(maxsize=CACHED)(self._looked_up_days)
        for table in _TABLES:
            self._spool.run(table)

    # -- nodes

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes by labels and id."""
        columns = self.columns
        for identifier, labels, text in self._spool.rows(
            "SELECT id, labels, properties FROM final_node ORDER BY number"
        ):
            found = tuple(labels.split())
            yield Node(identifier, found, _unpacked(text, columns[found[0]]))

    @cached_property
    def columns(self) -> dict[str, dict[str, str]]:
        """The property keys of each primary label with their types, in the order to write them."""
        used: dict[str, set[str]] = defaultdict(set)
        self._spool.many("INSERT INTO final_node (id, labels, properties) VALUES (?, ?, ?)", self._noded(used))
        known = {**self._columns, "accepted": BOOLEAN, "inPlay": BOOLEAN, **dict.fromkeys(_LISTS, STRINGS)}
        return {
            label: {k: known.get(k, STRINGS if k.endswith("Others") else STRING) for k in _in_order(keys)}
            for label, keys in used.items()
        }

    def _noded(self, used: dict[str, set[str]]) -> Iterator[tuple[str, ...]]:
        """Yield id, labels and properties of each node, and note the keys in use by primary label."""
        sql = "SELECT iri, id, first, labels, sure FROM node ORDER BY labels, id"
        for iri, identifier, first, labels, sure in self._spool.rows(sql):
            properties = self._properties(iri, identifier, sure=bool(sure))
            used[first] |= set(properties)
            yield identifier, labels, _packed(properties)

    def _properties(self, iri: str, identifier: str, *, sure: bool) -> dict[str, Value]:
        rows: dict[str, list[Term]] = defaultdict(list)
        for _, prop, term in self._things.rows(iri):
            rows[self._keys[prop, _tag(term)]].append(term)
        found: dict[str, Value] = {"id": identifier, "iri": iri, "accepted": sure}
        if not sure:
            unders = self._things.unders(iri)
            found["readings"] = [self._world.label(u) for u in unders]
            found["interpretations"] = sorted({self._id(i.value) for u in unders for i in u})
        found |= self._backing(self._spool.column(_SAYING, iri), ("basis", "modality", "evidence"))
        if statements := self._world.statements(iri):
            found["inPlay"] = self._world.is_live(iri)
            found["statements"] = [f"{t} ." for t in statements]
        if digest := self._document_digest(iri):
            found["documentSha256"] = digest
        return found | values.properties(rows, self._columns)

    def _id(self, iri: str) -> str:
        return self._things.id_of(iri)

    def _document_digest(self, iri: str) -> str | None:
        """Return the digest of the document that a passage is in: offsets mean nothing without it."""
        objects = self._world.objects
        documents = objects(iri, terms.PH + "inDocument") if objects(iri, terms.PH + "start") else ()
        digests = {text_of(decoded(d)) for doc in documents for d in objects(doc, terms.PH + "sha256")}
        return digests.pop() if len(digests) == 1 else None

    # -- edges

    def edges(self) -> Iterator[Edge]:
        """Yield the edges by type, labels of source and target, their ids, and reading."""
        columns = self.edge_columns
        for kind, *ends, text in self._spool.rows(_EDGES):
            yield Edge(kind, (ends[0], ends[1]), (ends[2], ends[3]), _unpacked(text, columns[kind]))

    @cached_property
    def edge_columns(self) -> dict[str, dict[str, str]]:
        """The property keys of each relation type with their types, in the order to write them."""
        used: dict[str, set[str]] = defaultdict(set)
        self._spool.many("INSERT INTO relation VALUES (?, ?)", self._relations.items())
        self._spool.many("INSERT INTO final_edge VALUES (NULL, ?, ?, ?, ?, ?, ?)", self._edged(used))
        return {kind: {k: t for k, t in EDGE_COLUMNS.items() if k in keys} for kind, keys in used.items()}

    def _edged(self, used: dict[str, set[str]]) -> Iterator[tuple[str, ...]]:
        """Yield type, ends and properties of each edge, and note the keys in use by type."""
        for kind, *ends, start, prop, end, under, claims, stated in self._spool.rows(_PLACED):
            support = Support(set(listed(claims)), bool(stated))
            for properties in self._edge_properties((start, prop, end), read(under), support):
                used[kind] |= set(properties)
                yield kind, *ends, _packed(properties)

    def _edge_properties(self, key: Key, under: Under, support: Support) -> Iterator[dict[str, Value]]:
        ways = [
            (way, bounds)
            for way in self._ways.behind(key, under)
            if (bounds := interval([self._bounds(relation, under) for relation in way.via])) is not None
        ]
        for way, bounds in ways or [(self._ways.by_reading(key, under), {})]:
            yield self._described(key, under, support, way, bounds)

    def _described(
        self, key: Key, under: Under, support: Support, way: Way, bounds: dict[str, str]
    ) -> dict[str, Value]:
        interpretations = sorted(self._id(i.value) for i in under)
        via = [self._id(v) for v in way.via]
        found: dict[str, Value] = {
            "key": _edge_key([*key, *interpretations, "", *via]),
            "accepted": under == ALWAYS,
            "reading": self._world.label(under),
            "interpretations": interpretations,
            **self._backing(support.claims | way.claims, ("basis", "modality")),
            "inferred": not support.stated,
            "via": via,
            **{local_name(b): date.fromisoformat(day) for b, day in bounds.items()},
        }
        return {name: value for name, value in found.items() if value not in ([], "")}

    def _backing(self, claims: Iterable[str], names: Iterable[str]) -> dict[str, Value]:
        """Return the ids of claims and what they tell of themselves; a code without its prefix."""
        found: dict[str, set[str]] = {"claims": set(), **{name: set() for name in names}}
        for claim in claims:
            found["claims"].add(self._id(claim))
            for name in names:
                told = (self._id(text_of(decoded(o))) for o in self._world.objects(claim, terms.PH + name))
                found[name].update(o.removeprefix("ph:") for o in told)
        return {name: sorted(ids) for name, ids in found.items() if ids}

    def _looked_up_days(self, relation: str) -> list[tuple[str, Under, str]]:
        """Return the days given for each bound of a timed relation, with the condition under which they hold."""
        rows = ((p, under, decoded(o)) for p, o, under in self._spool.rows(_DAYS, relation, *BOUNDS))
        return [(p, read(under), text_of(o)) for p, under, o in rows if values.kind(o) == DATE]

    def _bounds(self, relation: str, under: Under) -> dict[str, str]:
        """Return the day bounds of a timed relation that are known for sure under a condition."""
        days: dict[str, set[str]] = {bound: set() for bound in BOUNDS}
        for bound, held, day in self._days(relation):
            if held <= under:
                days[bound].add(day)
        return {b: found.pop() for b, found in days.items() if len(found) == 1}

    # -- account

    def losses(self) -> tuple[Loss, ...]:
        """Return what the property graph does not carry of this dataset."""
        return accounting.losses(
            self._world, self._things, self._links, lambda prop, term: self._columns[self._keys[prop, _tag(term)]]
        )

    @cached_property
    def names(self) -> dict[str, dict[str, list[str]]]:
        """What labels, relation types and property keys stand for; `^` marks a property read backwards."""
        backward: dict[str, list[str]] = defaultdict(list)
        for prop, forward in self._world.vocabulary.forward.items():
            backward[forward].append(f"^{handle(prop)}")
        labels = {self._names.labels[c]: [handle(c)] for c in self._world.vocabulary.classes}
        relations: dict[str, list[str]] = defaultdict(list)
        for prop, name in sorted(self._relations.items()):
            relations[name] += [handle(prop), *sorted(backward[prop])]
        keys = {name: [handle(prop)] for (prop, _), name in self._keys.items()}
        used = {label for found in self._spool.column("SELECT DISTINCT labels FROM node") for label in found.split()}
        return {
            "labels": {name: iris for name, iris in sorted(labels.items()) if name in used},
            "relations": dict(sorted(relations.items())),
            "properties": dict(sorted(keys.items())),
        }


def _packed(properties: Mapping[str, Value]) -> str:
    return json.dumps(properties, ensure_ascii=False, default=date.isoformat)


def _unpacked(text: str, columns: Mapping[str, str]) -> dict[str, Value]:
    found: dict[str, Value] = json.loads(text)
    for key, kind in columns.items():
        if kind == DATE and key in found:
            found[key] = date.fromisoformat(str(found[key]))
    return found


def _in_order(keys: set[str]) -> list[str]:
    """Return the keys, those that identify a node before the others."""
    head = ("id", "iri", "label", "accepted", "readings", "interpretations")
    return [k for k in head if k in keys] + sorted(keys - set(head))


def _tag(term: Term) -> str:
    """Return the language of a term unless it is English, which is the language of the project."""
    language = (term.language or "").lower() if isinstance(term, Literal) else ""
    return "" if language == "en" else language


def _edge_key(parts: list[str]) -> str:
    """Return a name for an edge that stays the same while the edge means the same."""
    return "e" + sha256("\x1f".join(parts).encode()).hexdigest()[:24]
