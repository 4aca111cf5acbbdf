"""The engines that must answer the entailment cases. THE ONE PLACE to add an engine of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracles import ORACLES, reference
from postholder.closure.columns.engine import ColumnsEngine
from postholder.closure.memory import MemoryEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Triple

    from oracles import Oracle
    from postholder.closure.base import Closure


def in_memory(axioms: Sequence[Triple], facts: Sequence[Triple]) -> Closure:
    """Close with the engine for small graphs; it is not asked about axioms that it says it leaves out."""
    return MemoryEngine(60).close(axioms, facts, [])[0]


def columns(axioms: Sequence[Triple], facts: Sequence[Triple]) -> Closure:
    """Close with the engine for large graphs."""
    return ColumnsEngine(60).close(axioms, facts, [])[0]


CANDIDATES: dict[str, Oracle] = {"in-memory": in_memory, "columns": columns, "reference": reference, **ORACLES}
"""What closes axioms and facts, by name."""


def leaves_out(name: str, axioms: Sequence[Triple]) -> bool:
    """Tell whether a candidate says of these axioms that it has no rules for them."""
    return name in {"in-memory", "columns"} and bool(MemoryEngine(60).unhandled(axioms))
