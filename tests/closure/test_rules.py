"""The rules that OWL 2 RL cannot express: dates and arithmetic, with their borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from postholder import resources, terms
from postholder.closure import rules
from postholder.closure.rules import Rule
from postholder.errors import CannotError, ParseError
from postholder.graph import Triples, ph, text_of, triple_order
from postholder.sources.rdf import parse_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHIPPED = {r.name: r for r in rules.load(resources.ontology_folder() / "rules")}


@pytest.fixture(scope="module")
def read(prefixed: Callable[[str], str]) -> Callable[[str], list[Triple]]:
    return lambda text: [q.triple for q in parse_text(prefixed(text), "test", RdfFormat.TURTLE)]


def pairs(name: str, triples: list[Triple]) -> set[str]:
    """Return what one rule adds, as `subject object` by last letters."""
    added = rules.apply([SHIPPED[name]], triples)
    assert added == sorted(added, key=triple_order)
    return {f"{text_of(t.subject).rpartition('/')[2]} {text_of(t.object).rpartition('/')[2]}" for t in added}


def test_the_shipped_rules_read() -> None:
    assert set(SHIPPED) == {p.stem for p in (resources.ontology_folder() / "rules").glob("*.rq")}
    assert len(SHIPPED) == 4
    for rule in SHIPPED.values():
        assert rule.summary.endswith(".")
        assert rule.reason.endswith(".")


def appointment(name: str, holder: str = "ann", post: str = "", **dates: str) -> str:
    bounds = "".join(f' ; ph:{k} "{v}"^^xsd:date' for k, v in dates.items())
    return f"appointment:{name} ph:holder person:{holder} ; ph:post post:{post or name}{bounds} . "


# Overlap for certain.

CERTAIN = {
    "one within the other": (
        {"latestStart": "2020-01-01", "earliestEnd": "2022-01-01"},
        {"latestStart": "2020-06-01", "earliestEnd": "2021-01-01"},
        True,
    ),
    "one after the other": (
        {"latestStart": "2020-01-01", "earliestEnd": "2021-01-01"},
        {"latestStart": "2021-06-01", "earliestEnd": "2022-01-01"},
        False,
    ),
    "touching": (
        {"latestStart": "2020-01-01", "earliestEnd": "2021-01-01"},
        {"latestStart": "2021-01-01", "earliestEnd": "2022-01-01"},
        False,
    ),
    "by one day": (
        {"latestStart": "2020-01-01", "earliestEnd": "2021-01-02"},
        {"latestStart": "2021-01-01", "earliestEnd": "2022-01-01"},
        True,
    ),
    "no end": (
        {"latestStart": "2020-01-01"},
        {"latestStart": "2020-01-01", "earliestEnd": "2022-01-01"},
        False,
    ),
    "no start": (
        {"earliestEnd": "2022-01-01"},
        {"latestStart": "2020-01-01", "earliestEnd": "2022-01-01"},
        False,
    ),
    "only the outer bounds": (
        {"earliestStart": "2020-01-01", "latestEnd": "2022-01-01"},
        {"earliestStart": "2020-01-01", "latestEnd": "2022-01-01"},
        False,
    ),
    "nothing known": ({}, {}, False),
}


@pytest.mark.parametrize("case", CERTAIN.values(), ids=CERTAIN)
def test_certain_overlap(
    case: tuple[dict[str, str], dict[str, str], bool], read: Callable[[str], list[Triple]]
) -> None:
    first, second, overlaps = case
    found = pairs("certain-overlap", read(appointment("a", **first) + appointment("b", **second)))
    assert found == ({"a b", "b a"} if overlaps else set())


BOUNDS = {
    "latestStart": "2020-01-01",
    "earliestEnd": "2021-01-01",
    "earliestStart": "2020-01-01",
    "latestEnd": "2021-01-01",
}


@pytest.mark.parametrize("name", ["certain-overlap", "possible-overlap"])
def test_an_overlap_is_of_one_person_and_two_posts(name: str, read: Callable[[str], list[Triple]]) -> None:
    of_two = appointment("a", "ann", **BOUNDS) + appointment("b", "ben", **BOUNDS)
    of_one_post = appointment("a", "ann", "p", **BOUNDS) + appointment("b", "ann", "p", **BOUNDS)
    assert pairs(name, read(of_two)) == set()
    assert pairs(name, read(of_one_post)) == set()
    assert pairs(name, read(appointment("a", "ann", **BOUNDS))) == set()


# Overlap perhaps.

POSSIBLE = {
    "nothing known": ({}, {}, True),
    "one ends before the other begins": ({"latestEnd": "2020-01-01"}, {"earliestStart": "2021-01-01"}, False),
    "the same, other way round": ({"earliestStart": "2021-01-01"}, {"latestEnd": "2020-01-01"}, False),
    "touching": ({"latestEnd": "2021-01-01"}, {"earliestStart": "2021-01-01"}, False),
    "by one day": ({"latestEnd": "2021-01-02"}, {"earliestStart": "2021-01-01"}, True),
    "only starts": ({"earliestStart": "2020-01-01"}, {"earliestStart": "2021-01-01"}, True),
    "only ends": ({"latestEnd": "2020-01-01"}, {"latestEnd": "2021-01-01"}, True),
    "certain is possible": (
        {
            "earliestStart": "2020-01-01",
            "latestEnd": "2022-01-01",
            "latestStart": "2020-01-01",
            "earliestEnd": "2022-01-01",
        },
        {
            "earliestStart": "2021-01-01",
            "latestEnd": "2023-01-01",
            "latestStart": "2021-01-01",
            "earliestEnd": "2023-01-01",
        },
        True,
    ),
}


@pytest.mark.parametrize("case", POSSIBLE.values(), ids=POSSIBLE)
def test_possible_overlap(
    case: tuple[dict[str, str], dict[str, str], bool], read: Callable[[str], list[Triple]]
) -> None:
    first, second, overlaps = case
    found = pairs("possible-overlap", read(appointment("a", **first) + appointment("b", **second)))
    assert found == ({"a b", "b a"} if overlaps else set())


DAY = st.one_of(st.none(), st.integers(1, 6))


def span(name: str, drawn: tuple[int | None, int | None, int | None, int | None]) -> str:
    keys = ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
    return appointment(name, **{k: f"2020-01-0{d}" for k, d in zip(keys, drawn, strict=True) if d is not None})


def possible_days(drawn: tuple[int | None, int | None, int | None, int | None]) -> list[tuple[int, int]]:
    """Return every interval that the bounds allow, end exclusive, on days 0 to 8."""
    low, high, first, last = drawn
    return [
        (s, e)
        for s in range(low or 0, (8 if high is None else high) + 1)
        for e in range(max(s + 1, first or 0), (9 if last is None else last) + 1)
    ]


@settings(max_examples=150, deadline=None)
@given(first=st.tuples(DAY, DAY, DAY, DAY), second=st.tuples(DAY, DAY, DAY, DAY))
def test_overlaps_agree_with_trying_every_interval(
    read: Callable[[str], list[Triple]],
    first: tuple[int | None, int | None, int | None, int | None],
    second: tuple[int | None, int | None, int | None, int | None],
) -> None:
    """Certain means in every allowed interval; not possible means in none."""
    one, two = possible_days(first), possible_days(second)
    if not one or not two:
        return  # bounds that contradict each other are for the shapes to report
    triples = read(span("a", first) + span("b", second))
    meets = [s < f and t < e for s, e in one for t, f in two]
    if pairs("certain-overlap", triples):
        assert all(meets)
    if not pairs("possible-overlap", triples):
        assert not any(meets)


# Person to person.

LINE = "reporting:r ph:subordinate post:low ; ph:superior post:high "


def reports(
    read: Callable[[str], list[Triple]],
    low: dict[str, str] | None = None,
    high: dict[str, str] | None = None,
    line: dict[str, str] | None = None,
) -> set[str]:
    bounds = "".join(f' ; ph:{k} "{v}"^^xsd:date' for k, v in (line or {}).items())
    text = appointment("a", "ann", "low", **(low or {})) + appointment("b", "ben", "high", **(high or {}))
    return pairs("person-reports-to-person", read(text + LINE + bounds + " ."))


def test_holders_of_joined_posts_report(read: Callable[[str], list[Triple]]) -> None:
    assert reports(read) == {"ann ben"}


BEFORE = {"latestEnd": "2020-01-01"}
AFTER = {"earliestStart": "2020-01-01"}
DURING = {"earliestStart": "2019-01-01", "latestEnd": "2021-01-01"}


@pytest.mark.parametrize(("low", "high", "line", "holds"), [
    (BEFORE, AFTER, {}, False), (AFTER, BEFORE, {}, False),
    (BEFORE, {}, AFTER, False), (AFTER, {}, BEFORE, False),
    ({}, BEFORE, AFTER, False), ({}, AFTER, BEFORE, False),
    (BEFORE, BEFORE, AFTER, False), (AFTER, AFTER, BEFORE, False),
    (BEFORE, BEFORE, BEFORE, True), (AFTER, AFTER, AFTER, True),
    (DURING, BEFORE, {}, True), (DURING, AFTER, DURING, True),
    (BEFORE, {}, {}, True), ({}, {}, AFTER, True),
])  # fmt: skip
def test_people_report_only_when_all_three_can_meet(
    low: dict[str, str], high: dict[str, str], line: dict[str, str], holds: bool, read: Callable[[str], list[Triple]]
) -> None:
    assert reports(read, low, high, line) == ({"ann ben"} if holds else set())


def test_nobody_reports_to_themselves(read: Callable[[str], list[Triple]]) -> None:
    text = appointment("a", "ann", "low") + appointment("b", "ann", "high") + LINE + "."
    assert pairs("person-reports-to-person", read(text)) == set()


def test_reporting_of_people_does_not_chain(read: Callable[[str], list[Triple]]) -> None:
    text = (
        appointment("a", "ann", "low") + appointment("b", "ben", "high") + appointment("c", "cem", "top") + LINE + "."
    )
    text += " reporting:s ph:subordinate post:high ; ph:superior post:top ."
    assert pairs("person-reports-to-person", read(text)) == {"ann ben", "ben cem"}


# Figures.

FIGURE = """figure:users ph:value 1000 ; ph:unitOfMeasure ph:personCount ; ph:metric ph:monthlyActiveUsers ;
  rdfs:label "Users"@en ; ph:market "China" .
figure:more ph:increaseOf figure:users ; ph:value 200 ; ph:unitOfMeasure ph:personCount ."""


def test_the_figure_of_the_year_before(read: Callable[[str], list[Triple]]) -> None:
    found = Triples(rules.apply([SHIPPED["figure-a-year-before"]], read(FIGURE)))
    node = NamedNode(terms.ID + "figure/users-a-year-before")
    assert found.value(node, ph("value")) == Literal(800)
    assert found.names(node, ph("derivedFrom")) == [NamedNode(f"{terms.ID}figure/{n}") for n in ("more", "users")]
    assert found.texts(node, ph("derivedByRule")) == ["figure-a-year-before"]
    assert found.texts(node, ph("market")) == ["China"]
    assert found.label(node) == "Users, a year before"
    assert len({t.subject for t in found}) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ph:increaseOf", "ph:derivedFrom"),
        ("ph:value 200 ;", ""),
        ("ph:value 1000 ;", ""),
        ("ph:metric ph:monthlyActiveUsers ;", ""),
        ("ph:value 200 ; ph:unitOfMeasure ph:personCount", "ph:value 200 ; ph:unitOfMeasure ph:yuan"),
    ],
)
def test_no_figure_without_all_it_needs(old: str, new: str, read: Callable[[str], list[Triple]]) -> None:
    assert old in FIGURE
    assert rules.apply([SHIPPED["figure-a-year-before"]], read(FIGURE.replace(old, new))) == []


def test_a_figure_needs_no_label_and_no_market(read: Callable[[str], list[Triple]]) -> None:
    text = FIGURE.replace('rdfs:label "Users"@en ; ph:market "China" ', 'ph:note "n" ')
    found = Triples(rules.apply([SHIPPED["figure-a-year-before"]], read(text)))
    assert found.label(NamedNode(terms.ID + "figure/users-a-year-before")) == "Figure, a year before"


def test_a_value_in_words_gives_no_figure(read: Callable[[str], list[Triple]]) -> None:
    found = rules.apply([SHIPPED["figure-a-year-before"]], read(FIGURE.replace("1000", '"many"')))
    assert [t for t in found if t.predicate == ph("value")] == []
    assert found == []


# The machinery.


def rule(text: str, name: str = "r") -> Rule:
    return Rule(name, "", "", text)


A, B = NamedNode("http://x/a"), NamedNode("http://x/b")
P, Q = NamedNode("http://x/p"), NamedNode("http://x/q")
START = [Triple(A, P, B)]


def test_without_rules_nothing_is_added() -> None:
    assert rules.apply([], START) == []


def test_rules_feed_each_other() -> None:
    chain = [
        rule("CONSTRUCT { ?s <http://x/r> ?o } WHERE { ?s <http://x/q> ?o }"),
        rule("CONSTRUCT { ?s <http://x/q> ?o } WHERE { ?s <http://x/p> ?o }"),
    ]
    assert [t.predicate.value for t in rules.apply(chain, START)] == ["http://x/q", "http://x/r"]
    assert rules.apply(list(reversed(chain)), START) == rules.apply(chain, START)


def test_what_is_given_is_not_added() -> None:
    assert rules.apply([rule("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")], START) == []


@pytest.mark.parametrize("text", [
    "CONSTRUCT { [] <http://x/q> ?o } WHERE { ?s <http://x/p> ?o }",
    "CONSTRUCT { ?s <http://x/q> [] } WHERE { ?s <http://x/p> ?o }",
])  # fmt: skip
def test_a_rule_that_makes_nameless_nodes_is_refused(text: str) -> None:
    with pytest.raises(CannotError, match="rule maker makes a blank node") as caught:
        rules.apply([rule(text, "maker")], START)
    assert caught.value.hint


def test_rules_without_end_are_stopped() -> None:
    endless = rule(
        "CONSTRUCT { ?new <http://x/p> ?s } WHERE { ?s <http://x/p> ?o BIND(IRI(CONCAT(STR(?s), 'x')) AS ?new) }",
        "endless",
    )
    with pytest.raises(CannotError, match=r"did not come to an end in 20 rounds: endless"):
        rules.apply([endless], START)


def test_rules_are_deterministic(read: Callable[[str], list[Triple]]) -> None:
    triples = read(FIGURE + appointment("a") + appointment("b") + appointment("c") + LINE + ".")
    every = list(SHIPPED.values())
    first = rules.apply(every, triples)
    assert len(first) > 6
    assert rules.apply(list(reversed(every)), list(reversed(triples))) == first


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.rq").write_text(text, encoding="utf-8")


def test_rules_are_read_in_name_order(tmp_path: Path) -> None:
    for name in ("b", "a"):
        write(tmp_path, name, "#+ summary: s\n#+ reason: r\nCONSTRUCT {} WHERE {}")
    assert [(r.name, r.summary, r.reason) for r in rules.load(tmp_path)] == [("a", "s", "r"), ("b", "s", "r")]


@pytest.mark.parametrize("text", ["SELECT * {}", "# CONSTRUCT\nSELECT * {}", "ASK { ?s ?p 'CONSTRUCT' }"])
def test_a_rule_is_a_construct(tmp_path: Path, text: str) -> None:
    write(tmp_path, "a", f"#+ summary: s\n#+ reason: r\n{text}")
    with pytest.raises(ParseError, match="CONSTRUCT query") as caught:
        rules.load(tmp_path)
    assert str(caught.value.place) == "a.rq:1"


def test_a_rule_says_why_it_is_one(tmp_path: Path) -> None:
    write(tmp_path, "a", "#+ summary: s\nCONSTRUCT {} WHERE {}")
    with pytest.raises(ParseError, match="lacks reason"):
        rules.load(tmp_path)


def test_what_is_no_construct_is_refused_when_it_is_run() -> None:
    with pytest.raises(CannotError, match="rule r is not a CONSTRUCT"):
        rules.apply([rule("SELECT * { ?s ?p ?o }")], START)
