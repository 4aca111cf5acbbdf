"""The rules of class expressions: who is in a class that is described, and what follows from being in it.

Source: OWL 2 Web Ontology Language Profiles (second edition), table 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from postholder import terms
from postholder.closure.program import SAME, Pattern, Rule
from postholder.graph import TYPE, Term, integer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postholder.closure.compiler import Link, Reader

CONSTRUCTS = frozenset(
    (
        "intersectionOf", "unionOf", "complementOf", "oneOf", "someValuesFrom", "allValuesFrom", "hasValue",
        "maxCardinality", "maxQualifiedCardinality",
    )
)  # fmt: skip
"""Predicates of OWL that describe a class and have rules."""
_THING = NamedNode(terms.OWL + "Thing")
_SAME = NamedNode(SAME)


def _owl(name: str) -> NamedNode:
    return NamedNode(terms.OWL + name)


def _a(who: str | Term, cls: Term) -> Pattern:
    return Pattern(who, TYPE, cls)


def expression_rules(reader: Reader, triple: Triple) -> Iterator[Rule]:
    """Yield the rules of the class expression that a triple gives to its subject, or report it."""
    construct = triple.predicate.value.removeprefix(terms.OWL)
    if construct in {"intersectionOf", "unionOf", "oneOf"}:
        yield from _of_list(reader, triple, construct)
    elif construct == "complementOf":
        if reader.is_class(triple.object):
            yield Rule("cls-com", (_a("x", triple.subject), _a("x", triple.object)), None, (triple,))
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
    if construct == "oneOf":
        for member in members:
            yield Rule("cls-oo", (), _a(member, cls), axioms)
    elif not all(reader.is_class(m) for m in members) or not members:
        reader.leave(cls, construct, "a member is no class that rules are made for")
    elif construct == "unionOf":
        for member in members:
            yield Rule("cls-uni", (_a("x", member),), _a("x", cls), axioms)
    else:
        yield Rule("cls-int1", tuple(_a("x", m) for m in dict.fromkeys(members)), _a("x", cls), axioms)
        for member in members:
            yield Rule("cls-int2", (_a("x", cls),), _a("x", member), axioms)


def _link(subject: str | Term, via: Link, value: str | Term) -> Pattern:
    prop, backwards = via
    return Pattern(value, prop, subject) if backwards else Pattern(subject, prop, value)


def _of_property(reader: Reader, triple: Triple, construct: str) -> Iterator[Rule]:
    cls, value = triple.subject, triple.object
    properties = reader.graph.objects(cls, _owl("onProperty"))
    via = reader.link(properties[0]) if len(properties) == 1 else None
    if via is None:
        reader.leave(cls, construct, "it is not on one property that rules are made for")
        return
    axioms = (triple, Triple(cls, _owl("onProperty"), properties[0]), *via[1])
    there, member = _link("x", via[0], "y"), _a("x", cls)
    if construct == "hasValue":
        given = _link("x", via[0], value)
        yield Rule("cls-hv1", (member,), given, axioms)
        yield Rule("cls-hv2", (given,), member, axioms)
    elif construct.startswith("max"):
        yield from _at_most(reader, triple, via[0], axioms)
    elif not reader.is_class(value):
        reader.leave(cls, construct, "its values are of no class that rules are made for")
    elif construct == "someValuesFrom":
        if value == _THING:
            yield Rule("cls-svf2", (there,), member, axioms)
        else:
            yield Rule("cls-svf1", (there, _a("y", value)), member, axioms)
    else:
        yield Rule("cls-avf", (member, there), _a("y", value), axioms)


def _at_most(reader: Reader, triple: Triple, via: Link, axioms: tuple[Triple, ...]) -> Iterator[Rule]:
    """Yield the rules of a greatest number of values, which is 0 or 1 in OWL 2 RL."""
    cls, number = triple.subject, integer(triple.object) if isinstance(triple.object, Literal) else None
    one, other = _link("x", via, "y1"), _link("x", via, "y2")
    member, same = _a("x", cls), Pattern("y1", _SAME, "y2")
    if number not in {0, 1}:
        return  # told by `outside_profile`
    if triple.predicate == _owl("maxCardinality"):
        if number == 0:
            yield Rule("cls-maxc1", (member, _link("x", via, "y")), None, axioms)
        else:
            yield Rule("cls-maxc2", (member, one, other), same, axioms)
        return
    classes = reader.graph.objects(cls, _owl("onClass"))
    if len(classes) != 1 or not reader.is_class(classes[0]):
        reader.leave(cls, "maxQualifiedCardinality", "it is not on one class that rules are made for")
        return
    of, axioms = classes[0], (*axioms, Triple(cls, _owl("onClass"), classes[0]))
    if number == 0:
        there = _link("x", via, "y")
        if of == _THING:
            yield Rule("cls-maxqc2", (member, there), None, axioms)
        else:
            yield Rule("cls-maxqc1", (member, there, _a("y", of)), None, axioms)
    elif of == _THING:
        yield Rule("cls-maxqc4", (member, one, other), same, axioms)
    else:
        yield Rule("cls-maxqc3", (member, one, _a("y1", of), other, _a("y2", of)), same, axioms)
