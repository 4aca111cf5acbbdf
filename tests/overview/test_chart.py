"""The chart: every stated line, every doubt, and no way to get lost in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from postholder import terms
from postholder.overview.chart import Chart
from postholder.overview.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.readings import Facts

POSTS = """
post:low a ph:Post ; rdfs:label "Low"@en . post:high a ph:Post ; rdfs:label "High"@en . post:other a ph:Post ;
  rdfs:label "Other"@en .
"""
WRAP = """claim:1 a ph:Claim ; dcterms:identifier "N1" ; ph:hasReading reading:1 ; ph:evidence <http://x/d#char=3,9> .
<http://x/d#char=3,9> ph:start 3 ; ph:end 9 . reading:1 a ph:Reading . reading:1 {{ {0} }}"""
OPEN = """
interpretation:a1 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open ; rdfs:label "first"@en .
interpretation:a2 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open ; rdfs:label "second"@en .
claim:2 a ph:Claim ; ph:hasReading reading:a , reading:b .
reading:a a ph:Reading ; ph:underInterpretation interpretation:a1 . reading:b a ph:Reading ;
  ph:underInterpretation interpretation:a2 .
"""


def line(name: str, low: str, high: str, more: str = "") -> str:
    return f"reporting:{name} a ph:ReportingLine ; ph:subordinate post:{low} ; ph:superior post:{high} {more} . "


@pytest.fixture
def chart(facts_of: Callable[[str], Facts]) -> Callable[[str], Chart]:
    return lambda text: Chart(Worlds(facts_of(text), 99))


@pytest.fixture
def drawn(chart: Callable[[str], Chart]) -> Callable[[str], list[str]]:
    return lambda text: chart(text).lines()


def test_nothing_is_said(drawn: Callable[[str], list[str]]) -> None:
    assert drawn("unit:x a ph:Unit .") == ["  no post is stated"]


def test_two_superiors(drawn: Callable[[str], list[str]]) -> None:
    text = WRAP.format(POSTS + line("r", "low", "high") + line("s", "low", "other", "; ph:lineType ph:dotted"))
    assert drawn(text) == [
        "  High: holder not recorded",
        "  └─ Low: holder not recorded  [N1 3-9]",
        "  Other: holder not recorded",
        "  └─ Low: holder not recorded  [N1 3-9, dotted]",
    ]


def test_an_unspecified_line_has_no_kind(drawn: Callable[[str], list[str]]) -> None:
    found = drawn(WRAP.format(POSTS + line("r", "low", "high", "; ph:lineType ph:unspecifiedLine")))
    assert "  └─ Low: holder not recorded  [N1 3-9]" in found


def test_a_tree_is_indented(drawn: Callable[[str], list[str]]) -> None:
    posts = POSTS + 'post:z a ph:Post ; rdfs:label "Last"@en . '
    found = drawn(WRAP.format(posts + line("r", "low", "high") + line("s", "other", "low") + line("t", "z", "high")))
    assert [x.split(":")[0] for x in found] == ["  High", "  ├─ Low", "  │  └─ Other", "  └─ Last"]


CIRCLES = {
    "of two": line("r", "low", "high") + line("s", "high", "low"),
    "of three": line("r", "low", "high") + line("s", "high", "other") + line("t", "other", "low"),
    "of one": line("r", "low", "low"),
    "below a top": line("r", "low", "other") + line("s", "other", "low") + line("t", "low", "high"),
    "beside a tree": line("r", "low", "low") + line("s", "other", "high"),
}


@pytest.mark.parametrize("lines", CIRCLES.values(), ids=CIRCLES)
def test_a_circle_is_told_with_all_its_lines_and_ends(lines: str, drawn: Callable[[str], list[str]]) -> None:
    found = drawn(WRAP.format(POSTS + lines))
    assert [x for x in found if "a circle" in x]
    assert sum("N1 3-9" in x for x in found) == lines.count("reporting:")
    assert len(found) <= 8


def test_posts_without_lines_are_listed(drawn: Callable[[str], list[str]]) -> None:
    assert drawn(WRAP.format(POSTS)) == [
        "  Superior not recorded:",
        "    High: holder not recorded",
        "    Low: holder not recorded",
        "    Other: holder not recorded",
    ]


def test_what_a_document_does_not_state_is_told_apart(drawn: Callable[[str], list[str]]) -> None:
    omissions = """omission:1 ph:silentAbout post:low ; ph:silentOn ph:superior .
  omission:2 ph:silentAbout post:high ; ph:silentOn ph:holder .
    """
    assert drawn(omissions + WRAP.format(POSTS)) == [
        "  Superior not stated (the documents, read whole, name none):",
        "    Low: holder not recorded",
        "  Superior not recorded:",
        "    High: holder not recorded",
        "    Other: holder not recorded",
    ]


HOLDERS = {
    "one": ("appointment:a ph:holder person:ann ; ph:post post:p .", "Ann"),
    "two": ("appointment:a ph:holder person:ann , person:ben ; ph:post post:p .", "Ann and Ben"),
    "two appointments": (
        "appointment:a ph:holder person:ann ; ph:post post:p . appointment:b ph:holder person:ben ; ph:post post:p .",
        "Ann and Ben",
    ),
    "vacant": ("appointment:v a ph:Vacancy ; ph:vacantPost post:p .", "vacant, as stated"),
    "none": ("", "holder not recorded"),
    "unnamed": ("appointment:a ph:holder person:who ; ph:post post:p .", "Someone [notNamed]"),
    "no label": ("appointment:a ph:holder person:zoe ; ph:post post:p .", "person/zoe"),
    "text": ('appointment:a ph:holder "Zoe" ; ph:post post:p .', "holder not recorded"),
}
RECORD = """person:ann rdfs:label "Ann"@en . person:ben rdfs:label "Ben"@en .
person:who rdfs:label "Someone"@en ; ph:reasonMissing ph:notNamed . """
POST = NamedNode(terms.ID + "post/p")


@pytest.mark.parametrize("case", HOLDERS.values(), ids=HOLDERS)
def test_who_holds_a_post(case: tuple[str, str], chart: Callable[[str], Chart]) -> None:
    assert chart(RECORD + WRAP.format(f"post:p a ph:Post . {case[0]}")).holder(POST) == case[1]


def test_an_undecided_holder(chart: Callable[[str], Chart]) -> None:
    text = """reading:a { appointment:x ph:holder person:ann ; ph:post post:p }
    reading:b { appointment:x ph:holder person:ben ; ph:post post:p }"""
    assert chart(OPEN + RECORD + text).holder(POST) == "undecided: Ann (1 of 2 readings) or Ben (1 of 2 readings)"


def test_a_holder_under_one_reading_only(chart: Callable[[str], Chart]) -> None:
    text = WRAP.format("post:p a ph:Post . appointment:x ph:post post:p")
    text += "reading:a { appointment:x ph:holder person:ann } reading:b { unit:y a ph:Unit }"
    assert chart(OPEN + RECORD + text).holder(POST) == "undecided: Ann (1 of 2 readings)"


def test_a_vacancy_under_one_reading_only_is_not_told_as_certain(chart: Callable[[str], Chart]) -> None:
    text = (
        WRAP.format("post:p a ph:Post")
        + "reading:a { appointment:v a ph:Vacancy ; ph:vacantPost post:p } reading:b { unit:y a ph:Unit }"
    )
    assert chart(OPEN + text).holder(POST) != "vacant, as stated"


def test_a_post_under_one_reading_only_says_so(drawn: Callable[[str], list[str]]) -> None:
    text = (
        "reading:a { post:p a ph:Post . appointment:x ph:holder person:ann ; ph:post post:p } "
        "reading:b { unit:y a ph:Unit }"
    )
    assert drawn(OPEN + RECORD + text)[1:] == ["    post/p (if first): Ann"]


def test_a_line_under_one_reading_only_says_so(drawn: Callable[[str], list[str]]) -> None:
    text = f"reading:a {{ {line('r', 'low', 'high')} }} reading:b {{ {line('s', 'low', 'other')} }}"
    lines = [x for x in drawn(OPEN + WRAP.format(POSTS) + text) if "─" in x]
    assert sorted(x[x.index("[") :] for x in lines) == ["[claim/2, if first]", "[claim/2, if second]"]


@pytest.mark.parametrize("end", ["subordinate", "superior"])
def test_a_line_with_one_end_open_says_so(end: str, drawn: Callable[[str], list[str]]) -> None:
    """The line is certain; one of its ends is not."""
    fixed = "superior" if end == "subordinate" else "subordinate"
    found = drawn(
        OPEN
        + WRAP.format(POSTS + f"reporting:r a ph:ReportingLine ; ph:{fixed} post:high .")
        + f"reading:a {{ reporting:r ph:{end} post:low }} reading:b {{ reporting:r ph:{end} post:other }}"
    )
    lines = [x for x in found if "─" in x]
    assert len(lines) == 2
    assert sum("if first" in x for x in lines) == 1
    assert sum("if second" in x for x in lines) == 1


def test_many_ways_down_do_not_multiply(drawn: Callable[[str], list[str]]) -> None:
    """Where every post has two superiors, there are two to the tenth ways from top to bottom."""
    text = "".join(
        line(f"r{layer}{a}{b}", f"n{layer + 1}{a}", f"n{layer}{b}") for layer in range(10) for a in "xy" for b in "xy"
    )
    found = drawn(WRAP.format(text))
    assert len(found) < 200
    assert (
        len({x.split(":")[0].strip(" │├└─") for x in found} & {f"post/n{n}{a}" for n in range(11) for a in "xy"}) == 22
    )


def test_a_long_chain_is_drawn_to_its_end(drawn: Callable[[str], list[str]]) -> None:
    found = drawn(WRAP.format("".join(line(f"r{n}", f"n{n + 1}", f"n{n}") for n in range(1200))))
    assert len(found) == 1201
    assert "n1200" in found[-1]
