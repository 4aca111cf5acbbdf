"""The tables of a closure: numbers of terms, time, and rules run to their end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from ontologies import X, triples
from postholder.closure.columns import tables
from postholder.closure.memory import MemoryEngine
from postholder.errors import EngineError
from tabled import closed, inferred, quads, short

if TYPE_CHECKING:
    from collections.abc import Callable

LINE = " ".join(f"ex:n{n} ex:p ex:n{n + 1} ." for n in range(40))


def test_every_term_of_the_axioms_has_a_number() -> None:
    graph = closed(
        "ex:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:v ; owl:hasValue 1 ] .", "ex:a a ex:A ."
    )
    one = graph.tables.id(Literal("1", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")))
    assert one % 2 == 1
    assert graph.tables.id(NamedNode(X + "a")) % 2 == 0
    assert graph.tables.term(one) == triples("ex:a ex:v 1 .")[0].object
    assert len({graph.tables.id(NamedNode(X + n)) for n in ("a", "A", "v", "new")}) == 4
    assert graph.tables.id(NamedNode(X + "new")) == graph.answers.known(NamedNode(X + "new"))


def test_a_class_without_a_name_is_no_thing_of_the_facts() -> None:
    """Facts may use the label that an unnamed class has among the axioms."""
    axioms = (
        "[ a owl:Restriction ; owl:onProperty ex:p ; owl:hasValue ex:z ] rdfs:subClassOf ex:C ."
        " ex:b a [ a owl:Restriction ; owl:onProperty ex:p ; owl:hasValue ex:z ] ."
    )
    labels = {t.subject for t in triples(axioms) if isinstance(t.subject, BlankNode)}
    assert len(labels) == 2
    graph = closed(axioms, "ex:a a _:x , _:y , _:z . ex:b ex:q ex:a .")
    assert labels <= {q.object for q in quads("ex:a a _:x , _:y , _:z .")}
    assert inferred(graph) == ["<b> <p> <z>", "<b> a <C>"]


def test_a_closure_that_takes_too_long_is_told() -> None:
    with pytest.raises(EngineError, match="did not finish in 0 s") as told:
        closed("ex:p a owl:TransitiveProperty .", LINE, seconds=0)
    assert "POSTHOLDER_ENGINE_SECONDS" in told.value.hint


def test_one_long_join_is_stopped() -> None:
    """Three properties that join all with all make a statement that would take hours."""
    facts = "".join(f"ex:n{n} a ex:A . ex:n{n} ex:q ex:hub . ex:hub ex:q ex:n{n} . " for n in range(1500))
    axioms = "ex:t owl:propertyChainAxiom ( ex:q ex:q ex:q ex:q ex:q ex:q ) ."
    start = time.monotonic()
    with pytest.raises(EngineError, match="did not finish in 1 s"):
        closed(axioms, facts, seconds=1)
    assert time.monotonic() - start < 60, "a bound, not a measure"


def test_each_piece_of_work_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(tables, "monotonic", lambda: now[0])
    graph = closed("ex:A rdfs:subClassOf ex:B .", "ex:a a ex:A .", seconds=5)
    (fact,) = triples("ex:a a ex:B .")
    work: list[Callable[[], object]] = [
        lambda: inferred(graph), lambda: graph.size, lambda: graph.stated, lambda: graph.counts,
        lambda: graph.match(fact.subject), lambda: graph.count(fact.predicate), lambda: list(graph.triples()),
        graph.clashes, graph.store, lambda: graph.explain(fact), lambda: graph.sources(fact), lambda: fact in graph,
        lambda: graph.add(quads("ex:b a ex:A .", "urn:d2")), lambda: graph.remove(quads("ex:b a ex:A .", "urn:d2")),
        lambda: graph.retract(NamedNode("urn:d1")),
    ]  # fmt: skip
    for piece in work:
        now[0] += 100
        piece()
    assert inferred(graph) == []
    now[0] += 100
    with pytest.raises(EngineError, match="did not finish"):
        graph.tables.run("select 1")


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postholder.closure.columns.store.shut", lambda _: None)
    graph = closed("ex:p a owl:TransitiveProperty .", LINE)
    graph.connection.execute("set memory_limit = '20MB'; set max_temp_directory_size = '1MB'; set threads = 1")
    many = "".join(f"ex:x{n} ex:p ex:hub . ex:hub ex:p ex:y{n} . " for n in range(1200))
    before = inferred(graph)
    with pytest.raises(EngineError, match="more memory"):
        graph.add(quads(many, "urn:d2"))
    assert inferred(graph) == before


def test_rules_that_never_end_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_MOST_ROUNDS", 4)
    with pytest.raises(EngineError, match="did not come to an end in 4 rounds") as told:
        closed("ex:p a owl:TransitiveProperty .", LINE)
    assert "transitive" in told.value.hint


def test_a_transitive_line_is_closed_in_few_rounds() -> None:
    graph = closed("ex:p a owl:TransitiveProperty .", LINE)
    assert len(inferred(graph)) == 40 * 39 // 2
    ((deepest,),) = graph.tables.run(
        f"select max(why) >> 48 from r{graph.plan.properties[NamedNode(X + 'p')].relation}"
    )
    assert deepest <= 7


@pytest.mark.parametrize("derivations", [True, False])
def test_derivations_do_not_change_what_follows(derivations: bool) -> None:
    axioms = (
        "ex:p a owl:TransitiveProperty , owl:SymmetricProperty . ex:p rdfs:domain ex:A . ex:A owl:hasKey ( ex:v ) ."
    )
    facts = "ex:a ex:p ex:b ; ex:v 1 . ex:c ex:p ex:d ; ex:v 1 ."
    graph = closed(axioms, facts, derivations=derivations)
    (wanted,) = MemoryEngine(60).close(triples(axioms), triples(facts), [])
    assert inferred(graph) == short(wanted.inferred)
    assert len(wanted.inferred) == 20
    names = graph.tables.run("select column_name from information_schema.columns where table_name = 'r0'")
    assert (("why",) in names) is derivations


def test_literals_that_come_later_are_members_of_their_datatypes() -> None:
    axioms = "[ a owl:Restriction ; owl:onProperty ex:v ; owl:someValuesFrom xsd:integer ] rdfs:subClassOf ex:C ."
    graph = closed(axioms, 'ex:a ex:v "x" .')
    assert inferred(graph) == []
    graph.add(quads("ex:b ex:v 3 .", "urn:d2"))
    assert inferred(graph) == ["<b> a <C>"]
    graph.add(quads('ex:a ex:v 3 , 4 , "y" .', "urn:d3"))
    assert inferred(graph) == ["<a> a <C>", "<b> a <C>"]
    graph.retract(NamedNode("urn:d3"))
    assert inferred(graph) == ["<b> a <C>"]
