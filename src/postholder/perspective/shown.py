"""What the dataset of a view says about the view itself: its day, and how each thing stands on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from postholder import terms
from postholder.graph import LABEL, TYPE, Node, Triples, order, ph
from postholder.views.standing import BELONGING, Spans, happened, relations, units
from postholder.views.validity import FIRST, day_text, days

if TYPE_CHECKING:
    from postholder.readings import Facts

_VIEW = NamedNode(terms.ID + "view")
_DATE = NamedNode(terms.XSD + "date")
_WORDS = ("earliestStart", "latestStart", "ongoingAt")


def view_triples(facts: Facts) -> list[Triple]:
    """Return the description of a view, how things stand in it, and what is told of their time."""
    view = facts.view
    if view.is_plain:
        return _told(facts)
    found = [
        Triple(_VIEW, TYPE, ph("View")),
        Triple(_VIEW, LABEL, Literal(str(view), language="en")),
        Triple(_VIEW, ph("certainty"), ph(view.certainty)),
    ]
    for name, day in (("validOn", view.as_of), ("knownAt", view.known_at)):
        if day is not None:
            found.append(Triple(_VIEW, ph(name), Literal(day_text(day), datatype=_DATE)))
    return found + (_told(facts) if view.as_of is None else _standings(facts, view.as_of))


def _said(facts: Facts) -> Triples:
    """Return what the view shows, under whichever reading."""
    under = [t for cluster in facts.clusters(facts.limit) for context in cluster for t in context.stated]
    return Triples([*facts.register, *facts.agreed, *under])


def _told(facts: Facts) -> list[Triple]:
    """Return what is told of the time of each timed relation, in words."""
    told = Told(facts)
    shown = [n for n in relations(told.said) if n not in facts.moment.never]
    return [Triple(n, ph("standingReason"), Literal(told.of(n), language="en")) for n in shown]


class Told:
    """What is told of the time of things, in words; what readings tell apart stays apart."""

    def __init__(self, facts: Facts) -> None:
        agreed = [*facts.register, *facts.agreed]
        firm = facts.firm
        self.said = _said(facts)
        self._agreed = _spans(agreed, firm)
        self._under: dict[Node, list[tuple[Spans, Spans]]] = {}
        for cluster in facts.clusters(facts.limit):
            for context in cluster:
                about = {t.subject for t in context.stated}
                both = _spans([*agreed, *context.stated], firm) if about else self._agreed
                for node in about:
                    self._under.setdefault(node, []).append(both)

    def of(self, node: Node) -> str:
        """Return what is told of the time of a timed relation."""
        return " or ".join(dict.fromkeys(in_words(node, *both) for both in self._under.get(node, [self._agreed])))


def _spans(triples: list[Triple], firm: set[Triple]) -> tuple[Spans, Spans]:
    return Spans(Triples(triples)), Spans(Triples(t for t in triples if t in firm))


def in_words(node: Node, told: Spans, firm: Spans) -> str:
    """Return what is told of the time of a relation, and apart from it what only a plan tells."""
    if told.contradicts_itself(node):
        return "what is told of its time contradicts itself"
    words, sure = str(told.of(node)).split("; "), str(firm.of(node)).split("; ")
    if words == sure:
        return "; ".join(words)
    if not firm.knows(node):
        return f"by a plan: {'; '.join(words)}"
    both = zip(words, sure, strict=True)
    return "; ".join(said if said == kept else f"{kept} (by a plan: {said})" for said, kept in both)


def _standings(facts: Facts, day: int) -> list[Triple]:
    told = Told(facts)
    said = told.said
    timed = set(relations(said))
    existing = units(said)
    found = []
    for node, standing in sorted(facts.moment.standing.items(), key=lambda i: order(i[0])):
        if standing == "excluded" or node in facts.moment.never:
            continue
        found.append(Triple(node, ph("standing"), ph(standing)))
        if node in timed:
            reason = told.of(node)
            found += [Triple(node, ph("attestedBy"), c) for c in attested_by(facts, node, day)]
        elif node in existing:
            reason = str(existing[node])
        elif any(said.objects(node, ph(name)) for name in BELONGING):
            continue  # it stands as its unit does
        else:
            reason = str(happened(said, node)).partition(";")[0]
        found.append(Triple(node, ph("standingReason"), Literal(reason, language="en")))
    return found


def attested_by(facts: Facts, node: Node, day: int) -> list[Node]:
    """Return the claims with the latest word on a timed relation up to a day, in term order.

    A claim's word is the last day for which it says that the relation holds; a claim that tells no
    day has the earliest word. Plans count only where nothing else has as late a word.
    """
    words: dict[Node, int] = {}
    for claim in facts.claims_of(node):
        if claim in facts.withdrawn:
            continue
        told = Triples(t for r, t in facts.said_of[node][claim] if facts.stands(r))
        spoken = [*days(told, node, *_WORDS), *(d - 1 for d in days(told, node, "earliestEnd", "latestEnd"))]
        earlier = [d for d in spoken if d <= day]
        if earlier or any(t.predicate == TYPE for t in told):
            words[claim] = max(earlier, default=FIRST)
    latest = [c for c, d in words.items() if d == max(words.values())]
    return sorted([c for c in latest if facts.is_actual(c)] or latest, key=order)
