"""What things are called: by label in any language, title, identifier, printed form and former name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from postholder import terms
from postholder.errors import UnknownNameError
from postholder.queries import naming

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.readings import Facts

FACTS = """
document:d a ph:Document ; dcterms:title "The notes"@en . claim:c a ph:Claim ; dcterms:identifier "C1" .
source:s a ph:Source . person:a a ph:Person ; rdfs:label "Ann"@en , "安"@zh-hans .
person:b rdfs:label "Anna"@en ; ph:identifiedWith person:a .
mention:m ph:surfaceForm "A. Nn" ; ph:denotes person:a .
"""


def node(name: str) -> NamedNode:
    return NamedNode(terms.ID + name)


def test_things_of_some_kinds_by_what_they_are_called(facts_of: Callable[[str], Facts]) -> None:
    names = naming.of_kinds(facts_of(FACTS).record, {"Document", "Claim", "Source"}, {})
    found = {name: names.find(name) for name in ("The notes", "C1", "source/s", "s")}
    assert list(found.values()) == [node("document/d"), node("claim/c"), node("source/s"), node("source/s")]
    with pytest.raises(UnknownNameError, match="nothing here is called 'Ann'"):
        names.find("Ann")


def test_entities_by_label_printed_form_and_former_name(facts_of: Callable[[str], Facts]) -> None:
    names = naming.of_graph(facts_of(FACTS).quads, {}, "in the test")
    assert {names.find(n, ["Person"]) for n in ("Ann", "Anna", "person/b", "b", "A. Nn")} == {node("person/a")}
    with pytest.raises(UnknownNameError, match="nothing in the test is called 'Ben'"):
        names.find("Ben")


def test_entities_by_a_label_in_another_language(facts_of: Callable[[str], Facts]) -> None:
    names = naming.of_graph(facts_of(FACTS).quads, {}, "in the test")
    assert names.find("安") == node("person/a")
