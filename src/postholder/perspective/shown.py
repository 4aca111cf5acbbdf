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
    said = _said(facts)
    spans = Spans(said)
    shown = [n for n in relations(said) if n not in facts.moment.never]
    firm = Spans(Triples(t for t in said if t in facts.firm))
    return [Triple(n, ph("standingReason"), Literal(in_words(n, spans, firm), language="en")) for n in shown]


def in_words(node: Node, told: Spans, firm: Spans) -> str:
    """Return what is told of the time of a relation, and apart from it what only a plan tells."""
    words, sure = str(told.of(node)).split("; "), str(firm.of(node)).split("; ")
    if words == sure:
        return "; ".join(words)
    if not firm.knows(node):
        return f"by a plan: {'; '.join(words)}"
    both = zip(words, sure, strict=True)
    return "; ".join(said if said == kept else f"{kept} (by a plan: {said})" for said, kept in both)


def _standings(facts: Facts, day: int) -> list[Triple]:
    said = _said(facts)
    spans, firm = Spans(said), Spans(Triples(t for t in said if t in facts.firm))
    timed = set(relations(said))
    existing = units(said)
    found = []
    for node, standing in sorted(facts.moment.standing.items(), key=lambda i: order(i[0])):
        if standing == "excluded" or node in facts.moment.never:
            continue
        found.append(Triple(node, ph("standing"), ph(standing)))
        if node in timed:
            reason = in_words(node, spans, firm)
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
        told = Triples(
            t for r in facts.readings[claim] if facts.stands(r) for t in facts.triples(r) if t.subject == node
        )
        spoken = [*days(told, node, *_WORDS), *(d - 1 for d in days(told, node, "earliestEnd", "latestEnd"))]
        earlier = [d for d in spoken if d <= day]
        if earlier or any(t.predicate == TYPE for t in told):
            words[claim] = max(earlier, default=FIRST)
    latest = [c for c, d in words.items() if d == max(words.values())]
    firm = [c for c in latest if ph("planned") not in facts.record.objects(c, ph("modality"))]
    return sorted(firm or latest, key=order)
