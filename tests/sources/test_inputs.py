"""Which files a graph is made of, and when two sets of inputs are the same."""

from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from postholder import resources, terms
from postholder.errors import ParseError, RefusedFileError, UnreadableFileError
from postholder.sources import inputs

LIMIT = 1_000_000
FACT = "<http://x/a> <http://x/p> 1 ."


def write(path: Path, text: str = FACT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def load(*paths: Path) -> inputs.Inputs:
    return inputs.load(paths, LIMIT)


def test_the_shipped_inputs() -> None:
    shipped = inputs.load(None, LIMIT)
    assert shipped.vocabulary[0].name == "postholder.ttl"
    assert {f.name.split("/")[0] for f in shipped.vocabulary[1:]} == {"terms", "alignments", "imports"}
    assert {f.name.split("/")[0] for f in shipped.shapes} == {"shapes"}
    days = ("2023-03-28", "2023-06-20", "2023-09-11", "2023-12-20")
    assert [f.name for f in shipped.facts] == [*(f"facts/alibaba-{d}.trig" for d in days), "facts/taobao-tmall.trig"]
    assert [f.name for f in shipped.documents] == [f"documents/alibaba-{d}.txt" for d in days]
    assert [f.slug for f in shipped.documents] == [f"alibaba-{d}" for d in days]
    assert shipped.skipped == ()
    assert shipped.rules == resources.ontology_folder() / "rules"
    assert len(shipped.ontology) > 1000
    assert len(shipped.fact_quads) > 1000


def test_no_shipped_file_is_left_out() -> None:
    root = resources.ontology_folder()
    shipped = inputs.load(None, LIMIT)
    names = {f.name for group in (shipped.vocabulary, shipped.shapes, shipped.facts) for f in group}
    found = {p.relative_to(root).as_posix() for p in root.rglob("*.t*") if p.suffix in {".ttl", ".trig"}}
    assert found - names == {"prefixes.ttl", "dataset.ttl"}
    assert names - found == set()


def test_a_users_file_takes_the_place_of_the_shipped_facts(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.ttl")
    found = load(path)
    assert [(f.name, f.path) for f in found.facts] == [(str(path), path)]
    assert [f.name for f in found.vocabulary] == [f.name for f in inputs.load(None, LIMIT).vocabulary]
    assert [f.name for f in found.shapes] == [f.name for f in inputs.load(None, LIMIT).shapes]
    assert len(found.fact_quads) == 1


def test_a_folder_of_facts_is_read_whole_and_in_order(tmp_path: Path) -> None:
    write(tmp_path / "b.ttl")
    write(tmp_path / "inner" / "a.NQ")
    write(tmp_path / ".hidden" / "c.ttl", "not read")
    write(tmp_path / ".d.ttl", "not read")
    write(tmp_path / "notes.md", "left aside")
    write(tmp_path / "inner" / "LICENSE", "left aside")
    found = load(tmp_path)
    assert [f.name for f in found.facts] == [str(tmp_path / "b.ttl"), str(tmp_path / "inner/a.NQ")]
    assert [name for name, _ in found.skipped] == [str(tmp_path / "inner/LICENSE"), str(tmp_path / "notes.md")]
    assert all("not RDF by its ending" in reason for _, reason in found.skipped)


def test_an_ontology_folder_adds_to_the_shipped_vocabulary(tmp_path: Path) -> None:
    for name in ("terms/mine.ttl", "alignments/mine.ttl", "imports/mine.ttl", "shapes/mine.ttl", "facts/mine.trig"):
        write(tmp_path / name)
    write(tmp_path / "rules" / "mine.rq", "CONSTRUCT {} {}")
    write(tmp_path / "checks" / "mine.rq", "SELECT * {}")
    write(tmp_path / "queries" / "mine.rq", "SELECT * {}")
    write(tmp_path / "terms" / "notes.txt", "left aside")
    shipped = inputs.load(None, LIMIT)
    found = load(tmp_path)
    assert [f.name for f in found.vocabulary[len(shipped.vocabulary) :]] == [
        str(tmp_path / "terms/mine.ttl"),
        str(tmp_path / "alignments/mine.ttl"),
        str(tmp_path / "imports/mine.ttl"),
    ]
    assert [f.name for f in found.shapes[len(shipped.shapes) :]] == [str(tmp_path / "shapes/mine.ttl")]
    assert [f.name for f in found.facts] == [str(tmp_path / "facts/mine.trig")]
    assert dict(found.skipped) == {
        str(tmp_path / "terms/notes.txt"): "not RDF by its ending; known: .ttl, .trig, .nt, .nq, .jsonld, .rdf, .owl",
        str(tmp_path / "rules"): "only the shipped ones are run",
        str(tmp_path / "checks"): "only the shipped ones are run",
        str(tmp_path / "queries"): "only the shipped ones are run",
    }


def test_documents_are_read_as_they_are(tmp_path: Path) -> None:
    """Neither line ends nor a byte order mark are touched: the digest is that of the bytes."""
    write(tmp_path / "facts" / "mine.trig")
    data = {"a.txt": b"one\r\n", "b": b"\xef\xbb\xbftwo", "in/c.ttl": b"\xff\x00", ".hidden": b"no", "empty.txt": b""}
    for name, content in data.items():
        write(tmp_path / "documents" / name, "").write_bytes(content)
    found = load(tmp_path)
    read = {f.name.removeprefix(f"{tmp_path / 'documents'}/"): f for f in found.documents}
    assert {name: f.data for name, f in read.items()} == {n: d for n, d in data.items() if n != ".hidden"}
    assert read["a.txt"].digest == sha256(b"one\r\n").hexdigest()
    assert read["in/c.ttl"].slug == "c"
    assert found.skipped == ()
    assert load(tmp_path / "facts" / "mine.trig").documents == ()


def test_documents_that_cannot_be_read_are_left_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "facts" / "mine.trig")
    write(tmp_path / "documents" / "long.txt", "x" * (LIMIT + 1))
    good = write(tmp_path / "documents" / "good.txt", "x")
    os.mkfifo(tmp_path / "documents" / "pipe.txt")
    (tmp_path / "documents" / "gone.txt").symlink_to(tmp_path / "nowhere")
    found = load(tmp_path)
    assert [f.name for f in found.documents] == [str(good)]
    assert {Path(name).name: reason for name, reason in found.skipped} == {
        "long.txt": f"{LIMIT + 1} bytes is over the limit of {LIMIT}",
        "pipe.txt": "not a regular file",
        "gone.txt": "not a regular file",
    }
    denied = PermissionError(13, "Permission denied")

    def refuse(_: Path) -> bytes:
        raise denied

    monkeypatch.setattr(Path, "read_bytes", refuse)
    chosen = inputs._Chosen([], [], [], [], [(good, "good.txt")])
    assert chosen.read_documents(LIMIT) == ()
    assert chosen.skipped == [("good.txt", "Permission denied")]


def test_the_key_changes_with_a_document(tmp_path: Path) -> None:
    write(tmp_path / "facts" / "mine.trig")
    keys = {load(tmp_path).key}
    write(tmp_path / "documents" / "a.txt", "one")
    keys.add(load(tmp_path).key)
    write(tmp_path / "documents" / "a.txt", "two")
    keys.add(load(tmp_path).key)
    (tmp_path / "documents" / "a.txt").rename(tmp_path / "documents" / "b.txt")
    keys.add(load(tmp_path).key)
    assert len(keys) == 4


def test_files_and_folders_together_each_once(tmp_path: Path) -> None:
    one, two = write(tmp_path / "one.ttl"), write(tmp_path / "more" / "two.ttl")
    found = load(two.parent, one, one)
    assert [f.name for f in found.facts] == [str(two), str(one)]


def test_an_ontology_folder_without_facts_has_none(tmp_path: Path) -> None:
    write(tmp_path / "terms" / "mine.ttl")
    with pytest.raises(UnreadableFileError, match="no facts here"):
        load(tmp_path)


@pytest.mark.parametrize("name", [None, "notes.txt", ".hidden.ttl"])
def test_a_folder_with_nothing_to_read(tmp_path: Path, name: str | None) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    if name:
        write(folder / name)
    with pytest.raises(UnreadableFileError, match="no facts here") as caught:
        load(folder)
    assert str(caught.value.place) == str(folder)
    assert ".trig" in caught.value.hint


def test_without_any_path_there_are_no_facts() -> None:
    with pytest.raises(UnreadableFileError, match="no facts here"):
        load()


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no such file or folder") as caught:
        load(tmp_path / "none.ttl")
    assert str(caught.value.place) == str(tmp_path / "none.ttl")


def test_a_named_file_of_unknown_kind_is_an_error_not_skipped(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="unknown kind of file"):
        load(write(tmp_path / "facts.txt"))


def test_every_file_has_its_limit(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ttl", "#" * 2_000_000)
    with pytest.raises(UnreadableFileError, match="over the limit"):
        load(path)


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [("a.ttl", "oh no", ParseError), ("a.jsonld", '{"@context": "http://x/"}', RefusedFileError)],
)
def test_a_bad_file_is_named(tmp_path: Path, name: str, text: str, error: type[Exception]) -> None:
    path = write(tmp_path / name, text)
    with pytest.raises(error, match=str(path)):
        _ = load(path).fact_quads


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    text = "_:b <http://x/p> 1 ."
    quads = load(write(tmp_path / "a.ttl", text), write(tmp_path / "b.ttl", text)).fact_quads
    assert quads[0].subject != quads[1].subject


def test_prefixes_are_the_shipped_ones() -> None:
    prefixes = inputs.load(None, LIMIT).prefixes
    assert prefixes["ph"] == terms.PH
    assert prefixes["person"] == terms.ID + "person/"
    assert len(prefixes) > 30


def test_only_declarations_are_prefixes(tmp_path: Path) -> None:
    path = write(tmp_path / "p.ttl", "# @prefix no: <http://x/> .\n@prefix ex: <http://x/> .\n@prefix\n\nex:a ex:b 1 .")
    assert inputs.read_prefixes(path) == {"ex": "http://x/"}


# The key: equal inputs, equal graph.


def test_the_key_is_the_same_for_the_same_content(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ttl")
    before = load(path).key
    assert len(before) == 32
    path.touch()
    write(path, FACT)
    assert load(path).key == before


def test_the_key_changes_with_a_single_character(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ttl")
    before = load(path).key
    write(path, FACT.replace("1", "2"))
    assert load(path).key != before


def test_the_key_of_shipped_facts_does_not_hang_on_the_folder() -> None:
    assert inputs.load(None, LIMIT).key == inputs.load(None, LIMIT).key
    assert all(not Path(f.name).is_absolute() for f in inputs.load(None, LIMIT).vocabulary)


def test_the_key_changes_with_every_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = load(write(tmp_path / "a.ttl"))
    rules = tmp_path / "rules"
    write(rules / "one.rq", "CONSTRUCT {} {}")
    with_rule = replace(base, rules=rules)
    keys = {
        "base": base.key,
        "vocabulary": replace(base, vocabulary=base.vocabulary[:-1]).key,
        "shapes": replace(base, shapes=base.shapes[:-1]).key,
        "facts": replace(base, facts=()).key,
        "moved between groups": replace(base, shapes=base.shapes[:-1], facts=(base.shapes[-1], *base.facts)).key,
        "rules": with_rule.key,
    }
    write(rules / "one.rq", "CONSTRUCT {} { }")
    keys["rule text"] = replace(base, rules=rules).key
    (rules / "one.rq").rename(rules / "two.rq")
    keys["rule name"] = replace(base, rules=rules).key
    monkeypatch.setattr(terms, "VERSION", "0.0.0")
    keys["version"] = replace(base).key
    assert len(set(keys.values())) == len(keys), keys


def test_the_key_changes_with_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph closed by another version of owlrl is another graph."""
    path = write(tmp_path / "a.ttl")
    before = load(path).key
    monkeypatch.setattr("importlib.metadata.version", lambda _: "0.0.0")
    assert load(path).key != before


def test_the_key_changes_with_the_choice_of_engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph that another engine closed is not taken for one of ours."""
    path = write(tmp_path / "a.ttl")
    before = load(path).key
    monkeypatch.setattr("postholder.sources.inputs._ENGINES", "owlrl")
    assert load(path).key != before


def test_names_and_content_cannot_be_exchanged(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a.ttl", FACT), write(tmp_path / "b.ttl", FACT + " ")
    one = load(a, b).key
    write(a, FACT + " ")
    write(b, FACT)
    assert load(a, b).key != one


@pytest.mark.parametrize(
    ("file", "subject"), [("terms/mine.ttl", terms.PH + "Post"), ("shapes/mine.ttl", terms.SHAPES + "Post")]
)
def test_a_user_cannot_redefine_what_is_ours(tmp_path: Path, file: str, subject: str) -> None:
    write(tmp_path / "facts" / "f.ttl")
    write(tmp_path / file, f"# mine\n<http://x/a> <http://x/p> 1 .\n<{subject}> <http://x/p> 1 .")
    found = load(tmp_path)
    with pytest.raises(RefusedFileError, match=subject) as caught:
        _ = found.ontology, found.shape_triples
    assert str(caught.value.place) == f"{tmp_path / file}:3"
    assert caught.value.hint


def test_a_user_may_speak_of_what_is_ours(tmp_path: Path) -> None:
    write(tmp_path / "facts" / "f.ttl")
    write(
        tmp_path / "terms" / "mine.ttl", f"<http://x/C> <{terms.RDFS}subClassOf> <{terms.PH}Post> . [] <http://x/p> 1 ."
    )
    write(tmp_path / "shapes" / "mine.ttl", f"<http://x/S> <{terms.SH}targetClass> <{terms.PH}Post> .")
    found = load(tmp_path)
    assert len(found.ontology) > 1000
    assert len(found.shape_triples) > 1000
