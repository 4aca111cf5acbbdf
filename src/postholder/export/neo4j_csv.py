"""CSV files for the bulk import of Neo4j: one per node label, one per relation type.

Text is always in quotes, so that an empty text differs from no value. Text that a spreadsheet would
run as a formula gets an apostrophe in front, which is a loss and is counted.
"""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING

from postholder.errors import CannotError
from postholder.export.accounting import LOSSES
from postholder.export.base import Account, Format, Loss, Source, Target, batches, counted, counting
from postholder.export.property_graph import PropertyGraph
from postholder.export.values import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from postholder.export.property_graph import Edge, Node
    from postholder.export.values import Value

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DELIMITERS = (";", "|", "\x1f")  # between members of a list: what Neo4j takes by default, then rarer ones
_ROWS = 1_000  # lines that are put together before they are written
_GUARDED = Loss(
    "guarded",
    "the first character of text that a spreadsheet would run as a formula: an apostrophe stands before it",
    "remove the apostrophe after the import, or import the cypher format",
)


class _Cells:
    """Writes values as cells; knows the delimiter of lists and counts what it had to guard."""

    def __init__(self, delimiter: str) -> None:
        self.delimiter = delimiter
        self.guarded = 0
        self.multiline = False

    def quoted(self, text: str) -> str:
        """Return text as a cell that no spreadsheet runs."""
        if text.startswith(_FORMULA):
            self.guarded += 1
            text = "'" + text
        self.multiline |= "\n" in text or "\r" in text
        return '"' + text.replace('"', '""') + '"'

    def cell(self, value: Value | None) -> str:
        """Return a value as a cell; no value is an empty cell without quotes."""
        if value is None:
            return ""
        if isinstance(value, list):
            return self.quoted(self.delimiter.join(value))
        return self.quoted(value) if isinstance(value, str) else spelled(value)

    def row(self, values: Iterable[Value | None]) -> str:
        """Return a line."""
        return ",".join(self.cell(v) for v in values) + "\n"


def _members(key: str, value: list[str]) -> list[str]:
    """Return a list; N-Triples lines have the usual delimiter as an escape, which means the same there."""
    return [v.replace(";", "\\u003B") for v in value] if key == "statements" else value


def _delimiter(graph: PropertyGraph) -> str:
    """Return a delimiter that stands in no member of any list."""
    used: set[str] = set()
    properties = chain((n.properties for n in graph.nodes()), (e.properties for e in graph.edges()))
    for found in properties:
        for key, value in found.items():
            if isinstance(value, list):
                used |= {d for d in _DELIMITERS for v in _members(key, value) if d in v}
    free = [d for d in _DELIMITERS if d not in used]
    if not free:
        raise CannotError("lists hold every delimiter that could part them", hint="export cypher or graphml")
    return free[0]


def _values(properties: Mapping[str, Value], keys: Iterable[str]) -> list[Value | None]:
    found = [(key, properties.get(key)) for key in keys]
    return [_members(key, value) if isinstance(value, list) else value for key, value in found]


def _node_rows(cells: _Cells, columns: Mapping[str, str], nodes: Iterable[Node]) -> Iterator[str]:
    rest = [key for key in columns if key != "id"]
    yield ",".join(["id:ID", *(f"{key}:{columns[key]}" for key in rest), ":LABEL"]) + "\n"
    for node in nodes:
        yield cells.row([node.id, *_values(node.properties, rest), list(node.labels)])


def _edge_rows(cells: _Cells, columns: Mapping[str, str], edges: Iterable[Edge]) -> Iterator[str]:
    yield ",".join([":START_ID", ":END_ID", *(f"{k}:{t}" for k, t in columns.items()), ":TYPE"]) + "\n"
    for edge in edges:
        yield cells.row([edge.source[1], edge.target[1], *_values(edge.properties, columns), edge.type])


def _arguments(cells: _Cells, nodes: Iterable[str], relationships: Iterable[str]) -> Iterator[str]:
    """Yield the arguments of the import: `neo4j-admin database import full @arguments.txt neo4j`."""
    yield "# In this folder: neo4j-admin database import full @arguments.txt neo4j\n"
    yield "--id-type=string\n"
    yield f"--array-delimiter={cells.delimiter if cells.delimiter.isprintable() else f'U+{ord(cells.delimiter):04X}'}\n"
    if cells.multiline:
        yield "--multiline-fields=true\n"
    yield from (f"--nodes={name}\n" for name in nodes)
    yield from (f"--relationships={name}\n" for name in relationships)


def _in_blocks(rows: Iterable[str]) -> Iterator[str]:
    return ("".join(batch) for batch in batches(rows, _ROWS))


def _write(source: Source, target: Target) -> Account:
    graph = PropertyGraph(source)
    cells = _Cells(_delimiter(graph))
    counts = {"nodes": 0, "edges": 0}

    nodes, relationships = [], []
    for label, group in groupby(graph.nodes(), key=lambda n: n.labels[0]):
        nodes.append(f"nodes-{label}.csv")
        rows = _node_rows(cells, graph.columns[label], counting(group, counts, "nodes"))
        target.put(nodes[-1], _in_blocks(rows))
    for kind, edges in groupby(graph.edges(), key=lambda e: e.type):
        relationships.append(f"relationships-{kind}.csv")
        rows = _edge_rows(cells, graph.edge_columns[kind], counting(edges, counts, "edges"))
        target.put(relationships[-1], _in_blocks(rows))
    target.put("arguments.txt", _arguments(cells, nodes, relationships))
    return Account(counts, (*graph.losses(), *counted((_GUARDED, cells.guarded))), graph.names)


NEO4J_CSV = Format("neo4j-csv", "folder of CSV files for neo4j-admin", _write, (*LOSSES, _GUARDED), folder=True)
