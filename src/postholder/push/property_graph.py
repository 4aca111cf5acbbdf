"""Push the property graph over Bolt: merge by label and id, then delete what this push did not write.

A node with the label `_PostholderPush` says whether the load is whole. Every node and edge of ours has
the name of its graph and of the push that wrote it, a digest of all that was pushed; nothing without
these marks is changed.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter, defaultdict
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Any

from postholder.errors import ServerError, WouldOverwriteError
from postholder.export.base import batches
from postholder.push import statements as say
from postholder.push.base import LOADING, WHOLE, PushResult
from postholder.push.bolt import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postholder.export.property_graph import Edge, Node, PropertyGraph
    from postholder.push.base import Progress
    from postholder.push.bolt import Bolt

_ROWS = 1_000
"""Rows of one statement: a transaction that every server holds in memory."""
_MOST = 10_000
"""Nodes or edges deleted in one transaction."""
_AGAIN = "push again to finish the work"


class _Plan:
    """What is to be in the database: names, counts, and a digest of every node and edge."""

    def __init__(self, graph: PropertyGraph, progress: Progress) -> None:
        self.total = 0
        self.primary: set[str] = set()
        self.nodes: Counter[str] = Counter()
        """How many nodes have each label, first or not."""
        self.edges: Counter[str] = Counter()
        self.columns: dict[str, set[str]] = defaultdict(set)
        digest = sha256()
        for node in graph.nodes():
            self.total += 1
            self.primary.add(node.labels[0])
            self.nodes.update(node.labels)
            self.columns[node.labels[0]] |= set(node.properties)
            digest.update(_line(node.labels, node.id, node.properties))
        for edge in graph.edges():
            self.edges[edge.type] += 1
            digest.update(_line(edge.type, edge.source, edge.target, edge.properties))
        self.digest = digest.hexdigest()
        progress("planning", 1, 1)


def _line(*parts: object) -> bytes:
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str).encode() + b"\n"


class _Push:
    """One push of one graph to one database."""

    def __init__(self, server: Bolt, graph: PropertyGraph, name: str, progress: Progress) -> None:
        self._server = server
        self._graph = graph
        self._name = name
        self._progress = progress
        self.plan = _Plan(graph, progress)
        found = server.rows(say.READ_STATE, graph=name)
        self._earlier: dict[str, Any] = dict(found[0]["state"]) if found else {}
        known: set[str] = set(self._earlier.get("columns", []))
        self._columns: dict[str, set[str]] = defaultdict(set)
        for entry in known | {f"{label}.{c}" for label, cs in self.plan.columns.items() for c in cs}:
            label, _, column = entry.partition(".")
            self._columns[label].add(column)
        self._primary = {*self._earlier.get("primary", []), *self.plan.primary}
        self._labels = {*self._earlier.get("labels", []), *self.plan.nodes}
        self._types = {*self._earlier.get("types", []), *self.plan.edges}
        self._marks = {"graph": name, "push": self.plan.digest}

    def is_there(self) -> bool:
        """Tell whether the database holds all of it already, whole."""
        same = self._earlier.get("state") == WHOLE and self._earlier.get("digest") == self.plan.digest
        return same and self._is_complete()

    def _is_complete(self) -> bool:
        nodes = {x: number(self._server.rows(say.count_nodes(x), **self._marks)) for x in sorted(self.plan.nodes)}
        edges = {x: number(self._server.rows(say.count_edges(x), **self._marks)) for x in sorted(self.plan.edges)}
        return nodes == self.plan.nodes and edges == self.plan.edges

    def run(self) -> dict[str, int]:
        """Write all, delete the rest, check, and say that it is whole; return the counts."""
        run = secrets.token_hex(8)
        for label in (say.STATE, *sorted(self.plan.primary)):
            self._constrain(label)
        known = {
            "primary": sorted(self._primary),
            "labels": sorted(self._labels),
            "types": sorted(self._types),
            "columns": sorted(f"{label}.{c}" for label, cs in self._columns.items() for c in cs),
        }
        loading = {"state": LOADING, "run": run, "digest": "", **known}
        self._server.rows(say.WRITE_STATE, graph=self._name, state=loading)
        self._write_nodes()
        self._write_edges()
        gone = sum(self._delete(say.old_edges(kind)) for kind in sorted(self._types))
        left = sum(self._delete(say.old_nodes(label)) for label in sorted(self._primary))
        kept = sum(number(self._server.rows(say.mark_kept(x), **self._marks)) for x in sorted(self._primary))
        self._progress("checking", 0, 1)
        if not self._is_complete():
            raise ServerError(
                "the database does not hold what was written: others change it under way",
                hint=f"see what else writes there; {_AGAIN}",
            )
        whole = {
            "state": WHOLE,
            "run": "",
            "digest": self.plan.digest,
            "nodes": self.plan.total,
            "edges": self.plan.edges.total(),
        }
        if number(self._server.rows(say.FINISH_STATE, graph=self._name, run=run, state=whole)) != 1:
            raise ServerError(
                "another push of the same name has begun meanwhile",
                hint=f"let one run at a time; {_AGAIN}",
            )
        self._progress("checking", 1, 1)
        return {"deleted nodes": left, "deleted edges": gone, "retracted nodes kept": kept}

    def _constrain(self, label: str) -> None:
        try:
            self._server.schema(say.constraint(label))
        except ServerError as error:
            raise ServerError(
                f"the ids of label {label} cannot be made unique: {error.message}",
                hint="if others use the label with the same ids, push to a database of its own (--database)",
            ) from error

    def _write_nodes(self) -> None:
        done, total = 0, self.plan.total
        for labels, nodes in groupby(self._graph.nodes(), key=lambda n: n.labels):
            texts = say.merge_nodes(labels)
            for batch in batches(nodes, _ROWS):
                self._relabel(labels, batch)
                rows = [{"id": n.id, "properties": self._properties(n)} for n in batch]
                found = self._server.together(texts, {"rows": rows, **self._marks}, len(rows))
                if number(found) != len(rows):
                    raise WouldOverwriteError(
                        f"{len(rows) - number(found)} of {len(rows)} nodes with label {labels[0]} from "
                        f"{batch[0].id} on are there already and are not of this push",
                        hint="push to a database of its own (--database), or delete the others first",
                    )
                done += len(rows)
                self._progress("nodes", done, total)

    def _properties(self, node: Node) -> dict[str, Any]:
        """Return the properties of a node, with nothing for those it had once and no longer has."""
        gone = dict.fromkeys(self._columns[node.labels[0]] - set(node.properties) | {say.KEPT})
        return {**gone, **node.properties}

    def _relabel(self, labels: tuple[str, ...], batch: list[Node]) -> None:
        """See that nodes which are there have the labels they should have, before they are written.

        They are deleted, to be made anew: ArcadeDB takes a node that got another label for two. One that
        edges of others hang on gets its labels in place.
        """
        if not self._earlier:
            return
        known: dict[str, Any] = {"known": sorted(self._labels), "labels": list(labels), "graph": self._name}
        ids = [{"id": n.id} for n in batch]
        for label in labels:  # a node may be there without the label that is first now
            rows = self._server.rows(say.misfits(label), rows=ids, **known)
            if not rows:
                continue
            self._server.together(say.remove_nodes(label), {"rows": rows, **known})
            self._server.rows(say.add_labels(label, labels), rows=rows, **known)
            for found in self._server.rows(say.extra_labels(label), rows=rows, **known):
                self._server.rows(say.remove_label(label, found["label"]), rows=rows, **known)

    def _write_edges(self) -> None:
        done, total = 0, self.plan.edges.total()
        ends = groupby(self._graph.edges(), key=lambda e: (e.type, e.source[0], e.target[0]))
        for (kind, source, target), edges in ends:
            text = say.merge_edges(kind, source, target)
            for rows in batches(_edge_rows(edges), _ROWS):
                found = self._server.together([text], {"rows": rows, **self._marks}, len(rows))
                if number(found) != len(rows):
                    raise ServerError(
                        f"{len(rows) - number(found)} edges {kind} from {source} to {target} cannot be written: "
                        "their ends were removed meanwhile, or the edges are of others",
                        hint=f"see what else writes there; {_AGAIN}",
                    )
                done += len(rows)
                self._progress("edges", done, total)

    def _delete(self, text: str) -> int:
        """Delete in parts until nothing is left; return how many."""
        gone = 0
        while some := number(self._server.rows(text, most=_MOST, **self._marks)):
            gone += some
            self._progress("deleting", gone, gone)
        return gone


def _edge_rows(edges: Iterable[Edge]) -> Iterator[dict[str, Any]]:
    for e in edges:
        yield {
            "source": e.source[1],
            "target": e.target[1],
            "key": e.properties["key"],
            "properties": dict(e.properties),
        }


def push(server: Bolt, target: str, graph: PropertyGraph, name: str, progress: Progress) -> PushResult:
    """Make the database hold this graph and nothing of an earlier push of the same name.

    Raises WouldOverwriteError when a node of the same label and id is of others, and ServerError when
    the database does not do what it is asked.
    """
    task = _Push(server, graph, name, progress)
    counts = {"nodes": task.plan.total, "edges": task.plan.edges.total()}
    losses = graph.losses()
    if task.is_there():
        return PushResult(target, changed=False, counts=counts, losses=losses)
    done = task.run()
    kept = done.pop("retracted nodes kept")
    notes = (f"{kept} retracted nodes stay, since edges of others hang on them",) if kept else ()
    return PushResult(target, changed=True, counts=counts | done, losses=losses, notes=notes)
