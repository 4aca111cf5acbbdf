"""Literals and datatypes (OWL 2 Profiles, table 8; XML Schema 1.1 part 2): which text is of which, and its value.

Two values are one when they are identical (OWL 2 Structural Specification, section 4): the two zeros of
floating-point numbers are two, and so are one moment in two time zones.
"""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import date
from decimal import Decimal
from functools import cache
from math import copysign, inf
from struct import pack
from typing import Any

from pyoxigraph import Literal, RdfFormat, parse

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
_RANGE: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None), "nonNegativeInteger": (0, None), "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0), "negativeInteger": (None, -1),
    **{n: (-(2 ** (b - 1)), 2 ** (b - 1) - 1) for n, b in (("long", 64), ("int", 32), ("short", 16), ("byte", 8))},
    **{f"unsigned{n}": (0, 2**b - 1) for n, b in (("Long", 64), ("Int", 32), ("Short", 16), ("Byte", 8))},
}  # fmt: skip
_ZONE = r"(?P<zone>Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
_DAY = r"(?P<year>-?([1-9][0-9]{3,}|0[0-9]{3}))-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME = (
    r"((?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9])(\.(?P<part>[0-9]+))?"
    r"|24:00:00(\.0+)?)"
)
_NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
_START = (
    r"A-Z_a-z\xC0-\xD6\xD8-\xF6\xF8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF"
    r"\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_INNER = rf"{_START}0-9.\-\xB7\u0300-\u036F\u203F-\u2040"
_FORMS = {
    "decimal": _NUMBER, "boolean": "true|false|1|0", "normalizedString": r"[^\r\n\t]*",
    "double": rf"{_NUMBER}([eE][+-]?[0-9]+)?|[+-]?INF|NaN", "float": rf"{_NUMBER}([eE][+-]?[0-9]+)?|[+-]?INF|NaN",
    "token": r"([^ \t\n\r\f\v]+( [^ \t\n\r\f\v]+)*)?", "language": r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
    "NMTOKEN": rf"[{_INNER}:]+", "Name": rf"[{_START}:][{_INNER}:]*", "NCName": rf"[{_START}][{_INNER}]*",
    "date": rf"{_DAY}{_ZONE}?", "time": rf"{_TIME}{_ZONE}?", "dateTime": rf"{_DAY}T{_TIME}{_ZONE}?",
    "dateTimeStamp": rf"{_DAY}T{_TIME}{_ZONE}", "hexBinary": "([0-9a-fA-F]{2})*",
    "base64Binary": "(([A-Za-z0-9+/] ?){4})*([A-Za-z0-9+/] ?[AQgw] ?= ?="
    "|([A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=)?",
    **dict.fromkeys(_RANGE, "[+-]?[0-9]+"),
}  # fmt: skip
_MARKUP = {f"{_RDF}XMLLiteral", f"{_RDF}HTML"}
_MOST_DIGITS = 40
"""Of a year; the engine compares no longer ones."""


@cache
def _read(term: str) -> Literal:
    quad = next(iter(parse(f"<x:s> <x:p> {term} .".encode(), format=RdfFormat.N_TRIPLES)))
    assert isinstance(quad.object, Literal)  # noqa: S101 - `is_literal` was asked before
    return quad.object


@cache
def is_term(text: str) -> bool:
    """Tell whether a text is one term, in the one form that N-Triples write it in here."""
    found = list(parse(f"<x:s> <x:p> {text} .".encode(), format=RdfFormat.N_TRIPLES))
    return [str(q.object) for q in found] == [text] and not text.startswith("<<")


def text(content: str, language: str) -> str:
    """Return the term of a text in a language."""
    return str(Literal(content, language=language))


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


def _in_range(number: Decimal, kind: str) -> bool:
    low, high = _RANGE.get(kind.removeprefix(_X), (None, None))
    return (low is None or low <= number) and (high is None or number <= high)


def _has_form(text: str, kind: str) -> bool:
    name = kind.removeprefix(_X)
    found = re.fullmatch(_FORMS[name], text) if name in _FORMS else None
    if name in _FORMS and found is None:
        return False
    if found is not None and "day" in found.groupdict():
        try:
            date(int(found["year"][-4:]) % 400 + 2000, int(found["month"]), int(found["day"]))
        except ValueError:
            return False
    return name not in _RANGE or _in_range(Decimal(text), kind)


def _moment(text: str, name: str) -> tuple[Any, ...] | None:
    """Return the zone, the day and the second of a clock there, and the part of a second."""
    found = re.fullmatch(_FORMS[name], text)
    assert found  # noqa: S101 - it has the form
    told = found.groupdict()
    year, day, second = told.get("year"), 0, 0
    if len(year or "") > _MOST_DIGITS:
        return None
    if told.get("hour"):
        second = 3600 * int(told["hour"]) + 60 * int(told["minute"]) + int(told["second"])
    if year:
        cycles, rest = divmod(int(year), 400)
        day = 146_097 * cycles + date(rest + 400, int(told["month"]), int(told["day"])).toordinal()
        day += "T24:" in text
    zone = told["zone"]
    return "Z" if zone in {"+00:00", "-00:00"} else zone, day, second, (told.get("part") or "").rstrip("0")


def _single(number: float) -> bytes:
    try:
        return pack("f", number)
    except OverflowError:
        return pack("f", copysign(inf, number))


def value(term: str) -> tuple[str, Any] | None:
    """Return the widest datatype of a literal and its value, or None if they cannot be told."""
    literal = _read(term)
    kind, text = literal.datatype.value, literal.value
    above = supers(kind)
    if not above or kind == _ANY or not _has_form(text, kind):
        return None
    root = above[-1].strip("<>")
    name = root.removeprefix(_X)
    if kind == f"{_RDF}PlainLiteral":
        content, at, language = text.rpartition("@")
        if not at:
            return None
        return (f"{_RDF}langString", (content, language.lower())) if language else (f"{_X}string", (content, ""))
    if name == "decimal":
        return root, Decimal(text)
    if name == "double":
        return root, pack("d", float(text))
    if name == "float":
        return root, _single(float(text))
    if name in {"date", "dateTime", "time"}:
        moment = _moment(text, name)
        return None if moment is None else (root, moment)
    if name == "boolean":
        return root, text in {"true", "1"}
    if name in {"hexBinary", "base64Binary"}:
        return root, bytes.fromhex(text) if name == "hexBinary" else b64decode(text)
    return root, (text, (literal.language or "").lower())


def differ(one: str, other: str) -> bool:
    """Tell whether two literals certainly have different values (dt-diff); what is markup is not parsed."""
    first, second = value(one), value(other)
    if first is None or second is None or {first[0], second[0]} <= _MARKUP:
        return False
    return first != second


def is_of(term: str, kind: str) -> bool | None:
    """Tell whether a literal has a value of a datatype, a term; None if that cannot be told."""
    if kind == f"<{_ANY}>":
        return True
    literal, found, above = _read(term), value(term), supers(kind)
    if found is None:
        own = f"<{literal.datatype.value}>"
        return False if own == kind and supers(own) and not _has_form(literal.value, own.strip("<>")) else None
    if kind == f"<{_RDF}PlainLiteral>":
        return found[0] in {f"{_X}string", f"{_RDF}langString"}
    if not above:
        return None
    if above[-1] != f"<{found[0]}>":
        return None if {found[0], kind.strip("<>")} <= _MARKUP else False
    if kind in supers(literal.datatype.value):
        return True
    if isinstance(found[1], Decimal):
        return found[1] == found[1].to_integral_value() and _in_range(found[1], kind.strip("<>"))
    if kind == f"<{_X}dateTimeStamp>":
        return found[1][0] is not None
    return _has_form(found[1][0] if isinstance(found[1], tuple) else literal.value, kind.strip("<>"))


def cannot_be_one(one: str, other: str) -> bool:
    """Tell whether two terms are a value and a thing, or two values."""
    return differ(one, other) if is_literal(one) and is_literal(other) else is_literal(one) or is_literal(other)
