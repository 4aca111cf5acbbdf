"""The things of a dataset: what becomes a node of a property graph, and what is said of it in literals."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from postholder import terms
from postholder.export.vocabulary import most_specific
from postholder.graph import TYPE, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

    from postholder.export.world import Under, World
    from postholder.graph import Node, Term


class Things:
    """Everything typed by a class of ours, and the members of code lists that something leads to.

    A thing that holds however the open questions are decided has only the classes and literals
    that do; a thing that exists under open readings only has those of its readings.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.classes: dict[str, set[str]] = defaultdict(set)
        self.unders: dict[str, list[Under]] = {}
        self.set_aside = 0
        self._codes = {m: c for c, ms in world.vocabulary.code_lists.items() for m in ms}
        self._accept()
        self._suppose()
        self._codes_in_use()

    def _type(self, triple: Triple) -> str | None:
        """Return the class of ours that a triple gives to something that the vocabulary does not describe."""
        subject, value = triple.subject, triple.object
        if triple.predicate != TYPE or not isinstance(subject, NamedNode) or not isinstance(value, NamedNode):
            return None
        described = self._world.vocabulary.describes(subject)
        return value.value if value.value in self._world.vocabulary.classes and not described else None

    def _accept(self) -> None:
        for triple in self._world.default:
            if cls := self._type(triple):
                self.classes[text_of(triple.subject)].add(cls)

    def _suppose(self) -> None:
        """Add what exists under open readings only, and count what only set-aside readings know."""
        accepted = set(self.classes)
        unders: dict[str, set[Under]] = defaultdict(set)
        for layer in self._world.layers:
            for triple in layer.triples:
                cls = self._type(triple)
                if cls and layer.under and text_of(triple.subject) not in accepted:
                    self.classes[text_of(triple.subject)].add(cls)
                    unders[text_of(triple.subject)].add(layer.under)
        self.unders = {iri: self._world.simplest(found) for iri, found in unders.items()}
        known = {text_of(t.subject) for ts in self._world.graphs.values() for t in ts if self._type(t)}
        self.set_aside = len(known - set(self.classes))

    def _codes_in_use(self) -> None:
        holding: list[Iterable[Triple]] = [self._world.default, *(x.triples for x in self._world.layers)]
        used = {
            t.object.value
            for triples in holding
            for t in triples
            if isinstance(t.object, NamedNode) and t.object.value in self._codes and text_of(t.subject) in self.classes
        }
        for iri in used:
            self.classes[iri].add(self._codes[iri])

    def labelled(self, iri: str) -> tuple[str, ...]:
        """Return the classes of a thing: the most specific first, then all others by name."""
        known = self._world.vocabulary.classes
        given = self.classes[iri]
        first = most_specific(given, self._world.vocabulary)[0]
        return first, *sorted((given | {above for c in given for above in known[c]}) - {first})

    def rows(self) -> dict[str, dict[str, list[Term]]]:
        """Return, by thing and property, the literals said of it and the things it leads to that are no nodes."""
        found: dict[str, dict[str, list[Term]]] = {iri: defaultdict(list) for iri in self.classes}
        for triple in self._world.default:
            if self.is_property(triple):
                found[text_of(triple.subject)][triple.predicate.value].append(triple.object)
        for layer in self._world.layers:
            for triple in layer.triples:
                if layer.under and self.is_property(triple) and text_of(triple.subject) in self.unders:
                    values = found[text_of(triple.subject)][triple.predicate.value]
                    if triple.object not in values:
                        values.append(triple.object)
        return found

    def is_known_for_sure(self, node: Node) -> bool:
        """Tell whether something is a node that holds however the open questions are decided."""
        return text_of(node) in self.classes and text_of(node) not in self.unders

    def is_property(self, triple: Triple) -> bool:
        """Tell whether a triple is a property of a node and not an edge or a label."""
        if not isinstance(triple.subject, NamedNode) or text_of(triple.subject) not in self.classes:
            return False
        if triple.predicate == TYPE:
            return False
        value = triple.object
        return isinstance(value, Literal) or (isinstance(value, NamedNode) and value.value not in self.classes)

    def lost(self, triple: Triple) -> str | None:
        """Return the id of the loss by which a triple of the default graph is not carried, or None if it is."""
        subject = triple.subject
        if isinstance(subject, NamedNode) and subject.value not in self.classes:
            known = self._world.vocabulary.describes(subject) or subject.value.startswith(terms.PH)
            return "vocabulary" if known else "untyped"
        if not isinstance(subject, NamedNode) or not isinstance(triple.object, (NamedNode, Literal)):
            return "vocabulary" if triple in self._world.ontology else "blank-nodes"
        if triple.predicate == TYPE and triple.object.value not in self._world.vocabulary.classes:
            return "foreign-types"
        return None
