"""Rules as SQL: what is joined, what is compared, and what is kept of a derivation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode

from postholder.closure.columns import sql
from postholder.closure.columns.plan import Atom, TableRule
from postholder.closure.program import Pattern, Rule

if TYPE_CHECKING:
    from postholder.graph import Term

C = NamedNode("http://x/c")
SOURCE = Rule("r", (Pattern("x", C, "y"),))


def ids(term: Term) -> int:
    return {C: 6}[term]  # type: ignore[index] # a name


def rule(*body: Atom, head: Atom | None, number: int = 3) -> TableRule:
    return TableRule(number, "r", body, head, SOURCE)


CHAIN = rule(Atom(0, ("x", "y")), Atom(1, ("y", "z")), head=Atom(2, ("x", "z")))


def test_a_rule_is_one_query() -> None:
    text = sql.select(CHAIN, ids, ("r0", "n1"), kept=False).text()
    assert text == "select t0.s as s, t1.o as o from r0 t0, n1 t1 where t1.s = t0.o"
    assert sql.select(CHAIN, ids, ("r0", "n1"), kept=False).text(distinct=True).startswith("select distinct")


def test_constants_and_repeated_variables_are_compared() -> None:
    found = sql.select(
        rule(Atom(0, ("x", C)), Atom(1, ("x", "x")), head=Atom(2, (C, "x"))), ids, ("a", "b"), kept=False
    )
    assert found.columns == ("6 as s", "t0.s as o")
    assert found.conditions == ("t0.o = 6", "t1.s = t0.s", "t1.o = t0.s")


def test_a_rule_without_a_body_or_head_is_a_query_too() -> None:
    assert sql.select(rule(head=Atom(0, (C,))), ids, (), kept=False).text() == "select 6 as s"
    kept = sql.select(rule(head=Atom(0, (C,))), ids, (), kept=True).text()
    assert kept == f"select 6 as s, 1 * {1 << 48} + {3 << 32} as why"
    assert sql.select(rule(Atom(0, ("x",)), head=None), ids, ("r0",), kept=False).columns == ()


def test_what_is_kept_tells_depth_rule_and_middle() -> None:
    """The number is taken apart again, at the largest that each part may be."""
    where, _ = sql.bindings(CHAIN.body, ids)
    text = sql.why(rule(*CHAIN.body, head=CHAIN.head, number=65_535), where)
    deepest, middle = (9_999 << sql.DEPTH) + (7 << sql.RULE) + 5, (1 << 31) - 1
    text = re.sub(r"greatest\((.*?), (.*?)\)", r"max(\1, \2)", text)
    for name, value in (("t0.why", str(deepest)), ("t1.why", "0"), ("t0.o", str(middle))):
        text = text.replace(name, value)
    why = eval(text)  # noqa: S307 - sums of our own
    assert why < 1 << 63
    assert (why >> sql.DEPTH, (why >> sql.RULE) & 0xFFFF, why & 0xFFFFFFFF) == (10_000, 65_535, middle)


def test_the_least_number_has_the_least_depth() -> None:
    low, high = (1 << sql.DEPTH) + (65_535 << sql.RULE) + (1 << 31), 2 << sql.DEPTH
    assert 0 < low < high


@pytest.mark.parametrize("text", ['"a"', '"a b"@en', '"1"^^<http://www.w3.org/2001/XMLSchema#integer>', '"\\u0000\\t"'])
def test_a_literal_comes_back(text: str) -> None:
    assert isinstance(sql.literal(text), Literal)
    assert str(sql.literal(text)) == text.replace("\\u0009", "\\t")


def test_any_term_comes_back() -> None:
    assert [str(sql.term(t)) for t in ("<http://x/é>", "_:b", '"a"')] == ["<http://x/é>", "_:b", '"a"']
    with pytest.raises(SyntaxError):
        sql.term("no term")
