"""What stands on a day: relations, events, units, posts and what hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from postholder import terms
from postholder.graph import text_of
from postholder.perspective.look import look
from postholder.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.readings import Facts


def said(text: str, modality: str = "actual", name: str = "1") -> str:
    claim = f"claim:{name} a ph:Claim ; ph:modality ph:{modality} ; ph:hasReading reading:{name} ."
    return f"{claim} reading:{name} {{ {text} }}\n"


def standing(facts: Facts) -> dict[str, str]:
    return {text_of(n).removeprefix(terms.ID): s for n, s in facts.moment.standing.items()}


def on(facts: Facts, day: str, certainty: str = "possible") -> Facts:
    return look(facts.quads, View.of(day, certainty=certainty))


CENTER = said("""event:e a ph:UnitEstablishment ; ph:establishes unit:u ; ph:earliestDate "2022-01-01"^^xsd:date ;
  ph:latestDate "2022-01-03"^^xsd:date .
  event:f a ph:UnitAbolition ; ph:abolishes unit:u ; ph:earliestDate "2023-01-01"^^xsd:date ;
  ph:latestDate "2023-01-01"^^xsd:date .
  post:p a ph:Post ; ph:postIn unit:u . appointment:a a ph:Appointment ; ph:post post:p ; ph:holder person:x""")


@pytest.mark.parametrize(("day", "event", "unit", "post", "appointment"), [
    ("2021-12-31", "excluded", "excluded", "excluded", "excluded"),
    ("2022-01-01", "possible", "possible", "possible", "possible"),
    ("2022-01-03", "certain", "certain", "certain", "possible"),
    ("2022-12-31", "certain", "certain", "certain", "possible"),
    ("2023-01-01", "certain", "excluded", "excluded", "excluded"),
])  # fmt: skip
def test_nothing_holds_before_or_after_its_unit(
    day: str, event: str, unit: str, post: str, appointment: str, facts_of: Callable[[str], Facts]
) -> None:
    found = standing(on(facts_of(CENTER), day))
    assert [found[n] for n in ("event/e", "unit/u", "post/p", "appointment/a")] == [event, unit, post, appointment]


def test_who_certainly_holds_a_post_holds_one_that_exists(facts_of: Callable[[str], Facts]) -> None:
    held = CENTER + said('appointment:a ph:ongoingAt "2022-01-01"^^xsd:date', name="2")
    found = standing(on(facts_of(held), "2022-01-01"))
    assert {found[n] for n in ("appointment/a", "post/p", "unit/u")} == {"certain"}


DATED = """appointment:a a ph:Appointment ; ph:post post:p ; ph:holder person:x ;
  ph:earliestStart "2023-03-01"^^xsd:date ; ph:latestStart "2023-03-01"^^xsd:date ;
  ph:earliestEnd "2023-09-10"^^xsd:date ; ph:latestEnd "2023-09-10"^^xsd:date"""


@pytest.mark.parametrize(("modality", "found"), [("actual", "certain"), ("planned", "possible")])
def test_a_plan_is_never_certain(modality: str, found: str, facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(said(DATED, modality))
    assert standing(on(facts, "2023-05-01")) == {"appointment/a": found}
    assert standing(on(facts, "2023-09-10")) == {"appointment/a": "excluded"}
    assert bool(on(facts, "2023-05-01", "certain").accepted) is (found == "certain")


def test_a_plan_does_not_make_a_fact_certain_for_longer(facts_of: Callable[[str], Facts]) -> None:
    fact = said('appointment:a a ph:Appointment ; ph:ongoingAt "2023-03-01"^^xsd:date')
    plan = said('appointment:a ph:ongoingAt "2023-09-10"^^xsd:date', "planned", "2")
    facts = facts_of(fact + plan)
    assert standing(on(facts, "2023-03-01")) == {"appointment/a": "certain"}
    assert standing(on(facts, "2023-05-01")) == {"appointment/a": "possible"}


def test_a_plan_can_end_what_it_did_not_begin(facts_of: Callable[[str], Facts]) -> None:
    fact = said('appointment:a a ph:Appointment ; ph:ongoingAt "2023-03-01"^^xsd:date')
    plan = said('appointment:a ph:latestEnd "2023-09-10"^^xsd:date', "planned", "2")
    assert standing(on(facts_of(fact + plan), "2023-09-10")) == {"appointment/a": "excluded"}


def test_without_a_day_only_plans_are_uncertain(facts_of: Callable[[str], Facts]) -> None:
    plan = said("appointment:b a ph:Appointment", "planned", "2")
    facts = look(facts_of(said(DATED) + plan).quads, View(certainty="certain"))
    assert standing(facts) == {"appointment/a": "certain", "appointment/b": "possible"}
    assert {text_of(t.subject).rpartition("/")[2] for t in facts.accepted} == {"a"}


def test_the_plain_view_judges_nothing(facts_of: Callable[[str], Facts]) -> None:
    facts = look(facts_of(CENTER).quads)
    assert standing(facts) == {}
    assert facts.accepted == facts.agreed


def test_persons_and_units_without_dates_are_not_judged(facts_of: Callable[[str], Facts]) -> None:
    text = "unit:u a ph:Unit . person:x a ph:Person . " + said("post:p a ph:Post ; ph:postIn unit:u")
    facts = on(facts_of(text), "1950-01-01", "certain")
    assert standing(facts) == {}
    assert len(facts.world) == 4


def test_links_to_what_is_left_out_go_with_it(facts_of: Callable[[str], Facts]) -> None:
    text = said(DATED) + said(
        """event:e a ph:ChangeEvent ; ph:after appointment:a , appointment:b . appointment:b a ph:Appointment ;
        ph:statedConcurrentWith appointment:a""",
        name="2",
    )
    facts = on(facts_of(text), "2024-01-01")
    assert not [t for t in facts.accepted if text_of(t.object).endswith("/a") or text_of(t.subject).endswith("/a")]
    assert [text_of(t.object) for t in facts.accepted if t.predicate.value.endswith("#after")] == [
        terms.ID + "appointment/b"
    ]


RIVALS = """interpretation:x ph:interpretationOf ambiguity:q ; ph:interpretationStatus ph:open .
interpretation:y ph:interpretationOf ambiguity:q ; ph:interpretationStatus ph:open .
claim:1 a ph:Claim ; ph:modality ph:actual ; ph:hasReading reading:x , reading:y .
reading:x ph:underInterpretation interpretation:x . reading:y ph:underInterpretation interpretation:y .
reading:x { appointment:a a ph:Appointment ; ph:earliestStart "2022-01-01"^^xsd:date ;
  ph:latestStart "2022-01-01"^^xsd:date }
reading:y { appointment:a a ph:Appointment ; ph:earliestStart "2023-01-01"^^xsd:date ;
  ph:latestStart "2023-01-01"^^xsd:date }
"""


def test_each_reading_has_its_own_dates(facts_of: Callable[[str], Facts]) -> None:
    early = on(facts_of(RIVALS), "2022-06-01")
    assert standing(early) == {"appointment/a": "possible"}
    assert early.accepted == []
    [cluster] = early.clusters(9)
    assert [len(c.stated) for c in cluster] == [3, 0]
    assert [len(early.shown(r)) for r in early.graphs] == [3, 0]
    late = on(facts_of(RIVALS), "2023-01-01")
    assert len(late.accepted) == 1


@pytest.mark.parametrize("modality", ["planned", "predicted", "purpose", "evaluated"])
def test_only_what_is_put_forward_as_being_so_is_certain(modality: str, facts_of: Callable[[str], Facts]) -> None:
    assert standing(on(facts_of(said(DATED, modality)), "2023-05-01")) == {"appointment/a": "possible"}


def test_a_withdrawn_claim_makes_nothing_certain(facts_of: Callable[[str], Facts]) -> None:
    text = (
        said(DATED) + said(DATED, "planned", "2") + 'act:r ph:withdraws claim:1 ; ph:actedOn "2023-01-01"^^xsd:date .'
    )
    assert standing(on(facts_of(text), "2023-05-01")) == {"appointment/a": "possible"}


def test_a_planned_unit_strikes_no_fact(facts_of: Callable[[str], Facts]) -> None:
    fact = said(DATED + " . post:p a ph:Post ; ph:postIn unit:u")
    plan = said(
        'event:e a ph:UnitEstablishment ; ph:establishes unit:u ; ph:earliestDate "2024-01-01"^^xsd:date ; '
        'ph:latestDate "2024-01-01"^^xsd:date',
        "planned",
        "2",
    )
    found = standing(on(facts_of(fact + plan), "2023-05-01"))
    assert found["appointment/a"] != "excluded"
    assert found["unit/u"] != "excluded"


def test_who_is_certain_in_a_unit_proves_that_it_was_set_up(facts_of: Callable[[str], Facts]) -> None:
    made = said('event:e a ph:UnitEstablishment ; ph:establishes unit:u ; ph:latestDate "2024-01-01"^^xsd:date')
    held = said(DATED + " . post:p a ph:Post ; ph:postIn unit:u", name="2")
    found = standing(on(facts_of(made + held), "2023-05-01"))
    assert {found[n] for n in ("event/e", "unit/u", "post/p", "appointment/a")} == {"certain"}
