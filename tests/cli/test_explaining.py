"""`explain`: what it prints and its exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from postholder.api import open_graph
from postholder.cli.main import main
from postholder.errors import UnknownNameError

if TYPE_CHECKING:
    from postholder.api import KnowledgeGraph

ARTICLE_FACTS = Path(__file__).parent.parent.parent / "ontology" / "facts" / "taobao-tmall.trig"
HOLDS = ("person/lu-su", "org:holds", "post/taobao-cto")


@pytest.mark.usefixtures("shipped")
def test_explain_prints_a_proof(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", *HOLDS]) == 0
    assert "F26, planned: characters 867-888 and 883-924" in capsys.readouterr().out
    assert main(["explain", *HOLDS, "--format", "tree"]) == 0
    assert "└─ " in capsys.readouterr().out


def test_json_is_the_explanation_as_data(shipped: KnowledgeGraph, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", *HOLDS, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == shipped.explain(*HOLDS).as_dict()


@pytest.mark.usefixtures("shipped")
def test_what_does_not_hold_is_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "Lu Su", "org:holds", "post/content-ecology-lead"]) == 1
    assert "this does not hold" in capsys.readouterr().out


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("words", [(), ("Lu Su",), ("Lu Sue", "org:holds", "post/taobao-cto"), ("a", "b")])
def test_a_wrong_call_is_told_with_a_hint(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "hint:" in told.err


@pytest.mark.usefixtures("shipped")
def test_views_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    held = "person/daniel-zhang", "org:holds", "Chairman of Alibaba Group"
    status = main(["explain", *held, "--known-at", "2023-04-01"])
    out = capsys.readouterr().out
    assert (status, "A04" in out, "C04" in out) == (0, True, False)


def test_graphs_of_two_engines_are_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTHOLDER_CACHE", str(tmp_path))
    facts = tmp_path / "facts.trig"
    facts.write_text(
        "@prefix ph: <https://w3id.org/postholder/ns#> . <urn:c> a ph:Claim . <urn:p> a ph:Person .",
        encoding="utf-8",
    )
    for engine, name in ((None, "postholder"), ("fast", "postholder"), ("reference", "owlrl")):
        graph = open_graph(facts, engine=engine)
        assert graph.manifest["engine"]["name"] == name
    assert main(["build", "--data", str(facts), "--engine", "reference"]) == 0
    assert len([p for p in tmp_path.iterdir() if p.is_dir()]) == 2
    assert main(["build", "--engine", "referenc"]) == 2
    with pytest.raises(UnknownNameError, match="no closure engine"):
        open_graph(facts, engine="owlrl")


def test_proofs_are_the_same_whatever_engine_closed_the_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTHOLDER_CACHE", str(tmp_path))
    told = [open_graph(ARTICLE_FACTS, engine=e).explain(*HOLDS).as_dict() for e in ("fast", "reference")]
    assert told[0] == told[1]


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("words", [("explain", "--query", "two-superiors"), ("query", "two-superiors", "--explain")])
def test_an_empty_answer_is_told_as_the_question_tells_it(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["query", "two-superiors"]) == 0
    told = capsys.readouterr().out
    assert "none stated" in told
    assert main([*words]) == 0
    assert capsys.readouterr().out == told


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("form", ["csv", "tsv", "markdown"])
def test_explanations_are_not_printed_in_a_form_they_do_not_have(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "org-chart", "--explain", "--format", form]) == 2
    assert "--format json" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("--row", "2"), ("--param", "person=Lu Su")])
def test_a_row_without_a_question_is_told(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", *words]) == 2
    assert "name it with --query NAME" in capsys.readouterr().err
