"""The RDF formats: TriG and N-Quads of everything, Turtle of what holds in every reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from postholder import terms
from postholder.export import turtle
from postholder.export.base import Account, Format, Loss, counted
from postholder.export.lines import Lines
from postholder.graph import DEFAULT

if TYPE_CHECKING:
    from postholder.export.base import Source, Target

_ONTOLOGY = NamedNode(terms.ONTOLOGY_GRAPH)

_READINGS = Loss(
    "readings",
    "what is said only under an open reading or by a reading that was set aside",
    "export trig, nquads or jsonld: they keep every reading as a named graph",
)
_ORIGIN = Loss(
    "origin",
    "by which reading, and so by which claim, a triple is stated, and whether it was inferred",
    "export trig, nquads or jsonld: each reading and the inferred facts are named graphs",
)
_VOCABULARY = Loss(
    "vocabulary",
    "axioms of the vocabulary about terms of others",
    "export trig, nquads or jsonld, or read the files under ontology/",
)


def _nquads(source: Source, target: Target) -> Account:
    lines = Lines()
    count = lines.add(source.quads)
    target.put("", lines)
    return Account({"quads": count})


def _trig(source: Source, target: Target) -> Account:
    target.put("", turtle.stream(source.quads, source.prefixes, named_graphs=True))
    return Account({"quads": len(set(source.quads))})


def _turtle(source: Source, target: Target) -> Account:
    default = [q for q in source.quads if q.graph_name == DEFAULT]
    target.put("", turtle.stream(default, source.prefixes, named_graphs=False))
    held = {q.triple for q in default}
    named = [q for q in source.quads if q.graph_name not in {DEFAULT, _ONTOLOGY}]
    ontology = {q.triple for q in source.quads if q.graph_name == _ONTOLOGY}
    losses = counted(
        (_READINGS, len({q for q in named if q.triple not in held})),
        (_ORIGIN, len({q for q in named if q.triple in held})),
        (_VOCABULARY, len(ontology - held)),
    )
    return Account({"triples": len(held)}, losses)


TURTLE = Format("turtle", "RDF: what holds in every reading", _turtle, (_READINGS, _ORIGIN, _VOCABULARY))
TRIG = Format("trig", "RDF with named graphs: everything, for people", _trig)
NQUADS = Format("nquads", "RDF with named graphs: everything, a line a quad", _nquads)
