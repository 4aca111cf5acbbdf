"""`explain`: what it prints and its exit status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from postholder.cli.main import main

if TYPE_CHECKING:
    from postholder.api import KnowledgeGraph

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
