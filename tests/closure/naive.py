"""Rules run the plain way, as a yardstick: every rule on all that is known, round after round, by trying all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from postholder import terms
from postholder.closure.program import Pattern, Rule
from postholder.graph import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from postholder.graph import Term

SAME, DIFFERENT = (NamedNode(terms.OWL + n) for n in ("sameAs", "differentFrom"))
Binding = dict[str, "Term"]


def bindings(body: Sequence[Pattern], known: Iterable[Triple], told: Binding | None = None) -> Iterator[Binding]:
    """Yield each way in which known triples fill the body, given what is told already."""
    if not body:
        yield told or {}
        return
    for triple in known:
        found = _fitting(body[0], triple, told or {})
        if found is not None:
            yield from bindings(body[1:], known, found)


def _fitting(pattern: Pattern, triple: Triple, told: Binding) -> Binding | None:
    """Return the values of variables when a triple fits a pattern, or None where it does not."""
    if triple.predicate != pattern.predicate:
        return None
    found = dict(told)
    for part, term in ((pattern.subject, triple.subject), (pattern.object, triple.object)):
        if (found.setdefault(part, term) if isinstance(part, str) else part) != term:
            return None
    return found


def instance(pattern: Pattern, told: Binding) -> Triple:
    """Return the triple that a pattern is for these values."""
    subject, value = (told[p] if isinstance(p, str) else p for p in (pattern.subject, pattern.object))
    return Triple(subject, pattern.predicate, value)  # type: ignore[arg-type] # no literals as subjects here


def _concluded(pattern: Pattern, told: Binding) -> list[Triple]:
    """Return what a rule concludes: nothing is made the same as itself, or as a value."""
    ends = [told[p] if isinstance(p, str) else p for p in (pattern.subject, pattern.object)]
    idle = pattern.predicate == SAME and (ends[0] == ends[1] or any(isinstance(e, Literal) for e in ends))
    return [] if idle else [instance(pattern, told)]


def replacing(triples: Iterable[Triple], rules: Iterable[Rule]) -> list[Rule]:
    """Return the rules of identity of table 4, for the classes and properties that occur."""
    patterns = [p for r in rules for p in (*r.body, *([r.head] if r.head else []))]
    classes = {t.object for t in triples if t.predicate == TYPE} | {p.object for p in patterns if p.is_class}
    properties = {t.predicate for t in triples} | {p.predicate for p in patterns}
    same = Pattern("x", SAME, "y")
    found = [
        Rule("eq-sym", (same,), Pattern("y", SAME, "x")),
        Rule("eq-trans", (same, Pattern("y", SAME, "z")), Pattern("x", SAME, "z")),
        Rule("eq-diff1", (same, Pattern("x", DIFFERENT, "y"))),
        Rule("eq-diff1", (Pattern("x", DIFFERENT, "x"),)),
    ]
    found += [Rule("eq-rep-s", (same, Pattern("x", TYPE, c)), Pattern("y", TYPE, c)) for c in classes]
    for prop in properties - {TYPE, SAME}:
        found += [
            Rule("eq-rep-s", (same, Pattern("x", prop, "z")), Pattern("y", prop, "z")),
            Rule("eq-rep-o", (same, Pattern("z", prop, "x")), Pattern("z", prop, "y")),
        ]
    return found


def rounds(rules: Iterable[Rule], facts: Iterable[Triple]) -> dict[Triple, int]:
    """Return each triple that holds with the round in which it is first found; facts are of round 0."""
    rules, found, number = list(rules), dict.fromkeys(facts, 0), 0
    while True:
        number += 1
        known = list(found)
        ways = ((r.head, told) for r in rules if r.head is not None for told in bindings(r.body, known))
        new = [t for head, told in ways for t in _concluded(head, told) if t not in found]
        if not new:
            return found
        found |= dict.fromkeys(new, number)


def clashes(rules: Iterable[Rule], known: Iterable[Triple]) -> set[tuple[str, tuple[Term, ...]]]:
    """Return the clashes of rules without a head: the rule, and the values of its variables."""
    known, against = list(known), [r for r in rules if r.head is None]
    return {(r.name, tuple(told[v] for v in r.variables)) for r in against for told in bindings(r.body, known)}
