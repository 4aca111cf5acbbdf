"""The datatypes of OWL 2 RL: which text is a value of which, which contain each other, which share no value.

Sources: OWL 2 Profiles, section 4.3 (dt-type2, dt-not-type); XML Schema 1.1 part 2 for the lexical
spaces, taken strictly: RDF does not trim spaces.
"""

from __future__ import annotations

import re
from calendar import monthrange
from typing import TYPE_CHECKING

from postholder import terms

if TYPE_CHECKING:
    from collections.abc import Callable

_X = terms.XSD
_PARENT = {
    _X + name: _X + parent
    for name, parent in (
        ("integer", "decimal"), ("nonNegativeInteger", "integer"), ("positiveInteger", "nonNegativeInteger"),
        ("nonPositiveInteger", "integer"), ("negativeInteger", "nonPositiveInteger"), ("long", "integer"),
        ("int", "long"), ("short", "int"), ("byte", "short"), ("unsignedLong", "nonNegativeInteger"),
        ("unsignedInt", "unsignedLong"), ("unsignedShort", "unsignedInt"), ("unsignedByte", "unsignedShort"),
        ("normalizedString", "string"), ("token", "normalizedString"), ("language", "token"), ("NMTOKEN", "token"),
        ("Name", "token"), ("NCName", "Name"), ("dateTimeStamp", "dateTime"),
    )
}  # fmt: skip
_ROOTS = {
    _X + n
    for n in (
        "anyURI", "base64Binary", "boolean", "date", "dateTime", "decimal", "double", "float", "hexBinary",
        "string", "time",
    )
}  # fmt: skip
_LITERALS = {terms.RDF + n for n in ("XMLLiteral", "HTML", "langString", "PlainLiteral")} | {terms.RDFS + "Literal"}
DATATYPES = frozenset(_PARENT) | _ROOTS | _LITERALS
"""The datatypes that OWL 2 RL knows."""
_APART = _ROOTS - {_X + "date", _X + "time"} | {terms.RDF + "XMLLiteral", terms.RDF + "PlainLiteral"}
"""The datatypes that owlrl holds to share no value, but for two pairs."""
_NOT_APART = (
    {terms.RDF + "PlainLiteral", _X + "string"},
    {terms.RDF + "PlainLiteral", terms.RDF + "XMLLiteral"},
)

_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None), "nonNegativeInteger": (0, None), "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0), "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1), "int": (-(2**31), 2**31 - 1), "short": (-(2**15), 2**15 - 1), "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1), "unsignedInt": (0, 2**32 - 1), "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
}  # fmt: skip
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_DATE = r"(?P<year>-?(?:[1-9]\d{3,}|0\d{3}))-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_FLOAT = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN"
_TOKEN = r"(?:[^\s]+(?: [^\s]+)*)?"
_START = (
    r"A-Z_a-z\xC0-\xD6\xD8-\xF6\xF8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F\u2C00-\u2FEF"
    r"\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_INNER = rf"{_START}0-9.\-\xB7\u0300-\u036F\u203F\u2040"
"""What names begin with and go on with, but for colons (XML 1.0, fifth edition, section 2.3)."""
_PATTERNS = {
    "boolean": r"true|false|0|1",
    "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    "double": _FLOAT,
    "float": _FLOAT,
    "date": f"{_DATE}{_ZONE}?",
    "dateTime": f"{_DATE}T{_TIME}{_ZONE}?",
    "dateTimeStamp": f"{_DATE}T{_TIME}{_ZONE}",
    "time": f"{_TIME}{_ZONE}?",
    "hexBinary": r"(?:[0-9a-fA-F]{2})*",
    "base64Binary": r"(?!.* $)(?:(?:[A-Za-z0-9+/] ?){4})*"
    r"(?:[A-Za-z0-9+/] ?[AQgw] ?= ?=|(?:[A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=)?",  # no bits left over
    "normalizedString": r"[^\t\n\r]*",
    "token": _TOKEN,
    "language": r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
    "NMTOKEN": f"[{_INNER}:]+",
    "Name": f"[{_START}:][{_INNER}:]*",
    "NCName": f"[{_START}][{_INNER}]*",
}
_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_DIGITS = 40
"""Longer integers are compared by their length: none of the bounds is as long, and Python reads no very long ones."""


def supers(datatype: str) -> tuple[str, ...]:
    """Return a datatype of OWL 2 RL and those that contain it; nothing for any other IRI."""
    found = []
    at: str | None = datatype if datatype in DATATYPES else None
    while at is not None:
        found.append(at)
        at = _PARENT.get(at)
    return tuple(found)


def apart(one: str, other: str) -> bool:
    """Tell whether two datatypes share no value."""
    return one != other and one in _APART and other in _APART and {one, other} not in _NOT_APART


def _bounded(low: int | None, high: int | None) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        if not _INTEGER.fullmatch(text):
            return False
        digits = text.lstrip("+-").lstrip("0")
        if len(digits) > _DIGITS:
            return (low if text.startswith("-") else high) is None
        value = -int(digits or "0") if text.startswith("-") else int(digits or "0")
        return (low is None or low <= value) and (high is None or value <= high)

    return check


def _matching(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    dated = "year" in compiled.groupindex

    def check(text: str) -> bool:
        found = compiled.fullmatch(text)
        if found is None or not dated:
            return found is not None
        # Whether a year leaps depends on its place in a cycle of 400 years only.
        year = int(found["year"].lstrip("-")[-4:]) % 400 + 2000
        return int(found["day"]) <= monthrange(year, int(found["month"]))[1]

    return check


_CHECKS = {_X + name: _bounded(*bounds) for name, bounds in _BOUNDS.items()} | {
    _X + name: _matching(p) for name, p in _PATTERNS.items()
}


def is_value(text: str, datatype: str) -> bool:
    """Tell whether a text stands for a value of a datatype; any text does for one that has no check."""
    check = _CHECKS.get(datatype)
    return check is None or check(text)


CHECKED = frozenset(_CHECKS)
"""The datatypes whose texts are checked."""
