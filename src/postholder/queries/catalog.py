"""The saved questions: one file each, under a folder for their topic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from postholder import header
from postholder.errors import ParseError, Place, UnknownNameError
from postholder.queries.rows import Rows
from postholder.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TYPES = ("entity", "date", "integer", "string")
_REQUIRED = {"summary", "description", "tags", "columns", "needs", "since"}
_OPTIONAL = {"parameters", "empty", "key", "over"}
_OVER = ("", "all time", "absence")
_COMMON = frozenset(
    """
    a and any are as at by do does each from has have how in is it of on one or that the there they to what when which
    who with
    """.split()  # noqa: SIM905 - words read better in a line
)
"""Words that say nothing about which question is meant."""
_SPEC = {"type", "description"}
_SPEC_MORE = {"kinds", "choices"}


@dataclass(frozen=True)
class Parameter:
    """A value that a question may be narrowed by."""

    name: str
    type: str
    """One of `TYPES`."""
    description: str
    kinds: tuple[str, ...] = ()
    """Classes of ours that an entity must be of; none means any."""
    choices: tuple[str, ...] = ()
    """The only values a string may have; none means any."""

    def as_dict(self) -> dict[str, Any]:
        """Return the declaration as plain data."""
        lists = {"kinds": list(self.kinds), "choices": list(self.choices)}
        return {"type": self.type, "description": self.description, **lists}


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
    key: tuple[str, ...]
    """The columns that tell which row it is; the others describe it. All columns unless the header says."""
    over: str
    """`all time` if the question compares days, so that a view of one day answers it of all time; `absence` if its
    rows tell what is missing, so that a row is certain when it is missing from all that is possible; else empty."""
    needs: str
    """`stated` if the record and the readings are enough, `closed` if inferred facts are read."""
    empty: str
    """What it means when no row comes back."""
    since: str
    text: str
    cypher: str = ""
    """The same question in Cypher, for the exported property graph; empty if there is no such twin."""

    def as_dict(self) -> dict[str, Any]:
        """Return the header as plain data."""
        return {
            "name": self.name, "topic": self.topic, "question": self.summary, "description": self.description,
            "tags": list(self.tags), "columns": dict(self.columns), "key": list(self.key), "over": self.over,
            "needs": self.needs, "empty": self.empty, "cypher": bool(self.cypher),
            "parameters": {p.name: p.as_dict() for p in self.parameters},
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
    """Suggest by the words of the questions and their tags first, then by spelling."""
    asked = _stems(name)
    scored = []
    for question in every(folder):
        words = _stems(f"{question.name} {question.name} {' '.join(question.tags)} {question.summary}")
        in_name = len(asked & _stems(question.name))
        if score := 2 * in_name + len(asked & words):
            scored.append((-score, question.name))
    told = [found for _, found in sorted(scored)][:3]
    names = list(
        dict.fromkeys(
            [*nearest(name, paths, 2), *told] if name in " ".join(paths) else [*told, *nearest(name, paths, 2)]
        )
    )
    if names:
        return f"did you mean {', '.join(names[:5])}?"
    return "`postholder query` lists them all"


def _stems(text: str) -> set[str]:
    """Return the words of a text without the endings that make no difference here."""
    words = re.findall(r"[a-z]+", text.lower())
    return {re.sub(r"(ies|ing|es|s|ed|y)$", "", w)[:8] for w in words if w not in _COMMON}


def every(folder: Path) -> list[Question]:
    """Return all questions, by topic and name."""
    found = [read(p) for p in _paths(folder).values()]
    return sorted(found, key=lambda q: (q.topic, q.name))


def listed(questions: Iterable[Question]) -> Rows:
    """Return questions as rows: topic, name, question, parameters."""
    cells = ((q.topic, q.name, q.summary, " ".join(p.name for p in q.parameters)) for q in questions)
    return Rows(("topic", "name", "question", "parameters"), tuple(tuple(Literal(c) for c in row) for row in cells))


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
        if not isinstance(spec, dict) or not _SPEC <= set(spec) <= _SPEC | _SPEC_MORE or spec["type"] not in TYPES:
            raise ParseError(
                f"parameter {name} needs a description and a type out of {', '.join(TYPES)}; "
                f"it may have {', '.join(sorted(_SPEC_MORE))}",
                place=place,
            )
        lists = {key: spec.get(key, []) for key in _SPEC_MORE}
        if not all(isinstance(v, list) and all(isinstance(w, str) for w in v) for v in lists.values()):
            raise ParseError(f"parameter {name}: kinds and choices are lists of words", place=place)
        parameters.append(
            Parameter(str(name), spec["type"], str(spec["description"]), tuple(lists["kinds"]), tuple(lists["choices"]))
        )
    tags = head["tags"]
    if not isinstance(tags, list) or not all(isinstance(t, str) for t in tags):
        raise ParseError("header key tags is not a list of words", place=place)
    if head["needs"] not in {"stated", "closed"}:
        raise ParseError("header key needs is neither stated nor closed", place=place)
    columns = tuple((str(k), str(v)) for k, v in mapping("columns").items())
    names = [name for name, _ in columns]
    key = head.get("key", names)
    if not isinstance(key, list) or not key or not set(key) <= set(names):
        raise ParseError("header key `key` is not a list of columns", place=place)
    if head.get("over", "") not in _OVER:
        raise ParseError("header key over is neither `all time` nor `absence`", place=place)
    return Question(
        name=path.stem,
        topic=path.parent.name,
        summary=str(head["summary"]),
        description=str(head["description"]),
        tags=tuple(tags),
        parameters=tuple(parameters),
        columns=columns,
        key=tuple(key),
        over=str(head.get("over", "")),
        needs=head["needs"],
        empty=str(head.get("empty", "none stated in the documents at hand")),
        since=str(head["since"]),
        text=text,
        cypher=_twin(path),
    )


def _twin(path: Path) -> str:
    """Return the text of the Cypher twin beside a query file, or nothing if it has none."""
    twin = path.with_suffix(".cypher")
    try:
        return twin.read_text(encoding="utf-8") if twin.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ParseError(f"cannot read the Cypher twin: {error}", place=Place(twin.name)) from error
