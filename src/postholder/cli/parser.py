"""The command line's grammar."""

from __future__ import annotations

import argparse
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

from postholder.closure import ENGINES
from postholder.errors import UsageError
from postholder.stores import STORES
from postholder.terms import VERSION
from postholder.text import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROW_FORMATS = ("table", "csv", "tsv", "json", "markdown")
REPORT_FORMATS = ("text", "json")
PROOF_FORMATS = ("plain", "tree", "json")
CERTAINTIES = ("certain", "possible")

COMMANDS = {
    "overview": "show what the documents say: chart, concurrent appointments, changes, open questions, verdict",
    "build": "build the graph and keep it",
    "validate": "check facts against the shapes and rules",
    "query": "answer a saved question; without a name, list them all",
    "sparql": "answer a SPARQL query of your own (read-only)",
    "explain": "show why something holds: the proof, the claims and the passages that it rests on",
    "export": "write the graph for other tools; without a format, list them",
    "push": "load the graph into a database server that runs, and delete there what is retracted",
    "diff": "show what differs between two days, two states of knowledge or two sources, or around a change event",
    "what-if": "show what would fall without a document, a source or a claim; changes nothing",
    "evidence": "check that every cited passage still stands in the document",
    "doctor": "show what is installed, what was built and what no rule handles",
}

VIEWED = ("overview", "build", "validate", "query", "sparql", "explain", "export", "push", "diff", "what-if")
"""The commands that take a view."""

_EPILOG = """\
exit status: 0 done, 1 findings, 2 wrong call, 3 could not be done
Facts come from the package unless --data names your own files or folders."""


class _Parser(argparse.ArgumentParser):
    """An ArgumentParser that raises our error instead of exiting."""

    commands: Mapping[str, _Parser] = MappingProxyType({})
    """The parsers of its commands."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)  # a short form would change its meaning with a new option

    @property
    def options(self) -> list[str]:
        """The options it knows."""
        return list(self._option_string_actions)

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, hint=f"see `{self.prog} --help`")

    def refuse(self, words: Sequence[str], others: Mapping[str, _Parser]) -> NoReturn:
        """Raise for words it does not know: options of `others` are told as such, else the nearest of its own."""
        option = next((w.partition("=")[0] for w in words if w.startswith("--")), "")
        homes = [name for name, other in others.items() if option in other.options]
        near = nearest(option, self.options) if option and not homes else []
        hint = f"{option} belongs to {', '.join(homes)}; " if homes else ""
        hint += f"did you mean {', '.join(near)}? " if near else ""
        raise UsageError(f"unrecognized arguments: {' '.join(words)}", hint=f"{hint}see `{self.prog} --help`")


def _data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", action="append", metavar="PATH", default=[],
        help="your facts (file or folder) or ontology folder, instead of the shipped facts; may be repeated",
    )  # fmt: skip


def _choice(parser: argparse.ArgumentParser, flag: str, values: Sequence[str], text: str) -> None:
    """Add an option with fixed values whose error names the nearest one."""
    parser.add_argument(flag, type=_known(values), default=values[0], metavar="|".join(values), help=text)


def _known(values: Sequence[str]) -> Callable[[str], str]:
    def known(value: str) -> str:
        if value not in values:
            raise argparse.ArgumentTypeError(f"{value!r} is not known; {did_you_mean(value, values)}")
        return value

    return known


def _view(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose a view."""
    group = parser.add_argument_group("view")
    group.add_argument("--as-of", metavar="DATE", help="what holds on this day (default: all time)")
    group.add_argument("--known-at", metavar="DATE", help="by what was published up to this day (default: all)")
    group.add_argument(
        "--certainty", type=_known(CERTAINTIES), default="possible", metavar="|".join(CERTAINTIES),
        help="certain: in every reading and for every admissible date; possible: in at least one (default)",
    )  # fmt: skip
    group.add_argument(
        "--according-to", default="any", metavar="NAME",
        help="a document or source; all: what no source disputes; any: what any says (default)",
    )  # fmt: skip


def _explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "terms", nargs="*", metavar="TERM", help="subject, property and value by name, or one line of N-Triples"
    )
    parser.add_argument("--query", metavar="NAME", help="explain rows of this saved question's answer instead")
    parser.add_argument("--row", type=int, metavar="N", help="only the row of this number, counted from 1")
    parser.add_argument(
        "--param", action="append", default=[], metavar="K=V", help="narrow the question; may be repeated"
    )
    parser.add_argument("--source", metavar="FILE", help="a cited document's text, to show the passages")
    _choice(parser, "--format", PROOF_FORMATS, "form of the proof (default: %(default)s)")


def _evidence(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--source", metavar="FILE", help="the document's text, as it was when the facts were taken")
    parser.add_argument("--document", metavar="NAME", help="which document FILE is, when several are cited")
    _choice(parser, "--format", REPORT_FORMATS, "form of the report (default: %(default)s)")


def _axioms(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--axioms", action="store_true", help="tell of each axiom which rule handles it, and why others are not needed"
    )


def _engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine", type=_known(ENGINES), metavar="|".join(ENGINES),
        help="which closure engine works out what follows (default: chosen by itself)",
    )  # fmt: skip


def make() -> _Parser:
    """Return the parser."""
    parser = _Parser(
        prog="postholder", epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Who holds which post, who reports to whom, and which passage says so.",
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"postholder {VERSION}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    parser.commands = made = {
        name: commands.add_parser(
            name,
            help=text,
            description=text[0].upper() + text[1:] + ".",
            epilog=_EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        for name, text in COMMANDS.items()
    }
    for sub in made.values():
        _data(sub)
    for name in VIEWED:
        _view(made[name])
    for name in (*VIEWED, "doctor"):
        _engine(made[name])
    for name in ("overview", "query", "sparql"):
        _choice(made[name], "--store", STORES, "which SPARQL store answers (default: %(default)s)")

    made["build"].add_argument("--out", metavar="DIR", help="write the built graph here instead of the cache")
    made["validate"].add_argument("paths", nargs="*", metavar="PATH", help="facts to check instead of the shipped ones")
    _choice(made["validate"], "--format", REPORT_FORMATS, "form of the report (default: %(default)s)")
    query = made["query"]
    query.add_argument("name", nargs="?", metavar="NAME", help="the question, e.g. concurrent-appointments")
    query.add_argument(
        "--param", action="append", default=[], metavar="K=V", help="narrow the question; may be repeated"
    )
    texts = query.add_mutually_exclusive_group()
    texts.add_argument("--sparql", action="store_true", help="print the SPARQL text of the question instead")
    texts.add_argument("--explain", action="store_true", help="show for each row the proofs that it rests on instead")
    texts.add_argument("--cypher", action="store_true", help="print its Cypher twin for graph databases instead")
    for name in ("query", "sparql"):
        _choice(made[name], "--format", ROW_FORMATS, "form of the rows (default: %(default)s)")
    text = made["sparql"].add_mutually_exclusive_group()
    text.add_argument("text", nargs="?", metavar="TEXT", help="the query (default: standard input)")
    text.add_argument("--file", metavar="F", help="a file that holds the query")
    _explain(made["explain"])
    export = made["export"]
    export.add_argument("form", nargs="?", metavar="FORMAT", help="what to write; without it the formats are listed")
    export.add_argument("--to", metavar="PATH", help="file or folder to write")
    export.add_argument("--force", action="store_true", help="replace an earlier export at PATH")
    _choice(export, "--format", REPORT_FORMATS, "form of the report (default: %(default)s)")
    push = made["push"]
    push.add_argument(
        "target", nargs="?", metavar="TARGET",
        help="neo4j://, neo4j+s://, bolt:// or bolt+s:// for a property graph; http:// or https:// for a SPARQL server",
    )  # fmt: skip
    push.add_argument(
        "--name", default="postholder", help="tells pushes of several datasets apart (default: %(default)s)"
    )
    push.add_argument("--database", metavar="DB", help="the database behind a Bolt address (default: the server's)")
    push.add_argument(
        "--default-graph", metavar="IRI", help="a graph of this name instead of a SPARQL server's default graph"
    )
    push.add_argument(
        "--force", action="store_true", help="replace graphs that others wrote or changed, on a SPARQL server"
    )
    _choice(push, "--format", REPORT_FORMATS, "form of the report (default: %(default)s)")
    diff = made["diff"]
    diff.add_argument("--to-as-of", metavar="DATE", help="the day of the second side")
    diff.add_argument("--to-known-at", metavar="DATE", help="the state of knowledge of the second side")
    diff.add_argument("--to-according-to", metavar="NAME", help="whom the second side follows")
    diff.add_argument("--event", metavar="NAME", help="compare the day before this change event with its latest day")
    diff.add_argument("--all", action="store_true", help="name what stayed as well")
    what_if = made["what-if"]
    what_if.add_argument(
        "--without", action="append", metavar="NAME", default=[],
        help="a document, source or claim to do without; may be repeated",
    )  # fmt: skip
    what_if.add_argument("--all", action="store_true", help="list everything instead of the first of each kind")
    for sub in (diff, what_if):
        _choice(sub, "--format", REPORT_FORMATS, "form of the answer (default: %(default)s)")
    _evidence(made["evidence"])
    _axioms(made["doctor"])
    return parser


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Parse the arguments; raise UsageError, naming the nearest command when it is misspelt."""
    word = next((a for a in argv if not a.startswith("-")), None)
    if argv and word == argv[0] and word not in COMMANDS:
        raise UsageError(f"no command is called {word!r}", hint=did_you_mean(word, COMMANDS))
    parser = make()
    args, unknown = parser.parse_known_args(argv)
    if unknown:
        parser.commands.get(args.command, parser).refuse(unknown, parser.commands)
    return args
