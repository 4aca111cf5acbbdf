"""Why a row of a saved question's answer is there: the facts that it was found by, each with its proofs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Triple
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.term import URIRef

from postholder import terms
from postholder.closure.proofs import statement
from postholder.explanations.patterns import every_value, solutions, take_apart
from postholder.graph import DEFAULT, LABEL, order, ph, text_of, triple_order
from postholder.queries.bind import written
from postholder.queries.rows import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pyoxigraph import Quad

    from postholder.explanations.explainer import Explainer
    from postholder.explanations.explanation import Explanation
    from postholder.explanations.patterns import Query, Sought
    from postholder.graph import Node, Term
    from postholder.stores.base import Store

_MOST = 200
"""Facts that are gone into for one row; a row that is counted from more says so."""
_NOT_STATED = "not stated"
"""How answers say that a document, read whole, does not tell."""
_TELLS = {LABEL.value, *(terms.PH + n for n in ("standing", "standingReason", "attestedBy"))}
"""What only names things or tells of the view itself."""


@dataclass(frozen=True)
class Silence:
    """What the record notes of a document that was read whole and does not tell something."""

    omission: str
    note: str
    document: str


@dataclass(frozen=True)
class RowExplanation:
    """Why one row is there."""

    number: int
    columns: tuple[str, ...]
    row: tuple[Term | None, ...]
    inferred: tuple[Explanation, ...] = field(repr=False)
    """The inferred facts it was found by, with their proofs."""
    stated: tuple[Explanation, ...] = field(repr=False)
    """The stated facts it was found by that none of these proofs cites."""
    counted: int = 0
    """From how many matches it is counted; 0 if it is not counted."""
    absent: int = 0
    """How many kinds of facts must not be found for it to be there, and are not."""
    more: int = 0
    """Facts that it was found by as well and that are left out here."""
    silent: tuple[Silence, ...] = ()
    """Why the answer is that it is not stated."""

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "row": self.number,
            "values": {c: None if t is None else str(t) for c, t in zip(self.columns, self.row, strict=True)},
            "inferred": [e.as_dict() for e in self.inferred],
            "stated": [e.as_dict() for e in self.stated],
            "counted_from": self.counted,
            "nothing_found_for": self.absent,
            "not_stated": [asdict(s) for s in self.silent],
            "left_out": self.more,
        }


class RowExplainer:
    """Explains rows of one question."""

    def __init__(self, explainer: Explainer, store: Store, quads: Sequence[Quad], text: str) -> None:
        self._explainer, self._store, self._quads, self._text = explainer, store, quads, text

    @cached_property
    def _query(self) -> Query:
        return take_apart(self._text)

    @cached_property
    def _index(self) -> dict[tuple[object, NamedNode], list[tuple[Node, Term]]]:
        index: dict[tuple[object, NamedNode], list[tuple[Node, Term]]] = defaultdict(list)
        for q in self._quads:
            index[q.graph_name, q.predicate].append((q.subject, q.object))
        return index

    @cached_property
    def _inferred(self) -> set[Triple]:
        return {q.triple for q in self._quads if str(q.graph_name).startswith(f"<{terms.INFERRED_GRAPH}")}

    def explain(self, number: int, columns: Sequence[str], row: Sequence[Term | None]) -> RowExplanation:
        """Return why a row is there."""
        told = [(self._query.renamed.get(c, c), t) for c, t in zip(columns, row, strict=True)]
        values = {c: t for c, t in told if t is not None}
        bound = f"VALUES ({' '.join(f'?{c}' for c in values)}) {{ ({' '.join(map(written, values.values()))}) }}"
        answer = self._store.query(every_value(self._text, "" if self._query.counts else bound))
        found = [s for s in solutions(answer.columns, answer.rows) if self._fits(s, told)]
        chosen = found if self._query.counts else found[:1]
        matched = [self._matched(s, set(answer.columns)) for s in chosen]
        facts = {t for found, _ in matched for t in found}
        worldly = sorted((t for t in facts if self._is_worldly(t)), key=triple_order)
        kept = worldly[:_MOST]
        inferred = tuple(self._explainer.explain(t) for t in kept if t in self._inferred)
        cited = {s.says for e in inferred for a in e.arguments for s in a.proof.steps}
        return RowExplanation(
            number,
            tuple(columns),
            tuple(row),
            inferred,
            tuple(self._explainer.explain(t) for t in kept if t not in self._inferred and statement(t) not in cited),
            len(found) if self._query.counts else 0,
            max((absent for _, absent in matched), default=0),
            len(worldly) - len(kept),
            self._silences(chosen) if any(text_of(t) == _NOT_STATED for t in row) else (),
        )

    def _silences(self, matches: Iterable[Mapping[str, Term]]) -> tuple[Silence, ...]:
        """Return the omissions that a question looks for and finds: those on what its pattern is silent on."""
        about, on = ph("silentAbout"), ph("silentOn")
        asked = [
            (one.subject, one.object, other.object)
            for one in self._query.positive
            for other in self._query.positive
            if (one.predicate, other.predicate) == (about, on)
            and (one.subject, one.branch) == (other.subject, other.branch)
        ]
        found = {
            omission
            for values in matches
            for terms_ in asked
            for name, thing, matter in [[values.get(t) if isinstance(t, str) else t for t in terms_]]
            for omission, told in self._pairs(DEFAULT, about)
            if told == thing and name in {None, omission} and (omission, matter) in self._pairs(DEFAULT, on)
        }
        return tuple(self._silence(o) for o in sorted(found, key=order))

    def _silence(self, omission: Node) -> Silence:
        def value(predicate: NamedNode) -> str:
            return " ".join(text_of(o) for s, o in self._pairs(DEFAULT, predicate) if s == omission)

        return Silence(text_of(omission), value(ph("note")), value(ph("inDocument")))

    def _fits(self, solution: Mapping[str, Term], told: Iterable[tuple[str, Term | None]]) -> bool:
        """Tell whether a match is one of a row's: it has the same values, where the match tells them."""
        if self._query.counts:
            return all(c not in solution or solution[c] == t for c, t in told)
        return all(t is not None or c not in solution for c, t in told)

    def _matched(self, values: Mapping[str, Term], visible: set[str]) -> tuple[list[Triple], int]:
        """Return the facts by which the patterns were matched, and how many kinds of facts were not to be found.

        Of a union only the sides that match count. What a subquery keeps to itself is not `visible`, and nothing
        is known of it.
        """
        matched = [(sought, self._triples(sought, values)) for sought in self._query.positive]
        out = {s.branch for s, found in matched if not found and s.branch and not s.optional and s.variables <= visible}
        for branch, group in self._query.negative:
            if branch and group and all(self._triples(s, values) for s in group):
                out.add(branch)

        def counts(branch: tuple[int, ...]) -> bool:
            return not any(branch[: len(b)] == b for b in out)

        facts = [t for s, found in matched for t in found if counts(s.branch)]
        return facts, sum(counts(branch) for branch, _ in self._query.negative)

    def _is_worldly(self, triple: Triple) -> bool:
        """Tell whether a fact is about the world: not about texts, not a name."""
        return (
            triple.subject not in self._explainer.texts
            and triple.predicate.value not in _TELLS
            and not text_of(triple.subject).startswith(terms.GRAPH)
        )

    def _triples(self, sought: Sought, values: Mapping[str, Term]) -> list[Triple]:
        """Return the facts that a pattern was matched by."""
        filled = sought.filled(values)
        if filled is None:
            return []
        return self._way(filled.predicate, filled.subject, filled.object, filled.graph or DEFAULT) or []

    def _way(self, path: Any, start: Any, end: Any, graph: Any) -> list[Triple] | None:
        """Return the facts by which a property, or a path of properties, leads from one term to another."""
        if isinstance(path, InvPath):
            return self._way(path.arg, end, start, graph)
        if isinstance(path, AlternativePath):
            return next((w for a in path.args if (w := self._way(a, start, end, graph)) is not None), None)
        if isinstance(path, SequencePath):
            first, *rest = path.args
            for middle in self._next(first, start, graph):
                ways = self._way(first, start, middle, graph), self._way(_sequence(rest), middle, end, graph)
                if ways[0] is not None and ways[1] is not None:
                    return [*ways[0], *ways[1]]
            return None
        if isinstance(path, MulPath):
            return self._repeated(path, start, end, graph)
        predicate = NamedNode(str(path)) if isinstance(path, URIRef) else path
        if isinstance(predicate, NamedNode) and (start, end) in self._pairs(graph, predicate):
            return [Triple(start, predicate, end)]
        return None

    def _repeated(self, path: MulPath, start: Any, end: Any, graph: Any) -> list[Triple] | None:
        """Return a shortest way of one step and more (or of none, where the path allows it)."""
        if start == end and path.mod in {"*", "?"}:
            return []
        ways: dict[Any, list[Triple]] = {start: []}
        waiting = [start]
        for node in waiting:  # grows while it is walked through
            for further in self._next(path.path, node, graph):
                if further not in ways or (further == end and not ways[further]):
                    ways[further] = [*ways[node], *(self._way(path.path, node, further, graph) or [])]
                    waiting.append(further)
                if further == end:
                    return ways[further]
        return None

    def _next(self, path: Any, start: Any, graph: Any) -> list[Any]:
        """Return where one step of a path leads."""
        if isinstance(path, InvPath):
            return [s for s, o in self._pairs(graph, _named(path.arg)) if o == start]
        if isinstance(path, AlternativePath):
            return [n for a in path.args for n in self._next(a, start, graph)]
        if isinstance(path, SequencePath):
            found = [start]
            for part in path.args:
                found = [n for node in found for n in self._next(part, node, graph)]
            return found
        if isinstance(path, MulPath):
            found = [start] if path.mod in {"*", "?"} else self._next(path.path, start, graph)
            for node in found:  # grows while it is walked through
                found += [n for n in self._next(path.path, node, graph) if n not in found and path.mod != "?"]
            return found
        return [o for s, o in self._pairs(graph, _named(path)) if s == start]

    def _pairs(self, graph: Any, predicate: NamedNode) -> list[tuple[Node, Term]]:
        return self._index.get((graph, predicate), [])


def _named(path: Any) -> NamedNode:
    return NamedNode(str(path)) if isinstance(path, URIRef) else path


def _sequence(parts: list[Any]) -> Any:
    return parts[0] if len(parts) == 1 else SequencePath(*parts)


def values_in_words(row: RowExplanation) -> str:
    """Return the values of a row, without those that are empty."""
    told = ((c, shown(t)) for c, t in zip(row.columns, row.row, strict=True))
    return ", ".join(f"{column} {value}" for column, value in told if value)
