"""A view on the facts: its day, how sure to be, and what stands on that day."""
