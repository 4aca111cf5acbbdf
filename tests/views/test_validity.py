"""Bounds against trying every admissible start and end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from postholder import terms
from postholder.graph import Triples
from postholder.views.validity import (
    FIRST,
    LAST,
    Bounds,
    bounds_of,
    combined,
    contradictory,
    day_of,
    day_text,
    overlap,
    together,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.readings import Facts

DAYS = range(101, 106)
MAYBE = st.none() | st.sampled_from(DAYS)
DRAWN = st.tuples(MAYBE, MAYBE, MAYBE, MAYBE)
Drawn = tuple[int | None, int | None, int | None, int | None]


def bounds(drawn: Drawn) -> Bounds:
    low, high, first, last = drawn
    return Bounds(
        FIRST if low is None else low,
        LAST if high is None else high,
        FIRST if first is None else first,
        LAST if last is None else last,
    )


def worlds(drawn: Drawn) -> list[tuple[int, int]]:
    """Return every start and end that the bounds admit, where open means up to well beyond the days."""
    low, high, first, last = drawn
    return [
        (s, e)
        for s in range(98 if low is None else low, (109 if high is None else high) + 1)
        for e in range(max(s + 1, 99 if first is None else first), (110 if last is None else last) + 1)
    ]


@given(DRAWN, st.integers(100, 107))
def test_standing_is_what_every_world_says(drawn: Drawn, day: int) -> None:
    admitted = worlds(drawn)
    assume(admitted)
    held = {s <= day < e for s, e in admitted}
    wanted = "possible" if len(held) == 2 else "certain" if held == {True} else "excluded"
    assert bounds(drawn).on(day) == wanted


@given(DRAWN)
def test_tight_bounds_admit_the_same_worlds(drawn: Drawn) -> None:
    admitted = worlds(drawn)
    assume(admitted)
    close = bounds(drawn).tight()
    assert close.earliest_start in {FIRST, min(s for s, _ in admitted)}
    assert close.latest_start in {LAST, LAST - 1, max(s for s, _ in admitted)}
    assert close.earliest_end in {FIRST, FIRST + 1, min(e for _, e in admitted)}
    assert close.latest_end in {LAST, max(e for _, e in admitted)}


@given(st.lists(DRAWN, min_size=2, max_size=3))
def test_several_share_a_day_in_every_world_or_some(several: list[Drawn]) -> None:
    every = [worlds(d) for d in several]
    assume(all(every))
    joint = [[]]  # type: ignore[var-annotated]
    for admitted in every:
        joint = [[*world, interval] for world in joint for interval in admitted[:: max(1, len(admitted) // 12)]]
    meets = {max(s for s, _ in world) < min(e for _, e in world) for world in joint}
    found = together([bounds(d) for d in several])
    # Sampled worlds can refute "certain" and "excluded"; the exact claim is tested on pairs below.
    assert not (found == "certain" and False in meets)
    assert not (found == "excluded" and True in meets)


@given(DRAWN, DRAWN)
def test_overlap_is_exact(one: Drawn, other: Drawn) -> None:
    first, second = worlds(one), worlds(other)
    assume(first and second)
    meets = {s < f and t < e for s, e in first for t, f in second}
    wanted = "possible" if len(meets) == 2 else "certain" if meets == {True} else "excluded"
    assert overlap(bounds(one), bounds(other)) == wanted


def test_touching_is_not_overlapping() -> None:
    assert overlap(Bounds(1, 1, 5, 5), Bounds(5, 5, 9, 9)) == "excluded"
    assert overlap(Bounds(1, 1, 6, 6), Bounds(5, 5, 9, 9)) == "certain"


def test_open_bounds_are_possible_on_every_day() -> None:
    assert {Bounds().on(d) for d in (1, 700_000, LAST - 1)} == {"possible"}


@given(st.lists(st.sampled_from(DAYS), max_size=3), st.lists(st.sampled_from(DAYS), max_size=3),
       st.lists(st.sampled_from(DAYS), max_size=3), st.lists(st.sampled_from(DAYS), max_size=3))  # fmt: skip
def test_several_values_are_all_heeded_unless_they_contradict(
    lows: list[int], highs: list[int], firsts: list[int], lasts: list[int]
) -> None:
    admitted = [
        (s, e)
        for s in range(99, 109)
        for e in range(s + 1, 110)
        if all(s >= d for d in lows)
        and all(s <= d for d in highs)
        and all(e >= d for d in firsts)
        and all(e <= d for d in lasts)
    ]
    found = combined(lows, highs, firsts, lasts)
    for day in range(100, 107):
        held = {s <= day < e for s, e in admitted}
        if admitted:
            assert found.on(day) == ("possible" if len(held) == 2 else "certain" if held == {True} else "excluded")
        elif found.on(day) == "excluded":
            # Nothing is picked: of starts (or ends) that contradict each other all remain possible.
            torn = max(lows, default=0) > min(highs, default=200), max(firsts, default=0) > min(lasts, default=200)
            begin = min([*lows, *highs]) if torn[0] else max(lows, default=0)
            end = max([*firsts, *lasts]) if torn[1] else min(lasts, default=200)
            assert day < begin or day >= end


DATES = {
    "starts out of order": ('ph:earliestStart "2023-05-01"^^xsd:date ; ph:latestStart "2023-04-01"^^xsd:date', True),
    "ends out of order": ('ph:earliestEnd "2023-05-01"^^xsd:date ; ph:latestEnd "2023-04-01"^^xsd:date', True),
    "ends before it begins": ('ph:earliestStart "2023-05-01"^^xsd:date ; ph:latestEnd "2023-05-01"^^xsd:date', True),
    "goes on after its end": ('ph:ongoingAt "2023-05-01"^^xsd:date ; ph:latestEnd "2023-05-01"^^xsd:date', True),
    "goes on before it begins": ('ph:ongoingAt "2023-05-01"^^xsd:date ; ph:earliestStart "2023-05-02"^^xsd:date', True),
    "one day": ('ph:earliestStart "2023-05-01"^^xsd:date ; ph:latestEnd "2023-05-02"^^xsd:date', False),
    "nothing": ("ph:mode ph:acting", False),
    "no day": ('ph:earliestStart "2023-05" ; ph:latestEnd "2023"^^xsd:gYear', False),
}


@pytest.mark.parametrize("text", DATES)
def test_contradictions(text: str, facts_of: Callable[[str], Facts]) -> None:
    said, wrong = DATES[text]
    record = facts_of(f"appointment:x {said} .").record
    assert contradictory(record, NamedNode(terms.ID + "appointment/x")) is wrong


def test_ongoing_bounds_both_sides(facts_of: Callable[[str], Facts]) -> None:
    record = facts_of('appointment:x ph:ongoingAt "2023-03-28"^^xsd:date , "2023-12-20"^^xsd:date .').record
    found = bounds_of(record, NamedNode(terms.ID + "appointment/x"))
    told = {"2023-03-27": "possible", "2023-03-28": "certain", "2023-12-20": "certain", "2023-12-21": "possible"}
    assert {d: found.on(date.fromisoformat(d).toordinal()) for d in told} == told
    assert str(found) == "began by 2023-03-28; held on 2023-12-20, no end told"


WORDS = {
    Bounds(): "no start told; no end told",
    Bounds(5, 5): "began 0001-01-05; no end told",
    Bounds(5, 7): "began between 0001-01-05 and 0001-01-07; no end told",
    Bounds(latest_start=7): "began by 0001-01-07; no end told",
    Bounds(5): "began 0001-01-05 or later; no end told",
    Bounds(latest_end=9): "began by 0001-01-08; ended by 0001-01-09",
    Bounds(5, 5, 9, 9): "began 0001-01-05; ended 0001-01-09",
    Bounds(5, 5, 8, 9): "began 0001-01-05; ended between 0001-01-08 and 0001-01-09",
}


@pytest.mark.parametrize("b", WORDS, ids=WORDS.values())
def test_bounds_in_words(b: Bounds) -> None:
    assert str(b.tight()) == WORDS[b]


@pytest.mark.parametrize("text", ["2023", "2023-02", "2023-02-30", "20230201", "2023-2-1", "", "today", "2023-W01-1"])
def test_what_is_no_day(text: str) -> None:
    assert day_of(text) is None


def test_days_there_and_back() -> None:
    assert [day_text(day_of(t) or 0) for t in ("0001-01-01", "2023-09-12", "9999-12-31")] == [
        "0001-01-01", "2023-09-12", "9999-12-31",
    ]  # fmt: skip


def test_bounds_of_nothing() -> None:
    assert bounds_of(Triples(), NamedNode("urn:x")) == Bounds().tight()
