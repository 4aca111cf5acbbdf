"""SPARQL stores behind one small contract."""

STORES = ("oxigraph", "rdflib")
"""The stores that can be asked for by name, the default one first."""
