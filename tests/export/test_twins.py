"""The tables that are made for Cypher twins have all that twins name, and nothing else."""

from __future__ import annotations

import re

from postholder import resources
from postholder.export.twins import LABELS, NODE_COLUMNS, TYPES
from postholder.queries import catalog

CODE = [
    re.sub(r"(?m)^//.*\n|'[^']*'", "", q.cypher).replace("`", "")
    for q in catalog.every(resources.queries_folder())
    if q.cypher
]


def named(pattern: str) -> set[str]:
    return {name for text in CODE for found in re.findall(pattern, text) for name in found.split("|")}


def test_labels_and_types_are_those_that_twins_name() -> None:
    assert set(LABELS) == named(r"\(\w*:([A-Z][A-Za-z|]*)")
    assert set(TYPES) == named(r"\[\w*:([A-Z_|]+)")


def test_every_column_is_read_by_a_twin() -> None:
    assert set(NODE_COLUMNS) <= named(r"\b[a-z_]+\.([a-zA-Z]+)\b")
