"""Helpers for text that people read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postholder.text import count, did_you_mean, is_day, nearest, printable, table, width

KNOWN = ["overview", "validate", "query", "org-chart", "Org-Units"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("over", ["overview"]),
        ("overviw", ["overview"]),
        ("ORG", ["Org-Units", "org-chart"]),
        ("chart", ["org-chart"]),
        ("qeury", ["query"]),
        ("xyzzy", []),
        ("", []),
    ],
)
def test_nearest(name: str, expected: list[str]) -> None:
    assert nearest(name, KNOWN) == expected


def test_nearest_is_bounded_and_ordered() -> None:
    names = [f"name{n}" for n in range(9)]
    assert nearest("name", names) == ["name0", "name1", "name2"]
    assert nearest("name", names, 5) == names[:5]
    assert nearest("me1", ["me10", "x-me1"]) == ["me10", "x-me1"]


def test_did_you_mean() -> None:
    assert did_you_mean("quer", KNOWN) == "did you mean query?"
    assert did_you_mean("xyzzy", ["b", "a"]) == "valid: a, b"
    assert did_you_mean("x", []) == "there is none to choose from"


@given(st.text(max_size=10), st.lists(st.text(max_size=8), max_size=6))
def test_only_known_names_are_suggested(name: str, known: list[str]) -> None:
    found = nearest(name, known)
    assert len(found) <= 3
    assert set(found) <= set(known)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("text", "columns"), [("", 0), ("abc", 3), ("\u9c81\u8083", 4), ("\uff21b", 3), ("\uff71", 1), ("e\u0301", 1)]
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, \u9c81 \U0001f600", "plain text, \u9c81 \U0001f600"),
        ("a\nb\tc\r", "a\\x0ab\\x09c\\x0d"),
        ("\x1b[31mred\x07\x9b", "\\x1b[31mred\\x07\\x9b"),
        ("\x00", "\\x00"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200f", "\u2028", "\x85", "\ufeff", "\ud800"])
def test_marks_that_turn_text_around_are_escaped(mark: str) -> None:
    shown = printable(f"a{mark}b")
    assert mark not in shown
    assert f"{ord(mark):02x}" in shown


@given(st.text())
def test_what_is_printable_stays_on_its_line(text: str) -> None:
    shown = printable(text)
    assert len(shown.splitlines()) <= 1
    assert all(c.isprintable() for c in shown)


def test_a_table_is_aligned() -> None:
    assert table(("name", "n"), [("\u9c81\u8083", "1"), ("a", "22"), ("", "")]) == (
        "name  n\n----  --\n\u9c81\u8083  1\na     22\n"
    )


def test_a_table_without_rows_has_a_head() -> None:
    assert table(("a", "long head"), []) == "a  long head\n-  ---------"


def test_a_cell_cannot_break_its_row() -> None:
    assert table(("a", "b"), [("x\ny", "\x1b[2J")]).split("\n")[2] == "x\\x0ay  \\x1b[2J"


@given(st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6)), max_size=5))
def test_every_row_is_one_line_without_trailing_blanks(rows: list[tuple[str, str]]) -> None:
    lines = table(("one", "two"), rows).split("\n")
    assert len(lines) == len(rows) + 2
    assert all(line == line.rstrip(" ") for line in lines)


@pytest.mark.parametrize(("text", "day"), [
    ("2022-01-06", True), ("0001-01-01", True), ("2022-02-30", False), ("2022-1-6", False), ("20220106", False),
    ("2022-W01-1", False), ("2022-01-06Z", False), ("2022", False), ("", False), ("\uff12022-01-06", False),
])  # fmt: skip
def test_a_day_is_of_the_calendar_and_written_in_full(text: str, day: bool) -> None:
    assert is_day(text) is day


def test_counts_read_well() -> None:
    assert [count(n, "claim") for n in (0, 1, 2)] == ["0 claims", "1 claim", "2 claims"]
