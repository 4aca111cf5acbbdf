"""One link for a triple and its inverse, once for each weakest condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from postholder import terms
from postholder.export.links import Links
from postholder.export.names import Names
from postholder.export.things import Things
from postholder.export.world import ALWAYS, World
from postholder.graph import handle

if TYPE_CHECKING:
    from postholder.export.links import Key

PH, ID, ORG = terms.PH, terms.ID, terms.ORG


def linked(quads: list[Quad]) -> Links:
    world = World(quads)
    Things(world, Names(world.vocabulary, {}).labels)
    return Links(world)


@pytest.fixture(scope="module")
def links(tiny: list[Quad]) -> Links:
    return linked(tiny)


def conditions(links: Links, key: Key) -> list[list[str]]:
    return [sorted(handle(i.value) for i in under) for k, under, _ in links if k == key]


def test_inverses_and_symmetric_properties_are_one_link(links: Links) -> None:
    assert conditions(links, (ID + "appointment/a1", PH + "holder", ID + "person/ann")) == [[]]
    assert not [k for k, _, _ in links if k[1] in {PH + "holderOf", ORG + "heldBy", ORG + "hasPost"}]
    both = [k for k, _, _ in links if k[1] == PH + "statedConcurrentWith"]
    assert both == [(ID + "appointment/a2", PH + "statedConcurrentWith", ID + "appointment/a3")]


def test_a_condition_is_as_weak_as_it_can_be(links: Links) -> None:
    assert conditions(links, (ID + "appointment/x", PH + "mode", PH + "acting")) == [["interpretation/ann"]]
    assert conditions(links, (ID + "post/clerk", PH + "heads", ID + "unit/top")) == [
        ["interpretation/ann", "interpretation/here"]
    ]
    assert conditions(links, (ID + "appointment/x", PH + "post", ID + "post/clerk")) == [[]]


def test_support_joins_claims_and_tells_stated_from_inferred(links: Links) -> None:
    stated = links.support((ID + "appointment/x", PH + "post", ID + "post/clerk"), ALWAYS)
    assert stated is not None
    assert stated.stated
    assert stated.claims == {f"{ID}claim/c2"}
    inferred = links.support((ID + "person/ann", ORG + "holds", ID + "post/chief"), ALWAYS)
    assert inferred is not None
    assert not inferred.stated
    assert links.support((ID + "appointment/x", PH + "holder", ID + "person/ann"), ALWAYS) is None
    assert links.support(("no", "such", "link"), ALWAYS) is None


def test_a_link_that_repeats_ours_is_left_out_and_counted(links: Links) -> None:
    assert links.implied == 1
    found = {k for k, _, _ in links}
    assert (ID + "post/chief", PH + "postIn", ID + "unit/top") in found
    assert (ID + "post/chief", ORG + "postIn", ID + "unit/top") not in found
    assert (ID + "post/clerk", ORG + "postIn", ID + "unit/low") in found


def test_only_things_are_joined(tiny: list[Quad]) -> None:
    ann, prop = NamedNode(ID + "person/ann"), NamedNode("http://e/p")
    ends: list[NamedNode | BlankNode | Literal] = [ann, BlankNode("b"), Literal("x"), NamedNode("http://e/other")]
    found = linked([*tiny, *(Quad(ann, prop, end) for end in ends)])
    assert [k for k, _, _ in found if k[1] == prop.value] == [(ann.value, prop.value, ann.value)]


def test_a_reading_without_rival_that_does_not_hold_is_left_to_its_statements(tiny: list[Quad]) -> None:
    """A reading under no open interpretation whose triple is not in the default graph: nothing says that it holds."""
    reading = NamedNode(ID + "reading/c3-meant")
    odd = Quad(NamedNode(ID + "person/ann"), NamedNode(PH + "odd"), NamedNode(ID + "person/bob"), reading)
    assert PH + "odd" not in linked([*tiny, odd]).properties()


def test_only_the_condition_that_ours_covers_is_left_out(tiny: list[Quad]) -> None:
    """The foreign link holds under both readings, ours under one."""
    bob = NamedNode(ID + "reading/c2-bob")
    ann = NamedNode(ID + "reading/c2-ann")
    post, unit = NamedNode(ID + "post/clerk"), NamedNode(ID + "unit/top")
    extra = [
        Quad(post, NamedNode(ORG + "postIn"), unit, bob),
        Quad(post, NamedNode(ORG + "postIn"), unit, ann),
        Quad(post, NamedNode(PH + "postIn"), unit, ann),
    ]
    links = linked([*tiny, *extra])
    assert links.implied == 2
    assert conditions(links, (post.value, ORG + "postIn", unit.value)) == [["interpretation/bob"]]
