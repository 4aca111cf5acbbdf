"""A property-graph database in memory that understands the statements of a push and nothing else.

It stands in for a server where none is installed: what is tested on it is the order and the care of the
push. That real servers understand the statements is tested on real servers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from postholder.errors import ServerError
from postholder.push import statements as say

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(eq=False)
class Thing:
    """A node."""

    labels: set[str]
    properties: dict[str, Any]


@dataclass(eq=False)
class Link:
    """An edge."""

    type: str
    source: Thing
    target: Thing
    properties: dict[str, Any]


def _names(text: str) -> list[str]:
    return re.findall(r":`(\w+)`", text)


@dataclass
class Memory:
    """The database; `breaks` counts down to a broken connection."""

    nodes: list[Thing] = field(default_factory=list)
    edges: list[Link] = field(default_factory=list)
    constraints: set[str] = field(default_factory=set)
    breaks: int = -1
    writes: int = 0
    closed: bool = False

    def find(self, label: str, key: str) -> list[Thing]:
        """Return the nodes of a label with an id."""
        return [n for n in self.nodes if label in n.labels and n.properties.get("id") == key]

    def close(self) -> None:
        """Close the database."""
        self.closed = True

    def _tick(self) -> None:
        if self.breaks == 0:
            raise ServerError("the connection broke")
        self.breaks -= 1

    def schema(self, text: str) -> None:
        """Make a constraint."""
        self._tick()
        (label,) = re.findall(r"FOR \(n:`(\w+)`\)", text)
        ids = [n.properties["id"] for n in self.nodes if label in n.labels and "id" in n.properties]
        if len(ids) != len(set(ids)):
            raise ServerError("there are duplicates")
        self.constraints.add(label)

    def rows(self, text: str, /, **given: Any) -> list[dict[str, Any]]:
        """Run one statement."""
        return self.together([text], given)

    def together(self, texts: Sequence[str], given: dict[str, Any], expect: int | None = None) -> list[dict[str, Any]]:
        """Run statements; nothing of them is kept if the last does not do what is expected."""
        self._tick()
        before = [(n, set(n.labels), dict(n.properties)) for n in self.nodes], list(self.edges)
        found: list[dict[str, Any]] = []
        for text in texts:
            found = self._run(text, given)
        if expect is not None and next(iter(found[0].values())) != expect:
            self.nodes = [n for n, _, _ in before[0]]
            for node, labels, properties in before[0]:
                node.labels, node.properties = labels, properties
            self.edges = before[1]
        return found

    def _run(self, text: str, given: dict[str, Any]) -> list[dict[str, Any]]:
        if text == say.READ_STATE:
            return [{"state": dict(n.properties)} for n in self.find(say.STATE, given["graph"])]
        if text == say.WRITE_STATE:
            self.writes += 1
            if not self.find(say.STATE, given["graph"]):
                self.nodes.append(Thing({say.STATE}, {"id": given["graph"]}))
            self.find(say.STATE, given["graph"])[0].properties |= given["state"]
            return []
        if text == say.FINISH_STATE:
            states = [n for n in self.find(say.STATE, given["graph"]) if n.properties.get("run") == given["run"]]
            for state in states:
                state.properties |= given["state"]
            return [{"found": len(states)}]
        if "-[r:" in text and "MERGE" in text:
            return self._merge_edges(text, given)
        if "-[r:" in text:
            return self._edges(text, given)
        if "-[r]-" in text:
            (label,) = _names(text)
            ours = [n for row in given["rows"] for n in self.find(label, row["id"])]
            mine = [e for e in self.edges if e.properties.get(say.GRAPH) == given["graph"]]
            self.edges = [e for e in self.edges if e not in mine or not {e.source, e.target} & set(ours)]
            return []
        return self._nodes(text, given)

    def _edges(self, text: str, given: dict[str, Any]) -> list[dict[str, Any]]:
        (kind,) = re.findall(r"\[r:`(\w+)`", text)
        ours = [e for e in self.edges if e.type == kind and e.properties.get(say.GRAPH) == given["graph"]]
        if "DELETE r" not in text:
            return [{"found": len([e for e in ours if e.properties[say.PUSH] == given["push"]])}]
        gone = [e for e in ours if e.properties[say.PUSH] != given["push"]][: given["most"]]
        self.edges = [e for e in self.edges if e not in gone]
        return [{"deleted": len(gone)}]

    def _merge_edges(self, text: str, given: dict[str, Any]) -> list[dict[str, Any]]:
        source, target, kind = _names(text)
        written = 0
        for row in given["rows"]:
            for a in self.find(source, row["source"]):
                for b in self.find(target, row["target"]):
                    key = (kind, a, b, row["key"])
                    same = [e for e in self.edges if (e.type, e.source, e.target, e.properties.get("key")) == key]
                    if not same:
                        same = [Link(kind, a, b, {"key": row["key"], say.GRAPH: given["graph"]})]
                        self.edges += same
                    if same[0].properties.get(say.GRAPH) == given["graph"]:
                        marks = {say.GRAPH: given["graph"], say.PUSH: given["push"]}
                        same[0].properties = {**row["properties"], **marks}
                        written += 1
        return [{"written": written}]

    def _ours(self, label: str, given: dict[str, Any]) -> list[Thing]:
        return [n for n in self.nodes if label in n.labels and n.properties.get(say.GRAPH) == given["graph"]]

    def _nodes(self, text: str, given: dict[str, Any]) -> list[dict[str, Any]]:
        label, *others = _names(text)
        if "rows" not in given:
            return self._whole(text, label, given)
        found = [n for row in given["rows"] for n in self.find(label, row["id"])]
        ours = [n for n in found if n.properties.get(say.GRAPH) == given["graph"]]
        if "UNWIND labels(n)" in text:
            extra = {x for n in ours for x in n.labels if x in given["known"] and x not in given["labels"]}
            return [{"label": x} for x in sorted(extra)]
        if "REMOVE n:" in text:
            for node in ours:
                node.labels.discard(others[0])
        elif "any(x IN" in text:
            wrong = [n for n in ours if {x for x in n.labels if x in given["known"]} != set(given["labels"])]
            return [{"id": n.properties["id"]} for n in wrong]
        elif "SET n:" in text:
            for node in ours:
                node.labels |= set(others)
        elif "DELETE n" in text:
            tied = {id(n) for e in self.edges for n in (e.source, e.target)}
            self.nodes = [n for n in self.nodes if n not in ours or id(n) in tied]
        elif "MERGE" in text or "CREATE" in text:
            for row in given["rows"]:
                if not self.find(label, row["id"]):
                    self.nodes.append(Thing({label, *others}, {"id": row["id"], say.GRAPH: given["graph"]}))
        return self._set(label, given) if "SET n +=" in text else []

    def _set(self, label: str, given: dict[str, Any]) -> list[dict[str, Any]]:
        written = 0
        for row in given["rows"]:
            for node in self.find(label, row["id"]):
                if node.properties.get(say.GRAPH) == given["graph"]:
                    now = node.properties | row["properties"] | {say.PUSH: given["push"]}
                    node.properties = {k: v for k, v in now.items() if v is not None}
                    written += 1
        return [{"written": written}]

    def _whole(self, text: str, label: str, given: dict[str, Any]) -> list[dict[str, Any]]:
        ours = self._ours(label, given)
        if "AS found" in text:
            return [{"found": len([n for n in ours if n.properties.get(say.PUSH) == given["push"]])}]
        old = [n for n in ours if n.properties.get(say.PUSH) != given["push"]]
        if "AS kept" in text:
            for node in old:
                node.properties[say.KEPT] = True
            return [{"kept": len(old)}]
        tied = {id(n) for e in self.edges for n in (e.source, e.target)}
        gone = [n for n in old if id(n) not in tied][: given["most"]]
        self.nodes = [n for n in self.nodes if n not in gone]
        return [{"deleted": len(gone)}]
