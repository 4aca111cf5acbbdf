"""Read the axioms of an ontology and make the rules of `program` of them; what no rule covers is told.

Source: OWL 2 Web Ontology Language Profiles (second edition), section 4.3, tables 4 to 7; the RDF form
of axioms: OWL 2 Mapping to RDF Graphs (second edition), section 3.2.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import BlankNode, NamedNode, Triple

from postholder import terms
from postholder.closure.expressions import expression_rules
from postholder.closure.profile import outside_profile
from postholder.closure.program import DIFFERENT, SAME, Pattern, Program, Rule
from postholder.closure.reader import (
    CONSTRUCTS,
    FIRST,
    INVERSE,
    NOTHING,
    REST,
    THING,
    Link,
    Reader,
    a,
    is_reserved,
    link,
    owl,
)
from postholder.graph import TYPE, Term, triple_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Axioms: TypeAlias = "tuple[Triple, ...]"
_SAME = NamedNode(SAME)
DECLARED = {
    terms.OWL + n
    for n in (
        "Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Ontology", "NamedIndividual",
        "DeprecatedClass", "DeprecatedProperty", "Axiom", "Annotation", "Thing",
    )
} | {terms.RDFS + n for n in ("Class", "Datatype")} | {terms.RDF + n for n in ("Property", "List")}  # fmt: skip
"""Kinds of declarations, from which nothing follows for things."""
_APART = {terms.OWL + n: n for n in ("AllDifferent", "AllDisjointClasses", "AllDisjointProperties")}
_MOST_APART = 1000
"""Members of one list that exclude each other; each two make a rule."""
_KINDS = {
    terms.OWL + n
    for n in (
        "SymmetricProperty", "TransitiveProperty", "AsymmetricProperty", "IrreflexiveProperty", "FunctionalProperty",
        "InverseFunctionalProperty",
    )
}  # fmt: skip
_CLASS_AXIOMS = {terms.RDFS + "subClassOf", terms.OWL + "equivalentClass", terms.OWL + "disjointWith"}
_PROPERTY_AXIOMS = {
    terms.RDFS + "subPropertyOf", terms.OWL + "equivalentProperty", terms.OWL + "propertyDisjointWith", INVERSE.value,
}  # fmt: skip
_OWNER = {
    owl("members"): "AllDifferent, AllDisjointClasses or AllDisjointProperties",
    owl("distinctMembers"): "AllDifferent",
    owl("onProperty"): "a restriction that rules are made for",
    owl("onClass"): "a restriction that rules are made for",
    owl("assertionProperty"): "a negative assertion with a source",
    owl("targetIndividual"): "a negative assertion with a source",
    owl("targetValue"): "a negative assertion with a source",
}
"""What is read with the axiom or class expression that it is part of."""


def _class_axiom(name: str, one: Term, other: Term, axioms: Axioms) -> list[Rule]:
    """Return the rules of an axiom between two classes."""
    first, second = a("x", one), a("x", other)
    if name == "subClassOf":
        return [Rule("cax-sco", (first,), second, axioms)]
    if name == "disjointWith":
        return [Rule("cax-dw", (first, second), None, axioms)]
    there, back = ("cax-eqc1", "cax-eqc2") if name == "equivalentClass" else ("eq-rep-o", "eq-rep-o")
    return [Rule(there, (first,), second, axioms), Rule(back, (second,), first, axioms)]


def _property_axiom(name: str, one: Link, other: Link, axioms: Axioms) -> list[Rule]:
    """Return the rules of an axiom between two properties."""
    first, second = link("x", one, "y"), link("x", other, "y")
    if name == "subPropertyOf":
        return [Rule("prp-spo1", (first,), second, axioms)]
    if name == "propertyDisjointWith":
        return [Rule("prp-pdw", (first, second), None, axioms)]
    if name == "inverseOf":
        turned = Rule("prp-inv2", (second,), link("y", one, "x"), axioms)
        return [Rule("prp-inv1", (first,), link("y", other, "x"), axioms), turned]
    there, back = ("prp-eqp1", "prp-eqp2") if name == "equivalentProperty" else ("eq-rep-p", "eq-rep-p")
    return [Rule(there, (first,), second, axioms), Rule(back, (second,), first, axioms)]


def _kind(kind: str, via: Link, axioms: Axioms) -> Rule:
    """Return the rule of a kind of property."""
    there, back = link("x", via, "y"), link("y", via, "x")
    if kind == "SymmetricProperty":
        return Rule("prp-symp", (there,), back, axioms)
    if kind == "TransitiveProperty":
        return Rule("prp-trp", (there, link("y", via, "z")), link("x", via, "z"), axioms)
    if kind == "AsymmetricProperty":
        return Rule("prp-asyp", (there, back), None, axioms)
    if kind == "IrreflexiveProperty":
        return Rule("prp-irp", (link("x", via, "x"),), None, axioms)
    if kind == "FunctionalProperty":
        body = link("x", via, "y1"), link("x", via, "y2")
        return Rule("prp-fp", body, Pattern("y1", _SAME, "y2"), axioms)
    return Rule("prp-ifp", (link("x1", via, "y"), link("x2", via, "y")), Pattern("x1", _SAME, "x2"), axioms)


class _Compiler(Reader):
    def __init__(self, axioms: Iterable[Triple], used: Iterable[NamedNode]) -> None:
        super().__init__(axioms)
        self.used = used
        self.rules: dict[tuple[tuple[Pattern, ...], Pattern | None], Rule] = {}
        self.idle: list[Rule] = []
        self.individuals: list[Triple] = []
        self.unhandled.update(outside_profile(self.graph))

    def run(self) -> Program:
        self.add(Rule("cls-nothing2", (a("x", NOTHING),)))
        for triple in sorted(self.graph, key=triple_order):
            for rule in self.compiled(triple):
                self.add(rule)
        self.identities()
        rules, idle = _needed(self.rules.values(), {t.object for t in self.individuals})
        left = sorted(self.unhandled, key=lambda u: (u.subject, u.construct, u.reason))
        return Program(rules, tuple(self.individuals), tuple(left), (*self.idle, *idle))

    def add(self, rule: Rule) -> None:
        """Keep a rule unless another says the same or it says nothing. Everything is a thing."""
        body = tuple(p for p in rule.body if p.object != THING or not p.is_class)
        told = {v for p in body for v in p.variables}
        if not told.issuperset(rule.variables):
            self.leave(THING, rule.name, "owl:Thing may not be a subclass in OWL 2 RL")
            return
        rule = Rule(rule.name, body, rule.head, rule.axioms)
        if (rule.body, rule.head) in self.rules or rule.head in rule.body:
            self.idle.append(rule)
        else:
            self.rules[rule.body, rule.head] = rule

    def compiled(self, triple: Triple) -> Iterator[Rule]:
        """Yield the rules of one axiom, or report it."""
        predicate = triple.predicate.value
        construct = predicate.rpartition("#")[2]
        if triple.predicate == TYPE:
            yield from self.typed(triple)
        elif predicate in {SAME, DIFFERENT}:
            self.individuals.append(triple)
        elif construct in CONSTRUCTS and predicate.startswith(terms.OWL):
            yield from expression_rules(self, triple)
        elif predicate == terms.OWL + "sourceIndividual":
            yield from self.negative(triple)
        elif triple.predicate in _OWNER:
            self.owned(triple)
        elif triple.predicate not in {FIRST, REST}:
            yield from self.of_term(triple, construct)

    def of_term(self, triple: Triple, construct: str) -> Iterator[Rule]:
        """Yield the rules of an axiom about one or two classes or properties, or report it."""
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        if predicate in _CLASS_AXIOMS:
            if self.is_class(subject) and self.is_class(value):
                yield from _class_axiom(construct, subject, value, (triple,))
            else:
                self.leave(subject, construct, "one side is no class that rules are made for")
        elif predicate in _PROPERTY_AXIOMS:
            yield from self.between_properties(triple, construct)
        elif construct in {"domain", "range"} and predicate.startswith(terms.RDFS):
            via = self.link(subject)
            if via is None or not self.is_class(value):
                self.leave(subject, construct, "not a property and a class that rules are made for")
            else:
                name, end = ("prp-dom", "x") if construct == "domain" else ("prp-rng", "y")
                yield Rule(name, (link("x", via[0], "y"),), a(end, value), (triple, *via[1]))
        elif predicate == terms.OWL + "propertyChainAxiom":
            yield from self.chain(triple)
        elif predicate == terms.OWL + "hasKey":
            yield from self.key(triple)
        else:
            self.leave(subject, construct, "no OWL 2 RL rule handles it")

    def owned(self, triple: Triple) -> None:
        """Report what has no owner that reads it."""
        if triple.predicate in {owl("members"), owl("distinctMembers")}:
            owned = bool(self.used_as(_APART.values()) & {triple.subject})
        elif triple.predicate in {owl("onProperty"), owl("onClass")}:
            owned = self.is_class(triple.subject)
        else:
            owned = bool(self.graph.objects(triple.subject, owl("sourceIndividual")))
        if not owned:
            construct = triple.predicate.value.removeprefix(terms.OWL)
            self.leave(triple.subject, construct, f"not of {_OWNER[triple.predicate]}")

    def between_properties(self, triple: Triple, construct: str) -> Iterator[Rule]:
        """Yield the rules of an axiom between two properties."""
        if construct == "inverseOf" and isinstance(triple.subject, BlankNode):
            return  # names the inverse of a property, for other axioms
        one, other = self.link(triple.subject), self.link(triple.object)
        if one is None or other is None:
            self.leave(triple.subject, construct, "one side is no property that rules are made for")
        else:
            yield from _property_axiom(construct, one[0], other[0], (triple, *one[1], *other[1]))

    def chain(self, triple: Triple) -> Iterator[Rule]:
        """Yield the rule of a chain of properties."""
        via, steps = self.link(triple.subject), self.links(triple.object)
        if via is None or steps is None or not steps[0]:
            self.leave(triple.subject, "propertyChainAxiom", "not a list of properties that rules are made for")
            return
        body = tuple(link(f"x{n}", step, f"x{n + 1}") for n, step in enumerate(steps[0]))
        yield Rule("prp-spo2", body, link("x0", via[0], f"x{len(body)}"), (triple, *via[1], *steps[1]))

    def key(self, triple: Triple) -> Iterator[Rule]:
        """Yield the rule of a key: things of the class that share a value of every property are one."""
        steps = self.links(triple.object)
        if steps is None or not steps[0] or not self.is_class(triple.subject):
            self.leave(triple.subject, "hasKey", "not a class and a list of properties that rules are made for")
            return
        members = (a("x", triple.subject), a("y", triple.subject))
        shared = (link(end, step, f"z{n}") for n, step in enumerate(steps[0]) for end in ("x", "y"))
        yield Rule("prp-key", (*shared, *members), Pattern("x", _SAME, "y"), (triple, *steps[1]))

    def identities(self) -> None:
        """Make rules of classes and properties that are the same; the rest of identity is for the engine."""
        pairs = [t for t in self.individuals if t.predicate == _SAME]
        properties: set[Term] = {*self.used_as(("ObjectProperty", "DatatypeProperty")), *self.used}
        classes: set[Term] = {*self.used_as(("Class",))}
        for rule in self.rules.values():
            for pattern in (*rule.body, *([rule.head] if rule.head else [])):
                if pattern.is_class and not isinstance(pattern.object, str):
                    classes.add(pattern.object)
                else:
                    properties.add(pattern.predicate)
        for triple in _touching(classes, pairs):
            for rule in _class_axiom("sameAs", triple.subject, triple.object, (triple,)):
                self.add(rule)
        for triple in _touching(properties, pairs):
            one, other = self.link(triple.subject), self.link(triple.object)
            for rule in _property_axiom("sameAs", one[0], other[0], (triple,)) if one and other else ():
                self.add(rule)

    def typed(self, triple: Triple) -> Iterator[Rule]:
        """Yield the rules of a property's kind and of disjointness, or note an individual."""
        subject, value = triple.subject, triple.object
        name = value.value if isinstance(value, NamedNode) else ""
        via = self.link(subject) if name in _KINDS else None
        if via is not None:
            yield _kind(name.removeprefix(terms.OWL), via[0], (triple, *via[1]))
        elif name in _APART:
            yield from self.all_apart(triple, _APART[name])
        elif name == terms.OWL + "NegativePropertyAssertion":
            if not self.graph.objects(subject, owl("sourceIndividual")):
                self.leave(subject, "NegativePropertyAssertion", "it names no source")
        elif name == terms.OWL + "Restriction":
            if not self.is_class(subject):
                self.leave(subject, "Restriction", "it restricts nothing that rules are made for")
        elif self.is_class(value) and value != THING and not is_reserved(subject):
            self.individuals.append(triple)
        elif name not in DECLARED:
            self.leave(subject, name.rpartition("#")[2] or "a type", "no OWL 2 RL rule handles it")

    def all_apart(self, triple: Triple, kind: str) -> Iterator[Rule]:
        """Yield a clash rule for each two of the classes, properties or things that exclude each other."""
        names = ("members", "distinctMembers") if kind == "AllDifferent" else ("members",)
        lists = [(n, o) for n in names for o in self.graph.objects(triple.subject, owl(n))]
        if not lists:
            self.leave(triple.subject, kind, "it has no members")
        for name, head in lists:
            listed = self.items(head)
            if listed is None or len(listed[0]) < 2:  # noqa: PLR2004 - one alone excludes nothing
                self.leave(triple.subject, kind, "its members are no list of two and more")
                continue
            if len(listed[0]) > _MOST_APART:
                self.leave(triple.subject, kind, f"more than {_MOST_APART} members make too many pairs")
                continue
            used = (triple, Triple(triple.subject, owl(name), head), *listed[1])
            for one, other in combinations(listed[0], 2):
                rule = self.two_apart(kind, "eq-diff2" if name == "members" else "eq-diff3", one, other, used)
                if rule is None:
                    self.leave(triple.subject, kind, "a member is of no kind that rules are made for")
                else:
                    yield rule

    def two_apart(self, kind: str, different: str, one: Term, other: Term, axioms: Axioms) -> Rule | None:
        """Return the clash rule of two that exclude each other."""
        if kind == "AllDifferent":
            return Rule(different, (Pattern(one, _SAME, other),), None, axioms)
        if kind == "AllDisjointClasses":
            known = self.is_class(one) and self.is_class(other)
            return Rule("cax-adc", (a("x", one), a("x", other)), None, axioms) if known else None
        first, second = self.link(one), self.link(other)
        if first is None or second is None:
            return None
        body = link("x", first[0], "y"), link("x", second[0], "y")
        return Rule("prp-adp", body, None, (*axioms, *first[1], *second[1]))

    def negative(self, triple: Triple) -> Iterator[Rule]:
        """Yield the clash rule of a negative assertion."""
        node, found = triple.subject, {}
        for name in ("sourceIndividual", "assertionProperty", "targetIndividual", "targetValue"):
            found[name] = self.graph.objects(node, owl(name))
        targets = found["targetIndividual"] + found["targetValue"]
        via = self.link(found["assertionProperty"][0]) if len(found["assertionProperty"]) == 1 else None
        if via is None or len(found["sourceIndividual"]) != 1 or len(targets) != 1:
            self.leave(node, "NegativePropertyAssertion", "it does not name one source, one property and one target")
            return
        used = (*(Triple(node, owl(n), o) for n, values in found.items() for o in values), *via[1])
        name = "prp-npa1" if found["targetIndividual"] else "prp-npa2"
        yield Rule(name, (link(found["sourceIndividual"][0], via[0], targets[0]),), None, used)


def _touching(known: set[Term], pairs: Iterable[Triple]) -> list[Triple]:
    """Return the identities that a chain of identities joins to what is known."""
    waiting, found = list(pairs), list[Triple]()
    while True:
        new = [t for t in waiting if known & {t.subject, t.object}]
        if not new:
            return found
        waiting = [t for t in waiting if t not in new]
        found += new
        known |= {e for t in new for e in (t.subject, t.object)}


def _needed(rules: Iterable[Rule], stated: set[Term]) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Return the rules that may say something new, and those that never can.

    What asks for members of an unnamed class waits for another rule, or an axiom of an individual, to put
    some there; what puts things into a class that says nothing (owl:Thing, an unnamed class nobody asks
    for) is left out as well.
    """
    kept, idle = list(rules), list[Rule]()
    while True:
        asked = {p.object for r in kept for p in r.body if p.is_class}
        makers: dict[Term, set[str]] = defaultdict(set)
        for rule in kept:
            if rule.head is not None and rule.head.is_class and not isinstance(rule.head.object, str):
                makers[rule.head.object].add(rule.name)
        left, gone = list[Rule](), list[Rule]()
        for rule in kept:
            (gone if _is_idle(rule, asked, makers, stated) else left).append(rule)
        if not gone:
            return tuple(kept), tuple(idle)
        kept, idle = left, idle + gone


_TAKES_APART = {"cls-int2": {"cls-int1"}, "cls-hv1": {"cls-hv2"}}
"""Rules that only undo what the other has put together."""


def _is_idle(rule: Rule, asked: set[str | Term], makers: dict[Term, set[str]], stated: set[Term]) -> bool:
    head = rule.head
    says_nothing = head is not None and (isinstance(head.object, BlankNode) or head.object == THING)
    if head is not None and head.is_class and says_nothing and head.object not in asked:
        return True
    empty = [p.object for p in rule.body if p.is_class and isinstance(p.object, BlankNode) and p.object not in stated]
    return any(makers[cls] <= _TAKES_APART.get(rule.name, set()) for cls in empty)


def compile_axioms(axioms: Iterable[Triple], used: Iterable[NamedNode] = ()) -> Program:
    """Return the rules of the axioms; what no rule covers is told and never silent.

    `used` are the properties that facts use: an axiom may make one the same as another (eq-rep-p).
    """
    return _Compiler(axioms, used).run()
