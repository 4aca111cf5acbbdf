"""Names that never change: the version, the base IRI and the namespaces built on it.

Everything here is a plain string or a set of them, so that importing this module costs nothing.
"""

from typing import Final

VERSION: Final = "0.1.0"

BASE: Final = "https://w3id.org/postholder/"
"""The one base IRI; `ontology/prefixes.ttl` is checked against it."""

PH: Final = f"{BASE}ns#"
SHAPES: Final = f"{BASE}shapes#"
ID: Final = f"{BASE}id/"
GRAPH: Final = f"{ID}graph/"

INFERRED_GRAPH: Final = f"{GRAPH}inferred"
ONTOLOGY_GRAPH: Final = f"{GRAPH}ontology"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SH: Final = "http://www.w3.org/ns/shacl#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
ORG: Final = "http://www.w3.org/ns/org#"

INTEGERS: Final = frozenset(
    XSD + name
    for name in (
        "integer", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger",
        "long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
"""The datatypes of whole numbers."""
NUMBERS: Final = INTEGERS | {XSD + "decimal", XSD + "double", XSD + "float"}
"""The datatypes of numbers."""
