"""Saved questions and free SPARQL: found by topic, bound by term, kept inside the graph."""
