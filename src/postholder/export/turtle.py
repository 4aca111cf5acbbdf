"""Write Turtle and TriG so that the same graph always gives the same bytes.

Subjects are sorted, blank nodes that stand in one place only are nested there, and literals keep
their lexical form. Blank nodes are ordered by the names they come with, which reading a file gives
them by position. (rdflib's writers re-order by hash seed or rewrite literals; pyoxigraph's does
not nest lists, which makes class expressions and shapes unreadable.)
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from postholder import terms
from postholder.graph import DEFAULT, TYPE, Node, Term, by_graph, order, quads_of, triple_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_FIRST = NamedNode(terms.RDF + "first")
_REST = NamedNode(terms.RDF + "rest")
_NIL = NamedNode(terms.RDF + "nil")
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_BARE = {
    # A number spelled otherwise (01, +1, .5) stays in quotes: some readers would re-spell it.
    terms.XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    terms.XSD + "decimal": re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+"),
    terms.XSD + "boolean": re.compile(r"true|false"),
}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LAST_C1 = 0x9F  # the control characters end here
_DEEPEST = 32  # levels of nesting that a person still follows, far below what recursion allows


def _quote(text: str) -> str:
    if text.isprintable() and "\\" not in text and '"' not in text:
        return f'"{text}"'
    body = "".join(_ESCAPES.get(c, c if c.isprintable() or ord(c) > _LAST_C1 else f"\\u{ord(c):04X}") for c in text)
    return f'"{body}"'


def _needed(quads: Iterable[Quad]) -> set[str]:
    """Return the IRIs that will be written; list links are not, and `rdf:type` is written `a`."""
    unwritten = {TYPE, _FIRST, _REST, _NIL}
    found: set[NamedNode] = set()
    for quad in quads:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, NamedNode):
                found.add(term)
            elif isinstance(term, Literal) and not _is_bare(term):
                found.add(term.datatype)
    strings = {NamedNode(terms.XSD + "string"), NamedNode(terms.RDF + "langString")}
    return {term.value for term in found - unwritten - strings}


def _is_bare(literal: Literal) -> bool:
    """Tell whether Turtle writes the literal without quotes."""
    bare = _BARE.get(literal.datatype.value)
    return bool(bare and bare.fullmatch(literal.value))


class _Terms:
    """Write terms with the prefixes that the quads need; remembers how blank nodes are called."""

    def __init__(self, prefixes: Mapping[str, str], quads: Iterable[Quad]) -> None:
        # A local name holds neither "/" nor "#", so most namespaces end at the last of these in an IRI.
        self._usual = {n: p for p, n in sorted(prefixes.items(), reverse=True) if n.endswith(("/", "#"))}
        others = [(p, n) for p, n in sorted(prefixes.items()) if not n.endswith(("/", "#"))]
        self._others = sorted(others, key=lambda found: -len(found[1]))
        self._blanks: dict[Node | DefaultGraph, str] = {}
        used = {self._split(iri)[0] for iri in _needed(quads)}
        self._usual = {n: p for n, p in self._usual.items() if p in used}
        self._others = [(p, n) for p, n in self._others if p in used]
        declared = sorted([*((p, n) for n, p in self._usual.items()), *self._others])
        self.declarations = "".join(f"@prefix {p}: <{n}> .\n" for p, n in declared)

    def _split(self, iri: str) -> tuple[str | None, str]:
        for prefix, namespace in self._others:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                return prefix, iri[len(namespace) :]
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        usual = self._usual.get(iri[:cut])
        return (usual, iri[cut:]) if usual is not None and _LOCAL.fullmatch(iri, cut) else (None, iri)

    def iri(self, iri: str) -> str:
        prefix, rest = self._split(iri)
        return str(NamedNode(iri)) if prefix is None else f"{prefix}:{rest}"

    def literal(self, literal: Literal) -> str:
        if _is_bare(literal):
            return literal.value
        text = _quote(literal.value)
        if literal.language:
            direction = f"--{literal.direction.value}" if literal.direction else ""
            return f"{text}@{literal.language}{direction}"
        if literal.datatype.value == terms.XSD + "string":
            return text
        return f"{text}^^{self.iri(literal.datatype.value)}"

    def name(self, node: Node | DefaultGraph) -> str:
        """Return a name or the label of a blank node."""
        if node == _NIL:
            return "()"
        if isinstance(node, NamedNode):
            return self.iri(node.value)
        return "_:" + self._blanks.setdefault(node, f"b{len(self._blanks) + 1}")


class _Graph:
    """One graph being written: knows which blank nodes stand where they are used, and which are lists."""

    def __init__(self, names: _Terms, triples: Iterable[Triple], indent: str, shared: frozenset[BlankNode]) -> None:
        self._terms = names
        self._indent = indent
        self._rows: dict[Node, list[tuple[NamedNode, Term]]] = defaultdict(list)
        users: dict[BlankNode, list[tuple[Node, NamedNode]]] = defaultdict(list)
        for t in sorted(set(triples), key=triple_order):
            self._rows[t.subject].append((t.predicate, t.object))
            if isinstance(t.object, BlankNode):
                users[t.object].append((t.subject, t.predicate))
        self._user = {n: used[0] for n, used in users.items() if len(used) == 1 and n not in shared}
        self._lists = self._find_lists()
        self._nested = self._find_nested()

    def _find_lists(self) -> set[Node]:
        """Return the nodes of well-formed lists, found by climbing from each list's end."""
        found: set[Node] = set()
        for end in [s for s, rows in self._rows.items() if (_REST, _NIL) in rows]:
            node: Node = end
            while isinstance(node, BlankNode) and node in self._user:
                if sorted(p.value for p, _ in self._rows[node]) != [_FIRST.value, _REST.value]:
                    break
                found.add(node)
                node, link = self._user[node]
                if link != _REST:
                    break
        return found

    def _find_nested(self) -> set[Node]:
        """Return the blank nodes to write where they are used; a circle and a deep tree are cut somewhere."""
        level: dict[Node, int] = {}
        for start in sorted(self._user, key=order):
            path: dict[BlankNode, None] = {}
            node: Node = start
            while isinstance(node, BlankNode) and node in self._user and node not in level and node not in path:
                path[node] = None
                node = self._user[node][0]
            if node in path:
                level[node] = 0  # a circle
            for step in reversed(path):
                if step in level:
                    continue
                user, link = self._user[step]
                in_list = link == _REST and step in self._lists
                deep = max(1, level.get(user, 0) + (not in_list))
                level[step] = deep if deep <= _DEEPEST else 0
        return {node for node, depth in level.items() if depth}

    def statements(self) -> Iterator[str]:
        """Yield one string per subject: names first, then the blank nodes that could not be nested."""
        roots = [s for s in self._rows if s not in self._nested]
        for subject in sorted(roots, key=lambda s: (isinstance(s, BlankNode), order(s))):
            head = self._terms.name(subject)
            yield f"{self._indent}{head} {self._predicates(subject, self._indent + '  ')} .\n"

    def _predicates(self, subject: Node, indent: str) -> str:
        values: dict[NamedNode, list[str]] = defaultdict(list)
        for predicate, value in self._rows.get(subject, ()):
            values[predicate].append(self._term(value, indent))
        keys = sorted(values, key=lambda p: (p != TYPE, order(p)))
        names = ["a" if key == TYPE else self._terms.iri(key.value) for key in keys]
        return f" ;\n{indent}".join(
            f"{name} {', '.join(sorted(values[key]))}" for name, key in zip(names, keys, strict=True)
        )

    def _term(self, term: Term, indent: str) -> str:
        if isinstance(term, Literal):
            return self._terms.literal(term)
        if term not in self._nested:
            return self._terms.name(term)
        if term in self._lists:
            return f"({' '.join(self._term(m, indent) for m in self._members(term))})"
        inner = self._predicates(term, indent + "  ")
        return f"[ {inner} ]" if inner else "[]"

    def _members(self, head: Term) -> Iterator[Term]:
        while isinstance(head, BlankNode):
            rows = dict(self._rows[head])
            yield rows[_FIRST]
            head = rows[_REST]


def _shared(graphs: Mapping[NamedNode | BlankNode | DefaultGraph, list[Triple]]) -> frozenset[BlankNode]:
    """Return the blank nodes that occur in several graphs or name one: nesting would make copies."""
    seen: set[BlankNode] = set()
    shared = {name for name in graphs if isinstance(name, BlankNode)}
    for triples in graphs.values():
        here = {term for t in triples for term in (t.subject, t.object) if isinstance(term, BlankNode)}
        shared |= seen & here
        seen |= here
    return frozenset(shared)


def stream(quads: Iterable[Quad], prefixes: Mapping[str, str], *, named_graphs: bool) -> Iterator[str]:
    """Yield the quads as TriG (`named_graphs`) or, graph names dropped, as Turtle, subject by subject."""
    known = list(quads)
    if not named_graphs:
        known = quads_of(q.triple for q in known)
    graphs = by_graph(known)
    shared = _shared(graphs)
    names = _Terms(prefixes, known)
    gap = "\n" if names.declarations else ""
    yield names.declarations
    for text in _Graph(names, graphs.pop(DEFAULT, []), "", shared).statements():
        yield gap + text
        gap = "\n"
    for name in sorted(graphs, key=order):
        label = names.iri(name.value) if isinstance(name, NamedNode) else names.name(name)
        yield f"{gap}{label} {{\n"
        yield from _Graph(names, graphs[name], "  ", shared).statements()
        yield "}\n"
        gap = "\n"


def write(quads: Iterable[Quad], prefixes: Mapping[str, str], *, named_graphs: bool) -> str:
    """Return what `stream` yields, in one piece."""
    return "".join(stream(quads, prefixes, named_graphs=named_graphs))
