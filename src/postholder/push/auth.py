"""HTTP authentication: Basic (RFC 7617) and Digest (RFC 7616), as the server asks."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postholder.push.base import Credentials

_SCHEME = re.compile(r"\s*([\w-]+)(?=[\s,]|$)")
_PARAMETER = re.compile(r'\s*,?\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_HASHES = {"MD5": "md5", "SHA-256": "sha256"}


def challenges(header: str) -> dict[str, dict[str, str]]:
    """Return the schemes that a WWW-Authenticate header offers, in small letters, with their parameters."""
    found: dict[str, dict[str, str]] = {}
    rest = header
    while (scheme := _SCHEME.match(rest)) is not None:
        rest = rest[scheme.end() :]
        parameters: dict[str, str] = {}
        while (one := _PARAMETER.match(rest)) is not None:
            quoted = one[2]
            parameters[one[1].lower()] = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else one[3]
            rest = rest[one.end() :]
        found.setdefault(scheme[1].lower(), parameters)
        rest = rest.lstrip(" ,")
    return found


@dataclass
class Authorization:
    """What is sent with each request once a server has asked for it."""

    credentials: Credentials = field(repr=False)
    scheme: str
    parameters: dict[str, str]
    count: int = 0

    def header(self, method: str, target: str) -> str:
        """Return the Authorization header of a request."""
        user, password = self.credentials.user, self.credentials.password
        if self.scheme == "basic":
            return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self.count += 1
        given = self.parameters
        algorithm = given.get("algorithm", "MD5")
        realm, nonce, cnonce, turn = given.get("realm", ""), given.get("nonce", ""), secrets.token_hex(8), self.count
        secret = _hash(algorithm, f"{user}:{realm}:{password}")
        asked = _hash(algorithm, f"{method}:{target}")
        fields = {"username": user, "realm": realm, "nonce": nonce, "uri": target}
        plain = {"algorithm": algorithm}
        if "qop" in given:
            fields["response"] = _hash(algorithm, f"{secret}:{nonce}:{turn:08x}:{cnonce}:auth:{asked}")
            fields["cnonce"] = cnonce
            plain |= {"qop": "auth", "nc": f"{turn:08x}"}
        else:
            fields["response"] = _hash(algorithm, f"{secret}:{nonce}:{asked}")
        if "opaque" in given:
            fields["opaque"] = given["opaque"]
        quoted = [f'{name}="{_escaped(value)}"' for name, value in fields.items()]
        return "Digest " + ", ".join([*quoted, *(f"{name}={value}" for name, value in plain.items())])


def _hash(algorithm: str, text: str) -> str:
    return hashlib.new(_HASHES[algorithm.upper()], text.encode(), usedforsecurity=False).hexdigest()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def answer(headers: Sequence[str], credentials: Credentials) -> Authorization | None:
    """Return how to answer the WWW-Authenticate headers, Digest before Basic; None if neither is offered."""
    offered: dict[str, dict[str, str]] = {}
    for header in headers:
        offered = challenges(header) | offered
    digest = offered.get("digest")
    known = digest is not None and digest.get("algorithm", "MD5").upper() in _HASHES
    if digest is not None and known and "auth" in re.split(r"[\s,]+", digest.get("qop", "auth")):
        return Authorization(credentials, "digest", digest)
    return Authorization(credentials, "basic", {}) if "basic" in offered else None
