"""Choose the engine: ours, in memory or in tables. The reference engine is there to compare them with."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from postholder import terms
from postholder.closure.memory import MemoryEngine
from postholder.closure.reference import ReferenceEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Triple

    from postholder.closure.base import Closure, Engine, UnhandledAxiom
    from postholder.settings import Settings

LARGE = 500_000
"""Facts from which tables are faster than memory, by `benchmarks/closure/choice.py`: below, starting the column
store costs more."""


class FastEngine:
    """Our engine: closes in memory what is small, and in tables what is large if DuckDB is installed.

    Both give the same. With additions memory is faster at any size: in tables each is told from the whole.
    """

    name = "postholder"
    version = terms.VERSION

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def unhandled(self, axioms: Sequence[Triple]) -> list[UnhandledAxiom]:
        """Return the axioms that there are no rules for."""
        return MemoryEngine(self._seconds).unhandled(axioms)

    def close(
        self, axioms: Sequence[Triple], base: Sequence[Triple], additions: Sequence[Sequence[Triple]]
    ) -> list[Closure]:
        """Close the base, and the base with each addition; see `Engine.close`."""
        engine: Engine = MemoryEngine(self._seconds)
        if len(base) >= LARGE and not additions and find_spec("duckdb") is not None:
            from postholder.closure.columns.engine import ColumnsEngine  # noqa: PLC0415 - loads the column store

            engine = ColumnsEngine(self._seconds)
        return engine.close(axioms, base, additions)


def engine_for(settings: Settings, name: str | None = None) -> Engine:
    """Return the engine of a name, ours if there is none."""
    if name == "reference":
        return ReferenceEngine(settings.engine_seconds)
    return FastEngine(settings.engine_seconds)
