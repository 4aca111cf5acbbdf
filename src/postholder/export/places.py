"""Where each quad of a dataset goes in a format of entities: carried, or counted under one loss."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from postholder import terms
from postholder.export.base import Loss, counted
from postholder.graph import TYPE, local_name, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyoxigraph import Triple

    from postholder.export.roster import Roster

_ALL = "export trig, nquads, jsonld or rdf12: they keep everything"

EVERY: tuple[Loss, ...] = (
    Loss(
        "vocabulary",
        "definitions, axioms and terms of the vocabulary",
        "read the files under ontology/, or export trig",
    ),
    Loss("things", "triples about things that have no place in the format", _ALL),
    Loss("details", "triples about things that are written, for which the format has no property", _ALL),
    Loss("origin", "by which reading a triple that holds is stated, or that it was inferred", _ALL),
    Loss("undecided", "triples that are said under an open reading only", _ALL),
    Loss("set-aside", "triples of readings that were set aside or withdrawn", _ALL),
    Loss("untyped", "triples about things without a class of ours", _ALL),
    Loss("blank-nodes", "triples with blank nodes", "give the nodes names, or export trig"),
    Loss(
        "other-graphs",
        "triples of named graphs that are no reading of any claim, or of a claim that was withdrawn",
        _ALL,
    ),
)
"""Losses that count quads: with what is carried, they make up the whole dataset."""

RELATIONS: tuple[Loss, ...] = (
    Loss(
        "undecided-relations",
        "appointments, reporting lines and placements of which an end depends on the reading",
        "see postholder query who-holds, or export neo4j-csv",
    ),
    Loss("incomplete", "appointments, reporting lines and placements of which an end is not told", _ALL),
    Loss("unasserted", "things, relations and links that claims only wish, predict or judge", _ALL),
    Loss(
        "planned-links", "units that a post is only planned to be in or to head", "see postholder query posts-in-unit"
    ),
    Loss("planned-dates", "dates that are only planned, of relations that are so", "see postholder query who-holds"),
    Loss("bounds", "days before or after which something began or ended, where no day, month or year says it", _ALL),
    Loss("contradictions", "relations whose dates contradict each other: the span of all that are told is used", _ALL),
    Loss("unreadable-dates", "dates that are no day of the calendar, such as those with a time zone", _ALL),
)
"""Losses that count relations or dates; they say more closely what the losses of quads leave out."""

PLANNED: tuple[Loss, ...] = (
    Loss("planned", "appointments and placements that are only planned", "export ftm, which gives them a status"),
    Loss("planned-things", "persons, units and posts that are only planned", "export ftm, which marks them"),
)
"""Losses of formats that have no place for a plan."""


def account(roster: Roster, written: Mapping[str, str], carried: Mapping[str, frozenset[str]]) -> Counter[str]:
    """Return how many quads of the dataset are carried, and how many go by each loss of `EVERY`.

    `written` gives each thing that was written the name of what it was written as, and `carried` tells
    which of our properties, by local name, that has; `type` and `label` are among them.
    """
    world = roster.world
    found: Counter[str] = Counter()
    for triple in world.default:
        found[_place(roster, triple, written, carried)] += 1
    found["vocabulary"] += len(world.ontology)
    found["origin"] += len(world.certain)
    found["other-graphs"] += world.others
    for graph, triples in world.graphs.items():
        stands = isinstance(graph, NamedNode) and world.facts.stands(graph)
        for triple in triples:
            found["set-aside" if not stands else "origin" if world.holds(triple) else "undecided"] += 1
    return found


def _place(roster: Roster, triple: Triple, written: Mapping[str, str], carried: Mapping[str, frozenset[str]]) -> str:
    if not isinstance(triple.subject, NamedNode) or not isinstance(triple.object, NamedNode | Literal):
        return "blank-nodes"
    subject, prop, _ = roster.key(triple)
    if subject in written:
        if triple.predicate == TYPE:
            return "carried" if text_of(triple.object).startswith(terms.PH) else "details"
        ours = prop.startswith((terms.PH, terms.RDFS, terms.SKOS, terms.DCTERMS))
        return "carried" if ours and local_name(prop) in carried[written[subject]] else "details"
    if subject in roster.world.vocabulary.described or subject.startswith(terms.PH):
        return "vocabulary"
    return "things" if subject in roster.world.classes else "untyped"


def losses(kinds: Sequence[Loss], met: Mapping[str, int]) -> tuple[Loss, ...]:
    """Return the losses of a format that one export met."""
    return counted(*((loss, met.get(loss.id, 0)) for loss in kinds))
