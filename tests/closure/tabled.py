"""Closures in tables for tests: small ontologies, facts of documents, and scripts of edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad

from ontologies import X, triples
from postholder.closure.columns import close_quads
from postholder.closure.program import COMPILED, NOT_COMPILED
from postholder.closure.proofs import AXIOM, STATED, statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Triple

    from postholder.closure.columns import ClosedGraph
    from postholder.closure.proofs import Proof

DOCUMENTS = [f"urn:d{n}" for n in range(1, 5)]


def quads(text: str, document: str = DOCUMENTS[0]) -> list[Quad]:
    """Read Turtle as the facts of a document."""
    return [Quad(t.subject, t.predicate, t.object, NamedNode(document)) for t in triples(text)]


def closed(
    axioms: str, facts: str = "", *, seconds: float = 60.0, derivations: bool = True, threads: int = 0
) -> ClosedGraph:
    """Close facts of one document."""
    return close_quads(quads(facts), triples(axioms), seconds=seconds, derivations=derivations, threads=threads)


def short(items: Iterable[object]) -> list[str]:
    """Return triples, or whatever else, with short names, in order."""
    return sorted(
        str(t).replace(X, "").replace("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "a") for t in items
    )


def inferred(graph: ClosedGraph) -> list[str]:
    """Return what is inferred, with short names."""
    return short(graph.inferred())


def rules(proof: Proof | None) -> list[str]:
    """Return the rules of a proof's steps, in order."""
    assert proof is not None
    return [s.rule for s in proof.steps]


KNOWN = {AXIOM, STATED, *COMPILED, *NOT_COMPILED}


def assert_proves(proof: Proof | None, wanted: Triple, stated: Iterable[Triple], axioms: Sequence[Triple]) -> None:
    """Check that a proof ends with what is wanted, goes forward, and rests on what is given alone."""
    assert proof is not None, wanted
    assert proof.conclusion == statement(wanted)
    facts, rest = {statement(t) for t in stated}, {statement(t) for t in axioms}
    for place, step in enumerate(proof.steps):
        assert step.rule in KNOWN, step.rule
        assert all(p < place for p in step.premises)
        if step.rule == STATED:
            assert step.says in facts, f"{step.says} is not stated"
        elif step.rule == AXIOM:
            assert step.says in rest, f"{step.says} is no axiom"
    used = {p for s in proof.steps for p in s.premises}
    assert used == set(range(len(proof.steps) - 1)), "nothing stands there in vain"


RICH = """
ex:p a owl:TransitiveProperty ; rdfs:subPropertyOf ex:pp . ex:pp rdfs:domain ex:A . ex:q a owl:SymmetricProperty .
ex:r a owl:ObjectProperty , owl:FunctionalProperty ; owl:inverseOf ex:ri .
ex:s a owl:ObjectProperty , owl:InverseFunctionalProperty . ex:v a owl:DatatypeProperty , owl:FunctionalProperty .
ex:w a owl:DatatypeProperty ; rdfs:range xsd:string . ex:K owl:hasKey ( ex:v ex:w ) .
ex:t owl:propertyChainAxiom ( ex:q ex:r ) ; rdfs:range ex:C .
ex:A rdfs:subClassOf ex:B , [ a owl:Restriction ; owl:onProperty ex:q ; owl:hasValue ex:a ] .
[ a owl:Restriction ; owl:onProperty ex:s ; owl:hasValue ex:b ] rdfs:subClassOf ex:K .
[ a owl:Restriction ; owl:onProperty ex:t ; owl:someValuesFrom ex:B ] rdfs:subClassOf ex:D .
[ a owl:Restriction ; owl:onProperty ex:w ; owl:someValuesFrom xsd:integer ] rdfs:subClassOf ex:B .
ex:D rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:allValuesFrom ex:K ] .
ex:B owl:equivalentClass ex:B2 . [ a owl:Class ; owl:oneOf ( ex:c ex:d ) ] rdfs:subClassOf ex:C .
ex:C owl:disjointWith ex:D . ex:c a ex:A ; owl:sameAs ex:g . [] a owl:AllDifferent ; owl:members ( ex:a ex:e ) .
"""
"""Axioms of many kinds, so that few facts lead to much: chains, keys, identities, constants that are united."""
USED = [NamedNode(X + n) for n in ("p", "pp", "q", "r", "ri", "s", "t", "v", "w", "z")]

_THING = st.sampled_from([f"ex:{n}" for n in "abcdefg"])
_LINK = st.sampled_from([f"ex:{n}" for n in ("p", "q", "r", "ri", "s", "t", "pp", "z")])
_CLASS = st.sampled_from([f"ex:{n}" for n in ("A", "B", "B2", "C", "D", "K", "Z")])
RICH_FACT = st.one_of(
    st.tuples(_THING, _LINK, _THING),
    st.tuples(_THING, _LINK, _THING),
    st.tuples(_THING, st.just("a"), _CLASS),
    st.tuples(_THING, st.sampled_from(["ex:v", "ex:w"]), st.sampled_from(["1", '"x"'])),
    st.tuples(_THING, st.sampled_from(["owl:sameAs", "owl:sameAs", "owl:differentFrom"]), _THING),
).map(lambda parts: f"{' '.join(parts)} .")
"""A fact that `RICH` says something about."""

_ADD = st.tuples(st.just("add"), st.sampled_from(DOCUMENTS), st.lists(RICH_FACT, min_size=1, max_size=5, unique=True))
_NONE = st.builds(list[str])
_RETRACT = st.tuples(st.just("retract"), st.sampled_from(DOCUMENTS), _NONE)
_REMOVE = st.tuples(st.just("remove"), st.integers(0, 999).map(str), _NONE)
STEP = st.one_of(_ADD, _RETRACT, _REMOVE, _REMOVE)
"""One edit: facts of a document come, a document goes, or one fact (by a number) goes."""
START = st.lists(st.tuples(st.sampled_from(DOCUMENTS), RICH_FACT), min_size=3, max_size=16, unique=True)


def edited(graph: ClosedGraph, state: set[Quad], step: tuple[str, str, list[str]]) -> set[Quad]:
    """Make one edit and return the facts that are stated then; what the edit says of its size is checked."""
    kind, which, facts = step
    if kind == "add":
        new = set(quads("\n".join(facts), which))
        assert graph.add(sorted(new, key=str)) == len(new - state)
        return state | new
    if kind == "retract":
        gone = {q for q in state if q.graph_name == NamedNode(which)}
        assert graph.retract(NamedNode(which)) == len(gone)
        return state - gone
    gone = set(sorted(state, key=str)[int(which) % len(state) :][:1]) if state else set()
    assert graph.remove(sorted(gone, key=str)) == len(gone)
    return state - gone
