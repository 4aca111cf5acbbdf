"""Check explanations in their JSON form (docs/reference/proofs.md) against plain data.

The data is what files say, in the terms of N-Triples: `axioms` and `register` (triples, each with its file), `claims`
(what each says by which reading, and its passages), `questions` (open ambiguities with their interpretations),
`rules` (SPARQL texts) and `left_out` (what a view leaves out under each choice).
"""

from __future__ import annotations

from hashlib import sha256
from itertools import product
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, RdfFormat, Store

from postholder.explanations.checking import days, literals, tables
from postholder.explanations.checking.names import LABEL, TYPE, Said, iri, is_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_IDENTIFIED = iri("ph:identifiedWith")
_NOT_OF_THE_FORM = AttributeError, IndexError, KeyError, SyntaxError, TypeError, ValueError


class Checker:
    """Checks explanations against one set of plain data."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.axioms: dict[Said, str] = {(s, p, o): file for s, p, o, file in data["axioms"]}
        self.register: dict[Said, str] = {(s, p, o): file for s, p, o, file in data["register"]}
        self.claimed: dict[Said, dict[str, list[str]]] = {}
        for name, claim in data["claims"].items():
            for reading, told in claim["readings"].items():
                for s, p, o in told["says"]:
                    self.claimed.setdefault((s, p, o), {}).setdefault(name, []).append(reading)
        self.agreed = self.stated(())
        self.kept = _kept(t for t in self.agreed if t[1] == _IDENTIFIED)
        actual = {n for n, c in data["claims"].items() if c["cited"]["modality"] in {"", "actual"}}
        self.firm = {self.renamed(t) for t, claims in self.claimed.items() if actual & claims.keys()}
        self._worlds: dict[tuple[str, ...], days.Days] = {}

    def readings(self, says: Said, under: tuple[str, ...]) -> dict[str, list[str]]:
        """Return the claims that say something under a choice, with the readings chosen, or all where all say so."""
        found = {}
        for name, saying in self.claimed.get(says, {}).items():
            claim = self.data["claims"][name]
            chosen = [r for r in saying if (needs := claim["readings"][r]["needs"]) and set(needs) <= set(under)]
            every = saying if claim["complete"] and len(saying) == len(claim["readings"]) else []
            if chosen or every:
                found[name] = sorted(chosen or every)
        return found

    def stated(self, under: tuple[str, ...]) -> set[Said]:
        """Return what claims state under a choice."""
        return {says for says in self.claimed if self.readings(says, under)}

    def renamed(self, said: Said) -> Said:
        """Return a fact as it is of the one node that stands for several names."""
        s, p, o = said
        return said if p in {_IDENTIFIED, LABEL} else (self.kept.get(s, s), p, self.kept.get(o, o))

    def world(self, under: tuple[str, ...]) -> days.Days:
        """Return what is stated under a choice and the view does not leave out."""
        if under not in self._worlds:
            out, gone = (set(self.data["left_out"].get(key, ())) for key in ("", " ".join(under)))
            always = {self.renamed(t) for t in self.agreed.union(self.register)}
            told = always | {self.renamed(t) for t in self.stated(under)}
            self._worlds[under] = days.Days(
                t for t in told if not {t[0], t[2]} & gone or (t in always and not {t[0], t[2]} & out)
            )
        return self._worlds[under]

    def problems(self, explanation: dict[str, Any]) -> list[str]:
        """Return what is wrong with an explanation; nothing if it proves what it says."""
        try:
            return list(self._problems(**explanation))
        except _NOT_OF_THE_FORM:
            return ["this has not the form of an explanation"]

    def _problems(self, conclusion: list[str] | None, holds: str, told: str, proofs: list[Any]) -> Iterator[str]:
        for number, proof in enumerate(proofs):
            yield from (f"proof {number}: {problem}" for problem in self._proof(conclusion, **proof))
        covered = self._covered([proof["under"] for proof in proofs])
        if not proofs or holds not in {"always", "under readings"}:
            yield "nothing is proven"
        elif covered != (holds == "always"):
            yield "it holds however the text is read" if covered else "not every way to read the text has a proof"
        if told:
            yield "it tells more than the proofs do"

    def _covered(self, unders: Sequence[Sequence[str]]) -> bool:
        """Tell whether each way to decide the questions touched includes what some proof needs."""
        used = {i for under in unders for i in under}
        questions = [members for members in self.data["questions"].values() if used & set(members)]
        return all(any(set(u) <= set(choice) for u in unders) for choice in product(*questions))

    def _proof(self, conclusion: list[str] | None, under: list[str], steps: list[dict[str, Any]]) -> Iterator[str]:
        chosen = {q for i in under for q, members in self.data["questions"].items() if i in members}
        if len(chosen) != len(under) or under != sorted(under):
            yield "its choice of readings is none"
        said = [None if step["says"] is None else _said(*step["says"]) for step in steps]
        if not steps or steps[-1]["says"] != conclusion:
            yield "it proves something else"
        if not all(is_term(term) for says in said for term in says or ()):
            yield "it speaks of what is no term"
        if len(set(said)) != len(said) or None in said[:-1]:
            yield "it says something twice, or a contradiction on the way"
        if {p for step in steps for p in step["premises"]} != set(range(len(steps) - 1)):
            yield "a step is not used, or used before it is made"
        for place, step in enumerate(steps):
            if not all(isinstance(p, int) and 0 <= p < place for p in step["premises"]):
                yield f"step {place}: a premise does not come before it"
            elif not self._step(step, [said[p] for p in step["premises"]], said[place], tuple(under)):
                yield f"step {place}: {step['rule']} does not conclude it"

    def _step(self, step: dict[str, Any], premises: list[Any], says: Any, under: tuple[str, ...]) -> bool:
        rule, told = step["rule"], {k: v for k, v in step.items() if k not in {"says", "rule", "premises"}}
        try:
            if rule in {"axiom", "stated", "comparison"}:
                return not premises and getattr(self, f"_{rule}")(told, says, under)
            if told:
                return False
            if rule.startswith("dt-"):
                return literals.by_values(rule, premises, says)
            if rule in tables.RULES:
                return tables.by_table(rule, premises, says)
            if rule == "identified":
                first, *ways = premises
                return says == self.renamed(first) and self.agreed.issuperset(ways) and _identified(premises, says)
            if " ".join(under) not in self.data["left_out"]:
                return False  # what is missing counts here, so all open questions must be answered
            if rule in days.RULES:
                return days.by_days(rule, premises, says, self.world(under), self.firm)
            return self._by_query(rule, premises, says, under)
        except _NOT_OF_THE_FORM:
            return False

    def _axiom(self, told: dict[str, Any], says: Said, _: tuple[str, ...]) -> bool:
        return says in self.axioms and told == {"file": self.axioms[says]}

    def _stated(self, told: dict[str, Any], says: Said, under: tuple[str, ...]) -> bool:
        """Tell whether something is stated, by exactly these claims and readings, with these passages."""
        claims = [
            {**self.data["claims"][name]["cited"], "readings": saying}
            for name, saying in self.readings(says, under).items()
        ]
        file = {"file": self.register[says]} if says in self.register else {}
        return bool(claims or file) and told == {"claims": claims, **file}

    def _comparison(self, told: dict[str, Any], says: Said, under: tuple[str, ...]) -> bool:
        """Tell whether a comparison is the one that its name stands for; what claims mean is not judged."""
        sides = {"ph:oneSide": told.pop("one_side"), "ph:otherSide": told.pop("other_side")}
        known = {**self.data["withdrawn"], **self.data["claims"]}
        if any(c != {**known[c["claim"]]["cited"], "readings": []} for side in sides.values() for c in side):
            return False
        kind, standing, compares, label = (told.pop(key) for key in ("kind", "standing", "compares", "label"))
        one, other = ([f"<{c['claim']}>" for c in side] for side in sides.values())
        nodes = [f"<{node}>" for node in compares]
        parts = [kind, standing, *(" ".join(names) for names in ([f"<{i}>" for i in under], nodes, one, other))]
        may_say = {
            TYPE: [iri("ph:Comparison")],
            LABEL: [str(Literal(label, language="en"))],
            iri("ph:comparisonKind"): [iri(f"ph:{kind}")],
            iri("ph:comparisonStanding"): [iri(f"ph:{standing}")],
            iri("ph:compares"): nodes,
            iri("ph:oneSide"): one,
            iri("ph:otherSide"): other,
        }
        name = sha256("|".join(parts).encode()).hexdigest()[:16]
        return (
            not told
            and says[0] == f"<https://w3id.org/postholder/id/comparison/{name}>"
            and says[2] in may_say[says[1]]
        )

    def _by_query(self, rule: str, premises: list[Said], says: Said, under: tuple[str, ...]) -> bool:
        """Tell whether a rule in a file concludes something from these premises, and no fewer."""
        text = self.data["rules"][rule]
        if premises != sorted(set(premises)) or not _makes(text, premises, says):
            return False
        if any(_makes(text, [t for t in premises if t != left], says) for left in premises):
            return False
        return _makes(text, self.world(under).said.union(premises), says)


def _said(subject: str, predicate: str, value: str) -> Said:
    return subject, predicate, value


def _kept(identities: Iterable[Said]) -> dict[str, str]:
    """Return the node that stands for each name: one that is identified with no other, the first in order."""
    pairs = {(s, o) for s, _, o in identities}
    groups: list[set[str]] = []
    for pair in pairs:
        touched = [g for g in groups if g & set(pair)]
        groups = [g for g in groups if g not in touched] + [set(pair).union(*touched)]
    found: dict[str, str] = {}
    for group in groups:
        named = sorted(n for n in group if n.startswith("<"))
        chosen = next((n for n in named if n not in {one for one, _ in pairs}), named[0])
        found |= {n: chosen for n in group if n != chosen}
    return found


def _identified(premises: list[Said], says: Said) -> bool:
    """Tell whether a fact is another with names that the further premises, in order and all needed, make one."""
    first, *ways = premises
    if first[1] != says[1] or ways != sorted(set(ways)) or any(p != _IDENTIFIED for _, p, _ in ways):
        return False

    def joined(identities: Iterable[Said]) -> bool:
        kept = _kept(identities)
        return all(kept.get(a, a) == kept.get(b, b) for a, b in ((first[0], says[0]), (first[2], says[2])))

    return joined(ways) and not any(joined([t for t in ways if t != left]) for left in ways)


def _makes(text: str, facts: Iterable[Said], says: Said) -> bool:
    """Tell whether a CONSTRUCT query makes a triple of facts; numbers are compared as a store writes them."""
    made: Any = _store(facts).query(text)
    return set(_store([says])) <= set(_store(tuple(str(t).split(" ", 2)) for t in made))


def _store(facts: Iterable[Sequence[str]]) -> Store:
    store = Store()
    store.load("".join(f"{s} {p} {o} .\n" for s, p, o in facts).encode(), format=RdfFormat.N_TRIPLES)
    return store
