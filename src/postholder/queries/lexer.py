"""Split SPARQL text into tokens, enough to see what a query would do without running it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postholder.errors import RefusedQueryError

if TYPE_CHECKING:
    from collections.abc import Iterator

# SPARQL 1.1 Query Language, section 19.8 (terminals), simplified where the choice of token is the same.
# Only an IRI with a scheme counts as one: in `?a <?b)` the mark means less-than. Names are bounded and
# repetitions possessive, so that the time is linear in the length of the text.
_TOKEN = re.compile(
    r"""
      (?P<space>\s+|\#[^\n\r]*)
    | (?P<iri><[A-Za-z][A-Za-z0-9+.-]*+:[^<>"{}|^`\\\x00-\x20]*+>)
    | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*+'''
        |"(?:[^"\\\n\r]|\\.)*+"|'(?:[^'\\\n\r]|\\.)*+')
    | (?P<variable>[?$]\w++)
    | (?P<tag>@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*)
    | (?P<name>(?:[^\W\d_](?:[\w.-]{0,100}[\w-])?)?:(?:[\w:%](?:(?:[\w.:%-]|\\.){0,400}(?:[\w:%-]|\\.))?)?)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d]\w*+)
    | (?P<mark>\S)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """One token: its kind, its text and where it starts."""

    kind: str
    text: str
    start: int

    @property
    def keyword(self) -> str:
        """The text in capitals if it is a bare word, else an empty string."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query; white space and comments are left out.

    Raises RefusedQueryError at a string that does not end: where the rest stands is anybody's guess.
    """
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "mark" and match.group() in "\"'":
            line = text.count("\n", 0, match.start()) + 1
            raise RefusedQueryError(f"line {line}: a string that does not end", hint="close the quotation mark")
        if match.lastgroup != "space":
            yield Token(match.lastgroup or "mark", match.group(), match.start())
