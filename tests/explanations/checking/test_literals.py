"""Literals and datatypes, as the checker reads them and as the engine does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from postholder import terms
from postholder.closure import datatypes
from postholder.closure import values as engine
from postholder.explanations.checking import literals
from postholder.explanations.checking.check import Checker

KINDS = sorted(k for k in datatypes.DATATYPES if k.startswith(terms.XSD))
TEXTS = [
    "1", "01", "+1", "-1", "1.0", "300", "-129", "128", "x", "a b", " a", "true", "0", "NaN", "INF", "1e3", "",
    "2023-02-28", "2023-02-30", "2023-02-28T10:00:00", "2023-02-28T10:00:00Z", "10:00:00", "ff", "fff", "YQ==",
    "en-GB", "a:b", "99999999999999999999", "_x", "http://x/", "-0", "-0.0", "0.0", "1e39", "-1e39", "1e400", "1e-60",
    "-INF", "+INF", "2023-02-28Z", "2023-02-28+00:00", "2023-02-28+01:00", "2023-02-28+14:01", "0000-02-29",
    "-0001-01-01", "02023-01-01", "100000-02-29", "9" * 50 + "-01-01", "2023-02-28T11:00:00+01:00",
    "2023-02-27T24:00:00Z", "2023-02-28T00:00:00Z", "2023-02-28T10:00:00.50", "2023-02-28T10:00:00.5",
    "24:00:00", "00:00:00", "10:00:00Z", "10:00:60",
    "Y Q = =", "YR==", "FF", "\u0661", "a\u00a0b", "a\u2028b", "x\u0301", "\u0301", "x\xb7", "\xb2", "\xe9",
    "9" * 5000, "-" + "9" * 5000, "a@", "a@EN", "a@en",
]  # fmt: skip


def term(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_is_a_value_for_both_or_for_neither(kind: str) -> None:
    disagreed = [
        (text, kind)
        for text in TEXTS
        if (literals.value(str(term(text, kind))) is None) != (engine.value(term(text, kind)) is None)
    ]
    assert disagreed == []


@given(
    one=st.sampled_from(TEXTS),
    other=st.sampled_from(TEXTS),
    first=st.sampled_from(KINDS),
    second=st.sampled_from(KINDS),
)
def test_two_literals_differ_for_both_or_for_neither(one: str, other: str, first: str, second: str) -> None:
    pair = term(one, first), term(other, second)
    assert literals.differ(str(pair[0]), str(pair[1])) == engine.differ(*pair)
    known = engine.is_member(pair[0], second)
    if first == second and engine.value(pair[0]) is None:
        known = False  # the engine looks at texts that are none of their own datatype elsewhere
    assert literals.is_of(str(pair[0]), f"<{second}>") == known


@pytest.mark.parametrize(
    ("rule", "says", "holds"),
    [
        ("dt-eq", ('"1"^^<{x}integer>', "<{o}sameAs>", '"01"^^<{x}int>'), True),
        ("dt-eq", ('"1"^^<{x}integer>', "<{o}sameAs>", '"2"^^<{x}int>'), False),
        ("dt-type1", ("<{x}byte>", "<{r}type>", "<{s}Datatype>"), True),
        ("dt-type1", ("<urn:x>", "<{r}type>", "<{s}Datatype>"), False),
        ("prp-ap", ("<{s}label>", "<{r}type>", "<{o}AnnotationProperty>"), True),
        ("prp-ap", ("<urn:x>", "<{r}type>", "<{o}AnnotationProperty>"), False),
        ("cls-thing", ("<{o}Thing>", "<{r}type>", "<{o}Class>"), True),
        ("cls-nothing1", ("<{o}Thing>", "<{r}type>", "<{o}Class>"), False),
    ],
)
def test_rules_without_premises(rule: str, says: tuple[str, ...], holds: bool) -> None:
    names = {"x": terms.XSD, "o": terms.OWL, "r": terms.RDF, "s": terms.RDFS}
    said = [part.format(**names) for part in says]
    empty: dict[str, Any] = {"axioms": [], "register": [], "claims": {}, "questions": {}, "rules": {}, "left_out": {}}
    step = {"says": said, "rule": rule, "premises": []}
    proof = {"conclusion": said, "holds": "always", "proofs": [{"under": [], "steps": [step]}]}
    assert (Checker(empty).problems(proof) == []) == holds
