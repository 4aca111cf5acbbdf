"""What a property graph cannot carry, and how much of it one export met."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from postholder.export import values
from postholder.export.base import Loss, counted
from postholder.graph import TYPE

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.export.links import Links
    from postholder.export.things import Things
    from postholder.export.world import World
    from postholder.graph import Term

LOSSES: tuple[Loss, ...] = (
    Loss(
        "vocabulary",
        "definitions, axioms and terms of the vocabulary, except the code-list members in use",
        "export trig, nquads or jsonld, or read the files under ontology/",
    ),
    Loss(
        "foreign-types",
        "types from other vocabularies, such as org:Post",
        "they follow from the labels by the alignments; export turtle or trig",
    ),
    Loss(
        "implied",
        "links that repeat one of ours in the words of another vocabulary, such as org:role beside ph:carriesRole",
        "they follow from the edges by the alignments; export turtle or trig",
    ),
    Loss(
        "origin",
        "which of the claims of a node states a property value or a label, and whether it was inferred; edges do tell",
        "see `statements` on the Reading nodes, which lists all that a reading states, or export trig",
    ),
    Loss("english", "the difference between text marked as English and unmarked text", "export turtle or trig"),
    Loss(
        "datatypes",
        "datatypes that the type of the property does not tell, such as xsd:decimal",
        "the spelling is kept; export turtle or trig for the datatype",
    ),
    Loss(
        "open-values",
        "property values and labels that something has under an open reading only: they stand as text",
        "see `statements` on the Reading nodes, or export trig",
    ),
    Loss(
        "set-aside",
        "nodes for things that only a reading that was set aside names",
        "see `statements` on the Reading nodes, or export trig",
    ),
    Loss("untyped", "triples about things without a class of ours", "export turtle or trig"),
    Loss("blank-nodes", "triples with blank nodes", "give the nodes names, or export trig"),
    Loss("other-graphs", "named graphs that are no reading of any claim", "export trig"),
)


def losses(world: World, things: Things, links: Links, column: Callable[[str, Term], str]) -> tuple[Loss, ...]:
    """Return the losses that an export met; `column` tells the type of the property that holds a term."""
    named = world.certain.union(*world.graphs.values())
    met: Counter[str] = Counter()
    met["vocabulary"] += len(world.ontology.difference(world.default))
    met["implied"] += links.implied
    met["set-aside"] += things.set_aside
    met["other-graphs"] += world.others
    for triple in world.default:
        if lost := things.lost(triple):
            met[lost] += 1
        elif things.is_property(triple) or triple.predicate == TYPE:
            met["origin"] += triple in named
    met["open-values"] = len(
        {
            triple
            for layer in world.layers
            for triple in layer.triples
            if things.is_known_for_sure(triple.subject)
            and not world.holds(triple)
            and (things.is_property(triple) or triple.predicate == TYPE)
        }
    )
    for rows in things.rows().values():
        for prop, terms in rows.items():
            for term in terms:
                if isinstance(term, Literal):
                    met["english"] += (term.language or "").lower() == "en"
                    met["datatypes"] += not values.keeps_datatype(term, column(prop, term))
    return counted(*((loss, met[loss.id]) for loss in LOSSES))
