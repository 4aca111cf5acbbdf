"""Answers to "why?": reads what is asked, explains it, and tells it in words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from postholder import resources
from postholder.errors import BadParameterError
from postholder.explanations.asked import Asker
from postholder.explanations.explainer import Explainer
from postholder.explanations.plain_data import plain_data
from postholder.explanations.rows import RowExplainer
from postholder.explanations.words import Telling, Words
from postholder.queries import catalog
from postholder.text import count
from postholder.validation import evidence
from postholder.views.view import PLAIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from dataclasses import Field

    from pyoxigraph import Quad, Triple

    from postholder.explanations.explanation import Explanation, Holding
    from postholder.explanations.rows import RowExplanation
    from postholder.queries.bind import Names
    from postholder.queries.rows import Rows
    from postholder.readings import Facts
    from postholder.settings import Settings
    from postholder.sources.inputs import Inputs
    from postholder.stores.base import Store
    from postholder.views.view import View


class Graph(Protocol):
    """What is asked of a graph here; a dataclass, of which `replace` makes the same graph in another view."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def inputs(self) -> Inputs:
        """The files it is built from."""

    @property
    def settings(self) -> Settings:
        """The limits that are kept."""

    @property
    def asked(self) -> View:
        """The view."""

    @property
    def facts(self) -> Facts:
        """The stated facts as the view shows them."""

    @property
    def quads(self) -> tuple[Quad, ...]:
        """The dataset as it is queried."""

    @property
    def store(self) -> Store:
        """What answers SPARQL."""

    @property
    def names(self) -> Names:
        """What things are called."""

    def query(self, name: str, **parameters: object) -> Rows:
        """Answer a saved question."""

    def text_of(self, question: catalog.Question, parameters: Mapping[str, object]) -> str:
        """Return a question's text with its parameters."""


_BEYOND = "It holds outside this view: leave out the options of the view to see why."


@dataclass(frozen=True)
class Told:
    """An explanation that can be read: as text, as a tree, as plain data."""

    explanation: Explanation
    telling: Telling = field(repr=False, compare=False)

    @property
    def holds(self) -> Holding:
        """Whether it holds: always, under readings, or not."""
        return self.explanation.holds

    def __str__(self) -> str:
        """Return it in plain English."""
        return self.telling.plain(self.explanation)

    @property
    def tree(self) -> str:
        """The proofs as trees."""
        return self.telling.tree(self.explanation)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data: the JSON form of proofs."""
        return self.explanation.as_dict()


@dataclass(frozen=True)
class ToldRow:
    """Why a row is there, to be read as text or as plain data."""

    row: RowExplanation
    telling: Telling = field(repr=False, compare=False)

    def __str__(self) -> str:
        """Return it in plain English."""
        return self.telling.row(self.row)

    @property
    def tree(self) -> str:
        """The proofs as trees."""
        return self.telling.row(self.row, tree=True)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return self.row.as_dict()


class Desk:
    """Explains what one graph says."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @cached_property
    def explainer(self) -> Explainer:
        """What finds the proofs."""
        graph = self._graph
        return Explainer(graph.inputs, graph.facts, graph.quads, graph.settings)

    @cached_property
    def _words(self) -> Words:
        return Words(self._graph.quads, self._graph.inputs.prefixes)

    @cached_property
    def _plain(self) -> Graph:
        return self._graph if self._graph.asked.is_plain else replace(self._graph, asked=PLAIN)

    @cached_property
    def _beyond(self) -> set[Triple]:
        """What holds if no view is taken, always or under a reading."""
        return set() if self._graph.asked.is_plain else {q.triple for q in self._plain.quads}

    @cached_property
    def _asker(self) -> Asker:
        """What reads names, those of what the view leaves out as well."""
        graph = self._plain
        return Asker(graph.quads, graph.names, graph.inputs.prefixes)

    def plain_data(self) -> dict[str, Any]:
        """Return what the files say, as plain data to check explanations against (`checking.check`)."""
        return plain_data(self.explainer.grounds, self.explainer.rules)

    def telling(self, source: str | Path | None) -> Telling:
        """Return what puts explanations in words; with a document's file it quotes the passages.

        Raises DocumentMissingError when the file is not there or no cited passage stands in it, UnknownNameError when
        it is none of the documents, and UnreadableFileError when it is too large.
        """
        if source is None:
            return Telling(self._words)
        data = evidence.read(Path(source), self._graph.settings.max_file_bytes)
        return Telling(self._words, evidence.passages(self._graph.facts, data))

    def query(
        self, name: str, number: int | None, source: str | Path | None, parameters: dict[str, object]
    ) -> list[ToldRow]:
        """Explain all rows of a saved question's answer, or the one of a number counted from 1.

        Raises UnknownNameError for a question, parameter or entity that does not exist, BadParameterError for a value
        of the wrong type or when there is no such row, and what `telling` raises.
        """
        graph, question = self._graph, catalog.find(resources.queries_folder(), name)
        if question.over == "all time" and graph.asked.as_of is not None:
            other = replace(graph, asked=replace(graph.asked, as_of=None))
            return Desk(other).query(name, number, source, parameters)
        rows = graph.query(name, **parameters)
        if number is not None and not 1 <= number <= len(rows):
            raise BadParameterError(f"there is no row {number}", hint=f"the answer has {count(len(rows), 'row')}")
        text, telling = graph.text_of(question, parameters), self.telling(source)
        explainer = RowExplainer(self.explainer, graph.store, graph.quads, text)
        chosen = range(1, len(rows) + 1) if number is None else [number]
        return [ToldRow(explainer.explain(n, rows.columns, rows.terms[n - 1]), telling) for n in chosen]

    def explain(self, words: Sequence[str], source: str | Path | None = None) -> Told:
        """Explain the triple that words name.

        Raises UsageError, BadParameterError for a line that does not parse, UnknownNameError, and what `telling`
        raises.
        """
        triple = self._asker.triple(words)
        explanation = self.explainer.explain(triple)
        if explanation.holds == "not" and triple in self._beyond:
            found = " ".join(t for t in (explanation.told, _BEYOND) if t)
            explanation = replace(explanation, told=found)
        return Told(explanation, self.telling(source))
