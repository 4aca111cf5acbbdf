"""The shipped files are found in a checkout and in a wheel."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import postholder
from postholder import resources

if TYPE_CHECKING:
    import pytest


def test_the_shipped_folders_are_there() -> None:
    assert (resources.ontology_folder() / "postholder.ttl").is_file()
    assert list(resources.queries_folder().glob("*/*.rq"))


def test_a_wheel_keeps_them_beside_the_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "postholder" / "_data").mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "postholder")
    resources._root.cache_clear()
    try:
        assert resources.ontology_folder() == tmp_path / "postholder" / "_data" / "ontology"
        assert resources.queries_folder() == tmp_path / "postholder" / "_data" / "queries"
    finally:
        resources._root.cache_clear()


def test_no_other_module_looks_for_them() -> None:
    root = Path(postholder.__file__).parent
    others = [
        p.name
        for p in root.rglob("*.py")
        if re.search(r'__file__|"_data"', p.read_text(encoding="utf-8"))
        and p.name != "resources.py"
        and p.parent.name != "checking"  # shares no code on purpose; its table lies beside it
    ]
    assert others == []
