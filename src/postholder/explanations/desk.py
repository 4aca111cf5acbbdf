"""Answers to "why?": reads what is asked, explains it, and tells it in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postholder.explanations.explainer import Explainer
from postholder.explanations.plain_data import plain_data
from postholder.explanations.words import Telling, Words
from postholder.validation import evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Quad

    from postholder.explanations.asked import Asker
    from postholder.explanations.explanation import Explanation, Holding
    from postholder.readings import Facts
    from postholder.settings import Settings
    from postholder.sources.inputs import Inputs


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

    def explain(self, words: Sequence[str], source: str | Path | None = None) -> Told:
        """Explain the triple that words name."""
        triple = self._asker.triple(words)
        return Told(self.explainer.explain(triple), self.telling(source))
