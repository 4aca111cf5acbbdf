"""The files of the project: none is large, so that nothing that was downloaded or built is kept with them."""

from __future__ import annotations

import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parent.parent
LARGEST = 1_000_000


def ignored() -> list[str]:
    """Return the patterns of what git is not to keep: names of folders with a slash at the end, and names of files."""
    return (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def kept(root: Path, patterns: list[str]) -> list[Path]:
    """Return the files below a folder that no pattern names."""
    found: list[Path] = []
    for path in sorted(root.iterdir()):
        name = f"{path.name}/" if path.is_dir() else path.name
        if path.name == ".git" or any(fnmatch(name, pattern) for pattern in patterns):
            continue
        found += kept(path, patterns) if path.is_dir() else [path]
    return found


def files() -> list[Path]:
    """Return the files that git keeps, or would keep in a copy of the tree without git."""
    if (ROOT / ".git").exists():
        done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
        return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    return kept(ROOT, ignored())


def large(paths: list[Path]) -> list[str]:
    """Return the names of files that are too large to belong here."""
    return [str(path) for path in paths if path.stat().st_size > LARGEST]


def test_no_file_is_large() -> None:
    found = files()
    assert len(found) > 1000
    assert large(found) == []


def test_a_large_file_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "src").mkdir()
    for name in ("build/log", "src/data.nt", "package-1.0.whl"):
        (tmp_path / name).write_bytes(b" " * (LARGEST + 1))
    (tmp_path / "src" / "small.py").write_text("", encoding="utf-8")
    found = kept(tmp_path, ignored())
    assert [path.name for path in found] == ["data.nt", "small.py"]
    assert large(found) == [str(tmp_path / "src" / "data.nt")]


def test_patterns_are_as_simple_as_this_test_takes_them() -> None:
    assert [p for p in ignored() if not re.fullmatch(r"[\w.*-]+/?", p)] == []
