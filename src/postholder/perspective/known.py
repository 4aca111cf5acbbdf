"""Which claims a view takes in: those known by a day, told by a source, and not set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.graph import DEFAULT, Node, Term, ph, text_of
from postholder.readings import Facts
from postholder.views.validity import FIRST, LAST, days
from postholder.views.view import ALL, ANY

if TYPE_CHECKING:
    from postholder.views.view import View


def choose(facts: Facts, view: View) -> Facts:
    """Return the facts that a view takes in, to be judged by that view.

    A claim is known when every document it cites is published: for certain by the latest day of
    publication, possibly from the earliest. Acts count from their own day. What only claims outside
    the view speak of (documents, passages, names, things) is left out with them.
    """
    if view.known_at is None and view.according_to in {ANY, ALL} and not view.without:
        return Facts(facts.quads, view, facts.limit)
    late = _late(facts, view)
    dropped = {c for c in facts.readings if not _taken(facts, c, view, late)}
    documents = facts.record.instances(ph("Document"))
    aside = late | _acts(facts, view) | {d for d in documents if text_of(d) in view.without}
    if view.according_to not in {ANY, ALL}:
        cited = {d for c in set(facts.readings) - dropped for d in facts.cites(c)}
        aside |= set(documents) - cited
    return Facts(leave_out(facts, dropped, aside).quads, view, facts.limit)


def leave_out(facts: Facts, claims: set[Node], besides: set[Node] | frozenset[Node] = frozenset()) -> Facts:
    """Return the facts without some claims (and documents or acts) and all that only they speak of."""
    kept = {r for c, readings in facts.readings.items() if c not in claims for r in readings}
    left_out = claims | besides | {r for c in claims for r in facts.readings.get(c, [])} - kept
    left_out |= _belongings(facts, left_out)
    left_out |= _forgotten(facts, left_out)
    quads = [
        q
        for q in facts.quads
        if q.subject not in left_out and q.object not in left_out and q.graph_name not in left_out
    ]
    return Facts(quads, facts.view, facts.limit)


def _late(facts: Facts, view: View) -> set[Node]:
    """Return the documents that are not published by the view's day, or not for certain."""
    if view.known_at is None:
        return set()
    name, unknown = ("publishedLatest", LAST) if view.certainty == "certain" else ("publishedEarliest", FIRST)
    documents = facts.record.instances(ph("Document"))
    return {d for d in documents if min(days(facts.record, d, name), default=unknown) > view.known_at}


def _taken(facts: Facts, claim: Node, view: View, late: set[Node]) -> bool:
    record = facts.record
    documents = set(facts.cites(claim))
    sources = set(record.objects(claim, ph("attributedTo")))
    if documents & late or view.without & {text_of(n) for n in (claim, *documents, *sources)}:
        return False
    if (
        not documents
        and view.known_at is not None
        and min(days(record, claim, "recordedOn"), default=FIRST) > view.known_at
    ):
        return False
    if view.according_to in {ANY, ALL}:
        return True
    published = {s for d in documents for name in ("publisher", "credits") for s in record.objects(d, ph(name))}
    return view.according_to in {text_of(n) for n in (*documents, *sources, *published)}


def _acts(facts: Facts, view: View) -> set[Node]:
    """Return the acts that are not yet done on the view's day."""
    if view.known_at is None:
        return set()
    acts = {a for a, _ in facts.record.pairs(ph("withdraws"))}
    return {a for a in acts if min(days(facts.record, a, "actedOn"), default=FIRST) > view.known_at}


def _belongings(facts: Facts, left_out: set[Node]) -> set[Node]:
    """Return what belongs to documents and claims that are left out: passages, names, omissions, acts."""
    record = facts.record
    passages = {n for n, d in record.pairs(ph("inDocument")) if d in left_out}
    mentions = {m for m, p in record.pairs(ph("occursIn")) if p in passages}
    acts = {a for a, c in record.pairs(ph("withdraws")) if c in left_out}
    # What withdraws a claim in favour of others does not outlive them.
    favoured: dict[Node, set[Term]] = {}
    for act, claim in record.pairs(ph("inFavourOf")):
        favoured.setdefault(act, set()).add(claim)
    acts |= {act for act, claims in favoured.items() if claims <= left_out}
    return passages | mentions | acts


def _forgotten(facts: Facts, left_out: set[Node]) -> set[Node]:
    """Return the things, sources, passages and questions that only what is left out spoke of."""
    spoken: set[Node] = set()
    still: set[Node] = set()
    for quad in facts.quads:
        gone = quad.subject in left_out or quad.graph_name in left_out
        nodes = [quad.object] if quad.graph_name == DEFAULT else [quad.subject, quad.object]
        for node in nodes:
            (spoken if gone else still).add(node)  # type: ignore[arg-type]
    described = {t.subject for t in facts.record}
    loose = {*facts.record.instances(ph("Passage")), *facts.question_of}
    forgotten = (spoken - still) & (described - facts.texts | loose)
    # An interpretation that no reading is left to rest on, and a question without interpretations.
    interpretations = {i for i in facts.question_of if i in forgotten}
    questions = {q for q, members in facts.interpretations.items() if set(members) <= interpretations}
    return forgotten | questions
