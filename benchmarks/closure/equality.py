"""Compare two closures on what they say of named instances, and tell by kind what differs.

A closure is handed over as N-Triples. Compared is what is said of instances: no reflexive sameAs, no unnamed
nodes, nothing about the vocabulary, nothing that is said of everything (`owl:Thing`, `rdfs:Resource`).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_W3C = (
    "<http://www.w3.org/2002/07/owl#",
    "<http://www.w3.org/2000/01/rdf-schema#",
    "<http://www.w3.org/2001/XMLSchema#",
)
_RDF = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TYPE, SAME = f"{_RDF}type>", "<http://www.w3.org/2002/07/owl#sameAs>"
_SLICE = 300 << 20
"""Bytes of the larger file that are held in memory at once."""
_KINDS = 12
_EXAMPLES = 4


def comparable(subject: str, predicate: str, value: str, things: str) -> bool:
    """Tell whether a triple, as N-Triples terms, is about an instance and compared."""
    if not subject.startswith(things) or value.startswith("_:"):
        return False
    if predicate == SAME:
        return subject != value
    if predicate.startswith(_W3C[0]):
        return predicate.endswith("#differentFrom>")
    return not (predicate == TYPE and value.startswith((*_W3C, _RDF)))


def write(triples: Iterable[tuple[str, str, str]], things: str, path: Path) -> int:
    """Write what is compared, one triple a line, each once, and return how many there are.

    `things` is what the names of instances begin with. Engines yield each triple once.
    """
    start, count = f"<{things}", 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for subject, predicate, value in triples:
            if comparable(subject, predicate, value, start):
                file.write(f"{subject} {predicate} {value}\n")
                count += 1
    return count


@dataclass
class Difference:
    """What one closure has and the other has not, by kind, with some examples."""

    missing: int = 0
    extra: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether both say the same."""
        return not self.missing and not self.extra

    def told(self) -> str:
        """Say in one line what differs."""
        if self.equal:
            return "equal"
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.kinds.most_common(_KINDS))
        return f"{self.missing} missing, {self.extra} extra: {kinds}; such as {self.examples[0]}"


def _lines(path: Path, part: int, parts: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        for line in file:
            if parts == 1 or crc32(line) % parts == part:
                yield line


def kind_of(line: str) -> str:
    """Return the kind of a triple: its property, or its class."""
    _, predicate, value = line.rstrip("\n").split(" ", 2)
    name = predicate.rpartition("#")[2].rpartition("/")[2].rstrip(">")
    if predicate != TYPE:
        return name
    return f"of class {value.rpartition('#')[2].rpartition('/')[2].rstrip('>')}"


def compare(reference: Path, other: Path) -> Difference:
    """Return how `other` differs from `reference`, both as `write` left them; memory stays bounded."""
    parts = max(reference.stat().st_size, other.stat().st_size) // _SLICE + 1
    found = Difference()
    for part in range(parts):
        wanted, given = set(_lines(reference, part, parts)), set(_lines(other, part, parts))
        for sign, lines in (("missing", wanted - given), ("extra", given - wanted)):
            texts = sorted(line.decode().rstrip("\n") for line in lines)
            found.missing += len(texts) if sign == "missing" else 0
            found.extra += len(texts) if sign == "extra" else 0
            found.kinds.update(f"{sign} {kind_of(t)}" for t in texts)
            found.examples += [f"{sign} {t}" for t in texts[:_EXAMPLES]]
    return found


def main() -> None:
    """Compare two files; print the difference as JSON."""
    parser = argparse.ArgumentParser(description="Compare two closures that run.py kept.")
    parser.add_argument("reference", type=Path)
    parser.add_argument("other", type=Path)
    args = parser.parse_args()
    for path in (args.reference, args.other):
        if not path.is_file() or not path.stat().st_size:
            parser.error(f"{path} is no closure: it is missing or empty")
    found = compare(args.reference, args.other)
    print(json.dumps({"equal": found.equal, "told": found.told(), "kinds": dict(found.kinds.most_common())}))


if __name__ == "__main__":
    main()
