"""Point a finding at the file and line where its node is described."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from postholder.errors import Place

if TYPE_CHECKING:
    from postholder.sources.inputs import Inputs
    from postholder.sources.positions import Positions


class Locator:
    """Finds nodes in the facts first, then in shapes and vocabulary; scans a file when first needed."""

    def __init__(self, inputs: Inputs) -> None:
        self._files = [*inputs.facts, *inputs.shapes, *inputs.vocabulary]

    @cached_property
    def _positions(self) -> list[tuple[str, Positions]]:
        return [(f.name, f.positions) for f in self._files]

    def find(self, iri: str, predicate: str | None = None) -> Place:
        """Return file, line and column of a node, or a place that says it is nowhere described."""
        for wanted in (predicate, None) if predicate else (None,):
            for name, positions in self._positions:
                spot = positions.find_predicate(iri, wanted) if wanted else positions.find(iri)
                if spot:
                    return Place(name, spot.line, spot.column)
        return Place("facts")
