"""The address of a server, read from what the user wrote."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from postholder.errors import UnknownNameError, UsageError
from postholder.text import did_you_mean, printable

BOLT = ("neo4j", "neo4j+s", "bolt", "bolt+s")
HTTP = ("http", "https")
_ENCRYPTED = {"neo4j+s", "bolt+s", "https"}


@dataclass(frozen=True)
class Address:
    """Where a server is; `path` has no slash at its end, and there are no credentials in it."""

    scheme: str
    host: str
    port: int | None
    path: str

    def __str__(self) -> str:
        """Return the address as it is written."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{'' if self.port is None else f':{self.port}'}{self.path}"

    @property
    def is_bolt(self) -> bool:
        """Tell whether a property-graph database is meant."""
        return self.scheme in BOLT

    @property
    def is_open(self) -> bool:
        """Tell whether others on the way can read what is sent."""
        return self.scheme not in _ENCRYPTED and not _is_loopback(self.host)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def parse(target: str) -> Address:
    """Return the address that `target` names.

    Raises UnknownNameError for a scheme that no push speaks, and UsageError for an address with
    credentials in it, which others on the machine could read, or one that does not parse.
    """
    scheme, colon, rest = target.partition("://")
    if "@" in rest.partition("/")[0]:  # not shown again: it may hold a password
        raise UsageError(
            "the address has a user or password in it, which others on this machine can read",
            hint="set POSTHOLDER_PUSH_USER and POSTHOLDER_PUSH_PASSWORD, or wait to be asked",
        )
    if not colon or scheme not in BOLT + HTTP:
        near = did_you_mean(scheme, BOLT + HTTP) if colon else "it lacks its beginning"
        hint = f"write it like bolt://localhost:7687 or http://localhost:3030/data; {near}"
        raise UnknownNameError(f"no push goes to {printable(target)!r}", hint=hint)
    try:
        parts = urlsplit(target)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UsageError(f"{printable(target)!r} is no address: {error}", hint="SCHEME://HOST:PORT") from error
    if not host or not target.isascii() or not target.isprintable() or " " in target:
        raise UsageError(f"{printable(target)!r} is no address", hint="SCHEME://HOST:PORT, in plain characters")
    path = parts.path.rstrip("/")
    if "?" in rest or "#" in rest or (scheme in BOLT and path):
        hint = "name the database with --database" if scheme in BOLT else "give the address without ? and #"
        raise UsageError(f"{target} goes on after the server's address", hint=hint)
    return Address(scheme, host, port, path)
