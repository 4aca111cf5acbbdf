"""Compare closure engines on the same input, side by side: file in, queryable closure out.

    python benchmarks/closure/run.py --size 100k --engines ours,sparq-rdf --json

Every run is a new process (`worker.py`). Engines take turns, so that a slow moment of the machine does not hit
one alone. With `--json` each engine is one JSON object on a line of its own, and the machine and the caps go to
standard error; without, all is printed, with a table.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from children import Caps, Run, run, watched
from engines import ENGINES, PACKAGES
from machines import line, machine, spread
from sizes import FLAVOURS, size_of

HERE = Path(__file__).parent
NO_REFERENCE = "none"
_ADVICE = "needs Python 3.13: install its pin into an environment of that, and name it with --purrdf-python"
_MEASURES = ("rules_s", "wall_s", "peak_mib")
_FREE = Caps(seconds=3600, mebibytes=1 << 20)
"""What making an input may take: caps are for engines."""
_RUNS, _LARGE = 3, 2_000_000
"""Runs of each engine, and the size from which one run is enough."""


@dataclass(frozen=True)
class Result:
    """One engine at one size: medians in seconds and MiB, their spread in the note; None for what is not known."""

    engine: str
    version: str
    size: str
    rules_s: float | None
    wall_s: float | None
    peak_mib: float | None
    facts_in: int | None
    facts_out: int | None
    equal_to_reference: bool | None
    note: str


@dataclass(frozen=True)
class Asked:
    """What is the same for all runs on one file."""

    path: Path
    size: str
    counted: str
    asked: str
    things: str
    caps: Caps
    purrdf_python: str
    folder: Path

    def command(self, engine: str) -> list[str]:
        """Return the command of one run."""
        python = self.purrdf_python if engine == "purrdf" else sys.executable
        given = ["--counted", self.counted, "--asked", self.asked, "--things", self.things]
        return [python, str(HERE / "worker.py"), engine, str(self.path), *given]

    def kept(self, engine: str) -> Path:
        """Return where the closure of an engine is kept for comparing."""
        return self.folder / f"{self.path.stem}-{engine}.closure"


def measure(asked: Asked, engines: list[str], runs: int) -> dict[str, list[Run]]:
    """Return the runs of each engine in turns; an engine that failed is not run again."""
    found: dict[str, list[Run]] = {e: [] for e in engines}
    for _ in range(runs):
        for engine in engines:
            if not any(r.reason for r in found[engine]):
                found[engine].append(run(asked.command(engine), asked.caps))
    return found


def compared(asked: Asked, engines: list[str], reference: str) -> dict[str, tuple[bool | None, str]]:
    """Close once more with each engine, untimed, and compare; returns the verdict and what is to be said."""
    found: dict[str, tuple[bool | None, str]] = {}
    missing = ""
    wide = Caps(asked.caps.seconds * 2, asked.caps.mebibytes * 2)  # writing the closure takes time and memory too
    for engine in dict.fromkeys([reference, *engines]):
        written = run([*asked.command(engine), "--keep", str(asked.kept(engine))], wide)
        if engine == reference:
            missing = written.reason
        if written.reason:
            found[engine] = None, f"not compared: {written.reason}"
        elif engine == reference:
            found[engine] = True, f"is the reference: {written.told['compared']} triples compared"
        elif missing:
            found[engine] = None, f"not compared: the reference {reference}: {missing}"
        else:
            command = [sys.executable, str(HERE / "equality.py"), str(asked.kept(reference)), str(asked.kept(engine))]
            verdict = run(command, wide)
            equal = verdict.told.get("equal")
            found[engine] = equal, "" if equal else verdict.told.get("told", f"not compared: {verdict.reason}")
        if engine != reference:
            asked.kept(engine).unlink(missing_ok=True)
    return found


def result(asked: Asked, engine: str, runs: list[Run], verdict: tuple[bool | None, str]) -> Result:
    """Sum up the runs of one engine."""
    reason = next((r.reason for r in runs if r.reason), "")
    if engine == "purrdf" and asked.purrdf_python == sys.executable and reason and sys.version_info < (3, 13):
        reason = _ADVICE
    if reason:
        peak = max(r.peak_mib for r in runs) if "cap" in reason else None
        return Result(engine, _version(asked, engine), asked.size, None, None, peak, None, None, None, reason)
    first = runs[0].told
    measured = {
        "rules_s": (4, [r.told["rules_s"] for r in runs]),
        "wall_s": (3, [r.wall_s for r in runs]),
        "peak_mib": (1, [r.peak_mib for r in runs]),
    }
    rules, wall, peak = (round(median(values), places) for places, values in measured.values())
    notes = [first["note"], verdict[1], _spread(measured) if len(runs) > 1 else "one run"]
    return Result(
        engine, first["version"], asked.size, rules, wall, peak, first["facts_in"], first["facts_out"], verdict[0],
        "; ".join(n for n in notes if n),
    )  # fmt: skip


def _spread(measured: dict[str, tuple[int, list[float]]]) -> str:
    """Say of how many runs there are medians, and how far the runs lie apart."""
    found = {name: (places, spread(values)) for name, (places, values) in measured.items()}
    told_each = [f"{name} {s['min']:.{places}f} to {s['max']:.{places}f}" for name, (places, s) in found.items()]
    runs = next(iter(found.values()))[1]["runs"]
    return f"median of {runs}: {', '.join(told_each)}"


def _version(asked: Asked, engine: str) -> str:
    """Return the version of an engine that did not tell its own."""
    code = (
        "import json, sys; from importlib.metadata import version; json.dump({'v': version(sys.argv[1])}, sys.stdout)"
    )
    return str(run([asked.command(engine)[0], "-c", code, PACKAGES[engine]], asked.caps).told.get("v", "not installed"))


def lost(results: list[Result]) -> list[str]:
    """Say where a peer is better than ours, for each size and measure; engines of Postholder are no peers."""
    found = []
    for own in (r for r in results if r.engine == "ours" and r.wall_s is not None):
        for peer in (r for r in results if r.size == own.size and PACKAGES[r.engine] != "postholder"):
            for name in _MEASURES:
                mine, theirs = getattr(own, name), getattr(peer, name)
                if peer.wall_s is not None and theirs < mine:
                    found.append(f"{own.size} {name}: {peer.engine} {theirs:g}, ours {mine:g}")
    return found


def _cell(value: float | None, places: int, width: int) -> str:
    return f"{'-' if value is None else f'{value:.{places}f}':>{width}}"


def table(results: list[Result]) -> None:
    """Print the results as a table: `x` columns are the measure divided by ours."""
    ours = {r.size: r for r in results if r.engine == "ours"}
    print(
        f"{'size':<8} {'engine':<12} {'version':<10} {'rules s':>9} {'x':>7} {'wall s':>9} {'x':>7} {'MiB':>8} {'x':>6}"
        f" {'facts in':>9} {'facts out':>10} {'equal':>5}  note"
    )
    for r in results:
        cells = ""
        for name, places, width, wide in (("rules_s", 3, 9, 7), ("wall_s", 2, 9, 7), ("peak_mib", 0, 8, 6)):
            value, own = getattr(r, name), getattr(ours.get(r.size), name, None)
            cells += f" {_cell(value, places, width)} {_cell(value / own if value and own else None, 1, wide)}"
        equal = {None: "-", True: "yes", False: "NO"}[r.equal_to_reference]
        facts = f"{_cell(r.facts_in, 0, 9)} {_cell(r.facts_out, 0, 10)}"
        print(f"{r.size:<8} {r.engine:<12} {r.version:<10}{cells} {facts} {equal:>5}  {r.note}")
    if any(r.engine == "ours" and r.wall_s is not None for r in results):
        cells_lost = lost(results)
        print("cells we lose:" if cells_lost else "cells we lose: none of those measured here")
        for cell in cells_lost:
            print(f"  {cell}")
    else:
        print("cells we lose: not told, ours did not run")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Compare closure engines, file in, queryable closure out.")
    parser.add_argument(
        "--size", nargs="+", default=["10k"], metavar="N", help="triples, such as 10k, 1M (default 10k)"
    )
    parser.add_argument("--engines", default=",".join(ENGINES), help="names with commas between (default: all)")
    parser.add_argument("--flavour", choices=FLAVOURS, default="workload")
    parser.add_argument("--runs", type=int, help=f"runs of each engine (default {_RUNS}, 1 from {_LARGE} triples)")
    parser.add_argument("--timeout", type=float, default=600, help="cap on the seconds of a run (default 600)")
    parser.add_argument("--memory", type=int, default=8192, help="cap on the MiB of a run (default 8192)")
    parser.add_argument("--reference", default="sparq-rdf", help="engine to be equal to, or none (default sparq-rdf)")
    parser.add_argument("--file", type=Path, help="close this N-Triples file instead of a made-up one")
    parser.add_argument("--counted", help="with --file: IRI of the inferred property to count")
    parser.add_argument("--asked", help="with --file: IRI of the thing to look up")
    parser.add_argument("--things", help="with --file: what the IRIs of instances begin with")
    parser.add_argument("--purrdf-python", default=sys.executable, help="interpreter that has purrdf")
    parser.add_argument("--folder", type=Path, help="keep inputs and the reference's closure here")
    parser.add_argument("--json", action="store_true", help="print JSON lines instead of a table")
    args = parser.parse_args()
    args.engines = list(dict.fromkeys(args.engines.split(",")))
    unknown = [e for e in (*args.engines, args.reference) if e not in ENGINES and e != NO_REFERENCE]
    if unknown or NO_REFERENCE in args.engines:
        parser.error(f"no engine is called {', '.join(unknown) or NO_REFERENCE}; there are {', '.join(ENGINES)}")
    if (args.runs is not None and args.runs < 1) or args.timeout <= 0 or args.memory < 1:
        parser.error("runs, timeout and memory are more than nothing")
    if args.file and not (args.counted and args.asked and args.things):
        parser.error("--file needs --counted, --asked and --things")
    if args.file and not args.file.is_file():
        parser.error(f"{args.file} is no file")
    try:
        args.sizes = {size: size_of(size) for size in args.size}
    except argparse.ArgumentTypeError as error:
        parser.error(str(error))
    return args


def inputs(args: argparse.Namespace, folder: Path) -> list[tuple[Asked, int]]:
    """Return what is asked of each file, files that are made up written first, and its size."""
    caps = Caps(args.timeout, args.memory)
    if args.file:
        fixed = Asked(
            args.file, args.file.name, args.counted, args.asked, args.things, caps, args.purrdf_python, folder
        )
        return [(fixed, args.file.stat().st_size // 90)]  # a triple is some 90 bytes long
    found = []
    sizes = {"shipped": 1} if args.flavour == "shipped" else args.sizes  # that one has a size of its own
    for text, size in sizes.items():
        path = folder / f"{args.flavour}-{text}.nt"
        # In a process of its own: memory of this one would count as memory of its children.
        made = run([sys.executable, str(HERE / "generate.py"), "--flavour", args.flavour, "--size", str(size), "--json",
                    str(path)], _FREE)  # fmt: skip
        if made.reason:
            sys.exit(f"the input cannot be made: {made.reason}")
        what = made.told
        asked = Asked(path, text, what["counted"], what["asked"], what["things"], caps, args.purrdf_python, folder)
        found.append((asked, size))
    return found


def main() -> None:
    """Measure and print."""
    args = arguments()
    aside = sys.stderr if args.json else sys.stdout
    print(line(machine()), file=aside)
    watch = "" if watched() else " (this system does not let memory be watched: no cap on it)"
    print(f"caps: {Caps(args.timeout, args.memory).told()}{watch}; reference: {args.reference}", file=aside)
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for asked, size in inputs(args, folder):
            found = measure(asked, args.engines, args.runs or (1 if size >= _LARGE else _RUNS))
            ran = [e for e in args.engines if not any(r.reason for r in found[e])]
            verdicts = compared(asked, ran, args.reference) if args.reference != NO_REFERENCE and ran else {}
            for engine in args.engines:
                one = result(asked, engine, found[engine], verdicts.get(engine, (None, "")))
                results.append(one)
                if args.json:
                    print(json.dumps(asdict(one)), flush=True)
    if not args.json:
        table(results)


if __name__ == "__main__":
    main()
