"""Which axioms of an ontology the OWL 2 RL rules handle.

Source: OWL 2 Web Ontology Language Profiles (second edition), section 4.2 and tables 4 to 9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Triple

from postholder import terms
from postholder.closure.base import UnhandledAxiom
from postholder.closure.unnamed import renamed
from postholder.graph import TYPE, Node, Term, Triples, handle, integer, triple_order

if TYPE_CHECKING:
    from collections.abc import Iterable


def _owl(name: str) -> NamedNode:
    return NamedNode(terms.OWL + name)


def _rdfs(name: str) -> NamedNode:
    return NamedNode(terms.RDFS + name)


_FIRST, _REST, _NIL = (NamedNode(terms.RDF + n) for n in ("first", "rest", "nil"))

_AXIOM_PREDICATES = {
    terms.RDFS + n for n in ("subClassOf", "subPropertyOf", "domain", "range")
} | {
    terms.OWL + n
    for n in (
        "equivalentClass", "disjointWith", "equivalentProperty", "inverseOf", "propertyChainAxiom",
        "propertyDisjointWith", "hasKey", "sameAs", "differentFrom", "complementOf", "intersectionOf",
        "unionOf", "oneOf", "onProperty", "someValuesFrom", "allValuesFrom", "hasValue", "maxCardinality",
        "maxQualifiedCardinality", "onClass", "members", "distinctMembers", "sourceIndividual",
        "assertionProperty", "targetIndividual", "targetValue",
    )
}  # fmt: skip
_HANDLED_TYPES = {
    terms.OWL + n
    for n in (
        "Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Ontology", "NamedIndividual",
        "Restriction", "FunctionalProperty", "InverseFunctionalProperty", "SymmetricProperty",
        "AsymmetricProperty", "TransitiveProperty", "IrreflexiveProperty", "AllDisjointClasses",
        "AllDisjointProperties", "AllDifferent", "NegativePropertyAssertion", "DeprecatedClass",
        "DeprecatedProperty", "Thing", "Nothing", "Axiom", "Annotation",
    )
}  # fmt: skip
_HEADER = {
    terms.OWL + n
    for n in (
        "imports", "versionIRI", "versionInfo", "priorVersion", "backwardCompatibleWith", "deprecated",
        "incompatibleWith", "annotatedSource", "annotatedProperty", "annotatedTarget",
    )
}  # fmt: skip


def logical(triples: Iterable[Triple]) -> list[Triple]:
    """Return the triples that carry logic: axioms, declarations and types, lists; no annotations.

    Unnamed nodes are named anew, alike for every reading of one ontology (see `unnamed`).
    """
    keep = _AXIOM_PREDICATES | {TYPE.value, _FIRST.value, _REST.value}
    chosen = {t for t in triples if t.predicate.value in keep or t.predicate.value.startswith(terms.OWL)}
    return sorted(renamed(t for t in chosen if t.predicate.value not in _HEADER), key=triple_order)


class _Profile:
    def __init__(self, triples: Iterable[Triple]) -> None:
        self.graph = Triples(triples)
        self.found: list[UnhandledAxiom] = []

    def report(self, subject: Term, construct: str, reason: str) -> None:
        name = handle(subject.value) if isinstance(subject, NamedNode) else "an anonymous class"
        self.found.append(UnhandledAxiom(name, construct, reason))

    def members(self, head: Term) -> list[Term]:
        result: list[Term] = []
        seen: set[Term] = set()
        while isinstance(head, (BlankNode, NamedNode)) and head != _NIL and head not in seen:
            seen.add(head)
            result += self.graph.objects(head, _FIRST)
            head = self.graph.value(head, _REST) or _NIL
        return result

    def constructs(self, node: Term) -> dict[str, Term]:
        if not isinstance(node, BlankNode):
            return {}
        names = (
            "intersectionOf", "unionOf", "oneOf", "complementOf", "someValuesFrom", "allValuesFrom", "hasValue",
            "hasSelf", "cardinality", "minCardinality", "maxCardinality", "qualifiedCardinality",
            "minQualifiedCardinality", "maxQualifiedCardinality",
        )  # fmt: skip
        found = {n: self.graph.value(node, _owl(n)) for n in names}
        return {n: v for n, v in found.items() if v is not None}

    def expression(self, owner: Term, axiom: str, node: Term, allowed: set[str]) -> None:
        """Report `node` unless it is a name or built of what its position allows; it may be built of itself."""
        waiting, seen = [(node, frozenset(allowed))], set[tuple[Term, frozenset[str]]]()
        while waiting:
            inner, allowed_there = part = waiting.pop()
            if part in seen:
                continue
            seen.add(part)
            for construct, value in self.constructs(inner).items():
                if construct not in allowed_there:
                    self.report(owner, f"{construct} in {axiom}", "no OWL 2 RL rule applies in this position")
                elif construct in {"intersectionOf", "unionOf"}:
                    waiting += ((member, allowed_there) for member in self.members(value))
                elif construct in {"someValuesFrom", "allValuesFrom"}:
                    waiting.append((value, allowed_there))
                elif construct == "complementOf":
                    waiting.append((value, frozenset(_SUB)))
                elif construct.startswith("max") and (integer(value) or 0) > 1:
                    self.report(owner, f"{construct} {integer(value)} in {axiom}", "only 0 and 1 have rules")

    def run(self) -> list[UnhandledAxiom]:
        for sub, sup in self.graph.pairs(_rdfs("subClassOf")):
            if sub == _owl("Thing"):
                self.report(sub, "subClassOf", "owl:Thing may not be a subclass in OWL 2 RL")
            self.expression(sub, "a subclass position", sub, _SUB)
            self.expression(sub, "a superclass position", sup, _SUPER)
        self._pairwise()
        for disjoint in self.graph.instances(_owl("AllDisjointClasses")):
            for members in self.graph.objects(disjoint, _owl("members")):
                for member in self.members(members):
                    self.expression(disjoint, "AllDisjointClasses", member, _SUB)
        for restriction, _ in self.graph.pairs(_owl("onDataRange")):
            self.report(restriction, "onDataRange", "no OWL 2 RL rule handles qualified data ranges")
        for triple in self.graph:
            self._other(triple)
        return sorted(set(self.found), key=lambda u: (u.subject, u.construct))

    def _pairwise(self) -> None:
        for name in ("domain", "range"):
            for prop, cls in self.graph.pairs(_rdfs(name)):
                self.expression(prop, f"a {name}", cls, _SUPER)
        for sub, sup in self.graph.pairs(_owl("equivalentClass")):
            for side in (sub, sup):
                self.expression(sub, "equivalentClass", side, {"intersectionOf", "hasValue"})
        for sub, sup in self.graph.pairs(_owl("disjointWith")):
            for side in (sub, sup):
                self.expression(sub, "disjointWith", side, _SUB)

    def _other(self, triple: Triple) -> None:
        predicate, value = triple.predicate.value, triple.object
        in_expression = self.constructs(triple.subject)
        if predicate == TYPE.value:
            self.expression(triple.subject, "a type", value, _SUPER)
            if isinstance(value, NamedNode) and value.value.startswith(terms.OWL) and value.value not in _HANDLED_TYPES:
                self.report(triple.subject, value.value.removeprefix(terms.OWL), "no OWL 2 RL rule handles it")
        elif predicate.startswith(terms.OWL) and predicate not in _AXIOM_PREDICATES | _HEADER and not in_expression:
            self.report(triple.subject, predicate.removeprefix(terms.OWL), "no OWL 2 RL rule handles it")


_SUB = {"intersectionOf", "unionOf", "oneOf", "someValuesFrom", "hasValue"}
_SUPER = {
    "intersectionOf",
    "complementOf",
    "allValuesFrom",
    "hasValue",
    "maxCardinality",
    "maxQualifiedCardinality",
}


def outside_profile(axioms: Iterable[Triple]) -> list[UnhandledAxiom]:
    """Return the axioms that no OWL 2 RL rule handles, each with the reason."""
    return _Profile(axioms).run()


def functional_data(axioms: Iterable[Triple]) -> set[Node]:
    """Return the functional properties that are not declared to join individuals."""
    typed: dict[Term, set[Node]] = {}
    for t in axioms:
        if t.predicate == TYPE:
            typed.setdefault(t.object, set()).add(t.subject)
    return typed.get(_owl("FunctionalProperty"), set()) - typed.get(_owl("ObjectProperty"), set())
