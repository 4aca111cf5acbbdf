"""Turtle and TriG read back as what was written, spelled as it was, whatever the blank nodes do."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
import rdflib
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, parse

from postholder.export import turtle

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own parsers use it

PREFIXES = {"": "http://e/", "xsd": "http://www.w3.org/2001/XMLSchema#", "odd": "http://odd/name_"}
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def canonical(quads: Iterable[Quad]) -> set[Quad]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def read(text: str) -> list[Quad]:
    return list(parse(f"@prefix : <http://e/> . @prefix rdf: <{RDF}> .\n{text}", format=RdfFormat.TRIG))


@pytest.mark.parametrize(
    "text",
    [
        ":a :p 0.70, 01, +1, -.5, true, 1e0, '2022-01-01Z'^^<http://www.w3.org/2001/XMLSchema#date> .",
        ':a :p "x"@zh-Hans, "y"@ar--rtl, "say \\"so\\"", "back\\\\slash", "line\\nline", "\\u0001\\u0085\\u2028" .',
        ":a :p (1 2 [ :q 3 ] ()) . () a () .",
        ":a :p [ :q [ :r [ :s :t ] ] ], [] .",
        ":a :p _:x . :b :p _:x . _:x :q (1 2) .",
        ":a :p _:l . :b :p _:l . _:l rdf:first 1 ; rdf:rest (2 3) .",
        ":a :p [ rdf:first 1 ; rdf:rest :end ], [ rdf:first 1, 2 ; rdf:rest () ] .",
        ":a :p [ rdf:first 1 ; rdf:rest (2) ; :more 3 ] .",
        "_:x :p _:y . _:y :p _:x . _:z :p _:x . _:self :p _:self .",
        ":g { :a :p _:shared . } :h { :a :p _:shared . _:shared :q [ :r :s ] . } _:shared { :a :p [] . }",
        "<http://e/with/slash> :p <http://e/.>, <http://odd/name_x>, <http://odd/other>, rdf:type .",
        "",
    ],
)
def test_reads_back_as_it_was(text: str) -> None:
    quads = read(text)
    written = turtle.write(quads, PREFIXES, named_graphs=True)
    assert canonical(parse(written, format=RdfFormat.TRIG)) == canonical(quads)
    assert turtle.write(quads[::-1], PREFIXES, named_graphs=True) == written


def test_spells_literals_as_they_were() -> None:
    text = turtle.write(
        read(":a :p 0.70, 01, true, '2022-01-01Z'^^<http://www.w3.org/2001/XMLSchema#date> ."), {}, named_graphs=True
    )
    for spelling in (" 0.70", '"01"', "true", '"2022-01-01Z"'):
        assert spelling in text


def test_nests_lists_and_blank_nodes_and_declares_what_it_uses() -> None:
    text = turtle.write(read(":a a :T ; :p (1 [ :q 2 ]) . :g { :b :p :c . :a :p 1 . }"), PREFIXES, named_graphs=True)
    assert text == ("@prefix : <http://e/> .\n\n:a a :T ;\n  :p (1 [ :q 2 ]) .\n\n:g {\n  :a :p 1 .\n  :b :p :c .\n}\n")


def test_starts_with_a_graph_when_there_is_no_default_graph_and_no_prefix() -> None:
    assert turtle.write(read(":g { :a :p :b . }"), {}, named_graphs=True) == (
        "<http://e/g> {\n  <http://e/a> <http://e/p> <http://e/b> .\n}\n"
    )


def test_drops_graph_names_when_asked() -> None:
    text = turtle.write(read(":a :p 1 . :g { :a :p 1, 2 . }"), PREFIXES, named_graphs=False)
    assert text == "@prefix : <http://e/> .\n\n:a :p 1, 2 .\n"


@pytest.mark.parametrize("link", [f"{RDF}rest", "http://e/p"])
def test_deep_nesting_is_cut_before_it_breaks_a_reader(link: str) -> None:
    nodes = [BlankNode(f"n{i}") for i in range(3001)]
    chain = [Quad(a, NamedNode(link), b) for a, b in itertools.pairwise(nodes)]
    text = turtle.write(chain, {}, named_graphs=True)
    assert len(list(parse(text, format=RdfFormat.TRIG))) == 3000
    assert len(rdflib.Dataset().parse(data=text, format="trig")) == 3000


def test_a_long_list_is_one_list() -> None:
    members = " ".join(str(i) for i in range(2000))
    assert f"({members})" in turtle.write(read(f":a :p ({members}) ."), PREFIXES, named_graphs=True)
