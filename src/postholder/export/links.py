"""Links between things: one for a triple and its inverse, with the readings under which it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import NamedNode

from postholder import terms
from postholder.export.world import ALWAYS, Under, World
from postholder.graph import text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pyoxigraph import Triple

    from postholder.graph import Node

Key: TypeAlias = tuple[str, str, str]


@dataclass
class Support:
    """Why a link holds: the claims that state it, and whether anybody states it at all."""

    claims: set[Node] = field(default_factory=set)
    stated: bool = False

    def join(self, other: Support) -> None:
        """Add another reason."""
        self.claims |= other.claims
        self.stated |= other.stated


class Links:
    """All links between the things of a dataset.

    A triple and its inverse, and the two directions of a symmetric property, are one link. A link
    in the words of another vocabulary that only repeats one in ours is left out and counted.
    """

    def __init__(self, world: World, ends: Collection[str]) -> None:
        self._world = world
        self._ends = ends
        self._found: dict[Key, dict[Under, Support]] = {}
        self.implied = 0
        self._gather()
        self._fold()
        self._drop_implied()

    def key(self, triple: Triple) -> Key:
        """Return a triple as the link that stands for it."""
        start, prop, end = text_of(triple.subject), triple.predicate.value, text_of(triple.object)
        forward = self._world.vocabulary.forward.get(prop)
        if forward:
            return end, forward, start
        if prop in self._world.vocabulary.symmetric:
            start, end = sorted((start, end))
        return start, prop, end

    def joins(self, triple: Triple) -> bool:
        """Tell whether a triple leads from one thing to another."""
        ends = (triple.subject, triple.object)
        return all(isinstance(t, NamedNode) and t.value in self._ends for t in ends)

    def _note(self, triple: Triple, under: Under, support: Support) -> None:
        if self.joins(triple):
            self._found.setdefault(self.key(triple), {}).setdefault(under, Support()).join(support)

    def _gather(self) -> None:
        certain = self._world.certain
        for triple in self._world.default:
            self._note(triple, ALWAYS, Support(stated=triple not in certain))
        for layer in self._world.layers:
            support = Support({layer.claim}, stated=True) if layer.claim else Support()
            for triple in layer.triples:
                under = ALWAYS if self._world.holds(triple) else layer.under
                if under or self._world.holds(triple):
                    self._note(triple, under, support)

    def _fold(self) -> None:
        """Keep each link once per weakest condition under which it holds."""
        for key, unders in self._found.items():
            folded: dict[Under, Support] = {}
            for under in self._world.simplest(unders):
                folded[under] = Support()
                for stronger in unders:
                    if under <= stronger:
                        folded[under].join(unders[stronger])
            self._found[key] = folded

    def _drop_implied(self) -> None:
        below = self._world.vocabulary.below
        for (start, prop, end), unders in list(self._found.items()):
            if prop.startswith(terms.PH):
                continue
            ours = [p for p in below(prop) if (start, p, end) in self._found]
            for under in list(unders):
                if any(self.support((start, p, end), under) for p in ours):
                    del unders[under]
                    self.implied += 1
            if not unders:
                del self._found[start, prop, end]

    def support(self, key: Key, under: Under) -> Support | None:
        """Return why a link holds under a condition, or None if it does not."""
        given = self._found.get(key)
        held = [s for u, s in given.items() if u <= under] if given else []
        if not held:
            return None
        joined = Support()
        for support in held:
            joined.join(support)
        return joined

    def properties(self) -> set[str]:
        """Return the properties that links use."""
        return {prop for _, prop, _ in self._found}

    def __iter__(self) -> Iterator[tuple[Key, Under, Support]]:
        """Yield each link with each condition under which it holds, in order."""
        for key in sorted(self._found):
            for under, support in self._found[key].items():
                yield key, under, support
