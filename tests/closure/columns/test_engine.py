"""The engine for large graphs gives the answers of the one in memory, on made-up cases and the shipped graph."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontologies import FACT, Case, cases, triples
from postholder import terms
from postholder.closure.columns import ClosedGraph, engine, tables
from postholder.closure.columns.engine import ColumnsEngine
from postholder.closure.memory import MemoryEngine
from postholder.closure.profile import logical
from postholder.errors import EngineError
from postholder.readings import Facts, is_axiom
from postholder.settings import MEBIBYTE
from postholder.sources import inputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Quad, Triple

MANY = int(os.environ.get("POSTHOLDER_CASES", "40"))
"""How many made-up cases are compared; set it to thousands after a change."""


def told(
    engine: type[MemoryEngine | ColumnsEngine],
    axioms: Sequence[Triple],
    facts: Sequence[Triple],
    additions: Sequence[Sequence[Triple]],
) -> list[tuple[list[str], list[str]]] | None:
    """Return what an engine says of each set of facts, or None if it refuses them."""
    try:
        closures = engine(60).close(axioms, facts, additions)
    except EngineError:
        return None
    return [([str(t) for t in c.inferred], [c.text for c in c.clashes]) for c in closures]


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    case=cases(),
    additions=st.lists(st.lists(FACT, min_size=1, max_size=6, unique=True).map("\n".join), max_size=2),
)
def test_made_up_cases_are_closed_as_in_memory(case: Case, additions: list[str]) -> None:
    more = [triples(a) for a in additions]
    ours = told(ColumnsEngine, case.axioms, case.facts, more)
    assert ours == told(MemoryEngine, case.axioms, case.facts, more)
    assert ours is None or len(ours) == 1 + len(more)


def test_the_shipped_graph_is_closed_as_in_memory() -> None:
    found = inputs.load(None, MEBIBYTE)
    facts = Facts(found.fact_quads)
    contexts = [c for cluster in facts.clusters(256) for c in cluster]
    additions = [[t for t in c.stated if not is_axiom(t)] for c in contexts]
    axioms = logical(found.ontology)
    ours = told(ColumnsEngine, axioms, facts.world, additions)
    assert ours == told(MemoryEngine, axioms, facts.world, additions)
    assert ours is not None
    assert len(ours) > 5
    assert len(ours[0][0]) > 400
    assert any(set(one) - set(ours[0][0]) for one, _ in ours)
    assert ColumnsEngine(60).unhandled(axioms) == []


def test_additions_leave_nothing_behind() -> None:
    axioms = triples("ex:p a owl:TransitiveProperty . ex:f a owl:FunctionalProperty , owl:ObjectProperty .")
    base = triples("ex:a ex:p ex:b . ex:b ex:p ex:c .")
    more = triples("ex:c ex:p ex:d . ex:x ex:f ex:a , ex:d .")
    alone, once, nothing, again = ColumnsEngine(60).close(axioms, base, [more, [], more])
    assert once == again
    assert alone == nothing
    assert len(once.inferred) > len(alone.inferred) == 1


def test_what_is_not_handled_is_told() -> None:
    axioms = triples("ex:p a owl:ReflexiveProperty . ex:A rdfs:subClassOf [ owl:unionOf ( ex:B ex:C ) ] .")
    assert ColumnsEngine(60).unhandled(axioms) == MemoryEngine(60).unhandled(axioms)
    assert len(ColumnsEngine(60).unhandled(axioms)) > 1


@pytest.mark.parametrize("engine", [ColumnsEngine, MemoryEngine])
def test_facts_of_an_addition_are_about_its_nodes_and_those_of_the_base(
    engine: type[MemoryEngine | ColumnsEngine],
) -> None:
    axioms = triples("ex:A rdfs:subClassOf ex:B . ex:z a ex:A .")
    base, added = engine(60).close(axioms, triples("ex:a a ex:A ."), [triples("ex:z ex:p ex:a .")])
    assert [str(t.subject) for t in base.inferred] == ["<http://x/a>"]
    assert [str(t.subject) for t in added.inferred] == ["<http://x/a>", "<http://x/z>"]


def test_what_a_thing_stated_to_be_of_a_datatype_is_differs() -> None:
    """By dt-type2 literals are of all datatypes that hold their value; the engine in memory says so of things too."""
    axioms, facts = triples("ex:A rdfs:subClassOf ex:B ."), triples("ex:a a xsd:byte .")
    (ours,), (memory,) = ColumnsEngine(60).close(axioms, facts, []), MemoryEngine(60).close(axioms, facts, [])
    assert ours.inferred == ()
    assert {str(t.object) for t in memory.inferred} == {
        f"<{terms.XSD}{n}>" for n in ("short", "int", "long", "integer", "decimal")
    }


@pytest.mark.parametrize("engine", [ColumnsEngine, MemoryEngine])
def test_a_thing_is_of_the_datatype_that_is_the_range(engine: type[MemoryEngine | ColumnsEngine]) -> None:
    axioms = triples("ex:p rdfs:range xsd:date . ex:q rdfs:subPropertyOf ex:p .")
    facts = triples('ex:a ex:q ex:b , "2022-01-06"^^xsd:date , "soon" .')
    (closure,) = engine(60).close(axioms, facts, [])
    said = {
        (str(t.predicate).rpartition("#")[2], str(t.object))
        for t in closure.inferred
        if str(t.subject) == "<http://x/b>"
    }
    assert said == {("type>", f"<{terms.XSD}date>")}
    assert [c.rule for c in closure.clashes] == ["dt-not-type"]


def test_it_has_a_name_and_a_version() -> None:
    assert (ColumnsEngine.name, ColumnsEngine.version) == ("postholder-columns", terms.VERSION)


def test_additions_share_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    for module in (tables, engine):
        monkeypatch.setattr(module, "monotonic", lambda: now[0])
    add = ClosedGraph.add

    def slow(graph: ClosedGraph, quads: Iterable[Quad]) -> int:
        now[0] += 2
        return add(graph, quads)

    monkeypatch.setattr(ClosedGraph, "add", slow)
    axioms, base = triples("ex:A rdfs:subClassOf ex:B ."), triples("ex:a a ex:A .")
    assert len(ColumnsEngine(5).close(axioms, base, [[], []])) == 3
    with pytest.raises(EngineError, match="did not finish in 5 s"):
        ColumnsEngine(5).close(axioms, base, [[], [], []])


def test_it_is_bounded_in_time() -> None:
    with pytest.raises(EngineError, match="did not finish"):
        ColumnsEngine(0).close(triples("ex:A rdfs:subClassOf ex:B ."), triples("ex:a a ex:A ."), [])
