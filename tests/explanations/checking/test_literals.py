"""Literals and datatypes, as the checker reads them and as the engine does, which share no code."""

from __future__ import annotations

import os
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from postholder import terms
from postholder.closure import datatypes
from postholder.closure import values as engine
from postholder.explanations.checking import literals
from postholder.explanations.checking.check import Checker

MANY = int(os.environ.get("POSTHOLDER_CASES", "150"))
"""How many made-up pairs of literals are compared; set it to thousands after a change to a datatype."""
KINDS = [*sorted(datatypes.DATATYPES - {terms.RDF + "langString"}), "urn:unknown"]
PAIRS = {
    "two zeros": ("0.0", "-0.0", "0", "0e1", "-0"),
    "numbers": ("1", "01", "+1", "1.0", "1.", "1e0", ".10", "0.1", "1e3", "NaN", "INF", "+INF", "-INF", "1e39"),
    "large numbers": ("1e400", "-1e400", "1e-400", "9e999999999"),
    "bounds": ("-1", "127", "128", "-128", "-129", "255", "256", "300", "-0", "18446744073709551616", "1.5", "-.0"),
    "moments in two zones": ("2023-02-28T10:00:00Z", "2023-02-28T11:00:00+01:00", "2023-02-28T10:00:00-00:00"),
    "no zone": ("2023-02-28T10:00:00", "2023-02-28T10:00:00Z", "2023-02-28", "2023-02-28Z",
                "2023-02-28+00:00", "10:00:00", "10:00:00Z"),
    "parts of a second": ("10:00:00.10", "10:00:00.1", "2023-02-28T10:00:00.0", "2023-02-28T10:00:00.", "10:00:60"),
    "ends of days": ("2023-12-31T24:00:00", "2024-01-01T00:00:00", "24:00:00", "00:00:00", "24:00:00.1", "24:00:01"),
    "days": ("2023-02-29", "2024-02-29", "1900-02-29", "2000-02-29", "2023-02-30", "2023-13-01", "2023-00-10"),
    "years": ("12023-01-01", "012023-01-01", "-0001-01-01", "0001-01-01", "0000-02-29", "-0000-02-29", "-0004-02-29",
              "-12345-12-31T24:00:00", "-12344-01-01T00:00:00", "123-01-01", "+2023-01-01"),
    "zones": ("2023-02-28+99:99", "2023-02-28+14:00", "2023-02-28+14:01", "2023-02-28-13:59", "10:00:00+1:00"),
    "octets": ("AA==", "AB==", "A A==", "AA= =", "AA", "AAA=", "AAB=", "AAAA", "A A A A", "A  AAA", "AAAA ", " AAAA",
               "=", "aa", "AA==AAAA", "af", "AF", "afa"),
    "words": ("", " ", " a", "a ", "a b", "a  b", "a\tb", "a\nb", "a\u00a0b", "\u00a0", "en-GB", "en-", "a:b", ":a",
              "_x", "1x", "\u00e9t\u00e9", "-a", ".a", "http://x/", "x", "true", "True", "abc@en",
              "abc@EN", "abc@", "@"),
    "names": ("a\u2028b", "x\u0301", "\u0301", "x\xb7", "\xb2"),
    "digits of other scripts": ("\u0661", "\u0661\u0662\u0663\u0664-01-01", "\u0661e1"),
}  # fmt: skip
TEXTS = [text for texts in PAIRS.values() for text in texts]
LONG = "9" * 5000
"""More digits than Python reads."""


def term(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(kind))


def same(one: Literal, other: Literal) -> bool | None:
    """Return what the engine says."""
    first, second = engine.value(one), engine.value(other)
    if first is None or second is None or {first[0], second[0]} <= {terms.RDF + "XMLLiteral", terms.RDF + "HTML"}:
        return None
    return first == second


def is_of(one: Literal, kind: str) -> bool | None:
    """Return what the engine says, which looks elsewhere at texts that are none of their own datatype."""
    own = one.datatype.value
    if kind == own and kind in datatypes.CHECKED and not datatypes.is_value(one.value, kind):
        return False
    return engine.is_member(one, kind)


def apart(one: Literal, other: Literal) -> list[object]:
    """Return in what the checker and the engine differ about two literals."""
    found: list[object] = []
    if literals.same(str(one), str(other)) != same(one, other):
        found.append((one, other, literals.same(str(one), str(other))))
    kind = other.datatype.value
    if literals.is_of(str(one), f"<{kind}>") != is_of(one, kind):
        found.append((one, kind, literals.is_of(str(one), f"<{kind}>")))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_texts_mean_the_same_to_both(kind: str) -> None:
    alike = [(term(a, kind), term(b, kind)) for texts in PAIRS.values() for a, b in combinations(texts, 2)]
    assert [d for pair in alike for d in apart(*pair)] == []
    assert [d for text in TEXTS for other in KINDS for d in apart(term(text, kind), term("1", other))] == []


def near(text: str) -> st.SearchStrategy[str]:
    """Return texts that differ from one in a place or none."""
    places, marks = (
        st.integers(0, len(text)),
        st.sampled_from(["", " ", "0", "1", "9", "A", "=", ":", "-", "+", ".", "Z"]),
    )
    return st.one_of(
        st.just(text),
        st.builds(lambda n, c: text[:n] + c + text[n:], places, marks),
        st.builds(lambda n, c: text[:n] + c + text[n + 1 :], places, marks),
    )


@given(
    one=st.sampled_from(TEXTS).flatmap(near),
    other=st.sampled_from(TEXTS).flatmap(near),
    kinds=st.sampled_from(KINDS).flatmap(lambda k: st.tuples(st.just(k), st.sampled_from([k, *KINDS]))),
)
@settings(max_examples=10 * MANY, deadline=None)
def test_made_up_texts_mean_the_same_to_both(one: str, other: str, kinds: tuple[str, str]) -> None:
    assert apart(term(one, kinds[0]), term(other, kinds[1])) == []
    assert apart(term(one, kinds[0]), term(one, kinds[1])) == []


def test_texts_with_a_language_mean_the_same_to_both() -> None:
    told = [Literal("abc", language=language) for language in ("en", "EN", "de")]
    told += [Literal("abc"), *(term(t, terms.RDF + "PlainLiteral") for t in ("abc@en", "abc@", "abc"))]
    assert [d for one in told for other in told for d in apart(one, other)] == []
    assert [d for one in told for kind in KINDS for d in apart(one, term("1", kind))] == []


@pytest.mark.parametrize("kind", ["integer", "nonNegativeInteger", "byte", "decimal", "double"])
def test_very_long_numbers_are_read(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    texts = LONG, f"0{LONG}", f"{LONG}0", f"-{LONG}", f"{LONG}.0"
    assert [
        d for one in texts for other in texts for d in apart(*(term(t, terms.XSD + kind) for t in (one, other)))
    ] == []
    assert (
        literals.same(str(term(f"{LONG}-01-01", terms.XSD + "date")), str(term("2023-01-01", terms.XSD + "date")))
        is None
    )
    assert capsys.readouterr().err == ""


def test_two_zeros_are_two_values() -> None:
    """A functional property with both clashes, and the checker accepts its proof."""
    zero, negative = (str(term(t, terms.XSD + "double")) for t in ("0.0", "-0.0"))
    assert literals.same(zero, negative) is False
    assert literals.same(zero, str(term("0", terms.XSD + "double"))) is True


def test_what_is_no_literal_is_refused() -> None:
    for wrong in ('"a" . <urn:s> <urn:p> "b"', '"a', '"a"^^<x y>', "\"a\" , 'b'"):
        with pytest.raises((SyntaxError, ValueError)):
            literals.same(wrong, '"a"')


@pytest.mark.parametrize(
    ("rule", "says", "holds"),
    [
        ("dt-type2", ('"1"^^<{x}integer>', "<{r}type>", "<{x}decimal>"), True),
        ("dt-type2", ('"1.0"^^<{x}decimal>', "<{r}type>", "<{x}byte>"), True),
        ("dt-type2", ('"300"^^<{x}integer>', "<{r}type>", "<{x}byte>"), False),
        ("dt-type2", ("<urn:x>", "<{r}type>", "<{x}byte>"), False),
        ("dt-type2", ('"1"^^<{x}integer>', "<{o}sameAs>", "<{x}integer>"), False),
    ],
)
def test_rules_without_premises(rule: str, says: tuple[str, ...], holds: bool) -> None:
    names = {"x": terms.XSD, "o": terms.OWL, "r": terms.RDF}
    said = [part.format(**names) for part in says]
    empty: dict[str, Any] = {"axioms": [], "register": [], "claims": {}, "questions": {}, "rules": {}, "left_out": {}}
    step = {"says": said, "rule": rule, "premises": []}
    proof = {"conclusion": said, "holds": "always", "told": "", "proofs": [{"under": [], "steps": [step]}]}
    assert (Checker(empty).problems(proof) == []) == holds
