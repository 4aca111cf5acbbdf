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
from postholder.export.formats import FORMATS, write
from postholder.export.spool import Spool, decoded, encoded, listed, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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


@given(LITERALS)
def test_the_text_of_an_encoded_term(literal: Literal) -> None:
    assert text(encoded(literal)) == literal.value
    assert text("https://example.org/a") == "https://example.org/a"


def test_rows_may_be_made_while_others_are_kept() -> None:
    kept = Spool("CREATE TABLE one (n INTEGER); CREATE TABLE other (n INTEGER)")

    def rows() -> Iterator[tuple[int]]:
        for n in range(3):
            kept.many("INSERT INTO other VALUES (?)", ((n,) for _ in range(2)))
            yield (n,)

    kept.many("INSERT INTO one VALUES (?)", rows())
    assert kept.column("SELECT n FROM one") == [0, 1, 2]
    assert kept.count("SELECT count(*) FROM other") == 6


def test_text_sorts_as_in_python() -> None:
    texts = ["a", "B", "é", "\uffff", "\U0001f600", "", "a b", "安"]
    kept = Spool("CREATE TABLE term (text TEXT)")
    kept.many("INSERT INTO term VALUES (?)", ((t,) for t in texts))
    assert kept.column("SELECT text FROM term ORDER BY text") == sorted(texts)


@pytest.mark.parametrize(
    "form", ["nquads", "rdf12", "neo4j-csv", "graphson", "parquet", "ftm", "popolo", "quickstatements"]
)
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
    """Return quads about other persons in other posts, many times: each by a claim, every tenth under two readings."""
    found = list(quads)
    kinds = ("person", "post", "appointment", "claim", "reading", "reading/other", "interpretation", "ambiguity")
    ph, kind_of = terms.PH.__add__, terms.RDF + "type"

    def say(graph: NamedNode | DefaultGraph, *rows: tuple[NamedNode, str, NamedNode | Literal]) -> None:
        found.extend(Quad(s, NamedNode(p), o, graph) for s, p, o in rows)

    document = NamedNode(f"{terms.ID}document/d")
    for n in range(number):
        person, post, held, claim, reading, rival, one, question = (NamedNode(f"{terms.ID}{k}/{n}") for k in kinds)
        other, passage = NamedNode(f"{one.value}/other"), NamedNode(f"{document.value}#char={n},{n + 9}")
        for thing, kind in ((person, "Person"), (post, "Post"), (held, "Appointment")):
            say(DefaultGraph(), (thing, kind_of, NamedNode(ph(kind))))
            say(DefaultGraph(), (thing, terms.RDFS + "label", Literal(f"{kind} {n}")))
        say(DefaultGraph(), (claim, ph("hasReading"), reading), (claim, ph("evidence"), passage))
        say(DefaultGraph(), (passage, ph("inDocument"), document))
        if n % 10:
            facts = ((held, ph("holder"), person), (held, ph("post"), post), (person, terms.ORG + "holds", post))
            say(DefaultGraph(), *facts)
            say(reading, *facts)
            continue
        say(DefaultGraph(), (claim, ph("hasReading"), rival))
        for graph, answer in ((reading, one), (rival, other)):
            say(DefaultGraph(), (graph, ph("underInterpretation"), answer), (answer, ph("interpretationOf"), question))
        say(reading, (held, ph("post"), post), (held, ph("holder"), person))
        say(rival, (held, ph("post"), post))
    return found


class Nowhere:
    """A target that keeps nothing."""

    def put(self, _name: str, chunks: Iterable[str | bytes]) -> None:
        """Take one file."""
        for _ in chunks:
            pass


def peak(form: str, quads: list[Quad]) -> int:
    """Return the most that Python holds at once, beyond the quads, while an export is made."""
    source = Source(quads, {})
    tracemalloc.start()
    try:
        account = FORMATS[form].write(source, Nowhere())
        assert sum(account.counts.values()) > 1000
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_only_the_plain_blank_parts_a_list() -> None:
    assert listed("") == []
    assert listed("urn:a urn:b\u3000c urn:d\u00a0e") == ["urn:a", "urn:b\u3000c", "urn:d\u00a0e"]


@pytest.mark.parametrize("form", ["nquads", "rdf12", "graphson", "ftm", "popolo", "quickstatements"])
def test_memory_does_not_grow_with_the_graph(form: str, tiny: list[Quad]) -> None:
    """What the database itself holds is not seen here, and has a bound (`CACHE_MIB`)."""
    small, large = copies(tiny, 500), copies(tiny, 1_500)
    assert len(large) > 2.9 * len(small)
    assert peak(form, large) < 1.3 * peak(form, small)


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
