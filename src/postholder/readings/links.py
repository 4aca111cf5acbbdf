"""What hangs together in the world, so that answers to two questions may need each other.

Who reports to whom follows from two appointments and a line; a chain from all lines on the way. If two
open questions touch parts of such a whole, their answers are looked at jointly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal

from postholder.graph import Triples, ph

if TYPE_CHECKING:
    from collections.abc import Hashable

    from postholder.graph import Node, Term
    from postholder.readings.stated import Stated

_JOINED = {
    "ReportingLine": ("subordinate", "superior"),
    "UnitPlacement": ("placedUnit", "parentUnit"),
}
_PARTS = ("post", "holder", "increaseOf", "establishes", "abolishes")


class Links:
    """Looks up what else is touched by whatever is said of a node."""

    def __init__(self, stated: Stated) -> None:
        self._facts = Triples(
            [*stated.register, *(t for r, triples in stated.graphs.items() if stated.stands(r) for t in triples)]
        )
        changed = {u for name in ("establishes", "abolishes") for _, u in self._facts.pairs(ph(name))}
        self._changed_units = changed
        self._whole: dict[tuple[str, Term], Hashable] = {}
        for low, high in _JOINED.values():
            self._join(low, high)

    def _join(self, low: str, high: str) -> None:
        """Give all that lines (or placements) join one name."""
        group: dict[Term, list[Term]] = {}
        for line, below in self._facts.pairs(ph(low)):
            for above in self._facts.objects(line, ph(high)):
                one, other = group.setdefault(below, [below]), group.setdefault(above, [above])
                if one is not other:
                    small, large = sorted((one, other), key=len)
                    large += small
                    group.update(dict.fromkeys(small, large))
        for members in {id(m): m for m in group.values()}.values():
            name = (low, min(str(m) for m in members))
            for member in members:
                self._whole[(low, member)] = name

    def of(self, node: Node) -> list[Hashable]:
        """Return what hangs on a node: its participants, the lines at its post, the chain it is part of."""
        facts = self._facts
        found: list[Hashable] = [o for name in _PARTS for o in facts.objects(node, ph(name))]
        for low, high in _JOINED.values():
            for end in (*facts.objects(node, ph(low)), *facts.objects(node, ph(high))):
                found += [end, self._whole.get((low, end), end)]
        for post in facts.objects(node, ph("post")):
            found += [line for name in ("subordinate", "superior") for line in facts.subjects(ph(name), post)]
        if self._changed_units:
            posts = [node, *self._nodes(node, "post", "subordinate", "superior")]
            units = [u for p in posts for u in self._nodes(p, "postIn", "heads")]
            units += self._nodes(node, "placedUnit", "parentUnit", "operator", "appliesTo", "usedBy")
            found += [u for u in units if u in self._changed_units]
        return found

    def _nodes(self, node: Node, *names: str) -> list[Node]:
        values = [o for name in names for o in self._facts.objects(node, ph(name))]
        return [v for v in values if not isinstance(v, Literal)]
