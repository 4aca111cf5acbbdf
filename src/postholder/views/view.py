"""A view: which day the facts are asked about, from which state of knowledge, and how sure to be."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, get_args

from postholder.errors import BadParameterError
from postholder.graph import handle
from postholder.text import did_you_mean
from postholder.views.validity import day_of, day_text

Certainty = Literal["certain", "possible"]
CERTAINTIES: tuple[Certainty, ...] = get_args(Certainty)
ANY, ALL = "any", "all"


@dataclass(frozen=True)
class View:
    """A way to look at the facts. The plain `View()` shows everything.

    `as_of` and `known_at` are days (`datetime.date.toordinal`) or None for all time and everything
    recorded. With `certain` a view shows what holds in every reading and for every admissible date;
    with `possible` also what holds in at least one, each reading kept apart. `according_to` is `any`
    (what any source says), `all` (what no source disputes) or the IRI of one document or source.
    """

    as_of: int | None = None
    known_at: int | None = None
    certainty: Certainty = "possible"
    according_to: str = ANY
    without: frozenset[str] = frozenset()
    """IRIs of documents, sources or claims to leave out, to see what falls with them."""

    @classmethod
    def of(
        cls,
        as_of: str | None = None,
        known_at: str | None = None,
        certainty: str = "possible",
        according_to: str = ANY,
        without: frozenset[str] = frozenset(),
    ) -> View:
        """Return a view of what a user wrote; raises BadParameterError for what is no day or no certainty."""
        for certain in CERTAINTIES:
            if certainty == certain:
                return cls(_day("as-of", as_of), _day("known-at", known_at), certain, according_to, without)
        raise BadParameterError(f"{certainty!r} is no certainty", hint=did_you_mean(certainty, CERTAINTIES))

    @property
    def is_plain(self) -> bool:
        """Tell whether the view shows everything."""
        return self == View()

    @property
    def key(self) -> str:
        """A name for the view that no other view has, fit for a file."""
        left_out = ",".join(sorted(self.without))
        parts = [str(self.as_of), str(self.known_at), self.certainty, self.according_to, left_out]
        return sha256("\0".join(parts).encode()).hexdigest()[:16]

    def __str__(self) -> str:
        """Return the view in words."""
        told = [
            "of all time" if self.as_of is None else f"as of {day_text(self.as_of)}",
            "by all that is recorded" if self.known_at is None else f"as known at {day_text(self.known_at)}",
            "certain only" if self.certainty == "certain" else "possible too",
        ]
        if self.according_to != ANY:
            told.append("undisputed" if self.according_to == ALL else f"according to {handle(self.according_to)}")
        if self.without:
            told.append(f"without {', '.join(handle(iri) for iri in sorted(self.without))}")
        return ", ".join(told)


PLAIN = View()


def _day(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    day = day_of(text)
    if day is None:
        raise BadParameterError(
            f"--{name} {text!r} is not a day of the calendar",
            hint="write YYYY-MM-DD, such as 2023-09-12; for a month or year ask about its first and its last day",
        )
    return day
