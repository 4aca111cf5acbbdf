"""Links between things: one for a triple and its inverse, with the readings under which it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from postholder import terms
from postholder.export.spool import listed
from postholder.export.world import Under, read, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postholder.export.world import World

Key: TypeAlias = tuple[str, str, str]

_TABLES = (
    "CREATE TABLE raw (a TEXT, p TEXT, b TEXT, under TEXT, claim TEXT, stated INTEGER)",
    """CREATE TABLE link (
      a TEXT, p TEXT, b TEXT, under TEXT, claims TEXT, stated INTEGER, PRIMARY KEY (a, p, b, under)
    ) WITHOUT ROWID""",
    "CREATE TABLE implied (a TEXT, p TEXT, b TEXT, under TEXT, PRIMARY KEY (a, p, b, under)) WITHOUT ROWID",
)
_SAME = "SELECT 1 FROM quad x WHERE x.s = q.s AND x.p = q.p AND x.o = q.o AND x.g ="
# A triple of the default graph is stated if it does not follow; one of a layer if the layer has a claim.
_GATHER = f"""
SELECT q.s, q.p, q.o, CASE WHEN EXISTS ({_SAME} '') THEN '' ELSE l.under END, l.claim,
  CASE WHEN q.g = '' THEN NOT EXISTS ({_SAME} '{terms.INFERRED_GRAPH}') ELSE l.claim IS NOT NULL END
FROM quad q JOIN layer l USING (g) JOIN node a ON a.iri = q.s JOIN node b ON b.iri = q.o
WHERE q.g = '' OR l.under <> '' OR EXISTS ({_SAME} '')
"""
_FOREIGN = f"SELECT a, p, b, under FROM link WHERE substr(p, 1, {len(terms.PH)}) <> '{terms.PH}'"
_DROP = "DELETE FROM link WHERE (a, p, b, under) IN (SELECT a, p, b, under FROM implied)"


@dataclass
class Support:
    """Why a link holds: the claims that state it, and whether anybody states it at all."""

    claims: set[str] = field(default_factory=set)
    stated: bool = False

    def join(self, other: Support) -> None:
        """Add another reason."""
        self.claims |= other.claims
        self.stated |= other.stated


class Links:
    """All links between the things of a dataset, in the table `link` of its spool.

    A triple and its inverse, and the two directions of a symmetric property, are one link. A link
    in the words of another vocabulary that only repeats one in ours is left out and counted. The
    things must be there already (`Things`).
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.spool = world.spool
        for table in _TABLES:
            self.spool.run(table)
        self.spool.many("INSERT INTO raw VALUES (?, ?, ?, ?, ?, ?)", self._gathered())
        self.spool.many("INSERT INTO link VALUES (?, ?, ?, ?, ?, ?)", self._folded())
        self.spool.run("DROP TABLE raw")
        self.spool.run("CREATE INDEX link_into ON link (b, p)")
        self.spool.many("INSERT INTO implied VALUES (?, ?, ?, ?)", self._implied())
        self.implied = self.spool.count("SELECT count(*) FROM implied")
        self.spool.run(_DROP)

    def _key(self, start: str, prop: str, end: str) -> Key:
        """Return a triple as the link that stands for it."""
        forward = self._world.vocabulary.forward.get(prop)
        if forward:
            return end, forward, start
        if prop in self._world.vocabulary.symmetric:
            start, end = sorted((start, end))
        return start, prop, end

    def _gathered(self) -> Iterator[tuple[object, ...]]:
        for start, prop, end, *rest in self.spool.rows(_GATHER):
            yield *self._key(start, prop, end), *rest

    def _folded(self) -> Iterator[tuple[object, ...]]:
        """Yield each link once per weakest condition under which it holds."""
        rows = self.spool.rows("SELECT a, p, b, under, claim, stated FROM raw ORDER BY a, p, b")
        for key, group in groupby(rows, key=lambda row: row[:3]):
            unders: dict[Under, Support] = {}
            for *_, under, claim, stated in group:
                unders.setdefault(read(under), Support()).join(Support({claim} if claim else set(), bool(stated)))
            for under in self._world.simplest(unders):
                support = Support()
                for stronger, reason in unders.items():
                    if under <= stronger:
                        support.join(reason)
                yield *key, written(under), " ".join(sorted(support.claims)), support.stated

    def _implied(self) -> Iterator[tuple[object, ...]]:
        """Yield the links in the words of others that one of ours implies."""
        for start, prop, end, under in self.spool.rows(_FOREIGN):
            below = self._world.vocabulary.below(prop)
            if any(self.support((start, p, end), read(under)) for p in below):
                yield start, prop, end, under

    def support(self, key: Key, under: Under) -> Support | None:
        """Return why a link holds under a condition, or None if it does not."""
        found = self.spool.rows("SELECT under, claims, stated FROM link WHERE a = ? AND p = ? AND b = ?", *key)
        held = [Support(set(listed(claims)), bool(stated)) for u, claims, stated in found if read(u) <= under]
        if not held:
            return None
        joined = Support()
        for support in held:
            joined.join(support)
        return joined

    def properties(self) -> set[str]:
        """Return the properties that links use."""
        return set(self.spool.column("SELECT DISTINCT p FROM link"))

    def __iter__(self) -> Iterator[tuple[Key, Under, Support]]:
        """Yield each link with each condition under which it holds, in order."""
        for start, prop, end, under, claims, stated in self.spool.rows(
            "SELECT a, p, b, under, claims, stated FROM link ORDER BY a, p, b, under"
        ):
            yield (start, prop, end), read(under), Support(set(listed(claims)), bool(stated))
