"""The values of literals: which two are the same, and which is one of a datatype.

Sources: OWL 2 Profiles, section 4.3, table 8 (dt-type2, dt-eq, dt-diff, dt-not-type); XML Schema 1.1 part 2
for the value spaces. What cannot be told, because a datatype is not known or a text is none of its
datatype, is neither the same nor different.
"""

from __future__ import annotations

import re
from base64 import b64decode
from decimal import Decimal
from functools import lru_cache
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
    if datatype not in DATATYPES or not is_value(text, datatype):
        return None
    family = _family(datatype)
    if family == _LANGUAGE:
        return family, (text, (literal.language or "").lower())
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


def _float(text: str, *, single: bool) -> object:
    number = float(text)
    if number != number:  # noqa: PLR0124 - not a number, which is the same as itself here
        return "NaN"
    if single:
        try:
            return pack("f", number + 0.0)  # no difference between the two zeros
        except OverflowError:
            return pack("f", float("inf") if number > 0 else float("-inf"))
    return number


def _moment(text: str) -> tuple[bool, Decimal] | None:
    """Return whether a time zone is told, and the seconds since a fixed moment."""
    found = _MOMENT.fullmatch(text)
    if found is None or len(found["year"] or "") > _MOST_DIGITS:
        return None
    seconds = Decimal(0)
    if found["year"]:
        seconds += 86400 * _days(int(found["year"]), int(found["month"]), int(found["day"]))
    if found["hour"]:
        seconds += 3600 * int(found["hour"]) + 60 * int(found["minute"]) + Decimal(found["second"])
    zone = found["zone"]
    if zone and zone != "Z":
        offset = int(zone[1:3]) * 60 + int(zone[4:])
        seconds -= 60 * (offset if zone.startswith("+") else -offset)
    if not found["year"]:
        seconds %= 86400
    return zone is not None, seconds


def _days(year: int, month: int, day: int) -> int:
    """Return the days since the first of March of the year 0, in the calendar that schemas use."""
    year -= month <= 2  # noqa: PLR2004 - a year that begins in March has its leap day last
    months = (month - 3) % 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * months + 2) // 5 + day - 1


def differ(one: Literal, other: Literal) -> bool:
    """Tell whether two literals certainly stand for different values (dt-diff)."""
    first, second = value(one), value(other)
    return first is not None and second is not None and first != second


def is_member(literal: Literal, datatype: str) -> bool | None:
    """Tell whether the value of a literal is one of a datatype; None when that cannot be told."""
    if datatype == _ANY:
        return True
    found = value(literal)
    if found is None or datatype not in DATATYPES:
        return None
    family, content = found
    if datatype == _PLAIN:
        return family in {_X + "string", _LANGUAGE, _PLAIN}
    if family != _family(datatype):
        return False
    if datatype in supers(literal.datatype.value):
        return True
    if isinstance(content, Decimal):
        return content == content.to_integral_value() and is_value(f"{content:f}".partition(".")[0], datatype)
    if isinstance(content, tuple) and datatype == _X + "dateTimeStamp":
        return bool(content[0])
    return is_value(literal.value, datatype)
