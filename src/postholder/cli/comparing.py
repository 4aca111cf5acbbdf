"""The commands that set two states of the facts side by side; neither changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postholder.cli.commands import DONE, facts, print_json
from postholder.errors import BadParameterError, UsageError

if TYPE_CHECKING:
    from argparse import Namespace

COMMANDS = ("diff", "what-if")
_SIDES = ("as_of", "known_at", "according_to")


def diff(args: Namespace) -> int:
    """Print what differs between two views, or around an event."""
    from postholder.differences.telling import told, told_around  # noqa: PLC0415 - keeps `--help` fast
    from postholder.views.validity import day_of  # noqa: PLC0415

    given = {name: value for name in _SIDES if (value := getattr(args, f"to_{name}")) is not None}
    if args.event is not None:
        _only_event(args, given)
        around = facts(args).view(None, args.known_at, args.certainty, args.according_to).around(args.event)
        print_json(around.as_dict()) if args.format == "json" else print(told_around(around, everything=args.all))
        return DONE
    hint = "give --to-as-of DATE, --to-known-at DATE or --to-according-to NAME for the second side, or --event NAME"
    if not given:
        raise UsageError("nothing to compare with", hint=hint)
    for name in ("as_of", "known_at"):
        if name in given and day_of(given[name]) is None:
            raise BadParameterError(f"--to-{name.replace('_', '-')} {given[name]!r} is not a day", hint="YYYY-MM-DD")
    first = {name: getattr(args, name) for name in _SIDES}
    graph = facts(args)
    one = graph.view(certainty=args.certainty, **first)
    other = graph.view(certainty=args.certainty, **{**first, **given})
    if one.asked == other.asked:
        raise UsageError(f"both sides are the same view: {one.asked}", hint=hint)
    found = one.diff(other)
    print_json(found.as_dict()) if args.format == "json" else print(told(found, everything=args.all))
    return DONE


def _only_event(args: Namespace, given: dict[str, str]) -> None:
    """Refuse days beside an event, which brings its own."""
    besides = [f"--to-{name.replace('_', '-')}" for name in given] + (["--as-of"] if args.as_of is not None else [])
    if besides:
        raise UsageError(
            f"--event compares the days around the event, so {', '.join(besides)} cannot be given with it",
            hint="leave out one or the other",
        )


def what_if(args: Namespace) -> int:
    """Print what would fall without a document, a source or a claim."""
    from postholder.differences.falling import told  # noqa: PLC0415 - keeps `--help` fast

    if not args.without:
        raise UsageError("without what?", hint="postholder what-if --without NAME, a document, source or claim")
    graph = facts(args).view(args.as_of, args.known_at, args.certainty, args.according_to)
    found = graph.what_if(args.without)
    print_json(found.as_dict()) if args.format == "json" else print(told(found, everything=args.all))
    return DONE
