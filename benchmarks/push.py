"""Measure a push to servers that run: the shipped graph, multiplied under new names, first and again.

Each server is given by its address and must be empty; the login is that of the settings. Each target is
measured in a process of its own, whose peak memory is told. What is timed is the push alone, of a graph
that is built, planning included. Servers run beside it and share the machine.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
from collections import Counter
from time import perf_counter
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Quad

import postholder
from machines import machine
from postholder import settings, terms
from postholder.export.base import Source
from postholder.graph import DEFAULT
from postholder.push import address
from postholder.push.base import Credentials
from postholder.push.push import push

if TYPE_CHECKING:
    from collections.abc import Callable

_OWN = (terms.INFERRED_GRAPH, terms.ONTOLOGY_GRAPH)


def multiplied(copies: int) -> Source:
    """Return the shipped dataset with all things of ours `copies` times over; the vocabulary stays one."""
    graph = postholder.open()
    ontology = {q.triple for q in graph.quads if q.graph_name == NamedNode(terms.ONTOLOGY_GRAPH)}
    quads: dict[Quad, None] = {}
    for number in range(copies):
        renamed: dict[NamedNode, NamedNode] = {}

        def name(term: Any, number: int = number, renamed: dict[NamedNode, NamedNode] = renamed) -> Any:
            if (
                not isinstance(term, NamedNode)
                or not term.value.startswith(terms.ID)
                or term.value in _OWN
                or not number
            ):
                return term
            head, mark, tail = term.value.partition("#")
            return renamed.setdefault(term, NamedNode(f"{head}-{number}{mark}{tail}"))

        for q in graph.quads:
            if q.triple in ontology:
                quads[q] = None
            else:
                quads[Quad(name(q.subject), name(q.predicate), name(q.object), name(q.graph_name))] = None
    return Source(tuple(quads), graph.inputs.prefixes)


def login() -> Credentials | None:
    """Return the login of the settings."""
    user, password = settings.push_login()
    return Credentials(user or "", password or "") if user or password else None


def ours(source: Source, target: str, default_graph: str | None, database: str | None) -> dict[str, Any]:
    """Push twice."""
    bolt = address.parse(target).is_bolt
    options: dict[str, Any] = {"database": database} if bolt else {"default_graph": default_graph}
    result: dict[str, Any] = {}
    for turn in ("first", "second"):
        begun = perf_counter()
        done = push(source, target, login=login(), seconds=3600, **options)
        taken = perf_counter() - begun
        rows = sum(done.counts[n] for n in (("nodes", "edges") if bolt else ("facts",)))
        result[turn] = {"seconds": round(taken, 2), "rows": rows, "rows a second": int(rows / taken)}
    return result


def theirs(source: Source, target: str, _default_graph: str | None, database: str | None) -> dict[str, Any]:
    """Load what always holds with rdflib-neo4j, which knows no named graphs."""
    import rdflib  # noqa: PLC0415 - only for this
    from rdflib_neo4j import HANDLE_VOCAB_URI_STRATEGY, Neo4jStore, Neo4jStoreConfig  # noqa: PLC0415

    from postholder.stores.rdflib import to_dataset  # noqa: PLC0415

    who = login() or Credentials("", "")
    auth = {"uri": target, "database": database or "neo4j", "user": who.user, "pwd": who.password}
    config = Neo4jStoreConfig(auth_data=auth, handle_vocab_uri_strategy=HANDLE_VOCAB_URI_STRATEGY.IGNORE, batching=True)
    plain = to_dataset(q for q in source.quads if q.graph_name == DEFAULT)
    triples = list(plain.triples((None, None, None)))
    begun = perf_counter()
    graph = rdflib.Graph(store=Neo4jStore(config=config))
    for triple in triples:
        graph.add(triple)
    graph.close(commit_pending_transaction=True)
    taken = perf_counter() - begun
    return {"first": {"seconds": round(taken, 2), "rows": len(triples), "rows a second": int(len(triples) / taken)}}


def measure(way: Callable[..., dict[str, Any]], copies: int, *where: str | None) -> dict[str, Any]:
    """Measure one way in this process, and its memory before and after."""
    source = multiplied(copies)
    kinds = Counter(type(q.object) is Literal for q in source.quads)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found = way(source, *where)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"facts": kinds.total(), **found, "MiB with the graph": before, "MiB at most": after}


def main() -> int:
    """Measure each target and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", action="append", required=True, metavar="TARGET")
    parser.add_argument("--copies", type=int, default=9)
    parser.add_argument("--default-graph")
    parser.add_argument("--database")
    parser.add_argument("--rdflib-neo4j", action="store_true", help="measure rdflib-neo4j on Bolt targets instead")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    way = theirs if args.rdflib_neo4j else ours
    results = {}
    for target in args.to:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            results[target] = pool.apply(measure, (way, args.copies, target, args.default_graph, args.database))
    told = {**machine(), "runs": 1, "way": "rdflib-neo4j" if args.rdflib_neo4j else "postholder", "results": results}
    if args.json:
        print(json.dumps(told, indent=1))
        return 0
    for name, value in told.items():
        if name != "results":
            print(f"{name}: {value}")
    for target, found in results.items():
        print(target)
        for name, value in found.items():
            print(f"  {name}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
