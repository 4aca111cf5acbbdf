"""Claims set against each other, judged against an enumeration of all admissible beginnings and ends."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import combinations, permutations, product
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Triple

from postholder import pipeline, terms
from postholder.closure.base import Closure
from postholder.comparisons.comparison import Comparison, comparisons, disputed, uncompared
from postholder.comparisons.triples import comparison_node, comparison_triples
from postholder.graph import DEFAULT, LABEL, TYPE, Node, ph, quads_of, text_of
from postholder.perspective.look import look
from postholder.readings import Facts
from postholder.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from postholder.closure.base import UnhandledAxiom

    World = tuple[int, int]

XSD_DATE = NamedNode(terms.XSD + "date")
DAY_ZERO = date(2020, 1, 1)
FIRST, LAST = -2, 10
"""Generated bounds lie on days 1 to 7, so that open ones reach past all of them on both sides."""


def node(kind: str, name: object) -> NamedNode:
    return NamedNode(f"{terms.ID}{kind}/{name}")


def day(number: int) -> Literal:
    return Literal(date.fromordinal(DAY_ZERO.toordinal() + number).isoformat(), datatype=XSD_DATE)


def claim(
    name: object, triples: Iterable[Triple], document: object = None, modality: str = "actual", source: object = None
) -> list[Quad]:
    """Return a claim with one reading, out of a document of its own unless one is named."""
    me, reading = node("claim", name), node("reading", name)
    passage, cited = node("passage", name), node("document", document or name)
    record = [
        Triple(me, TYPE, ph("Claim")),
        Triple(me, ph("hasReading"), reading),
        Triple(me, ph("modality"), ph(modality)),
        Triple(me, ph("evidence"), passage),
        Triple(passage, ph("inDocument"), cited),
    ]
    if source:
        record.append(Triple(me, ph("attributedTo"), node("source", source)))
    return [*quads_of(record), *quads_of(triples, reading)]


class Span(NamedTuple):
    """Bounds as small numbers; None is not told."""

    earliest_start: int | None = None
    latest_start: int | None = None
    earliest_end: int | None = None
    latest_end: int | None = None

    def triples(self, subject: Node) -> list[Triple]:
        """Return the bounds of a thing as triples."""
        names = ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
        return [Triple(subject, ph(n), day(d)) for n, d in zip(names, self, strict=True) if d is not None]

    def worlds(self) -> set[World]:
        """Return every admissible beginning and end."""
        first, by, until, last = self
        return {
            (start, end)
            for start in range(FIRST, LAST)
            for end in range(start + 1, LAST + 1)
            if (first is None or start >= first)
            and (by is None or start <= by)
            and (until is None or end >= until)
            and (last is None or end <= last)
        }


OPEN = Span()


def appointment(name: object, person: object, span: Span = OPEN, post: object = "p") -> list[Triple]:
    me = node("appointment", name)
    return [
        Triple(me, TYPE, ph("Appointment")),
        Triple(me, ph("holder"), node("person", person)),
        Triple(me, ph("post"), node("post", post)),
        *span.triples(me),
    ]


def only(found: Sequence[Comparison], kind: str) -> list[Comparison]:
    return [c for c in found if c.kind == kind]


def names(nodes: Iterable[Node]) -> list[str]:
    return [text_of(n).rpartition("/")[2] for n in nodes]


def in_short(found: Iterable[Comparison]) -> list[tuple[str, str, list[str], list[str]]]:
    return [(c.kind, c.standing, names(c.one_side), names(c.other_side)) for c in found]


DAYS = st.none() | st.integers(1, 7)
SPANS = st.builds(Span, DAYS, DAYS, DAYS, DAYS).filter(lambda s: bool(s.worlds()))


def before(one: World, other: World) -> bool:
    return one[1] <= other[0]


def always_before(one: Span, other: Span) -> bool:
    return all(before(a, b) for a, b in product(one.worlds(), other.worlds()))


@settings(max_examples=250, deadline=None)
@example(spans=[Span(1, 1, 2, 2), Span(3, 3, 4, 4), Span(5, 5)], one_document=False)
@given(spans=st.lists(SPANS, min_size=2, max_size=3), one_document=st.booleans())
def test_conflict_and_succession_as_in_all_worlds(spans: list[Span], one_document: bool) -> None:
    quads = [q for n, s in enumerate(spans) for q in claim(n, appointment(n, n, s), "d" if one_document else None)]
    found = comparisons(Facts(quads))
    told = {(c.kind, *names(c.compares[:2])): c.standing for c in found}
    expected = {}
    for one, other in combinations(range(len(spans)), 2):
        shared = [max(a[0], b[0]) < min(a[1], b[1]) for a, b in product(spans[one].worlds(), spans[other].worlds())]
        key = "samePostConflict", *sorted((str(one), str(other)))
        if all(shared):
            expected[key] = "certain"
        elif any(shared) and (one_document or all(any(d is not None for d in spans[n]) for n in (one, other))):
            expected[key] = "possible"
    for one, other in permutations(range(len(spans)), 2):
        between = [
            n
            for n in range(len(spans))
            if n not in {one, other} and always_before(spans[one], spans[n]) and always_before(spans[n], spans[other])
        ]
        if always_before(spans[one], spans[other]) and not between:
            expected["succession", str(one), str(other)] = "certain"
    unordered = {(k, *sorted(n)) if k == "samePostConflict" else (k, *n): s for (k, *n), s in told.items()}
    assert unordered == expected
    assert len(found) == len(expected)


def spread(worlds: Iterable[World]) -> tuple[set[int], set[int]]:
    starts, ends = zip(*worlds, strict=True)
    return set(starts), set(ends)


@settings(max_examples=300, deadline=None)
@given(SPANS, SPANS)
def test_disagreement_and_refinement_as_in_all_worlds(one: Span, other: Span) -> None:
    me = node("appointment", 1)
    spans = {"a": one, "b": other}
    quads = [q for n, s in spans.items() for q in claim(n, [Triple(me, TYPE, ph("Appointment")), *s.triples(me)])]
    expected = []
    if not one.worlds() & other.worlds():
        expected.append(("sourceDisagreement", "certain", ["a"], ["b"]))
    for coarse, close in (("a", "b"), ("b", "a")):
        wide, narrow = spans[coarse].worlds(), spans[close].worlds()
        closer = [n < w for n, w in zip(spread(narrow), spread(wide), strict=True)]
        tells = [any(d is not None for d in pair) for pair in (spans[coarse][:2], spans[coarse][2:])]
        if narrow < wide and any(c and t for c, t in zip(closer, tells, strict=True)):
            expected.append(("refinement", "certain", [coarse], [close]))
    assert in_short(comparisons(Facts(quads))) == expected


CHOICES = ("first", "second")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("xy"), SPANS), min_size=1, max_size=2),
    st.tuples(*[st.lists(st.tuples(st.integers(0, 2), st.sampled_from("xyz"), SPANS), max_size=2)] * 2),
)
def test_each_choice_is_compared_as_if_it_were_decided(
    agreed: list[tuple[str, Span]], under: tuple[list[tuple[int, str, Span]], ...]
) -> None:
    base = [q for n, (who, span) in enumerate(agreed) for q in claim(n, appointment(n, who, span))]
    me = node("claim", "open")
    undecided, decided = [*base], {}
    for choice, told in zip(CHOICES, under, strict=True):
        reading, interpretation = node("reading", choice), node("interpretation", choice)
        triples = {t for n, who, span in told for t in appointment(n, who, span)}
        undecided += quads_of(
            [
                Triple(interpretation, ph("interpretationOf"), node("ambiguity", 1)),
                Triple(reading, ph("underInterpretation"), interpretation),
                Triple(me, ph("hasReading"), reading),
            ]
        )
        undecided += quads_of(triples, reading)
        decided[choice] = [*base, *quads_of([Triple(me, ph("hasReading"), reading)]), *quads_of(triples, reading)]
    found: dict[str, dict[object, str]] = {choice: {} for choice in CHOICES}
    for comparison in sorted(comparisons(Facts(undecided)), key=lambda c: bool(c.interpretations)):
        for choice in names(comparison.interpretations) or CHOICES:
            for pair in product(comparison.one_side, comparison.other_side):
                found[choice][comparison.kind, pair, comparison.compares] = comparison.standing
    for choice, quads in decided.items():
        expected = {
            (c.kind, pair, c.compares): c.standing
            for c in comparisons(Facts(quads))
            for pair in product(c.one_side, c.other_side)
        }
        assert found[choice] == expected


def test_touching_is_succession_and_the_claims_stand_on_their_sides() -> None:
    quads = [
        *claim("a", appointment(1, "ann", Span(1, 1))),
        *claim("b", appointment(1, "ann", Span(None, None, 3, 3))),
        *claim("c", appointment(2, "ben", Span(3, 3))),
    ]
    [found] = comparisons(Facts(quads))
    assert in_short([found]) == [("succession", "certain", ["a", "b"], ["c"])]
    assert names(found.compares) == ["1", "2", "p"]
    assert found.label == "Succession: person/ann, then person/ben (post/p)"
    assert found.says == ("began 2020-01-02; ended 2020-01-04", "began 2020-01-04; no end told")


def test_one_person_twice_or_in_two_posts_is_no_matter() -> None:
    quads = [
        *claim("a", appointment(1, "ann", Span(1, 1, 5, 5))),
        *claim("b", appointment(2, "ann", Span(2, 2, 6, 6))),
        *claim("c", appointment(3, "ann", Span(2, 2, 6, 6), post="q")),
        *claim("d", appointment(4, "ann", Span(6, 6))),
    ]
    assert comparisons(Facts(quads)) == []


def test_joint_holders_are_no_conflict() -> None:
    both = [*appointment(1, "ann"), *appointment(1, "ben")]
    assert comparisons(Facts(claim("a", both))) == []


def test_an_unidentified_person_may_be_the_other() -> None:
    quads = [
        *claim("a", appointment(1, "ann", Span(1, 1, 5, 5))),
        *claim("b", appointment(2, "someone", Span(2, 2, 4, 4))),
        *claim("c", appointment(3, "ben", Span(6, 6))),
        *quads_of([Triple(node("person", "someone"), TYPE, ph("UnidentifiedPerson"))]),
    ]
    told = {(c.kind, *names(c.compares[:2])): c.standing for c in comparisons(Facts(quads))}
    assert told == {
        ("samePostConflict", "1", "2"): "possible",
        ("succession", "1", "3"): "certain",
        ("succession", "2", "3"): "possible",
    }


def test_a_plan_for_an_unidentified_person_is_no_plan_against_effect() -> None:
    quads = [
        *plan(Span(3, 3), who="someone"),
        *claim("came", appointment(2, "ben", Span(3, 3))),
        *quads_of([Triple(node("person", "someone"), TYPE, ph("UnidentifiedPerson"))]),
    ]
    assert in_short(comparisons(Facts(quads))) == [("samePostConflict", "possible", ["plan"], ["came"])]


def test_a_claim_against_itself_is_not_laid_to_others() -> None:
    quads = [*claim("a", appointment(1, "ann", Span(3, 2))), *claim("b", appointment(1, "ann", Span(1, 4)))]
    assert only(comparisons(Facts(quads)), "sourceDisagreement") == []


def test_the_earlier_side_was_published_first() -> None:
    published = [
        Triple(node("document", name), ph("publishedLatest"), day(number)) for name, number in (("a", 7), ("b", 5))
    ]
    quads = [*claim("a", appointment(1, "ann")), *claim("b", appointment(1, "ben")), *quads_of(published)]
    assert in_short(comparisons(Facts(quads))) == [("sourceDisagreement", "certain", ["b"], ["a"])]


def test_united_persons_are_one() -> None:
    same = Triple(node("person", "bella"), ph("identifiedWith"), node("person", "ann"))
    quads = [
        *claim("a", appointment(1, "ann", Span(1, 1, 5, 5))),
        *claim("b", appointment(2, "bella", Span(2, 2, 4, 4))),
    ]
    assert len(comparisons(look(quads))) == 1
    assert comparisons(look([*quads, *claim("c", [same])])) == []


def plan(span: Span, *, on: object = 1, who: object = "ann", name: str = "plan") -> list[Quad]:
    return claim(name, appointment(on, who, span), modality="planned")


def test_plan_against_effect_on_one_appointment() -> None:
    quads = [*claim("came", appointment(1, "ann", Span(1, 1, 4, 4))), *plan(Span(None, None, 6))]
    [found] = comparisons(Facts(quads))
    assert in_short([found]) == [("planAgainstEffect", "certain", ["plan"], ["came"])]
    assert found.says == (
        "no start told; held on 2020-01-06, no end told",
        "began 2020-01-02; ended 2020-01-05",
    )
    assert disputed(Facts(quads)) == {node("claim", "plan"), node("claim", "came")}


def test_plan_against_another_holder() -> None:
    quads = [*claim("came", appointment(2, "ben", Span(3, 3))), *plan(Span(3, 3))]
    [found] = comparisons(Facts(quads))
    assert in_short([found]) == [("planAgainstEffect", "certain", ["plan"], ["came"])]
    assert names(found.compares) == ["1", "2", "p"]


def test_a_plan_that_came_about_is_no_matter() -> None:
    quads = [*claim("came", appointment(1, "ann", Span(3, 3))), *plan(Span(2, 4))]
    assert comparisons(Facts(quads)) == []


def test_what_rests_on_plans_is_at_most_possible() -> None:
    quads = [*plan(Span(1, 1, 5, 5)), *plan(Span(2, 2, 4, 4), on=2, who="ben", name="b")]
    assert in_short(comparisons(Facts(quads))) == [("samePostConflict", "possible", ["plan"], ["b"])]
    follows = [*claim("a", appointment(1, "ann", Span(1, 1, 3, 3))), *plan(Span(3, 3), on=2, who="ben")]
    assert in_short(comparisons(Facts(follows))) == [("succession", "possible", ["a"], ["plan"])]
    differ = [*plan(Span(1, 1)), *plan(Span(2, 2), name="b")]
    assert in_short(comparisons(Facts(differ))) == [("sourceDisagreement", "possible", ["b"], ["plan"])]


def test_a_plan_does_not_make_a_certain_succession_or_conflict_unsure() -> None:
    quads = [
        *claim("a", appointment(1, "ann", Span(1, 1, 3, 3))),
        *claim("b", appointment(2, "ben", Span(3, 3))),
        *plan(Span(None, None, 6)),
    ]
    told = in_short(comparisons(Facts(quads)))
    assert ("succession", "certain", ["a"], ["b"]) in told
    assert ("planAgainstEffect", "certain", ["plan"], ["a"]) in told
    assert len(told) == 2


def test_predictions_and_praise_are_not_set_against_facts() -> None:
    me = node("appointment", 1)
    quads = [
        *claim("a", appointment(1, "ann", Span(1, 1))),
        *claim("b", Span(2, 2).triples(me), modality="predicted"),
    ]
    assert comparisons(Facts(quads)) == []


@pytest.mark.parametrize(
    ("name", "one", "other", "expected"),
    [
        ("holder", node("person", "a"), node("person", "b"), True),
        ("holder", node("person", "a"), node("person", "a"), False),
        ("superior", node("post", "a"), node("post", "b"), True),
        ("parentUnit", node("unit", "a"), node("unit", "b"), True),
        ("parentUnit", node("unit", "a"), node("unit", "unknown"), False),
        ("value", Literal(120), Literal(95), True),
        ("value", Literal(120), Literal("120.0", datatype=NamedNode(terms.XSD + "decimal")), False),
        ("value", Literal("many"), Literal("few"), True),
        ("mode", ph("acting"), ph("substantive"), True),
        ("mode", ph("acting"), ph("unspecifiedMode"), False),
        ("mode", ph("concurrent"), ph("continuing"), False),
        ("lineType", ph("direct"), ph("dotted"), True),
        ("earliestDate", day(1), day(2), False),
    ],
)
def test_values_that_cannot_both_be_right(
    name: str, one: NamedNode | Literal, other: NamedNode | Literal, expected: bool
) -> None:
    me = node("thing", 1)
    quads = [
        *claim("a", [Triple(me, ph(name), one)]),
        *claim("b", [Triple(me, ph(name), other)]),
        *quads_of([Triple(node("unit", "unknown"), TYPE, ph("UnspecifiedUnits"))]),
    ]
    found = only(comparisons(Facts(quads)), "sourceDisagreement")
    assert [names(c.one_side + c.other_side) for c in found] == ([["a", "b"]] if expected else [])


def test_events_disagree_about_their_day() -> None:
    me = node("event", 1)
    quads = [
        *claim("a", [Triple(me, ph("earliestDate"), day(1)), Triple(me, ph("latestDate"), day(1))]),
        *claim("b", [Triple(me, ph("earliestDate"), day(2)), Triple(me, ph("latestDate"), day(2))]),
    ]
    [found] = comparisons(Facts(quads))
    assert found.kind == "sourceDisagreement"
    assert found.says == ("began 2020-01-02", "began 2020-01-03")


def test_sides_gather_the_claims_that_agree() -> None:
    quads = [q for n, d in zip("abc", (1, 1, 2), strict=True) for q in claim(n, appointment(1, "ann", Span(d, d)))]
    assert in_short(comparisons(Facts(quads))) == [("sourceDisagreement", "certain", ["a", "b"], ["c"])]


def test_one_document_against_itself_is_told_but_disputes_nothing() -> None:
    facts = Facts([q for n in "ab" for q in claim(n, appointment(1, n), "d")])
    assert in_short(comparisons(facts)) == [("sourceDisagreement", "certain", ["a"], ["b"])]
    assert disputed(facts) == set()


def test_one_document_that_quotes_two_sources_disputes() -> None:
    facts = Facts([q for n in "ab" for q in claim(n, appointment(1, n), "d", source=n)])
    assert names(sorted(disputed(facts), key=str)) == ["a", "b"]


def test_succession_and_possible_conflict_dispute_nothing() -> None:
    spans = {"a": Span(1, 1, 3, 3), "b": Span(3, 3), "c": Span(5, 5)}
    facts = Facts([q for n, s in spans.items() for q in claim(n, appointment(n, n, s))])
    assert {(c.kind, c.standing) for c in comparisons(facts)} == {
        ("succession", "certain"),
        ("samePostConflict", "possible"),
    }
    assert disputed(facts) == set()


def test_what_no_source_disputes_leaves_out_both_sides() -> None:
    quads = [*(q for n in "ab" for q in claim(n, appointment(1, n))), *claim("c", appointment(2, "c", post="q"))]
    assert names(look(quads, View(according_to="all")).readings) == ["c"]
    assert len(look(quads).readings) == 3


def act(kind: str | None, taken: Node, *favoured: str) -> list[Quad]:
    me = node("act", 1)
    triples = [Triple(me, TYPE, ph("Supersession")), Triple(me, ph("withdraws"), taken)]
    triples += [Triple(me, ph("inFavourOf"), node("claim", n)) for n in favoured]
    return quads_of([*triples, *([Triple(me, ph("comparisonKind"), ph(kind))] if kind else [])])


@pytest.mark.parametrize("kind", ["correction", "refinement", "planAgainstEffect"])
def test_an_act_is_told_and_settles_the_matter(kind: str) -> None:
    post = Triple(node("post", "p"), TYPE, ph("Post"))
    claims = [
        *claim("a", [post, *appointment(1, "ann", Span(1, 1))]),
        *claim("b", [post, *appointment(1, "ann", Span(2, 2, 4, 4))]),
    ]
    facts = Facts([*claims, *act(kind, node("claim", "a"), "b")])
    [found] = comparisons(facts)
    assert in_short([found]) == [(kind, "certain", ["a"], ["b"])]
    assert names(found.compares) == ["1"]
    assert found.act == node("act", 1)
    assert disputed(facts) == set()
    assert comparisons(look(facts.quads, View.of(as_of="2020-12-01"))) == [found]
    assert in_short(comparisons(Facts(claims))) == [("sourceDisagreement", "certain", ["a"], ["b"])]


def test_an_act_on_a_document_and_one_that_says_no_kind() -> None:
    claims = [*claim("a", appointment(1, "ann"), "d"), *claim("b", appointment(1, "ben"))]
    told = comparisons(Facts([*claims, *act("correction", node("document", "d"), "b")]))
    assert in_short(told) == [("correction", "certain", ["a"], ["b"])]
    assert comparisons(Facts([*claims, *act(None, node("claim", "a"), "b")])) == []
    assert comparisons(Facts([*claims, *act("correction", node("claim", "a"), "unknown")])) == []


TWO_READINGS = """
interpretation:a1 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open ; rdfs:label "first"@en .
interpretation:a2 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open ; rdfs:label "second"@en .
reading:1 ph:underInterpretation interpretation:a1 . reading:2 ph:underInterpretation interpretation:a2 .
claim:1 ph:hasReading reading:1 , reading:2 . claim:2 ph:hasReading reading:3 .
"""
LONG = 'ph:latestStart "2020-01-01"^^xsd:date ; ph:ongoingAt "2020-12-01"^^xsd:date'


def test_readings_that_exclude_each_other_are_not_compared(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(
        TWO_READINGS
        + f"""reading:1 {{ appointment:1 ph:post post:p ; ph:holder person:a ; {LONG} }}
        reading:2 {{ appointment:2 ph:post post:p ; ph:holder person:b ; {LONG} }}"""
    )
    assert comparisons(facts) == []


def test_what_holds_under_one_reading_goes_into_its_graph(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(
        TWO_READINGS
        + f"""reading:1 {{ appointment:1 ph:post post:p ; ph:holder person:a ; {LONG} }}
        reading:2 {{ appointment:1 ph:post post:q ; ph:holder person:a ; {LONG} }}
        reading:3 {{ appointment:2 ph:post post:p ; ph:holder person:b ; {LONG} }}"""
    )
    [found] = comparisons(facts)
    assert in_short([found]) == [("samePostConflict", "certain", ["1"], ["2"])]
    assert names(found.interpretations) == ["a1"]
    assert graphs_of(facts) == {comparison_node(found): {f"{terms.INFERRED_GRAPH}/a1"}}
    certain = look(facts.quads, View(certainty="certain"))
    assert comparisons(certain) == []
    assert graphs_of(certain) == {}


def test_a_reading_may_make_certain_what_is_possible_under_all(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(
        TWO_READINGS
        + f"""reading:1 {{ appointment:1 ph:ongoingAt "2020-12-01"^^xsd:date }} reading:2 {{ unit:x a ph:Unit }}
        claim:3 ph:hasReading reading:4 .
        reading:3 {{ appointment:1 ph:post post:p ; ph:holder person:a ; ph:latestStart "2020-01-01"^^xsd:date }}
        reading:4 {{ appointment:2 ph:post post:p ; ph:holder person:b ; {LONG} }}"""
    )
    assert [(*told, names(c.interpretations)) for c in comparisons(facts) for told in in_short([c])] == [
        ("samePostConflict", "possible", ["2"], ["3"], []),
        ("samePostConflict", "certain", ["1", "2"], ["3"], ["a1"]),
    ]


def test_a_claim_that_leaves_a_choice_out_says_nothing_under_all(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(
        TWO_READINGS.replace("reading:1 , reading:2", "reading:1")
        + f"""reading:1 {{ appointment:1 ph:post post:p ; ph:holder person:a ; {LONG} }}
        reading:3 {{ appointment:2 ph:post post:p ; ph:holder person:b ; {LONG} }}"""
    )
    assert [names(c.interpretations) for c in comparisons(facts)] == [["a1"]]


def test_a_reading_of_two_questions_holds_under_both_answers(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(
        TWO_READINGS
        + f"""
        interpretation:b1 ph:interpretationOf ambiguity:B ; ph:interpretationStatus ph:open ; rdfs:label "third"@en .
        interpretation:b2 ph:interpretationOf ambiguity:B ; ph:interpretationStatus ph:open ; rdfs:label "fourth"@en .
        reading:1 ph:underInterpretation interpretation:b1 .
        reading:1 {{ appointment:1 ph:post post:p ; ph:holder person:a ; {LONG} }}
        reading:2 {{ unit:x a ph:Unit }}
        reading:3 {{ appointment:2 ph:post post:p ; ph:holder person:b ; {LONG} }}"""
    )
    assert [names(c.interpretations) for c in comparisons(facts)] == [["a1", "b1"]]


class Idle:
    """An engine to which nothing follows."""

    name = "toy"
    version = "1"

    def unhandled(self, axioms: Sequence[Triple]) -> list[UnhandledAxiom]:
        """Say that every axiom is used."""
        assert axioms is not None
        return []

    def close(
        self, axioms: Sequence[Triple], base: Sequence[Triple], additions: Sequence[Sequence[Triple]]
    ) -> list[Closure]:
        """Infer nothing."""
        assert axioms is not None
        assert base is not None
        return [Closure(()) for _ in [base, *additions]]


def graphs_of(facts: Facts) -> dict[Node, set[str]]:
    """Return the graphs of the dataset in which each comparison stands; the default graph is empty text."""
    found: dict[Node, set[str]] = defaultdict(set)
    quads, _ = pipeline.assemble(facts, (), Idle(), (), 99)
    for quad in quads:
        if quad.predicate == TYPE and quad.object == ph("Comparison"):
            found[quad.subject].add("" if quad.graph_name == DEFAULT else text_of(quad.graph_name))
    return dict(found)


def test_the_dataset_tells_both_sides_in_words() -> None:
    quads = [*claim("a", appointment(1, "ann", Span(1, 1, 5, 5))), *claim("b", appointment(2, "ben", Span(2, 2, 4, 4)))]
    facts = Facts(quads)
    [found] = comparisons(facts)
    me = comparison_node(found)
    assert graphs_of(facts) == {me: {"", terms.INFERRED_GRAPH}}
    said = {(t.predicate, t.object) for t in comparison_triples(facts)[()]}
    assert said == {
        (TYPE, ph("Comparison")),
        (LABEL, Literal("Same-post conflict: person/ann and person/ben (post/p)", language="en")),
        (ph("comparisonKind"), ph("samePostConflict")),
        (ph("comparisonStanding"), ph("certain")),
        (ph("oneSide"), node("claim", "a")),
        (ph("otherSide"), node("claim", "b")),
        (ph("compares"), node("appointment", "1")),
        (ph("compares"), node("appointment", "2")),
        (ph("compares"), node("post", "p")),
    }


def test_a_comparison_is_named_by_what_it_says() -> None:
    spans = [Span(1, 1, 5, 5), Span(2, 2, 4, 4), Span(2, None, 4, None)]
    nodes = []
    for other in (spans[1], *spans[1:]):
        quads = [*claim("a", appointment(1, "ann", spans[0])), *claim("b", appointment(2, "ben", other))]
        [found] = comparisons(Facts(quads))
        nodes.append(comparison_node(found))
    assert nodes[0] == nodes[1] != nodes[2]
    assert text_of(nodes[0]).startswith(f"{terms.ID}comparison/")


HELD = {"a": Span(1, 1, 3, 3), "b": Span(3, 3, 6, 6), "c": Span(5, 5, 7, 7)}
ON_A_DAY = [
    (1, {("succession", "a", "b"), ("succession", "a", "c")}),
    (3, {("succession", "a", "b")}),
    (5, {("succession", "a", "b"), ("samePostConflict", "b", "c"), ("succession", "a", "c")}),
    (6, {("succession", "a", "c")}),
    (8, set()),
]


@pytest.mark.parametrize("certainty", ["certain", "possible"])
@pytest.mark.parametrize(("number", "expected"), ON_A_DAY)
def test_a_view_of_a_day_compares_what_is_there(
    number: int, expected: set[tuple[str, str, str]], certainty: str
) -> None:
    quads = [q for n, s in HELD.items() for q in claim(n, appointment(n, n, s))]
    as_of = date.fromordinal(DAY_ZERO.toordinal() + number).isoformat()
    facts = look(quads, View.of(as_of=as_of, certainty=certainty))
    assert {(c.kind, *names(c.compares[:2])) for c in comparisons(facts)} == expected
    compared = {t.object for triples in comparison_triples(facts).values() for t in triples}
    held = {n for n, s in HELD.items() if (s.earliest_start or 0) <= number < (s.latest_end or 0)}
    assert {n for n in HELD if node("appointment", n) in compared} == held


def test_a_certain_view_tells_what_is_certain() -> None:
    spans = {"a": Span(1, 1), "b": Span(2, 2), "c": Span(None, 1, 3)}
    quads = [q for n, s in spans.items() for q in claim(n, appointment(n, n, s))]
    assert {c.standing for c in comparisons(look(quads))} == {"certain", "possible"}
    assert {c.standing for c in comparisons(look(quads, View(certainty="certain")))} == {"certain"}


def test_too_much_is_not_compared_and_said_so(
    facts_of: Callable[[str], Facts], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = ""
    for number in range(4):
        text += f"""claim:{number} a ph:Claim ; ph:modality ph:actual ; ph:hasReading reading:{number} .
        reading:{number} {{ appointment:a{number} a ph:Appointment ; ph:post post:p ; ph:holder person:x{number} ;
          ph:ongoingAt "2020-01-01"^^xsd:date }} """
    facts = facts_of(text)
    assert len(comparisons(facts)) == 6
    assert uncompared(facts) == []
    monkeypatch.setattr("postholder.comparisons.said._MOST_COMPARED", 3)
    assert comparisons(facts) == []
    assert [n.value for n in uncompared(facts)] == ["https://w3id.org/postholder/id/post/p"]  # type: ignore[union-attr]
