"""What holds for certain and what only under a reading, against a brute force over all worlds."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from postholder import terms
from postholder.errors import CannotError, RefusedFileError
from postholder.graph import order, ph, triple_order
from postholder.readings import Context, Facts, is_axiom

if TYPE_CHECKING:
    from collections.abc import Callable

TWO = """
interpretation:a1 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open ; rdfs:label "first"@en .
interpretation:a2 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open ; rdfs:label "second"@en .
"""
FOUR = (
    TWO
    + """
interpretation:b1 ph:interpretationOf ambiguity:B ; ph:interpretationStatus ph:open ; rdfs:label "third"@en .
interpretation:b2 ph:interpretationOf ambiguity:B ; ph:interpretationStatus ph:open ; rdfs:label "fourth"@en .
"""
)


def unit(name: str) -> NamedNode:
    return NamedNode(f"{terms.ID}unit/{name}")


def interpretation(name: str) -> NamedNode:
    return NamedNode(f"{terms.ID}interpretation/{name}")


def subjects(triples: object) -> set[str]:
    assert isinstance(triples, list | tuple)
    return {t.subject.value.rpartition("/")[2] for t in triples}


def test_a_claim_with_one_reading_is_accepted(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of("claim:1 ph:hasReading reading:1 . reading:1 { unit:x a ph:Unit }")
    assert facts.accepted == [Triple(unit("x"), NamedNode(terms.RDF + "type"), ph("Unit"))]
    assert facts.clusters(1) == []


def test_what_all_live_readings_share_is_accepted(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(
        TWO
        + """claim:1 ph:hasReading reading:1 , reading:2 .
        reading:1 ph:underInterpretation interpretation:a1 . reading:2 ph:underInterpretation interpretation:a2 .
        reading:1 { unit:both a ph:Unit . unit:one a ph:Unit } reading:2 { unit:both a ph:Unit . unit:two a ph:Unit }"""
    )
    assert subjects(facts.accepted) == {"both"}
    [[one, two]] = facts.clusters(2)
    assert (one.interpretations, one.label, subjects(one.stated)) == ((interpretation("a1"),), "first", {"one"})
    assert (two.interpretations, two.label, subjects(two.stated)) == ((interpretation("a2"),), "second", {"two"})


@pytest.mark.parametrize(
    ("statuses", "accepted", "open_count"),
    [
        (("preferred", "open"), {"one"}, 0),
        (("preferred", "rejected"), {"one"}, 0),
        (("open", "rejected"), {"one"}, 0),
        (("rejected", "open"), {"two"}, 0),
        (("rejected", "preferred"), {"two"}, 0),
        (("rejected", "rejected"), set(), 0),
        (("open", "open"), set(), 1),
        (("preferred", "preferred"), set(), 1),
    ],
)
def test_the_status_decides(
    facts_of: Callable[[str], Facts], statuses: tuple[str, str], accepted: set[str], open_count: int
) -> None:
    facts = facts_of(
        f"""interpretation:a1 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:{statuses[0]} .
        interpretation:a2 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:{statuses[1]} .
        claim:1 ph:hasReading reading:1 , reading:2 .
        reading:1 ph:underInterpretation interpretation:a1 . reading:2 ph:underInterpretation interpretation:a2 .
        reading:1 {{ unit:one a ph:Unit }} reading:2 {{ unit:two a ph:Unit }}"""
    )
    assert subjects(facts.accepted) == accepted
    assert len(facts.open) == open_count
    assert len(facts.clusters(9)) == open_count


def test_a_missing_status_is_open_and_rejection_is_strongest(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(
        """interpretation:a1 ph:interpretationOf ambiguity:A .
        interpretation:a2 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open , ph:rejected ."""
    )
    assert facts.status(interpretation("a1")) == "open"
    assert facts.status(interpretation("a2")) == "rejected"


def test_readings_of_several_claims_hang_together(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(
        TWO
        + """claim:1 ph:hasReading reading:1 , reading:2 . claim:2 ph:hasReading reading:3 , reading:4 .
        reading:1 ph:underInterpretation interpretation:a1 . reading:2 ph:underInterpretation interpretation:a2 .
        reading:3 ph:underInterpretation interpretation:a1 . reading:4 ph:underInterpretation interpretation:a2 .
        reading:1 { unit:one a ph:Unit } reading:2 { unit:two a ph:Unit }
        reading:3 { unit:three a ph:Unit } reading:4 { unit:four a ph:Unit }"""
    )
    [[one, two]] = facts.clusters(9)
    assert subjects(one.stated) == {"one", "three"}
    assert subjects(two.stated) == {"two", "four"}


JOINT = (
    FOUR
    + """claim:1 ph:hasReading reading:1 , reading:2 , reading:3 , reading:4 .
    reading:1 ph:underInterpretation interpretation:a1 , interpretation:b1 .
    reading:2 ph:underInterpretation interpretation:a1 , interpretation:b2 .
    reading:3 ph:underInterpretation interpretation:a2 , interpretation:b1 .
    reading:4 ph:underInterpretation interpretation:a2 , interpretation:b2 .
    reading:1 { unit:all a ph:Unit . unit:r1 a ph:Unit } reading:2 { unit:all a ph:Unit . unit:r2 a ph:Unit }
    reading:3 { unit:all a ph:Unit . unit:r3 a ph:Unit } reading:4 { unit:all a ph:Unit }"""
)


def test_a_claim_about_two_questions_joins_them(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(JOINT)
    assert subjects(facts.accepted) == {"all"}
    [contexts] = facts.clusters(4)
    assert [c.label for c in contexts] == ["first; third", "first; fourth", "second; third", "second; fourth"]
    assert [subjects(c.stated) for c in contexts] == [{"r1"}, {"r2"}, {"r3"}, set()]
    assert [c.slug for c in contexts] == ["a1+b1", "a1+b2", "a2+b1", "a2+b2"]


def test_two_questions_without_a_common_claim_stay_apart(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(
        FOUR
        + """claim:1 ph:hasReading reading:1 , reading:2 . claim:2 ph:hasReading reading:3 , reading:4 .
        reading:1 ph:underInterpretation interpretation:a1 . reading:2 ph:underInterpretation interpretation:a2 .
        reading:3 ph:underInterpretation interpretation:b1 . reading:4 ph:underInterpretation interpretation:b2 .
        reading:1 { unit:one a ph:Unit } reading:3 { unit:three a ph:Unit }"""
    )
    assert [[c.slug for c in cluster] for cluster in facts.clusters(9)] == [["a1", "a2"], ["b1", "b2"]]


SPLIT = (
    FOUR
    + """claim:1 ph:hasReading reading:1 , reading:2 . claim:2 ph:hasReading reading:3 , reading:4 .
    reading:1 ph:underInterpretation interpretation:a1 . reading:2 ph:underInterpretation interpretation:a2 .
    reading:3 ph:underInterpretation interpretation:b1 . reading:4 ph:underInterpretation interpretation:b2 .
    """
)


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ("unit:x a ph:Unit", "unit:x rdfs:label 'X'", True),
        ("unit:x a ph:Unit", "placement:p ph:placedUnit unit:x", True),
        ("placement:q ph:parentUnit unit:x", "placement:p ph:placedUnit unit:x", True),
        ("unit:x a ph:Unit", "unit:y a ph:Unit", False),
        ("post:p ph:carriesRole role:head", "post:q ph:carriesRole role:head", False),
        ("unit:x rdfs:label 'same'", "unit:y rdfs:label 'same'", False),
    ],
)
def test_questions_about_one_thing_hang_together(
    one: str, other: str, joined: bool, facts_of: Callable[[str], Facts]
) -> None:
    """What follows from a thing may need what both questions say of it."""
    facts = facts_of(SPLIT + f"reading:1 {{ {one} }} reading:3 {{ {other} }}")
    assert len(facts.clusters(9)) == (1 if joined else 2)


def test_what_is_accepted_joins_no_questions(facts_of: Callable[[str], Facts]) -> None:
    shared = "unit:x a ph:Unit"
    readings = " ".join(f"reading:{n} {{ {shared} . unit:u{n} a ph:Unit }}" for n in (1, 2, 3, 4))
    assert [len(c) for c in facts_of(SPLIT + readings).clusters(9)] == [2, 2]


def test_a_reading_out_of_play_joins_no_questions(facts_of: Callable[[str], Facts]) -> None:
    text = """interpretation:c1 ph:interpretationOf ambiguity:C ; ph:interpretationStatus ph:preferred .
    interpretation:c2 ph:interpretationOf ambiguity:C ; ph:interpretationStatus ph:rejected .
    claim:3 ph:hasReading reading:5 . reading:5 { unit:x a ph:Unit }
    reading:5 ph:underInterpretation interpretation:a1 , interpretation:b1 , interpretation:c2 ."""
    assert [len(c) for c in facts_of(SPLIT + text).clusters(9)] == [2, 2]


@pytest.mark.parametrize("unknown", ["interpretation:typo", "ambiguity:A", "<http://x/none>"])
def test_a_reading_on_an_unknown_interpretation_never_holds(unknown: str, facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(
        f"""{TWO} claim:1 ph:hasReading reading:1 . reading:1 ph:underInterpretation interpretation:a1 , {unknown} .
        claim:2 ph:hasReading reading:2 . reading:2 ph:underInterpretation {unknown} .
        reading:1 {{ unit:x a ph:Unit }} reading:2 {{ unit:y a ph:Unit }}"""
    )
    assert facts.accepted == []
    assert [subjects(c.stated) for c in facts.clusters(9)[0]] == [set(), set()]


AXIOMS = {
    "unit:x rdfs:subClassOf unit:y": True,
    "unit:x rdfs:subPropertyOf unit:y": True,
    "unit:x rdfs:domain unit:y": True,
    "unit:x rdfs:range unit:y": True,
    "unit:x owl:sameAs unit:y": True,
    "unit:x a owl:Class": True,
    "unit:x a rdfs:Class": True,
    "ph:Post rdfs:label 'x'": True,
    "unit:x a ph:Unit": False,
    "unit:x rdfs:label 'x'": False,
    "unit:x rdfs:comment owl:Class": False,
    "unit:x ph:silentOn ph:superior": False,
}


@pytest.mark.parametrize("text", AXIOMS)
def test_axioms_are_no_facts(text: str, facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(text + " . claim:1 ph:hasReading reading:1 . reading:1 { " + text + " }")
    [triple] = facts.accepted
    assert is_axiom(triple) is AXIOMS[text]
    assert (triple in facts.world) is not AXIOMS[text]


def test_the_register_is_the_record_without_texts(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(
        """unit:x a ph:Center ; rdfs:label "X" . claim:1 a ph:Claim ; ph:hasReading reading:1 . reading:1 a ph:Reading .
        document:d a ph:Document . mention:m a ph:NameMention . reading:1 { unit:y a ph:Unit }"""
    )
    assert subjects(facts.register) == {"x"}
    assert subjects(facts.world) == {"x", "y"}


@pytest.mark.parametrize("name", [terms.INFERRED_GRAPH, terms.INFERRED_GRAPH + "/a1", terms.ONTOLOGY_GRAPH])
def test_graphs_of_ours_are_refused(name: str, facts_of: Callable[[str], Facts]) -> None:
    with pytest.raises(RefusedFileError, match=name):
        facts_of(f"<{name}> {{ unit:x a ph:Unit }}")


def test_graphs_with_names_like_ours_are_not(facts_of: Callable[[str], Facts]) -> None:
    assert len(facts_of(f"<{terms.INFERRED_GRAPH}s> {{ unit:x a ph:Unit }}").graphs) == 1


def test_questions_hang_together_by_way_of_a_third(facts_of: Callable[[str], Facts]) -> None:
    text = "".join(
        f"interpretation:{q}{n} ph:interpretationOf ambiguity:{q} ; ph:interpretationStatus ph:open .\n"
        for q in "ABCDE"
        for n in (1, 2)
    )
    for number, pair in enumerate(("AB", "CD", "BC")):
        text += f"claim:{number} ph:hasReading reading:{number} . reading:{number} ph:underInterpretation "
        text += (
            f"interpretation:{pair[0]}1 , interpretation:{pair[1]}1 . reading:{number} {{ unit:u{number} a ph:Unit }}\n"
        )
    clusters = facts_of(text).clusters(99)
    assert [len(c) for c in clusters] == [16, 2]


def test_too_many_joint_readings_are_refused(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(JOINT)
    assert len(facts.clusters(4)) == 1
    with pytest.raises(CannotError, match="more than 3 ways") as caught:
        facts.clusters(3)
    assert caught.value.hint


def test_the_limit_counts_all_clusters(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(FOUR)
    assert [len(c) for c in facts.clusters(4)] == [2, 2]
    with pytest.raises(CannotError):
        facts.clusters(3)


def test_an_incomplete_claim_is_not_accepted(facts_of: Callable[[str], Facts]) -> None:
    """Where one joint choice has no reading, the claim says nothing, so nothing holds in every case."""
    facts = facts_of(
        FOUR
        + """claim:1 ph:hasReading reading:1 , reading:2 .
        reading:1 ph:underInterpretation interpretation:a1 , interpretation:b1 .
        reading:2 ph:underInterpretation interpretation:a2 , interpretation:b2 .
        reading:1 { unit:x a ph:Unit } reading:2 { unit:x a ph:Unit }"""
    )
    assert facts.accepted == []
    assert facts.uncovered(NamedNode(terms.ID + "claim/1")) == [
        (interpretation("a1"), interpretation("b2")),
        (interpretation("a2"), interpretation("b1")),
    ]


def test_a_reading_on_two_rivals_never_holds(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(
        TWO
        + """claim:1 ph:hasReading reading:1 , reading:2 . reading:1 ph:underInterpretation interpretation:a1 .
        reading:2 ph:underInterpretation interpretation:a1 , interpretation:a2 .
        reading:1 { unit:x a ph:Unit } reading:2 { unit:x a ph:Unit . unit:y a ph:Unit }"""
    )
    assert facts.accepted == []
    assert not facts.is_live(NamedNode(terms.ID + "reading/2"))
    assert [subjects(c.stated) for c in facts.clusters(9)[0]] == [{"x"}, set()]


def test_a_claim_on_too_many_questions_is_not_looked_through(facts_of: Callable[[str], Facts]) -> None:
    text = "".join(
        f"interpretation:q{q}n{n} ph:interpretationOf ambiguity:q{q} ; ph:interpretationStatus ph:open .\n"
        for q in range(13)
        for n in (1, 2)
    )
    under = " , ".join(f"interpretation:q{q}n1" for q in range(13))
    facts = facts_of(text + f"claim:1 ph:hasReading reading:1 . reading:1 ph:underInterpretation {under} .")
    assert facts.uncovered(NamedNode(terms.ID + "claim/1")) == [()]
    under = " , ".join(f"interpretation:q{q}n1" for q in range(12))
    facts = facts_of(text + f"claim:1 ph:hasReading reading:1 . reading:1 ph:underInterpretation {under} .")
    assert len(facts.uncovered(NamedNode(terms.ID + "claim/1"))) == 4095


def test_names_of_inferred_graphs_never_clash(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(
        """<http://q1/yes> ph:interpretationOf ambiguity:A . <http://q1/no> ph:interpretationOf ambiguity:A .
        <http://q2/yes> ph:interpretationOf ambiguity:B . <http://q2/no> ph:interpretationOf ambiguity:B .
        <http://q2/a/yes> ph:interpretationOf ambiguity:C . interpretation:yes ph:interpretationOf ambiguity:C ."""
    )
    graphs = [c.inferred_graph for cluster in facts.clusters(99) for c in cluster]
    assert len(graphs) == 6
    assert len(set(graphs)) == 6
    assert all(g.value.startswith(terms.INFERRED_GRAPH + "/") for g in graphs)


def test_what_is_no_iri_is_left_out_of_the_record(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(
        """interpretation:a1 ph:interpretationOf "a question" . claim:1 ph:hasReading "a reading" , [] ."""
    )
    assert facts.interpretations == {}
    assert facts.readings == {}
    assert facts.accepted == []


def test_graphs_and_doubles(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of("unit:x a ph:Unit . unit:x a ph:Unit . _:g { unit:x a ph:Unit } reading:1 { unit:x a ph:Unit }")
    assert len(facts.quads) == 3
    assert [type(g) for g in facts.graphs] == [NamedNode, BlankNode]
    assert facts.triples(NamedNode(terms.ID + "reading/none")) == []


def test_claims_are_found_by_what_they_tell_of(facts_of: Callable[[str], Facts]) -> None:
    facts = facts_of(
        """claim:2 ph:hasReading reading:2 ; dcterms:identifier "F02" . claim:1 ph:hasReading reading:1 .
        reading:1 { unit:x a ph:Unit } reading:2 { unit:x rdfs:label "X" }"""
    )
    found = facts.claims_of(unit("x"))
    assert [facts.name(c) for c in found] == ["claim/1", "F02"]
    assert facts.claims_of(unit("y")) == []


# Brute force over worlds.

STATUS = {s: ph(s) for s in ("open", "preferred", "rejected")}


@st.composite
def structures(draw: st.DrawFn) -> tuple[Facts, dict[Quad, None]]:
    """Draw ambiguities, and claims with exclusive readings of which some may be missing."""
    quads: list[Quad] = []
    default = DefaultGraph()
    questions: list[list[NamedNode]] = []
    for number in range(draw(st.integers(0, 3))):
        members = [interpretation(f"q{number}n{n}") for n in range(draw(st.integers(1, 3)))]
        questions.append(members)
        for member in members:
            status = STATUS[draw(st.sampled_from(["open", "open", "open", "preferred", "rejected"]))]
            quads.append(Quad(member, ph("interpretationOf"), NamedNode(f"{terms.ID}ambiguity/{number}"), default))
            quads.append(Quad(member, ph("interpretationStatus"), status, default))
    count = 0
    for number in range(draw(st.integers(1, 4))):
        claim = NamedNode(f"{terms.ID}claim/{number}")
        touched = draw(st.lists(st.sampled_from(range(len(questions))), unique=True, max_size=2)) if questions else []
        for choice in product(*(questions[q] for q in touched)):
            if draw(st.integers(0, 9)) == 0:
                continue
            reading = NamedNode(f"{terms.ID}reading/{count}")
            count += 1
            quads.append(Quad(claim, ph("hasReading"), reading, default))
            quads += [Quad(reading, ph("underInterpretation"), i, default) for i in choice]
            for name in draw(st.lists(st.sampled_from("uvwx"), unique=True, max_size=3)):
                quads.append(Quad(unit(name), ph("category"), Literal(str(number % 2)), reading))
    return Facts(quads), dict.fromkeys(quads)


def worlds(facts: Facts) -> list[frozenset[NamedNode]]:
    """Return every joint choice of live interpretations, told without the code under test."""
    choices = []
    for members in facts.interpretations.values():
        by_status = {
            s: [m for m in members if STATUS[s] in facts.record.objects(m, ph("interpretationStatus"))] for s in STATUS
        }
        living = by_status["preferred"] or by_status["open"]
        if living:
            choices.append(living)
    return [frozenset(w) for w in product(*choices)]  # type: ignore[arg-type]


def holding(facts: Facts, claim: object, world: frozenset[NamedNode]) -> list[set[Triple]]:
    readings = [r for c, rs in facts.readings.items() if c == claim for r in rs]
    return [set(facts.triples(r)) for r in readings if set(facts.rests_on(r)) <= world]


@settings(max_examples=300, deadline=None)
@given(structures())
def test_accepted_is_what_a_claim_says_in_every_world(drawn: tuple[Facts, object]) -> None:
    facts, _ = drawn
    expected: set[Triple] = set()
    for claim in facts.readings:
        told = [holding(facts, claim, w) for w in worlds(facts)]
        assert all(len(t) <= 1 for t in told)
        expected |= set.intersection(*(t[0] if t else set() for t in told))
    assert facts.accepted == sorted(expected, key=triple_order)


@settings(max_examples=300, deadline=None)
@given(structures())
def test_contexts_hold_in_exactly_the_worlds_of_their_choice(drawn: tuple[Facts, object]) -> None:
    facts, _ = drawn
    clusters = facts.clusters(10_000)
    accepted = set(facts.accepted)
    for world in worlds(facts):
        chosen: list[Context] = []
        for cluster in clusters:
            fitting = [c for c in cluster if set(c.interpretations) <= world]
            assert len(fitting) == 1, "the contexts of a cluster exclude each other and cover all worlds"
            chosen += fitting
        told = {t for claim in facts.readings for found in holding(facts, claim, world) for t in found}
        assert told == accepted | {t for c in chosen for t in c.stated}
    stated = [t for cluster in clusters for c in cluster for t in c.stated]
    assert accepted.isdisjoint(stated)


@settings(max_examples=100, deadline=None)
@given(structures(), st.randoms())
def test_the_order_of_the_file_does_not_matter(drawn: tuple[Facts, dict[Quad, None]], random: object) -> None:
    facts, quads = drawn
    mixed = list(quads)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    other = Facts(mixed)
    assert other.accepted == facts.accepted
    assert other.clusters(10_000) == facts.clusters(10_000)
    assert sorted(other.readings, key=order) == sorted(facts.readings, key=order)


LINKED = {
    "holders of joined posts": (
        "appointment:a ph:holder person:ann", "appointment:b ph:holder person:ben",
        ("appointment:a ph:post post:x . appointment:b ph:post post:y . reporting:r ph:subordinate post:x ; "
        "ph:superior post:y"),
    ),
    "holders of posts two lines apart": (
        "appointment:a ph:holder person:ann", "appointment:b ph:holder person:ben",
        ("appointment:a ph:post post:x . appointment:b ph:post post:z . reporting:r ph:subordinate post:x ; "
        "ph:superior post:y . reporting:s ph:subordinate post:y ; ph:superior post:z"),
    ),
    "lines of one chain": (
        "reporting:r ph:subordinate post:x ; ph:superior post:y",
        "reporting:t ph:subordinate post:z ; ph:superior post:w",
        "reporting:s ph:subordinate post:y ; ph:superior post:z",
    ),
    "placements of one chain": (
        "placement:r ph:placedUnit unit:x ; ph:parentUnit unit:y",
        "placement:t ph:placedUnit unit:z ; ph:parentUnit unit:w",
        "placement:s ph:placedUnit unit:y ; ph:parentUnit unit:z",
    ),
    "dates of two appointments of one person": (
        'appointment:a ph:earliestStart "2020-01-01"^^xsd:date', 'appointment:b ph:latestEnd "2020-01-01"^^xsd:date',
        "appointment:a ph:holder person:ann . appointment:b ph:holder person:ann",
    ),
    "a holder and what the post heads": (
        "appointment:a ph:holder person:ann", "post:x ph:heads unit:u", "appointment:a ph:post post:x",
    ),
    "the beginning of a unit and the holder of a post in it": (
        'event:e ph:earliestDate "2020-01-01"^^xsd:date', "appointment:a ph:holder person:ann",
        "event:e ph:establishes unit:u . appointment:a ph:post post:x . post:x ph:postIn unit:u",
    ),
    "two posts in one unit": (
        "appointment:a ph:holder person:ann", "appointment:b ph:holder person:ben",
        ("appointment:a ph:post post:x . appointment:b ph:post post:y . post:x ph:postIn unit:u . "
        "post:y ph:postIn unit:u"),
    ),
}  # fmt: skip
APART = {"holders of posts two lines apart", "two posts in one unit"}


@pytest.mark.parametrize("name", LINKED)
def test_questions_about_parts_of_one_whole_are_answered_jointly(name: str, facts_of: Callable[[str], Facts]) -> None:
    one, other, agreed = LINKED[name]
    text = (
        SPLIT
        + f"reading:1 {{ {one} }} reading:3 {{ {other} }} claim:9 ph:hasReading reading:9 . reading:9 {{ {agreed} }}"
    )
    facts = facts_of(text)
    assert len(facts.clusters(99)) == (2 if name in APART else 1)
    assert facts.combined


def test_too_many_joint_answers_are_looked_at_apart(facts_of: Callable[[str], Facts]) -> None:
    one, other, agreed = LINKED["holders of joined posts"]
    text = f"claim:9 ph:hasReading reading:9 . reading:9 {{ {agreed} }}"
    for question, said in (("a", one), ("b", other)):
        for answer in range(3):
            name = f"{question}{answer}"
            text += f"""interpretation:{name} ph:interpretationOf ambiguity:{question} ;
            ph:interpretationStatus ph:open . claim:{question} ph:hasReading reading:{name} .
            reading:{name} ph:underInterpretation interpretation:{name} . """
        text += f"reading:{question}0 {{ {said} }}"
    quads = facts_of(text).quads
    assert [len(c) for c in Facts(quads, limit=9).clusters(9)] == [9]
    narrow = Facts(quads, limit=8)
    assert [len(c) for c in narrow.clusters(8)] == [3, 3]
    assert not narrow.combined
    with pytest.raises(CannotError, match="more than 5 ways"):
        narrow.clusters(5)
