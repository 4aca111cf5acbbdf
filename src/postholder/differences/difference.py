"""What a comparison of two views says: plain results, in words and in data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from postholder.differences.sides import Seen


class _Plain:
    """Results that can be told as plain data, field by field."""

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {name: _plain(value) for name, value in vars(self).items()}


@dataclass(frozen=True)
class Item(_Plain):
    """A thing and how it stands on both sides."""

    thing: str
    kind: str
    name: str
    first: Seen
    second: Seen


@dataclass(frozen=True)
class Shift(_Plain):
    """A post with its appointments, or a unit with its placements, on both sides."""

    thing: str
    name: str
    what: str
    """`holder`, `mode` or `appointment` of a post; `parent` or `placement` of a unit."""
    first: tuple[Item, ...]
    second: tuple[Item, ...]


@dataclass(frozen=True)
class Merger(_Plain):
    """Several things of one kind that an event makes one."""

    event: str
    name: str
    kind: str
    before: tuple[str, ...]
    after: str


@dataclass(frozen=True)
class Withdrawal(_Plain):
    """A claim that counts on one side and is withdrawn on the other."""

    claim: str
    statement: str
    planned: bool
    reason: str
    against: tuple[str, ...]
    """The claims that stand against it, with their statements."""
    things: tuple[str, ...]


@dataclass(frozen=True)
class Diff(_Plain):
    """What differs between two views; `bool()` tells whether anything does."""

    first: str
    second: str
    same_day: bool
    """Both sides ask about one day (or about all time): what differs is knowledge, not the world."""
    shifts: tuple[Shift, ...]
    begun: tuple[Item, ...]
    ended: tuple[Item, ...]
    mergers: tuple[Merger, ...]
    confirmed: tuple[Item, ...]
    """Planned on the first side, told as actual on the second."""
    only_planned: tuple[Item, ...]
    """Told as actual on the first side, resting on a plan on the second."""
    known_better: tuple[Item, ...]
    known_less: tuple[Item, ...]
    retold: tuple[Item, ...]
    """There on both sides, but described differently."""
    withdrawn: tuple[Withdrawal, ...]
    restored: tuple[Withdrawal, ...]
    united: tuple[tuple[str, str], ...]
    """Names that only the second side knows to be one thing."""
    parted: tuple[tuple[str, str], ...]
    stayed: tuple[Item, ...]
    unsure: int
    """Changes left out because one side does not show the thing for certain, where only that counts."""

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return any(value for name, value in vars(self).items() if name not in _NO_CHANGE)


_NO_CHANGE = {"first", "second", "same_day", "stayed", "unsure"}


@dataclass(frozen=True)
class Around(_Plain):
    """What a change event does, and what differs between the day before it and its latest day."""

    event: str
    name: str
    dates: str
    claims: tuple[str, ...]
    roles: tuple[tuple[str, tuple[Item, ...]], ...]
    """What stands before and after it, what it keeps, establishes, abolishes and affects."""
    mergers: tuple[Merger, ...]
    diff: Diff | None
    """None if the event is not dated."""

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**super().as_dict(), "roles": {name: _plain(items) for name, items in self.roles}}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value.as_dict() if hasattr(value, "as_dict") else value
