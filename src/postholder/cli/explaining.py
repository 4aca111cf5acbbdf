"""The command that tells why something holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.cli.commands import DONE, FINDINGS, opened, parameters, print_json
from postholder.errors import UsageError

if TYPE_CHECKING:
    from argparse import Namespace

COMMANDS = ("explain",)
PROOFS_OF_ROWS = ("table", "json", "plain", "tree")
"""Forms in which rows are explained; `table` is what `query` has when none is asked for."""


def explain(args: Namespace) -> int:
    """Print why a triple, or a row of an answer, holds; findings when it does not."""
    if args.query is not None:
        return rows(args, args.query, args.row)
    if not args.terms:
        if args.param or args.row is not None:
            raise _without_question()
        hint = "postholder explain SUBJECT PROPERTY VALUE, or --query NAME --row N"
        raise UsageError("explain what?", hint=hint)
    if args.param or args.row is not None:
        raise _without_question()
    found = opened(args).explain(*args.terms, source=args.source)
    if args.format == "json":
        print_json(found.as_dict())
    else:
        print(found.tree if args.format == "tree" else found)
    return FINDINGS if found.holds == "not" else DONE


def _without_question() -> UsageError:
    return UsageError("--param and --row belong to a question", hint="name it with --query NAME")


def rows(args: Namespace, name: str, row: int | None = None) -> int:
    """Print why the rows of a saved question's answer are there."""
    if getattr(args, "terms", None):
        raise UsageError("a triple and a question at once", hint="leave out one or the other")
    if args.format not in PROOFS_OF_ROWS:
        raise UsageError(f"explanations have no form {args.format!r}", hint="leave --format out, or take --format json")
    graph, values = opened(args), parameters(args.param)
    found = graph.explain_query(name, row, getattr(args, "source", None), values)
    if args.format == "json":
        print_json([r.as_dict() for r in found])
    else:
        told = "\n\n".join(r.tree if args.format == "tree" else str(r) for r in found)
        print(told or graph.query(name, **values).render("table"))
    return DONE
