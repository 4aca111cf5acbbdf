"""Each command: what it prints, where, with which exit status, and how it fails."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, parse

from postholder import terms
from postholder.cli import commands
from postholder.cli.main import main
from postholder.export import formats
from postholder.validation.report import Finding, Report, Step

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from postholder.api import KnowledgeGraph

FACTS = """
document:d a ph:Document ; dcterms:title "notes"@en .
  <https://w3id.org/postholder/id/document/d#char=0,9> ph:inDocument document:d ; ph:start 0 ; ph:end 9 .
person:ann a ph:Person ; rdfs:label "Ann"@en . unit:works a ph:Company ; rdfs:label "Works"@en .
claim:1 a ph:Claim ; dcterms:identifier "N1" ; ph:basis ph:stated ; ph:modality ph:actual ;
  ph:evidence <https://w3id.org/postholder/id/document/d#char=0,9> ; ph:hasReading reading:1 . reading:1 a ph:Reading .
reading:1 { post:head a ph:Post ; rdfs:label "Head"@en ; ph:heads unit:works . appointment:a a ph:Appointment ;
  ph:holder person:ann ; ph:post post:head }
"""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Return a function that runs a command and gives its status and what it printed on both streams."""

    def command(*argv: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main([str(a) for a in argv])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        assert "internal error" not in captured.err
        if status in {2, 3}:
            assert captured.out == ""
            assert "\npostholder: " in "\n" + captured.err
        return status, captured.out, captured.err

    return command


@pytest.fixture
def facts(tmp_path: Path, prefixed: Callable[[str], str]) -> Path:
    """Return a file of facts with faults."""
    path = tmp_path / "facts.trig"
    path.write_text(prefixed(FACTS), encoding="utf-8")
    return path


# overview


def test_overview(run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph) -> None:
    assert shipped.validate().conforms
    status, out, err = run("overview")
    assert (status, err) == (0, "")
    assert "WHO REPORTS TO WHOM" in out
    assert "The graph conforms" in out


def test_overview_of_faulty_facts(run: Callable[..., tuple[int, str, str]], facts: Path) -> None:
    status, out, err = run("overview", "--data", facts)
    assert status == 1
    assert "The graph does not conform" in out
    assert err == "building the graph of 1 facts file, once ...\n"


def test_overview_validates_once(
    run: Callable[..., tuple[int, str, str]], facts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []

    def count(*args: object) -> Report:
        calls.append(args)
        return Report((), (Step("s", 1, "things"),))

    monkeypatch.setattr("postholder.validation.check.validate", count)
    assert run("overview", "--data", facts)[0] == 0
    assert len(calls) == 1


# build


def test_build(run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph) -> None:
    status, out, err = run("build")
    assert (status, err) == (0, "")
    assert f"in {shipped.kept_in}" in out
    assert f"  accepted: {shipped.manifest['counts']['accepted']}" in out


def test_build_into_a_folder(run: Callable[..., tuple[int, str, str]], facts: Path, tmp_path: Path) -> None:
    status, out, _ = run("build", "--data", facts, "--out", tmp_path / "out")
    assert status == 0
    assert str(tmp_path / "out") in out
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"dataset.nq", "manifest.json", "report.json"}
    assert len(list(parse((tmp_path / "out" / "dataset.nq").read_bytes(), format=RdfFormat.N_QUADS))) > 1000


def test_build_into_a_foreign_folder(run: Callable[..., tuple[int, str, str]], facts: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").touch()
    status, _, err = run("build", "--data", facts, "--out", tmp_path / "mine")
    assert status == 2
    assert "notes.txt" in err


def test_build_where_it_cannot(run: Callable[..., tuple[int, str, str]], facts: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, _, err = run("build", "--data", facts, "--out", tmp_path / "file" / "x")
    assert status == 3
    assert "cannot write" in err


# validate


def test_validate(run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph) -> None:
    assert shipped.is_built
    status, out, _ = run("validate")
    assert status == 0
    assert out.split("\n")[-2].startswith("conforms: 0 errors, 0 warnings")
    assert "evidence in document/taobao-tmall: not checked" in out
    assert "record: 134 claims checked" in out


def test_validate_faulty_facts(run: Callable[..., tuple[int, str, str]], facts: Path) -> None:
    status, out, _ = run("validate", facts)
    assert status == 1
    assert "does not conform" in out.split("\n")[-2]
    assert f"{facts}:" in out
    assert "[N1]" in out


def test_validate_as_json(run: Callable[..., tuple[int, str, str]], facts: Path) -> None:
    status, out, _ = run("validate", "--format", "json", facts)
    data = json.loads(out)
    assert status == 1
    assert data["conforms"] is False
    assert data["errors"] == sum(f["severity"] == "error" for f in data["findings"]) > 0
    assert {"file", "line", "focus", "rule", "message"} <= set(data["findings"][0])


def test_validate_takes_paths_and_data_together(
    run: Callable[..., tuple[int, str, str]], facts: Path, tmp_path: Path
) -> None:
    (tmp_path / "more.ttl").write_text("<http://x/a> <http://x/p> 1 .", encoding="utf-8")
    _, out, _ = run("validate", facts, "--data", tmp_path / "more.ttl")
    assert "in 2 facts files" in out


@pytest.mark.parametrize("content", ["", "<http://x/a> <http://x/p> 1 ."])
def test_validating_nothing_is_a_failure(
    content: str, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    (tmp_path / "f.ttl").write_text(content, encoding="utf-8")
    assert run("validate", tmp_path / "f.ttl")[0] != 0


def test_validate_tells_what_was_skipped(run: Callable[..., tuple[int, str, str]], facts: Path) -> None:
    (facts.parent / "notes.md").write_text("x", encoding="utf-8")
    _, out, err = run("validate", facts.parent)
    assert "notes.md" in err
    assert "notes.md: not checked" in out


def test_a_finding_cannot_steer_the_terminal(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, prefixed: Callable[[str], str]
) -> None:
    (tmp_path / "f.trig").write_text(
        prefixed(FACTS.replace("N1", "N\\u001b[31m1").replace("ph:heads unit:works", 'ph:heads "\\u001b[2J"')),
        encoding="utf-8",
    )
    _, out, _ = run("validate", tmp_path / "f.trig")
    assert "\\x1b" in out
    assert [line for line in out.split("\n") if not line.isprintable()] == []


@pytest.mark.parametrize("name", ["overview", "build", "validate", "query", "sparql", "doctor", "evidence", "export"])
def test_a_missing_file_is_told_by_every_command(
    name: str, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    more: dict[str, list[object]] = {
        "query": ["concurrent-appointments"],
        "sparql": ["ASK {}"],
        "evidence": ["--source", __file__],
        "export": ["turtle", "--to", tmp_path / "x"],
    }
    status, _, err = run(name, *more.get(name, []), "--data", tmp_path / "none.ttl")
    assert status == 3
    assert "none.ttl: no such file or folder" in err


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.ttl", "<a> <b>", "a.ttl:1:"),
        ("a.rdf", "<!DOCTYPE x><x/>", "DOCTYPE is refused"),
        ("a.jsonld", '{"@context": "http://127.0.0.1:9/c"}', "never fetched"),
        ("a.txt", "text", "unknown kind of file"),
    ],
)
def test_a_bad_file_is_told_with_its_place(
    name: str, content: str, told: str, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    status, _, err = run("validate", tmp_path / name)
    assert status == 3
    assert told in err


# query


def test_questions_are_listed(run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph) -> None:
    status, out, _ = run("query")
    assert status == 0
    for question in shipped.questions():
        assert f"\n  {question.name}" in out
        assert question.summary in out
    topics = {q.topic for q in shipped.questions()}
    assert topics <= set(out.split("\n"))
    assert not out.startswith("\n")


def test_questions_are_listed_as_json(run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph) -> None:
    _, out, _ = run("query", "--format", "json")
    assert [q["name"] for q in json.loads(out)] == [q.name for q in shipped.questions()]


@pytest.mark.parametrize("store", ["oxigraph", "rdflib"])
def test_a_question_is_answered(store: str, run: Callable[..., tuple[int, str, str]], facts: Path) -> None:
    status, out, _ = run("query", "who-holds", "--data", facts, "--store", store, "--format", "csv")
    assert status == 0
    assert "person/ann" in out


def test_a_question_is_narrowed(run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph) -> None:
    assert shipped.is_built
    status, out, _ = run("query", "concurrent-appointments", "--param", "person=Lu Su", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    assert {r["person"] for r in rows} == {"person/lu-su"}


def test_no_row_is_explained(run: Callable[..., tuple[int, str, str]], facts: Path) -> None:
    _, out, err = run("query", "concurrent-appointments", "--data", facts)
    assert out.startswith("(no two posts of one person")
    _, out, err = run("query", "concurrent-appointments", "--data", facts, "--format", "csv")
    assert out.count("\n") == 1
    assert "no rows: no two posts of one person" in err


def test_the_text_of_a_question(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = run("query", "concurrent-appointments", "--sparql")
    assert status == 0
    assert "SELECT" in out
    assert out.startswith("#+ summary")


@pytest.mark.parametrize("text", ["--sparql", "--cypher"])
def test_parameters_of_a_text_are_not_passed_over_in_silence(
    run: Callable[..., tuple[int, str, str]], text: str
) -> None:
    status, out, err = run("query", "who-reports-to", text, "--param", "superior=Dai Shan")
    assert (status, "superior" in out) == (0, True)
    assert "--param is left aside" in err


def test_the_cypher_twin_of_a_question(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = run("query", "concurrent-appointments", "--cypher")
    assert status == 0
    assert out.startswith("// Who holds several posts at the same time?\n")
    assert "MATCH" in out


def test_a_question_without_a_twin_says_so(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, err = run("query", "rights", "--cypher")
    assert (status, out) == (3, "")
    assert "question rights has no Cypher twin" in err


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["concurrent-appointment"], "did you mean concurrent-appointments,"),
        (["concurrent-appointments", "--param", "persn=x"], "did you mean person?"),
        (["concurrent-appointments", "--param", "person=Lu Sue"], "did you mean Lu Su"),
        (["concurrent-appointments", "--param", "person"], "not of the form K=V"),
        (["concurrent-appointments", "--param", "=x"], "not of the form K=V"),
        (["concurrent-appointments", "--param", "person=a", "--param", "person=b"], "given twice"),
        (["--param", "person=x"], "parameters without a question"),
        (["--cypher"], "of which question?"),
        (["--sparql", "--format", "json"], "of which question?"),
        (["--explain"], "of which question?"),
        (["concurrent-appointments", "--format", "xls"], "is not known"),
        (["concurrent-appointments", "--store", "neo4j"], "is not known"),
        (["a", "b"], "unrecognized"),
    ],
)
def test_a_wrong_question_is_told(
    argv: list[str], told: str, run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph
) -> None:
    assert shipped.is_built
    status, _, err = run("query", *argv)
    assert status == 2
    assert told in err


# sparql


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("ASK { ?s ?p ?o }", "table", "true\n"),
        ("ASK { ?s <http://x/none> ?o }", "table", "false\n"),
        ("ASK { ?s ?p ?o }", "json", '{"boolean": true}\n'),
        ("SELECT ?x { VALUES ?x { 1 } }", "table", "x\n-\n1\n"),
        ("SELECT ?x { VALUES ?x { 1 } FILTER(false) }", "table", "(no rows)\n"),
        ("CONSTRUCT { <http://x/a> <http://x/p> 'a' } WHERE {}", "table", '<http://x/a> <http://x/p> "a" .\n'),
    ],
)
def test_a_free_query(
    text: str, form: str, expected: str, run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph
) -> None:
    assert shipped.is_built
    assert run("sparql", text, "--format", form)[:2] == (0, expected)


def test_no_triples_is_said(run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph) -> None:
    assert shipped.is_built
    assert run("sparql", "CONSTRUCT { ?s ?p ?o } WHERE { ?s <http://x/none> ?o . ?s ?p ?o }") == (0, "", "no triples\n")


def test_triples_cannot_steer_the_terminal(run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph) -> None:
    assert shipped.is_built
    _, out, _ = run("sparql", "CONSTRUCT { <http://x/a> <http://x/p> '\x1b[2J' } WHERE {}")
    assert "\x1b" not in out
    assert len(list(parse(out, format=RdfFormat.N_TRIPLES))) == 1


def test_a_query_from_a_file(run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph, tmp_path: Path) -> None:
    assert shipped.is_built
    (tmp_path / "q.rq").write_text("ASK {}", encoding="utf-8")
    assert run("sparql", "--file", tmp_path / "q.rq")[:2] == (0, "true\n")


@pytest.mark.parametrize("name", ["none.rq", ".", "latin.rq"])
def test_a_query_file_that_cannot_be_read(name: str, run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "latin.rq").write_bytes(b"ASK { ?s ?p '\xff' }")
    status, _, err = run("sparql", "--file", tmp_path / name)
    assert status == 3
    assert "no such file, or not a regular one" in err or "cannot read the query" in err


def test_a_query_from_standard_input(
    run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shipped.is_built
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"ASK {}"), encoding="utf-8"))
    assert run("sparql")[:2] == (0, "true\n")


def test_a_terminal_is_not_waited_for(
    run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            """Say that someone is typing."""
            return True

    monkeypatch.setattr(sys, "stdin", Terminal(io.BytesIO(b""), encoding="utf-8"))
    status, _, err = run("sparql")
    assert status == 2
    assert "no query" in err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT * {", "error at 1:"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> {} }", "SERVICE"),
        ("DROP ALL", "would change the graph"),
        ("SELECT * FROM <file:///etc/passwd> {}", "FROM"),
        ("", "no query"),
        ("hello", "no query"),
    ],
)
def test_a_bad_query_is_a_wrong_call(
    text: str, told: str, run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph
) -> None:
    assert shipped.is_built
    status, _, err = run("sparql", text)
    assert status == 2
    assert told in err


def test_a_refused_query_builds_nothing(
    run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the graph was opened")

    monkeypatch.setattr(commands, "opened", never)
    assert run("sparql", "DROP ALL")[0] == 2


def test_an_endless_query_could_not_be_done(
    run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shipped.is_built
    monkeypatch.setenv("POSTHOLDER_QUERY_SECONDS", "0.3")
    status, _, err = run("sparql", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    assert status == 3
    assert "stopped after 0.3 s" in err


def test_a_wrong_setting_is_a_wrong_call(
    run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTHOLDER_QUERY_SECONDS", "soon")
    status, _, err = run("sparql", "ASK {}")
    assert status == 2
    assert "POSTHOLDER_QUERY_SECONDS" in err


# export


def test_formats_are_listed_with_their_losses(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = run("export")
    assert status == 0
    assert [line.split()[0] for line in out.split("\n")[2:-1]] == list(formats.FORMATS)
    _, out, _ = run("export", "--format", "json")
    assert set(json.loads(out)) == set(formats.FORMATS)


def test_an_export_is_written_once(run: Callable[..., tuple[int, str, str]], facts: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.nq"
    status, out, _ = run("export", "nquads", "--to", target, "--data", facts)
    assert status == 0
    assert str(target) in out
    before = target.read_bytes()
    assert before
    assert run("export", "nquads", "--to", target, "--data", facts)[0] == 2
    status, out, _ = run("export", "nquads", "--to", target, "--data", facts, "--force", "--format", "json")
    assert status == 0
    assert isinstance(json.loads(out), dict)
    assert target.read_bytes() == before


@pytest.mark.parametrize(
    ("argv", "told"),
    [(["turtel", "--to", "x"], "did you mean turtle"), (["turtle"], "where to?"), (["xyz"], "no format is called")],
)
def test_a_wrong_export_is_told(argv: list[str], told: str, run: Callable[..., tuple[int, str, str]]) -> None:
    status, _, err = run("export", *argv)
    assert status == 2
    assert told in err


# evidence


def test_evidence_without_a_document(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    status, _, err = run("evidence")
    assert status == 3
    assert "not checked: document not at hand" in err
    status, _, err = run("evidence", "--source", tmp_path / "none.txt")
    assert status == 3
    assert "not at hand" in err


def test_evidence_of_another_text(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("Something else.", encoding="utf-8")
    status, _, err = run("evidence", "--source", tmp_path / "t.txt")
    assert status == 2
    assert "--document alibaba-2023-03-28 or " in err
    status, out, _ = run("evidence", "--source", tmp_path / "t.txt", "--document", "taobao-tmall")
    assert status == 1
    assert "DIFFERS" in out
    assert "0 matched" in out
    assert "claims that no longer stand: F01" in out


def test_evidence_of_no_text(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_bytes(b"\xff\xfe")
    status, _, err = run("evidence", "--source", tmp_path / "t.txt", "--document", "taobao-tmall")
    assert status == 3
    assert "not UTF-8" in err


def test_evidence_as_json(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("x", encoding="utf-8")
    status, out, _ = run("evidence", "--source", tmp_path / "t.txt", "--document", "taobao-tmall", "--format", "json")
    data = json.loads(out)
    assert status == 1
    assert data["matched"] == 0
    assert len(data["spans"]) == data["checked"]


def test_evidence_of_the_article(run: Callable[..., tuple[int, str, str]], article: Path) -> None:
    status, out, _ = run("evidence", "--source", article)
    assert status == 0
    assert "of 93 claims and 57 name mentions checked" in out
    assert "matches" in out
    assert out.count("\n") == 2


def test_an_unknown_document_is_told(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("x", encoding="utf-8")
    status, _, err = run("evidence", "--source", tmp_path / "t.txt", "--document", "taobao")
    assert status == 2
    assert "did you mean taobao-tmall?" in err


# doctor


def test_doctor(run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph) -> None:
    assert shipped.is_built
    status, out, _ = run("doctor")
    assert status == 0
    assert terms.VERSION in out
    assert out.endswith("all well\n")


def test_doctor_of_a_clash(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, prefixed: Callable[[str], str]
) -> None:
    text = FACTS + "unit:works a ph:Person ."
    (tmp_path / "f.trig").write_text(prefixed(text), encoding="utf-8")
    status, out, _ = run("doctor", "--data", tmp_path / "f.trig")
    assert status == 1
    assert out.endswith("SEE ABOVE\n")
    assert "clashes: 1" in out
    stated = [line.strip() for line in out.splitlines() if line.strip().startswith("stated: ")]
    assert len(stated) >= 2
    assert any("unit/works" in line and "the record in" in line for line in stated)


def test_a_finding_of_a_clash(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, prefixed: Callable[[str], str]
) -> None:
    (tmp_path / "f.trig").write_text(prefixed(FACTS + "unit:works a ph:Person ."), encoding="utf-8")
    status, out, _ = run("validate", tmp_path / "f.trig")
    assert status == 1
    assert "(clash)" in out
    assert "unit/works rdf:type ph:Person" in out


def test_a_report_is_printed_line_by_line(
    run: Callable[..., tuple[int, str, str]], facts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = Finding("f.ttl", 3, "post/x", "r", "m", severity="warning")
    monkeypatch.setattr(
        "postholder.validation.check.validate", lambda *_: Report((finding,), (Step("s", 1, "things"),))
    )
    status, out, _ = run("validate", facts)
    assert status == 0
    assert out == (
        "f.ttl:3: warning: post/x: m (r)\ns: 1 things checked\nconforms: 0 errors, 1 warning, 0 notes in 1 facts file\n"
    )


@pytest.mark.parametrize("form", ["csv", "tsv", "markdown"])
def test_questions_are_listed_in_every_form(
    form: str, run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph
) -> None:
    status, out, _ = run("query", "--format", form)
    assert status == 0
    names = [q.name for q in shipped.questions()]
    assert len(out.rstrip("\n").split("\n")) == len(names) + (2 if form == "markdown" else 1)
    assert all(name in out for name in names)


def test_an_answer_from_facts_that_do_not_conform_says_so(
    run: Callable[..., tuple[int, str, str]], facts: Path
) -> None:
    _, _, err = run("query", "units", "--data", facts)
    assert "have not been validated yet" in err
    assert run("validate", facts)[0] == 1
    _, out, err = run("query", "units", "--data", facts)
    assert "do not conform" in err
    assert "do not conform" not in out


def test_an_answer_from_the_shipped_facts_needs_no_warning(
    run: Callable[..., tuple[int, str, str]], shipped: KnowledgeGraph
) -> None:
    assert shipped.validate().conforms
    assert run("query", "units")[2] == ""


def test_names_that_no_longer_stand_are_told(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, prefixed: Callable[[str], str]
) -> None:
    text = """document:d a ph:Document . mention:ann a ph:NameMention ; ph:surfaceForm "Ann" ; ph:occursIn
    <https://w3id.org/postholder/id/document/d#char=0,3> . <https://w3id.org/postholder/id/document/d#char=0,3>
    ph:inDocument document:d ; ph:start 0 ; ph:end 3 ; ph:spanSha256 "00" ."""
    (tmp_path / "f.trig").write_text(prefixed(text), encoding="utf-8")
    (tmp_path / "t.txt").write_text("Ann", encoding="utf-8")
    status, out, _ = run("evidence", "--data", tmp_path / "f.trig", "--source", tmp_path / "t.txt")
    assert status == 1
    assert "names that no longer stand: mention/ann" in out
    assert "0 claims and 1 name mention" in out
