"""Parse RDF files into quads.

No parser here reaches the network or another file: RDF/XML with a DOCTYPE and JSON-LD with a
remote context are refused, sizes are bounded, and lexical forms stay as written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar
from xml.parsers import expat

from pyoxigraph import BlankNode, Literal, Quad, RdfFormat, Triple, parse

from postholder.errors import ParseError, Place, RefusedFileError, UnreadableFileError
from postholder.sources.positions import Positions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_T = TypeVar("_T", bound=object)

FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
}

_JSON_NESTING = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
_MOST_DEPTH = 200
"""Far beyond any real file, far below what breaks a recursive parser."""
_QUOTED = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""|"(?:[^"\\\n]|\\.)*+"|\'(?:[^\'\\\n]|\\.)*+\'|<[^<>"\s]*+>|#[^\n]*+', re.DOTALL
)
_RDF_1_2 = re.compile(r"<<|\{\||~|--(?:ltr|rtl)")
_XML_HAZARD = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_XML_ENCODING = re.compile(r"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)", re.IGNORECASE)


class _Unsupported(Exception):  # noqa: N818 - never leaves this module
    """A construct that parses but that the reference engines cannot hold."""


@dataclass(frozen=True)
class SourceFile:
    """One file: its short name for messages, its text and, parsed when first asked for, its quads."""

    name: str
    path: Path
    text: str = field(repr=False)

    @cached_property
    def quads(self) -> tuple[Quad, ...]:
        """The quads; raises ParseError or RefusedFileError with file, line and column."""
        return tuple(parse_text(self.text, self.name, FORMATS[self.path.suffix.lower()]))

    @cached_property
    def positions(self) -> Positions:
        """Where subjects stand in the text."""
        return Positions(self.text)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the file's UTF-8 bytes, as hex."""
        return sha256(self.text.encode()).hexdigest()


def _read_text(path: Path, name: str, limit: int) -> str:
    try:
        if not path.is_file():
            raise UnreadableFileError(
                "no such file" if not path.exists() else "not a regular file",
                hint="check the path",
                place=Place(name),
            )
        size = path.stat().st_size
        if size > limit:
            raise UnreadableFileError(
                f"{size} bytes is over the limit of {limit}", hint="split the file", place=Place(name)
            )
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(error.strerror or "cannot be read", place=Place(name)) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableFileError("not UTF-8 text", hint="save the file as UTF-8", place=Place(name, line)) from error


def _refuse_deep_json(text: str, name: str) -> None:
    """Refuse nesting that overflows the parser's stack, which would end the whole process."""
    depth = 0
    for match in _JSON_NESTING.finditer(text):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(match.group(), 0)
        if depth > _MOST_DEPTH:
            raise RefusedFileError(
                f"JSON nested deeper than {_MOST_DEPTH} levels is refused",
                hint="write nested nodes side by side, joined by @id",
                place=Place(name, text.count("\n", 0, match.start()) + 1),
            )


def _refuse_hazards(text: str, name: str, rdf_format: RdfFormat) -> None:
    if rdf_format == RdfFormat.JSON_LD:
        _refuse_deep_json(text, name)
    if rdf_format != RdfFormat.RDF_XML:
        return
    if hazard := _XML_HAZARD.search(text):
        raise RefusedFileError(
            f"RDF/XML with {hazard.group(1).upper()} is refused: entities can be made to fill all memory",
            hint="remove the document type declaration and write IRIs in full",
            place=Place(name, text.count("\n", 0, hazard.start()) + 1),
        )
    declared = _XML_ENCODING.match(text)
    if declared and declared.group(1).lower() not in {"utf-8", "utf8"}:
        raise RefusedFileError(
            f"RDF/XML in {declared.group(1)!r} is refused",
            hint="save the file as UTF-8",
            place=Place(name, 1),
        )
    _refuse_broken_xml(text, name)


def _refuse_broken_xml(text: str, name: str) -> None:
    """Refuse XML that is not well-formed or not finished: the RDF/XML parser reads as far as it gets."""
    parser = expat.ParserCreate(encoding="utf-8")
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise ParseError(expat.ErrorString(error.code), place=Place(name, error.lineno, error.offset + 1)) from error


def _named_blanks(quads: Iterable[Quad], prefix: str) -> list[Quad]:
    """Rename blank nodes in order of appearance, so that two runs and two files agree."""
    names: dict[BlankNode, BlankNode] = {}

    def rename(term: _T) -> _T | BlankNode:
        if isinstance(term, BlankNode):
            return names.setdefault(term, BlankNode(f"{prefix}n{len(names) + 1}"))
        if isinstance(term, Triple):
            raise _Unsupported("RDF 1.2 triple terms are not supported; use a named graph per reading")
        if isinstance(term, Literal) and term.direction is not None:
            raise _Unsupported("RDF 1.2 text directions are not supported; leave the direction out")
        return term

    return [Quad(rename(q.subject), q.predicate, rename(q.object), rename(q.graph_name)) for q in quads]


def parse_text(text: str, name: str, rdf_format: RdfFormat) -> list[Quad]:
    """Parse RDF text; `name` stands in messages and keeps blank nodes of several files apart."""
    _refuse_hazards(text, name, rdf_format)
    prefix = "f" + sha256(name.encode()).hexdigest()[:8]
    try:
        return _named_blanks(parse(text, format=rdf_format), prefix)
    except SyntaxError as error:
        message = re.sub(
            r"^Parser error (at line \d+ column \d+|at line \d+ between columns \d+ and \d+|between line .*?): ",
            "",
            str(error.msg or error),
        )
        if "context" in message.lower() and rdf_format == RdfFormat.JSON_LD:
            raise RefusedFileError(
                f"JSON-LD context not at hand: {message}",
                hint="write the context into the file: contexts are never fetched",
                place=Place(name, error.lineno, error.offset),
            ) from error
        raise ParseError(message, place=Place(name, error.lineno, error.offset)) from error
    except _Unsupported as error:
        raise ParseError(str(error), place=Place(name, _line_of_rdf_1_2(text))) from error
    except (ValueError, OSError, RecursionError) as error:
        raise ParseError(str(error), place=Place(name)) from error


def _line_of_rdf_1_2(text: str) -> int | None:
    """Return the line of the first mark of RDF 1.2 outside strings, IRIs and comments."""
    bare = _QUOTED.sub(lambda m: "\n" * m.group().count("\n"), text)
    mark = _RDF_1_2.search(bare)
    return bare.count("\n", 0, mark.start()) + 1 if mark else None


def read(path: Path, name: str, limit: int) -> SourceFile:
    """Read one RDF file; raise UnreadableFileError, with the file's name, when that cannot be done."""
    if path.suffix.lower() not in FORMATS:
        raise UnreadableFileError(
            f"unknown kind of file {path.suffix!r}", hint=f"known: {', '.join(FORMATS)}", place=Place(name)
        )
    return SourceFile(name, path, _read_text(path, name, limit))
