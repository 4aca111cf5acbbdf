"""Of which classes of ours each thing of a dataset is, and whether it exists for sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.graph import TYPE

if TYPE_CHECKING:
    from postholder.export.world import World

# `ours` holds our classes, `described` the terms of the vocabulary, `supposed` what exists under open readings only.
_TABLES = (
    "CREATE TABLE ours (cls TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE described (iri TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE kind (iri TEXT, cls TEXT, PRIMARY KEY (iri, cls)) WITHOUT ROWID",
    "CREATE TABLE supposed (iri TEXT, under TEXT, PRIMARY KEY (iri, under)) WITHOUT ROWID",
)
TYPED = f"""
q.p = '{TYPE.value}' AND q.o IN (SELECT cls FROM ours) AND substr(q.s, 1, 2) <> '_:'
AND q.s NOT IN (SELECT iri FROM described)
"""
"""What makes a quad give a thing a class of ours."""
_SUPPOSED = f"FROM quad q JOIN layer l USING (g) WHERE l.under <> '' AND {TYPED}"
_FILL = (
    f"INSERT OR IGNORE INTO kind SELECT q.s, q.o FROM quad q WHERE q.g = '' AND {TYPED}",
    f"INSERT OR IGNORE INTO supposed SELECT q.s, l.under {_SUPPOSED} AND q.s NOT IN (SELECT iri FROM kind)",
    f"INSERT OR IGNORE INTO kind SELECT q.s, q.o {_SUPPOSED} AND q.s IN (SELECT iri FROM supposed)",
)


def sort(world: World) -> None:
    """Fill the tables `kind` and `supposed` of the spool: a thing has the classes that hold, or else the open ones."""
    spool, known = world.spool, world.vocabulary
    for table in _TABLES:
        spool.run(table)
    spool.many("INSERT INTO ours VALUES (?)", ((c,) for c in known.classes))
    spool.many("INSERT INTO described VALUES (?)", ((s,) for s in sorted(known.described)))
    for statement in _FILL:
        spool.run(statement)
