"""Axioms compiled to rules as data, each with the name it has in the OWL 2 RL tables.

Nothing here runs a rule: `relations` does in memory, and a store may turn the same rules to SQL.
Source: OWL 2 Web Ontology Language Profiles (second edition), section 4.3, tables 5 to 9.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode

from postholder import terms
from postholder.closure.base import UnhandledAxiom
from postholder.closure.datatypes import DATATYPES
from postholder.graph import TYPE, Node, Term, Triples, handle, triple_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Triple


@dataclass(frozen=True)
class Pattern:
    """One triple of a rule: variables are texts, constants are names."""

    subject: str
    predicate: NamedNode
    object: str | NamedNode


@dataclass(frozen=True)
class Rule:
    """If all of the body holds, so does the head; a rule without a head finds a clash."""

    name: str
    body: tuple[Pattern, ...]
    head: Pattern | None = None


@dataclass(frozen=True)
class Program:
    """The rules of an ontology, its typed individuals, and the axioms that are left out."""

    rules: tuple[Rule, ...]
    individuals: tuple[Triple, ...]
    unhandled: tuple[UnhandledAxiom, ...] = field(default=())


def _owl(name: str) -> NamedNode:
    return NamedNode(terms.OWL + name)


def _is_a(variable: str, cls: NamedNode) -> Pattern:
    return Pattern(variable, TYPE, cls)


_FIRST, _REST, _NIL = (NamedNode(terms.RDF + n) for n in ("first", "rest", "nil"))
_THING, _NOTHING = _owl("Thing"), _owl("Nothing")
_RESERVED = (terms.OWL, terms.RDF, terms.RDFS, terms.XSD)
_PLAIN_PROPERTIES = {terms.RDFS + n for n in ("label", "comment", "seeAlso", "isDefinedBy", "member")} | {
    terms.RDF + "value"
}
"""Properties of RDF itself that mean nothing to a rule, so that axioms may be about them."""
_DECLARED = {
    terms.OWL + n
    for n in (
        "Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Ontology", "NamedIndividual",
        "DeprecatedClass", "DeprecatedProperty", "Axiom", "Annotation", "AllDisjointClasses", "Thing",
    )
} | {terms.RDFS + n for n in ("Class", "Datatype")} | {terms.RDF + n for n in ("Property", "List")}  # fmt: skip
_IN_LISTS = {_FIRST.value, _REST.value, terms.OWL + "members"}
"""Read from the axiom that owns the list."""


def _one(name: str, body: Pattern, head: Pattern) -> Rule:
    return Rule(name, (body,), head)


def _subclass(sub: NamedNode, sup: NamedNode) -> list[Rule]:
    return [_one("cax-sco", _is_a("x", sub), _is_a("x", sup))]


def _equivalent(one: NamedNode, other: NamedNode) -> list[Rule]:
    first, second = _is_a("x", one), _is_a("x", other)
    return [_one("cax-eqc1", first, second), _one("cax-eqc2", second, first)]


def _disjoint(one: NamedNode, other: NamedNode) -> list[Rule]:
    return [Rule("cax-dw", (_is_a("x", one), _is_a("x", other)))]


def _domain(prop: NamedNode, cls: NamedNode) -> list[Rule]:
    return [_one("prp-dom", Pattern("x", prop, "y"), _is_a("x", cls))]


def _range(prop: NamedNode, cls: NamedNode) -> list[Rule]:
    return [_one("prp-rng", Pattern("x", prop, "y"), _is_a("y", cls))]


def _subproperty(sub: NamedNode, sup: NamedNode) -> list[Rule]:
    return [_one("prp-spo1", Pattern("x", sub, "y"), Pattern("x", sup, "y"))]


def _same_property(one: NamedNode, other: NamedNode) -> list[Rule]:
    first, second = Pattern("x", one, "y"), Pattern("x", other, "y")
    return [_one("prp-eqp1", first, second), _one("prp-eqp2", second, first)]


def _inverse(one: NamedNode, other: NamedNode) -> list[Rule]:
    return [
        _one("prp-inv1", Pattern("x", one, "y"), Pattern("y", other, "x")),
        _one("prp-inv2", Pattern("x", other, "y"), Pattern("y", one, "x")),
    ]


def _disjoint_property(one: NamedNode, other: NamedNode) -> list[Rule]:
    return [Rule("prp-pdw", (Pattern("x", one, "y"), Pattern("x", other, "y")))]


_CLASS, _PROPERTY = "class", "property"
_PAIRWISE = {
    terms.RDFS + "subClassOf": (_CLASS, _CLASS, _subclass),
    terms.OWL + "equivalentClass": (_CLASS, _CLASS, _equivalent),
    terms.OWL + "disjointWith": (_CLASS, _CLASS, _disjoint),
    terms.RDFS + "domain": (_PROPERTY, _CLASS, _domain),
    terms.RDFS + "range": (_PROPERTY, "range", _range),
    terms.RDFS + "subPropertyOf": (_PROPERTY, _PROPERTY, _subproperty),
    terms.OWL + "equivalentProperty": (_PROPERTY, _PROPERTY, _same_property),
    terms.OWL + "inverseOf": (_PROPERTY, _PROPERTY, _inverse),
    terms.OWL + "propertyDisjointWith": (_PROPERTY, _PROPERTY, _disjoint_property),
}
"""Axioms of one triple: what subject and object must be, and the rules they make."""
_ABOVE = {terms.RDFS + "subClassOf", terms.RDFS + "domain", terms.RDFS + "range"}


def _kind(prop: NamedNode, kind: str) -> Rule:
    there, back = Pattern("x", prop, "y"), Pattern("y", prop, "x")
    if kind == "SymmetricProperty":
        return _one("prp-symp", there, back)
    if kind == "TransitiveProperty":
        return Rule("prp-trp", (there, Pattern("y", prop, "z")), Pattern("x", prop, "z"))
    if kind == "AsymmetricProperty":
        return Rule("prp-asyp", (there, back))
    return Rule("prp-irp", (Pattern("x", prop, "x"),))


_KINDS = {
    terms.OWL + n: n for n in ("SymmetricProperty", "TransitiveProperty", "AsymmetricProperty", "IrreflexiveProperty")
}


def _is_class(term: Term) -> bool:
    return isinstance(term, NamedNode) and not term.value.startswith(_RESERVED)


def _is_property(term: Term) -> bool:
    return isinstance(term, NamedNode) and (
        term.value in _PLAIN_PROPERTIES or not term.value.startswith((*_RESERVED, "http://www.daml.org/"))
    )


def _fits(term: Term, wanted: str, *, above: bool) -> bool:
    """Tell whether a term may stand in a position; `above` is where Thing and Nothing may stand too."""
    if wanted == _PROPERTY:
        return _is_property(term)
    datatype = wanted == "range" and isinstance(term, NamedNode) and term.value in DATATYPES
    return _is_class(term) or datatype or (above and term in (_THING, _NOTHING))


class _Compiler:
    def __init__(self, axioms: Iterable[Triple]) -> None:
        self.graph = Triples(axioms)
        self.rules: dict[tuple[tuple[Pattern, ...], Pattern | None], Rule] = {}
        self.individuals: list[Triple] = []
        self.unhandled: set[UnhandledAxiom] = set()

    def leave(self, subject: Term, construct: str, reason: str) -> None:
        name = handle(subject.value) if isinstance(subject, NamedNode) else "an anonymous class"
        self.unhandled.add(UnhandledAxiom(name, construct, reason))

    def add(self, rule: Rule) -> None:
        """Keep a rule unless another says the same or it says nothing."""
        if rule.head is None or rule.head not in rule.body:
            self.rules.setdefault((rule.body, rule.head), rule)

    def items(self, head: Term) -> list[Term] | None:
        """Return the members of a list, or None if it is not a list of unnamed nodes that ends."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head != _NIL:
            if not isinstance(head, BlankNode) or head in seen:
                return None
            seen.add(head)
            first, rest = self.graph.objects(head, _FIRST), self.graph.objects(head, _REST)
            if len(first) != 1 or len(rest) != 1:
                return None
            found += first
            head = rest[0]
        return found

    def run(self) -> Program:
        for triple in sorted(self.graph, key=triple_order):
            for rule in self.compiled(triple):
                self.add(rule)
        left = sorted(self.unhandled, key=lambda u: (u.subject, u.construct, u.reason))
        return Program(tuple(self.rules.values()), tuple(self.individuals), tuple(left))

    def compiled(self, triple: Triple) -> Iterator[Rule]:
        """Yield the rules of one axiom, or report it."""
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        construct = predicate.rpartition("#")[2]
        if predicate == TYPE.value:
            yield from self.typed(triple)
        elif predicate == terms.OWL + "propertyChainAxiom":
            chain = self.items(value)
            if chain is None or not (_is_property(subject) and all(_is_property(p) for p in chain)):
                self.leave(subject, construct, "only chains of named properties have rules here")
            elif chain and isinstance(subject, NamedNode):
                steps = enumerate(p for p in chain if isinstance(p, NamedNode))
                body = tuple(Pattern(f"x{n}", p, f"x{n + 1}") for n, p in steps)
                yield Rule("prp-spo2", body, Pattern("x0", subject, f"x{len(body)}"))
        elif predicate in _PAIRWISE:
            of_subject, of_value, make = _PAIRWISE[predicate]
            fits = _fits(subject, of_subject, above=False) and _fits(value, of_value, above=predicate in _ABOVE)
            if not fits or not isinstance(subject, NamedNode) or not isinstance(value, NamedNode):
                self.leave(subject, construct, "only names that the ontology defines have rules here")
            elif value == _NOTHING:
                yield from make(subject, value)
                yield Rule("cls-nothing2", (_is_a("x", _NOTHING),))
            elif value != _THING:
                yield from make(subject, value)
        elif predicate not in _IN_LISTS:
            self.leave(subject, construct, "left to the reference engine")

    def typed(self, triple: Triple) -> Iterator[Rule]:
        """Yield the rules of a property's kind or of disjoint classes, or note an individual."""
        subject, value = triple.subject, triple.object
        name = value.value if isinstance(value, NamedNode) else ""
        if name == terms.OWL + "AllDisjointClasses":
            yield from self.all_disjoint(subject)
        elif name in _KINDS and isinstance(subject, NamedNode) and _is_property(subject):
            yield _kind(subject, _KINDS[name])
        elif _is_class(value) and not (isinstance(subject, NamedNode) and subject.value.startswith(_RESERVED)):
            self.individuals.append(triple)
        elif name not in _DECLARED:
            self.leave(subject, name.rpartition("#")[2] or "a type", "left to the reference engine")

    def all_disjoint(self, node: Node) -> Iterator[Rule]:
        """Yield a clash rule for each two of classes that exclude each other."""
        for head in self.graph.objects(node, _owl("members")):
            members = self.items(head)
            if members is None or not all(_is_class(m) for m in members):
                self.leave(node, "AllDisjointClasses", "only named classes have rules here")
                continue
            for one, other in combinations([m for m in members if isinstance(m, NamedNode)], 2):
                yield Rule("cax-adc", (_is_a("x", one), _is_a("x", other)))


def compile_axioms(axioms: Iterable[Triple]) -> Program:
    """Return the rules of the axioms; what no rule covers is told and never silent."""
    return _Compiler(axioms).run()
