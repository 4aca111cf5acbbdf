"""The reference SHACL engine, pySHACL, behind one function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postholder import settings, terms, walled
from postholder.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Triple

    from postholder.settings import Settings

_SPARQL = {terms.SH + name for name in ("select", "ask", "sparql")}
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
    limits: Settings | None = None,
    *,
    trusted: bool = False,
) -> list[ShapeResult]:
    """Validate `data`, which holds the vocabulary too, and return the results, sorted.

    Shapes can hold SPARQL, so the check runs behind the wall, within `limits` (else those of the
    environment); where there is no wall, shapes with SPARQL must be `trusted`, that is ours.
    pySHACL's focus nodes are not used: with them it skips checks of values and runs shapes that have
    no target. Each call gives it graphs of its own, because it writes into the shapes graph. Raises
    EngineError when pySHACL cannot run the shapes, QueryLimitError at a limit.
    """
    import pyshacl  # noqa: PLC0415 - 0.3 s
    from rdflib import Graph  # noqa: PLC0415

    from postholder.stores.rdflib import to_graph  # noqa: PLC0415

    graphs = to_graph(data), to_graph(shapes)
    Graph().query("ASK {}")  # rdflib loads its SPARQL parts at first use, which the wall would forbid

    def run() -> list[ShapeResult]:
        try:
            _, report, text = pyshacl.validate(
                graphs[0],
                shacl_graph=graphs[1],
                inference="none",
                advanced=False,
                do_owl_imports=False,
                inplace=True,  # both graphs are made for this call
            )
        except (MemoryError, RecursionError):
            raise
        except Exception as error:  # pySHACL lets errors of rdflib, pyparsing and re through
            raise EngineError(f"pySHACL cannot run the shapes: {error}", hint="mend the shape it names") from error
        if isinstance(report, (bytes, Exception)):
            raise EngineError(f"pySHACL failed: {text}")
        return _results(report)

    if walled.can_wall():
        bounds = limits or settings.load()
        what, setting = "the check of the shapes", "POSTHOLDER_ENGINE_SECONDS"
        return walled.call(run, what, setting, seconds=bounds.engine_seconds, extra=bounds.query_bytes)
    if any(t.predicate.value in _SPARQL for t in shapes) and not trusted:
        raise EngineError("this system cannot run shapes with SPARQL behind a wall", hint="leave sh:sparql out")
    return run()


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
