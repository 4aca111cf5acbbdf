"""The commands. Each opens the graph, calls one function of the library and prints the result."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postholder.errors import (
    BadParameterError,
    CannotError,
    DocumentMissingError,
    Place,
    UnreadableFileError,
    UsageError,
)
from postholder.text import count, printable, table

if TYPE_CHECKING:
    from argparse import Namespace

    from postholder.api import KnowledgeGraph
    from postholder.queries.catalog import Question

DONE, FINDINGS = 0, 1
_MOST_READ = 1_000_000
"""Characters of a query that are read; far more than the guard lets pass."""


def note(text: str) -> None:
    """Tell something that is not the answer."""
    print(text, file=sys.stderr)


def facts(args: Namespace, data: list[str] | None = None) -> KnowledgeGraph:
    """Open the graph without building it."""
    from postholder.api import open_graph  # noqa: PLC0415 - keeps `--help` fast

    store = getattr(args, "store", "oxigraph")
    graph = open_graph(*(args.data if data is None else data), store=store, engine=args.engine)
    for name, reason in graph.inputs.skipped:
        note(f"skipped {name}: {reason}")
    return graph


def opened(args: Namespace, data: list[str] | None = None) -> KnowledgeGraph:
    """Open the graph in the view asked for, and say so before it has to be built."""
    graph = facts(args, data)
    if hasattr(args, "as_of"):
        graph = graph.view(args.as_of, args.known_at, args.certainty, args.according_to)
    if not graph.is_built:
        note(f"building the graph of {count(len(graph.inputs.facts), 'facts file')}, once ...")
    if not graph.asked.is_plain:
        note(f"view: {graph.asked}; {graph.tally}")
    return graph


def print_json(data: Any) -> None:
    """Print plain data as JSON."""
    print(json.dumps(data, indent=2, ensure_ascii=False))


def overview(args: Namespace) -> int:
    """Print the overview; findings when the graph does not conform."""
    from postholder.overview import Overview  # noqa: PLC0415

    graph = opened(args)
    print(Overview(graph).text())
    return DONE if graph.validate().conforms else FINDINGS


def build(args: Namespace) -> int:
    """Build the graph and say what is in it."""
    graph = opened(args)
    folder = graph.save(Path(args.out)) if args.out else graph.kept_in
    counts = graph.manifest["counts"]
    print(f"built with {graph.manifest['engine']['name']} {graph.manifest['engine']['version']} in {folder}")
    for name, number in counts.items():
        print(f"  {name}: {number}")
    return DONE


def validate(args: Namespace) -> int:
    """Print the report; exit 1 when there are errors."""
    graph = opened(args, [*args.data, *args.paths])
    report = graph.validate()
    if args.format == "json":
        print_json(report.as_dict())
    else:
        print(report.text())
        print(f"{report.verdict} in {count(len(graph.inputs.facts), 'facts file')}")
    return DONE if report.conforms else FINDINGS


def parameters(given: list[str]) -> dict[str, str]:
    """Return the values of `--param K=V`."""
    values = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise BadParameterError(f"{text!r} is not of the form K=V", hint="for example --param person='Lu Su'")
        if name in values:
            raise BadParameterError(f"parameter {name} is given twice", hint="give it once")
        values[name] = value
    return values


def _list(questions: list[Question]) -> None:
    topic = ""
    for question in questions:
        if question.topic != topic:
            topic = question.topic
            print(f"\n{topic}" if topic != questions[0].topic else topic)
        takes = "".join(f" [{p.name}]" for p in question.parameters)
        print(f"  {question.name}{takes}\n      {question.summary}")


def _index(args: Namespace, questions: list[Question]) -> int:
    """List all saved questions."""
    from postholder.queries.catalog import listed  # noqa: PLC0415

    if args.param:
        raise UsageError("parameters without a question", hint="postholder query NAME --param K=V")
    if args.sparql or args.cypher or args.explain:
        raise UsageError("the text or the proofs of which question?", hint="postholder query NAME")
    if args.format == "json":
        print_json([q.as_dict() for q in questions])
    elif args.format == "table":
        _list(questions)
    else:
        print(listed(questions).render(args.format))
    return DONE


def query(args: Namespace) -> int:
    """Answer a saved question, or list them all."""
    from postholder import resources  # noqa: PLC0415
    from postholder.queries import catalog  # noqa: PLC0415

    folder = resources.queries_folder()
    if args.name is None:
        return _index(args, catalog.every(folder))
    question = catalog.find(folder, args.name)
    values = parameters(args.param)
    if values and (args.sparql or args.cypher):
        note("--param is left aside: the text is printed as it is, for you to give it the parameters")
    if args.sparql:
        print(question.text.rstrip("\n"))
        return DONE
    if args.cypher:
        print(_cypher(question))
        return DONE
    if args.explain:
        from postholder.cli import explaining  # noqa: PLC0415 - it imports this module

        return explaining.rows(args, question.name)
    graph = opened(args)
    if question.over == "all time" and args.as_of is not None:
        note("this question compares days, so --as-of is left aside: it is answered of all time")
    rows = graph.query(question.name, **values)
    if graph.known_report is not None and not graph.known_report.conforms:
        note("the facts do not conform, so this answer may be wrong: see `postholder validate`")
    elif graph.known_report is None and args.data:
        note("these facts have not been validated yet: run `postholder validate` on them")
    print(rows.render(args.format))
    if not rows and args.format != "table":
        note(f"no rows: {rows.empty}")
    return DONE


def _cypher(question: Question) -> str:
    if not question.cypher:
        raise CannotError(
            f"question {question.name} has no Cypher twin",
            hint="the page of saved questions says which have one; --sparql prints its SPARQL",
        )
    return question.cypher.rstrip("\n")


def sparql(args: Namespace) -> int:
    """Answer a free query."""
    if args.file is not None:
        text = _read(args.file)
    elif args.text is not None:
        text = args.text
    elif sys.stdin is None or sys.stdin.isatty():
        raise UsageError("no query", hint="give TEXT or --file F, or pipe a query in")
    else:
        text = sys.stdin.read(_MOST_READ)
    from postholder.queries.guard import check_form  # noqa: PLC0415

    check_form(text)  # refuse before the graph is opened or built
    answer = opened(args).sparql(text)
    if isinstance(answer, bool):
        print(json.dumps({"boolean": answer}) if args.format == "json" else str(answer).lower())
    elif isinstance(answer, list):
        for triple in answer:
            print(f"{triple} .")
        if not answer:
            note("no triples")
    else:
        print(answer.render(args.format))
    return DONE


def _read(name: str) -> str:
    try:
        if not Path(name).is_file():
            raise UnreadableFileError("no such file, or not a regular one", place=Place(name))
        with Path(name).open(encoding="utf-8") as file:
            return file.read(_MOST_READ)
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(f"cannot read the query: {error}", hint="give a UTF-8 text file") from error


def export(args: Namespace) -> int:
    """Write the graph, or list the formats and what each loses."""
    from postholder.export import formats  # noqa: PLC0415

    if args.form is None:
        if args.format == "json":
            print_json({name: [loss.as_dict() for loss in formats.losses(name)] for name in formats.FORMATS})
        else:
            rows = [(name, form.summary, str(len(formats.losses(name)))) for name, form in formats.FORMATS.items()]
            print(table(("format", "what it is", "listed losses"), rows))
        return DONE
    formats.find(args.form)
    if args.to is None:
        raise UsageError("where to?", hint=f"postholder export {args.form} --to PATH")
    result = opened(args).export(args.form, args.to, replace=args.force)
    if args.format == "json":
        print_json(result.as_dict())
    else:
        print(result)
    return DONE


def push(args: Namespace) -> int:
    """Load the graph into a server."""
    from postholder.cli import pushing  # noqa: PLC0415
    from postholder.push.address import parse  # noqa: PLC0415

    if args.target is None:
        raise UsageError("where to?", hint="postholder push TARGET, for example bolt://localhost:7687")
    where = parse(args.target)  # refuse before the graph is opened or built
    if where.is_open:
        note(f"nothing that is sent to {where.host} is encrypted, not even a password")
    graph, login = opened(args), pushing.login(str(where))
    try:
        result = graph.push(
            args.target,
            name=args.name,
            database=args.database,
            default_graph=args.default_graph,
            force=args.force,
            login=login,
            progress=pushing.progress(),
        )
    finally:
        pushing.clear()
    if args.format == "json":
        print_json(result.as_dict())
    else:
        print(result)
    return DONE


def evidence(args: Namespace) -> int:
    """Check spans against the document; could-not-check when it is not at hand."""
    from postholder.api import open_graph  # noqa: PLC0415

    if args.source is None:
        raise DocumentMissingError("not checked: document not at hand", hint="postholder evidence --source FILE")
    report = open_graph(*args.data).evidence(args.source, args.document)
    if not report.checked:
        raise DocumentMissingError(f"not checked: {report.reason}", hint="give the document's text and the facts on it")
    if args.format == "json":
        print_json(report.as_dict())
    else:
        for span in report.spans:
            if span.status != "matched":
                print(span)
        state = "matches" if report.document_matches else "DIFFERS from the one the facts were taken from"
        print(f"document {printable(report.document)}: {state}")
        of = f"{count(report.claims, 'claim')} and {count(report.mentions, 'name mention')}"
        print(f"{count(report.checked, 'span')} of {of} checked, {report.matched} matched")
        if report.fallen:
            print(f"claims that no longer stand: {printable(', '.join(report.fallen))}")
        if report.fallen_mentions:
            print(f"names that no longer stand: {printable(', '.join(report.fallen_mentions))}")
        if report.reason:
            print(report.reason)
    return DONE if report.ok else FINDINGS


def doctor(args: Namespace) -> int:
    """Show the state of the installation and of the graph."""
    from postholder.doctor import examine  # noqa: PLC0415

    diagnosis = examine(opened(args), axioms=args.axioms)
    print(diagnosis)
    return DONE if diagnosis.healthy else FINDINGS
