"""Push the dataset to a SPARQL server, graph by graph, so that readers see the old or the new graphs.

What is new is put beside what is there and copied over it in one request at the end; a graph that
the server does not have yet is written in its place. A marker graph says whether the load is whole.
It also says which graphs are ours: no other is written or dropped.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Quad

from postholder import terms
from postholder.errors import ServerError, UsageError, WouldOverwriteError
from postholder.export.base import Loss, batches, counted
from postholder.graph import DEFAULT
from postholder.push import marker
from postholder.push.base import LOADING, WHOLE, PushResult
from postholder.push.count import distinct
from postholder.push.marker import Held, Marker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from postholder.push.base import Progress
    from postholder.push.endpoint import Endpoint

_GENID = f"{terms.BASE}.well-known/genid/"
"""Stands before the name of a blank node (RDF 1.1 Concepts, section 3.5)."""
_ASKED = 200
"""Graphs that are counted at once."""
BLANK_NODES = Loss(
    "blank-nodes",
    "that a node has no name: a push gives blank nodes IRIs, so that a second one finds them",
    "export trig or nquads and load the file with the server's own tools",
)
LOSSES = (BLANK_NODES,)


@dataclass(frozen=True)
class Plan:
    """The graphs to push by name, `default` being the name of the one that holds what always holds."""

    name: str
    graphs: Mapping[str, Sequence[Quad]]
    default: str

    @property
    def unnamed(self) -> str:
        """How the marker speaks of the server's own default graph."""
        return _unnamed(self.name)

    def drop(self, graph: str) -> str:
        """Return the update that empties a graph; for the default graph in a form that drops no other anywhere."""
        if graph == self.unnamed:
            return "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"
        return f"DROP SILENT GRAPH <{graph}>"

    def copy(self, source: str, graph: str) -> str:
        """Return the update that replaces a graph by another."""
        if graph == self.unnamed:
            return f"{self.drop(graph)} ;\nINSERT {{ ?s ?p ?o }} WHERE {{ GRAPH <{source}> {{ ?s ?p ?o }} }}"
        return f"COPY GRAPH <{source}> TO GRAPH <{graph}>"


def _unnamed(name: str) -> str:
    return f"{marker.iri(name)}#default"


def _named(term: object) -> object:
    return NamedNode(_GENID + term.value) if isinstance(term, BlankNode) else term


def plan(quads: Iterable[Quad], name: str, default_graph: str | None) -> tuple[Plan, int]:
    """Return what to push, and how many blank nodes got names; the default graph under its name, if it has one.

    Raises UsageError when that name is taken.
    """
    default = default_graph or _unnamed(name)
    graphs: dict[str, set[Quad]] = {}
    blank: set[BlankNode] = set()
    for q in quads:
        blank |= {t for t in (q.subject, q.object, q.graph_name) if isinstance(t, BlankNode)}
        graph = _named(q.graph_name)
        key = graph.value if isinstance(graph, NamedNode) else default
        if graph != DEFAULT and key == default:
            raise UsageError(f"<{default}> is one of the graphs already", hint="give --default-graph another IRI")
        place = NamedNode(key) if key != default or default_graph else DEFAULT
        moved = Quad(_named(q.subject), q.predicate, _named(q.object), place)  # type: ignore[arg-type]
        graphs.setdefault(key, set()).add(moved)
    ordered = {g: sorted(found, key=str) for g, found in sorted(graphs.items())}
    return Plan(name, ordered, default), len(blank)


def _digest(quads: Sequence[Quad]) -> str:
    digest = sha256()
    for q in quads:
        digest.update(f"{q.triple} .\n".encode())
    return digest.hexdigest()


def push(server: Endpoint, target: str, wanted: tuple[Plan, int], progress: Progress, *, force: bool) -> PushResult:
    """Make the server hold the graphs of a plan and none of an earlier push.

    Raises WouldOverwriteError when a graph there is not ours or was changed by others, unless
    `force` is set, and ServerError when the server does not do what it is asked.
    """
    task, blank = wanted
    earlier = marker.read(server, task.name)
    ours = earlier.graphs if earlier else {}
    held = {g: Held(len(q), _digest(q)) for g, q in task.graphs.items()}
    there = _counts(server, task, {*held, *ours})
    if not force:
        _check(ours, there)
    changed = [g for g in held if _differs(ours.get(g), held[g], there[g])]
    gone = sorted(g for g in ours if g not in held)
    counts = {"facts": sum(h.triples for h in held.values()), "graphs": len(held)}
    losses = counted((BLANK_NODES, blank))
    if earlier is not None and earlier.state == WHOLE and not changed and not gone:
        return PushResult(target, changed=False, counts=counts, losses=losses)
    run = secrets.token_hex(8)
    places = {g: _staging(task.name, g) if there[g] else g for g in changed}
    staging = tuple(sorted(p for g, p in places.items() if p != g))
    kept = {g: ours.get(g) if g not in places else None for g in {*ours, *held}}
    loading = Marker(LOADING, run, kept, staging)
    leftovers = [f"DROP SILENT GRAPH <{s}>" for s in sorted({*staging, *(earlier.staging if earlier else ())})]
    server.update(" ;\n".join([*leftovers, marker.writing(task.name, loading)]))
    _refuse_union(server, task, earlier)
    facts = [q if places[g] == g else _moved(q, places[g]) for g in changed for q in task.graphs[g]]
    server.add(facts, len(facts), progress)
    progress("checking", 0, 1)
    _verify(server, task, {places[g]: task.graphs[g] for g in changed})
    swaps = [task.copy(places[g], g) for g in changed if places[g] != g]
    drops = [task.drop(g) for g in gone]
    _same_run(server, task, run)
    if swaps or drops:
        server.update(" ;\n".join([*swaps, *drops]))
    found = _verify(server, task, {g: task.graphs[g] for g in changed})
    final = {g: replace(h, triples=found.get(g, there[g])) for g, h in held.items()}
    tidied = [f"DROP SILENT GRAPH <{s}>" for s in staging]
    server.update(" ;\n".join([*tidied, marker.writing(task.name, Marker(WHOLE, "", final))]))
    progress("checking", 1, 1)
    done = {"changed graphs": len(changed), "dropped graphs": len(gone)}
    return PushResult(target, changed=True, counts=counts | done, losses=losses)


def _differs(ours: Held | None, new: Held, there: int) -> bool:
    return ours is None or ours.digest != new.digest or ours.triples != there


def _staging(name: str, graph: str) -> str:
    return f"{marker.iri(name)}/staging/{sha256(graph.encode()).hexdigest()[:24]}"


def _moved(quad: Quad, graph: str) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph))


def _counts(server: Endpoint, task: Plan, graphs: Iterable[str]) -> dict[str, int]:
    """Return how many triples each graph has on the server."""
    found = dict.fromkeys(graphs, 0)
    if task.unnamed in found:
        found[task.unnamed] = server.number("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    for some in batches(sorted(found.keys() - {task.unnamed}), _ASKED):
        values = " ".join(f"<{g}>" for g in some)
        text = f"SELECT ?g (COUNT(*) AS ?n) {{ VALUES ?g {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g"
        found |= {g: n for g, n in server.numbers(text).items() if g in found}
    return found


def _check(ours: Mapping[str, Held | None], there: Mapping[str, int]) -> None:
    """Raise WouldOverwriteError when a graph on the server is not ours, or not as we left it."""
    for graph, number in sorted(there.items()):
        what = "the default graph" if graph.endswith("#default") else f"the graph <{graph}>"
        if graph not in ours and number:
            raise WouldOverwriteError(
                f"{what} of the server holds {number} facts that no push of this name has written",
                hint="name a --default-graph of its own, push to another dataset, or replace it with --force",
            )
        held = ours.get(graph)
        if held is not None and number != held.triples:
            raise WouldOverwriteError(
                f"{what} held {held.triples} facts after the last push and now holds {number}: others have changed it",
                hint="keep their changes in a graph of their own, then replace it with --force",
            )


def _refuse_union(server: Endpoint, task: Plan, earlier: Marker | None) -> None:
    """Raise ServerError when the server answers from all graphs at once, where readings would be mixed."""
    if task.default != task.unnamed:
        return
    if server.number(f"SELECT (COUNT(*) AS ?n) {{ <{marker.iri(task.name)}> <{marker.STATE}> ?state }}"):
        if earlier is None:
            server.update(f"DROP SILENT GRAPH <{marker.iri(task.name)}>")
        raise ServerError(
            "this server takes all graphs together as its default graph, which would mix readings that exclude each "
            "other",
            hint="give the default graph a name with --default-graph IRI, and name it as default-graph-uri in queries",
        )


def _verify(server: Endpoint, task: Plan, sent: Mapping[str, Sequence[Quad]]) -> dict[str, int]:
    """Return how many facts each graph holds; raise ServerError when it is not what was sent."""
    found = _counts(server, task, sent)
    for graph, quads in sent.items():
        # Some servers keep values and not spellings: 01 and 1 become one.
        if not (found[graph] == len(quads) or distinct(quads) <= found[graph] < len(quads)):
            raise ServerError(
                f"the server holds {found[graph]} facts of {len(quads)} in <{graph}>",
                hint="it lost some, or others write there too; push again to finish the work",
            )
    return found


def _same_run(server: Endpoint, task: Plan, run: str) -> None:
    """Raise ServerError when another push has begun meanwhile."""
    now = marker.read(server, task.name)
    if now is None or now.run != run:
        raise ServerError(
            "another push of the same name has begun meanwhile",
            hint="let one run at a time; push again to finish the work",
        )
