"""Building, keeping and reading back a graph: stated, certain and conditional facts never mix."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from postholder import pipeline, settings, terms
from postholder.closure.base import Clash, Closure, UnhandledAxiom
from postholder.closure.memory import MemoryEngine
from postholder.closure.rules import Rule
from postholder.closure.timed import RULES
from postholder.doctor import examine
from postholder.errors import CannotError, WouldOverwriteError
from postholder.explanations.checking.check import Checker
from postholder.graph import DEFAULT, LABEL, TYPE, ph, text_of
from postholder.perspective.shown import view_triples
from postholder.pipeline import Built
from postholder.sources import inputs
from postholder.validation.report import Finding, Report, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from postholder.api import KnowledgeGraph
    from postholder.readings import Facts

INFERRED = NamedNode(terms.INFERRED_GRAPH)
ONTOLOGY = NamedNode(terms.ONTOLOGY_GRAPH)


def unit(name: str) -> NamedNode:
    return NamedNode(f"{terms.ID}unit/{name}")


def under(name: str) -> NamedNode:
    return NamedNode(f"{terms.INFERRED_GRAPH}/{name}")


class CentersAreUnits:
    """An engine with one rule and one clash, so that the layout can be seen."""

    name = "toy"
    version = "1"

    def unhandled(self, axioms: Sequence[Triple]) -> list[UnhandledAxiom]:
        """Report one axiom when there is any."""
        return [UnhandledAxiom("ph:Center", "hasSelf", "no rule")] if axioms else []

    def close(
        self, axioms: Sequence[Triple], base: Sequence[Triple], additions: Sequence[Sequence[Triple]]
    ) -> list[Closure]:
        """Type every center as a unit; call it a clash when something is also a person."""
        assert axioms is not None
        return [self._one([*base, *extra]) for extra in [[], *additions]]

    @staticmethod
    def _one(triples: list[Triple]) -> Closure:
        given = set(triples)
        found = {Triple(t.subject, TYPE, ph("Unit")) for t in triples if t.object == ph("Center")} - given
        clashes = tuple(Clash("toy", f"{t.subject} is a person") for t in triples if t.object == ph("Person"))
        return Closure(tuple(sorted(found, key=str)), clashes)


OPEN = """
interpretation:a1 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open ; rdfs:label "first"@en .
interpretation:a2 ph:interpretationOf ambiguity:A ; ph:interpretationStatus ph:open ; rdfs:label "second"@en .
claim:1 ph:hasReading reading:0 . claim:2 ph:hasReading reading:1 , reading:2 .
reading:1 ph:underInterpretation interpretation:a1 . reading:2 ph:underInterpretation interpretation:a2 .
"""


def laid_out(
    facts: Facts, ontology: Sequence[Triple] = (), rules: Sequence[Rule] = ()
) -> tuple[dict[object, set[tuple[str, str]]], dict[str, Any]]:
    """Return (subject, type) of each graph of the dataset, and the account."""
    quads, account = pipeline.assemble(facts, ontology, CentersAreUnits(), rules, 99)
    assert len(quads) == len(set(quads)) == account["counts"]["quads"]
    graphs: dict[object, set[tuple[str, str]]] = defaultdict(set)
    for q in quads:
        if q.predicate == TYPE and str(q.subject).startswith(f"<{terms.ID}unit/"):
            graphs[q.graph_name].add((text_of(q.subject).rpartition("/")[2], text_of(q.object).removeprefix(terms.PH)))
    return dict(graphs), account


def test_each_fact_stands_where_it_belongs(facts_of: Callable[[str], Facts]) -> None:
    graphs, account = laid_out(
        facts_of(
            OPEN
            + """reading:0 { unit:sure a ph:Center }
            reading:1 { unit:both a ph:Center . unit:one a ph:Center }
            reading:2 { unit:both a ph:Center . unit:two a ph:Team }"""
        )
    )
    assert graphs == {
        DEFAULT: {("sure", "Center"), ("sure", "Unit"), ("both", "Center"), ("both", "Unit")},
        NamedNode(terms.ID + "reading/0"): {("sure", "Center")},
        NamedNode(terms.ID + "reading/1"): {("both", "Center"), ("one", "Center")},
        NamedNode(terms.ID + "reading/2"): {("both", "Center"), ("two", "Team")},
        INFERRED: {("sure", "Unit"), ("both", "Unit")},
        under("a1"): {("one", "Unit")},
    }
    counts = account["counts"]
    assert (counts["accepted"], counts["inferred"], counts["inferred under readings"]) == (2, 2, 1)
    assert (counts["readings"], counts["open questions"]) == (3, 1)


def test_what_every_reading_implies_is_certain(facts_of: Callable[[str], Facts]) -> None:
    """Each reading makes another thing a center, and each makes `x` a unit in its own way."""
    graphs, _ = laid_out(
        facts_of(OPEN + "reading:1 { unit:x a ph:Center , ph:Sector } reading:2 { unit:x a ph:Center , ph:Team }")
    )
    assert graphs[INFERRED] == {("x", "Unit")}
    assert graphs[DEFAULT] == {("x", "Unit"), ("x", "Center")}


def test_what_one_reading_states_and_the_other_implies_is_certain(facts_of: Callable[[str], Facts]) -> None:
    graphs, _ = laid_out(facts_of(OPEN + "reading:1 { unit:x a ph:Unit } reading:2 { unit:x a ph:Center }"))
    assert graphs[DEFAULT] == {("x", "Unit")}
    assert under("a1") not in graphs
    assert under("a2") not in graphs


def test_a_rejected_reading_is_kept_but_nothing_follows_from_it(facts_of: Callable[[str], Facts]) -> None:
    text = OPEN.replace("ph:open", "ph:preferred", 1).replace("ph:open", "ph:rejected")
    graphs, account = laid_out(facts_of(text + "reading:1 { unit:x a ph:Center } reading:2 { unit:y a ph:Center }"))
    assert graphs[DEFAULT] == {("x", "Center"), ("x", "Unit")}
    assert graphs[NamedNode(terms.ID + "reading/2")] == {("y", "Center")}
    assert graphs[INFERRED] == {("x", "Unit")}
    assert account["counts"]["open questions"] == 0


def test_rules_see_what_the_engine_inferred(facts_of: Callable[[str], Facts]) -> None:
    rule = Rule("r", "", "", f"CONSTRUCT {{ ?x a <{terms.PH}Team> }} WHERE {{ ?x a <{terms.PH}Unit> }}")
    text = OPEN + "reading:1 { unit:x a ph:Center } reading:0 { unit:y a ph:Center }"
    graphs, _ = laid_out(facts_of(text), rules=[rule])
    assert graphs[INFERRED] == {("y", "Unit"), ("y", "Team")}
    assert graphs[under("a1")] == {("x", "Unit"), ("x", "Team")}


def test_inferred_graphs_are_described(facts_of: Callable[[str], Facts]) -> None:
    quads, _ = pipeline.assemble(facts_of(OPEN + "reading:1 { unit:x a ph:Center }"), [], CentersAreUnits(), [], 99)
    described = {(q.subject, q.predicate, q.object) for q in quads if q.graph_name == DEFAULT}
    for name, label in (("a1", "first"), ("a2", "second")):
        assert (under(name), TYPE, ph("InferredGraph")) in described
        assert (under(name), LABEL, Literal(label, language="en")) in described
        assert (under(name), ph("underInterpretation"), NamedNode(f"{terms.ID}interpretation/{name}")) in described
    assert (INFERRED, TYPE, ph("InferredGraph")) in described


def test_clashes_name_their_reading(facts_of: Callable[[str], Facts]) -> None:
    text = OPEN + "reading:0 { unit:p a ph:Person } reading:1 { unit:q a ph:Person }"
    _, account = laid_out(facts_of(text))
    found = {(c["reading"], c["clash"].rpartition("/")[2].split(">")[0]) for c in account["clashes"]}
    assert {("", "p"), ("first", "q")} <= found <= {("", "p"), ("first", "p"), ("first", "q"), ("second", "p")}


def test_a_clash_names_the_stated_facts_that_lead_to_it(facts_of: Callable[[str], Facts]) -> None:
    ontology = [Triple(ph("Center"), NamedNode(terms.OWL + "disjointWith"), ph("Person"))]
    facts = facts_of(OPEN + "reading:0 { unit:p a ph:Person } reading:1 { unit:p a ph:Center . unit:q a ph:Center }")
    _, account = pipeline.assemble(facts, ontology, MemoryEngine(60), [], 99)
    kind = TYPE.value
    assert account["clashes"] == [
        {
            "reading": "first",
            "clash": "unit/p is of two disjoint classes, ph:Center and ph:Person (cax-dw)",
            "rule": "cax-dw",
            "stated": [f"<{terms.ID}unit/p> <{kind}> <{terms.PH}{name}> ." for name in ("Center", "Person")],
        }
    ]


def test_our_vocabulary_is_at_hand_and_foreign_stays_in_its_graph(facts_of: Callable[[str], Facts]) -> None:
    foreign = Triple(NamedNode(terms.ORG + "Post"), LABEL, Literal("post"))
    anonymous = Triple(BlankNode("b"), LABEL, Literal("x"))
    own = Triple(ph("Post"), LABEL, Literal("post", language="en"))
    quads, _ = pipeline.assemble(facts_of(OPEN), [own, foreign, anonymous], CentersAreUnits(), [], 99)
    where = {t: {q.graph_name for q in quads if q.triple == t} for t in (own, foreign, anonymous)}
    assert where == {own: {DEFAULT, ONTOLOGY}, foreign: {ONTOLOGY}, anonymous: set()}


def test_too_many_readings_are_refused(facts_of: Callable[[str], Facts]) -> None:
    with pytest.raises(CannotError, match="more than 1 ways"):
        pipeline.assemble(facts_of(OPEN), [], CentersAreUnits(), [], 1)


@pytest.mark.parametrize("name", [terms.INFERRED_GRAPH, terms.ONTOLOGY_GRAPH, terms.INFERRED_GRAPH + "/a1"])
def test_a_users_graph_cannot_pass_for_ours(facts_of: Callable[[str], Facts], name: str) -> None:
    """What a file states in a graph of our name is refused or kept out of it."""
    text = OPEN + f"<{name}> {{ unit:false a ph:Unit }} reading:0 {{ unit:sure a ph:Center }}"
    try:
        graphs, _ = laid_out(facts_of(text))
    except CannotError as error:
        assert name in str(error)
    else:
        assert ("false", "Unit") not in graphs.get(NamedNode(name), set())
        assert ("false", "Unit") not in graphs[DEFAULT]


# The shipped dataset.


@pytest.fixture(scope="module")
def graphs(shipped: KnowledgeGraph) -> dict[object, set[Triple]]:
    found: dict[object, set[Triple]] = defaultdict(set)
    for quad in shipped.quads:
        found[quad.graph_name].add(quad.triple)
    return dict(found)


def test_the_shipped_manifest(shipped: KnowledgeGraph) -> None:
    manifest = shipped.manifest
    assert manifest["engine"] == {"name": "postholder", "version": terms.VERSION}
    assert manifest["postholder"] == terms.VERSION
    assert manifest["unhandled axioms"] == []
    assert manifest["clashes"] == []
    assert manifest["skipped files"] == []
    assert manifest["rules"] == [*RULES, *sorted(p.stem for p in shipped.inputs.rules.glob("*.rq"))]
    assert manifest["counts"]["quads"] == len(shipped.quads) == len(set(shipped.quads))
    assert manifest["counts"]["inferred under readings"] > 0


def test_no_stated_fact_stands_in_an_inferred_graph(shipped: KnowledgeGraph, graphs: dict[object, set[Triple]]) -> None:
    stated = {t for r in shipped.facts.graphs for t in graphs[r]} | set(shipped.facts.record)
    assert len(stated) > 1000
    assert graphs[INFERRED].isdisjoint(shipped.facts.accepted)
    assert graphs[INFERRED].isdisjoint(shipped.facts.record)
    conditional = [g for g in graphs if str(g).startswith(f"<{terms.INFERRED_GRAPH}/")]
    assert len(conditional) > 2
    for graph in conditional:
        assert graphs[graph]
        assert graphs[graph].isdisjoint(stated)
        assert graphs[graph].isdisjoint(graphs[INFERRED])


def test_no_conditional_fact_stands_in_the_default_graph(
    shipped: KnowledgeGraph, graphs: dict[object, set[Triple]]
) -> None:
    accepted = set(shipped.facts.accepted)
    contexts = [c for cluster in shipped.facts.clusters(999) for c in cluster]
    conditional = {t for c in contexts for t in c.stated} - graphs[INFERRED]
    assert conditional
    assert graphs[DEFAULT].isdisjoint(conditional)
    for context in contexts:
        assert graphs[DEFAULT].isdisjoint(graphs.get(context.inferred_graph, set()))
    described = {t for t in graphs[DEFAULT] if str(t.subject).startswith(f"<{terms.GRAPH}")}
    ours = {t for t in graphs[ONTOLOGY] if str(t.subject).startswith(f"<{terms.BASE}")}
    told = set(view_triples(shipped.facts))
    assert told
    withdrawn = {t for t in graphs[DEFAULT] if t.predicate == ph("withdrawnReading")}
    assert {t.subject for t in withdrawn} == shipped.facts.withdrawn
    gone = {t for t in shipped.facts.record if t not in graphs[DEFAULT]}
    assert {t.subject for t in gone} <= shipped.facts.withdrawn | shipped.facts.out_of_force
    record = set(shipped.facts.record) - gone | withdrawn
    assert graphs[DEFAULT] == record | accepted | graphs[INFERRED] | ours | described | told


def test_every_reading_keeps_its_graph(shipped: KnowledgeGraph, graphs: dict[object, set[Triple]]) -> None:
    assert len(shipped.facts.graphs) > 93
    for reading, triples in shipped.facts.graphs.items():
        assert graphs[reading] == set(triples)


def test_no_literal_is_a_subject_and_no_one_is_another(graphs: dict[object, set[Triple]]) -> None:
    everything = [t for triples in graphs.values() for t in triples]
    assert len(everything) > 5000
    assert [t for t in everything if isinstance(t.subject, Literal)] == []
    assert [t for t in everything if t.predicate.value == terms.OWL + "sameAs"] == []
    assert [t for t in everything if "agent-ont#error" in str(t)] == []


# Keeping.

QUADS = (
    Quad(unit("a"), TYPE, ph("Unit"), DefaultGraph()),
    Quad(unit("b"), LABEL, Literal("B\n\u00e9"), NamedNode("http://x/g")),
)
MANIFEST: dict[str, Any] = {
    **{part: [] for part in pipeline._PARTS},
    "key": "k",
    "format": pipeline._FORMAT,
    "counts": {"quads": 2},
    "engine": {"name": "\u00e9"},
}
BUILT = Built(QUADS, MANIFEST)
REPORT = Report((Finding("f", 1, "x", "r", "m", claims=("F1",)),), (Step("s", 1, "things"),))


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    assert not pipeline.exists(folder)
    pipeline.save(BUILT, folder, REPORT)
    assert pipeline.exists(folder)
    assert pipeline.load(folder, "k") == (BUILT, REPORT)
    assert {p.name for p in folder.iterdir()} == {"dataset.nq", "manifest.json", "report.json"}


def test_without_a_report_there_is_none(tmp_path: Path) -> None:
    pipeline.save(BUILT, tmp_path)
    assert pipeline.load(tmp_path, "k") == (BUILT, None)
    assert list(parse((tmp_path / "dataset.nq").read_bytes(), format=RdfFormat.N_QUADS)) == list(QUADS)


def test_a_build_replaces_an_earlier_one(tmp_path: Path) -> None:
    pipeline.save(BUILT, tmp_path, REPORT)
    pipeline.save(replace(BUILT, quads=QUADS[:1], manifest={**BUILT.manifest, "counts": {"quads": 1}}), tmp_path)
    found = pipeline.load(tmp_path, "k")
    assert found is not None
    assert found[0].quads == QUADS[:1]


def test_a_report_of_an_earlier_build_is_not_taken_for_ours(tmp_path: Path) -> None:
    pipeline.save(BUILT, tmp_path, REPORT)
    pipeline.save(replace(BUILT, manifest={**BUILT.manifest, "key": "other"}), tmp_path)
    found = pipeline.load(tmp_path, "other")
    assert found is not None
    assert found[1] is None


def test_another_key_or_format_is_not_loaded(tmp_path: Path) -> None:
    pipeline.save(BUILT, tmp_path)
    assert pipeline.load(tmp_path, "other") is None
    pipeline.save(replace(BUILT, manifest={**BUILT.manifest, "format": 0}), tmp_path)
    assert pipeline.load(tmp_path, "k") is None


def test_nothing_there_is_nothing_loaded(tmp_path: Path) -> None:
    assert pipeline.load(tmp_path, "k") is None
    assert pipeline.load(tmp_path / "none", "k") is None


def test_a_truncated_dataset_is_not_trusted(tmp_path: Path) -> None:
    pipeline.save(BUILT, tmp_path)
    path = tmp_path / "dataset.nq"
    data = path.read_bytes()
    lengths = range(len(data) - 1)
    assert len(lengths) > 100
    for length in lengths:
        path.write_bytes(data[:length])
        assert pipeline.load(tmp_path, "k") is None, length
    path.unlink()
    assert pipeline.load(tmp_path, "k") is None


def test_a_truncated_manifest_is_not_trusted(tmp_path: Path) -> None:
    pipeline.save(BUILT, tmp_path)
    path = tmp_path / "manifest.json"
    data = path.read_bytes()
    lengths = range(len(data) - 1)
    assert len(lengths) > 50
    for length in lengths:
        path.write_bytes(data[:length])
        assert pipeline.load(tmp_path, "k") is None, length


@pytest.mark.parametrize(
    "content",
    ["[]", "null", '"k"', "{}", '{"key": "k"}', "\x00", '{"key": "k", "format": 1, "counts": []}',
     '{"key": "k", "format": 1, "counts": {}}', '{"key": "k", "format": 1, "counts": {"quads": "2"}}'],
)  # fmt: skip
def test_a_strange_manifest_is_not_trusted(tmp_path: Path, content: str) -> None:
    pipeline.save(BUILT, tmp_path)
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    assert pipeline.load(tmp_path, "k") is None


@pytest.mark.parametrize("part", sorted(pipeline._PARTS))
def test_a_manifest_that_lacks_a_part_is_not_trusted(tmp_path: Path, part: str) -> None:
    pipeline.save(BUILT, tmp_path)
    lacking = {k: v for k, v in MANIFEST.items() if k != part}
    (tmp_path / "manifest.json").write_text(json.dumps(lacking), encoding="utf-8")
    assert pipeline.load(tmp_path, "k") is None


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "{}", '{"findings": 1}', '{"findings": [{}], "steps": []}'])
def test_a_strange_report_is_not_trusted(tmp_path: Path, content: str) -> None:
    pipeline.save(BUILT, tmp_path, REPORT)
    (tmp_path / "report.json").write_text(content, encoding="utf-8")
    found = pipeline.load(tmp_path, "k")
    assert found is None or found[1] is None


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "dataset.nq.bak"])
def test_a_foreign_folder_is_refused(tmp_path: Path, name: str) -> None:
    pipeline.save(BUILT, tmp_path)
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(WouldOverwriteError, match=name) as caught:
        pipeline.save(BUILT, tmp_path)
    assert caught.value.hint
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_a_dataset_of_someone_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "dataset.nq").write_text("mine", encoding="utf-8")
    with pytest.raises(WouldOverwriteError, match="not from a finished build"):
        pipeline.save(BUILT, tmp_path)
    assert (tmp_path / "dataset.nq").read_text(encoding="utf-8") == "mine"


def test_a_half_written_build_has_no_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = pipeline._write
    written: list[str] = []

    def failing(path: Path, data: bytes) -> None:
        if path.name != "dataset.nq":
            raise OSError(28, "No space left on device")
        written.append(path.name)
        real(path, data)

    monkeypatch.setattr(pipeline, "_write", failing)
    with pytest.raises(OSError, match="No space"):
        pipeline.save(BUILT, tmp_path / "out", REPORT)
    assert written == ["dataset.nq"]
    assert not pipeline.exists(tmp_path / "out")
    assert pipeline.load(tmp_path / "out", "k") is None


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.save(BUILT, tmp_path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def full(self: Path, _: bytes) -> int:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(tmp_path), "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        pipeline.save(BUILT, tmp_path)
    monkeypatch.undo()
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_the_files_are_as_readable_as_others(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    pipeline.save(BUILT, tmp_path / "out")
    modes = {p.stat().st_mode for p in (tmp_path / "out").iterdir()}
    assert modes == {(tmp_path / "other").stat().st_mode}


FACTS = (
    OPEN
    + """
reading:0 { unit:sure a ph:Center ; rdfs:label "Sure"@en . [] rdfs:label "nameless" }
reading:1 { appointment:x ph:holder person:a , person:b ; ph:post post:p . post:p ph:heads unit:sure }
reading:2 { unit:both a ph:Center . unit:two a ph:Team }
"""
)


def test_the_dataset_is_the_same_bytes_in_every_run(tmp_path: Path, prefixed: Callable[[str], str]) -> None:
    path = tmp_path / "facts.trig"
    path.write_text(prefixed(FACTS), encoding="utf-8")
    outputs = {}
    for seed in ("1", "2"):
        target = tmp_path / seed
        code = f"import postholder; postholder.open({str(path)!r}, keep=False).save({str(target)!r})"
        env = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        outputs[seed] = {p.name: p.read_bytes() for p in sorted(target.iterdir())}
    assert set(outputs["1"]) == {"dataset.nq", "manifest.json", "report.json"}
    assert outputs["1"] == outputs["2"]
    assert b"org#holds" in outputs["1"]["dataset.nq"]


def test_building_touches_no_file(
    tmp_path: Path, prefixed: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "facts.trig"
    path.write_text(prefixed(FACTS), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    built = pipeline.build(inputs.load([path], 10**8), CentersAreUnits(), settings.load())
    assert [p.name for p in tmp_path.iterdir()] == ["facts.trig"]
    assert built.manifest["unhandled axioms"] == [{"subject": "ph:Center", "construct": "hasSelf", "reason": "no rule"}]
    assert json.loads(json.dumps(built.manifest)) == built.manifest


def test_views_built_longest_ago_go_first(tmp_path: Path) -> None:
    for number in range(4):
        pipeline.save(BUILT, tmp_path / f"v{number}", own=True)
        os.utime(tmp_path / f"v{number}" / "manifest.json", (number, number))
    (tmp_path / "other").mkdir()
    pipeline.prune(tmp_path, 2)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["other", "v2", "v3"]


def test_an_edited_dataset_is_not_taken_up(tmp_path: Path) -> None:
    pipeline.save(BUILT, tmp_path / "kept", own=True)
    key = BUILT.manifest["key"]
    assert pipeline.load(tmp_path / "kept", key) is not None
    data = (tmp_path / "kept" / "dataset.nq").read_bytes()
    (tmp_path / "kept" / "dataset.nq").write_bytes(data.replace(b"a", b"b", 1))
    assert pipeline.load(tmp_path / "kept", key) is None


def test_the_collector_is_left_as_it_was() -> None:
    assert gc.isenabled()

    def fail() -> None:
        with pipeline._all_stays():
            assert not gc.isenabled()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert gc.isenabled()
    gc.disable()
    try:
        with pipeline._all_stays():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_clash_of_a_build_has_its_proof_down_to_claims(graph_of: Callable[[str], KnowledgeGraph]) -> None:
    """The proof of a clash is one that the checker accepts, and names claims, documents and days."""
    graph = graph_of(
        """
        document:d a ph:Document ; ph:publishedEarliest "2023-01-01"^^xsd:date ;
          ph:publishedLatest "2023-01-02"^^xsd:date .
        <https://w3id.org/postholder/id/document/d#char=3,9> a ph:Passage ; ph:inDocument document:d ; ph:start 3 ;
          ph:end 9 .
        claim:c a ph:Claim ; dcterms:identifier "C1" ; ph:hasReading reading:c ;
          ph:evidence <https://w3id.org/postholder/id/document/d#char=3,9> .
        claim:i a ph:Claim ; dcterms:identifier "I1" ; ph:hasReading reading:i .
        reading:c a ph:Reading . reading:i a ph:Reading . person:p a ph:Person .
        reading:c { unit:q a ph:Center } reading:i { unit:q ph:identifiedWith person:p }
        """
    )
    [clash] = graph.manifest["clashes"]
    assert clash["rule"] == "cax-adc"
    assert Checker(graph.desk.plain_data()).problems(clash["proof"]) == []
    told = "unit/q rdf:type ph:Center: C1: characters 3-9 of document/d (published 2023-01-01 to 2023-01-02)"
    assert told in clash["culprits"]
    assert "unit/q ph:identifiedWith person/p: I1" in clash["culprits"]
    findings = [f for f in graph.validate().findings if f.rule == "clash"]
    assert findings[0].claims == ("C1", "I1")
    assert told in str(findings[0])
    assert any(told in line for line in examine(graph).lines)
