"""How things are called in a property graph: labels, relation types and property keys.

Some graph databases keep labels and relation types in one case-insensitive name space, so that no
type may equal a label there (`Post` and `POST`). Labels are class names in UpperCamel; types are
the property's name in UPPER_SNAKE, with `HAS_` before names of code lists and before every name
that would clash; `_SAID` holds the ones that read better otherwise. All names are plain identifiers.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from postholder import terms
from postholder.graph import handle, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from postholder.export.vocabulary import Vocabulary

_SAID = {
    terms.PH + "after": "HAS_AFTER",
    terms.PH + "application": "USES_APPLICATION",
    terms.PH + "arrangedBrand": "ARRANGES_BRAND",
    terms.PH + "before": "HAS_BEFORE",
    terms.PH + "beneficiary": "BENEFITS",
    terms.PH + "category": "IN_CATEGORY",
    terms.PH + "dimension": "IN_DIMENSION",
    terms.PH + "holder": "HELD_BY",
    terms.PH + "kept": "KEEPS",
    terms.PH + "operator": "OPERATED_BY",
    terms.PH + "parentUnit": "HAS_PARENT_UNIT",
    terms.PH + "placedUnit": "PLACES_UNIT",
    terms.PH + "post": "IN_POST",
    terms.PH + "premise": "HAS_PREMISE",
    terms.PH + "publisher": "PUBLISHED_BY",
    terms.PH + "subordinate": "HAS_SUBORDINATE",
    terms.PH + "superior": "HAS_SUPERIOR",
    terms.PH + "vacantPost": "LEAVES_VACANT",
    terms.ORG + "headOf": "HEADS",
    terms.ORG + "holds": "HOLDS",
    terms.ORG + "memberOf": "MEMBER_OF",
    terms.ORG + "reportsTo": "REPORTS_TO",
    terms.ORG + "subOrganizationOf": "PART_OF",
}
_PLAIN = {terms.RDFS, terms.SKOS, terms.DCTERMS}  # namespaces whose names need no prefix in front
_RESERVED = frozenset(
    {"id", "iri", "labels", "labelv", "accepted", "readings", "interpretations", "statements", "documentsha256"}
)


def plain(name: str) -> str:
    """Return what is left of a name when only letters, digits and single underscores may stand in it."""
    kept = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
    return kept if kept[:1].isalpha() else f"X_{kept}".rstrip("_")


def upper_snake(name: str) -> str:
    """Return `statedConcurrentWith` as `STATED_CONCURRENT_WITH`."""
    return plain(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)).upper()


def squeezed(name: str) -> str:
    """Return a name as the least discerning database sees it."""
    return name.replace("_", "").lower()


class Names:
    """The names of one vocabulary; each is given once and always to the same term."""

    def __init__(self, vocabulary: Vocabulary, prefixes: Mapping[str, str]) -> None:
        self._vocabulary = vocabulary
        self._prefixes = sorted(prefixes.items(), key=lambda p: (-len(p[1]), p[0]))
        self._keys: dict[str, str] = {}
        self._taken: dict[str, str] = {}
        self._relations: dict[str, str] = {}

    @cached_property
    def _labels(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for iri in sorted(self._vocabulary.classes):
            label = plain(local_name(iri)).replace("_", "")
            while squeezed(label) in {squeezed(x) for x in found.values()}:
                label += "X"
            found[iri] = label
        return found

    def label(self, cls: str) -> str:
        """Return the label of one of our classes."""
        return self._labels[cls]

    def _local(self, iri: str) -> str:
        """Return the local name; with the prefix in front if the term is neither ours nor a common one."""
        name = local_name(iri)
        namespace = iri.removesuffix(name)
        if namespace == terms.PH or namespace in _PLAIN:
            return name
        prefix = next((p for p, n in self._prefixes if n == namespace), "")
        return f"{prefix}_{name}" if prefix else name

    def relation(self, prop: str) -> str:
        """Return the relation type of a property."""
        if prop not in self._relations:
            coded = any(r in self._vocabulary.code_lists for r in self._vocabulary.ranges(prop))
            name = _SAID.get(prop) or ("HAS_" if coded else "") + upper_snake(self._local(prop))
            name = name.replace("HAS_HAS_", "HAS_").replace("HAS_CARRIES_", "CARRIES_").replace("HAS_IS_", "IS_")
            labels = {squeezed(x) for x in self._labels.values()}
            while squeezed(name) in labels:
                name = "HAS_" + name
            self._relations[prop] = name
        return self._relations[prop]

    def key(self, prop: str, language: str | None = None) -> str:
        """Return the property key; text in another language than English has the language at the end.

        `sorted` callers decide who gets a name first when two terms share it; see `assign`.
        """
        base = self._keys.get(prop)
        if base is None:
            base = self._keys[prop] = self._free(prop)
        if not language or language.lower() == "en":
            return base
        first, *rest = re.split(r"[^A-Za-z0-9]+", language)
        return f"{base}_{first}{''.join(part.capitalize() for part in rest)}"
