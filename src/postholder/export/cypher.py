"""A Cypher script that can be run twice: constraints, then nodes and relationships merged by id and key.

A node is looked for by its primary label and id alone, since its other labels may change. If it is
not there it is made with all its labels at once: ArcadeDB moves a node that gets another label, and
then takes it for two nodes with one id. Every value is written as a literal that nothing in it
can end. No line ends with a semicolon but the last of a statement.
"""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from postholder.export.accounting import LOSSES
from postholder.export.base import Account, Format, Source, Target, batches, counting
from postholder.export.property_graph import PropertyGraph
from postholder.export.values import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from postholder.export.property_graph import Edge, Node
    from postholder.export.values import Value

_ROWS = 200  # rows of one UNWIND: far below what a statement may hold, enough to be quick
_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def name(text: str) -> str:
    """Return a label, type or key in backticks, so that none is taken for a keyword."""
    return "`" + text.replace("`", "``") + "`"


def string(text: str) -> str:
    r"""Return text as a string literal.

    Older Neo4j reads `\uXXXX` before anything else, so a backslash that came with the data is kept
    from meeting a `u` that came with it.
    """
    if text.isprintable() and "\\" not in text and "'" not in text:
        return f"'{text}'"
    found = []
    before = ""
    for c in text:
        if before == "\\" and c in "uU":
            found.append(f"\\u{ord(c):04X}")
        elif c in _ESCAPES:
            found.append(_ESCAPES[c])
        else:
            found.append(c if c.isprintable() or c == "\u3000" else _unicode(c))
        before = c
    return f"'{''.join(found)}'"


def _unicode(c: str) -> str:
    """Return a character as an escape; one beyond the basic plane is left as it is, for want of a safe one."""
    return f"\\u{ord(c):04X}" if ord(c) <= 0xFFFF else c  # noqa: PLR2004 - the last code point of the basic plane


def literal(value: Value) -> str:
    """Return a value as a Cypher expression."""
    if isinstance(value, list):
        return f"[{', '.join(string(v) for v in value)}]"
    if isinstance(value, str):
        return string(value)
    if isinstance(value, date):
        return f"date('{spelled(value)}')"
    return spelled(value)


def _map(properties: Mapping[str, Value]) -> str:
    return "{" + ", ".join(f"{name(k)}: {literal(v)}" for k, v in properties.items()) + "}"


def _unwind(rows: Iterable[str], then: str) -> str:
    return "UNWIND [\n  " + ",\n  ".join(rows) + f"\n] AS row\n{then};\n"


def _nodes(labels: tuple[str, ...], nodes: Iterable[Node]) -> Iterator[str]:
    first, others = name(labels[0]), ":".join(name(label) for label in labels[1:])
    match = f"(n:{first} {{`id`: row.`id`}})"
    for batch in batches(nodes, _ROWS):
        ids = [_row({"id": string(n.id)}) for n in batch]
        rows = [_row({"id": string(n.id), "properties": _map(n.properties)}) for n in batch]
        if not others:
            yield _unwind(rows, f"MERGE {match}\nSET n += row.`properties`")
            continue
        new = f"WITH row, n WHERE n IS NULL\nCREATE (m:{first}:{others} {{`id`: row.`id`}})"
        yield _unwind(ids, f"OPTIONAL MATCH {match}\n{new}")
        yield _unwind(rows, f"MATCH {match}\nSET n += row.`properties`")
        missing = " OR ".join(f"NOT n:{name(label)}" for label in labels[1:])
        yield _unwind(ids, f"MATCH {match}\nWHERE {missing}\nSET n:{others}")


def _edges(kind: str, source: str, target: str, edges: Iterable[Edge]) -> Iterator[str]:
    then = (
        f"MATCH (a:{name(source)} {{`id`: row.`source`}})\n"
        f"MATCH (b:{name(target)} {{`id`: row.`target`}})\n"
        f"MERGE (a)-[r:{name(kind)} {{`key`: row.`key`}}]->(b)\n"
        "SET r += row.`properties`"
    )
    for batch in batches(edges, _ROWS):
        rows = (
            {
                "source": string(e.source[1]),
                "target": string(e.target[1]),
                "key": literal(e.properties["key"]),
                "properties": _map(e.properties),
            }
            for e in batch
        )
        yield _unwind([_row(row) for row in rows], then)


def _row(row: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name(k)}: {v}" for k, v in row.items()) + "}"


def _script(graph: PropertyGraph, counts: dict[str, int]) -> Iterator[str]:
    yield "// Run each statement in a transaction of its own, as often as you like: nothing is made twice.\n"
    for label in graph.columns:
        constraint = name(f"postholder_{label}_id")
        yield f"CREATE CONSTRAINT {constraint} IF NOT EXISTS FOR (n:{name(label)}) REQUIRE n.`id` IS UNIQUE;\n"

    for labels, nodes in groupby(graph.nodes(), key=lambda n: n.labels):
        yield from _nodes(labels, counting(nodes, counts, "nodes"))
    ends = groupby(graph.edges(), key=lambda e: (e.type, e.source[0], e.target[0]))
    for (kind, source, target), edges in ends:
        yield from _edges(kind, source, target, counting(edges, counts, "edges"))


def _write(source: Source, target: Target) -> Account:
    graph = PropertyGraph(source)
    counts = {"nodes": 0, "edges": 0}
    target.put("", _script(graph, counts))
    return Account(counts, graph.losses(), graph.names)


CYPHER = Format("cypher", "Cypher script that can be run twice", _write, LOSSES)
