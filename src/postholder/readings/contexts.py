"""Joint choices among open interpretations: what hangs together, and what holds only under a choice."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Triple

from postholder import terms
from postholder.errors import CannotError
from postholder.graph import Node, order, triple_order
from postholder.readings.links import Links

if TYPE_CHECKING:
    from collections.abc import Hashable

    from postholder.readings.stated import Stated


def _slug(interpretation: str) -> str:
    """Return a name for an interpretation that no other has."""
    home = terms.ID + "interpretation/"
    local = interpretation.removeprefix(home)
    if local != interpretation and re.fullmatch(r"[A-Za-z0-9._-]+", local):
        return local
    return "x" + sha256(interpretation.encode()).hexdigest()[:16]


def _things(triple: Triple) -> list[Node]:
    """Return the things of the world a triple speaks of: its subject and, unless a term of ours, its value."""
    value = triple.object
    if isinstance(value, NamedNode) and not value.value.startswith((terms.PH, terms.ID + "role/")):
        return [triple.subject, value]
    return [triple.subject]


@dataclass(frozen=True)
class Context:
    """One joint choice among open interpretations and what holds only under it."""

    interpretations: tuple[NamedNode, ...]
    label: str
    stated: tuple[Triple, ...] = field(repr=False)

    @property
    def slug(self) -> str:
        """A stable name made of the interpretations' own."""
        return "+".join(_slug(i.value) for i in self.interpretations)

    @property
    def inferred_graph(self) -> NamedNode:
        """The graph for what follows under this choice."""
        return NamedNode(f"{terms.INFERRED_GRAPH}/{self.slug}")


def clusters(stated: Stated, *, linked: bool) -> list[list[Node]]:
    """Group open ambiguities whose readings touch each other: one reading or one thing of both.

    With `linked`, also those that touch parts of one whole, from which something may follow jointly.
    """
    member_of = {i: a for a, members in stated.open.items() for i in members}
    group: dict[Node, frozenset[Node]] = {a: frozenset([a]) for a in stated.open}
    accepted = set(stated.agreed)
    touching: dict[Hashable, set[Node]] = {}
    links = Links(stated) if linked and len(stated.open) > 1 else None
    for reading, triples in stated.graphs.items():
        ambiguities = {member_of[i] for i in stated.rests_on(reading) if i in member_of}
        if not ambiguities or not stated.stands(reading):
            continue
        touching.setdefault(reading, set()).update(ambiguities)
        for triple in triples:
            if triple not in accepted:
                for node in (*_things(triple), *(links.of(triple.subject) if links else ())):
                    touching.setdefault(node, set()).update(ambiguities)
    for together in touching.values():
        joined = frozenset().union(*(group[a] for a in together))
        group.update(dict.fromkeys(joined, joined))
    return sorted((sorted(g, key=order) for g in set(group.values())), key=lambda g: order(g[0]))


def grouped(stated: Stated, limit: int) -> tuple[list[list[Node]], bool]:
    """Return the open ambiguities in groups to be answered jointly, and whether links were heeded.

    Where linked groups have more than `limit` joint choices, only those are grouped that touch the very
    same things; what follows from several of them together is then missing, and a finding says so.
    Raises CannotError when even these are too many.
    """
    for linked in (True, False):
        groups = clusters(stated, linked=linked)
        if sum(prod(len(stated.open[a]) for a in group) for group in groups) <= limit:
            return groups, linked
    raise CannotError(
        f"the open readings combine in more than {limit} ways",
        hint="decide some interpretations, or split claims that touch many ambiguities",
    )


def choices(stated: Stated, limit: int) -> list[list[Context]]:
    """Return the contexts, with what is said of any time, grouped so that those of one list exclude each other."""
    result = []
    undecided = {i for members in stated.open.values() for i in members}
    agreed = set(stated.agreed)
    under: list[tuple[frozenset[Node], list[Triple]]] = []
    for reading, triples in stated.graphs.items():
        needs = frozenset(i for i in stated.rests_on(reading) if i in undecided)
        if needs and stated.stands(reading):
            under.append((needs, triples))
    for group in grouped(stated, limit)[0]:
        answers = [stated.open[a] for a in group]
        result.append([_context(stated, chosen, under, agreed) for chosen in product(*answers)])
    return result


def _context(
    stated: Stated,
    chosen: tuple[Node, ...],
    under: list[tuple[frozenset[Node], list[Triple]]],
    agreed: set[Triple],
) -> Context:
    names = sorted((i for i in chosen if isinstance(i, NamedNode)), key=order)
    picked = set(chosen)
    extra = {t for needs, triples in under if needs <= picked for t in triples} - agreed
    label = "; ".join(stated.record.label(i) for i in names)
    return Context(tuple(names), label, tuple(sorted(extra, key=triple_order)))
