"""Measure from which size our engine for large graphs is faster than the one in memory: `closure.choose.LARGE`.

Both are called as a build calls them: facts as objects, closures as objects, with and without additions. Each
call is a new process, which first makes the facts; only closing is timed. The first of each pair loads DuckDB.
"""

from __future__ import annotations

import argparse
import json
import sys
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter

from pyoxigraph import RdfFormat, parse

import organisation
from generate import FLAVOURS
from postholder.closure.columns.engine import ColumnsEngine
from postholder.closure.memory import MemoryEngine
from sizes import size_of

ENGINES: dict[str, type[MemoryEngine | ColumnsEngine]] = {"memory": MemoryEngine, "tables": ColumnsEngine}


def once(name: str, size: int, additions: int) -> dict[str, float]:
    """Close one graph; the caller gives each call a process of its own."""
    facts = [q.triple for q in parse("".join(organisation.facts(size)), format=RdfFormat.N_TRIPLES)]
    extra = [facts[n : n + 10] for n in range(0, 10 * additions, 10)]
    base = facts[10 * additions :]
    start = perf_counter()
    closures = ENGINES[name](3600).close(FLAVOURS["postholder"].axioms(), base, extra)
    seconds = perf_counter() - start
    return {"facts": len(base), "inferred": len(closures[0].inferred), "seconds": seconds}


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", nargs="+", type=size_of, default=[50_000, 100_000, 200_000, 400_000])
    parser.add_argument("--additions", nargs="+", type=int, default=[0, 2])
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    sys.path.append(str(Path(__file__).parent.parent))
    from machines import machine  # noqa: PLC0415 - shared by all benchmarks, a folder up

    print(json.dumps(machine("postholder", "pyoxigraph", "duckdb")))
    for size in args.size:
        for additions in args.additions:
            seconds: dict[str, list[float]] = {name: [] for name in ENGINES}
            facts = 0.0
            for _ in range(args.runs):
                for name in ENGINES:
                    with get_context("spawn").Pool(1) as pool:
                        told = pool.apply(once, (name, size, additions))
                    seconds[name].append(told["seconds"])
                    facts = told["facts"]
            memory, tables = (median(seconds[name]) for name in ENGINES)
            print(
                f"{facts:>10,.0f} facts, {additions} additions: memory {memory:.2f} s, tables {tables:.2f} s,"
                f" ratio {memory / tables:.2f}"
            )


if __name__ == "__main__":
    main()
