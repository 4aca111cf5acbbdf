"""The least number of facts that a server which keeps values may count."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad

from postholder import terms
from postholder.push.count import distinct

A, B = NamedNode("urn:a"), NamedNode("urn:b")


def _quads(*objects: tuple[str, str]) -> list[Quad]:
    return [Quad(A, B, Literal(text, datatype=NamedNode(terms.XSD + kind))) for text, kind in objects]


def test_spellings_of_one_value_may_be_one_fact() -> None:
    assert distinct(_quads(("01", "integer"), ("1", "integer"), ("1.0", "decimal"))) == 1
    assert distinct(_quads(("true", "boolean"), ("1", "boolean"), ("false", "boolean"))) == 2
    assert distinct(_quads(("2022-01-01Z", "date"), ("2022-01-01", "date"), ("2022-01-02", "date"))) == 2
    assert distinct([Quad(A, B, Literal("x", language=tag)) for tag in ("zh-hans", "en")]) == 2


def test_other_values_stay_apart() -> None:
    assert distinct(_quads(("1", "integer"), ("1", "string"), ("x", "integer"), ("y", "integer"))) == 4
    assert distinct(_quads(("NaN", "double"), ("sNaN", "double"), ("INF", "double"), ("INF", "float"))) == 3
    assert distinct([Quad(A, B, A), Quad(A, B, B), Quad(A, B, Literal("urn:a"))]) == 3
