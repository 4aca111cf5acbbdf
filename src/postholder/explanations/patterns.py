"""What a SPARQL query looks for, and the facts that one answer of it was found by.

rdflib reads the query; the store answers it. A pattern that must not match, or that is counted, is told apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Variable

from postholder.queries.lexer import tokens
from postholder.stores.rdflib import from_rdflib

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from postholder.graph import Term

_ABSENT = {"Builtin_NOTEXISTS": "graph", "Minus": "p2"}
"""What must not match, and which part of it."""
_OPTIONAL = "LeftJoin", "p2"
_OUTERMOST = {"Project", "Distinct", "Reduced", "OrderBy", "Slice", "ToMultiSet", "Extend", "Filter"}
"""What stands between a query and its pattern or its groups."""


@dataclass(frozen=True)
class Sought:
    """One triple that a query looks for: variables are texts, a property may be a path of rdflib."""

    subject: str | Term
    predicate: Any
    object: str | Term
    graph: str | Term | None = None
    branch: tuple[int, ...] = ()
    """The sides of unions that it stands in, each by a number of its own."""
    optional: bool = False

    @property
    def variables(self) -> set[str]:
        """The names of its variables."""
        return {p for p in (self.subject, self.predicate, self.object, self.graph) if isinstance(p, str)}

    def filled(self, values: Mapping[str, Term]) -> Sought | None:
        """Return the pattern with the values of its variables, or None if one has none."""
        subject, predicate, value, graph = (
            values.get(p) if isinstance(p, str) else p for p in (self.subject, self.predicate, self.object, self.graph)
        )
        if subject is None or predicate is None or value is None or (self.graph is not None and graph is None):
            return None
        return replace(self, subject=subject, predicate=predicate, object=value, graph=graph)


@dataclass
class Query:
    """A query taken apart."""

    positive: list[Sought] = field(default_factory=list)
    negative: list[tuple[tuple[int, ...], list[Sought]]] = field(default_factory=list)
    """Groups of patterns of which no match may be found, each with the sides of unions that it stands in."""
    template: list[Sought] = field(default_factory=list)
    """What a CONSTRUCT query makes."""
    counts: bool = False
    """Tell whether its rows are counted or put together from several matches."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Columns that only pass on a variable of another name."""


def take_apart(text: str) -> Query:
    """Return the patterns of a query that parses."""
    algebra = prepareQuery(text).algebra
    found = _outermost(algebra.p)
    found.template = [_sought(t, None) for t in (algebra.template if "template" in algebra else ())]
    _Walk(found).walk(algebra.p, Sought("", None, ""), found.positive)
    return found


def _outermost(node: Any) -> Query:
    found = Query()
    while node.name in _OUTERMOST:
        if node.name == "Extend" and isinstance(node.expr, Variable) and not node.expr.startswith("__agg_"):
            found.renamed[str(node.var)] = str(node.expr)
        node = node.p
    found.counts = node.name == "AggregateJoin"
    return found


@dataclass
class _Walk:
    """A way through the algebra of a query, in the order of the query."""

    found: Query
    sides: int = 0

    def walk(self, node: Any, at: Sought, into: list[Sought]) -> None:
        """Collect the patterns below a node; `at` has the graph and the branch that they stand in."""
        if isinstance(node, list | tuple):
            for part in node:
                self.walk(part, at, into)
        if not isinstance(node, CompValue):
            return
        if node.name == "BGP":
            into += [replace(at, subject=_term(s), predicate=_term(p), object=_term(o)) for s, p, o in node.triples]
        elif node.name == "Graph":
            self.walk(node.p, replace(at, graph=_term(node.term)), into)
        elif node.name == "Union":
            for side in (node.p1, node.p2):
                self.sides += 1
                self.walk(side, replace(at, branch=(*at.branch, self.sides)), into)
        elif node.name in _ABSENT:
            group: list[Sought] = []
            self.found.negative.append((at.branch, group))
            self.walk(getattr(node, _ABSENT[node.name]), at, group)
            self.walk(node.p1 if node.name == "Minus" else None, at, into)
        elif node.name == "Builtin_EXISTS":
            self.walk(node.graph, replace(at, optional=True), into)
        else:
            for key in sorted(set(node) - {"PV", "var", "_vars", "term"}):
                self.walk(node[key], replace(at, optional=at.optional or (node.name, key) == _OPTIONAL), into)


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
