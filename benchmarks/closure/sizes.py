"""What a made-up graph may be called and how large it may be; without any import that takes memory."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError

FLAVOURS = ("workload", "postholder", "shipped")


def size_of(text: str) -> int:
    """Read a size such as 10k, 5M or 2500."""
    found = re.fullmatch(r"([0-9]{1,9})([kM]?)", text)
    if not found or not int(found[1]):
        raise ArgumentTypeError(f"{text} is no size; write a number, with k or M behind it: 10k, 5M")
    return int(found[1]) * {"": 1, "k": 1_000, "M": 1_000_000}[found[2]]
