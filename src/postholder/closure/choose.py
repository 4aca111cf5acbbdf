"""Choose the engine: ours, which has every rule. The reference engine is there to compare it with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.closure.memory import MemoryEngine

if TYPE_CHECKING:
    from postholder.closure.base import Engine
    from postholder.settings import Settings


def engine_for(settings: Settings) -> Engine:
    """Return the engine for graphs that fit in memory."""
    return MemoryEngine(settings.engine_seconds)
