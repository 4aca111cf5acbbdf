"""On every day on which something shipped begins or ends, the views agree with the reference.

The snapshot of a day is cut out here by itself, from the triples as they stand, and closed by owlrl; with
reporting and placement declared transitive for it, since on one day chains are plain transitivity.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from postholder import terms
from postholder.closure import timed
from postholder.closure.choose import engine_for
from postholder.closure.profile import logical
from postholder.closure.reference import ReferenceEngine
from postholder.graph import TYPE, Triples, ph, triple_order
from postholder.perspective.look import look
from postholder.readings import is_axiom
from postholder.views.view import View

if TYPE_CHECKING:
    from postholder.api import KnowledgeGraph
    from postholder.readings import Facts

REPORTS, PART = NamedNode(terms.ORG + "reportsTo"), NamedNode(terms.ORG + "subOrganizationOf")
TRANSITIVE = NamedNode(terms.OWL + "TransitiveProperty")
STARTS, ENDS = {ph("earliestStart"), ph("earliestDate")}, {ph("latestEnd")}
DATED = STARTS | ENDS | {ph(n) for n in ("latestStart", "earliestEnd", "ongoingAt", "latestDate")}
CLASSES = {ph(n) for n in ("Appointment", "ReportingLine", "UnitPlacement", "BrandArrangement", "PlatformMechanism",
                           "ApplicationUse", "Vacancy")}  # fmt: skip
BELONGING = {ph(n) for n in ("postIn", "heads", "assignedTo", "focusOf")}


def snapshot(triples: list[Triple], day: str) -> list[Triple]:
    """Cut out what can hold on a day, comparing days as text."""
    out = {
        t.subject
        for t in triples
        if isinstance(t.object, Literal)
        and ((t.predicate in STARTS and t.object.value > day) or (t.predicate in ENDS and t.object.value <= day))
    }
    made = {t.object for t in triples if t.predicate == ph("establishes") and t.subject in out}
    ended = {
        t.object
        for t in triples
        if t.predicate == ph("abolishes")
        and any(u.subject == t.subject and u.predicate == ph("latestDate") and u.object.value <= day for u in triples)  # type: ignore[union-attr]
    }
    out |= {n for n in made | ended if not isinstance(n, Literal)}
    out |= {t.subject for t in triples if t.predicate in BELONGING and t.object in out}
    relations = {t.subject for t in triples if t.predicate == TYPE and t.object in CLASSES}
    out |= {
        t.subject
        for t in triples
        if t.subject in relations and t.object in out and t.predicate != ph("statedConcurrentWith")
    }
    return [t for t in triples if t.subject not in out and t.object not in out and not is_axiom(t)]


@pytest.fixture(scope="module")
def plain(shipped: KnowledgeGraph) -> Facts:
    return look(shipped.inputs.fact_quads)


def boundaries(facts: Facts) -> list[str]:
    """Return each day that bounds something, with the day before and the day after."""
    found = {q.object.value for q in facts.quads if q.predicate in DATED and isinstance(q.object, Literal)}
    days = [date.fromisoformat(d) for d in found]
    return sorted({(d + timedelta(days=n)).isoformat() for d in days for n in (-1, 0, 1)})


def test_every_day_gives_the_closure_of_its_snapshot(shipped: KnowledgeGraph, plain: Facts) -> None:
    axioms = logical(shipped.inputs.ontology)
    fast = engine_for(shipped.settings)
    assert fast.name == "postholder"
    days = boundaries(plain)
    assert len(days) >= 3
    whole = [*plain.register, *plain.agreed]
    windows = {
        predicate: timed.chains(timed.edges(plain_triples(plain), low, high))
        for low, high, predicate in (("subordinate", "superior", REPORTS), ("placedUnit", "parentUnit", PART))
    }
    states: dict[tuple[Triple, ...], list[str]] = defaultdict(list)
    for day in days:
        facts = look(shipped.inputs.fact_quads, View.of(as_of=day))
        alone = tuple(sorted(set(snapshot(whole, day)), key=triple_order))
        assert set(alone) == set(facts.world), day
        states[alone].append(day)
    given = list(states)
    ours = fast.close(axioms, [], given)[1:]
    chained = [*axioms, *(Triple(p, TYPE, TRANSITIVE) for p in (REPORTS, PART))]
    reference = ReferenceEngine(shipped.settings.engine_seconds)
    theirs = reference.close(axioms, [], given)[1:]
    transitive = reference.close(chained, [], given)[1:]
    for state, our, their, chain in zip(given, ours, theirs, transitive, strict=True):
        assert set(our.inferred) == set(their.inferred), states[state]
        for predicate, found in windows.items():
            joined = {(t.subject, t.object) for t in chain.inferred if t.predicate == predicate}
            for day in states[state]:
                number = date.fromisoformat(day).toordinal()
                on_the_day = {p for p, spans in found.items() if any(s <= number < e for s, e in spans)}
                people = {(s, o) for s, o in joined if "/person/" in str(s)}
                assert on_the_day == joined - people, day


def plain_triples(facts: Facts) -> Triples:
    return Triples([*facts.register, *facts.agreed])


def test_under_each_answer_a_day_gives_the_closure_of_what_is_shown(shipped: KnowledgeGraph) -> None:
    """The same under every joint answer to the open questions, on a day on which much begins and ends."""
    axioms = logical(shipped.inputs.ontology)
    facts = look(shipped.inputs.fact_quads, View.of(as_of="2023-09-10"))
    contexts = [c for cluster in facts.clusters(facts.limit) for c in cluster]
    assert len(contexts) > 8
    given = [[t for t in c.stated if not is_axiom(t)] for c in contexts]
    ours = engine_for(shipped.settings).close(axioms, facts.world, given)
    theirs = ReferenceEngine(shipped.settings.engine_seconds).close(axioms, facts.world, given)
    assert [set(c.inferred) for c in ours] == [set(c.inferred) for c in theirs]
