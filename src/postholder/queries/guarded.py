"""Run a free-text query: checked first, then behind the wall, within limits of time and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder import walled
from postholder.errors import CannotError
from postholder.queries.guard import check

if TYPE_CHECKING:
    from collections.abc import Collection

    from postholder.settings import Settings
    from postholder.stores.base import Answer, Store


def ask(store: Store, text: str, graphs: Collection[str], settings: Settings) -> Answer:
    """Check a query, run it within the limits and return its answer.

    Raises RefusedQueryError, QuerySyntaxError, QueryLimitError or CannotError. Where the system
    cannot fork there is no wall, and free text is refused.
    """
    check(text, graphs)
    if not walled.can_wall():
        raise CannotError(
            "this system cannot run free SPARQL behind a wall", hint="ask a saved question, or export the graph"
        )
    return walled.call(
        lambda: store.query(text),
        "the query",
        "POSTHOLDER_QUERY_SECONDS",
        seconds=settings.query_seconds,
        extra=settings.query_bytes,
    )
