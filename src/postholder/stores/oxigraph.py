"""The fast store: pyoxigraph in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import QueryBoolean, QuerySolutions
from pyoxigraph import Store as Oxigraph

from postholder.errors import CannotError, QuerySyntaxError
from postholder.graph import triple_order
from postholder.stores.base import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad


class OxigraphStore:
    """Answers SPARQL with Oxigraph. Its store normalises numbers: `"01"` comes back as `1`."""

    name = "oxigraph"

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._store = Oxigraph()
        self._store.bulk_extend(quads)

    def query(self, text: str) -> Answer:
        """Answer a query; raise QuerySyntaxError when it does not parse."""
        try:
            found = self._store.query(text)
            if isinstance(found, QueryBoolean):
                return Answer(boolean=bool(found))
            if isinstance(found, QuerySolutions):
                columns = tuple(v.value for v in found.variables)
                return Answer(columns, tuple(tuple(row[c] for c in columns) for row in found))
            return Answer(triples=tuple(sorted(set(found), key=triple_order)))
        except SyntaxError as error:
            raise QuerySyntaxError(str(error.msg or error), hint="see docs/how-to/write-a-query.md") from error
        except (RuntimeError, OSError, ValueError) as error:
            raise CannotError(f"the query failed: {error}") from error
