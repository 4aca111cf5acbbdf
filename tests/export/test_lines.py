"""Lines of N-Quads: each once, in order, as the writer of pyoxigraph spells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from postholder.export import lines
from postholder.export.lines import Lines

if TYPE_CHECKING:
    import pytest


def test_lines_are_sorted_and_each_is_there_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_BATCH", 2)
    node = NamedNode("https://e.example/é")
    values = ["b", "a", "é", "\n", '"', "\u2028", "\U0001f600"]
    quads = [Quad(node, node, Literal(value)) for value in values]
    found = Lines()
    assert found.add(quads) == len(quads)
    assert found.add(quads[:2]) == 0
    assert found.add([Quad(node, node, node, node)]) == 1
    assert len(found) == len(quads) + 1
    pieces = list(found)
    assert len(pieces) == 4
    written = [*quads, Quad(node, node, node, node)]
    spelled = [(serialize([quad], format=RdfFormat.N_QUADS) or b"").decode() for quad in written]
    assert "".join(pieces) == "".join(sorted(spelled))
