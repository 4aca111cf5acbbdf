"""Axioms are found among facts, and are not taken in or back with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from ontologies import HEAD, triples
from postholder.closure.columns import close_file
from postholder.closure.columns.axioms import axioms_among
from postholder.errors import CannotError
from tabled import closed, inferred, quads, short

if TYPE_CHECKING:
    from pathlib import Path

MIXED = """
ex:A rdfs:subClassOf ex:B , [ a owl:Restriction ; owl:onProperty ex:p ; owl:hasValue ex:b ] . ex:A rdfs:label "A" .
ex:p a owl:TransitiveProperty ; owl:sameAs ex:q . ex:q a owl:ObjectProperty . ex:K owl:hasKey ( ex:v ) .
ex:a a ex:A ; ex:p ex:b ; owl:sameAs ex:c ; owl:differentFrom ex:d ; ex:v "x" .
"""
FACTS = ["ex:a a ex:A .", "ex:a ex:p ex:b .", "ex:a owl:sameAs ex:c .", "ex:a owl:differentFrom ex:d ."]
THINGS = ["ex:n a owl:Thing .", "ex:n a owl:Nothing .", "ex:n a owl:NamedIndividual .", "ex:n a rdfs:Resource ."]
RULES = [
    "ex:n rdfs:subClassOf ex:B .", "ex:p rdfs:domain ex:B .", "ex:p a owl:SymmetricProperty .", "ex:n a owl:Class .",
    "ex:n owl:equivalentClass ex:A .", "ex:n owl:hasKey ( ex:p ) .", "ex:n rdf:first ex:a .",
    "ex:a ex:p ex:b . [] owl:members ( ex:a ex:b ) .", "ex:n a rdfs:Datatype .", "ex:n owl:unheardOf 1 .",
]  # fmt: skip


def test_axioms_are_told_from_facts(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(HEAD + MIXED, encoding="utf-8")
    graph = close_file(path)
    found = axioms_among(graph.connection)
    facts = triples(MIXED)[-5:] + [t for t in triples(MIXED) if str(t.predicate).endswith("label>")]
    assert len(facts) == 6
    assert len(found) == len(triples(MIXED)) - 6
    assert not set(found) & set(facts)
    assert triples("ex:p owl:sameAs ex:q .")[0] in found, "two properties are one"
    assert [str(t) for t in found] == sorted(str(t) for t in found)


def test_what_is_of_a_class_without_a_name_is_used(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    text = "ex:a a [ a owl:Restriction ; owl:onProperty ex:p ; owl:hasValue ex:b ] . ex:a a [ ex:p ex:c ] ."
    path.write_text(HEAD + text, encoding="utf-8")
    graph = close_file(path)
    assert inferred(graph) == ["<a> <p> <b>"]
    assert len(axioms_among(graph.connection)) == 4, "the second is of a class that nothing is said of"


@pytest.mark.parametrize("text", RULES)
def test_axioms_are_not_added(text: str) -> None:
    graph = closed("ex:A rdfs:subClassOf ex:B .", "ex:a a ex:A .")
    before = inferred(graph)
    with pytest.raises(CannotError, match="is an axiom") as told:
        graph.add(quads(f"ex:b a ex:A . {text}", "urn:d2"))
    assert "anew" in told.value.hint
    assert (inferred(graph), graph.stated) == (before, 1), "nothing of it was taken in"
    assert graph.add(quads("ex:b a ex:A .", "urn:d2")) == 1
    assert inferred(graph) == ["<a> a <B>", "<b> a <B>"]


@pytest.mark.parametrize("text", [*FACTS, *THINGS])
def test_facts_in_words_of_owl_are_added(text: str) -> None:
    graph = closed("ex:A rdfs:subClassOf ex:B .", "ex:b a ex:A .")
    assert graph.add(quads(text, "urn:d2")) == 1
    assert short(t for t in graph.triples() if t in triples(text)) == short(triples(text))


def test_a_member_of_a_class_without_a_name_is_not_added(tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    facts = triples("ex:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:hasValue ex:b ] .")
    path.write_text("".join(f"{t} .\n" for t in facts), encoding="utf-8")
    graph = close_file(path)
    with pytest.raises(CannotError, match="is an axiom"):
        graph.add(quads("ex:a a _:n0 ."))  # the label that the file uses, which `quads` gives too
    assert graph.add(quads("ex:a ex:q [] .")) == 1


def test_axioms_are_not_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "a.nq"
    lines = [f"{t} <urn:d1> .\n" for t in triples("ex:A rdfs:subClassOf ex:B . ex:a a ex:A .")]
    lines += [f"{t} <urn:d2> .\n" for t in triples("ex:b a ex:A .")]
    path.write_text("".join(lines), encoding="utf-8")
    graph = close_file(path)
    with pytest.raises(CannotError, match="is an axiom"):
        graph.retract(NamedNode("urn:d1"))
    with pytest.raises(CannotError, match="is an axiom"):
        graph.remove(quads("ex:A rdfs:subClassOf ex:B ."))
    assert (inferred(graph), graph.stated) == (["<a> a <B>", "<b> a <B>"], 3)
    assert graph.retract(NamedNode("urn:d2")) == 1
    assert inferred(graph) == ["<a> a <B>"]
