"""Claims with their passages, and conditions in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from postholder import terms
from postholder.differences.cited import cited, condition, spans
from postholder.readings import Context

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.readings import Facts

TEXT = """
claim:c a ph:Claim ; dcterms:identifier "F26" ; ph:evidence document:p , document:q .
claim:bare a ph:Claim . claim:hostile a ph:Claim ; dcterms:identifier "F\\u001B[2J" .
document:p ph:start 883 ; ph:end 924 . document:q ph:start 867 ; ph:end 888 .
interpretation:x rdfs:label "it is\\u001B X"@en . interpretation:y rdfs:label "it is Y"@en .
"""


def claim(name: str) -> NamedNode:
    return NamedNode(f"{terms.ID}claim/{name}")


def context(*names: str) -> Context:
    return Context(tuple(NamedNode(f"{terms.ID}interpretation/{n}") for n in names), "", ())


def test_a_claim_with_its_passages_in_order(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(TEXT)
    assert spans(facts, claim("c")) == [(867, 888), (883, 924)]
    assert cited(facts, claim("c")) == "F26 867-888+883-924"


def test_a_claim_without_passages_or_identifier(facts_of: Callable[[str], Facts]) -> None:
    assert cited(facts_of(TEXT), claim("bare")) == "claim/bare"


def test_an_identifier_cannot_steer_a_terminal(facts_of: Callable[[str], Facts]) -> None:
    assert cited(facts_of(TEXT), claim("hostile")) == "F\\x1b[2J"


@pytest.mark.parametrize(
    ("holding", "cluster", "words"),
    [
        ([("x",)], [("x",), ("y",)], "if it is\\x1b X"),
        ([("x", "y"), ("x",)], [("x", "y"), ("x",), ("y",)], "if it is\\x1b X"),
        ([("x",), ("y",)], [("x",), ("y",), ("z",)], "in 2 of 3 readings"),
        ([("x", "y")], [("x", "y"), ("y", "x")], "in 1 of 2 readings"),
    ],
)
def test_a_condition_in_words(
    holding: list[tuple[str, ...]], cluster: list[tuple[str, ...]], words: str, facts_of: Callable[[str], Facts]
) -> None:
    record = facts_of(TEXT).record
    assert condition(record, [context(*h) for h in holding], [context(*c) for c in cluster]) == words
