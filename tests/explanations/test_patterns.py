"""Queries taken apart: what they look for, what must not be found, what is counted."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from postholder.explanations.patterns import Sought, every_value, solutions, take_apart
from postholder.stores.oxigraph import OxigraphStore

P = NamedNode("urn:p")
TEXT = """PREFIX : <urn:>
SELECT DISTINCT ?a (COUNT(?b) AS ?n) WHERE {
  VALUES ?a { UNDEF }
  ?a :p ?b . # { a brace in a comment
  GRAPH ?g { ?b :q "}" }
  OPTIONAL { ?b :r ?c FILTER EXISTS { ?c :s ?d } }
  { ?a :t ?x } UNION { ?a :u/:v [] }
  FILTER NOT EXISTS { ?a :w ?y . ?y :x ?a }
  MINUS { ?a :z 1 }
} GROUP BY ?a ORDER BY ?a LIMIT 5
"""


def test_patterns_are_told_apart() -> None:
    found = take_apart(TEXT)
    positive = {(s.subject, getattr(s.predicate, "value", "path"), s.graph) for s in found.positive}
    assert positive >= {
        ("a", "urn:p", None), ("b", "urn:q", "g"), ("b", "urn:r", None), ("c", "urn:s", None), ("a", "urn:t", None),
    }  # fmt: skip
    assert not {"urn:w", "urn:x", "urn:z"} & {p for _, p, _ in positive}
    negative = [[s.predicate for s in group] for _, group in found.negative]
    assert sorted(map(str, negative)) == sorted(
        map(str, [[NamedNode("urn:w"), NamedNode("urn:x")], [NamedNode("urn:z")]])
    )
    assert found.counts
    assert not take_apart("SELECT * { ?a ?b ?c }").counts


def test_a_pattern_is_filled_only_when_all_is_known() -> None:
    sought = Sought("a", P, Literal("1"), "g")
    a, g = NamedNode("urn:a"), NamedNode("urn:g")
    assert sought.filled({"a": a}) is None
    assert sought.filled({"a": a, "g": g}) == Sought(a, P, Literal("1"), g)
    assert Sought("a", P, "b").filled({"a": a, "b": g}) == Sought(a, P, g)


def test_a_query_gives_the_values_of_all_its_variables() -> None:
    text = every_value(TEXT, "VALUES (?a) { (<urn:a>) }")
    assert "GROUP" not in text
    assert "SELECT * WHERE" in text
    answer = OxigraphStore([]).query(text)
    assert {"a", "b", "g", "c", "x"} <= set(answer.columns)


def test_a_template_is_left_out() -> None:
    text = "PREFIX : <urn:> CONSTRUCT { ?a :p { } } WHERE { ?a :q ?b }".replace("{ }", "?b")
    assert every_value(text).split("SELECT")[1].strip() == "* WHERE { ?a :q ?b   }"
    [made] = take_apart(text).template
    assert made == Sought("a", P, "b")


def test_what_is_not_bound_is_left_out() -> None:
    assert list(solutions(("a", "b"), ((P, None),))) == [{"a": P}]
