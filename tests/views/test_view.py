"""The options that choose a view, on every command that takes them."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, parse

from postholder import terms
from postholder.api import open_graph
from postholder.cli.main import main
from postholder.errors import BadParameterError, CannotError, UnknownNameError
from postholder.graph import ph
from postholder.queries.rows import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from postholder.api import KnowledgeGraph

FACTS = """
document:march a ph:Document ; dcterms:title "March notes"@en ; ph:publishedEarliest "2023-03-01"^^xsd:date ;
  ph:publishedLatest "2023-03-01"^^xsd:date .
document:june a ph:Document ; dcterms:title "June notes"@en ; ph:publishedEarliest "2023-06-01"^^xsd:date ;
  ph:publishedLatest "2023-06-01"^^xsd:date .
<urn:p1> a ph:Passage ; ph:inDocument document:march . <urn:p2> a ph:Passage ; ph:inDocument document:june .
person:ann a ph:Person ; rdfs:label "Ann"@en . person:ben a ph:Person ; rdfs:label "Ben"@en .
claim:1 a ph:Claim ; dcterms:identifier "M1" ; ph:basis ph:stated ; ph:modality ph:actual ; ph:evidence <urn:p1> ;
  ph:hasReading reading:1 . reading:1 a ph:Reading .
claim:2 a ph:Claim ; dcterms:identifier "J1" ; ph:basis ph:stated ; ph:modality ph:actual ; ph:evidence <urn:p2> ;
  ph:hasReading reading:2 . reading:2 a ph:Reading .
reading:1 { post:head a ph:Post ; rdfs:label "Head"@en . appointment:a a ph:Appointment ; ph:holder person:ann ;
  ph:post post:head ; ph:ongoingAt "2023-02-01"^^xsd:date }
reading:2 { appointment:a ph:earliestEnd "2023-05-01"^^xsd:date ; ph:latestEnd "2023-05-01"^^xsd:date .
  appointment:b a ph:Appointment ; ph:holder person:ben ; ph:post post:head ;
  ph:earliestStart "2023-05-01"^^xsd:date ; ph:latestStart "2023-05-01"^^xsd:date }
"""


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory, prefixed: Callable[[str], str]) -> Path:
    path = tmp_path_factory.mktemp("views") / "facts.trig"
    path.write_text(prefixed(FACTS), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def graph(facts: Path) -> KnowledgeGraph:
    return open_graph(facts, keep=False)


def holders(graph: KnowledgeGraph, **view: str) -> dict[str, str]:
    rows = graph.view(**view).query("who-holds")
    return {str(r["person_label"]): str(r.get("certainty", "")) for r in rows}


@pytest.mark.parametrize(("view", "found"), [
    ({}, {"Ann": "", "Ben": ""}),
    ({"as_of": "2023-01-31"}, {"Ann": "possible"}),
    ({"as_of": "2023-02-01"}, {"Ann": "certain"}),
    ({"as_of": "2023-04-30"}, {"Ann": "certain"}),
    ({"as_of": "2023-05-01"}, {"Ben": "certain"}),
    ({"as_of": "2023-05-02"}, {"Ben": "possible"}),
    ({"as_of": "2023-05-02", "certainty": "certain"}, {}),
    ({"as_of": "2023-05-02", "known_at": "2023-05-31"}, {"Ann": "possible"}),
    ({"as_of": "2023-04-30", "known_at": "2023-05-31", "certainty": "certain"}, {}),
    ({"known_at": "2023-05-31"}, {"Ann": ""}),
    ({"known_at": "2023-02-28"}, {}),
    ({"according_to": "March notes"}, {"Ann": ""}),
    ({"according_to": "all"}, {"Ann": "", "Ben": ""}),
])  # fmt: skip
@pytest.mark.parametrize("store", ["oxigraph", "rdflib"])
def test_who_holds_the_post(view: dict[str, str], found: dict[str, str], store: str, facts: Path) -> None:
    assert holders(open_graph(facts, store=store, keep=False), **view) == found


def test_a_view_tells_of_itself(graph: KnowledgeGraph) -> None:
    rows = graph.view("2023-05-02", "2023-05-31").sparql(
        f"PREFIX ph: <{terms.PH}> SELECT ?on ?at ?how WHERE "
        f"{{ <{terms.ID}view> a ph:View ; ph:validOn ?on ; ph:knownAt ?at ; ph:certainty ?how }}"
    )
    assert not isinstance(rows, bool | list)
    assert [[str(cell) for cell in row.values()] for row in rows] == [
        ["2023-05-02", "2023-05-31", terms.PH + "possible"]
    ]


def test_each_thing_tells_how_it_stands_and_who_says_so(graph: KnowledgeGraph) -> None:
    quads = graph.view("2023-05-02").quads
    told = {(q.predicate, shown(q.object)) for q in quads if q.subject.value == terms.ID + "appointment/b"}  # type: ignore[union-attr]
    assert (ph("standing"), "ph:possible") in told
    assert (ph("standingReason"), "began 2023-05-01; no end told") in told
    assert (ph("attestedBy"), "claim/2") in told


def test_views_are_kept_apart(graph: KnowledgeGraph) -> None:
    assert graph.view() is graph
    one, other = graph.view("2023-05-01"), graph.view("2023-05-01", certainty="certain")
    assert one.quads != other.quads
    assert one.view() is one
    narrower = one.view(known_at="2023-05-31").view(certainty="certain")
    assert narrower.asked == graph.view("2023-05-01", "2023-05-31", "certain").asked


@pytest.mark.parametrize("day", ["2023", "2023-05", "yesterday", "", "2023-02-30", "0000-01-01"])
def test_what_is_no_day_is_refused(day: str, graph: KnowledgeGraph) -> None:
    with pytest.raises(BadParameterError, match="not a day"):
        graph.view(as_of=day)
    with pytest.raises(BadParameterError, match="not a day"):
        graph.view(known_at=day)


def test_an_unknown_source_names_the_nearest(graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError, match="nothing here") as error:
        graph.view(according_to="Marsh notes")
    assert "March notes" in str(error.value)


def test_an_unknown_certainty_is_refused(graph: KnowledgeGraph) -> None:
    with pytest.raises(BadParameterError, match="no certainty"):
        graph.view(certainty="sure")


# On the command line.


def run(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    status = main([str(a) for a in argv])
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return status, captured.out, captured.err


def test_a_query_marks_its_rows(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "query", "who-holds", "--data", facts, "--as-of", "2023-05-02", "--format", "csv")
    assert status == 0
    [row] = csv.DictReader(io.StringIO(out))
    assert (row["person_label"], row["certainty"]) == ("Ben", "possible")
    told = "2 claims, 0 dated things certain, 1 possible, 1 left out"
    assert f"view: as of 2023-05-02, by all that is recorded, possible too; {told}" in err


def test_no_rows_tell_of_the_view(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(
        capsys, "query", "who-holds", "--data", facts, "--as-of", "2023-05-02", "--certainty", "certain"
    )
    assert status == 0
    told = "2 claims, 0 dated things certain, 2 left out"
    assert f"in the view as of 2023-05-02, by all that is recorded, certain only; {told}" in out


def test_an_export_holds_the_view_only(facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.nq"
    status, _, _ = run(
        capsys, "export", "nquads", "--to", target, "--data", facts, "--as-of", "2023-02-01", "--certainty", "certain"
    )
    assert status == 0
    subjects = {str(q.subject) for q in parse(target.read_bytes(), format=RdfFormat.N_QUADS)}
    assert f"<{terms.ID}appointment/a>" in subjects
    assert f"<{terms.ID}appointment/b>" not in subjects


def test_sparql_sees_the_view(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = f"ASK {{ ?a <{terms.PH}holder> <{terms.ID}person/ben> }}"
    assert run(capsys, "sparql", query, "--data", facts, "--as-of", "2023-04-01")[1].strip() == "false"
    assert run(capsys, "sparql", query, "--data", facts)[1].strip() == "true"


def test_a_view_can_be_validated(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "validate", facts, "--as-of", "2023-04-01", "--format", "json")
    assert status in {0, 1}
    assert json.loads(out)["steps"]


def test_a_view_without_claims_does_not_conform(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "validate", facts, "--known-at", "2020-01-01")
    assert status == 1
    assert "no claim stands in this view: nothing was checked" in out


def test_the_overview_of_a_day(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = run(capsys, "overview", "--data", facts, "--as-of", "2023-04-01")
    assert "Ann" in out
    assert "Ben" not in out.split("Ask on")[0]
    assert "view: as of 2023-04-01" in err


@pytest.mark.parametrize("option", ["--as-of", "--known-at"])
def test_a_month_is_refused_with_advice(option: str, facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "query", "who-holds", "--data", facts, option, "2023-05")
    assert (status, out) == (2, "")
    assert "its first and its last day" in err


def test_views_of_different_facts_are_not_compared(graph: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "other.trig"
    path.write_text("", encoding="utf-8")
    with pytest.raises(CannotError, match="different facts"):
        graph.diff(open_graph(path, keep=False))


def test_a_day_is_given_once(graph: KnowledgeGraph) -> None:
    with pytest.raises(BadParameterError, match="given twice"):
        graph.view("2023-05-01").query("org-chart", as_of="2023-05-01")
    chart = graph.view("2023-05-01").query("org-chart")
    assert {str(r["state"]) for r in chart if r["thing_label"]} != {"any day"}


def test_a_question_over_time_is_not_cut_by_a_day(graph: KnowledgeGraph) -> None:
    [row] = graph.view("2023-05-01").query("successions")
    assert (row["predecessor_label"], row["successor_label"]) == ("Ann", "Ben")


def test_what_is_missing_for_certain_is_missing_from_all_that_is_possible(shipped: KnowledgeGraph) -> None:
    def posts(certainty: str) -> dict[str, str]:
        rows = shipped.view("2023-10-01", certainty=certainty).query("posts-without-superior")
        return {str(r["post"]).rpartition("/")[2]: str(r.get("certainty", "")) for r in rows}

    sure, perhaps = posts("certain"), posts("possible")
    assert "live-broadcasting-lead" not in sure
    assert perhaps["live-broadcasting-lead"] == "possible"
    assert {p for p, how in perhaps.items() if how == "certain"} == set(sure)
