"""The facts that rules run on: the members of each class, the pairs of each property, as numbers.

Each row keeps why it holds. Rows come and go like plates on a pile, so that what an addition brought
can be taken out again without copying anything, and without a trace.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postholder.closure.program import Rule
    from postholder.graph import Term

Env: TypeAlias = "tuple[int, ...]"
"""Values of variables, in an order that is agreed elsewhere."""
Row: TypeAlias = "int | tuple[int, int]"
"""A member of a class, or a pair of a property."""
Reason: TypeAlias = "tuple[Rule, Env] | str"
"""A rule with the values of what its head does not tell; or that the row is stated, or an axiom."""
Rows: TypeAlias = "dict[Row, Reason]"
Index: TypeAlias = "dict[int, list[int]]"


@dataclass(eq=False, slots=True)
class Relation:
    """The rows of one class or one property."""

    term: Term
    is_class: bool
    rows: Rows = field(default_factory=dict)
    fresh: Rows = field(default_factory=dict)
    """Rows that wait for the next round."""
    forward: Index | None = None
    backward: Index | None = None
    """Pairs by subject and by value, kept only where a rule looks them up so."""

    def values(self) -> Index:
        """Return the values of each subject, from now on kept."""
        if self.forward is None:
            self.forward = {}
            _fill(self.forward, self.rows)  # type: ignore[arg-type] # pairs: a class is never asked
        return self.forward

    def subjects(self) -> Index:
        """Return the subjects of each value, from now on kept."""
        if self.backward is None:
            self.backward = {}
            _fill(self.backward, ((o, s) for s, o in self.rows))  # type: ignore[misc] # as above
        return self.backward

    def merge(self) -> Rows:
        """Make the fresh rows known and return them."""
        new, self.fresh = self.fresh, {}
        self.rows |= new
        if self.forward is not None:
            _fill(self.forward, new)  # type: ignore[arg-type]
        if self.backward is not None:
            _fill(self.backward, ((o, s) for s, o in new))  # type: ignore[misc]
        return new

    def remove(self, rows: Rows) -> None:
        """Take out rows; all that were made known after them are to be taken out too."""
        for row in rows:
            del self.rows[row]
            if self.forward is not None:
                _take_last(self.forward, row[0])  # type: ignore[index]
            if self.backward is not None:
                _take_last(self.backward, row[1])  # type: ignore[index]


def _fill(index: Index, pairs: Iterable[tuple[int, int]]) -> None:
    for key, value in pairs:
        index.setdefault(key, []).append(value)


def _take_last(index: Index, key: int) -> None:
    found = index[key]
    found.pop()
    if not found:
        del index[key]
