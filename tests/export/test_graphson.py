"""GraphSON, read line by line as TinkerPop would and asked in Gremlin."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import graphersal
import pytest

from postholder.export.formats import write as write_files
from postholder.export.graphson import GRAPHSON
from postholder.graph import handle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.export.conftest import Writer

    from postholder.api import KnowledgeGraph
    from postholder.export.property_graph import Edge, PropertyGraph
    from postholder.export.values import Value

TYPES = {"g:Int64": int, "g:Double": float, "g:List": list}


def plain(value: Any) -> Any:
    """Return a typed value as Python has it; refuse what GraphSON 3.0 does not know."""
    if not isinstance(value, dict):
        assert isinstance(value, str | bool)
        return value
    assert set(value) == {"@type", "@value"}
    assert type(value["@value"]) is TYPES[value["@type"]]
    return value["@value"]


def days_as_text(properties: Any) -> dict[str, Value]:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in properties.items()}


def edges(found: dict[str, list[dict[str, Any]]], other: str) -> Iterator[tuple[Any, ...]]:
    """Yield id, type, other end and properties."""
    for kind, members in found.items():
        for e in members:
            assert set(e) == {"id", other, "properties"}
            yield e["id"], kind, e[other], {k: plain(v) for k, v in e["properties"].items()}


def read(text: str) -> tuple[dict[str, tuple[str, dict[str, Any]]], list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return the vertices, the edges as they leave and the edges as they enter."""
    vertices: dict[str, tuple[str, dict[str, Any]]] = {}
    leaving: list[tuple[Any, ...]] = []
    entering: list[tuple[Any, ...]] = []
    numbers = set()
    for line in text.removesuffix("\n").split("\n"):
        vertex = json.loads(line)
        assert set(vertex) <= {"id", "label", "outE", "inE", "properties"}
        found = {}
        for key, values in vertex["properties"].items():
            (one,) = values
            numbers.add(plain(one["id"]))
            found[key] = plain(one["value"])
        assert vertex["id"] not in vertices
        vertices[vertex["id"]] = (vertex["label"], found)
        leaving += ((e[0], e[1], vertex["id"], *e[2:]) for e in edges(vertex.get("outE", {}), "inV"))
        entering += ((*e[:3], vertex["id"], e[3]) for e in edges(vertex.get("inE", {}), "outV"))
    assert numbers == set(range(len(numbers)))
    return vertices, leaving, entering


@pytest.mark.parametrize("which", ["shipped", "tiny"])
def test_every_vertex_and_edge_reads_back_from_both_ends(
    which: str, write: Writer, shipped: KnowledgeGraph, tiny_graph: PropertyGraph, graph_of_shipped: PropertyGraph
) -> None:
    files, account = write("graphson", shipped.quads if which == "shipped" else None)
    graph = graph_of_shipped if which == "shipped" else tiny_graph
    vertices, leaving, entering = read(files[""])
    assert vertices == {
        n.id: (n.labels[0], {"labels": list(n.labels), **days_as_text(n.properties)}) for n in graph.nodes()
    }

    def row(edge: Edge) -> tuple[Any, ...]:
        return edge.properties["key"], edge.type, edge.source[1], edge.target[1], days_as_text(edge.properties)

    expected = sorted((row(e) for e in graph.edges()), key=lambda e: str(e[0]))
    assert sorted(leaving, key=lambda e: str(e[0])) == sorted(entering, key=lambda e: str(e[0])) == expected
    assert account.counts == {"nodes": len(vertices), "edges": len(leaving)}


def test_days_are_counted_once(write: Writer, tiny_graph: PropertyGraph) -> None:
    properties = [*(n.properties for n in tiny_graph.nodes()), *(e.properties for e in tiny_graph.edges())]
    days = sum(isinstance(v, date) for found in properties for v in found.values())
    assert {loss.id: loss.count for loss in write("graphson")[1].losses}["days"] == days > 0
    assert "days" in {loss.id for loss in GRAPHSON.losses}


@pytest.fixture(scope="module", params=["graphson", "graphml"])
def gremlin(
    request: pytest.FixtureRequest,
    shipped: KnowledgeGraph,
    prefixes: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> graphersal.Graph:
    """Return the shipped graph as graphersal reads it; it would warn of anything skipped."""
    path: Path = tmp_path_factory.mktemp("gremlin") / "graph"
    write_files(shipped.quads, prefixes, request.param, path)
    if request.param == "graphson":
        return graphersal.Graph.from_graphson(str(path))
    # GraphML says "boolean", and so do TinkerPop, networkx and igraph; graphersal alone wants "bool".
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('attr.type="boolean"', 'attr.type="bool"'), encoding="utf-8", newline="\n")
    return graphersal.Graph.from_graphml(str(path))


def test_gremlin_counts(gremlin: graphersal.Graph, graph_of_shipped: PropertyGraph) -> None:
    kinds = [e.type for e in graph_of_shipped.edges()]
    labels = [n.labels[0] for n in graph_of_shipped.nodes()]
    assert gremlin.query("g.V().count()") == [len(labels)]
    assert gremlin.query("g.E().count()") == [len(kinds)]
    for label in ("Appointment", "Center", "Claim"):
        assert gremlin.query(f'g.V().hasLabel("{label}").count()') == [labels.count(label)] != [0]
    for kind in ("HOLDS", "REPORTS_TO", "PART_OF", "EVIDENCE"):
        assert gremlin.query(f'g.E().hasLabel("{kind}").count()') == [kinds.count(kind)] != [0]


def test_gremlin_paths(gremlin: graphersal.Graph, shipped: KnowledgeGraph, graph_of_shipped: PropertyGraph) -> None:
    held = gremlin.query(
        'g.V().has("id", "person/lu-su").outE("HOLDS").has("accepted", true).inV().values("id").order()'
    )
    rows = shipped.query("concurrent-appointments", person="Lu Su")
    assert (
        held
        == sorted({handle(str(row[c])) for row in rows for c in ("post", "other_post")})
        == ["post/group-cto", "post/taobao-cto"]
    )
    steps = {(e.source[1], e.target[1]) for e in graph_of_shipped.edges() if e.type == "PART_OF"}
    above, reached = {"unit/taobao"}, set[str]()
    while above := {b for a, b in steps if a in above} - reached:
        reached |= above
    walked = gremlin.query(
        'g.V().has("id", "unit/taobao").repeat(__.out("PART_OF").dedup()).emit().values("id").dedup()'
    )
    assert set(walked) == reached
    assert len(reached) > 1
