"""The checker accepts the proof of every inferred fact and refuses every proof that is tampered with."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mutants import mutants
from postholder import terms
from postholder.explanations import checking
from postholder.explanations.checking.check import Checker

if TYPE_CHECKING:
    from postholder.api import KnowledgeGraph

VIEWS: dict[str, dict[str, str]] = {
    "on a day": {"as_of": "2023-10-01"},
    "as known at a day": {"known_at": "2023-07-01"},
    "certain": {"certainty": "certain"},
    "undisputed": {"according_to": "all"},
    "certain on a day": {"as_of": "2023-10-01", "certainty": "certain"},
}
SHARE = 25
"""One in so many mutants of each fact is tried, others for other facts; all when it is 1."""


def explained(graph: KnowledgeGraph) -> list[dict[str, Any]]:
    """Return the explanation of every inferred fact, as data."""
    inferred = {q.triple for q in graph.quads if str(q.graph_name).startswith(f"<{terms.INFERRED_GRAPH}")}
    return [graph.desk.explainer.explain(t).as_dict() for t in sorted(inferred, key=str)]


def test_every_proof_of_the_shipped_graph_is_accepted(shipped: KnowledgeGraph) -> None:
    check = Checker(shipped.desk.plain_data())
    found = explained(shipped)
    assert len(found) > 1000
    assert [(e["conclusion"], p) for e in found if (p := check.problems(e))] == []


@pytest.mark.parametrize("view", VIEWS)
def test_every_proof_of_a_view_is_accepted(shipped: KnowledgeGraph, view: str) -> None:
    graph = shipped.view(**VIEWS[view])
    check = Checker(graph.desk.plain_data())
    found = explained(graph)
    assert len(found) > 400
    assert [(e["conclusion"], p) for e in found if (p := check.problems(e))] == []


def test_every_tampered_proof_is_refused(shipped: KnowledgeGraph) -> None:
    data = shipped.desk.plain_data()
    check = Checker(data)
    axioms = {tuple(t) for t in data["axioms"]}
    rivals = {i: next(j for j in m if j != i) for m in data["questions"].values() for i in m}
    tried, as_good, wrong = Counter[str](), Counter[str](), []
    for number, explanation in enumerate(explained(shipped)):
        for place, (kind, mutant, good) in enumerate(mutants(explanation, axioms, rivals)):
            if place % SHARE != number % SHARE:
                continue
            tried[kind] += 1
            as_good[kind] += good
            if bool(check.problems(mutant)) == good:
                wrong.append((kind, good, mutant))
    assert wrong == []
    assert sum(tried.values()) > 8_000
    assert set(tried) >= {
        "rule", "term", "ends", "literal", "premise", "fewer premises", "more premises", "order", "claim", "span",
        "digest", "document", "readings", "no claims", "dropped step", "conclusion", "holds", "under",
    }  # fmt: skip
    assert set(+as_good) <= {"rule", "fewer claims", "label", "register", "no claims"}


def test_a_fact_that_no_claim_states_and_an_axiom_that_is_none_are_refused(shipped: KnowledgeGraph) -> None:
    check = Checker(shipped.desk.plain_data())
    says = [f"<{terms.ID}appointment/taobao-cto>", f"<{terms.PH}holder>", f"<{terms.ID}person/daofang>"]
    claim = next(iter(shipped.desk.plain_data()["claims"].values()))["cited"]
    for step in (
        {"says": says, "rule": "stated", "premises": [], "claims": []},
        {"says": says, "rule": "stated", "premises": [], "claims": [claim]},
        {"says": says, "rule": "stated", "premises": [], "claims": [], "file": "facts/taobao-tmall.trig"},
        {"says": says, "rule": "axiom", "premises": [], "file": "postholder.ttl"},
    ):
        assert check.problems({"conclusion": says, "holds": "always", "proofs": [{"under": [], "steps": [step]}]})


def test_a_proof_in_a_circle_is_refused() -> None:
    empty: dict[str, Any] = {"axioms": [], "register": [], "claims": {}, "questions": {}, "rules": {}, "left_out": {}}
    one, other = ["<urn:a>", f"<{terms.OWL}sameAs>", "<urn:b>"], ["<urn:b>", f"<{terms.OWL}sameAs>", "<urn:a>"]
    steps = [{"says": one, "rule": "eq-sym", "premises": [1]}, {"says": other, "rule": "eq-sym", "premises": [0]}]
    assert Checker(empty).problems({"conclusion": other, "holds": "always", "proofs": [{"under": [], "steps": steps}]})


def test_what_is_proven_for_one_reading_only_does_not_hold_always(shipped: KnowledgeGraph) -> None:
    check = Checker(shipped.desk.plain_data())
    told = shipped.explain("Abbess", "org:memberOf", "Alibaba Group").as_dict()
    assert check.problems(told) == []
    for place in range(len(told["proofs"])):
        fewer = {**told, "proofs": told["proofs"][:place] + told["proofs"][place + 1 :]}
        assert check.problems(fewer) == ["not every way to read the text has a proof"]


@cache
def modules() -> dict[str, ast.Module]:
    folder = Path(checking.__file__).parent
    return {p.name: ast.parse(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.py"))}


def test_the_checker_shares_no_code_with_what_makes_proofs() -> None:
    imported = {
        node.module or ""
        for module in modules().values()
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom)
    }
    ours = {name for name in imported if name.startswith("postholder")}
    home = "postholder.explanations.checking"
    assert ours
    assert [name for name in ours if name != home and not name.startswith(f"{home}.")] == []


def test_the_checker_is_small() -> None:
    folder = Path(checking.__file__).parent
    sizes = {name: len((folder / name).read_text(encoding="utf-8").splitlines()) for name in modules()}
    assert len(sizes) == 5
    assert max(sizes.values()) < 300
