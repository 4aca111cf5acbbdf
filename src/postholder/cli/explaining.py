"""The command that tells why something holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.cli.commands import DONE, FINDINGS, opened, print_json
from postholder.errors import UsageError

if TYPE_CHECKING:
    from argparse import Namespace

COMMANDS = ("explain",)


def explain(args: Namespace) -> int:
    """Print why a triple holds; findings when it does not."""
    if not args.terms:
        raise UsageError("explain what?", hint="postholder explain SUBJECT PROPERTY VALUE, or --query NAME --row N")
    found = opened(args).explain(*args.terms, source=args.source)
    if args.format == "json":
        print_json(found.as_dict())
    else:
        print(found.tree if args.format == "tree" else found)
    return FINDINGS if found.holds == "not" else DONE
