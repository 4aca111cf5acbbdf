"""Close files and quads."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from postholder import terms
from postholder.closure.columns import encode
from postholder.closure.columns.closed import ClosedGraph
from postholder.closure.profile import logical
from postholder.closure.program import DIFFERENT, SAME
from postholder.errors import EngineError
from postholder.graph import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import duckdb
    from pyoxigraph import Quad


def connect(threads: int = 0) -> duckdb.DuckDBPyConnection:
    """Return a connection to a store in memory that can reach nothing outside; raise EngineError without DuckDB."""
    try:
        import duckdb  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise EngineError("closing large graphs needs DuckDB", hint="pip install 'postholder[large]'") from error
    connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    connection.execute("set preserve_insertion_order = false")
    if threads:
        connection.execute(f"set threads = {threads}")
    return connection


def close_file(
    path: Path,
    ontology: Sequence[Triple] = (),
    *,
    seconds: float = 600.0,
    derivations: bool = True,
    threads: int = 0,
) -> ClosedGraph:
    """Close the facts of an RDF file; the axioms among them count beside those of `ontology`.

    N-Triples and N-Quads are read at the speed of the column store, Turtle and TriG by the parser. The name of
    a graph is the name of what states its facts. Without derivations it takes less time and memory, and nothing
    can be explained or taken back. `seconds` bounds the time of this and of each later piece of work. Raises
    UnreadableFileError, ParseError and EngineError.
    """
    start = perf_counter()
    connection = connect(threads)
    encode.make_tables(connection)
    encode.read(connection, path)
    encode.number(connection, path)
    connection.execute("drop table stated; alter table arrived rename to stated")
    read = perf_counter() - start
    axioms = logical([*ontology, *axioms_among(connection)])
    graph = ClosedGraph(connection, axioms, seconds, derivations=derivations)
    graph.seconds["read"] = read
    graph.close()
    return graph


_SPEAKS_OF_TERMS = (
    "subClassOf", "subPropertyOf", "domain", "range"
)  # fmt: skip


def axioms_among(connection: duckdb.DuckDBPyConnection, source: str = "stated") -> list[Triple]:
    """Return the facts that may be axioms: those in words of OWL, RDFS and lists, but no identities of things."""
    named = ", ".join(f"'<{terms.RDFS}{n}>'" for n in _SPEAKS_OF_TERMS)
    rows = connection.execute(
        f"""with word as (
          select id from term where starts_with(text, '<{terms.OWL}') and text not in ('<{SAME}>', '<{DIFFERENT}>')
            or text in ({named}, '<{terms.RDF}first>', '<{terms.RDF}rest>')
        ),
        said as (
          select s, p, o from {source} where p in (from word) union
          select s, p, o from {source} where p = (select id from term where text = ?)
            and o in (select id from term where starts_with(text, '<{terms.OWL}') or starts_with(text, '<{terms.RDFS}'))
        ),
        used as (select s as id from said union select o from said union select p from {source}),
        told as (
          from said union
          select s, p, o from {source} where p in (select id from term where text in ('<{SAME}>', '<{DIFFERENT}>'))
            and s in (from used) and o in (from used)
        )
        select a.text, b.text, c.text from told join term a on a.id = s join term b on b.id = p join term c on c.id = o
        order by 1, 2, 3""",
        [str(TYPE)],
    ).fetchall()
    return [q.triple for q in parse("".join(f"{s} {p} {o} .\n" for s, p, o in rows), format=RdfFormat.N_TRIPLES)]


def close_quads(
    quads: Iterable[Quad],
    axioms: Sequence[Triple],
    *,
    seconds: float = 600.0,
    derivations: bool = True,
    threads: int = 0,
    used: Iterable[NamedNode] = (),
) -> ClosedGraph:
    """Close facts in memory under the axioms of an ontology (see `profile.logical`).

    `used` are properties that facts to be added later will use.
    """
    connection = connect(threads)
    encode.make_tables(connection)
    encode.write(connection, quads)
    encode.number(connection)
    connection.execute("insert into stated from arrived")
    graph = ClosedGraph(connection, axioms, seconds, derivations=derivations, used=used)
    graph.close()
    return graph
