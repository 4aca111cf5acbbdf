"""Measure how long a closure takes: our engine, owlrl and (when it is installed) reasonable.

The shipped graph is closed as the pipeline does: its base, and the base with each reading context.
Generated graphs hold persons, units, posts, appointments with random bounds, lines and placements;
they are closed once, without contexts. Each run is in a new process, so that memory is that of one
engine; what is timed is `close` alone, on triples that are already parsed. owlrl is timed as we use
it, in a process that it starts, and is left out of graphs of more than --owlrl-most persons.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import resource
import sys
import tempfile
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from postholder import terms
from postholder.closure.memory import MemoryEngine
from postholder.closure.profile import logical
from postholder.closure.reference import ReferenceEngine, clean
from postholder.graph import LABEL, TYPE, ph
from postholder.readings import Facts, is_axiom
from postholder.sources import inputs
from postholder.stores.rdflib import from_rdflib

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postholder.closure.base import Closure

PACKAGES = ("postholder", "pyoxigraph", "rdflib", "owlrl", "reasonable")
SECONDS = 3600.0
SHIPPED = "shipped"
_DATE = NamedNode(terms.XSD + "date")
_BOUNDS = ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
_LIMIT = 2**40


@dataclass(frozen=True)
class Timing:
    """What one engine took for one graph: seconds of each run, memory in MiB at its peak."""

    graph: str
    engine: str
    stated: int
    closures: int
    inferred: int
    runs: int
    median: float
    min: float
    max: float
    peak_mib: int
    equal_to_reference: bool | None
    """None where the reference was not run."""


def node(kind: str, number: int) -> NamedNode:
    """Return a made-up thing."""
    return NamedNode(f"{terms.ID}{kind}/made-up-{number}")


def bounds(subject: NamedNode, draw: Random) -> Iterator[Triple]:
    """Yield some of the four bounds of a time, as random days."""
    for name in draw.sample(_BOUNDS, draw.randint(0, 4)):
        day = f"{draw.randint(1999, 2029)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        yield Triple(subject, ph(name), Literal(day, datatype=_DATE))


def named(subject: NamedNode, cls: str) -> Iterator[Triple]:
    """Yield the type and the label of a thing."""
    yield Triple(subject, TYPE, ph(cls))
    yield Triple(subject, LABEL, Literal(subject.value.rpartition("/")[2], language="en"))


def generated(persons: int) -> list[Triple]:
    """Return a made-up organisation: for each person a post, an appointment, a line and half a unit."""
    draw = Random(persons)  # noqa: S311 - no secret
    units = max(1, persons // 2)
    found: list[Triple] = []
    for n in range(units):
        unit, placement = node("unit", n), node("placement", n)
        found += named(unit, draw.choice(["Team", "Center", "Company"]))
        found += named(placement, "UnitPlacement")
        found += [Triple(placement, ph("placedUnit"), unit)]
        found += [Triple(placement, ph("parentUnit"), node("unit", draw.randrange(n) if n else 0))]
        found += bounds(placement, draw)
    for n in range(persons):
        person, post, line = node("person", n), node("post", n), node("reporting", n)
        found += [*named(person, "Person"), *named(post, "Post")]
        found += [Triple(post, ph("carriesRole"), NamedNode(f"{terms.ID}role/{draw.choice(['cco', 'chair', 'cro'])}"))]
        found += [Triple(post, ph("postIn"), node("unit", draw.randrange(units)))]
        if draw.random() < 0.3:  # noqa: PLR2004 - a third of the posts head a unit
            found += [Triple(post, ph("heads"), node("unit", draw.randrange(units)))]
        appointment = node("appointment", n)
        found += named(appointment, "Appointment")
        found += [Triple(appointment, ph("holder"), node("person", draw.randrange(persons)))]
        found += [Triple(appointment, ph("post"), post), *bounds(appointment, draw)]
        found += [*named(line, "ReportingLine"), Triple(line, ph("subordinate"), post), *bounds(line, draw)]
        found += [Triple(line, ph("superior"), node("post", draw.randrange(n) if n else 0))]
        found += [Triple(line, ph("lineType"), ph(draw.choice(["direct", "dotted"])))]
    return list(dict.fromkeys(found))


def sets(graph: str) -> tuple[list[Triple], list[Triple], list[list[Triple]]]:
    """Return axioms, base and additions of a graph."""
    found = inputs.load(None, _LIMIT)
    axioms = logical(found.ontology)
    if graph != SHIPPED:
        return axioms, generated(int(graph)), []
    facts = Facts(found.fact_quads)
    contexts = [c for cluster in facts.clusters(_LIMIT) for c in cluster]
    return axioms, facts.world, [[t for t in c.stated if not is_axiom(t)] for c in contexts]


def with_reasonable(
    axioms: list[Triple], base: list[Triple], additions: list[list[Triple]]
) -> tuple[float, list[Closure]]:
    """Close each set with `reasonable`, which has no increments; only its own work is timed."""
    import reasonable  # noqa: PLC0415 - not a dependency

    taken, closures = 0.0, []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "all.ttl")
        for extra in ([], *additions):
            path.write_bytes(serialize([*axioms, *base, *extra], format=RdfFormat.N_TRIPLES) or b"")
            start = perf_counter()
            reasoner = reasonable.PyReasoner()
            reasoner.load_file(str(path))
            found = reasoner.reason()
            taken += perf_counter() - start
            triples = [
                Triple(from_rdflib(s), from_rdflib(p), from_rdflib(o))
                for s, p, o in found
                if not hasattr(s, "datatype") and not isinstance(from_rdflib(p), BlankNode)
            ]
            closures.append(clean(triples, [*base, *extra], set(axioms)))
    return taken, closures


def once(engine: str, graph: str) -> dict[str, Any]:
    """Close a graph once in this process; return seconds, counts, a digest of the answer and peak memory."""
    axioms, base, additions = sets(graph)
    if engine == "reasonable":
        taken, closures = with_reasonable(axioms, base, additions)
    else:
        made = MemoryEngine(SECONDS) if engine == "postholder" else ReferenceEngine(SECONDS)
        start = perf_counter()
        closures = made.close(axioms, base, additions)
        taken = perf_counter() - start
    summed = sha256()
    for closure in closures:
        summed.update(f"\0{bool(closure.clashes)}\0".encode())
        for triple in closure.inferred:
            summed.update(str(triple).encode())
    own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "seconds": taken, "stated": len(base), "closures": len(closures),
        "inferred": sum(len(c.inferred) for c in closures), "digest": summed.hexdigest(),
        "peak": max(own, children) // 1024,
    }  # fmt: skip


def apart(engine: str, graph: str) -> dict[str, Any]:
    """Do `once` in a new process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(once, (engine, graph))


def installed(name: str) -> str:
    """Return the version of a package, or that there is none."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def measure(graphs: list[str], runs: int, most: int) -> list[Timing]:
    """Return the timings: engines take turns, so that a slow moment does not hit one alone."""
    timings = []
    for graph in graphs:
        engines = ["postholder"]
        if graph == SHIPPED or int(graph) <= most:
            engines += ["owlrl", *(["reasonable"] if installed("reasonable") != "not installed" else [])]
        found: dict[str, list[dict[str, Any]]] = {e: [] for e in engines}
        for _ in range(runs):
            for engine in engines:
                found[engine].append(apart(engine, graph))
        reference = found["owlrl"][0]["digest"] if "owlrl" in found else None
        for engine, results in found.items():
            times, first = [r["seconds"] for r in results], results[0]
            same = all(r["digest"] == reference for r in results) if reference else None
            timings.append(
                Timing(
                    graph, engine, first["stated"], first["closures"], first["inferred"], runs,
                    median(times), min(times), max(times), max(r["peak"] for r in results), same,
                )
            )  # fmt: skip
    return timings


def machine() -> dict[str, str]:
    """Return what the numbers depend on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "python": platform.python_version(),
        **{name: installed(name) for name in PACKAGES},
        "system": f"{platform.system()} {platform.machine()}",
        "processor": f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores",
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure how long a closure takes.")
    parser.add_argument("--runs", type=int, default=3, help="runs of each engine on each graph")
    parser.add_argument("--persons", type=int, nargs="*", default=[20, 200], help="sizes of generated graphs")
    parser.add_argument("--owlrl-most", type=int, default=200, help="persons of the largest graph for owlrl")
    parser.add_argument("--without-shipped", action="store_true", help="leave out the shipped graph")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    args = parser.parse_args()
    if args.runs < 1 or any(n < 1 for n in args.persons):
        sys.exit("runs and persons are at least 1")
    graphs = [*([] if args.without_shipped else [SHIPPED]), *(str(n) for n in args.persons)]
    about, timings = machine(), measure(graphs, args.runs, args.owlrl_most)
    if args.json:
        print(json.dumps({"machine": about, "closures": [asdict(t) for t in timings]}, indent=2))
        return
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    fastest = {t.graph: t.median for t in timings if t.engine == "postholder"}
    print("graph     engine       stated closures  inferred  runs   median      min      max   ratio  MiB  equal")
    for t in timings:
        equal = {None: "-", True: "yes", False: "NO"}[t.equal_to_reference]
        print(
            f"{t.graph:<9} {t.engine:<10} {t.stated:>8} {t.closures:>8} {t.inferred:>9}  {t.runs:>4} "
            f"{t.median:>8.3f} {t.min:>8.3f} {t.max:>8.3f} {t.median / fastest[t.graph]:>7.1f} {t.peak_mib:>4}  {equal}"
        )


if __name__ == "__main__":
    main()
