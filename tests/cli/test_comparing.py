"""`diff` and `what-if`: what they print, how they fail, and that they change nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from postholder.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FACTS = """
document:june a ph:Document ; dcterms:title "June letter"@en ;
  ph:publishedEarliest "2023-06-20"^^xsd:date ; ph:publishedLatest "2023-06-20"^^xsd:date .
document:fall a ph:Document ; dcterms:title "Fall letter"@en ;
  ph:publishedEarliest "2023-09-11"^^xsd:date ; ph:publishedLatest "2023-09-11"^^xsd:date .
<https://w3id.org/postholder/id/document/june#char=0,9> a ph:Passage ; ph:inDocument document:june ;
  ph:start 0 ; ph:end 9 .
<https://w3id.org/postholder/id/document/fall#char=5,9> a ph:Passage ; ph:inDocument document:fall ;
  ph:start 5 ; ph:end 9 .
person:zed a ph:Person ; rdfs:label "Zed"@en . person:wu a ph:Person ; rdfs:label "Wu"@en .
claim:b a ph:Claim ; dcterms:identifier "B1" ; ph:modality ph:actual ; ph:hasReading reading:b ;
  ph:statement "Zed leads."@en ; ph:evidence <https://w3id.org/postholder/id/document/june#char=0,9> .
claim:p a ph:Claim ; dcterms:identifier "B2" ; ph:modality ph:planned ; ph:hasReading reading:p ;
  ph:statement "Zed is to go on."@en ; ph:evidence <https://w3id.org/postholder/id/document/june#char=0,9> .
claim:e a ph:Claim ; dcterms:identifier "C1" ; ph:modality ph:actual ; ph:hasReading reading:e ;
  ph:statement "Wu acts for Zed."@en ; ph:evidence <https://w3id.org/postholder/id/document/fall#char=5,9> .
act:a a ph:Supersession ; ph:withdraws claim:p ; ph:inFavourOf claim:e ; ph:actedOn "2023-09-11"^^xsd:date ;
  ph:reason "It came about otherwise."@en .
reading:b a ph:Reading . reading:p a ph:Reading . reading:e a ph:Reading .
reading:b { appointment:zed a ph:Appointment ; rdfs:label "Zed as chief"@en ; ph:holder person:zed ;
  ph:post post:chief ; ph:ongoingAt "2023-06-20"^^xsd:date . post:chief a ph:Post ; rdfs:label "Chief"@en .
  event:quiet a ph:ChangeEvent ; rdfs:label "Quiet change"@en }
reading:p { appointment:zed a ph:Appointment ; ph:holder person:zed ;
  ph:post post:chief ; ph:ongoingAt "2023-09-10"^^xsd:date }
reading:e { appointment:zed a ph:Appointment ; ph:latestEnd "2023-09-10"^^xsd:date .
  appointment:wu a ph:Appointment ; rdfs:label "Wu as acting chief"@en ; ph:holder person:wu ; ph:post post:chief ;
  ph:mode ph:acting ; ph:earliestStart "2023-09-10"^^xsd:date ; ph:latestStart "2023-09-10"^^xsd:date ;
  ph:earliestEnd "2023-12-01"^^xsd:date .
  event:handover a ph:ChangeEvent ; rdfs:label "Handover"@en ; ph:before appointment:zed ; ph:after appointment:wu ;
  ph:earliestDate "2023-09-10"^^xsd:date ; ph:latestDate "2023-09-10"^^xsd:date }
"""
HOSTILE = "x\x1b[2J\u202e'; DROP"


@pytest.fixture
def data(tmp_path: Path, prefixed: Callable[[str], str]) -> Path:
    """Return a file of facts with a plan that came about otherwise."""
    path = tmp_path / "facts.trig"
    path.write_text(prefixed(FACTS), encoding="utf-8")
    return path


@pytest.fixture
def run(data: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Return a function that runs a command on the facts and gives its status and what it printed."""

    def command(*argv: str) -> tuple[int, str, str]:
        before = data.read_bytes()
        status = main([argv[0], "--data", str(data), *argv[1:]])
        captured = capsys.readouterr()
        assert data.read_bytes() == before
        assert "Traceback" not in captured.err
        assert "internal error" not in captured.err
        if status:
            assert captured.out == ""
        return status, captured.out, captured.err

    return command


def test_two_states_of_knowledge(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, err = run("diff", "--as-of", "2023-10-01", "--known-at", "2023-07-01", "--to-known-at", "2023-09-12")
    assert status == 0
    assert "holder changed: Chief: Zed (planned) -> Wu (acting, began 2023-09-10)" in out
    assert "plan not carried out: Zed is to go on.  [B2 0-9]" in out
    assert "reason: It came about otherwise." in out
    assert "against it: C1 5-9: Wu acts for Zed." in out
    assert "building" not in err  # nothing is inferred for it


def test_two_days(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = run("diff", "--as-of", "2023-09-09", "--to-as-of", "2023-09-10")
    assert status == 0
    ends = "ended between 2023-06-21 and 2023-09-10"
    assert f"holder changed: Chief: Zed (possible, {ends}) -> Wu (acting, began 2023-09-10)" in out
    assert "WHAT STAYED" in out
    assert "--all names them" in out
    assert "  post: Chief: certain" in run("diff", "--as-of", "2023-09-09", "--to-as-of", "2023-09-10", "--all")[1]


def test_two_tellers(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = run("diff", "--according-to", "June letter", "--to-according-to", "Fall letter")
    assert status == 0
    assert "Both ask about the same time" in out
    assert "Wu as acting chief: not told -> certain" in out


def test_an_event(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = run("diff", "--event", "handover")
    assert status == 0
    assert "before: Zed as chief: possible -> not" in out
    assert "after: Wu as acting chief: not -> certain" in out
    assert "FIRST   as of 2023-09-09" in out
    status, out, _ = run("diff", "--event", "Quiet change")
    assert status == 0
    assert "nothing is told to begin, end or stay with it" in out
    assert "No views are compared" in out


@pytest.mark.parametrize("argv", [["--to-as-of", "2023-09-12"], ["--event", "Handover"]])
def test_json(argv: list[str], run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = run("diff", *argv, "--format", "json")
    assert status == 0
    found = json.loads(out)
    assert {"shifts", "stayed"} <= set(found.get("diff", found))


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ([], ["nothing to compare with", "--to-as-of", "--event"]),
        (["--as-of", "2023-09-12"], ["nothing to compare with"]),
        (["--as-of", "2023-09-12", "--to-as-of", "2023-09-12"], ["the same view"]),
        (["--to-according-to", "any"], ["the same view"]),
        (["--to-as-of", "2023-02-30"], ["--to-as-of '2023-02-30' is not a day"]),
        (["--to-known-at", "soon"], ["--to-known-at 'soon' is not a day"]),
        (["--as-of", "2023-13-01", "--to-as-of", "2023-09-12"], ["--as-of '2023-13-01'"]),
        (["--to-according-to", "June leter"], ["nothing here is called", "June letter"]),
        (["--to-according-to", HOSTILE], ["nothing here is called"]),
        (["--event", "handovr"], ["nothing here is called", "did you mean Handover"]),
        (["--event", HOSTILE], ["nothing here is called"]),
        (["--event", ""], ["nothing here is called"]),
        (["--event", "Chief"], ["nothing here is called"]),
        (["--event", "Handover", "--as-of", "2023-01-01"], ["--as-of cannot be given"]),
        (["--event", "Handover", "--to-known-at", "2023-01-01"], ["--to-known-at cannot be given"]),
        (["--certainty", "sure", "--to-as-of", "2023-01-01"], ["'sure' is not known"]),
    ],
)
def test_a_wrong_call_says_what_to_give(
    argv: list[str], words: list[str], run: Callable[..., tuple[int, str, str]]
) -> None:
    status, _, err = run("diff", *argv)
    assert status == 2
    assert "\x1b" not in err
    for word in words:
        assert word in err


def test_what_if(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = run("what-if", "--without", "Fall letter")
    assert status == 0
    assert out.startswith("WITHOUT Fall letter\n  1 claim that falls\n  1 claim no longer withdrawn\n")
    assert "  C1 5-9: Wu acts for Zed." in out
    assert "left: 1 of 2 documents, 2 of 3 claims" in out
    assert run("what-if", "--without", "Fall letter")[1] == out


def test_what_if_nothing_falls(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = run("what-if", "--without", "B2")
    assert status == 0
    assert "  1 claim that falls" in out
    assert "stated fact" not in out


def test_what_if_as_data(run: Callable[..., tuple[int, str, str]]) -> None:
    found = json.loads(run("what-if", "--without", "C1", "--without", "B1", "--format", "json")[1])
    assert found["counts"]["claims"] == len(found["claims"]) == 2
    assert found["without"] == ["B1", "C1"]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ([], ["without what?", "--without NAME"]),
        (["--without", "Fal letter"], ["nothing here is called", "Fall letter"]),
        (["--without", HOSTILE], ["nothing here is called"]),
        (["--without", "Chief"], ["nothing here is called"]),
        (["--without", "C1", "--as-of", "x"], ["'x' is not a day"]),
    ],
)
def test_what_if_called_wrongly(argv: list[str], words: list[str], run: Callable[..., tuple[int, str, str]]) -> None:
    status, _, err = run("what-if", *argv)
    assert status == 2
    assert "\x1b" not in err
    for word in words:
        assert word in err
