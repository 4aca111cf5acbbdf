"""Put parameter values into a question as terms.

A question declares each parameter as a one-row block, `VALUES ?person { UNDEF }`, so the file
runs as it is in any SPARQL engine and then means "all". A value replaces that UNDEF: it is a term
that was built and is written out by the RDF library, so no text of a user becomes query text.
(Engines' own binding calls disagree with each other inside subqueries and filters.)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from postholder import terms
from postholder.errors import BadParameterError, ParseError, UnknownNameError
from postholder.queries.lexer import tokens
from postholder.text import did_you_mean, is_day, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from postholder.graph import Term
    from postholder.queries.catalog import Parameter, Question

_MOST_SHOWN = 100
"""How many characters of an unknown name an error repeats."""
_MOST_KINDS = 2
"""How many kinds an error names; the first are the widest."""
_MOST_LOOKED_AT, _MOST_NEAR = 20, 5
"""How many like names are looked at, and how many things they stand for an error tells."""
_ESCAPE = re.compile(r"\\\\([uU])|\\.")


class Names:
    """What people call the entities of a graph: labels, handles, slugs and printed names, each to its IRIs."""

    def __init__(
        self,
        labels: Mapping[str, str],
        prefixes: Mapping[str, str],
        kinds: Mapping[str, Collection[str]] | None = None,
        aliases: Iterable[tuple[str, str]] = (),
        where: str = "here",
    ) -> None:
        """Take the label of every entity IRI and the prefixes people may write.

        `kinds` are the class names of each IRI, `aliases` further (name, IRI) pairs, `where` says in an
        error where a name was looked for.
        """
        self._where = where
        self._iris = set(labels)
        self._prefixes = prefixes
        self._kinds = kinds or {}
        self._known: dict[str, set[str]] = {}
        self._written: dict[str, str] = {}
        for iri, label in labels.items():
            short = iri.removeprefix(terms.ID)
            for name in (label, short, short.rpartition("/")[2], short.replace("/", ":", 1)):
                self._add(name, iri)
        for name, iri in aliases:
            if iri in self._iris:
                self._add(name, iri)

    def _add(self, name: str, iri: str) -> None:
        self._known.setdefault(name.lower(), set()).add(iri)
        self._written.setdefault(name.lower(), name)

    def find(self, text: str, kinds: Collection[str] = ()) -> NamedNode:
        """Return the entity that `text` names, which is of one of `kinds` unless these are empty.

        Raises UnknownNameError with the nearest names that fit.
        """
        found = self._candidates(text.strip())
        if len(text) > _MOST_SHOWN:
            text = text[:_MOST_SHOWN] + "..."
        fitting = [iri for iri in found if self._is(iri, kinds)]
        if len(fitting) == 1:
            return NamedNode(fitting[0])
        few = list(kinds)[:_MOST_KINDS]
        wanted = f" ({' or '.join(few)}{' or the like' if len(few) < len(kinds) else ''})" if kinds else ""
        if fitting:
            shorts = ", ".join(f.removeprefix(terms.ID) for f in fitting)
            raise UnknownNameError(f"{text!r} names several things{wanted}", hint=f"say which: {shorts}")
        known = {name for name, iris in self._known.items() if any(self._is(iri, kinds) for iri in iris)}
        near = ", ".join(self._different(nearest(text.strip(), known, _MOST_LOOKED_AT))[:_MOST_NEAR])
        hint = f"did you mean {near}?" if near else "`postholder query entities` lists what there is"
        if found:
            shorts = ", ".join(f.removeprefix(terms.ID) for f in found)
            raise UnknownNameError(f"{text!r} is {shorts}, which does not fit here{wanted}", hint=hint)
        raise UnknownNameError(f"nothing {self._where} is called {text!r}{wanted}", hint=hint)

    def _different(self, names: Iterable[str]) -> list[str]:
        """Return names as they are written, one for each thing that is named."""
        found: dict[frozenset[str], str] = {}
        for name in names:
            if ":" not in name:
                found.setdefault(frozenset(self._known[name]), self._written[name])
        return list(found.values())

    def _is(self, iri: str, kinds: Collection[str]) -> bool:
        return not kinds or bool(set(kinds) & set(self._kinds.get(iri, ())))

    def _candidates(self, text: str) -> list[str]:
        iri = text[1:-1] if text.startswith("<") and text.endswith(">") else text
        if iri in self._iris:
            return [iri]
        prefix, colon, local = text.partition(":")
        if colon and prefix in self._prefixes and self._prefixes[prefix] + local in self._iris:
            return [self._prefixes[prefix] + local]
        return sorted(self._known.get(text.lower(), ()))


def to_term(parameter: Parameter, text: str, names: Names) -> Term:
    """Return the term that a parameter value stands for."""
    if parameter.type == "entity":
        return names.find(text, parameter.kinds)
    if parameter.type == "date":
        if not is_day(text):
            raise BadParameterError(
                f"{parameter.name}={text!r} is not a date", hint="write a full day such as 2022-01-06"
            )
        return Literal(text, datatype=NamedNode(terms.XSD + "date"))
    if parameter.type == "integer":
        if not re.fullmatch(r"[+-]?\d{1,18}", text):
            raise BadParameterError(f"{parameter.name}={text!r} is not a whole number", hint="write digits only")
        return Literal(str(int(text)), datatype=NamedNode(terms.XSD + "integer"))
    if parameter.choices and text not in parameter.choices:
        raise BadParameterError(
            f"{parameter.name}={text!r} is not one of its values", hint=f"valid: {', '.join(parameter.choices)}"
        )
    if any(0xD800 <= ord(c) <= 0xDFFF for c in text):  # noqa: PLR2004 - the surrogate range
        raise BadParameterError(f"{parameter.name} is not valid Unicode text")
    return Literal(text)


def bind(question: Question, values: Mapping[str, str], names: Names) -> str:
    """Return the query text with the given values in place of UNDEF.

    Raises UnknownNameError for a parameter the question does not have.
    """
    known = {p.name: p for p in question.parameters}
    for name in values:
        if name not in known:
            valid = did_you_mean(name, known) if known else "this question takes no parameters"
            raise UnknownNameError(f"{question.name} has no parameter {name!r}", hint=valid)
    text = question.text
    for name, value in values.items():
        term = to_term(known[name], value, names)
        start, end = _slot(question, text, name)
        text = f"{text[:start]}{written(term)}{text[end:]}"
    return text


def written(term: Term) -> str:
    r"""Return a term as query text.

    rdflib decodes `\uXXXX` in the whole text before it parses, so a backslash that stands before a
    `u` of the value must not look like one.
    """
    return _ESCAPE.sub(lambda m: rf"\\\U000000{ord(m.group(1)):02X}" if m.group(1) else m.group(), str(term))


def _slot(question: Question, text: str, name: str) -> tuple[int, int]:
    """Return where the UNDEF of a parameter's VALUES block stands."""
    found = list(tokens(text))
    for values, variable, opening, undef, closing in zip(
        found, found[1:], found[2:], found[3:], found[4:], strict=False
    ):
        if (
            values.keyword == "VALUES"
            and variable.text == f"?{name}"
            and opening.text == "{"
            and undef.keyword == "UNDEF"
            and closing.text == "}"
        ):
            return undef.start, undef.start + len(undef.text)
    raise ParseError(f"question {question.name} has no block `VALUES ?{name} {{ UNDEF }}` for its parameter")
