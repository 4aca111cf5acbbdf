"""The text of a comparison: every kind of difference has its line, and no name can steer a terminal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from postholder.differences.difference import Around, Diff, Item, Merger, Shift, Withdrawal
from postholder.differences.sides import Seen
from postholder.differences.telling import told, told_around

NOTHING = Diff("of then", "of now", False, *([()] * 14), 0)  # type: ignore[arg-type, call-arg]


def seen(standing: str, holder: str = "", mode: str = "", dates: str = "", reading: str = "") -> Seen:
    values = [("holder", ((holder, holder),))] if holder else []
    values += [("mode", ((mode, mode),))] if mode else []
    return Seen(standing, dates, reading, (f"F1 {standing}",) if standing != "not told" else (), tuple(values))


def item(kind: str, name: str, first: Seen, second: Seen) -> Item:
    return Item(name, kind, name, first, second)


ZHANG = item("appointment", "Zhang as chief", seen("planned", "Zhang"), seen("not", "Zhang", dates="began a; ended b"))
WU = item("appointment", "Wu as chief", seen("not told"), seen("certain", "Wu", "acting", "began b; no end told"))
UNIT = item("unit", "Works", seen("not"), seen("certain"))
LINE = item("reporting line", "A to B", seen("certain"), seen("not"))


def test_nothing_differs_and_the_text_says_so() -> None:
    assert told(NOTHING) == "FIRST   of then\nSECOND  of now\n\nNothing differs."


def test_a_holder_changes() -> None:
    text = told(replace(NOTHING, same_day=True, shifts=(Shift("p", "Chief", "holder", (ZHANG,), (WU,)),)))
    assert "what differs is what is told of it" in text
    assert "  holder changed: Chief: Zhang (planned) -> Wu (acting, began b)" in text
    assert "    Zhang as chief: planned -> not; began a; ended b  [F1 planned, F1 not]" in text
    assert "    Wu as chief: not told -> certain; began b; no end told  [F1 certain]" in text


@pytest.mark.parametrize(
    ("what", "first", "second", "line"),
    [
        ("holder", (), (WU,), "holder begins: P: nobody told -> Wu (acting, began b)"),
        ("holder", (ZHANG,), (), "holder ends: P: Zhang (planned) -> nobody told"),
        ("mode", (ZHANG,), (WU,), "mode changed: P: "),
        ("appointment", (ZHANG,), (WU,), "appointed anew: P: "),
        ("parent", (), (UNIT,), "placed: P: none told -> Works"),
        ("parent", (UNIT,), (), "no longer placed: P: Works (not) -> none told"),
        ("parent", (UNIT,), (UNIT,), "moved: P: "),
        ("placement", (UNIT,), (UNIT,), "placed anew: P: "),
    ],
)
def test_the_word_for_a_shift(what: str, first: tuple[Item, ...], second: tuple[Item, ...], line: str) -> None:
    assert f"  {line}" in told(replace(NOTHING, shifts=(Shift("p", "P", what, first, second),)))


@pytest.mark.parametrize(
    ("name", "value", "lines"),
    [
        ("begun", (UNIT,), ["POSTS AND UNITS", "  unit created: Works: not -> certain  [F1 not, F1 certain]"]),
        ("ended", (LINE,), ["WHO REPORTS TO WHOM", "  reporting line removed: A to B: certain -> not"]),
        ("begun", (WU,), ["OTHER", "  appointment told on the second side only: Wu as chief"]),
        ("ended", (item("brand", "B", seen("certain"), seen("not told")),), ["  brand told on the first side only: B"]),
        ("confirmed", (ZHANG,), ["PLANS CONFIRMED", "  appointment: Zhang as chief: planned -> not"]),
        ("only_planned", (ZHANG,), ["TOLD AS A PLAN ONLY, ON THE SECOND SIDE"]),
        ("known_better", (UNIT,), ["KNOWN BETTER", "  unit: Works"]),
        ("known_less", (UNIT,), ["KNOWN LESS", "  unit: Works"]),
        ("retold", (ZHANG,), ["TOLD DIFFERENTLY", "    dates: not told -> began a; ended b"]),
        ("retold", (item("appointment", "x", seen("certain", "A"), seen("certain", "B")),), ["    holder: A -> B"]),
        ("united", (("A", "B"),), ["NAMES", "  now one: A is B"]),
        ("parted", (("A", "B"),), ["  no longer one: A and B"]),
        ("mergers", (Merger("e", "E", "mechanism", ("x", "y"), "z"),), ["  merged: x, y -> z, by E"]),
        ("withdrawn", (Withdrawal("F1", "Stays.", True, "why", ("F2: Left.",), ("t",)),),
         ["  plan not carried out: Stays.  [F1]", "    reason: why", "    against it: F2: Left.", "    it told of: t"]),
        ("withdrawn", (Withdrawal("F1", "Stays.", False, "why", (), ()),), ["  withdrawn: Stays.  [F1]"]),
        ("restored", (Withdrawal("F1", "Stays.", False, "why", (), ()),), ["  withdrawn on the first side only: "]),
        ("unsure", 1, ["1 change left out: not certain on both sides"]),
        ("stayed", (UNIT, UNIT), ["WHAT STAYED", "  2 units (--all names them)"]),
    ],
)  # fmt: skip
def test_every_difference_has_its_lines(name: str, value: Any, lines: list[str]) -> None:
    given: dict[str, Any] = {name: value}
    text = told(replace(NOTHING, **given))
    for line in lines:
        assert line in text


def test_what_stayed_is_named_on_demand() -> None:
    assert "  unit: Works: not -> certain" in told(replace(NOTHING, stayed=(UNIT,)), everything=True)


def test_a_reading_stands_beside_what_depends_on_it() -> None:
    under = item("appointment", "x", seen("not"), seen("possible", "Ann", reading="if X"))
    text = told(replace(NOTHING, shifts=(Shift("p", "P", "holder", (), (under,)),)))
    assert "nobody told -> Ann (possible, if X)" in text
    assert "    x: not -> possible; if X" in text


HOSTILE = "Eve\x1b[2J\nFAKE LINE"


def test_no_name_steers_a_terminal_or_fakes_a_line() -> None:
    bad = Item(HOSTILE, "unit", HOSTILE, seen("certain", HOSTILE), seen("not", HOSTILE))
    claim = Withdrawal("F1", HOSTILE, True, HOSTILE, (HOSTILE,), (HOSTILE,))
    text = told(
        replace(
            NOTHING, first=HOSTILE, begun=(bad,), retold=(bad,), withdrawn=(claim,), united=((HOSTILE, HOSTILE),),
            mergers=(Merger("e", HOSTILE, "mechanism", (HOSTILE, "y"), HOSTILE),), stayed=(bad,),
            shifts=(Shift("p", HOSTILE, "holder", (bad,), (bad,)),),
        ), everything=True,
    )  # fmt: skip
    text += told_around(Around("e", HOSTILE, "began", ("F1",), (("before", (bad,)),), (), None))
    assert "\x1b" not in text
    assert not [line for line in text.splitlines() if line.startswith("FAKE")]


def test_an_event_with_all_it_does() -> None:
    merger = Merger("e", "E", "mechanism", ("x", "y"), "z")
    roles = (("before", (LINE,)), ("kept", (UNIT,)))
    text = told_around(Around("e", "E", "began 2020", ("F1",), roles, (merger,), NOTHING))
    assert text.splitlines()[:4] == [
        "EVENT   E: began 2020  [F1]",
        "  before: A to B: certain -> not  [F1 certain, F1 not]",
        "  kept: Works: not -> certain  [F1 not, F1 certain]",
        "  merged: x, y -> z",
    ]
    assert text.endswith("Nothing differs.")


def test_an_event_without_relations_or_date_says_so() -> None:
    text = told_around(Around("e", "E", "no date told", (), (), (), None))
    assert "nothing is told to begin, end or stay with it" in text
    assert "No views are compared" in text
