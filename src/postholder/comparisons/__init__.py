"""Claims set against each other: conflict, succession, refinement, correction, plan against effect."""
