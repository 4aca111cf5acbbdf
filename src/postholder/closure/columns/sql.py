"""Rules as SQL, in the part of the language that DuckDB and Spark SQL share.

A relation `r7` has the columns s and, for a property, o; with derivations kept also `why`: 0 for what is
stated, else depth * 2^48 + number of the rule * 2^32 + the id of the first variable that the head does not
tell. The least `why` of a row is so the derivation of least depth, and one number holds it. All names of a
relation and of a thing are one here, so a step from one name to another adds nothing to the depth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyoxigraph import Literal

    from postholder.closure.columns.plan import Atom, TableRule
    from postholder.graph import Term

DEPTH = 48
RULE = 32


def table(relation: int) -> str:
    """Return the name of the table of a relation."""
    return f"r{relation}"


@dataclass(frozen=True)
class Select:
    """One rule as a query: what it gives in the columns of its head, from which tables, under which conditions."""

    columns: tuple[str, ...]
    tables: tuple[str, ...]
    conditions: tuple[str, ...]

    def text(self, *, distinct: bool = False) -> str:
        """Return the SQL."""
        where = f" where {' and '.join(self.conditions)}" if self.conditions else ""
        source = f" from {', '.join(self.tables)}" if self.tables else ""
        return f"select {'distinct ' if distinct else ''}{', '.join(self.columns)}{source}{where}"


def bindings(body: tuple[Atom, ...], ids: Callable[[Term], int]) -> tuple[dict[str, str], list[str]]:
    """Return where each variable of a body stands, and the conditions that join its tables."""
    where: dict[str, str] = {}
    conditions = []
    for place, atom in enumerate(body):
        for column, term in zip("so", atom.terms, strict=False):
            at = f"t{place}.{column}"
            if not isinstance(term, str):
                conditions.append(f"{at} = {ids(term)}")
            elif term in where:
                conditions.append(f"{at} = {where[term]}")
            else:
                where[term] = at
    return where, conditions


def why(rule: TableRule, where: dict[str, str]) -> str:
    """Return the expression for the derivation of what a rule gives."""
    depths = [f"t{n}.why" for n in range(len(rule.body))]
    deepest = depths[0] if len(depths) == 1 else f"greatest({', '.join(depths)})"
    level = f"(({deepest} >> {DEPTH}) + 1)" if depths else "1"
    middle = f" + {where[rule.middle]}" if rule.middle is not None else ""
    return f"{level} * {1 << DEPTH} + {rule.number << RULE}{middle}"


def select(rule: TableRule, ids: Callable[[Term], int], tables: tuple[str, ...], *, kept: bool) -> Select:
    """Return the query of a rule that reads the given tables, one for each atom of its body."""
    where, conditions = bindings(rule.body, ids)
    head = rule.head.terms if rule.head is not None else ()
    columns = [f"{where[t] if isinstance(t, str) else ids(t)} as {c}" for c, t in zip("so", head, strict=False)]
    if rule.things:
        conditions.append(f"{columns[0].split()[0]} % 2 = 0")
    if kept:
        columns.append(f"{why(rule, where)} as why")
    sources = tuple(f"{name} t{n}" for n, name in enumerate(tables))
    return Select(tuple(columns), sources, tuple(conditions))


def term(text: str) -> Term:
    """Return the term that a text in N-Triples says."""
    (quad,) = parse(f"<urn:s> <urn:p> {text} .", format=RdfFormat.N_TRIPLES)
    found: Term = quad.object
    return found


def literal(text: str) -> Literal:
    """Return the literal that a text in N-Triples says."""
    return term(text)  # type: ignore[return-value] # the caller knows
