"""The temporary database: terms as text and back, a full disk, and memory that does not grow with the graph."""

from __future__ import annotations

import gc
import sqlite3
import sys
import threading
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BaseDirection, BlankNode, DefaultGraph, Literal, NamedNode, Quad

from postholder import terms
from postholder.errors import CannotError
from postholder.export.base import Source
from postholder.export.formats import write
from postholder.export.property_graph import PropertyGraph
from postholder.export.spool import Spool, decoded, encoded, listed

if TYPE_CHECKING:
    from pathlib import Path

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
DIRECTED = Literal("x", language="ar", direction=BaseDirection.RTL)
LITERALS = st.one_of(
    st.just(DIRECTED),
    TEXT.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), TEXT, st.sampled_from(["en", "zh-hans", "x-a"])),
    st.builds(
        lambda text, iri: Literal(text, datatype=NamedNode(iri)), TEXT, st.sampled_from([terms.XSD + "date", "urn:x"])
    ),
)


@given(LITERALS)
def test_literals_come_back_and_differ(literal: Literal) -> None:
    assert decoded(encoded(literal)) == literal
    assert encoded(literal) != encoded(Literal(literal.value + '"'))


@given(LITERALS)
def test_the_database_keeps_text_as_it_is(literal: Literal) -> None:
    kept = Spool("CREATE TABLE term (text TEXT)")
    kept.many("INSERT INTO term VALUES (?)", [(encoded(literal),)])
    assert [decoded(text) for text in kept.column("SELECT text FROM term")] == [literal]
    assert kept.has("SELECT 1 FROM term WHERE text = ?", encoded(literal))


def test_names_come_back() -> None:
    for term in (NamedNode("https://example.org/a"), BlankNode("b")):
        assert decoded(encoded(term)) == term
    assert encoded(DefaultGraph()) == ""


def test_text_sorts_as_in_python() -> None:
    texts = ["a", "B", "é", "\uffff", "\U0001f600", "", "a b", "安"]
    kept = Spool("CREATE TABLE term (text TEXT)")
    kept.many("INSERT INTO term VALUES (?)", ((t,) for t in texts))
    assert kept.column("SELECT text FROM term ORDER BY text") == sorted(texts)


@pytest.mark.parametrize("form", ["nquads", "neo4j-csv", "graphson", "parquet"])
def test_a_full_disk_is_told_and_nothing_is_left(
    form: str, tiny: list[Quad], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def small(*args: object, **kwargs: object) -> sqlite3.Connection:
        connection = connect(*args, **kwargs)  # type: ignore[call-overload]
        connection.execute("PRAGMA max_page_count = 4")
        return connection  # type: ignore[no-any-return]

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(CannotError, match="full") as caught:
        write(tiny, {}, form, tmp_path / "out")
    assert "TMPDIR" in caught.value.hint
    assert not list(tmp_path.iterdir())


def copies(quads: list[Quad], number: int) -> list[Quad]:
    """Return quads about other persons in other posts, many times, in one register."""
    found = list(quads)
    for n in range(number):
        person, post, appointment = (NamedNode(f"{terms.ID}{k}/{n}") for k in ("person", "post", "appointment"))
        for thing, kind in ((person, "Person"), (post, "Post"), (appointment, "Appointment")):
            found.append(Quad(thing, NamedNode(terms.RDF + "type"), NamedNode(terms.PH + kind)))
            found.append(Quad(thing, NamedNode(terms.RDFS + "label"), Literal(f"{kind} {n}")))
        found.append(Quad(appointment, NamedNode(terms.PH + "holder"), person))
        found.append(Quad(appointment, NamedNode(terms.PH + "post"), post))
        found.append(Quad(person, NamedNode(terms.ORG + "holds"), post))
    return found


def peak(quads: list[Quad]) -> int:
    """Return the most that Python holds at once, beyond the quads, while nodes and edges are made and read."""
    source = Source(quads, {})
    tracemalloc.start()
    try:
        graph = PropertyGraph(source)
        assert sum(1 for _ in graph.nodes()) > 1000
        assert sum(1 for _ in graph.edges()) > 1000
        assert graph.losses()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_only_the_plain_blank_parts_a_list() -> None:
    assert listed("") == []
    assert listed("urn:a urn:b\u3000c urn:d\u00a0e") == ["urn:a", "urn:b\u3000c", "urn:d\u00a0e"]


def test_memory_does_not_grow_with_the_graph(tiny: list[Quad]) -> None:
    small, large = copies(tiny, 1_500), copies(tiny, 5_000)
    assert len(large) > 3 * len(small)
    assert peak(large) < 1.2 * peak(small)


def test_it_may_be_let_go_by_any_thread() -> None:
    """The garbage collector runs where it likes."""
    held = [Spool("CREATE TABLE a (b);")]
    unraisable: list[object] = []

    def let_go() -> None:
        held.clear()
        gc.collect()

    old, sys.unraisablehook = sys.unraisablehook, unraisable.append
    try:
        thread = threading.Thread(target=let_go)
        thread.start()
        thread.join()
    finally:
        sys.unraisablehook = old
    assert not held
    assert unraisable == []
