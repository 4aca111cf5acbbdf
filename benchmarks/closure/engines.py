"""The engines behind one face: load a file, close it, ask the result. Each imports its package when it is made.

Nothing is imported here that an interpreter without Postholder lacks: a peer may need another Python.
"""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol

from equality import TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_OWL = "http://www.w3.org/2002/07/owl#"
_KEPT_OUT = "owl:hasKey and functional data properties kept from it, which it gets wrong"
_OF_LISTS = {f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{n}" for n in ("first", "rest")}
_HIGH = 2**40
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_ESCAPED = re.compile(r'[\\"\n\r\t\b\f]')
_LINE = re.compile(r"(\S+) (\S+) (.+?) \.\n?")


class NotRunError(Exception):
    """An engine cannot run here; the text says why."""


class Engine(Protocol):
    """What a run asks of an engine."""

    version: str
    note: str

    def load(self, path: Path) -> int:
        """Read N-Triples and return how many triples there are."""

    def close(self) -> float | None:
        """Close what was read; return the seconds of the rules alone if the engine tells them."""

    def size(self) -> int:
        """Return how many triples the engine holds, by its own count."""

    def count(self, predicate: str) -> int:
        """Return how many triples have a predicate."""

    def look_up(self, subject: str, predicate: str) -> list[str]:
        """Return the IRIs that a subject has for a predicate."""

    def triples(self) -> Iterator[tuple[str, str, str]]:
        """Yield the closure as N-Triples terms."""


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        raise NotRunError(f"{package} is not installed; the extra `benchmarks` has it") from None


def _literal(value: str, datatype: str | None, language: str | None) -> str:
    text = '"' + _ESCAPED.sub(lambda m: _ESCAPES[m[0]], value) + '"'
    if language:
        return f"{text}@{language}"
    return text if datatype in {None, "", _XSD_STRING} else f"{text}^^<{datatype}>"


def _split(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the terms of N-Triples or of N-Quads in the default graph."""
    for line in text.splitlines(keepends=True):
        found = _LINE.fullmatch(line)
        if found:
            yield found[1], found[2], found[3]


class Ours:
    """Postholder's engine over columns."""

    def __init__(self, *, derivations: bool = True) -> None:
        try:
            import duckdb  # noqa: F401, PLC0415
        except ImportError:
            raise NotRunError("duckdb is not installed; the extra `large` has it") from None
        self.version, self.note = _installed("postholder"), "" if derivations else "without derivations"
        self._derivations = derivations
        self._closed: Any = None

    def load(self, path: Path) -> int:
        """Read and close in one step: the engine encodes terms while it reads."""
        from postholder.closure.columns import close_file  # noqa: PLC0415

        self._closed = close_file(path, derivations=self._derivations, seconds=3600)
        return int(self._closed.stated)

    def close(self) -> float | None:
        """Return the seconds of the rules, already run."""
        return float(self._closed.seconds["rules"])

    def size(self) -> int:
        """Return how many triples are stated or inferred."""
        return int(self._closed.size)

    def count(self, predicate: str) -> int:
        """Count in the table of the property."""
        from pyoxigraph import NamedNode  # noqa: PLC0415

        return int(self._closed.count(NamedNode(predicate)))

    def look_up(self, subject: str, predicate: str) -> list[str]:
        """Look up in the table of the property."""
        from pyoxigraph import NamedNode  # noqa: PLC0415

        return [t.object.value for t in self._closed.match(NamedNode(subject), NamedNode(predicate))]

    def triples(self) -> Iterator[tuple[str, str, str]]:
        """Yield stated and inferred triples."""
        for t in self._closed.triples():
            yield str(t.subject), str(t.predicate), str(t.object)


class InMemory:
    """Postholder's engine in memory; it does not run on axioms outside OWL 2 RL."""

    def __init__(self) -> None:
        self.version, self.note = _installed("postholder"), "closes triples in memory"
        self._triples: dict[Any, None] = {}

    def load(self, path: Path) -> int:
        """Parse and tell axioms from facts."""
        from pyoxigraph import RdfFormat, parse  # noqa: PLC0415

        self._triples = {q.triple: None for q in parse(path=str(path), format=RdfFormat.N_TRIPLES)}
        return len(self._triples)

    def close(self) -> float | None:
        """Close the facts."""
        from postholder.closure.memory import MemoryEngine  # noqa: PLC0415
        from postholder.closure.profile import logical  # noqa: PLC0415
        from postholder.readings import is_axiom  # noqa: PLC0415

        stated = {t for t in self._triples if is_axiom(t) or t.predicate.value in _OF_LISTS}
        axioms, engine = logical(stated), MemoryEngine(_HIGH)
        left = engine.unhandled(axioms)
        if left:
            kinds = sorted({u.construct for u in left})
            raise NotRunError(f"has no rules for {', '.join(kinds)}")
        [closure] = engine.close(axioms, [t for t in self._triples if t not in stated], [])
        self._triples |= dict.fromkeys(closure.inferred)
        return None

    def size(self) -> int:
        """Return how many triples there are."""
        return len(self._triples)

    def count(self, predicate: str) -> int:
        """Count by going through all."""
        return sum(t.predicate.value == predicate for t in self._triples)

    def look_up(self, subject: str, predicate: str) -> list[str]:
        """Look up by going through all."""
        wanted = f"<{subject}>"
        return [t.object.value for t in self._triples if t.predicate.value == predicate and str(t.subject) == wanted]

    def triples(self) -> Iterator[tuple[str, str, str]]:
        """Yield all triples."""
        for t in self._triples:
            yield str(t.subject), str(t.predicate), str(t.object)


class Owlrl:
    """owlrl over an rdflib graph."""

    def __init__(self) -> None:
        self.version, self.note = _installed("owlrl"), _KEPT_OUT
        self._graph: Any = None

    def load(self, path: Path) -> int:
        """Parse with rdflib, lexical forms as they are written."""
        import rdflib  # noqa: PLC0415

        rdflib.NORMALIZE_LITERALS = False
        self._graph = rdflib.Graph().parse(path, format="nt")
        return len(self._graph)

    def close(self) -> float | None:
        """Take out what owlrl gets wrong, and close."""
        import owlrl  # noqa: PLC0415
        from rdflib import OWL, RDF  # noqa: PLC0415

        self._graph.remove((None, OWL.hasKey, None))
        for prop in set(self._graph.subjects(RDF.type, OWL.FunctionalProperty)):
            if (prop, RDF.type, OWL.ObjectProperty) not in self._graph:
                self._graph.remove((prop, RDF.type, OWL.FunctionalProperty))
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(self._graph)
        return None

    def size(self) -> int:
        """Return how many triples there are, those with a literal as subject too."""
        return len(self._graph)

    def count(self, predicate: str) -> int:
        """Count by the index of predicates."""
        from rdflib import URIRef  # noqa: PLC0415

        return sum(1 for _ in self._graph.subject_objects(URIRef(predicate)))

    def look_up(self, subject: str, predicate: str) -> list[str]:
        """Look up by the index of subjects."""
        from rdflib import URIRef  # noqa: PLC0415

        return [str(o) for o in self._graph.objects(URIRef(subject), URIRef(predicate))]

    def triples(self) -> Iterator[tuple[str, str, str]]:
        """Yield what RDF can hold."""
        for triple in self._graph:
            yield _of_rdflib(triple)


def _of_rdflib(triple: Any) -> tuple[str, str, str]:
    """Return rdflib's terms as N-Triples terms; a literal as subject stays one, which nothing compares."""

    def text(term: Any) -> str:
        if hasattr(term, "datatype"):
            return _literal(str(term), None if term.datatype is None else str(term.datatype), term.language)
        return f"_:{term}" if type(term).__name__ == "BNode" else f"<{term}>"

    subject, predicate, value = triple
    return text(subject), text(predicate), text(value)


class Reasonable:
    """reasonable, whose answer is a list of rdflib's triples."""

    def __init__(self) -> None:
        self.version, self.note = _installed("reasonable"), ""
        self._reasoner: Any = None
        self._found: list[Any] = []

    def load(self, path: Path) -> int:
        """Parse natively; it does not say how much, so lines are counted."""
        import reasonable  # noqa: PLC0415

        self._reasoner = reasonable.PyReasoner()
        with TemporaryDirectory() as folder:
            link = Path(folder, "facts.ttl")  # it goes by the ending, and knows no other; N-Triples is Turtle
            link.symlink_to(path.resolve())
            self._reasoner.load_file(str(link))
        with path.open("rb") as file:
            return sum(1 for _ in file)

    def close(self) -> float | None:
        """Close; the answer comes as Python objects."""
        self._found = self._reasoner.reason()
        return None

    def size(self) -> int:
        """Return how many triples there are."""
        return len(self._found)

    def count(self, predicate: str) -> int:
        """Count by going through all."""
        return sum(str(p) == predicate for _, p, _ in self._found)

    def look_up(self, subject: str, predicate: str) -> list[str]:
        """Look up by going through all."""
        return [str(o) for s, p, o in self._found if str(p) == predicate and str(s) == subject]

    def triples(self) -> Iterator[tuple[str, str, str]]:
        """Yield all triples."""
        for triple in self._found:
            yield _of_rdflib(triple)


class OwlrlTurbo:
    """owlrl-turbo on rdflib-turbo's dataset."""

    def __init__(self) -> None:
        self.version, self.note = _installed("owlrl-turbo"), ""
        self._dataset: Any = None

    def load(self, path: Path) -> int:
        """Parse natively."""
        from rdflib_turbo import Dataset  # noqa: PLC0415

        self._dataset = Dataset()
        self._dataset.parse(source=str(path), format="nt")
        return len(self._dataset)

    def close(self) -> float | None:
        """Close in place."""
        from owlrl_turbo import expand  # noqa: PLC0415

        self._dataset = expand(self._dataset, inference="owlrl", inplace=True)
        return None

    def size(self) -> int:
        """Return how many triples there are."""
        return len(self._dataset)

    def count(self, predicate: str) -> int:
        """Count by SPARQL."""
        return sum(1 for _ in self._dataset.query(f"SELECT ?s ?o WHERE {{ ?s <{predicate}> ?o }}"))

    def look_up(self, subject: str, predicate: str) -> list[str]:
        """Look up by SPARQL."""
        return [str(row[0]) for row in self._dataset.query(f"SELECT ?o WHERE {{ <{subject}> <{predicate}> ?o }}")]

    def triples(self) -> Iterator[tuple[str, str, str]]:
        """Yield all triples."""
        yield from _split(self._dataset.serialize(format="nt"))


class SparqRdf:
    """sparq-rdf, asked by SPARQL."""

    def __init__(self) -> None:
        self.version, self.note = _installed("sparq-rdf"), ""
        self._graph: Any = None

    def load(self, path: Path) -> int:
        """Parse natively."""
        import sparq  # noqa: PLC0415

        self._graph = sparq.Graph.load(path, format="ntriples")
        return len(self._graph)

    def close(self) -> float | None:
        """Close in place."""
        self._graph.reason("owl")
        return None

    def size(self) -> int:
        """Return how many triples there are."""
        return len(self._graph)

    def _rows(self, query: str) -> list[dict[str, dict[str, str]]]:
        return list(json.loads(self._graph.query_json(query))["results"]["bindings"])

    def count(self, predicate: str) -> int:
        """Count by SPARQL."""
        return int(self._rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ ?s <{predicate}> ?o }}")[0]["n"]["value"])

    def look_up(self, subject: str, predicate: str) -> list[str]:
        """Look up by SPARQL."""
        return [r["o"]["value"] for r in self._rows(f"SELECT ?o WHERE {{ <{subject}> <{predicate}> ?o }}")]

    def triples(self) -> Iterator[tuple[str, str, str]]:
        """Yield all triples, property by property and class by class: answers are held as text."""
        for row in self._rows("SELECT DISTINCT ?p WHERE { ?s ?p ?o }"):
            predicate = f"<{row['p']['value']}>"
            if predicate == TYPE:
                yield from self._typed()
                continue
            for pair in self._rows(f"SELECT ?s ?o WHERE {{ ?s {predicate} ?o }}"):
                yield _of_json(pair["s"]), predicate, _of_json(pair["o"])

    def _typed(self) -> Iterator[tuple[str, str, str]]:
        for row in self._rows(f"SELECT DISTINCT ?c WHERE {{ ?s {TYPE} ?c }}"):
            if row["c"]["type"] == "uri":  # an unnamed class is not compared
                cls = f"<{row['c']['value']}>"
                for found in self._rows(f"SELECT ?s WHERE {{ ?s {TYPE} {cls} }}"):
                    yield _of_json(found["s"]), TYPE, cls


def _of_json(term: dict[str, str]) -> str:
    """Return a term of SPARQL's JSON results as an N-Triples term."""
    if term["type"] == "uri":
        return f"<{term['value']}>"
    if term["type"] == "bnode":
        return f"_:{term['value']}"
    return _literal(term["value"], term.get("datatype"), term.get("xml:lang"))


class Purrdf:
    """purrdf, with its limits lifted so that it runs at all; its closure is asked through its store."""

    def __init__(self) -> None:
        self.version, self.note = _installed("purrdf"), "its limits on facts and join steps lifted"
        self._data = self._closed = ""
        self._store: Any = None

    def load(self, path: Path) -> int:
        """Read the text; it parses while it closes."""
        self._data = path.read_text(encoding="utf-8")
        return self._data.count("\n")

    def close(self) -> float | None:
        """Close text to text."""
        import purrdf  # noqa: PLC0415

        limits = {"max_stored_facts": _HIGH, "max_join_steps": _HIGH}
        self._closed, _ = purrdf.entail.materialize_nt(self._data, "owl-rl", "", [], [], **limits)
        return None

    def size(self) -> int:
        """Load the closure into a store and return its size."""
        import purrdf  # noqa: PLC0415

        self._store = purrdf.Store()
        self._store.load(self._closed.encode(), purrdf.RdfFormat.N_QUADS)
        return len(self._store)

    def count(self, predicate: str) -> int:
        """Count by SPARQL."""
        return sum(1 for _ in self._store.query(f"SELECT ?s ?o WHERE {{ ?s <{predicate}> ?o }}"))

    def look_up(self, subject: str, predicate: str) -> list[str]:
        """Look up by SPARQL."""
        return [row["o"].value for row in self._store.query(f"SELECT ?o WHERE {{ <{subject}> <{predicate}> ?o }}")]

    def triples(self) -> Iterator[tuple[str, str, str]]:
        """Yield all triples."""
        yield from _split(self._closed)


ENGINES: dict[str, Callable[[], Engine]] = {
    "ours": Ours,
    "ours-plain": lambda: Ours(derivations=False),
    "in-memory": InMemory,
    "owlrl": Owlrl,
    "reasonable": Reasonable,
    "owlrl-turbo": OwlrlTurbo,
    "sparq-rdf": SparqRdf,
    "purrdf": Purrdf,
}
PACKAGES = {
    "ours": "postholder", "ours-plain": "postholder", "in-memory": "postholder", "owlrl": "owlrl",
    "reasonable": "reasonable", "owlrl-turbo": "owlrl-turbo", "sparq-rdf": "sparq-rdf", "purrdf": "purrdf",
}  # fmt: skip
"""The package of each engine."""
