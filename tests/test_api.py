"""The library as people use it from Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import rdflib

import postholder
from postholder import pipeline, resources, settings, terms
from postholder.api import KnowledgeGraph
from postholder.errors import (
    BadParameterError,
    CannotError,
    DocumentMissingError,
    QuerySyntaxError,
    RefusedQueryError,
    UnknownNameError,
    UnreadableFileError,
    WouldOverwriteError,
)
from postholder.queries.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from postholder.validation.report import Report

SMALL = """
unit:works a ph:Company ; rdfs:label "The Works"@en . person:ada a ph:Person ; rdfs:label "Ada Moss"@en .
claim:1 a ph:Claim ; dcterms:identifier "N1" ; ph:hasReading reading:1 . reading:1 a ph:Reading .
reading:1 {
  appointment:ada a ph:Appointment ; rdfs:label "Ada as head"@en ; ph:holder person:ada ; ph:post post:head .
  post:head a ph:Post ; rdfs:label "Head of the works"@en ; ph:postIn unit:works ; ph:heads unit:works .
}
"""


@pytest.fixture
def small(tmp_path: Path, prefixed: Callable[[str], str]) -> Path:
    path = tmp_path / "small.trig"
    path.write_text(prefixed(SMALL), encoding="utf-8")
    return path


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the graphs of one test in a folder of its own."""
    cache = tmp_path / "cache"
    monkeypatch.setenv("POSTHOLDER_CACHE", str(cache))
    return cache


# The public names.


def test_public_names_are_sorted_few_and_there() -> None:
    assert postholder.__all__ == sorted(postholder.__all__)
    assert len(postholder.__all__) <= 20
    assert len(set(postholder.__all__)) == len(postholder.__all__)
    assert dir(postholder) == postholder.__all__
    for name in postholder.__all__:
        assert getattr(postholder, name) is not None, name


def test_every_public_name_has_a_docstring() -> None:
    undocumented = [n for n in postholder.__all__ if n != "__version__" and not getattr(postholder, n).__doc__]
    assert undocumented == []


def test_the_package_has_no_other_public_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = postholder.nothing
    assert postholder.open is postholder.api.open_graph
    assert postholder.__version__ == terms.VERSION


# Opening.


def test_a_users_file(small: Path) -> None:
    graph = postholder.open(small, keep=False)
    assert isinstance(graph, KnowledgeGraph)
    assert graph.facts.accepted
    assert not graph.is_built
    rows = graph.sparql("PREFIX org: <http://www.w3.org/ns/org#> SELECT ?p ?u { ?p org:headOf ?u }")
    assert isinstance(rows, Rows)
    assert rows.to_dicts() == [{"p": terms.ID + "person/ada", "u": terms.ID + "unit/works"}]
    assert graph.is_built
    assert graph.kept_in == "memory only"


def test_types_of_the_register_are_closed_too(small: Path) -> None:
    """A company named in the record is a formal organisation in the view of ORG."""
    graph = postholder.open(small, keep=False)
    assert graph.sparql(f"ASK {{ <{terms.ID}unit/works> a <{terms.ORG}FormalOrganization> }}") is True


def test_a_path_may_be_text(small: Path) -> None:
    assert len(postholder.open(str(small), keep=False).inputs.facts) == 1


def test_an_unknown_store_names_the_nearest(small: Path) -> None:
    with pytest.raises(UnknownNameError, match="no store is called 'rdf'") as caught:
        postholder.open(small, store="rdf")
    assert caught.value.hint == "did you mean rdflib?"


def test_a_missing_file() -> None:
    with pytest.raises(UnreadableFileError):
        postholder.open("/nowhere/at/all.ttl")


# Asking.


def test_a_saved_question(shipped: KnowledgeGraph) -> None:
    rows = shipped.query("concurrent-appointments", person="Lu Su")
    assert rows
    assert {r["person"] for r in rows.to_dicts()} == {terms.ID + "person/lu-su"}
    assert isinstance(rows.to_pandas(), pd.DataFrame)
    assert list(rows.to_pandas().columns) == list(rows.columns)
    assert len(shipped.query("concurrent-appointments")) > len(rows)


def test_a_parameter_may_be_an_iri(shipped: KnowledgeGraph) -> None:
    by_iri = shipped.query("concurrent-appointments", person=terms.ID + "person/lu-su")
    assert by_iri.terms == shipped.query("concurrent-appointments", person="Lu Su").terms


def test_wrong_names_are_told_apart(shipped: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError, match="no question"):
        shipped.query("concurrent-appointment")
    with pytest.raises(UnknownNameError, match="no parameter"):
        shipped.query("concurrent-appointments", persn="Lu Su")
    with pytest.raises(UnknownNameError, match="nothing here"):
        shipped.query("concurrent-appointments", person="Lu Xu")


def test_a_date_parameter_is_checked(shipped: KnowledgeGraph) -> None:
    dated = [(q.name, p.name) for q in shipped.questions() for p in q.parameters if p.type == "date"]
    assert dated
    name, parameter = dated[0]
    with pytest.raises(BadParameterError):
        shipped.query(name, **{parameter: "soon"})


def test_questions_are_those_of_the_folder(shipped: KnowledgeGraph) -> None:
    assert {q.name for q in shipped.questions()} == {p.stem for p in resources.queries_folder().glob("*/*.rq")}


def test_free_queries_in_every_form(shipped: KnowledgeGraph) -> None:
    assert shipped.sparql("ASK { ?s ?p ?o }") is True
    rows = shipped.sparql("SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 2")
    assert isinstance(rows, Rows)
    assert len(rows) == 2
    triples = shipped.sparql("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 3")
    assert isinstance(triples, list)
    assert len(triples) == 3


def test_a_free_query_may_name_graphs_at_hand(shipped: KnowledgeGraph) -> None:
    text = f"SELECT * FROM <{terms.INFERRED_GRAPH}> {{ ?s ?p ?o }}"
    rows = shipped.sparql(text)
    assert isinstance(rows, Rows)
    assert len(rows) == shipped.manifest["counts"]["inferred"]
    assert terms.INFERRED_GRAPH in shipped.graph_names
    assert "" not in shipped.graph_names


def test_free_queries_are_guarded(shipped: KnowledgeGraph) -> None:
    with pytest.raises(RefusedQueryError):
        shipped.sparql("SELECT * FROM <file:///etc/passwd> {}")
    with pytest.raises(QuerySyntaxError):
        shipped.sparql("SELECT * {")


def test_both_stores_hold_the_same(small: Path) -> None:
    text = (
        "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } FILTER(!ISBLANK(?s)) } ORDER BY ?g ?s ?p ?o"
    )
    answers = {}
    for store in ("oxigraph", "rdflib"):
        graph = postholder.open(small, store=store)
        assert graph.store.name == store
        rows = graph.sparql(text)
        assert isinstance(rows, Rows)
        answers[store] = {row for row in rows.terms if not any(str(t).startswith("_:") for t in row)}
    assert len(answers["oxigraph"]) > 1000
    assert answers["oxigraph"] == answers["rdflib"]


def test_rdflib_gets_the_whole_dataset(small: Path) -> None:
    graph = postholder.open(small)
    dataset = graph.to_rdflib()
    assert isinstance(dataset, rdflib.Dataset)
    assert len(list(dataset.quads((None, None, None, None)))) == len(graph.quads)


def test_names_know_labels_and_slugs(shipped: KnowledgeGraph) -> None:
    for name in ("Lu Su", "lu-su", "person/lu-su"):
        assert shipped.names.find(name).value == terms.ID + "person/lu-su"


def test_labels_in_any_language_are_names(tmp_path: Path, prefixed: Callable[[str], str]) -> None:
    path = tmp_path / "f.trig"
    path.write_text(
        prefixed(
            'unit:w rdfs:label "Werk"@de , "Works"@en . unit:v rdfs:label "Plain" . unit:u a '
            'ph:Unit . [] rdfs:label "x" .'
        ),
        encoding="utf-8",
    )
    names = postholder.open(path, keep=False).names
    assert names.find("works").value == terms.ID + "unit/w"
    assert names.find("plain").value == terms.ID + "unit/v"
    assert names.find("u").value == terms.ID + "unit/u"
    assert names.find("werk").value == terms.ID + "unit/w"
    with pytest.raises(UnknownNameError):
        names.find("wer")


# Keeping.


def test_a_graph_is_built_once(small: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = postholder.open(small)
    assert not first.is_built
    assert first.kept_in == str(own_cache / first.inputs.key)

    def never(*_: object) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr(pipeline, "build", never)
    again = postholder.open(small)
    assert again.is_built
    assert again.quads == first.quads
    assert again.manifest == first.manifest


def test_a_report_is_kept_with_the_graph(small: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = postholder.open(small)
    report = graph.validate()
    assert report.checked
    assert (own_cache / graph.inputs.key / "report.json").is_file()

    def never(*_: object) -> None:
        raise AssertionError("validated again")

    monkeypatch.setattr("postholder.validation.check.validate", never)
    assert postholder.open(small).validate() == report


def test_a_report_is_made_once_in_memory(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []

    def count(*args: object) -> Report:
        calls.append(args)
        return postholder.Report((), ())

    monkeypatch.setattr("postholder.validation.check.validate", count)
    graph = postholder.open(small, keep=False)
    assert graph.validate() == graph.validate()
    assert len(calls) == 1


def test_changed_facts_are_built_anew(small: Path, own_cache: Path) -> None:
    first = postholder.open(small)
    _ = first.quads
    small.write_text(small.read_text(encoding="utf-8").replace("Ada Moss", "Ida Moss"), encoding="utf-8")
    second = postholder.open(small)
    assert not second.is_built
    assert second.inputs.key != first.inputs.key
    assert second.names.find("Ida Moss")
    assert own_cache.is_dir()


BROKEN: dict[str, Callable[[Path], object]] = {
    "truncated dataset": lambda f: (f / "dataset.nq").write_bytes((f / "dataset.nq").read_bytes()[:-50]),
    "a line less": lambda f: (f / "dataset.nq").write_bytes(
        b"\n".join((f / "dataset.nq").read_bytes().split(b"\n")[1:])
    ),
    "truncated manifest": lambda f: (f / "manifest.json").write_bytes((f / "manifest.json").read_bytes()[:-5]),
    "empty manifest": lambda f: (f / "manifest.json").write_bytes(b""),
    "a list for a manifest": lambda f: (f / "manifest.json").write_bytes(b"[]"),
    "no manifest": lambda f: (f / "manifest.json").unlink(),
    "no dataset": lambda f: (f / "dataset.nq").unlink(),
    "an interrupted write": lambda f: (f / "manifest.json").rename(f / ".manifest.json.1.part"),
    "a strange report": lambda f: (f / "report.json").write_text("{}", encoding="utf-8"),
}


@pytest.mark.parametrize("harm", BROKEN.values(), ids=BROKEN)
def test_a_harmed_cache_is_mended(harm: Callable[[Path], object], small: Path, own_cache: Path) -> None:
    first = postholder.open(small)
    quads = first.quads
    folder = own_cache / first.inputs.key
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    harm(folder)
    assert postholder.open(small).quads == quads
    after = {p.name: p.read_bytes() for p in folder.iterdir() if not p.name.startswith(".")}
    assert {n: after[n] for n in before} == before
    assert pipeline.load(folder, first.inputs.key) is not None


def test_a_cache_that_cannot_be_written_costs_no_answer(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("POSTHOLDER_CACHE", str(tmp_path / "file"))
    graph = postholder.open(small)
    assert graph.quads
    assert graph.kept_in == "memory only"


def test_saving(small: Path, tmp_path: Path) -> None:
    graph = postholder.open(small)
    assert graph.save(tmp_path / "out") == tmp_path / "out"
    found = pipeline.load(tmp_path / "out", graph.inputs.key)
    assert found is not None
    assert found[0].quads == graph.quads
    assert found[1] == graph.validate()
    assert graph.save(str(tmp_path / "out")) == tmp_path / "out"


def test_saving_where_it_cannot_be(small: Path, tmp_path: Path) -> None:
    graph = postholder.open(small)
    (tmp_path / "file").touch()
    with pytest.raises(CannotError, match="cannot write"):
        graph.save(tmp_path / "file" / "out")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    with pytest.raises(WouldOverwriteError):
        graph.save(tmp_path / "full")


# Checking and handing on.


def test_evidence_needs_the_document(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(DocumentMissingError, match="not at hand") as caught:
        shipped.evidence(tmp_path / "none.txt")
    assert str(caught.value.place) == str(tmp_path / "none.txt")
    with pytest.raises(DocumentMissingError):
        shipped.evidence(tmp_path)


def test_evidence_of_another_text(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "other.txt"
    path.write_text("Something else altogether.", encoding="utf-8")
    with pytest.raises(UnknownNameError, match="none of the documents"):
        shipped.evidence(path)
    report = shipped.evidence(path, "taobao-tmall")
    assert not report.ok
    assert not report.document_matches
    assert report.checked > 93
    assert report.matched == 0
    assert len(report.fallen) == 93


def test_evidence_is_bounded(small: Path, tmp_path: Path) -> None:
    graph = postholder.open(small, keep=False)
    tight = KnowledgeGraph(graph.inputs, settings.Settings(tmp_path, max_file_bytes=10))
    path = tmp_path / "long.txt"
    path.write_text("x" * 11, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="larger"):
        tight.evidence(path)


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/random"])
def test_evidence_reads_files_only(name: str, shipped: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device has no size and no end."""
    read: list[object] = []

    def endless(self: object) -> Any:
        read.append(self)
        return b""

    monkeypatch.setattr("pathlib.Path.read_bytes", endless)
    with pytest.raises((DocumentMissingError, UnreadableFileError)):
        shipped.evidence(name)
    assert read == []


def test_evidence_of_the_article(shipped: KnowledgeGraph, article: Path) -> None:
    assert shipped.evidence(article).ok
    assert shipped.evidence(str(article), "taobao-tmall").claims == 93


def test_an_export_goes_to_its_writer(small: Path, tmp_path: Path) -> None:
    graph = postholder.open(small)
    with pytest.raises(UnknownNameError):
        graph.export("no-such-format", tmp_path / "out")
    result = graph.export("turtle", tmp_path / "out.ttl")
    assert isinstance(result, postholder.ExportResult)
