"""Each quad is carried or counted under one loss: nothing is lost without being listed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from postholder import terms
from postholder.export import ftm, places, popolo, quickstatements
from postholder.export.base import Source
from postholder.graph import DEFAULT, ph, text_of
from postholder.readings import Facts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from pyoxigraph import Quad

    from postholder.api import KnowledgeGraph

    Maker: TypeAlias = type[ftm.Entities | popolo.Popolo | quickstatements.Commands]

MAKERS: dict[str, tuple[Maker, Mapping[str, frozenset[str]]]] = {
    "ftm": (ftm.Entities, ftm._CARRIED),
    "popolo": (popolo.Popolo, popolo._CARRIED),
    "quickstatements": (quickstatements.Commands, quickstatements._CARRIED),
}


@pytest.mark.parametrize("form", MAKERS)
@pytest.mark.parametrize("which", ["shipped", "people"])
def test_all_quads_are_accounted_for(form: str, which: str, people: list[Quad], shipped: KnowledgeGraph) -> None:
    quads = people if which == "people" else list(shipped.quads)
    maker, carried = MAKERS[form]
    made = maker(Source(quads, {}))
    assert "".join(made)
    found = places.account(made.roster, made.written, carried)
    assert found["carried"] > 50
    assert set(found) - {"carried"} <= {loss.id for loss in places.EVERY}
    assert sum(found.values()) == len(set(quads))


def test_what_readings_state_is_told_apart(people: list[Quad]) -> None:
    readings = {q.object for q in people if q.predicate == ph("hasReading")}
    facts = Facts(q for q in people if q.graph_name == DEFAULT or q.graph_name in readings)
    inferred = {q.graph_name for q in people if text_of(q.graph_name).startswith(terms.INFERRED_GRAPH)}
    expected = Counter(
        "set-aside" if not facts.stands(g) else "origin" if q.triple in facts.record else "undecided"  # type: ignore[arg-type]
        for q in people
        if (g := q.graph_name) in readings | inferred and g != NamedNode(terms.INFERRED_GRAPH)
    )
    expected["origin"] += sum(q.graph_name == NamedNode(terms.INFERRED_GRAPH) for q in people)
    assert len(expected) == 3
    made = ftm.Entities(Source(people, {}))
    found = places.account(made.roster, made.written, ftm._CARRIED)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("form", MAKERS)
def test_nothing_undecided_is_written(form: str, shipped: KnowledgeGraph) -> None:
    maker, _ = MAKERS[form]
    made = maker(Source(list(shipped.quads), {}))
    text = "".join(made)
    undecided = {q.subject for q in shipped.quads if q.predicate == ph("holder")} - {
        q.subject for q in shipped.quads if q.predicate == ph("holder") and q.graph_name == DEFAULT
    }
    assert len(undecided) > 5
    for node in undecided:
        assert f'{node.value}"' not in text  # type: ignore[union-attr]
        assert f'ph-appointment.{node.value.rsplit("/", 1)[-1]}"' not in text  # type: ignore[union-attr]
