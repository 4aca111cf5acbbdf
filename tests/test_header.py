"""Headers of query, rule and check files: strict YAML, with the line of a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from postholder import header
from postholder.errors import ParseError

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, text: str) -> Path:
    path = folder / "q.rq"
    path.write_text(text, encoding="utf-8")
    return path


def test_split_takes_the_leading_lines() -> None:
    assert header.split("#+ a: 1\n#+   b: 2\n#+\n# no\n#+ c: 3\n") == ("a: 1\n  b: 2\n", 3)
    assert header.split("SELECT") == ("", 0)
    assert header.split("") == ("", 0)


def test_read_gives_mapping_and_text(tmp_path: Path) -> None:
    text = "#+ summary: \u4e2d\n#+ tags: [a, b]\nASK {}\n"
    assert header.read(write(tmp_path, text), {"summary"}, {"tags"}) == (
        {"summary": "\u4e2d", "tags": ["a", "b"]},
        text,
    )


def test_an_optional_key_may_be_missing(tmp_path: Path) -> None:
    found, _ = header.read(write(tmp_path, "#+ summary: x\nASK {}"), {"summary"}, {"tags"})
    assert found == {"summary": "x"}


@pytest.mark.parametrize(
    "text", ["ASK {}", "", "# summary: x\nASK {}", "#+ - a\n#+ - b\n", "#+ just words\n", "\n#+ summary: x"]
)
def test_no_header(tmp_path: Path, text: str) -> None:
    with pytest.raises(ParseError, match="no header") as caught:
        header.read(write(tmp_path, text), {"summary"}, set())
    assert str(caught.value.place) == "q.rq:1"
    assert caught.value.hint


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="not YAML") as caught:
        header.read(write(tmp_path, "#+ summary: x\n#+ tags: [a\n#+ b: c: d\nASK {}"), {"summary"}, set())
    assert caught.value.place is not None
    assert caught.value.place.file == "q.rq"
    assert caught.value.place.line in {2, 3}


def test_broken_yaml_without_a_place(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="not YAML") as caught:
        header.read(write(tmp_path, "#+ summary: \x07x\nASK {}"), {"summary"}, set())
    assert str(caught.value.place) == "q.rq:1"


def test_yaml_makes_no_objects(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="not YAML"):
        header.read(write(tmp_path, "#+ summary: !!python/object/apply:os.getcwd []\n"), {"summary"}, set())


def test_all_missing_keys_are_named(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="header lacks reason, summary"):
        header.read(write(tmp_path, "#+ tags: []\n"), {"summary", "reason", "tags"}, set())


def test_all_unknown_keys_are_named(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="unknown header key sumary, tag"):
        header.read(write(tmp_path, "#+ summary: x\n#+ tag: y\n#+ sumary: z\n"), {"summary"}, {"tags"})


def test_a_key_that_is_no_text_is_named(tmp_path: Path) -> None:
    """YAML reads `on` as true: it must be told, not crash the sorting."""
    with pytest.raises(ParseError, match="unknown header key"):
        header.read(write(tmp_path, "#+ summary: x\n#+ on: y\n#+ abc: z\n"), {"summary"}, set())


def test_a_key_given_twice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="summary"):
        header.read(write(tmp_path, "#+ summary: x\n#+ summary: y\n"), {"summary"}, set())
