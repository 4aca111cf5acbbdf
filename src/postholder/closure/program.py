"""Axioms compiled to rules as data, each with the name it has in the OWL 2 RL tables.

Nothing here runs a rule: `memory` does on sets in Python, `columns` as SQL on a column store.
Source: OWL 2 Web Ontology Language Profiles (second edition), section 4.3, tables 4 to 9.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postholder import terms
from postholder.graph import TYPE, Term, handle, triple_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import NamedNode, Triple

    from postholder.closure.base import UnhandledAxiom


@dataclass(frozen=True)
class Pattern:
    """One triple of a rule: variables are texts, constants are terms."""

    subject: str | Term
    predicate: NamedNode
    object: str | Term

    @property
    def is_class(self) -> bool:
        """Tell whether the pattern asks for the members of one class."""
        return self.predicate == TYPE

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables, in the order of the triple, each once."""
        return tuple(dict.fromkeys(v for v in (self.subject, self.object) if isinstance(v, str)))

    def __str__(self) -> str:
        """Return the pattern as people read it."""
        return f"{_word(self.subject)} {_word(self.predicate)} {_word(self.object)}"


@dataclass(frozen=True)
class Rule:
    """If all of the body holds, so does the head; a rule without a head finds a clash.

    A head `x owl:sameAs y` is concluded for two different things only. `axioms` are the triples that
    the rule comes from, which every proof names beside what fills the body.
    """

    name: str
    body: tuple[Pattern, ...]
    head: Pattern | None = None
    axioms: tuple[Triple, ...] = field(default=(), compare=False)

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables of the body, in order of appearance."""
        return tuple(dict.fromkeys(v for p in self.body for v in p.variables))

    @property
    def middle(self) -> tuple[str, ...]:
        """The variables of the body that the head does not tell."""
        told = self.head.variables if self.head is not None else ()
        return tuple(v for v in self.variables if v not in told)

    def __str__(self) -> str:
        """Return the rule as people read it."""
        body = ", ".join(str(p) for p in self.body)
        return f"{self.name}: {f'{body} ' if body else ''}=> {self.head or 'clash'}"


@dataclass(frozen=True)
class Program:
    """The rules of an ontology, what it says of individuals, and the axioms that are left out.

    `individuals` are types, identities and differences of things that stand among the axioms; a class
    or property may be one of them.
    """

    rules: tuple[Rule, ...]
    individuals: tuple[Triple, ...]
    unhandled: tuple[UnhandledAxiom, ...] = field(default=())
    idle: tuple[Rule, ...] = field(default=(), repr=False)
    """Rules that are not run: another says the same, or nothing ever follows from them."""

    def merged(self) -> dict[Term, int]:
        """Return the group of each class and property that axioms make the same as another (eq-rep-*)."""
        groups: dict[Term, int] = {}
        pairs = {r.axioms[0] for r in self.rules if r.name.startswith("eq-rep") and r.axioms}
        for number, pair in enumerate(sorted(pairs, key=triple_order)):
            old = {groups[t] for t in (pair.subject, pair.object) if t in groups}
            groups |= {t: number for t, g in groups.items() if g in old}
            groups |= {pair.subject: number, pair.object: number}
        return groups

    def handled(self) -> Iterator[tuple[Triple, tuple[str, ...]]]:
        """Yield each axiom that rules come from, with the names of the rules, in triple order."""
        names: dict[Triple, dict[str, None]] = {}
        # Each two of a long list make a rule, and all of these have the same axioms.
        made = {(id(r.axioms), r.name): r for r in (*self.rules, *self.idle)}
        for rule in made.values():
            for axiom in rule.axioms:
                names.setdefault(axiom, {})[rule.name] = None
        for axiom in sorted(names, key=triple_order):
            yield axiom, tuple(names[axiom])


def _word(part: str | Term) -> str:
    if isinstance(part, str):
        return f"?{part}"
    if part == TYPE:
        return "a"
    return handle(part.value) if part.__class__.__name__ == "NamedNode" else str(part)  # type: ignore[union-attr]


ALWAYS = ("eq-diff1", "cls-nothing2")
"""Rules that need no axiom."""

NOT_COMPILED = {
    "eq-ref": "everything is the same as itself: never written down",
    "eq-sym": "built in: in memory identities are written out, in tables they are groups of names",
    "eq-trans": "built in: in memory identities are written out, in tables they are groups of names",
    "eq-rep-s": "built in: in memory facts are written out in all names, in tables one name stands for its group",
    "eq-rep-o": "built in: in memory facts are written out in all names, in tables one name stands for its group",
    "prp-ap": "concludes only that a term of RDF is an annotation property",
    "cls-thing": "concludes only that owl:Thing is a class",
    "cls-nothing1": "concludes only that owl:Nothing is a class",
    "dt-type1": "concludes only that a datatype is one",
    "dt-type2": "the engine looks at the text of each literal",
    "dt-eq": "the engine compares the values of literals",
    "dt-diff": "the engine compares the values of literals; rdf:XMLLiteral and rdf:HTML it does not parse",
    "dt-not-type": "the engine looks at the text of each literal; any is an rdf:XMLLiteral or rdf:HTML",
    **dict.fromkeys(
        (
            "scm-cls", "scm-sco", "scm-eqc1", "scm-eqc2", "scm-op", "scm-dp", "scm-spo", "scm-eqp1", "scm-eqp2",
            "scm-dom1", "scm-dom2", "scm-rng1", "scm-rng2", "scm-hv", "scm-svf1", "scm-svf2", "scm-avf1", "scm-avf2",
            "scm-int", "scm-uni",
        ),
        "concludes about terms only; what follows from it for things is reached by applying the other rules in turn",
    ),
}  # fmt: skip
"""Rules of the tables that no axiom is compiled to, each with the reason."""

COMPILED = (
    "eq-diff2", "eq-diff3", "eq-rep-p",
    "prp-dom", "prp-rng", "prp-fp", "prp-ifp", "prp-irp", "prp-symp", "prp-asyp", "prp-trp", "prp-spo1", "prp-spo2",
    "prp-eqp1", "prp-eqp2", "prp-pdw", "prp-adp", "prp-inv1", "prp-inv2", "prp-key", "prp-npa1", "prp-npa2",
    "cls-int1", "cls-int2", "cls-uni", "cls-com", "cls-svf1", "cls-svf2", "cls-avf", "cls-hv1",
    "cls-hv2", "cls-maxc1", "cls-maxc2", "cls-maxqc1", "cls-maxqc2", "cls-maxqc3", "cls-maxqc4", "cls-oo",
    "cax-sco", "cax-eqc1", "cax-eqc2", "cax-dw", "cax-adc",
)  # fmt: skip
"""Rules of the tables that axioms are compiled to."""

SAME = terms.OWL + "sameAs"
DIFFERENT = terms.OWL + "differentFrom"
