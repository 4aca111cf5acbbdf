"""The tests themselves: each is collected, each folder of examples holds some, none is skipped in silence."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SOURCE = TESTS.parent / "src" / "postholder"
# Folders of examples, and what runs them.
EXAMPLES = {
    "answers": "answers/test_answers.py",
    "checks": "validation/test_house.py",
    "entailments": "closure/test_reference.py",
    "shapes": "validation/test_shacl.py",
}
# Tests of the project as a whole, which mirror no module.
WHOLE = {
    "closure/test_oracles.py", "closure/test_rl.py", "test_benchmarks.py", "test_boundaries.py", "test_docs.py",
    "test_five_documents.py", "test_no_article_text.py", "test_tests.py", "test_tree.py", "test_worlds.py",
}  # fmt: skip
# One body over all modules of a folder.
BODIES = {
    "answers/test_answers.py", "push/test_engines.py", "stores/test_stores.py", "twins/test_engines.py",
    "twins/test_twins.py",
}  # fmt: skip


def files() -> list[Path]:
    return sorted(p for p in TESTS.rglob("*.py") if "__pycache__" not in p.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions_of(path: Path) -> list[str]:
    """Return the names of the test functions of a file, methods included."""
    return [
        n.name
        for n in ast.walk(tree(path))
        if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name.startswith("test_")
    ]


def test_every_test_is_collected() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", str(TESTS)],
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    collected = {
        (line.split("::")[0], line.split("::")[-1].split("[")[0]) for line in done.stdout.splitlines() if "::" in line
    }
    written = {
        (path.relative_to(TESTS.parent).as_posix(), name)
        for path in files()
        for name in functions_of(path)
        if not isinstance(_outer(path, name), ast.FunctionDef)
    }
    assert len(written) > 300
    assert written - collected == set()


def _outer(path: Path, name: str) -> ast.AST | None:
    """Return the function in which a function of this name stands, if any."""
    for outer in ast.walk(tree(path)):
        if isinstance(outer, ast.FunctionDef) and any(
            isinstance(n, ast.FunctionDef) and n.name == name and n is not outer for n in ast.walk(outer)
        ):
            return outer
    return None


@pytest.mark.parametrize("path", files(), ids=lambda p: p.relative_to(TESTS).as_posix())
def test_a_file_of_tests_has_tests_under_names_of_their_own(path: Path) -> None:
    names = functions_of(path)
    if path.name.startswith("test_"):
        assert names
    else:
        assert path.name == "conftest.py" or not names, "a file that defines tests is called test_*.py"
    twice = [n for n, count in Counter(names).items() if count > 1]
    assert twice == [], "the second definition hides the first"


def test_no_folder_is_empty() -> None:
    folders = [p for p in TESTS.rglob("*") if p.is_dir() and p.name not in {"__pycache__", ".hypothesis"}]
    assert len(folders) > 50
    assert [str(p) for p in folders if not any(c.name != "__pycache__" for c in p.iterdir())] == []


def test_every_folder_of_examples_is_run() -> None:
    for folder, runner in EXAMPLES.items():
        assert (TESTS / folder).is_dir()
        text = (TESTS / runner).read_text(encoding="utf-8")
        assert f'"{folder}"' in text or (TESTS / runner).parent.name == folder


def test_tests_stand_at_the_path_of_what_they_test() -> None:
    checked = 0
    for path in files():
        name = path.relative_to(TESTS).as_posix()
        if not path.name.startswith("test_") or name in WHOLE | BODIES:
            continue
        module = SOURCE / path.parent.relative_to(TESTS) / path.name.removeprefix("test_")
        assert module.is_file() or module.with_suffix("").is_dir(), f"{name}: there is no {module}"
        checked += 1
    assert checked > 30


def test_every_module_has_its_tests() -> None:
    mirrored = {
        "closure/base.py": "closure/test_reference.py",
        "closure/expressions.py": "closure/test_compiler.py",
        "closure/joins.py": "closure/test_machine.py",
        "closure/owlrl_worker.py": "closure/test_reference.py",
        "closure/program.py": "closure/test_compiler.py",
        "closure/proofs.py": "closure/test_prover.py",
        "closure/reader.py": "closure/test_compiler.py",
        "closure/relations.py": "closure/test_machine.py",
        "stores/base.py": "stores/test_stores.py",
        "stores/oxigraph.py": "stores/test_stores.py",
        "stores/rdflib.py": "stores/test_stores.py",
        "__main__.py": "cli/test_main.py",
        "comparisons/judged.py": "comparisons/test_comparison.py",
        "comparisons/labels.py": "comparisons/test_comparison.py",
        "comparisons/occupants.py": "comparisons/test_comparison.py",
        "comparisons/said.py": "comparisons/test_comparison.py",
        "comparisons/triples.py": "comparisons/test_comparison.py",
        "explanations/checking/days.py": "explanations/checking/test_check.py",
        "explanations/checking/names.py": "explanations/checking/test_check.py",
        "explanations/plain_data.py": "explanations/checking/test_check.py",
        "explanations/explanation.py": "explanations/test_explainer.py",
        "explanations/grounds.py": "explanations/test_explainer.py",
        "explanations/worlds.py": "explanations/test_explainer.py",
        "explanations/words.py": "explanations/test_desk.py",
        "export/base.py": "export/test_formats.py",
        "export/cells.py": "export/test_neo4j_csv.py",
        "export/things.py": "export/test_links.py",
        "push/base.py": "push/test_push.py",
        "readings/contexts.py": "readings/test_facts.py",
        "readings/links.py": "readings/test_facts.py",
        "readings/stated.py": "readings/test_facts.py",
    }
    missing = []
    modules = [p for p in SOURCE.rglob("*.py") if p.name != "__init__.py"]
    assert len(modules) > 130
    for module in modules:
        name = module.relative_to(SOURCE).as_posix()
        test = mirrored.get(name) or (module.parent.relative_to(SOURCE) / f"test_{module.name}").as_posix()
        if not (TESTS / test).is_file():
            missing.append(name)
    assert missing == []
    assert [name for name in mirrored if not (SOURCE / name).is_file()] == []


def _marks(path: Path) -> list[tuple[str, ast.Call | None, int]]:
    """Return each use of skip, skipif, xfail and importorskip: its name, its call and its line."""
    names = {"skip", "skipif", "xfail", "importorskip"}
    calls = {id(n.func): n for n in ast.walk(tree(path)) if isinstance(n, ast.Call)}
    return [
        (node.attr, calls.get(id(node)), node.lineno)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in names
    ]


def test_nothing_is_skipped_without_a_reason() -> None:
    silent = []
    for path in files():
        for name, call, line in _marks(path):
            told = call is not None and (
                any(k.arg == "reason" for k in call.keywords) or (name in {"skip", "xfail"} and bool(call.args))
            )
            if not told:
                silent.append(f"{path.name}:{line}: {name}")
    assert silent == []


def test_reasons_for_skipping_would_be_missed() -> None:
    """The search above does find what it is for."""
    text = (
        "import pytest\n@pytest.mark.skip\ndef test_a(): pytest.skip()\n@pytest.mark.skipif(True)\ndef test_b(): ...\n"
    )
    module = ast.parse(text)
    found = [n for n in ast.walk(module) if isinstance(n, ast.Attribute) and n.attr in {"skip", "skipif"}]
    assert len(found) == 3


def test_only_the_article_and_servers_may_be_missing() -> None:
    """Tests that need the article, a server or a package of the `slow` extra ask for it by a fixture that tells why."""
    skips = [
        path.relative_to(TESTS).as_posix()
        for path in files()
        for name, _, _ in _marks(path)
        if name in {"skip", "importorskip"}
    ]
    assert set(skips) <= {
        "conftest.py", "export/test_ftm.py", "push/conftest.py", "test_tests.py", "twins/conftest.py",
    }  # fmt: skip
