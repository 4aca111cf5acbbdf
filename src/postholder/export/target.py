"""Write files so that a failure never leaves something half-written that looks whole.

Everything is written under a temporary name beside the target, forced to disk and renamed at the
end. The statement of losses holds the digest of every file it speaks of.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from postholder.errors import CannotError, Place, WouldOverwriteError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

STATEMENT = "losses.json"
_FORCE = "say that it may be replaced, or name another target"


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")


def _write(path: Path, chunks: Iterable[str | bytes]) -> str:
    """Write a new file and return its digest; a full disk shows here, not after the rename."""
    digest = sha256()
    with path.open("xb") as stream:
        for chunk in chunks:
            data = chunk if isinstance(chunk, bytes) else chunk.encode()
            digest.update(data)
            stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def _text(statement: dict[str, Any]) -> str:
    return json.dumps(statement, indent=1, ensure_ascii=False) + "\n"


def _remove(folder: Path, names: Iterable[str]) -> None:
    """Remove files that we wrote and their folder, unless somebody put another file there."""
    for name in names:
        (folder / name).unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


@contextmanager
def _cannot(path: Path) -> Iterator[None]:
    """Turn what the file system says into an error of ours that names the target."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise CannotError(
            f"cannot keep what is too much for memory: {error}",
            hint="make room where temporary files go, or name another folder for them in TMPDIR",
        ) from error
    except OSError as error:
        missing = not path.parent.is_dir()
        raise CannotError(
            f"cannot write: {error.strerror or error}",
            hint="make the folder first" if missing else "nothing was left behind under this name; try another target",
            place=Place(str(path)),
        ) from error


class FileTarget:
    """One file, with `<name>.losses.json` beside it."""

    def __init__(self, path: Path, *, replace: bool) -> None:
        self.path = path
        self.statement = path.with_name(f"{path.name}.{STATEMENT}")
        self._replace = replace
        self._part = _temporary(path)
        self._digests: dict[str, str] = {}

    def check(self) -> None:
        """Raise WouldOverwriteError if something is in the way."""
        for path in (self.path, self.statement):
            if path.is_dir():
                raise WouldOverwriteError(f"{path} is a folder", hint="name a file")
            if os.path.lexists(path) and (path.is_symlink() or not path.is_file()):
                raise WouldOverwriteError(f"{path} is not a regular file", hint="name a file")
            if path.exists() and not self._replace:
                raise WouldOverwriteError(f"{path} exists", hint=_FORCE)
        if self.path.exists() and self.path.name not in self._earlier():
            raise WouldOverwriteError(f"{self.path} is not an earlier export", hint="name another target")

    def _earlier(self) -> set[str]:
        """Return the names of the files that the statement beside the target speaks of."""
        try:
            return set(json.loads(self.statement.read_bytes())["files"])
        except (OSError, ValueError, KeyError, TypeError):
            return set()

    def put(self, name: str, chunks: Iterable[str | bytes]) -> None:  # noqa: ARG002 - there is one file
        """Write the file under its temporary name."""
        self._digests[self.path.name] = _write(self._part, chunks)

    def finish(self, statement: dict[str, Any]) -> tuple[Path, ...]:
        """Put file and statement in their places; the file comes last."""
        part = _temporary(self.statement)
        try:
            _write(part, [_text({**statement, "files": self._digests})])
            part.replace(self.statement)
        finally:
            part.unlink(missing_ok=True)
        self._part.replace(self.path)
        return self.path, self.statement

    def drop(self) -> None:
        """Remove what was written so far."""
        self._part.unlink(missing_ok=True)


class FolderTarget:
    """A folder of files, among them `losses.json`, which lists them all."""

    def __init__(self, path: Path, *, replace: bool) -> None:
        self.path = path
        self._replace = replace
        self._part = _temporary(path)
        self._begun: set[str] = set()
        self._digests: dict[str, str] = {}

    def _ours(self) -> set[str]:
        """Return the names that an earlier export wrote into the folder."""
        try:
            statement = json.loads((self.path / STATEMENT).read_bytes())
            return {*statement["files"], STATEMENT} if "postholder" in statement else set()
        except (OSError, ValueError, KeyError, TypeError):
            return set()

    def check(self) -> None:
        """Raise WouldOverwriteError if something is in the way; files of others always are."""
        if self.path.is_symlink():
            raise WouldOverwriteError(f"{self.path} is a link", hint="name the folder that it leads to")
        if not self.path.exists():
            return
        if not self.path.is_dir():
            raise WouldOverwriteError(f"{self.path} is a file", hint="name a folder")
        found = {p.name for p in self.path.iterdir()}
        others = sorted(found - self._ours())
        if others:
            raise WouldOverwriteError(
                f"{self.path} holds files of others: {', '.join(others[:3])}", hint="name a new or empty folder"
            )
        if found and not self._replace:
            raise WouldOverwriteError(f"{self.path} exists", hint=_FORCE)

    def put(self, name: str, chunks: Iterable[str | bytes]) -> None:
        """Write one file of the folder."""
        self._part.mkdir(exist_ok=True)
        self._begun.add(name)
        self._digests[name] = _write(self._part / name, chunks)

    def finish(self, statement: dict[str, Any]) -> tuple[Path, ...]:
        """Put the folder in its place; an earlier export stays until the new one stands."""
        self._part.mkdir(exist_ok=True)
        _write(self._part / STATEMENT, [_text({**statement, "files": dict(sorted(self._digests.items()))})])
        if not self.path.exists():
            self._part.rename(self.path)
            return (self.path,)
        self.check()  # again: somebody may have added a file meanwhile
        earlier, earlier_files = _temporary(self.path), self._ours()
        self.path.rename(earlier)
        try:
            self._part.rename(self.path)
        except BaseException:
            if not self.path.exists():
                earlier.rename(self.path)
            raise
        _remove(earlier, earlier_files)
        return (self.path,)

    def drop(self) -> None:
        """Remove what was written so far."""
        _remove(self._part, {*self._begun, STATEMENT})


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def opened(path: Path, *, folder: bool, replace: bool) -> Iterator[FileTarget | FolderTarget]:
    """Check the target, give it to the body, and clean up if the body fails.

    Raises WouldOverwriteError, or CannotError when the file system refuses.
    """
    named = path if path.name else path.absolute()
    if not named.name:
        raise CannotError("cannot write: this is a root folder", hint="name a file or folder", place=Place(str(path)))
    if not _is_text(str(named)):
        raise CannotError(
            "cannot write: the name is no UTF-8, so that no statement can speak of it", hint="give it another name"
        )
    target = FolderTarget(named, replace=replace) if folder else FileTarget(named, replace=replace)
    with _cannot(path):
        target.check()
        try:
            yield target
        except BaseException:
            target.drop()
            raise
