"""Small helpers for text that people read."""

from __future__ import annotations

import unicodedata
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def nearest(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Return the names most like `name`, best first: prefix, then part, then similar spelling."""
    names = sorted(set(known))
    low = name.lower()
    starts = [n for n in names if low and n.lower().startswith(low)]
    holds = [n for n in names if low and low in n.lower()]
    alike = get_close_matches(low, [n.lower() for n in names], n=count, cutoff=0.5)
    by_lower = {n.lower(): n for n in names}
    ordered = dict.fromkeys([*starts, *holds, *(by_lower[a] for a in alike)])
    return list(ordered)[:count]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest valid names, or all of them when nothing is near."""
    names = sorted(set(known))
    near = nearest(name, names)
    if near:
        return f"did you mean {', '.join(near)}?"
    return f"valid: {', '.join(names)}" if names else "there is none to choose from"


def is_day(text: str) -> bool:
    """Tell whether `text` is a day of the calendar, YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def count(number: int, noun: str) -> str:
    """Return a number with its noun: `1 claim`, `2 claims`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def width(text: str) -> int:
    """Return how many terminal columns `text` takes (wide ones two, combining marks none)."""
    return sum(
        0 if unicodedata.category(c) in {"Mn", "Me"} else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def printable(text: str) -> str:
    """Return `text` with control characters escaped, so that data cannot steer a terminal."""
    return "".join(c if c.isprintable() or c == " " else f"\\x{ord(c):02x}" for c in text)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return an aligned plain-text table; every line ends without trailing blanks."""
    lines = [list(header), *[[printable(c) for c in row] for row in rows]]
    widths = [max(width(line[i]) for line in lines) for i in range(len(header))]
    rule = ["-" * w for w in widths]
    lines.insert(1, rule)
    return "\n".join(
        "  ".join(cell + " " * (w - width(cell)) for cell, w in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
