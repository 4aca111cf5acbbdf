"""GraphSON 3.0 as TinkerPop's reader of whole graphs takes it: a vertex with its edges on each line.

The form is that of "GraphSON 3.0" in the IO Reference of Apache TinkerPop. Every edge stands twice: on
the line of the vertex it leaves and on that of the vertex it enters. A vertex has one label, its most
specific; all its labels are the property `labels`. A list is one value, since many stores keep but the
last of several values. A day stands as text, which sorts as days do: `g:Date` is an instant.
"""

from __future__ import annotations

import json
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any

from postholder.export.accounting import LOSSES
from postholder.export.base import Account, Format, Loss, Source, Target, batches, counted, counting
from postholder.export.property_graph import PropertyGraph
from postholder.export.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from postholder.export.property_graph import Edge, Node
    from postholder.export.values import Value

_ROWS = 500  # lines that are put together before they are written
_TABLES = """
CREATE TABLE edge (number INTEGER PRIMARY KEY, type TEXT, source TEXT, target TEXT, leaves TEXT, enters TEXT);
"""
_INDEXES = ("CREATE INDEX leaving ON edge (source)", "CREATE INDEX entering ON edge (target)")
_DAYS = Loss(
    "days",
    "that a date is one: it stands as text, year first, and so sorts and compares as dates do",
    "export neo4j-csv, cypher or parquet",
)


class _Typed:
    """Turns values into GraphSON and counts the days that become text."""

    def __init__(self) -> None:
        self.days = 0
        self._numbers = count()

    def value(self, value: Value) -> Any:
        """Return a value; JSON tells strings and booleans by itself."""
        if isinstance(value, bool | str):
            return value
        if isinstance(value, date):
            self.days += 1
            return value.isoformat()
        if isinstance(value, list):
            return {"@type": "g:List", "@value": value}
        return {"@type": "g:Int64" if isinstance(value, int) else "g:Double", "@value": value}

    def vertex(self, node: Node) -> dict[str, Any]:
        """Return a vertex without its edges; its properties are numbered, as TinkerPop does."""
        own: Mapping[str, Value] = {"labels": list(node.labels), **node.properties}
        properties = {
            key: [{"id": {"@type": "g:Int64", "@value": next(self._numbers)}, "value": self.value(value)}]
            for key, value in own.items()
        }
        return {"id": node.id, "label": node.labels[0], "properties": properties}

    def ends(self, edge: Edge) -> tuple[str, str]:
        """Return an edge as it stands on the line of its source, and on that of its target."""
        own = {"id": edge.properties["key"]}
        properties = {key: self.value(value) for key, value in edge.properties.items()}
        leaves = {**own, "inV": edge.target[1], "properties": properties}
        enters = {**own, "outV": edge.source[1], "properties": properties}
        return _text(leaves), _text(enters)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _spooled(graph: PropertyGraph, typed: _Typed, counts: dict[str, int]) -> Spool:
    """Return the edges on disk, to be looked up by vertex."""
    spool = Spool(_TABLES)
    spool.many(
        "INSERT INTO edge (type, source, target, leaves, enters) VALUES (?, ?, ?, ?, ?)",
        ((e.type, e.source[1], e.target[1], *typed.ends(e)) for e in counting(graph.edges(), counts, "edges")),
    )
    for index in _INDEXES:
        spool.run(index)
    return spool


def _by_type(rows: Iterator[tuple[str, ...]]) -> str:
    """Return edges as a JSON object of lists, by type."""
    found: dict[str, list[str]] = {}
    for kind, text in rows:
        found.setdefault(kind, []).append(text)
    return "{" + ",".join(f"{_text(kind)}:[{','.join(texts)}]" for kind, texts in found.items()) + "}"


def _lines(graph: PropertyGraph, typed: _Typed, counts: dict[str, int]) -> Iterator[str]:
    spool = _spooled(graph, typed, counts)
    for node in counting(graph.nodes(), counts, "nodes"):
        parts = [f'"{key}":{_text(value)}' for key, value in typed.vertex(node).items()]
        leaving = _by_type(spool.rows("SELECT type, leaves FROM edge WHERE source = ? ORDER BY number", node.id))
        entering = _by_type(spool.rows("SELECT type, enters FROM edge WHERE target = ? ORDER BY number", node.id))
        parts[2:2] = [f'"{key}":{edges}' for key, edges in (("outE", leaving), ("inE", entering)) if edges != "{}"]
        yield "{" + ",".join(parts) + "}\n"


def _write(source: Source, target: Target) -> Account:
    graph, typed = PropertyGraph(source), _Typed()
    counts = {"nodes": 0, "edges": 0}
    target.put("", ("".join(batch) for batch in batches(_lines(graph, typed, counts), _ROWS)))
    return Account(counts, (*graph.losses(), *counted((_DAYS, typed.days))), graph.names)


GRAPHSON = Format("graphson", "GraphSON 3.0 for Gremlin, a vertex a line", _write, (*LOSSES, _DAYS))
