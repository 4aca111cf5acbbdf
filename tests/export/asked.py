"""What the graph itself answers about appointments, asked by SPARQL and by the saved questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import Store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad

    from postholder.api import KnowledgeGraph

Held: TypeAlias = tuple[str, str]  # person, post

_HEAD = "PREFIX ph: <https://w3id.org/postholder/ns#> "
# What an actual claim says in a reading, and holds.
_ACTUAL = "{0} . GRAPH ?r {{ {0} }} ?claim ph:hasReading ?r ; ph:modality ph:actual ."


def holders(graph: KnowledgeGraph) -> dict[Held, set[str]]:
    """Return who holds which post in every reading, with the modalities of the claims, by a saved question."""
    found: dict[Held, set[str]] = {}
    for row in graph.query("who-holds"):
        if row["answer"] == "stated":
            found.setdefault((str(row["person"]), str(row["post"])), set()).add(str(row["modality"]))
    return found


def actual(graph: KnowledgeGraph) -> set[Held]:
    """Return who is said to hold which post, where not all is a plan."""
    return {held for held, modalities in holders(graph).items() if modalities != {"planned"}}


def days(quads: Iterable[Quad], bound: str) -> dict[Held, str]:
    """Return the start (or end) days that actual claims tell exactly, by SPARQL alone."""
    store = Store()
    store.extend(quads)
    both = [_ACTUAL.format(f"?a ph:{side}{bound} ?day").replace("?r", f"?{side}").replace("?claim", f"?c{side}")
            for side in ("earliest", "latest")]  # fmt: skip
    text = f"{_HEAD} SELECT DISTINCT ?person ?post ?day {{ ?a ph:holder ?person ; ph:post ?post . {' '.join(both)} }}"
    rows = [tuple(t.value for t in row) for row in store.query(text)]  # type: ignore[union-attr]
    return {(person, post): day for person, post, day in rows}
