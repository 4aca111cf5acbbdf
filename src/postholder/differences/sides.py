"""One side of a comparison: what it tells of each thing, and how that stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from postholder import terms
from postholder.differences.cited import cited, condition
from postholder.graph import TYPE, Node, Term, Triples, order, ph, text_of
from postholder.perspective.shown import attested_by
from postholder.views.standing import EVENTS, events, happened, relations, units
from postholder.views.validity import bounds_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.readings import Context, Facts

PRESENT = ("certain", "possible", "planned")
NOT, UNTOLD = "not", "not told"
"""Excluded by what is told, as against: nothing is told of it."""

_UNITS = ("Unit", "Company", "Sector", "Center", "Team", "Business", "UnspecifiedUnits")
KINDS = {
    "Appointment": "appointment",
    "ReportingLine": "reporting line",
    "UnitPlacement": "placement",
    "BrandArrangement": "brand arrangement",
    "PlatformMechanism": "mechanism",
    "ApplicationUse": "application use",
    "Vacancy": "vacancy",
    "Post": "post",
    **dict.fromkeys(_UNITS, "unit"),
    "Brand": "brand",
    **dict.fromkeys(EVENTS, "event"),
    "TimedRelation": "other relation",
}
"""What is compared, by class; what has several classes is of the first kind here."""
_VALUES = (
    "holder", "post", "mode", "subordinate", "superior", "lineType", "placedUnit", "parentUnit", "operator",
    "arrangedBrand", "arrangementKind", "appliesTo", "application", "usedBy", "vacantPost", "postIn", "directs",
    "heads",
)  # fmt: skip
"""What makes up a thing that is compared."""


@dataclass(frozen=True)
class Seen:
    """A thing as one side shows it."""

    standing: str
    """`certain`, `possible`, `planned`, `not` (excluded) or `not told`."""
    dates: str = ""
    reading: str = ""
    """The open reading it depends on, if it does."""
    claims: tuple[str, ...] = ()
    """The claims with the latest word on it, with their passages."""
    values: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """Each property with its values: what they are, and what they are called."""

    def names(self, name: str) -> tuple[str, ...]:
        """Return what a property's values are called."""
        return tuple(called for _, called in dict(self.values).get(name, ()))

    def things(self, name: str) -> tuple[str, ...]:
        """Return what a property's values are."""
        return tuple(thing for thing, _ in dict(self.values).get(name, ()))

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        told = {"standing": self.standing, "dates": self.dates, "reading": self.reading, "claims": list(self.claims)}
        values = {name: [{"value": t, "name": c} for t, c in values] for name, values in self.values}
        return {**told, "values": values}


class Side:
    """The facts of one view, to be asked about single things."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.agreed = Triples([*facts.register, *facts.agreed])
        standing = (t for r in facts.graphs if facts.stands(r) for t in facts.triples(r))
        self.told = Triples([*facts.register, *standing])
        """All that is told of any time, under whatever reading."""

    @property
    def _day(self) -> int | None:
        return self.facts.view.as_of

    @cached_property
    def _clusters(self) -> list[list[tuple[Context, set[Node]]]]:
        clusters = self.facts.clusters(self.facts.limit)
        return [[(c, {t.subject for t in c.stated if t.predicate == TYPE}) for c in cluster] for cluster in clusters]

    @cached_property
    def _units(self) -> dict[Node, Any]:
        return units(self.told)

    @cached_property
    def kinds(self) -> dict[Node, str]:
        """The kind of everything that is compared."""
        found: dict[Node, str] = {}
        for name, kind in KINDS.items():
            for node in self.told.subjects(TYPE, ph(name)):
                found.setdefault(node, kind)
        for node in relations(self.told):
            found.setdefault(node, "other relation")
        for node in events(self.told):
            found.setdefault(node, "event")
        return found

    def standing(self, node: Node) -> str:
        """Return how a thing stands."""
        if node not in self.kinds:
            return UNTOLD
        judged = self.facts.moment.standing.get(node) if self._day is not None else None
        if judged == "excluded":
            return NOT
        firm = judged == "certain" and node not in self._units  # units are judged by their events, planned or not
        if not firm and self._is_plan(node):
            return "planned"
        return judged or ("certain" if self.agreed.objects(node, TYPE) else "possible")

    def _is_plan(self, node: Node) -> bool:
        """Tell whether the last that was heard of a thing is a plan."""
        if node in self._units:
            makers = self.told.subjects(ph("establishes"), node)
            return bool(makers) and all(self._is_plan(m) for m in makers)
        claims = self.claims(node)
        return bool(claims) and all(self.facts.is_planned(c) for c in claims)

    def claims(self, node: Node) -> list[Node]:
        """Return the claims with the latest word on a timed relation up to the day, or those that introduce a thing."""
        if node in self._timed and self._day is not None:
            return attested_by(self.facts, node, self._day)
        facts = self.facts
        makers = {m for name in ("establishes", "abolishes") for m in self.told.subjects(ph(name), node)}
        about = [n for n in (node, *sorted(makers, key=order)) if n in self.kinds]
        stating = [c for n in about for c in facts.claims_of(n) if facts.introduces(c, n)]
        return [c for c in dict.fromkeys(stating or facts.claims_of(node)) if c not in facts.withdrawn]

    @cached_property
    def _timed(self) -> set[Node]:
        return set(relations(self.told))

    def seen(self, node: Node, called: Callable[[Term], str] | None = None) -> Seen:
        """Return a thing as this side shows it; `called` gives the names of its values."""
        standing = self.standing(node)
        if standing == UNTOLD:
            return Seen(UNTOLD)
        claims = tuple(cited(self.facts, c) for c in self.claims(node))
        return Seen(standing, self._dates(node), self._reading(node), claims, self._values(node, called or self.name))

    def _dates(self, node: Node) -> str:
        if node in self._timed:
            return str(bounds_of(self.told, node))
        if node in self._units:
            return str(self._units[node])
        if self.kinds[node] == "event":
            return str(happened(self.told, node)).partition(";")[0].replace("no start told", "no date told")
        return ""

    def _reading(self, node: Node) -> str:
        """Say under which open readings a thing is there, unless it is under all."""
        if self.agreed.objects(node, TYPE):
            return ""
        for cluster in self._clusters:
            holding = [c for c, typed in cluster if node in typed]
            if holding and len(holding) < len(cluster):
                return condition(self.facts.record, holding, [c for c, _ in cluster])
        return ""

    def _values(self, node: Node, called: Callable[[Term], str]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        found = ((name, self.told.objects(node, ph(name))) for name in _VALUES)
        return tuple((name, tuple(sorted((text_of(v), called(v)) for v in values))) for name, values in found if values)

    def name(self, term: Term) -> str:
        """Return what something is called: a label, or the bare name of a code-list member."""
        if isinstance(term, Literal):
            return term.value
        iri = text_of(term)
        if iri.startswith(terms.PH):
            return iri.removeprefix(terms.PH)
        return self.told.label(term)
