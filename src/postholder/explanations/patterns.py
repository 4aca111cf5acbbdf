"""What a SPARQL query looks for, and the facts that one answer of it was found by.

rdflib reads the query; the store answers it. A pattern that must not match, or that is counted, is told apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Variable

from postholder.queries.lexer import tokens
from postholder.stores.rdflib import from_rdflib

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from postholder.graph import Term

_NEGATIVE = {"Builtin_NOTEXISTS"}
_EXISTS = {"Builtin_EXISTS"}
_COUNTED = {"AggregateJoin", "Group"}


@dataclass(frozen=True)
class Sought:
    """One triple that a query looks for: variables are texts, a property may be a path of rdflib."""

    subject: str | Term
    predicate: Any
    object: str | Term
    graph: str | Term | None = None

    def filled(self, values: Mapping[str, Term]) -> Sought | None:
        """Return the pattern with the values of its variables, or None if one has none."""
        parts: list[Any] = [
            values.get(p) if isinstance(p, str) else p for p in (self.subject, self.predicate, self.object, self.graph)
        ]
        if any(p is None for p in parts[:3]) or (self.graph is not None and parts[3] is None):
            return None
        return Sought(*parts)


@dataclass
class Query:
    """A query taken apart."""

    positive: list[Sought] = field(default_factory=list)
    negative: list[list[Sought]] = field(default_factory=list)
    """Groups of patterns of which no match may be found."""
    template: list[Sought] = field(default_factory=list)
    """What a CONSTRUCT query makes."""
    counts: bool = False
    """Tell whether something is counted or put together from several matches."""


def take_apart(text: str) -> Query:
    """Return the patterns of a query that parses."""
    algebra = prepareQuery(text).algebra
    found = Query(template=[_sought(t, None) for t in (algebra.template if "template" in algebra else ())])
    _walk(algebra.p, None, found, found.positive)
    return found


def _walk(node: Any, graph: Any, found: Query, into: list[Sought]) -> None:
    """Collect the patterns below a node of the algebra, in the order of the query."""
    if isinstance(node, list | tuple):
        for part in node:
            _walk(part, graph, found, into)
    if not isinstance(node, CompValue):
        return
    if node.name == "BGP":
        into += [_sought(t, graph) for t in node.triples]
    elif node.name == "Graph":
        _walk(node.p, _term(node.term), found, into)
    elif node.name in _NEGATIVE:
        found.negative.append([])
        _walk(node.graph, graph, found, found.negative[-1])
    elif node.name in _EXISTS:
        _walk(node.graph, graph, found, into)
    elif node.name == "Minus":
        found.negative.append([])
        _walk(node.p1, graph, found, into)
        _walk(node.p2, graph, found, found.negative[-1])
    else:
        found.counts |= node.name in _COUNTED
        for key in sorted(node):
            if key not in {"PV", "var", "_vars", "term"}:
                _walk(node[key], graph, found, into)


def _sought(triple: Any, graph: Any) -> Sought:
    return Sought(_term(triple[0]), _term(triple[1]), _term(triple[2]), graph)


def _term(term: Any) -> Any:
    if isinstance(term, Variable):
        return str(term)
    if isinstance(term, BNode):
        return f" {term}"  # a variable without a name, for which no answer has a value
    return from_rdflib(term) if hasattr(term, "n3") and not hasattr(term, "eval") else term


def every_value(text: str, bound: str = "") -> str:
    """Return a query for the values of all variables of a SELECT or CONSTRUCT query, at its outermost level.

    `bound` is put at the end of its pattern; grouping, order and limits are left out.
    """
    start = end = None
    opened: list[int] = []
    head = -1
    for token in tokens(text):
        if not opened and token.keyword in {"SELECT", "CONSTRUCT"} and head < 0:
            head, start = token.start, token.keyword
        elif token.text == "{" and token.kind == "mark":
            opened.append(token.start)
        elif token.text == "}" and token.kind == "mark":
            begun = opened.pop()
            if not opened and start == "CONSTRUCT":
                start = "SELECT"  # the template is over
            elif not opened and end is None:
                end = (begun, token.start)
    assert end is not None  # noqa: S101 - `take_apart` has read the query
    return f"{text[:head]}SELECT * WHERE {text[end[0] : end[1]]} {bound} }}"


def solutions(columns: tuple[str, ...], rows: tuple[tuple[Term | None, ...], ...]) -> Iterator[dict[str, Term]]:
    """Yield each row as the values of its variables."""
    for row in rows:
        yield {c: t for c, t in zip(columns, row, strict=True) if t is not None}
