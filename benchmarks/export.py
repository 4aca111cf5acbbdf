"""Export graphs of different sizes in every format; tell rows a second and peak memory.

The graphs are the shipped one, its things multiplied under new names. Each export is a new process that first
reads its graph from a file; formats take turns. Timed is the export alone, to a file on disk. What is told is the
peak memory of the process beyond what it took when the graph was read, which is what the exporter itself needs.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

from pyoxigraph import RdfFormat, parse, serialize

import postholder
from copies import multiplied
from machines import line, machine, peak_mib, spread
from postholder.export.formats import FORMATS, write


def once(form: str, file: str) -> dict[str, Any]:
    """Export a graph once; the caller gives each call a process of its own."""
    quads = tuple(parse(path=file, format=RdfFormat.N_QUADS))
    prefixes = postholder.open().inputs.prefixes
    before = peak_mib()
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        result = write(quads, prefixes, form, Path(folder) / "out")
        seconds = time.perf_counter() - started
    rows = sum(result.counts.values())
    return {
        "format": form,
        "quads": len(quads),
        "rows": rows,
        "seconds": seconds,
        "graph_mib": round(before),
        "exporter_mib": round(peak_mib() - before),
    }


def measure(forms: list[str], file: str, runs: int) -> list[dict[str, Any]]:
    """Return for each format what its runs come to: the spread of seconds, the largest memory."""
    found: dict[str, list[dict[str, Any]]] = {form: [] for form in forms}
    for _ in range(runs):
        for form in forms:
            with get_context("spawn").Pool(1) as pool:
                found[form].append(pool.apply(once, (form, file)))
    return [
        {
            **ran[0],
            "seconds": spread([r["seconds"] for r in ran]),
            "rows_per_second": round(ran[0]["rows"] / median(r["seconds"] for r in ran)),
            "exporter_mib": max(r["exporter_mib"] for r in ran),
        }
        for ran in found.values()
    ]


def main() -> None:
    """Export and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", type=int, nargs="+", default=[100_000, 1_000_000], help="sizes, in quads")
    parser.add_argument("--formats", nargs="+", default=list(FORMATS), choices=list(FORMATS), help="formats")
    parser.add_argument("--runs", type=int, default=3, help="runs of each export")
    parser.add_argument("--json", action="store_true", help="tell as JSON")
    args = parser.parse_args()
    if args.runs < 1 or any(size < 1 for size in args.quads):
        sys.exit("runs and quads are at least 1")
    shipped = list(postholder.open().quads)
    one = sum(1 for _ in multiplied(shipped, 2)) - len(shipped)
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for size in args.quads:
            file = Path(folder) / f"{size}.nq"
            copies = max(1, round((size - len(shipped)) / one) + 1)
            with file.open("wb") as stream:
                serialize(multiplied(shipped, copies), output=stream, format=RdfFormat.N_QUADS)
            results += measure(args.formats, str(file), args.runs)
    about = machine("pyoxigraph", "pyarrow")
    if args.json:
        print(json.dumps({"machine": about, "exports": results}, indent=2))
        return
    print(line(about))
    print("format                  quads      rows runs   median      min      max   rows/s  graph MiB  exporter MiB")
    for r in results:
        s = r["seconds"]
        print(
            f"{r['format']:<20} {r['quads']:>8} {r['rows']:>9} {s['runs']:>4} {s['median']:>8.2f} {s['min']:>8.2f} "
            f"{s['max']:>8.2f} {r['rows_per_second']:>8} {r['graph_mib']:>10} {r['exporter_mib']:>13}"
        )


if __name__ == "__main__":
    main()
