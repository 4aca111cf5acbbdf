"""Two states of the facts side by side: what changed, and what would fall."""
