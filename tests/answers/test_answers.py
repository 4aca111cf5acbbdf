"""Every saved question gives its expected rows, in order, on every store."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from postholder import resources
from postholder.api import KnowledgeGraph, open_graph
from postholder.queries import catalog
from postholder.queries.lexer import tokens
from postholder.queries.rows import shown
from postholder.stores import STORES

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
DATA = ("", "small", "decided", "undecided", "broken", "withdrawn", "contested", "dated", "empty")
"""The facts of the article, and our own made-up ones beside this file."""
ARTICLE_FACTS = resources.ontology_folder() / "facts" / "taobao-tmall.trig"

EXPECTED = [
    "A01", "A02", "A03", "A04", "A05", "A06", "A08", "A09", "A10", "A14",
    "B01", "B02", "B03", "B05", "B06", "B07", "B08", "B10", "B12", "B13",
    "C01", "C02", "C03", "C04", "C07", "C09",
    "D01", "D02", "D03", "D05", "D07",
    "E01", "E02", "E04", "E05", "E06", "E07", "E09", "E11", "E12", "E13",
    "F-01", "F-03", "F-05", "F-06",
    "G01", "G02", "G03", "G05", "G07",
    "H01", "H02", "H03", "H04", "H05", "H07", "H09", "H10", "H11", "H12",
    "I01", "I05", "I06",
    "J01", "J04", "J05", "J06",
    "K01", "K02", "K03", "K05", "K06", "K08", "K10",
]  # fmt: skip
"""The competency questions. F-01 and its like are questions; F01 and its like are claims."""

SAYS_NOTHING = {"not stated", "none stated", "not recorded"}
"""Answers that say in so many words that there is nothing to tell."""

INFERRED = {
    "InferredGraph", "holderOf", "filledBy", "subordinateIn", "superiorIn", "placedBy", "possiblyOverlaps",
    "certainlyOverlaps", "derivedFrom", "derivedByRule",
}  # fmt: skip
"""Terms that only inferred facts use, beside those of the Organization Ontology."""


@dataclass(frozen=True)
class Case:
    """A question with parameters and the rows it gives."""

    topic: str
    question: str
    number: int
    ids: tuple[str, ...]
    data: str
    view: dict[str, str]
    """The view that is asked: as_of, known_at, certainty, according_to."""
    params: dict[str, str]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def says_nothing(self) -> bool:
        """Tell whether the answer is empty or says that there is nothing to tell."""
        return all(
            SAYS_NOTHING & set(row) or dict(zip(self.columns, row, strict=True)).get("number") == "0"
            for row in self.rows
        )


def _case(path: Path, number: int, spec: dict[str, Any]) -> Case:
    unknown = set(spec) - {"id", "data", "view", "params", "columns", "rows"}
    assert not unknown, f"{path.name}: unknown keys {unknown}"
    return Case(
        topic=path.parent.name,
        question=path.stem,
        number=number,
        ids=tuple(spec["id"]),
        data=spec.get("data", ""),
        view=spec.get("view", {}),
        params=spec.get("params", {}),
        columns=tuple(spec.get("columns", ())),
        rows=tuple(tuple(row) for row in spec["rows"]),
    )


def _cases() -> list[Case]:
    files = sorted(HERE.glob("*/*.yaml"))
    return [
        _case(path, number, spec)
        for path in files
        for number, spec in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1)
    ]


CASES = _cases()
QUESTIONS = catalog.every(resources.queries_folder())


@pytest.fixture(scope="module")
def graph() -> Callable[[str, str], KnowledgeGraph]:
    """Return a function that opens made-up or shipped facts in a store, each once."""
    opened: dict[tuple[str, str], KnowledgeGraph] = {}

    def find(data: str, store: str) -> KnowledgeGraph:
        if (data, store) not in opened:
            opened[data, store] = open_graph(HERE / f"{data}.trig" if data else ARTICLE_FACTS, store=store)
        return opened[data, store]

    return find


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.question}-{c.number}")
def test_answer(case: Case, store: str, graph: Callable[[str, str], KnowledgeGraph]) -> None:
    answer = graph(case.data, store).view(**case.view).query(case.question, **case.params)
    assert set(case.columns) <= set(answer.columns)
    at = [answer.columns.index(c) for c in case.columns]
    assert [tuple(shown(row[i]) for i in at) for row in answer.terms] == list(case.rows)


@pytest.mark.parametrize("data", DATA[1:])
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_stores_agree_on_the_question_as_it_is(
    question: catalog.Question, data: str, graph: Callable[[str, str], KnowledgeGraph]
) -> None:
    first, second = (graph(data, store).query(question.name) for store in STORES)
    assert first == second


@pytest.mark.parametrize(
    "view", [{"as_of": "2024-06-15"}, {"known_at": "2024-06-01"}, {"certainty": "certain"}], ids=str
)
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_stores_agree_on_a_view(
    question: catalog.Question, view: dict[str, str], graph: Callable[[str, str], KnowledgeGraph]
) -> None:
    first, second = (graph("dated", store).view(**view).query(question.name) for store in STORES)
    assert first == second


def test_cases_and_questions_belong_together() -> None:
    assert CASES
    assert QUESTIONS
    assert {(c.topic, c.question) for c in CASES} == {(q.topic, q.name) for q in QUESTIONS}
    assert {c.data for c in CASES} == set(DATA)
    assert {p.stem for p in HERE.glob("*.trig")} == set(DATA) - {""}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_a_case_with_rows_and_one_without(question: catalog.Question) -> None:
    mine = [c for c in CASES if c.question == question.name]
    assert len(mine) > 1
    assert any(c.rows for c in mine)
    assert any(c.says_nothing for c in mine)
    assert all(c.columns for c in mine if c.rows)


def test_every_competency_question_is_answered() -> None:
    assert len(set(EXPECTED)) == len(EXPECTED) == 74
    assert {i for c in CASES for i in c.ids} == set(EXPECTED)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_header(question: catalog.Question, graph: Callable[[str, str], KnowledgeGraph]) -> None:
    assert question.summary.endswith("?")
    assert not any(c.isdigit() for c in question.name)
    assert tuple(name for name, _ in question.columns) == graph("small", "oxigraph").query(question.name).columns
    for parameter in question.parameters:
        assert re.search(rf"(?m)^  VALUES \?{parameter.name} \{{ UNDEF \}}$", question.text)
        assert parameter.name.isidentifier()
        assert not keyword.iskeyword(parameter.name)
        assert parameter.name not in {"name", "on", "self"}  # taken by KnowledgeGraph.query and by YAML
    blocks = re.findall(r"VALUES \?(\w+) \{ UNDEF \}", question.text)
    assert blocks == [p.name for p in question.parameters]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_text(question: catalog.Question) -> None:
    keywords = [t.keyword for t in tokens(question.text)]
    assert "SELECT" in keywords
    assert not {"CONSTRUCT", "DESCRIBE", "ASK", "SERVICE", "FROM"} & set(keywords)
    order = question.text[question.text.rindex("ORDER BY") :]
    assert "}" not in order
    assert len(order.splitlines()) == 1
    shared = dict(
        re.findall(
            r"(?m)^@prefix (\w+): <([^>]*)> \.$",
            (resources.ontology_folder() / "prefixes.ttl").read_text(encoding="utf-8"),
        )
    )
    declared = dict(re.findall(r"(?m)^PREFIX (\w+): <([^>]*)>$", question.text))
    assert declared
    assert declared.items() <= shared.items()
    body = question.text[question.text.index("\nSELECT") :]
    used = re.sub(r'"[^"]*"', "", re.sub(r"(?m)^\s*#.*$", "", body))
    assert set(re.findall(r"(?<![\w?])([a-z]+):\w", used)) == set(declared)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_needs(question: catalog.Question) -> None:
    words = set(re.findall(r"ph:(\w+)", question.text))
    inferred = bool(words & INFERRED) or "org:" in question.text
    assert question.needs == "closed" or not inferred
