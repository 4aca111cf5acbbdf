"""Push a dataset to the server that an address names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from postholder.errors import UsageError
from postholder.push import address as addresses
from postholder.push.base import Credentials, PushResult

if TYPE_CHECKING:
    from postholder.export.base import Source
    from postholder.push.address import Address
    from postholder.push.base import Login, Progress

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def _silent(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def push(
    source: Source,
    target: str,
    *,
    name: str = "postholder",
    database: str | None = None,
    default_graph: str | None = None,
    force: bool = False,
    login: Login | Credentials | None = None,
    seconds: float,
    progress: Progress | None = None,
) -> PushResult:
    """Make a server hold a dataset: a property graph at a Bolt address, all graphs at an HTTP one.

    `name` tells pushes of several datasets to one server apart. `database` is for Bolt, `default_graph`
    (the IRI of the graph that stands for the default one) and `force` (replace what others changed)
    for HTTP. `seconds` bounds one HTTP request. Raises UsageError for a wrong call,
    WouldOverwriteError when data of others is in the way and ServerError when the server fails.
    """
    where = addresses.parse(target)
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a push", hint="letters, digits, - and _, at most 64")
    if where.is_bolt and (default_graph is not None or force):
        raise UsageError("--default-graph and --force are for SPARQL servers", hint="leave them out")
    if not where.is_bolt and database is not None:
        raise UsageError("--database is for Bolt addresses", hint="name the dataset in the address")
    asks: Login = (lambda: login) if isinstance(login, Credentials) else login or (lambda: None)
    if where.is_bolt:
        return _bolt(source, where, name, database, asks, progress or _silent, known=isinstance(login, Credentials))
    return _http(source, where, name, default_graph, asks, seconds, progress or _silent, force=force)


def _bolt(
    source: Source, where: Address, name: str, database: str | None, login: Login, progress: Progress, *, known: bool
) -> PushResult:
    from postholder.export.property_graph import PropertyGraph  # noqa: PLC0415 - only when needed
    from postholder.push import property_graph  # noqa: PLC0415
    from postholder.push.bolt import Bolt  # noqa: PLC0415

    server = Bolt(where, database, login, known=known)
    try:
        return property_graph.push(server, str(where), PropertyGraph(source), name, progress)
    finally:
        server.close()


def _http(
    source: Source,
    where: Address,
    name: str,
    default_graph: str | None,
    login: Login,
    seconds: float,
    progress: Progress,
    *,
    force: bool,
) -> PushResult:
    from postholder.push import rdf  # noqa: PLC0415 - only when needed
    from postholder.push.endpoint import Endpoint  # noqa: PLC0415
    from postholder.push.http import Client  # noqa: PLC0415

    if default_graph is not None:
        _check_iri(default_graph)
    client = Client(where, login, seconds)
    try:
        wanted = rdf.plan(source.quads, name, default_graph)
        return rdf.push(Endpoint(client, str(where)), str(where), wanted, progress, force=force)
    finally:
        client.close()


def _check_iri(text: str) -> None:
    try:
        NamedNode(text)
    except ValueError as error:
        raise UsageError(f"--default-graph {text!r} is no IRI", hint="for example urn:postholder:default") from error
