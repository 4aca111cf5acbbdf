"""Parquet tables, read back whole and loaded into Ladybug, which answers Cypher."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import ladybug
import pytest
from pyarrow import parquet as pq

from postholder.errors import CannotError
from postholder.export.formats import write
from postholder.graph import handle

if TYPE_CHECKING:
    from pathlib import Path

    from pyoxigraph import Quad

    from postholder.api import KnowledgeGraph
    from postholder.export.property_graph import PropertyGraph

Folder = tuple["Path", "PropertyGraph"]


@pytest.fixture(scope="module", params=["shipped", "tiny"])
def folder(
    request: pytest.FixtureRequest,
    shipped: KnowledgeGraph,
    tiny: list[Quad],
    tiny_graph: PropertyGraph,
    graph_of_shipped: PropertyGraph,
    prefixes: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Folder:
    whole = request.param == "shipped"
    path: Path = tmp_path_factory.mktemp("parquet") / "tables"
    result = write(shipped.quads if whole else tiny, prefixes, "parquet", path)
    graph = graph_of_shipped if whole else tiny_graph
    assert result.counts == {"nodes": len(list(graph.nodes())), "edges": len(list(graph.edges()))}
    return path, graph


def present(row: dict[str, Any], *apart: str) -> dict[str, Any]:
    return {k: v for k, v in row.items() if v is not None and k not in apart}


def test_nothing_of_the_property_graph_is_lost(folder: Folder) -> None:
    path, graph = folder
    nodes: dict[str, dict[str, Any]] = {}
    for file in path.glob("nodes-*.parquet"):
        for row in pq.read_table(file).to_pylist():
            assert row["labels"][0] == file.stem.removeprefix("nodes-")
            nodes[row["id"]] = present(row)
    assert nodes == {n.id: {**n.properties, "labels": list(n.labels)} for n in graph.nodes()}
    edges = {}
    ends = ("from", "fromLabel", "to", "toLabel")
    for file in path.glob("relationships-*.parquet"):
        for row in pq.read_table(file).to_pylist():
            kind = file.stem.removeprefix("relationships-")
            edges[row["key"]] = (kind, *(row[end] for end in ends), present(row, *ends))
    assert edges == {
        e.properties["key"]: (e.type, e.source[1], e.source[0], e.target[1], e.target[0], dict(e.properties))
        for e in graph.edges()
    }


@pytest.fixture
def loaded(folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ladybug.Connection, PropertyGraph]:
    """Return a Ladybug database that ran the script of the folder."""
    path, graph = folder
    monkeypatch.chdir(path)
    connection = ladybug.Connection(ladybug.Database(str(tmp_path / "db")))
    statements = [s for s in (path / "load.cypher").read_text(encoding="utf-8").split(";\n") if s.strip()]
    assert len(statements) > 20
    for statement in statements:
        connection.execute(statement)
    return connection, graph


def answer(connection: ladybug.Connection, query: str) -> list[Any]:
    result = connection.execute(query)
    assert isinstance(result, ladybug.QueryResult)
    return list(result.get_all())


def test_ladybug_has_every_node_with_its_values(loaded: tuple[ladybug.Connection, PropertyGraph]) -> None:
    connection, graph = loaded
    found: dict[str, dict[str, Any]] = {}
    for label in graph.columns:
        for (node,) in answer(connection, f"MATCH (n:`{label}`) RETURN n"):
            found[node["id"]] = present(node, "_ID", "_LABEL")
    assert found == {n.id: {**n.properties, "labels": list(n.labels)} for n in graph.nodes()}


def test_ladybug_counts_every_kind_of_relationship(loaded: tuple[ladybug.Connection, PropertyGraph]) -> None:
    connection, graph = loaded
    expected = Counter(e.type for e in graph.edges())
    assert len(expected) > 10
    found = {kind: answer(connection, f"MATCH ()-[r:`{kind}`]->() RETURN count(r)")[0][0] for kind in expected}
    assert found == dict(expected)


def test_ladybug_answers_questions(
    loaded: tuple[ladybug.Connection, PropertyGraph], shipped: KnowledgeGraph, request: pytest.FixtureRequest
) -> None:
    connection, _ = loaded
    if "tiny" in request.node.name:
        query = "MATCH (:Person {id: 'person/ann'})-[r:HOLDS]->(p:Post) WHERE r.accepted RETURN p.id, r.via[1]"
        assert sorted(answer(connection, query)) == [
            ["post/chief", "appointment/a1"],
            ["post/chief", "appointment/a2"],
        ]
        return
    superior = "MATCH (a:Post)-[r:REPORTS_TO]->(b:Post) WHERE b.id = 'post/listed-businesses-head' RETURN a.id"
    rows = shipped.query("who-reports-to", superior="Dai Shan")
    assert sorted(row[0] for row in answer(connection, superior)) == sorted({handle(str(row["post"])) for row in rows})
    path = (
        "MATCH (d:Document)<-[:IN_DOCUMENT]-(p:Passage)<-[:EVIDENCE]-(c:Claim) WHERE c.id = 'claim/taobao-tmall-F26' "
        "RETURN DISTINCT d.id, p.start ORDER BY p.start"
    )
    assert answer(connection, path) == [["document/taobao-tmall", 867], ["document/taobao-tmall", 883]]


def test_without_pyarrow_the_extra_is_named_and_nothing_is_left(
    tiny: list[Quad], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(CannotError) as caught:
        write(tiny, {}, "parquet", tmp_path / "out")
    assert ".[parquet]" in caught.value.hint
    assert not list(tmp_path.iterdir())
