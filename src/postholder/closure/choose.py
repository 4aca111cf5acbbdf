"""Choose the engine: ours when it has rules for every axiom, else the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.closure.fast import FastEngine
from postholder.closure.reference import ReferenceEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Triple

    from postholder.closure.base import Engine
    from postholder.settings import Settings


def engine_for(axioms: Sequence[Triple], settings: Settings) -> Engine:
    """Return the engine for the logical axioms of an ontology (see `profile.logical`)."""
    fast = FastEngine(settings.engine_seconds)
    return ReferenceEngine(settings.engine_seconds) if fast.unhandled(axioms) else fast
