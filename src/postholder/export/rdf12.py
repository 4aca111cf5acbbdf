"""N-Quads of RDF 1.2: everything, and each triple of a reading reified by the reading.

`<reading> rdf:reifies <<( s p o )>>` stands in the default graph, so the evidence of a triple is
two steps away: the claim that has the reading, and its passages. A store that keeps only the
default graph still knows what each reading says without asserting any of it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from postholder import terms
from postholder.export.base import Account, Format
from postholder.export.lines import Lines
from postholder.export.spool import CACHED
from postholder.graph import DEFAULT, ph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postholder.export.base import Source, Target
    from postholder.export.spool import Spool

REIFIES = NamedNode(terms.RDF + "reifies")
_HAS_READING = ph("hasReading")
_READINGS = "CREATE TABLE reading (name TEXT PRIMARY KEY) WITHOUT ROWID"


def reified(quads: Sequence[Quad], spool: Spool) -> Iterator[Quad]:
    """Yield the quads that reify each triple of a reading; the names of the readings are kept in the spool."""
    spool.run(_READINGS)
    names = ((str(q.object),) for q in quads if q.predicate == _HAS_READING and q.graph_name == DEFAULT)
    spool.many("INSERT OR IGNORE INTO reading VALUES (?)", names)

    @lru_cache(maxsize=CACHED)
    def is_reading(graph: NamedNode) -> bool:
        return spool.has("SELECT 1 FROM reading WHERE name = ?", str(graph))

    for quad in quads:
        graph = quad.graph_name
        if isinstance(graph, NamedNode) and is_reading(graph):
            yield Quad(graph, REIFIES, quad.triple, DEFAULT)


def _write(source: Source, target: Target) -> Account:
    lines = Lines()
    stated = lines.add(source.quads)
    reifiers = lines.add(reified(source.quads, lines.spool))
    target.put("", lines)
    return Account({"quads": stated, "reified triples": reifiers})


RDF12 = Format("rdf12", "RDF 1.2 (N-Quads): everything, and each triple tied to its reading", _write)
