"""What the files say, as plain data against which `checking` checks explanations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from postholder.closure.proofs import statement
from postholder.explanations.explanation import terms_of
from postholder.graph import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postholder.closure.rules import Rule
    from postholder.explanations.grounds import Grounds


def plain_data(grounds: Grounds, rules: Iterable[Rule]) -> dict[str, Any]:
    """Return the axioms, register, claims, open questions and rules of a view, as `checking.check` takes them."""
    shown, written = grounds.shown, grounds.written
    claims: dict[str, Any] = {}
    for claim, readings in shown.readings.items():
        if claim in shown.withdrawn:
            continue
        claims[text_of(claim)] = {
            "cited": grounds.claim(claim),
            "complete": not shown.uncovered(claim),
            "readings": {
                text_of(r): {
                    "needs": sorted(i.value for i in grounds.needs(r)),
                    "says": [terms_of(t) for t in written.triples(r)],
                }
                for r in readings
                if shown.stands(r)
            },
        }
    moment = shown.moment
    choices = [c.interpretations for cluster in shown.clusters(shown.limit) for c in cluster]
    return {
        "axioms": [[*map(str, says), file] for says, file in grounds.ontology.items()],
        "register": [
            [*terms_of(t), grounds.file(statement(t))] for t in written.record if grounds.renamed(t) in shown.record
        ],
        "claims": claims,
        "withdrawn": {text_of(c): {"cited": grounds.claim(c)} for c in shown.withdrawn},
        "questions": {text_of(a): sorted(text_of(i) for i in members) for a, members in shown.open.items()},
        "rules": {r.name: r.text for r in rules},
        "left_out": {
            "": sorted(str(n) for n in moment.out),
            **{" ".join(i.value for i in c): sorted(map(str, moment.under.get(c, ()))) for c in choices},
        },
    }
