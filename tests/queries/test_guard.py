"""Free queries only read: whatever calls out, writes or reads elsewhere is refused before any engine sees it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postholder.errors import RefusedQueryError
from postholder.queries.guard import check, check_form

GRAPH = "https://w3id.org/postholder/id/graph/inferred"
AWAY = "http://127.0.0.1:9/"
BACK = "\\"

HARMLESS = {
    "select": "SELECT * { ?s ?p ?o }",
    "lower case": "select ?s where { ?s a ?c } order by ?s limit 3",
    "ask": "ASK {}",
    "construct": "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "describe": "DESCRIBE <http://x/a>",
    "with a prologue": "BASE <http://x/> PREFIX ex: <http://x/> SELECT * { ex:a ?p ?o }",
    "service in a string": "SELECT * { ?s ?p 'SERVICE <http://x> {}' }",
    "service in a long string": 'SELECT * { ?s ?p """SERVICE\n<http://x> {}""" }',
    "service in an iri": "SELECT * { <http://x/SERVICE> ?p ?o }",
    "service in a variable": "SELECT ?service { ?service ?p $SERVICE }",
    "service in a name": "PREFIX ex: <http://x/> SELECT * { ex:service ?p ex:SERVICE }",
    "service in a comment": "SELECT * { ?s ?p ?o } # SERVICE <http://x>",
    "update words as names": "PREFIX ex: <http://x/> SELECT ?load { ?load ex:insert 'DROP ALL' }",
    "from a graph at hand": f"SELECT * FROM <{GRAPH}> {{ ?s ?p ?o }}",
    "from named at hand": f"SELECT * FROM NAMED <{GRAPH}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "from by prefix": "PREFIX graph: <https://w3id.org/postholder/id/graph/> SELECT * FROM graph:inferred {}",
    "less than and more than": "SELECT * { ?s ?p ?o FILTER(?o < 3 && ?o > 1) }",
    "deep but not too deep": "SELECT * " + "{" * 100 + "}" * 100,
    "escapes that hide nothing": r"""SELECT * { ?s ?p "a\n\t\"b\" \\ c" }""",
}


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_reading_is_allowed(text: str) -> None:
    check(text, {GRAPH})


SERVICES = {
    "plain": f"SELECT * {{ SERVICE <{AWAY}> {{ ?s ?p ?o }} }}",
    "mixed case": f"SELECT * {{ sErViCe <{AWAY}> {{ ?s ?p ?o }} }}",
    "silent": f"SELECT * {{ SERVICE SILENT <{AWAY}> {{ ?s ?p ?o }} }}",
    "by variable": f"SELECT * {{ VALUES ?x {{ <{AWAY}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
    "by prefix": f"PREFIX x: <{AWAY}> SELECT * {{ SERVICE x:a {{ ?s ?p ?o }} }}",
    "no blanks": f"SELECT*{{SERVICE<{AWAY}>{{?s?p?o}}}}",
    "after a comment": f"SELECT * {{ # a remark\nSERVICE # another\n<{AWAY}> {{ ?s ?p ?o }} }}",
    "after a carriage return": f"SELECT * {{ # a remark\rSERVICE <{AWAY}> {{ ?s ?p ?o }} }}",
    "in a subquery": f"SELECT * {{ {{ SELECT * {{ SERVICE <{AWAY}> {{ ?s ?p ?o }} }} }} }}",
    "in optional": f"SELECT * {{ OPTIONAL {{ SERVICE <{AWAY}> {{ ?s ?p ?o }} }} }}",
    "in exists": f"SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{AWAY}> {{ ?s ?p ?o }} }} }}",
    "in construct": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{AWAY}> {{ ?s ?p ?o }} }}",
    "after a string with a quote": f"SELECT * {{ ?s ?p 'it\"s' . SERVICE <{AWAY}> {{ ?s ?p ?o }} }}",
    "after a string with a hash": f"SELECT * {{ ?s ?p '# no comment' . SERVICE <{AWAY}> {{ ?s ?p ?o }} }}",
    "after an iri with a hash": f"SELECT * {{ ?s <http://x/#> ?o . SERVICE <{AWAY}> {{ ?s ?p ?o }} }}",
    "escaped letter": f"SELECT * {{ {BACK}u0053ERVICE <{AWAY}> {{ ?s ?p ?o }} }}",
    "escaped letter, long": f"SELECT * {{ SERVIC{BACK}U00000045 <{AWAY}> {{ ?s ?p ?o }} }}",
    "escaped line end in a comment": f"SELECT * {{ # {BACK}u000A SERVICE <{AWAY}> {{ ?s ?p ?o }}\n }}",
    "escaped quote in a string": f'SELECT * {{ ?s ?p "a{BACK}u0022 . SERVICE <{AWAY}> {{ ?a ?b ?c }} #"\n }}',
    "escaped blank in a name": f"PREFIX x: <http://x/> SELECT * {{ ?s ?p x:a{BACK}u0020SERVICE <{AWAY}> {{ }} }}",
    "escaped end of an iri": f"SELECT * {{ ?s ?p <http://x/{BACK}u003ESERVICE{BACK}u003C{AWAY}> {{ ?a ?b ?c }} }}",
    "glued to its name": f"PREFIX x: <{AWAY}> SELECT * {{ SERVICEx:foo {{ ?s ?p ?o }} }}",
    "glued to silent": f"PREFIX x: <{AWAY}> SELECT * {{ serviceSILENTx:foo {{ ?s ?p ?o }} }}",
    "behind less than": f"SELECT * {{ VALUES ?x {{ <{AWAY}> }} ?s ?p ?o FILTER(?o<?o)SERVICE?x#>\n{{ ?a ?b ?c }} }}",
    "behind less than a name": f"PREFIX a: <http://x/> SELECT * {{ VALUES ?x {{ <{AWAY}> }} ?s ?p ?o "
    "FILTER(?o<a:b)SERVICE?x#>\n{ ?a ?b ?c } }",
    "glued to true": f"SELECT * {{ ?s ?p trueSERVICE<{AWAY}>{{ ?a ?b ?c }} }}",
    "glued to a number": f"SELECT * {{ ?s ?p 1SERVICE<{AWAY}>{{ ?a ?b ?c }} }}",
    "glued to a string": f"SELECT * {{ ?s ?p 'a'SERVICE<{AWAY}>{{ ?a ?b ?c }} }}",
}


@pytest.mark.parametrize("text", SERVICES.values(), ids=SERVICES)
def test_no_disguise_lets_a_service_call_through(text: str) -> None:
    with pytest.raises(RefusedQueryError) as caught:
        check(text, {GRAPH})
    assert re.match(r"line \d+: ", caught.value.message)
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <http://x/a> <http://x/b> 1 }",
        "delete where { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
        f"LOAD <{AWAY}>",
        f"LOAD SILENT <file:///etc/passwd> INTO GRAPH <{GRAPH}>",
        "CLEAR ALL",
        "DROP DEFAULT",
        f"CREATE GRAPH <{GRAPH}>",
        "ADD DEFAULT TO <http://x/g>",
        "MOVE DEFAULT TO <http://x/g>",
        "COPY DEFAULT TO <http://x/g>",
        f"WITH <{GRAPH}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
        "PREFIX ex: <http://x/>\n# SELECT\nINSERT { ex:a ex:b ?o } WHERE { SELECT ?o { ?s ?p ?o } }",
    ],
)
def test_no_update_passes(text: str) -> None:
    with pytest.raises(RefusedQueryError, match="would change the graph") as caught:
        check(text, {GRAPH})
    assert caught.value.hint == "queries only read"


FROMS = {
    "a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "an address": f"SELECT * FROM <{AWAY}> {{ ?s ?p ?o }}",
    "named": f"SELECT * FROM NAMED <{AWAY}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "the second of two": f"SELECT * FROM <{GRAPH}> FROM <{AWAY}> {{ ?s ?p ?o }}",
    "by prefix": "PREFIX f: <file:///etc/> SELECT * FROM f:passwd { ?s ?p ?o }",
    "by the empty prefix": "PREFIX : <file:///etc/> SELECT * FROM NAMED :passwd { ?s ?p ?o }",
    "by a prefix declared twice": f"PREFIX g: <{GRAPH}> PREFIX g: <file:///etc/passwd> SELECT * FROM g: {{}}",
    "relative": "SELECT * FROM <passwd> { ?s ?p ?o }",
    "empty": "SELECT * FROM <> { ?s ?p ?o }",
    "relative to a base": "BASE <file:///etc/> SELECT * FROM <passwd> { ?s ?p ?o }",
    "relative, named": "BASE <file:///etc/> SELECT * FROM NAMED <passwd> { ?s ?p ?o }",
    "after a comment": "SELECT * FROM # at hand\n<file:///etc/passwd> { ?s ?p ?o }",
    "no blanks": "SELECT*FROM<file:///etc/passwd>{?s?p?o}",
    "escaped": f"SELECT * FROM <{BACK}u0066ile:///etc/passwd> {{ ?s ?p ?o }}",
    "escaped in a comment": f"SELECT * # {BACK}u000A FROM <file:///etc/passwd>\n {{ ?s ?p ?o }}",
    "behind less than": "PREFIX : <file:///etc/> SELECT((1)<(2)AS?c)FROM:passwd#>\n{ ?a ?b ?c }",
    "describe": "DESCRIBE <http://x/a> FROM <file:///etc/passwd>",
    "ask": "ASK FROM <file:///etc/passwd> {}",
}


@pytest.mark.parametrize("text", FROMS.values(), ids=FROMS)
def test_nothing_is_read_from_elsewhere(text: str) -> None:
    with pytest.raises(RefusedQueryError) as caught:
        check(text, {GRAPH})
    assert caught.value.hint


@pytest.mark.parametrize("text", ["SELECT * FROM", "SELECT * FROM NAMED"])
def test_an_unfinished_from_is_refused(text: str) -> None:
    with pytest.raises(RefusedQueryError):
        check(text, {GRAPH})


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * " + "{" * 300 + "}" * 300,
        "SELECT (" + "(" * 300 + "1" + ")" * 300 + " AS ?x) {}",
        "SELECT (" + "!" * 300 + "true AS ?x) {}",
        "SELECT (" + "- " * 300 + "1 AS ?x) {}",
        "SELECT * { ?s " + "^" * 300 + "<http://x/p> ?o }",
        "SELECT * { " + "[ <http://x/p> " * 300 + "1" + "]" * 300 + " }",
    ],
)
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(RefusedQueryError, match="nests deeper"):
        check(text, set())


OPENINGS = {"{": "}", "(": ")", "[": "]"}


@pytest.mark.parametrize("opening", OPENINGS)
def test_depth_is_counted_exactly(opening: str) -> None:
    closing = OPENINGS[opening]
    check("ASK " + opening * 200 + closing * 200, set())
    with pytest.raises(RefusedQueryError, match="deeper than 200"):
        check("ASK " + opening * 201 + closing * 201, set())
    check("ASK {" + (opening + closing) * 300 + "}", set())
    with pytest.raises(RefusedQueryError, match="nests deeper"):
        check("ASK {" + (opening + closing) * 300 + opening * 200 + closing * 200 + "}", set())


@pytest.mark.parametrize("mark", ["!", "^", "-", "+"])
def test_a_chain_of_operators_is_counted_exactly(mark: str) -> None:
    check(f"ASK {{ FILTER({f'{mark} ' * 200}1) }}", set())
    with pytest.raises(RefusedQueryError, match="nests deeper"):
        check(f"ASK {{ FILTER({f'{mark} ' * 201}1) }}", set())
    check(f"ASK {{ FILTER({f'{mark} 1 ' * 300}) }}", set())


def test_the_longest_query() -> None:
    check("ASK {}".ljust(100_000), set())
    with pytest.raises(RefusedQueryError, match="100001 characters"):
        check("ASK {}".ljust(100_001), set())


@pytest.mark.parametrize("character", ["\ud7ff", "\ue000", "\U0001f600"])
def test_the_neighbours_of_surrogates_are_text(character: str) -> None:
    check(f"ASK {{ ?s ?p '{character}' }}", set())


@pytest.mark.parametrize("character", [chr(0xD800), chr(0xDFFF)], ids=["first", "last"])
def test_the_first_and_last_surrogate_are_none(character: str) -> None:
    with pytest.raises(RefusedQueryError, match="Unicode"):
        check(f"ASK {{ ?s ?p '{character}' }}", set())


def test_the_line_of_an_escape_is_told() -> None:
    with pytest.raises(RefusedQueryError, match=r"line 2: "):
        check("ASK {\n ?s ?p <http://x/\\u0041> }", set())


def test_too_long_a_query_is_refused() -> None:
    with pytest.raises(RefusedQueryError, match="over the limit"):
        check("SELECT * {}" + " " * 100_000, set())


def test_surrogates_are_refused() -> None:
    with pytest.raises(RefusedQueryError, match="Unicode"):
        check("SELECT * { ?s ?p '\udcff' }", set())


@pytest.mark.parametrize("text", ["", "   ", "# SELECT", "hello", "PREFIX ex: <http://x/>", "'SELECT'"])
def test_what_is_no_query_is_refused(text: str) -> None:
    with pytest.raises(RefusedQueryError, match="no query"):
        check_form(text)


@pytest.mark.parametrize("form", ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])
def test_the_form_is_told(form: str) -> None:
    assert check_form(f"PREFIX ex: <http://x/> {form.lower()} * {{}}") == form


def test_the_line_is_told() -> None:
    with pytest.raises(RefusedQueryError, match="line 3: SERVICE"):
        check(f"SELECT *\n{{\nSERVICE <{AWAY}> {{}} }}", set())


PIECES = [
    *("SELECT", "*", "{", "}", "FROM", "NAMED", "SERVICE", "?s", "<http://x/a>", "x:y", '"s"', "'", '"', "#", "\n"),
    *("\\", "\\u0053", "(", ")", "<", ">", "1", "true", " ", "\x00", "é", "中", "\ud800", "PREFIX", "x:", "BASE"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_nothing_but_a_refusal_comes_out(text: str) -> None:
    try:
        check(text, {"http://x/a"})
    except RefusedQueryError as error:
        assert error.message


@given(st.text(max_size=80))
def test_any_text_is_judged(text: str) -> None:
    try:
        check(text, set())
    except RefusedQueryError as error:
        assert error.message


@given(
    st.sampled_from(list(SERVICES.values())),
    st.lists(st.sampled_from([" ", "\n", "\t", "# note\n", "\r\n", "?z ?y ?x . "]), max_size=4).map("".join),
)
def test_padding_hides_nothing(text: str, padding: str) -> None:
    with pytest.raises(RefusedQueryError):
        check(text.replace("{ ", "{ " + padding, 1), {GRAPH})
