"""Files come whole or not at all, and nothing of anybody is overwritten unasked."""

from __future__ import annotations

import errno
import json
import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from postholder.errors import CannotError, WouldOverwriteError
from postholder.export import target
from postholder.export.target import FolderTarget, opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STATEMENT = {"format": "x", "postholder": "0"}


def save(
    path: Path, text: str | Iterable[str] = "text", *, folder: bool = False, replace: bool = False
) -> tuple[Path, ...]:
    with opened(path, folder=folder, replace=replace) as found:
        found.put("a.txt" if folder else "", [text] if isinstance(text, str) else text)
        return found.finish(dict(STATEMENT))


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))


def breaking() -> Iterator[str]:
    yield "half"
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_and_its_statement(tmp_path: Path) -> None:
    paths = save(tmp_path / "out", "é\n")
    assert paths == (tmp_path / "out", tmp_path / "out.losses.json")
    assert (tmp_path / "out").read_bytes() == "é\n".encode()
    assert json.loads(paths[1].read_bytes()) == {**STATEMENT, "files": {"out": digest("é\n")}}
    assert names(tmp_path) == ["out", "out.losses.json"]
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "out.losses.json").stat().st_mode


def test_a_folder_and_its_statement(tmp_path: Path) -> None:
    assert save(tmp_path / "out", folder=True) == (tmp_path / "out",)
    assert names(tmp_path / "out") == ["a.txt", "losses.json"]
    assert json.loads((tmp_path / "out" / "losses.json").read_bytes())["files"] == {"a.txt": digest("text")}


def test_an_empty_folder_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    save(tmp_path / "out", folder=True)
    assert names(tmp_path) == ["out", "out/a.txt", "out/losses.json"]


@pytest.mark.parametrize("folder", [False, True])
def test_nothing_is_replaced_unasked(tmp_path: Path, folder: bool) -> None:
    save(tmp_path / "out", "first", folder=folder)
    before = {n: (tmp_path / n).read_bytes() for n in names(tmp_path) if (tmp_path / n).is_file()}
    with pytest.raises(WouldOverwriteError, match="exists"):
        save(tmp_path / "out", "second", folder=folder)
    assert {n: (tmp_path / n).read_bytes() for n in names(tmp_path) if (tmp_path / n).is_file()} == before
    save(tmp_path / "out", "third", folder=folder, replace=True)
    written = tmp_path / "out" / "a.txt" if folder else tmp_path / "out"
    assert written.read_text() == "third"
    assert len(names(tmp_path)) == (3 if folder else 2)


def test_a_statement_of_another_export_is_not_replaced_unasked(tmp_path: Path) -> None:
    (tmp_path / "out.losses.json").write_text("mine")
    with pytest.raises(WouldOverwriteError, match=r"out\.losses\.json exists"):
        save(tmp_path / "out")


@pytest.mark.parametrize(
    "statement", [None, "not JSON", "[]", '{"files": ["a.txt"]}', '{"postholder": "0", "files": {"a.txt": ""}}']
)
def test_files_of_others_are_never_removed(tmp_path: Path, statement: str | None) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    if statement is not None:
        (tmp_path / "out" / "losses.json").write_text(statement)
    with pytest.raises(WouldOverwriteError, match=r"files of others: .*thesis\.txt"):
        save(tmp_path / "out", folder=True, replace=True)
    assert (tmp_path / "out" / "thesis.txt").read_text() == "mine"


def test_a_file_that_appears_meanwhile_survives(tmp_path: Path) -> None:
    save(tmp_path / "out", folder=True)

    def meanwhile() -> Iterator[str]:
        yield "new"
        (tmp_path / "out" / "thesis.txt").write_text("mine")

    with pytest.raises(WouldOverwriteError):
        save(tmp_path / "out", meanwhile(), folder=True, replace=True)
    assert (tmp_path / "out" / "a.txt").read_text() == "text"
    assert names(tmp_path) == ["out", "out/a.txt", "out/losses.json", "out/thesis.txt"]


def test_a_folder_where_a_file_should_be_and_the_other_way_round(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(WouldOverwriteError, match="is a folder"):
        save(tmp_path / "folder", replace=True)
    with pytest.raises(WouldOverwriteError, match="is a file"):
        save(tmp_path / "file", folder=True, replace=True)


@pytest.mark.parametrize("folder", [False, True])
@pytest.mark.parametrize("earlier", [False, True])
def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, folder: bool, earlier: bool) -> None:
    if earlier:
        save(tmp_path / "out", "whole", folder=folder)
    before = names(tmp_path)
    with pytest.raises(CannotError, match="No space left") as caught:
        save(tmp_path / "out", breaking(), folder=folder, replace=True)
    assert caught.value.exit_code == 3
    assert str(tmp_path / "out") in str(caught.value)
    assert names(tmp_path) == before
    if earlier:
        assert (tmp_path / "out" / "a.txt" if folder else tmp_path / "out").read_text() == "whole"


@pytest.mark.parametrize("folder", [False, True])
def test_an_interruption_leaves_nothing(tmp_path: Path, folder: bool) -> None:
    def interrupted() -> Iterator[str]:
        yield "half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save(tmp_path / "out", interrupted(), folder=folder)
    assert names(tmp_path) == []


@pytest.mark.parametrize("folder", [False, True])
def test_a_statement_that_cannot_be_written_keeps_the_export_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: bool
) -> None:
    write = target._write

    def fail(path: Path, chunks: Any) -> str:
        if "losses.json" in path.name:
            raise OSError(errno.EIO, "broken")
        return write(path, chunks)

    monkeypatch.setattr(target, "_write", fail)
    with pytest.raises(CannotError, match="broken"):
        save(tmp_path / "out", folder=folder)
    assert names(tmp_path) == []


def test_the_earlier_folder_comes_back_when_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path / "out", "whole", folder=True)
    rename = Path.rename

    def fail(self: Path, to: Path) -> Path:
        if self.name.endswith(".part") and to == tmp_path / "out" and (self / "a.txt").read_text() == "new":
            raise OSError(errno.EIO, "broken")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(CannotError, match="broken"):
        save(tmp_path / "out", "new", folder=True, replace=True)
    assert (tmp_path / "out" / "a.txt").read_text() == "whole"
    assert names(tmp_path) == ["out", "out/a.txt", "out/losses.json"]


def test_a_file_dropped_into_the_part_folder_is_left_alone(tmp_path: Path) -> None:
    found = FolderTarget(tmp_path / "out", replace=False)
    found.put("a.txt", ["text"])
    (part,) = tmp_path.iterdir()
    (part / "thesis.txt").write_text("mine")
    found.drop()
    assert names(part) == ["thesis.txt"]


def test_says_what_to_do_when_the_folder_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CannotError) as caught:
        save(tmp_path / "no" / "out")
    assert caught.value.hint == "make the folder first"


def test_the_folder_one_stands_in_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    with pytest.raises(WouldOverwriteError, match="is a folder"):
        save(Path())


@pytest.mark.parametrize("there", [False, True])
def test_a_link_to_a_folder_is_left_as_it_is(tmp_path: Path, there: bool) -> None:
    link, real = tmp_path / "link", tmp_path / "real"
    link.symlink_to(real)
    if there:
        real.mkdir()
    with pytest.raises(WouldOverwriteError, match="is a link"):
        save(link, folder=True, replace=True)
    assert link.is_symlink()
    assert names(tmp_path) == (["link", "real"] if there else ["link"])


def test_an_interruption_between_the_two_folders_brings_the_earlier_one_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path / "out", "old", folder=True)
    rename = Path.rename

    def interrupted(self: Path, to: Path) -> Path:
        if to.name == "out" and (self / "a.txt").read_text(encoding="utf-8") == "new":
            raise KeyboardInterrupt
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save(tmp_path / "out", "new", folder=True, replace=True)
    assert (tmp_path / "out" / "a.txt").read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("folder", [False, True])
def test_a_name_that_is_no_text_is_refused(tmp_path: Path, folder: bool) -> None:
    with pytest.raises(CannotError, match="no UTF-8"):
        save(tmp_path / "a\udcff", folder=folder)
    assert names(tmp_path) == []


def test_a_root_folder_is_refused() -> None:
    with pytest.raises(CannotError, match="root folder"):
        save(Path("/"), folder=True)
