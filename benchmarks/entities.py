"""Measure exports of persons, posts and who holds them, beside the exporters of followthemoney.

The graphs are those of `views.py` (one claim for each post, appointment, line and placement), laid out as
an export gets them, with a document and a passage for each claim. What is timed is the export alone, from
quads in memory to a file; `trig` and `nquads` are there to compare. If followthemoney is installed, its
exporters are given the entities of the ftm export, parsed from the file: they do the second half of the
work, from entities to another format; `read` is the parsing by itself. Each measurement is a process of its
own, and its peak memory that of the process, with the graph in it.
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from machines import installed, line, machine, peak_mib, spread
from postholder import terms
from postholder.export import formats
from postholder.graph import DEFAULT, TYPE, ph
from postholder.sources import inputs
from views import generated, told

_LIMIT = 2**40
FORMATS = ("ftm", "popolo", "quickstatements", "rdf12", "nquads", "trig")
OTHERS = ("read", "csv", "rdf", "gexf")
"""What followthemoney does with the entities: read them alone, or read and write them."""


def laid_out(persons: int) -> list[Quad]:
    """Return a made-up graph as an export gets it: record, readings, what holds, vocabulary."""
    stated = told(persons)
    quads = list(stated)
    document = NamedNode(f"{terms.ID}document/made-up-0")
    quads.append(Quad(document, NamedNode(terms.DCTERMS + "title"), Literal("made up", language="en"), DefaultGraph()))
    for number, quad in enumerate(stated):
        if quad.graph_name != DEFAULT:
            quads.append(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
        elif quad.predicate == TYPE and quad.object == ph("Claim"):
            passage = NamedNode(f"{document.value}#char={number},{number + 9}")
            record = ((quad.subject, ph("evidence"), passage), (passage, TYPE, ph("Passage")))
            quads += [Quad(*t, DefaultGraph()) for t in (*record, (passage, ph("inDocument"), document))]
    ontology = NamedNode(terms.ONTOLOGY_GRAPH)
    return [*quads, *(Quad(t.subject, t.predicate, t.object, ontology) for t in inputs.load(None, _LIMIT).ontology)]


def export(form: str, persons: int, path: str) -> dict[str, Any]:
    """Export a made-up graph in this process; return seconds and sizes."""
    quads = laid_out(persons)
    before = round(peak_mib())
    start = perf_counter()
    formats.write(quads, {}, form, Path(path), replace=True)
    taken = perf_counter() - start
    with Path(path).open("rb") as stream:
        rows = sum(1 for _ in stream)
    return {
        "what": form, "seconds": taken, "rows": rows, "quads": len(quads), "peak_mib": round(peak_mib()),
        "graph_mib": before,
    }  # fmt: skip


def other(what: str, path: str) -> dict[str, Any]:
    """Let followthemoney read the entities and export them; return seconds and sizes."""
    from followthemoney import model  # noqa: PLC0415 - not a dependency
    from followthemoney.export.csv import CSVExporter  # noqa: PLC0415 - not a dependency
    from followthemoney.export.graph import NXGraphExporter  # noqa: PLC0415 - not a dependency
    from followthemoney.export.rdf import RDFExporter  # noqa: PLC0415 - not a dependency

    logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # it tells of each month and year that is no xsd:date
    rows = 0
    start = perf_counter()
    with tempfile.TemporaryDirectory() as folder, Path(folder, "out").open("w", encoding="utf-8") as out:
        exporter: Any = None
        if what == "csv":
            exporter = CSVExporter(Path(folder, "csv"))
        elif what != "read":
            exporter = (RDFExporter if what == "rdf" else NXGraphExporter)(out)
        with Path(path).open("rb") as stream:
            for line in stream:
                proxy = model.get_proxy(json.loads(line))
                rows += 1
                if exporter is not None:
                    exporter.write(proxy)
        if exporter is not None:
            exporter.finalize()
    taken = perf_counter() - start
    return {"what": f"followthemoney {what}", "seconds": taken, "rows": rows, "peak_mib": round(peak_mib())}


def measure(persons: int, runs: int) -> list[dict[str, Any]]:
    """Return what the runs of each come to; they take turns, so that a slow moment does not hit one alone."""
    found: dict[str, list[dict[str, Any]]] = {}
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        entities = str(Path(folder, "ftm"))
        jobs: list[tuple[Any, tuple[Any, ...]]] = [(export, (f, persons, str(Path(folder, f)))) for f in FORMATS]
        if installed("followthemoney") != "not installed":
            jobs += [(other, (what, entities)) for what in OTHERS]
        for _ in range(runs):
            for job, given in jobs:
                with spawn.Pool(1) as pool:
                    result = pool.apply(job, given)
                found.setdefault(result["what"], []).append(result)
    return [
        {
            **results[0],
            "seconds": spread([r["seconds"] for r in results]),
            "peak_mib": max(r["peak_mib"] for r in results),
        }
        for results in found.values()
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure exports of persons, posts and who holds them.")
    parser.add_argument("--persons", type=int, default=5000, help="size of the made-up graph: 20 facts a person")
    parser.add_argument("--runs", type=int, default=3, help="runs of each export")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    args = parser.parse_args()
    if args.runs < 1 or args.persons < 1:
        sys.exit("runs and persons are at least 1")
    facts = len(generated(args.persons))
    about = {**machine("pyoxigraph", "followthemoney"), "facts": str(facts)}
    results = measure(args.persons, args.runs)
    if args.json:
        print(json.dumps({"machine": about, "exports": results}, indent=2))
        return
    print(line(about))
    print("what                     rows   quads runs   median      min      max    rows/s   quads/s   MiB  graph MiB")
    for r in results:
        quads, s = r.get("quads", 0), r["seconds"]
        print(
            f"{r['what']:<20} {r['rows']:>8} {quads or '-':>7} {s['runs']:>4} {s['median']:>8.3f} {s['min']:>8.3f} "
            f"{s['max']:>8.3f} {r['rows'] / s['median']:>9.0f} {quads / s['median']:>9.0f} {r['peak_mib']:>5} "
            f"{r.get('graph_mib', '-'):>10}"
        )


if __name__ == "__main__":
    main()
