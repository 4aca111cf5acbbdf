"""The benchmarks: inputs are the same every time, numbers come with what they depend on, what cannot run says why."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from postholder import terms
from postholder.closure.profile import logical, outside_profile
from postholder.graph import text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from postholder.api import KnowledgeGraph

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
FOLDER = BENCHMARKS / "closure"
KEYS = [
    "engine", "version", "size", "rules_s", "wall_s", "peak_mib", "facts_in", "facts_out", "equal_to_reference", "note",
]  # fmt: skip
X = "https://example.org/id/"


def script(name: str, *arguments: str, seed: str = "0") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, str(FOLDER / name), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=300)


@pytest.fixture(scope="module")
def generate(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    folder = tmp_path_factory.mktemp("inputs")

    def made(flavour: str, size: str, seed: str = "0") -> Path:
        path = folder / f"{flavour}-{size}-{seed}.nt"
        done = script("generate.py", "--flavour", flavour, "--size", size, str(path), seed=seed)
        assert done.returncode == 0, done.stderr
        return path

    return made


def read(path: Path) -> list[Triple]:
    return [q.triple for q in parse(path=str(path), format=RdfFormat.N_TRIPLES)]


@pytest.mark.parametrize("flavour", ["workload", "postholder", "shipped"])
def test_an_input_is_the_same_every_time(flavour: str, generate: Callable[..., Path]) -> None:
    one, other = generate(flavour, "6k", "1"), generate(flavour, "6k", "2")
    assert one.read_bytes() == other.read_bytes()
    triples = read(one)
    assert len(triples) > 3000
    assert len(set(triples)) == len(triples)


@pytest.mark.parametrize("flavour", ["workload", "postholder"])
def test_an_input_has_about_the_size_asked_for(flavour: str, generate: Callable[..., Path]) -> None:
    sizes = [len(read(generate(flavour, size))) for size in ("6k", "20k")]
    assert 6000 <= sizes[0] < 6600
    assert 20_000 <= sizes[1] < 21_000


def test_the_workload_has_all_that_it_is_for(generate: Callable[..., Path]) -> None:
    triples = read(generate("workload", "20k"))
    used = {text_of(term).rpartition("#")[2] for t in triples for term in (t.predicate, t.object)}
    wanted = {
        "subClassOf", "subPropertyOf", "inverseOf", "SymmetricProperty", "TransitiveProperty", "propertyChainAxiom",
        "domain", "range", "FunctionalProperty", "InverseFunctionalProperty", "hasKey", "someValuesFrom", "hasValue",
        "intersectionOf", "disjointWith", "AllDisjointClasses", "IrreflexiveProperty",
    }  # fmt: skip
    assert wanted - used == set()
    assert outside_profile(logical(t for t in triples if not str(t.subject).startswith(f"<{X}"))) == []
    assert any("-again>" in str(t.subject) for t in triples), "a person has a second name"


def run(*arguments: str) -> list[dict[str, Any]]:
    done = script("run.py", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    assert re.match(rf"cpu .*, python [\d.]+, postholder {terms.VERSION}, .*\ncaps: \d+ s and \d+ MiB", done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_engines_are_compared_side_by_side() -> None:
    owlrl, sparq = run("--size", "1k", "--engines", "owlrl,sparq-rdf", "--runs", "1")
    for found, engine in ((owlrl, "owlrl"), (sparq, "sparq-rdf")):
        assert list(found) == KEYS
        assert found["engine"] == engine
        assert found["size"] == "1k"
        assert found["wall_s"] > found["rules_s"] > 0
        assert found["peak_mib"] > 1
        assert found["facts_out"] > found["facts_in"] > 999
        assert found["equal_to_reference"] is True
    assert "kept from it" in owlrl["note"]
    assert "one run" in owlrl["note"]
    assert "is the reference" in sparq["note"]


def test_a_file_of_ones_own_is_closed_and_differences_are_told(tmp_path: Path) -> None:
    path = tmp_path / "own.nt"
    lines = [
        f"<{X}C> <{terms.OWL}hasKey> _:l .",
        f"_:l <{terms.RDF}first> <{X}p> .",
        f"_:l <{terms.RDF}rest> <{terms.RDF}nil> .",
    ]
    lines += [f'<{X}{n}> <{terms.RDF}type> <{X}C> .\n<{X}{n}> <{X}p> "1" .' for n in "ab"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    given = ["--file", str(path), "--counted", f"{X}p", "--asked", f"{X}a", "--things", X]
    [owlrl] = run(*given, "--engines", "owlrl", "--runs", "1")
    assert owlrl["equal_to_reference"] is False
    assert "2 missing, 0 extra: 2 missing sameAs" in owlrl["note"]


def test_what_cannot_run_says_why(tmp_path: Path) -> None:
    slow, purrdf = run(
        "--size", "3k", "--engines", "owlrl,purrdf", "--runs", "1", "--timeout", "1", "--reference", "none"
    )
    assert slow["wall_s"] is None
    assert slow["note"] == "stopped at the cap of 1 s"
    assert "Python 3.13" in purrdf["note"] or "not installed" in purrdf["note"]
    path = tmp_path / "outside.nt"
    path.write_text(
        f"<{X}p> <{terms.RDF}type> <{terms.OWL}ReflexiveProperty> .\n<{X}a> <{X}p> <{X}b> .\n", encoding="utf-8"
    )
    given = ["--file", str(path), "--counted", f"{X}p", "--asked", f"{X}a", "--things", X]
    [memory] = run(*given, "--engines", "in-memory", "--runs", "1", "--reference", "none")
    assert memory["wall_s"] is None
    assert memory["note"] == "has no rules for ReflexiveProperty"


def test_memory_is_capped() -> None:
    if not Path("/proc/self/statm").is_file():
        assert sys.platform != "linux"
        return
    [found] = run("--size", "20k", "--engines", "owlrl", "--runs", "1", "--memory", "20", "--reference", "none")
    assert found["note"].startswith("stopped at the cap of 20 MiB")
    assert found["wall_s"] is None


def test_the_table_has_ratios_caps_and_what_is_lost() -> None:
    done = script("run.py", "--size", "1k", "--engines", "ours,in-memory,sparq-rdf", "--runs", "2")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("cpu ")
    assert f"postholder {terms.VERSION}" in lines[0]
    assert lines[1] == "caps: 600 s and 8192 MiB a run; reference: sparq-rdf"
    ours = re.fullmatch(r"1k +ours +[\d.]+ +[\d.]+ +1\.0 +[\d.]+ +1\.0 +\d+ +1\.0 +\d+ +\d+ +yes  (.*)", lines[3])
    assert ours is not None, lines[3]
    assert re.fullmatch(
        r"median of 2: rules_s [\d.]+ to [\d.]+, wall_s [\d.]+ to [\d.]+, peak_mib [\d.]+ to [\d.]+", ours[1]
    )
    lost = lines.index("cells we lose:")
    assert any(re.fullmatch(r"  1k peak_mib: sparq-rdf [\d.]+, ours [\d.]+", line) for line in lines[lost:])
    assert not any("in-memory" in line for line in lines[lost:])


@pytest.fixture
def comparing(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script that compares closure engines as a module."""
    monkeypatch.syspath_prepend(FOLDER)
    return importlib.import_module("run")


def test_only_peers_beat_ours(comparing: ModuleType) -> None:
    def told(engine: str, *measures: float | None) -> Any:
        return comparing.Result(engine, "1", "1k", *measures, 1, 1, True, "")

    ours = told("ours", 2.0, 2.0, 90.0)
    others = [told(engine, 1.0, 3.0, 80.0) for engine in ("ours-plain", "in-memory", "owlrl")]
    assert comparing.lost([ours, *others]) == ["1k rules_s: owlrl 1, ours 2", "1k peak_mib: owlrl 80, ours 90"]
    assert comparing.lost([ours, told("owlrl", None, None, 1.0)]) == []
    assert comparing.lost([told("ours", None, None, None), *others]) == []


def test_a_reference_that_fails_is_told_once(
    comparing: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def failing(command: list[str], _caps: object) -> Any:
        return comparing.Run(1, 1, {"compared": 1}, "stopped at the cap of 1 s" if "sparq-rdf" in command else "")

    monkeypatch.setattr(comparing, "run", failing)
    asked = comparing.Asked(tmp_path / "a.nt", "1k", "p", "a", X, comparing.Caps(1, 1), sys.executable, tmp_path)
    found = comparing.compared(asked, ["owlrl", "sparq-rdf"], "sparq-rdf")
    assert found == {
        "sparq-rdf": (None, "not compared: stopped at the cap of 1 s"),
        "owlrl": (None, "not compared: the reference sparq-rdf: stopped at the cap of 1 s"),
    }


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return what all benchmarks share."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("machines")


def test_numbers_come_with_what_they_depend_on(shared: ModuleType) -> None:
    found = shared.machine("pyoxigraph", "nobody-has-this")
    assert list(found) == [
        "cpu", "cores", "memory", "python", "postholder", "pyoxigraph", "nobody-has-this", "system", "load"
    ]  # fmt: skip
    assert found["postholder"] == terms.VERSION
    assert found["nobody-has-this"] == "not installed"
    assert shared.spread([3.0, 1.0, 2.0]) == {"runs": 3, "median": 2.0, "min": 1.0, "max": 3.0}


@pytest.mark.parametrize(("system", "unit"), [("Linux", 1024), ("Darwin", 1)])
def test_peak_memory_is_in_mebibytes(
    system: str, unit: int, shared: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as there:
        there.setattr("platform.system", lambda: system)
        importlib.reload(shared)
    assert shared.peak_mib(SimpleNamespace(ru_maxrss=3 * 2**20 // unit)) == 3
    importlib.reload(shared)
    assert shared.peak_mib() > 10
    texts = {p.name: p.read_text(encoding="utf-8") for p in BENCHMARKS.rglob("*.py")}
    assert [name for name, text in texts.items() if "RUSAGE" in text or ".ru_maxrss" in text] == ["machines.py"]


def test_copies_are_graphs_of_their_own(monkeypatch: pytest.MonkeyPatch, shipped: KnowledgeGraph) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    multiplied = importlib.import_module("copies").multiplied
    one, three = list(multiplied(shipped.quads, 1)), list(multiplied(shipped.quads, 3))
    assert one == list(shipped.quads)
    assert three[: len(one)] == one
    assert len(set(three)) == len(three)
    ours = [q for q in one if str(q.subject).startswith(f"<{terms.ID}post/")]
    again = [q for q in three if str(q.subject).startswith((f"<{terms.ID}post/1-", f"<{terms.ID}post/2-"))]
    assert len(again) == 2 * len(ours) > 1000


def assert_told(text: str, kind: str) -> None:
    """Check that a benchmark tells the machine, the versions and how far its measurements lie apart."""
    told = json.loads(text)
    assert set(told) == {"machine", kind}
    assert told["machine"]["postholder"] == terms.VERSION
    assert told["machine"]["python"]
    assert told[kind]
    for row in told[kind]:
        seconds = row.get("seconds", row)
        for one in [seconds] if "median" in seconds else seconds.values():
            assert 0 < one["min"] <= one["median"] <= one["max"]
            assert one["runs"] >= 1


@pytest.mark.parametrize(
    ("name", "arguments", "kind"),
    [
        ("export.py", ["--quads", "1", "--formats", "nquads", "--runs", "2"], "exports"),
        ("entities.py", ["--persons", "3", "--runs", "1"], "exports"),
        ("views.py", ["--without-shipped", "--persons", "3"], "views"),
    ],
)
def test_each_benchmark_tells_machine_versions_and_spread(name: str, arguments: list[str], kind: str) -> None:
    done = script(f"../{name}", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    assert_told(done.stdout, kind)


def test_starts_are_told_with_their_spread(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    starts = importlib.import_module("cold_start")
    taken = iter(range(1, 100))
    monkeypatch.setattr(starts, "wall", lambda _arguments, _cache: float(next(taken)))
    monkeypatch.setattr("sys.argv", ["cold_start.py", "--rounds", "2", "--builds", "3", "--json"])
    starts.main()
    text = capsys.readouterr().out
    assert_told(text, "seconds")
    assert [row["runs"] for row in json.loads(text)["seconds"]] == [2, 2, 2, 2, 3]
    monkeypatch.setattr("sys.argv", ["cold_start.py", "--rounds", "2"])
    starts.main()
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("cpu ")
    assert told[1].split() == ["wall", "time", "in", "seconds", "runs", "median", "min", "max"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--engines", "nobody"], "no engine is called nobody; there are ours"),
        (["--size", "many"], "many is no size; write a number"),
        (["--runs", "0"], "are more than nothing"),
        (["--file", "x.nt"], "--file needs --counted"),
        (["--file", "missing.nt", "--counted", "x", "--asked", "x", "--things", "x"], "missing.nt is no file"),
    ],
)
def test_bad_arguments_are_told(arguments: list[str], message: str) -> None:
    done = script("run.py", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_an_input_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    done = script("generate.py", str(tmp_path / "no" / "folder.nt"))
    assert done.returncode == 1
    assert "cannot be written" in done.stderr


def test_two_kept_closures_are_compared(tmp_path: Path) -> None:
    one, other, empty = tmp_path / "one", tmp_path / "other", tmp_path / "empty"
    kind = f"<{terms.RDF}type>"
    one.write_text(f"<{X}a> {kind} <{X}C>\n<{X}a> <{X}p> <{X}b>\n", encoding="utf-8")
    other.write_text(f"<{X}a> {kind} <{X}D>\n<{X}a> <{X}p> <{X}b>\n", encoding="utf-8")
    empty.touch()
    same, differing = script("equality.py", str(one), str(one)), script("equality.py", str(one), str(other))
    assert json.loads(same.stdout) == {"equal": True, "told": "equal", "kinds": {}}
    assert json.loads(differing.stdout)["kinds"] == {"missing of class C": 1, "extra of class D": 1}
    refused = script("equality.py", str(one), str(empty))
    assert refused.returncode == 2
    assert "it is missing or empty" in refused.stderr
