"""Check explanations in their JSON form (docs/reference/proofs.md) against plain data.

The data is what files say, in the terms of N-Triples: `axioms` and `register` (triples), `claims` (what each says
by which reading, and its passages), `questions` (open ambiguities with their interpretations), `rules` (SPARQL
texts) and `left_out` (what a view leaves out under each choice).
"""

from __future__ import annotations

from hashlib import sha256
from itertools import product
from typing import TYPE_CHECKING, Any

from pyoxigraph import RdfFormat, Store

from postholder.explanations.checking import days, literals, tables
from postholder.explanations.checking.tables import SAME, TYPE, Said, iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_IDENTIFIED = iri("ph:identifiedWith")
_LABEL = iri("rdfs:label")
_KINDS = {
    iri("ph:comparisonKind"): "kind", iri("ph:comparisonStanding"): "standing", iri("ph:oneSide"): "one_side",
    iri("ph:otherSide"): "other_side", iri("ph:compares"): "compares", _LABEL: "label", TYPE: "",
}  # fmt: skip


class Checker:
    """Checks explanations against one set of plain data."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.axioms = {tuple(t) for t in data["axioms"]}
        self.register = {tuple(t) for t in data["register"]}
        self.facts = {
            c: {r: {tuple(t) for t in told["says"]} for r, told in claim["readings"].items()}
            for c, claim in data["claims"].items()
        }
        self.agreed: set[Said] = set()
        for name, claim in data["claims"].items():
            if claim["complete"] and claim["readings"]:
                self.agreed |= set.intersection(*self.facts[name].values())
        self.kept = _kept({(s, o) for s, p, o in self.agreed if p == _IDENTIFIED})
        actual = [n for n, c in data["claims"].items() if c["cited"]["modality"] in {"", "actual"}]
        self.firm = {self.renamed(t) for name in actual for says in self.facts[name].values() for t in says}
        self._worlds: dict[tuple[str, ...], days.Days] = {}

    def renamed(self, said: Said) -> Said:
        """Return a fact as it is of the one node that stands for several names."""
        s, p, o = said
        return said if p in {_IDENTIFIED, _LABEL} else (self.kept.get(s, s), p, self.kept.get(o, o))

    def world(self, under: tuple[str, ...]) -> days.Days:
        """Return what is stated under a choice and the view does not leave out."""
        if under not in self._worlds:
            out, gone = (set(self.data["left_out"].get(key, ())) for key in ("", " ".join(under)))
            always = {self.renamed(t) for t in self.register | self.agreed}
            chosen = {
                self.renamed(t)
                for name, claim in self.data["claims"].items()
                for reading, told in claim["readings"].items()
                if told["needs"] and set(told["needs"]) <= set(under)
                for t in self.facts[name][reading]
            }
            kept = {t for t in always if not ({t[0], t[2]} & out and {t[0], t[2]} & gone)}
            self._worlds[under] = days.Days(kept | {t for t in chosen if not {t[0], t[2]} & gone})
        return self._worlds[under]

    def problems(self, explanation: dict[str, Any]) -> list[str]:
        """Return what is wrong with an explanation; nothing if it proves what it says."""
        try:
            return self._problems(explanation)
        except (AttributeError, IndexError, KeyError, SyntaxError, TypeError, ValueError) as error:
            return [f"it has not the form of an explanation: {error!r}"]

    def _problems(self, explanation: dict[str, Any]) -> list[str]:
        proofs, says = explanation["proofs"], _said(explanation["conclusion"])
        unders = [tuple(p["under"]) for p in proofs]
        found = [f"proof {n}: {problem}" for n, p in enumerate(proofs) for problem in self._proof(p, says)]
        if not proofs or explanation["holds"] not in {"always", "under readings"}:
            found.append("nothing is proven")
        elif explanation["holds"] == "always":
            found += [] if self._covered(unders) else ["not every way to read the text has a proof"]
        elif not all(unders) or self._covered(unders):
            found.append("it holds however the text is read")
        parts = [(explanation, _PARTS), *((p, _PARTS_OF_PROOF) for p in proofs)]
        parts += ((s, _PARTS_OF_STEP | _MORE.get(s["rule"], set())) for p in proofs for s in p["steps"])
        odd = sorted({key for part, known in parts for key in part.keys() - known})
        return found + [f"{key} does not belong there" for key in odd]

    def _covered(self, unders: list[tuple[str, ...]]) -> bool:
        """Tell whether each way to decide the questions touched includes what some proof needs."""
        used = {i for under in unders for i in under}
        questions = [members for members in self.data["questions"].values() if used & set(members)]
        return all(any(set(u) <= set(choice) for u in unders) for choice in product(*questions))

    def _proof(self, proof: dict[str, Any], conclusion: Said | None) -> list[str]:
        steps, under = proof["steps"], tuple(proof["under"])
        if not steps:
            return ["it has no steps"]
        found = []
        chosen = [q for i in under for q, members in self.data["questions"].items() if i in members]
        if len(set(chosen)) != len(under) or list(under) != sorted(under):
            found.append("its choice of readings is none")
        said = [_said(s["says"]) for s in steps]
        if said[-1] != conclusion:
            found.append("it proves something else")
        if len(set(said)) != len(said) or None in said[:-1]:
            found.append("it says something twice, or a contradiction on the way")
        used = {p for s in steps for p in s["premises"]}
        if used != set(range(len(steps) - 1)):
            found.append("a step is not used, or used before it is made")
        for place, step in enumerate(steps):
            if not all(isinstance(p, int) and 0 <= p < place for p in step["premises"]):
                found.append(f"step {place}: a premise does not come before it")
            elif not self._step(step, [said[p] for p in step["premises"]], said[place], under):
                found.append(f"step {place}: {step['rule']} does not conclude it")
        return found

    def _step(self, step: dict[str, Any], premises: list[Any], says: Said | None, under: tuple[str, ...]) -> bool:
        rule = step["rule"]
        try:
            if says is None or rule in tables.RULES or rule.startswith(("dt-", "prp-ap")):
                return tables.by_table(rule, premises, says) or _by_values(rule, premises, says)
            if rule in {"stated", "axiom", "comparison"}:
                if premises:
                    return False
                return says in self.axioms if rule == "axiom" else getattr(self, f"_{rule}")(step, says, under)
            if rule == "identified":
                return (
                    says == self.renamed(premises[0])
                    and self.agreed.issuperset(premises[1:])
                    and _identified(premises, says)
                )
            if " ".join(under) not in self.data["left_out"]:
                return False  # what is missing counts here, so all open questions must be answered
            if rule in days.RULES:
                return days.by_days(rule, premises, says, self.world(under), self.firm)
            return self._by_query(rule, premises, says, under)
        except (IndexError, KeyError, SyntaxError, TypeError, ValueError):
            return False  # not of the form that the rule asks for

    def _stated(self, step: dict[str, Any], says: Said, under: tuple[str, ...]) -> bool:
        """Tell whether each claim of a stated step says so under the choice, and rests on these passages."""
        if len({cited["claim"] for cited in step["claims"]}) < len(step["claims"]):
            return False
        for cited in step["claims"]:
            claim = self.data["claims"][cited["claim"]]
            facts = self.facts[cited["claim"]]
            saying = [r for r in sorted(facts) if says in facts[r]]
            chosen = [r for r in saying if (needs := claim["readings"][r]["needs"]) and set(needs) <= set(under)]
            if not chosen and claim["complete"] and len(saying) == len(facts):
                chosen = saying
            if not chosen or cited != {**claim["cited"], "readings": chosen}:
                return False
        return says in self.register if "file" in step else bool(step["claims"])

    def _by_query(self, rule: str, premises: list[Said], says: Said, under: tuple[str, ...]) -> bool:
        """Tell whether a rule in a file concludes something from these premises, and no fewer."""
        text = self.data["rules"][rule]
        if premises != sorted(set(premises)) or not _makes(text, premises, says):
            return False
        if any(_makes(text, [t for t in premises if t != left], says) for left in premises):
            return False
        return _makes(text, self.world(under).said.union(premises), says)

    def _comparison(self, step: dict[str, Any], says: Said, under: tuple[str, ...]) -> bool:
        """Tell whether a comparison is the one that its name stands for; what claims mean is not judged."""
        sides = [[c["claim"] for c in step[side]] for side in ("one_side", "other_side")]
        for cited in (*step["one_side"], *step["other_side"]):
            known = self.data["claims"].get(cited["claim"]) or self.data["withdrawn"][cited["claim"]]
            if cited != {**known["cited"], "readings": []}:
                return False
        groups = [" ".join(f"<{i}>" for i in g) for g in (under, step["compares"], *sides)]
        digest = sha256("|".join([step["kind"], step["standing"], *groups]).encode()).hexdigest()[:16]
        names = dict(zip(("compares", "one_side", "other_side"), (step["compares"], *sides), strict=True))
        names |= {key: [f"{_PH}{step[key]}"] for key in ("kind", "standing")}
        told = {f"<{i}>" for i in names.get(_KINDS[says[1]], ())}
        if says[1] == _LABEL:
            told = {literals.text(step["label"], "en")}
        if says[1] == TYPE:
            told = {iri("ph:Comparison")}
        return says[0] == f"<https://w3id.org/postholder/id/comparison/{digest}>" and says[2] in told


_ANNOTATIONS = {iri(f"rdfs:{n}") for n in ("label", "comment", "seeAlso", "isDefinedBy")} | {
    iri(f"owl:{n}") for n in ("deprecated", "versionInfo", "priorVersion", "backwardCompatibleWith", "incompatibleWith")
}
_PH = "https://w3id.org/postholder/ns#"


_PARTS, _PARTS_OF_PROOF = {"conclusion", "holds", "told", "proofs"}, {"under", "steps"}
_PARTS_OF_STEP = {"says", "rule", "premises"}
_MORE = {
    "stated": {"claims", "file"},
    "axiom": {"file"},
    "comparison": {"kind", "standing", "one_side", "other_side", "compares", "label"},
}
"""What a step has besides, by its rule."""


def _said(terms: Sequence[str] | None) -> Said | None:
    """Return a triple. Raises ValueError for what is no term: a text could be more, or less, than one."""
    if terms is None:
        return None
    s, p, o = terms
    if not p.startswith("<") or not all(map(literals.is_term, (s, p, o))):
        raise ValueError(f"{s} {p} {o}")
    return s, p, o


def _kept(pairs: set[tuple[str, str]]) -> dict[str, str]:
    """Return the node that stands for each name: one that is identified with no other, the first in order."""
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

    def joined(pairs: Iterable[Said]) -> bool:
        kept = _kept({(s, o) for s, _, o in pairs})
        return all(kept.get(a, a) == kept.get(b, b) for a, b in ((first[0], says[0]), (first[2], says[2])))

    return joined(ways) and not any(joined([t for t in ways if t != left]) for left in ways)


def _by_values(rule: str, said: list[Said], says: Said | None) -> bool:
    """Tell whether a rule on literals and datatypes (table 8) concludes something from at most one premise."""
    s, p, o = said[0] if said else ("", "", "")
    if says is not None and not said and rule in {"prp-ap", "dt-type1", "dt-eq"}:
        if rule == "dt-eq":
            both = literals.is_literal(says[0]) and literals.is_literal(says[2]) and says[1] == SAME
            return both and literals.value(says[0]) == literals.value(says[2]) is not None
        known = says[0] in _ANNOTATIONS if rule == "prp-ap" else bool(literals.supers(says[0]))
        return known and says[1:] == (TYPE, iri("owl:AnnotationProperty" if rule == "prp-ap" else "rdfs:Datatype"))
    if rule == "dt-type2" and says is not None and says[1] == TYPE:
        if said:
            return len(said) == 1 and (says[0], TYPE) == (s, p) and says[2] in literals.supers(o)
        return literals.is_literal(says[0]) and literals.is_of(says[0], says[2]) is True
    if len(said) != 1 or says is not None:
        return False
    if rule == "dt-not-type":
        literal, datatype = (s, o) if p == TYPE and literals.is_literal(s) else (o, literals.datatype(o))
        return literals.is_literal(literal) and literals.is_of(literal, datatype) is False
    return rule == "dt-diff" and p == SAME and literals.cannot_be_one(s, o)


def _makes(text: str, facts: Iterable[Said], says: Said) -> bool:
    """Tell whether a CONSTRUCT query makes a triple of facts; numbers are compared as a store writes them."""
    made = _stored(facts).query(text)
    return _lines(_stored([says])) <= _lines(_stored(tuple(str(t).split(" ", 2)) for t in made))  # type: ignore[misc, union-attr]


def _stored(facts: Iterable[Said]) -> Store:
    store = Store()
    store.load("".join(f"{s} {p} {o} .\n" for s, p, o in facts).encode(), format=RdfFormat.N_TRIPLES)
    return store


def _lines(store: Store) -> set[str]:
    return {str(quad) for quad in store}
