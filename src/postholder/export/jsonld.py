"""JSON-LD of the whole dataset, with the context written into the file: nothing is fetched to read it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode

from postholder import terms
from postholder.errors import CannotError
from postholder.export.base import Account, Format, Source, Target
from postholder.export.vocabulary import Vocabulary
from postholder.graph import DEFAULT, TYPE, Node, Term, by_graph, local_name, order, text_of, triple_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyoxigraph import DefaultGraph, Triple

_STRING = terms.XSD + "string"
_TEXT = terms.RDF + "langString"
_LABEL = terms.RDFS + "label"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


def context(vocabulary: Iterable[Triple], prefixes: Mapping[str, str]) -> dict[str, Any]:
    """Return the JSON-LD context of our vocabulary: a term for each of our classes, properties and code-list members.

    `id:` stands for the identifiers of things, since kinds such as `post` are names of properties.
    """
    known = Vocabulary(vocabulary)
    shared = {p: n for p, n in prefixes.items() if n.endswith(("#", "/")) and not n.startswith(terms.ID)}
    needed = {"id": terms.ID, "ph": terms.PH, "rdfs": terms.RDFS, "xsd": terms.XSD}
    found: dict[str, Any] = {"@version": 1.1, **dict(sorted({**shared, **needed}.items()))}
    members = {m for ms in known.code_lists.values() for m in ms}
    for iri in sorted({*known.classes, *(m for m in members if m.startswith(terms.PH))}):
        found[local_name(iri)] = _short(iri)
    for iri in known.object_properties:
        coded = any(r in known.code_lists for r in known.ranges(iri))
        found[local_name(iri)] = {"@id": _short(iri), "@type": "@vocab" if coded else "@id"}
    for iri in known.datatype_properties:
        found[local_name(iri)] = {"@id": _short(iri), **_coercion(known.ranges(iri))}
    found["label"] = {"@id": "rdfs:label", "@language": "en"}
    return found


def context_document(vocabulary: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Return the text of `ontology/context.jsonld`."""
    return f'{{"@context": {_braces(context(vocabulary, prefixes))}}}\n'


def _braces(found: Mapping[str, Any]) -> str:
    """Return a context with one term a line."""
    lines = ",\n".join(f" {_line(k)}: {_line(v)}" for k, v in found.items())
    return f"{{\n{lines}\n}}"


def _short(iri: str) -> str:
    return "ph:" + iri.removeprefix(terms.PH)


def _coercion(ranges: list[str]) -> dict[str, str]:
    """Return how plain strings of a property are read: as the one datatype it has, or as English."""
    if ranges == [_TEXT]:
        return {"@language": "en"}
    if len(ranges) == 1 and ranges[0].startswith(terms.XSD) and ranges[0] != _STRING:
        return {"@type": "xsd:" + ranges[0].removeprefix(terms.XSD)}
    return {}


class _Writer:
    """Turn terms into JSON as short as the context allows."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self._known = frozenset(found)
        self._prefixes = sorted(
            ((k, v) for k, v in found.items() if isinstance(v, str) and v.endswith(("#", "/"))),
            key=lambda p: (-len(p[1]), p[0]),
        )
        self._definitions: dict[str, dict[str, str]] = {}
        self._names: dict[str, str] = {}
        for name, value in found.items():
            definition = value if isinstance(value, dict) else {"@id": value}
            if name.startswith("@") or (name, value) in self._prefixes:
                continue
            iri = self._expand(definition["@id"])
            self._names[iri] = name
            self._definitions[iri] = definition

    def _expand(self, short: str) -> str:
        return next((v + short[len(k) + 1 :] for k, v in self._prefixes if short.startswith(k + ":")), short)

    def node(self, node: Node | DefaultGraph) -> str:
        """Return a node as an identifier."""
        iri = text_of(node)
        if isinstance(node, BlankNode):
            return f"_:{iri}"
        for prefix, namespace in self._prefixes:
            if iri.startswith(namespace) and not iri.startswith("//", len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        scheme = _SCHEME.match(iri)
        if scheme and scheme.group(1) in self._known:
            raise CannotError(
                f"<{iri}> cannot be written as JSON-LD: it would be read as a name with the prefix {scheme.group(1)!r}",
                hint="export trig or nquads",
            )
        return iri

    def name(self, iri: str) -> str:
        """Return a property, class or code-list member by its name in the context."""
        return self._names.get(iri) or self.node(NamedNode(iri))

    def value(self, prop: str, term: Term) -> str | dict[str, str]:
        """Return an object of a property."""
        definition = self._definitions.get(prop, {})
        kind = definition.get("@type", "")
        if not isinstance(term, Literal):
            if kind == "@vocab" and isinstance(term, NamedNode):
                return self.name(term.value)
            return self.node(term) if kind in {"@id", "@vocab"} else {"@id": self.node(term)}
        text = {"@value": term.value}
        if term.language:
            text["@language"] = term.language
            if term.direction:
                text["@direction"] = term.direction.value
            return term.value if text == {"@value": term.value, "@language": definition.get("@language")} else text
        if term.datatype.value == _STRING:
            return text if {"@type", "@language"} & set(definition) else term.value
        datatype = self.node(term.datatype)
        return term.value if kind == datatype else {**text, "@type": datatype}

    def subject(self, subject: Node, rows: list[Triple]) -> dict[str, Any]:
        """Return what one graph says of a subject."""
        found: dict[str, Any] = {"@id": self.node(subject)}
        for row in sorted(rows, key=lambda t: (t.predicate != TYPE, *triple_order(t))):
            prop = row.predicate
            if prop == TYPE and isinstance(row.object, NamedNode):
                found.setdefault("@type", []).append(self.name(row.object.value))
            else:
                found.setdefault(self.name(prop.value), []).append(self.value(prop.value, row.object))
        return {k: v[0] if isinstance(v, list) and len(v) == 1 else v for k, v in found.items()}


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _subjects(writer: _Writer, triples: Iterable[Triple]) -> Iterator[str]:
    rows: dict[Node, list[Triple]] = {}
    for triple in dict.fromkeys(triples):
        rows.setdefault(triple.subject, []).append(triple)
    for subject in sorted(rows, key=order):
        yield _line(writer.subject(subject, rows[subject]))


def _joined(lines: Iterable[str]) -> Iterator[str]:
    gap = "\n"
    for line in lines:
        yield gap + line
        gap = ",\n"


def _document(source: Source) -> Iterator[str]:
    graphs = by_graph(source.quads)
    found = context(graphs.get(NamedNode(terms.ONTOLOGY_GRAPH), []), source.prefixes)
    writer = _Writer(found)

    def members() -> Iterator[str]:
        yield from _subjects(writer, graphs.pop(DEFAULT, []))
        for graph in sorted(graphs, key=order):
            inner = "".join(_joined(_subjects(writer, graphs[graph])))
            yield f'{{"@id": {_line(writer.node(graph))}, "@graph": [{inner}\n]}}'

    yield f'{{"@context": {_braces(found)},\n"@graph": ['
    yield from _joined(members())
    yield "\n]}\n"


def _write(source: Source, target: Target) -> Account:
    target.put("", _document(source))
    return Account({"quads": len(set(source.quads))})


JSONLD = Format("jsonld", "JSON-LD with its context: everything, for web developers", _write)
