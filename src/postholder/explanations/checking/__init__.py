"""Checking proofs with no code of what made them; this folder imports nothing else of the project."""
