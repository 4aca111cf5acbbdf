"""What the documents say, for people: chart, concurrent appointments, changes, open questions, verdict."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from postholder import terms
from postholder.graph import TYPE, Node, Triples, order, ph
from postholder.overview.chart import Chart
from postholder.overview.worlds import Worlds
from postholder.text import count, printable
from postholder.views.standing import EVENTS

if TYPE_CHECKING:
    from postholder.api import KnowledgeGraph

_SHOWN = 3
"""How many claims stand beside an event; the rest are counted."""


class Overview:
    """Collects the parts of the overview from one graph and writes them as plain text."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._facts = graph.facts
        self._worlds = Worlds(self._facts, graph.settings.max_contexts)
        self._vocabulary = Triples(graph.inputs.ontology)

    def text(self) -> str:
        """Return the whole overview; no final line break."""
        parts = {
            "": self._documents(),
            "WHO REPORTS TO WHOM (stated lines only; nothing is guessed)": Chart(self._worlds).lines(),
            "WHAT EACH POST IS IN CHARGE OF": self._directs(),
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
            lines.append(f"{name}: {count(len(claims), 'claim')}")
        if not lines:
            return ["no document is described"]
        lines.append("[F26 883-924] stands for claim F26 and the characters of the document that it rests on.")
        lines.append("Where the text can be read in several ways, all are shown; how many say so is no probability.")
        return lines

    def _directs(self) -> list[str]:
        """Tell what each post heads or directs."""
        lines = []
        for post in self._worlds.subjects(TYPE, ph("Post")):
            things = {h.value: h for p in ("heads", "directs") for h in self._worlds.values(post.value, ph(p))}
            names = [
                self._worlds.label(t) + (f" ({h.when})" if h.when and h.when != post.when else "")
                for t, h in things.items()
            ]
            if names:
                lines.append(f"  {self._worlds.label(post.value)}: {'; '.join(names)}")
        return lines or ["  nothing is stated"]

    def _concurrent(self) -> list[str]:
        """Tell each stated or certain pair once, and how many more the dates leave possible."""
        rows = self._graph.query("concurrent-appointments")
        pairs: dict[tuple[str, ...], set[str]] = defaultdict(set)
        possible: Counter[tuple[str, str]] = Counter()
        for row in rows:
            reading = f" (if {printable(row['reading'])})" if row["reading"] else ""
            if str(row["how"]).startswith("possible"):
                possible[reading, row["person"]] += 1
                continue
            key = (reading, *(str(row[c] or "") for c in ("person", "post", "other_post", "how", "modality")))
            pairs[key].add(str(row["claim"] or ""))
        lines = []
        for (reading, person, post, other, how, modality), claims in sorted(pairs.items()):
            names = [self._worlds.label(NamedNode(iri)) for iri in (person, post, other)]
            evidence = [self._worlds.evidence(c) for c in self._facts.readings if self._facts.name(c) in claims]
            kind = ", ".join(k for k in (how, modality) if k)
            lines.append(f"  {names[0]}: {names[1]} and {names[2]}{reading}")
            lines.append(f"    {kind}" + (f"  [{', '.join(evidence)}]" if evidence else ""))
        for (reading, person), number in sorted(possible.items()):
            name = self._worlds.label(NamedNode(person))
            lines.append(f"  {name}{reading}: {count(number, 'more pair')} that no date excludes")
        return lines or [f"  {rows.empty}"]

    def _changes(self) -> list[str]:
        events = {h.value: h for name in EVENTS for h in self._worlds.subjects(TYPE, ph(name))}
        lines = []
        for event in sorted(events, key=lambda e: (self._worlds.place(e), order(e))):
            condition = f" ({events[event].when})" if events[event].when else ""
            stated = [c for c in self._facts.claims_of(event) if self._facts.introduces(c, event)]
            more = f", and {len(stated) - _SHOWN} more" if len(stated) > _SHOWN else ""
            evidence = ", ".join(self._worlds.evidence(c) for c in stated[:_SHOWN]) + more
            lines.append(
                f"  {self._worlds.label(event)}{condition}: {self._date(event)}{self._decided(event)}  [{evidence}]"
            )
            for role in ("before", "after", "kept"):
                for thing in self._worlds.values(event, ph(role)):
                    told = ", ".join(
                        t for t in ("planned" if self._worlds.planned(thing.value) else "", thing.when) if t
                    )
                    lines.append(f"    {role}: {self._worlds.label(thing.value)}" + (f" ({told})" if told else ""))
            lines += [
                f"    scope: {self._vocabulary.label(scope.value)}"
                for scope in self._worlds.values(event, ph("integrationScope"))
            ]
        return lines

    def _decided(self, event: Node) -> str:
        """Say that a date rests on a decided reading, if it does."""
        readings = [r for c in self._facts.claims_of(event) for r in self._facts.readings[c]]
        dates = {ph("earliestDate"), ph("latestDate")}
        for reading in readings:
            if self._facts.rests_on(reading) and any(
                t.subject == event and t.predicate in dates for t in self._facts.triples(reading)
            ):
                return " (as interpreted)"
        return ""

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
        omissions = record.instances(ph("Omission"))
        kinds = Counter(self._vocabulary.label(p) for o in omissions for p in record.names(o, ph("silentOn")))
        if omissions:
            lines.append(f"  Not stated by the documents, though one may ask: {len(omissions)} things")
            most = sorted(kinds.items(), key=lambda k: (-k[1], k[0]))[:5]
            lines.append(f"    most often: {', '.join(f'{name} ({count})' for name, count in most)}")
            lines.append("    all of them: postholder query not-stated")
        return lines

    def _verdict(self) -> list[str]:
        report = self._graph.validate()
        counts = self._graph.manifest["counts"]
        return [
            f"  The graph {report.verdict} (postholder validate)",
            f"  {counts['accepted']} triples are stated for certain and {counts['inferred']} follow from them",
            f"  {counts['inferred under readings']} more follow under an open reading only",
            *(f"  {step}" for step in report.steps if step.skipped),
            "",
            "Ask on: postholder query who-heads; postholder query what-changed; postholder query not-stated",
        ]
