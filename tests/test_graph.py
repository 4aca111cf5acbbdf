"""Triples in memory: look-ups, labels and short names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from postholder import terms
from postholder.graph import (
    DEFAULT,
    LABEL,
    TYPE,
    Term,
    Triples,
    by_graph,
    handle,
    integer,
    local_name,
    order,
    ph,
    quads_of,
    text_of,
    triple_order,
)

X = "http://x/"
A, B, C, P, Q = (NamedNode(X + n) for n in "abcpq")
TRIPLES = [Triple(B, P, C), Triple(A, P, Literal("z")), Triple(A, P, B), Triple(A, Q, Literal("y")), Triple(A, TYPE, C)]


def test_adding_twice_changes_nothing() -> None:
    triples = Triples(TRIPLES)
    triples.add(TRIPLES[0])
    assert list(triples) == TRIPLES
    assert len(triples) == 5
    assert TRIPLES[0] in triples
    assert Triple(C, P, A) not in triples
    assert "something else" not in triples


def test_look_ups() -> None:
    triples = Triples(TRIPLES)
    assert triples.objects(A, P) == [Literal("z"), B]
    assert triples.names(A, P) == [B]
    assert triples.texts(A, P) == ["z"]
    assert triples.value(A, P) == Literal("z")
    assert triples.subjects(P, B) == [A]
    assert triples.pairs(P) == [(B, C), (A, Literal("z")), (A, B)]
    assert triples.instances(C) == [A]


def test_looking_for_what_is_not_there_leaves_no_trace() -> None:
    triples = Triples(TRIPLES)
    assert triples.objects(C, P) == []
    assert triples.objects(B, Q) == []
    assert triples.subjects(Q, C) == []
    assert triples.subjects(LABEL, C) == []
    assert triples.pairs(LABEL) == []
    assert triples.value(C, P) is None
    assert triples.instances(B) == []
    assert triples._by_subject.keys() == {A, B}


@given(st.lists(st.tuples(st.sampled_from([A, B, C]), st.sampled_from([P, Q]), st.sampled_from([A, B, Literal("1")]))))
def test_look_ups_agree_with_a_plain_list(parts: list[tuple[NamedNode, NamedNode, NamedNode | Literal]]) -> None:
    plain = list(dict.fromkeys(Triple(*p) for p in parts))
    triples = Triples(plain)
    for s in (A, B, C):
        for p in (P, Q):
            assert triples.objects(s, p) == [t.object for t in plain if (t.subject, t.predicate) == (s, p)]
    for p in (P, Q):
        assert set(triples.pairs(p)) == {(t.subject, t.object) for t in plain if t.predicate == p}
        for o in (A, B, Literal("1")):
            assert triples.subjects(p, o) == [t.subject for t in plain if (t.predicate, t.object) == (p, o)]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([Literal("B", language="en"), Literal("A", language="de"), Literal("C", language="en-GB")], "B"),
        ([Literal("Z", language="de"), Literal("Y")], "Y"),
        ([A], "x/none"),
        ([], "x/none"),
    ],
)
def test_a_label_is_english_if_there_is_one(labels: list[Literal], expected: str) -> None:
    node = NamedNode(terms.ID + "x/none")
    assert Triples(Triple(node, LABEL, v) for v in labels).label(node) == expected


def test_a_nameless_node_is_labelled_by_its_mark() -> None:
    assert Triples().label(BlankNode("b")) == "_:b"


@pytest.mark.parametrize(
    ("iri", "local"),
    [
        (X + "a", "a"),
        (X + "a#b", "b"),
        (X + "a/b/c", "c"),
        (X, X),
        (X + "#", X + "#"),
        ("urn:a", "urn:a"),
        (X + "a#b/c", "c"),
    ],
)
def test_local_names(iri: str, local: str) -> None:
    assert local_name(iri) == local


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        (terms.ID + "post/group-cto", "post/group-cto"),
        (terms.PH + "Post", "ph:Post"),
        (X + "a", X + "a"),
        ("", ""),
        (terms.ID, terms.ID),
    ],
)
def test_handles(iri: str, short: str) -> None:
    assert handle(iri) == short


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (Literal(3), 3),
        (Literal("-7"), -7),
        (Literal("+7"), 7),
        (Literal("007"), 7),
        (Literal("x"), None),
        (Literal("1.0"), None),
        (Literal(""), None),
        (A, None),
        (None, None),
    ],
)
def test_integers(term: Literal | NamedNode | None, expected: int | None) -> None:
    assert integer(term) == expected


@pytest.mark.parametrize("text", ["1_000", " 1", "1\n", "\u0661\u0662"])
def test_what_python_alone_calls_an_integer_is_none(text: str) -> None:
    assert integer(Literal(text)) is None


def test_text_of() -> None:
    assert [text_of(t) for t in (A, Literal("l", language="en"), BlankNode("b"), DefaultGraph(), None)] == [
        X + "a",
        "l",
        "b",
        "",
        "",
    ]


def test_the_vocabulary_is_named_by_local_names() -> None:
    assert ph("Post") == NamedNode(terms.PH + "Post")
    assert ph("Post") is ph("Post")


def test_orders_are_total() -> None:
    found: list[Term] = [A, Literal("a"), Literal("a", language="en"), BlankNode("a"), Literal(1), Literal("1")]
    assert len({order(t) for t in found}) == len(found)
    backwards = TRIPLES[::-1]
    assert sorted(TRIPLES, key=triple_order) == sorted(backwards, key=triple_order)


def test_quads_are_grouped_by_graph() -> None:
    quads = [*quads_of(TRIPLES[:2]), *quads_of(TRIPLES[2:], NamedNode(X + "g"))]
    assert all(isinstance(q, Quad) for q in quads)
    assert by_graph(quads) == {DEFAULT: TRIPLES[:2], NamedNode(X + "g"): TRIPLES[2:]}
    assert by_graph([]) == {}


def test_adding_keeps_both_look_ups_up_to_date() -> None:
    graph = Triples([Triple(NamedNode("urn:a"), TYPE, NamedNode("urn:K"))])
    assert graph.instances(NamedNode("urn:K")) == [NamedNode("urn:a")]
    assert graph.objects(NamedNode("urn:a"), TYPE) == [NamedNode("urn:K")]
    graph.add(Triple(NamedNode("urn:b"), TYPE, NamedNode("urn:K")))
    assert graph.instances(NamedNode("urn:K")) == [NamedNode("urn:a"), NamedNode("urn:b")]
    assert graph.objects(NamedNode("urn:b"), TYPE) == [NamedNode("urn:K")]
