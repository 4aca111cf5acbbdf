"""The article is under copyright: none of its sentences may stand in the project. Nor may paths of a machine."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RUN = 8
_WORD = re.compile(r"[a-z0-9]+")
_MACHINE = re.compile(r"/(?:work|root|tmp/w|home/\w+)/|[A-Z]:\\Users\\")


@cache
def tracked() -> list[Path]:
    """Return the files of the project: those that git knows or would take, else all."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        names = [ROOT / line for line in done.stdout.splitlines()]
    except (OSError, subprocess.CalledProcessError):
        names = [
            p for p in ROOT.rglob("*") if not any(part.startswith((".", "__")) for part in p.relative_to(ROOT).parts)
        ]
    return sorted(p for p in names if p.is_file())


def text_of(path: Path) -> str:
    """Return the text of a file; empty if it is none."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return {tuple(words[n : n + RUN]) for n in range(len(words) - RUN + 1)}


def test_there_are_files_to_look_at() -> None:
    names = {p.relative_to(ROOT).as_posix() for p in tracked()}
    assert len(names) > 300
    assert {"README.md", "ontology/facts/taobao-tmall.trig", "tests/test_no_article_text.py"} <= names
    assert len([p for p in tracked() if text_of(p)]) > 300


def test_runs_are_found_across_lines_and_marks() -> None:
    sentence = "One, two;\nthree (four) FIVE-six 7 eight: nine"
    assert runs(sentence) == {
        ("one", "two", "three", "four", "five", "six", "7", "eight"),
        ("two", "three", "four", "five", "six", "7", "eight", "nine"),
    }


def test_no_file_shares_a_run_of_words_with_the_article(article: Path) -> None:
    theirs = runs(article.read_text(encoding="utf-8"))
    assert len(theirs) > 300
    shared = {
        path.relative_to(ROOT).as_posix(): " ".join(min(found))
        for path in tracked()
        if (found := runs(text_of(path)) & theirs)
    }
    assert shared == {}


def test_the_article_itself_is_not_in_the_project(article: Path) -> None:
    data = article.read_bytes()
    assert [p for p in tracked() if p.read_bytes() == data] == []


def test_no_file_names_a_path_of_a_machine() -> None:
    found = {
        f"{path.relative_to(ROOT).as_posix()}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for path in tracked()
        for text in [text_of(path)]
        for match in _MACHINE.finditer(text)
    }
    assert found == set()


@pytest.mark.parametrize("parts", [("root", "x"), ("home", "ann", "x"), ("work", "main"), ("tmp", "w", "x")])
def test_paths_of_machines_would_be_found(parts: tuple[str, ...]) -> None:
    assert _MACHINE.search(f"see /{'/'.join(parts)} there")
