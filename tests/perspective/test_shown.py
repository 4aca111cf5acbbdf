"""What the dataset of a view says of the view, of each thing in it, and of who has the latest word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from postholder import terms
from postholder.graph import text_of
from postholder.perspective.look import look
from postholder.perspective.shown import attested_by, view_triples
from postholder.views.validity import day_of
from postholder.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.readings import Facts

STINT = """
claim:1 a ph:Claim ; ph:modality ph:actual ; ph:hasReading reading:1 .
reading:1 { appointment:a a ph:Appointment ; ph:ongoingAt "2023-03-28"^^xsd:date }
claim:2 a ph:Claim ; ph:modality ph:planned ; ph:hasReading reading:2 .
reading:2 { appointment:a a ph:Appointment ; ph:ongoingAt "2023-09-10"^^xsd:date }
claim:3 a ph:Claim ; ph:modality ph:actual ; ph:hasReading reading:3 .
reading:3 { appointment:a ph:earliestEnd "2023-12-20"^^xsd:date ; ph:latestEnd "2023-12-20"^^xsd:date }
claim:4 a ph:Claim ; ph:modality ph:actual ; ph:hasReading reading:4 .
reading:4 { appointment:a rdfs:label "Ann as chief"@en }
"""


@pytest.fixture(scope="module")
def stint(facts_of: Callable[[str], Facts]) -> Facts:
    return facts_of(STINT)


@pytest.mark.parametrize(("day", "claims"), [
    ("2023-01-01", "1"), ("2023-03-27", "1"), ("2023-03-28", "1"), ("2023-09-09", "1"), ("2023-09-10", "2"),
    ("2023-12-18", "2"), ("2023-12-19", "3"),
])  # fmt: skip
def test_the_latest_word_up_to_a_day(day: str, claims: str, stint: Facts) -> None:
    facts = look(stint.quads, View.of(day))
    found = attested_by(facts, NamedNode(terms.ID + "appointment/a"), day_of(day) or 0)
    assert {text_of(c).rpartition("/")[2] for c in found} == set(claims)


def told(facts: Facts) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for t in view_triples(facts):
        key = text_of(t.subject).removeprefix(terms.ID), t.predicate.value.removeprefix(terms.PH)
        found.setdefault(key, set()).add(text_of(t.object))
    return found


def test_a_view_describes_itself(stint: Facts) -> None:
    found = told(look(stint.quads, View.of("2023-10-01", "2023-11-01", "certain")))
    assert found["view", "validOn"] == {"2023-10-01"}
    assert found["view", "knownAt"] == {"2023-11-01"}
    assert found["view", "certainty"] == {terms.PH + "certain"}


def test_the_plain_view_tells_times_only(stint: Facts) -> None:
    found = told(stint)
    assert set(found) == {("appointment/a", "standingReason")}
    assert found["appointment/a", "standingReason"] == {"began by 2023-03-28; ended 2023-12-20"}


def test_what_is_left_out_is_not_spoken_of(stint: Facts) -> None:
    assert not [k for k in told(look(stint.quads, View.of("2024-01-01"))) if k[0] != "view"]
    assert ("appointment/a", "standing") in told(look(stint.quads, View.of("2023-06-01")))


def test_a_thing_stands_as_sure_as_it_is(stint: Facts) -> None:
    plan = look(stint.quads, View(as_of=day_of("2023-05-01"), without=frozenset([terms.ID + "claim/3"])))
    assert told(plan)["appointment/a", "standing"] == {terms.PH + "possible"}
    assert told(look(stint.quads, View.of("2023-05-01")))["appointment/a", "standing"] == {terms.PH + "certain"}


UNIT = """
claim:1 a ph:Claim ; ph:modality ph:actual ; ph:hasReading reading:1 .
reading:1 { event:e a ph:UnitEstablishment ; ph:establishes unit:u ; ph:earliestDate "2022-01-01"^^xsd:date .
  post:p a ph:Post ; ph:postIn unit:u . appointment:a a ph:Appointment ; ph:post post:p }
"""


def test_units_events_and_what_hangs_on_them(facts_of: Callable[[str], Facts]) -> None:
    found = told(look(facts_of(UNIT).quads, View.of("2022-06-01")))
    assert found["unit/u", "standingReason"] == {"began 2022-01-01 or later; no end told"}
    assert found["event/e", "standingReason"] == {"began 2022-01-01 or later"}
    assert ("post/p", "standing") in found
    assert ("post/p", "standingReason") not in found
    assert found["appointment/a", "standingReason"] == {"began 2022-01-01 or later; no end told"}


RIVALS = """interpretation:x ph:interpretationOf ambiguity:q ; ph:interpretationStatus ph:open .
interpretation:y ph:interpretationOf ambiguity:q ; ph:interpretationStatus ph:open .
claim:1 a ph:Claim ; ph:modality ph:actual ; ph:hasReading reading:x , reading:y .
reading:x ph:underInterpretation interpretation:x . reading:y ph:underInterpretation interpretation:y .
reading:x { appointment:a a ph:Appointment ; ph:latestStart "2020-01-01"^^xsd:date }
reading:y { appointment:a a ph:Appointment ; ph:latestStart "2021-01-01"^^xsd:date }
"""


def test_rival_readings_are_not_mixed_into_one_time(facts_of: Callable[[str], Facts]) -> None:
    words = {"began by 2020-01-01; no end told or began by 2021-01-01; no end told"}
    assert told(facts_of(RIVALS))["appointment/a", "standingReason"] == words


def test_what_only_a_plan_tells_is_told_apart(facts_of: Callable[[str], Facts]) -> None:
    [words] = told(look([q for q in facts_of(STINT).quads if "reading/3" not in str(q.graph_name)]))[
        "appointment/a", "standingReason"
    ]
    assert words == "began by 2023-03-28; held on 2023-03-28, no end told (by a plan: held on 2023-09-10, no end told)"
