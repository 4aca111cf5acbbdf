"""Claims set against each other: conflict, succession, refinement, correction, plan against effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postholder.graph import Node
    from postholder.readings import Facts


def disputed(facts: Facts) -> set[Node]:
    """Return the claims that another source contradicts."""
    return set(facts.withdrawn) - set(facts.withdrawn)
