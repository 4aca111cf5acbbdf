"""Run a free-text query within limits of time and memory.

Neither engine can cancel a query, so it runs in a forked child that is stopped at the limit. The
child may open no further file and no socket, whatever the query says. Where the system cannot
fork there is no such wall, and free text is refused.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
from typing import TYPE_CHECKING, Any

from postholder.errors import CannotError, PostholderError, QueryLimitError
from postholder.queries.guard import check

if TYPE_CHECKING:
    from collections.abc import Collection
    from multiprocessing.connection import Connection

    from postholder.settings import Settings
    from postholder.stores.base import Answer, Store


def _wall(extra: int) -> None:
    """Let this process open nothing more, and grow by no more than `extra` bytes."""
    import resource  # noqa: PLC0415 - absent where there is no fork either

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


def _child(pipe: Connection, store: Store, text: str, extra: int) -> None:
    os.environ["RUST_BACKTRACE"] = "0"  # Oxigraph, out of memory, would wait for itself to draw one
    _wall(extra)
    try:
        message = _packed(store.query(text))
    except PostholderError as error:
        message = _packed(error)
    except MemoryError:
        _unbound_memory()
        message = _packed(QueryLimitError("the query needed more memory than allowed", hint="ask for less at a time"))
    except RecursionError:
        message = _packed(QueryLimitError("the query nests too deeply", hint="simplify it"))
    except Exception as error:  # noqa: BLE001 - whatever it is, the reason must reach the user
        message = _packed(CannotError(f"the query failed: {type(error).__name__}: {error}"))
    pipe.send_bytes(message)
    os._exit(0)  # nothing is left to tidy up, and tidying up needs memory


def _packed(result: object) -> bytes:
    return pickle.dumps(result, protocol=pickle.HIGHEST_PROTOCOL)


def ask(store: Store, text: str, graphs: Collection[str], settings: Settings) -> Answer:
    """Check a query, run it within the limits and return its answer.

    Raises RefusedQueryError, QuerySyntaxError, QueryLimitError or CannotError.
    """
    check(text, graphs)
    if "fork" not in multiprocessing.get_all_start_methods():
        raise CannotError(
            "this system cannot run free SPARQL behind a wall", hint="ask a saved question, or export the graph"
        )
    context: Any = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(sender, store, text, settings.query_bytes), daemon=True)
    child.start()
    sender.close()
    try:
        if not receiver.poll(settings.query_seconds):
            raise QueryLimitError(
                f"stopped after {settings.query_seconds:g} s",
                hint="narrow the query, add LIMIT, or set POSTHOLDER_QUERY_SECONDS higher",
            )
        result = pickle.loads(receiver.recv_bytes())  # noqa: S301 - our own child wrote it
    except (EOFError, OSError):
        child.join()
        raise QueryLimitError(
            "the query was stopped: it needed more memory or stack than allowed",
            hint="ask for less at a time",
        ) from None
    finally:
        receiver.close()
        child.kill()
        child.join()
    if isinstance(result, PostholderError):
        raise result
    if not hasattr(result, "columns"):
        raise CannotError("the query gave no answer")
    return result  # type: ignore[no-any-return]
