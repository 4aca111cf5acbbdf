"""The reference store: rdflib."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import rdflib
from pyparsing import ParseBaseException

from postholder.errors import CannotError, QuerySyntaxError
from postholder.graph import DEFAULT, triple_order
from postholder.stores.base import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postholder.graph import Term

_LOCK = Lock()
_WARM = False


def warm_up() -> None:
    """Use rdflib's SPARQL parser once, alone: its first use from two threads breaks it for good."""
    global _WARM  # noqa: PLW0603 - a process-wide fact about a library
    with _LOCK:
        if not _WARM:
            rdflib.Graph().query("ASK {}")
            _WARM = True


def to_rdflib(term: Term | ox.DefaultGraph) -> Any:
    """Return the rdflib form of a term, with its lexical form untouched."""
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, ox.DefaultGraph):
        return None
    if isinstance(term, ox.Triple):
        raise CannotError("rdflib cannot hold RDF 1.2 triple terms")
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    if datatype == str(rdflib.XSD.string):
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(datatype), normalize=False)


def from_rdflib(term: Any) -> Any:
    """Return the pyoxigraph form of an rdflib term."""
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if term.language:
        return ox.Literal(str(term), language=term.language)
    datatype = term.datatype
    return ox.Literal(str(term), datatype=ox.NamedNode(str(datatype)) if datatype else None)


def to_graph(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """Return an rdflib graph of the triples."""
    graph = rdflib.Graph()
    for t in triples:
        graph.add((to_rdflib(t.subject), to_rdflib(t.predicate), to_rdflib(t.object)))
    return graph


def to_dataset(quads: Iterable[ox.Quad]) -> rdflib.Dataset:
    """Return an rdflib dataset; its default graph is exactly ours, not a union."""
    dataset = rdflib.Dataset(default_union=False)
    for q in quads:
        triple = (to_rdflib(q.subject), to_rdflib(q.predicate), to_rdflib(q.object))
        if q.graph_name == DEFAULT:
            dataset.add(triple)
        else:
            dataset.graph(to_rdflib(q.graph_name)).add(triple)
    return dataset


class RdflibStore:
    """Answers SPARQL with rdflib: slow, and the yardstick for the other stores."""

    name = "rdflib"

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        warm_up()
        self._dataset = to_dataset(quads)

    def query(self, text: str) -> Answer:
        """Answer a query; raise QuerySyntaxError when it does not parse."""
        try:
            found = self._dataset.query(text)
            if found.type == "ASK":
                return Answer(boolean=bool(found.askAnswer))
            if found.type == "SELECT":
                columns = tuple(str(v) for v in found.vars or ())
                rows = [tuple(None if c is None else from_rdflib(c) for c in row) for row in list[Any](found)]
                return Answer(columns, tuple(rows))
            triples = {ox.Triple(*(from_rdflib(t) for t in triple)) for triple in found.graph or ()}
            return Answer(triples=tuple(sorted(triples, key=triple_order)))
        except ParseBaseException as error:
            raise QuerySyntaxError(f"error at {error.lineno}:{error.column}: {error.msg}") from error
        except (MemoryError, RecursionError):
            raise
        except Exception as error:  # rdflib raises bare Exception for unknown prefixes and worse
            if "Unknown namespace prefix" in str(error):
                raise QuerySyntaxError(str(error), hint="declare it with PREFIX") from error
            raise CannotError(f"the query failed in rdflib: {error}") from error
