"""The overview: what the documents say, with every doubt told beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from postholder.overview import Overview

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.api import KnowledgeGraph

CHART = "WHO REPORTS TO WHOM (stated lines only; nothing is guessed)"
CONCURRENT = "WHO HOLDS SEVERAL POSTS AT ONCE"
CHANGES = "WHAT CHANGED"
QUESTIONS = "WHAT IS OPEN"
VERDICT = "IS THE GRAPH SOUND?"


def section(text: str, heading: str) -> list[str]:
    return text.partition(heading + "\n")[2].partition("\n\n")[0].split("\n")


@pytest.fixture(scope="module")
def article_text(article_graph: KnowledgeGraph) -> str:
    """Make the text once for all tests here: it validates, which takes seconds."""
    return Overview(article_graph).text()


def test_the_parts_come_in_order(article_text: str) -> None:
    headings = [
        line for line in article_text.split("\n") if line.isupper() or "(stated lines only" in line or line == VERDICT
    ]
    assert headings == [CHART, "WHAT EACH POST IS IN CHARGE OF", CONCURRENT, CHANGES, QUESTIONS, VERDICT]
    assert article_text.startswith("Taobao and Tmall")
    assert "93 claims" in article_text.partition("\n")[0]


def test_the_chart_of_the_article(article_text: str) -> None:
    chart = section(article_text, CHART)
    lines = [line for line in chart if "─" in line]
    assert len(lines) == 5
    assert sum(line.endswith("direct]") for line in lines) == 2
    assert any("live broadcasting: Daofang" in line for line in lines)
    assert any("content ecology: A thousand cities" in line for line in lines)
    undecided = [line for line in lines if "undecided: " in line]
    assert len(undecided) == 3
    for line in undecided:
        assert "[lostInTranslation]" in line
        assert re.search(r"F1[567] \d+-\d+", line)
    platform = next(line for line in undecided if "platform" in line)
    assert all(f"{name}" in platform for name in ("Thinking letter (1 of 3", "Xuande (1 of 3", "Unnamed"))
    assert chart[0].endswith(": Dai Shan")


def test_posts_without_a_stated_superior(article_text: str) -> None:
    chart = section(article_text, CHART)
    start = next(n for n, line in enumerate(chart) if line.startswith("  Superior not stated"))
    alone = chart[start + 1 :]
    assert len(alone) == 9
    assert any("Alimama: Jialuo" in line for line in alone)
    assert sum("if CCO/CRO is one post" in line for line in alone) == 2
    assert sum("if CCO and CRO are two posts" in line for line in alone) == 4


def test_concurrent_appointments_of_the_article(article_text: str) -> None:
    lines = section(article_text, CONCURRENT)
    assert lines[-1] == "  Abbess (if CCO and CRO are two posts): 4 more pairs that no date excludes"
    people = {line.split(":")[0].strip() for line in lines[:-1:2]}
    assert people == {"Lu Su", "Abbess"}
    assert "  Lu Su: CTO of Alibaba Group and CTO of Taobao" in lines
    assert "  Abbess: CCO/CRO of Alibaba Group and CCO/CRO of Taobao (if CCO/CRO is one post)" in lines
    stated = [line for line in lines[1::2] if line.startswith("    stated")]
    assert len(stated) == 4
    assert all(re.search(r"\[F2[68] \d+-\d+\+\d+-\d+\]", line) for line in stated)


def test_changes_of_the_article(article_text: str) -> None:
    changes = section(article_text, CHANGES)
    events = [line for line in changes if not line.startswith("    ")]
    assert len(events) == 7
    assert sum("Establishment of" in line for line in events) == 4
    assert sum("date not stated" in line for line in events) == 6
    assert [line for line in events if ": 2022-01-01 " in line]
    assert {line.split(":")[0].strip() for line in changes if line.startswith("    ")} == {
        "before",
        "after",
        "kept",
        "scope",
    }
    assert "    after: Lu Su as CTO of Taobao (planned)" in changes
    assert any("2022-01-01 (as interpreted)" in line for line in events)


def test_open_questions_of_the_article(article_graph: KnowledgeGraph, article_text: str) -> None:
    lines = section(article_text, QUESTIONS)
    questions = [line for line in lines if line.endswith("?")]
    assert len(questions) == len(article_graph.facts.open) == 4
    assert "  Is CCO/CRO one combined post or two posts held together?" in lines
    assert sum(line.startswith("    - ") for line in lines) == 9
    assert any("89 things" in line for line in lines)


def test_the_verdict_of_the_article(article_text: str) -> None:
    verdict = section(article_text, VERDICT)
    assert verdict[0].startswith("  The graph conforms: 0 errors, 0 warnings")
    assert any("evidence in document/taobao-tmall: not checked" in line for line in verdict)
    assert any(re.search(r"\d+ triples are stated for certain and \d+ follow", line) for line in verdict)


def test_the_overview_is_plain_text(article_text: str) -> None:
    assert [line for line in article_text.split("\n") if not line.isprintable() or line != line.rstrip()] == []


# Small graphs.

WRAP = """claim:1 a ph:Claim ; dcterms:identifier "N1" ; ph:hasReading reading:1 ; ph:evidence <http://x/d#char=3,9> .
<http://x/d#char=3,9> ph:start 3 ; ph:end 9 . reading:1 a ph:Reading . reading:1 {{ {0} }}"""
OPEN = """
ambiguity:A a ph:Ambiguity ; ph:question "Which?"@en .
interpretation:a1 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open ; rdfs:label "first"@en .
interpretation:a2 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open ; rdfs:label "second"@en .
claim:2 a ph:Claim ; ph:hasReading reading:a , reading:b .
reading:a a ph:Reading ; ph:underInterpretation interpretation:a1 . reading:b a ph:Reading ;
  ph:underInterpretation interpretation:a2 .
"""


def test_an_empty_graph(graph_of: Callable[[str], KnowledgeGraph]) -> None:
    text = Overview(graph_of("unit:x a ph:Unit .")).text()
    assert text.startswith("no document is described")
    assert section(text, CHART) == ["  no post is stated"]
    assert section(text, CHANGES) == ["  no change is stated"]
    assert section(text, QUESTIONS) == ["  nothing"]
    assert section(text, CONCURRENT)[0].startswith("  no two posts of one person")
    assert section(text, VERDICT)[0].startswith("  The graph does not conform")


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ('ph:earliestDate "2022-01-01"^^xsd:date ; ph:latestDate "2022-01-01"^^xsd:date', "2022-01-01"),
        (
            'ph:earliestDate "2022-01-01"^^xsd:date ; ph:latestDate "2022-02-01"^^xsd:date',
            "between 2022-01-01 and 2022-02-01",
        ),
        ('rdfs:comment "none"', "date not stated"),
    ],
)
def test_dates_of_changes(dates: str, told: str, graph_of: Callable[[str], KnowledgeGraph]) -> None:
    graph = graph_of(WRAP.format(f'event:e a ph:Integration ; rdfs:label "Joining"@en ; {dates} .'))
    assert Overview(graph)._changes() == [f"  Joining: {told}  [N1 3-9]"]


@pytest.mark.parametrize("bound", ["earliestDate", "latestDate"])
def test_one_bound_of_a_date_is_not_the_date(bound: str, graph_of: Callable[[str], KnowledgeGraph]) -> None:
    graph = graph_of(
        WRAP.format(f'event:e a ph:Integration ; rdfs:label "Joining"@en ; ph:{bound} "2022-01-01"^^xsd:date .')
    )
    [line] = Overview(graph)._changes()
    assert "2022-01-01" in line
    assert ": 2022-01-01  [" not in line


def test_what_a_change_touches_under_a_reading(graph_of: Callable[[str], KnowledgeGraph]) -> None:
    graph = graph_of(
        OPEN
        + WRAP.format(
            'event:e a ph:UnitAbolition ; rdfs:label "End"@en ; ph:before placement:p . placement:p '
            'rdfs:label "Old"@en .'
        )
        + (
            'reading:a { event:e ph:after placement:q . placement:q rdfs:label "New"@en . event:f a '
            "ph:Integration } reading:b { unit:y a ph:Unit }"
        )
    )
    lines = Overview(graph)._changes()
    assert "    before: Old" in lines
    assert "    after: New (if first)" in lines
    assert "  event/f (if first): date not stated  [claim/2]" in lines


def test_many_claims_of_one_change_are_counted(graph_of: Callable[[str], KnowledgeGraph]) -> None:
    text = "".join(
        (
            f"claim:{n} a ph:Claim ; ph:hasReading reading:{n} . reading:{n} a ph:Reading . reading:{n} "
            f"{{ event:e a ph:Integration }} "
        )
        for n in range(5)
    )
    [line] = Overview(graph_of(text))._changes()
    assert line.endswith("[claim/0, claim/1, claim/2, and 2 more]")


def test_a_pair_of_appointments_that_dates_allow(graph_of: Callable[[str], KnowledgeGraph]) -> None:
    graph = graph_of(
        'person:ann rdfs:label "Ann"@en . '
        + WRAP.format(
            """appointment:a a ph:Appointment ; ph:holder person:ann ; ph:post post:p .
            appointment:b a ph:Appointment ; ph:holder person:ann ; ph:post post:q . post:p rdfs:label "P"@en .
  post:q rdfs:label "Q"@en ."""
        )
    )
    assert Overview(graph)._concurrent() == ["  Ann: 1 more pair that no date excludes"]


def test_a_question_without_words_goes_by_its_label(graph_of: Callable[[str], KnowledgeGraph]) -> None:
    text = OPEN.replace('ph:question "Which?"@en', 'rdfs:label "the name"@en')
    lines = Overview(graph_of(text + "reading:a { unit:y a ph:Unit } reading:b { unit:z a ph:Unit }"))._open()
    assert lines == ["  the name", "    - first", "    - second"]


def test_omissions_are_counted_by_kind(graph_of: Callable[[str], KnowledgeGraph]) -> None:
    omissions = "".join(
        f"omission:{n} a ph:Omission ; ph:silentAbout post:p{n} ; ph:silentOn ph:{'superior' if n < 3 else 'holder'} . "
        for n in range(4)
    )
    lines = Overview(graph_of(omissions))._open()
    assert "4 things" in lines[0]
    assert "has superior (3), has holder (1)" in lines[1]


def test_a_document_without_title_goes_by_its_handle(graph_of: Callable[[str], KnowledgeGraph]) -> None:
    assert Overview(graph_of("document:d a ph:Document ."))._documents()[0] == "document/d: 0 claims"


def test_data_cannot_steer_the_terminal(graph_of: Callable[[str], KnowledgeGraph]) -> None:
    text = (
        'document:d a ph:Document ; dcterms:title "T\\u001b[31m" . '
        + OPEN.replace("Which?", "Which\\u001b[2J?").replace("first", "fi\\u0007rst")
        + (
            'reading:a { post:p a ph:Post ; rdfs:label "P\\u009b1m"@en . event:e a ph:Integration ; '
            'rdfs:label "E\\u202e"@en }'
        )
        + " reading:b { post:q a ph:Post }"
    )
    found = Overview(graph_of(text)).text()
    assert [line for line in found.split("\n") if not line.isprintable()] == []
    assert "\\x1b[31m" in found
