"""HTTP requests to one server: bounded in time and size, to no other host, with the login it asks for.

Proxies are not used and redirects are not followed: what is sent and with which password is for this server.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from contextlib import suppress
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
_SECRET = 4
"""Characters from which on a secret is taken out of those words; what is shorter is part of any text."""
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
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What was sent to log in: some servers show a request in their errors."""

    @property
    def ok(self) -> bool:
        """Tell whether the server did what it was asked."""
        return _OK <= self.status < _REDIRECT

    def words(self) -> str:
        """Return the beginning of what the server says, safe to print."""
        text = self.body[: 4 * _SHOWN].decode("utf-8", "replace")
        for secret in self.secrets:
            if len(secret) >= _SECRET:
                text = text.replace(secret, "***")
        text = " ".join(text.split())
        return f"HTTP {self.status}" + (f": {printable(text[:_SHOWN])}" if text else "")

    @property
    def busy(self) -> bool:
        """Tell whether the server might do it later."""
        return self.status in _BUSY


class _Clock:
    """Breaks a connection when the time is over, since a server that sends a byte now and then is never silent."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self.watched: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._break)
        self._timer.daemon = True
        self._timer.start()

    def _break(self) -> None:
        self.over = True
        if self.watched is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.watched, socket.SHUT_RDWR)

    def stop(self) -> None:
        """Let the connection live."""
        self._timer.cancel()


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
                raise self._unsafe(error) from error
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
        clock = _Clock(seconds)
        try:
            return self._exchanged(clock, self._connected(seconds), method, path, body, headers, whole=whole)
        except (OSError, http.client.HTTPException) as error:
            if clock.over:
                raise TimeoutError from error
            raise
        finally:
            clock.stop()

    def _exchanged(
        self,
        clock: _Clock,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        whole: bool,
    ) -> tuple[Response, list[str]]:
        """Send the request and read the answer, for as long as the clock lets the connection live."""
        target = f"{self._address.path}{path}" or "/"
        login = "" if self._authorization is None else self._authorization.header(method, target)
        sent: dict[str, str | bytes] = {"User-Agent": f"postholder/{VERSION}", **headers}
        if login:
            sent["Authorization"] = login.encode()
        if connection.sock is None:
            connection.connect()
        clock.watched = connection.sock
        heard_out = True
        try:
            connection.request(method, target, body or None, sent)
        except ConnectionError:
            heard_out = False  # it may have answered and hung up before it took all, as with 413
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
                    hint="see that this is the address of a SPARQL server",
                )
        if clock.over:
            raise TimeoutError
        if whole and answer.length:
            raise http.client.IncompleteRead(b"", answer.length)
        ends_here = not whole or answer.will_close or not heard_out
        answer.close()  # or the connection takes no further request
        if ends_here:
            self.close()
        shown = (login.partition(" ")[2], self._credentials.password if self._credentials else "")
        found = Response(answer.status, answer.headers.get_content_type(), b"".join(pieces), shown)
        return found, [_utf8(text) for text in answer.headers.get_all("WWW-Authenticate") or []]

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
        if self._authorization is not None and self._authorization.scheme == "basic" and ":" in self._credentials.user:
            raise ServerError(
                f"{self._address} wants a Basic login, in which no user can have a colon",
                hint="check POSTHOLDER_PUSH_USER",
            )
        if self._authorization is None:
            raise ServerError(
                f"{self._address} wants a login that is neither Basic nor Digest",
                hint="let the server offer one of them, or export nquads and load the file with its own tools",
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

    def _unsafe(self, error: ssl.SSLError) -> ServerError:
        hint = "use http:// if the server is not set up for https"
        if isinstance(error, ssl.SSLCertVerificationError):  # never an unencrypted try: somebody may stand between
            hint = "see that the address has the name in the certificate, or have it trusted with SSL_CERT_FILE"
        return ServerError(f"no encrypted connection to {self._address}: {error.reason or error}", hint=hint)

    def _lost(self, error: Exception) -> ServerError:
        if isinstance(error, http.client.IncompleteRead):
            return ServerError(
                f"{self._address} breaks off its answers",
                hint="see what the server says; push again to finish the work",
            )
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


def _utf8(text: str) -> str:
    """Return a header as the UTF-8 that it is; the library takes every byte for a letter."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text
