"""The ontology's own house rules: one SELECT per file in `ontology/checks/`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from postholder import header
from postholder.errors import ParseError, Place
from postholder.graph import text_of

if TYPE_CHECKING:
    from pathlib import Path

    from postholder.stores.base import Store


@dataclass(frozen=True)
class Check:
    """One house rule."""

    name: str
    title: str
    problem: str
    remedy: str
    severity: Literal["error", "warning", "info"]
    text: str


def load(folder: Path) -> list[Check]:
    """Read the checks of a folder, in name order."""
    checks = []
    for path in sorted(folder.glob("*.rq")):
        head, text = header.read(path, {"title", "problem", "remedy", "severity"}, set())
        severity = head["severity"]
        if severity not in {"error", "warning", "info"}:
            raise ParseError(f"severity {severity!r} is not error, warning or info", place=Place(path.name, 1))
        checks.append(Check(path.stem, str(head["title"]), str(head["problem"]), str(head["remedy"]), severity, text))
    return checks


def run(check: Check, store: Store) -> list[tuple[str, str]]:
    """Return (entity, value) for every breach, sorted; the store's default graph is checked."""
    answer = store.query(check.text)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    found = set()
    for row in rows:
        found.add((text_of(row.get("entity")), text_of(row.get("value"))))
    return sorted(found)
