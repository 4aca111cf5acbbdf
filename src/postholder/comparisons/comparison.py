"""Claims set against each other: conflict, succession, refinement, correction, plan against effect.

Only claims that stand are compared, and per joint choice of open interpretations: readings that exclude
each other are never set against each other. Choices between questions that share nothing are not
combined. Withdrawn claims appear only beside the act that withdraws them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from postholder.comparisons.judged import KINDS, Found, Kind, Told, of_thing
from postholder.comparisons.labels import label_of
from postholder.comparisons.occupants import of_post
from postholder.comparisons.said import Said, filled
from postholder.graph import Node, order, ph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import NamedNode

    from postholder.readings import Context, Facts
    from postholder.views.view import Certainty

_Choice: TypeAlias = tuple["NamedNode", ...]


@dataclass(frozen=True)
class Comparison:
    """Two sides of claims that speak of one matter, and what they are to each other."""

    kind: Kind
    standing: Certainty
    one_side: tuple[Node, ...]
    """The earlier side: the plan, the predecessor, the wider dates, what was withdrawn."""
    other_side: tuple[Node, ...]
    compares: tuple[Node, ...]
    """What both sides speak of; for two appointments the earlier, the later and their post."""
    interpretations: _Choice = ()
    """The joint choice under which it holds; empty if it does under all."""
    act: Node | None = None
    """The act that records it; None where it is worked out."""
    says: tuple[str, str] = field(default=("", ""), compare=False)
    """What each side says, such as its dates."""
    label: str = field(default="", compare=False)


def comparisons(facts: Facts) -> list[Comparison]:
    """Return the comparisons among the claims that a view takes in, in a fixed order.

    On a day: only those about something that is there on it, for a conflict both appointments.
    """
    found = every(facts)
    return found if facts.view.is_plain else [c for c in found if _is_shown(facts, c)]


def uncompared(facts: Facts) -> list[Node]:
    """Return the things of which too much is said to compare each with each, in term order."""
    return list(_sorted(Said(facts).uncompared))


def every(facts: Facts) -> list[Comparison]:
    """Return the comparisons of any day and standing, in a fixed order."""
    said = Said(facts)
    found = [*_recorded(said)]
    for choice, pairs in _by_choice(said).items():
        found += _joined(said, choice, pairs)
    return sorted(
        found,
        key=lambda c: (
            KINDS.index(c.kind),
            *([order(n) for n in nodes] for nodes in (c.interpretations, c.compares, c.one_side, c.other_side)),
            c.standing,
        ),
    )


def disputed(facts: Facts) -> set[Node]:
    """Return the claims that a claim of another document or source contradicts, and those that contradict it.

    Where an act has decided between two claims, only one of them stands and none is disputed.
    """
    found: set[Node] = set()
    for comparison in every(facts):
        settled = comparison.act is not None or comparison.kind in {"succession", "refinement"}
        if settled or (comparison.kind == "samePostConflict" and comparison.standing == "possible"):
            continue
        for one in comparison.one_side:
            for other in comparison.other_side:
                if one != other and _are_apart(facts, one, other):
                    found |= {one, other}
    return found


def _are_apart(facts: Facts, one: Node, other: Node) -> bool:
    """Tell whether two claims come from different documents, or one document lays them to different sources."""
    if not set(facts.cites(one)) & set(facts.cites(other)):
        return True
    sources = [set(facts.record.objects(c, ph("attributedTo"))) for c in (one, other)]
    return all(sources) and not sources[0] & sources[1]


def _is_shown(facts: Facts, comparison: Comparison) -> bool:
    if facts.view.certainty == "certain" and (comparison.standing != "certain" or comparison.interpretations):
        return False
    if facts.view.as_of is None or comparison.act is not None:
        return True
    things = comparison.compares[:2]
    left = tuple(n for n in things if facts.moment.standing.get(n) == "excluded")
    return not left or (comparison.kind != "samePostConflict" and left != things)


def _recorded(said: Said) -> Iterator[Comparison]:
    """Yield what acts record: a claim that was withdrawn in favour of others."""
    facts, record = said.facts, said.facts.record
    for act in sorted({a for a, _ in record.pairs(ph("inFavourOf"))}, key=order):
        taken = set(record.objects(act, ph("withdraws")))
        one = [c for c in facts.readings if c in taken or (c in facts.withdrawn and taken & set(facts.cites(c)))]
        other = [c for c in record.names(act, ph("inFavourOf")) if c in facts.readings and c not in facts.withdrawn]
        spoken = [{n for c in side for n in _things(facts, c)} for side in (one, other)]
        both = spoken[0] & spoken[1]
        shared = _sorted({n for n in both if n in said.related} or both)
        for kind in (k for k in KINDS if ph(k) in record.objects(act, ph("comparisonKind"))):
            if one and other:
                label = label_of(said, kind, _sorted(one), tuple(other), shared)
                yield Comparison(kind, "certain", _sorted(one), tuple(other), shared, act=act, label=label)


def _things(facts: Facts, claim: Node) -> set[Node]:
    return {t.subject for r in facts.readings[claim] if facts.is_live(r) for t in facts.triples(r)}


def _by_choice(said: Said) -> dict[_Choice, Found]:
    """Return what the claims are to each other under all choices, and what only under some."""
    firm = {n: of_thing(said, n, words) for n, words in said.words.items()}
    firm |= {p: of_post(said, p, {a: said.words[a] for a in nodes}) for p, nodes in said.filled.items()}
    result: dict[_Choice, Found] = {}
    for cluster in said.facts.clusters(said.facts.limit):
        judged = [_under(said, context) for context in cluster]
        for matter in sorted({m for found in judged for m in found}, key=order):
            agreed = firm.get(matter, {})
            each = [found.get(matter, agreed) for found in judged]
            held: Found = {}
            for pair in set.intersection(*(set(found) for found in each)):
                told = [found[pair] for found in each]
                sure = all(t.standing == "certain" for t in told)
                held[pair] = told[0] if sure else next(t for t in told if t.standing == "possible")
            firm[matter] = held
            for context, found in zip(cluster, each, strict=True):
                more = {p: t for p, t in found.items() if p not in held or t.standing != held[p].standing}
                if more:
                    result.setdefault(context.interpretations, {}).update(more)
    result[()] = {pair: told for found in firm.values() for pair, told in found.items()}
    return result


def _under(said: Said, context: Context) -> dict[Node, Found]:
    """Compare what a joint choice says of things of which it says more than is agreed."""
    touched = said.under(context)
    if not touched:
        return {}
    found = {n: of_thing(said, n, words) for n, words in touched.items()}
    for post, more in filled(touched).items():
        nodes = more | said.filled.get(post, set())
        found[post] = of_post(said, post, {n: touched.get(n) or said.words[n] for n in nodes})
    return found


def _joined(said: Said, choice: _Choice, found: Found) -> Iterator[Comparison]:
    """Join pairs of claims into sides: claims that stand against the same claims stand together."""
    rows: dict[tuple[Kind, tuple[Node, ...], Told], dict[Node, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for pair, told in found.items():
        rows[pair.kind, pair.compares, told][pair.one].append(pair.other)
    for (kind, compares, told), facing in rows.items():
        sides: dict[tuple[Node, ...], list[Node]] = defaultdict(list)
        for one, others in facing.items():
            sides[_sorted(others)].append(one)
        for other_side, one_side in sides.items():
            label = label_of(said, kind, _sorted(one_side), other_side, compares, told.holders)
            yield Comparison(
                kind, told.standing, _sorted(one_side), other_side, compares, choice, says=told.says, label=label
            )


def _sorted(nodes: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(sorted(nodes, key=order))
