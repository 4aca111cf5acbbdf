r"""CSV files for the bulk loader of Amazon Neptune, in its Gremlin form and in its openCypher form.

The rules are those of the Neptune User Guide, "Gremlin load data format" and "Load format for
openCypher data". In the Gremlin form a node's property can have a set of values, parted by `;`, and
`\;` stands for one that does not part; a relationship's property has one value. In the openCypher
form no property has several. A list that the form has no room for stands as JSON text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import chain, groupby
from typing import TYPE_CHECKING

from postholder.export.accounting import LOSSES
from postholder.export.base import Account, Format, Loss, Source, Target, counted, counting
from postholder.export.cells import GUARDED, Cells, in_blocks
from postholder.export.property_graph import PropertyGraph
from postholder.export.values import BOOLEAN, DATE, DOUBLE, LONG, STRING, STRINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from postholder.export.property_graph import Edge, Node
    from postholder.export.values import Value

_TYPES = {STRING: "String", LONG: "Long", DOUBLE: "Double", BOOLEAN: "Bool", STRINGS: "String"}
_STRAY = re.compile(r"\\(?=;|$)")  # a backslash that would take the next `;` for its own
_DAYS = Loss(
    "days",
    "that a date is a day: the database keeps midnight, UTC, of that day",
    "compare with `datetime`, or export neo4j-csv, cypher or parquet",
)
_LISTS = Loss(
    "lists",
    "that a list is one, where a property can have a single value: it stands as JSON text",
    "look for a member with its quotes in the text, or export neo4j-csv, cypher or parquet",
)
_SETS = Loss(
    "sets",
    "the order of lists on nodes: the database keeps their members as a set",
    "export neo4j-csv, cypher or parquet",
)
_BACKSLASHES = Loss(
    "backslashes",
    "a backslash at the end of a member of a list, or before a semicolon in it: U+FF3C stands in its place",
    "export neo4j-csv, cypher or parquet",
)


def _json(value: list[str]) -> str:
    return json.dumps(value, ensure_ascii=False)


@dataclass
class _Members:
    """Joins the members of a set and counts what it had to change."""

    replaced: int = 0

    def joined(self, value: list[str]) -> str:
        """Return the members with `;` between them."""
        clean = [_STRAY.subn("\uff3c", member) for member in value]
        self.replaced += sum(number for _, number in clean)
        return ";".join(member.replace(";", "\\;") for member, _ in clean)


@dataclass(frozen=True)
class _Form:
    """How one of the two forms calls its columns; `sets` tells whether a node's property can have several values."""

    node: tuple[str, str]
    edge: tuple[str, str, str, str]
    date: str
    single: str
    sets: bool

    def column(self, key: str, kind: str, *, of_node: bool) -> str:
        """Return the header of a property."""
        if kind == STRINGS and of_node and self.sets:
            return f"{key}:String[]"
        name = self.date if kind == DATE else _TYPES[kind]
        return f"{key}:{name}{self.single if of_node else ''}"


_GREMLIN = _Form(("~id", "~label"), ("~id", "~from", "~to", "~label"), "Date", "(single)", sets=True)
_OPENCYPHER = _Form((":ID", ":LABEL"), (":ID", ":START_ID", ":END_ID", ":TYPE"), "DateTime", "", sets=False)


@dataclass
class _Writer:
    """Writes one export in a form."""

    graph: PropertyGraph
    form: _Form
    counts: dict[str, int] = field(default_factory=lambda: {"nodes": 0, "edges": 0})
    members: _Members = field(default_factory=_Members)
    met: dict[str, int] = field(default_factory=lambda: {"days": 0, "lists": 0, "sets": 0})

    def __post_init__(self) -> None:
        self.node_cells = Cells(self.members.joined if self.form.sets else _json)
        self.edge_cells = Cells(_json)

    def _noted(self, value: Value | None, kind: str, *, of_node: bool) -> Value | None:
        """Count what the form loses of a value, and return it."""
        if value is not None and kind == DATE:
            self.met["days"] += 1
        if isinstance(value, list):
            if not (of_node and self.form.sets):
                self.met["lists"] += 1
            elif len(value) > 1:
                self.met["sets"] += 1
        return value

    def _values(self, found: Mapping[str, Value], columns: Mapping[str, str], *, of_node: bool) -> list[Value | None]:
        return [self._noted(found.get(key), kind, of_node=of_node) for key, kind in columns.items()]

    def nodes(self, columns: Mapping[str, str], nodes: Iterable[Node]) -> Iterator[str]:
        """Yield the lines of the nodes of one label; the id is a column of the form's own."""
        rest = {key: kind for key, kind in columns.items() if key != "id"}
        yield ",".join([*self.form.node, *(self.form.column(k, t, of_node=True) for k, t in rest.items())]) + "\n"
        for node in counting(nodes, self.counts, "nodes"):
            values = self._values(node.properties, rest, of_node=True)
            yield self.node_cells.row([node.id, ";".join(node.labels), *values])

    def edges(self, columns: Mapping[str, str], edges: Iterable[Edge]) -> Iterator[str]:
        """Yield the lines of the relationships of one type; the key is their id."""
        rest = {key: kind for key, kind in columns.items() if key != "key"}
        yield ",".join([*self.form.edge, *(self.form.column(k, t, of_node=False) for k, t in rest.items())]) + "\n"
        for edge in counting(edges, self.counts, "edges"):
            values = self._values(edge.properties, rest, of_node=False)
            own = [edge.properties["key"], edge.source[1], edge.target[1], edge.type]
            yield self.edge_cells.row(chain(own, values))


def _write(form: _Form, source: Source, target: Target) -> Account:
    writer = _Writer(PropertyGraph(source), form)
    graph = writer.graph
    for label, nodes in groupby(graph.nodes(), key=lambda n: n.labels[0]):
        target.put(f"nodes-{label}.csv", in_blocks(writer.nodes(graph.columns[label], nodes)))
    for kind, edges in groupby(graph.edges(), key=lambda e: e.type):
        target.put(f"relationships-{kind}.csv", in_blocks(writer.edges(graph.edge_columns[kind], edges)))
    guarded = writer.node_cells.guarded + writer.edge_cells.guarded
    losses = counted(
        *((loss, writer.met[loss.id]) for loss in (_DAYS, _LISTS, _SETS)),
        (_BACKSLASHES, writer.members.replaced),
        (GUARDED, guarded),
    )
    return Account(writer.counts, (*graph.losses(), *losses), graph.names)


NEPTUNE_GREMLIN = Format(
    "neptune-gremlin",
    "folder of CSV files for Amazon Neptune, Gremlin",
    lambda source, target: _write(_GREMLIN, source, target),
    (*LOSSES, _DAYS, _LISTS, _SETS, _BACKSLASHES, GUARDED),
    folder=True,
)
NEPTUNE_OPENCYPHER = Format(
    "neptune-opencypher",
    "folder of CSV files for Amazon Neptune, openCypher",
    lambda source, target: _write(_OPENCYPHER, source, target),
    (*LOSSES, _DAYS, _LISTS, GUARDED),
    folder=True,
)
