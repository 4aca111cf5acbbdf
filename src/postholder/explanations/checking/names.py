"""Terms by their short names; all terms are in the form of N-Triples."""

from __future__ import annotations

import re
from typing import TypeAlias

Said: TypeAlias = "tuple[str, str, str]"
"""A triple."""
_PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#", "org": "http://www.w3.org/ns/org#",
    "ph": "https://w3id.org/postholder/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
_IRI = r"<[^\x00-\x20<>\"{}|^`\\]*>"
_TERM = re.compile(rf'{_IRI}|_:[^\s<>"]+|"([^"\\\n\r]|\\.)*"(@[a-zA-Z0-9-]+|\^\^{_IRI})?')


def is_term(text: str) -> bool:
    """Tell whether a text is one term, and nothing that would say more where it is put in a line."""
    return _TERM.fullmatch(text) is not None


def iri(name: str) -> str:
    """Return the term of a short name."""
    prefix, _, local = name.partition(":")
    return f"<{_PREFIXES[prefix]}{local}>"


TYPE, SAME, LABEL = iri("rdf:type"), iri("owl:sameAs"), iri("rdfs:label")
