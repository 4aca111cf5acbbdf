"""Tokens of SPARQL text: nothing in a string, comment or IRI is taken for a keyword."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postholder.errors import RefusedQueryError
from postholder.queries.lexer import tokens


def kinds(text: str) -> list[tuple[str, str]]:
    return [(t.kind, t.text) for t in tokens(text)]


def keywords(text: str) -> list[str]:
    return [t.keyword for t in tokens(text) if t.keyword]


def test_every_kind_of_token() -> None:
    text = "select ?x $y <http://x/a#b> ex:c.d :e \"s\" 't' @en-GB 12.5 { } # gone"
    assert kinds(text) == [
        ("word", "select"),
        ("variable", "?x"),
        ("variable", "$y"),
        ("iri", "<http://x/a#b>"),
        ("name", "ex:c.d"),
        ("name", ":e"),
        ("string", '"s"'),
        ("string", "'t'"),
        ("tag", "@en-GB"),
        ("number", "12.5"),
        ("mark", "{"),
        ("mark", "}"),
    ]


def test_a_keyword_is_a_bare_word_in_any_case() -> None:
    assert keywords("SerVice ex:service ?service <http://x/service> 'service' # service") == ["SERVICE"]


@pytest.mark.parametrize(
    "text",
    [
        '"""a "quoted" word, # and } """',
        "'''it's } # here'''",
        r'"an \" escape }"',
        r"'\\'",
        '""',
        "''",
        '""""at the start"""',
    ],
)
def test_a_string_is_one_token(text: str) -> None:
    assert kinds(text) == [("string", text)]


def test_a_comment_ends_with_its_line() -> None:
    assert keywords("# SERVICE\nSELECT # DROP\rASK") == ["SELECT", "ASK"]


def test_less_than_is_no_iri() -> None:
    assert ("mark", "<") in kinds("FILTER(?a < ?b && ?c > ?d)")
    assert ("mark", "<") in kinds("FILTER(?a<?b)")


def test_starts_count_from_zero() -> None:
    assert [t.start for t in tokens("ASK\n{ }")] == [0, 4, 6]


@pytest.mark.parametrize("text", ['ASK { ?s ?p "open }', "ASK { ?s ?p 'open\n' }"])
def test_a_string_that_does_not_end_is_refused(text: str) -> None:
    with pytest.raises(RefusedQueryError, match="line 1"):
        list(tokens(text))


def test_the_line_of_the_open_string_is_told() -> None:
    with pytest.raises(RefusedQueryError, match="line 3"):
        list(tokens("ASK {\n''\n?s ?p 'open"))


@pytest.mark.parametrize("part", ["a.", "a-", ":a.", '"\\" ', "<a", "'''a'''", "a:.", "\\a", "0.", "@a-", "?", "a_"])
def test_time_is_linear(part: str) -> None:
    """Twenty times the text may take far less than four hundred times as long."""
    text = part * (40_000 // len(part))
    start = time.perf_counter()
    with suppress(RefusedQueryError):
        list(tokens(text))
    assert time.perf_counter() - start < 3, f"{part!r} repeated takes quadratic time"


@given(st.text(alphabet=st.sampled_from("aZ09_:.-?$<>\"'\\#{}()[]@ \n\té中"), max_size=60))
def test_tokens_are_pieces_of_the_text_in_order(text: str) -> None:
    try:
        found = list(tokens(text))
    except RefusedQueryError:
        return
    end = 0
    for token in found:
        assert token.start >= end
        assert text[token.start : token.start + len(token.text)] == token.text
        end = token.start + len(token.text)
