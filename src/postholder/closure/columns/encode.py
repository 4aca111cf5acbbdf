"""Read RDF files into tables of numbers: every term once in a dictionary, every fact as numbers.

Lines of N-Triples and N-Quads are cut at spaces by the column store itself; then each distinct term is
checked against the grammar. A line with a term that is not of the plain form (escapes, capital letters in a
language tag, odd spaces, comments, wrong syntax) goes through the parser that reads every other file, so
nothing is guessed.

Source: RDF 1.1 N-Triples and N-Quads, section "Grammar".
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from postholder import terms
from postholder.errors import CannotError, EngineError, ParseError, Place, UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import duckdb

_LETTERS = r"\x{A0}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFEF}"
_PART = rf"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@{_LETTERS}]|%[0-9A-Fa-f]{{2}})"
_IRI = (
    r"<[A-Za-z][A-Za-z0-9+.\-]*:"
    rf"(?://[A-Za-z0-9\-._~]*(?::[0-9]*)?(?:/(?:{_PART}|/)*)?|/?(?:{_PART}(?:{_PART}|/)*)?)"
    rf"(?:\?(?:{_PART}|[/?])*)?(?:#(?:{_PART}|[/?])*)?>"
)
"""The IRIs of RFC 3987 that are common."""
_BLANK = r"_:[A-Za-z0-9_](?:[A-Za-z0-9_\-.]*[A-Za-z0-9_\-])?"
_LANGUAGE = r"@[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
_LITERAL = rf'"[^"\\\x00-\x1f\x7f\x{{FFFE}}\x{{FFFF}}]*"(?:{_LANGUAGE}|\^\^{_IRI})?'
"""Texts without characters that are written as escapes: each literal has one text only."""
_NOT_SO = tuple(
    f'"^^<{name}>' for name in (terms.XSD + "string", terms.RDF + "langString", terms.RDF + "dirLangString")
)
"""Datatypes that say nothing, or that no literal may be written with."""
HASH = "hash({})"
"""How a text becomes a number to join by; two texts with one number are noticed."""
_LINES = (
    "read_csv(?, columns = {'line': 'VARCHAR'}, delim = '\x01\x02\x03\x04', quote = '', escape = '', header = false,"
    " auto_detect = false, hive_partitioning = false, max_line_size = 16777216)"
)
"""A file as lines: the reader is made for tables, so it is told of a separator that no line holds."""
_MARK = b"\xef\xbb\xbf"
"""A byte order mark; no line may begin with it."""
_PATTERN = re.compile(r"[*?\[]")
"""What makes a name a pattern of names; in brackets it stands for itself."""
_INFERRED = f"<{terms.INFERRED_GRAPH}>"
_BATCH = 20_000
LINE_FORMATS = (".nt", ".nq")
_FORMATS = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)


def make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the dictionary `term` and the table `stated` of facts, each with the graph that states it (0: none).

    Ids of literals are odd, so that a number tells whether it may be a subject.
    """
    connection.execute("create table term (key ubigint, id integer, text varchar)")
    connection.execute("create table stated (s integer, p integer, o integer, g integer)")


def read(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Read a file into a new table `incoming` of texts (s, p, o, g).

    Raises UnreadableFileError, and ParseError with the line.
    """
    if not path.is_file():
        raise UnreadableFileError("no such file, or not a regular one", place=Place(str(path)))
    connection.execute("create or replace table incoming (s varchar, p varchar, o varchar, g varchar)")
    form = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if form not in _FORMATS:
        raise UnreadableFileError(
            "not a format that is read here",
            hint="give N-Triples, N-Quads, Turtle or TriG: .nt, .nq, .ttl or .trig",
            place=Place(str(path)),
        )
    try:
        if path.suffix not in LINE_FORMATS or _begins_with_mark(path):
            _parsed(connection, path, ox.parse(path=str(path), format=form))
        else:
            _cut(connection, path, form)
    except OSError as error:
        raise UnreadableFileError(error.strerror or str(error), place=Place(str(path))) from error


def _begins_with_mark(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MARK)) == _MARK


def write(connection: duckdb.DuckDBPyConnection, quads: Iterable[ox.Quad]) -> None:
    """Put quads into a new table `incoming` of texts."""
    connection.execute("create or replace table incoming (s varchar, p varchar, o varchar, g varchar)")
    _insert(connection, quads)


def _insert(connection: duckdb.DuckDBPyConnection, quads: Iterable[ox.Quad]) -> None:
    rest = iter(quads)
    while batch := list(islice(rest, _BATCH)):
        if any(isinstance(q.object, ox.Triple) for q in batch):
            raise CannotError("a fact is about a triple (RDF 1.2), which no rule reads", hint="leave such facts out")
        columns = [
            [str(q.subject) for q in batch],
            [str(q.predicate) for q in batch],
            [str(q.object) for q in batch],
            ["" if isinstance(q.graph_name, ox.DefaultGraph) else str(q.graph_name) for q in batch],
        ]
        connection.execute("insert into incoming select unnest(?), unnest(?), unnest(?), unnest(?)", columns)


def _cut(connection: duckdb.DuckDBPyConnection, path: Path, form: ox.RdfFormat) -> None:
    """Cut the lines of a file at spaces; one that does not end as a fact does is kept whole, without a property."""
    import duckdb  # noqa: PLC0415 - an extra

    graph = "''"
    last = "-2"
    if path.suffix == ".nq":
        named = "len(x) > 4 and ((x[-2][1] = '<' and not contains(x[-2], '\"')) or x[-2][:2] = '_:')"
        graph, last = f"case when {named} then x[-2] else '' end", f"case when {named} then -3 else -2 end"
    fact = "x[-1] = '.' and len(x) > 3"
    try:
        connection.execute(
            f"""insert into incoming
            select x[1], case when {fact} then x[2] end,
              case when {fact} then case when len(x) = 4 then x[3] else array_to_string(x[3:{last}], ' ') end
                   else line end,
              {graph}
            from (select line, string_split(line, ' ') as x from {_LINES} where line <> '')""",
            [_PATTERN.sub(r"[\g<0>]", str(path.absolute()))],
        )
    except (duckdb.InterruptException, duckdb.OutOfMemoryException):
        raise
    except duckdb.Error:
        # A line that the reader of tables cannot take: too long, or with bytes that are no text.
        connection.execute("delete from incoming")
        _parsed(connection, path, ox.parse(path=str(path), format=form))


def _parsed(connection: duckdb.DuckDBPyConnection, path: Path, quads: Iterable[ox.Quad]) -> None:
    try:
        _insert(connection, quads)
    except CannotError as error:
        error.place = Place(str(path))
        raise
    except SyntaxError as error:
        raise ParseError(str(error.msg or error), place=Place(str(path), error.lineno)) from error
    except MemoryError as error:
        raise ParseError("a term is too long to be read", hint="shorten it", place=Place(str(path))) from error
    except ValueError as error:
        raise ParseError(str(error), place=Place(str(path))) from error


_TEXTS = """
create or replace temp table found as select {key} as key, text from (
  select s as text from incoming where p is not null union select p from incoming where p is not null
  union select o from incoming where p is not null union select g from incoming where p is not null and g <> ''
)"""


def number(connection: duckdb.DuckDBPyConnection, path: Path | None = None) -> None:
    """Give every term of `incoming` a number, and put its facts into a new table `arrived` of numbers."""
    texts = _TEXTS.format(key=HASH.format("text"))
    connection.execute(texts)
    if path is not None and path.suffix in LINE_FORMATS and _reparse(connection, path):
        connection.execute(texts)
    enter(connection, "found")
    key = {column: HASH.format(f"i.{column}") for column in "spog"}
    connection.execute(
        f"""create or replace table arrived as
        select a.id as s, b.id as p, c.id as o, coalesce(d.id, 0) as g from incoming i
        join term a on a.key = {key["s"]} join term b on b.key = {key["p"]} join term c on c.key = {key["o"]}
        left join term d on i.g <> '' and d.key = {key["g"]}
        where i.p is not null"""
    )
    if _one(connection, "select count(*) from arrived a join term t on t.id = a.g where t.text = ?", [_INFERRED])[0]:
        raise CannotError(
            f"facts stand in the graph {_INFERRED}, which is kept for what is inferred", hint="name their graph anew"
        )
    connection.execute("drop table incoming; drop table found")


def enter(connection: duckdb.DuckDBPyConnection, found: str) -> None:
    """Give the terms of a table (key, text) that have no number one each, in the order of their texts.

    Raises EngineError when two terms have one key: they would be taken for one; and when numbers run out.
    """
    import duckdb  # noqa: PLC0415 - an extra

    (clashes,) = _one(
        connection,
        f"select (select count(*) - count(distinct key) from {found})"
        f" + (select count(*) from {found} f join term t using (key) where f.text <> t.text)",
    )
    if clashes:
        raise EngineError("two terms of this data have one number", hint="report this with the data")
    try:
        connection.execute(
            f"""insert into term select key,
              2 * (row_number() over (order by text) + (select coalesce(max(id), 0) // 2 from term))
              + (text[1] = '"')::integer, text
            from {found} anti join term using (key)"""
        )
    except duckdb.ConversionException as error:
        raise EngineError("there are more than a thousand million terms", hint="give fewer facts") from error


def _reparse(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Give lines with terms that are not plain to the parser; tell whether there were any."""
    subject, name = f"(?:{_IRI}|{_BLANK})", _IRI
    excepted = " or ".join(["ends_with(text, ?)"] * len(_NOT_SO))
    connection.execute(
        f"""create or replace temp table bad as
        with kinds as (
          select key, regexp_full_match(text, ?) as node, regexp_full_match(text, ?) as name,
            text[1] = '"' and regexp_full_match(text, ?) and not ({excepted}) as literal from found
        )
        select key, node, node or literal as value from kinds where not name""",
        [subject, name, _LITERAL, *_NOT_SO],
    )
    broken = _one(connection, "select count(*) from incoming where p is null")[0]
    if (
        not broken
        and not _one(
            connection,
            f"""select (select count(*) from bad where not value)
        + (select count(*) from bad where not node and key in (select {HASH.format("s")} from incoming))
        + (select count(*) from bad where key in (select {HASH.format("p")} from incoming))""",
        )[0]
    ):
        return False
    connection.execute(
        f"""create or replace temp table odd as
        select rowid as row, case when p is null then o
          else s || ' ' || p || ' ' || o || case when g = '' then '' else ' ' || g end || ' .' end as line
        from incoming where p is null or {HASH.format("s")} in (select key from bad where not node)
          or {HASH.format("p")} in (select key from bad) or {HASH.format("o")} in (select key from bad where not value)
          or (g <> '' and {HASH.format("g")} in (select key from bad where not node))"""
    )
    lines = [line for (line,) in connection.execute("select line from odd order by row").fetchall()]
    connection.execute("delete from incoming where rowid in (select row from odd)")
    form = ox.RdfFormat.N_QUADS if path.suffix == ".nq" else ox.RdfFormat.N_TRIPLES
    try:
        _parsed(connection, path, ox.parse("\n".join(lines), format=form))
    except ParseError:
        # These lines are not in the order of the file; reading all of it tells which is the first wrong one.
        _parsed(connection, path, ox.parse(path=str(path), format=form))
        raise
    return True


def _one(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[str] = ()) -> tuple[Any, ...]:
    """Return the one row of a query."""
    row = connection.execute(sql, list(values)).fetchone()
    return row if row is not None else ()
