"""Entry point: run a command, print errors without a traceback, return the exit status."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from postholder.cli.parser import make, parse
from postholder.errors import PostholderError

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED = 130
_FAILED = 3
_PIPE_CLOSED = 141
"""As a shell tells a program that was ended by a closed pipe: neither success nor findings."""
_STOPPED = {
    "export": "stopped: nothing of this export is left\n  hint: export again",
    "push": "stopped: the server may hold a part of the load\n  hint: push again to finish the work",
}
"""What an interruption leaves behind, by command; the others only read."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    from postholder.cli import commands, comparing, explaining  # noqa: PLC0415

    command = None
    try:
        args = parse(sys.argv[1:] if argv is None else argv)
        command = args.command
        if args.command is None:
            make().print_help()
            return 2
        home = next((h for h in (comparing, explaining) if args.command in h.COMMANDS), commands)
        status: int = getattr(home, args.command.replace("-", "_"))(args)
        sys.stdout.flush()
    except PostholderError as error:
        print(f"postholder: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader went away; keep Python from complaining while it closes the stream.
        _drop_output()
        return _PIPE_CLOSED
    except OSError as error:
        # Ours name their file; what is left is an answer that cannot be written.
        _drop_output()
        print(f"postholder: cannot write the answer: {error.strerror or error}", file=sys.stderr)
        return _FAILED
    except KeyboardInterrupt:
        if command in _STOPPED:
            print(f"postholder: {_STOPPED[command]}", file=sys.stderr)
        return _INTERRUPTED
    except Exception as error:
        if os.environ.get("POSTHOLDER_DEBUG"):
            raise
        print(
            f"postholder: internal error: {type(error).__name__}: {error}\n"
            "  hint: this is a fault of Postholder; set POSTHOLDER_DEBUG=1 to see where, and report it",
            file=sys.stderr,
        )
        return _FAILED
    return status


def _drop_output() -> None:
    """Send what is still to be written nowhere, so that closing the stream cannot fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def entry() -> None:
    """Run as a program: text is UTF-8 whatever the locale."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # Large graphs are millions of small objects that all stay: looking for garbage among them doubles the time.
    gc.set_threshold(200_000, 20, 20)
    sys.exit(main())
