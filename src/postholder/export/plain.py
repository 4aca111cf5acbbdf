"""Text on one line, for formats in which a line break or a hidden control would break out."""

from __future__ import annotations

import re
import unicodedata

_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that make a viewer show text in another order than it is written; plain marks are kept."""

_WEB = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:[/?#][^\s<>\"{}|\\^`]*)?")


def one_line(text: str) -> str:
    """Return text without controls, line breaks and runs of blanks; what is left is as it was written."""
    if text.isprintable() and text == text.strip() and "  " not in text:
        return text  # most is: nothing that has to go is printable
    shown = (" " if unicodedata.category(c) in {"Cc", "Zl", "Zp", "Zs"} or c in _OVERRIDES else c for c in text)
    return " ".join("".join(shown).split())


def cut(text: str, longest: int) -> str:
    """Return text, shortened with an ellipsis if it has more characters than allowed."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def is_web(iri: str) -> bool:
    """Tell whether an IRI is a web address that no format can misread."""
    return bool(_WEB.fullmatch(iri)) and one_line(iri) == iri
