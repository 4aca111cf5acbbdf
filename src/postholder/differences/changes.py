"""What differs between two views, and around a change event.

A thing can change in the world (it begins, ends, moves) or only in what is known of it (possible
becomes certain, a plan is confirmed). The two are told apart by how the thing stands on each side.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from postholder import terms
from postholder.differences.cited import cited
from postholder.differences.difference import Around, Diff, Item, Merger, Shift, Withdrawal
from postholder.differences.sides import PRESENT, Side
from postholder.graph import Node, Term, order, ph, text_of
from postholder.perspective.identities import kept_names, renamed
from postholder.views.standing import happened
from postholder.views.validity import FIRST, LAST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from postholder.differences.sides import Seen
    from postholder.readings import Facts

_SETS = {"appointment": ("post", "holder"), "placement": ("placedUnit", "parentUnit")}
"""What a change of relations is told of, and what changes there."""
ROLES = ("before", "after", "kept", "establishes", "abolishes", "affects")


def compare(one: Facts, other: Facts) -> Diff:
    """Return what differs between two views of the same facts."""
    names = [{(text_of(a), text_of(b)) for a, b in kept_names(f.agreed).items()} for f in (one, other)]
    if names[0] != names[1]:  # what one side knows by two names would else end on one side and begin on the other
        kept = kept_names([*one.agreed, *other.agreed])
        one, other = renamed(one, kept), renamed(other, kept)
    return _Comparison(Side(one), Side(other)).diff(names[0], names[1])


class _Comparison:
    """Compares two sides thing by thing."""

    def __init__(self, one: Side, other: Side) -> None:
        self.sides = (one, other)
        views = [s.facts.view for s in self.sides]
        self._sure = any(v.certainty == "certain" for v in views)
        self._nodes: dict[str, Node] = {}
        self._items: dict[Node, Item] = {}
        for node in sorted({*one.kinds, *other.kinds}, key=order):
            item = self.item(node)
            self._items[node] = item
            self._nodes[item.thing] = node

    def item(self, node: Node) -> Item:
        """Return a thing as both sides show it."""
        return item_of(node, *self.sides)

    def _change(self, item: Item) -> str:
        before, after = item.first.standing, item.second.standing
        present = ("certain",) if self._sure else PRESENT
        was, is_ = before in PRESENT, after in PRESENT
        if was and is_:
            if before == after:
                return "stayed" if before in present else "unshown"
            if "planned" in {before, after}:
                return "confirmed" if before == "planned" else "only_planned"
            return "known_better" if after == "certain" else "known_less"
        if not was and not is_:
            return "unshown"
        if (before if was else after) not in present:
            return "unsure"
        return "ended" if was else "begun"

    def diff(self, first: set[tuple[str, str]], second: set[tuple[str, str]]) -> Diff:
        """Return all that differs; `first` and `second` are the names that each side unites."""
        groups: dict[str, list[Item]] = defaultdict(list)
        for item in self._items.values():
            groups[self._change(item)].append(item)
        moving = {i.thing for name in ("begun", "ended") for i in groups[name]}
        shifts = [s for kind in _SETS for s in self._shifts(kind, moving)]
        told = {i.thing for s in shifts for i in (*s.first, *s.second)}
        for name in ("begun", "ended"):
            groups[name] = [i for i in groups[name] if i.thing not in told]
        both = [i for i in self._items.values() if {i.first.standing, i.second.standing} <= set(PRESENT)]
        one, other = self.sides
        views = [s.facts.view for s in self.sides]
        return Diff(
            str(views[0]),
            str(views[1]),
            views[0].as_of == views[1].as_of,
            tuple(shifts),
            tuple(groups["begun"]),
            tuple(groups["ended"]),
            tuple(self._mergers(groups["begun"] + groups["ended"])),
            tuple(groups["confirmed"]),
            tuple(groups["only_planned"]),
            tuple(groups["known_better"]),
            tuple(groups["known_less"]),
            tuple(i for i in both if (i.first.values, i.first.dates) != (i.second.values, i.second.dates)),
            tuple(_withdrawals(one, other)),
            tuple(_withdrawals(other, one)),
            self._united(second - first),
            self._united(first - second),
            tuple(groups["stayed"]),
            len(groups["unsure"]),
        )

    def _shifts(self, kind: str, moving: set[str]) -> list[Shift]:
        """Return the posts whose holders differ, or the units whose parents do."""
        of, what = _SETS[kind]
        gathered: dict[Node, list[Item]] = defaultdict(list)
        for node, item in self._items.items():
            if item.kind == kind:
                for thing in {o for s in self.sides for o in s.told.objects(node, ph(of))}:
                    if not isinstance(thing, Literal):
                        gathered[thing].append(item)
        found = []
        for thing, items in sorted(gathered.items(), key=lambda i: order(i[0])):
            first, second = (tuple(i for i in items if seen(i).standing in PRESENT) for seen in (_first, _second))
            if any(i.thing in moving for i in items):
                same = _values(first, _first, what) == _values(second, _second, what)
                told = "mode" if _values(first, _first, "mode") != _values(second, _second, "mode") else kind
                changed = told if same else {"holder": "holder", "parentUnit": "parent"}[what]
            elif any(i in second and i.first.things("mode") != i.second.things("mode") for i in first):
                changed = "mode"
            else:
                continue
            found.append(Shift(text_of(thing), _name(thing, *self.sides), changed, first, second))
        return found

    def _mergers(self, items: Iterable[Item]) -> list[Merger]:
        changed = [self._nodes[i.thing] for i in items if i.kind == "event"]
        return [m for node in changed for m in mergers(node, *self.sides)]

    def _united(self, pairs: set[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple(sorted((_name(NamedNode(a), *self.sides), _name(NamedNode(b), *self.sides)) for a, b in pairs))


def _first(item: Item) -> Seen:
    return item.first


def _second(item: Item) -> Seen:
    return item.second


def _values(items: Iterable[Item], seen: Callable[[Item], Seen], name: str) -> set[str]:
    return {v for i in items for v in seen(i).things(name)}


def _name(node: Term, *sides: Side) -> str:
    """Return what a thing is called on either side: a label rather than a handle, the same whichever comes first."""
    found = sorted({s.name(node) for s in sides})
    plain = text_of(node).removeprefix(terms.ID)
    return next((n for n in found if n != plain), found[0])


def item_of(node: Node, one: Side, other: Side) -> Item:
    """Return a thing as two sides show it."""
    kind = min(s.kinds[node] for s in (one, other) if node in s.kinds)
    iri = node.value if isinstance(node, NamedNode) else str(node)

    def called(term: Term) -> str:
        return _name(term, one, other)

    return Item(iri, kind, called(node), one.seen(node, called), other.seen(node, called))


def mergers(event: Node, *sides: Side) -> list[Merger]:
    """Return what an event makes one: several before it and one after it, of one kind."""
    found = []
    parts = [{o for s in sides for o in s.told.objects(event, ph(role))} for role in ("before", "after")]
    by_kind: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for at, things in enumerate(parts):
        for thing in things:
            kind = min((s.kinds[thing] for s in sides if thing in s.kinds), default="")  # type: ignore[index]
            if kind:
                by_kind[kind][at].append(_name(thing, *sides))
    for kind, (before, after) in sorted(by_kind.items()):
        if len(before) > 1 and len(after) == 1:
            found.append(Merger(text_of(event), _name(event, *sides), kind, tuple(sorted(before)), after[0]))
    return found


def _withdrawals(one: Side, other: Side) -> list[Withdrawal]:
    """Return the claims that count on one side and are withdrawn on the other."""
    record, facts = other.facts.record, other.facts
    found = []
    for claim in sorted((facts.withdrawn - one.facts.withdrawn) & set(one.facts.readings), key=order):
        documents = set(facts.cites(claim))
        acts = sorted((a for a, t in record.pairs(ph("withdraws")) if t == claim or t in documents), key=order)
        favoured = sorted({c for a in acts for c in record.names(a, ph("inFavourOf"))}, key=order)
        of = {t.subject for r in facts.readings[claim] for t in facts.triples(r) if t.subject in one.kinds}
        found.append(
            Withdrawal(
                cited(facts, claim),
                _text(other, claim, "statement"),
                facts.is_planned(claim),
                "; ".join(text for a in acts if (text := _text(other, a, "reason"))),
                tuple(f"{cited(facts, c)}: {_text(other, c, 'statement')}" for c in favoured),
                tuple(sorted(_name(n, one, other) for n in of if one.kinds[n] not in {"post", "event", "unit"})),
            )
        )
    return found


def _text(side: Side, node: Node, name: str) -> str:
    return next(iter(side.facts.record.texts(node, ph(name))), "")


def window(facts: Facts, event: Node) -> tuple[int, int] | None:
    """Return the day before an event's earliest date and its latest date, if both are told."""
    bounds = happened(Side(facts).told, event)
    first, last = bounds.earliest_start, bounds.latest_start
    return (first - 1, last) if first > FIRST + 1 and last < LAST - 1 else None


def around(event: Node, undated: Facts, sides: tuple[Facts, Facts] | None) -> Around:
    """Return what an event does; `sides` are the views of the days given by `window`, if it is dated."""
    plain = Side(undated)
    one, other = (plain, plain) if sides is None else (Side(sides[0]), Side(sides[1]))
    roles = []
    for role in ROLES:
        nodes = sorted((o for o in plain.told.objects(event, ph(role)) if not isinstance(o, Literal)), key=order)
        items = tuple(item_of(n, one, other) for n in nodes if n in one.kinds or n in other.kinds)
        if items:
            roles.append((role, items))
    seen = plain.seen(event)
    diff = compare(*sides) if sides is not None else None
    return Around(
        text_of(event), _name(event, plain), seen.dates, seen.claims, tuple(roles), tuple(mergers(event, plain)), diff
    )
