"""Unnamed nodes of axioms are named by what is said of them: alike in every reading, process and order."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from random import Random

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from postholder import terms
from postholder.closure.unnamed import new_names, renamed
from postholder.graph import triple_order

HEAD = f"@prefix ex: <http://x/> . @prefix owl: <{terms.OWL}> . @prefix rdf: <{terms.RDF}> .\n"
EXPRESSION = "[ owl:onProperty ex:p ; owl:allValuesFrom [ owl:complementOf [ owl:oneOf ( ex:a ex:b ) ] ] ]"
GRAPHS = {
    "expressions in each other": f"ex:C ex:below {EXPRESSION} .",
    "lists that differ in the end": "ex:p ex:chain ( ex:q ex:r ex:s ) , ( ex:q ex:r ex:t ) .",
    "lists that differ in the beginning": "ex:p ex:chain ( ex:q ex:r ex:s ) , ( ex:t ex:r ex:s ) .",
    "one expression in two places": f"ex:C ex:below {EXPRESSION} . ex:D ex:below {EXPRESSION} .",
    "one expression twice in one place": f"ex:C ex:below {EXPRESSION} , {EXPRESSION} .",
    "axioms stated twice": "[] a owl:AllDifferent ; owl:members ( ex:a ex:b ex:c ) . "
    "[] a owl:AllDifferent ; owl:members ( ex:a ex:b ex:c ) . [] a owl:AllDifferent ; owl:members ( ex:a ex:b ex:c ) .",
    "twins below twins": "[] ex:p [ ex:q [] , [] ] , [ ex:q [] , [] ] . [] ex:p [ ex:q [] , [] ] , [ ex:q [] , [] ] .",
    "twins that share what is crossed": "_:x ex:p _:c ; ex:q _:d . _:y ex:p _:d ; ex:q _:c .",
    "a shared list": "_:l rdf:first ex:a ; rdf:rest () . [] owl:members _:l . [] owl:distinctMembers _:l .",
    "a list that bites its tail": "ex:p ex:chain _:l . _:l rdf:first ex:q ; rdf:rest _:l .",
    "a circle of different nodes": "_:a rdf:rest _:b . _:b rdf:rest _:c ; rdf:first ex:x . _:c rdf:rest _:a .",
    "a circle of equal nodes": "_:a rdf:rest _:b . _:b rdf:rest _:c . _:c rdf:rest _:d . _:d rdf:rest _:a .",
    "two circles alike": "_:a ex:p _:b . _:b ex:p _:c . _:c ex:p _:a . _:d ex:p _:e . _:e ex:p _:f . _:f ex:p _:d .",
    "a tree above a circle": "[] ex:p _:a . [] ex:p _:a . _:a ex:p _:b . _:b ex:p _:a ; ex:q [] , [] .",
    "nothing said of it": "ex:a ex:p [] , [] .",
    "literals and names": '[] ex:p "circle" . [] ex:p <circle:> . [] ex:p "<circle:>" . [] ex:p "1"@en . [] ex:p 1 .',
    "a triple that stands twice": "_:a ex:p ex:x . _:a ex:p ex:x . _:b ex:p ex:x . _:b ex:q ex:x .",
}


def read(text: str) -> list[Triple]:
    return [q.triple for q in parse(HEAD + text, format=RdfFormat.TURTLE)]


def mixed(triples: list[Triple], draw: Random) -> list[Triple]:
    """Return the triples in another order, with other labels."""
    nodes = list(dict.fromkeys(n for t in triples for n in (t.subject, t.object) if isinstance(n, BlankNode)))
    labels = draw.sample(range(10 * len(nodes)), len(nodes))
    new = {node: BlankNode(f"x{label}") for node, label in zip(nodes, labels, strict=True)}
    again = [Triple(new.get(t.subject, t.subject), t.predicate, new.get(t.object, t.object)) for t in triples]  # type: ignore[arg-type] # nodes only
    return draw.sample(again, len(again))


def said(triples: list[Triple]) -> list[Triple]:
    return sorted(set(renamed(triples)), key=triple_order)


@pytest.mark.parametrize("text", GRAPHS.values(), ids=GRAPHS)
def test_every_reading_agrees(text: str) -> None:
    draw = Random(1)  # noqa: S311 - no secret
    triples = read(text)
    expected = said(triples)
    assert len(expected) == len(set(triples))
    assert {str(said(mixed(triples, draw))) for _ in range(30)} == {str(expected)}
    assert said([*triples, *triples[:2]]) == expected, "what stands twice is said once"


@pytest.mark.parametrize("text", GRAPHS.values(), ids=GRAPHS)
def test_each_node_has_a_name_of_its_own(text: str) -> None:
    triples = read(text)
    names = new_names(triples)
    nodes = {n for t in triples for n in (t.subject, t.object) if isinstance(n, BlankNode)}
    assert set(names) == nodes
    assert sorted(n.value for n in names.values()) == sorted(f"axiom{n}" for n in range(1, len(nodes) + 1))


def test_names_go_by_what_is_said_below_and_above() -> None:
    """The same is said of both inner nodes; who speaks of them tells them apart, and the other way round."""
    triples = read("ex:a ex:p [ ex:q [ ex:r ex:x ] ] . ex:b ex:p [ ex:q [ ex:r ex:x ] ] .")
    one = {triple_order(t) for t in renamed(triples)}
    other = {triple_order(t) for t in renamed(read("ex:a ex:p [ ex:q [ ex:r ex:x ] ] ."))}
    assert len(one) == 6
    assert len(other) == 3
    assert said(triples) != said(read("ex:a ex:p [ ex:q [ ex:r ex:x ] ] . ex:c ex:p [ ex:q [ ex:r ex:x ] ] ."))


def test_what_has_a_name_keeps_it() -> None:
    triples = read('ex:a ex:p ex:b , "x" , 1 .')
    assert renamed(triples) == triples
    assert new_names(triples) == {}
    assert renamed([]) == []


SCRIPT = f"""
from pyoxigraph import RdfFormat, parse
from postholder.closure.unnamed import renamed
for text in {list(GRAPHS.values())!r}:
    for line in sorted(map(str, renamed(q.triple for q in parse({HEAD!r} + text, format=RdfFormat.TURTLE)))):
        print(line)
"""


def test_names_are_the_same_in_every_process() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1
    assert "_:axiom9" in outputs.pop()


def test_deep_and_wide_graphs_are_named() -> None:
    rest, end, size = NamedNode(terms.RDF + "rest"), NamedNode(terms.RDF + "nil"), 5_000
    deep = [BlankNode(f"n{n}") for n in range(size)]
    chain = [Triple(a, rest, b) for a, b in pairwise(deep)]
    circle = [*chain, Triple(deep[-1], rest, deep[0])]
    wide = [Triple(end, rest, n) for n in deep]
    for triples in (chain, circle, wide):
        assert len({t.value for t in new_names(triples).values()}) == size
