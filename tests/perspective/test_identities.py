"""One node for what goes by several names, and back again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from postholder import terms
from postholder.graph import LABEL, TYPE, ph, text_of
from postholder.perspective.identities import IDENTIFIED, kept_names, undecided, unite
from postholder.perspective.look import look
from postholder.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.api import KnowledgeGraph
    from postholder.readings import Facts

TWO_NAMES = """
person:shan a ph:Person ; rdfs:label "Shan"@en . person:trudy a ph:Person ; rdfs:label "Trudy"@en .
claim:who a ph:Claim ; ph:hasReading reading:who ; ph:basis ph:stated ; ph:modality ph:actual .
claim:job a ph:Claim ; ph:hasReading reading:job ; ph:basis ph:stated ; ph:modality ph:actual .
mention:m a ph:NameMention ; ph:surfaceForm "T. Dai" .
omission:o a ph:Omission ; ph:silentAbout person:trudy .
reading:who { person:trudy ph:identifiedWith person:shan . mention:m ph:denotes person:trudy }
reading:job { appointment:j a ph:Appointment ; ph:holder person:trudy ; ph:post post:p . post:p a ph:Post }
"""


def node(name: str) -> NamedNode:
    return NamedNode(terms.ID + name)


def test_the_later_name_gives_way(facts_of: Callable[[str], Facts]) -> None:
    facts = unite(facts_of(TWO_NAMES))
    assert Triple(node("appointment/j"), ph("holder"), node("person/shan")) in facts.accepted
    assert Triple(node("mention/m"), ph("denotes"), node("person/shan")) in facts.accepted
    assert Triple(node("omission/o"), ph("silentAbout"), node("person/shan")) in facts.record
    assert Triple(node("person/trudy"), IDENTIFIED, node("person/shan")) in facts.accepted
    assert facts.record.instances(ph("Person")) == [node("person/shan")]


def test_each_name_keeps_its_label(facts_of: Callable[[str], Facts]) -> None:
    facts = unite(facts_of(TWO_NAMES))
    assert facts.record.objects(node("person/shan"), LABEL) == [Literal("Shan", language="en")]
    assert facts.record.objects(node("person/trudy"), LABEL) == [Literal("Trudy", language="en")]
    assert facts.record.objects(node("person/trudy"), TYPE) == []


def test_withdrawing_the_claim_parts_them_again(facts_of: Callable[[str], Facts]) -> None:
    text = TWO_NAMES + 'act:a a ph:Retraction ; ph:withdraws claim:who ; ph:actedOn "2024-01-01"^^xsd:date .'
    apart = look(facts_of(text).quads)
    assert Triple(node("appointment/j"), ph("holder"), node("person/trudy")) in apart.accepted
    assert len(apart.record.instances(ph("Person"))) == 2
    before = look(facts_of(text).quads, View.of(known_at="2023-12-31"))
    assert Triple(node("appointment/j"), ph("holder"), node("person/shan")) in before.accepted


def test_an_open_question_unites_nothing(facts_of: Callable[[str], Facts]) -> None:
    text = """interpretation:x ph:interpretationOf ambiguity:q ; ph:interpretationStatus ph:open .
    interpretation:y ph:interpretationOf ambiguity:q ; ph:interpretationStatus ph:open .
    claim:who ph:hasReading reading:other . reading:other ph:underInterpretation interpretation:y .
    reading:who ph:underInterpretation interpretation:x . reading:other { unit:z a ph:Unit } """
    facts = unite(facts_of(TWO_NAMES + text))
    assert len(facts.record.instances(ph("Person"))) == 2


def test_nothing_to_unite(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of("unit:x a ph:Unit .")
    assert unite(facts) is facts


def same(*pairs: tuple[str, str]) -> dict[str, str]:
    triples = [Triple(NamedNode(f"urn:{a}"), IDENTIFIED, NamedNode(f"urn:{b}")) for a, b in pairs]
    return {text_of(k)[4:]: v.value[4:] for k, v in kept_names(triples).items()}


@pytest.mark.parametrize(("pairs", "kept"), [
    ([], {}),
    ([("b", "a")], {"b": "a"}),
    ([("a", "b")], {"a": "b"}),
    ([("c", "b"), ("b", "a")], {"c": "a", "b": "a"}),
    ([("b", "a"), ("c", "a"), ("e", "d")], {"b": "a", "c": "a", "e": "d"}),
    ([("a", "b"), ("b", "a")], {"b": "a"}),
    ([("a", "b"), ("b", "c"), ("c", "a")], {"b": "a", "c": "a"}),
    ([("a", "a")], {}),
    ([("a", "b"), ("a", "c")], {"a": "b", "c": "b"}),
])  # fmt: skip
def test_which_name_is_kept(pairs: list[tuple[str, str]], kept: dict[str, str]) -> None:
    assert same(*pairs) == kept


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=8))
def test_groups_have_one_name_whatever_the_order(pairs: list[tuple[str, str]]) -> None:
    kept = same(*pairs)
    assert same(*reversed(pairs)) == kept
    joined = {frozenset(p) for p in pairs}
    for one, other in pairs:
        assert kept.get(one, one) == kept.get(other, other)
    for one, other in kept.items():
        reached = {one}
        while more := {n for pair in joined if pair & reached for n in pair} - reached:
            reached |= more
        assert other in reached
        assert other not in kept


def test_the_other_name_still_finds_the_person(graph_of: Callable[[str], KnowledgeGraph]) -> None:
    graph = graph_of(TWO_NAMES)
    for name in ("Trudy", "person/trudy", "trudy", "Shan", "T. Dai"):
        assert graph.names.find(name, ["Person"]) == node("person/shan")


def test_an_unknown_person_who_turns_out_to_be_known_is_unknown_no_more(facts_of: Callable[[str], Facts]) -> None:
    text = TWO_NAMES.replace(
        "person:trudy a ph:Person ;", "person:trudy a ph:UnidentifiedPerson ; ph:reasonMissing ph:notNamed ;"
    )
    facts = unite(facts_of(text))
    assert facts.record.pairs(ph("reasonMissing")) == []
    assert facts.record.instances(ph("UnidentifiedPerson")) == []


def test_an_identity_under_an_open_reading_is_told(facts_of: Callable[[str], Facts]) -> None:
    text = """interpretation:x ph:interpretationOf ambiguity:q ; ph:interpretationStatus ph:open .
    interpretation:y ph:interpretationOf ambiguity:q ; ph:interpretationStatus ph:open .
    claim:who ph:hasReading reading:other . reading:other ph:underInterpretation interpretation:y .
    reading:who ph:underInterpretation interpretation:x . reading:other { unit:z a ph:Unit } """
    assert undecided(facts_of(TWO_NAMES)) == []
    [open_one] = undecided(facts_of(TWO_NAMES + text))
    assert open_one.subject == node("person/trudy")


def test_a_long_chain_of_names_takes_time_in_proportion() -> None:
    pairs = [(f"n{n:05}", f"n{n + 1:05}") for n in range(20_000)]
    assert set(same(*pairs).values()) == {"n20000"}
