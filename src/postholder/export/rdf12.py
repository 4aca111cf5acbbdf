"""N-Quads of RDF 1.2: everything, and each triple of a reading reified by the reading.

`<reading> rdf:reifies <<( s p o )>>` stands in the default graph, so the evidence of a triple is
two steps away: the claim that has the reading, and its passages. A store that keeps only the
default graph still knows what each reading says without asserting any of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from postholder import terms
from postholder.export.base import Account, Format, batches
from postholder.graph import DEFAULT, ph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postholder.export.base import Source, Target

REIFIES = NamedNode(terms.RDF + "reifies")
_BATCH = 5_000  # quads that are turned into text at once


def reified(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield the quads that reify each triple of a reading."""
    given = list(quads)
    readings = {q.object for q in given if q.graph_name == DEFAULT and q.predicate == ph("hasReading")}
    for quad in given:
        if isinstance(quad.graph_name, NamedNode) and quad.graph_name in readings:
            yield Quad(quad.graph_name, REIFIES, quad.triple, DEFAULT)


def _write(source: Source, target: Target) -> Account:
    stated = set(source.quads)
    reifiers = set(reified(stated)) - stated
    lines = (
        (serialize(batch, format=RdfFormat.N_QUADS) or b"").decode()
        for batch in batches(sorted(stated | reifiers, key=str), _BATCH)
    )
    target.put("", lines)
    return Account({"quads": len(stated), "reified triples": len(reifiers)})


RDF12 = Format("rdf12", "RDF 1.2 (N-Quads): everything, and each triple tied to its reading", _write)
