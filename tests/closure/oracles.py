"""Other people's engines as oracles: each closes axioms and facts, and answers as `closure.base.Closure` wants it.

`ORACLES` holds those that are installed. owlrl and sparq-rdf always are; owlrl-turbo is in the extra `benchmarks`.
Faults that we know of are made good here, each where a function says so; `docs/explanation/closure-peers.md`
holds the cases. Compare what is inferred where nothing clashes: what a contradiction brings along differs. No
oracle returns `owl:differentFrom`: no rule concludes it but replacement, and sparq-rdf adds its converse.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from functools import cache, partial
from importlib.util import find_spec
from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from postholder import terms
from postholder.closure.base import Clash, Closure
from postholder.closure.datatypes import is_value, supers
from postholder.closure.profile import functional_data
from postholder.closure.reference import clean
from postholder.graph import TYPE, Node, Term, Triples, integer, triple_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Oracle = Callable[[Sequence[Triple], Sequence[Triple]], Closure]
    Raw = Callable[[Sequence[Triple], Sequence[Triple]], tuple[list[Triple], list[str]]]


def _owl(name: str) -> NamedNode:
    return NamedNode(terms.OWL + name)


SAME, DIFFERENT = _owl("sameAs"), _owl("differentFrom")
_CHAIN = _owl("propertyChainAxiom")
_FIRST, _REST, _NIL = (NamedNode(terms.RDF + n) for n in ("first", "rest", "nil"))
_UNNAMED, _PART = "urn:unnamed:", "urn:part:"
_SERVER = Path(__file__).with_name("reference_server.py")

# Every unnamed node goes out under a name: engines give unnamed nodes labels of their own.


def _out(term: Any) -> Any:
    return NamedNode(_UNNAMED + term.value) if isinstance(term, BlankNode) else term


def _back(term: Any) -> Any:
    if isinstance(term, NamedNode) and term.value.startswith(_UNNAMED):
        return BlankNode(term.value.removeprefix(_UNNAMED))
    return term


def _text(triples: Iterable[Triple]) -> str:
    named = dict.fromkeys(Triple(_out(t.subject), t.predicate, _out(t.object)) for t in triples)
    return (serialize(named, format=RdfFormat.N_TRIPLES) or b"").decode()


def _read(text: str) -> list[Triple]:
    found = (q.triple for q in parse(text, format=RdfFormat.N_TRIPLES))
    return [Triple(_back(t.subject), t.predicate, _back(t.object)) for t in found]


def _close(engine: Raw, axioms: Sequence[Triple], facts: Sequence[Triple]) -> Closure:
    """Return a closure as the contract wants it, with what the engine misses of keys and of clashes.

    A key makes two things the same when they share a value of each of its properties (prp-key). owlrl leaves out
    the last property, so it is handed no keys; sparq-rdf looks at one value of a property. What keys make
    the same is added to the facts and closed again, until nothing is new.
    """
    lists, added = Triples(axioms), dict[Triple, None]()  # in a closed graph a list holds what is the same, too
    while True:
        triples, clashes = engine(axioms, [*facts, *added])
        closed = [*triples, *added]
        whole = Triples([*axioms, *facts, *closed])
        new = sorted((t for t in _by_keys(whole, lists) if t not in whole), key=triple_order)
        if not new:
            found = clean([t for t in closed if t.predicate != DIFFERENT], list(facts), set(axioms))
            inferred = tuple(dict.fromkeys(found.inferred))
            told = sorted({*clashes, *(c.text for c in found.clashes), *_missed(whole, lists)})
            return Closure(inferred, tuple(Clash("not told", text) for text in told))
        added |= dict.fromkeys(new)


def _by_keys(whole: Triples, lists: Triples) -> set[Triple]:
    """Return what keys make the same."""
    found: set[Triple] = set()
    for cls, head in lists.pairs(_owl("hasKey")):
        properties = [p for p in _members(lists, head) if isinstance(p, NamedNode)]
        groups: dict[tuple[Term, ...], list[Node]] = defaultdict(list)
        for thing in set(whole.subjects(TYPE, cls)):
            for values in product(*(set(whole.objects(thing, p)) for p in properties)):
                groups[values].append(thing)
        for things in groups.values():
            for one, other in combinations(things, 2):
                found |= {Triple(one, SAME, other), Triple(other, SAME, one)}
    return found


# What engines miss of clashes, looked for in what they closed.


def _missed(whole: Triples, lists: Triples) -> Iterator[str]:
    """Yield clashes that one engine or another does not tell.

    owlrl leaves out the last of a list in AllDifferent and AllDisjointProperties, and takes two values that
    must be one for one; sparq-rdf tells that of values of one datatype only, and misses what differs from
    itself and texts that are no value of their datatype; owlrl-turbo is as owlrl.
    """
    yield from _single_valued(whole)
    for node, head in [*lists.pairs(_owl("members")), *lists.pairs(_owl("distinctMembers"))]:
        kinds = set(lists.objects(node, TYPE))
        for one, other in combinations(_members(lists, head), 2):
            if _owl("AllDifferent") in kinds and (one == other or _are_same(whole, one, other)):
                yield f"{one} and {other} differ and are the same (eq-diff2, eq-diff3)"
            if _owl("AllDisjointProperties") in kinds and set(_pairs(whole, one)) & set(_pairs(whole, other)):
                yield f"{one} and {other} join the same two (prp-adp)"
    yield from (f"{s} differs from itself (eq-ref, eq-diff1)" for s, o in whole.pairs(DIFFERENT) if s == o)
    for value in {t.object for t in whole}:
        if isinstance(value, Literal) and not is_value(value.value, value.datatype.value):
            yield f"{value} is no value of its datatype (dt-not-type)"


def _single_valued(whole: Triples) -> Iterator[str]:
    for prop in functional_data(whole):
        if isinstance(prop, NamedNode):
            for subject in {s for s, _ in whole.pairs(prop)}:
                yield from _two_values(whole, subject, prop)
    for name in ("maxCardinality", "maxQualifiedCardinality"):
        for restriction in [r for r, number in whole.pairs(_owl(name)) if integer(number) == 1]:
            for prop in whole.names(restriction, _owl("onProperty")):
                for subject in whole.subjects(TYPE, restriction):
                    yield from _two_values(whole, subject, prop)


def _two_values(whole: Triples, subject: Node, prop: NamedNode) -> Iterator[str]:
    """Yield a clash when a property that has one value at most has two (prp-fp, cls-maxc2; dt-diff, eq-diff1)."""
    values = {_value(o) for o in whole.objects(subject, prop) if isinstance(o, Literal)}
    if len(values) > 1:
        yield f"{prop} of {subject} has {len(values)} values"


def _value(literal: Literal) -> object:
    """Return what a literal stands for; numbers of one value are one, and other texts are taken as they are."""
    datatype = literal.datatype.value
    if terms.XSD + "decimal" in supers(datatype) and is_value(literal.value, datatype):
        return Decimal(literal.value)
    return literal


def _are_same(whole: Triples, one: Term, other: Term) -> bool:
    return (not isinstance(one, Literal) and Triple(one, SAME, other) in whole) or (
        not isinstance(other, Literal) and Triple(other, SAME, one) in whole
    )


def _pairs(whole: Triples, prop: Term) -> list[tuple[Node, Term]]:
    return whole.pairs(prop) if isinstance(prop, NamedNode) else []


def _members(graph: Triples, head: Term) -> list[Term]:
    found: list[Term] = []
    while head != _NIL and not isinstance(head, Literal):
        found += graph.objects(head, _FIRST)
        head = graph.value(head, _REST) or _NIL
    return found


# owlrl, by the reference engine.


@cache
def _server() -> subprocess.Popen[str]:
    """Start the reference engine once; it answers case after case until the tests end."""
    server = subprocess.Popen([sys.executable, str(_SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(server.communicate)
    return server


def _owlrl(axioms: Sequence[Triple], facts: Sequence[Triple]) -> tuple[list[Triple], list[str]]:
    server = _server()
    assert server.stdin
    assert server.stdout
    server.stdin.write(json.dumps([_text(axioms), _text(facts), []]) + "\n")
    server.stdin.flush()
    text, clashes = json.loads(server.stdout.readline())[0]
    return _read(text), clashes


def reference(axioms: Sequence[Triple], facts: Sequence[Triple]) -> Closure:
    """Close with the reference engine as it is, faults and all, but without starting a process for each case."""
    closed, clashes = _owlrl(axioms, facts)
    return Closure(clean(closed, list(facts), set(axioms)).inferred, tuple(Clash("", c) for c in clashes))


# sparq-rdf.


def _sparq_rdf(axioms: Sequence[Triple], facts: Sequence[Triple]) -> tuple[list[Triple], list[str]]:
    """Close with sparq-rdf; that it uses one chain of each property is made good here."""
    import sparq  # noqa: PLC0415 - only where it is used

    graph = sparq.Graph.load(_text([*_one_chain_each(axioms), *facts]), format="ntriples")
    graph.reason("owl")
    closed = []
    for subject, predicate, value in graph.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"):
        if subject.kind != "literal" and not predicate.value.startswith(_PART):
            closed.append(Triple(_of_sparq(subject), NamedNode(predicate.value), _of_sparq(value)))
    return closed, list(graph.inconsistencies())


def _of_sparq(term: Any) -> Any:
    if term.kind == "literal":
        if term.language:
            return Literal(term.value, language=term.language)
        return Literal(term.value, datatype=NamedNode(term.datatype) if term.datatype else None)
    return _back(NamedNode(term.value)) if term.kind in {"iri", "uri"} else BlankNode(term.value)


def _one_chain_each(axioms: Sequence[Triple]) -> list[Triple]:
    """Give each chain but a property's first a property of its own below that property."""
    seen: set[Node] = set()
    found: list[Triple] = []
    for t in axioms:
        if t.predicate == _CHAIN and t.subject in seen:
            part = NamedNode(f"{_PART}{len(found)}")
            found.append(Triple(part, NamedNode(terms.RDFS + "subPropertyOf"), t.subject))
            found.append(Triple(part, _CHAIN, t.object))
            continue
        if t.predicate == _CHAIN:
            seen.add(t.subject)
        found.append(t)
    return found


# owlrl-turbo.


def _owlrl_turbo(axioms: Sequence[Triple], facts: Sequence[Triple]) -> tuple[list[Triple], list[str]]:
    from owlrl_turbo import expand  # noqa: PLC0415 - only where it is used
    from rdflib_turbo import Dataset  # noqa: PLC0415

    dataset = Dataset()
    dataset.parse(data=_text([*axioms, *facts]), format="nt")
    return _read(expand(dataset, inference="owlrl", inplace=True).serialize(format="nt")), []


def _installed() -> dict[str, Oracle]:
    engines = {"owlrl": _owlrl, "sparq-rdf": _sparq_rdf}
    if find_spec("owlrl_turbo"):
        engines["owlrl-turbo"] = _owlrl_turbo
    return {name: partial(_close, engine) for name, engine in engines.items()}


ORACLES = _installed()
"""The oracles at hand, by name."""
