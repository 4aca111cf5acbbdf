"""Choose the engine: ours, unless the reference alone has rules for every axiom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.closure.memory import MemoryEngine
from postholder.closure.reference import ReferenceEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Triple

    from postholder.closure.base import Engine
    from postholder.settings import Settings


def engine_for(axioms: Sequence[Triple], settings: Settings) -> Engine:
    """Return the engine for the logical axioms of an ontology (see `profile.logical`)."""
    ours, reference = MemoryEngine(settings.engine_seconds), ReferenceEngine(settings.engine_seconds)
    return reference if ours.unhandled(axioms) and not reference.unhandled(axioms) else ours
