"""Set claims on one thing against each other: disagreement, refinement, plan against effect."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from itertools import combinations
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

from pyoxigraph import Literal as RdfLiteral

from postholder.comparisons.said import CODES, ONE_VALUED, Said, Word, Words, triples_of, values
from postholder.graph import Node, Term, ph
from postholder.views.validity import Bounds, bounds_of, contradictory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postholder.views.view import Certainty

Kind = Literal["samePostConflict", "succession", "refinement", "correction", "planAgainstEffect", "sourceDisagreement"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Pair(NamedTuple):
    """Two claims, the earlier side first, set against each other over some things."""

    kind: Kind
    one: Node
    other: Node
    compares: tuple[Node, ...]


class Told(NamedTuple):
    """How sure a comparison is, what each side says (its dates, say), and who the holders are."""

    standing: Certainty
    says: tuple[str, str]
    holders: tuple[str, str] | None = None


Found: TypeAlias = "dict[Pair, Told]"

# Codes that exclude each other; the others of a list go together, or say nothing.
_EXCLUSIVE = {"mode": {ph("acting"), ph("substantive")}, "lineType": {ph("direct"), ph("dotted")}}
_TELLS_START = {ph(name) for name in ("earliestStart", "latestStart", "ongoingAt")}
_TELLS_END = {ph(name) for name in ("earliestEnd", "latestEnd", "ongoingAt")}


def of_thing(said: Said, node: Node, words: Words) -> Found:
    """Compare the claims on one relation, event or figure, each with each."""
    found: Found = {}
    if len(set(words.values())) <= 1 or node in said.uncompared:
        return found
    for one, other in combinations(sorted(words, key=said.age), 2):
        modalities = said.modality(one), said.modality(other)
        if words[one] == words[other] or "other" in modalities:
            continue
        clash = _clash(said, node, words[one], words[other])
        if clash and set(modalities) == {"actual", "planned"}:
            swapped = modalities[0] == "actual"
            first, second = (other, one) if swapped else (one, other)
            says = (clash[1], clash[0]) if swapped else clash
            found[Pair("planAgainstEffect", first, second, (node,))] = Told("certain", says)
        elif clash:
            standing: Certainty = "certain" if modalities[0] == "actual" else "possible"
            found[Pair("sourceDisagreement", one, other, (node,))] = Told(standing, clash)
        elif modalities[0] == modalities[1]:
            for coarse, close in ((one, other), (other, one)):
                if _is_closer(node, words[close], words[coarse]):
                    says = _dates(_bounds(node, words[coarse]), _bounds(node, words[close]))
                    found[Pair("refinement", coarse, close, (node,))] = Told("certain", says)
    return found


def _clash(said: Said, node: Node, one: Word, other: Word) -> tuple[str, str] | None:
    """Return what two claims say that cannot both be right."""
    for name in (*ONE_VALUED, *CODES):
        first, second = ({_plain(v): v for v in values([word], name)} for word in (one, other))
        if name in _EXCLUSIVE:
            first, second = ({k: v for k, v in told.items() if v in _EXCLUSIVE[name]} for told in (first, second))
        known = not any(said.is_unknown(v) for v in (*first.values(), *second.values()))
        if first and second and known and not first.keys() & second.keys():
            return in_words(said, first.values()), in_words(said, second.values())
    pair = triples_of(node, [one]), triples_of(node, [other])
    if contradictory(triples_of(node, [one, other]), node) and not any(contradictory(t, node) for t in pair):
        return _dates(bounds_of(pair[0], node), bounds_of(pair[1], node))
    return None


def _dates(one: Bounds, other: Bounds) -> tuple[str, str]:
    """Return the dates of both sides in words, without an end that neither tells."""
    first, second = (str(b).partition("; ") for b in (one, other))
    if first[2] == second[2] == "no end told":
        return first[0], second[0]
    return "".join(first), "".join(second)


def _plain(value: Term) -> object:
    """Return a value so that equal ones, such as 1 and 1.0, are equal."""
    if isinstance(value, RdfLiteral):
        try:
            return Decimal(value.value).normalize()
        except InvalidOperation:
            return value.value
    return value


def in_words(said: Said, told: Iterable[Term]) -> str:
    """Return values as people read them."""
    names = (v.value if isinstance(v, RdfLiteral) else said.label(v) for v in told)
    return " and ".join(sorted(names))


def _bounds(node: Node, *words: Word) -> Bounds:
    return bounds_of(triples_of(node, words), node)


def _is_closer(node: Node, close: Word, coarse: Word) -> bool:
    """Tell whether one claim says within less room when something the other tells of began or ended."""
    inner, outer = _bounds(node, close), _bounds(node, coarse)
    told = {predicate for predicate, _ in coarse}
    starts = (inner.earliest_start, inner.latest_start), (outer.earliest_start, outer.latest_start)
    ends = (inner.earliest_end, inner.latest_end), (outer.earliest_end, outer.latest_end)
    if not all(wide[0] <= narrow[0] and narrow[1] <= wide[1] for narrow, wide in (starts, ends)):
        return False
    return bool((told & _TELLS_START and starts[0] != starts[1]) or (told & _TELLS_END and ends[0] != ends[1]))
