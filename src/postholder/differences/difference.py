"""What a comparison of two views says: plain results, in words and in data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from postholder.differences.sides import Seen


@dataclass(frozen=True)
class Item:
    """A thing and how it stands on both sides."""

    thing: str
    kind: str
    name: str
    first: Seen
    second: Seen

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        sides = {"first": self.first.as_dict(), "second": self.second.as_dict()}
        return {"thing": self.thing, "kind": self.kind, "name": self.name, **sides}


@dataclass(frozen=True)
class Shift:
    """A post with its appointments, or a unit with its placements, on both sides."""

    thing: str
    name: str
    what: str
    """`holder`, `mode` or `appointment` of a post; `parent` or `placement` of a unit."""
    first: tuple[Item, ...]
    second: tuple[Item, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        sides = {"first": [i.as_dict() for i in self.first], "second": [i.as_dict() for i in self.second]}
        return {"thing": self.thing, "name": self.name, "what": self.what, **sides}


@dataclass(frozen=True)
class Merger:
    """Several things of one kind that an event makes one."""

    event: str
    name: str
    kind: str
    before: tuple[str, ...]
    after: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Withdrawal:
    """A claim that counts on one side and is withdrawn on the other."""

    claim: str
    statement: str
    planned: bool
    reason: str
    against: tuple[str, ...]
    """The claims that stand against it, with their statements."""
    things: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Diff:
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

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {name: _plain(value) for name, value in vars(self).items()}


_NO_CHANGE = {"first", "second", "same_day", "stayed", "unsure"}


@dataclass(frozen=True)
class Around:
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
        roles = {name: [i.as_dict() for i in items] for name, items in self.roles}
        return {**{name: _plain(value) for name, value in vars(self).items()}, "roles": roles}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value.as_dict() if hasattr(value, "as_dict") else value
