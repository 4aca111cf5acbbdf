"""Terms by their short names; all terms are in the form of N-Triples."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

from pyoxigraph import RdfFormat, parse

Said: TypeAlias = "tuple[str, str, str]"
"""A triple."""
_PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#", "org": "http://www.w3.org/ns/org#",
    "ph": "https://w3id.org/postholder/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip


@cache
def is_term(text: str) -> bool:
    """Tell whether a text is one term in its one form, and nothing that would say more where it is put in a line."""
    try:
        found = [str(q.object) for q in parse(f"<x:s> <x:p> {text} .".encode(), format=RdfFormat.N_TRIPLES)]
    except SyntaxError:
        return False
    return found == [text] and not text.startswith("<<")


def iri(name: str) -> str:
    """Return the term of a short name."""
    prefix, _, local = name.partition(":")
    return f"<{_PREFIXES[prefix]}{local}>"


TYPE, SAME, LABEL = iri("rdf:type"), iri("owl:sameAs"), iri("rdfs:label")
