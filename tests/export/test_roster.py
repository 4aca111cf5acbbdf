"""The flat records of who holds what: how each is put forward, by whom, and when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from postholder.export.base import Source
from postholder.export.roster import Roster
from postholder.graph import DEFAULT, handle, ph
from postholder.views.validity import LAST

if TYPE_CHECKING:
    from postholder.export.roster import Relation

ID = "https://w3id.org/postholder/id/"


@pytest.fixture(scope="module")
def roster(people: list[Quad]) -> Roster:
    return Roster(Source(people, {}))


@pytest.fixture(scope="module")
def held(roster: Roster) -> dict[str, Relation]:
    return {handle(r.iri).removeprefix("appointment/"): r for r in roster.relations("Appointment") if r.single}


def test_how_appointments_are_put_forward(held: dict[str, Relation]) -> None:
    assert {name: r.standing for name, r in held.items()} == {
        **dict.fromkeys(
            ("a1", "a2", "a3", "first", "again", "at-odds", "ancient", "carl-chair", "dora-before"), "actual"
        ),
        **dict.fromkeys(("planned", "hoped"), "planned"),
        **dict.fromkeys(("guessed", "wished"), "unasserted"),
    }


def test_a_plan_is_no_witness_of_a_fact(held: dict[str, Relation]) -> None:
    assert held["carl-chair"].claims == (ID + "claim/so",)  # the planned end rests on another claim
    assert held["planned"].claims == (ID + "claim/plan",)
    assert held["first"].claims == ()


def test_a_planned_end_is_no_end(held: dict[str, Relation]) -> None:
    bounds = held["carl-chair"].bounds
    assert date.fromordinal(bounds.earliest_start) == date.fromordinal(bounds.latest_start) == date(2023, 9, 10)
    assert bounds.latest_end == LAST
    assert date.fromordinal(held["planned"].bounds.earliest_start) == date(2030, 1, 1)


def test_several_holders_are_several_records(roster: Roster) -> None:
    shared = [r for r in roster.relations("Appointment") if not r.single]
    assert [(handle(r.source), handle(r.target)) for r in shared] == [
        ("person/carl", "post/deputy"),
        ("person/new", "post/deputy"),
    ]


def test_what_exists_only_in_plans_and_wishes(roster: Roster) -> None:
    standings = {name: roster.existence(f"{ID}person/{name}") for name in ("carl", "hoped", "wished", "mute", "new")}
    assert standings == {
        "carl": "actual", "hoped": "planned", "wished": "unasserted", "mute": "actual", "new": "actual",
    }  # fmt: skip
    everybody = set(roster.of("Person"))
    assert everybody - set(roster.present("Person", planned=True)) == {ID + "person/wished"}
    assert everybody - set(roster.present("Person", planned=False)) == {ID + "person/wished", ID + "person/hoped"}


def test_links_that_read_backwards_are_known(roster: Roster, held: dict[str, Relation]) -> None:
    """The post of the chair's appointment is stated by `ph:filledBy` alone."""
    assert handle(held["carl-chair"].target) == "post/chair"
    (link,) = roster.links("postIn", ID + "post/chair")
    assert (handle(link.target), link.standing, link.claims) == ("unit/group", "actual", (ID + "claim/so",))
    (planned,) = roster.links("postIn", ID + "post/helper")
    assert planned.standing == "planned"


def test_items_and_successions(roster: Roster) -> None:
    assert {handle(iri): found for iri in roster.of("Person") if (found := roster.items(iri))} == {
        "person/carl": ["Q101"], "person/dora": ["Q102"], "person/twice": ["Q103", "Q104"],
    }  # fmt: skip
    assert set(roster.successions()) == {(ID + "appointment/dora-before", ID + "appointment/carl-chair")}


def test_no_gap_is_a_succession(people: list[Quad]) -> None:
    """Whoever came later did not replace somebody who left years before."""
    node = NamedNode(ID + "comparison/t")
    quads = [q for q in people if not (q.subject == node and q.predicate == ph("comparisonStanding"))]
    certain = Quad(node, ph("comparisonStanding"), ph("certain"), DEFAULT)
    found = set(Roster(Source([*quads, certain], {})).successions())
    assert found == {(ID + "appointment/dora-before", ID + "appointment/carl-chair")}


def test_a_claim_with_open_readings_makes_nothing_certain(roster: Roster) -> None:
    assert roster.met["undecided-relations"] > 0
    assert "x" not in {handle(r.iri).rsplit("/", 1)[-1] for r in roster.relations("Appointment")}


SUPPORT = """
@prefix ph: <https://w3id.org/postholder/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix : <https://w3id.org/postholder/id/> .
:p a ph:Person . :q a ph:Post .
:a a ph:Appointment ; ph:holder :p ; ph:post :q .
:plan ph:modality ph:planned ; ph:hasReading :r . :r a ph:Reading . GRAPH :r { :a ph:holder :p ; ph:post :q }
:other a ph:Claim ; ph:modality ph:actual ; ph:hasReading :s .
:s a ph:Reading . GRAPH :s { :a ph:holder :p ; ph:post :q }
:one a ph:Interpretation ; ph:interpretationOf :x ; ph:interpretationStatus ph:STATUS .
:two a ph:Interpretation ; ph:interpretationOf :x ; ph:interpretationStatus ph:OTHER .
:x a ph:Ambiguity .
GRAPH :graph\\/ontology { ph:Person a owl:Class . ph:Post a owl:Class . ph:Appointment a owl:Class . }
"""


@pytest.mark.parametrize(
    ("more", "status", "other", "expected"),
    [
        ("", "open", "open", "actual"),
        # The other claim says so in one of two open readings only, so nobody says for certain that it is so.
        (":s ph:underInterpretation :one .", "open", "open", "planned"),
        # The reading that says so was set aside, or the claim taken back.
        (":s ph:underInterpretation :one .", "rejected", "preferred", "planned"),
        (":act a ph:Retraction ; ph:withdraws :other .", "open", "open", "planned"),
    ],
)
def test_only_what_a_claim_says_for_certain_makes_a_plan_a_fact(
    more: str, status: str, other: str, expected: str
) -> None:
    text = SUPPORT.replace("STATUS", status).replace("OTHER", other) + more
    quads = list(parse(text, format=RdfFormat.TRIG))
    (found,) = Roster(Source(quads, {})).relations("Appointment")
    assert found.standing == expected
    assert found.claims == (ID + ("other" if expected == "actual" else "plan"),)
