"""Literals and datatypes (OWL 2 Profiles, table 8), by what XML Schema 1.1 part 2 says of texts and values.

Two values are one when they are identical, not when they are equal (OWL 2 Structural Specification, section 4):
there are two zeros of xsd:double, and one moment in two time zones is two values.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from ctypes import c_double, c_float
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, RdfFormat, parse

from postholder.explanations.checking.names import SAME, TYPE, Said, iri

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ANY, _STRING, _TAGGED, _PLAIN = map(iri, ("rdfs:Literal", "xsd:string", "rdf:langString", "rdf:PlainLiteral"))
_MARKUP = {iri("rdf:XMLLiteral"), iri("rdf:HTML")}
"""Trees, which nothing here parses: two texts of one may be the same value."""
_MOMENT = re.compile(r"(?:(-?\d+)-(\d\d)-(\d\d))?T?(?:(\d\d):(\d\d):(\d\d)\.?(\d*))?(Z|[+-]\d\d:\d\d)?")
_CYCLE = 400, 146_097
"""The years and days after which the calendar is the same again."""
_MOST_DIGITS = 4000
"""Of a year; Python reads no numbers that are much longer."""


class _Kind(NamedTuple):
    """A datatype: those that contain it, itself first, the form of its texts and the bounds of its numbers."""

    supers: tuple[str, ...]
    form: re.Pattern[str] = re.compile("(?s:.*)")
    least: str = ""
    greatest: str = ""

    def holds(self, text: str) -> bool:
        """Tell whether a text has the form, and is within the bounds."""
        if not self.form.fullmatch(text) or not self.least + self.greatest:
            return bool(self.form.fullmatch(text))
        return Decimal(self.least or text) <= Decimal(text) <= Decimal(self.greatest or text)


_KINDS = {kind: _Kind((kind,)) for kind in (_ANY, _TAGGED, _PLAIN, *_MARKUP)}


def supers(kind: str) -> tuple[str, ...]:
    """Return a datatype and those that contain it; nothing if it is not known."""
    return _KINDS[kind].supers if kind in _KINDS else ()


for _line in Path(__file__).with_name("datatypes.txt").read_text(encoding="utf-8").splitlines():
    if not _line.startswith("#"):
        _name, _parent, _bounds, _form = (part.strip() for part in _line.split("|", 3))
        _above = supers(iri(f"xsd:{_parent}"))
        _pattern = re.compile(_form or "(?s:.*)", re.ASCII)
        _KINDS[iri(f"xsd:{_name}")] = _Kind((iri(f"xsd:{_name}"), *_above), _pattern, *_bounds.split(".."))


def is_literal(term: str) -> bool:
    """Tell whether a term is a literal."""
    return term.startswith('"')


@cache
def _read(term: str) -> Literal:
    [quad] = parse(f"<x:s> <x:p> {term} .".encode(), format=RdfFormat.N_TRIPLES)
    if not isinstance(quad.object, Literal) or str(quad.object) != term:
        raise ValueError(f"this is no literal: {term}")
    return quad.object


def datatype(term: str) -> str:
    """Return the datatype of a literal."""
    return str(_read(term).datatype)


def _fits(text: str, kind: str) -> bool:
    return all(_KINDS[name].holds(text) for name in reversed(supers(kind)))


def _octets(text: str) -> bytes:
    found = b64decode(text.replace(" ", ""), validate=True)
    if b64encode(found).decode() != text.replace(" ", ""):
        raise ValueError("there are bits left over")
    return found


def _moment(text: str) -> tuple[int | None, int, str] | None:
    """Return the minutes of the time zone, if one is told; the seconds of the clock there; and parts of a second."""
    year, month, day, hour, minute, second, rest, zone = next(_MOMENT.finditer(text)).groups("")
    if len(year) > _MOST_DIGITS:
        return None
    days, offset = 0, 0 if zone else None
    if year:
        cycle, left = divmod(int(year), _CYCLE[0])
        days = cycle * _CYCLE[1] + date(left + _CYCLE[0], int(month), int(day)).toordinal()
    seconds = 86400 * days + (3600 * int(hour) + 60 * int(minute) + int(second) if hour else 0)
    if zone and zone != "Z":
        offset = int(f"{zone[0]}1") * (60 * int(zone[1:3]) + int(zone[4:]))
    return offset, seconds if year else seconds % 86400, rest.rstrip("0")


_VALUES: dict[str, Callable[[str], object]] = {
    "decimal": Decimal,
    "boolean": lambda text: text in {"true", "1"},
    "double": lambda text: bytes(c_double(float(text))),
    "float": lambda text: bytes(c_float(float(text))),
    "hexBinary": bytes.fromhex,
    "base64Binary": _octets,
    **dict.fromkeys(("date", "dateTime", "time"), _moment),
}


@cache
def value(term: str) -> tuple[str, object] | None:
    """Return the value of a literal, with the widest datatype that has it; None if it cannot be told.

    Raises ValueError for a text that is none of its datatype.
    """
    kind, text = datatype(term), _read(term).value
    if kind not in _KINDS or kind == _ANY:
        return None
    if not _fits(text, kind):
        raise ValueError(f"this is no value of its datatype: {term}")
    if kind == _PLAIN:
        content, at, language = text.rpartition("@")
        return ((_TAGGED, (content, language.lower())) if language else (_STRING, content)) if at else None
    if kind == _TAGGED:
        return kind, (text, (_read(term).language or "").lower())
    family = supers(kind)[-1]
    found = _VALUES.get(family.rpartition("#")[2].rstrip(">"), str)(text)
    return None if found is None else (family, found)


def same(one: str, other: str) -> bool | None:
    """Tell whether two terms are one value, which a value and a thing never are; None if that cannot be told."""
    if not (is_literal(one) and is_literal(other)):
        return False if is_literal(one) or is_literal(other) else None
    try:
        first, second = value(one), value(other)
    except ValueError:
        return None
    if first is None or second is None or {first[0], second[0]} <= _MARKUP:
        return None
    return first == second


def is_of(term: str, kind: str) -> bool | None:
    """Tell whether a literal has a value of a datatype; None if that cannot be told."""
    if kind == _ANY:
        return True
    try:
        found = value(term)
    except ValueError:
        return False if kind == datatype(term) else None
    if found is None or kind not in _KINDS:
        return None
    family, content = found
    if kind == _PLAIN:
        return family in {_STRING, _TAGGED}
    if family != supers(kind)[-1]:
        return None if {family, kind} <= _MARKUP else False
    text = content if isinstance(content, str) else _read(term).value
    if isinstance(content, Decimal) and content == content.to_integral_value():
        text = f"{content.to_integral_value():f}"
    return kind in supers(datatype(term)) or _fits(text, kind)


def by_values(rule: str, said: Sequence[Said], says: Said | None) -> bool:
    """Tell whether a rule on literals and datatypes concludes something from at most one premise."""
    match rule, *said, says:
        case "dt-type2", (literal, a, kind):
            return a == TYPE and is_literal(literal) and is_of(literal, kind) is True
        case "dt-type2", (s, a, kind), (t, b, above):
            return s == t and a == b == TYPE and above in supers(kind)
        case "dt-not-type", (s, p, o), None:
            literal, kind = (s, o) if p == TYPE and is_literal(s) else (o, datatype(o))
            return is_of(literal, kind) is False
        case "dt-diff", (s, p, o), None:
            return p == SAME and same(s, o) is False
    return False
