"""Reading RDF files: exact, offline, bounded, and with the place of every fault."""

from __future__ import annotations

import os
import re
import socket
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat

from postholder import terms
from postholder.errors import CannotError, ParseError, PostholderError, RefusedFileError, UnreadableFileError
from postholder.graph import text_of
from postholder.sources import rdf
from postholder.sources.rdf import FORMATS, parse_text, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIMIT = 1_000_000
X = "http://x/"
HEAD = f"@prefix ex: <{X}> .\n"
RDF_XML = f'<rdf:RDF xmlns:rdf="{terms.RDF}" xmlns:ex="{X}">'


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Return a function that writes a file."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test of this module reach the network from Python."""

    def closed(*_: object, **__: object) -> socket.socket:
        raise AssertionError("a parser opened a socket")

    monkeypatch.setattr(socket, "socket", closed)
    monkeypatch.setattr(socket, "create_connection", closed)


def node(name: str) -> NamedNode:
    return NamedNode(X + name)


SAME = Quad(node("a"), node("p"), Literal("v"), DefaultGraph())
SAMPLES = {
    ".ttl": HEAD + 'ex:a ex:p "v" .',
    ".trig": HEAD + '{ ex:a ex:p "v" }',
    ".nt": f'<{X}a> <{X}p> "v" .',
    ".nq": f'<{X}a> <{X}p> "v" .',
    ".jsonld": f'{{"@id": "{X}a", "{X}p": "v"}}',
    ".rdf": f'{RDF_XML}<rdf:Description rdf:about="{X}a"><ex:p>v</ex:p></rdf:Description></rdf:RDF>',
    ".owl": f'<?xml version="1.0" encoding="UTF-8"?>{RDF_XML}'
    f'<rdf:Description rdf:about="{X}a"><ex:p>v</ex:p></rdf:Description></rdf:RDF>',
}


def test_the_samples_cover_every_format() -> None:
    assert set(SAMPLES) == set(FORMATS)


@pytest.mark.parametrize("suffix", SAMPLES)
def test_every_format_gives_the_same_quads(suffix: str, file: Callable[[str, str | bytes], Path]) -> None:
    source = read(file(f"a{suffix.upper()}", SAMPLES[suffix]), "short name", LIMIT)
    assert source.name == "short name"
    assert source.quads == (SAME,)


def test_named_graphs_are_kept() -> None:
    [quad] = parse_text(HEAD + "GRAPH ex:g { ex:a ex:p 1 }", "f", RdfFormat.TRIG)
    assert quad.graph_name == node("g")


# Files that cannot be read.


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no such file") as caught:
        read(tmp_path / "none.ttl", "none.ttl", LIMIT)
    assert str(caught.value.place) == "none.ttl"
    assert caught.value.hint


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.ttl").mkdir()
    with pytest.raises(UnreadableFileError, match="not a regular file"):
        read(tmp_path / "folder.ttl", "folder.ttl", LIMIT)


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ttl")
    with pytest.raises(UnreadableFileError, match="not a regular file"):
        read(tmp_path / "pipe.ttl", "pipe.ttl", LIMIT)


@pytest.mark.parametrize("name", ["facts.txt", "facts", "facts.ttl.gz", "facts.xml"])
def test_an_unknown_kind_of_file(name: str, file: Callable[[str, str | bytes], Path]) -> None:
    with pytest.raises(UnreadableFileError, match="unknown kind of file") as caught:
        read(file(name, "x"), name, LIMIT)
    assert ".trig" in caught.value.hint


def test_a_file_over_the_limit(file: Callable[[str, str | bytes], Path]) -> None:
    path = file("a.ttl", "#" * 101)
    assert read(path, "a.ttl", 101).quads == ()
    with pytest.raises(UnreadableFileError, match="101 bytes is over the limit of 100"):
        read(path, "a.ttl", 100)


def test_a_system_error_is_told(file: Callable[[str, str | bytes], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    path = file("a.ttl", "")

    def denied(_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", denied)
    with pytest.raises(UnreadableFileError, match="Permission denied"):
        read(path, "a.ttl", LIMIT)


@pytest.mark.parametrize("content", [b"# fine\n# fine\n\xff\n", "# ein\n# zwei\n# dr\xe4i".encode("latin-1")])
def test_what_is_not_utf8_is_refused_with_the_line(content: bytes, file: Callable[[str, str | bytes], Path]) -> None:
    with pytest.raises(UnreadableFileError, match="not UTF-8") as caught:
        read(file("a.ttl", content), "a.ttl", LIMIT)
    assert str(caught.value.place) == "a.ttl:3"


def test_a_byte_order_mark_is_dropped(file: Callable[[str, str | bytes], Path]) -> None:
    source = read(file("a.ttl", b"\xef\xbb\xbf" + SAMPLES[".ttl"].encode()), "a.ttl", LIMIT)
    assert source.quads == (SAME,)
    assert source.text.startswith("@prefix")


def test_equal_text_has_equal_digest(file: Callable[[str, str | bytes], Path]) -> None:
    one = read(file("one.ttl", SAMPLES[".ttl"]), "one", LIMIT)
    two = read(file("two.ttl", SAMPLES[".ttl"]), "two", LIMIT)
    other = read(file("three.ttl", SAMPLES[".ttl"] + " "), "three", LIMIT)
    assert one.digest == two.digest != other.digest
    assert re.fullmatch("[0-9a-f]{64}", one.digest)


# Faults in the text, with their place.

BROKEN = {
    "turtle": (HEAD + "ex:a ex:p ex:b .\nex:a ex:p ?? .", RdfFormat.TURTLE, 3, 11),
    "turtle, undeclared prefix": (HEAD + "\n\nex:a ex:p other:b .", RdfFormat.TURTLE, 4, 11),
    "turtle, relative iri": ("\n<a> <b> <c> .", RdfFormat.TURTLE, 2, 1),
    "turtle, unfinished": (HEAD + "ex:a ex:p", RdfFormat.TURTLE, 2, 10),
    "trig": (HEAD + "ex:g {\n ex:a ex:p .\n}", RdfFormat.TRIG, 3, 12),
    "n-triples": (f"<{X}a> <{X}b> 1 .", RdfFormat.N_TRIPLES, 1, 27),
    "n-quads": (f"\n<{X}a> .", RdfFormat.N_QUADS, 2, None),
    "json-ld": ('{\n"@id": \n}', RdfFormat.JSON_LD, 3, 1),
}


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN)
def test_a_parse_error_has_file_line_and_column(case: tuple[str, RdfFormat, int, int | None]) -> None:
    text, form, line, column = case
    with pytest.raises(ParseError) as caught:
        parse_text(text, "facts/a", form)
    place = caught.value.place
    assert place is not None
    assert (place.file, place.line) == ("facts/a", line)
    assert place.column is not None
    if column is not None:
        assert abs(place.column - column) <= 2
    assert str(caught.value).startswith(f"facts/a:{line}:")
    assert "Parser error" not in caught.value.message
    assert "at line" not in caught.value.message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{RDF_XML}\n<rdf:Description", 2),
        (f"{RDF_XML}\n\n<ex:A></ex:B></rdf:RDF>", 3),
        (f"{RDF_XML}\n<ex:A><ex:p>&undeclared;</ex:p></ex:A></rdf:RDF>", 2),
    ],
)
def test_a_fault_in_xml_has_a_line(text: str, line: int) -> None:
    with pytest.raises(ParseError) as caught:
        parse_text(text, "a.rdf", RdfFormat.RDF_XML)
    assert caught.value.place is not None
    assert caught.value.place.file == "a.rdf"
    assert caught.value.place.line == line


@pytest.mark.parametrize("text", [SAMPLES[".rdf"].removesuffix("</rdf:RDF>"), RDF_XML, ""])
def test_unfinished_xml_is_not_taken_for_the_whole(text: str) -> None:
    with pytest.raises(ParseError):
        parse_text(text, "a.rdf", RdfFormat.RDF_XML)


# Files that could harm the reader.

BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
HAZARDS = {
    "doctype": f"<!DOCTYPE rdf:RDF>{RDF_XML}</rdf:RDF>",
    "lower case": f"<!doctype html>{RDF_XML}</rdf:RDF>",
    "entity bomb": (
        f'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY e0 '
        f'"ha">{BOMB}]>{RDF_XML}<ex:A><ex:p>&e11;</ex:p></ex:A></rdf:RDF>'
    ),
    "entity alone": f'<!entity a "b">{RDF_XML}</rdf:RDF>',
    "blank after the mark": f"<! DOCTYPE a>{RDF_XML}</rdf:RDF>",
    "line after the mark": f"<!\n\tDOCTYPE a>{RDF_XML}</rdf:RDF>",
    "external": f'<!DOCTYPE a SYSTEM "file:///etc/passwd">{RDF_XML}</rdf:RDF>',
    "inside the document": f"{RDF_XML}<!DOCTYPE a></rdf:RDF>",
}


@pytest.mark.parametrize("text", HAZARDS.values(), ids=HAZARDS)
@pytest.mark.parametrize("suffix", [".rdf", ".owl"])
def test_document_types_and_entities_are_refused(
    text: str, suffix: str, file: Callable[[str, str | bytes], Path]
) -> None:
    with pytest.raises(RefusedFileError, match=r"DOCTYPE|ENTITY") as caught:
        _ = read(file(f"a{suffix}", text), "a", LIMIT).quads
    assert caught.value.hint
    assert caught.value.place is not None
    assert caught.value.place.line is not None


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037"])
def test_no_encoding_hides_a_document_type(encoding: str, file: Callable[[str, str | bytes], Path]) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{HAZARDS["entity bomb"].partition("?>")[2]}'
    with pytest.raises((RefusedFileError, UnreadableFileError, ParseError)):
        _ = read(file("a.rdf", text.encode(encoding)), "a.rdf", LIMIT).quads


@pytest.mark.parametrize("declared", ["UTF-16", "utf-7", "ISO-8859-1", "x"])
def test_another_declared_encoding_is_refused(declared: str) -> None:
    with pytest.raises(RefusedFileError, match=declared) as caught:
        parse_text(f"<?xml version='1.0'\n encoding = '{declared}'?>{RDF_XML}</rdf:RDF>", "a.rdf", RdfFormat.RDF_XML)
    assert "UTF-8" in caught.value.hint


@pytest.mark.parametrize("declared", ["UTF-8", "utf-8"])
def test_utf8_by_its_names_is_read(declared: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>{SAMPLES[".rdf"]}'
    assert parse_text(text, "a.rdf", RdfFormat.RDF_XML) == [SAME]


def test_turtle_may_tell_of_document_types() -> None:
    text = HEAD + 'ex:a ex:p "<!DOCTYPE x>" . # <!ENTITY'
    assert len(parse_text(text, "f", RdfFormat.TURTLE)) == 1


CONTEXTS = {
    "remote": '{"@context": "http://127.0.0.1:9/c.jsonld", "@id": "http://x/a", "http://x/p": 1}',
    "secure": '{"@context": "https://schema.org/", "@id": "http://x/a", "name": "A"}',
    "file": '{"@context": "file:///etc/passwd", "@id": "http://x/a", "p": 1}',
    "relative": '{"@context": "context.jsonld", "@id": "http://x/a", "p": 1}',
    "in a list": '{"@context": [{"p": "http://x/p"}, "http://127.0.0.1:9/c"], "@id": "http://x/a", "p": 1}',
    "imported": '{"@context": {"@version": 1.1, "@import": "http://127.0.0.1:9/c"}, "@id": "http://x/a"}',
    "of a term": '{"@context": {"p": {"@id": "http://x/p", "@context": "http://127.0.0.1:9/c"}},'
    ' "@id": "http://x/a", "p": {"@id": "http://x/b"}}',
    "of an inner node": '{"@id": "http://x/a", "http://x/p": {"@context": "http://127.0.0.1:9/c", "@id": "http://x/b"}}',
}


@pytest.mark.parametrize("text", CONTEXTS.values(), ids=CONTEXTS)
def test_a_context_is_never_fetched(text: str) -> None:
    with pytest.raises(RefusedFileError, match="context") as caught:
        parse_text(text, "a.jsonld", RdfFormat.JSON_LD)
    assert "never fetched" in caught.value.hint


def test_a_context_in_the_file_is_used() -> None:
    text = f'{{"@context": {{"p": "{X}p"}}, "@id": "{X}a", "p": "v"}}'
    assert parse_text(text, "a.jsonld", RdfFormat.JSON_LD) == [SAME]


@pytest.mark.parametrize("opening", [f'{{"@id":"{X}a","{X}p":', "["])
def test_deep_json_is_refused_before_it_ends_the_process(opening: str) -> None:
    closing = "}" if opening.startswith("{") else "]"
    with pytest.raises((RefusedFileError, ParseError)) as caught:
        parse_text(f"\n{opening * 5000}1{closing * 5000}", "a.jsonld", RdfFormat.JSON_LD)
    assert caught.value.place is not None
    assert caught.value.place.line == 2


def test_brackets_in_json_strings_do_not_count() -> None:
    text = f'{{"@id": "{X}a", "{X}p": "{"{[" * 5000} \\" {"{" * 500}"}}'
    assert len(parse_text(text, "a.jsonld", RdfFormat.JSON_LD)) == 1


@pytest.mark.parametrize("form", [RdfFormat.TURTLE, RdfFormat.TRIG])
@pytest.mark.parametrize("opening", ["[ ex:p ", "( "])
def test_deep_turtle_does_not_end_the_process(form: RdfFormat, opening: str) -> None:
    with pytest.raises(PostholderError):
        parse_text(HEAD + "ex:a ex:p " + opening * 50_000, "a", form)


def test_deep_xml_does_not_end_the_process() -> None:
    with pytest.raises(PostholderError):
        parse_text(RDF_XML + "<ex:A><ex:p>" * 20_000, "a.rdf", RdfFormat.RDF_XML)


TRIPLE_TERMS = {
    "triple term": "ex:a ex:p <<( ex:a ex:b ex:c )>> .",
    "reified triple": "<< ex:a ex:b ex:c >> ex:p ex:d .",
    "annotation": "ex:a ex:p ex:b {| ex:q ex:r |} .",
    "reifier": "ex:a ex:p ex:b ~ ex:r .",
    "direction": 'ex:a ex:p "a"@en--ltr .',
}


@pytest.mark.parametrize("text", TRIPLE_TERMS.values(), ids=TRIPLE_TERMS)
def test_rdf_1_2_is_refused_not_dropped(text: str) -> None:
    with pytest.raises(CannotError, match=r"RDF 1\.2") as caught:
        parse_text(HEAD + "\n" + text, "a.ttl", RdfFormat.TURTLE)
    assert caught.value.place is not None
    assert caught.value.place.line == 3


# What is read stays as it was written.

FORMS = [
    ("01", "integer"),
    ("+1", "integer"),
    ("1.50", "decimal"),
    ("1E0", "double"),
    ("2022-01-01+01:00", "date"),
    ("2022-01-01", "date"),
    ("--01-01", "gMonthDay"),
    ("2022-01-01T00:00:00.000Z", "date"),
    ("1", "boolean"),
    ("many", "integer"),
]


@pytest.mark.parametrize(("text", "datatype"), FORMS)
@pytest.mark.parametrize("form", [RdfFormat.TURTLE, RdfFormat.N_TRIPLES])
def test_a_lexical_form_is_kept(text: str, datatype: str, form: RdfFormat) -> None:
    [quad] = parse_text(f'<{X}a> <{X}p> "{text}"^^<{terms.XSD}{datatype}> .', "f", form)
    assert quad.object == Literal(text, datatype=NamedNode(terms.XSD + datatype))
    assert text_of(quad.object) == text


def test_unicode_is_kept() -> None:
    text = "e\u0301 😀 \u200f 中"
    [quad] = parse_text(f'<{X}a> <{X}p> "{text}"@zh-Hans .', "f", RdfFormat.TURTLE)
    assert text_of(quad.object) == text


def test_blank_nodes_are_named_in_order_of_appearance() -> None:
    text = HEAD + "[] ex:p [] . _:z ex:p _:z ."

    def names(file: str) -> list[Any]:
        return [(q.subject, q.object) for q in parse_text(text, file, RdfFormat.TURTLE)]

    first, other = names("one.ttl"), names("two.ttl")
    assert first == names("one.ttl")
    nodes = {n for pair in first for n in pair}
    assert len(nodes) == 3
    assert all(isinstance(n, BlankNode) for n in nodes)
    assert nodes.isdisjoint({n for pair in other for n in pair})


def test_a_blank_node_is_one_across_the_graphs_of_a_file() -> None:
    quads = parse_text(HEAD + "_:b ex:p 1 . ex:g { _:b ex:p 2 } _:h { ex:a ex:p _:b }", "f", RdfFormat.TRIG)
    assert quads[0].subject == quads[1].subject == quads[2].object
    assert isinstance(quads[2].graph_name, BlankNode)


@pytest.mark.parametrize("error", [OSError("disk"), RecursionError("deep"), ValueError("odd")])
def test_whatever_a_parser_raises_is_a_parse_error(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(rdf, "parse", fail)
    with pytest.raises(ParseError, match=str(error)) as caught:
        parse_text("", "f", RdfFormat.TURTLE)
    assert caught.value.place is not None
