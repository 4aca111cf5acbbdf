"""Which rule handles each axiom of an ontology, and what no rule is made of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postholder.closure.compiler import DECLARED, compile_axioms
from postholder.closure.program import NOT_COMPILED
from postholder.closure.reader import owl
from postholder.graph import TYPE, handle, text_of, triple_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Triple

_READ_WITH = {owl("Restriction"), owl("NegativePropertyAssertion")}
"""Kinds of unnamed nodes that are read with what else is said of them."""


@dataclass(frozen=True)
class Handling:
    """What becomes of each axiom."""

    ruled: tuple[tuple[Triple, tuple[str, ...]], ...] = field(repr=False)
    """Axioms that rules come from, with the names of the rules."""
    individuals: tuple[Triple, ...] = field(repr=False)
    """What the ontology says of things; facts like any other."""
    declared: int
    """Declarations, from which nothing follows for things."""
    left: tuple[Triple, ...]
    """What nothing handles."""

    def summary(self) -> Iterator[str]:
        """Yield how many axioms are handled by which rules, and what is left."""
        counts = Counter(name for _, names in self.ruled for name in names)
        told = ", ".join(f"{name} {counts[name]}" for name in sorted(counts))
        yield f"axioms: {len(self.ruled)} with rules ({told})"
        yield f"  {len(self.individuals)} about things, {self.declared} declarations, {len(self.left)} without a rule"
        yield from (f"    no rule: {in_words(t)}" for t in self.left)
        yield f"  rules of OWL 2 RL that no axiom is compiled to: {len(NOT_COMPILED)}, each with a reason"

    def details(self) -> Iterator[str]:
        """Yield each axiom with its rules, then the rules that are not compiled, with the reasons."""
        yield from (f"    {in_words(axiom)}: {', '.join(names)}" for axiom, names in self.ruled)
        yield from (f"    {in_words(axiom)}: taken as a fact" for axiom in self.individuals)
        yield from (f"    {name}: {reason}" for name, reason in sorted(NOT_COMPILED.items()))


def handling(axioms: Iterable[Triple]) -> Handling:
    """Return what becomes of each axiom of an ontology (see `profile.logical`)."""
    given = sorted(set(axioms), key=triple_order)
    program = compile_axioms(given)
    ruled = tuple(program.handled())
    known = {t for t, _ in ruled} | set(program.individuals)
    rest = [t for t in given if t not in known]
    left = [
        t for t in rest if t.predicate != TYPE or (text_of(t.object) not in DECLARED and t.object not in _READ_WITH)
    ]
    return Handling(ruled, program.individuals, len(rest) - len(left), tuple(left))


def in_words(axiom: Triple) -> str:
    """Return an axiom in short: names of ours by their short form."""
    return " ".join(handle(text_of(t)) or str(t) for t in (axiom.subject, axiom.predicate, axiom.object))
