"""The values of literals: which two are the same, and which is one of a datatype.

Sources: OWL 2 Profiles, section 4.3, table 8 (dt-type2, dt-eq, dt-diff, dt-not-type); XML Schema 1.1 part 2
for the value spaces, and OWL 2 Structural Specification, section 4, by which values are one when they are
identical, not when they are equal: the two zeros of floating-point numbers are two values, and so are one
moment in two time zones. What cannot be told, because a datatype is not known or a text is none of its
datatype, is neither the same nor different.
"""

from __future__ import annotations

import re
from base64 import b64decode
from decimal import Decimal
from functools import lru_cache
from math import copysign, inf
from struct import pack
from typing import TYPE_CHECKING

from postholder import terms
from postholder.closure.datatypes import DATATYPES, is_value, supers

if TYPE_CHECKING:
    from pyoxigraph import Literal

_X = terms.XSD
_ANY = terms.RDFS + "Literal"
_PLAIN = terms.RDF + "PlainLiteral"
_LANGUAGE = terms.RDF + "langString"
_MOMENT = re.compile(
    r"(?:(?P<year>-?\d+)-(?P<month>\d\d)-(?P<day>\d\d))?T?"
    r"(?:(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d(?:\.\d+)?))?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?"
)
_MARKUP = {terms.RDF + "XMLLiteral", terms.RDF + "HTML"}
"""Trees, which nothing here parses: two texts of one may be the same value."""
_MOST_DIGITS = 40
"""Of a year; nobody compares longer ones."""


def _family(datatype: str) -> str:
    """Return the datatype that a datatype is derived from in the end."""
    found = supers(datatype)
    return found[-1] if found else datatype


@lru_cache(maxsize=4096)
def value(literal: Literal) -> tuple[str, object] | None:
    """Return what a literal stands for, with the family of its datatype, or None when it cannot be told."""
    datatype, text = literal.datatype.value, literal.value
    if datatype not in DATATYPES or datatype == _ANY or not is_value(text, datatype):
        return None
    if datatype == _PLAIN:
        return _plain(text)
    family = _family(datatype)
    if family == _LANGUAGE:
        return family, (text, literal.language)  # in lower case, by its parser
    name = family.removeprefix(_X)
    if name == "decimal":
        return family, Decimal(text)
    if name == "boolean":
        return family, text in {"true", "1"}
    if name in {"double", "float"}:
        return family, _float(text, single=name == "float")
    if name in {"date", "dateTime", "time"}:
        moment = _moment(text)
        return None if moment is None else (family, moment)
    if name == "hexBinary":
        return family, bytes.fromhex(text)
    if name == "base64Binary":
        return family, b64decode(text)
    return family, text


def _plain(text: str) -> tuple[str, object] | None:
    """Return the value of a text with its language after the last `@`; a string has none, and ends so."""
    content, at, language = text.rpartition("@")
    if not at:
        return None
    return (_LANGUAGE, (content, language.lower())) if language else (_X + "string", content)


def _float(text: str, *, single: bool) -> bytes:
    """Return a number as it is stored, which tells the zeros apart and NaN from nothing but numbers."""
    number = float(text)
    if not single:
        return pack("<d", number)
    try:
        return pack("<f", number)
    except OverflowError:
        return pack("<f", copysign(inf, number))


def _moment(text: str) -> tuple[int | None, int, str] | None:
    """Return the minutes of the time zone, if one is told; the whole seconds of the clock there; and the rest."""
    found = _MOMENT.fullmatch(text)
    if found is None or len(found["year"] or "") > _MOST_DIGITS:
        return None
    seconds, rest = 0, ""
    if found["hour"]:
        whole, _, rest = found["second"].partition(".")
        seconds = 3600 * int(found["hour"]) + 60 * int(found["minute"]) + int(whole)
    if found["year"]:
        seconds += 86400 * _days(int(found["year"]), int(found["month"]), int(found["day"]))
    else:
        seconds %= 86400
    return _offset(found["zone"]), seconds, rest.rstrip("0")


def _offset(zone: str | None) -> int | None:
    if not zone or zone == "Z":
        return None if not zone else 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:])
    return minutes if zone.startswith("+") else -minutes


def _days(year: int, month: int, day: int) -> int:
    """Return the days since the first of March of the year 0, in the calendar that schemas use."""
    year -= month <= 2  # noqa: PLR2004 - a year that begins in March has its leap day last
    months = (month - 3) % 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * months + 2) // 5 + day - 1


def differ(one: Literal, other: Literal) -> bool:
    """Tell whether two literals certainly stand for different values (dt-diff)."""
    first, second = value(one), value(other)
    if first is None or second is None or {first[0], second[0]} <= _MARKUP:
        return False
    return first != second


def is_member(literal: Literal, datatype: str) -> bool | None:
    """Tell whether the value of a literal is one of a datatype; None when that cannot be told."""
    if datatype == _ANY:
        return True
    found = value(literal)
    if found is None or datatype not in DATATYPES:
        return None
    family, content = found
    if datatype == _PLAIN:
        return family in {_X + "string", _LANGUAGE}
    if family != _family(datatype):
        return None if {family, datatype} <= _MARKUP else False
    if datatype in supers(literal.datatype.value):
        return True
    if isinstance(content, Decimal):
        return content == content.to_integral_value() and is_value(f"{content:f}".partition(".")[0], datatype)
    if isinstance(content, tuple) and datatype == _X + "dateTimeStamp":
        return content[0] is not None
    return is_value(content if isinstance(content, str) else literal.value, datatype)
