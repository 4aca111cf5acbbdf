"""Run a worker in a process of its own under caps on time and memory, and measure it from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Any

sys.path.append(str(Path(__file__).parent.parent))
from machines import MEBIBYTE, peak_mib  # shared by all benchmarks, a folder up

if TYPE_CHECKING:
    from collections.abc import Sequence

_PAUSE = 0.02
"""Seconds between looks at the child's memory."""
_PAGE = os.sysconf("SC_PAGE_SIZE")
_LAST = 300
"""Characters of an error that are worth telling."""


@dataclass(frozen=True)
class Caps:
    """What a child may take."""

    seconds: float
    mebibytes: int

    def told(self) -> str:
        """Say the caps."""
        return f"{self.seconds:g} s and {self.mebibytes} MiB a run"


@dataclass(frozen=True)
class Run:
    """How one run went: what the worker told, or the reason why there is nothing."""

    wall_s: float
    peak_mib: float
    told: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


def _resident(process: int) -> int:
    """Return the resident memory of a process in bytes, 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


def watched() -> bool:
    """Tell whether the system lets the memory of a child be watched."""
    return _resident(os.getpid()) > 0


def run(command: Sequence[str], caps: Caps) -> Run:
    """Run a command that prints one JSON object; its peak is what the system saw (ru_maxrss)."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = perf_counter()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)  # noqa: S603 - our own worker
        killed = ""
        while True:
            done, status, usage = os.wait4(child.pid, os.WNOHANG)
            if done:
                break
            if not killed and perf_counter() - start > caps.seconds:
                killed = f"stopped at the cap of {caps.seconds:g} s"
            elif not killed and _resident(child.pid) > caps.mebibytes * MEBIBYTE:
                killed = f"stopped at the cap of {caps.mebibytes} MiB, after {perf_counter() - start:.0f} s"
            if killed:
                os.kill(child.pid, 9)
            sleep(_PAUSE if perf_counter() - start > 1 else _PAUSE / 20)
        wall = perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)  # it is waited for: no second wait
        peak = peak_mib(usage)
        out.seek(0)
        err.seek(0)
        if killed:
            return Run(wall, peak, reason=killed)
        if child.returncode:
            last = err.read().decode(errors="replace").strip().splitlines()[-1:]
            return Run(wall, peak, reason=f"failed with status {child.returncode}: {''.join(last)[:_LAST]}")
        try:
            told = json.loads(out.read())
        except ValueError:
            return Run(wall, peak, reason="ended without an answer")
        return Run(wall, peak, told, str(told.get("reason", "")))
