"""Comparisons in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postholder.comparisons.judged import Kind
    from postholder.comparisons.said import Said
    from postholder.graph import Node

_KINDS: dict[Kind, tuple[str, str]] = {
    "samePostConflict": ("Same-post conflict", "{} and {}"),
    "sourceDisagreement": ("Source disagreement", "{} against {}"),
    "planAgainstEffect": ("Plan against effect", "{} against {}"),
    "succession": ("Succession", "{}, then {}"),
    "refinement": ("Refinement", "{} by {}"),
    "correction": ("Correction", "{} by {}"),
}


def label_of(
    said: Said,
    kind: Kind,
    one: tuple[Node, ...],
    other: tuple[Node, ...],
    compares: tuple[Node, ...],
    holders: tuple[str, str] | None = None,
) -> str:
    """Return a comparison in words: the holders, or the claims, and in brackets what it is about."""
    name, pattern = _KINDS[kind]
    sides = holders or (", ".join(map(said.facts.name, one)), ", ".join(map(said.facts.name, other)))
    about = [said.label(n) for n in (compares[2:] if holders else compares)]
    return f"{name}: {pattern.format(*sides)}" + (f" ({'; '.join(about)})" if about else "")
