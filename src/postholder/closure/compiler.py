"""Read the axioms of an ontology and make the rules of `program` of them; what no rule covers is told.

Source: OWL 2 Web Ontology Language Profiles (second edition), section 4.3, tables 4 to 7; the RDF form
of axioms: OWL 2 Mapping to RDF Graphs (second edition), section 3.2.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from postholder import terms
from postholder.closure.base import UnhandledAxiom
from postholder.closure.datatypes import DATATYPES
from postholder.closure.expressions import CONSTRUCTS, expression_rules
from postholder.closure.profile import outside_profile
from postholder.closure.program import DIFFERENT, SAME, Pattern, Program, Rule
from postholder.graph import TYPE, Node, Term, Triples, handle, triple_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


def _owl(name: str) -> NamedNode:
    return NamedNode(terms.OWL + name)


_FIRST, _REST, _NIL = (NamedNode(terms.RDF + n) for n in ("first", "rest", "nil"))
THING, NOTHING = _owl("Thing"), _owl("Nothing")
_SAME, _DIFFERENT, _INVERSE = NamedNode(SAME), NamedNode(DIFFERENT), _owl("inverseOf")
_RESERVED = (terms.OWL, terms.RDF, terms.RDFS, terms.XSD)
_PLAIN_PROPERTIES = {terms.RDFS + n for n in ("label", "comment", "seeAlso", "isDefinedBy", "member")} | {
    terms.RDF + "value"
}
"""Properties of RDF itself that mean nothing to a rule, so that axioms may be about them."""
_DECLARED = {
    terms.OWL + n
    for n in (
        "Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Ontology", "NamedIndividual",
        "DeprecatedClass", "DeprecatedProperty", "Axiom", "Annotation", "Thing", "Restriction",
    )
} | {terms.RDFS + n for n in ("Class", "Datatype")} | {terms.RDF + n for n in ("Property", "List")}  # fmt: skip
_IN_LISTS = {_FIRST.value, _REST.value}
_READ_WITH_OWNER = {
    terms.OWL + n
    for n in (
        "members", "distinctMembers", "onProperty", "onClass", "someValuesFrom", "allValuesFrom", "hasValue",
        "maxCardinality", "maxQualifiedCardinality", "sourceIndividual", "assertionProperty", "targetIndividual",
        "targetValue",
    )
}  # fmt: skip
"""Read from the axiom or class expression that they are part of."""
Link = tuple[NamedNode, bool]
"""A property, and whether it is read backwards."""


def link(subject: str | Term, via: Link, value: str | Term) -> Pattern:
    """Return the pattern that joins two things by a property or its inverse."""
    prop, backwards = via
    return Pattern(value, prop, subject) if backwards else Pattern(subject, prop, value)


class Reader:
    """The axioms with what compiling them needs: lists, property and class expressions, what is left out."""

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
        while head != _NIL:
            if isinstance(head, Literal) or head in seen:
                return None
            seen.add(head)
            first, rest = self.graph.objects(head, _FIRST), self.graph.objects(head, _REST)
            if len(first) != 1 or len(rest) != 1:
                return None
            used += [Triple(head, _FIRST, first[0]), Triple(head, _REST, rest[0])]
            found += first
            head = rest[0]
        return found, used

    def link(self, term: Term) -> tuple[Link, list[Triple]] | None:
        """Return a property or the inverse of one, with the axioms it takes; None for anything else."""
        if is_property(term) and isinstance(term, NamedNode):
            return (term, False), []
        if isinstance(term, BlankNode):
            inner = self.graph.objects(term, _INVERSE)
            if len(inner) == 1 and (found := self.link(inner[0])) is not None:
                (prop, backwards), used = found
                return (prop, not backwards), [Triple(term, _INVERSE, inner[0]), *used]
        return None

    def is_class(self, term: Term) -> bool:
        """Tell whether a term is a class, named or described."""
        if isinstance(term, BlankNode):
            return any(self.graph.objects(term, _owl(n)) for n in CONSTRUCTS)
        return isinstance(term, NamedNode) and (
            not term.value.startswith(_RESERVED) or term in {THING, NOTHING} or term.value in DATATYPES
        )


def is_property(term: Term) -> bool:
    """Tell whether a term may be used as a property by axioms."""
    return isinstance(term, NamedNode) and (
        term.value in _PLAIN_PROPERTIES or not term.value.startswith((*_RESERVED, "http://www.daml.org/"))
    )


def _a(variable: str | Term, cls: Term) -> Pattern:
    return Pattern(variable, TYPE, cls)


Both = tuple[Term, Term]


def _implies(name: str) -> Callable[[Term, Term], list[tuple[str, tuple[Pattern, ...], Pattern | None]]]:
    return lambda one, other: [(name, (_a("x", one),), _a("x", other))]


def _class_axiom(name: str, one: Term, other: Term) -> list[tuple[str, tuple[Pattern, ...], Pattern | None]]:
    """Return the rules of an axiom between two classes."""
    first, second = _a("x", one), _a("x", other)
    if name == "subClassOf":
        return [("cax-sco", (first,), second)]
    if name == "equivalentClass":
        return [("cax-eqc1", (first,), second), ("cax-eqc2", (second,), first)]
    if name == "disjointWith":
        return [("cax-dw", (first, second), None)]
    return [("eq-rep-o", (first,), second), ("eq-rep-o", (second,), first)]


def _property_axiom(name: str, one: Link, other: Link) -> list[tuple[str, tuple[Pattern, ...], Pattern | None]]:
    """Return the rules of an axiom between two properties."""
    first, second = link("x", one, "y"), link("x", other, "y")
    if name == "subPropertyOf":
        return [("prp-spo1", (first,), second)]
    if name == "equivalentProperty":
        return [("prp-eqp1", (first,), second), ("prp-eqp2", (second,), first)]
    if name == "propertyDisjointWith":
        return [("prp-pdw", (first, second), None)]
    if name == "inverseOf":
        return [
            ("prp-inv1", (first,), link("y", other, "x")),
            ("prp-inv2", (second,), link("y", one, "x")),
        ]
    return [("eq-rep-p", (first,), second), ("eq-rep-p", (second,), first)]


_CLASS_AXIOMS = {terms.RDFS + "subClassOf", terms.OWL + "equivalentClass", terms.OWL + "disjointWith"}
_PROPERTY_AXIOMS = {
    terms.RDFS + "subPropertyOf", terms.OWL + "equivalentProperty", terms.OWL + "propertyDisjointWith", _INVERSE.value,
}  # fmt: skip


def _kind(via: Link, kind: str) -> list[tuple[str, tuple[Pattern, ...], Pattern | None]]:
    """Return the rule of a kind of property."""
    there, back = link("x", via, "y"), link("y", via, "x")
    made: dict[str, tuple[str, tuple[Pattern, ...], Pattern | None]] = {
        "SymmetricProperty": ("prp-symp", (there,), back),
        "TransitiveProperty": ("prp-trp", (there, link("y", via, "z")), link("x", via, "z")),
        "AsymmetricProperty": ("prp-asyp", (there, back), None),
        "IrreflexiveProperty": ("prp-irp", (link("x", via, "x"),), None),
        "FunctionalProperty": (
            "prp-fp", (link("x", via, "y1"), link("x", via, "y2")), Pattern("y1", _SAME, "y2")
        ),
        "InverseFunctionalProperty": (
            "prp-ifp", (link("x1", via, "y"), link("x2", via, "y")), Pattern("x1", _SAME, "x2")
        ),
    }  # fmt: skip
    return [made[kind]]


_KINDS = {
    terms.OWL + n: n
    for n in (
        "SymmetricProperty", "TransitiveProperty", "AsymmetricProperty", "IrreflexiveProperty", "FunctionalProperty",
        "InverseFunctionalProperty",
    )
}  # fmt: skip


class _Compiler(Reader):
    def __init__(self, axioms: Iterable[Triple]) -> None:
        super().__init__(axioms)
        self.rules: dict[tuple[tuple[Pattern, ...], Pattern | None], Rule] = {}
        self.individuals: list[Triple] = []
        for item in outside_profile(self.graph):
            self.unhandled.add(item)

    def add(self, rule: Rule) -> None:
        """Keep a rule unless another says the same or it says nothing."""
        if rule.head is None or rule.head not in rule.body:
            self.rules.setdefault((rule.body, rule.head), rule)

    def run(self) -> Program:
        for triple in sorted(self.graph, key=triple_order):
            for name, body, head, axioms in self.compiled(triple):
                self.add(Rule(name, body, head, axioms))
        rules = _needed(self.rules.values())
        left = sorted(self.unhandled, key=lambda u: (u.subject, u.construct, u.reason))
        return Program(rules, tuple(self.individuals), tuple(left))

    def compiled(
        self, triple: Triple
    ) -> Iterator[tuple[str, tuple[Pattern, ...], Pattern | None, tuple[Triple, ...]]]:
        """Yield the rules of one axiom, or report it."""
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        construct = predicate.rpartition("#")[2]
        if predicate == TYPE.value:
            yield from self.typed(triple)
        elif predicate in _CLASS_AXIOMS:
            if not self.is_class(subject) or not self.is_class(value):
                self.leave(subject, construct, "one side is no class that rules are made for")
            else:
                for made in _class_axiom(construct, subject, value):
                    yield (*made, (triple,))
        elif predicate in _PROPERTY_AXIOMS:
            yield from self.between_properties(triple, construct)
        elif predicate in {terms.RDFS + "domain", terms.RDFS + "range"}:
            via = self.link(subject)
            if via is None or not self.is_class(value):
                self.leave(subject, construct, "not a property and a class that rules are made for")
            else:
                end = "x" if construct == "domain" else "y"
                name = "prp-dom" if construct == "domain" else "prp-rng"
                yield name, (link("x", via[0], "y"),), _a(end, value), (triple, *via[1])
        elif predicate == terms.OWL + "propertyChainAxiom":
            yield from self.chain(triple)
        elif predicate == terms.OWL + "hasKey":
            yield from self.key(triple)
        elif predicate in {SAME, DIFFERENT}:
            yield from self.identity(triple)
        elif construct in CONSTRUCTS and predicate.startswith(terms.OWL):
            for made in expression_rules(self, triple):
                yield (made.name, made.body, made.head, made.axioms)
        elif predicate not in _IN_LISTS | _READ_WITH_OWNER:
            self.leave(subject, construct, "no OWL 2 RL rule handles it")

    def between_properties(
        self, triple: Triple, construct: str
    ) -> Iterator[tuple[str, tuple[Pattern, ...], Pattern | None, tuple[Triple, ...]]]:
        """Yield the rules of an axiom between two properties."""
        if construct == "inverseOf" and isinstance(triple.subject, BlankNode):
            return  # names the inverse of a property, for other axioms
        one, other = self.link(triple.subject), self.link(triple.object)
        if one is None or other is None:
            self.leave(triple.subject, construct, "one side is no property that rules are made for")
            return
        for made in _property_axiom(construct, one[0], other[0]):
            yield (*made, (triple, *one[1], *other[1]))

    def chain(
        self, triple: Triple
    ) -> Iterator[tuple[str, tuple[Pattern, ...], Pattern | None, tuple[Triple, ...]]]:
        """Yield the rule of a chain of properties."""
        via, listed = self.link(triple.subject), self.items(triple.object)
        steps = [self.link(p) for p in listed[0]] if listed else [None]
        known = [s for s in steps if s is not None]
        if via is None or listed is None or len(known) < len(steps):
            self.leave(triple.subject, "propertyChainAxiom", "not a list of properties that rules are made for")
        elif steps:
            body = tuple(link(f"x{n}", step, f"x{n + 1}") for n, (step, _) in enumerate(known))
            used = (triple, *via[1], *listed[1], *(t for _, more in known for t in more))
            yield "prp-spo2", body, link("x0", via[0], f"x{len(body)}"), used

    def key(
        self, triple: Triple
    ) -> Iterator[tuple[str, tuple[Pattern, ...], Pattern | None, tuple[Triple, ...]]]:
        """Yield the rule of a key: things of the class that share a value of every property are one."""
        listed = self.items(triple.object)
        steps = [self.link(p) for p in listed[0]] if listed else [None]
        known = [s for s in steps if s is not None]
        if listed is None or not known or len(known) < len(steps) or not self.is_class(triple.subject):
            self.leave(triple.subject, "hasKey", "not a class and a list of properties that rules are made for")
            return
        members = (_a("x", triple.subject), _a("y", triple.subject))
        shared = (link(end, step, f"z{n}") for n, (step, _) in enumerate(known) for end in ("x", "y"))
        used = (triple, *listed[1], *(t for _, more in known for t in more))
        yield "prp-key", (*shared, *members), Pattern("x", _SAME, "y"), used

    def identity(
        self, triple: Triple
    ) -> Iterator[tuple[str, tuple[Pattern, ...], Pattern | None, tuple[Triple, ...]]]:
        """Note that two things are the same or different; two terms that are the same are used alike."""
        one, other = triple.subject, triple.object
        used = {t.predicate for t in self.graph} | {
            o for p in (terms.RDFS + "domain", terms.RDFS + "range") for _, o in self.graph.pairs(NamedNode(p))
        }
        as_property = (NamedNode(terms.OWL + "ObjectProperty"), NamedNode(terms.OWL + "DatatypeProperty"))
        properties = {n for kind in as_property for n in self.graph.subjects(TYPE, kind)} | used
        classes = set(self.graph.subjects(TYPE, _owl("Class"))) | {
            n for s, o in self.graph.pairs(NamedNode(terms.RDFS + "subClassOf")) for n in (s, o)
        }
        self.individuals.append(triple)
        if triple.predicate == _DIFFERENT:
            return
        if (one in properties or other in properties) and is_property(one) and is_property(other):
            for made in _property_axiom("sameAs", (one, False), (other, False)):  # type: ignore[arg-type]
                yield (*made, (triple,))
        if one in classes or other in classes:
            for made in _class_axiom("sameAs", one, other):
                yield (*made, (triple,))

    def typed(
        self, triple: Triple
    ) -> Iterator[tuple[str, tuple[Pattern, ...], Pattern | None, tuple[Triple, ...]]]:
        """Yield the rules of a property's kind, of disjointness and of negative assertions, or note an individual."""
        subject, value = triple.subject, triple.object
        name = value.value if isinstance(value, NamedNode) else ""
        if name in _KINDS and (via := self.link(subject)) is not None:
            for made in _kind(via[0], _KINDS[name]):
                yield (*made, (triple, *via[1]))
        elif name.startswith(terms.OWL + "AllDi"):
            yield from self.all_apart(triple, name.removeprefix(terms.OWL))
        elif name == terms.OWL + "NegativePropertyAssertion":
            yield from self.negative(triple)
        elif self.is_class(value) and value != THING and not subject_is_reserved(subject):
            self.individuals.append(triple)
        elif name not in _DECLARED:
            self.leave(subject, name.rpartition("#")[2] or "a type", "no OWL 2 RL rule handles it")

    def all_apart(
        self, triple: Triple, kind: str
    ) -> Iterator[tuple[str, tuple[Pattern, ...], Pattern | None, tuple[Triple, ...]]]:
        """Yield a clash rule for each two of the classes, properties or things that exclude each other."""
        lists = [(n, o) for n in ("members", "distinctMembers") for o in self.graph.objects(triple.subject, _owl(n))]
        for name, head in lists:
            listed = self.items(head)
            if listed is None or (name == "distinctMembers" and kind != "AllDifferent"):
                self.leave(triple.subject, kind, "its members are no list that ends")
                continue
            used = (triple, Triple(triple.subject, _owl(name), head), *listed[1])
            for one, other in combinations(listed[0], 2):
                made = self.two_apart(kind, "eq-diff2" if name == "members" else "eq-diff3", one, other)
                if made is None:
                    self.leave(triple.subject, kind, "a member is of no kind that rules are made for")
                else:
                    yield (*made, None, used)

    def two_apart(self, kind: str, different: str, one: Term, other: Term) -> tuple[str, tuple[Pattern, ...]] | None:
        """Return the name and body of the clash of two that exclude each other."""
        if kind == "AllDisjointClasses" and self.is_class(one) and self.is_class(other):
            return "cax-adc", (_a("x", one), _a("x", other))
        if kind == "AllDisjointProperties":
            first, second = self.link(one), self.link(other)
            return ("prp-adp", (link("x", first[0], "y"), link("x", second[0], "y"))) if first and second else None
        return (different, (Pattern(one, _SAME, other),)) if kind == "AllDifferent" else None

    def negative(
        self, triple: Triple
    ) -> Iterator[tuple[str, tuple[Pattern, ...], Pattern | None, tuple[Triple, ...]]]:
        """Yield the clash rule of a negative assertion."""
        node, found = triple.subject, {}
        for name in ("sourceIndividual", "assertionProperty", "targetIndividual", "targetValue"):
            found[name] = self.graph.objects(node, _owl(name))
        targets = found["targetIndividual"] + found["targetValue"]
        via = self.link(found["assertionProperty"][0]) if len(found["assertionProperty"]) == 1 else None
        if via is None or len(found["sourceIndividual"]) != 1 or len(targets) != 1:
            self.leave(node, "NegativePropertyAssertion", "it does not name one source, one property and one target")
            return
        rule = "prp-npa1" if found["targetIndividual"] else "prp-npa2"
        used = [Triple(node, _owl(n), o) for n, values in found.items() for o in values]
        yield rule, (link(found["sourceIndividual"][0], via[0], targets[0]),), None, (triple, *used, *via[1])


def subject_is_reserved(subject: Node) -> bool:
    """Tell whether a node is a term of RDF, RDFS, OWL or XML Schema."""
    return isinstance(subject, NamedNode) and subject.value.startswith(_RESERVED)


def _needed(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Leave out rules that can never say anything new.

    What asks for members of an unnamed class waits for another rule to put some there; what puts things
    into a class that says nothing (owl:Thing, an unnamed class nobody asks for) is left out as well.
    """
    kept = list(rules)
    while True:
        asked = {p.object for r in kept for p in r.body if p.is_class}
        makers: dict[Term, list[Rule]] = defaultdict(list)
        for rule in kept:
            if rule.head is not None and rule.head.is_class and not isinstance(rule.head.object, str):
                makers[rule.head.object].append(rule)
        left = [r for r in kept if not _idle(r, asked, makers)]  # type: ignore[arg-type]
        if len(left) == len(kept):
            return tuple(kept)
        kept = left


_TAKES_APART = {"cls-int2": {"cls-int1"}, "cls-hv1": {"cls-hv2"}}
"""Rules that only undo what the other has put together."""


def _idle(rule: Rule, asked: set[Term], makers: dict[Term, list[Rule]]) -> bool:
    head = rule.head
    if head is not None and head.is_class:
        anonymous = isinstance(head.object, BlankNode) or head.object == THING
        if anonymous and head.object not in asked:
            return True
    for pattern in rule.body:
        if pattern.is_class and isinstance(pattern.object, BlankNode):
            found = {r.name for r in makers[pattern.object]}
            if found <= _TAKES_APART.get(rule.name, set()):
                return True
    return False


def compile_axioms(axioms: Iterable[Triple]) -> Program:
    """Return the rules of the axioms; what no rule covers is told and never silent."""
    return _Compiler(axioms).run()
