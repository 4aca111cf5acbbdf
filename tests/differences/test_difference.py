"""The results of a comparison as plain data."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from postholder.differences.difference import Around, Diff, Item, Merger, Shift, Withdrawal
from postholder.differences.sides import Seen

ITEM = Item("t", "unit", "T", Seen("certain", "began", "if X", ("F1",), (("mode", (("m", "M"),)),)), Seen("not"))
NOTHING = Diff("a", "b", False, *([()] * 14), 0)  # type: ignore[arg-type, call-arg]
FILLED: dict[str, Any] = {
    "shifts": (Shift("p", "P", "holder", (ITEM,), ()),),
    "mergers": (Merger("e", "E", "mechanism", ("x", "y"), "z"),),
    "withdrawn": (Withdrawal("F1", "says", True, "why", ("F2",), ("t",)),),
    "united": (("A", "B"),),
}


def test_nothing_differs() -> None:
    assert not NOTHING
    assert not replace(NOTHING, stayed=(ITEM,), unsure=3)


@pytest.mark.parametrize("name", [f.name for f in fields(Diff)])
def test_every_kind_of_difference_counts(name: str) -> None:
    if name not in {"first", "second", "same_day", "stayed", "unsure"}:
        given: dict[str, Any] = {name: FILLED.get(name, (ITEM,))}
        assert replace(NOTHING, **given)


def test_plain_data_holds_everything_and_goes_into_json() -> None:
    diff = replace(NOTHING, begun=(ITEM,), **FILLED)
    data = json.loads(json.dumps(diff.as_dict()))
    assert set(data) == {f.name for f in fields(Diff)}
    assert data["begun"][0]["first"] == {
        "standing": "certain", "dates": "began", "reading": "if X", "claims": ["F1"],
        "values": {"mode": [{"value": "m", "name": "M"}]},
    }  # fmt: skip
    assert data["shifts"][0]["first"][0]["thing"] == "t"
    assert data["mergers"][0]["before"] == ["x", "y"]
    assert data["withdrawn"][0]["planned"] is True
    assert data["united"] == [["A", "B"]]


def test_an_event_as_plain_data() -> None:
    around = Around("e", "E", "began", ("F1",), (("before", (ITEM,)),), (), None)
    data = json.loads(json.dumps(around.as_dict()))
    assert set(data) == {f.name for f in fields(Around)}
    assert data["roles"]["before"][0]["name"] == "T"
    assert data["diff"] is None
    assert replace(around, diff=NOTHING).as_dict()["diff"]["first"] == "a"
