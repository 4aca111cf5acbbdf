"""Answer closures with the reference engine, many in one process: owlrl takes a second to start.

Each line of input is a JSON list: axioms, base and additions, each a text of N-Triples. Each line of
output is a JSON list of closures: N-Triples and clashes. Run by `test_memory.py` and a benchmark in a
process of its own, because owlrl swaps rdflib's converters.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, parse, serialize

from postholder.closure import owlrl_worker
from postholder.closure.reference import _MARKER, ReferenceEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Quad, Triple


class InThisProcess(ReferenceEngine):
    """The reference engine with its worker's function called here."""

    def _run(self, common: list[Quad], additions: dict[int, Sequence[Triple]]) -> dict[int, list[Triple]]:
        base = [q.triple for q in common]
        return {n: owlrl_worker.close([*base, _MARKER, *extra]) for n, extra in additions.items()}


def read(text: str) -> list[Triple]:
    """Read N-Triples."""
    return [q.triple for q in parse(text, format=RdfFormat.N_TRIPLES)]


def answer(line: str) -> str:
    """Answer one request."""
    axioms, base, additions = json.loads(line)
    closures = InThisProcess(60).close(read(axioms), read(base), [read(a) for a in additions])
    texts = [(serialize(c.inferred, format=RdfFormat.N_TRIPLES) or b"").decode() for c in closures]
    return json.dumps([(text, [x.text for x in c.clashes]) for text, c in zip(texts, closures, strict=True)])


if __name__ == "__main__":
    for request in sys.stdin:
        print(answer(request), flush=True)  # noqa: T201
