"""Close one file with one engine in this process, make the result queryable, ask it, and tell how it went.

    python benchmarks/closure/worker.py ENGINE FILE --counted PROPERTY --asked THING

Prints one JSON object. The parent measures the wall time and the memory of this process from outside;
`rules_s` is the reasoning step as the engine lets it be timed. With `--keep` the closure is written for comparing.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from time import perf_counter

import equality
from engines import ENGINES, NotRunError


def main() -> None:
    """Do one run."""
    parser = argparse.ArgumentParser(description="Close one file with one engine.")
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("file", type=Path)
    parser.add_argument("--counted", required=True, help="IRI of the inferred property that is counted")
    parser.add_argument("--asked", required=True, help="IRI of the thing whose values of that property are looked up")
    parser.add_argument("--things", default="", help="what the IRIs of instances begin with")
    parser.add_argument("--keep", type=Path, help="write what is compared to this file")
    args = parser.parse_args()
    try:
        start = perf_counter()
        engine = ENGINES[args.engine]()
        told = {"version": engine.version, "facts_in": engine.load(args.file)}
        loaded = perf_counter()
        own = engine.close()
        closed = perf_counter()
        told |= {
            "facts_out": engine.size(),
            "counted": engine.count(args.counted),
            "answers": sorted(engine.look_up(args.asked, args.counted)),
        }
        asked = perf_counter()
        told |= {
            "load_s": loaded - start,
            "rules_s": closed - loaded if own is None else own,
            "ask_s": asked - closed,
            "note": engine.note,
        }
        if args.keep:
            told["compared"] = equality.write(engine.triples(), args.things, args.keep)
    except NotRunError as error:
        told = {"reason": str(error)}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
