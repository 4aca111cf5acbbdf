"""Text on one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postholder.export.plain import cut, is_web, one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Lu Su", "Lu Su"),
        (" a\tb\r\nc\u2028d\u2029e\x85f\x00g\x0bh ", "a b c d e f g h"),
        ("abc\u202edef\u2066ghi", "abc def ghi"),
        ("דורה\u200f", "דורה\u200f"),
        ("鲁\u3000肃 😀", "鲁 肃 😀"),
        ("\n\t ", ""),
    ],
)
def test_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


@given(st.text())
def test_a_line_is_one_and_stays_so(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert "\t" not in line
    assert one_line(line) == line


def test_cut() -> None:
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"


@pytest.mark.parametrize(
    "iri", ["https://w3id.org/postholder/id/document/e#char=0,9", "http://e.example:8080/é?a=b", "https://e.example"]
)
def test_web_addresses(iri: str) -> None:
    assert is_web(iri)


@pytest.mark.parametrize(
    "iri",
    [
        "urn:isbn:1", "javascript:alert(1)", "file:///etc/passwd", "https://e.example/a b", 'https://e.example/"x',
        "https://e.example/a\tb", "https://e.example/\u202ea", "https://user:secret@e.example/", "HTTPS:/x", "", "//e",
    ],
)  # fmt: skip
def test_others_are_no_web_addresses(iri: str) -> None:
    assert not is_web(iri)
