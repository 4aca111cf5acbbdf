"""The property graph: what every triple becomes, checked triple by triple from outside."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from postholder import terms
from postholder.export.base import Source
from postholder.export.property_graph import EDGE_COLUMNS, Edge, PropertyGraph
from postholder.export.values import spelled
from postholder.graph import DEFAULT, TYPE, handle, ph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postholder.api import KnowledgeGraph

ONTOLOGY = NamedNode(terms.ONTOLOGY_GRAPH)


class Audit:
    """Says of every triple of a dataset where the property graph has it."""

    def __init__(self, graph: PropertyGraph, quads: list[Quad]) -> None:
        self.nodes = {n.properties["iri"]: n for n in graph.nodes()}
        self.edges = list(graph.edges())
        self.names = graph.names
        self.default = {q.triple for q in quads if q.graph_name == DEFAULT}
        self.ontology = {q.triple for q in quads if q.graph_name == ONTOLOGY}
        self.described = {t.subject for t in self.ontology}
        self.relations: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        for name, properties in graph.names["relations"].items():
            for prop in properties:
                self.relations[prop.removeprefix("^")].append((name, prop.startswith("^")))
        self.keys: dict[str, list[str]] = defaultdict(list)
        for name, properties in graph.names["properties"].items():
            self.keys[properties[0]].append(name)
        self.between: dict[tuple[str, str, str], list[Edge]] = defaultdict(list)
        for edge in self.edges:
            self.between[edge.type, edge.source[1], edge.target[1]].append(edge)

    def linking(self, triple: Triple) -> list[Edge]:
        """Return the edges that stand for a triple."""
        start, end = (self.nodes[t.value].id for t in (triple.subject, triple.object))  # type: ignore[union-attr]
        prop = handle(triple.predicate.value)
        found: list[Edge] = []
        for name, backward in self.relations[prop]:
            symmetric = prop in {
                "ph:statedConcurrentWith",
                "ph:possiblyOverlaps",
                "ph:certainlyOverlaps",
                "ph:neverOverlaps",
                "ph:inTensionWith",
            }
            if not backward:
                found += self.between[name, start, end]
            if backward or symmetric:
                found += self.between[name, end, start]
        return found

    def is_property(self, triple: Triple) -> bool:
        """Tell whether the node of the subject has the object as a property, spelled as it was."""
        node = self.nodes[triple.subject.value]  # type: ignore[union-attr]
        text = triple.object.value if isinstance(triple.object, Literal) else handle(triple.object.value)  # type: ignore[union-attr]
        for key in self.keys[handle(triple.predicate.value)]:
            for name in (key, key + "Lexical", key + "Others"):
                value = node.properties.get(name)
                if value is not None and (text in value if isinstance(value, list) else spelled(value) == text):
                    return True
        return False

    def fate(self, triple: Triple) -> str:
        """Return what a triple of the default graph became."""
        subject, value = triple.subject, triple.object
        if isinstance(subject, BlankNode) or isinstance(value, BlankNode):
            return "blank-nodes" if triple not in self.ontology else "vocabulary"
        if subject.value not in self.nodes:  # type: ignore[union-attr]
            ours = subject in self.described or subject.value.startswith(terms.PH)  # type: ignore[union-attr]
            return "vocabulary" if ours else "untyped"
        if triple.predicate == TYPE:
            labels = self.names["labels"]
            own = [label for label in labels if labels[label] == [handle(value.value)]]  # type: ignore[union-attr]
            node = self.nodes[subject.value]  # type: ignore[union-attr]
            return "label" if own and own[0] in node.labels else "foreign-types"
        if isinstance(value, NamedNode) and value.value in self.nodes:
            edges = [e for e in self.linking(triple) if e.properties["accepted"]]
            return "edge" if edges else "implied"
        return "property" if self.is_property(triple) else "missing"


@pytest.fixture(scope="module")
def shipped_graph(shipped: KnowledgeGraph, prefixes: dict[str, str]) -> PropertyGraph:
    return PropertyGraph(Source(shipped.quads, prefixes))


@pytest.fixture(scope="module", params=["shipped", "tiny"])
def audit(
    request: pytest.FixtureRequest,
    shipped: KnowledgeGraph,
    shipped_graph: PropertyGraph,
    tiny: list[Quad],
    tiny_graph: PropertyGraph,
) -> tuple[Audit, PropertyGraph, list[Quad]]:
    graph, quads = (shipped_graph, list(shipped.quads)) if request.param == "shipped" else (tiny_graph, tiny)
    return Audit(graph, quads), graph, quads


Audited = tuple[Audit, PropertyGraph, list[Quad]]


def test_every_triple_that_holds_is_carried_or_is_a_listed_loss(audit: Audited) -> None:
    found, graph, _ = audit
    fates = Counter(found.fate(t) for t in found.default)
    listed = {loss.id: loss.count or 0 for loss in graph.losses()}
    assert fates["missing"] == 0
    assert min(fates["edge"], fates["property"], fates["label"]) > 0
    for loss in ("foreign-types", "untyped", "blank-nodes"):
        assert fates[loss] == listed.get(loss, 0), loss
    assert fates["vocabulary"] + len(found.ontology - found.default) == listed["vocabulary"]
    implied = [t for t in found.default if found.fate(t) == "implied"]
    assert implied
    assert not [t for t in implied if t.predicate.value.startswith(terms.PH)]


def open_graphs(quads: list[Quad]) -> Iterator[tuple[NamedNode, frozenset[str], list[Triple]]]:
    """Yield the graphs that rest on open interpretations only, with these."""
    record = {(q.subject, q.predicate, q.object) for q in quads if q.graph_name == DEFAULT}
    status = {s: o for s, p, o in record if p == ph("interpretationStatus")}
    for graph in {q.graph_name for q in quads}:
        rests = [o for s, p, o in record if s == graph and p == ph("underInterpretation")]
        if isinstance(graph, NamedNode) and rests and all(status[i] == ph("open") for i in rests):  # type: ignore[index]
            yield graph, frozenset(handle(i.value) for i in rests), [q.triple for q in quads if q.graph_name == graph]  # type: ignore[union-attr]


def test_every_triple_of_an_open_reading_is_carried_under_its_mark(audit: Audited) -> None:
    found, _, quads = audit
    checked = Counter[str]()
    for graph, rests, triples in open_graphs(quads):
        statements = found.nodes[graph.value].properties["statements"]
        assert isinstance(statements, list)
        assert statements == sorted(f"{t} ." for t in triples)
        for triple in triples:
            value = triple.object
            if triple in found.default or triple.predicate == TYPE or not isinstance(value, NamedNode):
                continue
            if value.value not in found.nodes:
                assert found.is_property(triple)
                continue
            marks = [frozenset(e.properties.get("interpretations", [])) for e in found.linking(triple)]  # type: ignore[arg-type]
            held = any(mark <= rests for mark in marks)
            assert held or not triple.predicate.value.startswith(terms.PH), triple
            checked["held" if held else "implied"] += 1
    assert checked["held"] > 10


def test_no_edge_says_more_than_the_dataset(audit: Audited) -> None:
    found, _, quads = audit
    graphs = [(rests, set(triples)) for _, rests, triples in open_graphs(quads)]
    everywhere = {q.triple for q in quads}
    stands_for: dict[str, set[str]] = {}
    for triple in everywhere:
        value = triple.object
        if isinstance(value, NamedNode) and value.value in found.nodes and not isinstance(triple.subject, BlankNode):
            if triple.subject.value not in found.nodes:  # type: ignore[union-attr]
                continue
            for edge in found.linking(triple):
                holds = triple in found.default
                mark = frozenset(edge.properties.get("interpretations", []))  # type: ignore[arg-type]
                named = any(mark <= rests and triple in triples for rests, triples in graphs)
                if (holds and edge.properties["accepted"]) or (not edge.properties["accepted"] and named):
                    stands_for.setdefault(str(edge.properties["key"]), set()).add(str(triple))
    assert {str(e.properties["key"]) for e in found.edges} == set(stands_for)


def test_keys_ids_and_ends(audit: Audited) -> None:
    found, graph, _ = audit
    ids = [n.id for n in graph.nodes()]
    assert len(ids) == len(set(ids))
    keys = [e.properties["key"] for e in found.edges]
    assert len(keys) == len(set(keys))
    ends = {(n.labels[0], n.id) for n in graph.nodes()}
    assert all(e.source in ends and e.target in ends for e in found.edges)
    for edge in found.edges:
        assert set(edge.properties) <= set(EDGE_COLUMNS)
        assert edge.properties["accepted"] is ("reading" not in edge.properties)
        assert set(edge.properties) <= set(graph.edge_columns[edge.type])
    for node in graph.nodes():
        assert set(node.properties) <= set(graph.columns[node.labels[0]])
        assert list(graph.columns[node.labels[0]])[:2] == ["id", "iri"]


def test_references_lead_to_nodes(audit: Audited) -> None:
    found, graph, _ = audit
    ids = {n.id for n in graph.nodes()}
    properties = [*(e.properties for e in found.edges), *(n.properties for n in graph.nodes())]
    named = [v for p in properties for key in ("claims", "via", "interpretations") for v in p.get(key, [])]  # type: ignore[union-attr]
    assert len(named) > 10
    assert set(named) <= ids


def edges(graph: PropertyGraph, kind: str) -> list[tuple[str, str, dict[str, object]]]:
    return [(e.source[1], e.target[1], dict(e.properties)) for e in graph.edges() if e.type == kind]


def test_two_terms_in_one_post_are_two_dated_edges(tiny_graph: PropertyGraph) -> None:
    found = [p for s, t, p in edges(tiny_graph, "HOLDS") if (s, t) == ("person/ann", "post/chief")]
    assert [p["via"] for p in found] == [["appointment/a1"], ["appointment/a2"]]
    assert found[0]["earliestStart"] == date(2020, 1, 1)
    assert found[0]["claims"] == ["claim/c1"]
    assert found[0]["basis"] == ["stated"]
    assert found[0]["modality"] == ["actual"]
    assert found[0]["inferred"] is True
    assert "latestEnd" not in found[1]  # a date with a time zone is no day to compare


def test_terms_that_do_not_overlap_make_nobody_report(tiny_graph: PropertyGraph) -> None:
    found = [p["via"] for s, _, p in edges(tiny_graph, "REPORTS_TO") if s == "person/eve"]
    assert found == [["appointment/a3", "reporting/r", "appointment/a2"]]


def test_a_date_under_a_reading_stands_on_the_edge_of_that_reading(tiny_graph: PropertyGraph) -> None:
    found = {(s, t): p for s, t, p in edges(tiny_graph, "HOLDS") if not p["accepted"]}
    assert found["person/ann", "post/clerk"]["earliestStart"] == date(2023, 1, 1)
    assert "earliestStart" not in found["person/bob", "post/clerk"]
    assert found["person/bob", "post/chief"]["reading"] == "it is Bob"


def test_heads_lead_from_posts_and_from_persons(tiny_graph: PropertyGraph) -> None:
    found = {(s, t, p.get("reading", "")) for s, t, p in edges(tiny_graph, "HEADS")}
    assert found == {
        ("person/ann", "unit/low", ""),
        ("post/chief", "unit/low", ""),
        ("post/clerk", "unit/low", "it is Ann; there"),
        ("post/clerk", "unit/top", "here; it is Ann"),
    }


def test_nodes(tiny_graph: PropertyGraph) -> None:
    nodes = {n.id: n for n in tiny_graph.nodes()}
    assert nodes["unit/low"].labels == ("Center", "Unit")
    assert nodes["person/bob"].labels == ("UnidentifiedPerson", "Person")
    assert nodes["appointment/y"].labels == ("Appointment", "TimedRelation")
    assert nodes["appointment/y"].properties["accepted"] is False
    assert nodes["appointment/y"].properties["readings"] == ["it is Bob"]
    assert nodes["appointment/y"].properties["label"] == "Bob as chief"
    assert "label" not in nodes["appointment/x"].properties
    assert nodes["figure/f"].properties["value"] == 0.7
    assert nodes["figure/f"].properties["valueLexical"] == "0.70"
    assert nodes["document/d"].properties["codePointsLexical"] == "01"
    assert nodes["claim/c1"].properties["recordedOn"] == "2022-01-01Z"
    assert nodes["figure/f"].properties["silentOn"] == "ph:heads"
    assert nodes["person/ann"].properties["label_zhHans"] == "安"
    assert nodes["document/d#char=3,9"].properties["documentSha256"] == "abc"
    assert "https://example.org/person/own" in nodes
    assert any("7000" in str(line) for line in nodes["reading/c3-plain"].properties["statements"])  # type: ignore[union-attr]


def test_an_appointment_tells_its_claims_and_their_evidence(
    tiny_graph: PropertyGraph, shipped_graph: PropertyGraph
) -> None:
    nodes = {n.id: n.properties for n in tiny_graph.nodes()}
    expected = {
        "claims": ["claim/c1"],
        "basis": ["stated"],
        "modality": ["actual"],
        "evidence": ["document/d#char=3,9"],
    }
    assert {k: nodes["appointment/a1"].get(k) for k in expected} == expected
    assert nodes["appointment/x"]["claims"] == ["claim/c2", "claim/c4"]
    assert nodes["appointment/x"]["basis"] == ["interpreted"]
    assert "evidence" not in nodes["appointment/x"]
    assert "claims" not in nodes["claim/c1"]
    assert nodes["figure/g"]["claims"] == ["claim/c2", "claim/c3"]
    shipped_nodes = {n.id: n for n in shipped_graph.nodes()}
    appointments = [n for n in shipped_nodes.values() if "Appointment" in n.labels]
    assert len(appointments) > 20
    evidence: dict[str, set[str]] = defaultdict(set)
    for claim, passage, _ in edges(shipped_graph, "EVIDENCE"):
        evidence[claim].add(passage)
    for node in appointments:
        claims = node.properties["claims"]
        assert isinstance(claims, list)
        assert node.properties["basis"]
        assert node.properties["evidence"] == sorted({p for c in claims for p in evidence[c]})


def test_what_a_withdrawn_claim_said_is_no_edge(tiny: list[Quad], prefixes: dict[str, str]) -> None:
    act = NamedNode(terms.ID + "act/1")
    said = [q for q in PropertyGraph(Source(tiny, prefixes)).edges() if q.properties.get("claims") == ["claim/c4"]]
    withdrawn = [*tiny, Quad(act, ph("withdraws"), NamedNode(terms.ID + "claim/c4"))]
    graph = PropertyGraph(Source(withdrawn, prefixes))
    assert len(said) > 1
    assert not [e for e in graph.edges() if "claim/c4" in e.properties.get("claims", [])]  # type: ignore[operator]
    assert {n.id: n for n in graph.nodes()}["appointment/x"].properties["claims"] == ["claim/c2"]


def test_each_listed_loss_is_really_absent(tiny_graph: PropertyGraph) -> None:
    text = "\n".join(str({k: v for k, v in n.properties.items() if k != "statements"}) for n in tiny_graph.nodes())
    assert "ns#Post'" not in text  # vocabulary
    assert not [n for n in tiny_graph.nodes() if "org" in " ".join(n.labels).lower()]  # foreign-types
    assert not [t for _, t, _ in edges(tiny_graph, "ORG_POST_IN") if t == "unit/top"]  # implied
    assert "@en" not in text  # english
    assert "decimal" not in text  # datatypes
    nodes = {n.id: n.properties for n in tiny_graph.nodes()}
    assert not {"label", "earliestStart"} & set(nodes["appointment/x"])  # open-values
    assert "valueOthers" not in nodes["figure/g"]
    assert "figure/only-plain" not in nodes  # set-aside
    assert "no class of ours" not in text  # untyped
    assert "nobody" not in text  # blank-nodes
    assert "in a graph of its own" not in text  # other-graphs
    assert not any("inferred" in n.properties for n in tiny_graph.nodes())  # origin


def test_what_stays_out_is_counted(tiny_graph: PropertyGraph) -> None:
    counts = {loss.id: loss.count for loss in tiny_graph.losses()}
    assert counts.pop("vocabulary", 0)
    assert counts == {
        "foreign-types": 1,
        "implied": 1,
        "origin": 5,
        "english": 18,
        "datatypes": 5,
        "open-values": 3,
        "set-aside": 1,
        "untyped": 1,
        "blank-nodes": 2,
        "other-graphs": 11,
    }


def test_things_with_one_handle_keep_their_iris(prefixes: dict[str, str]) -> None:
    ontology = [Quad(ph("Person"), TYPE, NamedNode(terms.OWL + "Class"), ONTOLOGY)]
    one, two = NamedNode(terms.PH + "twin"), NamedNode(terms.ID + "ph:twin")
    quads = [*ontology, Quad(one, TYPE, ph("Person")), Quad(two, TYPE, ph("Person"))]
    found = {n.id for n in PropertyGraph(Source(quads, prefixes)).nodes()}
    assert found == {one.value, two.value}


def test_blanks_of_other_scripts_in_names_part_nothing(tiny: list[Quad], prefixes: dict[str, str]) -> None:
    """An IRI has no plain blank, but may have an ideographic or a no-break space."""
    texts = (str(q).replace("claim/c2", "claim/c\u30002").replace("/ann", "/an\u00a0n") for q in tiny)
    quads = list(parse("".join(f"{text} .\n" for text in texts), format=RdfFormat.N_QUADS))
    found = [p for _, _, p in edges(PropertyGraph(Source(quads, prefixes)), "HELD_BY") if not p["accepted"]]
    assert all(p["claims"] == ["claim/c\u30002"] for p in found)
    assert [p["interpretations"] for p in found] == [
        ["interpretation/an\u00a0n"],
        ["interpretation/bob"],
        ["interpretation/bob"],
    ]


def test_the_shipped_graph_answers(shipped_graph: PropertyGraph) -> None:
    reports = [(s, p) for s, t, p in edges(shipped_graph, "REPORTS_TO") if t == "person/dai-shan"]
    assert len(reports) == 5
    assert all(p["accepted"] and p["claims"] for _, p in reports)
    holds = {(s, t) for s, t, p in edges(shipped_graph, "HOLDS") if p["accepted"]}
    assert {t for s, t in holds if s == "person/lu-su"} == {"post/group-cto", "post/taobao-cto"}
    heads = {
        p["reading"]
        for s, t, p in edges(shipped_graph, "HEADS")
        if t == "unit/platform-center" and s.startswith("person/")
    }
    assert len(heads) == 3
    passages = [t for s, t, _ in edges(shipped_graph, "EVIDENCE") if s == "claim/taobao-tmall-F26"]
    assert "document/taobao-tmall#char=883,924" in passages


def test_a_reading_says_whether_it_is_in_play(tiny_graph: PropertyGraph) -> None:
    found = {n.id: n.properties["inPlay"] for n in tiny_graph.nodes() if n.labels[0] == "Reading"}
    assert set(found.values()) == {True, False}
    assert tiny_graph.columns["Reading"]["inPlay"] == "boolean"
    assert not any("inPlay" in n.properties for n in tiny_graph.nodes() if n.labels[0] == "Post")
