"""All formats by name: what they write, that it never varies, and what the statement beside it says."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, serialize

from postholder import terms
from postholder.errors import CannotError, UnknownNameError, WouldOverwriteError
from postholder.export import target
from postholder.export.formats import FORMATS, find, losses, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyoxigraph import Quad

    from postholder.api import KnowledgeGraph

SCRIPT = """
import hashlib, json, random, sys
from pathlib import Path
from pyoxigraph import RdfFormat, parse
from postholder.export.formats import FORMATS, write
quads = list(parse(Path(sys.argv[1]).read_bytes(), format=RdfFormat.N_QUADS))
random.Random(sys.argv[3]).shuffle(quads)
out = Path(sys.argv[2])
for form in FORMATS:
    write(quads, {"ph": "https://w3id.org/postholder/ns#", "org": "http://www.w3.org/ns/org#"}, form, out / form)
print(json.dumps({p.relative_to(out).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
                  for p in sorted(out.rglob("*")) if p.is_file()}))
"""

OF_ENTITIES = ["ftm", "popolo", "quickstatements"]
"""Formats of persons, units and posts: the small dataset has not all that they can lose."""


def test_the_formats() -> None:
    rdf = ["turtle", "trig", "nquads", "rdf12", "jsonld"]
    tables = ["neo4j-csv", "cypher", "neptune-gremlin", "neptune-opencypher", "graphml", "graphson", "parquet"]
    assert list(FORMATS) == [*rdf, *tables, *OF_ENTITIES]
    assert [name for name in FORMATS if not losses(name)] == ["trig", "nquads", "rdf12", "jsonld"]
    for name, form in FORMATS.items():
        assert form.name == name
        assert form.summary
        assert len({loss.id for loss in form.losses}) == len(form.losses)


def test_an_unknown_format_is_refused_with_the_nearest(tiny: list[Quad], tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError) as caught:
        write(tiny, {}, "turtl", tmp_path / "out")
    assert "did you mean turtle" in caught.value.hint
    with pytest.raises(UnknownNameError):
        find("xlsx")
    with pytest.raises(UnknownNameError):
        losses("xlsx")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("form", FORMATS)
def test_each_export_says_what_it_loses(
    form: str, tiny: list[Quad], people: list[Quad], prefixes: dict[str, str], tmp_path: Path
) -> None:
    result = write(people if form in OF_ENTITIES else tiny, prefixes, form, tmp_path / "out")
    folder = FORMATS[form].folder
    statement = tmp_path / "out" / "losses.json" if folder else tmp_path / "out.losses.json"
    found = json.loads(statement.read_bytes())
    assert found["format"] == result.form == form
    assert found["postholder"] == terms.VERSION
    assert found["counts"] == result.counts
    assert all(found["counts"].values())
    assert found["losses"] == [loss.as_dict() for loss in result.losses]
    assert [loss.id for loss in result.losses] == [loss.id for loss in losses(form)]
    assert all(loss.count for loss in result.losses)
    home = tmp_path / "out" if folder else tmp_path
    assert found["files"] == {n: hashlib.sha256((home / n).read_bytes()).hexdigest() for n in found["files"]}
    assert {*found["files"], statement.name} == {p.name for p in home.iterdir()}
    assert result.paths == ((tmp_path / "out",) if folder else (tmp_path / "out", statement))
    for path in home.iterdir():
        data = path.read_bytes()
        if path.suffix == ".parquet":
            assert data.startswith(b"PAR1")
            assert data.endswith(b"PAR1")
            continue
        assert data.decode("utf-8")
        assert b"\r" not in data
        assert data.endswith(b"\n")
    with pytest.raises(WouldOverwriteError):
        write(tiny, prefixes, form, tmp_path / "out")
    write(tiny, prefixes, form, tmp_path / "out", replace=True)


def test_bytes_depend_neither_on_the_hash_seed_nor_on_the_order_of_the_quads(
    shipped: KnowledgeGraph, people: list[Quad], tmp_path: Path
) -> None:
    data = tmp_path / "data.nq"
    data.write_bytes(serialize([*shipped.quads, *people], format=RdfFormat.N_QUADS) or b"")
    found = []
    for seed in ("0", "1", "42"):
        (tmp_path / seed).mkdir()
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(data), str(tmp_path / seed), seed],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        found.append(json.loads(run.stdout))
    assert len(found[0]) > len(FORMATS)
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("form", FORMATS)
def test_a_failure_midway_leaves_nothing(
    form: str, tiny: list[Quad], prefixes: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def __init__(self) -> None:
            self.left = 3

        def __call__(self, chunks: Iterator[str]) -> Iterator[str]:
            for chunk in chunks:
                self.left -= 1
                if self.left < 0:
                    raise OSError(28, "No space left on device")
                yield chunk
            self.left = 0  # the next file of a folder fails at once

    full = Full()
    write_file = target._write
    monkeypatch.setattr(target, "_write", lambda path, chunks: write_file(path, full(iter(chunks))))
    with pytest.raises(CannotError, match="No space left"):
        write(tiny, prefixes, form, tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_the_result_reads_well(tiny: list[Quad], prefixes: dict[str, str], tmp_path: Path) -> None:
    lossless = write(tiny, prefixes, "trig", tmp_path / "a.trig")
    assert str(lossless).splitlines()[-2:] == [f"{len(tiny)} quads", "nothing is lost"]
    text = str(write(tiny, prefixes, "turtle", tmp_path / "a.ttl"))
    assert f"wrote {tmp_path / 'a.ttl'}" in text
    assert "instead: export trig" in text
    assert lossless.as_dict() == {
        "format": "trig",
        "paths": [str(tmp_path / "a.trig"), str(tmp_path / "a.trig.losses.json")],
        "counts": {"quads": len(tiny)},
        "losses": [],
    }
