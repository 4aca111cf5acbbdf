"""Every Cypher twin gives the rows of its SPARQL twin, in order, on real graph databases."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from postholder import resources
from postholder.api import KnowledgeGraph, open_graph
from postholder.export.base import Source
from postholder.queries import catalog
from postholder.queries.bind import to_term
from postholder.queries.rows import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from typing import TypeAlias

    from postholder.queries.catalog import Question

    Ask: TypeAlias = Callable[[str, Mapping[str, str | None]], tuple[list[str], list[list[str]]]]
    Load: TypeAlias = Callable[[Source], AbstractContextManager[Ask]]

HERE = Path(__file__).parent
ANSWERS = HERE.parent / "answers"
ARTICLE_FACTS = resources.ontology_folder() / "facts" / "taobao-tmall.trig"
TWINS = {q.name: q for q in catalog.every(resources.queries_folder()) if q.cypher}
SHIPPED, ARTICLE = "shipped", ""
OF_A_DAY = ("held-on", "posts-and-remits")
"""The questions that ask a view of a day; a twin asks the export of that view."""
DAYS = ("2009-06-01", "2012-06-01", "2013-06-01", "2015-01-01", "2030-01-01")
HOSTILE = (
    "' OR 1=1 //", '" OR ""="', "\\' OR true //", "\\", "x'}) MATCH (n) DETACH DELETE n //", "`", "$person",
    "\u2019 OR 1=1", "\u6234\u73ca", "'; DROP", "\\u0027 OR 1=1 //", "\U0001f4a3'", "", " ",
)  # fmt: skip


@dataclass(frozen=True)
class Graph:
    """Facts of ours, looked at through a view."""

    data: str
    view: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """Return the name of the test."""
        return "-".join([self.data or "article", *(value for _, value in self.view)])


Params = tuple[tuple[str, str], ...]


def _cases() -> dict[Graph, set[tuple[str, Params]]]:
    """Return the cases of the files of answers, and every twin as it is on every graph without a view."""
    found: dict[Graph, set[tuple[str, Params]]] = {}
    for name, question in TWINS.items():
        path = ANSWERS / question.topic / f"{name}.yaml"
        for spec in yaml.safe_load(path.read_text(encoding="utf-8")):
            view, params = (tuple(sorted(spec.get(key, {}).items())) for key in ("view", "params"))
            found.setdefault(Graph(spec.get("data", ARTICLE), view), set()).add((name, params))
    made_up = [Graph(p.stem) for folder in (ANSWERS, HERE) for p in folder.glob("*.trig")]
    for graph in (*made_up, Graph(ARTICLE), Graph(SHIPPED)):
        found.setdefault(graph, set()).update((name, ()) for name in TWINS)
    for day in ("2023-04-15", "2023-10-01"):
        found[Graph(SHIPPED, (("as_of", day),))] = {(name, ()) for name in OF_A_DAY}
    for name, question in TWINS.items():
        if any(p.name == "as_of" for p in question.parameters):
            found[Graph("tangled")].update((name, (("as_of", day),)) for day in DAYS)
    return found


CASES = _cases()
GRAPHS = sorted(CASES, key=str)


@cache
def _opened(data: str) -> KnowledgeGraph:
    if data == SHIPPED:
        return open_graph()
    paths = (folder / f"{data}.trig" for folder in (ANSWERS, HERE))
    return open_graph(next(p for p in paths if p.exists()) if data else ARTICLE_FACTS)


def _source(graph: KnowledgeGraph) -> Source:
    return Source(graph.quads, graph.inputs.prefixes)


def _values(question: Question, params: Params, graph: KnowledgeGraph) -> dict[str, str | None]:
    """Return what a user of Cypher gives: ids of nodes and text, null for what is not narrowed."""
    types = {p.name: p for p in question.parameters}
    return dict.fromkeys(types) | {n: shown(to_term(types[n], v, graph.names)) for n, v in params}


def compare(ask: Ask, graph: KnowledgeGraph, cases: set[tuple[str, Params]]) -> tuple[int, list[str]]:
    """Ask both twins and return how many cases were compared, and those that differ."""
    differences = []
    for name, params in sorted(cases):
        question = TWINS[name]
        columns = [column for column, _ in question.columns]
        expected = [[shown(t) for t in row[: len(columns)]] for row in graph.query(name, **dict(params)).terms]
        told, rows = ask(question.cypher, _values(question, params, graph))
        if rows != expected or (rows and told != columns):
            differences.append(f"{name} {dict(params)}: {told} {rows} instead of {columns} {expected}")
    return len(cases), differences


def _agrees(load: Load, graph: Graph) -> None:
    opened = _opened(graph.data).view(**dict(graph.view))
    with load(_source(opened)) as ask:
        compared, differences = compare(ask, opened, CASES[graph])
    assert compared >= (1 if graph.view else len(TWINS))
    assert differences == []


@pytest.mark.parametrize("graph", GRAPHS, ids=str)
def test_ladybug(graph: Graph, ladybug: Load) -> None:
    _agrees(ladybug, graph)


@pytest.mark.parametrize("graph", GRAPHS, ids=str)
def test_arcade(graph: Graph, arcade: Load) -> None:
    _agrees(arcade, graph)


@pytest.mark.parametrize("graph", GRAPHS, ids=str)
def test_a_running_server(graph: Graph, running: Any) -> None:
    if running.empty:
        _agrees(running, graph)
    elif graph == Graph(SHIPPED):
        compared, differences = compare(running.asked, _opened(SHIPPED), CASES[graph])
        assert compared
        assert differences == []
    else:
        running.leave("the server holds something, which is taken for the shipped graph")


def _unmoved(load: Load) -> None:
    """Hostile values find nothing and change nothing: at most they come back as they were given."""
    graph = _opened("small")
    tried = 0
    with load(_source(graph)) as ask:
        before = ask("MATCH (n) RETURN count(n) AS n", {})
        for question in TWINS.values():
            for parameter in (p for p in question.parameters if p.type != "date"):
                for value in HOSTILE:
                    given = {p.name: None for p in question.parameters} | {parameter.name: value}
                    _, rows = ask(question.cypher, given)
                    assert question.name == "reporting-line-changes" or rows == [], (question.name, value)
                    assert all(value in row for row in rows)
                    tried += 1
        assert ask("MATCH (n) RETURN count(n) AS n", {}) == before
    assert tried > len(HOSTILE) * 20


def test_hostile_values_in_ladybug(ladybug: Load) -> None:
    _unmoved(ladybug)


def test_hostile_values_in_arcade(arcade: Load) -> None:
    _unmoved(arcade)
