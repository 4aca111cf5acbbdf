"""The formats by name, and the one way to write any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder import terms
from postholder.errors import UnknownNameError
from postholder.export import (
    cypher,
    ftm,
    graphml,
    graphson,
    jsonld,
    neo4j_csv,
    neptune,
    parquet,
    popolo,
    quickstatements,
    rdf,
    rdf12,
)
from postholder.export.base import ExportResult, Format, Loss, Source
from postholder.export.target import opened
from postholder.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pyoxigraph import Quad

FORMATS: dict[str, Format] = {
    form.name: form
    for form in (
        *(rdf.TURTLE, rdf.TRIG, rdf.NQUADS, rdf12.RDF12, jsonld.JSONLD),
        *(neo4j_csv.NEO4J_CSV, cypher.CYPHER, neptune.NEPTUNE_GREMLIN, neptune.NEPTUNE_OPENCYPHER),
        *(graphml.GRAPHML, graphson.GRAPHSON, parquet.PARQUET),
        *(ftm.FTM, popolo.POPOLO, quickstatements.QUICKSTATEMENTS),
    )
}
"""Every format; a new one is a `Format` added here."""


_SHEET = "For rows in a spreadsheet: postholder query NAME --format csv"


def find(form: str) -> Format:
    """Return a format by name; raise UnknownNameError with the nearest names."""
    if form not in FORMATS:
        raise UnknownNameError(f"no format is called {form!r}", hint=f"{did_you_mean(form, FORMATS)} {_SHEET}")
    return FORMATS[form]


def losses(form: str) -> tuple[Loss, ...]:
    """Return what a format can lose; an empty tuple means that it is lossless."""
    return find(form).losses


def write(
    quads: Iterable[Quad], prefixes: Mapping[str, str], form: str, path: Path, *, replace: bool = False
) -> ExportResult:
    """Write the dataset in a format, with a statement of what the export loses beside or inside it.

    Raises UnknownNameError for a format that does not exist, WouldOverwriteError when the target
    exists, and CannotError when the file system refuses; then nothing of the export is left.
    """
    chosen = find(form)
    with opened(path, folder=chosen.folder, replace=replace) as target:
        account = chosen.write(Source(tuple(quads), prefixes), target)
        paths = target.finish(
            {
                "format": form,
                "postholder": terms.VERSION,
                "counts": dict(account.counts),
                "losses": [loss.as_dict() for loss in account.losses],
                **({"names": account.names} if account.names else {}),
            }
        )
    return ExportResult(form, paths, account.counts, account.losses)
