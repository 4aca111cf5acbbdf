"""What all tests share: the shipped graph, built once a session into a folder of the session."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat

from postholder.api import open_graph
from postholder.readings import Facts
from postholder.sources.rdf import parse_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postholder.api import KnowledgeGraph

ROOT = Path(__file__).parent.parent
ARTICLE_FACTS = ROOT / "ontology" / "facts" / "taobao-tmall.trig"
ARTICLE = Path(os.environ.get("POSTHOLDER_ARTICLE", "article.txt"))
"""The text of the article that the shipped facts come from; see CONTRIBUTING.md."""


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep built graphs in a folder of the test session; workers of one session share it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    before = os.environ.get("POSTHOLDER_CACHE")
    os.environ["POSTHOLDER_CACHE"] = str(shared / "postholder-cache")
    yield
    if before is None:
        del os.environ["POSTHOLDER_CACHE"]
    else:
        os.environ["POSTHOLDER_CACHE"] = before


@pytest.fixture(scope="session")
def shipped(_own_cache: None) -> KnowledgeGraph:
    """Return the shipped graph of all documents, built."""
    graph = open_graph()
    assert graph.quads
    return graph


@pytest.fixture(scope="session")
def article_graph(_own_cache: None) -> KnowledgeGraph:
    """Return the graph of the article's facts alone, built."""
    graph = open_graph(ARTICLE_FACTS)
    assert graph.quads
    return graph


@pytest.fixture(scope="session")
def article() -> Path:
    """Return the article's text file; skip where it is not at hand (it is not ours to ship)."""
    if not ARTICLE.is_file():
        pytest.skip("the article is under copyright and not part of the project: POSTHOLDER_ARTICLE names its file")
    return ARTICLE


@pytest.fixture(scope="session")
def prefixed() -> Callable[[str], str]:
    """Return a function that puts the shipped prefixes, in SPARQL's form, before a text."""
    lines = (ROOT / "ontology" / "prefixes.ttl").read_text(encoding="utf-8").splitlines()
    head = " ".join(
        line.replace("@prefix", "PREFIX").removesuffix(" .") for line in lines if line.startswith("@prefix")
    )
    return lambda text: f"{head} {text}"


@pytest.fixture(scope="session")
def facts_of(prefixed: Callable[[str], str]) -> Callable[[str], Facts]:
    """Return a function that makes facts of TriG text without prefixes."""
    return lambda text: Facts(parse_text(prefixed(text), "test.trig", RdfFormat.TRIG))


@pytest.fixture
def graph_of(prefixed: Callable[[str], str], tmp_path: Path) -> Callable[[str], KnowledgeGraph]:
    """Return a function that opens a graph of TriG text without prefixes; nothing is kept."""

    def make(text: str) -> KnowledgeGraph:
        path = tmp_path / "facts.trig"
        path.write_text(prefixed(text), encoding="utf-8")
        return open_graph(path, keep=False)

    return make
