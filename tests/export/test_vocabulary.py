"""What the exporters read from the shipped vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, NamedNode, Triple

from postholder import terms
from postholder.export.vocabulary import Vocabulary, most_specific

if TYPE_CHECKING:
    from postholder.api import KnowledgeGraph

PH, ORG = terms.PH, terms.ORG


@pytest.fixture(scope="module")
def vocabulary(shipped: KnowledgeGraph) -> Vocabulary:
    return Vocabulary(shipped.inputs.ontology)


def test_classes_know_those_above_them(vocabulary: Vocabulary) -> None:
    assert vocabulary.classes[PH + "Center"] == {PH + "Unit"}
    assert vocabulary.classes[PH + "Person"] == frozenset()


def test_code_lists_have_members(vocabulary: Vocabulary) -> None:
    assert PH + "concurrent" in vocabulary.code_lists[PH + "AppointmentMode"]
    assert PH + "Person" not in vocabulary.code_lists
    assert all(vocabulary.code_lists.values())


def test_properties_to_read_backwards(vocabulary: Vocabulary) -> None:
    assert vocabulary.forward[PH + "holderOf"] == PH + "holder"
    assert vocabulary.forward[ORG + "heldBy"] == ORG + "holds"
    assert not set(vocabulary.forward) & set(vocabulary.forward.values())


def test_an_inverse_without_a_name_is_no_property() -> None:
    inverse = NamedNode(terms.OWL + "inverseOf")
    assert Vocabulary([Triple(NamedNode(PH + "x"), inverse, BlankNode("b"))]).forward == {}


def test_what_else_it_tells(vocabulary: Vocabulary) -> None:
    assert PH + "statedConcurrentWith" in vocabulary.symmetric
    assert vocabulary.below(ORG + "role") == [PH + "carriesRole"]
    assert vocabulary.below(PH + "holder") == []
    assert vocabulary.ranges(PH + "value") == [terms.XSD + "decimal"]
    assert PH + "Post" in vocabulary.described
    assert terms.ID + "post/group-cto" not in vocabulary.described
    assert PH + "holder" in vocabulary.object_properties
    assert PH + "start" in vocabulary.datatype_properties


def test_the_most_specific_class(vocabulary: Vocabulary) -> None:
    assert most_specific([PH + "Unit", PH + "Center"], vocabulary) == [PH + "Center"]
    assert most_specific([PH + "Team", PH + "UnspecifiedUnits"], vocabulary) == [PH + "Team", PH + "UnspecifiedUnits"]
