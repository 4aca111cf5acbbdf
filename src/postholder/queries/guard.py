"""Refuse a query that does more than read this graph, before any engine sees it.

Engines call out on SERVICE, and rdflib opens files and addresses named in FROM. This check names the
reason; the guarantee is that the process which runs the query can open no file and no socket
(`walled.py`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postholder.errors import RefusedQueryError
from postholder.queries.lexer import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Collection

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
_ESCAPE = re.compile(r"\\[uU]")
_GLUED = re.compile(r"[)?$;,].*(SERVICE|FROM)|(SERVICE|FROM).*[?$]", re.IGNORECASE)
_MOST_CHARACTERS = 100_000
_MOST_DEPTH = 200
"""Deeper nesting overflows the stack of recursive parsers."""


def _line(text: str, token: Token) -> int:
    return text.count("\n", 0, token.start) + 1


def _prefixes(found: list[Token]) -> dict[str, str]:
    declared = {}
    for keyword, name, iri in zip(found, found[1:], found[2:], strict=False):
        if keyword.keyword == "PREFIX" and name.kind == "name" and iri.kind == "iri":
            declared[name.text] = iri.text[1:-1]
    return declared


def _check_glued(text: str, token: Token, prefixes: dict[str, str]) -> None:
    """Refuse what engines may split otherwise than we do, so that a keyword could hide in it."""
    if token.kind == "name" and token.text.partition(":")[0] + ":" not in prefixes:
        name = token.text.partition(":")[0]
        raise RefusedQueryError(
            f"line {_line(text, token)}: prefix {name}: is not declared", hint=f"add PREFIX {name}: <...>"
        )
    if token.kind == "iri" and _GLUED.search(token.text):
        raise RefusedQueryError(
            f"line {_line(text, token)}: {token.text} could be a comparison that hides a keyword",
            hint="put blanks around < and >",
        )


def _named(token: Token, prefixes: dict[str, str]) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix + ":", prefix + ":") + local


def _depth(found: list[Token]) -> int:
    depth = deepest = 0
    for token in found:
        if token.text in {"{", "(", "["}:
            depth += 1
            deepest = max(deepest, depth)
        elif token.text in {"}", ")", "]"}:
            depth -= 1
    # Chains of unary and path operators recurse too.
    run = longest = 0
    for token in found:
        run = run + 1 if token.text in {"!", "^", "-", "+"} else 0
        longest = max(longest, run)
    return max(deepest, longest)


def check(text: str, graphs: Collection[str]) -> None:
    """Raise RefusedQueryError unless the query only reads; `graphs` are the names FROM may use."""
    check_form(text)
    _check_from(text, list(tokens(text)), set(graphs))


def check_form(text: str) -> str:
    """Return the form of the query: SELECT, ASK, CONSTRUCT or DESCRIBE.

    Raises RefusedQueryError for a query that writes, calls out or is made to break parsers.
    """
    if len(text) > _MOST_CHARACTERS:
        raise RefusedQueryError(f"a query of {len(text)} characters is over the limit of {_MOST_CHARACTERS}")
    if any(0xD800 <= ord(c) <= 0xDFFF for c in text):  # noqa: PLR2004 - the surrogate range
        raise RefusedQueryError("the query is not valid Unicode text")
    # Engines may decode \uXXXX before they parse, even inside comments, so an escape could hide a keyword.
    if escape := _ESCAPE.search(text):
        line = text.count("\n", 0, escape.start()) + 1
        raise RefusedQueryError(f"line {line}: {escape.group()} hides a character", hint="write the character itself")
    found = list(tokens(text))
    prefixes = _prefixes(found)
    for token in found:
        _check_glued(text, token, prefixes)
        if "SERVICE" in token.keyword:  # engines may split a word such as trueSERVICE
            raise RefusedQueryError(
                f"line {_line(text, token)}: SERVICE calls another server",
                hint="query the graph at hand only",
            )
    if _depth(found) > _MOST_DEPTH:
        raise RefusedQueryError(f"the query nests deeper than {_MOST_DEPTH} levels")
    first = next((t for t in found if t.keyword in {*FORMS, *_UPDATES}), None)
    if first is None:
        raise RefusedQueryError("this is no query", hint=f"begin with {', '.join(FORMS)}")
    if first.keyword in _UPDATES:
        raise RefusedQueryError(
            f"line {_line(text, first)}: {first.keyword} would change the graph", hint="queries only read"
        )
    return first.keyword


def _check_from(text: str, found: list[Token], graphs: set[str]) -> None:
    prefixes = _prefixes(found)
    for number, token in enumerate(found):
        if "FROM" not in token.keyword:
            continue
        rest = found[number + 1 : number + 3]
        named = bool(rest) and rest[0].keyword == "NAMED"
        target = rest[1] if named and len(rest) > 1 else rest[0] if rest and not named else None
        iri = _named(target, prefixes) if target is not None and target.kind in {"iri", "name"} else ""
        if iri not in graphs:
            raise RefusedQueryError(
                f"line {_line(text, token)}: FROM <{iri}> is not a graph at hand: files and addresses are never read",
                hint="leave FROM out, or name a graph listed by `SELECT DISTINCT ?g { GRAPH ?g {} }`",
            )
