"""Faults of the shapes themselves: unknown terms and shapes that look at nothing."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from postholder import resources, terms
from postholder.graph import TYPE
from postholder.validation import coverage
from postholder.validation.coverage import Targets

X = "http://x/"
HEAD = f"@prefix sh: <{terms.SH}> . @prefix ex: <{X}> . @prefix rdfs: <{terms.RDFS}> . @prefix ph: <{terms.PH}> .\n"


def triples(text: str) -> list[Triple]:
    return [q.triple for q in parse(HEAD + text, format=RdfFormat.TURTLE)]


def findings(shapes: str, data: str, ontology: str = "") -> tuple[list[tuple[str, str, str]], int]:
    made = triples(shapes)
    found, active = coverage.findings(Targets(made, triples(data), triples(ontology)), made)
    return [(f.rule, f.focus, f.severity) for f in found], active


GOOD = (
    "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:S-p . ex:S-p a sh:PropertyShape "
    "; sh:path ex:p ; sh:minCount 1 ."
)


def test_a_sound_shape_with_something_to_look_at() -> None:
    assert findings(GOOD, "ex:a a ex:C .") == ([], 1)


@pytest.mark.parametrize("term", ["minCont", "targetclass", "datatypes", "rule", "js", "Violations"])
def test_a_misspelt_term_is_an_error(term: str) -> None:
    found, _ = findings(GOOD + f" ex:S-p sh:{term} 1 .", "ex:a a ex:C .")
    assert found == [("unknown-shacl-term", X + "S-p", "error")]


def test_a_misspelt_value_is_an_error() -> None:
    found, _ = findings(GOOD + " ex:S-p sh:severity sh:Waring .", "ex:a a ex:C .")
    assert found == [("unknown-shacl-term", X + "S-p", "error")]


def test_the_nearest_term_is_named() -> None:
    made = triples(GOOD + " ex:S-p sh:minCont 1 .")
    [finding] = coverage.findings(Targets(made, triples("ex:a a ex:C ."), []), made)[0]
    assert "did you mean minCount" in finding.message
    assert "sh:minCont" in finding.message


def test_a_misspelling_in_a_nameless_shape_is_told() -> None:
    found, _ = findings("ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCont 1 ] .", "ex:a a ex:C .")
    assert found == [("unknown-shacl-term", "a shape without a name", "error")]


def test_every_term_of_the_shipped_shapes_is_known() -> None:
    files = sorted((resources.ontology_folder() / "shapes").glob("*.ttl"))
    assert len(files) > 20
    made = [q.triple for p in files for q in parse(p.read_text(encoding="utf-8"), format=RdfFormat.TURTLE)]
    assert coverage.unknown_terms(made) == []


TARGETS = {
    "class": ("sh:targetClass ex:C", "ex:a a ex:C .", "ex:a a ex:D ."),
    "subclass": ("sh:targetClass ex:B", "ex:a a ex:C .", "ex:a a ex:A ."),
    "subclass of a subclass": ("sh:targetClass ex:A", "ex:a a ex:C .", "ex:a a ex:D ."),
    "node": ("sh:targetNode ex:a", "ex:a a ex:D .", None),
    "subjects": ("sh:targetSubjectsOf ex:p", "ex:a ex:p 1 .", "ex:a ex:q 1 ."),
    "objects": ("sh:targetObjectsOf ex:p", "ex:b ex:p ex:a .", "ex:b ex:q ex:a ."),
}


@pytest.mark.parametrize("case", TARGETS.values(), ids=TARGETS)
def test_each_kind_of_target(case: tuple[str, str, str | None]) -> None:
    target, data, other = case
    ontology = "ex:C rdfs:subClassOf ex:B . ex:B rdfs:subClassOf ex:A . ex:A rdfs:subClassOf ex:A ."
    shape = f"ex:S a sh:NodeShape ; {target} ."
    assert findings(shape, data, ontology) == ([], 1)
    if other is not None:
        assert findings(shape, other, ontology) == ([("shape-targets-nothing", X + "S", "info")], 0)


def test_focus_nodes_are_found() -> None:
    targets = Targets(triples("ex:S sh:targetClass ex:C ; sh:targetNode ex:z ."), triples("ex:a a ex:C ."), [])
    assert targets.of(NamedNode(X + "S")) == {NamedNode(X + "a"), NamedNode(X + "z")}


def test_a_shape_that_is_its_own_class_looks_at_its_instances() -> None:
    """An implicit class target (SHACL, section 2.1.3.3)."""
    assert findings("ex:C a sh:NodeShape , rdfs:Class .", "ex:a a ex:C .") == ([], 1)
    assert findings("ex:C a sh:NodeShape , rdfs:Class .", "ex:a a ex:D .")[1] == 0


def test_a_deactivated_shape_looks_at_nothing() -> None:
    found, active = findings(GOOD + " ex:S sh:deactivated true .", "ex:a a ex:C .")
    assert active == 0
    assert [f for f in found if f[1] == X + "S"]


def test_a_shape_that_only_serves_others_needs_no_target() -> None:
    shapes = (
        GOOD
        + """ ex:S sh:node ex:N ; sh:not ex:M ; sh:or ( ex:O ex:P ) . ex:N a sh:NodeShape . ex:M a sh:NodeShape .
    ex:O a sh:NodeShape . ex:P a sh:NodeShape ."""
    )
    assert findings(shapes, "ex:a a ex:C .") == ([], 1)


def test_a_forgotten_shape_is_told() -> None:
    found, active = findings(GOOD + " ex:Forgotten a sh:NodeShape .", "ex:a a ex:C .")
    assert found == [("shape-targets-nothing", X + "Forgotten", "info")]
    assert active == 1


def test_a_forgotten_nameless_shape_is_told() -> None:
    found, _ = findings(GOOD + " [] a sh:NodeShape .", "ex:a a ex:C .")
    assert found == [("shape-targets-nothing", "a shape without a name", "info")]


def test_our_shapes_go_by_their_short_names() -> None:
    shape = f"<{terms.SHAPES}Post> a sh:NodeShape ; sh:targetClass ph:Post ."
    assert findings(shape, "") == ([("shape-targets-nothing", "Post", "info")], 0)


def test_the_shipped_shapes_look_at_the_shipped_vocabulary() -> None:
    """Each class that a shape is aimed at exists."""
    root = resources.ontology_folder()
    made = [
        q.triple
        for p in (root / "shapes").glob("*.ttl")
        for q in parse(p.read_text(encoding="utf-8"), format=RdfFormat.TURTLE)
    ]
    vocabulary = [
        q.triple
        for p in (root / "terms").glob("*.ttl")
        for q in parse(p.read_text(encoding="utf-8"), format=RdfFormat.TURTLE)
    ]
    defined = {t.subject for t in vocabulary if t.predicate == TYPE}
    aimed = {t.object for t in made if t.predicate in coverage.TARGETS and str(t.object).startswith(f"<{terms.PH}")}
    assert len(aimed) > 20
    assert aimed - defined == set()
