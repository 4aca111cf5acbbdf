"""The facts as a view shows them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from postholder.graph import triple_order
from postholder.readings.contexts import Context, choices, grouped
from postholder.readings.stated import Stated, is_axiom
from postholder.settings import Settings
from postholder.views.standing import Moment, without
from postholder.views.view import PLAIN, View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad, Triple

    from postholder.graph import Node


class Facts(Stated):
    """What a view shows of stated facts.

    Which claims a view takes in is chosen before (`known.choose`); here it decides what holds on its
    day. `limit` bounds the joint choices among open readings that are looked through for that.
    """

    def __init__(
        self,
        quads: Iterable[Quad],
        view: View = PLAIN,
        limit: int = Settings.max_contexts,
        unsure: frozenset[Node] = frozenset(),
    ) -> None:
        super().__init__(quads)
        self.view = view
        self.limit = limit
        self.unsure = unsure
        """What is not certain for reasons that lie outside these facts."""

    @cached_property
    def world(self) -> list[Triple]:
        """What a closure starts from: the register and the accepted facts, without axioms."""
        register = without(self.register, self.moment.out)
        return [t for t in (*register, *self.accepted) if not is_axiom(t)]

    @cached_property
    def accepted(self) -> list[Triple]:
        """What the view shows however the open questions are decided, in triple order."""
        return without(self.agreed, self.moment.out)

    def clusters(self, limit: int) -> list[list[Context]]:
        """Return the contexts, grouped so that those of one list exclude each other.

        Raises CannotError when the joint choices are more than `limit`.
        """
        raw = choices(self, limit)
        if self.view.is_plain:
            return raw
        certain = {*self.world, *self.accepted}
        shown = []
        for cluster in raw:
            group = []
            for context in cluster:
                said = {*self.register, *self.agreed, *context.stated}
                left = without(said, self.moment.under[context.interpretations])
                extra = tuple(sorted(set(left) - certain, key=triple_order))
                group.append(Context(context.interpretations, context.label, extra))
            shown.append(group)
        return shown

    @property
    def combined(self) -> bool:
        """Tell whether open questions that touch parts of one whole are answered jointly."""
        return grouped(self, self.limit)[1]

    @cached_property
    def moment(self) -> Moment:
        """What the view leaves out: what does not hold on its day, or not for certain."""
        clusters = [] if self.view.is_plain else choices(self, self.limit)
        chosen = [[(c.interpretations, c.stated) for c in cluster] for cluster in clusters]
        return Moment.of(self.view, [*self.register, *self.agreed], chosen, self.firm).less(self.unsure)

    @cached_property
    def firm(self) -> set[Triple]:
        """What claims put forward as being so: no plan, forecast, wish or judgement."""
        actual = [r for c, readings in self.readings.items() if self.is_actual(c) for r in readings]
        return {t for r in actual if self.stands(r) for t in self.triples(r)}

    def shown(self, reading: Node) -> list[Triple]:
        """Return what the view shows of a reading: nothing of one that stands out of play for it."""
        if self.view.is_plain:
            return self.triples(reading)
        return without(self.triples(reading), self.moment.gone(self.rests_on(reading)))

    def unsaid(self, context: Context) -> set[Triple]:
        """Return what the view shows under a context and no reading under it repeats."""
        if self.view.is_plain:
            return set()
        undecided = {i for members in self.open.values() for i in members}
        picked = set(context.interpretations)
        fitting = [
            r
            for r in self.graphs
            if (needs := set(self.rests_on(r)) & undecided) and needs <= picked and self.stands(r)
        ]
        return set(context.stated) - {t for r in fitting for t in self.shown(r)}
