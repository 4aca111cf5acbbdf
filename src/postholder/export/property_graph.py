"""The property graph that neo4j-csv, cypher and graphml write: nodes and edges computed from the dataset.

A node stands for a person, post, unit, appointment, reporting line, claim, passage ... An edge stands
for one triple between two nodes, and says under which reading it holds. Timed relations stay nodes;
the plain links that follow from them (HOLDS, REPORTS_TO, PART_OF ...) carry their dates.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from postholder.export import accounting, values
from postholder.export.links import Links
from postholder.export.names import Names
from postholder.export.shortcuts import BOUNDS, Way, Ways, interval
from postholder.export.things import Things
from postholder.export.values import BOOLEAN, DATE, STRING, STRINGS, Value
from postholder.export.world import ALWAYS, World
from postholder.graph import Node as Thing
from postholder.graph import handle, local_name, ph, text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from postholder.export.base import Loss, Source
    from postholder.export.links import Key, Support
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
    """Nodes and edges of a dataset, in a fixed order, with an account of what they leave out."""

    def __init__(self, source: Source) -> None:
        self._world = World(source.quads)
        self._things = Things(self._world)
        self._links = Links(self._world, self._things.classes)
        self._ways = Ways(self._links)
        self._rows = self._things.rows()
        self._names = Names(self._world.vocabulary, source.prefixes)
        asked = {(p, _tag(t)) for rows in self._rows.values() for p, ts in rows.items() for t in ts}
        self._keys = self._names.keys(asked)
        self._relations = self._names.relations(self._links.properties())
        kinds: dict[str, set[str]] = defaultdict(set)
        for rows in self._rows.values():
            for prop, given in rows.items():
                for term in given:
                    kinds[self._keys[prop, _tag(term)]].add(values.kind(term))
        self._columns = {key: values.common(found) for key, found in kinds.items()}
        self._days = self._dated()
        self._said: dict[str, set[Thing]] = defaultdict(set)
        for layer in self._world.layers:
            if layer.claim is not None:
                for triple in layer.triples:
                    self._said[text_of(triple.subject)].add(layer.claim)

    # -- nodes

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes by labels and id."""
        for iri in sorted(self._things.classes, key=lambda i: (self._labels[i], self._ids[i])):
            yield Node(self._ids[iri], self._labels[iri], self._properties(iri))

    @cached_property
    def _labels(self) -> dict[str, tuple[str, ...]]:
        found = {}
        for iri in self._things.classes:
            first, *others = (self._names.labels[c] for c in self._things.labelled(iri))
            found[iri] = (first, *sorted(others))
        return found

    @cached_property
    def _ids(self) -> dict[str, str]:
        """The handle of each thing, or its IRI where two have one handle."""
        uses = Counter(handle(iri) for iri in self._things.classes)
        return {iri: handle(iri) if uses[handle(iri)] == 1 else iri for iri in self._things.classes}

    def _id(self, iri: str) -> str:
        return self._ids.get(iri, handle(iri))

    def _place(self, iri: str) -> tuple[str, str]:
        return self._labels[iri][0], self._ids[iri]

    def _properties(self, iri: str) -> dict[str, Value]:
        rows: dict[str, list[Term]] = defaultdict(list)
        for prop, given in self._rows[iri].items():
            for term in given:
                rows[self._keys[prop, _tag(term)]].append(term)
        unders = self._things.unders.get(iri)
        found: dict[str, Value] = {"id": self._ids[iri], "iri": iri, "accepted": unders is None}
        if unders is not None:
            found["readings"] = [self._world.label(u) for u in unders]
            found["interpretations"] = sorted({self._id(i.value) for u in unders for i in u})
        found |= self._backing(self._said.get(iri, set()), ("basis", "modality", "evidence"))
        statements = self._world.graphs.get(NamedNode(iri))
        if statements is not None:
            found["statements"] = [f"{t} ." for t in statements]
        if digest := self._document_digest(NamedNode(iri)):
            found["documentSha256"] = digest
        return found | values.properties(rows, self._columns)

    def _document_digest(self, node: NamedNode) -> str | None:
        """Return the digest of the document that a passage is in: offsets mean nothing without it."""
        record = self._world.facts.record
        documents = record.objects(node, ph("inDocument")) if record.objects(node, ph("start")) else []
        digests = {
            text_of(d) for doc in documents if isinstance(doc, NamedNode) for d in record.objects(doc, ph("sha256"))
        }
        return digests.pop() if len(digests) == 1 else None

    # -- edges

    def edges(self) -> Iterator[Edge]:
        """Yield the edges by type, labels of source and target, their ids, and reading."""

        def place(item: tuple[Key, Under, Support]) -> tuple[object, ...]:
            (start, prop, end), under, _ = item
            ends = zip(self._place(start), self._place(end), strict=True)
            return self._relations[prop], *ends, prop, sorted(str(i) for i in under)

        for (start, prop, end), under, support in sorted(self._links, key=place):
            for properties in self._edge_properties((start, prop, end), under, support):
                yield Edge(self._relations[prop], self._place(start), self._place(end), properties)

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
        claims = support.claims | way.claims
        found: dict[str, Value] = {
            "key": _edge_key([*key, *interpretations, "", *via]),
            "accepted": under == ALWAYS,
            "reading": self._world.label(under),
            "interpretations": interpretations,
            **self._backing(claims, ("basis", "modality")),
            "inferred": not support.stated,
            "via": via,
            **{local_name(b): date.fromisoformat(day) for b, day in bounds.items()},
        }
        return {name: value for name, value in found.items() if value not in ([], "")}

    def _backing(self, claims: Collection[Thing], names: Iterable[str]) -> dict[str, Value]:
        """Return the ids of claims and what they tell of themselves; a code without its prefix."""
        record = self._world.facts.record
        told = {n: {self._id(text_of(o)) for c in claims for o in record.objects(c, ph(n))} for n in names}
        found = {"claims": sorted(self._id(text_of(c)) for c in claims)}
        return {
            k: v for k, v in {**found, **{n: sorted(o.removeprefix("ph:") for o in told[n]) for n in told}}.items() if v
        }

    def _dated(self) -> dict[tuple[str, str], list[tuple[Under, str]]]:
        """Return the days given for each bound of a timed relation, with the condition under which they hold."""
        found: dict[tuple[str, str], list[tuple[Under, str]]] = defaultdict(list)
        holding = [(ALWAYS, self._world.default), *((x.under, x.triples) for x in self._world.layers)]
        for under, triples in holding:
            for t in triples:
                if t.predicate.value in BOUNDS and values.kind(t.object) == DATE:
                    found[text_of(t.subject), t.predicate.value].append((under, text_of(t.object)))
        return found

    def _bounds(self, relation: str, under: Under) -> dict[str, str]:
        """Return the day bounds of a timed relation that are known for sure under a condition."""
        days = {b: {day for held, day in self._days.get((relation, b), ()) if held <= under} for b in BOUNDS}
        return {b: found.pop() for b, found in days.items() if len(found) == 1}

    # -- account

    @cached_property
    def columns(self) -> dict[str, dict[str, str]]:
        """The property keys of each primary label with their types, in the order to write them."""
        found: dict[str, set[str]] = defaultdict(set)
        for node in self.nodes():
            found[node.labels[0]] |= set(node.properties)
        known = {**self._columns, "accepted": BOOLEAN, **dict.fromkeys(_LISTS, STRINGS)}
        return {
            label: {k: known.get(k, STRINGS if k.endswith("Others") else STRING) for k in _in_order(keys)}
            for label, keys in found.items()
        }

    @cached_property
    def edge_columns(self) -> dict[str, dict[str, str]]:
        """The property keys of each relation type with their types, in the order to write them."""
        found: dict[str, set[str]] = defaultdict(set)
        for edge in self.edges():
            found[edge.type] |= set(edge.properties)
        return {kind: {k: t for k, t in EDGE_COLUMNS.items() if k in keys} for kind, keys in found.items()}

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
        used = {label for node in self.nodes() for label in node.labels}
        return {
            "labels": {name: iris for name, iris in sorted(labels.items()) if name in used},
            "relations": dict(sorted(relations.items())),
            "properties": dict(sorted(keys.items())),
        }


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
