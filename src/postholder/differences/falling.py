"""What would fall without some documents, sources or claims; nothing is changed by asking."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Triple

from postholder import terms
from postholder.differences.cited import cited
from postholder.differences.sides import PRESENT, Side
from postholder.graph import DEFAULT, LABEL, TYPE, Node, Term, Triples, handle, order, ph, text_of
from postholder.perspective.identities import IDENTIFIED, kept_names, renamed
from postholder.text import count, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad

    from postholder.readings import Facts

_VOWELS = frozenset("aeiou")
_SHOWN = 10
"""How many of a kind are listed unless all are asked for."""
_TITLES = (NamedNode(terms.DCTERMS + "title"), NamedNode(terms.DCTERMS + "identifier"), ph("surfaceForm"))
_COUNTED = ("Document", "Claim", "Person", "Unit", "Post", "NameMention")
_PARTS = {
    "claims": ("claim that falls", "claims that fall"),
    "again": ("claim no longer withdrawn", "claims no longer withdrawn"),
    "stated": ("stated fact that falls", "stated facts that fall"),
    "inferred": ("inferred fact that falls", "inferred facts that fall"),
    "possible": ("fact under an open reading that falls", "facts under an open reading that fall"),
    "less_certain": ("fact no longer certain", "facts no longer certain"),
    "weaker": ("thing that stands less surely", "things that stand less surely"),
    "more_certain": ("fact certain only then", "facts certain only then"),
    "anew": ("fact that holds only then", "facts that hold only then"),
    "parted": ("name that parts", "names that part"),
    "unheard": ("thing of which nothing is told any more", "things of which nothing is told any more"),
}


@dataclass(frozen=True)
class WhatIf:
    """What differs without something; `bool()` tells whether anything falls or changes."""

    without: tuple[str, ...]
    claims: tuple[str, ...]
    """The claims named, and those that rest on what is named."""
    again: tuple[str, ...]
    """Claims that count again, because what withdrew them falls."""
    stated: tuple[str, ...]
    inferred: tuple[str, ...]
    possible: tuple[str, ...]
    less_certain: tuple[str, ...]
    """Facts that still hold under an open reading."""
    weaker: tuple[str, ...]
    """Things that no longer stand for certain."""
    more_certain: tuple[str, ...]
    anew: tuple[str, ...]
    parted: tuple[str, ...]
    """Names that are no longer known to be one thing."""
    unheard: tuple[str, ...]
    left: tuple[tuple[str, int, int], ...]
    """Kind, how many are left, how many there were."""

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return any(getattr(self, name) for name in _PARTS)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data, with how many there are of each kind first."""
        told = {name: list(getattr(self, name)) for name in ("without", *_PARTS)}
        left = {kind: {"left": now, "before": before} for kind, now, before in self.left}
        return {"counts": {name: len(told[name]) for name in _PARTS}, **told, "left": left}


class _State:
    """What holds in one state of the facts."""

    def __init__(self, facts: Facts, quads: Iterable[Quad], kept: dict[Node, NamedNode]) -> None:
        self.facts = facts
        self.side = Side(renamed(facts, kept))
        self.stated = {_rename(t, kept) for t in facts.world}
        inferred: set[Triple] = set()
        under: set[Triple] = set()
        for quad in quads:
            graph = text_of(quad.graph_name) if quad.graph_name != DEFAULT else ""
            if graph == terms.INFERRED_GRAPH:
                inferred.add(_rename(quad.triple, kept))
            elif graph.startswith(f"{terms.INFERRED_GRAPH}/"):
                under.add(_rename(quad.triple, kept))
        under |= {_rename(t, kept) for cluster in facts.clusters(facts.limit) for c in cluster for t in c.stated}
        self.inferred = inferred - self.stated
        self.certain = self.stated | self.inferred
        self.possible = under - self.certain
        self.all = self.certain | self.possible

    @property
    def counts(self) -> Counter[str]:
        """How many documents, claims and things there are."""
        record = self.facts.record
        found = Counter({name: len(record.instances(ph(name))) for name in ("Document", "Claim", "NameMention")})
        kinds = Counter(self.side.kinds.values())
        persons = {s for name in ("Person", "UnidentifiedPerson") for s in self.side.told.subjects(TYPE, ph(name))}
        return found + Counter({"Person": len(persons), "Unit": kinds["unit"], "Post": kinds["post"]})


def _rename(triple: Triple, kept: dict[Node, NamedNode]) -> Triple:
    if triple.predicate == IDENTIFIED:
        return triple
    value: Term = triple.object
    if not isinstance(value, Literal):
        value = kept.get(value, value)
    return Triple(kept.get(triple.subject, triple.subject), triple.predicate, value)


def compare(
    one: tuple[Facts, Iterable[Quad]], other: tuple[Facts, Iterable[Quad]], ontology: Iterable[Triple]
) -> WhatIf:
    """Return what falls from one state of the facts to another that leaves something out.

    Each is given as the facts of a view and the graph built from them; `ontology` brings the words.
    """
    kept = kept_names([*one[0].agreed, *other[0].agreed])
    before, after = _State(*one, kept), _State(*other, kept)
    words = _Words(Triples(ontology), before, after)
    facts, rest = before.facts, after.facts
    fallen = sorted(set(facts.readings) - set(rest.readings), key=order)
    again = sorted((facts.withdrawn - rest.withdrawn) & set(rest.readings), key=order)
    identities = [kept_names(f.agreed) for f in (facts, rest)]
    named = {t.subject for t in before.stated if t.predicate == LABEL}
    unheard = named - {t.subject for t in after.all}
    left, were = after.counts, before.counts
    return WhatIf(
        tuple(words.name(NamedNode(iri)) for iri in sorted(rest.view.without - facts.view.without)),
        tuple(words.claim(facts, c) for c in fallen),
        tuple(words.claim(rest, c) for c in again),
        words.told(before.stated - after.all),
        words.told(before.inferred - after.all),
        words.told(before.possible - after.all),
        words.told(before.certain & after.possible),
        tuple(words.weaker()),
        words.told(before.possible & after.certain),
        words.told(after.all - before.all),
        tuple(
            sorted(f"{words.name(a)} and {words.name(b)}" for a, b in identities[0].items() if a not in identities[1])
        ),
        tuple(sorted({words.name(n) for n in unheard})),
        tuple((name, left[name], were[name]) for name in _COUNTED if were[name]),
    )


def _is_comparison(triple: Triple) -> bool:
    """Tell whether a triple is about claims set against each other, which are told by their name alone."""
    return text_of(triple.subject).startswith(f"{terms.ID}comparison/")


class _Words:
    """Puts facts into words."""

    def __init__(self, vocabulary: Triples, before: _State, after: _State) -> None:
        self._vocabulary = vocabulary
        self._before, self._after = before, after

    def name(self, term: Term) -> str:
        """Return what a thing or a term is called."""
        if isinstance(term, Literal):
            return term.value
        if self._vocabulary.objects(term, LABEL):
            return self._vocabulary.label(term)
        sides = (self._before.side, self._after.side)
        for told in (*(s.told for s in sides), *(s.facts.record for s in sides)):
            if told.objects(term, LABEL):
                return told.label(term)
            for title in _TITLES:
                if texts := told.texts(term, title):
                    return texts[0]
        return handle(text_of(term))

    def claim(self, facts: Facts, claim: Node) -> str:
        """Return a claim with its passages and what it says."""
        statement = next(iter(facts.record.texts(claim, ph("statement"))), "no statement")
        return f"{cited(facts, claim)}: {statement}"

    def told(self, triples: Iterable[Triple]) -> tuple[str, ...]:
        """Return facts in words, sorted; what things are called is no fact of its own here."""
        return tuple(sorted({self._fact(t) for t in triples if (t.predicate == LABEL) == _is_comparison(t)}))

    def _fact(self, triple: Triple) -> str:
        if triple.predicate == LABEL:
            return text_of(triple.object)
        value = self.name(triple.object)
        word = self.name(triple.predicate)
        if triple.predicate == TYPE:
            word = "is an" if value[:1].lower() in _VOWELS else "is a"
        return f"{self.name(triple.subject)}: {word} {value}"

    def weaker(self) -> list[str]:
        """Return the things that no longer stand for certain, with how they stand then."""
        one, other = self._before.side, self._after.side
        found = []
        for node in sorted(one.kinds, key=order):
            then = other.standing(node)
            if one.standing(node) == "certain" and then in PRESENT and then != "certain":
                found.append(f"{self.name(node)}: certain -> {then}")
        return found


def told(found: WhatIf, *, everything: bool = False) -> str:
    """Return what falls as text: counts first, then lists; `everything` leaves nothing out."""
    lines = [f"WITHOUT {printable(', '.join(found.without))}"]
    numbers = {name: len(getattr(found, name)) for name in _PARTS}
    lines += [f"  {number} {_PARTS[name][number > 1]}" for name, number in numbers.items() if number]
    if not found:
        lines.append("  nothing falls: all that is told and inferred stays as it is")
    left = (f"{now} of {count(before, _noun(kind))}" for kind, now, before in found.left)
    lines.append(f"  left: {', '.join(left) or 'nothing'}")
    for name, number in numbers.items():
        if number:
            items = getattr(found, name)
            shown = items if everything else items[:_SHOWN]
            lines += ["", _PARTS[name][1].upper(), *(f"  {printable(i)}" for i in shown)]
            if len(shown) < number:
                lines.append(f"  and {number - len(shown)} more (--all lists them)")
    return "\n".join(lines)


def _noun(kind: str) -> str:
    return "name mention" if kind == "NameMention" else kind.lower()
