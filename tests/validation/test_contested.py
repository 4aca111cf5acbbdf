"""What stands against each other is told with both sides and their documents, and never as an error."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from postholder.api import open_graph
from postholder.sources import inputs
from postholder.validation import contested
from postholder.validation.locate import Locator

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.readings import Facts
    from postholder.validation.report import Finding, Report

RULES = {"same-post-conflict", "source-disagreement", "plan-against-effect"}
ANSWERS = Path(__file__).parent.parent / "answers"


@pytest.fixture(scope="module")
def report() -> Report:
    """Return the report on the made-up quarry."""
    return open_graph(ANSWERS / "contested.trig", keep=False).validate()


def told(report: Report) -> dict[tuple[str, ...], Finding]:
    return {f.claims: f for f in report.findings if f.rule in RULES}


def test_every_contradiction_is_told_once(report: Report) -> None:
    assert {(f.rule, f.severity, f.focus, *c) for c, f in told(report).items()} == {
        ("same-post-conflict", "warning", "post/quarry-chief", "Q02", "Q03"),
        ("same-post-conflict", "warning", "post/quarry-deputy", "Q12", "Q13"),
        ("same-post-conflict", "info", "post/quarry-clerk", "Q14", "Q15"),
        ("source-disagreement", "warning", "appointment/rolf-sten-crane", "Q10", "Q11"),
        ("plan-against-effect", "warning", "appointment/rolf-sten-safety", "Q06", "Q07"),
    }
    assert len(told(report)) == len([f for f in report.findings if f.rule in RULES])
    assert not [f for f in report.findings if f.severity == "error"]
    assert [s.checked for s in report.steps if s.name == "comparisons"] == [14]


def test_both_sides_are_named_with_documents_and_dates(report: Report) -> None:
    found = told(report)["Q02", "Q03"]
    assert found.message == (
        "Different persons hold this post at one time: Otto Lind and Pia Moor (Chief of the quarry). "
        "Q02 (document/quarry-report): began 2020-01-01; held on 2021-01-10, no end told against "
        "Q03 (document/quarry-letter): began 2020-06-01; held on 2021-06-01, no end told. "
        "Correct the dates, or record a ph:Supersession of the claim that gives way; else leave both."
    )
    assert found.file.endswith("contested.trig")
    assert found.line > 0
    assert found.reading == ""


def test_what_holds_under_one_reading_says_so(report: Report) -> None:
    assert told(report)["Q12", "Q13"].reading == "the deputy is Una West"


def test_what_is_only_possible_says_so(report: Report) -> None:
    assert told(report)["Q14", "Q15"].message.startswith("Possibly so: Different persons")


def test_a_plan_without_an_act_says_how_to_record_one(report: Report) -> None:
    assert "ph:planAgainstEffect that withdraws the plan." in told(report)["Q06", "Q07"].message
    assert ("Q08", "Q09") not in told(report)


def test_successions_and_corrections_are_no_findings() -> None:
    assert told(open_graph(ANSWERS / "small.trig", keep=False).validate()) == {}


def test_what_is_not_compared_is_told(facts_of: Callable[[str], Facts], monkeypatch: pytest.MonkeyPatch) -> None:
    text = ""
    for number in range(3):
        text += f"""claim:{number} a ph:Claim ; ph:modality ph:actual ; ph:hasReading reading:{number} .
        reading:{number} {{ appointment:a{number} ph:post post:p ; ph:holder person:x{number} }} """
    monkeypatch.setattr("postholder.comparisons.said._MOST_COMPARED", 2)
    found = list(contested.findings(facts_of(text), Locator(inputs.load(None, 10**8))))
    assert [(f.rule, f.severity, f.focus) for f in found] == [("not-compared", "warning", "post/p")]
