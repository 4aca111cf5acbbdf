"""Which axioms OWL 2 RL handles: each construct in each position, inside and outside the profile."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from postholder import terms
from postholder.closure.profile import functional_data, logical, outside_profile
from postholder.settings import MEBIBYTE
from postholder.sources import inputs

X = "http://x/"
HEAD = f"""@prefix ex: <{X}> . @prefix owl: <{terms.OWL}> . @prefix rdfs: <{terms.RDFS}> . @prefix xsd: <{terms.XSD}> .
"""


def triples(text: str) -> list[Triple]:
    return [q.triple for q in parse(HEAD + text, format=RdfFormat.TURTLE)]


def constructs(text: str) -> list[str]:
    return [u.construct for u in outside_profile(triples(text))]


SOME = "[ a owl:Restriction ; owl:onProperty ex:p ; owl:someValuesFrom ex:D ]"
ALL = "[ a owl:Restriction ; owl:onProperty ex:p ; owl:allValuesFrom ex:D ]"
VALUE = "[ a owl:Restriction ; owl:onProperty ex:p ; owl:hasValue ex:v ]"
SELF = "[ a owl:Restriction ; owl:onProperty ex:p ; owl:hasSelf true ]"
BOTH = "[ a owl:Class ; owl:intersectionOf ( ex:D ex:E ) ]"
EITHER = "[ a owl:Class ; owl:unionOf ( ex:D ex:E ) ]"
ONE_OF = "[ a owl:Class ; owl:oneOf ( ex:u ex:v ) ]"
NOT = "[ a owl:Class ; owl:complementOf ex:D ]"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("_:r owl:onProperty ex:p ; owl:someValuesFrom _:r . _:r rdfs:subClassOf ex:D .", []),
        ("_:r owl:onProperty ex:p ; owl:allValuesFrom _:r . ex:D rdfs:subClassOf _:r .", []),
        ("_:r owl:intersectionOf ( _:r ex:D ) . ex:D rdfs:subClassOf _:r .", []),
        ("_:r owl:complementOf _:s . _:s owl:someValuesFrom _:r . ex:D rdfs:subClassOf _:r .",
         ["complementOf in a superclass position"]),
    ],
)  # fmt: skip
def test_an_expression_may_be_built_of_itself(text: str, found: list[str]) -> None:
    assert constructs(text) == found


def test_an_expression_may_be_deep() -> None:
    parts = [f"_:d{n} owl:onProperty ex:p ; owl:allValuesFrom _:d{n + 1} ." for n in range(3000)]
    assert constructs(f"ex:D rdfs:subClassOf _:d0 . {' '.join(parts)} _:d3000 owl:hasSelf true .") == [
        "hasSelf in a superclass position"
    ]


def count(kind: str, number: int) -> str:
    return f'[ a owl:Restriction ; owl:onProperty ex:p ; owl:{kind} "{number}"^^xsd:nonNegativeInteger ]'


def qualified(kind: str, number: int) -> str:
    return (
        f"[ a owl:Restriction ; owl:onProperty ex:p ; owl:onClass ex:D ; owl:{kind} "
        f'"{number}"^^xsd:nonNegativeInteger ]'
    )


INSIDE = {
    "subclass of a name": "ex:C rdfs:subClassOf ex:D .",
    "some values below": f"{SOME} rdfs:subClassOf ex:C .",
    "value below": f"{VALUE} rdfs:subClassOf ex:C .",
    "intersection below": f"{BOTH} rdfs:subClassOf ex:C .",
    "union below": f"{EITHER} rdfs:subClassOf ex:C .",
    "enumeration below": f"{ONE_OF} rdfs:subClassOf ex:C .",
    "nested below": f"[ owl:intersectionOf ( ex:D {SOME} {EITHER} ) ] rdfs:subClassOf ex:C .",
    "all values above": f"ex:C rdfs:subClassOf {ALL} .",
    "value above": f"ex:C rdfs:subClassOf {VALUE} .",
    "intersection above": f"ex:C rdfs:subClassOf {BOTH} .",
    "complement above": f"ex:C rdfs:subClassOf {NOT} .",
    "complement of a union above": f"ex:C rdfs:subClassOf [ owl:complementOf {EITHER} ] .",
    "at most none": f"ex:C rdfs:subClassOf {count('maxCardinality', 0)} .",
    "at most one": f"ex:C rdfs:subClassOf {count('maxCardinality', 1)} .",
    "at most one of a kind": f"ex:C rdfs:subClassOf {qualified('maxQualifiedCardinality', 1)} .",
    "nested above": f"ex:C rdfs:subClassOf [ owl:intersectionOf ( ex:D {ALL} ) ] .",
    "domain and range": f"ex:p rdfs:domain ex:C ; rdfs:range {BOTH} .",
    "equivalent names": "ex:C owl:equivalentClass ex:D .",
    "equivalent intersection": f"ex:C owl:equivalentClass {BOTH} , {VALUE} .",
    "disjoint": f"ex:C owl:disjointWith ex:D , {SOME} .",
    "all disjoint": "[] a owl:AllDisjointClasses ; owl:members ( ex:C ex:D ) .",
    "chain": "ex:p owl:propertyChainAxiom ( ex:q ex:r ) .",
    "properties": (
        "ex:p rdfs:subPropertyOf ex:q ; owl:inverseOf ex:r ; owl:equivalentProperty ex:s "
        "; owl:propertyDisjointWith ex:t ."
    ),
    "kinds of properties": "ex:p a owl:SymmetricProperty , owl:AsymmetricProperty , owl:TransitiveProperty , "
    "owl:IrreflexiveProperty , owl:FunctionalProperty , owl:InverseFunctionalProperty , owl:ObjectProperty .",
    "individuals": (
        "ex:a owl:sameAs ex:b ; owl:differentFrom ex:c . [] a owl:AllDifferent ; owl:distinctMembers ( ex:a ex:c ) ."
    ),
    "negative": (
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual ex:a ; "
        "owl:assertionProperty ex:p ; owl:targetValue 1 ."
    ),
    "header": (
        "ex: a owl:Ontology ; owl:imports ex:o ; owl:versionIRI ex:v ; owl:versionInfo '1' ; owl:priorVersion ex:u ."
    ),
    "deprecation": "ex:C a owl:DeprecatedClass ; owl:deprecated true .",
    "annotation of an axiom": (
        "[] a owl:Axiom ; owl:annotatedSource ex:C ; owl:annotatedProperty rdfs:subClassOf ; owl:annotatedTarget ex:D ."
    ),
    "key": "ex:C owl:hasKey ( ex:p ) .",
    "everything above": "ex:C rdfs:subClassOf owl:Thing .",
}
OUTSIDE = {
    "all values below": (f"{ALL} rdfs:subClassOf ex:C .", ["allValuesFrom in a subclass position"]),
    "complement below": (f"{NOT} rdfs:subClassOf ex:C .", ["complementOf in a subclass position"]),
    "at most one below": (
        f"{count('maxCardinality', 1)} rdfs:subClassOf ex:C .",
        ["maxCardinality in a subclass position"],
    ),
    "some values above": (f"ex:C rdfs:subClassOf {SOME} .", ["someValuesFrom in a superclass position"]),
    "union above": (f"ex:C rdfs:subClassOf {EITHER} .", ["unionOf in a superclass position"]),
    "enumeration above": (f"ex:C rdfs:subClassOf {ONE_OF} .", ["oneOf in a superclass position"]),
    "self above": (f"ex:C rdfs:subClassOf {SELF} .", ["hasSelf in a superclass position"]),
    "self below": (f"{SELF} rdfs:subClassOf ex:C .", ["hasSelf in a subclass position"]),
    "at most two": (
        f"ex:C rdfs:subClassOf {count('maxCardinality', 2)} .",
        ["maxCardinality 2 in a superclass position"],
    ),
    "at most two of a kind": (
        f"ex:C rdfs:subClassOf {qualified('maxQualifiedCardinality', 2)} .",
        ["maxQualifiedCardinality 2 in a superclass position"],
    ),
    "at least one": (
        f"ex:C rdfs:subClassOf {count('minCardinality', 1)} .",
        ["minCardinality in a superclass position"],
    ),
    "exactly one": (f"ex:C rdfs:subClassOf {count('cardinality', 1)} .", ["cardinality in a superclass position"]),
    "exactly one of a kind": (
        f"ex:C rdfs:subClassOf {qualified('qualifiedCardinality', 1)} .",
        ["qualifiedCardinality in a superclass position"],
    ),
    "at least one of a kind": (
        f"ex:C rdfs:subClassOf {qualified('minQualifiedCardinality', 1)} .",
        ["minQualifiedCardinality in a superclass position"],
    ),
    "at most one of a data range": (
        "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:onDataRange xsd:integer ; owl:maxQualifiedCardinality 1 ] .",
        ["onDataRange"],
    ),
    "nested deep below": (
        f"[ owl:unionOf ( ex:D [ owl:intersectionOf ( ex:E {ALL} ) ] ) ] rdfs:subClassOf ex:C .",
        ["allValuesFrom in a subclass position"],
    ),
    "inside a restriction": (
        f"[ owl:onProperty ex:p ; owl:someValuesFrom {ALL} ] rdfs:subClassOf ex:C .",
        ["allValuesFrom in a subclass position"],
    ),
    "inside a complement": (
        f"ex:C rdfs:subClassOf [ owl:complementOf {ALL} ] .",
        ["allValuesFrom in a superclass position"],
    ),
    "everything below": ("owl:Thing rdfs:subClassOf ex:C .", ["subClassOf"]),
    "domain": (f"ex:p rdfs:domain {EITHER} .", ["unionOf in a domain"]),
    "range": (f"ex:p rdfs:range {SOME} .", ["someValuesFrom in a range"]),
    "equivalent union": (f"ex:C owl:equivalentClass {EITHER} .", ["unionOf in equivalentClass"]),
    "equivalent some": (f"ex:C owl:equivalentClass {SOME} .", ["someValuesFrom in equivalentClass"]),
    "equivalent on the left": (f"{ALL} owl:equivalentClass ex:C .", ["allValuesFrom in equivalentClass"]),
    "disjoint with all values": (f"ex:C owl:disjointWith {ALL} .", ["allValuesFrom in disjointWith"]),
    "disjoint union": ("ex:C owl:disjointUnionOf ( ex:D ex:E ) .", ["disjointUnionOf"]),
    "reflexive": ("ex:p a owl:ReflexiveProperty .", ["ReflexiveProperty"]),
    "data range": ("ex:R owl:withRestrictions ( [ xsd:minInclusive 1 ] ) .", ["withRestrictions"]),
    "top property": ("ex:p owl:bottomObjectProperty ex:q .", ["bottomObjectProperty"]),
    "all disjoint with all values": (
        f"[] a owl:AllDisjointClasses ; owl:members ( ex:C {ALL} ) .",
        ["allValuesFrom in AllDisjointClasses"],
    ),
    "type of an individual": (f"ex:a a {SOME} .", ["someValuesFrom in a type"]),
}


@pytest.mark.parametrize("text", INSIDE.values(), ids=INSIDE)
def test_what_is_inside_is_not_reported(text: str) -> None:
    assert constructs(text) == []


@pytest.mark.parametrize("case", OUTSIDE.values(), ids=OUTSIDE)
def test_what_is_outside_is_reported_once_with_its_reason(case: tuple[str, list[str]]) -> None:
    text, expected = case
    found = outside_profile(triples(text))
    assert [u.construct for u in found] == expected
    assert all(u.reason for u in found)
    assert all(u.subject for u in found)


def test_the_owner_of_an_axiom_is_named() -> None:
    [found] = outside_profile(triples(f"ex:C rdfs:subClassOf {SOME} ."))
    assert found.subject == X + "C"
    [found] = outside_profile(triples(f"{ALL} rdfs:subClassOf ex:C ."))
    assert found.subject == "an anonymous class"


def test_reports_are_sorted_and_told_once() -> None:
    found = outside_profile(triples(f"ex:D rdfs:subClassOf {SOME} . ex:C rdfs:subClassOf {SOME} , {EITHER} , {SOME} ."))
    assert [(u.subject, u.construct.split()[0]) for u in found] == [
        (X + "C", "someValuesFrom"),
        (X + "C", "unionOf"),
        (X + "D", "someValuesFrom"),
    ]


def test_a_list_that_turns_back_ends() -> None:
    text = "ex:C rdfs:subClassOf [ owl:intersectionOf _:l ] . _:l <{0}first> ex:D ; <{0}rest> _:l .".replace(
        "{0}", terms.RDF
    )
    assert constructs(text) == []


def test_a_list_that_breaks_off_ends() -> None:
    text = "ex:C rdfs:subClassOf [ owl:intersectionOf _:l ] . _:l <{0}first> ex:D .".replace("{0}", terms.RDF)
    assert constructs(text) == []


def test_the_shipped_ontology_is_inside() -> None:
    axioms = logical(inputs.load(None, MEBIBYTE).ontology)
    assert len(axioms) > 500
    assert outside_profile(axioms) == []


def test_logic_leaves_out_words_about_terms() -> None:
    text = """ex:C a owl:Class ; rdfs:subClassOf ex:D ; rdfs:label "C" ; rdfs:comment "c" ; ex:note 1 .
    ex: a owl:Ontology ; owl:imports ex:o ; owl:versionInfo "1" ."""
    kept = {t.predicate.value for t in logical(triples(text))}
    assert kept == {terms.RDF + "type", terms.RDFS + "subClassOf"}


def test_logic_is_sorted_and_told_once() -> None:
    found = logical(triples("ex:D rdfs:subClassOf ex:E . ex:C rdfs:subClassOf ex:D .") * 2)
    assert [t.subject for t in found] == [NamedNode(X + "C"), NamedNode(X + "D")]


def test_functional_properties_that_may_hold_values() -> None:
    text = """ex:p a owl:FunctionalProperty , owl:DatatypeProperty . ex:q a owl:FunctionalProperty .
    ex:r a owl:FunctionalProperty , owl:ObjectProperty . ex:s ex:t owl:FunctionalProperty .
  ex:u a owl:DatatypeProperty ."""
    assert functional_data(triples(text)) == {NamedNode(X + "p"), NamedNode(X + "q")}
    assert functional_data([]) == set()
