"""Which claims a view takes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from postholder import terms
from postholder.graph import ph, text_of
from postholder.perspective.known import choose
from postholder.perspective.look import look
from postholder.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.readings import Facts

TWO = """
document:one a ph:Document ; ph:publishedEarliest "2023-03-28"^^xsd:date ; ph:publishedLatest "2023-03-28"^^xsd:date ;
  ph:publisher source:paper .
document:two a ph:Document ; ph:publishedEarliest "2023-06-20"^^xsd:date ; ph:publishedLatest "2023-06-22"^^xsd:date .
document:three a ph:Document .
<urn:p1> a ph:Passage ; ph:inDocument document:one . <urn:p2> a ph:Passage ; ph:inDocument document:two .
<urn:p3> a ph:Passage ; ph:inDocument document:three .
claim:1 a ph:Claim ; ph:evidence <urn:p1> ; ph:hasReading reading:1 ; ph:attributedTo source:chief ;
  ph:inTensionWith claim:2 .
claim:2 a ph:Claim ; ph:evidence <urn:p2> ; ph:hasReading reading:2 ; ph:attributedTo source:analysts .
claim:3 a ph:Claim ; ph:evidence <urn:p3> ; ph:hasReading reading:3 .
claim:4 a ph:Claim ; ph:evidence <urn:p1> , <urn:p2> ; ph:hasReading reading:4 .
claim:5 a ph:Claim ; ph:hasReading reading:5 ; ph:recordedOn "2023-07-01"^^xsd:date .
source:chief a ph:Source . source:paper a ph:Publisher . source:analysts a ph:UnnamedGroup .
mention:m a ph:NameMention ; ph:occursIn <urn:p2> . omission:o a ph:Omission ; ph:inDocument document:two .
unit:a a ph:Unit ; rdfs:label "A"@en . unit:b a ph:Unit . unit:idle a ph:Unit .
reading:1 { unit:a ph:category ph:coreBusiness } reading:2 { unit:b ph:category ph:coreBusiness }
reading:3 { unit:c a ph:Unit } reading:4 { unit:d a ph:Unit } reading:5 { unit:e a ph:Unit }
"""


def claims(facts: Facts) -> set[str]:
    return {text_of(c).rpartition("/")[2] for c in facts.readings}


@pytest.mark.parametrize(("day", "certainty", "known"), [
    ("2023-03-27", "possible", "3"), ("2023-03-28", "possible", "13"), ("2023-06-19", "possible", "13"),
    ("2023-06-20", "possible", "1234"), ("2023-06-30", "possible", "1234"), ("2023-07-01", "possible", "12345"),
    ("2023-03-27", "certain", ""), ("2023-03-28", "certain", "1"), ("2023-06-21", "certain", "1"),
    ("2023-06-22", "certain", "124"), ("2023-07-01", "certain", "1245"),
])  # fmt: skip
def test_known_by_a_day(day: str, certainty: str, known: str, facts_of: Callable[[str], Facts]) -> None:
    assert claims(choose(facts_of(TWO), View.of(known_at=day, certainty=certainty))) == set(known)


@pytest.mark.parametrize(("who", "told"), [
    ("document/one", "14"), ("document/two", "24"), ("source/chief", "1"), ("source/paper", "14"),
    ("source/analysts", "2"), ("document/none", ""),
])  # fmt: skip
def test_according_to(who: str, told: str, facts_of: Callable[[str], Facts]) -> None:
    assert claims(choose(facts_of(TWO), View(according_to=terms.ID + who))) == set(told)


@pytest.mark.parametrize(("aside", "left"), [
    (["document/one"], "235"), (["source/analysts"], "1345"), (["claim/3", "claim/5"], "124"),
    (["document/x"], "12345"),
])  # fmt: skip
def test_without(aside: list[str], left: str, facts_of: Callable[[str], Facts]) -> None:
    view = View(without=frozenset(terms.ID + a for a in aside))
    assert claims(choose(facts_of(TWO), view)) == set(left)


def test_what_only_the_others_speak_of_goes_with_them(facts_of: Callable[[str], Facts]) -> None:
    facts = choose(facts_of(TWO), View.of(known_at="2023-04-01"))
    spoken = {text_of(n).rpartition("/")[2] for q in facts.quads for n in (q.subject, q.object)}
    assert spoken >= {"1", "3", "one", "three", "urn:p1", "chief", "paper", "a", "c", "idle"}
    assert not spoken & {"2", "4", "5", "two", "urn:p2", "analysts", "b", "d", "e", "m", "o"}
    assert facts.record.pairs(ph("inTensionWith")) == []


def test_the_plain_view_takes_in_everything(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(TWO)
    assert choose(facts, View()).quads == facts.quads


def test_questions_go_with_their_readings(facts_of: Callable[[str], Facts]) -> None:
    text = """interpretation:x ph:interpretationOf ambiguity:q ; ph:interpretationStatus ph:open .
    interpretation:y ph:interpretationOf ambiguity:q ; ph:interpretationStatus ph:open .
    ambiguity:q a ph:Ambiguity .
    claim:2 ph:hasReading reading:2x . reading:2 ph:underInterpretation interpretation:x .
    reading:2x ph:underInterpretation interpretation:y . """
    facts = facts_of(TWO + text)
    assert len(facts.open) == 1
    assert choose(facts, View.of(known_at="2023-04-01")).open == {}
    assert len(choose(facts, View.of(known_at="2023-06-20")).open) == 1


def test_the_documents_of_a_claim(facts_of: Callable[[str], Facts]) -> None:
    cited = facts_of(TWO).cites(NamedNode(terms.ID + "claim/4"))
    assert [text_of(d).rpartition("/")[2] for d in cited] == ["one", "two"]


ACTS = (
    TWO
    + """act:a a ph:Supersession ; ph:withdraws claim:1 ; ph:inFavourOf claim:2 ; ph:actedOn "2023-06-25"^^xsd:date .
act:b a ph:Retraction ; ph:withdraws document:three ; ph:actedOn "2023-08-01"^^xsd:date ."""
)


@pytest.mark.parametrize(("day", "withdrawn"), [
    (None, "13"), ("2023-06-24", ""), ("2023-06-25", "1"), ("2023-07-31", "1"), ("2023-08-01", "13"),
])  # fmt: skip
def test_acts_count_from_their_day(day: str | None, withdrawn: str, facts_of: Callable[[str], Facts]) -> None:
    facts = look(facts_of(ACTS).quads, View.of(known_at=day))
    assert {text_of(c).rpartition("/")[2] for c in facts.withdrawn} == set(withdrawn)
    units = {text_of(t.subject).rpartition("/")[2] for t in facts.accepted}
    assert ("a" in units, "c" in units) == ("1" not in withdrawn, "3" not in withdrawn)


def test_an_act_on_a_document_takes_back_all_that_cites_it(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(TWO + "act:a ph:withdraws document:one .")
    assert {text_of(c).rpartition("/")[2] for c in facts.withdrawn} == {"1", "4"}
    assert "claim/1" in {text_of(c).removeprefix(terms.ID) for c in facts.readings}  # nothing is deleted


def test_an_act_without_its_claim_is_left_out(facts_of: Callable[[str], Facts]) -> None:
    facts = choose(facts_of(ACTS), View(without=frozenset([terms.ID + "claim/1"])))
    assert {text_of(a) for a, _ in facts.record.pairs(ph("withdraws"))} == {terms.ID + "act/b"}
