"""Findings point at the file and line where their node is described: facts first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder import terms
from postholder.errors import Place
from postholder.sources import inputs
from postholder.sources.positions import Positions
from postholder.validation.locate import Locator

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

LIMIT = 10**8
X = "http://x/"


def locator(folder: Path, **files: str) -> Locator:
    paths = []
    for name, text in files.items():
        path = folder / f"{name}.ttl"
        path.write_text(f"@prefix ex: <{X}> .\n{text}", encoding="utf-8")
        paths.append(path)
    return Locator(inputs.load(paths, LIMIT))


def test_the_first_file_that_describes_a_node(tmp_path: Path) -> None:
    found = locator(tmp_path, one="ex:a ex:p ex:b .", two="\nex:b ex:p 1 ;\n  ex:q 2 .")
    assert found.find(X + "a") == Place(str(tmp_path / "one.ttl"), 2, 1)
    assert found.find(X + "b") == Place(str(tmp_path / "two.ttl"), 3, 1)
    assert found.find(X + "b", X + "q") == Place(str(tmp_path / "two.ttl"), 4, 3)


def test_a_predicate_in_a_later_file_is_preferred_to_the_subject_in_an_earlier(tmp_path: Path) -> None:
    found = locator(tmp_path, one="ex:a ex:p 1 .", two="ex:a ex:q 2 .")
    assert found.find(X + "a", X + "q") == Place(str(tmp_path / "two.ttl"), 2, 6)


def test_terms_and_shapes_are_found_after_the_facts(tmp_path: Path) -> None:
    found = locator(tmp_path, one="ex:a ex:p 1 .")
    assert found.find(terms.PH + "Post").file == "terms/posts.ttl"
    assert found.find(terms.SHAPES + "Post").file == "shapes/post.ttl"


def test_what_is_nowhere_described(tmp_path: Path) -> None:
    found = locator(tmp_path, one="ex:a ex:p ex:b .")
    assert found.find(X + "b") == Place("facts")
    assert found.find("") == Place("facts")


def test_a_file_is_scanned_when_first_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scanned: list[str] = []
    real = Positions.__init__

    def count(self: Positions, text: str) -> None:
        scanned.append(text)
        real(self, text)

    monkeypatch.setattr(Positions, "__init__", count)
    found = locator(tmp_path, one="ex:a ex:p 1 .")
    assert scanned == []
    for _ in range(3):
        found.find(X + "a")
    assert 1 <= len(scanned) == len(set(scanned))
