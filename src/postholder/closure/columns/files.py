"""Close files and quads."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from postholder.closure.columns import encode, store
from postholder.closure.columns.axioms import axioms_among
from postholder.closure.columns.closed import ClosedGraph
from postholder.closure.profile import logical

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pyoxigraph import NamedNode, Quad, Triple


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
    can be explained or taken back. `seconds` bounds the time of this and of each later piece of work. Close what
    is returned, or use it in a `with`. Raises UnreadableFileError,
    ParseError, CannotError for facts about triples, and EngineError.
    """
    start = perf_counter()
    with store.opened(seconds, threads) as connection:
        encode.make_tables(connection)
        encode.read(connection, path)
        store.shut(connection)
        encode.number(connection, path)
        connection.execute("drop table stated; alter table arrived rename to stated")
        read = perf_counter() - start
        axioms = logical([*ontology, *axioms_among(connection)])
        graph = ClosedGraph(connection, axioms, seconds, derivations=derivations)
        graph.seconds["read"] = read
        graph.run()
        return graph


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

    `used` are properties that facts to be added later will use. Close what is returned, or use it in a `with`.
    Raises CannotError for facts about triples, and EngineError.
    """
    with store.opened(seconds, threads) as connection:
        store.shut(connection)
        encode.make_tables(connection)
        encode.write(connection, quads)
        encode.number(connection)
        connection.execute("insert into stated from arrived")
        graph = ClosedGraph(connection, axioms, seconds, derivations=derivations, used=used)
        graph.run()
        return graph
