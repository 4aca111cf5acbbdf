"""What an explanation looks like: in words, as a tree, as plain data, with the passages of a document at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from postholder.errors import DocumentMissingError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from postholder.api import KnowledgeGraph

HOLDS = "person/lu-su", "org:holds", "post/taobao-cto"
PLAIN = """\
Lu Su holds CTO of Taobao.
  1. Lu Su as CTO of Taobao has holder Lu Su. [stated: F26, planned: characters 867-888 and 883-924 of \
document/taobao-tmall]
  2. Lu Su is holder of Lu Su as CTO of Taobao. [from 1, the one property is the other read backwards, \
ph:holderOf owl:inverseOf ph:holder (prp-inv2)]
  3. Lu Su as CTO of Taobao has post CTO of Taobao. [stated: F26, planned: characters 867-888 and 883-924 of \
document/taobao-tmall]
  4. Lu Su holds CTO of Taobao. [from 2 and 3, the properties follow one another, \
org:holds owl:propertyChainAxiom (ph:holderOf, ph:post) (prp-spo2)]
  What is planned only: F26."""
TREE = """\
Lu Su holds CTO of Taobao.
Lu Su holds CTO of Taobao  [prp-spo2]
├─ org:holds owl:propertyChainAxiom (ph:holderOf, ph:post)  [ontology, alignments/org.ttl]
├─ Lu Su is holder of Lu Su as CTO of Taobao  [prp-inv2]
│  ├─ ph:holderOf owl:inverseOf ph:holder  [ontology, terms/appointments.ttl]
│  └─ Lu Su as CTO of Taobao has holder Lu Su  [F26, planned: characters 867-888 and 883-924 of document/taobao-tmall]
└─ Lu Su as CTO of Taobao has post CTO of Taobao  [F26, planned: characters 867-888 and 883-924 of \
document/taobao-tmall]"""


def test_a_proof_in_words(shipped: KnowledgeGraph) -> None:
    assert str(shipped.explain(*HOLDS)) == PLAIN


def test_a_proof_as_a_tree(shipped: KnowledgeGraph) -> None:
    assert shipped.explain(*HOLDS).tree == TREE


def test_a_proof_as_data(shipped: KnowledgeGraph) -> None:
    told = shipped.explain(*HOLDS)
    assert told.holds == "always"
    data = told.as_dict()
    assert data["conclusion"][1] == "<http://www.w3.org/ns/org#holds>"
    [proof] = data["proofs"]
    assert proof["under"] == []
    assert proof["steps"][-1]["says"] == data["conclusion"]
    claims = [c for step in proof["steps"] for c in step.get("claims", ())]
    assert {c["name"] for c in claims} == {"F26"}
    assert [p["span"] for p in claims[0]["passages"]] == [[867, 888], [883, 924]]
    assert all(len(p["sha256"]) == 64 for p in claims[0]["passages"])
    assert [s["file"] for s in proof["steps"] if s["rule"] == "axiom"] == [
        "terms/appointments.ttl",
        *["alignments/org.ttl"] * 5,
    ]


def test_what_holds_under_one_reading_says_which(shipped: KnowledgeGraph) -> None:
    told = shipped.explain("Lu Su", "org:memberOf", "unit/taobao")
    assert told.holds == "under readings"
    assert "Read so: Taobao of the second posts is the marketplace business\n" in str(told)
    [argument] = told.explanation.arguments
    assert [i.value.rpartition("/")[2] for i in argument.under] == ["taobao-tmall-taobao-sense-marketplace"]


def test_what_holds_in_every_reading_has_a_proof_for_each(shipped: KnowledgeGraph) -> None:
    told = shipped.explain("Abbess", "org:memberOf", "Alibaba Group")
    assert told.holds == "always"
    text = str(told)
    assert "It holds however the text is read:" in text
    assert text.count("Read so: ") == 2


def test_the_passages_of_a_document_at_hand_are_shown(shipped: KnowledgeGraph, article: Path) -> None:
    text = str(shipped.explain(*HOLDS, source=article))
    assert text.count("“") == 2, "each passage once"


def test_the_passages_of_a_brief_are_shown(shipped: KnowledgeGraph) -> None:
    brief = next(d for d in shipped.inputs.documents if d.slug == "alibaba-2023-03-28")
    path = shipped.settings.cache / "brief.txt"
    path.write_bytes(brief.data)
    told = shipped.explain("Daniel Zhang", "org:holds", "Chairman of Alibaba Group", source=path)
    quoted = [line.strip(" “”") for line in str(told).splitlines() if "“" in line]
    assert quoted
    assert all(q in brief.data.decode() for q in quoted)


def test_a_file_that_is_no_cited_document_is_refused(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Nothing of the kind.", encoding="utf-8")
    with pytest.raises(UnknownNameError, match="none of the documents"):
        shipped.explain(*HOLDS, source=other)
    with pytest.raises(DocumentMissingError):
        shipped.explain(*HOLDS, source=tmp_path / "gone.txt")


HOSTILE = """
document:d a ph:Document ; ph:codePoints 9 .
<https://w3id.org/postholder/id/document/d#char=0,9> a ph:Passage ; ph:inDocument document:d ; ph:start 0 ; ph:end 9 .
person:zed a ph:Person ; rdfs:label "Zed\\u001B[2J"@en .
claim:b a ph:Claim ; dcterms:identifier "B1\\u001B[31m" ; ph:modality ph:actual ; ph:hasReading reading:b ;
  ph:evidence <https://w3id.org/postholder/id/document/d#char=0,9> .
reading:b a ph:Reading .
reading:b { appointment:zed a ph:Appointment ; ph:holder person:zed ; ph:post post:chief }
"""


def test_names_of_data_do_not_steer_the_terminal(graph_of: Callable[[str], KnowledgeGraph]) -> None:
    told = graph_of(HOSTILE).explain("person/zed", "org:holds", "<https://w3id.org/postholder/id/post/chief>")
    assert told.holds == "always"
    assert "\x1b" not in str(told) + told.tree
    assert "B1" in str(told)


def test_what_makes_appointments_overlap_is_told_by_what_is_concluded(shipped: KnowledgeGraph) -> None:
    names = "certainlyOverlaps", "possiblyOverlaps", "neverOverlaps"
    pairs = {t.predicate.value.rpartition("#")[2]: t for t in shipped.quads}
    told = {n: str(shipped.explain(*map(str, (pairs[n].subject, pairs[n].predicate, pairs[n].object)))) for n in names}
    assert "their dates make sure that they share a day (appointment-overlap)" in told["certainlyOverlaps"]
    assert "no date excludes that they share a day (appointment-overlap)" in told["possiblyOverlaps"]
    assert "their dates exclude that they share a day (appointment-overlap)" in told["neverOverlaps"]


def test_passages_are_told_in_the_order_of_the_text(shipped: KnowledgeGraph) -> None:
    told = str(shipped.explain("event/industrial-center-established", "ph:establishes", "unit/industrial-center"))
    assert "F08: characters 382-443 and 2504-2565 of" in told


def test_documents_of_one_claim_are_joined_and_claims_are_set_apart(shipped: KnowledgeGraph) -> None:
    told = str(shipped.explain("appointment/daniel-zhang-alibaba-group-chair", "ph:holder", "Daniel Zhang"))
    assert "C04: characters 103-196 and 198-310 of document/alibaba-2023-06-20, and characters 0-186 of" in told
    assert "; C04: " in told


@pytest.mark.parametrize(
    ("kind", "said"),
    [("ph:Unit", "a unit"), ("ph:Appointment", "an appointment"), ("ph:Person", "a person")],
)
def test_the_article_goes_by_the_sound(shipped: KnowledgeGraph, kind: str, said: str) -> None:
    assert f" is {said} ({kind})" in str(shipped.explain("Lu Su", "a", kind))
