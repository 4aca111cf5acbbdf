"""Run a function behind a wall: in a forked process that can open nothing and is stopped at its limits.

SPARQL engines, and pySHACL through them, can be told by their input to call servers, read files or
run forever, and none of them can be stopped or kept local from Python. Behind the wall every new
file or socket is over the limit of open files, whatever the input says.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
from typing import TYPE_CHECKING, Any, TypeVar

from postholder.errors import CannotError, PostholderError, QueryLimitError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

_T = TypeVar("_T")


def can_wall() -> bool:
    """Tell whether this system can fork, which the wall needs."""
    return "fork" in multiprocessing.get_all_start_methods()


def _wall(extra: int) -> None:
    """Let this process open nothing more, and grow by no more than `extra` bytes."""
    import resource  # noqa: PLC0415 - absent where there is no fork either

    os.putenv("RUST_BACKTRACE", "0")  # Oxigraph, out of memory, would wait for itself to draw one
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What an engine or Python prints when memory ends is no answer.
    sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - open until the process ends
    os.dup2(sys.stderr.fileno(), 2)
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
            used = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (used + extra, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (OSError, ValueError):
        pass  # only Linux tells and enforces the address space
    # Numbers of open files stay as they are; every new one, socket or file, is over the limit.
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _unbound_memory() -> None:
    """Give back the room that is needed to say that there was none."""
    import resource  # noqa: PLC0415 - see `_wall`

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _child(pipe: Connection, function: Callable[[], object], what: str, extra: int) -> None:
    _wall(extra)
    try:
        message = _packed(function())
    except PostholderError as error:
        message = _packed(error)
    except MemoryError:
        _unbound_memory()
        message = _packed(QueryLimitError(f"{what} needed more memory than allowed", hint="ask for less at a time"))
    except RecursionError:
        message = _packed(QueryLimitError(f"{what} nests too deeply", hint="simplify it"))
    except Exception as error:  # noqa: BLE001 - whatever it is, the reason must reach the user
        message = _packed(CannotError(f"{what} failed: {type(error).__name__}: {error}"))
    pipe.send_bytes(message)
    os._exit(0)  # nothing is left to tidy up, and tidying up needs memory


def _packed(result: object) -> bytes:
    return pickle.dumps(result, protocol=pickle.HIGHEST_PROTOCOL)


def call(function: Callable[[], _T], what: str, setting: str, *, seconds: float, extra: int) -> _T:
    """Return what `function` returns, computed behind the wall.

    `what` names the work, and `setting` what raises its time limit, for messages; `seconds` and
    `extra` bytes are its limits. What the function needs must be imported before. Raises
    QueryLimitError, CannotError or the function's own error.
    """
    context: Any = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(sender, function, what, extra), daemon=True)
    child.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise QueryLimitError(
                f"{what} was stopped after {seconds:g} s",
                hint=f"ask for less at a time, add LIMIT, or set {setting} higher",
            )
        result = pickle.loads(receiver.recv_bytes())  # noqa: S301 - our own child wrote it
    except (EOFError, OSError):
        raise QueryLimitError(
            f"{what} was stopped: it needed more memory or stack than allowed", hint="ask for less at a time"
        ) from None
    finally:
        receiver.close()
        child.kill()
        child.join()
    if isinstance(result, PostholderError):
        raise result
    return result  # type: ignore[no-any-return]
