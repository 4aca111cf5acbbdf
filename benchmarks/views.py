"""Measure what a view costs: choosing and judging the facts, closing them, keeping and taking them up again.

The shipped graph is looked at as of a day, on every day on which something begins or ends. Generated
graphs hold persons, units, posts, appointments with random bounds, lines and placements, told as one claim
for each relation. Each graph is measured in a process of its own. Cold is a view that nobody asked for
before, in a process that has read the facts; warm is the same view taken from the folder that keeps it.
The peak memory is that of the process.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
from pathlib import Path
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING, Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from machines import line, machine, peak_mib, spread
from postholder import pipeline, settings, terms
from postholder.closure.choose import engine_for
from postholder.closure.rules import load
from postholder.graph import LABEL, TYPE, ph, quads_of
from postholder.perspective.look import look
from postholder.sources import inputs
from postholder.views.validity import day_of
from postholder.views.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

SHIPPED = "shipped"
_LIMIT = 2**40
_DAY = "2023-10-01"
_KEPT = ("Person", "Unit", "Team", "Center", "Company")
_DATE = NamedNode(terms.XSD + "date")
_BOUNDS = ("earliestStart", "latestStart", "earliestEnd", "latestEnd")


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


def told(persons: int) -> list[Quad]:
    """Return a made-up organisation as claims: a reading for each post, appointment, line and placement."""
    subjects: dict[Any, list[Triple]] = {}
    for triple in generated(persons):
        subjects.setdefault(triple.subject, []).append(triple)
    quads: list[Quad] = []
    document = node("document", 0)
    quads.append(Quad(document, TYPE, ph("Document"), DefaultGraph()))
    for number, triples in enumerate(subjects.values()):
        if any(t.predicate == TYPE and t.object in {ph(k) for k in _KEPT} for t in triples):
            quads += quads_of(triples)
            continue
        claim, reading = node("claim", number), node("reading", number)
        record = [(TYPE, ph("Claim")), (ph("modality"), ph("actual")), (ph("hasReading"), reading)]
        quads += [Quad(claim, p, o, DefaultGraph()) for p, o in record]
        quads.append(Quad(claim, NamedNode(terms.DCTERMS + "identifier"), Literal(f"C{number}"), DefaultGraph()))
        quads.append(Quad(reading, TYPE, ph("Reading"), DefaultGraph()))
        quads += quads_of(triples, reading)
    return quads


def once(graph: str) -> dict[str, Any]:
    """Build views of a graph in this process; return seconds and sizes."""
    limits = settings.Settings(Path(tempfile.gettempdir()))
    found = inputs.load(None, _LIMIT)
    engine, rules = engine_for(limits), load(found.rules)
    quads = found.fact_quads if graph == SHIPPED else told(int(graph))
    bounds = {"earliestStart", "latestStart", "earliestEnd", "latestEnd", "ongoingAt", "earliestDate", "latestDate"}
    days = sorted(
        {
            q.object.value
            for q in quads
            if q.predicate.value.removeprefix(terms.PH) in bounds and isinstance(q.object, Literal)
        }
    )
    times: dict[str, list[float]] = {"look": [], "build": [], "keep": [], "warm": []}
    size = 0
    for day in days if graph == SHIPPED else [_DAY]:
        view = View(as_of=day_of(day))
        start = perf_counter()
        with pipeline._all_stays():  # noqa: SLF001 - as `build` does
            facts = look(quads, view, limits.max_contexts)
            _ = facts.accepted  # judged when first asked for
            looked = perf_counter()
            laid, account = pipeline.assemble(facts, found.ontology, engine, rules, limits.max_contexts)
            built = perf_counter()
        size = len(laid)
        manifest = {
            "format": pipeline._FORMAT,  # noqa: SLF001 - what `load` asks for
            "key": "k", "engine": {}, "view": "", "rules": [], "unhandled axioms": [], "skipped files": [], **account,
        }  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            pipeline.save(pipeline.Built(tuple(laid), manifest), Path(folder), own=True)
            kept = perf_counter()
            del laid
            if pipeline.load(Path(folder), "k") is None:
                sys.exit("a view that was kept cannot be taken up again")
            warm = perf_counter()
        for name, taken in (
            ("look", looked - start),
            ("build", built - looked),
            ("keep", kept - built),
            ("warm", warm - kept),
        ):
            times[name].append(taken)
    times["cold"] = [a + b for a, b in zip(times["look"], times["build"], strict=True)]
    seconds = {name: spread(values) for name, values in times.items()}
    return {
        "graph": graph, "stated quads": len(quads), "view quads": size, "seconds": seconds,
        "peak_mib": round(peak_mib()),
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure what a view costs.")
    parser.add_argument("--persons", type=int, nargs="*", default=[130, 1300], help="sizes of generated graphs")
    parser.add_argument("--without-shipped", action="store_true", help="leave out the shipped graph")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    args = parser.parse_args()
    if any(n < 1 for n in args.persons):
        sys.exit("persons are at least 1")
    results = []
    for graph in [*([] if args.without_shipped else [SHIPPED]), *(str(n) for n in args.persons)]:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            results.append(pool.apply(once, (graph,)))
    about = machine("pyoxigraph", "duckdb")
    if args.json:
        print(json.dumps({"machine": about, "views": results}, indent=2))
        return
    print(line(about))
    print("graph    stated quads  view quads     MiB  seconds of  views   median      min      max")
    for r in results:
        for name, s in r["seconds"].items():
            print(
                f"{r['graph']:<8} {r['stated quads']:>12} {r['view quads']:>11} {r['peak_mib']:>7}  {name:<10} "
                f"{s['runs']:>6} {s['median']:>8.3f} {s['min']:>8.3f} {s['max']:>8.3f}"
            )


if __name__ == "__main__":
    main()
