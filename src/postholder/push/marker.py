"""What a server knows of a push: a small graph that says whether the load is whole, and which graphs are ours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from postholder import terms
from postholder.errors import ServerError
from postholder.export.base import batches
from postholder.push.endpoint import insert
from postholder.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from postholder.push.endpoint import Endpoint

_TERMS = f"{terms.BASE}push#"
STATE, RUN, VERSION, HOLDS, STAGING = (f"{_TERMS}{name}" for name in ("state", "run", "version", "holds", "staging"))
_HELD = re.compile(r"([0-9]{1,15}) ([0-9a-f]{64})")
_PART = 1_000
"""Entries of one statement; some servers bound its length."""


@dataclass(frozen=True)
class Held:
    """How many triples a graph holds on the server, and the digest of what was sent."""

    triples: int
    digest: str


@dataclass(frozen=True)
class Marker:
    """The state of a load; `graphs` are all that are ours, with None for one that may be half-written."""

    state: str
    run: str = ""
    graphs: Mapping[str, Held | None] = field(default_factory=dict)
    staging: tuple[str, ...] = ()


def iri(name: str) -> str:
    """Return the graph that holds the marker of a push."""
    return f"{terms.ID}push/{name}"


def read(server: Endpoint, name: str) -> Marker | None:
    """Return what the server knows of a push, or None.

    Raises ServerError if the marker names something that is no graph: then it is of others.
    """
    rows = server.select(f"SELECT ?s ?p ?o {{ GRAPH <{iri(name)}> {{ ?s ?p ?o }} }}", "s", "p", "o")
    if not rows:
        return None
    said = {r["p"]: r["o"] for r in rows if r["s"] == iri(name)}
    for graph in [r["s"] for r in rows if r["p"] == HOLDS] + [r["o"] for r in rows if r["p"] == STAGING]:
        _check(graph, name)
    held = {r["s"]: _HELD.fullmatch(r["o"]) for r in rows if r["p"] == HOLDS}
    return Marker(
        said.get(STATE, ""),
        said.get(RUN, ""),
        {g: Held(int(m[1]), m[2]) if m else None for g, m in held.items()},
        tuple(sorted(r["o"] for r in rows if r["p"] == STAGING)),
    )


def _check(graph: str, name: str) -> None:
    try:
        NamedNode(graph)
    except ValueError as error:
        raise ServerError(
            f"the graph <{iri(name)}> says that {printable(graph)!r} is a graph of this push, which is no IRI",
            hint="others wrote there: drop this graph, then push again with --force",
        ) from error


def writing(name: str, marker: Marker) -> str:
    """Return the update that replaces the marker of a push; one request, so that no reader sees half of it."""
    graph = NamedNode(iri(name))

    def quads() -> Iterator[Quad]:
        told = {STATE: marker.state, VERSION: terms.VERSION, **({RUN: marker.run} if marker.run else {})}
        for prop, text in told.items():
            yield Quad(graph, NamedNode(prop), Literal(text), graph)
        for subject, held in sorted(marker.graphs.items()):
            text = f"{held.triples} {held.digest}" if held else "unknown"
            yield Quad(NamedNode(subject), NamedNode(HOLDS), Literal(text), graph)
        for staging in marker.staging:
            yield Quad(graph, NamedNode(STAGING), NamedNode(staging), graph)

    statements = [f"DROP SILENT GRAPH {graph}", *(insert(part) for part in batches(quads(), _PART))]
    return " ;\n".join(statements)
