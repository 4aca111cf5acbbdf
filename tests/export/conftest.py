"""A dataset small enough to know by heart, and a target that keeps what is written in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from pyoxigraph import RdfFormat, parse

from postholder.export.base import Account, Source
from postholder.export.formats import FORMATS
from postholder.export.property_graph import PropertyGraph
from postholder.resources import ontology_folder
from postholder.sources.inputs import read_prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Quad

    from postholder.api import KnowledgeGraph

TINY = Path(__file__).parent / "tiny.trig"
ENTITIES = Path(__file__).parent / "entities.trig"


@dataclass
class Memory:
    """A target that keeps what is written, if it is text."""

    files: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, chunks: Iterable[str | bytes]) -> None:
        """Keep one file."""
        assert name not in self.files
        self.files[name] = "".join(chunk if isinstance(chunk, str) else chunk.decode() for chunk in chunks)


class Writer(Protocol):
    """Writes quads, of the small dataset unless others are given, in a format."""

    def __call__(self, form: str, quads: Sequence[Quad] | None = None) -> tuple[dict[str, str], Account]:
        """Return the files and the account."""


@pytest.fixture(scope="session")
def prefixes() -> dict[str, str]:
    """Return the shipped prefixes."""
    return read_prefixes(ontology_folder() / "prefixes.ttl")


@pytest.fixture(scope="session")
def tiny() -> list[Quad]:
    """Return the small dataset."""
    quads = list(parse(TINY.read_text(encoding="utf-8"), format=RdfFormat.TRIG))
    assert len(quads) > 200
    return quads


@pytest.fixture(scope="session")
def people(tiny: list[Quad]) -> list[Quad]:
    """Return the small dataset with more of what formats of persons, units and posts must get right."""
    return [*tiny, *parse(ENTITIES.read_text(encoding="utf-8"), format=RdfFormat.TRIG)]


@pytest.fixture(scope="session")
def tiny_graph(tiny: list[Quad], prefixes: dict[str, str]) -> PropertyGraph:
    """Return the property graph of the small dataset."""
    return PropertyGraph(Source(tiny, prefixes))


@pytest.fixture(scope="session")
def graph_of_shipped(shipped: KnowledgeGraph, prefixes: dict[str, str]) -> PropertyGraph:
    """Return the property graph of the shipped dataset."""
    return PropertyGraph(Source(shipped.quads, prefixes))


@pytest.fixture(scope="session")
def write(tiny: list[Quad], prefixes: dict[str, str]) -> Writer:
    """Return a function that writes quads in a format."""

    def written(form: str, quads: Sequence[Quad] | None = None) -> tuple[dict[str, str], Account]:
        memory = Memory()
        account = FORMATS[form].write(Source(tiny if quads is None else quads, prefixes), memory)
        return memory.files, account

    return written
