"""What the documents say, for people: chart, concurrent appointments, changes, open questions, verdict."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from postholder import terms
from postholder.graph import TYPE, Node, Triples, order, ph
from postholder.overview.chart import Chart
from postholder.overview.worlds import Worlds
from postholder.text import printable

if TYPE_CHECKING:
    from postholder.api import KnowledgeGraph

_SHOWN = 3
"""How many claims stand beside an event; the rest are counted."""
_EVENTS = ("Reorganisation", "Integration", "UnitEstablishment", "UnitAbolition", "ChangeEvent")


class Overview:
    """Collects the parts of the overview from one graph and writes them as plain text."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._facts = graph.facts
        self._worlds = Worlds(self._facts, graph.settings.max_contexts)

    def text(self) -> str:
        """Return the whole overview; no final line break."""
        parts = {
            "": self._documents(),
            "WHO REPORTS TO WHOM (stated lines only; nothing is guessed)": Chart(self._worlds).lines(),
            "WHO HOLDS SEVERAL POSTS AT ONCE": self._concurrent(),
            "WHAT CHANGED": self._changes() or ["  no change is stated"],
            "WHAT IS OPEN": self._open() or ["  nothing"],
            "IS THE GRAPH SOUND?": self._verdict(),
        }
        return "\n\n".join("\n".join([*([title] if title else []), *lines]) for title, lines in parts.items())

    def _documents(self) -> list[str]:
        record = self._facts.record
        lines = []
        for document in record.instances(ph("Document")):
            passages = record.subjects(ph("inDocument"), document)
            claims = {c for p in passages for c in record.subjects(ph("evidence"), p)}
            titles = record.texts(document, NamedNode(terms.DCTERMS + "title"))
            name = printable(titles[0]) if titles else self._worlds.label(document)
            lines.append(f"{name}: {len(claims)} claims")
        return lines or ["no document is described"]

    def _concurrent(self) -> list[str]:
        """Tell each pair once, from the rows of the saved question."""
        rows = self._graph.query("concurrent-appointments")
        pairs: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for row in rows:
            key = tuple(row[c] or "" for c in ("person", "post", "other_post", "how", "basis", "modality", "reading"))
            pairs[key].add(str(row["claim"] or ""))
        lines = []
        for (person, post, other, how, basis, modality, reading), claims in pairs.items():
            names = [self._worlds.label(NamedNode(iri)) for iri in (person, post, other)]
            condition = f" (if {printable(reading)})" if reading else ""
            lines.append(f"  {names[0]}: {names[1]} and {names[2]}{condition}")
            evidence = [self._worlds.evidence(c) for c in self._facts.readings if self._facts.name(c) in claims]
            kind = ", ".join(dict.fromkeys(k for k in (how, basis, modality) if k))
            lines.append(f"    {kind}" + (f"  [{', '.join(evidence)}]" if evidence else ""))
        return lines or [f"  {rows.empty}"]

    def _changes(self) -> list[str]:
        events = {h.value: h for name in _EVENTS for h in self._worlds.subjects(TYPE, ph(name))}
        lines = []
        for event in sorted(events, key=lambda e: (self._worlds.place(e), order(e))):
            condition = f" ({events[event].when})" if events[event].when else ""
            stated = [c for c in self._facts.claims_of(event) if self._types(c, event)]
            more = f", and {len(stated) - _SHOWN} more" if len(stated) > _SHOWN else ""
            evidence = ", ".join(self._worlds.evidence(c) for c in stated[:_SHOWN]) + more
            lines.append(f"  {self._worlds.label(event)}{condition}: {self._date(event)}  [{evidence}]")
            for role in ("before", "after", "kept"):
                for thing in self._worlds.values(event, ph(role)):
                    when = f" ({thing.when})" if thing.when else ""
                    lines.append(f"    {role}: {self._worlds.label(thing.value)}{when}")
        return lines

    def _types(self, claim: Node, node: Node) -> bool:
        """Tell whether a claim introduces a node, rather than only mentions it."""
        readings = self._facts.readings[claim]
        return any(t.subject == node and t.predicate == TYPE for r in readings for t in self._facts.triples(r))

    def _date(self, event: Node) -> str:
        first, last = (self._worlds.certain.texts(event, ph(n)) for n in ("earliestDate", "latestDate"))
        if first and last:
            return first[0] if first == last else f"between {first[0]} and {last[0]}"
        if first or last:
            return f"{first[0]} or later" if first else f"{last[0]} or earlier"
        return "date not stated"

    def _open(self) -> list[str]:
        record = self._facts.record
        lines = []
        for ambiguity, members in sorted(self._facts.open.items(), key=lambda i: order(i[0])):
            question = record.value(ambiguity, ph("question"))
            lines.append("  " + printable(question.value if isinstance(question, Literal) else record.label(ambiguity)))
            lines += [f"    - {printable(record.label(m))}" for m in members]
        vocabulary = Triples(self._graph.inputs.ontology)
        omissions = record.instances(ph("Omission"))
        kinds = Counter(vocabulary.label(p) for o in omissions for p in record.names(o, ph("silentOn")))
        if omissions:
            lines.append(f"  Not stated by the documents, though one may ask: {len(omissions)} things")
            most = sorted(kinds.items(), key=lambda k: (-k[1], k[0]))[:5]
            lines.append(f"    most often: {', '.join(f'{name} ({count})' for name, count in most)}")
            lines.append("    all of them: postholder query not-stated")
        return lines

    def _verdict(self) -> list[str]:
        report = self._graph.validate()
        counts = self._graph.manifest["counts"]
        verdict = "It conforms" if report.conforms else "IT DOES NOT CONFORM"
        found = f"{report.count('error')} errors, {report.count('warning')} warnings, {report.count('info')} notes"
        return [
            f"  {verdict}: {found}",
            f"  {counts['accepted']} triples are accepted and {counts['inferred']} inferred from them",
            f"  {counts['inferred under readings']} more follow under an open reading only",
            *(f"  {step}" for step in report.steps),
        ]
