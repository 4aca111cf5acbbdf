"""What a property graph cannot carry, and how much of it one export met."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from postholder import terms
from postholder.export import values
from postholder.export.base import Loss, counted
from postholder.export.spool import encoded
from postholder.export.things import PROPERTY
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
    Loss(
        "other-graphs",
        "triples of named graphs that are no reading of any claim, or of a claim that was withdrawn",
        "export trig",
    ),
)


_NAMED = """
EXISTS (SELECT 1 FROM quad x WHERE x.s = q.s AND x.p = q.p AND x.o = q.o
  AND (x.g = ? OR x.g IN (SELECT g FROM known)))
"""
_DEFAULT = f"""
SELECT q.s, q.p, q.o, EXISTS (SELECT 1 FROM node WHERE iri = q.s), {PROPERTY}, {_NAMED} FROM quad q WHERE q.g = ''
"""
_OPEN = f"""
SELECT count(*) FROM (
  SELECT DISTINCT q.s, q.p, q.o FROM quad q JOIN layer l USING (g) JOIN node n ON n.iri = q.s
  WHERE q.g <> '' AND n.sure AND (({PROPERTY}) OR q.p = '{TYPE.value}')
  AND NOT EXISTS (SELECT 1 FROM quad x WHERE x.s = q.s AND x.p = q.p AND x.o = q.o AND x.g = '')
)
"""


def losses(world: World, things: Things, links: Links, column: Callable[[str, Term], str]) -> tuple[Loss, ...]:
    """Return the losses that an export met; `column` tells the type of the property that holds a term."""
    met: Counter[str] = Counter()
    ontology = {(encoded(t.subject), t.predicate.value, encoded(t.object)) for t in world.ontology}
    met["vocabulary"] += len(ontology)
    met["implied"] += links.implied
    met["set-aside"] += things.set_aside
    met["other-graphs"] += world.others
    for subject, predicate, value, is_node, is_property, named in world.spool.rows(_DEFAULT, terms.INFERRED_GRAPH):
        described = (subject, predicate, value) in ontology
        met["vocabulary"] -= described
        if subject.startswith("_:") or (is_node and value.startswith("_:")):
            met["vocabulary" if described else "blank-nodes"] += 1
        elif not is_node:
            ours = subject in world.vocabulary.described or subject.startswith(terms.PH)
            met["vocabulary" if ours else "untyped"] += 1
        elif predicate == TYPE.value and value not in world.vocabulary.classes:
            met["foreign-types"] += 1
        elif is_property or predicate == TYPE.value:
            met["origin"] += named
    met["open-values"] = world.spool.count(_OPEN)
    for _, prop, term in things.rows():
        if isinstance(term, Literal):
            met["english"] += (term.language or "").lower() == "en"
            met["datatypes"] += not values.keeps_datatype(term, column(prop, term))
    return counted(*((loss, met[loss.id]) for loss in LOSSES))
