"""Explanations: why something holds, step by step, down to the characters of the documents that say so."""
