"""What the exporters need to know of the vocabulary: classes, properties and how they hang together."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from postholder import terms
from postholder.graph import SUBCLASS, TYPE, Triples, local_name, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

_CLASS = NamedNode(terms.OWL + "Class")
_OBJECT = NamedNode(terms.OWL + "ObjectProperty")
_DATATYPE = NamedNode(terms.OWL + "DatatypeProperty")
_SYMMETRIC = NamedNode(terms.OWL + "SymmetricProperty")
_INVERSE = NamedNode(terms.OWL + "inverseOf")
_SUBPROPERTY = NamedNode(terms.RDFS + "subPropertyOf")
_RANGE = (NamedNode(terms.RDFS + "range"), NamedNode("https://schema.org/rangeIncludes"))
_CONCEPT = NamedNode(terms.SKOS + "Concept")


class Vocabulary:
    """The terms that the vocabulary graph describes; each answer is in term order."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._triples = Triples(triples)

    def _ours(self, kind: NamedNode) -> list[str]:
        return [text_of(n) for n in self._triples.instances(kind) if text_of(n).startswith(terms.PH)]

    @cached_property
    def described(self) -> frozenset[str]:
        """The terms that the vocabulary describes; the facts are not about them."""
        return frozenset(s.value for s, _ in self._triples.pairs(TYPE) if isinstance(s, NamedNode))

    @cached_property
    def classes(self) -> dict[str, frozenset[str]]:
        """Our classes, each with all of our classes above it."""
        names = self._ours(_CLASS)
        return {c: frozenset(self._above(c, SUBCLASS)) & frozenset(names) for c in names}

    @cached_property
    def object_properties(self) -> list[str]:
        """Our properties that lead to things."""
        return self._ours(_OBJECT)

    @cached_property
    def datatype_properties(self) -> list[str]:
        """Our properties that lead to literals."""
        return self._ours(_DATATYPE)

    @cached_property
    def code_lists(self) -> dict[str, list[str]]:
        """Our classes of concepts, each with its members."""
        concepts = [c for c in self.classes if _CONCEPT.value in self._above(c, SUBCLASS)]
        return {c: [text_of(m) for m in self._triples.instances(NamedNode(c))] for c in concepts}

    @cached_property
    def symmetric(self) -> frozenset[str]:
        """The properties that hold both ways."""
        return frozenset(n.value for n in self._triples.instances(_SYMMETRIC) if isinstance(n, NamedNode))

    @cached_property
    def forward(self) -> dict[str, str]:
        """The properties to be read backwards, each with the property it is the inverse of.

        Ours are declared on the property that reads backwards (`ph:holderOf` is the inverse of
        `ph:holder`), those of the W3C Organization Ontology on the one that reads forwards.
        """
        found: dict[str, str] = {}
        for subject, value in self._triples.pairs(_INVERSE):
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode):
                ours = subject.value.startswith(terms.PH)
                backward, forward = (subject, value) if ours else (value, subject)
                found[backward.value] = forward.value
        return found

    def ranges(self, prop: str) -> list[str]:
        """Return what a property is declared to lead to."""
        found = {v.value for p in _RANGE for v in self._triples.objects(NamedNode(prop), p) if isinstance(v, NamedNode)}
        return sorted(found)

    def below(self, prop: str) -> list[str]:
        """Return our properties that imply `prop`."""
        return self._below.get(prop, [])

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for prop in self.object_properties:
            for above in self._above(prop, _SUBPROPERTY):
                found.setdefault(above, []).append(prop)
        return found

    def _above(self, term: str, link: NamedNode) -> set[str]:
        found: set[str] = set()
        todo = [NamedNode(term)]
        while todo:
            for above in self._triples.objects(todo.pop(), link):
                if isinstance(above, NamedNode) and above.value not in found:
                    found.add(above.value)
                    todo.append(above)
        return found - {term}


def most_specific(classes: Iterable[str], vocabulary: Vocabulary) -> list[str]:
    """Return the classes that no other of them is below, by name."""
    given = set(classes)
    general = {above for c in given for above in vocabulary.classes[c]}
    return sorted(given - general, key=local_name)
