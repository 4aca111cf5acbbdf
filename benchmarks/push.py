"""Measure a push to servers that run: the shipped graph, multiplied under new names, first and again.

Each server is given by its address and must be empty, so there is one first push; it is followed by `--runs`
pushes of the same. The login is that of the settings. Each target is measured in a process of its own, whose
peak memory is told. What is timed is the push alone, of a graph that is built, planning included. Servers run
beside it and share the machine.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from time import perf_counter
from typing import TYPE_CHECKING, Any

import postholder
from copies import multiplied
from machines import line, machine, peak_mib, spread
from postholder.export.base import Source
from postholder.graph import DEFAULT
from postholder.push import address
from postholder.push.base import Credentials, of_settings
from postholder.push.push import push

if TYPE_CHECKING:
    from collections.abc import Callable


def timed(seconds: list[float], rows: int) -> dict[str, Any]:
    """Sum up pushes of so many rows."""
    found = spread(seconds)
    return {"seconds": {k: round(v, 2) for k, v in found.items()}, "rows": rows, "rows/s": int(rows / found["median"])}


def ours(source: Source, target: str, runs: int, default_graph: str | None, database: str | None) -> dict[str, Any]:
    """Push once, and the same again."""
    bolt = address.parse(target).is_bolt
    options: dict[str, Any] = {"database": database} if bolt else {"default_graph": default_graph}
    seconds, rows = [], 0
    for _ in range(1 + runs):
        begun = perf_counter()
        done = push(source, target, login=of_settings(), seconds=3600, **options)
        seconds.append(perf_counter() - begun)
        rows = sum(done.counts[n] for n in (("nodes", "edges") if bolt else ("facts",)))
    return {"first": timed(seconds[:1], rows), "again": timed(seconds[1:], rows)}


def theirs(source: Source, target: str, _runs: int, _default_graph: str | None, database: str | None) -> dict[str, Any]:
    """Load what always holds with rdflib-neo4j, which knows no named graphs."""
    import rdflib  # noqa: PLC0415 - only for this
    from rdflib_neo4j import HANDLE_VOCAB_URI_STRATEGY, Neo4jStore, Neo4jStoreConfig  # noqa: PLC0415

    from postholder.stores.rdflib import to_dataset  # noqa: PLC0415

    who = of_settings() or Credentials("", "")
    auth = {"uri": target, "database": database or "neo4j", "user": who.user, "pwd": who.password}
    config = Neo4jStoreConfig(auth_data=auth, handle_vocab_uri_strategy=HANDLE_VOCAB_URI_STRATEGY.IGNORE, batching=True)
    plain = to_dataset(q for q in source.quads if q.graph_name == DEFAULT)
    triples = list(plain.triples((None, None, None)))
    begun = perf_counter()
    graph = rdflib.Graph(store=Neo4jStore(config=config))
    for triple in triples:
        graph.add(triple)
    graph.close(commit_pending_transaction=True)
    return {"first": timed([perf_counter() - begun], len(triples))}


def measure(way: Callable[..., dict[str, Any]], copies: int, *given: Any) -> dict[str, Any]:
    """Measure one way in this process, and its memory before and after."""
    graph = postholder.open()
    source = Source(tuple(multiplied(graph.quads, copies)), graph.inputs.prefixes)
    before = peak_mib()
    found = way(source, *given)
    sizes = {"MiB with the graph": round(before), "MiB at most": round(peak_mib())}
    return {"facts": len(source.quads), **found, **sizes}


def main() -> int:
    """Measure each target and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", action="append", required=True, metavar="TARGET")
    parser.add_argument("--copies", type=int, default=9)
    parser.add_argument("--runs", type=int, default=3, help="pushes after the first")
    parser.add_argument("--default-graph")
    parser.add_argument("--database")
    parser.add_argument("--rdflib-neo4j", action="store_true", help="measure rdflib-neo4j on Bolt targets instead")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.copies < 1 or args.runs < 1:
        sys.exit("copies and runs are at least 1")
    way = theirs if args.rdflib_neo4j else ours
    results = {}
    for target in args.to:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            given = (way, args.copies, target, args.runs, args.default_graph, args.database)
            results[target] = pool.apply(measure, given)
    about = machine("neo4j", *(["rdflib", "rdflib-neo4j"] if args.rdflib_neo4j else []))
    if args.json:
        print(json.dumps({"machine": about, "pushes": results}, indent=2))
        return 0
    print(line(about))
    for target, found in results.items():
        print(target)
        for name, value in found.items():
            print(f"  {name}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
