"""The Cypher of a push: names are escaped, data is never part of the text."""

from __future__ import annotations

import pytest

from postholder.push import statements as say

NASTY = "A`) DETACH DELETE n //"
ESCAPED = "`A``) DETACH DELETE n //`"


@pytest.mark.parametrize(
    "text",
    [
        say.constraint(NASTY),
        *say.merge_nodes((NASTY,)),
        *say.merge_nodes((NASTY, NASTY)),
        say.misfits(NASTY),
        *say.remove_nodes(NASTY),
        say.add_labels(NASTY, (NASTY,)),
        say.extra_labels(NASTY),
        say.remove_label(NASTY, NASTY),
        say.merge_edges(NASTY, NASTY, NASTY),
        say.old_edges(NASTY),
        say.old_nodes(NASTY),
        say.mark_kept(NASTY),
        say.count_nodes(NASTY),
        say.count_edges(NASTY),
    ],
)
def test_no_name_can_end_its_backticks(text: str) -> None:
    assert ESCAPED in text or "postholder_A``" in text
    assert "A`)" not in text.replace("``", "")


def test_every_statement_that_writes_asks_whose_it_is() -> None:
    texts = [
        *say.merge_nodes(("A",)),
        say.merge_nodes(("A", "B"))[-1],
        *say.remove_nodes("A"),
        say.add_labels("A", ("A",)),
        say.remove_label("A", "B"),
        say.merge_edges("R", "A", "B"),
        say.old_edges("R"),
        say.old_nodes("A"),
        say.mark_kept("A"),
    ]
    assert len(texts) == 10
    assert [t for t in texts if "`_postholder` = $graph" not in t] == []
    assert not any("DETACH" in t for t in texts)
