"""Each axiom is told with its rule; what nothing handles is an error, never silence."""

from __future__ import annotations

from time import monotonic

from ontologies import triples
from postholder.closure.compiler import compile_axioms
from postholder.closure.handling import handling, in_words
from postholder.closure.profile import logical
from postholder.closure.program import NOT_COMPILED
from postholder.settings import MEBIBYTE
from postholder.sources import inputs


def test_every_axiom_of_the_shipped_ontology_is_handled() -> None:
    axioms = logical(inputs.load(None, MEBIBYTE).ontology)
    found = handling(axioms)
    assert len(found.ruled) > 400
    assert found.left == ()
    assert len(found.ruled) + len(found.individuals) + found.declared == len(set(axioms))


def test_what_nothing_handles_is_told() -> None:
    found = handling(
        triples("ex:p a owl:ObjectProperty , ex:Kind . ex:A rdfs:subClassOf ex:B . [ owl:inverseOf ex:p ] owl:x ex:q .")
    )
    assert [in_words(t).split()[1:] for t in found.left] == [
        ["http://www.w3.org/2002/07/owl#inverseOf", "http://x/p"],
        ["http://www.w3.org/2002/07/owl#x", "http://x/q"],
    ]
    text = "\n".join(found.summary())
    assert "cax-sco 1" in text
    assert "2 without a rule" in text
    assert text.count("no rule: ") == 2


def test_a_long_list_is_told_in_time_and_a_longer_one_is_left() -> None:
    text = "[] a owl:AllDifferent ; owl:members ( {} ) ."
    start = monotonic()
    found = handling(triples(text.format(" ".join(f"ex:t{n}" for n in range(250)))))
    assert monotonic() - start < 15
    assert {names for _, names in found.ruled} == {("eq-diff2",)}
    assert len(found.ruled) == 2 + 2 * 250
    (left,) = compile_axioms(triples(text.format(" ".join(f"ex:t{n}" for n in range(1001))))).unhandled
    assert (left.construct, left.reason) == ("AllDifferent", "more than 1000 members make too many pairs")


def test_details_name_each_axiom_and_each_rule_that_is_not_compiled() -> None:
    found = handling(triples("ex:A rdfs:subClassOf ex:B . ex:a a ex:A ."))
    lines = list(found.details())
    assert "    http://x/A http://www.w3.org/2000/01/rdf-schema#subClassOf http://x/B: cax-sco" in lines
    assert any(line.endswith(": taken as a fact") for line in lines)
    assert len(lines) == 2 + len(NOT_COMPILED)
