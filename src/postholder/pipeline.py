"""Chain the stages: read, close, assemble the dataset, validate, keep the result."""

from __future__ import annotations

import gc
import json
import os
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from postholder import terms
from postholder.closure import rules, timed
from postholder.closure.profile import logical
from postholder.comparisons.triples import comparison_triples
from postholder.errors import WouldOverwriteError
from postholder.explanations.explanation import Argument, Explanation
from postholder.explanations.grounds import Grounds
from postholder.explanations.words import culprits
from postholder.graph import LABEL, TYPE, ph, quads_of, text_of, triple_order
from postholder.perspective.look import look
from postholder.perspective.shown import view_triples
from postholder.readings import Context, Facts, is_axiom
from postholder.validation.report import Report
from postholder.views.view import PLAIN, View

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from postholder.closure.base import Clash, Closure, Engine, UnhandledAxiom
    from postholder.explanations.explanation import Holding
    from postholder.settings import Settings
    from postholder.sources.inputs import Inputs

_MANIFEST = "manifest.json"
_DATASET = "dataset.nq"
_REPORT = "report.json"
_PARTS = {"engine", "view", "rules", "unhandled axioms", "clashes", "skipped files", "counts"}
_DIGEST = "dataset sha256"
_FORMAT = 5
"""Raised when the files of a built graph change their meaning."""


@dataclass(frozen=True)
class Built:
    """A built graph: the dataset as it is queried, and how it came about."""

    quads: tuple[Quad, ...] = field(repr=False)
    manifest: dict[str, Any]


def _closed(
    engine: Engine,
    ontology: Sequence[Triple],
    base: Sequence[Triple],
    contexts: Sequence[Context],
    rule_set: Sequence[rules.Rule],
    firm: Collection[Triple],
) -> list[tuple[list[Triple], tuple[Clash, ...]]]:
    """Return what follows from the base, and from the base with each context."""
    closures: list[Closure] = engine.close(
        logical(ontology), base, [[t for t in c.stated if not is_axiom(t)] for c in contexts]
    )
    results = []
    for number, closure in enumerate(closures):
        given = [*base, *(contexts[number - 1].stated if number else ())]
        known = [*given, *closure.inferred]
        dated = timed.apply(known, firm)
        inferred = [*closure.inferred, *dated, *rules.apply(rule_set, [*known, *dated])]
        results.append((inferred, closure.clashes))
    return results


def assemble(
    facts: Facts,
    ontology: Sequence[Triple],
    engine: Engine,
    rule_set: Sequence[rules.Rule],
    limit: int,
    grounds: Grounds | None = None,
) -> tuple[list[Quad], dict[str, Any]]:
    """Close the facts and lay out the dataset: record, readings, inferred graphs, vocabulary.

    What every context of a cluster implies holds however the question is decided, so it joins
    the facts inferred for certain. With `grounds` clashes come with their proofs, down to the claims.
    """
    clusters = facts.clusters(limit)
    contexts = [c for cluster in clusters for c in cluster]
    base = facts.world
    stated = {*_record(facts), *facts.accepted}
    closed = _closed(engine, ontology, base, contexts, rule_set, facts.firm)
    certain = set(closed[0][0]) - stated
    added: set[Triple] = set()
    following = dict(zip(contexts, (set(c[0]) - stated for c in closed[1:]), strict=True))
    for cluster in clusters:
        held = [following[c] | set(c.stated) for c in cluster]
        # Rules may conclude from a missing date, so a reading may take a conclusion back.
        certain = {t for t in certain if all(t in under for under in held)}
        added |= set.intersection(*held) - stated
    compared = comparison_triples(facts)
    certain |= added | set(compared.get((), ()))
    for context in contexts:
        following[context].update(compared.get(context.interpretations, ()))

    # Class expressions and lists hang on unnamed nodes; they are for reasoners, not for queries.
    vocabulary = [t for t in ontology if isinstance(t.subject, NamedNode) and not isinstance(t.object, BlankNode)]
    ours = [t for t in vocabulary if text_of(t.subject).startswith(terms.BASE)]
    apart = [] if facts.view.certainty == "certain" else contexts
    default = [*stated, *certain, *ours, *_inferred_graphs(apart), *view_triples(facts)]
    quads = quads_of(sorted(set(default), key=triple_order))
    for reading in facts.graphs:
        if apart or not facts.depends(reading):
            quads += quads_of(sorted(set(facts.shown(reading)), key=triple_order), reading)  # type: ignore[arg-type]
    quads += quads_of(sorted(certain, key=triple_order), NamedNode(terms.INFERRED_GRAPH))
    for context in apart:
        extra = (following[context] | facts.unsaid(context)) - certain
        quads += quads_of(sorted(extra, key=triple_order), context.inferred_graph)
    quads += quads_of(sorted(set(vocabulary), key=triple_order), NamedNode(terms.ONTOLOGY_GRAPH))
    counts = {
        "accepted": len(facts.accepted),
        "inferred": len(certain),
        "inferred under readings": sum(len(following[c] - certain) for c in contexts),
        "readings": len(facts.graphs),
        "open questions": len(facts.open),
        "claims": len(facts.readings),
        "withdrawn claims": len(facts.withdrawn),
        **_judged(facts),
        "quads": len(quads),
    }
    return quads, {"counts": counts, "clashes": _clashes([_BASE, *contexts], [c for _, c in closed], grounds)}


_BASE = Context((), "", ())


def _clashes(
    contexts: Sequence[Context], found: Sequence[Sequence[Clash]], grounds: Grounds | None
) -> list[dict[str, Any]]:
    """Tell each clash once for each reading, with the stated facts that lead to it as lines of N-Triples."""
    told = {(c.label, clash.text): (clash, c) for c, clashes in zip(contexts, found, strict=True) for clash in clashes}
    return [
        {
            "reading": reading,
            "clash": text,
            "rule": clash.rule,
            "stated": [" ".join(map(str, s)) + " ." for s in clash.stated],
            **_proof_of(clash, context, grounds),
        }
        for (reading, text), (clash, context) in sorted(told.items(), key=itemgetter(0))
    ]


def _proof_of(clash: Clash, context: Context, grounds: Grounds | None) -> dict[str, Any]:
    if clash.proof is None or grounds is None:
        return {}
    under = context.interpretations
    argument = Argument(grounds.grounded(clash.proof, under), under)
    holds: Holding = "under readings" if under else "always"
    explanation = Explanation(None, holds, (argument,), grounds=grounds).as_dict()
    return {"proof": explanation, "culprits": [f"{line}: {claims}" for line, claims in culprits(explanation)]}


def _judged(facts: Facts) -> dict[str, int]:
    """Count how what has dates stands in a view that judges it."""
    if not facts.moment.standing:
        return {}
    stands = Counter(s for n, s in facts.moment.standing.items() if n not in facts.moment.never)
    return {
        "dated things certain": stands["certain"],
        "possible": stands["possible"],
        "left out": len(facts.moment.never),
    }


_IN_FORCE = {TYPE, ph("underInterpretation")}
"""By these a query finds a reading; one that is withdrawn is not to be found so."""


def _record(facts: Facts) -> list[Triple]:
    """Return the record as it is queried: what a withdrawn claim said no longer counts as its reading."""
    gone = facts.moment.out
    result = []
    for t in facts.record:
        if t.predicate == ph("hasReading") and t.subject in facts.withdrawn:
            result.append(Triple(t.subject, ph("withdrawnReading"), t.object))
        elif t.subject not in gone and not (t.subject in facts.out_of_force and t.predicate in _IN_FORCE):
            result.append(t)
    return result


def _inferred_graphs(contexts: Sequence[Context]) -> list[Triple]:
    """Describe the graphs of inferred facts, so that a query can tell what they rest on."""
    base = NamedNode(terms.INFERRED_GRAPH)
    described = [
        Triple(base, TYPE, ph("InferredGraph")),
        Triple(base, LABEL, Literal("what follows from the accepted facts", language="en")),
    ]
    for context in contexts:
        graph = context.inferred_graph
        described.append(Triple(graph, TYPE, ph("InferredGraph")))
        described.append(Triple(graph, LABEL, Literal(context.label, language="en")))
        described += [Triple(graph, ph("underInterpretation"), i) for i in context.interpretations]
    return described


@contextmanager
def _all_stays() -> Iterator[None]:
    """Keep Python from looking for garbage among millions of small objects in use: it takes half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def build(inputs: Inputs, engine: Engine, settings: Settings, view: View = PLAIN) -> Built:
    """Build the graph of `inputs` as a view shows it; touches no file."""
    ontology = inputs.ontology
    rule_set = rules.load(inputs.rules)
    with _all_stays():
        facts = look(inputs.fact_quads, view, settings.max_contexts)
        grounds = Grounds(inputs, Facts(inputs.fact_quads), facts)
        quads, account = assemble(facts, ontology, engine, rule_set, settings.max_contexts, grounds)
    unhandled: list[UnhandledAxiom] = engine.unhandled(logical(ontology))
    manifest = {
        "format": _FORMAT,
        "postholder": terms.VERSION,
        "key": inputs.key,
        "engine": {"name": engine.name, "version": engine.version},
        "rules": [*timed.RULES, *(r.name for r in rule_set)],
        "view": str(view),
        "unhandled axioms": [asdict(u) for u in unhandled],
        "skipped files": [{"file": f, "reason": r} for f, r in inputs.skipped],
        **account,
    }
    return Built(tuple(quads), manifest)


def _write(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old or the new one, never half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def save(built: Built, folder: Path, report: Report | None = None, *, own: bool = False) -> None:
    """Write a built graph into a folder; the manifest comes last and makes it whole.

    Raises WouldOverwriteError when the folder holds anything that is not a built graph, unless it
    is our `own` (the cache, where an interrupted build may have left a part).
    """
    if folder.exists() and not own:
        others = sorted({p.name for p in folder.iterdir()} - {_MANIFEST, _DATASET, _REPORT})
        if others or (any(folder.iterdir()) and not exists(folder)):
            raise WouldOverwriteError(
                f"{folder} holds other files ({', '.join(others[:3]) or 'not from a finished build'})",
                hint="name a new or empty folder",
            )
    folder.mkdir(parents=True, exist_ok=True)
    data = serialize(built.quads, format=RdfFormat.N_QUADS) or b""
    _write(folder / _DATASET, data)
    if report is None:
        (folder / _REPORT).unlink(missing_ok=True)  # an older verdict is not about this graph
    else:
        _write(folder / _REPORT, _json(report.as_dict()))
    _write(folder / _MANIFEST, _json({**built.manifest, _DIGEST: sha256(data).hexdigest()}))


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False).encode()


def _report(path: Path) -> Report | None:
    """Return the report that was kept, or None when there is none that can be read."""
    try:
        return Report.from_dict(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def prune(folder: Path, most: int) -> None:
    """Delete what was built longest ago, so that at most `most` built graphs are left in a folder."""
    built = sorted((p for p in folder.iterdir() if exists(p)), key=lambda p: (p / _MANIFEST).stat().st_mtime_ns)
    for old in built[: max(0, len(built) - most)]:
        for name in (_MANIFEST, _REPORT, _DATASET):
            (old / name).unlink(missing_ok=True)
        old.rmdir()


def exists(folder: Path) -> bool:
    """Tell whether a folder holds a finished build."""
    return (folder / _MANIFEST).is_file()


def load(folder: Path, key: str) -> tuple[Built, Report | None] | None:
    """Return the graph kept in `folder` and its report, or None unless it is whole and of this key."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_bytes())
        if manifest.get("key") != key or manifest.get("format") != _FORMAT or not set(manifest) >= _PARTS:
            return None
        if not (folder / _DATASET).is_file():
            return None
        data = (folder / _DATASET).read_bytes()
        if sha256(data).hexdigest() != manifest.pop(_DIGEST, None):
            return None
        quads = tuple(parse(data, format=RdfFormat.N_QUADS))
        return Built(quads, manifest), _report(folder / _REPORT)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SyntaxError):
        return None
