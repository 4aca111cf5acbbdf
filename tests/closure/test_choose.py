"""Ours closes what fits in memory, whatever the axioms: no rule is known to the reference alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings

import postholder
from ontologies import Case, cases, triples
from postholder.closure import ENGINES, choose
from postholder.closure.choose import engine_for
from postholder.closure.columns import engine as columns
from postholder.closure.memory import MemoryEngine
from postholder.closure.profile import logical
from postholder.closure.reference import ReferenceEngine
from postholder.settings import MEBIBYTE, Settings
from postholder.sources import inputs

if TYPE_CHECKING:
    import pytest

    from postholder.closure.base import Closure, Engine

SETTINGS = Settings(Path(), engine_seconds=60)


def test_the_shipped_ontology_is_closed_by_our_engine() -> None:
    engine = engine_for(SETTINGS)
    assert engine.name == "postholder"
    assert engine.unhandled(logical(inputs.load(None, MEBIBYTE).ontology)) == []


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=cases())
def test_what_the_reference_handles_ours_does(case: Case) -> None:
    theirs = {(u.subject, u.construct) for u in ReferenceEngine(60).unhandled(case.axioms)}
    ours = {(u.subject, u.construct) for u in engine_for(SETTINGS).unhandled(case.axioms)}
    assert ours <= theirs


def test_the_limit_of_time_is_handed_on() -> None:
    assert engine_for(Settings(Path(), engine_seconds=7))._seconds == 7  # type: ignore[attr-defined]


def test_an_engine_can_be_named() -> None:
    assert [engine_for(SETTINGS, name).name for name in (None, *ENGINES)] == ["postholder", "owlrl", "postholder"]


def test_large_graphs_close_in_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[str] = []

    def engine(name: str) -> type[Engine]:
        class Noted(MemoryEngine):
            def close(self, *args: Any) -> list[Closure]:
                closed.append(name)
                return super().close(*args)

        return Noted

    monkeypatch.setattr(choose, "MemoryEngine", engine("memory"))
    monkeypatch.setattr(columns, "ColumnsEngine", engine("tables"))
    monkeypatch.setattr(choose, "LARGE", 2)
    few, many = triples("ex:a a ex:A ."), triples("ex:a a ex:A . ex:b a ex:A .")
    for base, additions in ((few, []), (many, []), (many, [few])):
        assert len(engine_for(SETTINGS).close([], base, additions)) == 1 + len(additions)
    assert closed == ["memory", "tables", "memory"]
    monkeypatch.setattr(choose, "find_spec", lambda _: None)
    engine_for(SETTINGS).close([], many, [])
    assert closed[3:] == ["memory"], "without DuckDB"


def test_a_graph_is_the_same_whichever_engine_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole dataset of the shipped graph, open readings and all."""
    plain = postholder.open(keep=False)
    assert plain.manifest["engine"]["name"] == "postholder"
    monkeypatch.setattr(choose, "FastEngine", columns.ColumnsEngine)
    tables = postholder.open(keep=False)
    assert tables.manifest["engine"]["name"] == "postholder-columns"
    assert tables.quads == plain.quads
