"""Findings about claims that stand against each other: told, never decided here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.comparisons.comparison import comparisons, uncompared
from postholder.graph import handle, text_of
from postholder.validation.report import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postholder.graph import Node
    from postholder.readings import Facts
    from postholder.validation.locate import Locator

_RULES = {
    "samePostConflict": (
        "same-post-conflict",
        "Different persons hold this post at one time",
        "Correct the dates, or record a ph:Supersession of the claim that gives way; else leave both.",
    ),
    "sourceDisagreement": (
        "source-disagreement",
        "Two claims on this cannot both be right",
        "Record a ph:Supersession of the claim that gives way, or correct it; else leave both.",
    ),
    "planAgainstEffect": (
        "plan-against-effect",
        "A plan was not carried out, and no record act says so",
        "Record a ph:Supersession with ph:comparisonKind ph:planAgainstEffect that withdraws the plan.",
    ),
}


def findings(facts: Facts, locator: Locator) -> Iterator[Finding]:
    """Yield a warning for each certain contradiction that no act settles, a note for each possible one."""
    for node in uncompared(facts):
        spot = locator.find(text_of(node), None)
        message = "too many claims or appointments to compare each with each: contradictions here are not told"
        yield Finding(spot.file, spot.line or 0, handle(text_of(node)), "not-compared", message, severity="warning")
    for comparison in comparisons(facts):
        if comparison.kind not in _RULES or comparison.act is not None:
            continue
        rule, problem, remedy = _RULES[comparison.kind]
        focus = text_of(comparison.compares[-1])
        spot = locator.find(text_of(comparison.one_side[0]), None)
        sides = (comparison.one_side, comparison.other_side)
        told = " against ".join(
            f"{_named(facts, claims)}: {says}" for claims, says in zip(sides, comparison.says, strict=True)
        )
        possible = "" if comparison.standing == "certain" else "Possibly so: "
        yield Finding(
            spot.file,
            spot.line or 0,
            handle(focus),
            rule,
            f"{possible}{problem}: {comparison.label.partition(': ')[2]}. {told}. {remedy}",
            severity="warning" if comparison.standing == "certain" else "info",
            claims=tuple(dict.fromkeys(facts.name(c) for side in sides for c in side)),
            reading="; ".join(facts.record.label(i) for i in comparison.interpretations),
        )


def _named(facts: Facts, claims: Iterable[Node]) -> str:
    """Return claims with the documents that they cite."""
    return ", ".join(
        f"{facts.name(c)} ({', '.join(handle(text_of(d)) for d in facts.cites(c)) or 'no document'})" for c in claims
    )
