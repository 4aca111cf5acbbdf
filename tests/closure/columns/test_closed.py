"""A closed graph: what it counts, what it leaves out, and the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from ontologies import X, triples
from postholder.closure.columns import close_quads
from postholder.errors import EngineError
from tabled import RICH, USED, closed, inferred, quads, short

if TYPE_CHECKING:
    from collections.abc import Callable

FACTS = (
    "ex:a ex:p ex:b . ex:b ex:p ex:c . ex:d ex:q ex:a ; a ex:K ; ex:v 1 ; ex:w 1 . ex:e a ex:K ; ex:v 1 ; ex:w 1 ."
    " ex:f ex:s ex:b , ex:g . ex:h ex:s ex:b . ex:c a ex:D . _:x ex:p ex:h . ex:a ex:v 1 , 2 ."
)

PROGRAM = """
import sys
from ontologies import triples
from tabled import RICH, closed
from test_facts import FACTS
graph = closed(RICH, FACTS, threads=int(sys.argv[1]))
print("\\n".join(str(t) for t in graph.inferred()))
for clash in graph.clashes():
    print(clash.text, [(str(s.says), s.rule, s.premises) for s in clash.proof.steps])
for triple in list(graph.inferred()):
    print([(str(s.says), s.rule, s.premises) for s in graph.explain(triple).steps])
print(graph.tables.run("select text, id from term order by id"))
graph.close()
"""


def test_the_same_bytes_for_every_run_hash_seed_and_number_of_threads(tmp_path: Path) -> None:
    (tmp_path / "test_facts.py").write_text(f"FACTS = {FACTS!r}\n", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parent.parent)])
    told = []
    for seed, threads in (("1", "1"), ("2", "2"), ("77", "2"), ("1", "2")):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, threads],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        told.append(done.stdout)
    assert len(told[0].splitlines()) > 80
    assert len({hashlib.sha256(t.encode()).hexdigest() for t in told}) == 1


def test_the_order_of_facts_does_not_matter() -> None:
    given = quads(FACTS)
    told = []
    for facts in (given, given[::-1], [*given[7:], *given[:7], *given]):
        graph = close_quads(facts, triples(RICH), used=USED)
        told.append([*map(str, graph.inferred()), *(c.text for c in graph.clashes()), str(graph.counts)])
    assert told[0] == told[1] == told[2]
    assert len(told[0]) > 40


def test_axioms_that_no_rule_handles_are_told() -> None:
    axioms = "ex:p a owl:ReflexiveProperty . ex:A rdfs:subClassOf ex:B ."
    graph = closed(axioms, "ex:a a ex:A .")
    assert {(u.subject, u.construct.rpartition("#")[2]) for u in graph.unhandled} == {(X + "p", "ReflexiveProperty")}
    assert inferred(graph) == ["<a> a <B>"]
    assert closed("ex:A rdfs:subClassOf ex:B .").unhandled == ()


@pytest.mark.parametrize("text", ["owl:sameAs rdfs:subPropertyOf ex:p .", "ex:p rdfs:subPropertyOf owl:sameAs ."])
def test_rules_that_speak_of_identity_are_not_made_in_silence(text: str) -> None:
    graph = closed(text, "ex:a owl:sameAs ex:b . ex:c ex:p ex:d .")
    assert len(graph.unhandled) == 1
    assert inferred(graph) == short(triples("ex:b owl:sameAs ex:a ."))


def test_counts_leave_out_what_axioms_say_of_things() -> None:
    graph = closed("ex:A rdfs:subClassOf ex:B . ex:z a ex:A .", "ex:a a ex:A .")
    assert graph.stated == 1
    assert graph.counts == {"stated": 1, "inferred": 2, "things with several names": 0}
    assert inferred(graph) == ["<a> a <B>", "<z> a <B>"]


def test_no_facts_and_no_axioms_make_an_empty_closure() -> None:
    graph = close_quads([], [])
    assert (graph.stated, graph.size, list(graph.triples()), graph.clashes()) == (0, 0, [], ())
    assert graph.add(quads("ex:a ex:p ex:b .")) == 1
    assert short(graph.triples()) == ["<a> <p> <b>"]


def test_a_closure_is_closed_and_then_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with closed("ex:A rdfs:subClassOf ex:B .", "ex:a a ex:A .") as graph:
        assert inferred(graph) == ["<a> a <B>"]
        assert len(list(tmp_path.iterdir())) == 1
    assert list(tmp_path.iterdir()) == []
    (fact,) = triples("ex:a a ex:B .")
    work: list[Callable[[], object]] = [
        graph.inferred, graph.clashes, graph.store, lambda: graph.match(fact.subject), lambda: graph.explain(fact),
        lambda: graph.add(quads("ex:b a ex:A .")), lambda: graph.retract(NamedNode("urn:d1")), lambda: graph.size,
    ]  # fmt: skip
    for piece in work:
        with pytest.raises(EngineError, match="this closure was closed"):
            piece()
    graph.close()


def test_time_is_told_by_part() -> None:
    graph = closed(RICH, FACTS)
    assert set(graph.seconds) == {"rules"}
    assert graph.seconds["rules"] > 0


def test_a_fact_may_be_stated_by_many_graphs() -> None:
    graph = closed("ex:A rdfs:subClassOf ex:B .")
    for n in range(20):
        graph.add(quads("ex:a a ex:A .", f"urn:d{n}"))
    assert (graph.stated, graph.counts["stated"], graph.size) == (20, 1, 2)
    assert len(graph.sources(triples("ex:a a ex:A .")[0])) == 20
    assert graph.retract(NamedNode("urn:d7")) == 1
    assert "urn:d7" not in graph.sources(triples("ex:a a ex:A .")[0])


def test_threads_that_share_a_graph_get_their_own_answers() -> None:
    names = range(10)
    facts = " ".join(f"ex:s{n} ex:p{n % 10} ex:o{n} ." for n in range(200))
    graph = closed("ex:A rdfs:subClassOf ex:B .", facts)

    def asked(place: int) -> bool:
        found = graph.match(p=NamedNode(f"{X}p{place}"))
        return [t.predicate.value for t in found] == [f"{X}p{place}"] * 20

    def changed(place: int) -> bool:
        source = f"urn:new{place}"
        added = graph.add(quads(f"ex:new{place} a ex:A .", source))
        return added == 1 and graph.retract(NamedNode(source)) == 1 and len(list(graph.triples())) >= 200

    with ThreadPoolExecutor(6) as pool:
        answers = [*pool.map(asked, [*names] * 5), *pool.map(changed, names)]
    assert answers == [True] * 60
    assert (inferred(graph), graph.stated) == ([], 200)
