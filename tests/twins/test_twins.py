"""Cypher twins: every question on reporting and appointments has one, and it says the same as its question."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from postholder import resources, terms
from postholder.errors import ParseError
from postholder.export.names import Names
from postholder.export.vocabulary import Vocabulary
from postholder.graph import local_name
from postholder.queries import catalog

if TYPE_CHECKING:
    from pathlib import Path

    from postholder.api import KnowledgeGraph
    from postholder.queries.catalog import Question

QUESTIONS = catalog.every(resources.queries_folder())
TWINS = [q for q in QUESTIONS if q.cypher]
CHANGES = {"CREATE", "MERGE", "SET", "DELETE", "REMOVE", "DETACH", "DROP", "LOAD", "CALL", "FOREACH", "USE"}


def code(question: Question) -> str:
    """Return the text of a twin without comments and texts."""
    return re.sub(r"'[^']*'", "''", re.sub(r"(?m)^//.*\n", "", question.cypher))


def named(pattern: str) -> set[str]:
    """Return what all twins name by a pattern."""
    return {name for q in TWINS for found in re.findall(pattern, code(q)) for name in found.split("|")}


def test_every_question_on_reporting_and_appointments_has_a_twin() -> None:
    wanted = {q.name for q in QUESTIONS if q.topic in {"reporting", "appointments"}}
    assert len(wanted) > 20
    assert wanted <= {q.name for q in TWINS}


def test_no_twin_without_its_question() -> None:
    twins = {p.stem for p in resources.queries_folder().rglob("*.cypher")}
    assert twins == {q.name for q in TWINS}


@pytest.mark.parametrize("question", TWINS, ids=lambda q: q.name)
def test_a_twin_begins_with_the_question_and_its_parameters(question: Question) -> None:
    first, *rest = question.cypher.splitlines()
    assert first == f"// {question.summary}"
    told = [m[1] for line in rest if (m := re.match(r"// \$(\w+): ", line))]
    assert told == [p.name for p in question.parameters]
    assert set(re.findall(r"\$(\w+)", code(question))) == set(told)


@pytest.mark.parametrize("question", TWINS, ids=lambda q: q.name)
def test_a_twin_reads_only_and_orders_its_rows(question: Question) -> None:
    text = code(question)
    assert not CHANGES & set(re.findall(r"\b[A-Z]+\b", text))
    assert ";" not in text
    last = text[text.rindex("\nRETURN ") :]
    assert "\nORDER BY " in last
    assert all(len(line) <= 120 for line in question.cypher.splitlines())


def test_twins_name_what_the_export_can_make(shipped: KnowledgeGraph) -> None:
    ontology = [t.triple for t in shipped.quads if getattr(t.graph_name, "value", "") == terms.ONTOLOGY_GRAPH]
    vocabulary = Vocabulary(ontology)
    names = Names(vocabulary, shipped.inputs.prefixes)
    labels, types = named(r"\(\w*:([A-Z][A-Za-z|]*)"), named(r"\[\w*:([A-Z_|]+)")
    assert len(labels) > 10
    assert len(types) > 20
    assert labels <= set(names.labels.values())
    properties = {*vocabulary.object_properties, *(terms.ORG + n for n in ("holds", "reportsTo"))}
    assert types <= set(names.relations(properties).values())


@pytest.mark.parametrize(
    ("above", "listed"),
    [
        ("Person", "Person|UnidentifiedPerson"),
        ("Unit", "Business|Center|Company|Sector|Team|Unit|UnspecifiedUnits"),
    ],
)
def test_labels_stand_for_a_class_and_all_below_it(above: str, listed: str, shipped: KnowledgeGraph) -> None:
    """A database with one label a node does not know what is below what."""
    ontology = [t.triple for t in shipped.quads if getattr(t.graph_name, "value", "") == terms.ONTOLOGY_GRAPH]
    classes = Vocabulary(ontology).classes
    assert {local_name(c) for c in classes if c == terms.PH + above or terms.PH + above in classes[c]} == set(
        listed.split("|")
    )
    assert any(f":{listed}" in q.cypher for q in TWINS)


def test_a_twin_that_cannot_be_read(tmp_path: Path) -> None:
    source = resources.queries_folder() / "reporting" / "span-of-control.rq"
    (tmp_path / "reporting").mkdir()
    query = tmp_path / "reporting" / source.name
    query.write_bytes(source.read_bytes())
    assert catalog.read(query).cypher == ""
    query.with_suffix(".cypher").write_bytes(b"// \xff")
    with pytest.raises(ParseError, match="cannot read the Cypher twin"):
        catalog.read(query)
