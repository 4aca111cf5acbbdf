"""The closure benchmark: its inputs are the same every time, it compares, and what cannot run says why."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from postholder import terms
from postholder.closure.profile import logical, outside_profile
from postholder.graph import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent.parent / "benchmarks" / "closure"
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
    done = script("run.py", "--size", "1k", "--engines", "ours,sparq-rdf", "--runs", "1")
    assert done.returncode == 0, done.stderr
    assert "caps: 600 s and 8192 MiB a run" in done.stdout
    assert "cells we lose" in done.stdout
    assert done.stdout.startswith("cpu ")


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
