"""What holds for certain and what under some readings, told as shortly as it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode

from postholder import terms
from postholder.graph import TYPE, ph
from postholder.overview.worlds import Holding, Worlds, code

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.readings import Facts

JOINT = """
interpretation:a1 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open ; rdfs:label "a-one"@en .
interpretation:a2 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open ; rdfs:label "a-two"@en .
interpretation:b1 ph:interpretationOf ambiguity:B ; ph:interpretationStatus ph:open ; rdfs:label "b-one"@en .
interpretation:b2 ph:interpretationOf ambiguity:B ; ph:interpretationStatus ph:open ; rdfs:label "b-two"@en .
claim:1 a ph:Claim ; ph:hasReading reading:1 , reading:2 , reading:3 , reading:4 .
reading:1 ph:underInterpretation interpretation:a1 , interpretation:b1 .
  reading:2 ph:underInterpretation interpretation:a1 , interpretation:b2 .
reading:3 ph:underInterpretation interpretation:a2 , interpretation:b1 .
  reading:4 ph:underInterpretation interpretation:a2 , interpretation:b2 .
"""
APPOINTMENT = NamedNode(terms.ID + "appointment/x")
ANN = NamedNode(terms.ID + "person/ann")


@pytest.mark.parametrize(
    ("holding", "when", "share"),
    [
        ((1, 2), "if a-one", "2 of 4 readings"),
        ((1, 3), "if b-one", "2 of 4 readings"),
        ((4,), "if a-two; b-two", "1 of 4 readings"),
        ((1, 4), "in 2 of 4 readings", "2 of 4 readings"),
        ((1, 2, 3), "in 3 of 4 readings", "3 of 4 readings"),
        ((1, 2, 3, 4), "", ""),
    ],
)
def test_a_condition_is_as_short_as_it_can_be(
    holding: tuple[int, ...], when: str, share: str, facts_of: Callable[[str], Facts]
) -> None:
    readings = " ".join(
        f"reading:{n} {{ {'appointment:x ph:holder person:ann .' if n in holding else ''} unit:u{n} a ph:Unit }}"
        for n in range(1, 5)
    )
    worlds = Worlds(facts_of(JOINT + readings), 99)
    assert worlds.values(APPOINTMENT, ph("holder")) == [Holding(ANN, when, share)]
    assert worlds.subjects(ph("holder"), ANN) == [Holding(APPOINTMENT, when, share)]


def test_literals_are_no_things(facts_of: Callable[[str], Facts]) -> None:
    text = (
        'claim:1 ph:hasReading reading:1 . reading:1 { appointment:x ph:holder "Ann" , person:ann ; a ph:Appointment }'
    )
    worlds = Worlds(facts_of(text), 9)
    assert worlds.values(APPOINTMENT, ph("holder")) == [Holding(ANN)]
    assert worlds.subjects(TYPE, ph("Appointment")) == [Holding(APPOINTMENT)]
    conditional = JOINT + 'reading:1 { appointment:x ph:holder "Ann" }'
    assert Worlds(facts_of(conditional), 9).values(APPOINTMENT, ph("holder")) == []


def test_a_label_comes_from_wherever_it_stands(facts_of: Callable[[str], Facts]) -> None:
    worlds = Worlds(
        facts_of(
            JOINT
            + """unit:r rdfs:label "in the record"@en . claim:2 ph:hasReading reading:0 .
            reading:0 { unit:c rdfs:label "for certain"@en } reading:1 { unit:u rdfs:label "under\\u001b one"@en }"""
        ),
        99,
    )
    names = [worlds.label(NamedNode(f"{terms.ID}unit/{n}")) for n in "rcuz"]
    assert names == ["in the record", "for certain", "under\\x1b one", "unit/z"]


SPANS = """
claim:1 dcterms:identifier "F2" ; ph:hasReading reading:1 ; ph:evidence <http://x/d#char=30,40> ,
  <http://x/d#char=3,9> .
claim:2 dcterms:identifier "F1" ; ph:hasReading reading:2 . claim:3 dcterms:identifier "F3\\u0007" ;
  ph:hasReading reading:3 ;
  ph:evidence <http://x/none> .
<http://x/d#char=3,9> ph:start 3 ; ph:end 9 . <http://x/d#char=30,40> ph:start 30 ; ph:end 40 .
reading:1 { unit:x a ph:Unit . unit:y a ph:Unit } reading:2 { unit:x rdfs:label "X" .
  unit:w a ph:Unit } reading:3 { unit:z a ph:Unit }
"""


def test_evidence_tells_claims_and_offsets(facts_of: Callable[[str], Facts]) -> None:
    worlds = Worlds(facts_of(SPANS), 9)
    assert worlds.evidence(NamedNode(terms.ID + "unit/x")) == "F2 3-9+30-40, F1"
    assert worlds.evidence(NamedNode(terms.ID + "claim/1")) == "F2 3-9+30-40"
    assert worlds.evidence(NamedNode(terms.ID + "unit/none")) == ""
    assert worlds.evidence(NamedNode(terms.ID + "unit/z")) == "F3\\x07 0-0"


def test_things_are_listed_in_the_order_of_the_text(facts_of: Callable[[str], Facts]) -> None:
    worlds = Worlds(facts_of(SPANS), 9)
    assert worlds.place(NamedNode(terms.ID + "unit/y")) == 3
    assert worlds.place(NamedNode(terms.ID + "unit/w")) == 0
    found = [h.value.value[-1] for h in worlds.subjects(TYPE, ph("Unit")) if isinstance(h.value, NamedNode)]
    assert found == ["w", "z", "x", "y"]


def test_codes_go_by_their_bare_names() -> None:
    assert code(ph("direct")) == "direct"
    assert code(None) == "not stated"
    assert code(Literal("direct")) == "not stated"


@pytest.mark.parametrize(
    ("bounds", "told"),
    [
        ("", ""),
        ('ph:earliestStart "2020-01-01"^^xsd:date ; ph:latestStart "2020-01-01"^^xsd:date', "from 2020-01-01"),
        (
            'ph:earliestStart "2020-01-01"^^xsd:date ; ph:latestStart "2020-02-01"^^xsd:date',
            "from between 2020-01-01 and 2020-02-01",
        ),
        ('ph:latestStart "2020-02-01"^^xsd:date', "from 2020-02-01 or earlier"),
        ('ph:earliestEnd "2021-01-01"^^xsd:date ; ph:latestEnd "2021-01-01"^^xsd:date', "until 2021-01-01"),
        (
            (
                'ph:earliestStart "2020-01-01"^^xsd:date ; ph:latestStart "2020-01-01"^^xsd:date ; '
                'ph:earliestEnd "2021-01-01"^^xsd:date ; ph:latestEnd "2021-03-01"^^xsd:date'
            ),
            "from 2020-01-01 until between 2021-01-01 and 2021-03-01",
        ),
    ],
)
def test_the_days_of_a_timed_relation(bounds: str, told: str, facts_of: Callable[[str], Facts]) -> None:
    text = (
        f"claim:1 ph:hasReading reading:1 . reading:1 "
        f"{{ appointment:x a ph:Appointment {'; ' if bounds else ''}{bounds} }}"
    )
    assert Worlds(facts_of(text), 9).interval(APPOINTMENT) == told


@pytest.mark.parametrize("bound", ["earliestStart", "latestStart", "earliestEnd", "latestEnd"])
def test_one_bound_is_not_the_day_itself(bound: str, facts_of: Callable[[str], Facts]) -> None:
    text = f'claim:1 ph:hasReading reading:1 . reading:1 {{ appointment:x ph:{bound} "2020-01-01"^^xsd:date }}'
    assert Worlds(facts_of(text), 9).interval(APPOINTMENT) not in {"from 2020-01-01", "until 2020-01-01"}


def test_a_thing_is_planned_when_every_claim_that_brings_it_plans_it(facts_of: Callable[[str], Facts]) -> None:
    text = """claim:1 ph:hasReading reading:1 ; ph:modality ph:planned . claim:2 ph:hasReading reading:2 ;
  ph:modality ph:actual .
    reading:1 { unit:a a ph:Unit . unit:b a ph:Unit . unit:c rdfs:label "C" }
    reading:2 { unit:b a ph:Unit . unit:a rdfs:label "A" }"""
    worlds = Worlds(facts_of(text), 9)
    assert [worlds.planned(NamedNode(f"{terms.ID}unit/{n}")) for n in "abcd"] == [True, False, False, False]
