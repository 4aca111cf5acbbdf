"""What the shapes themselves get wrong: terms that SHACL does not know, shapes that look at nothing.

SHACL engines ignore both in silence, so data would pass unseen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from postholder import terms
from postholder.graph import SUBCLASS, TYPE, Node, Term, Triples, handle, order, text_of
from postholder.text import did_you_mean
from postholder.validation.report import IDLE_SHAPE, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

# SHACL (W3C Recommendation, 20 July 2017), core and SPARQL parts.
_KNOWN = frozenset(
    """
    NodeShape PropertyShape Shape Parameterizable Violation Warning Info Severity IRI Literal BlankNode
    BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral PrefixDeclaration SPARQLConstraint
    SPARQLSelectValidator SPARQLAskValidator ConstraintComponent Parameter Function SPARQLFunction
    targetClass targetNode targetObjectsOf targetSubjectsOf severity message deactivated property path
    node alternativePath inversePath oneOrMorePath zeroOrMorePath zeroOrOnePath and class closed
    ignoredProperties datatype disjoint equals flags hasValue in languageIn lessThan lessThanOrEquals
    maxCount maxExclusive maxInclusive maxLength minCount minExclusive minInclusive minLength nodeKind
    not or pattern qualifiedMaxCount qualifiedMinCount qualifiedValueShape qualifiedValueShapesDisjoint
    uniqueLang xone defaultValue description group name order sparql select ask prefixes declare prefix
    namespace parameter nodeValidator propertyValidator validator labelTemplate optional shapesGraph
    entailment PropertyGroup
    """.split()  # noqa: SIM905 - a list of 130 quoted words is harder to read
)


def _sh(name: str) -> NamedNode:
    return NamedNode(terms.SH + name)


TARGETS = tuple(_sh(n) for n in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"))


def unknown_terms(shapes: Iterable[Triple]) -> list[tuple[Node, str]]:
    """Return (subject, term) for every `sh:` term that SHACL does not define."""
    found = {
        (triple.subject, term.value.removeprefix(terms.SH))
        for triple in shapes
        for term in (triple.predicate, triple.object)
        if isinstance(term, NamedNode) and term.value.startswith(terms.SH)
    }
    return sorted(((s, t) for s, t in found if t not in _KNOWN), key=lambda p: (order(p[0]), p[1]))


class Targets:
    """Which nodes each shape looks at."""

    def __init__(self, shapes: Iterable[Triple], data: Iterable[Triple], ontology: Iterable[Triple]) -> None:
        self._shapes = Triples(shapes)
        self._data = Triples(data)
        self._subclasses: dict[Term, list[Node]] = {}
        for sub, sup in Triples(ontology).pairs(SUBCLASS):
            self._subclasses.setdefault(sup, []).append(sub)

    def _instances(self, cls: Term) -> set[Node]:
        found: set[Node] = set()
        waiting, seen = [cls], {cls}
        while waiting:
            current = waiting.pop()
            found.update(self._data.subjects(TYPE, current))
            fresh = [s for s in self._subclasses.get(current, ()) if s not in seen]
            seen.update(fresh)
            waiting += fresh
        return found

    def of(self, shape: Node) -> set[Term]:
        """Return the focus nodes of a shape; a class that is a shape targets its own instances."""
        found: set[Term] = set()
        if any(text_of(value) in {"true", "1"} for value in self._shapes.objects(shape, _sh("deactivated"))):
            return found
        types = self._shapes.objects(shape, TYPE)
        if NamedNode(terms.RDFS + "Class") in types or NamedNode(terms.OWL + "Class") in types:
            found |= self._instances(shape)
        for cls in self._shapes.objects(shape, _sh("targetClass")):
            found |= self._instances(cls)
        found.update(self._shapes.objects(shape, _sh("targetNode")))
        for predicate in self._shapes.names(shape, _sh("targetSubjectsOf")):
            found.update(s for s, _ in self._data.pairs(predicate))
        for predicate in self._shapes.names(shape, _sh("targetObjectsOf")):
            found.update(o for _, o in self._data.pairs(predicate))
        return found

    def declared(self) -> list[Node]:
        """Return the shapes that declare a target, and node shapes that nothing refers to."""
        with_target = {s for predicate in TARGETS for s, _ in self._shapes.pairs(predicate)}
        referred = {
            o for name in ("node", "property", "not", "qualifiedValueShape") for _, o in self._shapes.pairs(_sh(name))
        }
        referred |= {o for _, o in self._shapes.pairs(NamedNode(terms.RDF + "first"))}
        idle = {s for s in self._shapes.subjects(TYPE, _sh("NodeShape")) if s not in referred}
        return sorted(with_target | idle, key=order)


def findings(targets: Targets, shapes: Iterable[Triple]) -> tuple[list[Finding], int]:
    """Return the findings about the shapes, and how many shapes looked at something."""
    found = []
    for subject, term in unknown_terms(shapes):
        name = handle(subject.value) if isinstance(subject, NamedNode) else "a shape without a name"
        found.append(
            Finding(
                "shapes",
                0,
                name,
                "unknown-shacl-term",
                f"SHACL has no term sh:{term}, so engines ignore it; {did_you_mean(term, _KNOWN)}",
            )
        )
    active = 0
    for shape in targets.declared():
        if targets.of(shape):
            active += 1
            continue
        name = handle(shape.value) if isinstance(shape, NamedNode) else "a shape without a name"
        found.append(
            Finding(
                "shapes",
                0,
                name.removeprefix(terms.SHAPES),
                IDLE_SHAPE,
                "looked at nothing in this data",
                severity="info",
            )
        )
    return found, active
