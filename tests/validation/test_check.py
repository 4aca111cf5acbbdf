"""A whole validation: what is wrong, where, under which reading, and what was looked at."""

from __future__ import annotations

import shutil
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from postholder import resources, settings
from postholder.errors import CannotError
from postholder.settings import Settings
from postholder.sources import inputs
from postholder.validation import check
from postholder.views.view import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from postholder.api import KnowledgeGraph
    from postholder.validation.report import Finding, Report

MANIFEST: dict[str, Any] = {
    "clashes": [],
    "unhandled axioms": [],
    "rules": ["one"],
    "engine": {"name": "toy", "version": "1"},
    "skipped files": [],
}
# A record in which nothing is wrong: one document, one claim, one appointment.
CLEAN = """
document:d a ph:Document ; dcterms:title "notes"@en ; dcterms:language "en" ; ph:sha256 "{0}" ; ph:utf8Bytes 40 ;
  ph:codePoints 40 ;
  ph:publisher source:p ; ph:rightsNote "Made up."@en .
source:p a ph:Publisher ; rdfs:label "paper"@en .
<https://w3id.org/postholder/id/document/d#char=0,9> a ph:Passage ; ph:inDocument document:d ; ph:start 0 ;
  ph:end 9 ; ph:spanSha256 "{0}" .
person:ann a ph:Person ; rdfs:label "Ann"@en . person:ben a ph:Person ; rdfs:label "Ben"@en .
unit:works a ph:Company ; rdfs:label "Works"@en .
claim:1 a ph:Claim ; dcterms:identifier "N1" ; ph:statement "Ann leads the works."@en ;
  ph:factKind ph:appointmentFact ; ph:basis ph:stated ;
  ph:modality ph:actual ; ph:attributedTo source:p ; ph:evidence <https://w3id.org/postholder/id/document/d#char=0,9> ;
  ph:hasReading reading:1 ; ph:recordedOn "2022-01-01"^^xsd:date .
reading:1 a ph:Reading .
reading:1 {{
  post:head a ph:Post ; rdfs:label "Head"@en ; ph:carriesRole role:head ; ph:heads unit:works .
  appointment:a a ph:Appointment ; rdfs:label "Ann as head"@en ; ph:holder person:ann ; ph:post post:head ;
  ph:mode ph:substantive .
}}
""".format("a1" * 32)
CLAIM = """
claim:{0} a ph:Claim ; dcterms:identifier "N{0}" ; ph:statement "More."@en ; ph:factKind ph:appointmentFact ;
  ph:basis ph:interpreted ;
  ph:modality ph:actual ; ph:attributedTo source:p ; ph:evidence <https://w3id.org/postholder/id/document/d#char=0,9> ;
  ph:hasReading {1} ; ph:recordedOn "2022-01-01"^^xsd:date .
"""
OPEN = (
    CLEAN
    + CLAIM.format(2, "reading:a , reading:b")
    + """
ambiguity:A a ph:Ambiguity ; ph:question "Which?"@en ; ph:ambiguityKind ph:lostName .
interpretation:a1 a ph:Interpretation ; ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open ;
  rdfs:label "first"@en ; ph:interpretationKind ph:plausible .
interpretation:a2 a ph:Interpretation ; ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open ;
  rdfs:label "second"@en ; ph:interpretationKind ph:plausible .
reading:a a ph:Reading ; rdfs:label "first"@en ; ph:underInterpretation interpretation:a1 .
reading:b a ph:Reading ; rdfs:label "second"@en ; ph:underInterpretation interpretation:a2 .
"""
)


@pytest.fixture
def report(tmp_path: Path, prefixed: Callable[[str], str]) -> Callable[..., Report]:
    """Return a function that validates TriG text without prefixes; the text begins on line 2."""

    def run(text: str, manifest: dict[str, Any] | None = None, limits: Settings | None = None) -> Report:
        path = tmp_path / "facts.trig"
        path.write_text(prefixed("\n" + text), encoding="utf-8")
        found = inputs.load([path], 10**8)
        return check.validate(found, {**MANIFEST, **(manifest or {})}, limits or settings.load())

    return run


def errors(report: Report) -> list[Finding]:
    return [f for f in report.findings if f.severity == "error"]


def told(report: Report) -> set[tuple[str, str, str]]:
    return {(f.focus, f.rule, f.reading) for f in errors(report)}


def test_the_shipped_graph_conforms(shipped: KnowledgeGraph) -> None:
    report = shipped.validate()
    assert report.conforms
    assert errors(report) == []
    assert report.count("warning") == 0
    steps = {s.name: s.checked for s in report.steps}
    assert steps["house rules"] > 20
    assert steps["record"] == 93 + 16 + 11 + 8 + 6
    assert steps["shapes"] > 60
    assert steps["readings"] == sum(len(c) for c in shipped.facts.clusters(999))
    assert steps["cycles"] >= 1
    assert steps["evidence"] > 100
    assert [s.name for s in report.steps if s.skipped] == ["evidence in document/taobao-tmall"]


# Evidence in documents that lie beside the facts.

TEXT = "Ann leads the works in Port.  No more.  "
ANN = "Ann leads"


def cited(text: str = TEXT, span: str = ANN) -> str:
    """Return the clean record with the digests of a text and of its first nine characters."""
    one = CLEAN.replace(f'ph:sha256 "{"a1" * 32}"', f'ph:sha256 "{sha256(text.encode()).hexdigest()}"')
    return one.replace("a1" * 32, sha256(span.encode()).hexdigest())


@pytest.fixture
def beside(tmp_path: Path, prefixed: Callable[[str], str]) -> Callable[..., Report]:
    """Return a function that validates an ontology folder of facts and documents."""

    def run(text: str, **documents: str) -> Report:
        for name in ("facts", "documents"):
            (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / "facts" / "facts.trig").write_text(prefixed("\n" + text), encoding="utf-8")
        for name, content in documents.items():
            (tmp_path / "documents" / f"{name}.txt").write_text(content, encoding="utf-8", newline="")
        return check.validate(inputs.load([tmp_path], 10**8), MANIFEST, settings.load())

    return run


def steps_of(report: Report) -> dict[str, str]:
    return {s.name: s.skipped or str(s.checked) for s in report.steps if "evidence" in s.name or "documents" in s.name}


def test_evidence_that_stands(beside: Callable[..., Report]) -> None:
    """Whatever the file is called, its digest says which document it is."""
    found = beside(cited(), anything=TEXT)
    assert errors(found) == []
    assert steps_of(found) == {"evidence": "1"}


def test_evidence_without_a_file_is_told_by_name(beside: Callable[..., Report], tmp_path: Path) -> None:
    found = beside(cited())
    assert errors(found) == []
    assert steps_of(found) == {
        "evidence in document/d": "document not at hand; run `postholder evidence --source FILE`"
    }
    found = beside(cited(), other="Another text.")
    assert errors(found) == []
    assert steps_of(found)[str(tmp_path / "documents/other.txt")] == "no document of these facts has its digest"
    assert "evidence in document/d" in steps_of(found)


def test_evidence_that_fell(beside: Callable[..., Report]) -> None:
    found = beside(cited(span="Ann leaves"), d=TEXT)
    assert told(found) == {("document/d#char=0,9", "evidence-fallen", "")}
    [finding] = errors(found)
    assert finding.claims == ("N1",)
    assert finding.line > 1
    assert "(changed)" in finding.message
    assert steps_of(found) == {"evidence": "1"}


def test_evidence_that_moved_is_told_with_its_place(beside: Callable[..., Report]) -> None:
    found = beside(cited(span="the works"), d=TEXT)
    assert told(found) == {("document/d#char=0,9", "evidence-fallen", "")}
    assert f"moved, but at {TEXT.index('the works')}" in errors(found)[0].message


@pytest.mark.parametrize("changed", [TEXT.replace("Ann", "Bob"), TEXT + "\r\n", "\ufeff" + TEXT, ""])
def test_a_document_whose_file_was_changed(beside: Callable[..., Report], changed: str) -> None:
    found = beside(cited(), d=changed)
    assert told(found) == {("document/d", "document-changed", "")}
    assert "evidence in document/d" in steps_of(found)


def test_a_document_with_wrong_counts(beside: Callable[..., Report]) -> None:
    found = beside(cited().replace("ph:codePoints 40", "ph:codePoints 39"), d=TEXT)
    assert told(found) == {("document/d", "document-changed", "")}


def test_every_change_of_a_shipped_document_is_told(tmp_path: Path) -> None:
    """Exchange one character of each brief: no change passes."""
    root = resources.ontology_folder()
    shutil.copytree(root / "facts", tmp_path / "facts")
    shutil.copytree(root / "documents", tmp_path / "documents")
    files = sorted((tmp_path / "documents").iterdir())
    assert len(files) == 4
    for file in files:
        text = file.read_text(encoding="utf-8")
        file.write_text(text[:40] + ("x" if text[40] != "x" else "y") + text[41:], encoding="utf-8")
    run = check._Validation(inputs.load([tmp_path], 10**8), settings.load(), PLAIN)
    run.spans()
    assert {f.focus for f in run.findings} == {f"document/{f.stem}" for f in files}
    assert {f.rule for f in run.findings} == {"document-changed"}


def test_facts_that_describe_no_document(beside: Callable[..., Report]) -> None:
    assert steps_of(beside("person:ann a ph:Person .")) == {"evidence": "no document is described"}


def test_a_clean_record_conforms(report: Callable[..., Report]) -> None:
    found = report(CLEAN)
    assert errors(found) == []
    assert found.conforms
    assert {s.name: s.checked for s in found.steps}["record"] == 1


def test_a_clean_open_record_conforms(report: Callable[..., Report]) -> None:
    """Each reading brings its own holder: missing from the certain facts, but missing nowhere."""
    text = (
        OPEN
        + """reading:a { appointment:b a ph:Appointment ; rdfs:label "B"@en ; ph:post post:head ;
  ph:mode ph:substantive ; ph:holder person:ann }
    reading:b { appointment:b a ph:Appointment ; rdfs:label "B"@en ; ph:post post:head ; ph:mode ph:substantive ;
  ph:holder person:ben }"""
    )
    found = report(text)
    assert errors(found) == []
    assert {s.name: s.checked for s in found.steps}["readings"] == 2


@pytest.mark.parametrize("text", ["", "<http://x/a> <http://x/p> 1 .", "# nothing"])
def test_no_facts_of_ours_do_not_conform(text: str, report: Callable[..., Report]) -> None:
    """Checking nothing is a failure."""
    assert not report(text).conforms


@pytest.mark.parametrize(
    "text",
    [
        'post:p a ph:Post ; rdfs:label "P"@en ; ph:carriesRole role:head ; ph:heads unit:works .',
        (
            'appointment:z a ph:Appointment ; rdfs:label "Z"@en ; ph:holder person:ann ; ph:post '
            "post:head ; ph:mode ph:substantive ."
        ),
        'event:z a ph:Integration ; rdfs:label "Z"@en .',
        (
            'figure:z a ph:Figure ; rdfs:label "Z"@en ; ph:value 3 ; ph:metric ph:monthlyActiveUsers ; '
            "ph:unitOfMeasure ph:personCount ."
        ),
    ],
)
def test_a_fact_outside_any_claim_is_told(text: str, report: Callable[..., Report]) -> None:
    assert [f for f in report(CLEAN + text).findings if f.severity != "info"]


def test_a_finding_points_at_its_line_and_names_its_claim(report: Callable[..., Report], tmp_path: Path) -> None:
    found = report(CLEAN.replace("ph:carriesRole role:head", "ph:carriesRole person:ann"))
    [finding] = [f for f in errors(found) if f.rule == "Post-carriesRole"]
    assert finding.file == str(tmp_path / "facts.trig")
    lines = (tmp_path / "facts.trig").read_text(encoding="utf-8").split("\n")
    assert "ph:carriesRole person:ann" in lines[finding.line - 1]
    assert finding.focus == "post/head"
    assert finding.claims == ("N1",)
    assert finding.reading == ""
    assert not found.conforms


def test_a_missing_property_points_at_its_subject(report: Callable[..., Report], tmp_path: Path) -> None:
    found = report(CLEAN.replace("ph:carriesRole role:head ;", ""))
    [finding] = [f for f in errors(found) if f.rule == "Post-carriesRole"]
    lines = (tmp_path / "facts.trig").read_text(encoding="utf-8").split("\n")
    assert lines[finding.line - 1].strip().startswith("post:head a ph:Post")


def test_what_is_wrong_under_one_reading_only_says_so(report: Callable[..., Report]) -> None:
    text = OPEN + """reading:a { post:head ph:directs person:ann } reading:b { post:head ph:directs unit:works }"""
    assert told(report(text)) == {("post/head", "Post-directs", "first")}


def test_what_is_wrong_under_every_reading_says_nothing_of_readings(report: Callable[..., Report]) -> None:
    text = (
        OPEN
        + """reading:a { post:head ph:directs person:ann } reading:b { post:head ph:directs person:ann , unit:works }"""
    )
    assert told(report(text)) == {("post/head", "Post-directs", "")}


def test_what_is_wrong_for_certain_is_told_once(report: Callable[..., Report]) -> None:
    text = OPEN.replace("ph:carriesRole role:head", "ph:carriesRole person:ann")
    text += 'reading:a { appointment:b rdfs:label "x"@en } reading:b { appointment:b rdfs:label "y"@en }'
    found = [f for f in errors(report(text)) if f.rule == "Post-carriesRole"]
    assert len(found) == 1
    assert found[0].reading == ""


def test_a_good_figure_in_a_reading_is_no_error(report: Callable[..., Report]) -> None:
    """Helper shapes that stand inside others are not run on their own."""
    figure = (
        'figure:f a ph:Figure ; rdfs:label "F"@en ; ph:metric ph:monthlyActiveUsers ; ph:value '
        '{0} ; ph:unitOfMeasure ph:personCount ; ph:asOf "2022-01-01"^^xsd:date'
    )
    text = OPEN + f"reading:a {{ {figure.format(5)} }} reading:b {{ {figure.format(6)} }}"
    assert errors(report(text)) == []


def test_a_bad_value_that_is_no_focus_is_found_under_a_reading(report: Callable[..., Report]) -> None:
    text = OPEN + "reading:a { post:head ph:directs person:ben } reading:b { unit:works ph:category ph:coreBusiness }"
    assert told(report(text)) == {("post/head", "Post-directs", "first")}


def test_a_term_of_the_record_is_checked(report: Callable[..., Report]) -> None:
    found = report(CLEAN + "claim:1 ph:bassis ph:stated .")
    assert ("claim/1", "unknown-term", "") in told(found)
    [finding] = [f for f in errors(found) if f.rule == "unknown-term"]
    assert "basis" in finding.message
    assert finding.claims == ("N1",)


def test_a_house_rule_is_run_on_facts(report: Callable[..., Report]) -> None:
    found = report(CLEAN + "person:ann owl:sameAs person:ben .")
    assert [f for f in errors(found) if f.rule == "same-as" and f.focus == "person/ann"]


LINE = (
    'reporting:{0} a ph:ReportingLine ; rdfs:label "line"@en ; ph:subordinate post:{1} ; '
    "ph:superior post:{2} ; ph:lineType ph:direct ; ph:saidOf ph:posts"
)
OTHER = 'post:other a ph:Post ; rdfs:label "Other"@en ; ph:carriesRole role:head ; ph:heads unit:works .'


def test_the_closure_is_told_with_its_engine(report: Callable[..., Report]) -> None:
    [closing] = [s for s in report(CLEAN).steps if s.name == "closure"]
    assert str(closing) == f"closure: {closing.checked} sets of rules (engine: toy) checked"


def test_a_circle_on_one_date_is_told_with_the_date(report: Callable[..., Report]) -> None:
    text = (
        CLEAN
        + f"""reading:1 {{ {OTHER} {LINE.format("r", "head", "other")} ;
  ph:earliestStart "2020-01-01"^^xsd:date .
    {LINE.format("s", "other", "head")} ; ph:earliestStart "2021-01-01"^^xsd:date . }}"""
    )
    found = [f for f in errors(report(text)) if f.rule == "AcyclicReporting"]
    assert {f.focus for f in found} == {"post/head", "post/other"}
    assert {f.reading for f in found} == {"on 2021-01-01"}
    assert all("explain POST ph:answersUpTo POST" in f.message for f in found), "where to see the chain"


def test_a_circle_across_years_is_none(report: Callable[..., Report]) -> None:
    text = (
        CLEAN
        + f"""reading:1 {{ {OTHER} {LINE.format("r", "head", "other")} ; ph:latestEnd "2021-01-01"^^xsd:date .
    {LINE.format("s", "other", "head")} ; ph:earliestStart "2021-01-01"^^xsd:date . }}"""
    )
    found = report(text)
    assert [f for f in errors(found) if "cycl" in f.rule] == []
    assert {s.name: s.checked for s in found.steps}["cycles"] == 2


def test_a_circle_under_a_reading_names_it(report: Callable[..., Report]) -> None:
    text = OPEN + f"reading:1 {{ {OTHER} {LINE.format('r', 'head', 'other')} . }}"
    text += (
        f"reading:a {{ {LINE.format('s', 'other', 'head')} }} reading:b {{ unit:works ph:category ph:coreBusiness }}"
    )
    found = [f for f in errors(report(text)) if f.rule == "AcyclicReporting"]
    assert {(f.focus, f.reading) for f in found} == {("post/head", "first"), ("post/other", "first")}


def test_clashes_axioms_and_skipped_files_of_the_build_are_told(report: Callable[..., Report]) -> None:
    found = report(
        CLEAN,
        {
            "clashes": [{"reading": "first", "clash": "x is two things"}, {"reading": "", "clash": "y is none"}],
            "unhandled axioms": [{"subject": "ph:C", "construct": "hasSelf", "reason": "no rule"}],
            "skipped files": [{"file": "notes.md", "reason": "not RDF"}],
        },
    )
    clashes = [f for f in errors(found) if f.rule == "clash"]
    assert {f.message for f in clashes} == {"x is two things", "y is none"}
    assert any("first" in str(f) for f in clashes)
    [axiom] = [f for f in found.findings if f.rule == "unhandled-axiom"]
    assert (axiom.severity, axiom.focus, axiom.message) == ("error", "ph:C", "hasSelf: no rule")
    assert [str(s) for s in found.steps if s.name == "notes.md"] == ["notes.md: not checked: not RDF"]


def test_too_many_readings_are_an_error(report: Callable[..., Report], tmp_path: Path) -> None:
    with pytest.raises(CannotError, match="more than 1 ways"):
        report(OPEN, limits=Settings(tmp_path, max_contexts=1))


def test_text_where_a_thing_belongs_is_a_finding(report: Callable[..., Report]) -> None:
    found = report(CLEAN.replace("ph:holder person:ann", 'ph:holder "Ann: of the works", person:ann'))
    assert [f for f in errors(found) if f.focus == "appointment/a"]


def layout(folder: Path, prefixed: Callable[[str], str], shape: str) -> inputs.Inputs:
    for name, text in (("facts/f.trig", prefixed(CLEAN)), ("shapes/s.ttl", prefixed(shape))):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return inputs.load([folder], 10**8)


def test_a_users_shape_on_literals_is_run(tmp_path: Path, prefixed: Callable[[str], str]) -> None:
    """Its focus is text, with a colon in it, and no node."""
    shape = '<http://x/S> a sh:NodeShape ; sh:targetObjectsOf ph:rightsNote ; sh:pattern "^Not: " ; sh:message "No." .'
    found = check.validate(layout(tmp_path, prefixed, shape.replace("Made", "x")), MANIFEST, settings.load())
    [finding] = [f for f in found.findings if f.rule == "http://x/S"]
    assert finding.focus == "Made up."
    text = CLEAN.replace("Made up.", "Made: up here.")
    (tmp_path / "facts/f.trig").write_text(prefixed(text), encoding="utf-8")
    found = check.validate(inputs.load([tmp_path], 10**8), MANIFEST, settings.load())
    assert [f.focus for f in found.findings if f.rule == "http://x/S"] == ["Made: up here."]


def test_a_users_misspelt_shape_is_told(tmp_path: Path, prefixed: Callable[[str], str]) -> None:
    shape = "<http://x/S> a sh:NodeShape ; sh:targetClass ph:Post ; sh:propperty <http://x/P> ."
    found = check.validate(layout(tmp_path, prefixed, shape), MANIFEST, settings.load())
    assert ("http://x/S", "unknown-shacl-term") in {(f.focus, f.rule) for f in errors(found)}


def test_findings_are_sorted_and_told_once(report: Callable[..., Report]) -> None:
    found = report(
        CLEAN.replace("ph:carriesRole role:head ;", "").replace("ph:mode ph:substantive", "ph:mode person:ann")
    )
    assert list(found.findings) == sorted(set(found.findings))
    assert len(errors(found)) >= 2


def test_questions_with_too_many_joint_answers_are_told(
    tmp_path: Path, prefixed: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "facts.trig"
    path.write_text(prefixed("claim:1 a ph:Claim ."), encoding="utf-8")
    run = check._Validation(inputs.load([path], 10**8), settings.load(), PLAIN)
    monkeypatch.setattr(type(run.facts), "combined", False)
    run.shapes_on_facts()
    assert "not-combined" in {f.rule for f in run.findings}


def test_an_undecided_identity_is_told(tmp_path: Path, prefixed: Callable[[str], str]) -> None:
    path = tmp_path / "facts.trig"
    text = """interpretation:x ph:interpretationOf ambiguity:q ; ph:interpretationStatus ph:open .
    interpretation:y ph:interpretationOf ambiguity:q ; ph:interpretationStatus ph:open .
    claim:1 a ph:Claim ; ph:hasReading reading:x , reading:y . reading:x ph:underInterpretation interpretation:x .
    reading:y ph:underInterpretation interpretation:y . reading:x { person:a ph:identifiedWith person:b }
    reading:y { person:a a ph:Person }"""
    path.write_text(prefixed(text), encoding="utf-8")
    run = check._Validation(inputs.load([path], 10**8), settings.load(), PLAIN)
    run.record()
    assert ("identity-undecided", "warning") in {(f.rule, f.severity) for f in run.findings}
