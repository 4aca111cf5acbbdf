"""The facts in memory: terms, triples and an indexed dataset.

Terms are pyoxigraph's: immutable, hashable, and every lexical form stays as it was written.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from postholder import terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# pyoxigraph's types admit RDF 1.2 triple terms everywhere; files that hold one are refused.
Node: TypeAlias = NamedNode | BlankNode | Triple
Term: TypeAlias = NamedNode | BlankNode | Triple | Literal

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")

DEFAULT = DefaultGraph()
TYPE = NamedNode(terms.RDF + "type")
LABEL = NamedNode(terms.RDFS + "label")
SUBCLASS = NamedNode(terms.RDFS + "subClassOf")


@lru_cache(maxsize=1024)
def ph(name: str) -> NamedNode:
    """Return the term `name` of the Postholder vocabulary."""
    return NamedNode(terms.PH + name)


def order(term: Term | DefaultGraph) -> str:
    """Return the sort key of a term: its N-Triples text, which no two terms share."""
    return str(term)


def triple_order(triple: Triple | Quad) -> tuple[str, str, str]:
    """Return the sort key of a triple."""
    return str(triple.subject), str(triple.predicate), str(triple.object)


def text_of(term: Term | DefaultGraph | None) -> str:
    """Return what a term holds: an IRI, a literal's lexical form, a blank node's name; else nothing."""
    return term.value if isinstance(term, NamedNode | BlankNode | Literal) else ""


def integer(term: Term | None) -> int | None:
    """Return the integer a literal holds, or None if it holds none."""
    if not isinstance(term, Literal) or not _WHOLE.fullmatch(term.value):
        return None
    return int(term.value)


def local_name(iri: str) -> str:
    """Return what people call an IRI: the part after the last `#` or `/`."""
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1] if not iri.endswith(("#", "/")) else iri


def handle(iri: str) -> str:
    """Return the short form of an IRI of ours (`post/group-cto`, `ph:Post`), else the IRI itself."""
    if iri.startswith(terms.ID):
        return iri.removeprefix(terms.ID) or iri
    if iri.startswith(terms.PH):
        return "ph:" + iri.removeprefix(terms.PH)
    return iri


class Triples:
    """A set of triples with the two look-ups that the package needs; each is indexed when first used."""

    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        self._all: dict[Triple, None] = dict.fromkeys(triples)

    @cached_property
    def _by_subject(self) -> dict[Node, dict[NamedNode, list[Term]]]:
        index: dict[Node, dict[NamedNode, list[Term]]] = {}
        for t in self._all:
            index.setdefault(t.subject, {}).setdefault(t.predicate, []).append(t.object)
        return index

    @cached_property
    def _by_object(self) -> dict[NamedNode, dict[Term, list[Node]]]:
        index: dict[NamedNode, dict[Term, list[Node]]] = {}
        for t in self._all:
            index.setdefault(t.predicate, {}).setdefault(t.object, []).append(t.subject)
        return index

    def add(self, triple: Triple) -> None:
        """Add one triple; adding it twice changes nothing."""
        if triple in self._all:
            return
        self._all[triple] = None
        if "_by_subject" in self.__dict__:
            self._by_subject.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
        if "_by_object" in self.__dict__:
            self._by_object.setdefault(triple.predicate, {}).setdefault(triple.object, []).append(triple.subject)

    def __iter__(self) -> Iterator[Triple]:
        """Yield the triples in the order in which they were added."""
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __contains__(self, triple: object) -> bool:
        return triple in self._all

    def objects(self, subject: Node, predicate: NamedNode) -> list[Term]:
        """Return the values of `predicate` on `subject`."""
        found = self._by_subject.get(subject)
        return list(found.get(predicate, ())) if found else []

    def names(self, subject: Node, predicate: NamedNode) -> list[NamedNode]:
        """Return the values of `predicate` that are IRIs, in term order."""
        return sorted((o for o in self.objects(subject, predicate) if isinstance(o, NamedNode)), key=order)

    def texts(self, subject: Node, predicate: NamedNode) -> list[str]:
        """Return the lexical forms of the literal values of `predicate`, sorted."""
        return sorted(o.value for o in self.objects(subject, predicate) if isinstance(o, Literal))

    def value(self, subject: Node, predicate: NamedNode) -> Term | None:
        """Return the first value in term order, or None."""
        return min(self.objects(subject, predicate), key=order, default=None)

    def subjects(self, predicate: NamedNode, value: Term) -> list[Node]:
        """Return the subjects that have `value` for `predicate`."""
        found = self._by_object.get(predicate)
        return list(found.get(value, ())) if found else []

    def pairs(self, predicate: NamedNode) -> list[tuple[Node, Term]]:
        """Return every (subject, value) of `predicate`."""
        found = self._by_object.get(predicate, {})
        return [(s, o) for o, subjects in found.items() for s in subjects]

    def instances(self, cls: NamedNode) -> list[Node]:
        """Return the nodes typed `cls`, in term order."""
        return sorted(self.subjects(TYPE, cls), key=order)

    def label(self, node: Node) -> str:
        """Return the English label of `node`, or its handle."""
        labels = [v for v in self.objects(node, LABEL) if isinstance(v, Literal)]
        english = sorted(v.value for v in labels if (v.language or "").startswith("en"))
        plain = sorted(v.value for v in labels)
        if english or plain:
            return (english or plain)[0]
        return handle(node.value) if isinstance(node, NamedNode) else str(node)


def by_graph(quads: Iterable[Quad]) -> dict[NamedNode | BlankNode | DefaultGraph, list[Triple]]:
    """Group quads by graph, keeping their order."""
    graphs: dict[NamedNode | BlankNode | DefaultGraph, list[Triple]] = defaultdict(list)
    for quad in quads:
        graphs[quad.graph_name].append(quad.triple)
    return dict(graphs)


def quads_of(triples: Iterable[Triple], graph: NamedNode | DefaultGraph = DEFAULT) -> list[Quad]:
    """Return the triples as quads of one graph."""
    return [Quad(t.subject, t.predicate, t.object, graph) for t in triples]
