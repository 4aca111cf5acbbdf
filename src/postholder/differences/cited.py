"""Say what something rests on: the claims with their passages, and the readings it depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.graph import Triples, handle, integer, order, ph, text_of
from postholder.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postholder.graph import Node
    from postholder.readings import Context, Facts


def spans(facts: Facts, claim: Node) -> list[tuple[int, int]]:
    """Return the offsets of a claim's passages, sorted."""
    record = facts.record
    return sorted(
        (integer(record.value(p, ph("start"))) or 0, integer(record.value(p, ph("end"))) or 0)
        for p in record.names(claim, ph("evidence"))
    )


def cited(facts: Facts, claim: Node) -> str:
    """Return a claim with the offsets of its passages: `F26 867-888+883-924`.

    Where it cites several documents, each is named before its passages.
    """
    record = facts.record
    found: dict[Node, list[tuple[int, int]]] = {}
    for passage in record.names(claim, ph("evidence")):
        offsets = integer(record.value(passage, ph("start"))) or 0, integer(record.value(passage, ph("end"))) or 0
        documents: list[Node] = [*record.names(passage, ph("inDocument")), claim]
        found.setdefault(documents[0], []).append(offsets)
    told = []
    for document, places in sorted(found.items(), key=lambda i: order(i[0])):
        text = "+".join(f"{start}-{end}" for start, end in sorted(places))
        told.append(f"{handle(text_of(document)).rpartition('/')[2]} {text}" if len(found) > 1 else text)
    return f"{printable(facts.name(claim))} {printable(', '.join(told))}".strip()


def condition(record: Triples, holding: Sequence[Context], cluster: Sequence[Context]) -> str:
    """Return the choices under which something holds, in words: `if CCO/CRO is one post`."""
    common = set.intersection(*(set(c.interpretations) for c in holding))
    implied = [c for c in cluster if common <= set(c.interpretations)]
    if common and len(implied) == len(holding):
        return "if " + "; ".join(printable(record.label(i)) for i in sorted(common, key=order))
    return f"in {len(holding)} of {len(cluster)} readings"
