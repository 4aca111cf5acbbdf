"""How things are called in a property graph: labels, relation types and property keys.

Some graph databases keep labels and relation types in one case-insensitive name space, so that no
type may equal a label there (`Post` and `POST`). Labels are class names in UpperCamel. Types are
the property's name in UPPER_SNAKE, with `HAS_` before those that lead to a code list and before
every one that would clash; `_SAID` holds those that read better otherwise. All names are plain
identifiers, whatever the IRI they are made from.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postholder import terms
from postholder.graph import local_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from postholder.export.vocabulary import Vocabulary

_SAID = {
    terms.PH + "after": "HAS_AFTER",
    terms.PH + "application": "USES_APPLICATION",
    terms.PH + "arrangedBrand": "ARRANGES_BRAND",
    terms.PH + "before": "HAS_BEFORE",
    terms.PH + "beneficiary": "BENEFITS",
    terms.PH + "carriesRole": "CARRIES_ROLE",
    terms.PH + "category": "IN_CATEGORY",
    terms.PH + "dimension": "IN_DIMENSION",
    terms.PH + "heads": "HEADS",  # shared with org:headOf: posts head units, and so do persons
    terms.PH + "holder": "HELD_BY",
    terms.PH + "kept": "KEEPS",
    terms.PH + "operator": "OPERATED_BY",
    terms.PH + "parentUnit": "HAS_PARENT_UNIT",
    terms.PH + "placedUnit": "PLACES_UNIT",
    terms.PH + "post": "IN_POST",
    terms.PH + "premise": "HAS_PREMISE",
    terms.PH + "publisher": "PUBLISHED_BY",
    terms.PH + "saidOf": "IS_SAID_OF",
    terms.PH + "subordinate": "HAS_SUBORDINATE",
    terms.PH + "superior": "HAS_SUPERIOR",
    terms.PH + "vacantPost": "LEAVES_VACANT",
    terms.ORG + "headOf": "HEADS",
    terms.ORG + "holds": "HOLDS",
    terms.ORG + "memberOf": "MEMBER_OF",
    terms.ORG + "reportsTo": "REPORTS_TO",
    terms.ORG + "subOrganizationOf": "PART_OF",
}
_PLAIN = {terms.PH, terms.RDFS, terms.SKOS, terms.DCTERMS}  # namespaces whose names stand without a prefix
_SUFFIXES = ("", "Others", "Lexical")  # what `values.py` puts after a key
_RESERVED = (
    "id", "iri", "key", "labels", "labelV", "labelE", "accepted", "reading", "readings", "interpretations",
    "claims", "basis", "modality", "evidence", "inPlay", "statements", "documentSha256",
)  # fmt: skip


def identifier(name: str) -> str:
    """Return what is left of a name when only letters, digits and single underscores may stand in it."""
    kept = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
    return kept if kept[:1].isalpha() else f"x_{kept}".rstrip("_")


def upper_snake(name: str) -> str:
    """Return `statedConcurrentWith` as `STATED_CONCURRENT_WITH`."""
    return identifier(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)).upper()


def squeezed(name: str) -> str:
    """Return a name as the least discerning database sees it."""
    return name.replace("_", "").lower()


def _ours_first(iri: str) -> tuple[bool, str]:
    return not iri.startswith(terms.PH), iri


class Names:
    """The names for one vocabulary and one prefix list."""

    def __init__(self, vocabulary: Vocabulary, prefixes: Mapping[str, str]) -> None:
        self._vocabulary = vocabulary
        self._prefix_of = {n: p for p, n in sorted(prefixes.items(), reverse=True)}
        self.labels = self._unique({c: identifier(local_name(c)).replace("_", "") for c in vocabulary.classes})

    @staticmethod
    def _unique(wanted: Mapping[str, str], others: Iterable[str] = ()) -> dict[str, str]:
        """Give each IRI its name, ours first; who comes later to the same name, or to one of others, gets a number."""
        taken = {squeezed(name) for name in others}
        given = {}
        for iri in sorted(wanted, key=_ours_first):
            name, number = wanted[iri], 1
            while squeezed(name) in taken:
                number += 1
                name = f"{wanted[iri]}{number}"
            taken.add(squeezed(name))
            given[iri] = name
        return given

    def _local(self, iri: str) -> str:
        """Return the local name, with a prefix in front if the term is neither ours nor a common one."""
        name = local_name(iri)
        namespace = iri.removesuffix(name)
        return name if namespace in _PLAIN else f"{self._prefix_of.get(namespace) or 'other'}_{name}"

    def relations(self, properties: Iterable[str]) -> dict[str, str]:
        """Return the relation type of each property."""
        labels = {squeezed(x) for x in self.labels.values()}
        wanted = {}
        for prop in set(properties) - set(_SAID):
            coded = any(r in self._vocabulary.code_lists for r in self._vocabulary.ranges(prop))
            name = ("HAS_" if coded else "") + upper_snake(self._local(prop))
            wanted[prop] = f"HAS_{name}" if squeezed(name) in labels else name
        others = [*self.labels.values(), *_SAID.values()]
        return self._unique(wanted, others) | {p: _SAID[p] for p in set(properties) & set(_SAID)}

    def keys(self, properties: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """Return the key of each property and language; English and no language have the plain key."""
        taken = {squeezed(name) for name in _RESERVED}
        given = {}
        for prop, language in sorted(set(properties), key=lambda p: (*_ours_first(p[0]), p[1])):
            first, *rest = re.split(r"[^A-Za-z0-9]+", language)
            suffix = f"_{first}{''.join(part.capitalize() for part in rest)}" if language else ""
            wanted = identifier(self._local(prop)) + suffix
            name, number = wanted, 1
            while any(squeezed(name + s) in taken for s in _SUFFIXES):
                number += 1
                name = f"{wanted}{number}"
            taken |= {squeezed(name + s) for s in _SUFFIXES}
            given[prop, language] = name
        return given
