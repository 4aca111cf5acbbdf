"""Export graphs of different sizes in every format; tell rows a second and peak memory.

The graphs are the shipped one, its things multiplied under new names. Each export is a new process that first
reads its graph from a file; what is told is the peak memory of the process beyond what it took when the graph
was read, which is what the exporter itself needs. See README.md.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

import postholder
from machines import machine
from postholder import terms
from postholder.export.formats import FORMATS, write

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB = 1024
_KEPT = (f"{terms.ID}role/", terms.INFERRED_GRAPH, terms.ONTOLOGY_GRAPH)
"""What is not multiplied: roles, and the graphs that the exporters know by name."""


def copied(term: object, number: int) -> Any:
    """Return a term of ours under the name that it has in copy `number`; others stay as they are."""
    if not isinstance(term, NamedNode) or not term.value.startswith(terms.ID):
        return term
    name = term.value
    if name in _KEPT or name.startswith(_KEPT[0]):
        return term
    kind, _, rest = name.removeprefix(terms.ID).partition("/")
    return NamedNode(f"{terms.ID}{kind}/{number}-{rest}")


def multiplied(quads: list[Quad], copies: int) -> Iterator[Quad]:
    """Yield the quads, those about things of ours once for each copy."""
    for number in range(copies):
        for q in quads:
            new = Quad(copied(q.subject, number), q.predicate, copied(q.object, number), copied(q.graph_name, number))
            if number == 0 or new != q:
                yield new


def peak() -> float:
    """Return the largest memory of this process so far, in MiB."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / MIB if sys.platform != "darwin" else used / MIB**2


def once(form: str, file: str) -> dict[str, Any]:
    """Export a graph once; the caller gives each call a process of its own."""
    quads = tuple(parse(path=file, format=RdfFormat.N_QUADS))
    prefixes = postholder.open().inputs.prefixes
    before = peak()
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        result = write(quads, prefixes, form, Path(folder) / "out")
        seconds = time.perf_counter() - started
    rows = sum(result.counts.values())
    return {
        "format": form,
        "quads": len(quads),
        "rows": rows,
        "seconds": round(seconds, 2),
        "rows_per_second": round(rows / seconds),
        "graph_mib": round(before),
        "exporter_mib": round(peak() - before),
    }


def main() -> None:
    """Export and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", type=int, nargs="+", default=[100_000, 1_000_000], help="sizes, in quads")
    parser.add_argument("--formats", nargs="+", default=list(FORMATS), choices=list(FORMATS), help="formats")
    parser.add_argument("--json", action="store_true", help="tell as JSON")
    args = parser.parse_args()
    shipped = list(postholder.open().quads)
    one = sum(1 for _ in multiplied(shipped, 2)) - len(shipped)
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for size in args.quads:
            file = Path(folder) / f"{size}.nq"
            copies = max(1, round((size - len(shipped)) / one) + 1)
            with file.open("wb") as stream:
                serialize(multiplied(shipped, copies), output=stream, format=RdfFormat.N_QUADS)
            for form in args.formats:
                with get_context("spawn").Pool(1) as pool:
                    results.append(pool.apply(once, (form, str(file))))
    about = machine()
    if args.json:
        print(json.dumps({"machine": about, "exports": results}, indent=2))
        return
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    print("format                  quads      rows  seconds   rows/s  graph MiB  exporter MiB")
    for r in results:
        print(
            f"{r['format']:<20} {r['quads']:>8} {r['rows']:>9} {r['seconds']:>8.2f} {r['rows_per_second']:>8} "
            f"{r['graph_mib']:>10} {r['exporter_mib']:>13}"
        )


if __name__ == "__main__":
    main()
