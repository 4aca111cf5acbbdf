"""The reference SHACL engine, pySHACL, behind one function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postholder import terms
from postholder.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Triple

_SEVERITY = {"Violation": "error", "Warning": "warning", "Info": "info"}


@dataclass(frozen=True, order=True)
class ShapeResult:
    """One validation result; every field is the text of a term, empty when absent."""

    focus: str
    path: str
    component: str
    shape: str
    value: str
    severity: str
    message: str


def validate(
    data: Iterable[Triple],
    shapes: Sequence[Triple],
) -> list[ShapeResult]:
    """Validate `data`, which holds the vocabulary too, and return the results, sorted.

    pySHACL's focus nodes are not used: with them it skips checks of values and runs shapes that
    have no target. Each call gives it graphs of its own, because it writes into the shapes graph.
    Raises EngineError when pySHACL cannot run the shapes.
    """
    import pyshacl  # noqa: PLC0415 - 0.3 s
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError, ShapeRecursionWarning  # noqa: PLC0415

    from postholder.stores.rdflib import to_graph  # noqa: PLC0415

    try:
        _, report, text = pyshacl.validate(
            to_graph(data),
            shacl_graph=to_graph(shapes),
            inference="none",
            advanced=False,
            do_owl_imports=False,
            inplace=True,  # both graphs are made for this call
        )
    except (ReportableRuntimeError, ShapeLoadError, ShapeRecursionWarning, RecursionError) as error:
        raise EngineError(f"pySHACL cannot run the shapes: {error}", hint="see the shapes named above") from error
    if isinstance(report, (bytes, Exception)):
        raise EngineError(f"pySHACL failed: {text}")
    return _results(report)


def _results(report: object) -> list[ShapeResult]:
    from rdflib import Graph, Namespace  # noqa: PLC0415
    from rdflib.namespace import RDF  # noqa: PLC0415

    assert isinstance(report, Graph)  # noqa: S101 - pySHACL's documented return type
    sh = Namespace(terms.SH)
    found = []
    for node in report.subjects(RDF.type, sh.ValidationResult):
        first = {
            name: min((str(v) for v in report.objects(node, sh[name])), default="")
            for name in (
                "focusNode",
                "sourceConstraintComponent",
                "sourceShape",
                "value",
                "resultMessage",
                "resultSeverity",
            )
        }
        paths = list(report.objects(node, sh.resultPath))
        path = str(paths[0]) if paths and (paths[0], None, None) not in report else ("path" if paths else "")
        found.append(
            ShapeResult(
                first["focusNode"],
                path,
                first["sourceConstraintComponent"].removeprefix(terms.SH),
                first["sourceShape"],
                first["value"],
                _SEVERITY.get(first["resultSeverity"].removeprefix(terms.SH), "error"),
                first["resultMessage"],
            )
        )
    return sorted(found)
