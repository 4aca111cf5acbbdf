"""Run owlrl in a process of its own: `python -m postholder.closure.owlrl_worker`.

owlrl swaps rdflib's literal converters for the whole process, so it never runs in ours.
Reads N-Quads on standard input: the default graph holds axioms and base facts, each graph
`urn:NAME` an addition. Writes one closure per addition, in a graph of the same name.
"""

from __future__ import annotations

import sys

import pyoxigraph as ox

from postholder.stores.rdflib import from_rdflib, to_graph


def close(triples: list[ox.Triple]) -> list[ox.Triple]:
    """Return the full closure, without the triples RDF cannot hold (literal subjects)."""
    import owlrl  # noqa: PLC0415 - swaps converters on import
    import rdflib  # noqa: PLC0415

    graph = to_graph(triples)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return [
        ox.Triple(from_rdflib(s), from_rdflib(p), from_rdflib(o))
        for s, p, o in graph
        if not isinstance(s, rdflib.Literal) and isinstance(p, rdflib.URIRef)
    ]


def main() -> None:
    """Serve one request."""
    given: dict[str, list[ox.Triple]] = {"": []}
    for quad in ox.parse(sys.stdin.buffer.read(), format=ox.RdfFormat.N_QUADS):
        name = "" if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value.removeprefix("urn:")
        given.setdefault(name, []).append(quad.triple)
    base = given[""]
    out = [
        ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(f"urn:{name}"))
        for name, extra in sorted(given.items())
        if name
        for t in close([*base, *extra])
    ]
    sys.stdout.buffer.write(ox.serialize(out, format=ox.RdfFormat.N_QUADS) or b"")


if __name__ == "__main__":
    main()
