"""Why rows of answers are there: the facts each was found by, of the sides that match, proven or cited."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, Quad
from rdflib.plugins.sparql import prepareQuery

from postholder import resources
from postholder.api import open_graph
from postholder.errors import BadParameterError, UnknownNameError
from postholder.explanations.checking.check import Checker
from postholder.explanations.rows import RowExplainer
from postholder.graph import DEFAULT
from postholder.queries import catalog
from postholder.stores.oxigraph import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from postholder.api import KnowledgeGraph
    from postholder.explanations.desk import ToldRow

QUESTIONS = catalog.names(resources.queries_folder())


ANSWERS = Path(__file__).parents[1] / "answers"
ELSEWHERE = {
    "bad-evidence": "broken", "conflicts": "contested", "holds-own-superior": "small", "two-superiors": "small",
    "vacant-posts": "small",
}  # fmt: skip
"""Questions that have no rows in the shipped facts, and made-up facts where they have some."""
ON_A_DAY = ("held-on", "posts-and-remits")
"""Questions that have rows in a view of one day only."""


@pytest.fixture(scope="module")
def asked(shipped: KnowledgeGraph) -> Callable[[str], tuple[KnowledgeGraph, Checker]]:
    """Return a function that gives a graph in which a question has rows, and the checker of its proofs."""

    @cache
    def opened(data: str) -> tuple[KnowledgeGraph, Checker]:
        graph = shipped.view(as_of="2023-10-01") if data == "on a day" else shipped
        if data in ELSEWHERE.values():
            graph = open_graph(ANSWERS / f"{data}.trig", keep=False)
        return graph, Checker(graph.desk.plain_data())

    return lambda name: opened("on a day" if name in ON_A_DAY else ELSEWHERE.get(name, ""))


def rules(row: ToldRow) -> set[str]:
    return {s.rule for e in row.row.inferred for a in e.arguments for s in a.proof.steps}


@pytest.mark.parametrize("name", QUESTIONS)
def test_rows_of_every_question_are_explained_and_their_proofs_hold(
    asked: Callable[[str], tuple[KnowledgeGraph, Checker]], name: str
) -> None:
    graph, check = asked(name)
    answer = graph.query(name)
    assert len(answer), "a question without rows proves nothing here"
    for number in sorted({1, len(answer)}):
        [told] = graph.explain_query(name, number)
        assert str(told).startswith(f"Row {number}: ")
        proven = [
            e.as_dict() for e in (*told.row.inferred, *told.row.stated) if e.holds in {"always", "under readings"}
        ]
        assert [check.problems(e) for e in proven if check.problems(e)] == []
        # A question may look into readings that are out of play.
        assert [e.triple for e in told.row.inferred + told.row.stated if e.holds == "not" and not e.told] == []


def test_most_questions_on_the_world_show_what_their_rows_rest_on(shipped: KnowledgeGraph) -> None:
    explained = [shipped.explain_query(n, 1)[0].row for n in QUESTIONS if len(shipped.query(n))]
    assert len(explained) > 60
    assert sum(bool(r.inferred or r.stated) for r in explained) > 45
    assert sum(bool(r.inferred) for r in explained) > 10


def test_a_stated_pair_is_not_explained_by_its_dates(shipped: KnowledgeGraph) -> None:
    found = shipped.explain_query("concurrent-appointments", parameters={"person": "Lu Su"})
    assert [r.row.number for r in found] == [1, 2]
    assert all("prp-symp" in rules(r) and "appointment-overlap" not in rules(r) for r in found)
    assert "F26, planned: characters 867-888 and 883-924" in str(found[0])


def test_a_pair_by_dates_is_explained_by_them(shipped: KnowledgeGraph) -> None:
    answer = shipped.query("concurrent-appointments")
    number = 1 + next(n for n, r in enumerate(answer) if r["how"] == "certain from dates")
    [told] = shipped.explain_query("concurrent-appointments", number)
    assert "appointment-overlap" in rules(told)


def test_a_counted_row_rests_on_all_that_is_counted(shipped: KnowledgeGraph) -> None:
    [told] = shipped.explain_query("span-of-control", 1)
    reports = next(r["reports"] for r in shipped.query("span-of-control"))
    assert told.row.counted >= reports
    lines = [e for e in told.row.inferred if e.triple and e.triple.predicate.value.endswith("#reportsTo")]
    assert len(lines) == reports
    assert "It is counted from" in str(told)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("superiors", {"subordinate": "post/group-cto"}),
        ("appointments-without-start", {"appointment": "appointment/group-cto"}),
        ("posts-without-superior", {"post": "post/group-cto"}),
    ],
)
def test_what_is_not_stated_cites_the_note_that_says_so(
    shipped: KnowledgeGraph, name: str, given: dict[str, str]
) -> None:
    [told] = shipped.explain_query(name, parameters=given)
    [silence] = told.as_dict()["not_stated"]
    assert silence["document"].endswith("document/taobao-tmall")
    assert silence["omission"].endswith(("superior-of-group-cto", "start-of-group-cto"))
    assert f"Not stated in document/taobao-tmall, which was read whole: {silence['note']}" in str(told)


def test_what_is_stated_cites_no_silence(shipped: KnowledgeGraph) -> None:
    rows = shipped.explain_query("superiors", parameters={"subordinate": "post/content-ecology-lead"})
    assert [r.row.silent for r in rows] == [()]


def test_a_row_on_the_record_says_that_no_fact_is_behind_it(shipped: KnowledgeGraph) -> None:
    assert "there is no single fact to show" in str(shipped.explain_query("entities", 1)[0])


def test_views_are_explained(shipped: KnowledgeGraph) -> None:
    graph = shipped.view(as_of="2023-10-01")
    name, given = "held-on", {"post": "post/cloud-intelligence-group-chief-executive"}
    assert len(graph.explain_query(name, parameters=given)) == len(graph.query(name, **given))
    assert graph.explain_query("appointments-without-start")
    over_time = next(n for n in QUESTIONS if catalog.find(resources.queries_folder(), n).over == "all time")
    assert graph.explain_query(over_time, 1)[0].as_dict()["row"] == 1


def test_a_row_that_is_not_there_is_refused(shipped: KnowledgeGraph) -> None:
    for number in (0, -1, 10_000):
        with pytest.raises(BadParameterError, match="there is no row"):
            shipped.explain_query("org-chart", number)
    with pytest.raises(UnknownNameError):
        shipped.explain_query("org-charts", 1)


FACTS = ("a p b", "b p a", "b q c", "d r b", "c q d", "a r a")
PATHS = {
    "^:p": ("ab", ["b p a"]),
    ":p/:q": ("ac", ["a p b", "b q c"]),
    ":q|:p": ("ab", ["a p b"]),
    ":p+": ("ab", ["a p b"]),
    "(:p|:q)+": ("ac", ["a p b", "b q c"]),
    ":p*": ("aa", []),
    ":p?": ("ab", ["a p b"]),
    ":p/:q*": ("ac", ["a p b", "b q c"]),
    "^(:p/:q)": ("ca", ["a p b", "b q c"]),
    ":p/^:r": ("ad", ["a p b", "d r b"]),
    ":q/:q": ("bd", ["b q c", "c q d"]),
}


def term(name: str) -> NamedNode:
    return NamedNode(f"urn:{name}")


@pytest.mark.parametrize("path", PATHS)
def test_a_path_is_led_back_to_the_facts_on_the_way(shipped: KnowledgeGraph, path: str) -> None:
    split = [text.split() for text in FACTS]
    quads = [Quad(term(s), term(p), term(o), DEFAULT) for s, p, o in split]
    explainer = RowExplainer(shipped.desk.explainer, OxigraphStore(quads), quads, "SELECT * { ?s ?p ?o }")
    parsed = prepareQuery(f"PREFIX : <urn:> SELECT * {{ ?s {path} ?o }}").algebra.p.p.triples[0][1]
    ends, expected = PATHS[path]
    found = explainer._way(parsed, term(ends[0]), term(ends[1]), DEFAULT)
    assert found is not None
    assert [str(t).replace("urn:", "").replace("<", "").replace(">", "") for t in found] == expected
    assert explainer._way(parsed, term("z"), term("a"), DEFAULT) is None


def test_the_command_explains_rows(shipped: KnowledgeGraph, capsys: pytest.CaptureFixture[str]) -> None:
    from postholder.cli.main import main  # noqa: PLC0415

    assert len(shipped.query("concurrent-appointments", person="Lu Su")) == 2
    assert main(["query", "concurrent-appointments", "--param", "person=Lu Su", "--explain"]) == 0
    assert capsys.readouterr().out.count("Row ") == 2
    assert main(["explain", "--query", "org-chart", "--row", "2", "--format", "json"]) == 0
    assert '"row": 2' in capsys.readouterr().out
    assert main(["explain", "--query", "org-chart", "--row", "2", "--format", "tree"]) == 0
    assert main(["explain", "a", "b", "c", "--query", "org-chart"]) == 2
    assert main(["explain", "a", "b", "c", "--row", "2"]) == 2
    assert main(["explain", "--query", "org-chart", "--row", "9999"]) == 2


def test_nothing_to_explain_is_said(graph_of: Callable[[str], KnowledgeGraph]) -> None:
    assert graph_of("claim:c a ph:Claim ; ph:hasReading reading:c .").explain_query("org-chart") == []
