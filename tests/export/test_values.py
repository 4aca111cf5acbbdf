"""Literals become native values where nothing is lost."""

from __future__ import annotations

from datetime import date

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from postholder import terms
from postholder.export import values
from postholder.export.values import BOOLEAN, DATE, DOUBLE, LONG, STRING


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(terms.XSD + kind))


@pytest.mark.parametrize(
    ("literal", "kind", "native"),
    [
        (typed("42", "integer"), LONG, 42),
        (typed("+042", "integer"), LONG, 42),
        (typed("9223372036854775807", "integer"), LONG, 2**63 - 1),
        (typed("9223372036854775808", "integer"), DOUBLE, 2.0**63),
        (typed("0.70", "decimal"), DOUBLE, 0.7),
        (typed("1e3", "double"), DOUBLE, 1000.0),
        (typed("1e999", "double"), STRING, "1e999"),
        (typed("INF", "double"), STRING, "INF"),
        (typed("twelve", "integer"), STRING, "twelve"),
        (typed("٣", "integer"), STRING, "٣"),
        (typed("true", "boolean"), BOOLEAN, True),
        (typed("0", "boolean"), BOOLEAN, False),
        (typed("yes", "boolean"), STRING, "yes"),
        (typed("2022-01-06", "date"), DATE, date(2022, 1, 6)),
        (typed("2022-01-06Z", "date"), STRING, "2022-01-06Z"),
        (typed("2022-02-31", "date"), STRING, "2022-02-31"),
        (typed("-0044-03-15", "date"), STRING, "-0044-03-15"),
        (typed("2022", "gYear"), STRING, "2022"),
        (Literal("x", language="en"), STRING, "x"),
        (NamedNode(terms.ID + "post/x"), STRING, "post/x"),
        (BlankNode("b"), STRING, "b"),
    ],
)
def test_kind_and_native(literal: Literal, kind: str, native: values.Value) -> None:
    assert values.kind(literal) == kind
    assert values.native(literal, kind) == native
    assert type(values.native(literal, kind)) is type(native)


def test_one_type_for_all_values() -> None:
    assert values.common([LONG, LONG]) == LONG
    assert values.common([LONG, DOUBLE]) == DOUBLE
    assert values.common([LONG, DATE]) == STRING


def test_the_spelling_and_the_other_values_are_kept() -> None:
    rows = {"value": [typed("0.70", "decimal")], "note": [Literal("b"), Literal("a")], "n": [typed("7", "integer")]}
    assert values.properties(rows, {"value": DOUBLE, "note": STRING, "n": LONG}) == {
        "n": 7,
        "note": "a",
        "noteOthers": ["b"],
        "value": 0.7,
        "valueLexical": "0.70",
    }


def test_spelled() -> None:
    assert [values.spelled(v) for v in (True, False, 7, 0.5, date(2022, 1, 6))] == [
        "true",
        "false",
        "7",
        "0.5",
        "2022-01-06",
    ]


def test_datatypes_that_the_type_gives_away() -> None:
    assert values.keeps_datatype(typed("7", "integer"), LONG)
    assert not values.keeps_datatype(typed("7", "integer"), DOUBLE)
    assert not values.keeps_datatype(typed("7", "gYear"), STRING)
