"""Find the axioms among facts in tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, parse

from postholder import terms
from postholder.closure.profile import logical
from postholder.closure.program import DIFFERENT, SAME
from postholder.errors import CannotError
from postholder.graph import TYPE, text_of

if TYPE_CHECKING:
    import duckdb
    from pyoxigraph import Triple

_SPEAKS_OF_TERMS = ("subClassOf", "subPropertyOf", "domain", "range")
_NO_AXIOMS = {terms.OWL + n for n in ("Thing", "Nothing", "NamedIndividual")} | {terms.RDFS + "Resource"}
"""What a thing may be said to be without any change to the rules."""


def axioms_among(connection: duckdb.DuckDBPyConnection, source: str = "stated") -> list[Triple]:
    """Return the facts of a table that may be axioms, in the order of their texts.

    These are the ones in words of OWL, RDFS and lists, identities of classes and properties, and what is said to
    be of a class without a name; no identities of things.
    """
    named = ", ".join(f"'<{terms.RDFS}{n}>'" for n in _SPEAKS_OF_TERMS)
    rows = connection.execute(
        f"""with word as (
          select id from term where starts_with(text, '<{terms.OWL}') and text not in ('<{SAME}>', '<{DIFFERENT}>')
            or text in ({named}, '<{terms.RDF}first>', '<{terms.RDF}rest>')
        ),
        said as (
          select s, p, o from {source} where p in (from word) union
          select s, p, o from {source} where p = (select id from term where text = $type) and o in (
            select id from term where starts_with(text, '<{terms.OWL}') or starts_with(text, '<{terms.RDFS}') union
            select s from stated semi join word on p = word.id semi join term on s = term.id and starts_with(text, '_:')
          )
        ),
        used as (select s as id from said union select o from said union select p from {source}),
        told as (
          from said union
          select s, p, o from {source} where p in (select id from term where text in ('<{SAME}>', '<{DIFFERENT}>'))
            and s in (from used) and o in (from used)
        )
        select a.text, b.text, c.text from told join term a on a.id = s join term b on b.id = p join term c on c.id = o
        order by 1, 2, 3""",
        {"type": str(TYPE)},
    ).fetchall()
    return [q.triple for q in parse("".join(f"{s} {p} {o} .\n" for s, p, o in rows), format=RdfFormat.N_TRIPLES)]


def refuse(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """Raise CannotError if a table of facts to add or to take back holds axioms: they change the rules."""
    found = [
        t
        for t in logical(axioms_among(connection, source))
        if t.predicate.value not in {SAME, DIFFERENT} and not (t.predicate == TYPE and text_of(t.object) in _NO_AXIOMS)
    ]
    if found:
        raise CannotError(
            f"{found[0]} is an axiom, and axioms change the rules",
            hint="close the facts anew with the ontology as it is to be",
        )
