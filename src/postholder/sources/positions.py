"""Find the line on which a subject is described in a Turtle, TriG, N-Triples or N-Quads file.

Parsers give triples without places. This scanner splits the text into tokens and notes where
each subject stands, and where each of its predicates does, so that a finding can point there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

_DECLARE = {"@prefix", "prefix", "@base", "base"}
_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n]*)
    | (?P<long>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*''')
    | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<open>[\[({])
    | (?P<close>[\])}])
    | (?P<end>\.(?!\d))
    | (?P<sep>[;,])
    | (?P<word>(?:\\.|[^\s\[\](){};,<>"'\#.\\]|\.(?!\s|$|[#<\[{}]))+)
    | (?P<other>\S)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Spot:
    """A 1-based line and column."""

    line: int
    column: int


class Positions:
    """Where subjects, and predicates of subjects, stand in one file."""

    def __init__(self, text: str) -> None:
        self._prefixes: dict[str, str] = {}
        self._base = ""
        self._subjects: dict[str, Spot] = {}
        self._predicates: dict[tuple[str, str], Spot] = {}
        self._text = text
        self._line = 1
        self._line_start = 0
        self._seen = 0
        self._scan()

    def find(self, subject: str, predicate: str | None = None) -> Spot | None:
        """Return where `predicate` of `subject` (or else the subject) first stands."""
        if predicate is not None and (spot := self._predicates.get((subject, predicate))):
            return spot
        return self._subjects.get(subject)

    def find_predicate(self, subject: str, predicate: str) -> Spot | None:
        """Return where `predicate` of `subject` first stands in this file, if it does."""
        return self._predicates.get((subject, predicate))

    def _spot(self, offset: int) -> Spot:
        newlines = self._text.count("\n", self._seen, offset)
        if newlines:
            self._line += newlines
            self._line_start = self._text.rfind("\n", 0, offset) + 1
        self._seen = offset
        return Spot(self._line, offset - self._line_start + 1)

    def _iri(self, kind: str, token: str) -> str | None:
        if kind == "iri":
            return urljoin(self._base, token[1:-1]) if self._base else token[1:-1]
        if token == "a":
            return "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
        prefix, colon, local = token.partition(":")
        if not colon or prefix not in self._prefixes:
            return None
        return self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)

    def _scan(self) -> None:
        subject: str | None = None
        place = "subject"
        depth = 0
        declaring: list[str] = []
        for match in _TOKEN.finditer(self._text):
            kind, token = match.lastgroup or "", match.group()
            if kind == "comment":
                continue
            if declaring:
                declaring.append(token)
                declaring = self._declare(declaring)
            elif kind == "word" and token.lower() in _DECLARE and depth == 0 and place == "subject":
                declaring = [token]
            elif kind == "open":
                if place == "subject":
                    subject = None  # what follows describes an unnamed node
                depth, place = (depth, "subject") if token == "{" else (depth + 1, place)
            elif kind == "close":
                depth, place = (depth, "subject") if token == "}" else (max(depth - 1, 0), "predicate")
            elif depth:
                continue
            elif kind == "end":
                place, subject = "subject", None
            elif kind == "sep":
                place = "predicate" if token == ";" else "object"
            elif kind in {"iri", "word"}:
                place, subject = self._term(kind, token, match.start(), place, subject)
            else:
                place = "predicate" if place == "object" else place

    def _declare(self, words: list[str]) -> list[str]:
        """Take in a prefix or base declaration once it is whole; return what is still to be read."""
        if words[0].lower().endswith("base"):
            self._base = urljoin(self._base, words[1][1:-1])
            return []
        if len(words) < 3:  # noqa: PLR2004 - keyword, prefix, IRI
            return words
        self._prefixes[words[1].removesuffix(":")] = urljoin(self._base, words[2][1:-1])
        return []

    def _term(self, kind: str, token: str, offset: int, place: str, subject: str | None) -> tuple[str, str | None]:
        iri = self._iri(kind, token)
        if place == "subject":
            if iri is not None:
                self._subjects.setdefault(iri, self._spot(offset))
            return "predicate", iri
        if place == "predicate":
            if subject is not None and iri is not None:
                self._predicates.setdefault((subject, iri), self._spot(offset))
            return "object", subject
        return "predicate", subject
