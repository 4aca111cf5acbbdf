"""Literals as values of a property graph: native where nothing is lost, with the text kept beside otherwise."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import Literal, NamedNode

from postholder import terms
from postholder.graph import handle, order, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from postholder.graph import Term

Value: TypeAlias = str | int | float | bool | date | list[str]

STRING, LONG, DOUBLE, BOOLEAN, DATE, STRINGS = "string", "long", "double", "boolean", "date", "string[]"

_LONGEST = 2**63
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBERS = {terms.XSD + n for n in ("integer", "decimal", "double", "float")}
_NATURAL = {
    STRING: {terms.XSD + "string", terms.RDF + "langString"},
    LONG: {terms.XSD + "integer"},
    DOUBLE: {terms.XSD + "double"},
    BOOLEAN: {terms.XSD + "boolean"},
    DATE: {terms.XSD + "date"},
}


def _day(text: str) -> date | None:
    """Return a date without time zone; databases have no other."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def kind(term: Term) -> str:
    """Return the narrowest type that can hold a term without losing anything but its spelling."""
    if not isinstance(term, Literal):
        return STRING
    written, datatype = term.value, term.datatype.value
    if datatype == terms.XSD + "integer" and _INTEGER.fullmatch(written) and -_LONGEST <= int(written) < _LONGEST:
        return LONG
    if datatype in _NUMBERS and _NUMBER.fullmatch(written) and math.isfinite(float(written)):
        return DOUBLE
    if datatype == terms.XSD + "boolean" and written in {"true", "false", "1", "0"}:
        return BOOLEAN
    return DATE if datatype == terms.XSD + "date" and _day(written) else STRING


def common(kinds: Iterable[str]) -> str:
    """Return the one type for all values of a property: a column has one type."""
    found = set(kinds)
    if len(found) == 1:
        return found.pop()
    return DOUBLE if found == {LONG, DOUBLE} else STRING


def text(term: Term) -> str:
    """Return a term as text: a literal as written, a thing by its handle."""
    return handle(term.value) if isinstance(term, NamedNode) else text_of(term)


def native(term: Term, column: str) -> Value:
    """Return a term as a value of a column's type."""
    written = text(term)
    if column == LONG:
        return int(written)
    if column == DOUBLE:
        return float(written)
    if column == BOOLEAN:
        return written in {"true", "1"}
    return (_day(written) or written) if column == DATE else written


def spelled(value: Value) -> str:
    """Return how a native value is spelled when nobody says otherwise."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def keeps_datatype(term: Literal, column: str) -> bool:
    """Tell whether the type of the column gives the datatype away."""
    return term.datatype.value in _NATURAL[column]


def properties(rows: Mapping[str, Sequence[Term]], columns: Mapping[str, str]) -> dict[str, Value]:
    """Return the properties for the terms under each key.

    The first term, in term order, is the value; `<key>Others` holds the rest as text, and
    `<key>Lexical` the spelling of a value whose type does not keep it (`0.70`, `01`).
    """
    found: dict[str, Value] = {}
    for key, given in rows.items():
        first, *rest = sorted(given, key=order)
        found[key] = native(first, columns[key])
        if spelled(found[key]) != text(first):
            found[key + "Lexical"] = text(first)
        if rest:
            found[key + "Others"] = [text(t) for t in rest]
    return dict(sorted(found.items()))
