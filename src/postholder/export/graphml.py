"""GraphML, written by ourselves: other writers repeat edge ids when two edges join the same nodes.

Ids of nodes and edges are name tokens and stay the same from export to export. Labels are written
in the two ways that readers know: `labels` and `label` (Neo4j), `labelV` and `labelE` (TinkerPop).
Lists are JSON text. Characters that XML cannot hold are replaced, which is a loss and is counted.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from postholder.export.accounting import LOSSES
from postholder.export.base import Account, Format, Loss, Source, Target, batches, counted, counting
from postholder.export.property_graph import PropertyGraph
from postholder.export.values import BOOLEAN, DOUBLE, LONG, STRING, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from postholder.export.values import Value

_ROWS = 500  # nodes or edges that are put together before they are written
_OWN_TYPES = {LONG, DOUBLE, BOOLEAN}  # the others of ours are `string` in GraphML
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
)
_CONTROL = Loss(
    "control-characters",
    "control characters that XML cannot hold: U+FFFD stands in their place",
    "export cypher, neo4j-csv or an RDF format",
)
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
"""


def node_id(identifier: str) -> str:
    """Return an id of ours as an XML name token: `post/group-cto` becomes `post:group-cto`."""
    kept = re.sub(r"[^A-Za-z0-9./-]", lambda found: f"_{ord(found.group()):x}_", identifier)
    return kept.replace("/", ":")


class _Xml:
    """Writes values as XML and counts the characters that it had to replace."""

    def __init__(self) -> None:
        self.replaced = 0

    def text(self, text: str) -> str:
        """Return text with everything escaped that XML would read as its own."""
        clean, number = _FORBIDDEN.subn("\ufffd", text)
        self.replaced += number
        return clean.translate(_ESCAPES)

    def value(self, value: Value) -> str:
        """Return a value; a list as JSON."""
        if isinstance(value, list):
            return self.text(json.dumps(value, ensure_ascii=False))
        return self.text(value) if isinstance(value, str) else spelled(value)

    def data(self, prefix: str, properties: Mapping[str, Value]) -> str:
        """Return the data elements of a node or an edge."""
        return "".join(f'\n    <data key="{prefix}{k}">{self.value(v)}</data>' for k, v in properties.items())


def _declarations(prefix: str, domain: str, columns: Mapping[str, str]) -> Iterator[str]:
    for key, kind in columns.items():
        yield (
            f'  <key id="{prefix}{key}" for="{domain}" attr.name="{key}" '
            f'attr.type="{kind if kind in _OWN_TYPES else STRING}"/>\n'
        )


def _nodes(graph: PropertyGraph, xml: _Xml, counts: dict[str, int]) -> Iterator[str]:
    for node in counting(graph.nodes(), counts, "nodes"):
        labels = ":" + ":".join(node.labels)
        own = {"labels": labels, "labelV": node.labels[0], **node.properties}
        yield f'  <node id="{node_id(node.id)}" labels="{labels}">{xml.data("n_", own)}\n  </node>\n'


def _edges(graph: PropertyGraph, xml: _Xml, counts: dict[str, int]) -> Iterator[str]:
    for edge in counting(graph.edges(), counts, "edges"):
        own = {"label": edge.type, "labelE": edge.type, **edge.properties}
        yield (
            f'  <edge id="{edge.properties["key"]}" source="{node_id(edge.source[1])}" '
            f'target="{node_id(edge.target[1])}" label="{edge.type}">{xml.data("e_", own)}\n  </edge>\n'
        )


def _document(graph: PropertyGraph, xml: _Xml, counts: dict[str, int]) -> Iterator[str]:
    yield _HEAD
    columns = {k: t for found in graph.columns.values() for k, t in found.items()}
    yield from _declarations("n_", "node", {"labels": STRING, "labelV": STRING, **dict(sorted(columns.items()))})
    columns = {k: t for found in graph.edge_columns.values() for k, t in found.items()}
    yield from _declarations("e_", "edge", {"label": STRING, "labelE": STRING, **dict(sorted(columns.items()))})
    yield ' <graph id="postholder" edgedefault="directed">\n'
    for rows in (_nodes(graph, xml, counts), _edges(graph, xml, counts)):
        yield from ("".join(batch) for batch in batches(rows, _ROWS))
    yield " </graph>\n</graphml>\n"


def _write(source: Source, target: Target) -> Account:
    graph, xml = PropertyGraph(source), _Xml()
    counts = {"nodes": 0, "edges": 0}
    target.put("", _document(graph, xml, counts))
    return Account(counts, (*graph.losses(), *counted((_CONTROL, xml.replaced))), graph.names)


GRAPHML = Format("graphml", "GraphML for viewers and graph libraries", _write, (*LOSSES, _CONTROL))
