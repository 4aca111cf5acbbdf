"""Parquet tables, one a node label and one a relationship type, with the Cypher that loads them into Ladybug.

Nothing that the property graph holds is lost: columns are typed, lists are lists, and no value is null.
A relationship's ends are its first columns, as bulk loaders want it, each with the label of its table.
The tables that the script makes have all that the Cypher twins of saved questions name.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from postholder.errors import CannotError
from postholder.export.accounting import LOSSES
from postholder.export.base import Account, Format, Source, Target, batches, counting
from postholder.export.cypher import name
from postholder.export.property_graph import EDGE_COLUMNS, PropertyGraph
from postholder.export.twins import LABELS, NODE_COLUMNS, TYPES
from postholder.export.values import BOOLEAN, DATE, DOUBLE, LONG, STRING, STRINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import ModuleType

    from postholder.export.property_graph import Edge, Node

_ROWS = 10_000  # rows of one row group: what is held in memory at once
_TYPES = {STRING: "string", LONG: "int64", DOUBLE: "float64", BOOLEAN: "bool_", DATE: "date32"}
_CYPHER = {STRING: "STRING", LONG: "INT64", DOUBLE: "DOUBLE", BOOLEAN: "BOOL", DATE: "DATE", STRINGS: "STRING[]"}
_NODE = {"labels": STRINGS}
_ENDS = {"from": STRING, "to": STRING, "fromLabel": STRING, "toLabel": STRING}


def _arrow() -> tuple[ModuleType, ModuleType]:
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow import parquet as pq  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise CannotError(
            "Parquet needs pyarrow", hint="in the folder of the project: pip install '.[parquet]'"
        ) from error
    return pa, pq


class _Sink:
    """Takes the bytes of a file as they come, to be handed on piece by piece."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self._pieces.append(bytes(data))
        self._size += len(data)
        return len(data)

    def tell(self) -> int:
        """Return how much was taken."""
        return self._size

    def flush(self) -> None:
        """Do nothing: there is no buffer."""

    def taken(self) -> bytes:
        """Return what came since the last call."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _file(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield the bytes of a Parquet file, a row group at a time."""
    pa, pq = _arrow()
    types = {k: pa.list_(pa.string()) if t == STRINGS else getattr(pa, _TYPES[t])() for k, t in columns.items()}
    schema, sink = pa.schema(list(types.items())), _Sink()
    with pq.ParquetWriter(pa.PythonFile(sink, mode="w"), schema) as writer:
        for batch in batches(rows, _ROWS):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
            yield sink.taken()
    yield sink.taken()


def _node_rows(nodes: Iterable[Node]) -> Iterator[dict[str, Any]]:
    return ({**n.properties, "labels": list(n.labels)} for n in nodes)


def _edge_rows(edges: Iterable[Edge], pairs: dict[tuple[str, str], None]) -> Iterator[dict[str, Any]]:
    for e in edges:
        pairs[e.source[0], e.target[0]] = None
        (from_label, source), (to_label, target) = e.source, e.target
        yield {"from": source, "to": target, "fromLabel": from_label, "toLabel": to_label, **e.properties}


def _declared(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{name(key)} {_CYPHER[kind]}" for key, kind in columns.items())


def _made(label: str, columns: Mapping[str, str]) -> str:
    """Return the statement that makes a table of nodes, with the columns that twins read."""
    return f"CREATE NODE TABLE {name(label)} ({_declared({**NODE_COLUMNS, **columns})}, PRIMARY KEY (`id`));\n"


def _node_table(label: str, columns: Mapping[str, str]) -> str:
    filled = ", ".join(map(name, columns))
    return (
        f"{_made(label, columns)}"
        f"COPY {name(label)} ({filled}) FROM (LOAD FROM 'nodes-{label}.parquet' RETURN {filled});\n"
    )


def _edge_table(kind: str, columns: Mapping[str, str], pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the statements for one type: one to make its table, and one for each pair of labels it joins."""
    ends = list(pairs)
    joined = ", ".join(f"FROM {name(start)} TO {name(end)}" for start, end in ends)
    rest = {key: t for key, t in columns.items() if key not in ("from", "to", "fromLabel", "toLabel")}
    yield f"CREATE REL TABLE {name(kind)} ({joined}, {_declared({**EDGE_COLUMNS, **rest})});\n"
    filled = ", ".join(map(name, rest))
    returned = ", ".join(name(key) for key in ("from", "to", *rest))
    for start, end in ends:
        where = f"`fromLabel` = '{start}' AND `toLabel` = '{end}'"
        rows = f"LOAD FROM 'relationships-{kind}.parquet' WHERE {where} RETURN {returned}"
        yield f"COPY {name(kind)} ({filled}) FROM ({rows}) (from = '{start}', to = '{end}');\n"


def _write(source: Source, target: Target) -> Account:
    _arrow()
    graph = PropertyGraph(source)
    counts = {"nodes": 0, "edges": 0}
    script = ["// Makes the tables and fills them. Run it in this folder, in an empty Ladybug database.\n"]
    for label, nodes in groupby(graph.nodes(), key=lambda n: n.labels[0]):
        columns = {**graph.columns[label], **_NODE}
        target.put(f"nodes-{label}.parquet", _file(columns, _node_rows(counting(nodes, counts, "nodes"))))
        script.append(_node_table(label, columns))
    for kind, edges in groupby(graph.edges(), key=lambda e: e.type):
        columns = {**_ENDS, **graph.edge_columns[kind]}
        pairs: dict[tuple[str, str], None] = {}
        target.put(f"relationships-{kind}.parquet", _file(columns, _edge_rows(counting(edges, counts, "edges"), pairs)))
        script += _edge_table(kind, columns, pairs)
    script += [_made(label, {"id": STRING, **_NODE}) for label in LABELS if label not in graph.columns]
    posts = [("Post", "Post")]
    script += [next(_edge_table(kind, {}, posts)) for kind in TYPES if kind not in graph.edge_columns]
    script.append("CREATE MACRO toString(x) AS CAST(x AS STRING);\n")
    target.put("load.cypher", script)
    return Account(counts, graph.losses(), graph.names)


PARQUET = Format("parquet", "folder of Parquet tables; needs pyarrow", _write, LOSSES, folder=True)
