"""The grammar of the command line: every mistake is told with the nearest right word."""

from __future__ import annotations

import pytest

from postholder.cli import commands, comparing, explaining, parser
from postholder.cli.parser import COMMANDS, make, parse
from postholder.errors import UsageError
from postholder.queries.rows import FORMATS


def test_every_command_has_its_function_and_its_help() -> None:
    for name, text in COMMANDS.items():
        home = next((h for h in (comparing, explaining) if name in h.COMMANDS), commands)
        function = getattr(home, name.replace("-", "_"))
        assert function.__doc__
        assert text
    help_text = make().format_help()
    assert all(name in help_text for name in COMMANDS)
    assert "exit status: 0 done, 1 findings, 2 wrong call, 3 could not be done" in help_text


def test_a_list_that_is_kept_apart_for_speed_is_the_same() -> None:
    assert parser.ROW_FORMATS == FORMATS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_data(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse([name, "--help"])
    assert caught.value.code == 0
    out = capsys.readouterr().out
    assert out.startswith(f"usage: postholder {name}")
    assert "--data PATH" in out
    assert "exit status" in out
    assert parse([name, "--data", "a", "--data", "b"]).data == ["a", "b"]


def test_an_option_means_the_same_everywhere_and_has_one_name() -> None:
    commands_ = next(a.choices for a in make()._actions if isinstance(a.choices, dict))
    actions = [a for sub in commands_.values() for a in sub._actions if a.option_strings and a.dest != "help"]
    assert len(actions) > 50
    assert [a.option_strings for a in actions if a.option_strings != ["--" + a.dest.replace("_", "-")]] == []


def test_defaults() -> None:
    args = parse(["query"])
    assert (args.command, args.name, args.param, args.format, args.store, args.sparql, args.data) == (
        "query",
        None,
        [],
        "table",
        "oxigraph",
        False,
        [],
    )
    assert parse(["validate"]).format == "text"
    assert parse([]).command is None


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("postholder 0.")


@pytest.mark.parametrize(
    ("argv", "message", "hint"),
    [
        (["overviw"], "no command is called 'overviw'", "did you mean overview?"),
        (["val"], "no command is called 'val'", "did you mean validate"),
        (["xyzzy"], "no command is called 'xyzzy'", "valid: build, diff, doctor"),
        (["query", "--format", "jsn"], "'jsn' is not known; did you mean json?", ""),
        (["query", "--store", "rdf"], "'rdf' is not known; did you mean rdflib?", ""),
        (["sparql", "--format", "xml"], "'xml' is not known; valid: csv, json, markdown, table, tsv", ""),
        (["validate", "--format", "txt"], "'txt' is not known; did you mean text?", ""),
        (["query", "--format"], "expected one argument", "query --help"),
        (["query", "a", "b"], "unrecognized arguments: b", "--help"),
        (["sparql", "ASK {}", "--file", "f"], "not allowed with", "sparql --help"),
        (["query", "--formt", "json"], "--formt", "did you mean --format"),
        (["--verson"], "--verson", "did you mean --version"),
        (["query", "a", "--row", "1"], "unrecognized arguments: --row", "--row belongs to explain; see"),
        (["query", "--as-off=2023-01-01"], "--as-off", "did you mean --as-of"),
        (["evidence", "--as-of", "2023-01-01"], "--as-of", "--as-of belongs to overview"),
        (["evidence", "--engine", "x"], "--engine", "belongs to"),
        (["overview", "--axioms"], "--axioms", "--axioms belongs to doctor"),
        (["--data", "x", "overview"], "", "--help"),
    ],
)
def test_a_mistake_is_told(argv: list[str], message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(argv)
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize("argv", [["query", "--form", "json"], ["--vers"]])
def test_options_are_not_guessed_from_their_beginnings(argv: list[str]) -> None:
    """A shortened option would change its meaning when another one is added."""
    with pytest.raises(UsageError):
        parse(argv)


def test_arguments_of_every_command() -> None:
    assert parse(["validate", "a.ttl", "b.ttl", "--format", "json"]).paths == ["a.ttl", "b.ttl"]
    assert parse(["query", "q", "--param", "a=1", "--param", "b=2"]).param == ["a=1", "b=2"]
    assert parse(["sparql", "--file", "f"]).file == "f"
    assert parse(["build", "--out", "d"]).out == "d"
    export = parse(["export", "turtle", "--to", "x", "--force"])
    assert (export.form, export.to, export.force) == ("turtle", "x", True)
    evidence = parse(["evidence", "--source", "t", "--document", "d"])
    assert (evidence.source, evidence.document) == ("t", "d")


def test_an_option_has_one_name() -> None:
    actions = [a for sub in make().commands.values() for a in sub._actions if a.dest != "help"]
    assert [a.option_strings for a in actions if len(a.option_strings) > 1] == []
