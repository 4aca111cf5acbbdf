"""Files become numbers as the parser reads them: odd lines, wrong lines, hostile ones, and other formats."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from postholder.closure.columns import close_file, close_quads, encode, store
from postholder.errors import CannotError, EngineError, ParseError, UnreadableFileError

MANY = int(os.environ.get("POSTHOLDER_CASES", "150"))
S, P, O = "<http://x/s>", "<http://x/p>", "<http://x/o>"  # noqa: E741 - the parts of a fact
FORMATS = {".nt": RdfFormat.N_TRIPLES, ".nq": RdfFormat.N_QUADS}
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def read(path: Path) -> list[tuple[str, str, str, str]]:
    """Return the facts of a file as they are in the tables, as texts, with repetitions."""
    connection = store.connect(60, threads=1)
    try:
        encode.make_tables(connection)
        encode.read(connection, path)
        encode.number(connection, path)
        odd = connection.execute("select id, text from term where (id % 2 = 1) <> (text[1] = '\"') or id <= 0")
        assert odd.fetchall() == []
        return sorted(
            connection.execute(
                "select a.text, b.text, c.text, coalesce(d.text, '') from arrived f join term a on a.id = s"
                " join term b on b.id = p join term c on c.id = o left join term d on d.id = g"
            ).fetchall()
        )
    finally:
        connection.close()


def parsed(path: Path) -> list[tuple[str, str, str, str]]:
    """Return the facts of a file as the parser reads it."""
    found = parse(path=str(path), format=FORMATS[path.suffix])
    return sorted(
        (str(q.subject), str(q.predicate), str(q.object), re.sub("DEFAULT", "", str(q.graph_name))) for q in found
    )


def written(folder: Path, content: str | bytes, name: str = "a.nt") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


GOOD = {
    "plain": f"{S} {P} {O} .\n",
    "no last line end": f"{S} {P} {O} .",
    "twice": f"{S} {P} {O} .\n{S} {P} {O} .\n",
    "empty": "",
    "blank lines": f"\n\n{S} {P} {O} .\n\n   \n\t\n{S} {P} _:b .\n",
    "comments": f"# one\n# a b c\n# a b .\n#\n{S} {P} {O} . # <x> .\n{S} {P} {P} .# no\n{S} {P} {S} . # a b .\n",
    "windows": f'{S} {P} {O} .\r\n{S} {P} "a b" .\r\n\r\n{S} {P} "c\\n" .\r\n',
    "mixed line ends": f'{S} {P} {O} .\r\n{S} {P} "a b" .\n',
    "old line ends": f'{S} {P} {O} .\r{S} {P} "a b" .\r',
    "tabs": f'{S}\t{P}\t{O}\t.\n\t{S} {P} "a\tb" .\n{S} {P} "a\\tb" .\n',
    "several spaces": f'  {S}  {P}   {O}  .  \n{S} {P}  "a  b"  .\n',
    "no spaces": f'{S}{P}{O}.\n{S} {P} "a b".\n{S} {P} _:b.\n',
    "escapes": f'{S} {P} "a\\"b\\\\c\\n\\U0001F600" .\n{S} {P} "\\u0041" .\n{S} {P} "A" .\n<urn:\\u0041> {P} {O} .\n',
    "texts with terms inside": f'{S} {P} "<http://x/a>" .\n{S} {P} "a <x> ." .\n{S} {P} "x _:b" .\n{S} {P} "# no" .\n',
    "languages": f'{S} {P} "a"@en .\n{S} {P} "a"@zh-CN .\n{S} {P} "a"@zh-hant .\n{S} {P} "a"@EN .\n{S} {P} "a"@x-y .\n',
    "datatypes": f'{S} {P} "a"^^<{XSD}string> .\n{S} {P} "a" .\n{S} {P} "1"^^<{XSD}int> .\n{S} {P} "01"^^<urn:d> .\n',
    "no value of its datatype": f'{S} {P} "one two"^^<{XSD}integer> .\n',
    "control characters": f'{S} {P} "a\x01b\x7fc" .\n{S} {P} "a\\u0001b" .\n{S} {P} "\uffff\ufffe" .\n',
    "nul": f'{S} {P} "a\x00b" .\n{S} {P} "a\\u0000b" .\n',
    "what the reader cuts at": f'{S} {P} "a\x01\x02\x03\x04b" .\n{S} {P} {O} .\n',
    "blank nodes": f"_:a {P} _:b .\n_:0 {P} _:a.b-c .\n_:é {P} _:b1 .\n",
    "other letters": f'<http://x/é> <http://例/x> "京 é" .\n<urn:x:\U0001f600> {P} <http://x/%C3%A9?a=b/c?#d/e> .\n',
    "schemes": "<urn:a> <mailto:a@b> <file:///x> .\n<a+b.c:> <x:/a//b> <http://u@h:80/> .\n<http://> <x:?> <x:#> .\n",
    "a long line": f'{S} {P} "{"a b" * 100_000}" .\n{S} {P} {O} .\n',
    "directions": f'{S} {P} "a"@en--ltr .\n',
}
GRAPHS = {
    "graphs": f'{S} {P} {O} <http://x/g> .\n{S} {P} {O} _:g .\n{S} {P} {O} .\n{S} {P} "a b"@en <http://x/g> .\n',
    "graph or text": f'{S} {P} "a <x>" .\n{S} {P} "a <x" <http://x/g> .\n{S} {P} "_:b" .\n{S} {P} "a _:b" .\n'
    f'{S} {P} "a <b>"^^<http://x/d> .\n{S} {P} "a <b>"^^<http://x/d> <http://x/g> .\n{S} {P} "<a" .\n',
    "spaces before graphs": f"{S} {P}  <http://x/g> .\n{S} {P} {O}  <http://x/g> .\n{S} {P} {O} <http://x/g>.\n",
    "comments after graphs": f"{S} {P} {O} <http://x/g> . # <http://x/h> .\n{S} {P} {O} . # <http://x/h> .\n",
    "one fact of two graphs": f"{S} {P} {O} <http://x/g> .\n{S} {P} {O} <http://x/h> .\n{S} {P} {O} <http://x/g> .\n",
}


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("ending", FORMATS)
def test_lines_are_read_as_the_parser_reads_them(tmp_path: Path, name: str, ending: str) -> None:
    path = written(tmp_path, GOOD[name], f"a{ending}")
    found = read(path)
    assert found == parsed(path)
    assert len(found) == sum(line[:1].strip() not in {"", "#"} for line in re.split(r"[\r\n]+", GOOD[name])) or any(
        line[:1] in {" ", "\t"} for line in GOOD[name].split("\n")
    )


@pytest.mark.parametrize("name", GRAPHS)
def test_quads_are_read_as_the_parser_reads_them(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, GRAPHS[name], "a.nq")
    found = read(path)
    assert found == parsed(path)
    assert len(found) == GRAPHS[name].count("\n")


def test_a_literal_has_one_number_however_it_is_written(tmp_path: Path) -> None:
    ways = ('"A"', '"\\u0041"', f'"A"^^<{XSD}string>', '"\\U00000041"')
    graph = close_file(written(tmp_path, "".join(f"{S} {P} {w} .\n" for w in ways)))
    assert graph.counts["stated"] == 1
    assert graph.stated == 4, "one for each line"


BAD = {
    "no end": f"{S} {P} {O}",
    "no object": f"{S} {P} .",
    "five terms": f"{S} {P} {O} {O} {O} .",
    "literal as subject": f'"a" {P} {O} .',
    "literal as property": f'{S} "a" {O} .',
    "blank node as property": f"{S} _:b {O} .",
    "relative name": f"{S} {P} <o> .",
    "prefixed name": f"{S} {P} x:o .",
    "words": "see http://x/ .",
    "open text": f'{S} {P} "abc .',
    "single quotes": f"{S} {P} 'a' .",
    "number": f"{S} {P} 1 .",
    "space in a name": f"{S} {P} <http://x/a b> .",
    "wrong escape": f'{S} {P} "\\x" .',
    "half a character": f'{S} {P} "\\ud800" .',
    "wrong name": f"{S} {P} <http://x/%zz> .",
    "wrong host": f"{S} {P} <http://[x> .",
    "wrong port": f"{S} {P} <http://x:y/> .",
    "private character": f"{S} {P} <http://x/\ue000> .",
    "two fragments": f"{S} {P} <http://x/#a#b> .",
    "long language": f'{S} {P} "a"@abcdefghij .',
    "language without an end": f'{S} {P} "a"@en-a .',
    "language text without language": f'{S} {P} "a"^^<{RDF}langString> .',
    "two facts on a line": f"{S} {P} {O} . {S} {P} {O} .",
    "directive": "@prefix x: <http://x/> .",
    "keyword": f"{S} a {O} .",
    "triple as subject": f"<< {S} {P} {O} >> {P} {O} .",
}
NOT_ENDED = {"no end"}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("ending", FORMATS)
def test_a_wrong_line_is_told_with_its_place(tmp_path: Path, name: str, ending: str) -> None:
    good = f'{S} {P} {O} .\n{S} {P} "a\\n" .\n# see\n'
    path = written(tmp_path, f"{good}{BAD[name]}\n{good}", f"a{ending}")
    with pytest.raises(ParseError) as told:
        read(path)
    assert told.value.place is not None
    # That a line does not end is noticed on the next.
    assert (told.value.place.file, told.value.place.line) == (str(path), 5 if name in NOT_ENDED else 4)


def test_halves_of_a_fact_on_two_lines_are_no_fact(tmp_path: Path) -> None:
    path = written(tmp_path, f"{S} {P}\n{S} {P} {O} .\n{O} .\n")
    with pytest.raises(ParseError) as told:
        read(path)
    assert told.value.place is not None
    assert told.value.place.line == 2, "where the parser notices that the first line does not end"


def test_the_first_wrong_line_is_told_every_time(tmp_path: Path) -> None:
    lines = [f'{S} {P} "{n}" .' for n in range(200_000)]
    for wrong in (150_000, 100_000, 199_999):
        lines[wrong] = f"{S} {P} <wrong{wrong}> ."
    path = written(tmp_path, "\n".join(lines))
    for _ in range(3):
        with pytest.raises(ParseError) as told:
            close_file(path, threads=2)
        assert told.value.place is not None
        assert told.value.place.line == 100_001


@pytest.mark.parametrize("ending", FORMATS)
def test_bytes_that_are_no_text_are_told(tmp_path: Path, ending: str) -> None:
    path = written(tmp_path, f'{S} {P} {O} .\n{S} {P} "'.encode() + b'a\xffb" .\n', f"a{ending}")
    with pytest.raises(ParseError) as told:
        read(path)
    assert told.value.place is not None
    assert (told.value.place.file, told.value.place.line) == (str(path), 2)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_byte_order_mark_is_told(tmp_path: Path, ending: str) -> None:
    with pytest.raises(ParseError) as told:
        read(written(tmp_path, f"\ufeff{S} {P} {O} .\n", f"a{ending}"))
    assert told.value.place is not None
    assert told.value.place.line == 1


def test_a_line_longer_than_can_be_read_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, f'{S} {P} {O} .\n{S} {P} "{"a " * 8_500_000}" .\n')
    with pytest.raises(ParseError, match="too long") as told:
        read(path)
    assert told.value.place is not None
    assert told.value.place.file == str(path)


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.nt").mkdir()
    for path in (tmp_path / "none.nt", tmp_path / "folder.nt", tmp_path):
        with pytest.raises(UnreadableFileError) as told:
            read(path)
        assert told.value.place is not None
        assert told.value.place.file == str(path)


ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rdf:RDF>&a;</rdf:RDF>'


@pytest.mark.parametrize("name", ["a.rdf", "a.xml", "a.owl", "a.jsonld", "a.n3", "a.yaml", "a", "a.csv"])
def test_other_formats_are_refused_unread(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableFileError, match="not a format that is read here") as told:
        read(written(tmp_path, ENTITY, name))
    assert "Turtle" in told.value.hint


@pytest.mark.parametrize("name", ["a.ttl", "a.trig", "a.nt", "a.nq"])
def test_a_document_type_is_a_wrong_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(ParseError) as told:
        read(written(tmp_path, ENTITY, name))
    assert told.value.place is not None
    assert told.value.place.file == str(tmp_path / name)


def test_turtle_and_trig_are_read(tmp_path: Path) -> None:
    turtle = written(tmp_path, '@prefix x: <http://x/> . x:s a x:C ; x:p "a\tb"@EN , 1 .', "a.ttl")
    assert [o for _, _, o, _ in read(turtle)] == ["<http://x/C>", f'"1"^^<{XSD}integer>', '"a\\tb"@en']
    trig = written(tmp_path, "@prefix x: <http://x/> . x:g { x:s x:p x:o } x:s x:p x:o .", "a.trig")
    assert [g for _, _, _, g in read(trig)] == ["", "<http://x/g>"]
    with pytest.raises(ParseError) as told:
        read(written(tmp_path, "@prefix x: <http://x/> .\nx:s y:p 1 .", "b.ttl"))
    assert told.value.place is not None
    assert told.value.place.line == 2


@pytest.mark.parametrize("name", ["a.nt", "a.nq", "a.ttl", "a.trig"])
def test_a_fact_about_a_triple_is_refused(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, f"{S} {P} <<( {S} {P} {O} )>> .\n", name)
    with pytest.raises(CannotError, match="about a triple") as told:
        read(path)
    assert told.value.place is not None
    assert told.value.place.file == str(path)
    (quad,) = parse(path=str(path), format=RdfFormat.TRIG)
    with pytest.raises(CannotError, match="about a triple"):
        close_quads([quad], [])


@pytest.mark.parametrize(
    "name", ["a*.nt", "a[1].nt", "q?.nt", "it's.nt", "a;b.nt", "x=1.nt", "é 京.nt", "[[]*.nt", "{a,b}.nt"]
)
def test_a_name_is_no_pattern(tmp_path: Path, name: str) -> None:
    for folder in (tmp_path, tmp_path / "k=v*[x]", tmp_path / "k=vv*x"):
        folder.mkdir(exist_ok=True)
        for other in ("ab.nt", "a1.nt", "qx.nt", "a.nt", "b.nt", "[x.nt"):
            written(folder, f"{S} {P} <http://x/other> .\n", other)
        assert read(written(folder, f"{S} {P} {O} .\n", name)) == [(S, P, O, "")]


def test_a_folder_called_tilde_is_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, here = tmp_path / "home", tmp_path / "here"
    for folder in (home, here / "~"):
        folder.mkdir(parents=True)
    written(home, f"{S} {P} <http://x/other> .\n", "x.nt")
    written(here / "~", f"{S} {P} {O} .\n", "x.nt")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(here)
    assert read(Path("~/x.nt")) == [(S, P, O, "")]


_ODD = st.sampled_from([*GOOD.values(), *GRAPHS.values(), *BAD.values()])
_PIECE = st.one_of(
    st.sampled_from(
        [S, P, O, "_:b", "<http://x/g>", ".", ".", "#", "^^", "@en", '"', '"a b"', '"a"@en', '"a <x>"', "\\u0041"]
    ),
    st.sampled_from([" ", " ", " ", "\t", "  ", "\n", "\r\n", "\r", ". \n", " .\n", " .\n"]),
    st.text(max_size=3),
)
_FACT = st.tuples(
    st.sampled_from([S, "_:a", "<urn:\\u0041>"]),
    st.just(P),
    st.one_of(
        st.text(max_size=8).map(lambda t: str(Literal(t))),
        st.text(max_size=8).map(lambda t: '"' + re.sub(r'["\\\r\n]', "", t) + '"'),
        st.sampled_from([O, "_:b", '"x y"@EN', f'"1"^^<{XSD}integer>', '"<a> _:b ."']),
    ),
    st.sampled_from(["", "", "<http://x/g>", "_:g"]),
    st.sampled_from([" .", ".", "\t.", " . # <x> .", " .  "]),
).map(lambda f: f"{f[0]} {f[1]} {f[2]}{' ' + f[3] if f[3] else ''}{f[4]}\n")


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    content=st.one_of(
        st.lists(_FACT, max_size=6), st.lists(st.one_of(_PIECE, _FACT), max_size=12), st.lists(_ODD, max_size=2)
    ).map("".join),
    ending=st.sampled_from([".nt", ".nq", ".nq"]),
)
def test_made_up_lines_are_read_or_refused_as_by_the_parser(
    tmp_path_factory: pytest.TempPathFactory, content: str, ending: str
) -> None:
    path = written(tmp_path_factory.getbasetemp(), content.encode("utf-8", "replace"), f"made-up{ending}")
    wanted: Any
    try:
        wanted = parsed(path)
    except SyntaxError as error:
        wanted = error.lineno
    try:
        found: Any = read(path)
    except ParseError as error:
        assert error.place is not None
        found = error.place.line
    assert found == wanted


# Numbers.


@pytest.fixture
def weak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all texts that end alike have one number."""
    monkeypatch.setattr(encode, "HASH", "(ascii(right(rtrim({}, '>\" .'), 1)))::ubigint")


@pytest.mark.usefixtures("weak")
def test_two_terms_with_one_number_are_never_mixed(tmp_path: Path) -> None:
    lines = [f"<http://x/{a}> {P} <http://x/{b}> .\n" for a, b in ("ab", "cd")]
    assert len(read(written(tmp_path, "".join(lines)))) == 2, "no two end alike"
    with pytest.raises(EngineError, match="one number"):
        read(written(tmp_path, f"{lines[0]}<http://x/xa> {P} {O} .\n"))
    with pytest.raises(EngineError, match="one number"):
        close_quads([Quad(NamedNode("http://x/a"), NamedNode("http://x/ba"), BlankNode("c"))], [])


@pytest.mark.usefixtures("weak")
def test_terms_that_come_later_are_never_mixed() -> None:
    first = Quad(NamedNode("http://x/1"), NamedNode("http://x/2"), NamedNode("http://x/3"))
    connection = store.connect(60)
    encode.make_tables(connection)
    encode.write(connection, [first])
    encode.number(connection)
    for n in "123":
        encode.write(connection, [Quad(NamedNode("http://x/4"), NamedNode(f"http://x/5{n}"), NamedNode("http://x/6"))])
        with pytest.raises(EngineError, match="one number"):
            encode.number(connection)
    assert connection.execute("select count(*) from term").fetchall() == [(3,)]


def test_when_numbers_run_out_it_is_told() -> None:
    connection = store.connect(60)
    encode.make_tables(connection)
    connection.execute("insert into term values (1, 2147483644, '<urn:x>')")
    encode.write(connection, [Quad(NamedNode("http://x/4"), NamedNode("http://x/5"), NamedNode("http://x/6"))])
    with pytest.raises(EngineError, match="thousand million terms") as told:
        encode.number(connection)
    store.release(connection)
    assert told.value.hint == "give fewer facts"


def test_numbers_go_by_the_order_of_texts(tmp_path: Path) -> None:
    lines = [f'<http://x/{n}> {P} "{n}" .\n' for n in range(50)]
    found = []
    for order in (lines, lines[::-1]):
        connection = store.connect(60, threads=2)
        encode.make_tables(connection)
        path = written(tmp_path, "".join(order))
        encode.read(connection, path)
        encode.number(connection, path)
        found.append(connection.execute("select id, text from term order by id").fetchall())
        connection.close()
    assert found[0] == found[1]
    assert [text for _, text in found[0]] == sorted(text for _, text in found[0])
    assert len(found[0]) == 101
