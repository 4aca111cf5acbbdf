"""CSV for the bulk import of Neo4j, read by the csv module as the import would read it."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from postholder import terms
from postholder.errors import CannotError
from postholder.export.neo4j_csv import NEO4J_CSV
from postholder.graph import TYPE, ph

if TYPE_CHECKING:
    from tests.export.conftest import Writer

    from postholder.api import KnowledgeGraph
    from postholder.export.property_graph import PropertyGraph

TYPES = {"string", "long", "double", "boolean", "date", "string[]"}
CONVERT = {
    "long": int,
    "double": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
}


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def tables(files: dict[str, str], kind: str) -> dict[str, list[list[str]]]:
    found = {n.removeprefix(kind).removesuffix(".csv"): rows(t) for n, t in files.items() if n.startswith(kind)}
    assert found
    return found


@pytest.mark.parametrize("which", ["shipped", "tiny"])
def test_every_row_has_a_header_a_type_and_ends_that_exist(which: str, write: Writer, shipped: KnowledgeGraph) -> None:
    files, account = write("neo4j-csv", shipped.quads if which == "shipped" else None)
    ids: set[str] = set()
    nodes = edges = 0
    for label, (header, *body) in tables(files, "nodes-").items():
        assert header[0] == "id:ID"
        assert header[-1] == ":LABEL"
        assert {h.split(":")[1] for h in header[1:-1]} <= TYPES
        assert body
        for row in body:
            assert len(row) == len(header)
            assert re.split("[;|]", row[-1])[0] == label
            assert row[0] not in ids
            ids.add(row[0])
            nodes += 1
    for kind, (header, *body) in tables(files, "relationships-").items():
        assert header[:3] == [":START_ID", ":END_ID", "key:string"]
        assert header[-1] == ":TYPE"
        assert {h.split(":")[1] for h in header[2:-1]} <= TYPES
        assert body
        for row in body:
            assert len(row) == len(header)
            assert row[-1] == kind
            assert {row[0], row[1]} <= ids
            edges += 1
    assert account.counts == {"nodes": nodes, "edges": edges}


def test_cells_read_back_as_the_values(write: Writer, tiny_graph: PropertyGraph) -> None:
    files = write("neo4j-csv")[0]
    delimiter = re.search("--array-delimiter=(.*)\n", files["arguments.txt"])
    assert delimiter is not None
    assert delimiter.group(1) == "|"  # a list of the small dataset holds a semicolon
    compared = 0
    found = tables(files, "nodes-")
    for node in tiny_graph.nodes():
        header, *body = found[node.labels[0]]
        (row,) = [r for r in body if r[0] == node.id]
        assert row[-1].split("|") == list(node.labels)
        for column, cell in zip(header[1:-1], row[1:-1], strict=True):
            key, kind = column.split(":")
            expected = node.properties.get(key)
            if expected is None:
                assert cell == ""
                continue
            value = cell.split("|") if kind == "string[]" else CONVERT.get(kind, str)(cell)  # type: ignore[operator]
            if key == "statements":
                assert not [line for line in cell.split("|") if ";" in line]
                value = [line.replace("\\u003B", ";") for line in cell.split("|")]
            if node.id == "person/eve" and key == "label":
                assert cell[0] == "'"
                value = cell[1:]
            assert value == expected
            compared += 1
    assert compared > 100


def test_relationships_read_back_as_the_edges(write: Writer, tiny_graph: PropertyGraph) -> None:
    found = {}
    for kind, (header, *body) in tables(write("neo4j-csv")[0], "relationships-").items():
        columns = [h.split(":") for h in header[2:-1]]
        for row in body:
            cells = zip(columns, row[2:-1], strict=True)
            values = {
                k: cell.split("|") if t == "string[]" else CONVERT.get(t, str)(cell)  # type: ignore[operator]
                for (k, t), cell in cells
                if cell
            }
            found[values["key"]] = (kind, row[0], row[1], values)
    assert found == {
        e.properties["key"]: (e.type, e.source[1], e.target[1], dict(e.properties)) for e in tiny_graph.edges()
    }


def test_an_empty_text_is_not_a_missing_one(write: Writer) -> None:
    lines = write("neo4j-csv")[0]["nodes-Figure.csv"].splitlines()
    assert lines[0] == (
        "id:ID,iri:string,accepted:boolean,basis:string[],claims:string[],evidence:string[],modality:string[],note:string,noteOthers:string[],silentOn:string,value:double,valueLexical:string,:LABEL"
    )
    assert lines[1].endswith(
        ',true,"stated","claim/c1","document/d#char=3,9","actual","one","two; three","ph:heads",0.7,"0.70","Figure"'
    )
    assert lines[2].endswith(
        ',true,"interpreted","claim/c2|claim/c3",,"actual","","ends in \\|two\\;parts",,7.0,"7","Figure"'
    )


def test_the_arguments_name_every_file(write: Writer) -> None:
    files, _ = write("neo4j-csv")
    lines = files["arguments.txt"].splitlines()
    assert lines[0].startswith("# In this folder: neo4j-admin database import full @arguments.txt")
    assert lines[1:4] == ["--id-type=string", "--array-delimiter=|", "--multiline-fields=true"]
    named = [line.split("=")[1] for line in lines[4:]]
    assert sorted([*named, "arguments.txt"]) == sorted(files)


def test_no_text_is_run_by_a_spreadsheet_and_the_change_is_counted(write: Writer, shipped: KnowledgeGraph) -> None:
    files, account = write("neo4j-csv")
    cells = [c for n, t in files.items() if n.endswith(".csv") for r in rows(t)[1:] for c in r]
    assert not [c for c in cells if c.startswith(("=", "+", "@", "\t", "\r"))]
    assert [loss.count for loss in account.losses if loss.id == "guarded"] == [1]
    assert "guarded" in {loss.id for loss in NEO4J_CSV.losses}
    assert "guarded" not in {loss.id for loss in write("neo4j-csv", shipped.quads)[1].losses}


def person(*notes: str) -> list[Quad]:
    ontology = NamedNode(terms.ONTOLOGY_GRAPH)
    someone = NamedNode(terms.ID + "person/x")
    return [
        Quad(ph("Person"), TYPE, NamedNode(terms.OWL + "Class"), ontology),
        Quad(someone, TYPE, ph("Person")),
        *(Quad(someone, ph("note"), Literal(note)) for note in notes),
    ]


@pytest.mark.parametrize(
    ("notes", "delimiter"), [(("a", "b"), ";"), (("a", "b;c"), "|"), (("a", "b;c|d"), "U+001F"), (("a;|\x1f",), ";")]
)
def test_the_delimiter_of_lists_stands_in_no_member(notes: tuple[str, ...], delimiter: str, write: Writer) -> None:
    files = write("neo4j-csv", person(*notes))[0]
    lines = files["arguments.txt"].splitlines()
    assert lines[2] == f"--array-delimiter={delimiter}"
    assert "--multiline-fields=true" not in lines


def test_refuses_lists_that_nothing_can_part(write: Writer) -> None:
    with pytest.raises(CannotError, match="every delimiter"):
        write("neo4j-csv", person("a", "b;c|d\x1f"))
