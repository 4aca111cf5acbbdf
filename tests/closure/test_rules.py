"""The rules that OWL 2 RL cannot express, as SPARQL: arithmetic, with its borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from postholder import resources, terms
from postholder.closure import rules
from postholder.closure.rules import Rule
from postholder.errors import CannotError, ParseError
from postholder.graph import Triples, ph
from postholder.sources.rdf import parse_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHIPPED = {r.name: r for r in rules.load(resources.ontology_folder() / "rules")}


@pytest.fixture(scope="module")
def read(prefixed: Callable[[str], str]) -> Callable[[str], list[Triple]]:
    return lambda text: [q.triple for q in parse_text(prefixed(text), "test", RdfFormat.TURTLE)]


def test_the_shipped_rules_read() -> None:
    assert set(SHIPPED) == {p.stem for p in (resources.ontology_folder() / "rules").glob("*.rq")}
    assert len(SHIPPED) == 1
    for rule in SHIPPED.values():
        assert rule.summary.endswith(".")
        assert rule.reason.endswith(".")


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
    triples = read(FIGURE)
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
