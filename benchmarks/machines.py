"""What the numbers of a benchmark depend on, and how they are measured and summed up, the same in all of them.

Imports little: the memory of a process counts as that of its children.
"""

from __future__ import annotations

import os
import platform
import resource
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MEBIBYTE = 1024 * 1024
_UNIT = 1 if platform.system() == "Darwin" else 1024
"""Bytes in a unit of `ru_maxrss`."""


def installed(name: str) -> str:
    """Return the version of a package, or that there is none."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def machine(*packages: str) -> dict[str, str]:
    """Return what the numbers depend on: the machine, Python, Postholder and the packages that do the work."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // MEBIBYTE
    return {
        "cpu": names[0] if names else platform.processor() or "unknown",
        "cores": str(os.cpu_count()),
        "memory": f"{memory} MiB",
        "python": platform.python_version(),
        **{name: installed(name) for name in ("postholder", *packages)},
        "system": f"{platform.system()} {platform.machine()}",
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def line(about: dict[str, str]) -> str:
    """Return what numbers depend on as one line."""
    return ", ".join(f"{name} {value}" for name, value in about.items())


def peak_mib(usage: resource.struct_rusage | None = None) -> float:
    """Return the largest memory that a child, or this process so far, has taken."""
    used = usage or resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_maxrss * _UNIT / MEBIBYTE


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return how often something was measured, and the median, the smallest and the largest value."""
    return {"runs": len(values), "median": median(values), "min": min(values), "max": max(values)}
