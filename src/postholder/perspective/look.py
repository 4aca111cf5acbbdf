"""Look at facts through a view: choose the claims, unite names, judge the day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postholder.comparisons.comparison import disputed
from postholder.perspective.identities import unite
from postholder.perspective.known import choose, leave_out
from postholder.readings import Facts
from postholder.settings import Settings
from postholder.views.view import ALL, PLAIN, View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad


def look(quads: Iterable[Quad], view: View = PLAIN, limit: int = Settings.max_contexts) -> Facts:
    """Return the facts as a view shows them; `limit` bounds the joint choices among open readings."""
    written = Facts(quads, PLAIN, limit)
    stated = choose(written, view)
    if view.certainty == "certain" and view.known_at is not None:
        return _known_for_certain(stated, choose(written, replace(view, certainty="possible")))
    return _settled(stated)


def _settled(stated: Facts) -> Facts:
    """Unite names and, if the view asks for what nobody disputes, leave out what is disputed."""
    facts = unite(stated)
    if facts.view.according_to == ALL and (claims := disputed(facts)):
        return unite(leave_out(stated, claims))
    return facts


def _known_for_certain(least: Facts, most: Facts) -> Facts:
    """Return what is certain whether or not documents were out whose day of publication is open.

    `least` are the claims that were known for certain, `most` those that may have been: what one of
    these withdraws or makes doubtful is not certain.
    """
    if set(least.readings) == set(most.readings):
        return _settled(least)
    doubtful = _settled(Facts(most.quads, least.view, least.limit))
    facts = _settled(leave_out(least, most.withdrawn & set(least.readings)))
    unsure = frozenset(n for n, s in doubtful.moment.standing.items() if s != "certain")
    return Facts(facts.quads, facts.view, facts.limit, unsure)
