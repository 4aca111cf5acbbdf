"""Contradictions are found, each with the stated facts that lead to it, as the engine in memory finds them."""

from __future__ import annotations

import pytest

from ontologies import triples
from postholder.closure.memory import MemoryEngine
from postholder.closure.proofs import statement
from tabled import closed, inferred, quads, short

NUMBER = "'{n}'^^xsd:nonNegativeInteger"
ONE, NONE = (NUMBER.format(n=n) for n in "10")
KINDS = {
    "cax-dw": ("ex:A owl:disjointWith ex:B . ex:C rdfs:subClassOf ex:A .", "ex:a a ex:C , ex:B .", 1),
    "cax-adc": ("[] a owl:AllDisjointClasses ; owl:members ( ex:A ex:B ex:C ) .", "ex:a a ex:A , ex:B , ex:C .", 3),
    "cls-com": ("ex:A rdfs:subClassOf [ a owl:Class ; owl:complementOf ex:B ] .", "ex:a a ex:A , ex:B .", 1),
    "cls-nothing2": ("ex:A rdfs:subClassOf owl:Nothing .", "ex:a a ex:A . ex:b a owl:Nothing .", 2),
    "cls-maxc1": (
        f"ex:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:maxCardinality {NONE} ] .",
        "ex:a a ex:A ; ex:p ex:b .", 1,
    ),
    "cls-maxc2": (
        f"ex:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:v ; owl:maxCardinality {ONE} ] .",
        "ex:a a ex:A ; ex:v 1 , 2 .", 1,
    ),
    "cls-maxqc1": (
        f"ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:onClass ex:B ; owl:maxQualifiedCardinality {NONE} ] .",
        "ex:a a ex:A ; ex:p ex:b . ex:b a ex:B .", 1,
    ),
    "prp-irp": ("ex:p a owl:IrreflexiveProperty , owl:TransitiveProperty .", "ex:a ex:p ex:b . ex:b ex:p ex:a .", 2),
    "prp-asyp": ("ex:p a owl:AsymmetricProperty .", "ex:a ex:p ex:b . ex:b ex:p ex:a .", 1),
    "prp-pdw": ("ex:p owl:propertyDisjointWith ex:q .", "ex:a ex:p ex:b ; ex:q ex:b .", 1),
    "prp-adp": ("[] a owl:AllDisjointProperties ; owl:members ( ex:p ex:q ex:r ) .", "ex:a ex:p ex:b ; ex:r ex:b .", 1),
    "prp-fp": ("ex:v a owl:FunctionalProperty .", 'ex:a ex:v 1 , 01 , 2 , "x" .', 5),
    "prp-ifp": (
        "ex:p a owl:InverseFunctionalProperty . ex:a owl:differentFrom ex:b .", "ex:a ex:p ex:c . ex:b ex:p ex:c .", 1
    ),
    "prp-npa1": (
        "[] owl:sourceIndividual ex:a ; owl:assertionProperty ex:p ; owl:targetIndividual ex:b .",
        "ex:a ex:p ex:c . ex:c owl:sameAs ex:b .", 1,
    ),
    "prp-npa2": (
        "[] owl:sourceIndividual ex:a ; owl:assertionProperty ex:v ; owl:targetValue 1 .", "ex:a ex:v 1 .", 1,
    ),
    "eq-diff1": ("ex:p a owl:ObjectProperty .", "ex:a owl:differentFrom ex:b . ex:c owl:sameAs ex:a , ex:b .", 1),
    "eq-diff1 alone": ("ex:p a owl:ObjectProperty .", "ex:a owl:differentFrom ex:a .", 1),
    "eq-diff2": ("[] a owl:AllDifferent ; owl:members ( ex:a ex:b ex:c ) .", "ex:b owl:sameAs ex:c .", 1),
    "eq-diff3": ("[] a owl:AllDifferent ; owl:distinctMembers ( ex:a ex:b ) .", "ex:d owl:sameAs ex:a , ex:b .", 1),
    "dt-diff": ("ex:p a owl:ObjectProperty .", "ex:a owl:sameAs 3 .", 1),
    "dt-not-type": ("ex:v rdfs:range xsd:integer .", 'ex:a ex:v "x" , 1 .', 1),
    "dt-not-type of a text": (
        "ex:p a owl:ObjectProperty .", 'ex:a ex:v "x"^^xsd:integer , "y"^^ex:d . ex:b ex:v "x"^^xsd:integer .', 1
    ),
    "prp-key": (
        "ex:A owl:hasKey ( ex:v ) . ex:A owl:disjointWith ex:B .",
        "ex:a a ex:A ; ex:v 1 . ex:b a ex:A , ex:C , ex:B ; ex:v 1 .", 2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_contradiction_is_told_with_its_culprits(name: str) -> None:
    axioms, facts, count = KINDS[name]
    graph = closed(axioms, f"{facts} ex:x ex:z ex:y .")
    found = graph.clashes()
    (wanted,) = MemoryEngine(60).close(triples(axioms), triples(facts), [])
    assert [c.text for c in found] == [c.text for c in wanted.clashes]
    assert len(found) >= count
    stated = {statement(t) for t in triples(facts)}
    for clash in found:
        assert clash.stated, clash.text
        assert set(clash.stated) <= stated
        assert clash.proof is not None
        assert clash.proof.conclusion is None
        assert clash.proof.steps[-1].rule == clash.rule


def test_nothing_is_concluded_from_a_contradiction() -> None:
    graph = closed("ex:A owl:disjointWith ex:B .", "ex:a a ex:A , ex:B .")
    assert len(graph.clashes()) == 1
    assert inferred(graph) == []


def test_the_culprits_alone_clash() -> None:
    graph = closed(
        "ex:p a owl:TransitiveProperty , owl:IrreflexiveProperty .",
        "ex:a ex:p ex:b . ex:b ex:p ex:c . ex:c ex:p ex:a . ex:c ex:p ex:d . ex:d ex:p ex:e .",
    )
    found = graph.clashes()
    assert len(found) == 3
    for clash in found:
        assert len(clash.stated) == 3
        assert not any("/d>" in str(part) or "/e>" in str(part) for s in clash.stated for part in s)


def test_contradictions_among_axioms_have_no_culprits() -> None:
    graph = closed("ex:A owl:disjointWith ex:B . ex:a a ex:A , ex:B .", "ex:b a ex:A .")
    (found,) = graph.clashes()
    assert found.stated == ()
    ill = closed(
        "ex:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:v ; owl:hasValue 'x'^^xsd:integer ] .", ""
    )
    assert [c.rule for c in ill.clashes()] == ["dt-not-type"]


def test_so_many_are_told_as_are_asked_for() -> None:
    facts = "".join(f"ex:n{n} a ex:A , ex:B . " for n in range(450))
    graph = closed("ex:A owl:disjointWith ex:B .", facts)
    every = graph.clashes()
    assert len(every) == 450
    assert [c.text for c in every] == sorted(c.text for c in every)
    assert len(graph.clashes(7)) == 7
    assert set(graph.clashes(7)) <= set(every)
    assert graph.clashes(0) == ()
    assert graph.clashes(7) == graph.clashes(7)


def test_contradictions_come_and_go_with_their_facts() -> None:
    graph = closed("ex:A owl:disjointWith ex:B . ex:v a owl:FunctionalProperty .", "ex:a a ex:A ; ex:v 1 .")
    assert graph.clashes() == ()
    graph.add(quads("ex:a a ex:B ; ex:v 2 . ex:b ex:v 'x'^^xsd:integer .", "urn:d2"))
    assert sorted(c.rule for c in graph.clashes()) == ["cax-dw", "dt-not-type", "prp-fp"]
    graph.remove(quads("ex:a a ex:A ."))
    assert sorted(c.rule for c in graph.clashes()) == ["dt-not-type", "prp-fp"]
    (node,) = {q.graph_name for q in quads("ex:a a ex:B .", "urn:d2")}
    graph.retract(node)  # type: ignore[arg-type] # a name
    assert graph.clashes() == ()
    assert short(graph.triples()) == short(triples("ex:a ex:v 1 ."))
