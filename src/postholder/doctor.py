"""What is installed, what was built, and what no rule handles."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from postholder.closure.handling import handling
from postholder.closure.profile import logical
from postholder.terms import VERSION
from postholder.text import printable

if TYPE_CHECKING:
    from postholder.api import KnowledgeGraph

_PARTS = ("rdflib", "owlrl", "pyshacl", "pyoxigraph", "pyyaml")
_OPTIONAL = ("duckdb", "neo4j", "pandas", "pyarrow")


@dataclass(frozen=True)
class Diagnosis:
    """Lines for people, and whether everything works."""

    lines: tuple[str, ...]
    healthy: bool

    def __str__(self) -> str:
        """Return the lines as text."""
        return "\n".join(self.lines)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed (optional)" if name in _OPTIONAL else "MISSING"


def _files(graph: KnowledgeGraph) -> str:
    inputs = graph.inputs
    groups = (inputs.vocabulary, inputs.shapes, inputs.facts, inputs.skipped)
    return ", ".join(f"{len(g)} {n}" for g, n in zip(groups, ("vocabulary", "shapes", "facts", "skipped"), strict=True))


def _clash(clash: dict[str, Any]) -> list[str]:
    reading = f" (if {clash['reading']})" if clash["reading"] else ""
    stated = clash.get("culprits") or clash["stated"]
    return [f"    {clash['clash']}{reading}", *(f"      stated: {printable(line)}" for line in stated)]


def examine(graph: KnowledgeGraph, *, axioms: bool = False) -> Diagnosis:
    """Look at the installation and at one graph; with `axioms` tell of each axiom which rule handles it."""
    manifest = graph.manifest
    installed = {name: _version(name) for name in (*_PARTS, *_OPTIONAL)}
    handled = handling(logical(graph.inputs.ontology))
    unhandled, clashes = manifest["unhandled axioms"], manifest["clashes"]
    lines = [
        f"postholder {VERSION}, Python {sys.version.split()[0]} on {platform.system()}",
        *(f"  {name}: {found}" for name, found in installed.items()),
        f"inputs: {_files(graph)}",
        *(f"  skipped {name}: {reason}" for name, reason in graph.inputs.skipped),
        f"closure: {manifest['engine']['name']} {manifest['engine']['version']}",
        f"  rules: {', '.join(manifest['rules'])}",
        f"  axioms that no rule handles: {len(unhandled)}",
        *(f"    {u['subject']}: {u['construct']}: {u['reason']}" for u in unhandled),
        *(f"  {line}" for line in handled.summary()),
        *(handled.details() if axioms else ()),
        f"  clashes: {len(clashes)}",
        *(line for c in clashes for line in _clash(c)),
        "graph: " + ", ".join(f"{count} {name}" for name, count in manifest["counts"].items()),
        f"kept in: {graph.kept_in}",
    ]
    healthy = "MISSING" not in installed.values() and not unhandled and not handled.left and not clashes
    return Diagnosis((*lines, "all well" if healthy else "SEE ABOVE"), healthy)
