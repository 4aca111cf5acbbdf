"""What people call the things of a graph, to find them by name."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal

from postholder import terms
from postholder.graph import DEFAULT, LABEL, TYPE, ph, text_of
from postholder.perspective.identities import IDENTIFIED
from postholder.queries.bind import Names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pyoxigraph import Quad, Triple

_TITLES = {LABEL.value, terms.DCTERMS + "title", terms.DCTERMS + "identifier"}


def of_kinds(triples: Iterable[Triple], kinds: Collection[str], prefixes: Mapping[str, str]) -> Names:
    """Return what things of the given classes of ours are called: by label, title or identifier."""
    labels: dict[str, str] = {}
    found: dict[str, set[str]] = defaultdict(set)
    for triple in triples:
        iri, value = text_of(triple.subject), text_of(triple.object)
        if triple.predicate.value in _TITLES:
            labels[iri] = value
        elif triple.predicate == TYPE and value.removeprefix(terms.PH) in kinds:
            labels.setdefault(iri, iri)
            found[iri].add(value.removeprefix(terms.PH))
    return Names({iri: name for iri, name in labels.items() if iri in found}, prefixes, found)


def of_graph(quads: Iterable[Quad], prefixes: Mapping[str, str], where: str) -> Names:
    """Return what all entities of a dataset are called, in any language, as printed and by former names too.

    `where` says in an error where a name was looked for.
    """
    labels: dict[str, str] = {}
    kinds: dict[str, set[str]] = defaultdict(set)
    forms: dict[str, str] = {}
    denoted: list[tuple[str, str]] = []
    former: dict[str, str] = {}  # names of nodes that were united with another
    translated: list[tuple[str, str]] = []
    for quad in quads:
        iri, value = text_of(quad.subject), text_of(quad.object)
        if not iri.startswith(terms.BASE) or isinstance(quad.subject, BlankNode):
            continue
        if quad.predicate == LABEL and isinstance(quad.object, Literal):
            if (quad.object.language or "en").startswith("en"):
                labels[iri] = value
            else:
                translated.append((value, iri))
        elif quad.predicate == TYPE:
            labels.setdefault(iri, iri)
            kinds[iri].add(value.removeprefix(terms.PH))
        elif quad.predicate == ph("surfaceForm"):
            forms[iri] = value
        elif quad.predicate == ph("denotes"):
            denoted.append((iri, value))
        elif quad.predicate == IDENTIFIED and quad.graph_name == DEFAULT:
            former[iri] = value
    aliases = [(forms[mention], thing) for mention, thing in denoted if mention in forms]
    aliases += [(label, former.get(iri, iri)) for label, iri in translated]
    for name, thing in former.items():
        short = name.removeprefix(terms.ID)
        aliases += [(form, thing) for form in (labels.pop(name, name), name, short, short.rpartition("/")[2])]
    return Names(labels, prefixes, kinds, aliases, where)
