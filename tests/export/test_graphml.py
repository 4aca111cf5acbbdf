"""GraphML, read as an analyst would read it."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from datetime import date
from typing import TYPE_CHECKING

import igraph
import networkx as nx
import pytest

from postholder.export.graphml import GRAPHML, node_id

if TYPE_CHECKING:
    from pathlib import Path

    from tests.export.conftest import Writer

    from postholder.api import KnowledgeGraph
    from postholder.export.property_graph import PropertyGraph

NAMESPACE = "{http://graphml.graphdrawing.org/xmlns}"


def read(text: str) -> nx.MultiDiGraph[str]:
    graph = nx.read_graphml(io.BytesIO(text.encode()))
    assert isinstance(graph, nx.MultiDiGraph)
    return graph


@pytest.mark.parametrize("which", ["shipped", "tiny"])
def test_networkx_finds_every_node_and_every_parallel_edge(which: str, write: Writer, shipped: KnowledgeGraph) -> None:
    files, account = write("graphml", shipped.quads if which == "shipped" else None)
    graph = read(files[""])
    assert {"nodes": graph.number_of_nodes(), "edges": graph.number_of_edges()} == account.counts
    pairs = [(u, v, d["label"]) for u, v, d in graph.edges(data=True)]
    assert len(set(pairs)) < len(pairs)
    for _, _, key, data in graph.edges(keys=True, data=True):
        assert key == data["key"]


def test_values_read_back(write: Writer, tiny_graph: PropertyGraph) -> None:
    graph = read(write("graphml")[0][""])
    nodes, edges = list(tiny_graph.nodes()), list(tiny_graph.edges())
    kinds = {type(value) for node in nodes for value in node.properties.values()}
    assert kinds >= {str, int, float, bool, list, date}
    assert len({edge.type for edge in edges}) > 5
    for node in nodes:
        data = dict(graph.nodes[node_id(node.id)])
        assert data.pop("labels") == ":" + ":".join(node.labels)
        assert data.pop("labelV") == node.labels[0]
        assert set(data) == set(node.properties)
        for key, value in node.properties.items():
            if isinstance(value, list):
                assert json.loads(data[key]) == value
            elif isinstance(value, date):
                assert data[key] == value.isoformat()
            elif node.id == "person/eve" and key == "label":
                assert data[key] == str(value).replace("\u0001", "\ufffd")
            else:
                assert data[key] == value
    for edge in edges:
        data = graph.get_edge_data(node_id(edge.source[1]), node_id(edge.target[1]))[str(edge.properties["key"])]
        assert data["label"] == data["labelE"] == edge.type
        assert data["accepted"] is edge.properties["accepted"]


# igraph puts the ids of nodes where our property `id` already stands, and says so.
ids_stand_there = pytest.mark.filterwarnings("ignore:Could not add vertex ids:RuntimeWarning")


@ids_stand_there
@pytest.mark.parametrize("which", ["shipped", "tiny"])
def test_igraph_and_networkx_find_the_same_graph(
    which: str, write: Writer, shipped: KnowledgeGraph, tmp_path: Path
) -> None:
    text = write("graphml", shipped.quads if which == "shipped" else None)[0][""]
    path = tmp_path / "graph.graphml"
    path.write_text(text, encoding="utf-8", newline="\n")
    found, expected = igraph.Graph.Read_GraphML(str(path)), read(text)
    assert found.is_directed()
    names = found.vs["id"]
    assert len(names) == len(set(names)) > 30
    assert {v["id"]: v["labelV"] for v in found.vs} == {d["id"]: d["labelV"] for _, d in expected.nodes(data=True)}
    ids = {n: d["id"] for n, d in expected.nodes(data=True)}
    edges = {(names[e.source], names[e.target], e["key"], e["label"], bool(e["accepted"])) for e in found.es}
    assert edges == {(ids[u], ids[v], d["key"], d["label"], d["accepted"]) for u, v, d in expected.edges(data=True)}
    assert len(edges) == found.ecount()


@ids_stand_there
def test_igraph_and_networkx_answer_alike(write: Writer, shipped: KnowledgeGraph, tmp_path: Path) -> None:
    text = write("graphml", shipped.quads)[0][""]
    path = tmp_path / "graph.graphml"
    path.write_text(text, encoding="utf-8", newline="\n")
    whole, expected = igraph.Graph.Read_GraphML(str(path)), read(text)
    placed = whole.subgraph_edges(whole.es.select(label_eq="PART_OF"))
    below = placed.neighborhood(placed.vs.find(id="unit/alibaba-group"), order=len(placed.vs), mode="in", mindist=1)
    steps = nx.DiGraph([(u, v) for u, v, d in expected.edges(data=True) if d["label"] == "PART_OF"])
    found = {expected.nodes[n]["id"] for n in nx.ancestors(steps, node_id("unit/alibaba-group"))}
    assert {placed.vs[i]["id"] for i in below} == found
    assert len(found) > 8


def test_ids_are_name_tokens_and_attributes_are_declared(write: Writer, shipped: KnowledgeGraph) -> None:
    text = write("graphml", shipped.quads)[0][""]
    root = ET.fromstring(text)  # noqa: S314 - our own file
    declared = {k.get("id"): k.get("for") for k in root.iter(f"{NAMESPACE}key")}
    assert declared
    used = {
        (d.get("key"), kind)
        for kind in ("node", "edge")
        for element in root.iter(NAMESPACE + kind)
        for d in element.iter(f"{NAMESPACE}data")
    }
    assert {declared[key] == kind for key, kind in used} == {True}
    assert {key for key, _ in used} == set(declared)
    ids = [e.get("id") or "" for kind in ("node", "edge") for e in root.iter(NAMESPACE + kind)]
    assert len(ids) == len(set(ids)) > 1000
    assert all(re.fullmatch(r"[A-Za-z0-9._:-]+", i) for i in ids)


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("post/group-cto", "post:group-cto"),
        ("ph:concurrent", "ph_3a_concurrent"),
        ("document/d#char=3,9", "document:d_23_char_3d_3_2c_9"),
        ("a_b", "a_5f_b"),
        ("person/安", "person:_5b89_"),
    ],
)
def test_node_ids(identifier: str, expected: str) -> None:
    assert node_id(identifier) == expected


def test_characters_that_xml_cannot_hold_are_replaced_and_counted(write: Writer, shipped: KnowledgeGraph) -> None:
    text, account = write("graphml")
    assert "\x01" not in text[""]
    counts = {loss.id: loss.count for loss in account.losses}
    assert counts["control-characters"] == 1
    assert "control-characters" in {loss.id for loss in GRAPHML.losses}
    assert "control-characters" not in {loss.id for loss in write("graphml", shipped.quads)[1].losses}
