"""Rows with how sure they are: by the columns that tell which row it is, and for what is missing."""

from __future__ import annotations

from pyoxigraph import Literal

from postholder.queries.certainty import absent, marked
from postholder.stores.base import Answer

A, B, C = (Literal(x) for x in "abc")


def test_a_row_is_certain_when_its_key_is() -> None:
    wide, narrow = Answer(("k", "v"), ((A, B), (B, B))), Answer(("k", "v"), ((A, C),))
    rows = marked(wide, narrow, ("k",), "none")
    assert rows.columns == ("k", "v", "certainty")
    assert [r["certainty"] for r in rows] == ["certain", "possible"]
    assert marked(Answer(("k",)), Answer(("k",)), ("k",), "none").empty == "none"


def test_what_is_missing_even_among_all_that_is_possible_is_certain() -> None:
    rows = absent(Answer(("k",), ((A,),)), Answer(("k",), ((A,), (B,))), "none")
    assert [(r["k"], r["certainty"]) for r in rows] == [("a", "certain"), ("b", "possible")]
