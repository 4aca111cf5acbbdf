"""The ontology's own house rules: each finds what is dirty, passes what is clean, on both stores."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat

from postholder import resources
from postholder.errors import ParseError
from postholder.graph import quads_of
from postholder.settings import MEBIBYTE
from postholder.sources import inputs
from postholder.sources.rdf import parse_text
from postholder.stores.oxigraph import OxigraphStore
from postholder.stores.rdflib import RdflibStore
from postholder.validation import house

if TYPE_CHECKING:
    from postholder.stores.base import Store

HERE = Path(__file__).parent.parent / "checks"
CHECKS = {c.name: c for c in house.load(resources.ontology_folder() / "checks")}
STORES: list[type[OxigraphStore | RdflibStore]] = [OxigraphStore, RdflibStore]


def store(path: Path, make: type[OxigraphStore | RdflibStore]) -> Store:
    form = RdfFormat.TRIG if path.suffix == ".trig" else RdfFormat.TURTLE
    return make(parse_text(path.read_text(encoding="utf-8"), path.name, form))


def announced(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    found = re.findall(r"^# expect: <([^>]+)>$", text, re.MULTILINE)
    assert len(found) == text.count("# expect"), f"{path}: an `# expect:` line is not understood"
    assert len(found) == len(set(found))
    return set(found)


def test_every_check_has_its_two_ontologies_and_no_folder_is_stray() -> None:
    assert len(CHECKS) > 15
    assert {p.name for p in HERE.iterdir()} == set(CHECKS)
    for name in CHECKS:
        assert sorted(p.name for p in (HERE / name).iterdir()) == ["clean.ttl", "dirty.ttl"], name


@pytest.mark.parametrize("make", STORES, ids=lambda m: m.name)
@pytest.mark.parametrize("name", CHECKS)
def test_a_clean_ontology_passes(name: str, make: type[OxigraphStore | RdflibStore]) -> None:
    path = HERE / name / "clean.ttl"
    assert path.read_text(encoding="utf-8").strip()
    assert house.run(CHECKS[name], store(path, make)) == []


@pytest.mark.parametrize("make", STORES, ids=lambda m: m.name)
@pytest.mark.parametrize("name", CHECKS)
def test_a_dirty_ontology_gives_exactly_what_it_announces(name: str, make: type[OxigraphStore | RdflibStore]) -> None:
    path = HERE / name / "dirty.ttl"
    expected = announced(path)
    assert expected
    assert {entity for entity, _ in house.run(CHECKS[name], store(path, make))} == expected


@pytest.mark.parametrize("name", CHECKS)
def test_both_stores_agree_on_values_too(name: str) -> None:
    path = HERE / name / "dirty.ttl"
    assert house.run(CHECKS[name], store(path, OxigraphStore)) == house.run(CHECKS[name], store(path, RdflibStore))


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_reads_as_a_rule(name: str) -> None:
    check = CHECKS[name]
    assert check.title
    assert check.problem.endswith(".")
    assert check.remedy.endswith(".")
    assert "?entity" in check.text
    assert "ORDER BY" in check.text


@cache
def shipped() -> OxigraphStore:
    found = inputs.load(None, MEBIBYTE)
    shapes = [q.triple for f in found.shapes for q in f.quads]
    return OxigraphStore(quads_of([*found.ontology, *shapes, *(q.triple for q in found.fact_quads)]))


@pytest.mark.parametrize("name", CHECKS)
def test_our_own_house_is_clean(name: str) -> None:
    assert house.run(CHECKS[name], shipped()) == []


HEADER = "#+ title: t\n#+ problem: P.\n#+ remedy: R.\n#+ severity: {}\n"


def test_checks_come_in_name_order(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.rq").write_text(HEADER.format("info") + "SELECT ?entity {}", encoding="utf-8")
    assert [(c.name, c.severity) for c in house.load(tmp_path)] == [("a", "info"), ("b", "info")]


def test_an_unknown_severity_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_text(HEADER.format("fatal") + "SELECT ?entity {}", encoding="utf-8")
    with pytest.raises(ParseError, match="severity 'fatal'") as caught:
        house.load(tmp_path)
    assert str(caught.value.place) == "a.rq:1"


def test_rows_are_sorted_and_told_once(tmp_path: Path) -> None:
    query = (
        "SELECT ?entity ?value { VALUES (?entity ?value) { (<http://b> 1) (<http://a> UNDEF) "
        '(<http://b> 1) ("t" "v") } }'
    )
    (tmp_path / "a.rq").write_text(HEADER.format("error") + query, encoding="utf-8")
    [check] = house.load(tmp_path)
    assert house.run(check, OxigraphStore([])) == [("http://a", ""), ("http://b", "1"), ("t", "v")]
