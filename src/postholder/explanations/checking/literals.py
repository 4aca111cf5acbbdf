"""Literals and datatypes (OWL 2 Profiles, table 8; XML Schema 1.1 part 2), by the values that rdflib gives them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache
from struct import pack
from typing import Any

from pyoxigraph import Literal, RdfFormat, parse
from rdflib import Literal as Value
from rdflib import URIRef

_X = "http://www.w3.org/2001/XMLSchema#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_ANY = "http://www.w3.org/2000/01/rdf-schema#Literal"
_UP = {
    "integer": "decimal", "nonNegativeInteger": "integer", "positiveInteger": "nonNegativeInteger",
    "nonPositiveInteger": "integer", "negativeInteger": "nonPositiveInteger", "long": "integer", "int": "long",
    "short": "int", "byte": "short", "unsignedLong": "nonNegativeInteger", "unsignedInt": "unsignedLong",
    "unsignedShort": "unsignedInt", "unsignedByte": "unsignedShort", "normalizedString": "string",
    "token": "normalizedString", "language": "token", "NMTOKEN": "token", "Name": "token", "NCName": "Name",
    "dateTimeStamp": "dateTime",
}  # fmt: skip
_ROOTS = (
    "anyURI", "base64Binary", "boolean", "date", "dateTime", "decimal", "double", "float", "hexBinary", "string",
    "time",
)  # fmt: skip
_RANGE: dict[str, tuple[float, float]] = {
    "integer": (-float("inf"), float("inf")), "nonNegativeInteger": (0, float("inf")),
    "positiveInteger": (1, float("inf")), "nonPositiveInteger": (-float("inf"), 0),
    "negativeInteger": (-float("inf"), -1),
    **{n: (-(2 ** (b - 1)), 2 ** (b - 1) - 1) for n, b in (("long", 64), ("int", 32), ("short", 16), ("byte", 8))},
    **{f"unsigned{n}": (0, 2**b - 1) for n, b in (("Long", 64), ("Int", 32), ("Short", 16), ("Byte", 8))},
}  # fmt: skip
_ZONE = r"(Z|[+-]\d\d:\d\d)"
_DAY, _TIME = r"-?\d{4,}-\d\d-\d\d", r"(([01]\d|2[0-3])(:[0-5]\d){2}(\.\d+)?|24:00:00(\.0+)?)"
_NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
_FORMS = {
    "decimal": _NUMBER, "boolean": "true|false|1|0", "normalizedString": r"[^\r\n\t]*",
    "double": rf"{_NUMBER}([eE][+-]?[0-9]+)?|[+-]?INF|NaN", "float": rf"{_NUMBER}([eE][+-]?[0-9]+)?|[+-]?INF|NaN",
    "token": r"([^\s]+( [^\s]+)*)?", "language": r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*", "NMTOKEN": r"[\w.:\-]+",
    "date": rf"{_DAY}{_ZONE}?", "time": rf"{_TIME}{_ZONE}?", "dateTime": rf"{_DAY}T{_TIME}{_ZONE}?",
    "dateTimeStamp": rf"{_DAY}T{_TIME}{_ZONE}",
    "base64Binary": "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
    "Name": r"([^\W\d]|[:_])[\w.:\-]*", "NCName": r"([^\W\d]|_)[\w.\-]*", "hexBinary": "([0-9a-fA-F]{2})*",
    **dict.fromkeys(_RANGE, "[+-]?[0-9]+"),
}  # fmt: skip


@cache
def _read(term: str) -> Literal:
    quad = next(iter(parse(f"<x:s> <x:p> {term} .".encode(), format=RdfFormat.N_TRIPLES)))
    assert isinstance(quad.object, Literal)  # noqa: S101 - `is_literal` was asked before
    return quad.object


def is_literal(term: str) -> bool:
    """Tell whether a term is a literal."""
    return term.startswith('"')


def datatype(term: str) -> str:
    """Return the datatype of a literal, as a term."""
    return f"<{_read(term).datatype.value}>"


def supers(kind: str) -> list[str]:
    """Return a datatype, a term, and those that contain it, as terms."""
    iri = kind.strip("<>")
    name = iri.removeprefix(_X)
    found = [iri] if name in {*_UP, *_ROOTS} or iri.startswith(_RDF) or iri == _ANY else []
    while found and iri.startswith(_X) and (name := _UP.get(name, "")):
        found.append(_X + name)
    return [f"<{f}>" for f in found]


def _has_form(text: str, kind: str) -> bool:
    name = kind.removeprefix(_X)
    if name in _FORMS and re.fullmatch(_FORMS[name], text) is None:
        return False
    if day := re.match(r"-?\d*(\d{4})-(\d\d)-(\d\d)", text) if name.startswith("date") else None:
        try:
            date(int(day[1]) % 400 + 2000, int(day[2]), int(day[3]))
        except ValueError:
            return False
    return name not in _RANGE or _RANGE[name][0] <= int(text) <= _RANGE[name][1]


def value(term: str) -> tuple[str, Any] | None:
    """Return the widest datatype of a literal and its value, or None if they cannot be told."""
    literal = _read(term)
    kind, text = literal.datatype.value, literal.value
    above = supers(kind)
    if not above or kind == _ANY or not _has_form(text, kind):
        return None
    root = above[-1].strip("<>")
    name = root.removeprefix(_X)
    if name == "decimal":
        return root, Decimal(text)
    if name == "double":
        return root, text if text == "NaN" else float(text)
    if name == "float":
        return root, text if text == "NaN" else pack("f", float(text) + 0.0)
    if name in {"date", "dateTime", "time", "boolean", "hexBinary", "base64Binary"}:
        found = Value(text, datatype=URIRef(root)).value
        return None if found is None else (root, found)
    return root, (text, (literal.language or "").lower())


def differ(one: str, other: str) -> bool:
    """Tell whether two literals certainly have different values (dt-diff)."""
    first, second = value(one), value(other)
    return first is not None and second is not None and first != second


def is_of(term: str, kind: str) -> bool | None:
    """Tell whether a literal has a value of a datatype, a term; None if that cannot be told."""
    if kind == f"<{_ANY}>":
        return True
    literal, found, above = _read(term), value(term), supers(kind)
    if found is None:
        own = f"<{literal.datatype.value}>"
        return False if own == kind and supers(own) and not _has_form(literal.value, own.strip("<>")) else None
    if kind == f"<{_RDF}PlainLiteral>":
        return found[0] in {f"{_X}string", f"{_RDF}langString", f"{_RDF}PlainLiteral"}
    if not above:
        return None
    if above[-1] != f"<{found[0]}>":
        return False
    if kind in supers(literal.datatype.value):
        return True
    if isinstance(found[1], Decimal):
        return found[1] == found[1].to_integral_value() and _has_form(str(int(found[1])), kind.strip("<>"))
    if kind == f"<{_X}dateTimeStamp>":
        return found[1].tzinfo is not None
    return _has_form(literal.value, kind.strip("<>"))


def cannot_be_one(one: str, other: str) -> bool:
    """Tell whether two terms are a value and a thing, or two values."""
    return differ(one, other) if is_literal(one) and is_literal(other) else is_literal(one) or is_literal(other)
