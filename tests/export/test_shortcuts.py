"""The dates behind a plain link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from postholder import terms
from postholder.export.links import Links
from postholder.export.names import Names
from postholder.export.shortcuts import BOUNDS, PATHS, Ways, interval
from postholder.export.things import Things
from postholder.export.vocabulary import Vocabulary
from postholder.export.world import ALWAYS, World

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from postholder.api import KnowledgeGraph

ID, ORG = terms.ID, terms.ORG
EARLIEST_START, LATEST_START, EARLIEST_END, LATEST_END = BOUNDS


def day(**bounds: str) -> dict[str, str]:
    return {terms.PH + name: text for name, text in bounds.items()}


@pytest.fixture(scope="module")
def ways(tiny: list[Quad]) -> Ways:
    world = World(tiny)
    Things(world, Names(world.vocabulary, {}).labels)
    return Ways(Links(world))


def test_every_step_and_bound_is_a_term_of_the_vocabulary(shipped: KnowledgeGraph) -> None:
    known = Vocabulary(shipped.inputs.ontology)
    steps = {terms.PH + step[1:] for paths in PATHS.values() for path in paths for step in path}
    assert len(steps) > 5
    assert steps <= set(known.object_properties)
    assert set(BOUNDS) <= set(known.datatype_properties)


def test_two_terms_in_one_post_are_two_ways(ways: Ways) -> None:
    found = ways.behind((ID + "person/ann", ORG + "holds", ID + "post/chief"), ALWAYS)
    assert [w.via for w in found] == [(ID + "appointment/a1",), (ID + "appointment/a2",)]
    assert [len(w.claims) for w in found] == [1, 0]


def test_a_way_between_persons_leads_over_both_appointments(ways: Ways) -> None:
    found = ways.behind((ID + "person/eve", ORG + "reportsTo", ID + "person/ann"), ALWAYS)
    assert [w.via for w in found] == [
        (ID + "appointment/a3", ID + "reporting/r", ID + "appointment/a1"),
        (ID + "appointment/a3", ID + "reporting/r", ID + "appointment/a2"),
    ]


def test_a_way_holds_only_under_its_reading(ways: Ways) -> None:
    key = (ID + "person/ann", ORG + "holds", ID + "post/clerk")
    assert ways.behind(key, ALWAYS) == []
    under = frozenset({NamedNode(ID + "interpretation/ann")})
    assert [w.via for w in ways.behind(key, under)] == [(ID + "appointment/x",)]
    assert ways.by_reading(key, ALWAYS).claims == {f"{ID}claim/c2"}


def test_what_is_stated_has_no_way(ways: Ways) -> None:
    key = (ID + "post/chief", terms.PH + "heads", ID + "unit/low")
    assert ways.behind(key, ALWAYS) == []
    assert ways.by_reading(key, ALWAYS).claims == frozenset()


def test_the_common_time_of_two_relations() -> None:
    one = day(earliestStart="2020-01-01", latestStart="2020-03-01", earliestEnd="2022-01-01", latestEnd="2022-06-01")
    two = day(earliestStart="2019-01-01", latestStart="2020-04-01", earliestEnd="2021-01-01", latestEnd="2023-01-01")
    assert interval([one, two]) == {
        EARLIEST_START: "2020-01-01",
        LATEST_START: "2020-04-01",
        EARLIEST_END: "2021-01-01",
        LATEST_END: "2022-06-01",
    }


def test_an_unknown_bound_leaves_open_what_it_decides() -> None:
    known = day(earliestStart="2020-01-01", latestStart="2020-03-01", earliestEnd="2022-01-01", latestEnd="2022-06-01")
    assert interval([known, {}]) == {EARLIEST_START: "2020-01-01", LATEST_END: "2022-06-01"}
    assert interval([{}, {}]) == {}


def test_relations_that_only_touch_have_no_common_time() -> None:
    assert interval([day(latestEnd="2020-01-01"), day(earliestStart="2020-01-01")]) is None
    assert interval([day(latestEnd="2020-01-02"), day(earliestStart="2020-01-01")]) is not None
    assert interval([day(latestEnd="2019-01-01", earliestStart="2020-01-01")]) is not None
