"""Names in a property graph: no type equals a label, none needs quoting, none is given twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, Triple

from postholder import terms
from postholder.export.names import Names, identifier, squeezed, upper_snake
from postholder.export.vocabulary import Vocabulary

if TYPE_CHECKING:
    from postholder.api import KnowledgeGraph

PH, ORG = terms.PH, terms.ORG


@pytest.fixture(scope="module")
def vocabulary(shipped: KnowledgeGraph) -> Vocabulary:
    return Vocabulary(shipped.inputs.ontology)


@pytest.fixture(scope="module")
def names(vocabulary: Vocabulary, prefixes: dict[str, str]) -> Names:
    return Names(vocabulary, prefixes)


def test_no_relation_type_equals_a_label(vocabulary: Vocabulary, names: Names) -> None:
    properties = {*vocabulary.object_properties, *vocabulary.forward, *vocabulary.forward.values()}
    relations = names.relations(properties)
    assert len(relations) == len(properties) > 60
    labels = {squeezed(label) for label in names.labels.values()}
    assert len(labels) == len(vocabulary.classes) > 50
    assert not labels & {squeezed(relation) for relation in relations.values()}
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", relation) for relation in relations.values())
    assert all(re.fullmatch(r"[A-Z][A-Za-z0-9]*", label) for label in names.labels.values())


def test_only_two_properties_share_a_relation_type(vocabulary: Vocabulary, names: Names) -> None:
    relations = names.relations([*vocabulary.object_properties, ORG + "headOf", ORG + "holds", ORG + "postIn"])
    shared = [n for n in set(relations.values()) if list(relations.values()).count(n) > 1]
    assert shared == ["HEADS"]
    assert relations[PH + "heads"] == relations[ORG + "headOf"] == "HEADS"


def test_the_names_that_people_will_type(names: Names) -> None:
    expected = {
        PH + "holder": "HELD_BY",
        PH + "post": "IN_POST",
        PH + "superior": "HAS_SUPERIOR",
        PH + "mode": "HAS_MODE",
        PH + "unitOfMeasure": "HAS_UNIT_OF_MEASURE",
        PH + "carriesRole": "CARRIES_ROLE",
        PH + "application": "USES_APPLICATION",
        PH + "dimension": "IN_DIMENSION",
        PH + "evidence": "EVIDENCE",
        PH + "hasReading": "HAS_READING",
        PH + "operatesBrand": "OPERATES_BRAND",
        ORG + "holds": "HOLDS",
        ORG + "reportsTo": "REPORTS_TO",
        ORG + "subOrganizationOf": "PART_OF",
        ORG + "role": "ORG_ROLE",
    }
    assert names.relations(expected) == expected


def test_foreign_names_do_not_take_ours(names: Names) -> None:
    relations = names.relations([PH + "evidence", "http://e/evidence", "http://e/x/evidence", "http://e/post"])
    assert relations[PH + "evidence"] == "EVIDENCE"
    assert relations["http://e/evidence"] == "OTHER_EVIDENCE"
    assert relations["http://e/x/evidence"] == "OTHER_EVIDENCE2"
    assert relations["http://e/post"] == "OTHER_POST"


def test_foreign_names_do_not_take_those_that_are_said_otherwise(vocabulary: Vocabulary) -> None:
    names = Names(vocabulary, {"part": "http://e/part/", "has": "http://e/has/"})
    found = names.relations(["http://e/part/of", "http://e/has/superior", ORG + "subOrganizationOf"])
    assert found == {
        "http://e/part/of": "PART_OF2",
        "http://e/has/superior": "HAS_SUPERIOR2",
        ORG + "subOrganizationOf": "PART_OF",
    }


def test_a_clash_gets_has_in_front() -> None:
    cls, kind = NamedNode(terms.OWL + "Class"), NamedNode(terms.RDF + "type")
    known = Vocabulary([Triple(NamedNode(PH + "Mood"), kind, cls), Triple(NamedNode(PH + "UnitMood"), kind, cls)])
    found = Names(known, {}).relations([PH + "mood", PH + "unitMood", PH + "moody"])
    assert found == {PH + "mood": "HAS_MOOD", PH + "unitMood": "HAS_UNIT_MOOD", PH + "moody": "MOODY"}


def test_labels_that_differ_only_in_case_or_marks_get_a_number() -> None:
    cls, kind = NamedNode(terms.OWL + "Class"), NamedNode(terms.RDF + "type")
    known = Vocabulary(Triple(NamedNode(PH + n), kind, cls) for n in ("Mood", "MOOD", "Mo-od", "Mo'od);", "1"))
    assert sorted(Names(known, {}).labels.values()) == ["MOOD", "Mood2", "Mood3", "Mood4", "x1"]


def test_keys(names: Names) -> None:
    label, identifier_ = terms.RDFS + "label", terms.DCTERMS + "identifier"
    found = names.keys([(label, ""), (label, "zh-hans"), (identifier_, ""), (PH + "value", "")])
    assert found[label, ""] == "label"
    assert found[label, "zh-hans"] == "label_zhHans"
    assert found[identifier_, ""] == "identifier"


def test_keys_keep_clear_of_each_other_and_of_our_own(names: Names) -> None:
    wanted = [
        PH + "id",
        PH + "value",
        PH + "valueOthers",
        PH + "Value",
        terms.SKOS + "value",
        terms.ORG + "x",
        "http://e/x",
    ]
    found = names.keys((iri, "") for iri in wanted)
    assert found[PH + "id", ""] == "id2"
    assert found[terms.ORG + "x", ""] == "org_x"
    assert found["http://e/x", ""] == "other_x"
    assert len({squeezed(key) for key in found.values()}) == len(wanted)
    assert found[PH + "valueOthers", ""] != found[PH + "value", ""] + "Others"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("statedConcurrentWith", "STATED_CONCURRENT_WITH"),
        ("spanSha256", "SPAN_SHA256"),
        ("a-b.c", "A_B_C"),
        ("x`})//y", "X_Y"),
        ("1st", "X_1ST"),
        ("安", "X"),
    ],
)
def test_upper_snake(name: str, expected: str) -> None:
    assert upper_snake(name) == expected


def test_identifier_keeps_nothing_that_needs_quoting() -> None:
    assert identifier("a`}) DETACH DELETE n //b") == "a_DETACH_DELETE_n_b"
