"""An explanation: one or more proofs of a triple, or of a clash, with the claims that each rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pyoxigraph import Triple

from postholder.closure.proofs import AXIOM, STATED, Proof, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import NamedNode

    from postholder.explanations.grounds import Grounds

COMPARISON = "comparison"
"""The rule by which claims are set against each other."""
Holding = Literal["always", "under readings", "described", "not"]
"""`described` is what tells of the record, the graph or the view itself: it is so by how the graph is built."""


@dataclass(frozen=True)
class Argument:
    """One proof, and the interpretations it needs: none if it holds however the open questions are decided."""

    proof: Proof
    under: tuple[NamedNode, ...] = ()
    compared: dict[str, Any] | None = None
    """What a comparison sets against each other, for a proof by comparison."""


@dataclass(frozen=True)
class Explanation:
    """Why a triple holds, or that it does not.

    `described` has no arguments. `always` with several arguments: each way to decide the open questions has its
    own proof.
    """

    triple: Triple | None
    holds: Holding
    arguments: tuple[Argument, ...] = ()
    told: str = ""
    """What is to be said beside the proofs: what a triple is that needs none, or what is near one that fails."""
    grounds: Grounds | None = field(default=None, repr=False, compare=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation as plain data: the JSON form of proofs (docs/reference/proofs.md)."""
        return {
            "conclusion": None if self.triple is None else terms_of(self.triple),
            "holds": self.holds,
            "told": self.told,
            "proofs": [self._argument(a) for a in self.arguments],
        }

    def _argument(self, argument: Argument) -> dict[str, Any]:
        return {
            "under": [i.value for i in argument.under],
            "steps": [s for _, s in self.steps(argument)],
        }

    def steps(self, argument: Argument) -> Iterator[tuple[Step, dict[str, Any]]]:
        """Yield the steps of a proof, each with its plain data."""
        for step in argument.proof.steps:
            told: dict[str, Any] = {
                "says": None if step.says is None else [str(t) for t in step.says],
                "rule": step.rule,
                "premises": list(step.premises),
            }
            if step.rule == STATED:
                told |= self._stated(step, argument)
            elif step.rule == AXIOM and step.says is not None and self.grounds is not None:
                told["file"] = self.grounds.ontology[step.says]
            elif step.rule == COMPARISON:
                told |= argument.compared or {}
            yield step, told

    def _stated(self, step: Step, argument: Argument) -> dict[str, Any]:
        assert self.grounds is not None  # noqa: S101 - what is stated has grounds
        assert step.says is not None  # noqa: S101 - only a clash says nothing
        return stated_data(self.grounds, step, argument.under)


def stated_data(grounds: Grounds, step: Step, under: tuple[NamedNode, ...]) -> dict[str, Any]:
    """Return what a stated step rests on: claims, or the file whose record holds it."""
    triple = Triple(*step.says)  # type: ignore[misc] # a stated step says something
    claims = [grounds.claim(c, readings) for c, readings in grounds.sayings(triple, under).items()]
    if grounds.is_recorded(triple):
        return {"claims": claims, "file": grounds.file(step.says)}  # type: ignore[arg-type]
    return {"claims": claims}


def terms_of(triple: Triple) -> list[str]:
    """Return the three terms of a triple in the form of N-Triples."""
    return [str(triple.subject), str(triple.predicate), str(triple.object)]
