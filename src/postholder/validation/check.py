"""Validate a graph's inputs: house rules, shapes, record, every reading, every date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from postholder import resources, terms
from postholder.graph import Node, handle, local_name, ph, quads_of, text_of
from postholder.perspective.identities import undecided
from postholder.perspective.look import look
from postholder.readings import Facts
from postholder.stores.oxigraph import OxigraphStore
from postholder.validation import contested, coverage, evidence, house, record, shacl, snapshots
from postholder.validation.locate import Locator
from postholder.validation.report import Finding, Report, Step
from postholder.views.view import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pyoxigraph import Triple

    from postholder.readings import Context
    from postholder.settings import Settings
    from postholder.sources.inputs import Inputs
    from postholder.views.view import View

_MOST_CLAIMS = 5
"""How many claims a finding names."""
_ACYCLIC = {NamedNode(terms.SHAPES + name) for name in ("AcyclicReporting", "AcyclicUnits")}
"""Shapes that are checked on the edges of each date, not on the whole graph."""


class _Validation:
    def __init__(self, inputs: Inputs, settings: Settings, view: View) -> None:
        self.inputs = inputs
        self.settings = settings
        self.written = Facts(inputs.fact_quads, PLAIN, settings.max_contexts)
        """The facts as the files have them."""
        self.facts = look(inputs.fact_quads, view, settings.max_contexts)
        """The facts as the view shows them."""
        self.ontology = inputs.ontology
        self.shapes = inputs.shape_triples
        self.locator = Locator(inputs)
        self.findings: list[Finding] = []
        self.steps: list[Step] = []

    def add(self, focus: Node | str, rule: str, message: str, *, at: str = "", **more: Any) -> None:
        """Take in a finding about `focus`; `at` is the node to point at when it is another one."""
        iri = focus if isinstance(focus, str) else text_of(focus)
        node = _named(at or iri)
        spot = self.locator.find(at or iri, more.get("path") or None)
        claims = self._claims(node) if node else ()
        self.findings.append(Finding(spot.file, spot.line or 0, handle(iri), rule, message, claims=claims, **more))

    def _claims(self, node: NamedNode) -> tuple[str, ...]:
        """Return the first claims that a node is, belongs to or is mentioned by."""
        record = self.facts.record
        owners: list[Node] = [node] if node in self.facts.readings else []
        owners += record.subjects(ph("evidence"), node) + record.subjects(ph("hasReading"), node)
        found = owners or self.facts.claims_of(node)
        return tuple(dict.fromkeys(self.facts.name(c) for c in found))[:_MOST_CLAIMS]

    def house_rules(self) -> None:
        folder = resources.ontology_folder() / "checks"
        checks = house.load(folder)
        union = [*self.ontology, *self.shapes, *(q.triple for q in self.written.quads)]
        store = OxigraphStore(quads_of(union))
        misspelt = record.unknown_terms(self.written, self.ontology)
        for check in checks:
            for entity, value in house.run(check, store):
                if entity in misspelt:  # told where it is used, with the nearest names
                    continue
                self.add(
                    entity,
                    check.name,
                    f"{check.problem} {check.remedy}",
                    value=value,
                    severity=check.severity,
                )
        self.steps.append(Step("house rules", len(checks), "rules"))

    def record(self) -> None:
        for breach in record.check(self.written, self.ontology):
            self.add(breach.focus, breach.rule, breach.message, path=breach.predicate)
        for identity in undecided(self.written):
            message = "this identity holds under an open reading only, so the two are not united: decide the question"
            self.add(identity.subject, "identity-undecided", message, severity="warning")
        claims = len(self.written.record.instances(ph("Claim")))
        if not claims:
            names = ", ".join(f.name for f in self.inputs.facts)
            self.findings.append(
                Finding(names, 0, "facts", "no-claims", "there is no ph:Claim here: nothing was checked")
            )
        elif not set(self.facts.readings) - self.facts.withdrawn:
            message = "no claim stands in this view: nothing was checked"
            self.findings.append(Finding("view", 0, str(self.facts.view), "no-claims", message))
        self.steps.append(Step("record", claims, "claims"))

    def contested(self) -> None:
        self.findings += contested.findings(self.facts, self.locator)
        claims = len(self.facts.readings) - len(self.facts.withdrawn)
        self.steps.append(Step("comparisons", claims, "claims that stand"))

    def _report(self, results: Sequence[shacl.ShapeResult], reading: str = "") -> None:
        for r in results:
            self.add(
                r.focus,
                r.shape.removeprefix(terms.SHAPES),
                r.message,
                path=r.path,
                reading=reading,
                value="" if r.value == r.focus else handle(r.value),
                severity=r.severity,
                # A SPARQL rule is asked once per document; its value is what is wrong.
                at=r.value if r.component == "SPARQLConstraintComponent" and _named(r.value) else "",
            )

    def _shacl(self, data: Sequence[Triple], shapes: Sequence[Triple]) -> list[shacl.ShapeResult]:
        # pySHACL fails as a whole on dates it cannot compare; the record's rules tell of them.
        data = [t for t in data if not record.misdated(t)]
        ours = all(f.path.is_relative_to(resources.ontology_folder()) for f in self.inputs.shapes)
        return shacl.validate(data, shapes, self.settings, trusted=ours)

    def _aimed(self, wanted: Callable[[object], bool]) -> list[Triple]:
        """Return the shapes with only the wanted ones aimed at anything."""
        return [t for t in self.shapes if t.predicate not in coverage.TARGETS or wanted(t.subject)]

    def spans(self) -> None:
        """Check the spans of every document whose text lies beside the facts; name the others."""
        files = {f.digest: f for f in self.inputs.documents}
        documents = [d for d in evidence.documents(self.written) if isinstance(d, NamedNode)]
        stated = {d: {t.lower() for t in self.written.record.texts(d, ph("sha256"))} for d in documents}
        checked, aside, used = 0, [], set()
        for document in documents:
            file = next((files[digest] for digest in sorted(stated[document]) if digest in files), None)
            if file is None:
                aside.append(document)
                continue
            used.add(file.digest)
            report = evidence.check(self.written, document, file.data)
            checked += self._fallen(document, file.name, report)
        if used or not aside:
            self.steps.append(Step("evidence", checked, "spans", skipped="" if used else "no document is described"))
        for document in aside:
            told = "document not at hand; run `postholder evidence --source FILE`"
            self.steps.append(Step(f"evidence in {handle(document.value)}", 0, "spans", skipped=told))
        for file in self.inputs.documents:
            if file.digest in used:
                continue
            namesake = [d for d in aside if local_name(d.value) == file.slug]
            for document in namesake:
                self.add(
                    document, "document-changed",
                    f"{file.name} bears its name but has other bytes: restore the file, or record its digest and check "
                    "every passage anew",
                    path=terms.PH + "sha256", value=file.digest,
                )  # fmt: skip
            if not namesake:
                self.steps.append(Step(file.name, 0, "files", skipped="no document of these facts has its digest"))

    def _fallen(self, document: NamedNode, name: str, report: evidence.EvidenceReport) -> int:
        """Report the spans that do not stand in a file; return how many were compared."""
        if not report.document_matches:
            self.add(
                document, "document-changed",
                f"{name} has its digest but not its counts: {report.reason or 'correct ph:utf8Bytes or ph:codePoints'}",
                path=terms.PH + "sha256",
            )  # fmt: skip
        spans = [s for s in report.spans if s.status != "uncited"]  # shapes tell of passages without a document
        for span in spans:
            if span.status != "matched":
                moved = f", but at {span.moved_to}" if span.moved_to is not None else ""
                self.add(
                    span.passage, "evidence-fallen",
                    f"the text of {span.claim} is not at {span.start}-{span.end} of {name} ({span.status}{moved}): "
                    "correct the offsets and the digest, or withdraw what rests on it",
                )  # fmt: skip
        return len(spans)

    def shapes_on_facts(self) -> None:
        """Check the accepted facts, then what each open reading adds to them."""
        static = self._aimed(lambda shape: shape not in _ACYCLIC)
        vocabulary = [t for t in self.ontology if isinstance(t.subject, NamedNode)]
        base = [*vocabulary, *self.facts.record, *self.facts.accepted]
        clusters = self.facts.clusters(self.settings.max_contexts)
        found = self._shacl(base, static)
        certain = set(found)
        worldly = self._worldly(static, base, {t.subject for c in clusters for x in c for t in x.stated})
        for cluster in clusters:
            certain &= self._under_readings(cluster, base, worldly, found)
        self._report([r for r in found if r in certain])
        contexts = [c for cluster in clusters for c in cluster]
        targets = coverage.Targets(
            self.shapes, [*base, *self._edges(base), *(t for c in contexts for t in c.stated)], self.ontology
        )
        found_in_shapes, active = coverage.findings(targets, self.shapes)
        for finding in found_in_shapes:
            self.findings.append(finding)
        self.steps.append(Step("shapes", active, "shapes with something to look at"))
        if not self.facts.combined:
            message = (
                "the open questions that hang together have too many joint answers: what follows only from several "
                "answers together is missing; decide some interpretations"
            )
            self.findings.append(Finding("readings", 0, "readings", "not-combined", message, severity="warning"))
        self.steps.append(Step("readings", len(contexts), "open readings"))
        self.cycles(base, [(c.label, c.stated) for c in contexts])

    def _under_readings(
        self,
        cluster: Sequence[Context],
        base: Sequence[Triple],
        shapes: Sequence[Triple],
        found: Sequence[shacl.ShapeResult],
    ) -> set[shacl.ShapeResult]:
        """Report what is wrong under some readings of a cluster only; return what is wrong under all.

        A value that every reading supplies, each its own, is missing from the certain facts but not
        missing: a result counts as certain only when no reading lifts it.
        """
        under = [set(self._shacl([*base, *c.stated], shapes)) for c in cluster]
        everywhere = set.intersection(*under)
        for context, results in zip(cluster, under, strict=True):
            self._report(sorted(results - everywhere), context.label)
        self._report(sorted(everywhere - set(found)))
        texts = {text_of(n) for n in self.facts.texts}
        return everywhere | {r for r in found if r.focus in texts}

    def _worldly(self, shapes: Sequence[Triple], base: Sequence[Triple], changed: set[Node]) -> list[Triple]:
        """Return the shapes with those aimed at nothing that look only at texts no reading speaks of.

        Such texts are the same under every reading and are checked once.
        """
        targets = coverage.Targets(shapes, base, self.ontology)
        aside = {s for s in targets.declared() if (nodes := targets.of(s)) and nodes <= self.facts.texts - changed}
        return [t for t in shapes if t.predicate not in coverage.TARGETS or t.subject not in aside]

    @staticmethod
    def _edges(triples: Sequence[Triple]) -> list[Triple]:
        return [t for _, edges in snapshots.snapshots(triples) for t in edges]

    def cycles(self, base: Sequence[Triple], contexts: Sequence[tuple[str, Sequence[Triple]]]) -> None:
        """Check on every date that nobody reports to themselves and no unit holds itself."""
        chosen = self._aimed(lambda shape: shape in _ACYCLIC)
        checked: dict[frozenset[Triple], set[shacl.ShapeResult]] = {}
        found: dict[tuple[str, str], set[shacl.ShapeResult]] = {}
        for reading, extra in [("", ()), *contexts]:
            for day, edges in snapshots.snapshots([*base, *extra]):
                key = frozenset(edges)
                if key not in checked:
                    checked[key] = set(self._shacl(edges, chosen))
                found.setdefault((reading, day), set()).update(checked[key])
        plain = set().union(*(results for (reading, _), results in found.items() if not reading))
        told: set[shacl.ShapeResult] = set()
        for (reading, day), results in sorted(found.items()):
            when = "" if day.startswith("0001") else f"on {day}"
            fresh = results - told if not reading else results - plain
            told |= fresh if not reading else set()
            self._report(sorted(fresh), "; ".join(t for t in (reading, when) if t))
        self.steps.append(Step("cycles", len(checked), "states of the reporting lines and units"))


def _named(iri: str) -> NamedNode | None:
    """Return the node of an IRI, or None for a literal or an unnamed node."""
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def _claims_of(clash: dict[str, Any]) -> tuple[str, ...]:
    """Return the claims that state what leads to a clash."""
    steps = (s for p in clash.get("proof", {}).get("proofs", ()) for s in p["steps"])
    return tuple(dict.fromkeys(c["name"] for s in steps for c in s.get("claims", ())))


def validate(inputs: Inputs, manifest: dict[str, Any], settings: Settings, view: View = PLAIN) -> Report:
    """Run every check and return the report; raises EngineError when the shapes cannot be run.

    House rules and the record are checked as the files have them, shapes on what the view shows.
    """
    run = _Validation(inputs, settings, view)
    run.house_rules()
    run.record()
    run.shapes_on_facts()
    run.contested()
    run.findings += [
        Finding(
            "closure",
            0,
            c["reading"] or "accepted facts",
            "clash",
            c["clash"],
            claims=_claims_of(c),
            value="; ".join(c.get("culprits", ())),
        )
        for c in manifest["clashes"]
    ]
    run.findings += [
        Finding(
            "ontology",
            0,
            u["subject"],
            "unhandled-axiom",
            f"{u['construct']}: {u['reason']}",
        )
        for u in manifest["unhandled axioms"]
    ]
    rules = len(manifest["rules"])
    run.steps.append(Step("closure", 1 + rules, f"sets of rules (engine: {manifest['engine']['name']})"))
    for skipped in manifest["skipped files"]:
        run.steps.append(Step(skipped["file"], 0, "files", skipped=skipped["reason"]))
    run.spans()
    worst_first = {"error": 0, "warning": 1, "info": 2}
    findings = sorted(set(run.findings), key=lambda f: (worst_first[f.severity], f))
    return Report(tuple(findings), tuple(run.steps))
