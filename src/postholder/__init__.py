"""Postholder: who holds which post, who reports to whom, and which passage says so.

>>> import postholder
>>> graph = postholder.open()
>>> graph.query("concurrent-appointments").to_dicts()  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from postholder.terms import VERSION as __version__  # noqa: N811 - the name that Python programs look for

if TYPE_CHECKING:
    from postholder.api import KnowledgeGraph
    from postholder.api import open_graph as open  # noqa: A004 - `postholder.open` reads best
    from postholder.errors import (
        CannotError,
        ParseError,
        PostholderError,
        QueryLimitError,
        RefusedQueryError,
        UnknownNameError,
        UsageError,
    )
    from postholder.export.base import ExportResult
    from postholder.push.base import PushResult
    from postholder.queries.catalog import Question
    from postholder.queries.rows import Rows
    from postholder.validation.evidence import EvidenceReport, Span
    from postholder.validation.report import Finding, Report

__all__ = [
    "CannotError",
    "EvidenceReport",
    "ExportResult",
    "Finding",
    "KnowledgeGraph",
    "ParseError",
    "PostholderError",
    "PushResult",
    "QueryLimitError",
    "Question",
    "RefusedQueryError",
    "Report",
    "Rows",
    "Span",
    "UnknownNameError",
    "UsageError",
    "__version__",
    "open",
]

_HOMES = {
    "api": ("KnowledgeGraph",),
    "errors": (
        "CannotError", "ParseError", "PostholderError", "QueryLimitError", "RefusedQueryError", "UnknownNameError",
        "UsageError",
    ),
    "export.base": ("ExportResult",),
    "push.base": ("PushResult",),
    "queries.catalog": ("Question",),
    "queries.rows": ("Rows",),
    "validation.evidence": ("EvidenceReport", "Span"),
    "validation.report": ("Finding", "Report"),
}  # fmt: skip
_MODULES = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: the command line's `--help` needs none of them."""
    if name == "open":
        return import_module("postholder.api").open_graph
    if name in _MODULES:
        return getattr(import_module(f"postholder.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'postholder' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return list(__all__)
