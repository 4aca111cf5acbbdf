"""Rows in every form that people ask for."""

from __future__ import annotations

import builtins
import csv
import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from postholder import terms
from postholder.errors import CannotError
from postholder.queries.rows import FORMATS, Rows, shown, value
from postholder.text import width


def typed(text: str, name: str) -> Literal:
    return Literal(text, datatype=NamedNode(terms.XSD + name))


VALUES: list[tuple[Any, Any]] = [
    (None, None),
    (NamedNode(terms.ID + "person/lu-su"), terms.ID + "person/lu-su"),
    (BlankNode("b"), "b"),
    (Literal("text"), "text"),
    (Literal("文", language="zh"), "文"),
    (typed("007", "integer"), 7),
    (typed("-3", "int"), -3),
    (typed("953000000", "nonNegativeInteger"), 953_000_000),
    (typed("-1", "negativeInteger"), -1),
    (typed("255", "unsignedByte"), 255),
    (typed("12.50", "decimal"), Decimal("12.50")),
    (typed("2022-01-06", "date"), date(2022, 1, 6)),
    (typed("true", "boolean"), True),
    (typed("1", "boolean"), True),
    (typed("false", "boolean"), False),
    (typed("many", "integer"), "many"),
    (typed("lots", "decimal"), "lots"),
    (typed("2022-02-30", "date"), "2022-02-30"),
    (typed("2022-01-06Z", "date"), "2022-01-06Z"),
    (typed("1.5e3", "double"), "1.5e3"),
    (typed("9" * 5000, "integer"), "9" * 5000),
]


@pytest.mark.parametrize(("term", "expected"), VALUES)
def test_a_term_has_a_python_value(term: Any, expected: Any) -> None:
    found = value(term)
    assert found == expected
    assert type(found) is type(expected)


def test_a_term_is_shown_by_its_short_form() -> None:
    assert shown(None) == ""
    assert shown(NamedNode(terms.ID + "post/group-cto")) == "post/group-cto"
    assert shown(NamedNode(terms.PH + "Post")) == "ph:Post"
    assert shown(NamedNode("http://x/a")) == "http://x/a"
    assert shown(Literal("a", language="en")) == "a"


NASTY = 'a|b\\c\nd\te\x1b[31m\u202ef,"g"'
ROWS = Rows(
    ("person", "label", "n"),
    (
        (NamedNode(terms.ID + "person/lu-su"), Literal("鲁肃"), typed("2", "integer")),
        (NamedNode(terms.ID + "person/x"), Literal(NASTY), None),
    ),
)
EMPTY = Rows(("person",), (), "nobody is recorded")


def test_rows_are_a_sequence_of_mappings() -> None:
    assert len(ROWS) == 2
    assert ROWS.to_dicts() == list(ROWS)
    assert ROWS.to_dicts()[0] == {"person": terms.ID + "person/lu-su", "label": "鲁肃", "n": 2}
    assert ROWS.to_dicts()[1]["n"] is None
    assert not EMPTY
    assert EMPTY.to_dicts() == []


def test_a_table_is_aligned_and_safe_for_a_terminal() -> None:
    lines = ROWS.render("table").split("\n")
    assert len(lines) == 4
    assert lines[0].split() == ["person", "label", "n"]
    column = lines[0].index("n", lines[0].index("label") + 5)
    assert width(lines[2][: lines[2].rindex("2")]) == column
    assert "\x1b" not in lines[3]
    assert "\u202e" not in lines[3]
    assert "\\x0a" in lines[3]
    assert [line for line in lines if line != line.rstrip()] == []


def test_an_empty_table_says_what_that_means() -> None:
    assert EMPTY.render("table") == "(nobody is recorded)"
    assert Rows(("x",), ()).render("table") == "(no rows)"


@pytest.mark.parametrize(("form", "mark"), [("csv", ","), ("tsv", "\t")])
def test_separated_values_read_back(form: str, mark: str) -> None:
    text = ROWS.render(form)
    assert not text.endswith("\n")
    assert list(csv.reader(io.StringIO(text), delimiter=mark)) == [
        ["person", "label", "n"],
        ["person/lu-su", "鲁肃", "2"],
        ["person/x", NASTY, ""],
    ]
    assert EMPTY.render(form) == "person"


def test_json_reads_back_with_types() -> None:
    days = Rows(("d", "x", "n"), ((typed("2022-01-06", "date"), typed("1.50", "decimal"), None),))
    assert json.loads(days.render("json")) == [{"d": "2022-01-06", "x": "1.50", "n": None}]
    assert json.loads(ROWS.render("json"))[1]["label"] == NASTY
    assert "鲁肃" in ROWS.render("json")
    assert EMPTY.render("json") == "[]"


def test_markdown_keeps_one_row_on_one_line() -> None:
    lines = ROWS.render("markdown").split("\n")
    assert lines[:3] == ["| person | label | n |", "| --- | --- | --- |", "| person/lu-su | 鲁肃 | 2 |"]
    assert len(lines) == 4
    assert lines[3].startswith("| person/x | a\\|b\\\\c")
    assert lines[3].count("|") - lines[3].count("\\|") == 4
    assert "\x1b" not in lines[3]
    assert EMPTY.render("markdown") == "| person |\n| --- |"


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_is_stable(form: str) -> None:
    assert ROWS.render(form) == ROWS.render(form) != ""


def test_a_data_frame_has_the_columns_even_when_empty() -> None:
    frame = ROWS.to_pandas()
    assert list(frame.columns) == ["person", "label", "n"]
    assert frame["label"].tolist() == ["鲁肃", NASTY]
    assert list(EMPTY.to_pandas().columns) == ["person"]
    assert isinstance(EMPTY.to_pandas(), pd.DataFrame)


def test_without_pandas_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def no_pandas(name: str, *args: Any, **more: Any) -> Any:
        if name == "pandas":
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", no_pandas)
    with pytest.raises(CannotError, match="pandas") as caught:
        ROWS.to_pandas()
    assert "pip install" in caught.value.hint
