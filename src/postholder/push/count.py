"""How many facts are left when values are compared and not their spellings."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from postholder import terms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad

    from postholder.graph import Term


def _value(term: Term) -> object:
    """Return what a server that keeps values compares: numbers and truth by value, language by small letters."""
    if not isinstance(term, Literal):
        return term
    if term.language:
        return term.value, term.language.lower()
    kind = term.datatype.value
    if kind in terms.NUMBERS:
        try:
            number = Decimal(term.value.strip())
        except InvalidOperation:
            return term
        return term if number.is_nan() else ("number", number)
    if kind == terms.XSD + "boolean":
        return "boolean", term.value in {"true", "1"}
    return term.value.removesuffix("Z").removesuffix("+00:00"), kind


def distinct(quads: Iterable[Quad]) -> int:
    """Return the least number of facts that a server may count of these."""
    return len({(q.subject, q.predicate, _value(q.object)) for q in quads})
