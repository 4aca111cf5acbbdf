"""The doctor tells what is installed, what was built and what no rule handles."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Any

import pytest

from postholder import doctor, terms
from postholder.doctor import Diagnosis, examine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from postholder.api import KnowledgeGraph


def changed(graph: KnowledgeGraph, **more: Any) -> KnowledgeGraph:
    """Return a graph whose manifest tells something else."""
    built, report = graph._kept
    graph.__dict__["_kept"] = (type(built)(built.quads, {**built.manifest, **more}), report)
    return graph


@pytest.fixture
def small(graph_of: Callable[[str], KnowledgeGraph]) -> KnowledgeGraph:
    return graph_of("claim:1 ph:hasReading reading:1 . reading:1 { unit:x a ph:Unit }")


def test_the_shipped_graph_is_well(shipped: KnowledgeGraph) -> None:
    found = examine(shipped)
    assert found.healthy
    text = str(found)
    assert text.endswith("all well")
    assert f"postholder {terms.VERSION}" in text
    for part in ("rdflib", "owlrl", "pyshacl", "pyoxigraph", "pyyaml"):
        assert f"  {part}: {metadata.version(part)}" in text
    for part in ("duckdb", "neo4j", "pandas", "pyarrow"):  # each of an extra
        assert f"  {part}: {metadata.version(part)}" in text
    for count, name in ((value, name) for name, value in shipped.manifest["counts"].items()):
        assert f"{count} {name}" in text
    assert f"closure: postholder {terms.VERSION}" in found.lines
    assert "axioms that no rule handles: 0" in text
    assert "clashes: 0" in text
    assert "5 facts, 0 skipped" in text
    assert f"rules: {', '.join(shipped.manifest['rules'])}" in text
    assert f"kept in: {shipped.kept_in}" in text


def test_an_unhandled_axiom_is_shown(small: KnowledgeGraph) -> None:
    axiom = {"subject": "ph:Center", "construct": "hasSelf", "reason": "no rule"}
    found = examine(changed(small, **{"unhandled axioms": [axiom]}))
    assert not found.healthy
    assert "    ph:Center: hasSelf: no rule" in found.lines
    assert found.lines[-1] == "SEE ABOVE"


@pytest.mark.parametrize("reading", ["", "A is B"])
def test_a_clash_is_shown_with_its_reading(small: KnowledgeGraph, reading: str) -> None:
    fact = "<urn:x> <urn:is> <urn:two> ."
    found = examine(changed(small, clashes=[{"reading": reading, "clash": "x is two things", "stated": [fact]}]))
    assert not found.healthy
    [place] = [n for n, x in enumerate(found.lines) if "x is two things" in x]
    assert reading in found.lines[place]
    assert found.lines[place + 1].strip() == f"stated: {fact}"


def test_a_missing_part_is_shown(small: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    real = metadata.version

    def absent(name: str) -> str:
        if name in {"pyshacl", "pandas"}:
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(doctor, "version", absent)
    found = examine(small)
    assert not found.healthy
    assert "  pyshacl: MISSING" in found.lines
    assert "  pandas: not installed (optional)" in found.lines


def test_an_optional_part_may_be_missing(small: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    real = metadata.version

    def absent(name: str) -> str:
        if name == "pandas":
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(doctor, "version", absent)
    assert examine(small).healthy


def test_skipped_files_are_shown(tmp_path: Path, prefixed: Callable[[str], str]) -> None:
    from postholder.api import open_graph  # noqa: PLC0415 - the only test that needs it

    (tmp_path / "facts.trig").write_text(prefixed("unit:x a ph:Unit ."), encoding="utf-8")
    (tmp_path / "notes.md").write_text("notes", encoding="utf-8")
    found = examine(open_graph(tmp_path, keep=False))
    assert [x for x in found.lines if x.startswith("  skipped ") and "notes.md" in x]
    assert "1 facts, 1 skipped" in str(found)
    assert "kept in: memory only" in found.lines


def test_a_diagnosis_is_its_lines() -> None:
    assert str(Diagnosis(("a", "b"), healthy=True)) == "a\nb"


def test_every_axiom_is_told_with_its_rule_when_asked(small: KnowledgeGraph) -> None:
    short, long = examine(small).lines, examine(small, axioms=True).lines
    assert any(line.strip().startswith("axioms: ") and "cax-sco" in line for line in short)
    assert len(long) > len(short) + 400
    assert any(
        line.endswith("ph:holderOf http://www.w3.org/2002/07/owl#inverseOf ph:holder: prp-inv1, prp-inv2")
        for line in long
    )
    assert any(line.startswith("    eq-ref: ") for line in long)
