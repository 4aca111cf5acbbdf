"""Choose the engine: ours, which has every rule. The reference engine is there to compare it with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.closure.memory import MemoryEngine
from postholder.closure.reference import ReferenceEngine

if TYPE_CHECKING:
    from postholder.closure.base import Engine
    from postholder.settings import Settings

ENGINES = ("reference", "fast")


def engine_for(settings: Settings, name: str | None = None) -> Engine:
    """Return the engine of a name, or the one for graphs that fit in memory, which is the fast one."""
    return ReferenceEngine(settings.engine_seconds) if name == "reference" else MemoryEngine(settings.engine_seconds)
