"""Edges of one date: a circle that needs lines of different years is none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from postholder import terms
from postholder.graph import Triples, ph
from postholder.sources.rdf import parse_text
from postholder.validation.snapshots import snapshots

if TYPE_CHECKING:
    from collections.abc import Callable

REPORTS = NamedNode(terms.ORG + "reportsTo")
PART_OF = NamedNode(terms.ORG + "subOrganizationOf")


def day(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(terms.XSD + "date"))


def post(name: str) -> NamedNode:
    return NamedNode(f"{terms.ID}post/{name}")


def line(number: int, low: str, high: str, start: str = "", end: str = "") -> list[Triple]:
    node = NamedNode(f"{terms.ID}reporting/{number}")
    found = [Triple(node, ph("subordinate"), post(low)), Triple(node, ph("superior"), post(high))]
    if start:
        found.append(Triple(node, ph("earliestStart"), day(start)))
    if end:
        found.append(Triple(node, ph("latestEnd"), day(end)))
    return found


def edges(triples: list[Triple]) -> dict[str, set[str]]:
    return {d: {f"{str(t.subject)[-2:-1]}{str(t.object)[-2:-1]}" for t in found} for d, found in snapshots(triples)}


def has_circle(pairs: set[str]) -> bool:
    reached = set(pairs)
    while True:
        more = {a[0] + b[1] for a in reached for b in pairs if a[1] == b[0]} - reached
        if not more:
            return any(p[0] == p[1] for p in reached)
        reached |= more


def circles(triples: list[Triple]) -> list[str]:
    return [d for d, pairs in edges(triples).items() if has_circle(pairs)]


def test_nothing_gives_nothing() -> None:
    assert snapshots([]) == []


def test_an_undated_line_holds_always() -> None:
    assert snapshots(line(1, "a", "b")) == [("0001-01-01", [Triple(post("a"), REPORTS, post("b"))])]


def test_a_snapshot_for_each_date_on_which_a_line_begins() -> None:
    found = edges(
        [*line(1, "a", "b", "2020-01-01", "2021-01-01"), *line(2, "b", "c", "2020-06-01"), *line(3, "c", "d")]
    )
    assert found == {"0001-01-01": {"cd"}, "2020-01-01": {"ab", "cd"}, "2020-06-01": {"ab", "bc", "cd"}}


def test_an_end_is_the_first_day_on_which_it_no_longer_holds() -> None:
    found = edges([*line(1, "a", "b", "2020-01-01", "2021-01-01"), *line(2, "c", "d", "2021-01-01")])
    assert found == {"2020-01-01": {"ab"}, "2021-01-01": {"cd"}}


def test_a_circle_across_years_is_none() -> None:
    assert (
        circles([*line(1, "a", "b", "2019-01-01", "2020-01-01"), *line(2, "b", "a", "2020-01-01", "2021-01-01")]) == []
    )


def test_a_circle_on_one_date_is_found() -> None:
    found = circles([*line(1, "a", "b", "2019-01-01", "2020-01-02"), *line(2, "b", "a", "2020-01-01", "2021-01-01")])
    assert found == ["2020-01-01"]


def test_a_circle_of_undated_lines_is_found() -> None:
    assert circles([*line(1, "a", "b"), *line(2, "b", "c"), *line(3, "c", "a")]) == ["0001-01-01"]


def test_a_post_that_reports_to_itself_is_found() -> None:
    assert circles(line(1, "a", "a", "2020-01-01")) == ["2020-01-01"]


def test_days_that_contradict_each_other_exclude_nothing() -> None:
    assert [d for d, _ in snapshots(line(1, "a", "b", "2021-01-01", "2020-01-01"))] == ["0001-01-01"]
    assert [d for d, _ in snapshots(line(1, "a", "b", "2021-01-01", "2021-01-01"))] == ["0001-01-01"]


def test_of_several_bounds_the_closest_count() -> None:
    lines = [*line(1, "a", "b", "2020-01-01", "2022-01-01"), *line(1, "a", "b", "2021-01-01")]
    assert [d for d, _ in snapshots(lines)] == ["2021-01-01"]


def test_units_are_placed_likewise(prefixed: Callable[[str], str]) -> None:
    text = """<http://x/1> ph:placedUnit unit:a ; ph:parentUnit unit:b ; ph:earliestStart "2020-01-01"^^xsd:date .
    <http://x/2> ph:placedUnit unit:b ; ph:parentUnit unit:a ."""
    triples = [q.triple for q in parse_text(prefixed(text), "t", RdfFormat.TRIG)]
    found = snapshots(triples)
    assert [d for d, _ in found] == ["0001-01-01", "2020-01-01"]
    assert {t.predicate for _, ts in found for t in ts} == {PART_OF}
    assert len(found[1][1]) == 2


def test_several_superiors_and_literals(prefixed: Callable[[str], str]) -> None:
    text = """<http://x/1> ph:subordinate post:a , "nobody" ; ph:superior post:b , post:c , "somebody" .
    <http://x/2> ph:subordinate post:a ."""
    triples = [q.triple for q in parse_text(prefixed(text), "t", RdfFormat.TRIG)]
    [(_, found)] = snapshots(triples)
    assert found == [Triple(post("a"), REPORTS, post("b")), Triple(post("a"), REPORTS, post("c"))]


def test_a_bound_that_is_no_literal_is_none(prefixed: Callable[[str], str]) -> None:
    text = "<http://x/1> ph:subordinate post:a ; ph:superior post:b ; ph:earliestStart post:c ."
    triples = [q.triple for q in parse_text(prefixed(text), "t", RdfFormat.TRIG)]
    assert [d for d, _ in snapshots(triples)] == ["0001-01-01"]


FIRST = date(2020, 1, 1)
DAYS = st.one_of(st.just(None), st.integers(1, 9))
LINE = st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), DAYS, DAYS)
LINES = st.lists(LINE.filter(lambda drawn: (drawn[2] or 0) < (drawn[3] or 10)), max_size=6)


@settings(max_examples=400, deadline=None)
@given(LINES)
def test_circles_agree_with_looking_at_every_day(drawn: list[tuple[str, str, int | None, int | None]]) -> None:
    def text(number: int | None) -> str:
        return "" if number is None else (FIRST + timedelta(number)).isoformat()

    triples = [t for n, (a, b, s, e) in enumerate(drawn) for t in line(n, a, b, text(s), text(e))]
    by_day = {}
    for number in range(-1, 12):
        today = (FIRST + timedelta(number)).isoformat()
        by_day[today] = {
            a + b for a, b, s, e in drawn if (s is None or text(s) <= today) and (e is None or today < text(e))
        }
    assert bool(circles(triples)) == any(has_circle(pairs) for pairs in by_day.values())
    for found, pairs in edges(triples).items():
        if found in by_day:
            assert pairs == by_day[found]


def test_edges_are_sorted_and_told_once() -> None:
    [(_, found)] = snapshots([*line(2, "b", "c"), *line(1, "a", "b"), *line(3, "a", "b")])
    assert [str(t.subject)[-2:-1] for t in found] == ["a", "b"]
    assert len(Triples(found)) == 2


@pytest.mark.parametrize("year", ["0001", "0999", "9998"])
def test_years_of_four_digits_are_ordered(year: str) -> None:
    assert list(edges(line(1, "a", "b", f"{year}-06-01"))) == [f"{year}-06-01"]


EVENT = NamedNode(terms.ID + "event/e")


def reporting(number: int) -> NamedNode:
    return NamedNode(f"{terms.ID}reporting/{number}")


def change(before: list[int], after: list[int], event: NamedNode = EVENT) -> list[Triple]:
    found = [Triple(event, ph("before"), reporting(n)) for n in before]
    return found + [Triple(event, ph("after"), reporting(n)) for n in after]


def states(triples: list[Triple]) -> list[set[str]]:
    return [{f"{str(t.subject)[-2:-1]}{str(t.object)[-2:-1]}" for t in held} for _, held in snapshots(triples)]


def test_what_a_change_ends_and_what_it_begins_never_hold_together() -> None:
    lines = [*line(1, "a", "b"), *line(2, "b", "a"), *line(3, "c", "d")]
    assert states([*lines, *change([1], [2])]) == [{"ab", "cd"}, {"ba", "cd"}]
    assert states(lines) == [{"ab", "ba", "cd"}]


def test_two_changes_part_each_state() -> None:
    lines = [t for n, (a, b) in enumerate((("a", "b"), ("b", "a"), ("c", "d"), ("d", "c")), 1) for t in line(n, a, b)]
    other = NamedNode(terms.ID + "event/f")
    found = states([*lines, *change([1], [2]), *change([3], [4], other)])
    assert len(found) == 4
    assert {frozenset(s) for s in found} == {
        frozenset(p) for p in (("ab", "cd"), ("ab", "dc"), ("ba", "cd"), ("ba", "dc"))
    }


def test_a_change_of_other_things_parts_nothing() -> None:
    lines = [*line(1, "a", "b"), *line(2, "b", "a")]
    assert states([*lines, *change([1], []), *change([7], [8])]) == [{"ab", "ba"}]
    assert states([*lines, *change([], [1, 2])]) == [{"ab", "ba"}]
    assert states([*lines, *change([1], [8])]) == [{"ab", "ba"}]
    assert states([*lines, *change([8], [1])]) == [{"ab", "ba"}]


def test_what_holds_before_and_after_a_change_is_not_lost() -> None:
    lines = [*line(1, "a", "b"), *line(2, "b", "a"), *line(3, "c", "d")]
    found = states([*lines, *change([1, 3], [1, 2])])
    assert all("ab" in state for state in found)
    assert any(has_circle(state) for state in found)


def test_many_changes_hide_no_circle() -> None:
    """More changes than are looked at one by one: nothing may pass in silence."""
    triples: list[Triple] = []
    for number in range(10):
        event = NamedNode(f"{terms.ID}event/{number}")
        triples += [*line(2 * number, f"m{number}", "t"), *line(2 * number + 1, f"n{number}", "t")]
        triples += change([2 * number], [2 * number + 1], event)
    late = NamedNode(terms.ID + "event/z")
    triples += [*line(90, "x", "y"), *line(91, "y", "x"), *line(92, "y", "v"), *change([92], [90, 91], late)]
    assert any({"xy", "yx"} <= state for state in states(triples))
