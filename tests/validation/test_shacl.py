"""The shapes on their examples: good ones conform, bad ones give exactly the results they announce."""

from __future__ import annotations

import re
import socket
from collections import Counter
from functools import cache
from pathlib import Path

import pyshacl
import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from postholder import resources, terms, walled
from postholder.errors import EngineError, QueryLimitError
from postholder.graph import TYPE
from postholder.settings import Settings
from postholder.sources.inputs import read_prefixes
from postholder.stores import rdflib as store
from postholder.validation import coverage, shacl
from postholder.validation.shacl import ShapeResult

HERE = Path(__file__).parent.parent / "shapes"
EXAMPLES = sorted(HERE.glob("*/*.ttl"))
_EXPECT = re.compile(r"^# expect: (\S+) (\S+) (\S+)(?: (\S+))?$", re.MULTILINE)
SH = terms.SH


def triples(path: Path) -> list[Triple]:
    return [q.triple for q in parse(path.read_text(encoding="utf-8"), format=RdfFormat.TURTLE)]


@cache
def shapes() -> tuple[Triple, ...]:
    return tuple(t for p in sorted((resources.ontology_folder() / "shapes").glob("*.ttl")) for t in triples(p))


@cache
def surroundings() -> tuple[Triple, ...]:
    """Return the vocabulary without its prose, and what every example takes for granted."""
    prose = {terms.SKOS + n for n in ("definition", "example", "scopeNote")} | {terms.RDFS + "isDefinedBy"}
    files = sorted((resources.ontology_folder() / "terms").glob("*.ttl"))
    vocabulary = [t for p in files for t in triples(p) if t.predicate.value not in prose]
    assert len(vocabulary) > 200
    return (*vocabulary, *triples(HERE / "prelude.ttl"))


def last(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


def announced(path: Path) -> Counter[tuple[str, str, str, str]]:
    """Return the results that the head of an example announces: shape, component, focus, path."""
    text = path.read_text(encoding="utf-8")
    prefixes = read_prefixes(path)
    found: Counter[tuple[str, str, str, str]] = Counter()
    for shape, component, focus, predicate in _EXPECT.findall(text):
        prefix, _, local = focus.partition(":")
        iri = focus[1:-1] if focus.startswith("<") else "_:" if focus == "_:" else prefixes[prefix] + local
        found[shape, component, iri, predicate] += 1
    assert found.total() == text.count("# expect"), f"{path.name}: an `# expect:` line is not understood"
    return found


def given(results: list[ShapeResult], path: Path) -> Counter[tuple[str, str, str, str]]:
    blanks = {str(t.subject)[2:] for t in triples(path) if isinstance(t.subject, BlankNode)}
    found: Counter[tuple[str, str, str, str]] = Counter()
    for r in results:
        focus = r.focus if r.focus.startswith("http") else "_:"
        assert focus != "_:" or blanks
        predicate = "" if r.path == "path" else last(r.path)
        found[last(r.shape), r.component, focus, predicate] += 1
    return found


def test_there_are_examples_of_every_file_of_shapes() -> None:
    assert len(EXAMPLES) > 300
    helpers = {"prefixes", "kinds"}
    files = {p.stem for p in (resources.ontology_folder() / "shapes").glob("*.ttl")} - helpers
    folders = {p.name for p in HERE.iterdir() if p.is_dir()}
    assert folders == files
    for folder in folders:
        names = [p.stem for p in (HERE / folder).glob("*.ttl")]
        assert "good" in names, folder
        assert any(n.startswith("bad-") for n in names), folder
        assert [n for n in names if not n.startswith(("good", "bad-"))] == [], folder


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_an_example_gives_what_it_announces(path: Path) -> None:
    expected = announced(path)
    assert bool(expected) == path.stem.startswith("bad-")
    results = shacl.validate([*surroundings(), *triples(path)], shapes())
    assert given(results, path) == expected
    assert [r for r in results if not r.message] == []


def test_every_constraint_under_a_target_is_broken_by_some_example() -> None:
    """A constraint that no example breaks could be wrong without anyone noticing."""
    parameters = (
        *("minCount", "maxCount", "class", "datatype", "nodeKind", "or", "not", "sparql", "languageIn", "uniqueLang"),
        *("pattern", "minInclusive", "maxInclusive", "minLength", "maxLength", "disjoint", "lessThan", "hasValue"),
        *("lessThanOrEquals", "qualifiedMinCount", "qualifiedMaxCount", "equals", "in", "node"),
    )
    broken = {(s, c) for path in EXAMPLES for s, c, _, _ in announced(path)}
    targeted = {t.subject for t in shapes() if t.predicate in coverage.TARGETS}
    used = targeted | {t.object for t in shapes() if t.subject in targeted and t.predicate.value == SH + "property"}
    missing = []
    for t in shapes():
        name = t.predicate.value.removeprefix(SH)
        if t.subject in used and name in parameters:
            component = "SPARQL" if name == "sparql" else name[0].upper() + name[1:]
            if (last(str(t.subject).strip("<>")), component + "ConstraintComponent") not in broken:
                missing.append((last(str(t.subject).strip("<>")), name))
    assert broken
    assert missing == []


# The adapter.

X = "http://x/"
DATA = [Triple(NamedNode(X + "a"), TYPE, NamedNode(X + "C"))]
SHAPE_TEXT = f"""@prefix sh: <{SH}> . @prefix ex: <{X}> .
ex:Shape a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:Shape-p .
ex:Shape-p a sh:PropertyShape ; sh:path ex:p ; sh:minCount 1 ; sh:message "p is missing" ; sh:severity sh:Warning .
"""


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run what would run behind the wall in this process."""
    monkeypatch.setattr(walled, "call", lambda function, *_, **__: function())


def text_triples(text: str) -> list[Triple]:
    return [q.triple for q in parse(text, format=RdfFormat.TURTLE)]


@pytest.mark.usefixtures("here")
def test_a_result_has_all_its_parts() -> None:
    assert shacl.validate(DATA, text_triples(SHAPE_TEXT)) == [
        ShapeResult(X + "a", X + "p", "MinCountConstraintComponent", X + "Shape-p", "", "warning", "p is missing")
    ]


@pytest.mark.parametrize(("severity", "told"), [("Violation", "error"), ("Warning", "warning"), ("Info", "info")])
def test_severities(severity: str, told: str) -> None:
    [result] = shacl.validate(DATA, text_triples(SHAPE_TEXT.replace("sh:Warning", f"sh:{severity}")))
    assert result.severity == told


@pytest.mark.usefixtures("here")
def test_a_path_of_several_steps_is_told_as_path() -> None:
    text = SHAPE_TEXT.replace("sh:path ex:p", "sh:path [ sh:inversePath ex:p ]")
    [result] = shacl.validate(DATA, text_triples(text))
    assert result.path == "path"


def test_results_are_sorted() -> None:
    data = [Triple(NamedNode(X + n), TYPE, NamedNode(X + "C")) for n in "cab"]
    assert [r.focus for r in shacl.validate(data, text_triples(SHAPE_TEXT))] == [X + "a", X + "b", X + "c"]


def test_pyshacl_writes_into_its_own_graphs_only() -> None:
    data, given_shapes = list(surroundings()), list(shapes())
    before = (list(data), list(given_shapes))
    first = shacl.validate(data, given_shapes)
    assert (data, given_shapes) == before
    assert shacl.validate(data, given_shapes) == first


def test_each_call_gets_graphs_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    real = store.to_graph

    def note(found: object) -> object:
        made.append(real(found))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(store, "to_graph", note)
    for _ in range(2):
        shacl.validate(DATA, text_triples(SHAPE_TEXT))
    assert len({id(g) for g in made}) == len(made) == 4


BROKEN_SHAPES = {
    "no path": (
        f"@prefix sh: <{SH}> . @prefix ex: <{X}> . ex:S a sh:NodeShape ; sh:targetClass ex:C "
        f"; sh:property [ sh:minCount 1 ] ."
    ),
    "bad count": (
        f"@prefix sh: <{SH}> . @prefix ex: <{X}> . ex:S sh:targetClass ex:C ; sh:path ex:p ; sh:minCount 'one' ."
    ),
    "bad pattern": (
        f"@prefix sh: <{SH}> . @prefix ex: <{X}> . ex:S sh:targetClass ex:C ; sh:path <{TYPE.value}> ; sh:pattern '(' ."
    ),
    "bad query": f"""@prefix sh: <{SH}> . @prefix ex: <{X}> . ex:S a sh:NodeShape ; sh:targetClass ex:C ;
    sh:sparql [ a sh:SPARQLConstraint ; sh:select "SELECT $this WHERE {{" ] .""",
    "recursive": f"""@prefix sh: <{SH}> . @prefix ex: <{X}> . ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:node ex:T .
    ex:T a sh:NodeShape ; sh:node ex:S .""",
}


@pytest.mark.parametrize("text", BROKEN_SHAPES.values(), ids=BROKEN_SHAPES)
def test_shapes_that_cannot_be_run_are_an_error_not_a_pass(text: str) -> None:
    with pytest.raises(EngineError, match="pySHACL") as caught:
        shacl.validate(DATA, text_triples(text))
    assert caught.value.message


@pytest.mark.parametrize("text", BROKEN_SHAPES.values(), ids=BROKEN_SHAPES)
@pytest.mark.usefixtures("here")
def test_they_are_an_error_without_the_wall_too(text: str) -> None:
    with pytest.raises((EngineError, RecursionError)):
        shacl.validate(DATA, text_triples(text))


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
@pytest.mark.usefixtures("here")
def test_limits_of_the_interpreter_pass_through(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(pyshacl, "validate", fail)
    with pytest.raises(error):
        shacl.validate(DATA, text_triples(SHAPE_TEXT))


SPARQL_SHAPE = f"""@prefix sh: <{SH}> . @prefix ex: <{X}> .
ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql ex:S-query .
ex:S-query a sh:SPARQLConstraint ; sh:message "bad" ; sh:select "SELECT $this WHERE {{ QUERY }}" .
"""


def test_a_shape_cannot_call_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        text = SPARQL_SHAPE.replace("QUERY", f"SERVICE <http://127.0.0.1:{port}/> {{ ?a ?b ?c }}")
        with pytest.raises(EngineError):
            shacl.validate(DATA, text_triples(text))
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_shape_without_end_is_stopped(tmp_path: Path) -> None:
    data = [Triple(NamedNode(f"{X}{n}"), TYPE, NamedNode(X + "C")) for n in range(200)]
    text = SPARQL_SHAPE.replace("QUERY", "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a = ?i)")
    with pytest.raises(QueryLimitError, match="check of the shapes was stopped"):
        shacl.validate(data, text_triples(text), Settings(tmp_path, engine_seconds=1))


def test_without_a_wall_only_trusted_sparql_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walled, "can_wall", lambda: False)
    text = SPARQL_SHAPE.replace("QUERY", "$this a ?c")
    with pytest.raises(EngineError, match="behind a wall") as caught:
        shacl.validate(DATA, text_triples(text))
    assert caught.value.hint
    assert [r.message for r in shacl.validate(DATA, text_triples(text), trusted=True)] == ["bad"]
    assert len(shacl.validate(DATA, text_triples(SHAPE_TEXT))) == 1


@pytest.mark.usefixtures("here")
def test_a_failure_that_pyshacl_reports_as_a_value_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyshacl, "validate", lambda *_, **__: (False, ValueError("odd"), "odd"))
    with pytest.raises(EngineError, match="pySHACL failed: odd"):
        shacl.validate(DATA, text_triples(SHAPE_TEXT))


def test_lexical_forms_reach_the_shapes_as_written() -> None:
    """A date that rdflib would rewrite or drop must be seen by the datatype check."""
    text = f"""@prefix sh: <{SH}> . @prefix ex: <{X}> . @prefix xsd: <{terms.XSD}> .
    ex:S sh:targetSubjectsOf ex:p ; sh:path ex:p ; sh:pattern "^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$" ;
  sh:message "no day" ."""
    for value, count in (("2022-01-06", 0), ("2022-01-06+01:00", 1), ("2022-01-06T00:00:00", 1)):
        [data] = text_triples(f'<{X}a> <{X}p> "{value}"^^<{terms.XSD}date> .')
        assert len(shacl.validate([data], text_triples(text))) == count, value
