"""What every push has in common: who logs in, how it tells what it does, and what it reports."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from postholder import settings
from postholder.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postholder.export.base import Loss

LOADING, WHOLE = "loading", "whole"
"""The states of a load: being written or broken off, and finished."""


@dataclass(frozen=True)
class Credentials:
    """A user and a password; the password never shows.

    Raises UsageError for one that no server can be sent.
    """

    user: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what is no text, and what would end a line."""
        for name, text in (("POSTHOLDER_PUSH_USER", self.user), ("POSTHOLDER_PUSH_PASSWORD", self.password)):
            if any(unicodedata.category(c) in {"Cc", "Cs"} for c in text):
                raise UsageError(
                    f"the {name.rpartition('_')[2].lower()} for the push has characters that cannot be sent",
                    hint=f"see that {name} is UTF-8, on one line and without control characters",
                )


def of_settings() -> Credentials | None:
    """Return the login of the settings, if they tell both the user and the password."""
    user, password = settings.push_login()
    return None if user is None or password is None else Credentials(user, password)


Login: TypeAlias = Callable[[], Credentials | None]
"""Gives the credentials when a server asks for them, or None if there are none."""

Progress: TypeAlias = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class PushResult:
    """What a push did: nothing, if the server held it all already; no losses means nothing was lost."""

    target: str
    changed: bool
    counts: Mapping[str, int]
    losses: tuple[Loss, ...] = ()
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the result for machines."""
        return {
            "target": self.target,
            "changed": self.changed,
            "counts": dict(self.counts),
            "losses": [loss.as_dict() for loss in self.losses],
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        """Return the result for people: what was done, the counts, one line per loss and note."""
        told = "pushed to" if self.changed else "nothing to do: the graph is already at"
        lines = [f"{told} {self.target}", ", ".join(f"{number} {what}" for what, number in self.counts.items())]
        lines += [f"note: {note}" for note in self.notes]
        if not self.losses:
            lines.append("nothing is lost")
        lines += [f"lost: {loss.what} ({loss.count})\n  instead: {loss.instead}" for loss in self.losses]
        return "\n".join(lines)
