"""What follows from the facts: OWL 2 RL by an engine, the rest by SPARQL rules."""
