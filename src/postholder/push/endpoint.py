"""A SPARQL server: where it takes queries, updates and graphs, and which forms of them it takes.

Servers differ from the standards and from each other, so that everything is tried in the form most
likely to work and then in the next: queries form-encoded (some servers never answer a query that is
sent as such), updates as such and then form-encoded (some forms are bounded), facts as one dataset,
then graph by graph, then as updates.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from pyoxigraph import NamedNode, RdfFormat, serialize

from postholder.errors import ServerError
from postholder.export.base import batches
from postholder.graph import DEFAULT, by_graph, quads_of
from postholder.queries.bind import written
from postholder.settings import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Quad, Triple

    from postholder.push.base import Progress
    from postholder.push.http import Client, Response

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_JSON = {"Accept": "application/sparql-results+json"}
_UPDATE = {"Content-Type": "application/sparql-update"}
_PATIENCE = 20.0
"""Seconds that the first update may take, which is small, before it is sent in another form."""
_PART = 10_000
"""Quads of one request: a server that takes each request as a transaction holds them in memory."""
_PART_OF_UPDATE = 1_000
"""Quads of one update: servers compile its whole text."""
_MOST_BYTES = 8 * MEBIBYTE
_OTHER_FORM = {400, 404, 405, 406, 411, 415, 422, 500, 501}
"""Answers of servers that do not know a form of a request, or fail at it."""
_TOO_LARGE = 413


@dataclass(frozen=True)
class Layout:
    """Where a kind of server takes what, after its address; `stores` are the places graphs may be put."""

    query: str
    update: str
    stores: tuple[str, ...]
    datasets: bool = True
    """Whether the store takes several graphs at once; where it is not known, it is tried."""


LAYOUTS = (
    Layout("/query", "/update", ("/store", "/data")),  # Oxigraph, Apache Jena Fuseki
    Layout("/sparql-auth", "/sparql-auth", ("/sparql-graph-crud-auth",), datasets=False),  # Virtuoso
    Layout("", "", ()),  # one address for all
)


def rows_of(response: Response) -> list[dict[str, str]] | None:
    """Return the rows of a SPARQL answer in JSON as plain text, or None if it is none."""
    try:
        bindings = json.loads(response.body)["results"]["bindings"]
        return [{name: str(term["value"]) for name, term in row.items()} for row in bindings]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


class Endpoint:
    """A SPARQL server that was found at an address."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name
        self.layout = self._found()
        self._store = self._graph_store()
        self._forms = ["dataset"] * (self.layout.datasets and self._store is not None)
        self._forms += ["graph"] * (self._store is not None)
        self._forms += ["update"]
        self._direct: bool | None = None

    @property
    def form(self) -> str:
        """How facts are sent: as a `dataset`, by `graph` or by `update`."""
        return self._forms[0]

    def _found(self) -> Layout:
        """Return the layout that answers; raise ServerError when there is none."""
        words = ""
        for layout in LAYOUTS:
            probe = urlencode({"query": "SELECT (1 AS ?one) {}"}).encode()
            response = self._client.send("POST", layout.query, probe, {**_FORM, **_JSON})
            if response.ok and rows_of(response) is not None:
                return layout
            words = response.words()
        raise ServerError(
            f"what answers at {self._name} is no SPARQL server: {words}",
            hint="give the address under which the server has its /query or /sparql, e.g. http://localhost:3030/data",
        )

    def _graph_store(self) -> str | None:
        if len(self.layout.stores) <= 1:
            return self.layout.stores[0] if self.layout.stores else None
        for path in self.layout.stores:
            answer = self._client.send("GET", f"{path}?default", headers={"Accept": "text/turtle"}, whole=False)
            if answer.ok:
                return path
        return None

    def select(self, text: str) -> list[dict[str, str]]:
        """Return the rows of a query as plain text."""
        answer = self.ask(text)
        rows = rows_of(answer) if answer.ok else None
        if rows is None:
            raise ServerError(
                f"{self._name} does not answer a query: {answer.words()}",
                hint="look into the server's log, and check that the address is that of a SPARQL server",
            )
        return rows

    def ask(self, text: str, default_graphs: Sequence[str] = ()) -> Response:
        """Return the answer to a query in JSON; these graphs stand for the default graph, if any are given."""
        fields = [("query", text), *(("default-graph-uri", g) for g in default_graphs)]
        return self._client.send("POST", self.layout.query, urlencode(fields).encode(), {**_FORM, **_JSON})

    def update(self, text: str) -> None:
        """Carry out an update, which may be sent twice and so must do the same again."""
        if self._direct is not False:
            try:
                seconds = _PATIENCE if self._direct is None else None
                answer = self._client.send("POST", self.layout.update, text.encode(), _UPDATE, seconds=seconds)
            except TimeoutError:
                self._direct = False
            else:
                if answer.ok:
                    self._direct = True
                    return
                if self._direct or answer.status not in _OTHER_FORM:
                    raise self._refused(answer)
                self._direct = False
        answer = self._client.send("POST", self.layout.update, urlencode({"update": text}).encode(), _FORM)
        if not answer.ok:
            raise self._refused(answer)

    def _refused(self, answer: Response) -> ServerError:
        return ServerError(
            f"{self._name} refuses an update: {answer.words()}",
            hint="see that the server allows updates and has room; push again to finish the work",
        )

    def add(self, quads: Iterable[Quad], total: int, progress: Progress) -> None:
        """Add quads in parts, each quad to the graph it names."""
        done = 0
        for part in batches(quads, _PART):
            self._add(part)
            done += len(part)
            progress("facts", done, total)

    def _add(self, part: Sequence[Quad]) -> None:
        while True:
            refused = {"dataset": self._as_dataset, "graph": self._by_graph, "update": self._by_update}[self.form](part)
            if refused is None:
                return
            if refused.status not in _OTHER_FORM or len(self._forms) == 1:
                raise ServerError(
                    f"{self._name} refuses facts: {refused.words()}", hint="push again to finish the work"
                )
            self._forms.pop(0)

    def _as_dataset(self, part: Sequence[Quad]) -> Response | None:
        return self._post(self._store or "", part, RdfFormat.N_QUADS)

    def _by_graph(self, part: Sequence[Quad]) -> Response | None:
        for graph, triples in by_graph(part).items():
            name = f"graph={quote(graph.value, safe='')}" if isinstance(graph, NamedNode) else "default"
            refused = self._post(f"{self._store}?{name}", quads_of(triples), RdfFormat.TURTLE)
            if refused is not None:
                return refused
        return None

    def _post(self, path: str, part: Sequence[Quad], form: RdfFormat) -> Response | None:
        """Post quads, in halves if they are too large; return the answer if the server refuses."""
        body = serialize([q.triple for q in part] if form == RdfFormat.TURTLE else part, format=_plain(form)) or b""
        answer = None
        if len(body) <= _MOST_BYTES or len(part) == 1:
            answer = self._client.send("POST", path, body, {"Content-Type": form.media_type})
            if answer.ok:
                return None
        if (answer is not None and answer.status != _TOO_LARGE) or len(part) == 1:
            return answer
        middle = len(part) // 2
        return self._post(path, part[:middle], form) or self._post(path, part[middle:], form)

    def _by_update(self, part: Sequence[Quad]) -> None:
        for some in batches(part, _PART_OF_UPDATE):
            self.update(insert(some))


def _plain(form: RdfFormat) -> RdfFormat:
    """Return the line-by-line form that every reader of a form takes."""
    return RdfFormat.N_TRIPLES if form == RdfFormat.TURTLE else form


def insert(quads: Iterable[Quad]) -> str:
    """Return an update that adds quads: to the default graph in the one form that rdflib carries out as well."""
    graphs = {graph: "".join(map(_line, triples)) for graph, triples in by_graph(quads).items()}
    default = graphs.pop(DEFAULT, None)
    named = "".join(f"GRAPH {graph} {{\n{lines}}}\n" for graph, lines in graphs.items())
    parts = [f"INSERT DATA {{\n{named}}}"] if named else []
    return " ;\n".join(parts if default is None else [*parts, f"INSERT {{\n{default}}} WHERE {{}}"])


def _line(triple: Triple) -> str:
    return f"{triple.subject} {triple.predicate} {written(triple.object)} .\n"
