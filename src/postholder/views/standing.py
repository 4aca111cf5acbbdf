"""How things stand on a day: certainly there, possibly there, or excluded.

Judged are timed relations by their bounds, change events by having happened, units by the events that
begin and end them, posts and mandates by their units; and nothing holds before or after what takes part in it.
Persons, brands and units without such an event are identities, about which a day decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import Literal, Triple

from postholder.graph import TYPE, Node, Term, Triples, order, ph
from postholder.views.validity import BOUNDS, FIRST, LAST, Bounds, Standing, bounds_of, combined, contradictory, days

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pyoxigraph import NamedNode

    from postholder.views.view import View

RELATIONS = (
    "Appointment", "ReportingLine", "UnitPlacement", "BrandArrangement", "PlatformMechanism", "ApplicationUse",
    "Vacancy", "TimedRelation",
)  # fmt: skip
_PARTICIPANTS = (
    "post", "subordinate", "superior", "vacantPost", "placedUnit", "parentUnit", "operator", "appliesTo", "usedBy",
)  # fmt: skip
BELONGING = ("postIn", "heads", "assignedTo", "focusOf")
"""What joins posts, mandates and market focuses to a unit, without which they are not there."""
EVENTS = ("ChangeEvent", "Reorganisation", "Integration", "UnitEstablishment", "UnitAbolition")


_TELLING = {TYPE, *(ph(n) for n in (
    *BOUNDS, *_PARTICIPANTS, *BELONGING, "earliestDate", "latestDate", "establishes", "abolishes",
))}  # fmt: skip
"""What is looked at to judge how things stand."""


def relations(triples: Triples) -> list[Node]:
    """Return the timed relations, in term order."""
    typed = {n for name in RELATIONS for n in triples.subjects(TYPE, ph(name))}
    dated = {n for name in BOUNDS for n, _ in triples.pairs(ph(name))}
    return sorted(typed | dated, key=order)


def events(triples: Triples) -> list[Node]:
    """Return the change events, in term order."""
    typed = {n for name in EVENTS for n in triples.subjects(TYPE, ph(name))}
    doing = {n for name in ("establishes", "abolishes") for n, _ in triples.pairs(ph(name))}
    return sorted(typed | doing, key=order)


def happened(triples: Triples, event: Node) -> Bounds:
    """Return when an event took place, as bounds of its having happened: it never ends."""
    first, last = days(triples, event, "earliestDate"), days(triples, event, "latestDate")
    return combined(first, last, [LAST], [])


def units(triples: Triples) -> dict[Node, Bounds]:
    """Return when the units exist that a change event begins or ends."""
    made, ended = _by_unit(triples, "establishes"), _by_unit(triples, "abolishes")
    found = {}
    for unit in {*made, *ended}:
        start, end = made.get(unit, []), ended.get(unit, [])
        found[unit] = combined(
            [b.earliest_start for b in start if b.earliest_start != FIRST],
            [b.latest_start for b in start if b.latest_start < LAST - 1],
            [b.earliest_start for b in end if b.earliest_start != FIRST],
            [b.latest_start for b in end if b.latest_start < LAST - 1],
        )
        if not end:  # a unit lasts until an event ends it
            found[unit] = found[unit]._replace(earliest_end=LAST)
    return found


def _by_unit(triples: Triples, name: str) -> dict[Node, list[Bounds]]:
    found: dict[Node, list[Bounds]] = {}
    for event, unit in triples.pairs(ph(name)):
        if not isinstance(unit, Literal):
            found.setdefault(unit, []).append(happened(triples, event))
    return found


class Spans:
    """The bounds of timed relations, kept within the time of the units that take part in them.

    Where the two contradict each other neither is picked: the relation keeps its own bounds.
    """

    def __init__(self, facts: Triples) -> None:
        self._facts = facts
        self._known: dict[Node, Bounds] = {}
        self._units: dict[Term, Bounds] = dict(units(facts).items())
        self._places = _places(facts) if self._units else {}

    def knows(self, relation: Node) -> bool:
        """Tell whether a relation is described at all."""
        return bool(self._facts.objects(relation, TYPE))

    def contradicts_itself(self, relation: Node) -> bool:
        """Tell whether the days told of a relation cannot all be right."""
        return contradictory(self._facts, relation)

    def told_by(self, relation: Node) -> set[Triple]:
        """Return all that the bounds of a relation are worked out from."""
        facts, found = self._facts, set[Triple]()
        for name in BOUNDS:
            found |= {Triple(relation, ph(name), o) for o in facts.objects(relation, ph(name))}
        for name in _PARTICIPANTS if self._units else ():
            for part in facts.objects(relation, ph(name)):
                ends = self._units_of(part)
                found |= {Triple(relation, ph(name), part), *(t for told in ends for t in told)} if ends else set()
        return found

    def _units_of(self, part: Term) -> list[list[Triple]]:
        """Return what joins a participant to each unit whose time is told, and tells of that time."""
        facts, found = self._facts, []
        if isinstance(part, Literal):
            return []
        joined: list[tuple[Term, list[Triple]]] = [(part, [])]
        joined += [
            (unit, [Triple(part, ph(name), unit)]) for name in BELONGING for unit in facts.objects(part, ph(name))
        ]
        for unit, way in joined:
            for name in ("establishes", "abolishes") if unit in self._units else ():
                for event in facts.subjects(ph(name), unit):
                    dates = (ph(n) for n in ("earliestDate", "latestDate"))
                    told = [Triple(event, d, o) for d in dates for o in facts.objects(event, d)]
                    found.append([*way, Triple(event, ph(name), unit), *told])
        return found

    def of(self, relation: Node) -> Bounds:
        """Return the bounds of a relation."""
        if relation not in self._known:
            self._known[relation] = self._kept_within(relation)
        return self._known[relation]

    def _kept_within(self, relation: Node) -> Bounds:
        own = found = bounds_of(self._facts, relation)
        if not self._units:
            return found
        for part in _parts(self._facts, relation):
            for thing in (part, *self._places.get(part, ())):
                if thing in self._units:
                    first, last = self._units[thing].possible
                    found = found._replace(
                        earliest_start=max(found.earliest_start, first), latest_end=min(found.latest_end, last)
                    )
        apart = found.earliest_start > found.latest_start or found.earliest_end > found.latest_end
        return own if apart or found.earliest_start >= found.latest_end else found.tight()


def judge(facts: Triples, firm: Triples, day: int | None) -> dict[Node, Standing]:
    """Return how everything that can be judged stands on a day, or at any time.

    `facts` is all that is said; `firm` leaves plans out: what only a plan says is never certain.
    """
    if day is None:
        return {n: "certain" if firm.objects(n, TYPE) else "possible" for n in (*events(facts), *relations(facts))}
    standing: dict[Term, Standing] = {
        event: _both(happened(facts, event), happened(firm, event), day) for event in events(facts)
    }
    surely = units(firm)
    standing |= {unit: _both(bounds, surely.get(unit, Bounds()), day) for unit, bounds in units(facts).items()}
    places = _places(facts)
    for thing, within in places.items():
        told = {standing[u] for u in within if u in standing}
        if told:
            standing[thing] = next(s for s in ("excluded", "possible", "certain") if s in told)
    spans, sure = Spans(facts), Spans(firm)
    there: dict[Term, Standing] = {}
    for relation in relations(facts):
        found = _both(spans.of(relation), sure.of(relation), day)
        if found == "certain" and not firm.objects(relation, TYPE):
            found = "possible"
        standing[relation] = found
        # What takes part in something is there with it: who holds a post holds one that exists.
        for part in _parts(facts, relation) if found != "excluded" else ():
            for thing in (part, *places.get(part, ())):
                if there.get(thing) != "certain":
                    there[thing] = found
    makers = {unit: event for event, unit in facts.pairs(ph("establishes"))}
    for thing, found in there.items():
        for known in (thing, makers.get(thing)):
            if known in standing and standing[known] != "certain" and (found == "certain" or standing[known] != found):
                standing[known] = found
    return {n: s for n, s in standing.items() if not isinstance(n, Literal)}


def _both(told: Bounds, firm: Bounds, day: int) -> Standing:
    """Return certain only for what is so without plans as well; plans do exclude."""
    found = told.on(day)
    return "possible" if found == "certain" and firm.on(day) != "certain" else found


def _parts(facts: Triples, relation: Node) -> list[Term]:
    return [o for name in _PARTICIPANTS for o in facts.objects(relation, ph(name))]


def _places(facts: Triples) -> dict[Term, list[Term]]:
    """Return the units to which each post, mandate or market focus belongs."""
    places: dict[Term, list[Term]] = {}
    for name in BELONGING:
        for thing, unit in facts.pairs(ph(name)):
            places.setdefault(thing, []).append(unit)
    return places


_Choice = tuple["NamedNode", ...]
"""A joint choice of interpretations."""


@dataclass(frozen=True)
class Moment:
    """What a view leaves out, for certain and under each joint choice of open interpretations."""

    out: frozenset[Node] = frozenset()
    """Out under some choice, so not to be relied on."""
    never: frozenset[Node] = frozenset()
    """Out under every choice."""
    under: dict[_Choice, frozenset[Node]] = field(default_factory=dict)
    standing: dict[Node, Standing] = field(default_factory=dict)
    """How each judged thing stands when all choices are taken together."""

    @classmethod
    def of(
        cls,
        view: View,
        agreed: Sequence[Triple],
        clusters: Sequence[Sequence[tuple[_Choice, Sequence[Triple]]]],
        firm: Collection[Triple],
    ) -> Moment:
        """Judge what is agreed, alone and with what each choice adds."""
        if view.as_of is None and view.certainty == "possible":
            return cls(under={choice: frozenset() for cluster in clusters for choice, _ in cluster})

        def judged(extra: Sequence[Triple]) -> dict[Node, Standing]:
            said = [t for t in (*agreed, *extra) if t.predicate in _TELLING]
            return judge(Triples(said), Triples(t for t in said if t in firm), view.as_of)

        def left_out(standing: dict[Node, Standing]) -> frozenset[Node]:
            wanted = {"certain"} if view.certainty == "certain" else {"certain", "possible"}
            return frozenset(n for n, s in standing.items() if s not in wanted)

        alone = judged(())
        base = left_out(alone)
        out, never, standing = set(base), set(base), dict(alone)
        under: dict[_Choice, frozenset[Node]] = {}
        decided: list[tuple[list[_Choice], set[Node]]] = []
        for cluster in clusters:
            found = {
                choice: judged(extra) if any(t.predicate in _TELLING for t in extra) else alone
                for choice, extra in cluster
            }
            gone = {choice: left_out(s) for choice, s in found.items()}
            under |= gone
            ever: frozenset[Node] = frozenset().union(*gone.values())
            always: frozenset[Node] = frozenset.intersection(*gone.values())
            # What is undated by what is agreed may be dated, and so kept, by every choice.
            out -= base - ever
            out |= ever - base
            decided.append((list(gone), {n for left in gone.values() for n in left ^ base}))
            never -= base - always
            never |= always - base
            for node in {n for s in found.values() for n in s}:
                told = {s.get(node, "excluded") for s in found.values()}
                if told != {alone.get(node)}:
                    standing[node] = told.pop() if len(told) == 1 else "possible"
        # What another question decides is shown with the answers to that question only.
        for number, (choices, _) in enumerate(decided):
            others = {n for other, (_, nodes) in enumerate(decided) if other != number for n in nodes}
            for choice in choices:
                under[choice] |= others & out
        return cls(frozenset(out), frozenset(never), under, standing)

    def less(self, unsure: frozenset[Node]) -> Moment:
        """Return the same, with some more left out everywhere."""
        if not unsure:
            return self
        standing = {n: "possible" if n in unsure and s == "certain" else s for n, s in self.standing.items()}
        under = {choice: out | unsure for choice, out in self.under.items()}
        return Moment(self.out | unsure, self.never | unsure, under, standing)

    def gone(self, interpretations: Collection[NamedNode]) -> frozenset[Node]:
        """Return what is out under every choice that takes the given interpretations."""
        wanted = {i for choice in self.under for i in choice}.intersection(interpretations)
        fitting = [out for choice, out in self.under.items() if wanted <= set(choice)]
        return frozenset.intersection(*fitting) if wanted and fitting else self.never


def without(triples: Iterable[Triple], left_out: Collection[Node]) -> list[Triple]:
    """Return the triples that speak of nothing left out."""
    if not left_out:
        return list(triples)
    return [t for t in triples if t.subject not in left_out and t.object not in left_out]
