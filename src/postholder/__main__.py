"""`python -m postholder` is the command `postholder`."""

from postholder.cli.main import entry

entry()
