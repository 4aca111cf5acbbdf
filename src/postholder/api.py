"""The graph as people use it from Python; the command line is a thin caller of this module."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postholder import pipeline, resources, settings
from postholder.closure import ENGINES
from postholder.closure.choose import engine_for
from postholder.differences import changes, falling
from postholder.differences.sides import Side
from postholder.errors import BadParameterError, CannotError, UnknownNameError
from postholder.graph import DEFAULT, text_of
from postholder.perspective.look import look
from postholder.queries import bind, catalog, certainty, naming
from postholder.queries.guarded import ask
from postholder.queries.rows import Rows
from postholder.readings import Facts
from postholder.sources import inputs as sources
from postholder.stores import STORES
from postholder.stores.oxigraph import OxigraphStore
from postholder.text import did_you_mean
from postholder.validation import evidence
from postholder.views.standing import EVENTS
from postholder.views.validity import day_text
from postholder.views.view import ALL, ANY, PLAIN, View

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import rdflib
    from pyoxigraph import Quad, Triple

    from postholder.differences.difference import Around, Diff
    from postholder.differences.falling import WhatIf
    from postholder.explanations.desk import Desk, Told, ToldRow
    from postholder.export.base import ExportResult
    from postholder.push.base import Credentials, Login, Progress, PushResult
    from postholder.stores.base import Store
    from postholder.validation.report import Report

_MOST_VIEWS = 100
"""How many views of one graph are kept; those that were used longest ago go first."""
_TALLY = ("claims", "dated things certain", "possible", "left out")
_TELLERS = ("Document", "Source", "Publisher", "UnnamedGroup", "UnidentifiedAuthor", "UnidentifiedReport")
"""Kinds of things whose word a view can follow."""


@dataclass(frozen=True)
class KnowledgeGraph:
    """A built graph: ask it, check it, hand it on. Make one with `postholder.open`."""

    inputs: sources.Inputs = field(repr=False)
    settings: settings.Settings = field(repr=False)
    store_name: str = "oxigraph"
    keep: bool = True
    asked: View = PLAIN
    """The view through which everything is answered."""
    engine: str | None = None
    """The closure engine, one of `closure.ENGINES`; None for the one that is chosen by itself."""

    def view(
        self,
        as_of: str | None = None,
        known_at: str | None = None,
        certainty: str | None = None,
        according_to: str | None = None,
        without: Sequence[str] = (),
    ) -> KnowledgeGraph:
        """Return the graph as of a day, as known at a day, as sure as asked, according to a source.

        Days are written YYYY-MM-DD; no day means all time, or everything recorded. What is not given
        stays as it is in this view, so views of views get narrower. `certain` shows
        what holds in every reading and for every admissible date, `possible` also what holds in at
        least one. `according_to` is `any`, `all` (what no source disputes) or the name of a document
        or source; `without` names documents, sources or claims to leave out. Raises
        BadParameterError and UnknownNameError.
        """
        now = self.asked
        told = now.according_to if according_to is None else according_to
        if according_to not in {None, ANY, ALL}:
            told = text_of(self._tellers.find(told, _TELLERS))
        aside = now.without | {text_of(self._tellers.find(name)) for name in without}
        asked = View.of(as_of, known_at, certainty or now.certainty, told, frozenset(aside))
        if as_of is None:
            asked = replace(asked, as_of=now.as_of)
        if known_at is None:
            asked = replace(asked, known_at=now.known_at)
        return self if asked == self.asked else replace(self, asked=asked)

    @cached_property
    def _tellers(self) -> bind.Names:
        """What the documents, sources and claims are called."""
        record = Facts(self.inputs.fact_quads).record
        return naming.of_kinds(record, {*_TELLERS, "Claim"}, self.inputs.prefixes)

    def diff(self, other: KnowledgeGraph) -> Diff:
        """Return what differs between this view and another of the same facts, made with `view`.

        Raises CannotError for a view of other facts.
        """
        if other.inputs.key != self.inputs.key:
            raise CannotError("these are views of different facts", hint="make both with `view` from one graph")
        return changes.compare(self.facts, other.facts)

    def around(self, event: str) -> Around:
        """Return what a change event does, and what differs between the day before it and its latest day.

        Raises UnknownNameError for what is no event here.
        """
        undated = replace(self, asked=replace(self.asked, as_of=None))
        node = undated._events.find(event, EVENTS)  # noqa: SLF001 - another graph of this class
        days = changes.window(undated.facts, node)
        sides = [replace(self, asked=replace(self.asked, as_of=day)).facts for day in days or ()]
        return changes.around(node, undated.facts, (sides[0], sides[1]) if days else None)

    def what_if(self, without: Sequence[str]) -> WhatIf:
        """Return what would fall without some documents, sources or claims; nothing is changed.

        Raises UnknownNameError for what is none of these.
        """
        aside = frozenset(text_of(self._tellers.find(name)) for name in without)
        other = replace(self, asked=replace(self.asked, without=self.asked.without | aside))
        return falling.compare((self.facts, self.quads), (other.facts, other.quads), self.inputs.ontology)

    @cached_property
    def _events(self) -> bind.Names:
        """What the change events are called."""
        return naming.of_kinds(Side(self.facts).told, EVENTS, self.inputs.prefixes)

    @cached_property
    def _sure(self) -> KnowledgeGraph:
        """The same view, certain only."""
        return replace(self, asked=replace(self.asked, certainty="certain"))

    @cached_property
    def _kept(self) -> tuple[pipeline.Built, Report | None]:
        found = pipeline.load(self._folder, self.inputs.key) if self.keep else None
        if found is not None:
            return found
        engine = engine_for(self.settings, self.engine)
        built = pipeline.build(self.inputs, engine, self.settings, self.asked)
        self._save(built, None)
        return built, None

    def _save(self, built: pipeline.Built, report: Report | None) -> None:
        if self.keep:
            try:
                pipeline.save(built, self._folder, report, own=True)
                if not self.asked.is_plain:
                    pipeline.prune(self._folder.parent, _MOST_VIEWS)
            except OSError:
                return  # a cache that cannot be written costs time, never an answer

    @property
    def _folder(self) -> Path:
        other = "-reference" if self.engine == "reference" else ""
        folder = self.settings.cache / f"{self.inputs.key}{other}"
        return folder if self.asked.is_plain else folder / "views" / self.asked.key

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
        """Write the built graph (dataset.nq, manifest.json, report.json) into a new or empty folder.

        Raises WouldOverwriteError where the folder holds something, and CannotError when it cannot be written.
        """
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
    def tally(self) -> str:
        """How many dated things the view shows, and how many it leaves out, in words."""
        counts = self.manifest["counts"]
        told = [n for n in _TALLY if n in counts and (n != "possible" or self.asked.certainty == "possible")]
        return ", ".join(f"{counts[name]} {name}" for name in told)

    @property
    def quads(self) -> tuple[Quad, ...]:
        """The dataset as it is queried: default graph, readings, inferred graphs, vocabulary."""
        return self._kept[0].quads

    @cached_property
    def facts(self) -> Facts:
        """The stated facts as the view shows them: the record and the readings, each thing one node."""
        return look(self.inputs.fact_quads, self.asked, self.settings.max_contexts)

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
        where = "here" if self.asked.is_plain else f"in the view {self.asked}"
        return naming.of_graph(self.quads, self.inputs.prefixes, where)

    def questions(self) -> list[catalog.Question]:
        """Return all saved questions, by topic and name."""
        return catalog.every(resources.queries_folder())

    def query(self, name: str, **parameters: object) -> Rows:
        """Answer a saved question.

        Parameters are given as text or as Python values (`superior="Dai Shan"`). In a view of one day
        a last column tells which rows hold for certain, and which only possibly. Raises
        UnknownNameError for a question, parameter or entity that does not exist, and
        BadParameterError for a value of the wrong type.
        """
        question = catalog.find(resources.queries_folder(), name)
        if question.over == "all time" and self.asked.as_of is not None:
            return replace(self, asked=replace(self.asked, as_of=None)).query(name, **parameters)
        if question.over == "absence" and not self.asked.is_plain:
            return self._absent(question, parameters)
        text = self.text_of(question, parameters)
        answer = self.store.query(text)
        empty = question.empty if self.asked.is_plain else f"{question.empty}, in the view {self.asked}; {self.tally}"
        if self.asked.as_of is None or self.asked.certainty == "certain":
            return Rows(answer.columns, answer.rows, empty)
        return certainty.marked(answer, self._sure.store.query(text), question.key, empty)

    def text_of(self, question: catalog.Question, parameters: Mapping[str, object]) -> str:
        """Return a question's text with its parameters, the view's day among them."""
        day = self.asked.as_of
        if day is not None and any(p.name == "as_of" for p in question.parameters):
            if "as_of" in parameters:
                raise BadParameterError("the day is given twice", hint="give it with --as-of or as a parameter")
            parameters = {**parameters, "as_of": day_text(day)}
        return bind.bind(question, {k: str(v) for k, v in parameters.items()}, self.names)

    def _absent(self, question: catalog.Question, parameters: Mapping[str, object]) -> Rows:
        """Answer what is missing: for certain, what is missing even among all that is possible."""
        wide, narrow = (replace(self, asked=replace(self.asked, certainty=c)) for c in ("possible", "certain"))
        text = wide.text_of(question, parameters)
        sure = wide.store.query(text)
        empty = f"{question.empty}, in the view {self.asked}"
        if self.asked.certainty == "certain":
            return Rows(sure.columns, sure.rows, empty)
        return certainty.absent(sure, narrow.store.query(text), empty)

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

            report = validate(self.inputs, built.manifest, self.settings, self.asked)
            self._save(built, report)
        return report

    def evidence(self, source: str | Path, document: str | None = None) -> evidence.EvidenceReport:
        """Compare every span cited from a document with a file that holds the document.

        `document` names the document when the facts cite several and none has the file's digest.
        Raises DocumentMissingError when the file is not there.
        """
        data = evidence.read(Path(source), self.settings.max_file_bytes)
        facts = Facts(self.inputs.fact_quads)
        return evidence.check(facts, evidence.choose(facts, data, document), data)

    def explain(self, *words: str, source: str | Path | None = None) -> Told:
        """Return why something holds: `explain("Lu Su", "org:holds", "post/taobao-cto")`, or a line of N-Triples.

        With `source`, a cited document's file, the answer shows the passages. Raises UsageError when it is not three
        names or one line, BadParameterError for a line that does not parse, UnknownNameError for a name or a document
        that does not exist, DocumentMissingError and UnreadableFileError.
        """
        return self.desk.explain(words, source)

    def explain_query(
        self,
        name: str,
        row: int | None = None,
        source: str | Path | None = None,
        parameters: Mapping[str, object] | None = None,
    ) -> list[ToldRow]:
        """Return why rows of a saved question's answer are there: all, or one of a number counted from 1.

        With `source`, a cited document's file, the answers show the passages. Raises UnknownNameError for a question,
        parameter, entity or document that does not exist, BadParameterError for a value of the wrong type or when
        there is no such row, DocumentMissingError and UnreadableFileError.
        """
        return self.desk.query(name, row, source, dict(parameters or {}))

    @cached_property
    def desk(self) -> Desk:
        """What explains this graph: proofs, and the plain data to check them against."""
        from postholder.explanations.desk import Desk  # noqa: PLC0415 - only when needed

        return Desk(self)

    def export(self, form: str, to: str | Path, *, replace: bool = False) -> ExportResult:
        """Write the graph in one of the formats of `postholder.export.formats`; nothing is replaced unless asked.

        Raises UnknownNameError for a format that does not exist, WouldOverwriteError where something stands at
        `to`, and CannotError when it cannot be written or a package that the format needs is not installed.
        """
        from postholder.export.formats import write  # noqa: PLC0415 - only when needed

        return write(self.quads, self.inputs.prefixes, form, Path(to), replace=replace)

    def push(
        self,
        target: str,
        *,
        name: str = "postholder",
        database: str | None = None,
        default_graph: str | None = None,
        force: bool = False,
        login: Login | Credentials | None = None,
        progress: Progress | None = None,
    ) -> PushResult:
        """Load the graph into the server at an address, and delete there what an earlier push wrote and this did not.

        See `postholder.push.push.push`. Without `login` the user and password of the settings are used. Raises
        UsageError for a wrong call, WouldOverwriteError when data of others is in the way, ServerError when the
        server fails, and CannotError where the driver that an address needs is not installed.
        """
        from postholder.export.base import Source  # noqa: PLC0415 - only when needed
        from postholder.push.base import of_settings  # noqa: PLC0415
        from postholder.push.push import push  # noqa: PLC0415

        return push(
            Source(self.quads, self.inputs.prefixes),
            target,
            name=name,
            database=database,
            default_graph=default_graph,
            force=force,
            login=login or of_settings(),
            seconds=self.settings.push_seconds,
            progress=progress,
        )

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the dataset as an rdflib Dataset."""
        from postholder.stores.rdflib import to_dataset  # noqa: PLC0415 - 0.3 s

        return to_dataset(self.quads)


def open_graph(
    *data: str | Path, store: str = "oxigraph", keep: bool = True, engine: str | None = None
) -> KnowledgeGraph:
    """Open the shipped graph or, when `data` is given, the graph of the user's files and folders.

    `store` is `oxigraph` (fast) or `rdflib` (reference); `engine` closes the facts and is `fast` or
    `reference`, or chosen by itself. With `keep` a built graph is kept in the
    cache folder and used again while its inputs are the same.
    """
    if store not in STORES:
        raise UnknownNameError(f"no store is called {store!r}", hint=did_you_mean(store, STORES))
    if engine is not None and engine not in ENGINES:
        raise UnknownNameError(f"no closure engine is called {engine!r}", hint=did_you_mean(engine, ENGINES))
    limits = settings.load()
    paths = [Path(p) for p in data] or None
    return KnowledgeGraph(sources.load(paths, limits.max_file_bytes), limits, store, keep, engine=engine)
