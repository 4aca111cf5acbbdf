"""A SPARQL server in this process that can be made to behave as badly as real ones do."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from pyoxigraph import DefaultGraph, NamedNode, QueryResultsFormat, RdfFormat, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

USER, PASSWORD = "ada", 'pass "word" of ours'


@dataclass
class Faults:
    """What goes wrong, and what was asked."""

    auth: str = ""
    """`basic` or `digest`."""
    hangs: bool = False
    """Whether updates that are sent as such get no answer."""
    forms: bool = True
    """Whether updates may be form-encoded."""
    direct: bool = True
    """Whether updates may be sent as such."""
    stores: tuple[str, ...] = ("/store",)
    datasets: bool = True
    """Whether the store takes several graphs at once."""
    most: int = 10**9
    """Bytes of a request that are taken."""
    statuses: list[int] = field(default_factory=list)
    """Answers to give to the next requests that write, 0 for none at all: the connection breaks."""
    after: int = 0
    """How many requests that write go well before."""
    every: int = 0
    """A status that every request gets."""
    union: bool = False
    loses: str = ""
    """Triples with this text are not kept."""
    closes: bool = False
    """Whether each connection is closed after an answer, without a word."""
    nonces: int = 0
    """After how many requests a nonce is stale; 0 for never."""
    asked: list[str] = field(default_factory=list)
    location: str = "http://elsewhere.example/"
    page: bytes = b""


def _digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that go away."""


class Server:
    """The server: its address, its store and its faults."""

    def __init__(self) -> None:
        self.store = Store()
        self.faults = Faults()
        handler = type("Handler", (_Handler,), {"server_of": self})
        self._http = _Quiet(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def stop(self) -> None:
        """Stop answering."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@contextmanager
def served() -> Iterator[Server]:
    """Give a server that is stopped at the end."""
    server = Server()
    try:
        yield server
    finally:
        server.stop()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of: Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has
        """Say nothing."""

    def _answer(self, status: int, body: bytes = b"", kind: str = "text/plain", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        if self.server_of.faults.closes:
            self.close_connection = True

    def _may(self) -> bool:
        faults, given = self.server_of.faults, self.headers.get("Authorization", "")
        if not faults.auth:
            return True
        if faults.auth == "basic":
            import base64  # noqa: PLC0415

            if given == "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode():
                return True
            self._answer(401, WWW_Authenticate='Basic realm="all"')
            return False
        stale = bool(faults.nonces) and f"nc={faults.nonces + 1:08x}" in given
        if given.startswith("Digest ") and not stale and self._digest_fits(given):
            return True
        told = f'Digest realm="a \\"b\\"", nonce="n1", opaque="o", qop="auth,auth-int", stale={str(stale).lower()}'
        self._answer(401, WWW_Authenticate=told)
        return False

    def _digest_fits(self, given: str) -> bool:
        found = {m[1]: m[2] or m[3] for m in re.finditer(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))', given)}
        secret = _digest(f'{USER}:a "b":{PASSWORD}')
        asked = _digest(f"{self.command}:{self.path}")
        parts = [secret, "n1", found["nc"], found["cnonce"], "auth", asked]
        return found["uri"] == self.path and found["response"] == _digest(":".join(parts))

    def do_GET(self) -> None:
        """Answer whether there is a store."""
        faults = self.server_of.faults
        if not self._may():
            return
        ok = urlsplit(self.path).path in faults.stores
        self._answer(200 if ok else 404, b"<a> <b> <c> ." * 1000)

    def do_POST(self) -> None:
        """Answer a query, an update or facts."""
        faults = self.server_of.faults
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        place, kind = urlsplit(self.path), self.headers.get("Content-Type", "")
        if not self._may():
            return
        if faults.every:
            self._answer(faults.every, faults.page, "text/html", Location=faults.location)
            return
        faults.asked.append(f"{place.path} {kind}")
        if place.path == "/query":
            self._query(parse_qs(body.decode()))
            return
        if faults.statuses and faults.after <= 0:
            status = faults.statuses.pop(0)
            if status:
                self._answer(status, b"not now")
            else:
                self.close_connection = True
            return
        faults.after -= 1
        if len(body) > faults.most:
            self._answer(413)
        elif place.path == "/update":
            self._update(body.decode(), kind)
        elif place.path in faults.stores:
            self._load(body, kind, place.query)
        else:
            self._answer(404)

    def _query(self, fields: dict[str, list[str]]) -> None:
        found = self.server_of.store.query(fields["query"][0], use_default_graph_as_union=self.server_of.faults.union)
        self._answer(200, found.serialize(format=QueryResultsFormat.JSON) or b"", "application/sparql-results+json")  # type: ignore[arg-type]

    def _update(self, body: str, kind: str) -> None:
        faults = self.server_of.faults
        direct = kind == "application/sparql-update"
        if direct and faults.hangs:
            time.sleep(1)
            self.close_connection = True
            return
        if not (faults.direct if direct else faults.forms):
            self._answer(415)
            return
        try:
            self.server_of.store.update(body if direct else parse_qs(body)["update"][0])
        except SyntaxError as error:
            self._answer(400, str(error).encode())
            return
        self._lose()
        self._answer(204)

    def _load(self, body: bytes, kind: str, query: str) -> None:
        faults = self.server_of.faults
        name = parse_qs(query, keep_blank_values=True)
        if not name:
            if not faults.datasets:
                self._answer(501)
                return
            self.server_of.store.load(body, RdfFormat.from_media_type(kind))
        else:
            graph = NamedNode(name["graph"][0]) if "graph" in name else DefaultGraph()
            self.server_of.store.load(body, RdfFormat.from_media_type(kind), to_graph=graph)
        self._lose()
        self._answer(204)

    def _lose(self) -> None:
        lost = self.server_of.faults.loses
        if lost:
            for quad in [q for q in self.server_of.store if lost in str(q.object)]:
                self.server_of.store.remove(quad)
