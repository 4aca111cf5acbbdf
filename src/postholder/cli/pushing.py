"""What a push needs of the terminal: a login that is asked for, and a line that shows how far the work is."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING

from postholder import settings
from postholder.push.base import Credentials, of_settings

if TYPE_CHECKING:
    from postholder.push.base import Login, Progress

_BAR = 24


def login(target: str) -> Credentials | Login:
    """Return the credentials of the environment, or a function that asks for what is missing at a terminal."""
    if (known := of_settings()) is not None:
        return known
    user, password = settings.push_login()

    def ask() -> Credentials | None:
        if sys.stdin is None or not sys.stdin.isatty() or not sys.stderr.isatty():
            return None
        print(f"{target} asks for a login", file=sys.stderr)
        if user is None:
            print("user: ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline() if user is None else f"{user}\n"
        if not line:
            return None  # the end of the input: nobody wants to log in
        try:
            return Credentials(line.strip(), getpass.getpass("password: ") if password is None else password)
        except EOFError:
            return None

    return ask


def progress() -> Progress:
    """Return a function that draws a bar on standard error, if that is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        return lambda _what, _done, _total: None

    def draw(what: str, done: int, total: int) -> None:
        filled = _BAR * done // total if total else _BAR
        ended = "\r\x1b[K" if done >= total else ""
        bar = f"\r\x1b[K{what:<9} [{'#' * filled}{'.' * (_BAR - filled)}] {done}/{total}{ended}"
        print(bar, end="", file=sys.stderr, flush=True)

    return draw


def clear() -> None:
    """Take away a bar that is not full, so that what is told next stands on a line of its own."""
    if sys.stderr is not None and sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
