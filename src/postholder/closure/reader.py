"""Axioms with what compiling them needs: lists, property and class expressions, and what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from postholder import terms
from postholder.closure.base import UnhandledAxiom
from postholder.closure.datatypes import DATATYPES
from postholder.closure.program import Pattern
from postholder.graph import TYPE, Node, Term, Triples, handle

if TYPE_CHECKING:
    from collections.abc import Iterable


def owl(name: str) -> NamedNode:
    """Return a term of OWL."""
    return NamedNode(terms.OWL + name)


FIRST, REST, NIL = (NamedNode(terms.RDF + n) for n in ("first", "rest", "nil"))
THING, NOTHING = owl("Thing"), owl("Nothing")
INVERSE = owl("inverseOf")
CONSTRUCTS = frozenset(
    (
        "intersectionOf", "unionOf", "complementOf", "oneOf", "someValuesFrom", "allValuesFrom", "hasValue",
        "maxCardinality", "maxQualifiedCardinality",
    )
)  # fmt: skip
"""Predicates of OWL that describe a class and have rules."""
_RESERVED = (terms.OWL, terms.RDF, terms.RDFS, terms.XSD)
_PLAIN_PROPERTIES = {terms.RDFS + n for n in ("label", "comment", "seeAlso", "isDefinedBy", "member")} | {
    terms.RDF + "value"
}
"""Properties of RDF itself that mean nothing to a rule, so that axioms may be about them."""
Link: TypeAlias = "tuple[NamedNode, bool]"
"""A property, and whether it is read backwards."""


def link(subject: str | Term, via: Link, value: str | Term) -> Pattern:
    """Return the pattern that joins two things by a property or its inverse."""
    prop, backwards = via
    return Pattern(value, prop, subject) if backwards else Pattern(subject, prop, value)


def a(who: str | Term, cls: Term) -> Pattern:
    """Return the pattern of a member of a class."""
    return Pattern(who, TYPE, cls)


def is_reserved(term: Term) -> bool:
    """Tell whether a term is one of RDF, RDFS, OWL or XML Schema."""
    return isinstance(term, NamedNode) and term.value.startswith(_RESERVED)


def is_property(term: Term) -> bool:
    """Tell whether a term may be used as a property by axioms."""
    return isinstance(term, NamedNode) and (term.value in _PLAIN_PROPERTIES or not is_reserved(term))


class Reader:
    """The axioms, and what no rule is made of."""

    def __init__(self, axioms: Iterable[Triple]) -> None:
        self.graph = Triples(axioms)
        self.unhandled: set[UnhandledAxiom] = set()

    def leave(self, subject: Term, construct: str, reason: str) -> None:
        """Report an axiom that no rule is made of."""
        name = handle(subject.value) if isinstance(subject, NamedNode) else "an anonymous class"
        self.unhandled.add(UnhandledAxiom(name, construct, reason))

    def items(self, head: Term) -> tuple[list[Term], list[Triple]] | None:
        """Return the members of a list and its triples, or None if it is not a list that ends."""
        found: list[Term] = []
        used: list[Triple] = []
        seen: set[Term] = set()
        while head != NIL:
            if isinstance(head, Literal) or head in seen:
                return None
            seen.add(head)
            first, rest = self.graph.objects(head, FIRST), self.graph.objects(head, REST)
            if len(first) != 1 or len(rest) != 1:
                return None
            used += [Triple(head, FIRST, first[0]), Triple(head, REST, rest[0])]
            found += first
            head = rest[0]
        return found, used

    def link(self, term: Term) -> tuple[Link, list[Triple]] | None:
        """Return a property or the inverse of one, with the axioms it takes; None for anything else."""
        backwards, used = False, list[Triple]()
        seen: set[Term] = set()
        while isinstance(term, BlankNode) and term not in seen:
            seen.add(term)
            inner = self.graph.objects(term, INVERSE)
            if len(inner) != 1:
                return None
            used.append(Triple(term, INVERSE, inner[0]))
            term, backwards = inner[0], not backwards
        return ((term, backwards), used) if isinstance(term, NamedNode) and is_property(term) else None

    def links(self, head: Term) -> tuple[list[Link], list[Triple]] | None:
        """Return the properties of a list, with the axioms it takes; None if one is no property."""
        listed = self.items(head)
        found = [self.link(p) for p in listed[0]] if listed else [None]
        known = [f for f in found if f is not None]
        if listed is None or len(known) < len(found):
            return None
        return [k for k, _ in known], [*listed[1], *(t for _, used in known for t in used)]

    def is_class(self, term: Term) -> bool:
        """Tell whether a term is a class, named or described."""
        if isinstance(term, BlankNode):
            return any(self.graph.objects(term, owl(n)) for n in CONSTRUCTS)
        return isinstance(term, NamedNode) and (
            not is_reserved(term) or term in {THING, NOTHING} or term.value in DATATYPES
        )

    def used_as(self, kinds: Iterable[str]) -> set[Node]:
        """Return what is declared to be of one of these kinds of OWL."""
        return {n for kind in kinds for n in self.graph.subjects(TYPE, owl(kind))}
