"""Axioms become rules with the names of the OWL 2 RL tables; every other axiom is told."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from postholder import terms
from postholder.closure.base import UnhandledAxiom
from postholder.closure.compiler import compile_axioms
from postholder.closure.profile import logical
from postholder.closure.program import Pattern, Program, Rule
from postholder.graph import TYPE, text_of
from postholder.settings import MEBIBYTE
from postholder.sources import inputs

X = "http://x/"
HEAD = f"""@prefix ex: <{X}> . @prefix owl: <{terms.OWL}> . @prefix rdfs: <{terms.RDFS}> . @prefix xsd: <{terms.XSD}> .
@prefix rdf: <{terms.RDF}> .
"""


def triples(text: str) -> list[Triple]:
    return [q.triple for q in parse(HEAD + text, format=RdfFormat.TURTLE)]


def program(text: str) -> Program:
    return compile_axioms(triples(text))


def said(pattern: Pattern | None) -> str:
    """Write a pattern down, without namespaces."""
    if pattern is None:
        return "clash"
    value = pattern.object if isinstance(pattern.object, str) else text_of(pattern.object).removeprefix(X)
    name = "a" if pattern.predicate == TYPE else pattern.predicate.value.removeprefix(X)
    return f"{pattern.subject} {name} {value.removeprefix(terms.OWL)}"


def rules(text: str) -> list[str]:
    found = program(text)
    assert found.unhandled == ()
    return [f"{r.name}: {', '.join(said(p) for p in r.body)} => {said(r.head)}" for r in found.rules]


COMPILED = {
    "ex:C rdfs:subClassOf ex:D .": ["cax-sco: x a C => x a D"],
    "ex:C owl:equivalentClass ex:D .": ["cax-eqc1: x a C => x a D", "cax-eqc2: x a D => x a C"],
    "ex:p rdfs:domain ex:C .": ["prp-dom: x p y => x a C"],
    "ex:p rdfs:range ex:C .": ["prp-rng: x p y => y a C"],
    "ex:p rdfs:subPropertyOf ex:q .": ["prp-spo1: x p y => x q y"],
    "ex:p owl:equivalentProperty ex:q .": ["prp-eqp1: x p y => x q y", "prp-eqp2: x q y => x p y"],
    "ex:p owl:inverseOf ex:q .": ["prp-inv1: x p y => y q x", "prp-inv2: x q y => y p x"],
    "ex:p a owl:SymmetricProperty .": ["prp-symp: x p y => y p x"],
    "ex:p a owl:TransitiveProperty .": ["prp-trp: x p y, y p z => x p z"],
    "ex:p owl:propertyChainAxiom ( ex:q ex:r ex:s ) .": ["prp-spo2: x0 q x1, x1 r x2, x2 s x3 => x0 p x3"],
    "ex:C owl:disjointWith ex:D .": ["cax-dw: x a C, x a D => clash"],
    "[] a owl:AllDisjointClasses ; owl:members ( ex:C ex:D ex:E ) .": [
        "cax-adc: x a C, x a D => clash", "cax-adc: x a C, x a E => clash", "cax-adc: x a D, x a E => clash"
    ],
    "ex:p a owl:IrreflexiveProperty .": ["prp-irp: x p x => clash"],
    "ex:p a owl:AsymmetricProperty .": ["prp-asyp: x p y, y p x => clash"],
    "ex:p owl:propertyDisjointWith ex:q .": ["prp-pdw: x p y, x q y => clash"],
    "ex:C rdfs:subClassOf owl:Nothing .": ["cax-sco: x a C => x a Nothing", "cls-nothing2: x a Nothing => clash"],
    "ex:C rdfs:subClassOf owl:Thing .": [],
    "ex:C rdfs:subClassOf ex:C . ex:p rdfs:subPropertyOf ex:p .": [],
    "ex:p owl:propertyChainAxiom () .": [],
    "ex:p rdfs:subPropertyOf rdfs:label .": [f"prp-spo1: x p y => x {terms.RDFS}label y"],
    "ex:p rdfs:range xsd:integer .": [f"prp-rng: x p y => y a {terms.XSD}integer"],
}  # fmt: skip


@pytest.mark.parametrize("text", COMPILED)
def test_each_axiom_becomes_its_rules(text: str) -> None:
    assert rules(text) == COMPILED[text]


def test_rules_are_told_once_and_in_one_order() -> None:
    text = "ex:p owl:inverseOf ex:q . ex:q owl:inverseOf ex:p . ex:C rdfs:subClassOf ex:D ; owl:equivalentClass ex:D ."
    found = program(text)
    assert len(found.rules) == len({(r.body, r.head) for r in found.rules}) == 4
    assert compile_axioms(list(reversed(triples(text)))) == found


def test_a_rule_is_data() -> None:
    c, d = NamedNode(X + "C"), NamedNode(X + "D")
    [rule] = program("ex:C rdfs:subClassOf ex:D .").rules
    assert rule == Rule("cax-sco", (Pattern("x", TYPE, c),), Pattern("x", TYPE, d))


DECLARATIONS = """ex:C a owl:Class , rdfs:Class , owl:DeprecatedClass . ex: a owl:Ontology .
ex:p a owl:ObjectProperty , owl:DatatypeProperty , owl:AnnotationProperty , rdf:Property , owl:DeprecatedProperty .
ex:i a owl:NamedIndividual , owl:Thing . ex:D a rdfs:Datatype . [] a owl:Axiom , owl:Annotation ."""


def test_declarations_say_nothing() -> None:
    assert program(DECLARATIONS) == Program((), (), ())


def test_typed_individuals_are_kept() -> None:
    text = "ex:i a ex:C . [] a ex:C . ex:C a ex:D ."
    found = program(text)
    assert len(found.individuals) == 3
    assert found.unhandled == ()
    assert found.rules == ()


LEFT = {
    "functional": "ex:p a owl:FunctionalProperty , owl:ObjectProperty .",
    "functional data": "ex:p a owl:FunctionalProperty , owl:DatatypeProperty .",
    "inverse functional": "ex:p a owl:InverseFunctionalProperty .",
    "reflexive": "ex:p a owl:ReflexiveProperty .",
    "key": "ex:C owl:hasKey ( ex:p ) .",
    "same": "ex:a owl:sameAs ex:b .",
    "different": "ex:a owl:differentFrom ex:b .",
    "all different": "[] a owl:AllDifferent ; owl:distinctMembers ( ex:a ex:b ) .",
    "all different by members": "[] a owl:AllDifferent ; owl:members ( ex:a ex:b ) .",
    "all disjoint properties": "[] a owl:AllDisjointProperties ; owl:members ( ex:p ex:q ) .",
    "negative": "[] owl:sourceIndividual ex:a ; owl:assertionProperty ex:p ; owl:targetIndividual ex:b .",
    "negative class": "[] a owl:NegativePropertyAssertion .",
    "intersection": "ex:C owl:intersectionOf ( ex:D ex:E ) .",
    "union": "ex:C owl:unionOf ( ex:D ex:E ) .",
    "enumeration": "ex:C owl:oneOf ( ex:a ) .",
    "complement": "ex:C owl:complementOf ex:D .",
    "disjoint union": "ex:C owl:disjointUnionOf ( ex:D ex:E ) .",
    "some": "[ a owl:Restriction ; owl:onProperty ex:p ; owl:someValuesFrom ex:D ] rdfs:subClassOf ex:C .",
    "all": "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:allValuesFrom ex:D ] .",
    "value": "ex:C owl:equivalentClass [ owl:onProperty ex:p ; owl:hasValue ex:v ] .",
    "self": "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:hasSelf true ] .",
    "count": "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:maxCardinality 1 ] .",
    "restriction": "[] a owl:Restriction .",
    "domain of an unnamed class": "ex:p rdfs:domain [] .",
    "range of an unnamed class": "ex:p rdfs:range [] .",
    "disjoint with an unnamed class": "ex:C owl:disjointWith [] .",
    "all disjoint with an unnamed class": "[] a owl:AllDisjointClasses ; owl:members ( ex:C [] ) .",
    "an individual of an unnamed class": "ex:i a [] .",
    "unnamed inverse": "ex:p rdfs:subPropertyOf [ owl:inverseOf ex:q ] .",
    "chain of an unnamed inverse": "ex:p owl:propertyChainAxiom ( [ owl:inverseOf ex:q ] ex:r ) .",
    "chain of no list": "ex:p owl:propertyChainAxiom ex:q .",
    "chain that turns back": "ex:p owl:propertyChainAxiom _:l . _:l rdf:first ex:q ; rdf:rest _:l .",
    "chain that breaks off": "ex:p owl:propertyChainAxiom _:l . _:l rdf:first ex:q .",
    "chain that forks": "ex:p owl:propertyChainAxiom _:l . _:l rdf:first ex:q , ex:r ; rdf:rest () .",
    "chain with a named list": "ex:p owl:propertyChainAxiom ex:l . ex:l rdf:first ex:q ; rdf:rest () .",
    "chain of types": "ex:p owl:propertyChainAxiom ( ex:q rdf:type ) .",
    "a property below rdf:type": "ex:p rdfs:subPropertyOf rdf:type .",
    "a property below an axiom": "ex:p rdfs:subPropertyOf rdfs:subClassOf .",
    "domain of rdf:type": "rdf:type rdfs:domain ex:C .",
    "rdf:type is transitive": "rdf:type a owl:TransitiveProperty .",
    "everything below": "owl:Thing rdfs:subClassOf ex:C .",
    "everything is equivalent": "owl:Thing owl:equivalentClass ex:C .",
    "a class below a class of classes": "ex:C rdfs:subClassOf owl:Class .",
    "a class below a datatype": "ex:C rdfs:subClassOf xsd:integer .",
    "a datatype below a class": "xsd:integer rdfs:subClassOf ex:C .",
    "domain of a datatype": "ex:p rdfs:domain xsd:integer .",
    "range of a datatype without rules": "ex:p rdfs:range xsd:gYear .",
    "datatypes defined": "ex:R owl:onDatatype xsd:integer ; owl:withRestrictions () .",
    "a value where a class stands": "ex:C rdfs:subClassOf 'D' .",
    "a value of a type": "ex:i a 'C' .",
    "a kind of a datatype": "xsd:integer a ex:C .",
    "an individual of a datatype": "ex:i a xsd:integer .",
    "an unknown word of OWL": "ex:p owl:bottomObjectProperty ex:q .",
    "unnamed symmetric": "[] a owl:SymmetricProperty .",
}  # fmt: skip


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_every_other_axiom_is_told(text: str) -> None:
    found = program(text).unhandled
    assert found
    assert all(u.subject and u.construct and u.reason for u in found)
    assert list(found) == sorted(set(found), key=lambda u: (u.subject, u.construct, u.reason))


def test_the_owner_of_an_axiom_is_named() -> None:
    assert program("ex:C owl:hasKey ( ex:p ) .").unhandled == (
        UnhandledAxiom(X + "C", "hasKey", "left to the reference engine"),
    )


def test_the_shipped_ontology_is_handled_whole() -> None:
    found = compile_axioms(logical(inputs.load(None, MEBIBYTE).ontology))
    assert found.unhandled == ()
    assert len(found.rules) > 250
    assert {r.name for r in found.rules} == {
        "cax-sco", "prp-dom", "prp-rng", "prp-spo1", "prp-spo2", "prp-inv1", "prp-inv2", "prp-symp", "prp-irp",
        "prp-asyp", "cax-adc",
    }  # fmt: skip
    assert len(found.individuals) > 50
