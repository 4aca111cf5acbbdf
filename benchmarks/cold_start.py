"""Measure how long the command line takes to start: its help, a saved question, the overview, a build.

Every run is a new process, so what is measured is the wall time that a person waits. "built" means
that the graph was built before and is read from the cache; "cold" means an empty cache. Rounds go
through all cases in turn, so that a slow moment of the machine does not hit one case alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from machines import line, machine, spread

PACKAGES = ("pyoxigraph", "rdflib", "owlrl", "pyshacl")
BUILT = {
    "python, nothing else": ("-c", "pass"),
    "postholder --help": ("-m", "postholder", "--help"),
    "postholder query concurrent-appointments (built)": ("-m", "postholder", "query", "concurrent-appointments"),
    "postholder overview (built)": ("-m", "postholder", "overview"),
}
COLD = "postholder build (cold)"
COLD_CALL = ("-m", "postholder", "build")


def wall(arguments: tuple[str, ...], cache: Path) -> float:
    """Return the wall time of one call; fail when the call does."""
    environment = {**os.environ, "POSTHOLDER_CACHE": str(cache)}
    start = perf_counter()
    subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
    )
    return perf_counter() - start


def measure(rounds: int, builds: int) -> list[dict[str, Any]]:
    """Return the wall times in seconds: `rounds` of each case on a built graph and `builds` cold builds."""
    times: dict[str, list[float]] = {case: [] for case in (*BUILT, COLD)}
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder, "built")
        wall(BUILT["postholder overview (built)"], built)  # builds, validates and warms the file cache
        for _ in range(rounds):
            for case, arguments in BUILT.items():
                times[case].append(wall(arguments, built))
        for number in range(builds):
            times[COLD].append(wall(COLD_CALL, Path(folder, f"cold-{number}")))
    return [{"case": case, **spread(found)} for case, found in times.items()]


def positive(text: str) -> int:
    """Return a number of at least one."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return number


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure how long the command line takes to start.")
    parser.add_argument("--rounds", type=positive, default=11, help="runs of each case on a built graph")
    parser.add_argument("--builds", type=positive, default=3, help="cold builds")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    args = parser.parse_args()
    about, timings = machine(*PACKAGES), measure(args.rounds, args.builds)
    if args.json:
        print(json.dumps({"machine": about, "seconds": timings}, indent=2))
        return
    print(line(about))
    width = max(len(t["case"]) for t in timings)
    print(f"{'wall time in seconds':<{width}}  runs  median     min     max")
    for t in timings:
        print(f"{t['case']:<{width}}  {t['runs']:>4}  {t['median']:>6.3f}  {t['min']:>6.3f}  {t['max']:>6.3f}")


if __name__ == "__main__":
    main()
