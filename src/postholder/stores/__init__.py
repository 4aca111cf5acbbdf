"""SPARQL stores behind one small contract."""
