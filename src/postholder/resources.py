"""The only way to the files that ship with the package: `ontology/` and `queries/`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).parent


@lru_cache(maxsize=1)
def _root() -> Path:
    """Return the folder holding `ontology/` and `queries/`: in the wheel, or the checkout's root."""
    shipped = _PACKAGE / "_data"
    return shipped if shipped.is_dir() else _PACKAGE.parent.parent


def ontology_folder() -> Path:
    """Return the shipped `ontology/` folder."""
    return _root() / "ontology"


def queries_folder() -> Path:
    """Return the shipped `queries/` folder."""
    return _root() / "queries"
