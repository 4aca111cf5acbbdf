"""Our engine gives the reference engine's answers: on the shipped graph, on cases made up, and on hostile ones."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from postholder import terms
from postholder.closure.base import Clash, Closure
from postholder.closure.memory import MemoryEngine
from postholder.closure.profile import logical
from postholder.closure.reference import ReferenceEngine
from postholder.errors import EngineError
from postholder.graph import TYPE, triple_order
from postholder.readings import Facts, is_axiom
from postholder.settings import MEBIBYTE
from postholder.sources import inputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SERVER = Path(__file__).parent / "reference_server.py"
X = "http://x/"
HEAD = f"""@prefix ex: <{X}> . @prefix owl: <{terms.OWL}> . @prefix rdfs: <{terms.RDFS}> . @prefix xsd: <{terms.XSD}> .
@prefix rdf: <{terms.RDF}> .
"""
MANY = int(os.environ.get("POSTHOLDER_CASES", "100"))
"""How many made-up cases are compared; set it to thousands after a change to a rule."""
NAME = re.compile(rf"{X}\w+")


def ex(text: str) -> list[Triple]:
    return [q.triple for q in parse(HEAD + text, format=RdfFormat.TURTLE)]


def lines(triples: Sequence[Triple]) -> str:
    return (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()


def nodes(clashes: Sequence[Clash]) -> set[frozenset[str]]:
    """Return what each clash names; engines word them differently, and owlrl leaves out the datatype of a value."""
    return {frozenset(NAME.findall(re.sub(r"\^\^<[^>]*>", "", clash.text))) for clash in clashes}


def fast(axioms: Sequence[Triple], base: Sequence[Triple], *additions: Sequence[Triple]) -> list[Closure]:
    return MemoryEngine(60).close(axioms, base, additions)


class Reference:
    """owlrl in a process that answers case after case."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, axioms: Sequence[Triple], base: Sequence[Triple], *additions: Sequence[Triple]) -> list[Closure]:
        """Return what the reference says."""
        assert self.process.stdin
        assert self.process.stdout
        request = json.dumps([lines(axioms), lines(base), [lines(a) for a in additions]])
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        return [
            Closure(
                tuple(q.triple for q in parse(text, format=RdfFormat.N_TRIPLES)), tuple(Clash("", c) for c in clashes)
            )
            for text, clashes in json.loads(self.process.stdout.readline())
        ]


@pytest.fixture(scope="module")
def reference() -> Iterator[Reference]:
    server = Reference()
    yield server
    server.process.communicate()


def assert_agree(reference: Reference, axioms: list[Triple], base: list[Triple], *more: list[Triple]) -> list[Closure]:
    ours, theirs = fast(axioms, base, *more), reference(axioms, base, *more)
    assert [[str(t) for t in c.inferred] for c in ours] == [[str(t) for t in c.inferred] for c in theirs]
    for one, other in zip(ours, theirs, strict=True):
        # owlrl looks at values less closely: it compares a datatype only with those in use (dt-not-type).
        firm = [c for c in one.clashes if c.rule != "dt-not-type"]
        assert nodes(firm) <= nodes(other.clashes) <= nodes(one.clashes)
    return ours


# The shipped graph.


@pytest.fixture(scope="module")
def shipped_sets() -> tuple[list[Triple], list[Triple], list[list[Triple]]]:
    """Return axioms, base and additions of the shipped graph, as the pipeline hands them over."""
    found = inputs.load(None, MEBIBYTE)
    facts = Facts(found.fact_quads)
    contexts = [c for cluster in facts.clusters(256) for c in cluster]
    return (
        logical(found.ontology),
        facts.world,
        [[t for t in c.stated if not is_axiom(t)] for c in contexts],
    )


def test_the_shipped_graph_is_closed_as_the_reference_does(
    shipped_sets: tuple[list[Triple], list[Triple], list[list[Triple]]],
) -> None:
    axioms, base, additions = shipped_sets
    assert MemoryEngine(1).unhandled(axioms) == []
    ours = MemoryEngine(60).close(axioms, base, additions)
    assert ours == ReferenceEngine(600).close(axioms, base, additions)
    assert len(ours) > 5
    assert len(ours[0].inferred) > 400
    assert any(set(c.inferred) - set(ours[0].inferred) for c in ours)


ENTAILMENTS = SERVER.parent.parent / "entailments"


@pytest.mark.parametrize("folder", ["follows", "does-not-follow"])
def test_the_entailments(folder: str, shipped_sets: tuple[list[Triple], list[Triple], list[list[Triple]]]) -> None:
    """What must follow follows here too, and what must not does not."""
    files = sorted((ENTAILMENTS / folder).glob("*.given.ttl"))
    assert len(files) > 9
    stated = [[q.triple for q in parse(path=str(p), format=RdfFormat.TURTLE)] for p in files]
    then = [[q.triple for q in parse(path=str(p).replace(".given.", ".then."), format=RdfFormat.TURTLE)] for p in files]
    for given_facts, wanted, closure in zip(stated, then, fast(shipped_sets[0], [], *stated)[1:], strict=True):
        assert closure.clashes == ()
        missing = set(wanted) - set(closure.inferred) - set(given_facts)
        assert missing == (set() if folder == "follows" else set(wanted) - set(given_facts))


# Made-up cases.

CLASSES = [f"ex:C{n}" for n in range(4)]
PROPERTIES = [f"ex:p{n}" for n in range(4)]
THINGS = [f"ex:i{n}" for n in range(4)]
VALUES = ['"x"', '"x"@en', "1", "2.5", '"2020-01-31"^^xsd:date', '"2020-02-31"^^xsd:date', "true", '"v"^^ex:own',
          '"http://y"^^xsd:anyURI']  # fmt: skip
CLASS, PROPERTY, THING = (st.sampled_from(x) for x in (CLASSES, PROPERTIES, THINGS))
RANGE = st.one_of(CLASS, CLASS, CLASS, st.sampled_from(["xsd:decimal", "xsd:integer", "xsd:anyURI", "rdfs:Literal"]))
ABOVE = st.one_of(CLASS, CLASS, CLASS, CLASS, st.sampled_from(["owl:Thing", "owl:Nothing"]))
CHAIN = st.lists(PROPERTY, min_size=1, max_size=4).map(lambda x: f"( {' '.join(x)} )")
KIND = st.sampled_from(["Symmetric", "Transitive", "Asymmetric", "Irreflexive"]).map(lambda k: f"owl:{k}Property")
DECLARED = st.sampled_from(["owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty",
                            "owl:NamedIndividual", "rdf:Property", "rdfs:Class"])  # fmt: skip


def axiom(subject: st.SearchStrategy[str], predicate: str, value: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(subject, value).map(lambda x: f"{x[0]} {predicate} {x[1]} .")


AXIOM = st.one_of(
    axiom(CLASS, "rdfs:subClassOf", ABOVE),
    axiom(CLASS, "owl:equivalentClass", CLASS),
    axiom(CLASS, "owl:disjointWith", CLASS),
    axiom(PROPERTY, "rdfs:domain", ABOVE),
    axiom(PROPERTY, "rdfs:range", RANGE),
    axiom(PROPERTY, "rdfs:subPropertyOf", st.one_of(PROPERTY, st.just("rdfs:label"))),
    axiom(PROPERTY, "owl:equivalentProperty", PROPERTY),
    axiom(PROPERTY, "owl:inverseOf", PROPERTY),
    axiom(PROPERTY, "owl:propertyDisjointWith", PROPERTY),
    axiom(PROPERTY, "owl:propertyChainAxiom", CHAIN),
    axiom(PROPERTY, "a", KIND),
    axiom(st.one_of(CLASS, PROPERTY), "a", DECLARED),
    axiom(st.one_of(THING, CLASS), "a", CLASS),
    st.lists(CLASS, min_size=2, max_size=4).map(
        lambda x: f"[] a owl:AllDisjointClasses ; owl:members ( {' '.join(x)} ) ."
    ),
)
NODE = st.one_of(THING, THING, THING, THING, CLASS, PROPERTY, st.just("_:b"), st.just("xsd:integer"))
FOREIGN = st.sampled_from(["ex:Other", "xsd:integer", "rdf:List", "rdf:Property"])
FACT = st.one_of(
    axiom(NODE, "a", st.one_of(CLASS, CLASS, CLASS, FOREIGN)),
    st.tuples(NODE, PROPERTY, st.one_of(NODE, NODE, NODE, st.sampled_from(VALUES))).map(" ".join).map("{} .".format),
    st.tuples(
        NODE, st.sampled_from(["rdfs:label", "ex:other", "rdf:first"]), st.one_of(NODE, st.sampled_from(VALUES))
    ).map(" ".join).map("{} .".format),
)  # fmt: skip
AXIOMS = st.lists(AXIOM, max_size=9).map(" ".join)
FACTS = st.lists(FACT, max_size=9).map(" ".join)


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(axioms=AXIOMS, base=FACTS, additions=st.lists(FACTS, max_size=2))
def test_made_up_cases_are_closed_as_the_reference_does(
    reference: Reference, axioms: str, base: str, additions: list[str]
) -> None:
    given_axioms = ex(axioms)
    assert MemoryEngine(1).unhandled(given_axioms) == []
    assert_agree(reference, given_axioms, ex(base), *map(ex, additions))


def test_a_node_in_two_datatypes_is_no_clash(reference: Reference) -> None:
    """Table 8 of the profiles speaks of literals only; owlrl alone holds that datatypes are disjoint."""
    facts = ex('_:b a xsd:integer . ex:i ex:p0 _:b . ex:i2 ex:p0 "http://y"^^xsd:anyURI .')
    closure = assert_agree(reference, ex("ex:p0 rdfs:range xsd:anyURI ."), facts)[0]
    assert closure.clashes == ()
    assert len(closure.inferred) == 2


def test_made_up_cases_are_worth_comparing(reference: Reference) -> None:
    """A dense one of each: things follow, things clash, additions add to both."""
    axioms = ex("""ex:C0 rdfs:subClassOf ex:C1 ; owl:disjointWith ex:C2 . ex:p0 rdfs:domain ex:C0 ; rdfs:range ex:C2 ;
    owl:inverseOf ex:p1 ; a owl:TransitiveProperty . ex:p2 owl:propertyChainAxiom ( ex:p0 ex:p1 ex:p0 ) .
    ex:p2 a owl:AsymmetricProperty . ex:i9 a ex:C0 .""")
    one, two, three = assert_agree(
        reference,
        axioms,
        ex("ex:i0 ex:p0 ex:i1 . ex:i2 ex:other ex:i9 ."),
        ex("ex:i1 ex:p0 ex:i2 ."),
        ex("ex:i0 a ex:C1 ."),
    )
    assert len(two.inferred) > len(one.inferred) > len(three.inferred) > 3
    assert len(two.clashes) > len(one.clashes) == 0


def subset(draw: Random, texts: list[str], most: int) -> str:
    return " ".join(draw.sample(texts, draw.randint(0, most)))


def test_an_addition_is_closed_as_if_from_scratch() -> None:
    """Compared without the reference, so on many more cases: what was taken out leaves no trace."""
    draw = Random(1)  # noqa: S311 - no secret
    kinds = ("Symmetric", "Transitive", "Asymmetric", "Irreflexive")
    pairs = [(a, b) for a in range(4) for b in range(4)]
    every = [f"ex:C{a} {p} ex:C{b} ." for a, b in pairs for p in ("rdfs:subClassOf", "owl:disjointWith")]
    every += [f"ex:p{a} {p} ex:p{b} ." for a, b in pairs for p in ("rdfs:subPropertyOf", "owl:inverseOf")]
    every += [f"ex:p{a} rdfs:domain ex:C{b} ; rdfs:range ex:C{3 - b} ." for a, b in pairs]
    every += [f"ex:p{a} owl:propertyChainAxiom ( ex:p{b} ex:p{3 - a} ex:p{b} ) ." for a, b in pairs]
    every += [f"ex:p{a} a owl:{k}Property ." for a in range(4) for k in kinds]
    facts = [f"ex:i{a} ex:p{n} ex:i{b} ." for a, b in pairs for n in range(4)]
    facts += [f"ex:i{a} a ex:C{b} ." for a, b in pairs]
    changed = 0
    for _ in range(MANY):
        axioms, base = ex(subset(draw, every, 10)), ex(subset(draw, facts, 8))
        additions = [ex(subset(draw, facts, 4)) for _ in range(3)]
        found = fast(axioms, base, *additions)
        for extra, closure in zip(additions, found[1:], strict=True):
            assert closure == fast(axioms, [*base, *extra])[0]
            changed += closure != found[0]
        assert fast(axioms, base, *additions, [])[-1] == found[0]
    assert changed > MANY


STATED_TOO = {
    "a member of an enumeration": ("ex:C owl:oneOf ( ex:a ) .", "ex:a a ex:C ; ex:p ex:b ."),
    "of a datatype that contains the other": ("", "ex:a a xsd:int , xsd:integer ."),
    "an individual of the axioms": ("ex:a a ex:C . ex:C rdfs:subClassOf ex:D .", "ex:a a ex:C , ex:D ."),
    "of a class that follows": ("ex:C rdfs:subClassOf ex:D .", "ex:a a ex:C , ex:D ."),
    "an identity either way": ("ex:a owl:sameAs ex:b .", "ex:a owl:sameAs ex:b . ex:b owl:sameAs ex:a ."),
}


@pytest.mark.parametrize("case", STATED_TOO.values(), ids=STATED_TOO)
def test_what_is_stated_is_not_inferred(case: tuple[str, str]) -> None:
    axioms, facts = map(ex, case)
    base, empty, again, added = fast(axioms, facts, [], facts) + fast(axioms, [], facts)[1:]
    assert not set(base.inferred) & set(facts)
    assert base == empty == again == added
    proofs = MemoryEngine(60).explain(axioms, facts, facts)
    assert [len(p.steps) for p in proofs if p is not None] == [1] * len(facts)


def test_the_order_of_input_is_irrelevant(shipped_sets: tuple[list[Triple], list[Triple], list[list[Triple]]]) -> None:
    axioms, base, additions = shipped_sets
    expected = fast(axioms, base, *additions)
    draw = Random(2)  # noqa: S311 - no secret

    def mixed(triples: list[Triple]) -> list[Triple]:
        return draw.sample(triples, len(triples)) + triples[:3]

    for _ in range(3):
        assert fast(mixed(axioms), mixed(base), *map(mixed, additions)) == expected
    assert fast(axioms, base, *reversed(additions))[1:] == expected[:0:-1]


def test_what_follows_is_in_triple_order() -> None:
    [found] = fast(ex("ex:C rdfs:subClassOf ex:B , ex:A . ex:p owl:inverseOf ex:q ."), ex("ex:b a ex:C ; ex:p ex:a ."))
    assert len(found.inferred) == 3
    assert list(found.inferred) == sorted(found.inferred, key=triple_order)


# Cycles end.

CYCLES = {
    "an inverse of itself": ("ex:p owl:inverseOf ex:p .", "ex:a ex:p ex:b ."),
    "two inverses of one": ("ex:p owl:inverseOf ex:q , ex:r .", "ex:a ex:p ex:b ."),
    "a circle of classes": ("ex:C rdfs:subClassOf ex:D . ex:D rdfs:subClassOf ex:E , ex:C .", "ex:a a ex:D ."),
    "a class below itself": ("ex:C rdfs:subClassOf ex:C .", "ex:a a ex:C ."),
    "a class equal to itself": ("ex:C owl:equivalentClass ex:C , ex:D .", "ex:a a ex:D ."),
    "a circle of properties": ("ex:p rdfs:subPropertyOf ex:q . ex:q rdfs:subPropertyOf ex:p .", "ex:a ex:p ex:b ."),
    "a circle of a transitive property": (
        "ex:p a owl:TransitiveProperty .",
        "ex:a ex:p ex:b . ex:b ex:p ex:c , ex:a .",
    ),
    "symmetric and transitive": (
        "ex:p a owl:TransitiveProperty , owl:SymmetricProperty .",
        "ex:a ex:p ex:b . ex:c ex:p ex:b .",
    ),
    "a chain that includes itself": (
        "ex:p owl:propertyChainAxiom ( ex:p ex:q ) .",
        "ex:a ex:p ex:b . ex:b ex:q ex:c , ex:b .",
    ),
    "a chain of itself": (
        "ex:p owl:propertyChainAxiom ( ex:p ex:p ex:p ) .",
        "ex:a ex:p ex:b . ex:b ex:p ex:c . ex:c ex:p ex:a .",
    ),
    "chains that feed each other": (
        "ex:p owl:propertyChainAxiom ( ex:q ex:q ) . ex:q owl:propertyChainAxiom ( ex:p ex:q ) .",
        "ex:a ex:q ex:b . ex:b ex:q ex:a , ex:c .",
    ),
    "a chain of one": ("ex:p owl:propertyChainAxiom ( ex:q ) .", "ex:a ex:q ex:b ."),
    "a chain of none": ("ex:p owl:propertyChainAxiom () .", "ex:a ex:p ex:b ."),
    "to itself": ("ex:p owl:propertyChainAxiom ( ex:q ex:q ) .", "ex:a ex:q ex:a ."),
}  # fmt: skip


@pytest.mark.parametrize("case", CYCLES.values(), ids=CYCLES)
def test_cycles_end_as_they_do_in_the_reference(case: tuple[str, str], reference: Reference) -> None:
    assert_agree(reference, *map(ex, case))


# Clashes: in the same cases, with the same nodes.

CLASHES = {
    "disjoint classes": ("ex:C owl:disjointWith ex:D .", "ex:a a ex:C , ex:D .", {"C", "D", "a"}),
    "disjoint the other way": ("ex:D owl:disjointWith ex:C .", "ex:a a ex:C , ex:D .", {"C", "D", "a"}),
    "disjoint with itself": ("ex:C owl:disjointWith ex:C .", "ex:a a ex:C .", {"C", "a"}),
    "disjoint by what follows": (
        "ex:C owl:disjointWith ex:D . ex:p rdfs:domain ex:C ; rdfs:range ex:D .", "ex:a ex:p ex:a .", {"C", "D", "a"}
    ),
    "several disjoint classes": (
        "[] a owl:AllDisjointClasses ; owl:members ( ex:C ex:D ex:E ) .", "ex:a a ex:D , ex:E .", {"D", "E", "a"}
    ),
    "irreflexive": ("ex:p a owl:IrreflexiveProperty .", "ex:a ex:p ex:a .", {"p", "a"}),
    "asymmetric": ("ex:p a owl:AsymmetricProperty .", "ex:a ex:p ex:b . ex:b ex:p ex:a .", {"p", "a", "b"}),
    "asymmetric to itself": ("ex:p a owl:AsymmetricProperty .", "ex:a ex:p ex:a .", {"p", "a"}),
    "disjoint properties": (
        "ex:p owl:propertyDisjointWith ex:q .",
        "ex:a ex:p ex:b ; ex:q ex:b .", {"p", "q", "a", "b"},
    ),
    "nothing": ("ex:C rdfs:subClassOf owl:Nothing .", "ex:a a ex:C .", {"a"}),
    "no value of its datatype": ("ex:C rdfs:subClassOf ex:D .", "ex:a ex:r '2020-02-30'^^xsd:date .", set()),
    "no value of the range": ("ex:p rdfs:range xsd:decimal .", "ex:a ex:p true ; ex:r 1 .", set()),
    "an individual of the axioms": ("ex:C owl:disjointWith ex:D . ex:a a ex:C .", "ex:a a ex:D .", {"C", "D", "a"}),
}  # fmt: skip
NO_CLASHES = {
    "of one class only": ("ex:C owl:disjointWith ex:D .", "ex:a a ex:C . ex:b a ex:D ."),
    "one way": ("ex:p a owl:AsymmetricProperty .", "ex:a ex:p ex:b ."),
    "to another": ("ex:p a owl:IrreflexiveProperty .", "ex:a ex:p ex:b . ex:b ex:p ex:a ."),
    "to two": ("ex:p owl:propertyDisjointWith ex:q .", "ex:a ex:p ex:b ; ex:q ex:c ."),
    "contained": ("ex:p rdfs:range xsd:decimal .", "ex:a ex:p 1 ."),
    "nothing in nothing": ("ex:C rdfs:subClassOf owl:Nothing .", "ex:a a ex:D ."),
}


@pytest.mark.parametrize("case", CLASHES.values(), ids=CLASHES)
def test_a_clash_is_told_and_names_its_nodes(case: tuple[str, str, set[str]], reference: Reference) -> None:
    axioms, facts, named = case
    without, within = assert_agree(reference, ex(axioms), [], ex(facts))
    assert without.clashes == ()
    assert {X + n for n in named} in nodes(within.clashes)
    assert assert_agree(reference, ex(axioms), ex(facts))[0].clashes == within.clashes


@pytest.mark.parametrize("case", NO_CLASHES.values(), ids=NO_CLASHES)
def test_no_clash_is_made_up(case: tuple[str, str], reference: Reference) -> None:
    assert assert_agree(reference, *map(ex, case))[0].clashes == ()


def test_a_clash_is_told_once_and_in_words() -> None:
    [found] = fast(ex("ex:p a owl:AsymmetricProperty ."), ex("ex:a ex:p ex:b . ex:b ex:p ex:a ."))
    assert [c.text for c in found.clashes] == [
        f"{X}a and {X}b stand in the asymmetric property {X}p both ways (prp-asyp)"
    ]


# Subtle cases, each as the reference has it.

SUBTLE = {
    "a value is no subject": ("ex:p owl:inverseOf ex:q ; a owl:SymmetricProperty .", "ex:a ex:p 1 ."),
    "a value joins a chain": (
        "ex:q owl:inverseOf ex:p . ex:r owl:propertyChainAxiom ( ex:p ex:q ) .",
        "ex:a ex:p 1 . ex:b ex:p 1 .",
    ),
    "values of one number are two": (
        "ex:q owl:inverseOf ex:p . ex:r owl:propertyChainAxiom ( ex:p ex:q ) .",
        "ex:a ex:p 1 . ex:b ex:p 01 .",
    ),
    "a range types no value": ("ex:p rdfs:range ex:C .", "ex:a ex:p 1 , ex:b ."),
    "a range may be a datatype": ("ex:p rdfs:range xsd:integer .", "ex:a ex:p ex:b , 1 ."),
    "an individual of the axioms that facts name": (
        "ex:C rdfs:subClassOf ex:D . ex:i a ex:C .",
        "ex:a ex:other ex:i .",
    ),
    "an individual of the axioms that no fact names": (
        "ex:C rdfs:subClassOf ex:D . ex:i a ex:C .",
        "ex:a ex:other ex:b .",
    ),
    "a class is an individual": (
        "ex:C rdfs:subClassOf ex:D . ex:D rdfs:subClassOf ex:E . ex:C a ex:D .",
        "ex:a ex:other ex:C .",
    ),
    "a class equal to another is an individual": (
        "ex:C owl:equivalentClass ex:D .",
        "ex:C ex:other ex:D . ex:D a ex:C .",
    ),
    "a property is an individual": (
        "ex:p rdfs:domain ex:C ; a owl:ObjectProperty ; rdfs:subPropertyOf ex:q .",
        "ex:p ex:p ex:q .",
    ),
    "labels have a domain": (
        "rdfs:label rdfs:domain ex:C . ex:p rdfs:subPropertyOf rdfs:label .",
        "ex:a ex:p 'x' . ex:b rdfs:label ex:c .",
    ),
    "everything is a Thing": (
        "ex:C rdfs:subClassOf owl:Thing . ex:p rdfs:domain owl:Thing .",
        "ex:a a ex:C ; ex:p ex:b .",
    ),
    "a datatype in a fact": (
        "ex:C rdfs:subClassOf ex:D .",
        "ex:a a xsd:short ; ex:other xsd:integer , rdfs:label , rdf:nil .",
    ),
    "unnamed things": ("ex:C rdfs:subClassOf ex:D .", "[] a ex:C ; ex:p [ a ex:C ] ."),
    "an unnamed class": ("ex:p rdfs:domain ex:D .", "ex:a a [] ; ex:p ex:b ."),
}  # fmt: skip


@pytest.mark.parametrize("case", SUBTLE.values(), ids=SUBTLE)
def test_subtle_cases(case: tuple[str, str], reference: Reference) -> None:
    axioms, facts = map(ex, case)
    both = assert_agree(reference, axioms, facts)
    assert not any(isinstance(t.subject, Literal) for t in both[0].inferred)
    assert assert_agree(reference, axioms, [], facts)[1] == both[0]


def test_what_is_said_of_a_class_as_a_class_is_no_fact() -> None:
    """Nothing: owlrl adds subclass and equivalence axioms, Thing and Nothing about a class that a fact names."""
    [found] = fast(ex("ex:C rdfs:subClassOf ex:D . ex:D rdfs:subClassOf ex:E ."), ex("ex:C ex:p ex:D ."))
    assert found == Closure(())


# Where the reference is wrong or silent.


def test_no_false_alarm_about_values(reference: Reference) -> None:
    """The reference takes no zero, no infinity and no year after 9999."""
    base = ex("ex:a ex:p 0e0 , 'INF'^^xsd:double , '12020-01-01'^^xsd:date .")
    assert fast([], base)[0].clashes == ()
    assert len(reference([], base)[0].clashes) == 3


def test_no_crash_over_a_decimal() -> None:
    """The reference fails on a decimal that is none."""
    base = ex("ex:a ex:p 'many'^^xsd:decimal .")
    assert len(fast([], base)[0].clashes) == 1
    with pytest.raises(EngineError):
        ReferenceEngine(60).close([], base, [])


# Hostile and large.


def chain_of(length: int) -> list[Triple]:
    sub = NamedNode(terms.RDFS + "subClassOf")
    names = [NamedNode(f"{X}C{n}") for n in range(length)]
    return [Triple(a, sub, b) for a, b in pairwise(names)]


def seconds(length: int) -> float:
    axioms = chain_of(length)
    start = perf_counter()
    [found] = fast(axioms, [Triple(NamedNode(X + "a"), TYPE, NamedNode(X + "C0"))])
    assert len(found.inferred) == length - 1
    return perf_counter() - start


def test_a_deep_chain_of_classes_takes_time_in_proportion() -> None:
    assert min(seconds(5_000) for _ in range(3)) < 40 * min(seconds(500) for _ in range(3))


def test_a_deep_chain_of_properties_ends() -> None:
    sub = NamedNode(terms.RDFS + "subPropertyOf")
    axioms = [Triple(t.subject, sub, t.object) for t in chain_of(10_000)]
    [found] = fast(axioms, [Triple(NamedNode(X + "a"), NamedNode(X + "C0"), NamedNode(X + "b"))])
    assert len(found.inferred) == 9_999


def test_a_closure_that_takes_too_long_is_stopped() -> None:
    steps = "".join(f"ex:i{n} ex:p ex:i{n + 1} . " for n in range(3000))
    with pytest.raises(EngineError, match=r"did not finish in 0.05 s") as caught:
        MemoryEngine(0.05).close(ex("ex:p a owl:TransitiveProperty ."), ex(steps), [])
    assert "POSTHOLDER_ENGINE_SECONDS" in caught.value.hint


def test_the_engine_says_which_it_is() -> None:
    engine = MemoryEngine(1)
    assert (engine.name, engine.version) == ("postholder", terms.VERSION)
