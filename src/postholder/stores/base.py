"""What every SPARQL store offers, and what it answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from postholder.graph import Term


@dataclass(frozen=True)
class Answer:
    """The answer to one query; exactly one of the three forms is filled.

    `rows` of a SELECT are in the query's order; `triples` of a CONSTRUCT or DESCRIBE are sorted.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    boolean: bool | None = None
    triples: tuple[Triple, ...] | None = None


class Store(Protocol):
    """A dataset that answers SPARQL 1.1 queries. The default graph is as loaded, never a union."""

    name: str

    def query(self, text: str) -> Answer:
        """Answer a query; raise QuerySyntaxError when it does not parse."""
