"""The chart: who reports to whom, from the top down, with nothing hidden."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from postholder.graph import TYPE, Node, ph
from postholder.overview.worlds import code

if TYPE_CHECKING:
    from postholder.overview.worlds import Worlds


class _Line(NamedTuple):
    """One reporting line as seen from its superior."""

    subordinate: Node
    node: Node
    when: str


class Chart:
    """Reads the posts and lines once and draws them as text."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._posts = {h.value: h.when for h in worlds.subjects(TYPE, ph("Post"))}
        self._below: dict[Node, list[_Line]] = defaultdict(list)
        for line in worlds.subjects(TYPE, ph("ReportingLine")):
            for superior in worlds.values(line.value, ph("superior")):
                for subordinate in worlds.values(line.value, ph("subordinate")):
                    when = line.when or superior.when or subordinate.when
                    self._below[superior.value].append(_Line(subordinate.value, line.value, when))
        self._drawn: set[Node] = set()

    def lines(self) -> list[str]:
        """Return the chart: trees first, then circles, then posts without a superior."""
        reports = {line.subordinate for lines in self._below.values() for line in lines}
        drawn: list[str] = []
        for top in [p for p in self._below if p not in reports] + [p for p in self._below if p in reports]:
            if top not in self._drawn:  # second round: what only a circle of lines reaches
                drawn.append(f"  {self._post(top)}")
                drawn += self._tree(top)
        alone = [p for p in self._posts if p not in reports and p not in self._below]
        silent = {p for p in alone if self._is_silent(p)}
        for title, posts in (
            ("Superior not stated (the documents, read whole, name none):", [p for p in alone if p in silent]),
            (self._unknown, [p for p in alone if p not in silent]),
        ):
            if posts:
                drawn += [f"  {title}", *(f"    {self._post(p)}" for p in posts)]
        return drawn or ["  no post is stated"]

    @property
    def _unknown(self) -> str:
        sure = self._worlds.facts.view.certainty == "certain"
        return "No superior for certain:" if sure else "Superior not recorded:"

    def _is_silent(self, post: Node) -> bool:
        record = self._worlds.facts.record
        omissions = record.subjects(ph("silentAbout"), post)
        return any(ph("superior") in record.objects(o, ph("silentOn")) for o in omissions)

    def _tree(self, top: Node) -> list[str]:
        """Draw what is below a post, each post once; a stack, because charts may be deep."""
        drawn: list[str] = []
        self._drawn.add(top)
        waiting = self._children(top, "  ", frozenset([top]))
        while waiting:
            line, indent, last, above = waiting.pop()
            post = line.subordinate
            told = [
                self._worlds.evidence(line.node),
                self._kind(line.node),
                self._worlds.doubt(line.node),
                self._worlds.interval(line.node),
                line.when,
            ]
            notes = ", ".join(t for t in told if t)
            again = " (drawn above)" if post in self._drawn and post in self._below else ""
            if post in above:
                again = " (a circle: this post also stands above)"
            drawn.append(f"{indent}{'└─' if last else '├─'} {self._post(post)}  [{notes}]{again}")
            if post not in self._drawn:
                self._drawn.add(post)
                waiting += self._children(post, indent + ("   " if last else "│  "), above | {post})
        return drawn

    def _children(
        self, post: Node, indent: str, above: frozenset[Node]
    ) -> list[tuple[_Line, str, bool, frozenset[Node]]]:
        """Return the lines below a post for a stack, last first; `above` are the posts on the way there."""
        return [(line, indent, n == 0, above) for n, line in enumerate(reversed(self._below.get(post, [])))]

    def _kind(self, line: Node) -> str:
        kinds = [code(h.value) for h in self._worlds.values(line, ph("lineType"))]
        return ", ".join(k for k in kinds if not k.startswith("unspecified"))

    def _post(self, post: Node) -> str:
        when = f" ({self._posts[post]})" if self._posts.get(post) else ""
        return f"{self._worlds.label(post)}{when}: {self.holder(post)}"

    def holder(self, post: Node) -> str:
        """Say who holds a post: a name, several possible names, or why there is none."""
        worlds = self._worlds
        found: dict[Node, list[str]] = {}
        notes: dict[Node, str] = {}
        for appointment in worlds.subjects(ph("post"), post):
            for holder in worlds.values(appointment.value, ph("holder")):
                # A holder in the very reading that brings the post needs no second condition.
                condition = "" if holder.when == appointment.when else holder.share
                told = (
                    worlds.doubt(appointment.value),
                    "planned" if worlds.planned(appointment.value) else "",
                    worlds.interval(appointment.value),
                )
                notes[holder.value] = ", ".join(t for t in told if t)
                found.setdefault(holder.value, []).append(condition)
        if not found:
            vacant = [
                f"vacant, as stated{f' ({v.when})' if v.when else ''}" for v in worlds.subjects(ph("vacantPost"), post)
            ]
            unknown = "no holder for certain" if worlds.facts.view.certainty == "certain" else "holder not recorded"
            return " or ".join(vacant) or unknown
        certain = [
            self._person(h) + (f" ({notes[h]})" if notes[h] else "")
            for h, conditions in found.items()
            if "" in conditions
        ]
        if certain:
            return " and ".join(certain)
        return "undecided: " + " or ".join(f"{self._person(h)} ({', '.join(c)})" for h, c in found.items())

    def _person(self, person: Node) -> str:
        reasons = [code(r) for r in self._worlds.facts.record.objects(person, ph("reasonMissing"))]
        return f"{self._worlds.label(person)} [{reasons[0]}]" if reasons else self._worlds.label(person)
