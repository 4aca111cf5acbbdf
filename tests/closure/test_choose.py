"""Ours when every axiom has its rules, the reference when one has not."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from postholder import terms
from postholder.closure.choose import engine_for
from postholder.closure.profile import logical
from postholder.settings import MEBIBYTE, Settings
from postholder.sources import inputs

SETTINGS = Settings(Path(), engine_seconds=60)
HEAD = f"@prefix ex: <http://x/> . @prefix owl: <{terms.OWL}> . @prefix rdfs: <{terms.RDFS}> . "


def ex(text: str) -> list[Triple]:
    return [q.triple for q in parse(HEAD + text, format=RdfFormat.TURTLE)]


def test_the_shipped_ontology_is_closed_by_our_engine() -> None:
    assert engine_for(logical(inputs.load(None, MEBIBYTE).ontology), SETTINGS).name == "postholder"


def test_without_axioms_ours_does() -> None:
    assert engine_for([], SETTINGS).name == "postholder"


@pytest.mark.parametrize("text", [
    "ex:p a owl:FunctionalProperty , owl:ObjectProperty .",
    "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:allValuesFrom ex:D ] .",
    "ex:C owl:hasKey ( ex:p ) .",
])  # fmt: skip
def test_one_axiom_without_rules_makes_it_the_reference(text: str) -> None:
    assert engine_for(ex("ex:C rdfs:subClassOf ex:D . " + text), SETTINGS).name == "owlrl"


def test_the_chosen_engine_does_what_ours_cannot() -> None:
    axioms = ex("ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:allValuesFrom ex:D ] .")
    [found] = engine_for(axioms, SETTINGS).close(axioms, ex("ex:a a ex:C ; ex:p ex:b ."), [])
    assert [t.object for t in found.inferred] == [NamedNode("http://x/D")]


def test_the_limit_of_time_is_handed_on() -> None:
    assert engine_for([], Settings(Path(), engine_seconds=7))._seconds == 7  # type: ignore[attr-defined]
