"""Tell people what differs: the text of `postholder diff`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from postholder.differences.sides import UNTOLD
from postholder.text import count, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from postholder.differences.difference import Around, Diff, Item, Shift, Withdrawal
    from postholder.differences.sides import Seen

_GROUPS = {
    "POSTS AND UNITS": ("post", "unit", "placement"),
    "WHO REPORTS TO WHOM": ("reporting line",),
    "BRANDS, APPLICATIONS AND MECHANISMS": ("brand", "brand arrangement", "application use", "mechanism"),
    "EVENTS": ("event",),
    "OTHER": ("appointment", "vacancy", "other relation"),
}
_VERBS = {
    "post": ("created", "ended"),
    "unit": ("created", "ended"),
    "reporting line": ("added", "removed"),
    "event": ("happened", "not yet happened"),
}
_SHIFTS = {
    "holder": "holder changed", "mode": "mode changed", "appointment": "appointed anew", "parent": "moved",
    "placement": "placed anew",
}  # fmt: skip
_WITHDRAWN = {True: "plan not carried out", False: "withdrawn"}
_ONE_SIDED = {
    ("holder", False, True): "holder begins", ("holder", True, False): "holder ends",
    ("parent", False, True): "placed", ("parent", True, False): "no longer placed",
}  # fmt: skip
_ROLES = {
    "before": "before", "after": "after", "kept": "kept", "establishes": "established", "abolishes": "abolished",
    "affects": "affected",
}  # fmt: skip


def told(diff: Diff, *, everything: bool = False) -> str:
    """Return what differs as text; `everything` names what stayed as well. No final line break."""
    return "\n".join(_told(diff, everything=everything))


def told_around(around: Around, *, everything: bool = False) -> str:
    """Return what an event does as text. No final line break."""
    lines = [f"EVENT   {printable(around.name)}: {around.dates}{_evidence(around.claims)}"]
    for role, items in around.roles:
        for item in items:
            lines += [f"  {_ROLES[role]}: {_line(item)}"]
    lines += [f"  merged: {_merged(m.before, m.after)}" for m in around.mergers]
    if not around.roles:
        lines.append("  nothing is told to begin, end or stay with it")
    if around.diff is None:
        lines += ["", "No views are compared: its first and last possible day are not both told."]
        return "\n".join(lines)
    return "\n".join([*lines, "", *_told(around.diff, everything=everything)])


def _told(diff: Diff, *, everything: bool) -> list[str]:
    lines = [f"FIRST   {printable(diff.first)}", f"SECOND  {printable(diff.second)}"]
    if diff.same_day:
        lines.append("Both ask about the same time: what differs is what is told of it.")
    if not diff:
        lines += ["", "Nothing differs."]
    sections = {"WHO HOLDS WHICH POST": [line for s in diff.shifts if s.what not in _MOVES for line in _shift(s)]}
    for title, kinds in _GROUPS.items():
        moved = [s for s in diff.shifts if s.what in _MOVES] if "placement" in kinds else []
        sections[title] = [line for s in moved for line in _shift(s)]
        for verb, items in enumerate((diff.begun, diff.ended)):
            sections[title] += [f"  {_verb(i, verb)}: {_line(i)}" for kind in kinds for i in items if i.kind == kind]
        if "mechanism" in kinds:
            merged = [m for m in diff.mergers if m.kind in kinds]
            sections[title] += [f"  merged: {_merged(m.before, m.after)}, by {printable(m.name)}" for m in merged]
    sections["PLANS NOT CARRIED OUT, CLAIMS WITHDRAWN"] = [
        *(line for w in diff.withdrawn for line in _withdrawal(w, _WITHDRAWN[w.planned])),
        *(line for w in diff.restored for line in _withdrawal(w, "withdrawn on the first side only")),
    ]
    sections["PLANS CONFIRMED"] = _items(diff.confirmed)
    sections["TOLD AS A PLAN ONLY, ON THE SECOND SIDE"] = _items(diff.only_planned)
    sections["KNOWN BETTER"] = _items(diff.known_better)
    sections["KNOWN LESS"] = _items(diff.known_less)
    sections["TOLD DIFFERENTLY"] = [line for i in diff.retold for line in _retold(i)]
    sections["NAMES"] = [
        *(f"  now one: {printable(a)} is {printable(b)}" for a, b in diff.united),
        *(f"  no longer one: {printable(a)} and {printable(b)}" for a, b in diff.parted),
    ]
    sections["WHAT STAYED"] = _stayed(diff.stayed, everything=everything)
    for title, body in sections.items():
        if body:
            lines += ["", title, *body]
    if diff.unsure:
        lines += ["", f"{count(diff.unsure, 'change')} left out: not certain on both sides (--certainty possible)"]
    return lines


_MOVES = ("parent", "placement")


def _shift(shift: Shift) -> list[str]:
    unit = shift.what in _MOVES
    stay = {i.thing for i in shift.first} & {i.thing for i in shift.second}
    first = _side(shift.first, lambda i: i.first, stay, ("parentUnit" if unit else "holder", 1))
    second = _side(shift.second, lambda i: i.second, stay, ("parentUnit" if unit else "holder", 0))
    word = _ONE_SIDED.get((shift.what, bool(shift.first), bool(shift.second)), _SHIFTS[shift.what])
    lines = [f"  {word}: {printable(shift.name)}: {first} -> {second}"]
    items = dict.fromkeys((*shift.first, *shift.second))
    return lines + [f"    {_line(i)}" for i in items]


def _side(items: Sequence[Item], seen: Callable[[Item], Seen], stay: set[str], what: tuple[str, int]) -> str:
    """Name the holders (or parents) on one side, each with what one must know of it."""
    name, half = what
    found = []
    for item in items:
        side = seen(item)
        modes = [m for m in side.names("mode") if not m.startswith("unspecified")]
        dates = side.dates.split("; ")[half:][:1] if item.thing not in stay else []
        notes = [
            *([side.standing] if side.standing != "certain" else []),
            *modes,
            *(d for d in dates if d and not d.startswith("no ") and "no end told" not in d),
            *([side.reading] if side.reading else []),
        ]
        names = " or ".join(printable(n) for n in side.names(name)) or printable(item.name)
        found.append(f"{names} ({', '.join(notes)})" if notes else names)
    return ", ".join(found) or ("nobody told" if name == "holder" else "none told")


def _verb(item: Item, at: int) -> str:
    """Return the word for a thing that is on one side only."""
    if UNTOLD in {item.first.standing, item.second.standing}:
        return f"{item.kind} told on the {('second', 'first')[at]} side only"
    verb = _VERBS.get(item.kind, ("begun", "ended"))[at]
    seen = (item.second, item.first)[at].standing
    if seen == "planned":
        return f"{item.kind} planned to be {verb}" if item.kind != "event" else "event planned"
    return f"{item.kind} {verb}" if seen == "certain" else f"{item.kind} possibly {verb}"


def _line(item: Item) -> str:
    """Return a thing with its standing on both sides, its dates, reading and evidence."""
    first, second = item.first, item.second
    stands = first.standing if first.standing == second.standing else f"{first.standing} -> {second.standing}"
    seen = second if second.standing != UNTOLD else first
    notes = [n for n in (stands, seen.dates, first.reading or second.reading) if n]
    claims = tuple(dict.fromkeys((*first.claims, *second.claims)))
    return f"{printable(item.name)}: {'; '.join(notes)}{_evidence(claims)}"


def _items(items: Iterable[Item]) -> list[str]:
    return [f"  {i.kind}: {_line(i)}" for i in items]


def _retold(item: Item) -> list[str]:
    one, other = item.first, item.second
    lines = [f"  {item.kind}: {_line(item)}"]
    if one.dates != other.dates:
        lines.append(f"    dates: {one.dates or 'not told'} -> {other.dates or 'not told'}")
    differing = (n for n in sorted({*dict(one.values), *dict(other.values)}) if one.things(n) != other.things(n))
    return lines + [f"    {n}: {_joined(one.names(n))} -> {_joined(other.names(n))}" for n in differing]


def _withdrawal(claim: Withdrawal, word: str) -> list[str]:
    lines = [f"  {word}: {printable(claim.statement)}  [{claim.claim}]", f"    reason: {printable(claim.reason)}"]
    lines += [f"    against it: {printable(c)}" for c in claim.against]
    if claim.things:
        lines.append(f"    it told of: {_joined(claim.things)}")
    return lines


def _stayed(items: Sequence[Item], *, everything: bool) -> list[str]:
    if everything:
        return _items(items)
    numbers = Counter(i.kind for i in items)
    return [f"  {', '.join(count(n, kind) for kind, n in sorted(numbers.items()))} (--all names them)"] if items else []


def _merged(before: Sequence[str], after: str) -> str:
    return f"{_joined(before)} -> {printable(after)}"


def _joined(names: Iterable[str]) -> str:
    return ", ".join(printable(n) for n in names) or "not told"


def _evidence(claims: Sequence[str]) -> str:
    return f"  [{', '.join(claims)}]" if claims else ""
