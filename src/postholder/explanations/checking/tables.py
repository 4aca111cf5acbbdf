"""The rules of OWL 2 RL as owl2rl.txt has them, matched against premises in their order."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from postholder.explanations.checking.literals import cannot_be_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Said: TypeAlias = "tuple[str, str, str]"
"""A triple; each term in the form of N-Triples."""
_PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#", "org": "http://www.w3.org/ns/org#",
    "ph": "https://w3id.org/postholder/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip


def iri(name: str) -> str:
    """Return the term of a short name, as N-Triples have it."""
    prefix, _, local = name.partition(":")
    return f"<{_PREFIXES[prefix]}{local}>"


TYPE, SAME, NIL = iri("rdf:type"), iri("owl:sameAs"), iri("rdf:nil")
_SHORT = {"a": TYPE, "=": SAME}
RULES: dict[str, list[list[list[str]]]] = {}
for _line in Path(__file__).with_name("owl2rl.txt").read_text(encoding="utf-8").splitlines():
    if _line.startswith("#"):
        continue
    _name, *_parts = (part.strip() for part in _line.split("|"))
    for _head in _parts[2].split(";"):
        RULES.setdefault(_name, []).append(
            [[i.strip() for i in p.split(",") if i.strip()] for p in (*_parts[:2], _head)]
        )


class _Match:
    """One attempt to read premises as those of a rule."""

    def __init__(self, said: Sequence[Said], chosen: tuple[int, int]) -> None:
        self.left, self.chosen = list(said), dict(zip("ij", chosen, strict=True))
        self.known: dict[str, Any] = {}

    def is_(self, word: str, term: str) -> bool:
        """Tell whether a word of a rule stands for a term, binding it if it is free."""
        if word.isdigit() and word in "01":
            return re.fullmatch(rf'"\+?0*{word}".*', term) is not None
        if word.startswith(("<", '"', "_:")):
            return word == term
        if ":" in word or word in _SHORT:
            return (_SHORT.get(word) or iri(word)) == term
        name, _, place = word.partition(".")
        if place:
            members = self.known[name]
            return len(members) > self.chosen[place] and members[self.chosen[place]] == term
        return bool(self.known.setdefault(word, term) == term)

    def triple(self, pattern: str | tuple[str, ...], said: Said) -> bool:
        s, p, o = pattern.split() if isinstance(pattern, str) else pattern
        prop, backwards = self.known.get(f"^{p}", (p, False))
        if backwards:
            s, o = o, s
        return self.is_(s, said[0]) and self.is_(prop, said[1]) and self.is_(o, said[2])

    def via(self, term: str) -> tuple[str, bool]:
        """Read the inverses that an unnamed property stands for."""
        backwards = False
        while term.startswith("_:") and self.left and self.left[0][:2] == (term, iri("owl:inverseOf")):
            term, backwards = self.left.pop(0)[2], not backwards
        return term, backwards

    def axiom(self, item: str) -> bool:
        if item.startswith("("):
            head, name = item.strip("()").split()
            at, members = self.known[head], []
            while at != NIL:
                (s, p, o), (t, q, rest) = self.left[:2]
                if (s, p, t, q) != (at, iri("rdf:first"), at, iri("rdf:rest")):
                    return False
                members.append(o)
                at, self.left = rest, self.left[2:]
            self.known[name] = members
        elif item.startswith("^"):
            name, _, place = item[1:].rstrip("*").partition(".")
            found = self.known[name]
            if item.endswith("*"):
                self.known[item] = [self.via(t) for t in found]
            else:
                self.known[item] = self.via(found[self.chosen[place]] if place else found)
        else:
            return self.triple(item, self.left.pop(0))
        return True

    def body(self, items: Iterable[str]) -> list[tuple[str, ...]]:
        """Return the patterns of a body, those of lists spelt out; that something is a thing needs no premise."""
        found: list[tuple[str, ...]] = []
        for s, p, o in (i.split() for i in items):
            for n, (prop, turned) in enumerate(self.known[f"^{p}"] if p.endswith("*") else ()):
                ends = [(f"u{n}", f"u{n + 1}")] if s == "u" else [("x", f"z{n}"), ("y", f"z{n}")]
                found += [(b, prop, a) if turned else (a, prop, b) for a, b in ends]
                self.known["u"] = f"u{n + 1}"
            if o.endswith("*"):
                found += [(s, p, member) for member in self.known[o[:-1]]]
            elif not p.endswith("*"):
                found.append((s, p, o))
        return [t for t in found if t[1] != "a" or self.known.get(t[2], t[2]) not in {iri("owl:Thing"), "owl:Thing"}]

    def run(self, rule: list[list[str]], says: Said | None) -> bool:
        axioms, body, head = rule
        if not all(self.axiom(i) for i in axioms):
            return False
        patterns = self.body(body)
        if len(patterns) != len(self.left) or not all(map(self.triple, patterns, self.left)):
            return False
        if not head:
            return says is None
        s, p, o = head[0].split()
        last = self.known.get("u", o) if o == "u" else o
        if says is None:  # two values that would be the same
            return p == "=" and cannot_be_one(self.known[s], self.known[o])
        return self.triple((s, p, last), says) and (p != "=" or says[0] != says[2] or not body)


def by_table(rule: str, said: Sequence[Said], says: Said | None) -> bool:
    """Tell whether a rule of the tables concludes something from premises in this order."""
    return any(_fits(schema, said, says) for schema in RULES.get(rule, ()))


def _fits(schema: list[list[str]], said: Sequence[Said], says: Said | None) -> bool:
    try:
        return any(_Match(said, chosen).run(schema, says) for chosen in _choices(schema, said, says))
    except (IndexError, KeyError, ValueError):
        return False  # too few premises for this schema


def _choices(schema: list[list[str]], said: Sequence[Said], says: Said | None) -> Iterable[tuple[int, int]]:
    """Return which members of a list a rule may speak of: those that the further premises or the conclusion name."""
    text = str(schema)
    if ".i" not in text:
        return [(0, 0)]
    match = _Match(said, (0, 0))
    if not all(match.axiom(i) for i in schema[0] if not i.startswith("^")):
        return []
    [members] = [m for m in match.known.values() if isinstance(m, list)]
    named = {term for other in (*match.left, says or ()) for term in other}
    places = [n for n, member in enumerate(members) if member in named]
    return combinations(places, 2) if ".j" in text else [(n, n) for n in places]
