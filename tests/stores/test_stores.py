"""One body of tests over both stores: the same question gets the same answer."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple

from postholder import terms
from postholder.errors import CannotError, QuerySyntaxError
from postholder.graph import triple_order
from postholder.sources.rdf import parse_text
from postholder.stores import oxigraph
from postholder.stores.oxigraph import OxigraphStore
from postholder.stores.rdflib import RdflibStore, from_rdflib, to_dataset, to_graph, to_rdflib

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.graph import Term
    from postholder.stores.base import Store

X = "http://x/"
DATA = f"""@prefix ex: <{X}> .
ex:a ex:p "one"@en , "eins"@de ; ex:n 1 .
ex:b ex:p "two" .
ex:g1 {{ ex:a ex:q ex:b }}
ex:g2 {{ ex:a ex:q ex:c . ex:d ex:when "2022-01-06"^^<{terms.XSD}date> }}
"""
QUADS = parse_text(DATA, "data.trig", RdfFormat.TRIG)
STORES: list[Callable[[list[Quad]], Store]] = [OxigraphStore, RdflibStore]


@pytest.fixture(params=STORES, ids=["oxigraph", "rdflib"])
def make(request: pytest.FixtureRequest) -> Callable[[list[Quad]], Store]:
    made: Callable[[list[Quad]], Store] = request.param
    return made


@pytest.fixture
def store(make: Callable[[list[Quad]], Store]) -> Store:
    return make(QUADS)


def node(name: str) -> NamedNode:
    return NamedNode(X + name)


def rows(store: Store, text: str) -> list[tuple[Term | None, ...]]:
    answer = store.query(f"PREFIX ex: <{X}> {text}")
    assert answer.boolean is None
    assert answer.triples is None
    return list(answer.rows)


def test_a_store_has_a_name() -> None:
    assert [make(QUADS).name for make in STORES] == ["oxigraph", "rdflib"]


def test_select_keeps_the_order_of_columns_and_rows(store: Store) -> None:
    answer = store.query("SELECT ?o ?s { ?s <http://x/p> ?o } ORDER BY DESC(?s) ?o")
    assert answer.columns == ("o", "s")
    assert answer.rows == (
        (Literal("two"), node("b")),
        (Literal("eins", language="de"), node("a")),
        (Literal("one", language="en"), node("a")),
    )


def test_ask(store: Store) -> None:
    assert store.query("ASK { ?s ?p 1 }").boolean is True
    assert store.query("ASK { ?s ?p 2 }").boolean is False
    assert store.query("ASK {}").rows == ()


def test_construct_is_sorted_and_without_doubles(store: Store) -> None:
    text = "CONSTRUCT { ?s <http://x/made> 1 . ?s <http://x/also> ?o } WHERE { ?s <http://x/p> ?o }"
    triples = store.query(text).triples
    assert triples is not None
    assert len(triples) == 5
    assert list(triples) == sorted(triples, key=triple_order)


def test_describe(store: Store) -> None:
    triples = store.query(f"DESCRIBE <{X}b>").triples
    assert triples is not None
    assert Triple(node("b"), node("p"), Literal("two")) in triples


def test_a_construct_without_match_is_empty_not_none(store: Store) -> None:
    assert store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s <http://x/none> ?o . ?s ?p ?o }").triples == ()


def test_the_default_graph_is_no_union(store: Store) -> None:
    assert rows(store, "SELECT ?o { ex:a ex:q ?o }") == []
    assert rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == [
        (Literal("4", datatype=NamedNode(terms.XSD + "integer")),)
    ]


def test_a_named_graph_is_reached_by_name_and_by_variable(store: Store) -> None:
    assert rows(store, "SELECT ?o { GRAPH ex:g2 { ex:a ex:q ?o } }") == [(node("c"),)]
    assert rows(store, "SELECT ?g ?o { GRAPH ?g { ex:a ex:q ?o } } ORDER BY ?g") == [
        (node("g1"), node("b")),
        (node("g2"), node("c")),
    ]
    assert rows(store, "SELECT ?o { GRAPH ex:none { ?s ?p ?o } }") == []


def test_the_default_graph_is_no_named_graph(store: Store) -> None:
    assert rows(store, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g") == [(node("g1"),), (node("g2"),)]


def test_what_is_not_bound_is_none(store: Store) -> None:
    text = "SELECT ?s ?n { ?s ex:p ?o OPTIONAL { ?s ex:n ?n } } ORDER BY ?s"
    assert rows(store, text)[-1] == (node("b"), None)


def test_a_row_without_any_value_is_a_row(store: Store) -> None:
    assert rows(store, "SELECT ?x ?y { VALUES (?x ?y) { (UNDEF UNDEF) } }") == [(None, None)]
    assert rows(store, "SELECT ?x { OPTIONAL { ?s ex:none ?x } }") == [(None,)]


def test_blank_nodes_are_kept_apart(make: Callable[[list[Quad]], Store]) -> None:
    quads = [Quad(BlankNode(n), node("p"), Literal(n), DefaultGraph()) for n in ("b1", "b2")]
    found = rows(make(quads), "SELECT ?s { ?s ?p ?o }")
    assert len(set(found)) == 2
    assert all(isinstance(s, BlankNode) for (s,) in found)


@pytest.mark.parametrize(
    "text",
    ["SELECT", "SELECT * {", "SELECT * { ?s ?p }", "hello", "", "SELECT * { ?s x:y ?o }", "ASK { BIND(1 AS) }",
     "INSERT DATA { <http://x/a> <http://x/b> 1 }"],
)  # fmt: skip
def test_what_does_not_parse_is_a_syntax_error(store: Store, text: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        store.query(text)
    assert caught.value.message
    assert caught.value.exit_code == 2


def test_a_syntax_error_says_where(store: Store) -> None:
    with pytest.raises(QuerySyntaxError, match=r"\b2:"):
        store.query("SELECT *\n{ ?s ?p ")


def test_a_store_does_not_change_by_being_asked(store: Store) -> None:
    text = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    before = rows(store, text)
    with pytest.raises(QuerySyntaxError):
        store.query("DELETE WHERE { ?s ?p ?o }")
    assert rows(store, text) == before


LEXICAL = [
    Literal("01", datatype=NamedNode(terms.XSD + "integer")),
    Literal("1.50", datatype=NamedNode(terms.XSD + "decimal")),
    Literal("2022-01-01+01:00", datatype=NamedNode(terms.XSD + "date")),
    Literal("2022-01-01T00:00:00Z", datatype=NamedNode(terms.XSD + "date")),
    Literal("--01-01", datatype=NamedNode(terms.XSD + "gMonthDay")),
    Literal("1", datatype=NamedNode(terms.XSD + "boolean")),
    Literal("many", datatype=NamedNode(terms.XSD + "integer")),
    Literal("text"),
    Literal("text", language="zh-Hans"),
    Literal("", language="en"),
    Literal("x", datatype=NamedNode(X + "own")),
    Literal('a\n"b"\\ 😀'),
]


@pytest.mark.parametrize("term", LEXICAL, ids=str)
def test_rdflib_keeps_every_lexical_form(term: Literal) -> None:
    assert from_rdflib(to_rdflib(term)) == term
    quad = Quad(node("s"), node("p"), term, DefaultGraph())
    assert rows(RdflibStore([quad]), "SELECT ?o { ?s ?p ?o }") == [(term,)]


@pytest.mark.parametrize("term", LEXICAL, ids=str)
def test_oxigraph_gives_back_every_lexical_form(term: Literal) -> None:
    store = OxigraphStore([Quad(node("s"), node("p"), term, DefaultGraph())])
    assert rows(store, "SELECT ?o { ?s ?p ?o }") == [(term,)]
    made = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }").triples
    assert made is not None
    assert [t.object for t in made] == [term]


def test_what_a_query_works_out_is_not_taken_for_what_the_data_says() -> None:
    """The only fact has the value "01"; a count of one is another one."""
    store = OxigraphStore([Quad(node("s"), node("p"), LEXICAL[0], DefaultGraph())])
    one = Literal("1", datatype=NamedNode(terms.XSD + "integer"))
    assert rows(store, "SELECT (COUNT(*) AS ?n) ?o { ?s ?p ?o } GROUP BY ?o") == [(one, LEXICAL[0])]
    assert rows(store, "SELECT ?o { ?s ?p ?x BIND(?x + 0 AS ?o) }") == [(one,)]
    assert rows(store, "SELECT ?o { ?s ?p ?o FILTER(?o = 1) }") == [(LEXICAL[0],)]


def test_a_value_with_two_spellings_is_spelt_as_oxigraph_does() -> None:
    """Said in the docstring of the store, so that nobody is surprised."""
    kind = NamedNode(terms.XSD + "decimal")
    quads = [
        Quad(node(s), node("p"), Literal(x, datatype=kind), DefaultGraph()) for s, x in (("a", "1.5"), ("b", "1.50"))
    ]
    found = rows(OxigraphStore(quads), "SELECT ?o { ?s ?p ?o }")
    assert [v.value for (v,) in found if isinstance(v, Literal)] == ["1.5", "1.5"]


def test_lines_are_loaded_in_bulk() -> None:
    term = Literal("0.70", datatype=NamedNode(terms.XSD + "decimal"))
    line = f"{node('s')} {node('p')} {term} {node('g')} .\n".encode()
    store = OxigraphStore.of_lines([line, line.replace(b"/s>", b"/t>")], [term])
    assert rows(store, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }") == [(term,), (term,)]


def test_terms_go_to_rdflib_and_back() -> None:
    for term in (NamedNode(X + "a"), BlankNode("b")):
        assert from_rdflib(to_rdflib(term)) == term
    assert to_rdflib(DefaultGraph()) is None
    with pytest.raises(CannotError, match=r"RDF 1\.2"):
        to_rdflib(Triple(node("a"), node("b"), node("c")))


def test_a_graph_and_a_dataset_hold_the_same() -> None:
    assert len(to_graph([q.triple for q in QUADS])) == 7
    dataset = to_dataset(QUADS)
    assert isinstance(dataset, rdflib.Dataset)
    assert dataset.default_union is False
    assert len(dataset.default_graph) == 4
    assert len(dataset.graph(rdflib.URIRef(X + "g2"))) == 2


def test_a_failure_of_the_engine_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def __init__(self) -> None:
            self.error: Exception = RuntimeError("broken")

        def bulk_extend(self, _: object) -> None:
            """Take nothing."""

        def query(self, _: str) -> None:
            raise self.error

    monkeypatch.setattr(oxigraph, "Oxigraph", Broken)
    with pytest.raises(CannotError, match="the query failed: broken"):
        OxigraphStore([]).query("ASK {}")


def test_a_failure_inside_rdflib_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    store = RdflibStore([])

    def fail(_: object, text: str) -> None:
        raise ValueError(text)

    monkeypatch.setattr(rdflib.Dataset, "query", fail)
    with pytest.raises(CannotError, match="the query failed in rdflib"):
        store.query("ASK {}")


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
def test_limits_of_the_interpreter_pass_through(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    store = RdflibStore([])

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(rdflib.Dataset, "query", fail)
    with pytest.raises(error):
        store.query("ASK {}")


def test_rdflib_survives_a_first_use_from_many_threads() -> None:
    """Used first from two threads, rdflib's parser breaks for the whole process (RDFLib/rdflib#1282)."""
    code = """
import threading
from postholder.stores.rdflib import RdflibStore
found = []
gate = threading.Barrier(8)
def run():
    gate.wait()
    store = RdflibStore([])
    for _ in range(3):
        try:
            found.append(store.query("SELECT (1 AS ?x) { FILTER(true) }").columns)
        except Exception as error:
            found.append(error)
threads = [threading.Thread(target=run) for _ in range(8)]
[t.start() for t in threads]
[t.join() for t in threads]
print(found.count(("x",)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "24\n", done.stderr
