"""Each rule that finds a clash has words, which name what clashes, in one order whatever the order of what is said."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ontologies import X, triples
from postholder import terms
from postholder.closure.memory import MemoryEngine
from postholder.closure.profile import logical
from postholder.closure.words import ill_typed, name, thing_and_value
from postholder.graph import TYPE

SPACES = (X, terms.OWL, "^^<" + terms.XSD)


def told(axioms: str, facts: str) -> list[str]:
    """Return the clashes in words, without namespaces."""
    [found] = MemoryEngine(60).close(logical(triples(axioms)), triples(facts), [])
    texts = [c.text for c in found.clashes]
    for space in SPACES:
        texts = [t.replace(space, "^^" if "^^" in space else "") for t in texts]
    assert [c.rule for c in found.clashes] == [t.rpartition("(")[2].rstrip(")") for t in texts]
    return texts


MOST = "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:{} '{}'^^xsd:nonNegativeInteger {} ] ."
NEGATIVE = "[] owl:sourceIndividual ex:a ; owl:assertionProperty ex:p ;"
INVERSE = "[ owl:inverseOf ex:p ]"
WORDS = {
    "cax-dw": (
        "ex:C owl:disjointWith ex:D .", "ex:a a ex:C , ex:D .", "a is of two disjoint classes, C and D (cax-dw)"
    ),
    "cax-adc": (
        "[] a owl:AllDisjointClasses ; owl:members ( ex:D ex:C ) .", "ex:a a ex:C , ex:D .",
        "a is of two disjoint classes, C and D (cax-adc)",
    ),
    "cls-com": (
        "ex:C owl:complementOf ex:D .", "ex:a a ex:C , ex:D .",
        "a is of two classes of which one is the complement of the other, C and D (cls-com)",
    ),
    "cls-nothing2": (
        "ex:C rdfs:subClassOf owl:Nothing .", "ex:a a ex:C .", "a is of the empty class Nothing (cls-nothing2)"
    ),
    "cls-maxc1": (
        MOST.format("maxCardinality", 0, ""), "ex:a a ex:C ; ex:p ex:b .",
        "a has b for p, and may have nothing for it (cls-maxc1)",
    ),
    "cls-maxqc1": (
        "ex:E owl:onProperty ex:p ; owl:maxQualifiedCardinality 0 ; owl:onClass ex:D .",
        "ex:a a ex:E ; ex:p ex:b . ex:b a ex:D .",
        "a has b for p, and may have nothing of the class D for it (cls-maxqc1)",
    ),
    "cls-maxqc2": (
        MOST.format("maxQualifiedCardinality", 0, "; owl:onClass owl:Thing"), "ex:a a ex:C ; ex:p ex:b .",
        "a has b for p, and may have nothing for it (cls-maxqc2)",
    ),
    "prp-irp": (
        "ex:p a owl:IrreflexiveProperty .", "ex:a ex:p ex:a .",
        "a stands in the irreflexive property p to itself (prp-irp)",
    ),
    "prp-asyp": (
        "ex:p a owl:AsymmetricProperty .", "ex:b ex:p ex:a . ex:a ex:p ex:b .",
        "a and b stand in the asymmetric property p both ways (prp-asyp)",
    ),
    "prp-pdw": (
        "ex:q owl:propertyDisjointWith ex:p .", "ex:b ex:p ex:a ; ex:q ex:a .",
        "b stands to a in two disjoint properties, p and q (prp-pdw)",
    ),
    "prp-adp": (
        "[] a owl:AllDisjointProperties ; owl:members ( ex:q ex:p ) .", "ex:b ex:p ex:a ; ex:q ex:a .",
        "b stands to a in two disjoint properties, p and q (prp-adp)",
    ),
    "prp-npa1": (
        f"{NEGATIVE} owl:targetIndividual ex:b .", "ex:a ex:p ex:b .", "a has b for p, which is denied (prp-npa1)"
    ),
    "prp-npa2": (
        f"{NEGATIVE} owl:targetValue 1 .", "ex:a ex:p 1 .", 'a has "1"^^integer> for p, which is denied (prp-npa2)'
    ),
    "eq-diff1": (
        "ex:b owl:differentFrom ex:a .", "ex:b owl:sameAs ex:a .", "a and b are the same and are different (eq-diff1)"
    ),
    "eq-diff2": (
        "[] a owl:AllDifferent ; owl:members ( ex:b ex:a ) .", "ex:b owl:sameAs ex:a .",
        "a and b are the same, and of things that are all different (eq-diff2)",
    ),
    "eq-diff3": (
        "[] a owl:AllDifferent ; owl:distinctMembers ( ex:b ex:a ) .", "ex:b owl:sameAs ex:a .",
        "a and b are the same, and of things that are all different (eq-diff3)",
    ),
    "dt-not-type": (
        "ex:p rdfs:range xsd:integer .", "ex:a ex:p 'x' .",
        f'"x" is not a value of {terms.XSD}integer (dt-not-type)',
    ),
    "dt-diff": (
        "", "ex:a owl:sameAs 1 .",
        'a is stated to be the same as "1"^^integer>, and a value is no thing (dt-diff)',
    ),
    "prp-fp": (
        "ex:p a owl:FunctionalProperty .", "ex:a ex:p 2 , 1 .",
        '"1"^^integer> and "2"^^integer> would be the same, and are two values or a value and a thing (prp-fp)',
    ),
    "prp-ifp": (
        "ex:p a owl:InverseFunctionalProperty ; owl:inverseOf ex:q .", "ex:c ex:q 'x' , ex:a .",
        '"x" and a would be the same, and are two values or a value and a thing (prp-ifp)',
    ),
    "cls-maxc2": (
        MOST.format("maxCardinality", 1, ""), "ex:a a ex:C ; ex:p 'y' , 'x' .",
        '"x" and "y" would be the same, and are two values or a value and a thing (cls-maxc2)',
    ),
    "cls-maxqc4": (
        MOST.format("maxQualifiedCardinality", 1, "; owl:onClass owl:Thing"), "ex:a a ex:C ; ex:p 'y' , 'x' .",
        '"x" and "y" would be the same, and are two values or a value and a thing (cls-maxqc4)',
    ),
    "cls-maxqc3": (
        MOST.format("maxQualifiedCardinality", 1, "; owl:onClass xsd:string"), "ex:a a ex:C ; ex:p 'y' , 'x' .",
        '"x" and "y" would be the same, and are two values or a value and a thing (cls-maxqc3)',
    ),
    "prp-key": (
        f"ex:C owl:hasKey ( {INVERSE} ) . ex:p rdfs:range ex:C .", "ex:k ex:p 'x' , ex:a .",
        '"x" and a would be the same, and are two values or a value and a thing (prp-key)',
    ),
}  # fmt: skip
"""Axioms, facts that contradict them, and the words, by rule."""


def test_every_rule_that_finds_a_clash_is_here() -> None:
    assert set(WORDS) == {
        "eq-diff1", "eq-diff2", "eq-diff3", "prp-irp", "prp-asyp", "prp-pdw", "prp-adp", "prp-npa1", "prp-npa2",
        "cls-nothing2", "cls-com", "cls-maxc1", "cls-maxqc1", "cls-maxqc2", "cax-dw", "cax-adc", "dt-not-type",
        "dt-diff", "prp-fp", "prp-ifp", "cls-maxc2", "cls-maxqc3", "cls-maxqc4", "prp-key",
    }  # fmt: skip


@pytest.mark.parametrize("rule", WORDS)
def test_a_clash_is_told_in_words(rule: str) -> None:
    axioms, facts, words = WORDS[rule]
    found = told(axioms, facts)
    # By eq-rep, each of two that are different and the same is different from itself too.
    assert [t for t in found if not t.startswith(("a and a ", "b and b "))] == [words]
    assert len(found) == (3 if rule == "eq-diff1" else 1)


ALIKE = {
    "disjoint classes": (
        ("ex:C owl:disjointWith ex:D .", "ex:a a ex:C , ex:D ."),
        ("ex:D owl:disjointWith ex:C .", "ex:a a ex:D , ex:C ."),
    ),
    "disjoint classes of a list": (
        ("[] a owl:AllDisjointClasses ; owl:members ( ex:C ex:D ex:E ) .", "ex:a a ex:C , ex:D ."),
        ("[] a owl:AllDisjointClasses ; owl:members ( ex:E ex:D ex:C ) .", "ex:a a ex:C , ex:D ."),
    ),
    "complements": (
        ("ex:C owl:complementOf ex:D .", "ex:a a ex:C , ex:D ."),
        ("ex:D owl:complementOf ex:C .", "ex:a a ex:C , ex:D ."),
    ),
    "disjoint properties": (
        ("ex:p owl:propertyDisjointWith ex:q .", "ex:a ex:p ex:b ; ex:q ex:b ."),
        ("ex:q owl:propertyDisjointWith ex:p .", "ex:a ex:q ex:b ; ex:p ex:b ."),
    ),
    "disjoint with an inverse": (
        (f"ex:q owl:propertyDisjointWith {INVERSE} .", "ex:b ex:p ex:a . ex:a ex:q ex:b ."),
        (f"{INVERSE} owl:propertyDisjointWith ex:q .", "ex:b ex:p ex:a . ex:a ex:q ex:b ."),
    ),
    "asymmetric": (
        ("ex:p a owl:AsymmetricProperty .", "ex:b ex:p ex:a . ex:a ex:p ex:b ."),
        (f"{INVERSE} a owl:AsymmetricProperty .", "ex:b ex:p ex:a . ex:a ex:p ex:b ."),
    ),
    "same and different": (
        ("", "ex:a owl:sameAs ex:b ; owl:differentFrom ex:b ."),
        ("", "ex:b owl:sameAs ex:a . ex:a owl:differentFrom ex:b ."),
    ),
    "all different": (
        ("[] a owl:AllDifferent ; owl:members ( ex:a ex:b ) .", "ex:a owl:sameAs ex:b ."),
        ("[] a owl:AllDifferent ; owl:members ( ex:b ex:a ) .", "ex:a owl:sameAs ex:b ."),
    ),
    "two values": (
        ("ex:p a owl:FunctionalProperty .", "ex:a ex:p 1 , 2 ."),
        (f"{INVERSE} a owl:InverseFunctionalProperty .", "ex:a ex:p 2 , 1 ."),
    ),
    "nothing for an inverse": (
        (MOST.replace("ex:p", INVERSE).format("maxCardinality", 0, ""), "ex:a a ex:C . ex:b ex:p ex:a ."),
        (MOST.format("maxCardinality", 0, ""), "ex:a a ex:C ; ex:p ex:b ."),
    ),
    "denied of an inverse": (
        (
            f"[] owl:sourceIndividual ex:b ; owl:assertionProperty {INVERSE} ; owl:targetIndividual ex:a .",
            "ex:a ex:p ex:b .",
        ),
        (f"{NEGATIVE} owl:targetIndividual ex:b .", "ex:a ex:p ex:b ."),
    ),
}  # fmt: skip


@pytest.mark.parametrize("pair", ALIKE.values(), ids=ALIKE)
def test_both_orders_are_told_alike(pair: tuple[tuple[str, str], tuple[str, str]]) -> None:
    one, other = (told(*case) for case in pair)
    assert one
    assert [t.rpartition(" (")[0] for t in one] == [t.rpartition(" (")[0] for t in other]


@pytest.mark.parametrize(
    ("axioms", "words"),
    [
        ("ex:C owl:disjointWith owl:Thing .", "a is of two disjoint classes, Thing and C (cax-dw)"),
        (
            "owl:Thing owl:complementOf ex:C .",
            "a is of two classes of which one is the complement of the other, Thing and C (cls-com)",
        ),
        ("ex:C owl:disjointWith ex:C .", "a is of two disjoint classes, C and C (cax-dw)"),
        (
            "ex:C owl:disjointWith [ owl:complementOf ex:E ] . ex:D rdfs:subClassOf [ owl:complementOf ex:C ] .",
            "a is of two classes of which one is the complement of the other, a class without a name and C (cls-com)",
        ),
    ],
)
def test_classes_that_are_no_part_of_the_rule_or_have_no_name(axioms: str, words: str) -> None:
    assert told(axioms, "ex:a a ex:C , ex:D .") == [words]


def test_things_are_called_by_their_short_names() -> None:
    assert name(NamedNode(terms.PH + "Post")) == "ph:Post"
    assert name(NamedNode(X + "C")) == X + "C"
    assert name(BlankNode("b")) == "a class without a name"
    assert name(Literal("x", language="en")) == '"x"@en'
    person = NamedNode(terms.ID + "person/one")
    [found] = MemoryEngine(60).close(
        triples("ex:C owl:disjointWith ex:D ."), [Triple(person, TYPE, NamedNode(X + c)) for c in "CD"], []
    )
    assert [c.text for c in found.clashes] == [f"person/one is of two disjoint classes, {X}C and {X}D (cax-dw)"]


def test_what_lies_in_one_fact_is_told() -> None:
    value = Literal("one", datatype=NamedNode(terms.XSD + "integer"))
    assert ill_typed(value) == f"{value} is not a value of its datatype (dt-not-type)"
    assert told("", "ex:a ex:p 'one'^^xsd:integer .") == [
        '"one"^^integer> is not a value of its datatype (dt-not-type)'
    ]
    said = thing_and_value(NamedNode(terms.ID + "post/one"), value)
    assert said == f"post/one is stated to be the same as {value}, and a value is no thing (dt-diff)"
