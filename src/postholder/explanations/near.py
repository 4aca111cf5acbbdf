"""What is near a triple that does not hold: the same property of either of its ends, or the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Triple

from postholder import terms
from postholder.graph import TYPE, handle, order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from postholder.graph import Term

_MOST = 5
"""How many terms are shown."""


class Near:
    """Looks among the facts of a view, with the ontology's axioms and prefixes."""

    def __init__(self, facts: Collection[Triple], axioms: Iterable[Triple], prefixes: Mapping[str, str]) -> None:
        self._facts, self._axioms, self._prefixes = facts, axioms, prefixes

    def told(self, triple: Triple) -> str:
        """Return what is near, in one or two sentences; nothing if nothing here is."""
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        if isinstance(value, NamedNode) and Triple(value, predicate, subject) in self._facts:
            return "The other way round it holds."
        said = [t for t in self._facts if t.predicate == predicate]
        values = {t.object for t in said if t.subject == subject}
        others: set[Term] = {t.subject for t in said if t.object == value}
        for words, found in (("The values there are", values), ("It is said of", others)):
            if found:
                shown = self.short(found)
                more = f" and {len(shown) - _MOST} more" if len(shown) > _MOST else ""
                return f"{words}: {', '.join(shown[:_MOST])}{more}."
        if not said or not isinstance(value, NamedNode):
            return ""
        ends = " or ".join(e for t in (subject, value) for e in self.short([t]))
        return f"Nothing like it is known of {ends}.{self._misfit(triple)}"

    def _misfit(self, triple: Triple) -> str:
        """Say which end is not known to be what the ontology says that this property is about."""
        for node, about in ((triple.subject, "domain"), (triple.object, "range")):
            axiom = NamedNode(terms.RDFS + about)
            for kind in (a.object for a in self._axioms if (a.subject, a.predicate) == (triple.predicate, axiom)):
                if isinstance(node, NamedNode) and Triple(node, TYPE, kind) not in self._facts:
                    [thing], [wanted] = self.short([node]), self.short([kind])
                    side = "of" if about == "domain" else "with"
                    return f" It is said {side} things of the kind {wanted}; {thing} is not known to be one."
        return ""

    def short(self, found: Iterable[Term]) -> list[str]:
        """Return terms in their shortest forms, those of ours first."""
        return [
            self._short(t) for t in sorted(found, key=lambda t: (not order(t).startswith(f"<{terms.BASE}"), order(t)))
        ]

    def _short(self, term: Term) -> str:
        if not isinstance(term, NamedNode):
            return order(term)
        form = handle(term.value)
        homes = [(len(iri), name, iri) for name, iri in self._prefixes.items() if form.startswith(iri)]
        if not homes:
            return form
        _, name, iri = max(homes)
        return f"{name}:{form.removeprefix(iri)}"
