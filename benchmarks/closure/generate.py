"""Write a made-up graph of about so many triples as N-Triples, axioms first: the same bytes every time.

`workload` uses the ontology beside this file, with constructs and seeded errors of many kinds;
`postholder` uses the shipped ontology; `shipped` is the shipped graph itself, whatever size is asked for.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, RdfFormat, Triple, parse

import organisation
import workload
from postholder import terms
from postholder.graph import triple_order
from postholder.readings import Facts
from postholder.sources import inputs
from sizes import size_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LIMIT = 2**40
_PIECE = 1 << 22
"""Characters that are written at once."""


@dataclass(frozen=True)
class Flavour:
    """A kind of graph: its axioms, its facts, and what is asked of its closure."""

    axioms: Callable[[], list[Triple]]
    facts: Callable[[int], Iterator[str]]
    things: str
    """What the names of instances begin with."""
    counted: str
    """The inferred property that is counted."""
    asked: str
    """The thing whose values of that property are looked up."""


def _workload_axioms() -> list[Triple]:
    """Return the axioms of the workload, unnamed nodes numbered in the order of the file."""
    numbers: dict[BlankNode, BlankNode] = {}

    def same(term: object) -> object:
        if not isinstance(term, BlankNode):
            return term
        return numbers.setdefault(term, BlankNode(f"n{len(numbers)}"))

    path = Path(__file__).with_name("workload.ttl")
    return [
        Triple(same(q.subject), q.predicate, same(q.object))  # type: ignore[arg-type] # as it was
        for q in parse(path=str(path), format=RdfFormat.TURTLE)
    ]


def _shipped_axioms() -> list[Triple]:
    return sorted(inputs.load(None, _LIMIT).ontology, key=triple_order)


def _shipped_facts(_: int) -> Iterator[str]:
    world = Facts(inputs.load(None, _LIMIT).fact_quads).world
    yield "".join(f"{t} .\n" for t in sorted(world, key=triple_order))


FLAVOURS = {
    "workload": Flavour(_workload_axioms, workload.facts, workload.THINGS, workload.COUNTED, workload.ASKED),
    "postholder": Flavour(
        _shipped_axioms, organisation.facts, organisation.THINGS, organisation.COUNTED, organisation.ASKED
    ),
    "shipped": Flavour(
        _shipped_axioms, _shipped_facts, terms.ID, organisation.COUNTED, f"{terms.ID}post/live-broadcasting-lead"
    ),
}


def pieces(flavour: str, triples: int) -> Iterator[str]:
    """Yield the graph's N-Triples in large pieces; axioms count towards the size."""
    kind = FLAVOURS[flavour]
    axioms = kind.axioms()
    waiting, size = [f"{t} .\n" for t in axioms], 0
    for text in kind.facts(triples - len(axioms)):
        waiting.append(text)
        size += len(text)
        if size > _PIECE:
            yield "".join(waiting)
            waiting.clear()
            size = 0
    yield "".join(waiting)


def write(flavour: str, triples: int, path: Path) -> int:
    """Write the graph and return the number of its triples."""
    made = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for text in pieces(flavour, triples):
            made += text.count("\n")
            file.write(text)
    return made


def main() -> None:
    """Write one graph."""
    parser = argparse.ArgumentParser(description="Write a made-up graph as N-Triples.")
    parser.add_argument("--flavour", choices=FLAVOURS, default="workload")
    parser.add_argument("--size", type=size_of, default=10_000, help="triples: 10k, 5M (default 10k)")
    parser.add_argument("--json", action="store_true", help="tell as JSON what was made and what to ask of it")
    parser.add_argument("path", type=Path, help="file to write")
    args = parser.parse_args()
    try:
        made = write(args.flavour, args.size, args.path)
    except OSError as error:
        sys.exit(f"{args.path} cannot be written: {error.strerror}")
    kind = FLAVOURS[args.flavour]
    told = {"triples": made, "counted": kind.counted, "asked": kind.asked, "things": kind.things}
    print(json.dumps(told) if args.json else f"{args.path}: {made} triples")


if __name__ == "__main__":
    main()
