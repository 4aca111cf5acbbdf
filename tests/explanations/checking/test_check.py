"""The checker accepts the proof of every inferred fact and refuses every proof that is tampered with."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import Literal

from mutants import mutants, put
from postholder import terms
from postholder.explanations import checking
from postholder.explanations.checking.check import Checker
from postholder.graph import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postholder.api import KnowledgeGraph

VIEWS: dict[str, dict[str, str]] = {
    "on a day": {"as_of": "2023-10-01"},
    "as known at a day": {"known_at": "2023-07-01"},
    "certain": {"certainty": "certain"},
    "undisputed": {"according_to": "all"},
    "certain on a day": {"as_of": "2023-10-01", "certainty": "certain"},
}
EMPTY: dict[str, Any] = {
    "axioms": [], "register": [], "claims": {}, "withdrawn": {}, "questions": {}, "rules": {}, "left_out": {"": []},
}  # fmt: skip
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


@pytest.mark.parametrize("view", ["", "on a day"])
def test_every_proof_of_what_is_stated_is_accepted(shipped: KnowledgeGraph, view: str) -> None:
    graph = shipped.view(**VIEWS[view]) if view else shipped
    check = Checker(graph.desk.plain_data())
    said = [q.triple for q in graph.quads if q.graph_name == DEFAULT]
    found = [e.as_dict() for t in said if (e := graph.desk.explainer.explain(t)).holds != "described"]
    assert len(found) > 5000
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
    rivals = {i: next(j for j in m if j != i) for m in data["questions"].values() for i in m}
    tried, as_good, wrong = Counter[str](), Counter[str](), []
    for number, explanation in enumerate(explained(shipped)):
        for place, (kind, mutant, good) in enumerate(mutants(explanation, rivals)):
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
        "digest", "document", "readings", "no claims", "dropped step", "conclusion", "holds", "under", "told", "file",
        "added",
    }  # fmt: skip
    assert set(+as_good) <= {"rule", "label"}


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
        proof = {"under": [], "steps": [step]}
        assert check.problems({"conclusion": says, "holds": "always", "told": "", "proofs": [proof]}) == [
            f"proof 0: step 0: {step['rule']} does not conclude it"
        ]


def told(says: list[str] | None, *steps: dict[str, Any]) -> dict[str, Any]:
    """Return the explanation of a triple that has one proof."""
    return {"conclusion": says, "holds": "always", "told": "", "proofs": [{"under": [], "steps": list(steps)}]}


@pytest.mark.parametrize("comment", ["#", "# ", "#<urn:a>"])
def test_a_text_that_is_no_term_proves_nothing(comment: str) -> None:
    """A rule in a file makes all of no triples; what begins as a comment does is none, and a range leads on from it."""
    rule = "CONSTRUCT { ?s <urn:p> ?o } WHERE { ?s <urn:q> ?o }"
    axiom = ["<urn:p>", f"<{terms.RDFS}range>", "<urn:C>"]
    check = Checker({**EMPTY, "axioms": [[*axiom, "f"]], "rules": {"rule": rule}, "left_out": {"": []}})
    nothing = [comment, "<urn:p>", "<urn:x>"]
    made = {"says": nothing, "rule": "rule", "premises": []}
    assert check.problems(told(nothing, made))
    conclusion = ["<urn:x>", f"<{terms.RDF}type>", "<urn:C>"]
    steps = made, {"says": axiom, "rule": "axiom", "premises": [], "file": "f"}
    assert check.problems(told(conclusion, *steps, {"says": conclusion, "rule": "prp-rng", "premises": [1, 0]}))


@pytest.mark.parametrize(
    "term",
    [
        "<urn:x> .\n<urn:a> <urn:b> <urn:c>",
        "<urn:x> ",
        "<urn:\\u0078>",
        "<x>",
        '"a" ',
        '"\\u0061"',
        "_:",
        "",
        "a",
        "<urn:x",
    ],
)
def test_a_term_has_one_form(term: str) -> None:
    says = ["<urn:a>", f"<{terms.OWL}sameAs>", term]
    check = Checker({**EMPTY, "register": [[*says, "f"]]})
    assert check.problems(told(says, {"says": says, "rule": "stated", "premises": [], "claims": [], "file": "f"}))


def test_an_explanation_of_no_form_is_refused_and_not_failed_on(shipped: KnowledgeGraph) -> None:
    check = Checker(shipped.desk.plain_data())
    good = shipped.explain("Lu Su", "org:holds", "post/taobao-cto").as_dict()
    assert check.problems(good) == []
    odd: list[Any] = [None, 1, -1, 1e400, "", "x", [], [[]], {}, {"a": 1}, [None], [1, 2], ["a", "b", "c", "d"]]
    ways: list[tuple[Any, ...]] = [("conclusion",), ("proofs",), ("proofs", 0), ("proofs", 0, "under")]
    ways += [("conclusion", 0), ("proofs", 0, "steps"), ("proofs", 0, "steps", 0), ("holds",)]
    steps = good["proofs"][0]["steps"]
    ways += [("proofs", 0, "steps", n, key) for n, step in enumerate(steps) for key in step if key != "file"]
    ways += [("proofs", 0, "steps", 0, "claims", 0), ("proofs", 0, "steps", 0, "claims", 0, "passages")]
    wrong = [(way, o) for way in ways for o in odd if o or way[-1] not in {"premises", "under"}]
    accepted = [(way, o) for way, o in wrong if not check.problems(put(good, *way, o))]
    assert accepted == []
    for way in ways:
        fewer = put(good, *way, None)
        at = fewer
        for key in way[:-1]:
            at = at[key]
        del at[way[-1]]
        assert check.problems(fewer) or way[-1] == "premises", way


def test_what_does_not_belong_there_is_refused(shipped: KnowledgeGraph) -> None:
    """Claims beside a step that none states would pass for its evidence."""
    check = Checker(shipped.desk.plain_data())
    good = shipped.explain("Lu Su", "org:holds", "post/taobao-cto").as_dict()
    steps = good["proofs"][0]["steps"]
    claims = next(s["claims"] for s in steps if s["rule"] == "stated")
    last = len(steps) - 1
    for way in (("proofs", 0, "steps", last, "claims"), ("proofs", 0, "claims"), ("claims",)):
        assert len(check.problems(put(good, *way, claims))) == 1
    stated = next(n for n, s in enumerate(steps) if s["rule"] == "stated")
    assert check.problems(put(good, "proofs", 0, "steps", stated, "claims", [*claims, *claims]))


def test_only_what_passes_to_the_name_that_stands_for_both_is_identified() -> None:
    """A label is of the name it was given to, and an alias keeps nothing of its own."""
    alias, kept, identified = "<urn:alias>", "<urn:kept>", f"<{terms.PH}identifiedWith>"
    label = f"<{terms.RDFS}label>"
    facts = [
        [alias, identified, kept],
        [alias, label, '"A"'],
        [alias, "<urn:p>", "<urn:x>"],
        [kept, "<urn:p>", "<urn:y>"],
    ]
    readings = {"<urn:r>": {"needs": [], "says": facts}}
    claim: dict[str, Any] = {"cited": {"claim": "urn:c", "modality": "actual"}, "complete": True, "readings": readings}
    check = Checker({**EMPTY, "claims": {"urn:c": claim}})
    cited = {**claim["cited"], "readings": ["<urn:r>"]}

    def problems(fact: list[str], says: list[str]) -> list[str]:
        stated = [{"says": s, "rule": "stated", "premises": [], "claims": [cited]} for s in (fact, facts[0])]
        return check.problems(told(says, *stated, {"says": says, "rule": "identified", "premises": [0, 1]}))

    assert problems(facts[2], [kept, "<urn:p>", "<urn:x>"]) == []
    assert problems(facts[1], [kept, label, '"A"'])
    assert problems(facts[3], [alias, "<urn:p>", "<urn:y>"])


def test_a_comparison_may_have_any_label() -> None:
    label = 'The "head"\nof \\ A'
    step: dict[str, Any] = {
        "kind": "k",
        "standing": "s",
        "compares": [],
        "one_side": [],
        "other_side": [],
        "label": label,
    }
    node = f"<https://w3id.org/postholder/id/comparison/{sha256(b'k|s||||').hexdigest()[:16]}>"
    says = [node, f"<{terms.RDFS}label>", str(Literal(label, language="en"))]
    check = Checker(EMPTY)
    assert check.problems(told(says, {"says": says, "rule": "comparison", "premises": [], **step})) == []
    assert check.problems(told(says, {"says": says, "rule": "comparison", "premises": [], **step, "label": "B"}))


def test_a_proof_in_a_circle_is_refused() -> None:
    one, other = ["<urn:a>", f"<{terms.OWL}sameAs>", "<urn:b>"], ["<urn:b>", f"<{terms.OWL}sameAs>", "<urn:a>"]
    steps = [{"says": one, "rule": "eq-sym", "premises": [1]}, {"says": other, "rule": "eq-sym", "premises": [0]}]
    proof = {"under": [], "steps": steps}
    told = Checker(EMPTY).problems({"conclusion": other, "holds": "always", "told": "", "proofs": [proof]})
    assert told == [
        "proof 0: a step is not used, or used before it is made",
        "proof 0: step 0: a premise does not come before it",
    ]


def test_what_is_proven_for_one_reading_only_does_not_hold_always(shipped: KnowledgeGraph) -> None:
    check = Checker(shipped.desk.plain_data())
    told = shipped.explain("Abbess", "org:memberOf", "Alibaba Group").as_dict()
    assert check.problems(told) == []
    for place in range(len(told["proofs"])):
        fewer = {**told, "proofs": told["proofs"][:place] + told["proofs"][place + 1 :]}
        assert check.problems(fewer) == ["not every way to read the text has a proof"]


def eq_ref(term: str) -> dict[str, Any]:
    """Return a proof that a term is the same as itself, which needs no premise."""
    says = [term, f"<{terms.OWL}sameAs>", term]
    proof = {"under": [], "steps": [{"says": says, "rule": "eq-ref", "premises": []}]}
    return {"conclusion": says, "holds": "always", "told": "", "proofs": [proof]}


def test_a_term_that_breaks_out_of_its_line_is_refused() -> None:
    check = Checker(EMPTY)
    for term in ("<urn:a>", "_:a", '"a"', '"a\\n"@en', '"1"^^<urn:d>', "<urn:\u00e9>"):
        assert check.problems(eq_ref(term)) == []
    for term in ("", "#", "<urn:a> <urn:b> <urn:c> .\n<urn:a>", "<urn:a b>", '"a', '"a"b"', '"a\n"', "<urn:a>\n", "_:"):
        assert check.problems(eq_ref(term)) == ["proof 0: it speaks of what is no term"]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"conclusion": None, "holds": "always", "told": "", "proofs": {}},
        {"conclusion": None, "holds": "always", "told": "", "proofs": [{"steps": []}]},
        {"conclusion": None, "holds": "always", "told": "", "proofs": [{"under": [], "steps": [{"says": 1}]}]},
        {"conclusion": None, "holds": "always", "told": "", "proofs": [{"under": [[]], "steps": []}]},
        {"conclusion": None, "holds": [], "told": "", "proofs": [{"under": [], "steps": []}]},
        *(
            {"conclusion": ["<urn:a>"], "holds": "always", "told": "", "proofs": [
                {"under": [], "steps": [{"says": ["<urn:a>"], "rule": rule, "premises": []}]}
            ]}
            for rule in ("eq-ref", "axiom", "stated", "comparison", "identified", "lies-within", "dt-type2", "x", None)
        ),
    ],
)  # fmt: skip
def test_what_has_not_the_form_of_an_explanation_is_refused(told: dict[str, Any]) -> None:
    assert Checker(EMPTY).problems(told)


def test_a_comparison_whose_label_has_quotes_is_accepted() -> None:
    claim = {"claim": "urn:c", "name": "C", "modality": "", "basis": "", "recorded": "", "passages": []}
    sides = {"one_side": [{**claim, "readings": []}], "other_side": []}
    digest = sha256(b"kind|standing||<urn:n>|<urn:c>|").hexdigest()[:16]
    label = 'The "chief" of A\\B'
    says = [f"<{terms.ID}comparison/{digest}>", f"<{terms.RDFS}label>", str(Literal(label, language="en"))]
    step = {"says": says, "rule": "comparison", "premises": [], "kind": "kind", "standing": "standing", **sides}
    proof = {"under": [], "steps": [{**step, "compares": ["urn:n"], "label": label}]}
    check = Checker({**EMPTY, "withdrawn": {"urn:c": {"cited": claim}}})
    assert check.problems({"conclusion": says, "holds": "always", "told": "", "proofs": [proof]}) == []


NO_DAY = """
person:zed a ph:Person . claim:b a ph:Claim ; ph:modality ph:actual ; ph:hasReading reading:b . reading:b a ph:Reading .
reading:b {
  appointment:one a ph:Appointment ; ph:holder person:zed ; ph:post post:chief ; ph:latestEnd "2023-02-30"^^xsd:date .
  appointment:other a ph:Appointment ; ph:holder person:zed ; ph:post post:clerk ;
    ph:earliestStart "2023-01-01"^^xsd:date .
}
"""


def test_what_is_no_day_bounds_nothing(graph_of: Callable[[str], KnowledgeGraph]) -> None:
    graph = graph_of(NO_DAY)
    told = graph.explain("appointment/one", "ph:possiblyOverlaps", "appointment/other").as_dict()
    assert [s["rule"] for s in told["proofs"][0]["steps"]][-1] == "appointment-overlap"
    assert any("2023-02-30" in s["says"][2] for s in told["proofs"][0]["steps"])
    assert Checker(graph.desk.plain_data()).problems(told) == []


@cache
def modules() -> dict[str, ast.Module]:
    folder = Path(checking.__file__).parent
    return {p.name: ast.parse(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.py"))}


def imported(module: ast.Module) -> Iterator[str]:
    """Yield the modules that one imports anywhere, for type checking as well."""
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_the_checker_shares_no_code_with_what_makes_proofs() -> None:
    """The linter of imports says so as well, but looks neither at the package as such nor at imports of types."""
    ours = {name for m in modules().values() for name in imported(m) if name.startswith((".", "postholder", "rdflib"))}
    home = "postholder.explanations.checking"
    assert ours
    assert [name for name in ours if name != home and not name.startswith(f"{home}.")] == []
    assert list(imported(ast.parse("import postholder.api\nfrom .. import words\nfrom postholder import text"))) == [
        "postholder.api", "..", "postholder",
    ]  # fmt: skip


def test_the_checker_is_small() -> None:
    folder = Path(checking.__file__).parent
    sizes = {name: len((folder / name).read_text(encoding="utf-8").splitlines()) for name in modules()}
    assert len(sizes) == 6
    assert max(sizes.values()) < 250
    assert sum(sizes.values()) < 800
