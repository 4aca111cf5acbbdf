"""Look at facts through a view: which claims count, what is one thing, what contradicts what."""
