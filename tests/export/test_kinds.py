"""Which classes things have, and which exist for sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad

from postholder import terms
from postholder.export.kinds import sort
from postholder.export.world import World
from postholder.graph import TYPE, ph

if TYPE_CHECKING:
    from postholder.export.spool import Spool

NEW = NamedNode(f"{terms.ID}person/new")


@pytest.fixture(scope="module")
def spool(tiny: list[Quad]) -> Spool:
    world = World(
        [
            *tiny,
            Quad(BlankNode("b"), TYPE, ph("Person")),
            Quad(NEW, TYPE, NamedNode("https://e.example/Person")),
            Quad(ph("Post"), TYPE, ph("Person")),
        ]
    )
    sort(world)
    return world.spool


def classes(spool: Spool, iri: str) -> list[str]:
    return spool.column("SELECT cls FROM kind WHERE iri = ?", iri)


def test_what_exists_in_every_reading_has_the_classes_that_hold(spool: Spool) -> None:
    assert terms.PH + "Person" in classes(spool, f"{terms.ID}person/ann")
    assert not spool.has("SELECT 1 FROM supposed WHERE iri = ?", f"{terms.ID}person/ann")


def test_what_exists_under_an_open_reading_has_the_classes_of_that(spool: Spool) -> None:
    assert classes(spool, f"{terms.ID}appointment/y") == [terms.PH + "Appointment", terms.PH + "TimedRelation"]
    assert spool.has("SELECT 1 FROM supposed WHERE iri = ?", f"{terms.ID}appointment/y")


def test_blank_nodes_foreign_classes_and_terms_of_the_vocabulary_have_none(spool: Spool) -> None:
    assert classes(spool, "_:b") == classes(spool, NEW.value) == classes(spool, terms.PH + "Post") == []
