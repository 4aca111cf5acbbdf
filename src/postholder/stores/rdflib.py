"""The reference store: rdflib."""

from __future__ import annotations

import logging
from threading import Lock
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import rdflib
from pyparsing import ParseBaseException
from rdflib.plugins.sparql import prepareQuery

from postholder.errors import CannotError, QuerySyntaxError
from postholder.graph import DEFAULT, triple_order
from postholder.stores.base import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postholder.graph import Term

_LOCK = Lock()


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


def _quiet() -> None:
    """Keep rdflib from logging a traceback for every literal that is not what its datatype says."""
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)


def to_graph(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """Return an rdflib graph of the triples."""
    _quiet()
    graph = rdflib.Graph()
    for t in triples:
        graph.add((to_rdflib(t.subject), to_rdflib(t.predicate), to_rdflib(t.object)))
    return graph


def to_dataset(quads: Iterable[ox.Quad]) -> rdflib.Dataset:
    """Return an rdflib dataset; its default graph is exactly ours, not a union."""
    _quiet()
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
        self._dataset = to_dataset(quads)

    def query(self, text: str) -> Answer:
        """Answer a query; raise QuerySyntaxError when it does not parse."""
        try:
            with _LOCK:  # the parser is not safe to use from two threads at once
                prepared = prepareQuery(text)
            found = self._dataset.query(prepared)
            if found.type == "ASK":
                return Answer(boolean=bool(found.askAnswer))
            if found.type == "SELECT":
                columns = tuple(str(v) for v in found.vars or ())
                # Iterating over a result leaves out rows in which nothing is bound; its bindings do not.
                rows = [
                    tuple(None if (cell := row.get(v)) is None else from_rdflib(cell) for v in found.vars or ())
                    for row in found.bindings
                ]
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
