"""Set the holders of one post against each other: who followed whom, who cannot both have held it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, permutations
from typing import TYPE_CHECKING

from postholder.comparisons.judged import Found, Kind, Pair, Told, in_words
from postholder.comparisons.said import Said, Words, triples_of, values
from postholder.graph import Node, Term, order, ph
from postholder.views.validity import BOUNDS, LAST, Bounds, bounds_of, overlap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postholder.views.view import Certainty

_BOUNDS = {ph(name) for name in BOUNDS}


@dataclass(frozen=True)
class _Seat:
    """An appointment to a post: by all claims, and by those that are not plans."""

    node: Node
    holders: frozenset[Term]
    who: str
    known: bool
    claims: tuple[Node, ...]
    plans: tuple[Node, ...]
    dated: bool
    told: Bounds
    firm_claims: tuple[Node, ...]
    firm: Bounds | None

    @classmethod
    def of(cls, said: Said, node: Node, words: Words) -> _Seat:
        claims = tuple(sorted(words, key=said.age))
        actual = [c for c in claims if said.modality(c) == "actual"]
        told = [words[c] for c in actual]
        firm = values(told, "holder") and values(told, "post")
        holders = frozenset(values(words.values(), "holder"))
        return cls(
            node,
            holders,
            who=in_words(said, holders),
            known=not any(said.is_unknown(h) for h in holders),
            claims=claims,
            plans=tuple(c for c in claims if said.modality(c) == "planned"),
            dated=any(predicate in _BOUNDS for word in words.values() for predicate, _ in word),
            told=bounds_of(triples_of(node, words.values()), node),
            firm_claims=tuple(actual) if firm else (),
            firm=bounds_of(triples_of(node, told), node) if firm else None,
        )


def of_post(said: Said, post: Node, appointments: dict[Node, Words]) -> Found:
    """Compare the holders of one post: who followed whom, and who cannot both have held it."""
    found: Found = {}
    if len(appointments) <= 1 or post in said.uncompared:
        return found
    seats = [_Seat.of(said, node, appointments[node]) for node in sorted(appointments, key=order)]
    apart: set[tuple[Node, Node]] = set()
    for firm in (True, False):
        for one, other in _followers(seats, firm=firm):
            key = one.node, other.node
            if one.holders & other.holders or key in apart:
                continue
            apart.add(key)
            standing: Certainty = "certain" if firm and one.known and other.known else "possible"
            found.update(_pairs("succession", post, one, other, standing, firm=firm))
    for one, other in combinations(seats, 2):
        if one.holders and other.holders and not one.holders & other.holders:
            found.update(_conflict(said, post, *sorted((one, other), key=lambda s: (s.told, order(s.node)))))
    return found


def _followers(seats: list[_Seat], *, firm: bool) -> Iterator[tuple[_Seat, _Seat]]:
    """Yield each seat with those that begin when it has ended, nobody certainly being between."""
    timed = [(s.firm if firm else s.told, s) for s in seats]
    known = [(b, s) for b, s in timed if b is not None and s.holders]
    for bounds, seat in known:
        after = [(b, s) for b, s in known if b.earliest_start >= bounds.latest_end]
        next_left = min((b.latest_end for b, _ in after), default=LAST)
        for later, follower in after:
            if later.earliest_start < next_left:
                yield seat, follower


def _excluded(one: Bounds | None, other: Bounds | None) -> bool:
    return one is not None and other is not None and overlap(one, other) == "excluded"


def _conflict(said: Said, post: Node, one: _Seat, other: _Seat) -> Found:
    if _excluded(one.firm, other.firm) or _excluded(one.told, other.told):
        return {}
    known = one.known and other.known
    if known and one.firm and other.firm and overlap(one.firm, other.firm) == "certain":
        return _pairs("samePostConflict", post, one, other, "certain", firm=True)
    for plan, effect in permutations((one, other)):
        if known and plan.plans and effect.firm and overlap(plan.told, effect.firm) == "certain":
            return _against(post, plan, effect)
    together = {d for c in one.claims for d in said.facts.cites(c)} & {
        d for c in other.claims for d in said.facts.cites(c)
    }
    # Without dates nothing speaks for a conflict, unless one document puts both into the post.
    if (one.dated and other.dated) or together:
        return _pairs("samePostConflict", post, one, other, "possible", firm=False)
    return {}


def _pairs(kind: Kind, post: Node, one: _Seat, other: _Seat, standing: Certainty, *, firm: bool) -> Found:
    sides = (one.firm_claims, other.firm_claims) if firm else (one.claims, other.claims)
    bounds = (one.firm, other.firm) if firm else (one.told, other.told)
    told = Told(standing, (str(bounds[0]), str(bounds[1])), (one.who, other.who))
    return {Pair(kind, a, b, (one.node, other.node, post)): told for a in sides[0] for b in sides[1]}


def _against(post: Node, plan: _Seat, effect: _Seat) -> Found:
    told = Told("certain", (str(plan.told), str(effect.firm)), (plan.who, effect.who))
    pairs = ((a, b) for a in plan.plans for b in effect.firm_claims)
    return {Pair("planAgainstEffect", a, b, (plan.node, effect.node, post)): told for a, b in pairs}
