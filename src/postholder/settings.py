"""Limits and places, read from the environment under the one prefix `POSTHOLDER_`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from postholder.errors import UsageError

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """What can be set; sizes in bytes, times in seconds."""

    cache: Path
    max_file_bytes: int = 256 * MEBIBYTE
    """Larger files are refused: parsers hold them in memory several times over."""
    query_seconds: float = 60.0
    query_bytes: int = 4096 * MEBIBYTE
    """Address space a free-text query may add to the process that runs it."""
    engine_seconds: float = 600.0
    """How long an engine may run on one graph."""
    push_seconds: float = 600.0
    """How long a server may take for one request of a push."""
    max_contexts: int = 256
    """More joint readings than this are refused: each one is closed and validated."""


def _cache_folder() -> Path:
    if explicit := os.environ.get("POSTHOLDER_CACHE"):
        return Path(explicit)
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "postholder"
    try:
        return Path.home() / ".cache" / "postholder"
    except RuntimeError as error:
        raise UsageError("there is no home folder to keep built graphs in", hint="set POSTHOLDER_CACHE") from error


def _number(name: str, default: float) -> float:
    text = os.environ.get(f"POSTHOLDER_{name}")
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < float("inf"):
        raise UsageError(
            f"POSTHOLDER_{name} is {text!r}, which is not a positive number",
            hint=f"unset it or give a number; the default is {default:g}",
        )
    return value


def load() -> Settings:
    """Read the settings; unset variables keep their defaults."""
    return Settings(
        cache=_cache_folder(),
        query_seconds=_number("QUERY_SECONDS", Settings.query_seconds),
        engine_seconds=_number("ENGINE_SECONDS", Settings.engine_seconds),
        push_seconds=_number("PUSH_SECONDS", Settings.push_seconds),
    )


def push_login() -> tuple[str | None, str | None]:
    """Return the user and the password for a push, each None if it is not set; they are kept nowhere."""
    return os.environ.get("POSTHOLDER_PUSH_USER"), os.environ.get("POSTHOLDER_PUSH_PASSWORD")
