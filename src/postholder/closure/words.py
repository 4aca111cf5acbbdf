"""Clashes in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from postholder.closure.reader import THING
from postholder.graph import Term, handle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postholder.closure.program import Pattern, Rule

_WORDS = {
    "cax-dw": "{x} is of two disjoint classes, {a} and {b}",
    "cax-adc": "{x} is of two disjoint classes, {a} and {b}",
    "cls-com": "{x} is of two classes of which one is the complement of the other, {a} and {b}",
    "cls-nothing2": "{x} is of the empty class {a}",
    "cls-maxc1": "{x} has {y} for {p}, and may have nothing for it",
    "cls-maxqc1": "{x} has {y} for {p}, and may have nothing of the class {b} for it",
    "cls-maxqc2": "{x} has {y} for {p}, and may have nothing for it",
    "prp-irp": "{x} stands in the irreflexive property {a} to itself",
    "prp-asyp": "{x} and {y} stand in the asymmetric property {a} both ways",
    "prp-pdw": "{x} stands to {y} in two disjoint properties, {a} and {b}",
    "prp-adp": "{x} stands to {y} in two disjoint properties, {a} and {b}",
    "prp-npa1": "{x} has {y} for {p}, which is denied",
    "prp-npa2": "{x} has {y} for {p}, which is denied",
    "eq-diff1": "{x} and {y} are the same and are different",
    "eq-diff2": "{x} and {y} are the same, and of things that are all different",
    "eq-diff3": "{x} and {y} are the same, and of things that are all different",
    "dt-not-type": "{x} is not a value of {a}",
}
_TWO_VALUES = "{x} and {y} would be the same, and are two values or a value and a thing"
_TWO_CLASSES = {"cax-dw", "cax-adc", "cls-com"}
_EITHER_WAY = {"prp-asyp", "eq-diff1", "eq-diff2", "eq-diff3"}


def name(term: Term) -> str:
    """Return how a term is called in a clash."""
    if isinstance(term, NamedNode):
        return handle(term.value)
    return "a class without a name" if isinstance(term, BlankNode) else str(term)


def told(rule: Rule, values: Mapping[str, Term]) -> str:
    """Say what clashes; the two sides of what holds either way in one order."""

    def end(part: str | Term) -> Term:
        return values[part] if isinstance(part, str) else part

    if rule.head is not None:
        one, other = sorted(_thing(end(t)) for t in (rule.head.subject, rule.head.object))
        return f"{_TWO_VALUES.format(x=one, y=other)} ({rule.name})"
    link = next((p for p in rule.body if not p.is_class), rule.body[0])
    backwards = isinstance(link.object, str) and link.object == "x" and link.subject != "x"
    x, y = (_thing(end(t)) for t in ((link.object, link.subject) if backwards else (link.subject, link.object)))
    if rule.name in _EITHER_WAY:
        x, y = sorted((x, y))
    named = [_term(p) for p in rule.body]
    if len(named) == 1 and rule.name in _TWO_CLASSES:
        named.append(THING)  # that everything is a thing is no part of a rule
    a, b = sorted((name(named[0]), name(named[-1])))
    if rule.name.startswith("cls-maxqc"):
        b = name(named[-1])
    return f"{_WORDS[rule.name].format(x=x, y=y, a=a, b=b, p=name(link.predicate))} ({rule.name})"


def merged_terms(one: Term, other: Term, used: Term) -> str:
    """Say that a class or property is found to be another, too late to be made rules of (eq-rep-p)."""
    return (
        f"{name(one)} is found to be the same as {name(other)}, and facts or axioms use {name(used)} as a class or "
        "property"
    )


MORE_TIME = (
    "allow more seconds (POSTHOLDER_ENGINE_SECONDS; from Python, what you gave as `seconds`), or give fewer facts"
)
MERGE_EARLIER = "state the identity among the axioms, or use owl:equivalentClass or owl:equivalentProperty"


def _term(pattern: Pattern) -> Term:
    return pattern.object if pattern.is_class and not isinstance(pattern.object, str) else pattern.predicate


def _thing(term: Term) -> str:
    return handle(term.value) if isinstance(term, NamedNode) else str(term)


def ill_typed(literal: Literal) -> str:
    """Say that a text is none of its datatype."""
    return f"{literal} is not a value of its datatype (dt-not-type)"


def thing_and_value(one: Term, other: Term) -> str:
    """Say that a thing is stated to be a value."""
    return f"{_thing(one)} is stated to be the same as {_thing(other)}, and a value is no thing (dt-diff)"
