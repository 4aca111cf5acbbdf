"""The saved questions: one file each, under a folder for their topic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from postholder import header
from postholder.errors import ParseError, Place, UnknownNameError
from postholder.text import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

TYPES = ("entity", "date", "integer", "string")
_REQUIRED = {"summary", "description", "tags", "columns", "needs", "since"}
_OPTIONAL = {"parameters", "empty"}


@dataclass(frozen=True)
class Parameter:
    """A value that a question may be narrowed by."""

    name: str
    type: str
    """One of `TYPES`."""
    description: str


@dataclass(frozen=True)
class Question:
    """A saved query with its header."""

    name: str
    topic: str
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[tuple[str, str], ...]
    """Name and meaning of each column, in the order of the projection."""
    needs: str
    """`stated` if the record and the readings are enough, `closed` if inferred facts are read."""
    empty: str
    """What it means when no row comes back."""
    since: str
    text: str

    def as_dict(self) -> dict[str, Any]:
        """Return the header as plain data."""
        return {
            "name": self.name, "topic": self.topic, "question": self.summary, "description": self.description,
            "tags": list(self.tags), "columns": dict(self.columns), "needs": self.needs, "empty": self.empty,
            "parameters": {p.name: {"type": p.type, "description": p.description} for p in self.parameters},
        }  # fmt: skip


def _paths(folder: Path) -> dict[str, Path]:
    return {p.stem: p for p in sorted(folder.glob("*/*.rq"))}


def names(folder: Path) -> list[str]:
    """Return the names of all questions, sorted."""
    return sorted(_paths(folder))


def find(folder: Path, name: str) -> Question:
    """Return one question; raise UnknownNameError, which names the nearest, when there is none."""
    paths = _paths(folder)
    path = paths.get(name)
    if path is None:
        raise UnknownNameError(f"no question is called {name!r}", hint=_suggest(name, folder, paths))
    return read(path)


def _suggest(name: str, folder: Path, paths: dict[str, Path]) -> str:
    """Suggest by name and, when no name is near, by the words of the questions themselves."""
    from postholder.text import nearest  # noqa: PLC0415

    if nearest(name, paths):
        return did_you_mean(name, paths)
    words = {w.strip("?.,").lower() for w in name.replace("-", " ").replace("_", " ").split()}
    told = [
        q.name
        for q in every(folder)
        if words & {w.strip("?.,").lower() for w in f"{q.summary} {' '.join(q.tags)}".split()}
    ]
    return f"did you mean {', '.join(told[:5])}?" if told else "`postholder query` lists them all"


def every(folder: Path) -> list[Question]:
    """Return all questions, by topic and name."""
    found = [read(p) for p in _paths(folder).values()]
    return sorted(found, key=lambda q: (q.topic, q.name))


def read(path: Path) -> Question:
    """Read one query file; raise ParseError when its header is wrong."""
    head, text = header.read(path, _REQUIRED, _OPTIONAL)
    place = Place(path.name, 1)

    def mapping(key: str) -> dict[str, Any]:
        value = head.get(key) or {}
        if not isinstance(value, dict):
            raise ParseError(f"header key {key} is not a mapping", place=place)
        return value

    parameters = []
    for name, spec in mapping("parameters").items():
        if not isinstance(spec, dict) or set(spec) != {"type", "description"} or spec["type"] not in TYPES:
            raise ParseError(f"parameter {name} needs a description and a type out of {', '.join(TYPES)}", place=place)
        parameters.append(Parameter(str(name), spec["type"], str(spec["description"])))
    tags = head["tags"]
    if not isinstance(tags, list) or not all(isinstance(t, str) for t in tags):
        raise ParseError("header key tags is not a list of words", place=place)
    if head["needs"] not in {"stated", "closed"}:
        raise ParseError("header key needs is neither stated nor closed", place=place)
    return Question(
        name=path.stem,
        topic=path.parent.name,
        summary=str(head["summary"]),
        description=str(head["description"]),
        tags=tuple(tags),
        parameters=tuple(parameters),
        columns=tuple((str(k), str(v)) for k, v in mapping("columns").items()),
        needs=head["needs"],
        empty=str(head.get("empty", "none stated in the documents at hand")),
        since=str(head["since"]),
        text=text,
    )
