"""Explanations in plain English, and as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode

from postholder.closure.proofs import AXIOM, STATED
from postholder.closure.reader import FIRST, REST
from postholder.explanations.explanation import COMPARISON
from postholder.explanations.grounds import IDENTIFIED_RULE
from postholder.explanations.rows import values_in_words
from postholder.graph import LABEL, TYPE, Triples, handle, local_name
from postholder.text import count, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Quad

    from postholder.closure.proofs import Statement, Step
    from postholder.explanations.explanation import Argument, Explanation
    from postholder.explanations.rows import RowExplanation
    from postholder.graph import Term

_RULES = {
    "prp-dom": "whatever has it is of that class",
    "prp-rng": "its values are of that class",
    "prp-fp": "it has one value at most, so two names of it are one thing",
    "prp-ifp": "it belongs to one thing at most, so two names of that are one thing",
    "prp-symp": "it holds both ways",
    "prp-trp": "it passes on from link to link",
    "prp-spo1": "the one property includes the other",
    "prp-spo2": "the properties follow one another",
    "prp-eqp1": "the two properties are the same",
    "prp-eqp2": "the two properties are the same",
    "prp-inv1": "the one property is the other read backwards",
    "prp-inv2": "the one property is the other read backwards",
    "prp-key": "the values together belong to one thing only",
    "cax-sco": "the one class includes the other",
    "cax-eqc1": "the two classes are the same",
    "cax-eqc2": "the two classes are the same",
    "eq-ref": "everything is the same as itself",
    "eq-sym": "being the same holds both ways",
    "eq-trans": "being the same passes on",
    "eq-rep-s": "what holds of one name holds of the other",
    "eq-rep-p": "what holds of one name holds of the other",
    "eq-rep-o": "what holds of one name holds of the other",
    "person-reports-to-person": "the one holds the post below and the other the post above, and all can share a day",
    "answers-up-to": "reporting lines that can share a day lead there",
    "lies-within": "placements that can share a day lead there",
    IDENTIFIED_RULE: "claims say that both names are of one thing",
    COMPARISON: "by comparison of claims",
}
"""Rules in words; the others go by their name only."""
_OVERLAP = "appointment-overlap"
_OVERLAPS = {
    "certainlyOverlaps": "their dates make sure that they share a day",
    "possiblyOverlaps": "one person holds both, and no date excludes that they share a day",
    "neverOverlaps": "their dates exclude that they share a day",
}
"""Why appointments overlap, by what is concluded."""
_LIKE_VERBS = ("has", "is", "was", "had")
_AS_IN_YOU = ("uni", "use", "eu")
"""Beginnings that are spelt like a vowel and spoken like a consonant."""


class Words:
    """Says things by the names they have in a graph; what is data is made harmless for a terminal."""

    def __init__(self, quads: Iterable[Quad], prefixes: Mapping[str, str]) -> None:
        self._labels = Triples(q.triple for q in quads if q.predicate == LABEL)
        self._prefixes = prefixes

    def short(self, term: Term) -> str:
        """Return a term in its shortest form."""
        if not isinstance(term, NamedNode):
            return "a class without a name" if isinstance(term, BlankNode) else str(term)
        shorter = handle(term.value)
        if shorter != term.value:
            return printable(shorter)
        found = [(len(iri), name, iri) for name, iri in self._prefixes.items() if term.value.startswith(iri)]
        if found:
            _, name, iri = max(found)
            return printable(f"{name}:{term.value.removeprefix(iri)}")
        return printable(term.value)

    def name(self, term: Term) -> str:
        """Return what a thing is called, or its short form."""
        if isinstance(term, Literal):
            return printable(f'"{term.value}"' if term.datatype.value.endswith("tring") else term.value)
        if not isinstance(term, NamedNode) or not self._labels.objects(term, LABEL):
            return self.short(term)
        return printable(self._labels.label(term))

    def sentence(self, says: Statement) -> str:
        """Return what a step says, as a sentence without its full stop."""
        subject, predicate, value = says
        if predicate == TYPE:
            kind = self.name(value)
            low = kind.lower()
            article = "an" if low.startswith(tuple("aeiou")) and not low.startswith(_AS_IN_YOU) else "a"
            return f"{self.name(subject)} is {article} {kind} ({self.short(value)})"
        return f"{self.name(subject)} {self._verb(predicate, value)} {self.name(value)}"

    def axiom(self, says: Statement, lists: Mapping[Term, Sequence[Term]]) -> str:
        """Return an axiom in the short forms of its terms; of a list, those of its members."""
        subject, predicate, value = says
        members = lists.get(value, ())
        joined = f"({', '.join(map(self.short, members))})" if members else self.short(value)
        return f"{self.short(subject)} {self.short(predicate)} {joined}"

    def _verb(self, predicate: NamedNode, value: Term) -> str:
        """Return a property as the verb of a sentence, by the words of its name."""
        name = self.name(predicate)
        first, *more = name.split(" ")[:2]
        if first in _LIKE_VERBS:
            return name
        if not isinstance(value, Literal) and any(w.endswith("s") and w != "as" for w in (first, *more)):
            return name
        return f"is {name}" if name.endswith((" of", " in", " by", " with")) else f"has {name}"


def claims_in_words(told: Mapping[str, Any], words: Callable[[str], str], *, dated: bool = False) -> str:
    """Return the claims of a stated step: `F26, planned: characters 883-924 of document/x`.

    With `dated` also the days between which a document was published.
    """
    found = []
    for claim in told["claims"]:
        spans: dict[tuple[str, str], list[list[int]]] = {}
        for passage in claim["passages"]:
            days = " to ".join(passage["published"])
            when = f" (published {days})" if dated and days else ""
            spans.setdefault((passage["document"], when), []).append(passage["span"])
        where = ", and ".join(f"characters {_spans(s)} of {words(d)}{when}" for (d, when), s in spans.items())
        manner = f", {claim['modality']}" if claim["modality"] not in {"actual", ""} else ""
        found.append(f"{claim['name']}{manner}{f': {where}' if where else ''}")
    if told.get("file"):
        found.append(f"the record in {told['file']}")
    return "; ".join(found)


def _spans(spans: Iterable[Sequence[int | None]]) -> str:
    """Return spans in the order of the text; a bound that is not recorded is a question mark."""
    ordered = sorted(spans, key=lambda span: [-1 if n is None else n for n in span])
    return " and ".join("-".join("?" if n is None else str(n) for n in span) for span in ordered)


def culprits(explanation: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the stated facts that an explanation rests on, each with its claims, documents and days in words."""
    for proof in explanation["proofs"]:
        for step in proof["steps"]:
            if step["rule"] == STATED:
                line = " ".join(_shortest(t) for t in step["says"])
                yield line, claims_in_words(step, lambda d: handle(d) if d else "no document", dated=True)


def _shortest(term: str) -> str:
    if term == str(TYPE):
        return "rdf:type"
    return handle(term[1:-1]) if term.startswith("<") else term


class Telling:
    """Tells an explanation; `passages` are texts of passages by their digest, for the reader's eyes only."""

    def __init__(self, words: Words, passages: Mapping[str, str] | None = None) -> None:
        self._words = words
        self._passages = passages or {}
        self._quoted_already: set[str] = set()

    def plain(self, explanation: Explanation) -> str:
        """Return an explanation in sentences."""
        return "\n".join(self._lines(explanation, self._sentences))

    def tree(self, explanation: Explanation) -> str:
        """Return an explanation as a tree: below each line what it rests on."""
        return "\n".join(self._lines(explanation, self._branches))

    def row(self, row: RowExplanation, *, tree: bool = False) -> str:
        """Return why a row is there, in sentences or with trees."""
        form = self._branches if tree else self._sentences
        lines = [f"Row {row.number}: {printable(values_in_words(row))}"]
        if row.counted:
            lines.append(
                f"It is counted from {count(row.counted, 'match')[:-1] + 'es' if row.counted > 1 else '1 match'}."
            )
        for explanation in row.inferred:
            lines += self._lines(explanation, form)
        for explanation in row.stated:
            lines += self._lines(explanation, form)
        for silence in row.silent:
            document = self._words.name(NamedNode(silence.document)) if silence.document else "no document"
            lines.append(f"Not stated in {document}, which was read whole: {printable(silence.note)}")
        if not row.inferred:
            lines.append("Nothing of it is inferred.")
        if not (row.inferred or row.stated or row.silent):
            lines.append(
                "It tells of the record, or is worked out within the question: there is no single fact to show."
            )
        if row.absent:
            lines.append(f"Besides, nothing was found of {count(row.absent, 'kind')} of facts that would rule it out.")
        if row.more:
            lines.append(f"{count(row.more, 'fact')} more are left out here.")
        return "\n".join(lines)

    def _lines(self, explanation: Explanation, form: Callable[[Explanation, Argument], Iterator[str]]) -> Iterator[str]:
        self._quoted_already.clear()
        if explanation.triple is not None:
            triple = explanation.triple
            says = triple.subject, triple.predicate, triple.object
            if [len(a.proof.steps) for a in explanation.arguments] == [1] and not explanation.arguments[0].under:
                [(_, told)] = explanation.steps(explanation.arguments[0])
                yield f"{self._words.sentence(says)}. [{self._because(told, [], {})}]"
                yield from (f"     {line}" for line in self._quoted(told))
                return
            yield self._words.sentence(says) + ("." if explanation.holds != "not" else ": this does not hold.")
        if explanation.told:
            yield explanation.told
        if explanation.holds == "always" and len(explanation.arguments) > 1:
            yield "It holds however the text is read:"
        for argument in explanation.arguments:
            if argument.under:
                yield f"Read so: {' and '.join(self._words.name(i) for i in argument.under)}"
            yield from form(explanation, argument)

    def _sentences(self, explanation: Explanation, argument: Argument) -> Iterator[str]:
        steps = list(explanation.steps(argument))
        numbers: dict[int, int] = {}
        for place, (step, _) in enumerate(steps):
            if step.rule != AXIOM or len(steps) == 1:
                numbers[place] = len(numbers) + 1
        for place, (step, told) in enumerate(steps):
            if place not in numbers:
                continue
            said = self._said(step, {})
            yield f"  {numbers[place]}. {said}. [{self._because(told, steps, numbers)}]"
            yield from (f"     {line}" for line in self._quoted(told))
        plans = sorted({name for _, told in steps for name in _only_planned(told)})
        if plans:
            yield f"  What is planned only: {printable(', '.join(plans))}."

    def _because(self, told: Mapping[str, Any], steps: Sequence[Any], numbers: Mapping[int, int]) -> str:
        rule = told["rule"]
        if rule == STATED:
            return f"stated: {self._cited(told)}"
        if rule == AXIOM:
            return f"the ontology says so, in {told['file'] or 'an unnamed class'}"
        if rule == COMPARISON:
            sides = (self._cited({"claims": told[side]}) for side in ("one_side", "other_side"))
            return f"by comparison of {' with '.join(sides)}"
        used = [p for p in told["premises"] if p in numbers]
        parts = [f"from {_listed([str(numbers[p]) for p in used])}"] if used else []
        axioms = [steps[p][0].says for p in told["premises"] if p not in numbers]
        lists = _lists(step for step, _ in steps)
        named = [self._words.axiom(a, lists) for a in axioms if not isinstance(a[0], BlankNode)]
        why = _RULES.get(rule) or (_OVERLAPS[local_name(told["says"][1][1:-1])] if rule == _OVERLAP else "")
        parts += [why] if why else []
        return f"{', '.join([*parts, *named])} ({rule})"

    def _cited(self, told: Mapping[str, Any]) -> str:
        return printable(claims_in_words(told, lambda d: self._words.name(NamedNode(d)) if d else "no document"))

    def _quoted(self, told: Mapping[str, Any]) -> list[str]:
        """Return the texts of cited passages, where the reader has the document at hand."""
        sides = [*told.get("claims", ()), *told.get("one_side", ()), *told.get("other_side", ())]
        digests = dict.fromkeys(p["sha256"] for claim in sides for p in claim["passages"])
        new = [d for d in digests if d in self._passages and d not in self._quoted_already]
        self._quoted_already.update(new)
        return [f"“{printable(self._passages[d])}”" for d in new]

    def _branches(self, explanation: Explanation, argument: Argument) -> Iterator[str]:
        steps = list(explanation.steps(argument))
        shown: set[int] = set()
        lists = _lists(step for step, _ in steps)

        def branch(place: int, stem: str) -> Iterator[str]:
            step, told = steps[place]
            again = place in shown and bool(step.premises)
            shown.add(place)
            yield f"{stem}{self._said(step, lists)}  [{self._label(told)}{', as above' if again else ''}]"
            indent = stem.replace("├─ ", "│  ").replace("└─ ", "   ")
            yield from (f"{indent}   {line}" for line in self._quoted(told))
            below = [] if again else [p for p in step.premises if not _is_inside(steps[p][0])]
            for premise in below:
                yield from branch(premise, f"{indent}{'└─ ' if premise == below[-1] else '├─ '}")

        yield from branch(len(steps) - 1, "")

    def _said(self, step: Step, lists: Mapping[Term, Sequence[Term]]) -> str:
        if step.says is None:
            return "contradiction"
        return self._words.axiom(step.says, lists) if step.rule == AXIOM else self._words.sentence(step.says)

    def _label(self, told: Mapping[str, Any]) -> str:
        if told["rule"] == STATED:
            return self._cited(told)
        if told["rule"] == AXIOM:
            return f"ontology, {told['file']}" if told["file"] else "ontology"
        return self._because(told, [], {}) if told["rule"] == COMPARISON else told["rule"]


def _lists(steps: Iterable[Step]) -> dict[Term, list[Term]]:
    """Return the members of each list that is written out in axioms among the steps."""
    links: dict[Term, dict[NamedNode, Term]] = {}
    for step in steps:
        if _is_inside(step) and step.says is not None:
            links.setdefault(step.says[0], {})[step.says[1]] = step.says[2]
    found: dict[Term, list[Term]] = {}
    for start in links:
        node = start
        members: list[Term] = []
        passed: set[Term] = set()
        while node in links and node not in passed and FIRST in links[node]:
            passed.add(node)
            members.append(links[node][FIRST])
            node = links[node].get(REST, node)
        found[start] = members
    return found


def _is_inside(step: Step) -> bool:
    """Tell whether a step is about an unnamed part of an axiom."""
    return step.rule == AXIOM and step.says is not None and isinstance(step.says[0], BlankNode)


def _only_planned(told: Mapping[str, Any]) -> list[str]:
    """Return the claims of a stated step, if all of them tell of plans."""
    claims = [] if told.get("file") else told.get("claims", [])
    return [c["name"] for c in claims] if all(c["modality"] == "planned" for c in claims) else []


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
