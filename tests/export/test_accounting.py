"""The list of losses; what they count is checked in test_property_graph.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.export.accounting import LOSSES

if TYPE_CHECKING:
    from postholder.export.property_graph import PropertyGraph


def test_the_small_dataset_meets_every_loss_in_order(tiny_graph: PropertyGraph) -> None:
    assert [loss.id for loss in tiny_graph.losses()] == [loss.id for loss in LOSSES]


def test_each_says_what_to_do_instead() -> None:
    assert all(loss.what and loss.instead and loss.count is None for loss in LOSSES)
    assert LOSSES[0].as_dict() == {"id": "vocabulary", "what": LOSSES[0].what, "instead": LOSSES[0].instead}
