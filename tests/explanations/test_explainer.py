"""Everything that a graph infers has a proof that ends in what the files state."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from postholder import terms
from postholder.closure import timed
from postholder.explanations.explainer import Explainer
from postholder.graph import DEFAULT, LABEL, TYPE, ph

if TYPE_CHECKING:
    from postholder.api import KnowledgeGraph
    from postholder.explanations.explanation import Explanation


def explainer(graph: KnowledgeGraph) -> Explainer:
    return Explainer(graph.inputs, graph.facts, graph.quads, graph.settings)


@pytest.fixture(scope="module")
def explained(shipped: KnowledgeGraph) -> dict[Triple, Explanation]:
    """Return the explanation of every inferred fact of the shipped graph."""
    why = explainer(shipped)
    inferred = [q.triple for q in shipped.quads if str(q.graph_name).startswith(f"<{terms.INFERRED_GRAPH}")]
    return {t: why.explain(t) for t in inferred}


def test_every_inferred_fact_of_the_shipped_graph_has_a_proof(explained: dict[Triple, Explanation]) -> None:
    assert len(explained) > 1000
    assert [t for t, e in explained.items() if not e.arguments or e.holds == "not"] == []
    assert [
        t for t, e in explained.items() for a in e.arguments if a.proof.conclusion != (t.subject, t.predicate, t.object)
    ] == []


def test_what_is_certain_is_told_from_what_rests_on_a_reading(
    shipped: KnowledgeGraph, explained: dict[Triple, Explanation]
) -> None:
    certain = {q.triple for q in shipped.quads if str(q.graph_name) == f"<{terms.INFERRED_GRAPH}>"}
    assert {t for t, e in explained.items() if e.holds == "always"} == certain
    assert [t for t, e in explained.items() if e.holds != "always" and not all(a.under for a in e.arguments)] == []


def test_proofs_of_the_shipped_graph_use_rules_of_every_kind(explained: dict[Triple, Explanation]) -> None:
    used = Counter(s.rule for e in explained.values() for a in e.arguments for s in a.proof.steps)
    assert set(used) == {
        "stated", "axiom", "cax-sco", "prp-inv1", "prp-inv2", "prp-spo1", "prp-spo2", "prp-dom", "prp-rng", "prp-symp",
        *timed.RULES, "figure-a-year-before", "identified", "comparison",
    }  # fmt: skip


def test_every_stated_step_has_its_claims_and_every_axiom_its_file(explained: dict[Triple, Explanation]) -> None:
    steps = [told for e in explained.values() for a in e.arguments for _, told in e.steps(a)]
    stated = [s for s in steps if s["rule"] == "stated"]
    assert len(stated) > 2000
    assert [s for s in stated if not s["claims"] and not s.get("file")] == []
    cited = [p for s in stated for c in s["claims"] for p in c["passages"]]
    assert cited
    assert [p for p in cited if not p["document"] or None in p["span"] or len(p["sha256"]) != 64] == []
    assert [s for s in steps if s["rule"] == "axiom" and not s["file"]] == []


def test_a_stated_fact_explains_itself(shipped: KnowledgeGraph) -> None:
    told = explainer(shipped).explain(
        Triple(NamedNode(terms.ID + "appointment/taobao-cto"), ph("holder"), NamedNode(terms.ID + "person/lu-su"))
    )
    [argument] = told.arguments
    assert [s.rule for s in argument.proof.steps] == ["stated"]


def test_a_former_name_is_led_to_the_name_that_stands_for_both(shipped: KnowledgeGraph) -> None:
    """Trudy Dai of a later document is Dai Shan of the article, by a claim."""
    told = explainer(shipped).explain(
        Triple(NamedNode(terms.ID + "person/dai-shan"), NamedNode(terms.ORG + "holds"),
               NamedNode(terms.ID + "post/taobao-tmall-commerce-group-chief-executive"))
    )  # fmt: skip
    rules = [s.rule for a in told.arguments for s in a.proof.steps]
    assert "identified" in rules


def test_an_axiom_names_its_file(shipped: KnowledgeGraph) -> None:
    told = explainer(shipped).explain(
        Triple(ph("Appointment"), NamedNode(terms.RDFS + "subClassOf"), ph("TimedRelation"))
    )
    [argument] = told.arguments
    [(_, step)] = told.steps(argument)
    assert step["file"] == "terms/appointments.ttl"


def test_what_describes_the_view_is_told_as_such(shipped: KnowledgeGraph) -> None:
    graph = shipped.view(as_of="2023-10-01")
    why = explainer(graph)
    for name in ("standing", "standingReason", "attestedBy", "withdrawnReading", "validOn"):
        told = why.explain(next(q.triple for q in graph.quads if q.predicate == ph(name)))
        assert (told.holds, told.arguments) == ("described", ())
        assert "not inferred" in told.told


@pytest.mark.parametrize("view", [{}, {"as_of": "2023-10-01"}])
def test_whatever_a_graph_says_is_proven_or_describes_the_graph(shipped: KnowledgeGraph, view: dict[str, str]) -> None:
    graph = shipped.view(**view)
    why = explainer(graph)
    found = [why.explain(q.triple) for q in graph.quads if q.graph_name == DEFAULT]
    assert Counter(e.holds for e in found)["always"] > 5000
    assert [e.triple for e in found if e.holds not in {"always", "described"}] == []
    assert [e.triple for e in found if bool(e.arguments) == (e.holds == "described")] == []
    described = {e.triple.predicate for e in found if e.triple and e.holds == "described"}
    own = {ph(n) for n in ("standing", "standingReason", "attestedBy", "withdrawnReading")}
    of_parts = {ph("underInterpretation"), ph("validOn"), ph("certainty"), LABEL, TYPE}
    assert described <= own | of_parts
    assert len(described) > 4


def test_what_no_proof_is_found_of_is_not_called_proven(shipped: KnowledgeGraph) -> None:
    strange = Triple(NamedNode("urn:x"), NamedNode("urn:p"), Literal("1"))
    told = Explainer(shipped.inputs, shipped.facts, [*shipped.quads, Quad(*strange)], shipped.settings).explain(strange)
    assert told.arguments == ()
    assert told.told == "It is in the graph, but no proof of it was found."


def test_what_does_not_hold_is_told_with_what_is_near(shipped: KnowledgeGraph) -> None:
    lu_su, holds = NamedNode(terms.ID + "person/lu-su"), NamedNode(terms.ORG + "holds")
    told = explainer(shipped).explain(Triple(lu_su, holds, NamedNode(terms.ID + "post/nothing")))
    assert (told.holds, told.arguments) == ("not", ())
    assert told.told == "The values there are: post/group-cto, post/taobao-cto."
    nothing = explainer(shipped).explain(Triple(lu_su, NamedNode(terms.ORG + "zzz"), Literal("1")))
    assert (nothing.holds, nothing.told) == ("not", "")


def test_what_only_a_withdrawn_claim_said_is_told_so(shipped: KnowledgeGraph) -> None:
    facts = shipped.facts
    [claim] = facts.withdrawn
    said = {t for r in facts.readings[claim] for t in facts.triples(r)}
    kept = {q.triple for q in shipped.quads if str(q.graph_name).find("reading") < 0}
    gone = sorted(said - kept, key=str)
    assert gone
    told = explainer(shipped).explain(gone[0])
    assert told.holds == "not"
    assert f"{facts.name(claim)} said so and was withdrawn." in told.told


def test_a_view_that_is_certain_only_tells_of_a_reading_it_leaves_out(shipped: KnowledgeGraph) -> None:
    graph = shipped.view(certainty="certain")
    told = graph.explain("Abbess", "org:holds", "CCO/CRO of Alibaba Group")
    assert told.holds == "not"
    assert "It holds if the text is read so, which this view leaves out: CCO/CRO is one post." in str(told)


@pytest.mark.parametrize(
    "view",
    [
        {"as_of": "2023-10-01"},
        {"known_at": "2023-07-01"},
        {"certainty": "certain"},
        {"according_to": "all"},
        {"as_of": "2023-10-01", "certainty": "certain"},
    ],
)
def test_everything_inferred_has_a_proof_in_every_view(shipped: KnowledgeGraph, view: dict[str, str]) -> None:
    graph = shipped.view(**view)
    why = explainer(graph)
    inferred = {q.triple for q in graph.quads if str(q.graph_name).startswith(f"<{terms.INFERRED_GRAPH}")}
    assert len(inferred) > 300
    assert [t for t in inferred if not why.explain(t).arguments] == []
