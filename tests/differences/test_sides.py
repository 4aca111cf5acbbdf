"""How a thing stands on one side: certain, possible, planned, excluded or not told at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from postholder import terms
from postholder.differences.sides import KINDS, Side
from postholder.perspective.look import look
from postholder.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.readings import Facts

TEXT = """
person:ann a ph:Person ; rdfs:label "Ann"@en . unit:made a ph:Center . brand:b a ph:Brand .
claim:1 a ph:Claim ; dcterms:identifier "1" ; ph:modality ph:actual ; ph:hasReading reading:1 .
claim:3 a ph:Claim ; dcterms:identifier "3" ; ph:modality ph:planned ; ph:hasReading reading:3 .
reading:3 a ph:Reading . reading:3 { appointment:a a ph:Appointment ; ph:ongoingAt "2020-02-01"^^xsd:date }
claim:2 a ph:Claim ; dcterms:identifier "2" ; ph:modality ph:planned ; ph:hasReading reading:2 .
reading:1 a ph:Reading . reading:2 a ph:Reading .
reading:1 {
  appointment:a a ph:Appointment ; ph:holder person:ann ; ph:mode ph:acting ;
    ph:latestStart "2020-01-01"^^xsd:date ; ph:earliestEnd "2020-06-01"^^xsd:date .
  reporting:dated ph:latestEnd "2020-01-01"^^xsd:date .
}
reading:2 {
  appointment:a a ph:Appointment ; ph:ongoingAt "2020-09-01"^^xsd:date .
  appointment:b a ph:Appointment ; ph:earliestStart "2020-06-01"^^xsd:date .
  event:made a ph:UnitEstablishment ; ph:establishes unit:made ;
    ph:earliestDate "2020-06-01"^^xsd:date ; ph:latestDate "2020-06-01"^^xsd:date .
  post:p a ph:Post ; ph:postIn unit:made .
}
"""


def side(facts: Facts, day: str | None) -> Side:
    return Side(look(facts.quads, View.of(day)))


def node(name: str) -> NamedNode:
    return NamedNode(terms.ID + name)


@pytest.mark.parametrize(
    ("thing", "day", "standing"),
    [
        ("appointment/a", "2020-03-01", "certain"),
        ("appointment/a", "2019-12-31", "possible"),
        ("appointment/a", "2020-10-01", "planned"),
        ("appointment/a", None, "certain"),
        ("appointment/b", "2020-05-31", "not"),
        ("appointment/b", "2020-06-01", "planned"),
        ("appointment/b", None, "planned"),
        ("appointment/c", "2020-06-01", "not told"),
        ("unit/made", "2020-05-31", "not"),
        ("unit/made", "2020-06-01", "planned"),
        ("event/made", "2020-05-31", "not"),
        ("event/made", "2020-07-01", "planned"),
        ("post/p", "2020-05-31", "not"),
        ("post/p", "2020-07-01", "planned"),
        ("brand/b", "2020-07-01", "certain"),
        ("reporting/dated", "2020-07-01", "not"),
    ],
)
def test_standing(thing: str, day: str | None, standing: str, facts_of: Callable[[str], Facts]) -> None:
    assert side(facts_of(TEXT), day).seen(node(thing)).standing == standing


def test_what_one_sees_of_a_thing(facts_of: Callable[[str], Facts]) -> None:
    seen = side(facts_of(TEXT), "2020-03-01").seen(node("appointment/a"))
    assert (seen.names("holder"), seen.things("holder")) == (("Ann",), (f"{terms.ID}person/ann",))
    assert (seen.names("mode"), seen.names("post")) == (("acting",), ())
    assert seen.claims == ("3",)  # the latest word is a plan, yet what is told later makes it certain
    assert seen.as_dict()["values"]["holder"] == [{"value": f"{terms.ID}person/ann", "name": "Ann"}]
    assert side(facts_of(TEXT), "2020-10-01").seen(node("appointment/a")).claims == ("2",)


def test_what_has_dates_and_no_class_is_compared_too(facts_of: Callable[[str], Facts]) -> None:
    assert side(facts_of(TEXT), None).kinds[node("reporting/dated")] == "other relation"


def test_persons_are_not_compared(facts_of: Callable[[str], Facts]) -> None:
    assert node("person/ann") not in side(facts_of(TEXT), None).kinds
    assert "Person" not in KINDS
