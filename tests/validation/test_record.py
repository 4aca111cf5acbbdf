"""Rules about readings and named graphs: each with a clean and a dirty record."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from postholder import terms
from postholder.graph import SUBCLASS, TYPE, handle, ph, text_of
from postholder.readings import Facts
from postholder.settings import MEBIBYTE
from postholder.sources import inputs
from postholder.validation import record

if TYPE_CHECKING:
    from collections.abc import Callable

CLEAN = """claim:1 a ph:Claim ; ph:hasReading reading:1 ; ph:modality ph:actual ; ph:basis ph:stated .
reading:1 a ph:Reading . reading:1 { unit:x a ph:Unit }
"""
OPEN = """
interpretation:a1 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open .
interpretation:a2 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open .
interpretation:b1 ph:interpretationOf ambiguity:B ; ph:interpretationStatus ph:open .
interpretation:b2 ph:interpretationOf ambiguity:B ; ph:interpretationStatus ph:open .
"""


def under(*readings: str) -> str:
    """Return a claim with one reading for each text of interpretations, such as `a1 b1`."""
    text = OPEN + "claim:1 a ph:Claim ."
    for number, names in enumerate(readings):
        text += f"\nclaim:1 ph:hasReading reading:{number} . reading:{number} a ph:Reading ."
        text += "".join(f" reading:{number} ph:underInterpretation interpretation:{n} ." for n in names.split())
        text += f" reading:{number} {{ unit:x ph:category ph:coreBusiness }}"
    return text


SILENT = """document:d a ph:Document . <http://x/p> ph:inDocument document:d . claim:1 ph:evidence <http://x/p> .
omission:o a ph:Omission ; ph:inDocument document:d ; ph:silentAbout post:p ; ph:silentOn ph:heads .
"""


def dated(**bounds: str) -> str:
    """Return a clean record whose reading gives an appointment bounds; several days of one are parted by spaces."""
    told = " ; ".join(f'ph:{name} "{day}"^^xsd:date' for name, days in bounds.items() for day in days.split())
    return CLEAN + f"reading:1 {{ appointment:x {told} }}"


SAME = "person:a a ph:Person . person:b a ph:UnidentifiedPerson . unit:c a ph:Center . unit:t a ph:Team . "
DIRTY = {
    "unknown term in the record": (CLEAN + "claim:1 ph:basiss ph:stated .", {("unknown-term", "claim/1")}),
    "unknown term in a reading": (CLEAN + "reading:1 { unit:x a ph:Unti }", {("unknown-term", "unit/x")}),
    "graph without reading": (CLEAN + "graph:mine { unit:y a ph:Unit }", {("graph-without-reading", "graph/mine")}),
    "reading without graph": (
        CLEAN + "claim:1 ph:hasReading reading:2 . reading:2 a ph:Reading .",
        {("reading-without-graph", "reading/2"), ("readings-not-exclusive", "claim/1")},
    ),
    "reading without claim": (
        CLEAN + "reading:2 a ph:Reading . reading:2 { unit:y a ph:Unit }",
        {("reading-without-claim", "reading/2")},
    ),
    "two readings that can both hold": (under("a1", "a2", "b1"), {("readings-not-exclusive", "claim/1")}),
    "two readings on nothing": (under("", ""), {("readings-not-exclusive", "claim/1")}),
    "a reading on nothing beside others": (under("", "a1", "a2"), {("readings-not-exclusive", "claim/1")}),
    "no reading for a choice": (under("a1"), {("readings-incomplete", "claim/1")}),
    "no reading for a joint choice": (under("a1 b1", "a2 b2"), {("readings-incomplete", "claim/1")}),
    "a reading on two rivals": (
        under("a1", "a1 a2"),
        {("reading-on-rivals", "reading/1"), ("readings-incomplete", "claim/1")},
    ),
    "a forecast told as an appointment": (
        CLEAN + "claim:1 ph:modality ph:predicted . reading:1 { appointment:x a ph:Appointment }",
        {("forecast-as-structure", "claim/1")},
    ),
    "a purpose told as an event": (
        CLEAN + "claim:1 ph:modality ph:purpose . reading:1 { event:x a ph:UnitEstablishment }",
        {("forecast-as-structure", "claim/1")},
    ),
    "a judgement told as a post": (
        CLEAN + "claim:1 ph:modality ph:evaluated . reading:1 { post:x a ph:Post }",
        {("forecast-as-structure", "claim/1")},
    ),
    "a vacancy that nobody stated": (
        """claim:1 a ph:Claim ; ph:hasReading reading:1 ; ph:basis ph:inferred .
        reading:1 a ph:Reading . reading:1 { appointment:v a ph:Vacancy }""",
        {("vacancy-not-stated", "claim/1")},
    ),
    "a vacancy outside any claim": (
        CLEAN + "appointment:v a ph:Vacancy .",
        {("fact-outside-claim", "appointment/v")},
    ),
    "what a name denotes, outside any claim": (
        CLEAN + "mention:m ph:denotes unit:x .",
        {("fact-outside-claim", "mention/m")},
    ),
    "a reading on an unknown interpretation": (
        under("a1 b1", "a1 b2", "a2 zz"),
        {("readings-incomplete", "claim/1")},
    ),
    "an axiom on a class": (CLEAN + "unit:x rdfs:subClassOf unit:y .", {("axiom-in-facts", "unit/x")}),
    "an axiom in a reading": (CLEAN + "reading:1 { unit:x owl:differentFrom unit:y }", {("axiom-in-facts", "unit/x")}),
    "a declaration": (CLEAN + "unit:x a owl:Class .", {("axiom-in-facts", "unit/x")}),
    "a statement about a term of ours": (CLEAN + "ph:Post rdfs:label 'x' .", {("axiom-in-facts", "ph:Post")}),
    "a year for a day": (
        CLEAN + 'reading:1 { appointment:x ph:earliestStart "2022"^^xsd:gYear }',
        {("not-a-day", "appointment/x")},
    ),
    "text for a day": (
        CLEAN + 'reading:1 { appointment:x ph:latestEnd "2022-01-01" }',
        {("not-a-day", "appointment/x")},
    ),
    "a day that does not exist": (
        CLEAN + 'claim:1 ph:recordedOn "2022-02-30"^^xsd:date .',
        {("not-a-day", "claim/1")},
    ),
    "a day with a time zone": (
        CLEAN + 'claim:1 ph:recordedOn "2022-02-03Z"^^xsd:date .',
        {("not-a-day", "claim/1")},
    ),
    "a thing for a day": (CLEAN + "reading:1 { event:x ph:earliestDate unit:x }", {("not-a-day", "event/x")}),
    "names that lead to each other": (
        SAME + CLEAN + "reading:1 { person:a ph:identifiedWith person:a2 . person:a2 ph:identifiedWith person:a . "
        "person:a2 a ph:Person }",
        {("identity-in-a-circle", "person/a"), ("identity-in-a-circle", "person/a2")},
    ),
    "an identity of relations": (
        CLEAN + "reading:1 { appointment:x a ph:Appointment , ph:TimedRelation ; ph:identifiedWith appointment:y . "
        "appointment:y a ph:Appointment }",
        {("identity-across-kinds", "appointment/x")},
    ),
    "claims that give way to each other": (
        CLEAN + "act:r ph:withdraws claim:1 ; ph:inFavourOf claim:2 . act:s ph:withdraws claim:2 ; "
        "ph:inFavourOf claim:1 .",
        {("acts-in-a-circle", "claim/1"), ("acts-in-a-circle", "claim/2")},
    ),
    "an event with two latest days": (
        CLEAN + "reading:1 { event:e a ph:ChangeEvent ; ph:latestDate "
        '"2022-01-01"^^xsd:date , "2022-01-02"^^xsd:date }',
        {("several-bounds", "event/e")},
    ),
    "an event with its days out of order": (
        CLEAN + 'reading:1 { event:e a ph:ChangeEvent ; ph:earliestDate "2022-01-02"^^xsd:date ; '
        'ph:latestDate "2022-01-01"^^xsd:date }',
        {("bounds-out-of-order", "event/e")},
    ),
    "a date written in two ways": (
        CLEAN + 'reading:1 { event:e a ph:ChangeEvent ; ph:dateAsWritten "2022" , "2022-01" }',
        {("several-bounds", "event/e")},
    ),
    "a bound twice": (dated(latestEnd="2022-01-01 2022-01-02"), {("several-bounds", "appointment/x")}),
    "start bounds reversed": (
        dated(earliestStart="2022-01-02", latestStart="2022-01-01"),
        {("bounds-out-of-order", "appointment/x")},
    ),
    "end bounds reversed": (
        dated(earliestEnd="2022-01-02", latestEnd="2022-01-01"),
        {("bounds-out-of-order", "appointment/x")},
    ),
    "an end on the day of the start": (
        dated(earliestStart="2022-01-01", latestEnd="2022-01-01"),
        {("bounds-out-of-order", "appointment/x")},
    ),
    "an end before the start": (
        dated(earliestStart="2022-01-01", latestEnd="2021-01-01"),
        {("bounds-out-of-order", "appointment/x")},
    ),
    "ongoing before the start": (
        dated(earliestStart="2022-01-02", ongoingAt="2022-02-01 2022-01-01"),
        {("bounds-out-of-order", "appointment/x")},
    ),
    "ongoing on the day of the end": (
        dated(ongoingAt="2022-01-01", latestEnd="2022-01-01"),
        {("bounds-out-of-order", "appointment/x")},
    ),
    "a person identified with a unit": (
        CLEAN + SAME + "reading:1 { person:a ph:identifiedWith unit:c }",
        {("identity-across-kinds", "person/a")},
    ),
    "a center identified with a team": (
        CLEAN + SAME + "reading:1 { unit:c ph:identifiedWith unit:t }",
        {("identity-across-kinds", "unit/c")},
    ),
    "a person identified with nothing described": (
        CLEAN + SAME + "reading:1 { person:a ph:identifiedWith person:zz }",
        {("identity-across-kinds", "person/a")},
    ),
    "a person identified with a name": (
        CLEAN + SAME + "reading:1 { person:a ph:identifiedWith 'Ann' }",
        {("identity-across-kinds", "person/a")},
    ),
    "an identity outside any claim": (
        CLEAN + SAME + "person:a ph:identifiedWith person:b .",
        {("fact-outside-claim", "person/a")},
    ),
    "a claim described in a reading": (
        CLEAN + "reading:1 { claim:1 ph:basis ph:inferred }",
        {("record-in-reading", "claim/1")},
    ),
    "a document described in a reading": (
        CLEAN + "document:d a ph:Document . reading:1 { document:d ph:codePoints 3 }",
        {("record-in-reading", "document/d")},
    ),
    "an omission of what a claim states": (
        CLEAN + SILENT + "reading:1 { post:p ph:heads unit:x }",
        {("omission-contradicted", "omission/o")},
    ),
    "an omission of what a claim states by way of a line": (
        CLEAN
        + SILENT.replace("heads", "superior")
        + "reading:1 { reporting:r ph:subordinate post:p ; ph:superior post:q }",
        {("omission-contradicted", "omission/o")},
    ),
}
GOOD = {
    "one reading": CLEAN,
    "complete and exclusive": under("a1", "a2"),
    "complete over two questions": under("a1 b1", "a1 b2", "a2 b1", "a2 b2"),
    "one side split further": under("a1", "a2 b1", "a2 b2"),
    "a planned appointment": CLEAN.replace("ph:actual", "ph:planned") + "reading:1 { appointment:x a ph:Appointment }",
    "a predicted proposition": CLEAN.replace("ph:actual", "ph:predicted") + "reading:1 { proposition:x a ph:Goal }",
    "a stated vacancy": CLEAN + "reading:1 { appointment:v a ph:Vacancy }",
    "an omission of what no claim states": CLEAN + SILENT + "reading:1 { post:q ph:heads unit:x }",
    "an omission of what another document states": CLEAN
    + SILENT.replace("ph:inDocument document:d ; ph:silentAbout", "ph:inDocument document:e ; ph:silentAbout")
    + "reading:1 { post:p ph:heads unit:x }",
    "an omission of what only a rejected reading states": CLEAN
    + SILENT
    + OPEN.replace("ph:open", "ph:rejected", 1)
    + """claim:1 ph:hasReading reading:2 . reading:2 a ph:Reading ; ph:underInterpretation interpretation:a1 .
    reading:1 ph:underInterpretation interpretation:a2 . reading:2 { post:p ph:heads unit:x }""",
    "what a name denotes, in a reading": CLEAN
    + "mention:m a ph:NameMention . reading:1 { mention:m ph:denotes unit:x }",
    "days": CLEAN + 'reading:1 { appointment:x ph:earliestStart "2022-01-01"^^xsd:date ; ph:dateAsWritten "2022" }',
    "bounds in order, ongoing on several days": dated(
        earliestStart="2022-01-01",
        latestStart="2022-01-01",
        ongoingAt="2022-01-01 2022-05-01",
        earliestEnd="2022-06-01",
        latestEnd="2022-06-01",
    ),
    "bounds that disagree across claims": dated(latestEnd="2022-01-01")
    + """ claim:2 a ph:Claim ; ph:hasReading reading:2 ; ph:modality ph:actual ; ph:basis ph:stated .
    reading:2 a ph:Reading . reading:2 { appointment:x ph:latestEnd "2021-01-01"^^xsd:date }""",
    "an identity of two persons": CLEAN + SAME + "reading:1 { person:b ph:identifiedWith person:a }",
    "foreign terms": CLEAN + "claim:1 <http://x/p> <http://x/o> .",
}


@pytest.fixture(scope="module")
def ontology() -> list[Triple]:
    return inputs.load(None, MEBIBYTE).ontology


def breaches(facts: Facts, ontology: list[Triple]) -> set[tuple[str, str]]:
    return {(b.rule, handle(text_of(b.focus))) for b in record.check(facts, ontology)}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_a_clean_record_has_no_breach(text: str, facts_of: Callable[[str], Facts], ontology: list[Triple]) -> None:
    assert breaches(facts_of(text), ontology) == set()


@pytest.mark.parametrize("case", DIRTY.values(), ids=DIRTY)
def test_a_dirty_record_has_exactly_its_breaches(
    case: tuple[str, set[tuple[str, str]]], facts_of: Callable[[str], Facts], ontology: list[Triple]
) -> None:
    text, expected = case
    assert breaches(facts_of(text), ontology) == expected


def test_every_rule_has_a_dirty_record() -> None:
    assert {rule for _, found in DIRTY.values() for rule, _ in found} == {
        "unknown-term",
        "graph-without-reading",
        "reading-without-graph",
        "reading-without-claim",
        "readings-not-exclusive",
        "readings-incomplete",
        "reading-on-rivals",
        "forecast-as-structure",
        "vacancy-not-stated",
        "fact-outside-claim",
        "axiom-in-facts",
        "not-a-day",
        "several-bounds",
        "bounds-out-of-order",
        "identity-in-a-circle",
        "acts-in-a-circle",
        "identity-across-kinds",
        "record-in-reading",
        "omission-contradicted",
    }


def test_a_misspelt_term_names_the_nearest(facts_of: Callable[[str], Facts], ontology: list[Triple]) -> None:
    facts = facts_of(CLEAN + "reading:1 { appointment:x ph:holdr person:y ; ph:mode ph:concurent }")
    found = {b.message: b.predicate for b in record.check(facts, ontology)}
    assert any("did you mean holder" in m for m in found)
    assert any("did you mean concurrent" in m for m in found)
    assert set(found.values()) == {terms.PH + "holdr", terms.PH + "mode"}


def test_one_misspelling_of_one_subject_is_told_once(facts_of: Callable[[str], Facts], ontology: list[Triple]) -> None:
    facts = facts_of(CLEAN + "reading:1 { unit:x ph:nme 1 , 2 , 3 }")
    assert len(record.check(facts, ontology)) == 1


def test_terms_that_nothing_defines(facts_of: Callable[[str], Facts], ontology: list[Triple]) -> None:
    facts = facts_of(CLEAN + "claim:1 ph:bassis ph:Clam ; <http://x/p> <http://x/o> .")
    assert record.unknown_terms(facts, ontology) == {terms.PH + "bassis", terms.PH + "Clam"}
    assert record.unknown_terms(facts_of(CLEAN), ontology) == set()


def test_only_names_of_ours_are_suggested(facts_of: Callable[[str], Facts], ontology: list[Triple]) -> None:
    [breach] = record.check(facts_of(CLEAN + "reading:1 { unit:x a ph:Organizatio }"), ontology)
    assert "http" not in breach.message


def test_a_subclass_of_a_subclass_is_structure(facts_of: Callable[[str], Facts], ontology: list[Triple]) -> None:
    own = NamedNode("http://x/C"), NamedNode("http://x/D")
    deeper = [
        *ontology,
        Triple(own[0], SUBCLASS, ph("Appointment")),
        Triple(own[1], SUBCLASS, own[0]),
        Triple(own[0], SUBCLASS, own[1]),
    ]
    facts = facts_of(CLEAN + "claim:1 ph:modality ph:predicted . reading:1 { unit:x a <http://x/D> }")
    assert breaches(facts, deeper) == {("forecast-as-structure", "claim/1")}


def test_a_missing_choice_is_named(facts_of: Callable[[str], Facts], ontology: list[Triple]) -> None:
    [breach] = record.check(facts_of(under("a1 b1", "a1 b2", "a2 b1")), ontology)
    assert "interpretation/a2 with interpretation/b2" in breach.message


def test_a_graph_without_a_name_is_told(facts_of: Callable[[str], Facts], ontology: list[Triple]) -> None:
    found = record.check(facts_of(CLEAN + "_:g { unit:y a ph:Unit }"), ontology)
    assert [b.rule for b in found] == ["graph-without-reading"]


def test_the_shipped_record_is_clean(ontology: list[Triple]) -> None:
    facts = Facts(inputs.load(None, MEBIBYTE).fact_quads)
    assert len(facts.readings) == 93 + 16 + 11 + 8 + 6
    assert record.check(facts, ontology) == []


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["a1", "a2", "b1", "b2"]), max_size=3, unique=True), min_size=1, max_size=4))
def test_exclusive_and_complete_against_all_worlds(drawn: list[list[str]]) -> None:
    """Each claim has exactly one reading in every world, or the record says what is wrong."""
    default = DefaultGraph()
    names = {n: NamedNode(f"{terms.ID}interpretation/{n}") for n in ("a1", "a2", "b1", "b2")}
    claim = NamedNode(terms.ID + "claim/1")
    quads = []
    for name, node in names.items():
        quads.append(Quad(node, ph("interpretationOf"), NamedNode(f"{terms.ID}ambiguity/{name[0]}"), default))
        quads.append(Quad(node, ph("interpretationStatus"), ph("open"), default))
    for number, chosen in enumerate(drawn):
        reading = NamedNode(f"{terms.ID}reading/{number}")
        quads.append(Quad(claim, ph("hasReading"), reading, default))
        quads.append(Quad(reading, TYPE, ph("Reading"), default))
        quads.append(Quad(names["a1"], TYPE, ph("Interpretation"), reading))
        quads += [Quad(reading, ph("underInterpretation"), names[n], default) for n in chosen]
    counts = [sum(set(c) <= set(w) for c in drawn) for w in product(("a1", "a2"), ("b1", "b2"))]
    found = {b.rule for b in record._exclusive(Facts(quads))}
    assert ("readings-incomplete" in found) == (min(counts) == 0)
    if max(counts) > 1:
        assert "readings-not-exclusive" in found
    if any({"a1", "a2"} <= set(c) or {"b1", "b2"} <= set(c) for c in drawn):
        assert "reading-on-rivals" in found
    if found == set():
        assert counts == [1, 1, 1, 1]
