"""Look at facts through a view: choose the claims, unite names, judge the day."""

from __future__ import annotations

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
    stated = choose(Facts(quads, PLAIN, limit), view)
    facts = unite(stated)
    if view.according_to == ALL and (claims := disputed(facts)):
        return unite(leave_out(stated, claims))
    return facts
