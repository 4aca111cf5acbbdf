"""What would fall without something: claims, facts, certainty, names; and nothing changes by asking."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from postholder.differences.falling import WhatIf, told
from postholder.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.api import KnowledgeGraph

TEXT = """
document:june a ph:Document ; dcterms:title "June letter"@en ; ph:publisher source:paper .
document:fall a ph:Document ; dcterms:title "Fall letter"@en .
source:paper a ph:Publisher ; rdfs:label "Paper"@en .
<https://w3id.org/postholder/id/document/june#char=0,9> a ph:Passage ;
  ph:inDocument document:june ; ph:start 0 ; ph:end 9 .
<https://w3id.org/postholder/id/document/fall#char=0,9> a ph:Passage ;
  ph:inDocument document:fall ; ph:start 0 ; ph:end 9 .
person:ann a ph:Person ; rdfs:label "Ann"@en . person:anna a ph:Person ; rdfs:label "Anna"@en .
unit:works a ph:Company ; rdfs:label "Works"@en .
claim:plan a ph:Claim ; dcterms:identifier "P1" ; ph:modality ph:planned ; ph:hasReading reading:plan ;
  ph:statement "Ann is to lead."@en ; ph:evidence <https://w3id.org/postholder/id/document/june#char=0,9> .
claim:effect a ph:Claim ; dcterms:identifier "E1" ; ph:modality ph:actual ; ph:hasReading reading:effect ;
  ph:statement "Ann leads."@en ; ph:evidence <https://w3id.org/postholder/id/document/fall#char=0,9> .
claim:name a ph:Claim ; dcterms:identifier "E2" ; ph:modality ph:actual ; ph:hasReading reading:name ;
  ph:statement "Anna is Ann."@en ; ph:evidence <https://w3id.org/postholder/id/document/fall#char=0,9> .
claim:old a ph:Claim ; dcterms:identifier "P2" ; ph:modality ph:planned ; ph:hasReading reading:old ;
  ph:statement "Anna is to leave."@en ; ph:evidence <https://w3id.org/postholder/id/document/june#char=0,9> .
claim:also a ph:Claim ; dcterms:identifier "P3" ; ph:modality ph:actual ; ph:hasReading reading:also .
reading:also a ph:Reading .
reading:also { appointment:c a ph:Appointment ; rdfs:label "Anna as clerk"@en ; ph:holder person:anna }
act:a a ph:Supersession ; ph:withdraws claim:old ; ph:inFavourOf claim:effect .
reading:plan a ph:Reading . reading:effect a ph:Reading . reading:name a ph:Reading . reading:old a ph:Reading .
reading:plan { appointment:a a ph:Appointment ; rdfs:label "Ann as head"@en ; ph:holder person:ann ; ph:post post:head .
  post:head a ph:Post ; rdfs:label "Head"@en ; ph:heads unit:works }
reading:effect { appointment:a a ph:Appointment ; rdfs:label "Ann as head"@en ; ph:holder person:ann ;
  ph:mode ph:acting ; ph:post post:head . post:head a ph:Post ; rdfs:label "Head"@en }
reading:name { person:anna ph:identifiedWith person:ann }
reading:old { appointment:b a ph:Appointment ; rdfs:label "Anna elsewhere"@en ; ph:holder person:anna }
"""
OPEN = """
ambiguity:q a ph:Ambiguity . claim:1 a ph:Claim ; dcterms:identifier "1" ; ph:hasReading reading:x , reading:y .
interpretation:x ph:interpretationOf ambiguity:q ; ph:interpretationStatus ph:open ; rdfs:label "X"@en .
interpretation:y ph:interpretationOf ambiguity:q ; ph:interpretationStatus ph:open ; rdfs:label "Y"@en .
reading:x a ph:Reading ; ph:underInterpretation interpretation:x .
reading:y a ph:Reading ; ph:underInterpretation interpretation:y .
claim:2 a ph:Claim ; dcterms:identifier "2" ; ph:hasReading reading:2 . reading:2 a ph:Reading .
post:p a ph:Post ; rdfs:label "P"@en . unit:u a ph:Unit ; rdfs:label "U"@en . unit:v a ph:Unit ; rdfs:label "V"@en .
reading:x { post:p ph:heads unit:u } reading:y { post:p ph:heads unit:v } reading:2 { post:p ph:heads unit:u }
"""


@pytest.fixture
def graph(graph_of: Callable[[str], KnowledgeGraph]) -> KnowledgeGraph:
    return graph_of(TEXT)


def test_a_claim_and_what_rests_on_it(graph: KnowledgeGraph) -> None:
    before = graph.quads
    found = graph.what_if(["P1"])
    assert found.without == ("P1",)
    assert found.claims == ("P1 0-9: Ann is to lead.",)
    assert found.stated == ("Head: heads Works", "Works: is a company")
    assert "Ann: head of Works" in found.inferred
    assert found.weaker == ()
    assert graph.quads is before
    assert graph.asked.is_plain


def test_what_another_claim_says_too_does_not_fall_but_may_stand_less_surely(graph: KnowledgeGraph) -> None:
    found = graph.what_if(["E1"])
    assert "Ann as head: certain -> planned" in found.weaker
    assert not [f for f in found.stated if "holder" in f]
    assert found.again == ("P2 0-9: Anna is to leave.",)
    assert any(f.startswith("Anna elsewhere: ") for f in found.anew)


@pytest.mark.parametrize("name", ["Fall letter", "document/fall", "fall"])
def test_a_document(name: str, graph: KnowledgeGraph) -> None:
    found = graph.what_if([name])
    assert [c.partition(" ")[0] for c in found.claims] == ["E1", "E2"]
    assert found.parted == ("Anna and Ann",)
    assert {kind: (now, was) for kind, now, was in found.left}["Document"] == (1, 2)


def test_a_source_and_several_names(graph: KnowledgeGraph) -> None:
    assert graph.what_if(["Paper"]).claims == ()  # no claim is attributed to it
    found = graph.what_if(["P1", "P2"])
    assert len(found.claims) == 2


def test_an_identity_that_parts_is_no_heap_of_other_facts(graph: KnowledgeGraph) -> None:
    found = graph.what_if(["E2"])
    assert found.parted == ("Anna and Ann",)
    assert [f for f in (*found.stated, *found.inferred, *found.anew) if "identified" not in f and "is a" not in f] == []


def test_a_fact_that_then_depends_on_a_reading(graph_of: Callable[[str], KnowledgeGraph]) -> None:
    graph = graph_of(OPEN)
    found = graph.what_if(["2"])
    assert "P: heads U" in found.less_certain
    assert "P: heads U" not in found.stated
    gone = graph.what_if(["1"])
    assert "P: heads V" in gone.possible
    assert "P: heads U" not in gone.less_certain


def test_nothing_falls(graph: KnowledgeGraph) -> None:
    found = graph.what_if(["Paper"])
    assert not found
    text = told(found)
    assert text.startswith("WITHOUT Paper\n  nothing falls")
    assert json.loads(json.dumps(found.as_dict()))["counts"]["claims"] == 0


@pytest.mark.parametrize("name", ["Fal letter", "x\x1b[2J", "", "Ann"])
def test_a_name_that_is_no_document_source_or_claim(name: str, graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError) as caught:
        graph.what_if([name])
    if name.startswith("Fal"):
        assert "Fall letter" in caught.value.hint


def test_a_view_within_which_is_asked(graph: KnowledgeGraph) -> None:
    found = graph.view(certainty="certain").what_if(["E1"])
    assert "Ann as head: certain -> planned" in found.weaker


MANY = WhatIf(("F\x1b1",), ("F1 0-9: a\nFAKE",), (), tuple(str(n) for n in range(12)), *([()] * 8), (("Claim", 0, 1),))  # type: ignore[call-arg]


def test_the_text_counts_first_and_cuts_lists() -> None:
    lines = told(MANY).splitlines()
    assert lines[0] == "WITHOUT F\\x1b1"
    assert lines[1:4] == ["  1 claim that falls", "  12 stated facts that fall", "  left: 0 of 1 claim"]
    assert "  F1 0-9: a\\x0aFAKE" in lines
    assert lines[-1] == "  and 2 more (--all lists them)"
    assert told(MANY, everything=True).splitlines()[-1] == "  11"
