"""The reference engine: owlrl, in a process of its own, with its known faults kept out.

* `owl:hasKey` is not handed over: owlrl ignores the last property of a key and merges strangers.
* Functional data properties are not handed over: owlrl makes two different values equal.
* Triples with literal subjects, which no RDF format can hold, are dropped.
* That datatypes are disjoint is dropped: no rule of table 8 says so of anything but a literal.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from postholder import terms
from postholder.closure.base import Clash, Closure, UnhandledAxiom, is_about_terms
from postholder.closure.profile import functional_data, outside_profile
from postholder.closure.words import MORE_TIME
from postholder.errors import EngineError
from postholder.graph import TYPE, Node, handle, quads_of, text_of, triple_order

if TYPE_CHECKING:
    from collections.abc import Sequence

_HAS_KEY = NamedNode(terms.OWL + "hasKey")
_FUNCTIONAL = NamedNode(terms.OWL + "FunctionalProperty")
_SAME = NamedNode(terms.OWL + "sameAs")
_NOT_TOLD = "not told"
"""owlrl says what is wrong in words, without the rule."""
_ERROR = "http://www.daml.org/2002/03/agents/agent-ont#error"
_DATATYPES = re.compile(rf"Disjoint classes {re.escape(terms.XSD)}\w+ and {re.escape(terms.XSD)}\w+ have ")
_DECLARATIONS = {
    NamedNode(terms.OWL + n)
    for n in (
        "Class",
        "ObjectProperty",
        "DatatypeProperty",
        "AnnotationProperty",
        "Ontology",
        "NamedIndividual",
    )
}
"""Declarations imply only reflexive schema facts (scm-cls, scm-op, scm-dp), which take a third of the time."""
_MARKER = Triple(NamedNode("urn:marker"), TYPE, NamedNode("urn:marker"))


class ReferenceEngine:
    """owlrl behind the engine contract."""

    name = "owlrl"

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    @property
    def version(self) -> str:
        """The installed version of owlrl."""
        return version("owlrl")

    def unhandled(self, axioms: Sequence[Triple]) -> list[UnhandledAxiom]:
        """Return the axioms outside OWL 2 RL and those that owlrl would get wrong."""
        found = outside_profile(axioms)
        found += [
            UnhandledAxiom(_name(t.subject), "owl:hasKey", "owlrl leaves out the last property of a key")
            for t in axioms
            if t.predicate == _HAS_KEY
        ]
        found += [
            UnhandledAxiom(_name(p), "functional data property", "owlrl makes different values equal")
            for p in functional_data(axioms)
        ]
        return sorted(found, key=lambda u: (u.subject, u.construct))

    def close(
        self, axioms: Sequence[Triple], base: Sequence[Triple], additions: Sequence[Sequence[Triple]]
    ) -> list[Closure]:
        """Close the base, and the base with each addition; see `Engine.close`."""
        unsafe = functional_data(axioms)
        safe = [
            t
            for t in axioms
            if t.predicate != _HAS_KEY
            and t.object not in _DECLARATIONS
            and not (t.object == _FUNCTIONAL and t.subject in unsafe)
        ]
        common = quads_of([*safe, *base])
        sets: list[Sequence[Triple]] = [[], *additions]
        workers = min(len(sets), os.cpu_count() or 1)
        shares = [list(range(n, len(sets), workers)) for n in range(workers)]
        closed: dict[int, list[Triple]] = {}
        with ThreadPoolExecutor(workers) as pool:
            for part in pool.map(lambda share: self._run(common, {n: sets[n] for n in share}), shares):
                closed.update(part)
        return [clean(closed[n], [*base, *extra], set(safe)) for n, extra in enumerate(sets)]

    def _run(self, common: list[Quad], additions: dict[int, Sequence[Triple]]) -> dict[int, list[Triple]]:
        """Close `common` with each addition in one worker process."""
        quads = list(common)
        for number, extra in additions.items():
            # The marker keeps an empty addition in the request.
            quads += quads_of([_MARKER, *extra], NamedNode(f"urn:{number}"))
        request = serialize(quads, format=RdfFormat.N_QUADS) or b""
        command = [sys.executable, "-m", "postholder.closure.owlrl_worker"]
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                command, input=request, capture_output=True, timeout=self._seconds, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise EngineError(
                f"owlrl did not finish in {self._seconds:g} s",
                hint=MORE_TIME,
            ) from error
        if done.returncode:
            last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            raise EngineError(f"owlrl failed: {''.join(last)}")
        result: dict[int, list[Triple]] = {number: [] for number in additions}
        try:
            for quad in parse(done.stdout, format=RdfFormat.N_QUADS):
                result[int(text_of(quad.graph_name).removeprefix("urn:"))].append(quad.triple)
        except (SyntaxError, ValueError, KeyError) as error:
            raise EngineError(f"owlrl's answer cannot be read: {error}") from error
        if not all(_MARKER in closed for closed in result.values()):
            raise EngineError("owlrl's answer is not whole")
        return result


def _name(node: object) -> str:
    return handle(node.value) if isinstance(node, NamedNode) else "an anonymous class"


def clean(closed: list[Triple], facts: list[Triple], axioms: set[Triple]) -> Closure:
    """Keep what says something new about nodes of the facts."""
    about: set[Node] = set()
    for t in facts:
        about.add(t.subject)
        if not isinstance(t.object, Literal) and t.predicate != TYPE:
            about.add(t.object)
    given = set(facts) | axioms
    clashes = []
    inferred = []
    for t in closed:
        if t.predicate.value == _ERROR:
            text = str(t.object.value) if isinstance(t.object, Literal) else str(t.object)
            if not _DATATYPES.match(text):
                clashes.append(text)
            continue
        trivial = (t.predicate == _SAME and t.subject == t.object) or is_about_terms(t.predicate, t.object)
        anonymous = t.predicate == TYPE and isinstance(t.object, BlankNode)
        if t not in given and t.subject in about and not trivial and not anonymous:
            inferred.append(t)
    return Closure(
        tuple(sorted(inferred, key=triple_order)), tuple(Clash(_NOT_TOLD, text) for text in sorted(set(clashes)))
    )
