"""Rules that compare days: overlaps, chains and who answers to whom, with their borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Triple

from postholder import terms
from postholder.closure import timed
from postholder.closure.timed import Edge, Window, chains
from postholder.errors import CannotError
from postholder.graph import ph, text_of, triple_order
from postholder.sources.rdf import parse_text

if TYPE_CHECKING:
    from collections.abc import Callable

CERTAINLY, POSSIBLY, NEVER = ph("certainlyOverlaps"), ph("possiblyOverlaps"), ph("neverOverlaps")
UPWARDS, WITHIN = ph("answersUpTo"), ph("liesWithin")
REPORTS = NamedNode(terms.ORG + "reportsTo")


@pytest.fixture(scope="module")
def read(prefixed: Callable[[str], str]) -> Callable[[str], list[Triple]]:
    return lambda text: [q.triple for q in parse_text(prefixed(text), "test", RdfFormat.TURTLE)]


def pairs(predicate: NamedNode, triples: list[Triple]) -> set[str]:
    """Return what is added with one predicate, as `subject object` by last letters."""
    added = timed.apply(triples)
    assert added == sorted(added, key=triple_order)
    return {
        f"{text_of(t.subject).rpartition('/')[2]} {text_of(t.object).rpartition('/')[2]}"
        for t in added
        if t.predicate == predicate
    }


def appointment(name: str, holder: str = "ann", post: str = "", **dates: str) -> str:
    bounds = "".join(f' ; ph:{k} "{v}"^^xsd:date' for k, v in dates.items())
    return f"appointment:{name} ph:holder person:{holder} ; ph:post post:{post or name}{bounds} . "


# Overlap for certain.

CERTAIN = {
    "one within the other": (
        {"latestStart": "2020-01-01", "earliestEnd": "2022-01-01"},
        {"latestStart": "2020-06-01", "earliestEnd": "2021-01-01"},
        True,
    ),
    "one after the other": (
        {"latestStart": "2020-01-01", "earliestEnd": "2021-01-01"},
        {"latestStart": "2021-06-01", "earliestEnd": "2022-01-01"},
        False,
    ),
    "touching": (
        {"latestStart": "2020-01-01", "earliestEnd": "2021-01-01"},
        {"latestStart": "2021-01-01", "earliestEnd": "2022-01-01"},
        False,
    ),
    "by one day": (
        {"latestStart": "2020-01-01", "earliestEnd": "2021-01-02"},
        {"latestStart": "2021-01-01", "earliestEnd": "2022-01-01"},
        True,
    ),
    "no end": (
        {"latestStart": "2020-01-01"},
        {"latestStart": "2020-01-01", "earliestEnd": "2022-01-01"},
        False,
    ),
    "no start": (
        {"earliestEnd": "2022-01-01"},
        {"latestStart": "2020-01-01", "earliestEnd": "2022-01-01"},
        False,
    ),
    "only the outer bounds": (
        {"earliestStart": "2020-01-01", "latestEnd": "2022-01-01"},
        {"earliestStart": "2020-01-01", "latestEnd": "2022-01-01"},
        False,
    ),
    "nothing known": ({}, {}, False),
}


@pytest.mark.parametrize("case", CERTAIN.values(), ids=CERTAIN)
def test_certain_overlap(
    case: tuple[dict[str, str], dict[str, str], bool], read: Callable[[str], list[Triple]]
) -> None:
    first, second, overlaps = case
    found = pairs(CERTAINLY, read(appointment("a", **first) + appointment("b", **second)))
    assert found == ({"a b", "b a"} if overlaps else set())


BOUNDS = {
    "latestStart": "2020-01-01",
    "earliestEnd": "2021-01-01",
    "earliestStart": "2020-01-01",
    "latestEnd": "2021-01-01",
}


@pytest.mark.parametrize("name", [CERTAINLY, POSSIBLY, NEVER])
def test_an_overlap_is_of_one_person_and_two_posts(name: NamedNode, read: Callable[[str], list[Triple]]) -> None:
    of_two = appointment("a", "ann", **BOUNDS) + appointment("b", "ben", **BOUNDS)
    of_one_post = appointment("a", "ann", "p", **BOUNDS) + appointment("b", "ann", "p", **BOUNDS)
    assert pairs(name, read(of_two)) == set()
    assert pairs(name, read(of_one_post)) == set()
    assert pairs(name, read(appointment("a", "ann", **BOUNDS))) == set()


# Overlap perhaps.

POSSIBLE = {
    "nothing known": ({}, {}, True),
    "one ends before the other begins": ({"latestEnd": "2020-01-01"}, {"earliestStart": "2021-01-01"}, False),
    "the same, other way round": ({"earliestStart": "2021-01-01"}, {"latestEnd": "2020-01-01"}, False),
    "touching": ({"latestEnd": "2021-01-01"}, {"earliestStart": "2021-01-01"}, False),
    "by one day": ({"latestEnd": "2021-01-02"}, {"earliestStart": "2021-01-01"}, True),
    "only starts": ({"earliestStart": "2020-01-01"}, {"earliestStart": "2021-01-01"}, True),
    "only ends": ({"latestEnd": "2020-01-01"}, {"latestEnd": "2021-01-01"}, True),
    "certain is possible": (
        {
            "earliestStart": "2020-01-01",
            "latestEnd": "2022-01-01",
            "latestStart": "2020-01-01",
            "earliestEnd": "2022-01-01",
        },
        {
            "earliestStart": "2021-01-01",
            "latestEnd": "2023-01-01",
            "latestStart": "2021-01-01",
            "earliestEnd": "2023-01-01",
        },
        True,
    ),
}


@pytest.mark.parametrize("case", POSSIBLE.values(), ids=POSSIBLE)
def test_possible_overlap(
    case: tuple[dict[str, str], dict[str, str], bool], read: Callable[[str], list[Triple]]
) -> None:
    first, second, overlaps = case
    found = pairs(POSSIBLY, read(appointment("a", **first) + appointment("b", **second)))
    assert found == ({"a b", "b a"} if overlaps else set())


DAY = st.one_of(st.none(), st.integers(1, 6))


def span(name: str, drawn: tuple[int | None, int | None, int | None, int | None]) -> str:
    keys = ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
    return appointment(name, **{k: f"2020-01-0{d}" for k, d in zip(keys, drawn, strict=True) if d is not None})


def possible_days(drawn: tuple[int | None, int | None, int | None, int | None]) -> list[tuple[int, int]]:
    """Return every interval that the bounds allow, end exclusive, on days from before to after all bounds."""
    low, high, first, last = drawn
    return [
        (s, e)
        for s in range(-2 if low is None else low, (9 if high is None else high) + 1)
        for e in range(max(s + 1, -1 if first is None else first), (10 if last is None else last) + 1)
    ]


@settings(max_examples=400, deadline=None)
@given(first=st.tuples(DAY, DAY, DAY, DAY), second=st.tuples(DAY, DAY, DAY, DAY))
def test_overlaps_agree_with_trying_every_interval(
    read: Callable[[str], list[Triple]],
    first: tuple[int | None, int | None, int | None, int | None],
    second: tuple[int | None, int | None, int | None, int | None],
) -> None:
    """Certain means in every allowed interval, possible in some, never in none: exactly so."""
    one, two = possible_days(first), possible_days(second)
    assume(one and two)  # bounds that contradict each other are for the record to report
    triples = read(span("a", first) + span("b", second))
    meets = [s < f and t < e for s, e in one for t, f in two]
    both = {"a b", "b a"}
    assert pairs(CERTAINLY, triples) == (both if all(meets) else set())
    assert pairs(POSSIBLY, triples) == (both if any(meets) else set())
    assert pairs(NEVER, triples) == (set() if any(meets) else both)


# Person to person.

LINE = "reporting:r ph:subordinate post:low ; ph:superior post:high "


def reports(
    read: Callable[[str], list[Triple]],
    low: dict[str, str] | None = None,
    high: dict[str, str] | None = None,
    line: dict[str, str] | None = None,
) -> set[str]:
    bounds = "".join(f' ; ph:{k} "{v}"^^xsd:date' for k, v in (line or {}).items())
    text = appointment("a", "ann", "low", **(low or {})) + appointment("b", "ben", "high", **(high or {}))
    return pairs(REPORTS, read(text + LINE + bounds + " ."))


def test_holders_of_joined_posts_report(read: Callable[[str], list[Triple]]) -> None:
    assert reports(read) == {"ann ben"}


BEFORE = {"latestEnd": "2020-01-01"}
AFTER = {"earliestStart": "2020-01-01"}
DURING = {"earliestStart": "2019-01-01", "latestEnd": "2021-01-01"}


@pytest.mark.parametrize(("low", "high", "line", "holds"), [
    (BEFORE, AFTER, {}, False), (AFTER, BEFORE, {}, False),
    (BEFORE, {}, AFTER, False), (AFTER, {}, BEFORE, False),
    ({}, BEFORE, AFTER, False), ({}, AFTER, BEFORE, False),
    (BEFORE, BEFORE, AFTER, False), (AFTER, AFTER, BEFORE, False),
    (BEFORE, BEFORE, BEFORE, True), (AFTER, AFTER, AFTER, True),
    (DURING, BEFORE, {}, True), (DURING, AFTER, DURING, True),
    (BEFORE, {}, {}, True), ({}, {}, AFTER, True),
])  # fmt: skip
def test_people_report_only_when_all_three_can_meet(
    low: dict[str, str], high: dict[str, str], line: dict[str, str], holds: bool, read: Callable[[str], list[Triple]]
) -> None:
    assert reports(read, low, high, line) == ({"ann ben"} if holds else set())


def test_nobody_reports_to_themselves(read: Callable[[str], list[Triple]]) -> None:
    text = appointment("a", "ann", "low") + appointment("b", "ann", "high") + LINE + "."
    assert pairs(REPORTS, read(text)) == set()


def test_reporting_of_people_does_not_chain(read: Callable[[str], list[Triple]]) -> None:
    text = (
        appointment("a", "ann", "low") + appointment("b", "ben", "high") + appointment("c", "cem", "top") + LINE + "."
    )
    text += " reporting:s ph:subordinate post:high ; ph:superior post:top ."
    assert pairs(REPORTS, read(text)) == {"ann ben", "ben cem"}


# Chains.


def line(name: str, low: str, high: str, **dates: str) -> str:
    bounds = "".join(f' ; ph:{k} "{v}"^^xsd:date' for k, v in dates.items())
    return f"reporting:{name} ph:subordinate post:{low} ; ph:superior post:{high}{bounds} . "


def test_a_chain_needs_a_day_that_all_share(read: Callable[[str], list[Triple]]) -> None:
    text = line("r", "a", "b", latestEnd="2020-01-01") + line("s", "b", "c", earliestStart="2020-01-01")
    assert pairs(UPWARDS, read(text)) == {"a b", "b c"}
    text = line("r", "a", "b", latestEnd="2020-01-02") + line("s", "b", "c", earliestStart="2020-01-01")
    assert pairs(UPWARDS, read(text)) == {"a b", "b c", "a c"}


def test_every_two_may_meet_and_all_three_never(read: Callable[[str], list[Triple]]) -> None:
    text = (
        line("r", "a", "b", earliestStart="2020-01-01", latestEnd="2020-01-03")
        + line("s", "b", "c", earliestStart="2020-01-02", latestEnd="2020-01-09")
        + line("t", "c", "d", earliestStart="2020-01-03", latestEnd="2020-01-09")
    )
    assert pairs(UPWARDS, read(text)) == {"a b", "b c", "c d", "a c", "b d"}


def test_a_second_line_closes_the_gap(read: Callable[[str], list[Triple]]) -> None:
    text = line("r", "a", "b", latestEnd="2020-01-01") + line("s", "b", "c", earliestStart="2020-01-01")
    assert "a c" in pairs(UPWARDS, read(text + line("t", "a", "b", earliestStart="2020-06-01")))


def test_units_lie_within_units(read: Callable[[str], list[Triple]]) -> None:
    text = """placement:p ph:placedUnit unit:a ; ph:parentUnit unit:b . placement:q ph:placedUnit unit:b ;
    ph:parentUnit unit:c ."""
    assert pairs(WITHIN, read(text)) == {"a b", "b c", "a c"}


def test_a_circle_puts_each_above_itself(read: Callable[[str], list[Triple]]) -> None:
    text = line("r", "a", "b") + line("s", "b", "a")
    assert pairs(UPWARDS, read(text)) == {"a b", "b a", "a a", "b b"}


def test_lines_of_different_years_are_no_circle(read: Callable[[str], list[Triple]]) -> None:
    text = line("r", "a", "b", latestEnd="2020-01-01") + line("s", "b", "a", earliestStart="2020-01-01")
    assert pairs(UPWARDS, read(text)) == {"a b", "b a"}


def test_literals_are_in_no_chain(read: Callable[[str], list[Triple]]) -> None:
    assert pairs(UPWARDS, read("reporting:r ph:subordinate 'a' ; ph:superior post:b .")) == set()


def test_too_many_links_are_refused(monkeypatch: pytest.MonkeyPatch, read: Callable[[str], list[Triple]]) -> None:
    monkeypatch.setattr(timed, "_MOST_LINKS", 2)
    assert pairs(UPWARDS, read(line("r", "a", "b") + line("s", "c", "d"))) == {"a b", "c d"}
    with pytest.raises(CannotError, match="too many to follow"):
        timed.apply(read(line("r", "a", "b") + line("s", "b", "c")))


NODES = [NamedNode(f"urn:{n}") for n in "abcde"]
EDGES = st.lists(
    st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.tuples(st.integers(0, 6), st.integers(0, 7))),
    max_size=9,
)


@settings(max_examples=300, deadline=None)
@given(EDGES)
def test_chains_agree_with_every_day(links: list[Edge]) -> None:
    """On every day the windows give the transitive closure of the links of that day."""
    found = chains(links)
    for day in range(-1, 9):
        joined = {(low, high) for low, high, (start, end) in links if start <= day < end}
        while more := {(a, d) for a, b in joined for c, d in joined if b == c} - joined:
            joined |= more
        assert {pair for pair, windows in found.items() if holds(windows, day)} == joined


def holds(windows: list[Window], day: int) -> bool:
    return any(start <= day < end for start, end in windows)


@given(EDGES)
def test_no_window_lies_within_another(links: list[Edge]) -> None:
    for windows in chains(links).values():
        assert windows
        assert not any(
            one != other and other[0] <= one[0] and one[1] <= other[1] for one in windows for other in windows
        )


def test_too_many_posts_of_one_person_are_refused(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[str], list[Triple]]
) -> None:
    monkeypatch.setattr(timed, "_MOST_PAIRS", 2)
    text = "".join(appointment(n) for n in "ab")
    assert pairs(POSSIBLY, read(text)) == {"a b", "b a"}
    with pytest.raises(CannotError, match="make 3 pairs, more than 2; one person has 3"):
        timed.apply(read(text + appointment("c")))


def test_a_dense_web_of_lines_is_given_up(monkeypatch: pytest.MonkeyPatch, read: Callable[[str], list[Triple]]) -> None:
    monkeypatch.setattr(timed, "_MOST_STEPS", 50)
    nodes = "abcdef"
    text = "".join(line(f"{x}{y}", x, y) for x in nodes for y in nodes if x != y)
    with pytest.raises(CannotError, match="too many to follow"):
        timed.apply(read(text))
