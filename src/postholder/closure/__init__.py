"""What follows from the facts: OWL 2 RL by an engine, the rest by SPARQL rules."""

ENGINES = ("reference", "fast")
"""The engines that can be asked for by name."""
