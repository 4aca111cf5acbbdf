"""The Cypher script, read by a small tokenizer that knows nothing of how it was written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from postholder.export.cypher import literal, name, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.export.conftest import Writer

    from postholder.api import KnowledgeGraph
    from postholder.export.property_graph import PropertyGraph

TOKEN = re.compile(
    r"""(?P<string>'(?:[^'\\\n]|\\(?:[\\'nrt]|u[0-9A-F]{4}))*')
    |(?P<name>`(?:[^`\n]|``)*`)
    |(?P<number>-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)
    |(?P<word>[A-Za-z_][A-Za-z_]*)
    |(?P<mark>[][(){}:,.;=+<>-])
    |(?P<space>\s+)""",
    re.VERBOSE,
)
HOSTILE = [
    "quote ' quote",
    '"double"',
    "back\\slash",
    "\\' ",
    "trailing \\",
    "\\u0027",
    "\\\\u0027",
    "\\U0027",
    "line\nline\r\n\ttab",
    "'}) DETACH DELETE n //",
    "`x`",
    "\u2028\u2029\u0085\u0000\u001f\u200b\u202e\ufeff",
    "\U0001f600 安 \u3000 \U000e0001",
    "/* */ // ; \n;\n",
    "",
]


def tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(text):
        found = TOKEN.match(text, position)
        assert found is not None, text[position : position + 80]
        position = found.end()
        if found.lastgroup != "space":
            yield str(found.lastgroup), found.group()


def unescaped(token: str) -> str:
    simple = {"n": "\n", "r": "\r", "t": "\t", "'": "'", "\\": "\\"}
    return re.sub(
        r"\\(u[0-9A-F]{4}|.)",
        lambda m: chr(int(m.group(1)[1:], 16)) if m.group(1)[0] == "u" else simple[m.group(1)],
        token[1:-1],
    )


def statements(text: str) -> list[str]:
    head, *rest = text.split("\n", 1)
    assert head.startswith("// ")
    return [s for s in rest[0].split(";\n") if s]


class Reader:
    """Reads the rows of an UNWIND back as Python values."""

    def __init__(self, text: str) -> None:
        self.tokens = list(tokens(text))
        self.at = 0

    def next(self, expected: str | None = None) -> tuple[str, str]:
        """Return the next token, which may have to be a certain one."""
        found = self.tokens[self.at]
        self.at += 1
        assert expected is None or found[1] == expected, (found, expected)
        return found

    def value(self) -> Any:
        """Return the value that stands here."""
        kind, text = self.next()
        if kind == "string":
            return unescaped(text)
        if kind == "number":
            return float(text) if set(text) & set(".e") else int(text)
        if text in {"true", "false"}:
            return text == "true"
        if text == "date":
            self.next("(")
            day = self.value()
            self.next(")")
            return day
        return self.many(text)

    def many(self, opening: str) -> Any:
        """Return the list or map that was just opened."""
        keys, found = [], []
        closing = {"[": "]", "{": "}"}[opening]
        while self.tokens[self.at][1] != closing:
            if opening == "{":
                kind, key = self.next()
                assert kind == "name"
                keys.append(key.strip("`"))
                self.next(":")
            found.append(self.value())
            if self.tokens[self.at][1] == ",":
                self.next()
        self.next(closing)
        return dict(zip(keys, found, strict=True)) if opening == "{" else found


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_ends_its_literal(text: str) -> None:
    ((kind, token),) = tokens(string(text))
    assert kind == "string"
    assert unescaped(token) == text
    assert "\n" not in token
    assert literal([text, text]) == f"[{token}, {token}]"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_ends_its_literal_where_unicode_escapes_are_read_first(text: str) -> None:
    r"""Neo4j before version 5 turns `\\u0027` into a quote before it parses."""
    early = re.sub(r"\\u([0-9A-F]{4})", lambda m: chr(int(m.group(1), 16)), string(text))
    body = early[1:-1]
    assert not re.search(r"(?<!\\)(?:\\\\)*'", body)
    assert re.sub(r"\\(.)", lambda m: {"n": "\n", "r": "\r", "t": "\t"}.get(m.group(1), m.group(1)), body) == text


def test_names_cannot_be_ended() -> None:
    assert name("a`b") == "`a``b`"


@pytest.mark.parametrize("which", ["shipped", "tiny"])
def test_the_script_is_balanced_and_only_does_what_it_should(
    which: str, write: Writer, shipped: KnowledgeGraph
) -> None:
    text = write("cypher", shipped.quads if which == "shipped" else None)[0][""]
    shapes = set()
    for statement in statements(text):
        found = list(tokens(statement))
        depth = 0
        for kind, token in found:
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token if kind == "mark" else "", 0)
            assert depth >= 0
        assert depth == 0
        shapes.add(" ".join(token for kind, token in found if kind == "word" and token.isupper()))
    assert shapes == {
        "CREATE CONSTRAINT IF NOT EXISTS FOR REQUIRE IS UNIQUE",
        "UNWIND AS MERGE SET",
        "UNWIND AS OPTIONAL MATCH WITH WHERE IS NULL CREATE",
        "UNWIND AS MATCH SET",
        "UNWIND AS MATCH WHERE NOT SET",
        "UNWIND AS MATCH MATCH MERGE SET",
    } | ({"UNWIND AS MATCH WHERE NOT OR NOT SET"} if which == "shipped" else set())


def test_the_script_makes_the_nodes_and_edges(write: Writer, tiny_graph: PropertyGraph) -> None:
    nodes: dict[str, dict[str, Any]] = {}
    labels: dict[str, set[str]] = {}
    edges: dict[str, tuple[str, str, str, dict[str, Any]]] = {}
    for statement in statements(write("cypher")[0][""]):
        if not statement.startswith("UNWIND"):
            continue
        rows_text, then = statement.removeprefix("UNWIND ").rsplit("] AS row\n", 1)
        rows = Reader(rows_text + "]").value()
        assert rows
        named = re.findall(r"\((?:[nm]|a|b):((?:`\w+`:?)+)", then)
        for row in rows:
            if "key" in row:
                kind = re.findall(r"\[r:`(\w+)`", then)[0]
                edges[row["key"]] = (kind, row["source"], row["target"], row["properties"])
                assert labels[row["source"]] >= set(named[0].strip("`").split("`:`"))
                assert labels[row["target"]] >= set(named[1].strip("`").split("`:`"))
            else:
                labels.setdefault(row["id"], set()).update(*(n.strip("`").split("`:`") for n in named))
                nodes.setdefault(row["id"], {}).update(row.get("properties", {}))

    def plain(properties: Any) -> dict[str, Any]:
        return {
            k: v if isinstance(v, str | bool | int | float | list) else v.isoformat() for k, v in properties.items()
        }

    assert nodes == {n.id: plain(n.properties) for n in tiny_graph.nodes()}
    assert labels == {n.id: set(n.labels) for n in tiny_graph.nodes()}
    assert edges == {
        str(e.properties["key"]): (e.type, e.source[1], e.target[1], plain(e.properties)) for e in tiny_graph.edges()
    }


def test_one_constraint_per_primary_label_before_anything_else(write: Writer, tiny_graph: PropertyGraph) -> None:
    lines = list(statements(write("cypher")[0][""]))
    constraints = [s for s in lines if s.startswith("CREATE CONSTRAINT")]
    assert lines[: len(constraints)] == constraints
    found = [re.findall(r"FOR \(n:`(\w+)`\)", s)[0] for s in constraints]
    assert sorted(found) == sorted({n.labels[0] for n in tiny_graph.nodes()})


def test_large_groups_are_cut_into_batches(write: Writer, shipped: KnowledgeGraph) -> None:
    found = [s for s in statements(write("cypher", shipped.quads)[0][""]) if "[r:`IN_DOCUMENT`" in s]
    rows = [s.count("\n  {") for s in found]
    assert max(rows) <= 200
    assert sum(rows) > 200
