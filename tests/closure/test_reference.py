"""The reference engine: what must follow follows, what must not does not, and no fault of owlrl comes through."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from postholder import terms
from postholder.closure import owlrl_worker
from postholder.closure.base import Closure, UnhandledAxiom
from postholder.closure.profile import logical
from postholder.closure.reference import ReferenceEngine
from postholder.errors import EngineError
from postholder.graph import TYPE, text_of
from postholder.settings import MEBIBYTE
from postholder.sources import inputs

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent.parent / "entailments"
CASES = sorted(p.name.removesuffix(".given.ttl") for p in HERE.glob("*/*.given.ttl"))
FOLDERS = {name: path.parent for name in CASES for path in HERE.glob(f"*/{name}.given.ttl")}
X = "http://x/"
HEAD = f"""@prefix ex: <{X}> . @prefix owl: <{terms.OWL}> . @prefix rdfs: <{terms.RDFS}> . @prefix xsd: <{terms.XSD}> .
@prefix rdf: <{terms.RDF}> .
"""


def read(text: str) -> list[Triple]:
    return [q.triple for q in parse(text, format=RdfFormat.TURTLE)]


def ex(text: str) -> list[Triple]:
    return read(HEAD + text)


def part(name: str, kind: str) -> list[Triple]:
    return read((FOLDERS[name] / f"{name}.{kind}.ttl").read_text(encoding="utf-8"))


def close(axioms: Sequence[Triple], base: Sequence[Triple], *additions: Sequence[Triple]) -> list[Closure]:
    return ReferenceEngine(60).close(axioms, base, additions)


@pytest.fixture(scope="module")
def axioms() -> list[Triple]:
    return logical(inputs.load(None, MEBIBYTE).ontology)


@pytest.fixture(scope="module")
def closures(axioms: list[Triple]) -> dict[str, Closure]:
    """Close every case, each on its own."""
    found = close(axioms, [], *(part(name, "given") for name in CASES))
    return dict(zip(CASES, found[1:], strict=True))


def test_both_folders_have_cases_and_each_case_its_two_files() -> None:
    for folder in ("follows", "does-not-follow"):
        names = {p.name for p in (HERE / folder).iterdir()}
        cases = {n.removesuffix(".given.ttl") for n in names if n.endswith(".given.ttl")}
        assert len(cases) >= 10
        assert names == {f"{c}.{k}.ttl" for c in cases for k in ("given", "then")}
    assert {p.name for p in HERE.iterdir()} == {"follows", "does-not-follow", "rl"}
    assert len(FOLDERS) == len(CASES)


@pytest.mark.parametrize("name", [n for n in CASES if FOLDERS[n].name == "follows"])
def test_what_must_follow(name: str, closures: dict[str, Closure]) -> None:
    expected = part(name, "then")
    assert expected
    assert [str(t) for t in expected if t not in closures[name].inferred and t not in part(name, "given")] == []
    assert set(expected) - set(part(name, "given")), "the conclusion says nothing new"
    assert closures[name].clashes == ()


@pytest.mark.parametrize("name", [n for n in CASES if FOLDERS[n].name == "does-not-follow"])
def test_what_must_not_follow(name: str, closures: dict[str, Closure]) -> None:
    forbidden = part(name, "then")
    assert forbidden
    assert [str(t) for t in forbidden if t in closures[name].inferred] == []
    assert closures[name].clashes == ()


@pytest.mark.parametrize("name", CASES)
def test_no_case_makes_two_things_one(name: str, closures: dict[str, Closure]) -> None:
    assert [t for t in closures[name].inferred if t.predicate.value == terms.OWL + "sameAs"] == []


def test_a_case_uses_terms_of_the_vocabulary_only(axioms: list[Triple]) -> None:
    defined = {t.subject for t in inputs.load(None, MEBIBYTE).ontology if isinstance(t.subject, NamedNode)}
    assert axioms
    used = {
        term
        for name in CASES
        for kind in ("given", "then")
        for t in part(name, kind)
        for term in (t.predicate, t.object)
        if isinstance(term, NamedNode) and term.value.startswith(terms.PH)
    }
    assert len(used) > 20
    assert used - defined == set()


# What a closure is.

SUB = ex("ex:C rdfs:subClassOf ex:D .")


def test_what_follows_is_new_sorted_and_about_the_facts() -> None:
    [found] = close(SUB, ex("ex:a a ex:C . ex:b ex:p ex:a ."))
    assert found == Closure((Triple(NamedNode(X + "a"), TYPE, NamedNode(X + "D")),), ())


def test_additions_are_closed_each_on_its_own() -> None:
    base, one, two, three = close(SUB, ex("ex:a a ex:C ."), ex("ex:b a ex:C ."), [], ex("ex:c a ex:C ."))
    assert [[str(t.subject)[-2] for t in c.inferred] for c in (base, one, two, three)] == [
        ["a"],
        ["a", "b"],
        ["a"],
        ["a", "c"],
    ]


def test_nothing_follows_from_nothing() -> None:
    assert close(SUB, []) == [Closure(())]


def test_blank_nodes_of_axioms_stay_behind() -> None:
    axioms = ex("ex:C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:allValuesFrom ex:D ] .")
    [found] = close(axioms, ex("ex:a a ex:C ; ex:p ex:b ."))
    assert [(str(t.subject), str(t.object)) for t in found.inferred] == [(f"<{X}b>", f"<{X}D>")]


def test_two_runs_agree() -> None:
    base = ex("ex:a a ex:C . ex:b a ex:C . ex:c ex:p ex:a .")
    assert close(SUB, base, ex("ex:d a ex:C .")) == close(SUB, base, ex("ex:d a ex:C ."))


# Faults of owlrl, kept out.


def test_a_literal_never_becomes_a_subject() -> None:
    """Pitfall 5: owlrl types literals and calls them the same as each other."""
    axioms = ex("ex:p a owl:DatatypeProperty ; rdfs:range xsd:integer . ex:q owl:inverseOf ex:p .")
    [found] = close(axioms, ex("ex:a ex:p 1 , '01'^^xsd:integer , 'one' ."))
    assert [t for t in found.inferred if isinstance(t.subject, Literal)] == []
    assert "sameAs" not in str(found.inferred)


def test_the_worker_drops_what_rdf_cannot_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "postholder.closure.owlrl_worker"],
        input=f'<{X}a> <{X}p> "1"^^<{terms.XSD}integer> <urn:n> .\n',
        capture_output=True,
        text=True,
        check=True,
    )
    found = list(parse(done.stdout, format=RdfFormat.N_QUADS))
    assert len(found) > 50
    assert {q.graph_name.value for q in found} == {"urn:n"}


def test_a_functional_data_property_makes_no_numbers_equal() -> None:
    """Pitfall 6: owlrl misses the clash and concludes that 11 is 12. So it is left out, and that is told."""
    axioms = ex("ex:p a owl:FunctionalProperty , owl:DatatypeProperty .")
    [found] = close(axioms, ex("ex:a ex:p 11 , 12 ."))
    assert "sameAs" not in str(found.inferred)
    assert ReferenceEngine(1).unhandled(axioms) == [
        UnhandledAxiom(X + "p", "functional data property", "owlrl makes different values equal")
    ]


def test_a_functional_object_property_is_handed_over() -> None:
    axioms = ex("ex:p a owl:FunctionalProperty , owl:ObjectProperty .")
    assert ReferenceEngine(1).unhandled(axioms) == []
    [found] = close(axioms, ex("ex:a ex:p ex:b , ex:c ."))
    assert Triple(NamedNode(X + "b"), NamedNode(terms.OWL + "sameAs"), NamedNode(X + "c")) in found.inferred


def test_a_functional_property_of_no_declared_kind_makes_no_literals_equal() -> None:
    axioms = ex("ex:p a owl:FunctionalProperty .")
    [found] = close(axioms, ex("ex:a ex:p 11 , 12 ."))
    told = ReferenceEngine(1).unhandled(axioms)
    assert found.clashes or told, "two values of a functional property pass in silence"


def test_a_key_merges_no_strangers_and_is_told() -> None:
    """Pitfall 19: owlrl leaves out the last property of a key and can take hours over it."""
    axioms = ex("ex:C owl:hasKey ( ex:p ex:q ) .")
    [found] = close(axioms, ex("ex:a a ex:C ; ex:p 1 ; ex:q 1 . ex:b a ex:C ; ex:p 1 ; ex:q 2 ."))
    assert "sameAs" not in str(found.inferred)
    assert ReferenceEngine(1).unhandled(axioms) == [
        UnhandledAxiom(X + "C", "owl:hasKey", "owlrl leaves out the last property of a key")
    ]


def test_a_nameless_key_is_told() -> None:
    axioms = ex("[] owl:hasKey ( ex:p ) .")
    assert [u.subject for u in ReferenceEngine(1).unhandled(axioms)] == ["an anonymous class"]


def test_a_closure_leaves_literals_of_this_process_alone() -> None:
    """Pitfall 8: owlrl swaps rdflib's converters; after it a valid --01-01 is ill-typed for the whole process."""
    close(SUB, ex("ex:a a ex:C ; ex:on '--01-01'^^xsd:gMonthDay ."))
    assert "owlrl" not in sys.modules
    assert rdflib.Literal("--01-01", datatype=rdflib.XSD.gMonthDay).ill_typed is not True


CLASHES = {
    "disjoint classes": ("ex:C owl:disjointWith ex:D .", "ex:a a ex:C , ex:D ."),
    "several disjoint classes": (
        "[] a owl:AllDisjointClasses ; owl:members ( ex:C ex:D ex:E ) .",
        "ex:a a ex:C , ex:E .",
    ),
    "irreflexive": ("ex:p a owl:IrreflexiveProperty .", "ex:a ex:p ex:a ."),
    "asymmetric": ("ex:p a owl:AsymmetricProperty .", "ex:a ex:p ex:b . ex:b ex:p ex:a ."),
    "nothing": ("ex:C rdfs:subClassOf owl:Nothing .", "ex:a a ex:C ."),
    "negative": (
        "[] owl:sourceIndividual ex:a ; owl:assertionProperty ex:p ; owl:targetIndividual ex:b .",
        "ex:a ex:p ex:b .",
    ),
    "the same and different": ("ex:a owl:differentFrom ex:b .", "ex:a owl:sameAs ex:b ."),
    "at most none": (
        "ex:C rdfs:subClassOf [ owl:maxCardinality '0'^^xsd:nonNegativeInteger ; owl:onProperty ex:p ] .",
        "ex:a a ex:C ; ex:p ex:b .",
    ),
}


@pytest.mark.parametrize("case", CLASHES.values(), ids=CLASHES)
def test_a_clash_is_told(case: tuple[str, str]) -> None:
    axioms, facts = case
    [found] = close(ex(axioms), ex(facts))
    assert found.clashes
    assert "agent-ont" not in str(found.inferred)
    assert close(ex(axioms), ex("ex:z a ex:Z ."))[0].clashes == ()


def test_our_disjoint_classes_clash(axioms: list[Triple]) -> None:
    def typed(*names: str) -> list[Triple]:
        return [Triple(NamedNode(X + "a"), TYPE, NamedNode(terms.PH + n)) for n in names]

    found = close(axioms, [], typed("Unit", "BusinessLine"), typed("Person", "Unit"), typed("Center", "Unit"))
    assert [bool(c.clashes) for c in found] == [False, True, True, False]


def test_an_ill_typed_value_is_no_end_of_the_closure() -> None:
    base = ex(
        "ex:a a ex:C ; ex:p 'many'^^xsd:integer , '2022-02-30'^^xsd:date , '--01-01'^^xsd:gMonthDay , 'x'^^ex:own ."
    )
    [found] = close(SUB, base)
    assert Triple(NamedNode(X + "a"), TYPE, NamedNode(X + "D")) in found.inferred


# The process.


def test_a_closure_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(EngineError, match=r"did not finish in 0.01 s") as caught:
        ReferenceEngine(0.01).close(SUB, ex("ex:a a ex:C ."), [])
    assert "POSTHOLDER_ENGINE_SECONDS" in caught.value.hint


def test_a_worker_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\necho first >&2\necho 'ValueError: the last line' >&2\nexit 1\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))
    with pytest.raises(EngineError, match="owlrl failed: ValueError: the last line"):
        close(SUB, [])


@pytest.mark.parametrize("output", ["", "garbage", "<http://x/a> <http://x/b> <http://x/c> <urn:other> ."])
def test_a_worker_that_answers_nonsense_is_told(output: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake = tmp_path / "python"
    fake.write_text(f"#!/bin/sh\ncat > /dev/null\nprintf '%s' '{output}'\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))
    with pytest.raises(EngineError):
        close(SUB, ex("ex:a a ex:C ."))


def test_the_engine_says_which_it_is() -> None:
    engine = ReferenceEngine(1)
    assert engine.name == "owlrl"
    assert engine.version.startswith("7.")


def test_the_worker_serves_each_addition(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same code in this process, with owlrl's closure replaced: it must never be imported here."""

    class Stdin:
        class buffer:  # noqa: N801 - the name of the attribute of a text stream
            """The bytes of a request."""

            @staticmethod
            def read() -> bytes:
                """Return one request with a base and two additions."""
                return (
                    f"<{X}s> <{X}p> <{X}o> .\n<{X}s1> <{X}p> <{X}o> <urn:1> .\n<{X}s2> <{X}p> <{X}o> <urn:2> .\n"
                ).encode()

    asked: list[list[str]] = []

    def plain(triples: list[Triple]) -> list[Triple]:
        asked.append([text_of(t.subject) for t in triples])
        return triples[:1]

    monkeypatch.setattr(sys, "stdin", Stdin)
    monkeypatch.setattr(owlrl_worker, "close", plain)
    owlrl_worker.main()
    assert asked == [[X + "s", X + "s1"], [X + "s", X + "s2"]]
    graphs = [q.graph_name.value for q in parse(capsysbinary.readouterr().out, format=RdfFormat.N_QUADS)]
    assert graphs == ["urn:1", "urn:2"]


def test_the_worker_closes_and_drops_literal_subjects(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's own part of a closure; owlrl itself must not come into this process, so another stands in."""

    class Closing:
        def __init__(self, semantics: str) -> None:
            assert semantics == "rules"

        def expand(self, graph: rdflib.Graph) -> None:
            """Add a triple that RDF can hold and two that it cannot."""
            node = rdflib.URIRef(X + "new")
            graph.add((node, node, rdflib.Literal("01", datatype=rdflib.XSD.integer, normalize=False)))
            graph.add((rdflib.Literal(1), node, node))
            graph.add((node, rdflib.BNode("b"), node))

    monkeypatch.setitem(sys.modules, "owlrl", SimpleNamespace(DeductiveClosure=Closing, OWLRL_Semantics="rules"))
    found = owlrl_worker.close(ex("ex:a a ex:C ."))
    new = NamedNode(X + "new")
    value = Literal("01", datatype=NamedNode(terms.XSD + "integer"))
    assert set(found) == {*ex("ex:a a ex:C ."), Triple(new, new, value)}


def test_the_worker_runs_as_a_program(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=SimpleNamespace(read=lambda: b"")))
    runpy.run_path(owlrl_worker.__file__, run_name="__main__")
    assert capsysbinary.readouterr().out == b""
