"""Choose the engine: ours, in memory or in tables. The reference engine is there to compare them with."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from postholder.closure.memory import MemoryEngine
from postholder.closure.reference import ReferenceEngine

if TYPE_CHECKING:
    from postholder.closure.base import Engine
    from postholder.settings import Settings

LARGE = 200_000
"""Facts from which tables are faster than memory, by measurement: below, starting the column store costs more."""


def engine_for(settings: Settings, name: str | None = None, facts: int = 0) -> Engine:
    """Return the engine of a name, or the fast one for so many facts.

    Large graphs close in tables if DuckDB is installed, and in memory otherwise; both give the same.
    """
    if name == "reference":
        return ReferenceEngine(settings.engine_seconds)
    if facts >= LARGE and find_spec("duckdb") is not None:
        from postholder.closure.columns.engine import ColumnsEngine  # noqa: PLC0415 - loads the column store

        return ColumnsEngine(settings.engine_seconds)
    return MemoryEngine(settings.engine_seconds)
