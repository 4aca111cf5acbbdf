"""The graph as people use it from Python; the command line is a thin caller of this module."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal

from postholder import pipeline, resources, settings, terms
from postholder.closure.choose import engine_for
from postholder.closure.profile import logical
from postholder.errors import (
    CannotError,
    DocumentMissingError,
    Place,
    UnknownNameError,
    UnreadableFileError,
)
from postholder.graph import DEFAULT, LABEL, TYPE, ph, text_of
from postholder.queries import bind, catalog
from postholder.queries.guarded import ask
from postholder.queries.rows import Rows
from postholder.readings import Facts
from postholder.sources import inputs as sources
from postholder.stores.oxigraph import OxigraphStore
from postholder.text import did_you_mean
from postholder.validation import evidence

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import Quad, Triple

    from postholder.export.base import ExportResult
    from postholder.stores.base import Store
    from postholder.validation.report import Report

STORES = ("oxigraph", "rdflib")


@dataclass(frozen=True)
class KnowledgeGraph:
    """A built graph: ask it, check it, hand it on. Make one with `postholder.open`."""

    inputs: sources.Inputs = field(repr=False)
    settings: settings.Settings = field(repr=False)
    store_name: str = "oxigraph"
    keep: bool = True

    @cached_property
    def _kept(self) -> tuple[pipeline.Built, Report | None]:
        found = pipeline.load(self._folder, self.inputs.key) if self.keep else None
        if found is not None:
            return found
        engine = engine_for(logical(self.inputs.ontology), self.settings)
        built = pipeline.build(self.inputs, engine, self.settings)
        self._save(built, None)
        return built, None

    def _save(self, built: pipeline.Built, report: Report | None) -> None:
        if self.keep:
            try:
                pipeline.save(built, self._folder, report, own=True)
            except OSError:
                return  # a cache that cannot be written costs time, never an answer

    @property
    def _folder(self) -> Path:
        return self.settings.cache / self.inputs.key

    @property
    def is_built(self) -> bool:
        """True when the graph is in memory or kept from an earlier run."""
        return "_kept" in self.__dict__ or (self.keep and pipeline.exists(self._folder))

    @property
    def kept_in(self) -> str:
        """The folder that keeps the built graph, building it if need be; says so if there is none."""
        _ = self._kept
        return str(self._folder) if self.keep and pipeline.exists(self._folder) else "memory only"

    def save(self, folder: str | Path) -> Path:
        """Write the built graph (dataset.nq, manifest.json, report.json) into a new or empty folder."""
        target = Path(folder)
        try:
            pipeline.save(self._kept[0], target, self.validate())
        except OSError as error:
            raise CannotError(
                f"cannot write {target}: {error.strerror or error}", hint="name another folder"
            ) from error
        return target

    @property
    def manifest(self) -> dict[str, Any]:
        """How the graph came about: engine, rules, counts, unhandled axioms, clashes, skipped files."""
        return self._kept[0].manifest

    @property
    def quads(self) -> tuple[Quad, ...]:
        """The dataset as it is queried: default graph, readings, inferred graphs, vocabulary."""
        return self._kept[0].quads

    @cached_property
    def facts(self) -> Facts:
        """The stated facts: the record and the readings."""
        return Facts(self.inputs.fact_quads)

    @cached_property
    def store(self) -> Store:
        """The SPARQL store that answers."""
        if self.store_name == "rdflib":
            from postholder.stores.rdflib import RdflibStore  # noqa: PLC0415 - 0.3 s

            return RdflibStore(self.quads)
        return OxigraphStore(self.quads)

    @cached_property
    def names(self) -> bind.Names:
        """What the entities of this graph are called."""
        labels: dict[str, str] = {}
        kinds: dict[str, set[str]] = defaultdict(set)
        forms: dict[str, str] = {}
        denoted: list[tuple[str, str]] = []
        for quad in self.quads:
            iri, value = text_of(quad.subject), text_of(quad.object)
            if not iri.startswith(terms.BASE) or isinstance(quad.subject, BlankNode):
                continue
            if quad.predicate == LABEL and isinstance(quad.object, Literal):
                if (quad.object.language or "en").startswith("en"):
                    labels[iri] = value
            elif quad.predicate == TYPE:
                labels.setdefault(iri, iri)
                kinds[iri].add(value.removeprefix(terms.PH))
            elif quad.predicate == ph("surfaceForm"):
                forms[iri] = value
            elif quad.predicate == ph("denotes"):
                denoted.append((iri, value))
        aliases = [(forms[mention], thing) for mention, thing in denoted if mention in forms]
        return bind.Names(labels, self.inputs.prefixes, kinds, aliases)

    def questions(self) -> list[catalog.Question]:
        """Return all saved questions, by topic and name."""
        return catalog.every(resources.queries_folder())

    def query(self, name: str, **parameters: object) -> Rows:
        """Answer a saved question.

        Parameters are given as text or as Python values (`superior="Dai Shan"`). Raises
        UnknownNameError for a question, parameter or entity that does not exist, and
        BadParameterError for a value of the wrong type.
        """
        question = catalog.find(resources.queries_folder(), name)
        text = bind.bind(question, {k: str(v) for k, v in parameters.items()}, self.names)
        answer = self.store.query(text)
        return Rows(answer.columns, answer.rows, question.empty)

    def sparql(self, text: str) -> Rows | bool | list[Triple]:
        """Answer a SPARQL query that only reads: rows, a truth value, or triples in order.

        Raises RefusedQueryError, QuerySyntaxError or QueryLimitError.
        """
        answer = ask(self.store, text, self.graph_names, self.settings)
        if answer.boolean is not None:
            return answer.boolean
        if answer.triples is not None:
            return list(answer.triples)
        return Rows(answer.columns, answer.rows)

    @cached_property
    def graph_names(self) -> frozenset[str]:
        """The IRIs of the named graphs."""
        return frozenset(text_of(q.graph_name) for q in self.quads if q.graph_name != DEFAULT)

    @property
    def known_report(self) -> Report | None:
        """The report, if the graph has been validated before."""
        return self.__dict__.get("_report") or self._kept[1]

    def validate(self) -> Report:
        """Check the shapes, the facts and the record; the report says what was checked and what was not."""
        return self._report

    @cached_property
    def _report(self) -> Report:
        built, report = self._kept
        if report is None:
            from postholder.validation.check import validate  # noqa: PLC0415 - loads pySHACL

            report = validate(self.inputs, built.manifest, self.settings)
            self._save(built, report)
        return report

    def evidence(self, source: str | Path, document: str | None = None) -> evidence.EvidenceReport:
        """Compare every span cited from a document with a file that holds the document.

        `document` names the document when the facts cite several and none has the file's digest.
        Raises DocumentMissingError when the file is not there.
        """
        path = Path(source)
        try:
            if path.exists() and not path.is_file():
                raise DocumentMissingError("not checked: this is not a file", place=Place(str(path)))
            if path.stat().st_size > self.settings.max_file_bytes:
                raise UnreadableFileError("larger than any document", place=Place(str(path)))
            data = path.read_bytes()
        except OSError as error:
            raise DocumentMissingError(
                f"not checked: document not at hand ({error.strerror or error})",
                hint="give the path of its text file",
                place=Place(str(path)),
            ) from error
        return evidence.check(self.facts, evidence.choose(self.facts, data, document), data)

    def export(self, form: str, to: str | Path, *, replace: bool = False) -> ExportResult:
        """Write the graph in one of `postholder.export.FORMATS`; nothing is replaced unless asked."""
        from postholder.export.formats import write  # noqa: PLC0415 - only when needed

        return write(self.quads, self.inputs.prefixes, form, Path(to), replace=replace)

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the dataset as an rdflib Dataset."""
        from postholder.stores.rdflib import to_dataset  # noqa: PLC0415 - 0.3 s

        return to_dataset(self.quads)


def open_graph(*data: str | Path, store: str = "oxigraph", keep: bool = True) -> KnowledgeGraph:
    """Open the shipped graph or, when `data` is given, the graph of the user's files and folders.

    `store` is `oxigraph` (fast) or `rdflib` (reference). With `keep` a built graph is kept in the
    cache folder and used again while its inputs are the same.
    """
    if store not in STORES:
        raise UnknownNameError(f"no store is called {store!r}", hint=did_you_mean(store, STORES))
    limits = settings.load()
    paths = [Path(p) for p in data] or None
    return KnowledgeGraph(sources.load(paths, limits.max_file_bytes), limits, store, keep)
