"""Proofs tampered with, one part at a time, each with whether it still proves what it says.

A mutant that is as good as the proof it comes from is known by how it is made, never by asking the checker.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Data = dict[str, Any]
Mutant = tuple[str, Data, bool]
FRESH = "<urn:mutant>"
RULES = (
    "stated", "axiom", "comparison", "identified", "appointment-overlap", "person-reports-to-person", "answers-up-to",
    "lies-within", "figure-a-year-before", "no-such-rule", "prp-inv1", "prp-inv2", "prp-spo1", "prp-spo2", "prp-dom",
    "prp-rng", "prp-symp", "prp-trp", "cax-sco", "cax-eqc1", "eq-sym", "dt-type2",
)  # fmt: skip


def put(data: Data, *path: Any) -> Data:
    """Return data with the last of `path` at the place that the others name."""
    *way, last, value = path
    changed = deepcopy(data)
    at: Any = changed
    for key in way:
        at = at[key]
    at[last] = value
    return changed


def changed_steps(proof: Data, place: int) -> Iterator[Mutant]:
    """Yield changes of what a step says, of its rule and of its premises."""
    step = proof["steps"][place]
    says, premises = step["says"], step["premises"]
    for rule in RULES:
        good = False
        if {rule, step["rule"]} == {"prp-inv1", "prp-inv2"}:  # an inverse of itself goes by either name
            axiom = proof["steps"][premises[0]]["says"]
            good = axiom[0] == axiom[2]
        yield "rule", put(step, "rule", rule), good
    for number in range(3):
        yield "term", put(step, "says", number, FRESH), False
    yield "ends", put(step, "says", says[::-1]), False
    if says[2].startswith('"'):
        end = re.match(r'"[^"]*?(.)?"', says[2])
        assert end
        form = f"{says[2][: end.end() - 1]}7{says[2][end.end() - 1 :]}"
        yield "literal", put(step, "says", 2, form), False
    for number, premise in enumerate(premises):
        for other in (premise - 1, premise + 1, place, len(proof["steps"]), -1):
            yield "premise", put(step, "premises", number, other), False
        fewer = premises[:number] + premises[number + 1 :]
        yield "fewer premises", put(step, "premises", fewer), False
        yield "more premises", put(step, "premises", [*premises, premise]), False
        if number:
            turned = [*premises[: number - 1], premise, premises[number - 1], *premises[number + 1 :]]
            yield "order", put(step, "premises", turned), False


def changed_citations(step: Data) -> Iterator[Mutant]:
    """Yield changes of the claims that a step cites, and of the register."""
    for side in ("claims", "one_side", "other_side"):
        found = step.get(side, [])
        if found:
            yield "no claims", put(step, side, []), False
            yield "fewer claims", put(step, side, found[:-1]), False
            yield "more claims", put(step, side, [*found, found[0]]), False
        for number, claim in enumerate(found):
            for key in ("claim", "name", "modality", "basis", "recorded"):
                yield key, put(step, side, number, key, "urn:mutant"), False
            yield "readings", put(step, side, number, "readings", [*claim["readings"], "urn:mutant"]), False
            yield "readings", put(step, side, number, "readings", claim["readings"][1:]), False
            for spot, passage in enumerate(claim["passages"]):
                place = side, number, "passages", spot
                start, end = passage["span"]
                for span in ([start + 1, end], [start, end + 1], [start - 1, end], [start, end - 1], [end, start]):
                    yield "span", put(step, *place, "span", span), False
                digest = ("1" if passage["sha256"][0] == "0" else "0") + passage["sha256"][1:]
                yield "digest", put(step, *place, "sha256", digest), False
                yield "document", put(step, *place, "document", "urn:mutant"), False
                yield "published", put(step, *place, "published", ["1999-01-01"]), False
    yield "file", {**step, "file": "facts.trig"}, False
    yield "file", {k: v for k, v in step.items() if k != "file"}, False
    yield "added", {**step, "note": "all is well"}, False
    for key in ("kind", "standing", "label", "compares"):
        if key in step:
            # The label tells a comparison in words; the comparison's name does not depend on it.
            good = key == "label" and not step["says"][1].endswith("#label>")
            yield key, put(step, key, ["urn:mutant"] if key == "compares" else "mutant"), good


def changed_proofs(proof: Data, rivals: dict[str, str]) -> Iterator[Mutant]:
    """Yield changes of a proof as a whole."""
    yield "no steps", put(proof, "steps", []), False
    yield "added", {**proof, "note": "all is well"}, False
    under = proof["under"]
    yield "under", put(proof, "under", [*under, "urn:mutant"]), False
    for interpretation in under:
        fewer = [i for i in under if i != interpretation]
        rival = rivals[interpretation]
        for chosen in (fewer, sorted([*fewer, rival]), sorted([*under, rival])):
            yield "under", put(proof, "under", chosen), False
    for place in range(len(proof["steps"]) if len(proof["steps"]) > 1 else 0):
        steps = proof["steps"][:place] + proof["steps"][place + 1 :]
        yield "dropped step", put(proof, "steps", steps), False
        closed = [{**s, "premises": [p - (p > place) for p in s["premises"] if p != place]} for s in steps]
        yield "dropped step", put(proof, "steps", closed), False


def mutants(explanation: Data, rivals: dict[str, str]) -> Iterator[Mutant]:
    """Yield the kind of each change, the changed explanation, and whether it still proves what it says."""
    for kind, mutant, good in _mutants(explanation, rivals):
        if mutant != explanation:
            yield kind, mutant, good


def _mutants(explanation: Data, rivals: dict[str, str]) -> Iterator[Mutant]:
    for number in range(3):
        yield "conclusion", put(explanation, "conclusion", number, FRESH), False
    for holds in ("not", "always", "under readings", "described"):
        yield "holds", put(explanation, "holds", holds), False
    yield "told", put(explanation, "told", "So it is."), False
    yield "added", {**explanation, "note": "all is well"}, False
    yield "no proofs", put(explanation, "proofs", []), False
    proofs = explanation["proofs"]
    for place, proof in enumerate(proofs):
        if len(proofs) > 1 and explanation["holds"] == "always":
            yield "fewer proofs", {**explanation, "proofs": proofs[:place] + proofs[place + 1 :]}, False
        found = [*changed_proofs(proof, rivals)]
        for at, step in enumerate(proof["steps"]):
            for kind, other, good in (*changed_steps(proof, at), *changed_citations(step)):
                steps = [*proof["steps"][:at], other, *proof["steps"][at + 1 :]]
                found.append((kind, {**proof, "steps": steps}, good))
        for kind, other, good in found:
            yield kind, {**explanation, "proofs": [*proofs[:place], other, *proofs[place + 1 :]]}, good
