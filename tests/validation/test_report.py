"""Reports: the verdict follows from what was checked and found, and survives being kept."""

from __future__ import annotations

import json

import pytest

from postholder.validation.report import Finding, Report, Step

ERROR = Finding(
    "a.ttl", 3, "post/x", "Post-role", "No role.", claims=("F1", "F2"), value="v", reading="A is B", path="p"
)
WARNING = Finding("a.ttl", 0, "post/y", "r", "m", severity="warning")
NOTE = Finding("shapes", 0, "Post", "shape-targets-nothing", "m", severity="info")
DONE = Step("shapes", 4, "shapes")
SKIPPED = Step("evidence", 0, "spans", skipped="no document")


def test_nothing_checked_does_not_conform() -> None:
    assert not Report(()).conforms
    assert not Report((), (SKIPPED,)).conforms
    assert Report((), (DONE, SKIPPED)).conforms


@pytest.mark.parametrize(("finding", "conforms"), [(ERROR, False), (WARNING, True), (NOTE, True)])
def test_only_errors_decide(finding: Finding, conforms: bool) -> None:
    assert Report((finding,), (DONE,)).conforms is conforms


def test_counts() -> None:
    report = Report((ERROR, WARNING, NOTE, ERROR), (DONE, DONE, SKIPPED))
    assert [report.count(s) for s in ("error", "warning", "info")] == [2, 1, 1]
    assert report.checked == 8


def test_a_finding_is_one_line() -> None:
    assert str(ERROR) == "a.ttl:3: error: post/x [F1, F2] (if A is B): No role.: v (Post-role)"
    assert str(WARNING) == "a.ttl: warning: post/y: m (r)"


def test_data_in_a_finding_cannot_steer_a_terminal() -> None:
    finding = Finding(
        "a\x1b.ttl", 1, "x\n\x1b[31m", "r", "m\x07", value="v\r\x1b[2J", claims=("F\x1b",), reading="\x9b1m"
    )
    text = str(finding)
    assert text.isprintable()
    assert "\\x1b" in text


def test_a_step_is_one_line() -> None:
    assert str(DONE) == "shapes: 4 shapes checked"
    assert str(SKIPPED) == "evidence: not checked: no document"


def test_a_report_goes_through_json_and_back() -> None:
    report = Report((ERROR, WARNING, NOTE), (DONE, SKIPPED))
    data = json.loads(json.dumps(report.as_dict()))
    assert data["conforms"] is False
    assert (data["errors"], data["warnings"], data["notes"]) == (1, 1, 1)
    assert data["findings"][0]["claims"] == ["F1", "F2"]
    assert Report.from_dict(data) == report


def test_findings_have_an_order() -> None:
    assert sorted([WARNING, ERROR, NOTE]) == [WARNING, ERROR, NOTE]
