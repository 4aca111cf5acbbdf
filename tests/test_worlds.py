"""Views against every admissible world, on small graphs.

A world picks an answer to each open question and a start and an end for each relation. Certain is what
holds in every world, possible what holds in one; the dataset of a view must say exactly that, for what
is stated and for what follows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat

from postholder import terms
from postholder.closure.choose import engine_for
from postholder.graph import order
from postholder.perspective.look import look
from postholder.pipeline import assemble
from postholder.settings import load
from postholder.sources import inputs
from postholder.sources.rdf import parse_text
from postholder.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


BASE = 738_000
"""A day in 2021; drawn days count from here."""
Fact = tuple[str, str, str]
HOLDS, REPORTS = terms.ORG + "holds", terms.ORG + "reportsTo"
UPWARDS, WITHIN = terms.PH + "answersUpTo", terms.PH + "liesWithin"
WATCHED = {HOLDS, REPORTS, UPWARDS, WITHIN}

MAYBE = st.none() | st.integers(1, 4)


@st.composite
def days(draw: st.DrawFn) -> tuple[int | None, int | None, int | None, int | None]:
    """Draw bounds that admit at least one start and end."""
    low, high, first, last = (draw(MAYBE) for _ in range(4))
    if low is not None and high is not None and low > high:
        low, high = high, low
    if first is not None and last is not None and first > last:
        first, last = last, first
    if low is not None and last is not None and low >= last:
        last = low + 1
        first = min(first, last) if first is not None else None
    return low, high, first, last


@dataclass(frozen=True)
class Relation:
    """An appointment (kind `a`), a reporting line (`r`) or a placement of a unit (`p`)."""

    kind: str
    low: str
    high: str
    days: tuple[int | None, int | None, int | None, int | None]

    def trig(self, name: str) -> str:
        """Return the relation as triples of one node."""
        kinds = {"a": ("appointment", "Appointment", "holder", "person", "post", "post"),
                 "r": ("reporting", "ReportingLine", "subordinate", "post", "superior", "post"),
                 "p": ("placement", "UnitPlacement", "placedUnit", "unit", "parentUnit", "unit")}  # fmt: skip
        prefix, cls, one, one_kind, two, two_kind = kinds[self.kind]
        names = ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
        dated = "".join(
            f' ; ph:{n} "{date.fromordinal(BASE + d)}"^^xsd:date'
            for n, d in zip(names, self.days, strict=True)
            if d is not None
        )
        return f"{prefix}:{name} a ph:{cls} ; ph:{one} {one_kind}:{self.low} ; ph:{two} {two_kind}:{self.high}{dated} ."

    def worlds(self) -> list[tuple[int, int]]:
        """Return every start and end that its bounds admit."""
        low, high, first, last = self.days
        return [
            (s, e)
            for s in range(-2 if low is None else low, (7 if high is None else high) + 1)
            for e in range(max(s + 1, -1 if first is None else first), (8 if last is None else last) + 1)
        ]


def relation(kind: str) -> st.SearchStrategy[Relation]:
    ends = {"a": (["ann", "ben"], ["x", "y", "z"]), "r": (["x", "y"], ["y", "z"]), "p": (["u", "v"], ["v", "w"])}
    low, high = ends[kind]
    made = st.builds(Relation, st.just(kind), st.sampled_from(low), st.sampled_from(high), days())
    return made.filter(lambda r: r.low != r.high)


ANY = st.sampled_from("aaarrp").flatmap(relation)
PLAIN = st.lists(ANY, max_size=3)
REDATED = ANY.flatmap(lambda r: st.tuples(st.just(r), days().map(lambda d: replace(r, days=d))))
RIVALS = st.lists(REDATED | st.tuples(ANY, st.none() | ANY), max_size=2)
"""Claims that say one thing under the first answer to their question, another, the same with
other dates, or nothing under the second."""


def trig(plain: list[Relation], rivals: list[tuple[Relation, Relation | None]], joined: bool) -> str:
    parts = []
    for n, made in enumerate(plain):
        parts.append(f"claim:c{n} a ph:Claim ; ph:modality ph:actual ; ph:hasReading reading:c{n} .")
        parts.append(f"reading:c{n} {{ {made.trig(f'c{n}')} }}")
    for n, (one, two) in enumerate(rivals):
        question = 0 if joined else n
        parts.append(f"claim:d{n} a ph:Claim ; ph:modality ph:actual ; ph:hasReading reading:d{n}a , reading:d{n}b .")
        for letter, other in (("a", one), ("b", two)):
            parts.append(
                f"interpretation:q{question}{letter} ph:interpretationOf ambiguity:q{question} ; "
                f"ph:interpretationStatus ph:open . "
                f"reading:d{n}{letter} ph:underInterpretation interpretation:q{question}{letter} ."
            )
            said = other.trig(f"d{n}") if other else f"unit:nothing{n}{letter} a ph:Unit ."
            parts.append(f"reading:d{n}{letter} {{ {said} }}")
    return "\n".join(parts)


def follows(held: list[Relation]) -> set[Fact]:
    """Return what follows from relations that hold on one day."""
    found = {("person/" + r.low, HOLDS, "post/" + r.high) for r in held if r.kind == "a"}
    for kind, chain, home in (("r", UPWARDS, "post/"), ("p", WITHIN, "unit/")):
        joined = {(r.low, r.high) for r in held if r.kind == kind}
        if kind == "r":
            found |= {("post/" + a, REPORTS, "post/" + b) for a, b in joined}
            found |= {
                ("person/" + one.low, REPORTS, "person/" + two.low)
                for one in held for two in held
                if one.kind == two.kind == "a" and (one.high, two.high) in joined and one.low != two.low
            }  # fmt: skip
        while more := {(a, d) for a, b in joined for c, d in joined if b == c} - joined:
            joined |= more
        found |= {(home + a, chain, home + b) for a, b in joined}
    return found


def every_world(
    plain: list[Relation], rivals: list[tuple[Relation, Relation | None]], joined: bool, day: int
) -> Iterator[set[Fact]]:
    """Yield what holds on a day, for each choice of answers and of relations that can hold or not."""
    questions = min(len(rivals), 1) if joined else len(rivals)
    for answers in product((0, 1), repeat=questions):
        chosen = [*plain]
        for n, pair in enumerate(rivals):
            made = pair[answers[0 if joined else n]]
            chosen += [made] if made else []
        states = [sorted({s <= day < e for s, e in r.worlds()}) for r in chosen]
        for holding in product(*states):
            yield follows([r for r, holds in zip(chosen, holding, strict=True) if holds])


PREFIXES = "".join(
    f"@prefix {kind}: <{terms.ID}{kind}/> .\n"
    for kind in ("appointment", "reporting", "placement", "person", "post", "unit", "claim", "reading",
                 "interpretation", "ambiguity")
) + f"@prefix ph: <{terms.PH}> .\n@prefix xsd: <{terms.XSD}> .\n"  # fmt: skip

SETTINGS = load()
ONTOLOGY = inputs.load(None, SETTINGS.max_file_bytes).ontology
ENGINE = engine_for(SETTINGS)


def dataset(text: str, day: int, certainty: str) -> list[Quad]:
    view = View(as_of=BASE + day, certainty=certainty)  # type: ignore[arg-type]
    return assemble(look(parse_text(PREFIXES + text, "t", RdfFormat.TRIG), view), ONTOLOGY, ENGINE, [], 99)[0]


def facts_in(quads: list[Quad], wanted: Callable[[Quad], bool]) -> set[Fact]:
    return {
        (short(q.triple.subject), q.predicate.value, short(q.triple.object))
        for q in quads
        if q.predicate.value in WATCHED and wanted(q)
    }


def anywhere(_: Quad) -> bool:
    return True


def by_default(quad: Quad) -> bool:
    return quad.graph_name == DefaultGraph()


def of_graph(graph: object, quad: Quad) -> bool:
    return quad.graph_name == graph


def short(node: object) -> str:
    assert isinstance(node, NamedNode)
    return node.value.removeprefix(terms.ID)


@settings(max_examples=120, deadline=None)
@given(plain=PLAIN, rivals=RIVALS, joined=st.booleans(), day=st.integers(0, 5))
def test_a_view_says_what_the_worlds_say(
    plain: list[Relation], rivals: list[tuple[Relation, Relation | None]], joined: bool, day: int
) -> None:
    text = trig(plain, rivals, joined)
    worlds = list(every_world(plain, rivals, joined, day))
    assert worlds
    certain, possible = set.intersection(*worlds), set.union(*worlds)
    assert facts_in(dataset(text, day, "certain"), by_default) == certain
    assert facts_in(dataset(text, day, "possible"), anywhere) == possible


@settings(max_examples=60, deadline=None)
@given(plain=PLAIN, rivals=RIVALS, joined=st.booleans(), day=st.integers(0, 5))
def test_no_graph_mixes_answers(
    plain: list[Relation], rivals: list[tuple[Relation, Relation | None]], joined: bool, day: int
) -> None:
    """What the default graph and one graph of a reading say together holds in one world, all at once."""
    quads = dataset(trig(plain, rivals, joined), day, "possible")
    worlds = list(every_world(plain, rivals, joined, day))
    together = facts_in(quads, by_default)
    assert any(together <= world for world in worlds)
    for graph in sorted({q.graph_name for q in quads if "/inferred/" in str(q.graph_name)}, key=order):
        under = together | facts_in(quads, partial(of_graph, graph))
        assert any(under <= world for world in worlds)


def every_date(relations: list[Relation]) -> Iterator[tuple[tuple[int, int], ...]]:
    return product(*(r.worlds() for r in relations))


def test_dates_one_by_one() -> None:
    """The same with every start and end drawn out, so that nothing rests on holding or not holding alone."""
    made = [
        Relation("a", "ann", "x", (1, 2, None, 4)),
        Relation("a", "ben", "y", (None, 1, 3, None)),
        Relation("r", "x", "y", (1, 1, 3, 4)),
    ]
    counted = 0
    for day in range(6):
        held = [
            follows([r for r, (s, e) in zip(made, world, strict=True) if s <= day < e]) for world in every_date(made)
        ]
        counted += len(held)
        text = trig(made, [], joined=False)
        assert facts_in(dataset(text, day, "certain"), anywhere) == set.intersection(*held)
        assert facts_in(dataset(text, day, "possible"), anywhere) == set.union(*held)
    assert counted > 1000
