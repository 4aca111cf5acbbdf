"""Find the triple that a user asks about: by names, short forms, or as a line of N-Triples."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from postholder import terms
from postholder.errors import BadParameterError, UnknownNameError, UsageError
from postholder.graph import LABEL, TYPE, Triples, local_name, order, text_of
from postholder.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pyoxigraph import Quad

    from postholder.graph import Term
    from postholder.queries.bind import Names

_TERMS = 3
_MOST_LOOKED_AT, _MOST_NEAR = 12, 5
"""How many like names are looked at, and how many properties or classes an error tells."""
_IRI = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]*>")
_HINT = "postholder explain person/lu-su org:holds post/taobao-cto, or one line of N-Triples in quotes"


class Asker:
    """Reads what a user writes, by the names of one graph."""

    def __init__(self, quads: Iterable[Quad], names: Names, prefixes: Mapping[str, str]) -> None:
        self._triples = Triples(q.triple for q in quads)
        self._names, self._prefixes = names, prefixes
        self._properties: dict[str, set[NamedNode]] = {}
        self._classes: dict[str, set[NamedNode]] = {}
        used = {t.predicate for t in self._triples}
        kinds = {t.object for t in self._triples if t.predicate == TYPE and isinstance(t.object, NamedNode)}
        for found, known in ((used, self._properties), (kinds, self._classes)):
            for term in found:
                labels = (text_of(o) for o in self._triples.objects(term, LABEL))
                for name in {local_name(term.value), *labels, *self._shorts(term.value)}:
                    known.setdefault(name.lower(), set()).add(term)

    def _shorts(self, iri: str) -> list[str]:
        return [f"{p}:{iri.removeprefix(home)}" for p, home in self._prefixes.items() if iri.startswith(home)]

    def triple(self, words: Sequence[str]) -> Triple:
        """Return the triple that one line of N-Triples, or three words, stand for.

        Raises UsageError, BadParameterError for a line or an IRI that does not parse, and UnknownNameError for a name
        that nothing has, with the nearest.
        """
        if len(words) == 1 and words[0].lstrip().startswith(("<", "_:")):
            return _line(words[0])
        if len(words) != _TERMS:
            more = "; a name of several words needs quotes" if len(words) > _TERMS else ""
            raise UsageError(f"a subject, a property and a value are needed{more}", hint=_HINT)
        subject = self._thing(words[0])
        predicate = self._term(words[1], self._properties, "property")
        return Triple(subject, predicate, self._value(subject, predicate, words[2]))

    def _thing(self, text: str) -> NamedNode:
        return _iri(text[1:-1]) if _IRI.fullmatch(text) else self._names.find(text)

    def _term(self, text: str, known: Mapping[str, set[NamedNode]], kind: str) -> NamedNode:
        if _IRI.fullmatch(text):
            return _iri(text[1:-1])
        if text == "a":
            return TYPE
        found = sorted(known.get(text.lower(), ()), key=order)
        if len(found) == 1:
            return found[0]
        if found:
            shorts = ", ".join((self._shorts(t.value) or [t.value])[0] for t in found)
            raise UnknownNameError(f"{text!r} names several things ({kind})", hint=f"say which: {shorts}")
        alike = (t for n in nearest(text, known, _MOST_LOOKED_AT) for t in sorted(known[n], key=order))
        shown = dict.fromkeys((self._shorts(t.value) or [t.value])[0] for t in alike)
        near = ", ".join(list(shown)[:_MOST_NEAR])
        raise UnknownNameError(f"no {kind} here is called {text!r}", hint=f"did you mean {near}?" if near else _HINT)

    def _value(self, subject: NamedNode, predicate: NamedNode, text: str) -> Term:
        """Return the value: one that is there and reads so, else a literal as written, a class, a thing."""
        values = self._triples.objects(subject, predicate)
        alike = [v for v in values if isinstance(v, Literal) and text in {v.value, str(v)}]
        if alike:
            return min(alike, key=order)
        if text.startswith('"'):
            value = _line(f"<{terms.BASE}> <{terms.BASE}> {text} .").object
            assert isinstance(value, Literal)  # noqa: S101 - it begins like one
            return value
        if predicate == TYPE:
            return self._term(text, self._classes, "class")
        if _IRI.fullmatch(text):
            return _iri(text[1:-1])
        try:
            return self._names.find(text)
        except UnknownNameError:
            if text.lower() in self._classes:
                return self._term(text, self._classes, "class")
            known = sorted({text_of(v) for v in values if isinstance(v, Literal)})
            if known and not any(isinstance(v, NamedNode) for v in values):
                raise UnknownNameError(
                    f"{text!r} is no value of it", hint=f"it has {', '.join(known[:_TERMS])}"
                ) from None
            if re.search(r"[:/]", text) and (expanded := self._expanded(text)):
                return expanded
            raise

    def _expanded(self, text: str) -> NamedNode | None:
        """Return a term of the vocabulary by its short form, such as `ph:planned`."""
        prefix, _, local = text.partition(":")
        node = _iri(self._prefixes[prefix] + local) if prefix in self._prefixes else None
        return node if node is not None and self._triples.objects(node, TYPE) else None


def _iri(text: str) -> NamedNode:
    try:
        return NamedNode(text)
    except ValueError as error:
        raise BadParameterError(f"{text!r} is no IRI: {error}", hint=_HINT) from error


def _line(text: str) -> Triple:
    """Return the one triple of a line of N-Triples."""
    line = text if text.rstrip().endswith(".") else f"{text} ."
    try:
        found: list[Triple] = [q.triple for q in parse(line.encode("utf-8", "replace"), format=RdfFormat.N_TRIPLES)]
    except SyntaxError as error:
        raise BadParameterError(f"this is no line of N-Triples: {error.msg}", hint=_HINT) from error
    if len(found) != 1:
        raise BadParameterError(f"{len(found)} triples are given", hint=_HINT)
    return found[0]
