"""CSV for Amazon Neptune, read by a reader that is as strict as the rules of its loader.

No Neptune can be started here, so the rules stand in this reader. They are those of the Neptune User
Guide, "Gremlin load data format" and "Load format for openCypher data", named where they are applied.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from postholder.export.neptune import NEPTUNE_GREMLIN, NEPTUNE_OPENCYPHER

if TYPE_CHECKING:
    from tests.export.conftest import Writer

    from postholder.api import KnowledgeGraph
    from postholder.export.property_graph import PropertyGraph
    from postholder.export.values import Value

FORMS = ("neptune-gremlin", "neptune-opencypher")
SYSTEM = {
    "neptune-gremlin": ({"~id", "~label"}, {"~id", "~from", "~to", "~label"}),
    "neptune-opencypher": ({":ID", ":LABEL"}, {":ID", ":START_ID", ":END_ID", ":TYPE"}),
}
DATES = {"neptune-gremlin": "Date", "neptune-opencypher": "DateTime"}


class Refused(Exception):  # noqa: N818 - what the loader does
    """What breaks a rule of the loader."""


def table(text: str) -> list[list[str | None]]:
    """Read CSV (RFC 4180): what holds a comma, a quote or a line break is quoted; a blank field is None."""
    rows: list[list[str | None]] = []
    at = 0
    row: list[str | None] = []
    while at < len(text):
        if text[at] == '"':
            found = re.compile(r'"((?:[^"]|"")*)"').match(text, at)
            if not found:
                raise Refused("a quote is not closed")
            row.append(found[1].replace('""', '"'))
            at = found.end()
        else:
            end = next((i for i in range(at, len(text)) if text[i] in ',\n"\r'), len(text))
            row.append(text[at:end] or None)
            at = end
        if text[at : at + 1] not in {",", "\n"}:
            raise Refused("a field with a quote or a line break is not in quotes")
        if text[at] == "\n":
            rows.append(row)
            row = []
        elif text[at + 1 : at + 2] == "\n":
            row.append(None)
            rows.append(row)
            row, at = [], at + 1
        at += 1
    if row or not rows:
        raise Refused("the last line is not closed")
    return rows


def scalar(kind: str, cell: str, form: str) -> Value:
    """Read a value: "Data types" of each form, as far as we write them."""
    if kind == "String":
        return cell
    if kind == "Bool":
        return {"true": True, "false": False}[cell]
    if kind == "Long":
        number = int(cell)
        if not -(2**63) <= number < 2**63:
            raise Refused(f"{cell} is out of range")
        return number
    if kind == "Double":
        return float(cell)
    if kind == DATES[form] and re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return date.fromisoformat(cell)
    raise Refused(f"{kind} is no type of this form or {cell!r} none of its values")


@dataclass
class Loaded:
    """What a loader makes of the files."""

    form: str
    nodes: dict[str, tuple[list[str], dict[str, Any]]] = field(default_factory=dict)
    edges: dict[str, tuple[str, str, str, dict[str, Any]]] = field(default_factory=dict)

    def column(self, header: str, *, of_node: bool) -> tuple[str, str, bool]:
        """Read a header: `name:type`, in the Gremlin form with a cardinality or `[]`, which edges cannot have."""
        found = re.fullmatch(r"([A-Za-z][A-Za-z0-9_]*):([A-Za-z]+)(\(single\)|\(set\))?(\[\])?", header)
        if not found:
            raise Refused(f"{header!r} is no column")
        name, kind, cardinality, array = found.groups()
        if (cardinality or array) and (self.form != "neptune-gremlin" or not of_node):
            raise Refused(f"{header!r}: only nodes of the Gremlin form have cardinalities and arrays")
        if cardinality == "(single)" and array:
            raise Refused(f"{header!r} contradicts itself")
        return name, kind, bool(array)

    def load(self, text: str) -> None:
        """Load a file; the header tells whether it is one of nodes or of edges."""
        (head, *rows), (node, edge) = table(text), SYSTEM[self.form]
        header = [h or "" for h in head]
        system = {h for h in header if h in node | edge}
        if len(header) != len(set(header)) or system not in (node, edge):
            raise Refused(f"wrong system columns: {header}")
        columns = {h: self.column(h, of_node=system == node) for h in header if h not in system}
        if len({name for name, *_ in columns.values()}) < len(columns):
            raise Refused("a property has two columns")
        for row in rows:
            if len(row) != len(header):
                raise Refused(f"{len(row)} fields under {len(header)} columns")
            cells = dict(zip(header, row, strict=True))
            required = [cells[h] for h in system]
            if not all(required):
                raise Refused("a required field is blank")
            values = {n: self.value(k, cells[h], array=a) for h, (n, k, a) in columns.items() if cells[h] is not None}
            self.keep(cells, values, of_node=system == node)

    def value(self, kind: str, cell: str | None, *, array: bool) -> Any:
        """Read a field; in an array `;` parts unless a backslash stands before it."""
        assert cell is not None
        if not array:
            return scalar(kind, cell, self.form)
        return {m.replace("\\;", ";") for m in re.split(r"(?<!\\);", cell)}

    def keep(self, cells: dict[str, str | None], values: dict[str, Any], *, of_node: bool) -> None:
        """Keep a row; ids are unique."""
        gremlin = self.form == "neptune-gremlin"
        identifier = cells["~id" if gremlin else ":ID"] or ""
        label = cells["~label" if gremlin else (":LABEL" if of_node else ":TYPE")] or ""
        if identifier in self.nodes or identifier in self.edges:
            raise Refused(f"{identifier} occurs twice")
        if of_node:
            self.nodes[identifier] = (label.split(";"), values)
        else:
            ends = [cells[h] or "" for h in (("~from", "~to") if gremlin else (":START_ID", ":END_ID"))]
            self.edges[identifier] = (label, ends[0], ends[1], values)


def load(form: str, files: dict[str, str]) -> Loaded:
    loaded = Loaded(form)
    assert len(files) > 10
    for text in files.values():
        loaded.load(text)
    ends = {end for _, start, stop, _ in loaded.edges.values() for end in (start, stop)}
    if not ends <= set(loaded.nodes):
        raise Refused("an edge ends nowhere")
    return loaded


def guarded(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def in_form(form: str, value: Value, *, of_node: bool) -> Any:
    """Return a value as the listed losses leave it."""
    if not isinstance(value, list):
        return guarded(value)
    if form == "neptune-gremlin" and of_node:
        return {re.sub(r"\\(?=;|$)", "\uff3c", member) for member in value}
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("which", ["shipped", "tiny"])
def test_the_loader_finds_the_graph_but_for_the_listed_losses(
    form: str,
    which: str,
    write: Writer,
    shipped: KnowledgeGraph,
    tiny_graph: PropertyGraph,
    graph_of_shipped: PropertyGraph,
) -> None:
    files, account = write(form, shipped.quads if which == "shipped" else None)
    graph = graph_of_shipped if which == "shipped" else tiny_graph
    loaded = load(form, files)
    assert account.counts == {"nodes": len(loaded.nodes), "edges": len(loaded.edges)}
    assert loaded.nodes == {
        n.id: (
            list(n.labels),
            {k: in_form(form, v, of_node=True) for k, v in n.properties.items() if k != "id"},
        )
        for n in graph.nodes()
    }
    assert loaded.edges == {
        str(e.properties["key"]): (
            e.type,
            e.source[1],
            e.target[1],
            {k: in_form(form, v, of_node=False) for k, v in e.properties.items() if k != "key"},
        )
        for e in graph.edges()
    }


def test_losses_are_counted(write: Writer, tiny_graph: PropertyGraph) -> None:
    nodes = [v for n in tiny_graph.nodes() for v in n.properties.values()]
    edges = [v for e in tiny_graph.edges() for v in e.properties.values()]
    days = sum(isinstance(v, date) for v in (*nodes, *edges))
    lists = [sum(isinstance(v, list) for v in values) for values in (nodes, edges)]
    gremlin = {loss.id: loss.count for loss in write("neptune-gremlin")[1].losses}
    assert (gremlin["days"], gremlin["lists"], gremlin["guarded"]) == (days, lists[1], 1)
    assert gremlin["sets"] == sum(isinstance(v, list) and len(v) > 1 for v in nodes)
    assert gremlin["backslashes"] == 2
    opencypher = {loss.id: loss.count for loss in write("neptune-opencypher")[1].losses}
    assert (opencypher["days"], opencypher["lists"], opencypher["guarded"]) == (days, sum(lists), 1)
    assert min(days, *lists) > 0
    assert set(gremlin) == {loss.id for loss in NEPTUNE_GREMLIN.losses}
    assert set(opencypher) == {loss.id for loss in NEPTUNE_OPENCYPHER.losses}


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("neptune-gremlin", "~id,~label,~label\na,A,A\n"),
        ("neptune-gremlin", "~ID,~label\na,A\n"),
        ("neptune-gremlin", "~id,~label,x:Text\na,A,1\n"),
        ("neptune-gremlin", "~id,~label,x y:String\na,A,1\n"),
        ("neptune-gremlin", "~id,~label,x:String(single)[]\na,A,1\n"),
        ("neptune-gremlin", "~id,~from,~to,~label,x:String[]\ne,a,a,R,1\n"),
        ("neptune-gremlin", "~id,~label,x:Long\na,A,9223372036854775808\n"),
        ("neptune-gremlin", "~id,~label\na,A\na,A\n"),
        ("neptune-gremlin", "~id,~label\na\n"),
        ("neptune-gremlin", "~id,~label\n,A\n"),
        ("neptune-gremlin", '~id,~label,x:String\na,A,b"c\n'),
        ("neptune-gremlin", '~id,~label,x:String\na,A,"b\n'),
        ("neptune-gremlin", "~id,~label,x:DateTime\na,A,2020-01-01\n"),
        ("neptune-opencypher", ":ID,:LABEL,x:Date\na,A,2020\n"),
        ("neptune-opencypher", ":ID,:LABEL,x:String[]\na,A,b\n"),
        ("neptune-opencypher", ":ID,:LABEL,x:String,x:Bool\na,A,b,true\n"),
    ],
)
def test_the_reader_refuses(form: str, text: str) -> None:
    with pytest.raises(Refused):
        Loaded(form).load(text)


def test_an_empty_text_is_not_a_blank_field() -> None:
    loaded = Loaded("neptune-gremlin")
    loaded.load('~id,x:String(single),y:String[],z:Date(single),~label\na,"","b\\;c;d",2020-01-01,A;B\nc,,,,A\n')
    assert loaded.nodes == {
        "a": (["A", "B"], {"x": "", "y": {"b;c", "d"}, "z": date(2020, 1, 1)}),
        "c": (["A"], {}),
    }
