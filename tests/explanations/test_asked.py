"""How a triple is named: short forms, labels, full names, a line of N-Triples; and what is said of a wrong name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from postholder import terms
from postholder.errors import BadParameterError, UnknownNameError, UsageError
from postholder.explanations.asked import Asker
from postholder.graph import LABEL, TYPE, ph

if TYPE_CHECKING:
    from postholder.api import KnowledgeGraph

LU_SU = NamedNode(terms.ID + "person/lu-su")
HOLDS = Triple(LU_SU, NamedNode(terms.ORG + "holds"), NamedNode(terms.ID + "post/taobao-cto"))


@pytest.fixture(scope="module")
def asker(shipped: KnowledgeGraph) -> Asker:
    return Asker(shipped.quads, shipped.names, shipped.inputs.prefixes)


@pytest.mark.parametrize(
    "words",
    [
        ("person/lu-su", "org:holds", "post/taobao-cto"),
        ("Lu Su", "holds", "CTO of Taobao"),
        ("<https://w3id.org/postholder/id/person/lu-su>", "<http://www.w3.org/ns/org#holds>", "post:taobao-cto"),
        (str(HOLDS) + " .",),
        (str(HOLDS),),
    ],
)
def test_one_triple_has_many_names(asker: Asker, words: tuple[str, ...]) -> None:
    assert asker.triple(words) == HOLDS


def test_values_classes_and_codes(asker: Asker) -> None:
    assert asker.triple(("Lu Su", "rdfs:label", "Lu Su")) == Triple(LU_SU, LABEL, Literal("Lu Su", language="en"))
    assert asker.triple(("Lu Su", "rdfs:label", '"Lu"@fr')).object == Literal("Lu", language="fr")
    assert asker.triple(("Lu Su", "a", "foaf:Person")) == Triple(
        LU_SU, TYPE, NamedNode("http://xmlns.com/foaf/0.1/Person")
    )
    assert asker.triple(("Lu Su", "a", "<urn:x:C>")).object == NamedNode("urn:x:C")
    assert asker.triple(("Dai Shan", "ph:modality", "ph:planned")).object == ph("planned")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("person/lu-sue", "org:holds", "post/taobao-cto"), "person/lu-su"),
        (("Lu Su", "hold", "post/taobao-cto"), "org:holds"),
        (("Lu Su", "org:holds", "Taobao CTOs"), "called"),
        (("Lu Su", "a", "Agent"), "foaf:Agent"),
        (("Lu Su", "a", "Persons"), "ph:Person"),
        (("Lu Su", "rdfs:label", "Lu Sue"), "Lu Su"),
    ],
)
def test_a_name_that_nothing_has_brings_the_nearest(asker: Asker, words: tuple[str, ...], told: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        asker.triple(words)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "words",
    [
        ("<http://x/%zz>", "a", "ph:Post"),
        ("Lu Su", "<urn:%>", "x"),
        ("Lu Su", "a", "<http://[x>"),
        ("Lu Su", "org:holds", "<http://x/%zz>"),
        ("Lu Su", "org:holds", "ph:a b"),
        ("Lu Su", "org:holds", "xsd:<>"),
    ],
)
def test_what_is_no_iri_is_refused(asker: Asker, words: tuple[str, ...]) -> None:
    with pytest.raises(BadParameterError, match="is no IRI"):
        asker.triple(words)


def test_what_is_no_triple_is_refused(asker: Asker) -> None:
    few: list[tuple[str, ...]] = [(), ("a", "b"), ("a", "b", "c", "d"), ("Lu Su",), ("",), ("\ud800",)]
    for words in few:
        with pytest.raises(UsageError, match="are needed"):
            asker.triple(words)
    for line in ("<x", "<urn:a> <urn:b>", f"{HOLDS} . {HOLDS} .\n<urn:a> <urn:b> <urn:c>", "<\ud800"):
        with pytest.raises(BadParameterError):
            asker.triple((line,))
    with pytest.raises(BadParameterError):
        asker.triple(("Lu Su", "rdfs:label", '"Lu'))
