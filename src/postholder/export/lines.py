"""Lines of N-Quads, each once and in order, sorted on disk: memory does not grow with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.export.base import batches
from postholder.export.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad

_BATCH = 1_000  # lines that are put together before they are written


class Lines:
    """Takes quads in any order, and gives them back as text."""

    def __init__(self) -> None:
        self.spool = Spool("CREATE TABLE line (text TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, quads: Iterable[Quad]) -> int:
        """Take quads; return how many of them are new."""
        before = len(self)
        self.spool.many("INSERT OR IGNORE INTO line VALUES (?)", ((str(quad),) for quad in quads))
        return len(self) - before

    def __len__(self) -> int:
        return self.spool.count("SELECT count(*) FROM line")

    def __iter__(self) -> Iterator[str]:
        """Yield the text in pieces that are worth a call to the file system."""
        lines = (f"{text} .\n" for (text,) in self.spool.rows("SELECT text FROM line ORDER BY text"))
        return ("".join(batch) for batch in batches(lines, _BATCH))
