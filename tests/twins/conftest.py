"""Graph databases to ask, each loaded with a property graph."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, chdir, contextmanager
from dataclasses import dataclass
from datetime import date
from http.client import HTTPConnection
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn, TypeAlias
from urllib.parse import unquote, urlsplit

import pytest

from postholder.export.base import Source
from postholder.export.cypher import CYPHER
from postholder.export.formats import write

Ask: TypeAlias = Callable[[str, Mapping[str, str | None]], tuple[list[str], list[list[str]]]]
"""Asks a query with its parameters and returns the names of the columns and the rows as text."""
Load: TypeAlias = Callable[[Source], AbstractContextManager[Ask]]
"""Loads a graph, to be asked until the context ends."""


def spelled(value: Any) -> str:
    """Return a value as text, as the answers to SPARQL show it."""
    if value is None:
        return ""
    iso = getattr(value, "iso_format", None)  # a day as the driver of Neo4j has it
    return str(iso() if iso else value.isoformat() if isinstance(value, date) else value)


# -- Ladybug: loaded with the tables and the script that users load


@pytest.fixture(scope="session")
def ladybug() -> Load:
    """Return what loads a graph into an embedded Ladybug."""
    return _ladybug


@contextmanager
def _ladybug(source: Source) -> Iterator[Ask]:
    engine: Any = import_module("ladybug")
    with TemporaryDirectory() as folder:
        write(source.quads, source.prefixes, "parquet", Path(folder) / "tables")
        database = engine.Database(":memory:", buffer_pool_size=2**31, max_db_size=2**33)
        connection = engine.Connection(database)
        with chdir(Path(folder) / "tables"):
            for statement in Path("load.cypher").read_text(encoding="utf-8").split(";\n")[:-1]:
                connection.execute(statement)

    def ask(text: str, params: Mapping[str, str | None]) -> tuple[list[str], list[list[str]]]:
        answer = connection.execute(text, dict(params))
        return answer.get_column_names(), [[spelled(value) for value in row] for row in answer.get_all()]

    try:
        yield ask
    finally:
        connection.close()
        database.close()


# -- servers that speak Bolt: loaded with the script that users load


class _Memory:
    """A target that keeps what is written."""

    def __init__(self) -> None:
        self.text = ""

    def put(self, name: str, chunks: Iterable[str | bytes]) -> None:  # noqa: ARG002 - there is one file
        """Keep one file."""
        self.text = "".join(c if isinstance(c, str) else c.decode() for c in chunks)


def _statements(source: Source) -> list[str]:
    memory = _Memory()
    CYPHER.write(source, memory)
    found = [s for s in re.sub(r"\A//.*\n", "", memory.text).split(";\n") if s.strip()]
    assert found or not source.quads
    return found


def _asker(session: Any) -> Ask:
    def ask(text: str, params: Mapping[str, str | None]) -> tuple[list[str], list[list[str]]]:
        answer = session.run(text, dict(params))
        columns = list(answer.keys())
        return columns, [[spelled(value) for value in row] for row in answer]

    return ask


def _fill(session: Any, source: Source) -> None:
    """Run the export script over a session, each statement in a transaction that may be repeated."""
    for statement in _statements(source):
        session.execute_write(lambda tx, text=statement: tx.run(text).consume())


@dataclass
class Server:
    """A server that speaks Bolt, with a new database for each graph."""

    driver: Any
    create: Callable[[str], object]
    made: int = 0

    @contextmanager
    def __call__(self, source: Source) -> Iterator[Ask]:
        """Load a graph into a database of its own."""
        self.made += 1
        name = f"twins{self.made}"
        self.create(name)
        with self.driver.session(database=name) as session:
            _fill(session, source)
            yield _asker(session)


@pytest.fixture(scope="session")
def arcade(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Load]:
    """Start an ArcadeDB server and connect to it with the driver of Neo4j.

    It has a process of its own: its Java does not always end well within one that does other things.
    """
    if find_spec("arcadedb_embedded") is None:
        pytest.skip("ArcadeDB is not installed: extra `engines`")
    neo4j = pytest.importorskip("neo4j", reason="the driver of Neo4j is not installed: extra `neo4j`")
    folder, port, other = tmp_path_factory.mktemp("arcade"), _free_port(), _free_port()
    program = Path(__file__).parent.parent / "push" / "arcade_server.py"
    log = folder / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, str(program), str(folder), str(port), str(other)],
            stdin=subprocess.PIPE, stdout=out, stderr=out, cwd=folder,
            env={**os.environ, "ENGINE_PASSWORD": _PASSWORD},
        )  # fmt: skip

    def create(name: str) -> None:
        login = b64encode(f"root:{_PASSWORD}".encode()).decode()
        connection = HTTPConnection("127.0.0.1", other, timeout=_START)
        headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json"}
        connection.request("POST", "/api/v1/server", json.dumps({"command": f"create database {name}"}), headers)
        assert connection.getresponse().status == 200
        connection.close()

    try:
        ends = time.monotonic() + _START
        while not all(_answers(p) for p in (port, other)):
            assert server.poll() is None, log.read_text(encoding="utf-8", errors="replace")[-2000:]
            assert time.monotonic() < ends, log.read_text(encoding="utf-8", errors="replace")[-2000:]
            time.sleep(0.05)
        with neo4j.GraphDatabase.driver(f"bolt://127.0.0.1:{port}", auth=("root", _PASSWORD)) as driver:
            yield Server(driver, create)
    finally:
        server.kill()
        server.communicate()


_PASSWORD = "only-for-this-test"
_START = 60
"""Seconds that a server may take to begin."""


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("localhost", 0))
        return int(found.getsockname()[1])


class Running:
    """A server that somebody else started, at bolt://user:password@host:port/database.

    It holds the shipped graph, or nothing: then each graph is loaded and taken out again.
    """

    def __init__(self, session: Any) -> None:
        self._session = session
        self.empty = session.run("MATCH (n) RETURN count(n) AS n").single()["n"] == 0
        self.asked: Ask = _asker(session)

    @staticmethod
    def leave(reason: str) -> NoReturn:
        """Skip a test that this server cannot take."""
        pytest.skip(reason)

    @contextmanager
    def __call__(self, source: Source) -> Iterator[Ask]:
        """Load a graph into the empty database and take it out in the end."""
        assert self.empty, "nothing is deleted that was not loaded here"
        try:
            _fill(self._session, source)
            yield self.asked
        finally:
            self._session.execute_write(lambda tx: tx.run("MATCH (n) DETACH DELETE n").consume())


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    """Return the server at POSTHOLDER_TEST_BOLT."""
    address = os.environ.get("POSTHOLDER_TEST_BOLT", "")
    if not address:
        pytest.skip("POSTHOLDER_TEST_BOLT names no server")
    neo4j = pytest.importorskip("neo4j", reason="the driver of Neo4j is not installed: extra `neo4j`")
    parts = urlsplit(address)
    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    host = f"{parts.scheme}://{parts.hostname}:{parts.port or 7687}"
    with (
        neo4j.GraphDatabase.driver(host, auth=auth) as driver,
        driver.session(database=parts.path.strip("/") or None) as session,
    ):
        yield Running(session)
