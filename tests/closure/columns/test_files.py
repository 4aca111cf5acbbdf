"""Files are closed with the axioms among them; of a workload all is found that other engines find, and is proven."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from ontologies import HEAD, triples
from oracles import DIFFERENT, ORACLES
from postholder.closure.columns import ClosedGraph, close_file, close_quads
from postholder.closure.memory import MemoryEngine
from postholder.closure.proofs import statement
from postholder.errors import EngineError, ParseError
from postholder.graph import TYPE, Term, quads_of, text_of
from tabled import assert_proves, inferred, quads, short

if TYPE_CHECKING:
    from postholder.closure.program import Pattern

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "closure"
THINGS = "https://example.org/id/"
OWLRL = "10k" if "POSTHOLDER_CASES" in os.environ else "2k"
"""The size that the slow oracle closes."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workload")


def workload(folder: Path, size: str) -> tuple[Path, list[Triple], list[Triple]]:
    """Return a workload, as a file and as axioms and facts."""
    path = folder / f"{size}.nt"
    if not path.is_file():
        subprocess.run([sys.executable, str(BENCHMARK / "generate.py"), "--size", size, str(path)], check=True)
    found = [q.triple for q in parse(path=str(path), format=RdfFormat.N_TRIPLES)]
    count = sum(1 for _ in parse(path=str(BENCHMARK / "workload.ttl"), format=RdfFormat.TURTLE))
    assert len(found) > 10 * count > 1000
    return path, found[:count], found[count:]


@pytest.fixture(scope="module")
def ten(folder: Path) -> tuple[ClosedGraph, list[Triple], list[Triple]]:
    """Return the closure of ten thousand triples, with axioms and facts."""
    path, axioms, facts = workload(folder, "10k")
    return close_file(path), axioms, facts


def compared(found: list[Triple], facts: list[Triple]) -> list[str]:
    """Return what engines can be compared by: what is said of things, by names."""

    def named(term: Term) -> bool:
        return not isinstance(term, BlankNode)

    kept = set(found) - set(facts)
    return sorted(
        str(t)
        for t in kept
        if text_of(t.subject).startswith(THINGS)
        and named(t.object)
        and t.predicate != DIFFERENT
        and not (t.predicate == TYPE and "w3.org" in text_of(t.object))
    )


@pytest.mark.parametrize("name", ORACLES)
def test_a_workload_is_closed_as_by_others(name: str, folder: Path) -> None:
    path, axioms, facts = workload(folder, OWLRL if name == "owlrl" else "10k")
    graph = close_file(path)
    ours = compared(list(graph.inferred()), facts)
    theirs = compared(list(ORACLES[name](axioms, facts).inferred), facts)
    assert ours == theirs
    assert len(ours) > 1000


def test_a_workload_is_closed_as_in_memory(ten: tuple[ClosedGraph, list[Triple], list[Triple]]) -> None:
    graph, axioms, facts = ten
    (wanted,) = MemoryEngine(600).close(axioms, facts, [])
    assert compared(list(graph.inferred()), facts) == compared(list(wanted.inferred), facts)
    assert graph.clashes() == wanted.clashes == ()


def wrong(graph: ClosedGraph) -> list[Triple]:
    """Return facts that break each rule that finds a contradiction: its body, with things made up for it."""
    found = []
    for number, rule in enumerate(graph.program.rules):
        if rule.head is None and not any(isinstance(p.object, BlankNode) for p in rule.body):
            for part in rule.body:
                ends = [NamedNode(f"{THINGS}{number}/{e}") if isinstance(e, str) else e for e in _ends(part)]
                found.append(Triple(ends[0], part.predicate, ends[1]))  # type: ignore[arg-type] # no literal there
    return found


def _ends(part: Pattern) -> tuple[str | Term, str | Term]:
    return part.subject, part.object


def test_each_kind_of_error_in_a_workload_is_told_with_its_culprits(folder: Path) -> None:
    _, axioms, facts = workload(folder, "2k")
    seeded = wrong(close_quads([], axioms))
    assert len(seeded) > 20
    given = [*facts, *seeded]
    found = close_quads(quads_of(given, NamedNode("urn:d1")), axioms).clashes()
    (wanted,) = MemoryEngine(600).close(axioms, given, [])
    assert [c.text for c in found] == [c.text for c in wanted.clashes]
    kinds = Counter(c.rule for c in found)
    assert len(kinds) > 3, kinds
    stated = {statement(t) for t in given}
    for clash in found:
        assert set(clash.stated) & {statement(t) for t in seeded}
        assert set(clash.stated) <= stated


def test_a_workload_is_explained(ten: tuple[ClosedGraph, list[Triple], list[Triple]]) -> None:
    graph, _, facts = ten
    by_kind: dict[str, list[Triple]] = {}
    for triple in graph.inferred():
        kind = str(triple.object if triple.predicate == TYPE else triple.predicate)
        by_kind.setdefault(kind, []).append(triple)
    chosen = [t for found in by_kind.values() for t in (found[0], found[len(found) // 2], found[-1])]
    assert len(chosen) > 60
    for triple in dict.fromkeys(chosen):
        assert_proves(graph.explain(triple), triple, facts, graph.axioms)


def test_a_workload_is_kept_up_to_date(folder: Path) -> None:
    """Facts come as documents, in another order, and some go again."""
    _, axioms, facts = workload(folder, "2k")
    documents = [NamedNode(f"urn:d{n}") for n in range(8)]
    parts = [list(quads_of(facts[n::8], d)) for n, d in enumerate(documents)]
    used = sorted({t.predicate for t in facts}, key=str)
    graph = close_quads(parts[0], axioms, used=used)
    for part in parts[1:]:
        graph.add(part)
    for n in (3, 0):
        graph.retract(documents[n])
    graph.remove(parts[5][:30])
    left = [q for n in (1, 2, 4, 6, 7) for q in parts[n]] + parts[5][30:]
    other = close_quads(left, axioms, used=used)
    assert [str(t) for t in graph.inferred()] == [str(t) for t in other.inferred()]
    assert [c.text for c in graph.clashes()] == [c.text for c in other.clashes()]
    assert len(inferred(graph)) > 400


def test_a_file_is_closed_with_its_axioms_and_others(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(f"{HEAD} ex:A rdfs:subClassOf ex:B . ex:a a ex:A .", encoding="utf-8")
    assert inferred(close_file(path)) == ["<a> a <B>"]
    graph = close_file(path, triples("ex:B rdfs:subClassOf ex:C ."))
    assert inferred(graph) == ["<a> a <B>", "<a> a <C>"]
    assert set(graph.seconds) == {"read", "rules"}


def test_formats_give_the_same_closure(tmp_path: Path) -> None:
    facts = triples("ex:p a owl:TransitiveProperty . ex:a ex:p ex:b . ex:b ex:p ex:c ; ex:v 'a b' , 'ä\\t'@en .")
    for ending in (".nt", ".nq", ".ttl", ".trig"):
        (tmp_path / f"a{ending}").write_text("".join(f"{t} .\n" for t in facts), encoding="utf-8")
    found = [short(close_file(tmp_path / f"a{e}").triples()) for e in (".nt", ".nq", ".ttl", ".trig")]
    assert found[0] == found[1] == found[2] == found[3]
    assert len(found[0]) == 6


def test_graphs_are_what_states_the_facts(tmp_path: Path) -> None:
    path = tmp_path / "a.nq"
    lines = [f"{t} <urn:d{n}> .\n" for n, t in enumerate(triples("ex:a a ex:A . ex:b a ex:A ."))]
    path.write_text("".join(lines), encoding="utf-8")
    graph = close_file(path, triples("ex:A rdfs:subClassOf ex:B ."))
    assert graph.sources(triples("ex:b a ex:A .")[0]) == ("urn:d1",)
    assert graph.retract(NamedNode("urn:d1")) == 1
    assert inferred(graph) == ["<a> a <B>"]


@pytest.mark.parametrize("threads", [1, 2])
def test_a_wrong_file_is_told(tmp_path: Path, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = tmp_path / "a.nt"
    path.write_text("<http://x/a> <http://x/p> 1 .\n", encoding="utf-8")
    with pytest.raises(ParseError, match=r"a\.nt:1"):
        close_file(path, threads=threads)
    assert list(tmp_path.iterdir()) == [path], "nothing stays open"


def test_reading_is_bounded_in_time(tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    lines = (f"<http://x/{n}> <http://x/p> <http://x/b> .\n" for n in range(100_000))
    path.write_text("".join(lines), encoding="utf-8")
    with pytest.raises(EngineError, match=r"did not finish in 0\.001 s"):
        close_file(path, seconds=0.001)


@pytest.mark.parametrize("make", ["file", "quads"])
def test_nothing_outside_can_be_reached_afterwards(tmp_path: Path, make: str) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(f"{HEAD} ex:a a ex:A .", encoding="utf-8")
    closing = {"file": partial(close_file, path), "quads": partial(close_quads, quads("ex:a a ex:A ."), [])}[make]
    graph = closing()
    for text in (f"select * from read_csv('{path}')", "set enable_external_access = true", "set threads = 1"):
        with pytest.raises(duckdb.Error):
            graph.connection.execute(text)
    assert graph.stated == 1
    assert graph.add(quads(f"ex:a ex:p '{path}' , <file://{path}> .")) == 2
