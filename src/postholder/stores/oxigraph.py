"""The fast store: pyoxigraph in memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, RdfFormat, Triple
from pyoxigraph import Store as Oxigraph

from postholder import terms
from postholder.errors import CannotError, QuerySyntaxError
from postholder.graph import triple_order
from postholder.stores.base import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postholder.graph import Term

_ASSIGNED = re.compile(r"\bAS\s*[?$](\w+)", re.IGNORECASE)
_PLAIN = {terms.XSD + "string", terms.RDF + "langString"}


class OxigraphStore:
    """Answers SPARQL with Oxigraph.

    Oxigraph keeps the values of numbers and times, not their spelling: it would answer `1` for `"01"`. So the
    spelling is put back where a value has only one in the data and the query takes it from there; a value with
    several spellings, and one that the query works out, is answered as Oxigraph spells it.
    """

    name = "oxigraph"

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._store = Oxigraph()
        found = list(quads)
        self._store.bulk_extend(found)
        self._spelling = spellings({q.object for q in found if isinstance(q.object, Literal)})

    @classmethod
    def of_lines(cls, lines: Iterable[bytes], literals: Iterable[Literal]) -> OxigraphStore:
        """Return a store of N-Quads, loaded in bulk; `literals` are those whose spelling is kept."""
        store = cls(())
        for chunk in lines:
            store._store.bulk_load(chunk, format=RdfFormat.N_QUADS)
        store._spelling = spellings(literals)
        return store

    def query(self, text: str) -> Answer:
        """Answer a query; raise QuerySyntaxError when it does not parse."""
        try:
            found = self._store.query(text)
            if isinstance(found, QueryBoolean):
                return Answer(boolean=bool(found))
            if isinstance(found, QuerySolutions):
                columns = tuple(v.value for v in found.variables)
                rows = (tuple(row[c] for c in columns) for row in found)
                return Answer(columns, tuple(self._spelled(rows, columns, text)))
            triples = set(found)
            if self._spelling and not _ASSIGNED.search(text):
                triples = {Triple(t.subject, t.predicate, self._spelling.get(t.object, t.object)) for t in triples}
            return Answer(triples=tuple(sorted(triples, key=triple_order)))
        except SyntaxError as error:
            raise QuerySyntaxError(str(error.msg or error), hint="see docs/how-to/write-a-query.md") from error
        except (RuntimeError, OSError, ValueError) as error:
            raise CannotError(f"the query failed: {error}") from error

    def _spelled(
        self, rows: Iterable[tuple[Term | None, ...]], columns: tuple[str, ...], text: str
    ) -> Iterable[tuple[Term | None, ...]]:
        """Put the spelling of the data back into the columns that no expression fills."""
        if not self._spelling:
            return rows
        assigned = set(_ASSIGNED.findall(text))
        taken = [name not in assigned for name in columns]
        get = self._spelling.get
        return (
            tuple(get(v, v) if t and isinstance(v, Literal) else v for v, t in zip(row, taken, strict=True))
            for row in rows
        )


def spellings(literals: Iterable[Literal]) -> dict[Term, Literal]:
    """Return, for each literal as Oxigraph spells it, the only other spelling that its value has."""
    typed = sorted({x for x in literals if x.datatype.value not in _PLAIN}, key=str)
    if not typed:
        return {}
    store = Oxigraph()
    store.bulk_extend(Quad(NamedNode(f"urn:{n}"), NamedNode("urn:p"), x, DefaultGraph()) for n, x in enumerate(typed))
    found: dict[Term, list[Literal]] = {}
    for quad in store:
        found.setdefault(quad.object, []).append(typed[int(quad.subject.value[4:])])
    return {kept: given[0] for kept, given in found.items() if len(given) == 1 and given[0] != kept}
