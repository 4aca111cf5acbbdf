"""CSV files for the bulk import of Neo4j: one per node label, one per relation type."""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING

from postholder.errors import CannotError
from postholder.export.accounting import LOSSES
from postholder.export.base import Account, Format, Source, Target, counted, counting
from postholder.export.cells import GUARDED, Cells, in_blocks
from postholder.export.property_graph import PropertyGraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from postholder.export.property_graph import Edge, Node
    from postholder.export.values import Value

_DELIMITERS = (";", "|", "\x1f")  # between members of a list: what Neo4j takes by default, then rarer ones


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


def _node_rows(cells: Cells, columns: Mapping[str, str], nodes: Iterable[Node]) -> Iterator[str]:
    rest = [key for key in columns if key != "id"]
    yield ",".join(["id:ID", *(f"{key}:{columns[key]}" for key in rest), ":LABEL"]) + "\n"
    for node in nodes:
        yield cells.row([node.id, *_values(node.properties, rest), list(node.labels)])


def _edge_rows(cells: Cells, columns: Mapping[str, str], edges: Iterable[Edge]) -> Iterator[str]:
    yield ",".join([":START_ID", ":END_ID", *(f"{k}:{t}" for k, t in columns.items()), ":TYPE"]) + "\n"
    for edge in edges:
        yield cells.row([edge.source[1], edge.target[1], *_values(edge.properties, columns), edge.type])


def _arguments(cells: Cells, delimiter: str, nodes: Iterable[str], relationships: Iterable[str]) -> Iterator[str]:
    """Yield the arguments of the import: `neo4j-admin database import full @arguments.txt neo4j`."""
    yield "# In this folder: neo4j-admin database import full @arguments.txt neo4j\n"
    yield "--id-type=string\n"
    yield f"--array-delimiter={delimiter if delimiter.isprintable() else f'U+{ord(delimiter):04X}'}\n"
    if cells.multiline:
        yield "--multiline-fields=true\n"
    yield from (f"--nodes={name}\n" for name in nodes)
    yield from (f"--relationships={name}\n" for name in relationships)


def _write(source: Source, target: Target) -> Account:
    graph = PropertyGraph(source)
    delimiter = _delimiter(graph)
    cells = Cells(delimiter.join)
    counts = {"nodes": 0, "edges": 0}

    nodes, relationships = [], []
    for label, group in groupby(graph.nodes(), key=lambda n: n.labels[0]):
        nodes.append(f"nodes-{label}.csv")
        rows = _node_rows(cells, graph.columns[label], counting(group, counts, "nodes"))
        target.put(nodes[-1], in_blocks(rows))
    for kind, edges in groupby(graph.edges(), key=lambda e: e.type):
        relationships.append(f"relationships-{kind}.csv")
        rows = _edge_rows(cells, graph.edge_columns[kind], counting(edges, counts, "edges"))
        target.put(relationships[-1], in_blocks(rows))
    target.put("arguments.txt", _arguments(cells, delimiter, nodes, relationships))
    return Account(counts, (*graph.losses(), *counted((GUARDED, cells.guarded))), graph.names)


NEO4J_CSV = Format("neo4j-csv", "folder of CSV files for neo4j-admin", _write, (*LOSSES, GUARDED), folder=True)
