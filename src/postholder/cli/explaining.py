"""The command that tells why something holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.cli.commands import DONE, FINDINGS, opened, parameters, print_json
from postholder.errors import UsageError

if TYPE_CHECKING:
    from argparse import Namespace

COMMANDS = ("explain",)


def explain(args: Namespace) -> int:
    """Print why a triple, or a row of an answer, holds; findings when it does not."""
    if args.query is not None:
        return rows(args, args.query, args.row)
    if not args.terms:
        hint = "postholder explain SUBJECT PROPERTY VALUE, or --query NAME --row N"
        raise UsageError("explain what?", hint=hint)
    if args.param or args.row is not None:
        raise UsageError("--param and --row belong to a question", hint="name it with --query NAME")
    found = opened(args).explain(*args.terms, source=args.source)
    if args.format == "json":
        print_json(found.as_dict())
    else:
        print(found.tree if args.format == "tree" else found)
    return FINDINGS if found.holds == "not" else DONE


def rows(args: Namespace, name: str, row: int | None = None) -> int:
    """Print why the rows of a saved question's answer are there."""
    if getattr(args, "terms", None):
        raise UsageError("a triple and a question at once", hint="leave out one or the other")
    found = opened(args).explain_query(name, row, getattr(args, "source", None), parameters(args.param))
    if args.format == "json":
        print_json([r.as_dict() for r in found])
    else:
        print("\n\n".join(r.tree if args.format == "tree" else str(r) for r in found) or "no rows")
    return DONE
