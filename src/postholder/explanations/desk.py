"""Answers to "why?": reads what is asked, explains it, and tells it in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postholder.errors import BadParameterError
from postholder.explanations.explainer import Explainer
from postholder.explanations.plain_data import plain_data
from postholder.explanations.rows import RowExplainer
from postholder.explanations.words import Telling, Words
from postholder.text import count
from postholder.validation import evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Quad

    from postholder.explanations.asked import Asker
    from postholder.explanations.explanation import Explanation, Holding
    from postholder.explanations.rows import RowExplanation
    from postholder.queries.rows import Rows
    from postholder.readings import Facts
    from postholder.settings import Settings
    from postholder.sources.inputs import Inputs
    from postholder.stores.base import Store


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

    def __init__(self, inputs: Inputs, shown: Facts, quads: Sequence[Quad], asker: Asker, settings: Settings) -> None:
        self._inputs, self._shown, self._quads, self._settings = inputs, shown, quads, settings
        self._asker = asker

    @cached_property
    def explainer(self) -> Explainer:
        """What finds the proofs."""
        return Explainer(self._inputs, self._shown, self._quads, self._settings)

    @cached_property
    def _words(self) -> Words:
        return Words(self._quads, self._inputs.prefixes)

    def plain_data(self) -> dict[str, Any]:
        """Return what the files say, as plain data to check explanations against (`checking.check`)."""
        return plain_data(self.explainer.grounds, self.explainer.axioms, self.explainer.rules)

    def telling(self, source: str | Path | None) -> Telling:
        """Return what puts explanations in words; with a document's file it quotes the passages."""
        if source is None:
            return Telling(self._words)
        data = evidence.read(Path(source), self._settings.max_file_bytes)
        return Telling(self._words, evidence.passages(self._shown, data))

    def rows(
        self, store: Store, text: str, rows: Rows, number: int | None, source: str | Path | None = None
    ) -> list[ToldRow]:
        """Explain all rows of a question's answer, or the one of a number counted from 1.

        `text` is the question as it was asked. Raises BadParameterError when there is no such row.
        """
        if number is not None and not 1 <= number <= len(rows):
            raise BadParameterError(f"there is no row {number}", hint=f"the answer has {count(len(rows), 'row')}")
        explainer, telling = RowExplainer(self.explainer, store, self._quads, text), self.telling(source)
        chosen = range(1, len(rows) + 1) if number is None else [number]
        return [ToldRow(explainer.explain(n, rows.columns, rows.terms[n - 1]), telling) for n in chosen]

    def explain(self, words: Sequence[str], source: str | Path | None = None) -> Told:
        """Explain the triple that words name."""
        triple = self._asker.triple(words)
        return Told(self.explainer.explain(triple), self.telling(source))
