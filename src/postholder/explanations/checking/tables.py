"""The rules of OWL 2 RL as owl2rl.txt has them, matched against premises in their order."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from postholder.explanations.checking.literals import same
from postholder.explanations.checking.names import SAME, TYPE, Said, iri

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHORT = {"a": TYPE, "=": SAME}
_INVERSE, _FIRST, _REST, _NIL = map(iri, ("owl:inverseOf", "rdf:first", "rdf:rest", "rdf:nil"))
_THINGS = {"owl:Thing", iri("owl:Thing")}


class _Rule(NamedTuple):
    """A rule: its axioms, its body and its head, and how many members of a list it names (i, j)."""

    axioms: list[str]
    body: list[list[str]]
    head: list[str]
    chosen: int


def _read() -> dict[str, list[_Rule]]:
    found: dict[str, list[_Rule]] = {}
    for line in Path(__file__).with_name("owl2rl.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, axioms, body, head = (part.strip() for part in line.split("|"))
            items = [[i.strip() for i in part.split(",") if i.strip()] for part in (axioms, body)]
            chosen = len(set(re.findall(r"\.([ij])\b", line)))
            found.setdefault(name, []).append(_Rule(items[0], [i.split() for i in items[1]], head.split(), chosen))
    return found


RULES = _read()


class _Match:
    """One attempt to read premises as those of a rule; `chosen` are the places of i and j."""

    def __init__(self, said: Sequence[Said], chosen: Sequence[int]) -> None:
        self.left, self.chosen = list(said), dict(zip("ij", chosen, strict=False))
        self.known: dict[str, Any] = {}

    def member(self, word: str) -> Any:
        """Return what a word is known to stand for: all of a list, or for `c.i` one of its members."""
        name, _, place = word.partition(".")
        return self.known[name][self.chosen[place]] if place else self.known[name]

    def is_(self, word: str, term: str) -> bool:
        """Tell whether a word of a rule stands for a term, binding it if it is free."""
        if word in {"0", "1"}:
            return re.fullmatch(rf'"\+?0*{word}".*', term) is not None
        if word.startswith(("<", '"', "_:")):
            return word == term
        if ":" in word or word in _SHORT:
            return (_SHORT.get(word) or iri(word)) == term
        if "." in word:
            return bool(self.member(word) == term)
        return bool(self.known.setdefault(word, term) == term)

    def triple(self, pattern: Sequence[str], said: Said) -> bool:
        """Tell whether a premise is as a pattern has it, read backwards if the property is an inverse."""
        s, p, o = pattern
        prop, backwards = self.known.get(f"^{p}", (p, False))
        return all(map(self.is_, (o, prop, s) if backwards else (s, prop, o), said))

    def via(self, term: str) -> tuple[str, bool]:
        """Read the inverses that an unnamed property stands for."""
        backwards = False
        while term.startswith("_:") and self.left and self.left[0][:2] == (term, _INVERSE):
            term, backwards = self.left.pop(0)[2], not backwards
        return term, backwards

    def members(self, head: str) -> Iterator[str]:
        """Read the members of a list."""
        while head != _NIL:
            (s, first, member), (t, rest, further) = self.left.pop(0), self.left.pop(0)
            if (s, first, t, rest) != (head, _FIRST, head, _REST):
                raise ValueError("this is no list")
            yield member
            head = further

    def axiom(self, item: str) -> bool:
        """Read an axiom of the rule."""
        if item.startswith("("):
            head, name = item.strip("()").split()
            self.known[name] = list(self.members(self.known[head]))
        elif item.endswith("*"):
            self.known[item] = [self.via(t) for t in self.known[item[1:-1]]]
        elif item.startswith("^"):
            self.known[item] = self.via(self.member(item[1:]))
        else:
            return self.triple(item.split(), self.left.pop(0))
        return True

    def body(self, patterns: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
        """Yield the patterns of a body, those of lists spelt out; that something is a thing needs no premise."""
        for s, p, o in patterns:
            if p.endswith("*"):
                for n, (prop, backwards) in enumerate(self.known[f"^{p}"]):
                    ends = [(f"u{n}", f"u{n + 1}")] if s == "u" else [("x", f"z{n}"), ("y", f"z{n}")]
                    yield from ((b, prop, a) if backwards else (a, prop, b) for a, b in ends)
                    self.known["u"] = f"u{n + 1}"
            else:
                objects = self.known[o[:-1]] if o.endswith("*") else [o]
                yield from ((s, p, c) for c in objects if p != "a" or self.known.get(c, c) not in _THINGS)

    def fits(self, rule: _Rule, says: Said | None) -> bool:
        """Tell whether all premises are those of a rule, and what it says is what the rule concludes."""
        if not all(map(self.axiom, rule.axioms)):
            return False
        patterns = list(self.body(rule.body))
        if len(patterns) != len(self.left) or not all(map(self.triple, patterns, self.left)):
            return False
        if not rule.head:
            return says is None
        s, p, o = rule.head
        if says is None:  # two values that would be the same
            return p == "=" and same(self.known[s], self.known[o]) is False
        end = self.known["u"] if o == "u" else o
        return self.triple((s, p, end), says) and (p != "=" or says[0] != says[2] or not rule.body)


def by_table(rule: str, said: Sequence[Said], says: Said | None) -> bool:
    """Tell whether a rule of the tables concludes something from premises in this order."""
    for version in RULES.get(rule, ()):
        for chosen in combinations(_places(said, says) if version.chosen else (), version.chosen):
            try:
                if _Match(said, chosen).fits(version, says):
                    return True
            except (IndexError, KeyError, ValueError):
                continue  # the premises are too few, or no list
    return False


def _places(said: Sequence[Said], says: Said | None) -> list[int]:
    """Return the places in a list of the members that something else speaks of: a rule can mean only these."""
    named = {term for t in (*said, *([says] if says else [])) if t[1] not in {_FIRST, _REST} for term in t} | _THINGS
    return [place for place, member in enumerate(t[2] for t in said if t[1] == _FIRST) if member in named]
