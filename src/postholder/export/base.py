"""What every export format has in common: its name, how it writes, and what it loses."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pyoxigraph import Quad

_T = TypeVar("_T")


@dataclass(frozen=True)
class Loss:
    """Something a format does not carry, and what to do for whoever needs it.

    `count` is how many things one export lost this way; a format's own list has no counts.
    """

    id: str
    what: str
    instead: str
    count: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the loss as it stands in the statement beside an export."""
        counted = {} if self.count is None else {"count": self.count}
        return {"id": self.id, "what": self.what, "instead": self.instead, **counted}


@dataclass(frozen=True)
class Source:
    """What is exported: the dataset as it is queried, and the prefixes to write it with."""

    quads: Sequence[Quad] = field(repr=False)
    prefixes: Mapping[str, str]


def batches(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Yield the items in lists of `size`, the last one shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def counting(items: Iterable[_T], counts: dict[str, int], what: str) -> Iterator[_T]:
    """Yield the items and count them."""
    for item in items:
        counts[what] += 1
        yield item


def counted(*found: tuple[Loss, int]) -> tuple[Loss, ...]:
    """Return the losses that one export did meet, with how often."""
    return tuple(replace(loss, count=count) for loss, count in found if count)


class Target(Protocol):
    """Where a format puts its files; see `postholder.export.target`."""

    def put(self, name: str, chunks: Iterable[str | bytes]) -> None:
        """Write one file of text, as UTF-8, or of bytes; a format of a single file passes the empty name."""


@dataclass(frozen=True)
class Account:
    """What a format reports of one export: what it wrote, what it lost, what it named things."""

    counts: Mapping[str, int]
    losses: tuple[Loss, ...] = ()
    names: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Format:
    """One way to hand the graph on; `folder` tells whether it writes a folder or one file."""

    name: str
    summary: str
    write: Callable[[Source, Target], Account] = field(repr=False)
    losses: tuple[Loss, ...] = ()
    folder: bool = False


@dataclass(frozen=True)
class ExportResult:
    """What an export wrote and what it could not carry; no losses means nothing was lost."""

    form: str
    paths: tuple[Path, ...]
    counts: Mapping[str, int]
    losses: tuple[Loss, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the result for machines."""
        return {
            "format": self.form,
            "paths": [str(p) for p in self.paths],
            "counts": dict(self.counts),
            "losses": [loss.as_dict() for loss in self.losses],
        }

    def __str__(self) -> str:
        """Return the result for people: the files, the counts, one line per loss."""
        lines = [f"wrote {path}" for path in self.paths]
        lines.append(", ".join(f"{number} {what}" for what, number in self.counts.items()))
        if not self.losses:
            lines.append("nothing is lost")
        lines += [f"lost: {loss.what} ({loss.count})\n  instead: {loss.instead}" for loss in self.losses]
        return "\n".join(lines)
