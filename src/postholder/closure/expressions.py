"""The rules of class expressions: who is in a class that is described, and what follows from being in it.

Source: OWL 2 Web Ontology Language Profiles (second edition), table 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from postholder import terms
from postholder.closure.program import SAME, Pattern, Rule
from postholder.closure.reader import THING, a, link, owl
from postholder.graph import integer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postholder.closure.reader import Link, Reader

_SAME = NamedNode(SAME)


def expression_rules(reader: Reader, triple: Triple) -> Iterator[Rule]:
    """Yield the rules of the class expression that a triple gives to its subject, or report it."""
    construct = triple.predicate.value.removeprefix(terms.OWL)
    if construct in {"intersectionOf", "unionOf", "oneOf"}:
        yield from _of_list(reader, triple, construct)
    elif construct == "complementOf":
        if reader.is_class(triple.object):
            yield Rule("cls-com", (a("x", triple.subject), a("x", triple.object)), None, (triple,))
        else:
            reader.leave(triple.subject, construct, "not of a class that rules are made for")
    else:
        yield from _of_property(reader, triple, construct)


def _of_list(reader: Reader, triple: Triple, construct: str) -> Iterator[Rule]:
    cls, listed = triple.subject, reader.items(triple.object)
    if listed is None:
        reader.leave(cls, construct, "its members are no list that ends")
        return
    members, axioms = listed[0], (triple, *listed[1])
    if not members:
        reader.leave(cls, construct, "it has no members")
    elif construct == "oneOf":
        for member in members:
            yield Rule("cls-oo", (), a(member, cls), axioms)
    elif not all(reader.is_class(m) for m in members):
        reader.leave(cls, construct, "a member is no class that rules are made for")
    elif construct == "unionOf":
        for member in members:
            yield Rule("cls-uni", (a("x", member),), a("x", cls), axioms)
    else:
        yield Rule("cls-int1", tuple(a("x", m) for m in members), a("x", cls), axioms)
        for member in members:
            yield Rule("cls-int2", (a("x", cls),), a("x", member), axioms)


def _of_property(reader: Reader, triple: Triple, construct: str) -> Iterator[Rule]:
    cls, value = triple.subject, triple.object
    properties = reader.graph.objects(cls, owl("onProperty"))
    via = reader.link(properties[0]) if len(properties) == 1 else None
    if via is None:
        reader.leave(cls, construct, "it is not on one property that rules are made for")
        return
    axioms = (triple, Triple(cls, owl("onProperty"), properties[0]), *via[1])
    there, member = link("x", via[0], "y"), a("x", cls)
    if construct == "hasValue":
        given = link("x", via[0], value)
        yield Rule("cls-hv1", (member,), given, axioms)
        yield Rule("cls-hv2", (given,), member, axioms)
    elif construct.startswith("max"):
        yield from _at_most(reader, triple, via[0], axioms)
    elif not reader.is_class(value):
        reader.leave(cls, construct, "its values are of no class that rules are made for")
    elif construct == "someValuesFrom":
        if value == THING:
            yield Rule("cls-svf2", (there,), member, axioms)
        else:
            yield Rule("cls-svf1", (there, a("y", value)), member, axioms)
    else:
        yield Rule("cls-avf", (member, there), a("y", value), axioms)


def _at_most(reader: Reader, triple: Triple, via: Link, axioms: tuple[Triple, ...]) -> Iterator[Rule]:
    """Yield the rules of a greatest number of values, which is 0 or 1 in OWL 2 RL."""
    cls, number = triple.subject, integer(triple.object) if isinstance(triple.object, Literal) else None
    one, other = link("x", via, "y1"), link("x", via, "y2")
    member, same = a("x", cls), Pattern("y1", _SAME, "y2")
    if number not in {0, 1}:
        reader.leave(cls, triple.predicate.value.removeprefix(terms.OWL), "only 0 and 1 have rules")
        return
    if triple.predicate == owl("maxCardinality"):
        if number == 0:
            yield Rule("cls-maxc1", (member, link("x", via, "y")), None, axioms)
        else:
            yield Rule("cls-maxc2", (member, one, other), same, axioms)
        return
    classes = reader.graph.objects(cls, owl("onClass"))
    if len(classes) != 1 or not reader.is_class(classes[0]):
        reader.leave(cls, "maxQualifiedCardinality", "it is not on one class that rules are made for")
        return
    of, axioms = classes[0], (*axioms, Triple(cls, owl("onClass"), classes[0]))
    if number == 0:
        there = link("x", via, "y")
        if of == THING:
            yield Rule("cls-maxqc2", (member, there), None, axioms)
        else:
            yield Rule("cls-maxqc1", (member, there, a("y", of)), None, axioms)
    elif of == THING:
        yield Rule("cls-maxqc4", (member, one, other), same, axioms)
    else:
        yield Rule("cls-maxqc3", (member, one, a("y1", of), other, a("y2", of)), same, axioms)
