"""The contract that closure engines fill."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Triple


@dataclass(frozen=True)
class Closure:
    """What follows from one set of facts: new triples in triple order, and clashes in words."""

    inferred: tuple[Triple, ...] = field(repr=False)
    clashes: tuple[str, ...] = ()


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

        Returns 1 + len(additions) closures. Each holds only triples about nodes of the facts,
        without the facts themselves, reflexive sameAs or literal subjects. Raises EngineError.
        """
