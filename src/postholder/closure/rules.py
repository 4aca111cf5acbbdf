"""Rules that OWL 2 RL cannot express (dates, arithmetic), as SPARQL CONSTRUCT files.

Each file in `ontology/rules/` has a header with `summary` and `reason`. Rules mint IRIs from
their inputs, so that two runs agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode

from postholder import header
from postholder.errors import CannotError, ParseError, Place
from postholder.graph import Triples, quads_of, triple_order
from postholder.stores.oxigraph import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pyoxigraph import Triple

_CONSTRUCT = re.compile(r"(?:\s|#[^\n]*\n|PREFIX\s+\S*:\s*<[^>]*>)*+CONSTRUCT\b", re.IGNORECASE)
_MOST_ROUNDS = 20
"""Rules mint few names; a set that still grows after this many rounds does not end."""


@dataclass(frozen=True)
class Rule:
    """One CONSTRUCT rule."""

    name: str
    summary: str
    reason: str
    text: str


def load(folder: Path) -> list[Rule]:
    """Read the rules of a folder, in name order."""
    rules = []
    for path in sorted(folder.glob("*.rq")):
        head, text = header.read(path, {"summary", "reason"}, set())
        if not _CONSTRUCT.match(text):
            raise ParseError("a rule is a CONSTRUCT query", place=Place(path.name, 1))
        rules.append(Rule(path.stem, str(head["summary"]), str(head["reason"]), text))
    return rules


def apply(rules: Sequence[Rule], given: Iterable[Triple]) -> list[Triple]:
    """Return what the rules add to `given`, applied until nothing new comes, in triple order."""
    known = Triples(given)
    added: set[Triple] = set()
    if not rules:
        return []
    for _ in range(_MOST_ROUNDS):
        store = OxigraphStore(quads_of(known))
        fresh: set[Triple] = set()
        for rule in rules:
            triples = store.query(rule.text).triples
            if triples is None:
                raise CannotError(f"rule {rule.name} is not a CONSTRUCT query")
            for triple in triples:
                if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
                    raise CannotError(f"rule {rule.name} makes a blank node", hint="mint an IRI from the inputs")
                if triple not in known:
                    fresh.add(triple)
        if not fresh:
            return sorted(added, key=triple_order)
        added |= fresh
        for triple in fresh:
            known.add(triple)
    names = ", ".join(r.name for r in rules)
    raise CannotError(f"the rules did not come to an end in {_MOST_ROUNDS} rounds: {names}")
