"""What a view leaves out takes nothing with it that stands for itself; what withdraws falls with its ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from postholder import terms
from postholder.perspective.look import look
from postholder.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.readings import Facts

PLAN_AND_EFFECT = """
document:june a ph:Document ; ph:publishedEarliest "2023-06-20"^^xsd:date ; ph:publishedLatest "2023-06-20"^^xsd:date .
document:fall a ph:Document ; ph:publishedEarliest "2023-09-11"^^xsd:date ; ph:publishedLatest "2023-09-11"^^xsd:date .
<https://w3id.org/postholder/id/document/june#char=0,9> a ph:Passage ; ph:inDocument document:june .
<https://w3id.org/postholder/id/document/fall#char=0,9> a ph:Passage ; ph:inDocument document:fall .
claim:plan a ph:Claim ; dcterms:identifier "P" ; ph:modality ph:planned ; ph:hasReading reading:plan ;
  ph:evidence <https://w3id.org/postholder/id/document/june#char=0,9> .
claim:effect a ph:Claim ; dcterms:identifier "E" ; ph:modality ph:actual ; ph:hasReading reading:effect ;
  ph:evidence <https://w3id.org/postholder/id/document/fall#char=0,9> ; ph:inTensionWith claim:plan .
reading:plan a ph:Reading . reading:effect a ph:Reading .
reading:plan { appointment:ann a ph:Appointment ; ph:ongoingAt "2023-09-10"^^xsd:date }
reading:effect { appointment:ann a ph:Appointment ; ph:latestEnd "2023-09-10"^^xsd:date }
act:otherwise a ph:Supersession ; ph:withdraws claim:plan ; ph:inFavourOf claim:effect ;
  ph:actedOn "2023-09-11"^^xsd:date ; ph:reason "It came about otherwise."@en .
"""
EFFECT, FALL = f"{terms.ID}claim/effect", f"{terms.ID}document/fall"


@pytest.mark.parametrize("view", [View.of(known_at="2023-07-01"), View.of(known_at="2023-07-01", certainty="certain")])
def test_a_claim_is_known_before_the_act_that_withdraws_it(view: View, facts_of: Callable[[str], Facts]) -> None:
    found = look(facts_of(PLAN_AND_EFFECT).quads, view)
    assert [found.name(c) for c in found.readings] == ["P"]
    assert not found.withdrawn


def test_a_claim_stays_withdrawn_from_the_day_of_the_act(facts_of: Callable[[str], Facts]) -> None:
    found = look(facts_of(PLAN_AND_EFFECT).quads, View.of(known_at="2023-09-12"))
    assert [found.name(c) for c in found.withdrawn] == ["P"]


@pytest.mark.parametrize("gone", [EFFECT, FALL])
def test_a_withdrawal_falls_with_the_claim_it_favours(gone: str, facts_of: Callable[[str], Facts]) -> None:
    found = look(facts_of(PLAN_AND_EFFECT).quads, View(without=frozenset([gone])))
    assert [found.name(c) for c in found.readings] == ["P"]
    assert not found.withdrawn


def test_a_document_that_is_left_out_is_gone_with_its_passages(facts_of: Callable[[str], Facts]) -> None:
    found = look(facts_of(PLAN_AND_EFFECT).quads, View(without=frozenset([FALL])))
    assert not [t for t in found.record if "document/fall" in str(t)]


UNSURE = """
document:a a ph:Document ; ph:publishedEarliest "2020-01-01"^^xsd:date ; ph:publishedLatest "2020-01-01"^^xsd:date .
document:b a ph:Document ; ph:publishedEarliest "2021-01-01"^^xsd:date ; ph:publishedLatest "2021-12-31"^^xsd:date .
<urn:a> a ph:Passage ; ph:inDocument document:a . <urn:b> a ph:Passage ; ph:inDocument document:b .
claim:a a ph:Claim ; dcterms:identifier "A" ; ph:modality ph:actual ; ph:hasReading reading:a ; ph:evidence <urn:a> .
claim:b a ph:Claim ; dcterms:identifier "B" ; ph:modality ph:actual ; ph:hasReading reading:b ; ph:evidence <urn:b> .
reading:a { appointment:x a ph:Appointment ; ph:ongoingAt "2020-01-01"^^xsd:date , "2022-01-01"^^xsd:date }
"""
ENDED = 'reading:b { appointment:x ph:latestEnd "2020-06-01"^^xsd:date }'
REPLACED = """reading:b { appointment:y a ph:Appointment }
act:r a ph:Supersession ; ph:withdraws claim:a ; ph:inFavourOf claim:b ; ph:actedOn "2021-01-01"^^xsd:date ."""


@pytest.mark.parametrize(("news", "day"), [(ENDED, "2020-12-01"), (REPLACED, "2020-12-01"), (REPLACED, None)])
def test_what_an_unsure_document_may_deny_is_not_certain(
    news: str, day: str | None, facts_of: Callable[[str], Facts]
) -> None:
    """A document that may have been out by the day makes doubtful what it denies; before it, nothing does."""
    quads = facts_of(UNSURE + news).quads

    def dated(known_at: str, certainty: str) -> set[str]:
        facts = look(quads, View.of(day, known_at, certainty))
        return {str(t.subject) for t in facts.accepted}

    assert dated("2020-12-31", "certain") == {f"<{terms.ID}appointment/x>"}
    assert dated("2021-06-01", "certain") == set()
    assert dated("2021-06-01", "certain") <= dated("2021-06-01", "possible")


@pytest.mark.parametrize("known_at", ["2020-01-01", "2021-06-01", "2022-01-01"])
@pytest.mark.parametrize("news", [ENDED, REPLACED])
def test_the_certain_is_part_of_the_possible(news: str, known_at: str, facts_of: Callable[[str], Facts]) -> None:
    quads = facts_of(UNSURE + news).quads
    for day in (None, "2020-03-01", "2020-12-01", "2021-12-01"):
        sure, perhaps = (look(quads, View.of(day, known_at, c)) for c in ("certain", "possible"))
        assert set(sure.accepted) <= set(perhaps.accepted) | {
            t for c in perhaps.clusters(9) for x in c for t in x.stated
        }
