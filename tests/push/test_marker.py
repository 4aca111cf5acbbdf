"""The marker graph: it says what is ours, and survives the way to a server and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from postholder.errors import ServerError
from postholder.push import marker
from postholder.push.address import parse
from postholder.push.endpoint import Endpoint
from postholder.push.http import Client
from postholder.push.marker import Held, Marker

if TYPE_CHECKING:
    from tests.push.quirky import Server

HELD = Held(3, "0" * 64)


def test_a_marker_is_read_as_it_was_written(quirky: Server) -> None:
    client = Client(parse(quirky.url), lambda: None, 10)
    server = Endpoint(client, quirky.url)
    assert marker.read(server, "a") is None
    many = {f"urn:g{n}": HELD if n % 2 else None for n in range(2500)}
    for written in (
        Marker("loading", "run", many, ("urn:s",)),
        Marker("whole", "", {"urn:g": HELD}),
    ):
        server.update(marker.writing("a", written))
        assert marker.read(server, "a") == written
    assert marker.read(server, "b") is None
    client.close()


def test_what_others_wrote_into_it_claims_nothing_by_force(quirky: Server) -> None:
    client = Client(parse(quirky.url), lambda: None, 10)
    server = Endpoint(client, quirky.url)
    graph = marker.iri("a")
    server.update(f'INSERT DATA {{ GRAPH <{graph}> {{ <urn:g> <{marker.HOLDS}> "9e9 nonsense" }} }}')
    assert marker.read(server, "a") == Marker("", "", {"urn:g": None})
    client.close()


@pytest.mark.parametrize("said", [f"[] <{marker.HOLDS}> 'unknown'", f"<urn:a> <{marker.STAGING}> 'no IRI'"])
def test_what_is_no_graph_is_told(quirky: Server, said: str) -> None:
    client = Client(parse(quirky.url), lambda: None, 10)
    server = Endpoint(client, quirky.url)
    server.update(f"INSERT {{ GRAPH <{marker.iri('a')}> {{ {said} }} }} WHERE {{}}")
    with pytest.raises(ServerError, match="which is no IRI"):
        marker.read(server, "a")
    client.close()
