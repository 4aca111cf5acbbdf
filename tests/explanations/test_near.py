"""What is near a triple that does not hold, so that no question ends in a bare no."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from postholder.api import KnowledgeGraph


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("Lu Su", "org:holds", "post/content-ecology-lead"), "The values there are: post/group-cto, post/taobao-cto."),
        (("Dai Shan", "org:reportsTo", "Daofang"), "The other way round it holds."),
        (
            ("Lu Su", "org:reportsTo", "Jialuo"),
            "Nothing like it is known of person/lu-su or person/jialuo.",
        ),
        (
            ("Daofang", "ph:answersUpTo", "Dai Shan"),
            (
                "Nothing like it is known of person/daofang or person/dai-shan. "
                "It is said of things of the kind ph:Post; person/daofang is not known to be one."
            ),
        ),
        (
            ("post/group-cto", "ph:answersUpTo", "Dai Shan"),
            (
                "Nothing like it is known of post/group-cto or person/dai-shan. "
                "It is said with things of the kind ph:Post; person/dai-shan is not known to be one."
            ),
        ),
    ],
)
def test_what_is_near_is_told(shipped: KnowledgeGraph, words: tuple[str, str, str], told: str) -> None:
    found = shipped.explain(*words)
    assert (found.holds, found.explanation.told) == ("not", told)


def test_kinds_of_ours_come_first_and_others_in_short_forms(shipped: KnowledgeGraph) -> None:
    told = shipped.explain("Lu Su", "a", "ph:Unit").explanation.told
    assert told.startswith("The values there are: ph:Person, ")
    assert "foaf:Person" in told
    assert "http" not in told


def test_what_holds_outside_the_view_is_told(shipped: KnowledgeGraph) -> None:
    held = "Daniel Zhang", "org:holds", "post/cloud-intelligence-group-chief-executive"
    told = shipped.view(as_of="2023-10-01").explain(*held)
    assert told.holds == "not"
    assert told.explanation.told == (
        "It is said of: person/eddie-wu. It holds outside this view: leave out the options of the view to see why."
    )
    assert "outside this view" not in str(shipped.view(as_of="2023-10-01").explain("Lu Su", "org:holds", held[2]))
