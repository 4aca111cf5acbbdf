"""The contract that closure engines fill."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from postholder import terms
from postholder.graph import TYPE, Term, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import NamedNode, Triple

    from postholder.closure.proofs import Proof, Statement

_OF_TERMS = {terms.RDFS + n for n in ("subClassOf", "subPropertyOf", "domain", "range")} | {
    terms.OWL + n
    for n in ("equivalentClass", "equivalentProperty", "disjointWith", "inverseOf", "propertyDisjointWith")
}


def is_about_terms(predicate: NamedNode, value: Term) -> bool:
    """Tell whether a triple speaks of classes and properties as such (scm-* rules), not of things."""
    if predicate == TYPE:
        return text_of(value).startswith((terms.OWL, terms.RDFS))
    return predicate.value in _OF_TERMS


@dataclass(frozen=True)
class Clash:
    """A contradiction: the rule that finds it, what is wrong in words, and how it comes about.

    The last step of the proof says nothing (None): nothing is concluded from a clash. An engine that
    keeps no reasons has no proof.
    """

    rule: str
    text: str
    proof: Proof | None = field(default=None, compare=False)

    @property
    def stated(self) -> tuple[Statement, ...]:
        """The stated facts that lead to it."""
        return self.proof.stated if self.proof is not None else ()

    def __str__(self) -> str:
        """Return what is wrong."""
        return self.text


@dataclass(frozen=True)
class Closure:
    """What follows from one set of facts: new triples in triple order, and clashes in order of their words."""

    inferred: tuple[Triple, ...] = field(repr=False)
    clashes: tuple[Clash, ...] = ()


@dataclass(frozen=True)
class UnhandledAxiom:
    """An axiom that an engine does not use, with the reason."""

    subject: str
    construct: str
    reason: str


class Engine(Protocol):
    """An OWL 2 RL engine."""

    name: str

    @property
    def version(self) -> str:
        """The engine's own version."""

    def unhandled(self, axioms: Sequence[Triple]) -> list[UnhandledAxiom]:
        """Return the axioms the engine leaves out; silence would be a wrong answer."""

    def close(
        self, axioms: Sequence[Triple], base: Sequence[Triple], additions: Sequence[Sequence[Triple]]
    ) -> list[Closure]:
        """Close `base` and then, each on its own, `base` with every one of `additions`.

        Facts hold no axioms (see `readings.is_axiom`). Returns 1 + len(additions) closures. Each
        holds only triples about nodes of the facts, without the facts themselves, reflexive sameAs,
        literal subjects, or what is said of a node as a class or property. Raises EngineError.
        """
