"""The connection to a property-graph database over Bolt, by the official driver, with its errors as ours."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from postholder.errors import CannotError, ServerError
from postholder.terms import VERSION
from postholder.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import neo4j

    from postholder.push.address import Address
    from postholder.push.base import Login

_CONNECT_SECONDS = 15.0
_RETRY_SECONDS = 60.0
"""How long the driver tries a transaction again, with growing waits, before it gives up."""
_SHOWN = 400
_AGAIN = "push again to finish the work"


def _driver() -> Any:
    try:
        import neo4j  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise CannotError(
            "the Bolt driver is not installed", hint="in the folder of the project: pip install '.[neo4j]'"
        ) from error
    # What goes wrong is raised as well; without this the driver writes it to standard error too.
    logging.getLogger("neo4j").addHandler(logging.NullHandler())
    return neo4j


@contextmanager
def _told(address: Address) -> Iterator[None]:
    """Turn what the driver raises into errors of ours."""
    from neo4j import exceptions  # noqa: PLC0415 - an extra

    try:
        yield
    except exceptions.AuthError as error:
        raise ServerError(
            f"{address} wants a user and password, or refuses this one",
            hint="set or check POSTHOLDER_PUSH_USER and POSTHOLDER_PUSH_PASSWORD",
        ) from error
    except (exceptions.ServiceUnavailable, exceptions.SessionExpired, OSError, EOFError) as error:
        words = _short(error)
        other = "HTTP" in words.upper() or "handshake" in words
        hint = "this port speaks something else: give the Bolt port, often 7687" if other else "see that it runs"
        raise ServerError(f"no Bolt server is reached at {address}: {words}", hint=f"{hint}; {_AGAIN}") from error
    except exceptions.Neo4jError as error:
        raise ServerError(f"{address} refuses: {_short(error)}", hint=f"see what the server says; {_AGAIN}") from error
    except (exceptions.DriverError, ValueError) as error:
        raise ServerError(
            f"what answers at {address} is no Bolt server that the driver understands: {_short(error)}",
            hint="check host and port; for an address that speaks HTTP write http://",
        ) from error


def _short(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return printable(text[:_SHOWN]) or type(error).__name__


class _Unexpected(Exception):  # noqa: N818 - it rolls a transaction back and goes no further
    """A transaction that did not do what it should."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        super().__init__()
        self.rows = rows


class Bolt:
    """A database that was reached: run statements on it, each retried while the connection is broken."""

    def __init__(self, address: Address, database: str | None, login: Login, known: bool) -> None:
        self._address = address
        self._database = database
        library = _driver()
        with _told(address):
            self._driver: neo4j.Driver = self._connected(library, login, known)

    def _connected(self, library: Any, login: Login, known: bool) -> neo4j.Driver:
        """Return a driver that has spoken with the server: without a login first unless one is known."""
        credentials = login() if known else None
        quiet: dict[str, Any] = {"notifications_min_severity": "OFF"}
        while True:
            driver = library.GraphDatabase.driver(
                str(self._address),
                auth=(credentials.user, credentials.password) if credentials else None,
                connection_timeout=_CONNECT_SECONDS,
                # Counts the first words too, for which an HTTP server waits without an end.
                connection_acquisition_timeout=2 * _CONNECT_SECONDS,
                max_transaction_retry_time=_RETRY_SECONDS,
                telemetry_disabled=True,
                user_agent=f"postholder/{VERSION}",
                **quiet,
            )
            try:
                with driver.session(database=self._database) as session:
                    session.run("RETURN 1 AS one").consume()
            except library.exceptions.ConfigurationError:
                driver.close()
                if not quiet:
                    raise
                quiet = {}  # servers before Bolt 5.2, such as Neo4j 4.4, cannot be told to keep their notes
            except library.exceptions.AuthError:
                driver.close()
                if credentials is not None or (credentials := login()) is None:
                    raise
            except BaseException:
                driver.close()
                raise
            else:
                return driver  # type: ignore[no-any-return]

    def close(self) -> None:
        """Close all connections."""
        self._driver.close()

    def rows(self, text: str, /, **parameters: object) -> list[dict[str, Any]]:
        """Return the rows of one statement in a transaction of its own."""
        return self.together([text], parameters)

    def together(
        self, texts: Sequence[str], parameters: dict[str, Any], expect: int | None = None
    ) -> list[dict[str, Any]]:
        """Run statements in one transaction and return the rows of the last.

        With `expect` the last returns one number, and if it is another one, nothing of it is kept and
        the rows tell.
        """

        def work(transaction: neo4j.ManagedTransaction) -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = []
            for text in texts:
                found = [dict(record) for record in transaction.run(text, parameters)]
            if expect is not None and number(found) != expect:
                raise _Unexpected(found)
            return found

        with _told(self._address), self._driver.session(database=self._database) as session:
            try:
                return session.execute_write(work)
            except _Unexpected as short:
                return short.rows

    def schema(self, text: str) -> None:
        """Run a statement on the schema, which no other transaction may hold."""
        with _told(self._address), self._driver.session(database=self._database) as session:
            session.run(text).consume()


def number(rows: Sequence[Mapping[str, Any]]) -> int:
    """Return the one number of an answer."""
    return int(next(iter(rows[0].values()))) if rows else 0
