"""Who says what: the claims behind the links and dates that the formats of persons and posts look at.

All of it lies in tables of a spool: a row of `fact` for a triple and its inverse, with the claims that put
it forward and how each does.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, TypeAlias

from postholder import terms
from postholder.export.world import HAS_READING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from postholder.export.world import World

Standing: TypeAlias = Literal["unasserted", "planned", "actual"]

STANDINGS: tuple[Standing, ...] = ("unasserted", "planned", "actual")
"""How something is put forward, the weakest first; tables hold the place in this order."""
ACTUAL, PLANNED = STANDINGS.index("actual"), STANDINGS.index("planned")

# `way` holds the properties to look at, by which name they go and whether they read backwards; `claim` the claims
# with how they put things forward, how many of their readings stand, and whether there is one for all answers.
# `held` is 1 if a fact holds in every reading, `claims` has the standing of each claim before it.
_TABLES = (
    "CREATE TABLE way (p TEXT PRIMARY KEY, name TEXT, back INTEGER) WITHOUT ROWID",
    "CREATE TABLE claim (claim TEXT PRIMARY KEY, standing INTEGER, readings INTEGER, covered INTEGER) WITHOUT ROWID",
    """CREATE TABLE fact (
      a TEXT, p TEXT, b TEXT, held INTEGER, standing INTEGER, claims TEXT, PRIMARY KEY (a, p, b)
    ) WITHOUT ROWID""",
)
_MODALITY = f"SELECT 1 FROM quad m WHERE m.s = r.s AND m.p = '{terms.PH}modality' AND m.g = '' AND m.o"
_CLAIMS = f"""
INSERT INTO claim
SELECT r.s, CASE
    WHEN NOT EXISTS ({_MODALITY} <> '{terms.PH}actual') THEN {ACTUAL}
    WHEN EXISTS ({_MODALITY} = '{terms.PH}planned') THEN {PLANNED} ELSE 0
  END, count(*), r.s NOT IN (SELECT claim FROM uncovered)
FROM record r JOIN layer l ON l.g = r.o WHERE r.p = '{HAS_READING}' GROUP BY r.s
"""
SAYING = f"""
claim c CROSS JOIN record r ON r.s = c.claim AND r.p = '{HAS_READING}'
CROSS JOIN layer l ON l.g = r.o CROSS JOIN quad q ON q.g = l.g
"""
"""Where claims, and what they say in each reading that may hold, come from."""
_KEY = "CASE w.back WHEN 1 THEN q.o ELSE q.s END, w.name, CASE w.back WHEN 1 THEN q.s ELSE q.o END"
_SAID = f"""
SELECT {_KEY}, NULL, NULL, NULL, 0 FROM quad q CROSS JOIN way w ON w.p = q.p WHERE q.g = ''
UNION ALL
SELECT {_KEY}, c.claim, q.g, c.standing, c.covered * c.readings FROM {SAYING} CROSS JOIN way w ON w.p = q.p
ORDER BY 1, 2, 3, 4
"""


def gather(world: World, watched: Collection[str]) -> None:
    """Fill the table `fact` of the spool with the facts of some properties, and the claims behind them."""
    spool, forward = world.spool, world.vocabulary.forward
    for table in _TABLES:
        spool.run(table)
    ways = [(p, p, 0) for p in sorted(watched) if p not in forward]
    ways += [(back, name, 1) for back, name in forward.items() if name in watched]
    spool.many("INSERT INTO way VALUES (?, ?, ?)", ways)
    spool.run(_CLAIMS)
    spool.many("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?)", _facts(world))


def _facts(world: World) -> Iterator[tuple[object, ...]]:
    """Yield each fact; behind it are the claims that state it in all of their readings, or else in any."""
    for key, rows in groupby(world.spool.rows(_SAID), key=itemgetter(0, 1, 2)):
        held = False
        sure: list[tuple[int, str]] = []
        said: list[tuple[int, str]] = []
        for claim, told in groupby(rows, key=itemgetter(3)):
            if claim is None:
                held = True
                continue
            graphs = [row[4:] for row in told]
            _, standing, needed = graphs[0]
            said.append((standing, claim))
            if len({graph for graph, _, _ in graphs}) == needed:
                sure.append((standing, claim))
        behind = sure or said
        # What no claim states is in the register of things, and counts as being so.
        standing = max((s for s, _ in behind), default=ACTUAL)
        yield *key, held, standing, " ".join(f"{s}{claim}" for s, claim in behind)


def claims_with(standing: int, *behind: str) -> tuple[str, ...]:
    """Return the claims behind some facts that put them forward in a way, in order: a plan is no witness of a fact."""
    return tuple(sorted({c[1:] for text in behind for c in text.split() if int(c[0]) == standing}))
