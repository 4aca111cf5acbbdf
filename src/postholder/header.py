"""The machine-read header of a query, rule or check file: `#+ ` lines that hold YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from postholder.errors import ParseError, Place

if TYPE_CHECKING:
    from pathlib import Path

_MARK = "#+"


def split(text: str) -> tuple[str, int]:
    """Return the YAML of the header and how many lines it takes."""
    lines = []
    for line in text.splitlines():
        if not line.startswith(_MARK):
            break
        lines.append(line.removeprefix(_MARK).removeprefix(" "))
    return "\n".join(lines), len(lines)


def _repeated(node: Any) -> str:
    """Return a key that a YAML mapping holds twice: loading would keep the last one in silence."""
    seen: set[str] = set()
    for key, _ in node.value if node is not None and node.id == "mapping" else ():
        if str(key.value) in seen:
            return str(key.value)
        seen.add(str(key.value))
    return ""


def read(path: Path, required: set[str], optional: set[str]) -> tuple[dict[str, Any], str]:
    """Return the header's mapping and the file's whole text.

    Raises ParseError when the header is missing, is not a mapping, lacks a key or has an
    unknown one (a misspelt key must not pass in silence).
    """
    import yaml  # noqa: PLC0415 - costs 15 ms that `--help` should not pay

    text = path.read_text(encoding="utf-8")
    source, _ = split(text)
    place = Place(path.name, 1)
    try:
        header = yaml.safe_load(source) if source else None
        twice = _repeated(yaml.compose(source)) if source else ""
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ParseError(
            f"header is not YAML: {getattr(error, 'problem', error)}", place=Place(path.name, line)
        ) from error
    if not isinstance(header, dict):
        raise ParseError("no header", hint=f"begin with `{_MARK} key: value` lines", place=place)
    if twice:
        raise ParseError(f"header key {twice} is given twice", place=place)
    if missing := sorted(required - set(header)):
        raise ParseError(f"header lacks {', '.join(missing)}", place=place)
    if unknown := sorted(str(key) for key in set(header) - required - optional):
        raise ParseError(f"unknown header key {', '.join(unknown)}", place=place)
    return header, text
