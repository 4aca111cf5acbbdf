"""Proofs: why a fact follows, step by step, down to what was stated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pyoxigraph import NamedNode, Triple

    from postholder.graph import Term

Statement: TypeAlias = "tuple[Term, NamedNode, Term]"
"""What a step says. Unlike an RDF triple it may be about a literal: `1 a xsd:integer`."""

STATED = "stated"
AXIOM = "axiom"
_GIVEN = {STATED, AXIOM, "eq-ref"}


@dataclass(frozen=True)
class Step:
    """One step: what holds, by which rule, from which earlier steps (their positions).

    `rule` is a name of the OWL 2 RL tables, of `closure.timed`, or of a file in `ontology/rules/`; or it
    says that the step is stated by the facts, or an axiom of the ontology. `says` is None for a clash.
    """

    says: Statement | None
    rule: str
    premises: tuple[int, ...] = ()


@dataclass(frozen=True)
class Proof:
    """A proof: the steps in an order in which each comes after its premises; the last is what is proven."""

    steps: tuple[Step, ...] = field(repr=False)

    @property
    def conclusion(self) -> Statement | None:
        """What is proven; None for a clash."""
        return self.steps[-1].says

    @property
    def depth(self) -> int:
        """How many rules follow each other on the longest way from what is given; giving itself is none."""
        depths: list[int] = []
        for step in self.steps:
            body = [depths[n] for n in step.premises if self.steps[n].rule != AXIOM]
            depths.append(0 if step.rule in _GIVEN else 1 + max(body, default=0))
        return depths[-1]

    @property
    def stated(self) -> tuple[Statement, ...]:
        """The stated facts that the proof rests on, in order."""
        return tuple(s.says for s in self.steps if s.rule == STATED and s.says is not None)


def statement(triple: Triple) -> Statement:
    """Return a triple as the statement of a step."""
    return triple.subject, triple.predicate, triple.object
