"""HTTP requests to one server: bounded in time and size, to no other host, with the login it asks for.

Proxies are not used and redirects are not followed: what is sent and with which password is for this server.
"""

from __future__ import annotations

import http.client
import ssl
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postholder.errors import ServerError
from postholder.push import auth
from postholder.settings import MEBIBYTE
from postholder.terms import VERSION
from postholder.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postholder.push.address import Address
    from postholder.push.base import Credentials, Login

_MOST_ANSWER = 64 * MEBIBYTE
"""Larger answers are refused; ours ask for counts and for one marker graph."""
_PIECE = 64 * 1024
_SHOWN = 300
"""How many characters of a server's own words an error repeats."""
_WAITS = (0.5, 1.0, 2.0, 4.0)
"""Seconds to wait before each new try: a server that restarts is back within them, a dead one is told of soon."""
_BUSY = {429, 502, 503, 504}
_SETTING = "POSTHOLDER_PUSH_SECONDS"
_OK, _REDIRECT, _BAD, _UNAUTHORIZED, _FORBIDDEN, _FULL = 200, 300, 400, 401, 403, 507


@dataclass(frozen=True)
class Response:
    """A server's answer."""

    status: int
    kind: str
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        """Tell whether the server did what it was asked."""
        return _OK <= self.status < _REDIRECT

    def words(self) -> str:
        """Return the beginning of what the server says, safe to print."""
        text = " ".join(self.body[: 4 * _SHOWN].decode("utf-8", "replace").split())
        return f"HTTP {self.status}" + (f": {printable(text[:_SHOWN])}" if text else "")


class Client:
    """Sends requests to one server over one connection at a time."""

    def __init__(self, address: Address, login: Login, seconds: float) -> None:
        self._address = address
        self._login = login
        self._seconds = seconds
        self._credentials: Credentials | None = None
        self._authorization: auth.Authorization | None = None
        self._connection: http.client.HTTPConnection | None = None

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        seconds: float | None = None,
        whole: bool = True,
    ) -> Response:
        """Return the answer to a request, which the server may see twice if the connection breaks.

        `path` is put after the address; `seconds` bounds the time instead of the setting; without
        `whole` only the head of the answer is read. Raises ServerError when the server cannot be
        reached or does not know the user, and TimeoutError, only if `seconds` is given, when the
        time is over.
        """
        asked_for_login = False
        refusals = 0
        for wait in (*_WAITS, None):
            reused = self._connection is not None
            try:
                response, wanted = self._try(method, path, body, headers or {}, seconds or self._seconds, whole=whole)
                while response.status == _UNAUTHORIZED and refusals < 2:  # noqa: PLR2004 - no login, or a stale one
                    stale = asked_for_login and "stale=true" in " ".join(wanted).lower().replace('"', "")
                    if asked_for_login and not stale:
                        break
                    self._log_in(wanted)
                    asked_for_login = True
                    refusals += 1
                    response, wanted = self._try(
                        method, path, body, headers or {}, seconds or self._seconds, whole=whole
                    )
            except TimeoutError as error:
                self.close()
                if seconds is not None:
                    raise
                raise ServerError(
                    f"{self._address} did not answer within {self._seconds:g} s",
                    hint=f"see what the server does, or set {_SETTING} higher; push again to finish the work",
                ) from error
            except ssl.SSLError as error:
                self.close()
                raise ServerError(
                    f"no encrypted connection to {self._address}: {error.reason or error}",
                    hint="use http:// if the server is not set up for https, or have its certificate trusted",
                ) from error
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if wait is None:
                    raise self._lost(error) from error
                if reused:
                    continue  # servers close a connection that is kept open whenever they like
            else:
                if response.status not in _BUSY or wait is None:
                    return self._checked(response, path)
            time.sleep(wait)
        raise AssertionError  # the last wait is None

    def _try(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], seconds: float, *, whole: bool
    ) -> tuple[Response, list[str]]:
        """Return the answer and the server's demands for a login; raise what the connection raises."""
        target = f"{self._address.path}{path}" or "/"
        connection = self._connected(seconds)
        sent = {"User-Agent": f"postholder/{VERSION}", **headers}
        if self._authorization is not None:
            sent["Authorization"] = self._authorization.header(method, target)
        ends = time.monotonic() + seconds
        connection.request(method, target, body or None, sent)
        answer = connection.getresponse()
        pieces: list[bytes] = []
        size = 0
        while whole and (piece := answer.read1(_PIECE)):
            pieces.append(piece)
            size += len(piece)
            if size > _MOST_ANSWER:
                self.close()
                raise ServerError(
                    f"{self._address} answers with more than {_MOST_ANSWER // MEBIBYTE} MiB",
                    hint="check that the address is that of a SPARQL server, and push fewer facts at once",
                )
            if time.monotonic() > ends:
                raise TimeoutError
        ends_here = not whole or answer.will_close
        answer.close()  # or the connection takes no further request
        if ends_here:
            self.close()
        found = Response(answer.status, answer.headers.get_content_type(), b"".join(pieces))
        return found, answer.headers.get_all("WWW-Authenticate") or []

    def _connected(self, seconds: float) -> http.client.HTTPConnection:
        if self._connection is None:
            secure = self._address.scheme == "https"
            make = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            self._connection = make(self._address.host, self._address.port, timeout=seconds)
        self._connection.timeout = seconds
        if self._connection.sock is not None:
            self._connection.sock.settimeout(seconds)
        return self._connection

    def _log_in(self, wanted: list[str]) -> None:
        """Take the server's demand for a login; raise ServerError when it cannot be met."""
        self._credentials = self._credentials or self._login()  # a stale nonce is no reason to ask again
        if self._credentials is None:
            raise ServerError(
                f"{self._address} wants a user and a password",
                hint="set POSTHOLDER_PUSH_USER and POSTHOLDER_PUSH_PASSWORD",
            )
        self._authorization = auth.answer(wanted, self._credentials)
        if self._authorization is None:
            raise ServerError(
                f"{self._address} wants a login that is neither Basic nor Digest",
                hint="let the server, or a proxy before it, take a user and a password by one of these",
            )

    def _checked(self, response: Response, path: str) -> Response:
        """Return the answer unless no further request can go well."""
        if response.status in {_UNAUTHORIZED, _FORBIDDEN}:
            raise ServerError(
                f"{self._address}{path.partition('?')[0]} refuses this user or password",
                hint="check POSTHOLDER_PUSH_USER and POSTHOLDER_PUSH_PASSWORD, and that the user may write",
            )
        if _REDIRECT <= response.status < _BAD:
            raise ServerError(
                f"{self._address}{path.partition('?')[0]} sends on to another address ({response.status})",
                hint="redirects are not followed: give the address that the server really has",
            )
        if response.status == _FULL:
            raise ServerError(
                f"{self._address} has no room left: {response.words()}",
                hint="make room and push again: the second run finishes the work",
            )
        return response

    def _lost(self, error: Exception) -> ServerError:
        if isinstance(error, http.client.HTTPException) and not isinstance(error, http.client.RemoteDisconnected):
            return ServerError(
                f"what answers at {self._address} is no HTTP server: {type(error).__name__}",
                hint="check host and port; for the Bolt port of a property-graph database write bolt://",
            )
        return ServerError(
            f"the connection to {self._address} failed: {getattr(error, 'strerror', None) or error}",
            hint="see that the server runs and speaks HTTP (for Bolt write bolt://); push again to finish the work",
        )

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
