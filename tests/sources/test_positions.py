"""Where things stand in a Turtle or TriG file: the line and column that a finding points to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, RdfFormat

from postholder import terms
from postholder.graph import text_of
from postholder.sources.positions import Positions, Spot
from postholder.sources.rdf import parse_text

X = "http://x/"
HEAD = f"@prefix ex: <{X}> .\n"


def find(text: str, subject: str, predicate: str | None = None) -> tuple[int, int] | None:
    """Return line and column; names without colon are in the namespace of the tests."""

    def full(name: str) -> str:
        return name if ":" in name else X + name

    spot = Positions(text).find(full(subject), full(predicate) if predicate else None)
    return (spot.line, spot.column) if spot else None


def test_a_spot_is_one_based() -> None:
    assert Positions(f"<{X}a> <{X}p> 1 .").find(X + "a") == Spot(1, 1)


def test_what_is_not_there_is_not_found() -> None:
    assert find("", "a") is None
    assert find(HEAD + "ex:a ex:p ex:b .", "b") is None


CASES: dict[str, tuple[str, str, str | None, tuple[int, int]]] = {
    "subject": ("ex:a ex:p 1 .", "a", None, (2, 1)),
    "second subject": ("ex:a ex:p 1 .\n  ex:b ex:p 2 .", "b", None, (3, 3)),
    "same line": ("ex:a ex:p 1 . ex:b ex:p 2 .", "b", None, (2, 15)),
    "first of two places": ("ex:a ex:p 1 .\nex:a ex:q 2 .", "a", None, (2, 1)),
    "predicate": ("ex:a ex:p 1 .", "a", "p", (2, 6)),
    "predicate after semicolon": ("ex:a ex:p 1 ;\n  ex:q 2 .", "a", "q", (3, 3)),
    "predicate after two semicolons": ("ex:a ex:p 1 ;;\n  ex:q 2 ; .", "a", "q", (3, 3)),
    "predicate after commas": ("ex:a ex:p 1 , 2 ,\n 3 ;\n ex:q 4 .", "a", "q", (4, 2)),
    "predicate in a later statement": ("ex:a ex:p 1 .\nex:a ex:q 2 .", "a", "q", (3, 6)),
    "unknown predicate falls back": ("ex:a ex:p 1 .", "a", "q", (2, 1)),
    "a": ("ex:a a ex:C .", "a", terms.RDF + "type", (2, 6)),
    "full iris": (f"<{X}a> <{X}p> <{X}b> .\n<{X}c> <{X}p> 1 .", "c", "p", (3, 14)),
    "comment": ("# ex:a is told of below.\nex:a # here ex:b .\n  ex:p 1 .", "a", "p", (4, 3)),
    "comment with quote": ("ex:a ex:p 1 . # it's\nex:b ex:p 2 . # it's", "b", None, (3, 1)),
    "hash in an iri": (f"<{X}a#b> ex:p 1 .\nex:c ex:p 1 .", "c", None, (3, 1)),
    "string with marks": ('ex:a ex:p "x . ; , # ex:b" .\nex:b ex:p 1 .', "b", None, (3, 1)),
    "string with escapes": ('ex:a ex:p "x \\" . ex:b" .\nex:b ex:p 1 .', "b", None, (3, 1)),
    "single quotes": ("ex:a ex:p 'x \" . ex:b' .\nex:b ex:p 1 .", "b", None, (3, 1)),
    "empty strings": ("ex:a ex:p \"\" , '' .\nex:b ex:p 1 .", "b", None, (3, 1)),
    "long string": ('ex:a ex:p """x\n# y "q" .\nex:b ex:p 2 .\n""" .\nex:b ex:p 1 .', "b", None, (6, 1)),
    "long single": ("ex:a ex:p '''it's\nex:b .''' ; ex:q 1 .\nex:b ex:p 1 .", "a", "q", (3, 13)),
    "after a long string": ('ex:a ex:p """x\n""" ; ex:q 1 .', "a", "q", (3, 7)),
    "language": ('ex:a ex:p "x"@en-GB , "y"@zh ;\n ex:q 1 .', "a", "q", (3, 2)),
    "datatype": ('ex:a ex:p "1"^^ex:d ;\n ex:q 1 .', "a", "q", (3, 2)),
    "full datatype": (f'ex:a ex:p "1"^^<{X}d> ;\n ex:q 1 .', "a", "q", (3, 2)),
    "numbers": ("ex:a ex:p 1.5 , -2 , 1e3 , 4. ex:b ex:p 1 .", "b", None, (2, 31)),
    "booleans": ("ex:a ex:p true ; ex:q false .", "a", "q", (2, 18)),
    "nested node": ("ex:a ex:p [ ex:q 1 ; ex:r [ ex:s 2 ] ] ;\n ex:t 3 .", "a", "t", (3, 2)),
    "predicate of a nested node": ("ex:a ex:p [ ex:q 1 ] .", "a", "q", (2, 1)),
    "list": ("ex:a ex:p ( 1 ex:b [ ex:q ( 2 ) ] ) ;\n ex:t 3 .", "a", "t", (3, 2)),
    "nested then comma": ("ex:a ex:p [ ex:q 1 ] , ex:b ;\n ex:t 3 .", "a", "t", (3, 2)),
    "subject without name": ("ex:a ex:p 1 .\n[] ex:q 2 .\nex:b ex:p 3 .", "b", None, (4, 1)),
    "subject with content": ("[ ex:q 1 ] ex:p 2 .\nex:b ex:p 3 .", "b", None, (3, 1)),
    "list as subject": ("( 1 2 ) ex:p 2 .\nex:b ex:p 3 .", "b", None, (3, 1)),
    "labelled blank": ("_:b ex:p 1 .\nex:b ex:p 3 .", "b", None, (3, 1)),
    "default graph": ("{ ex:a ex:p 1 . ex:b ex:p 2 }", "b", None, (2, 17)),
    "graph": ("ex:g {\n ex:a ex:p 1 .\n}\nex:b ex:p 2 .", "b", None, (5, 1)),
    "in a graph": ("ex:g {\n ex:a ex:p 1 ; ex:q 2\n}", "a", "q", (3, 16)),
    "GRAPH": ("GRAPH ex:g {\n ex:a ex:p 1 .\n}\nex:b ex:p 2 .", "a", "p", (3, 7)),
    "after GRAPH": ("graph ex:g { ex:a ex:p 1 }\nex:b ex:p 2 .", "b", None, (3, 1)),
    "graph name": ("ex:g { ex:a ex:p 1 }", "g", None, (2, 1)),
    "two graphs": ("ex:g { ex:a ex:p 1 } ex:h { ex:b ex:p 1 }", "b", None, (2, 29)),
    "no blanks": ("ex:a ex:p 1,2;ex:q[ex:r 1].ex:b ex:p<http://x/c>.", "a", "q", (2, 15)),
    "dot in a name": ("ex:a.b ex:p 1.\nex:c ex:p 1.", "a.b", None, (2, 1)),
    "colon in a name": ("ex:a:b ex:p 1 .", X + "a:b", None, (2, 1)),
    "percent in a name": ("ex:a%20b ex:p 1 .", "a%20b", None, (2, 1)),
    "escaped dot": (r"ex:a\.b ex:p 1 .", "a.b", None, (2, 1)),
    "escaped dash": (r"ex:a\-b ex:p 1 .", "a-b", None, (2, 1)),
    "escaped comma": (r"ex:a\,b ex:p 1 .", "a,b", None, (2, 1)),
    "escaped semicolon": (r"ex:a\;b ex:p 1 .", "a;b", None, (2, 1)),
    "escaped brackets": (r"ex:a\(b\) ex:p 1 .", "a(b)", None, (2, 1)),
    "escaped apostrophe": (r"ex:a\'b ex:p 1 .", "a'b", None, (2, 1)),
    "escaped hash": (r"ex:a\#b ex:p 1 .", "a#b", None, (2, 1)),
    "escape in a predicate": (r"ex:a ex:p\,q 1 .", "a", "p,q", (2, 6)),
    "letters beyond ASCII": ("ex:é ex:p '中😀' ; ex:q 1 .", "é", "q", (2, 18)),
    "line ends of Windows": ("ex:a ex:p 1 .\r\n ex:b ex:p 2 .\r\n", "b", None, (3, 2)),
    "tabs": ("\tex:a\tex:p\t1 .", "a", "p", (2, 7)),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_construct_is_found_where_it_stands(case: tuple[str, str, str | None, tuple[int, int]]) -> None:
    text, subject, predicate, place = case
    parse_text(HEAD + text, "f", RdfFormat.TRIG)  # the sample itself is good
    assert find(HEAD + text, subject, predicate) == place


PREFIXES = {
    "Turtle": f"@prefix ex: <{X}> .\n",
    "SPARQL": f"PREFIX ex: <{X}>\n",
    "SPARQL, small": f"prefix ex:<{X}>\n",
    "in two lines": f"@prefix\n ex: <{X}>.",
    "after another": f"PREFIX other: <http://y/> PREFIX ex: <{X}>\n",
    "with base": f"BASE <http://y/>\nPREFIX ex: <{X}>\n",
    "with Turtle base": f"@base <http://y/> .\n@prefix ex: <{X}> .\n",
    "base after prefix": f"PREFIX ex: <{X}>\nBASE <http://y/>\n",
    "declared twice": f"@prefix ex: <http://y/> .\n@prefix ex: <{X}> .\n",
    "with a comment": f"@prefix # the\nex: # one\n<{X}> .\n",
}


@pytest.mark.parametrize("head", PREFIXES.values(), ids=PREFIXES)
def test_prefixes_in_every_form(head: str) -> None:
    text = head + "\n\nex:a ex:p 1 ."
    parse_text(text, "f", RdfFormat.TURTLE)
    line = text.count("\n") + 1
    assert find(text, "a") == (line, 1)
    assert find(text, "a", "p") == (line, 6)


def test_the_empty_prefix() -> None:
    assert find(f"@prefix : <{X}> .\n:a :p 1 .", "a", "p") == (2, 4)


def test_a_prefix_changes_its_meaning() -> None:
    text = f"PREFIX ex: <http://y/>\nex:a ex:p 1 .\nPREFIX ex: <{X}>\nex:a ex:p 1 ."
    assert find(text, "http://y/a") == (2, 1)
    assert find(text, "a") == (4, 1)


@pytest.mark.parametrize("base", [f"@base <{X}> .", f"BASE <{X}>"])
def test_relative_iris(base: str) -> None:
    text = f"{base}\n<a> <p> 1 .\n<b> <p> 2 ."
    assert len(parse_text(text, "f", RdfFormat.TURTLE)) == 2
    assert find(text, "b", "p") == (3, 5)


@pytest.mark.parametrize("text", ["[] ex:q 2 .", "[ ex:r 1 ] ex:q 2 .", "( 1 ) ex:q 2 .", "_:b ex:q 2 ."])
def test_a_predicate_of_a_nameless_subject_is_not_booked_on_the_one_before(text: str) -> None:
    assert find(HEAD + "ex:a ex:p 1 .\n" + text, "a", "q") == (2, 1)


def test_n_quads() -> None:
    text = f"<{X}a> <{X}p> <{X}b> <{X}g> .\n_:b <{X}p> 'v'@en .\n<{X}c> <{X}p> 'v'^^<{X}d> <{X}g> .\n"
    assert find(text, "c", "p") == (3, 14)


@pytest.mark.parametrize(
    "text",
    ['{"@id": "http://x/a"}', "<rdf:RDF><a b='http://x/'/>", "\x00\x01", '"""', "[[[[", "}}}} ;;", "@prefix", "ex:"],
)
def test_other_text_does_no_harm(text: str) -> None:
    assert find(text, "nowhere") is None


# Documents of known places.

NAMES = st.sampled_from(["a", "b.c", "d-e", "f1", "é", "g_h"])
OBJECTS = st.sampled_from(
    ['"x . y ; z"', "'#'", '"""l\n"m" . """', "1.5", "true", "ex:z", "<http://x/z#q>", '"x"@en', '"1"^^ex:d',
     "[ ex:in 1 ; ex:in2 [ ] ]", "( 1 ex:z ( ) )", "[]", "_:b"]
)  # fmt: skip
GAPS = st.sampled_from([" ", "\n", "\t", '  # note ; . "\n', "\r\n", "\n\n   "])


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, list[tuple[str, str, int]]]:
    """Draw a TriG document and the (subject, predicate, offset) of each predicate in it."""
    text = HEAD
    places: list[tuple[str, str, int]] = []
    number = 0
    for _ in range(draw(st.integers(1, 4))):
        graph = draw(st.booleans())
        if graph:
            text += draw(st.sampled_from(["ex:g", "GRAPH ex:g", ""])) + draw(GAPS) + "{" + draw(GAPS)
        for _ in range(draw(st.integers(1, 2))):
            subject = draw(NAMES)
            text += draw(GAPS) + f"ex:{subject}"
            for position in range(draw(st.integers(1, 3))):
                text += (draw(GAPS) + ";" if position else "") + draw(GAPS)
                number += 1
                places.append((subject, f"p{number}", len(text)))
                text += f"ex:p{number}" + draw(GAPS) + draw(OBJECTS)
                for _ in range(draw(st.integers(0, 1))):
                    text += draw(GAPS) + "," + draw(GAPS) + draw(OBJECTS)
            text += draw(GAPS) + "."
        if graph:
            text += draw(GAPS) + "}"
        text += draw(GAPS)
    return text, places


@given(documents())
def test_generated_documents(document: tuple[str, list[tuple[str, str, int]]]) -> None:
    text, places = document
    parsed = parse_text(text, "f", RdfFormat.TRIG)
    assert {(text_of(q.subject), q.predicate.value) for q in parsed if not isinstance(q.subject, BlankNode)} == {
        (X + s, X + p) for s, p, _ in places
    }
    positions = Positions(text)
    for subject, predicate, offset in places:
        line = text.count("\n", 0, offset) + 1
        column = offset - (text.rfind("\n", 0, offset) + 1) + 1
        assert positions.find(X + subject, X + predicate) == Spot(line, column)


@given(st.text(alphabet=st.sampled_from("ab:.;,[](){}<>\"'\\#@^ \n"), max_size=60))
def test_any_text_is_scanned(text: str) -> None:
    spot = Positions(text).find("http://x/a")
    assert spot is None


@pytest.mark.parametrize("slug", ["taobao-tmall", "alibaba-2023-09-11"])
def test_shipped_facts_are_all_found(slug: str) -> None:
    """Every named subject of the shipped facts has a place."""
    from postholder import resources  # noqa: PLC0415 - the only test that needs it

    path = resources.ontology_folder() / "facts" / f"{slug}.trig"
    text = path.read_text(encoding="utf-8")
    positions = Positions(text)
    lines = text.split("\n")
    quads = [q for q in parse_text(text, path.name, RdfFormat.TRIG) if isinstance(q.subject, NamedNode)]
    assert len(quads) > 300
    lost = [q for q in quads if positions.find(text_of(q.subject), q.predicate.value) is None]
    assert lost == []
    spots = [(q, positions.find(text_of(q.subject), q.predicate.value)) for q in quads]
    wrong = [q for q, s in spots if s is None or not lines[s.line - 1][s.column - 1 :].strip()]
    assert wrong == []
