"""What the shipped documents answer for a day, from a state of knowledge, and how sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from postholder.differences.telling import told

if TYPE_CHECKING:
    from postholder.api import KnowledgeGraph

CLOUD_CHAIR, CLOUD_CHIEF = "cloud-intelligence-group-chair", "cloud-intelligence-group-chief-executive"
TAOBAO_CHIEF, TAOBAO_CHAIR = "taobao-tmall-commerce-group-chief-executive", "taobao-and-tmall-group-chair"
GROUP_CHAIR, GROUP_CHIEF = "alibaba-group-chair", "alibaba-group-chief-executive"


def rows(graph: KnowledgeGraph, question: str, **parameters: str) -> list[dict[str, str]]:
    return [{k: str(v or "") for k, v in row.items()} for row in graph.query(question, **parameters)]


def short(iri: str) -> str:
    return iri.rpartition("/")[2]


def holders(graph: KnowledgeGraph, post: str) -> dict[str, set[str]]:
    """Return who holds a post, with how sure it is and how it is put."""
    found: dict[str, set[str]] = {}
    for row in rows(graph, "who-holds", post=post):
        found.setdefault(row["person_label"], set()).add(f"{row['certainty']} {row['modality']} {row['mode']}")
    return found


def pairs(graph: KnowledgeGraph, person: str) -> dict[frozenset[str], dict[str, str]]:
    return {frozenset({short(r["post"]), short(r["other_post"])}): r for r in rows(graph, "concurrency", person=person)}


def test_zhang_in_april_2023(shipped: KnowledgeGraph) -> None:
    found = pairs(shipped.view(as_of="2023-04-15"), "Daniel Zhang")
    for one, other in ((GROUP_CHAIR, GROUP_CHIEF), (GROUP_CHAIR, CLOUD_CHIEF), (GROUP_CHIEF, CLOUD_CHIEF)):
        row = found[frozenset({one, other})]
        assert (row["by_dates"], row["certainty"]) == ("certain", "certain")
    assert found[frozenset({GROUP_CHIEF, CLOUD_CHIEF})]["stated"] == "concurrent"
    sure = pairs(shipped.view(as_of="2023-04-15", certainty="certain"), "Daniel Zhang")
    assert set(sure) == {
        frozenset({GROUP_CHAIR, GROUP_CHIEF}),
        frozenset({GROUP_CHAIR, CLOUD_CHIEF}),
        frozenset({GROUP_CHIEF, CLOUD_CHIEF}),
    }


@pytest.mark.parametrize("post", [CLOUD_CHAIR, CLOUD_CHIEF])
def test_the_cloud_from_two_states_of_knowledge(post: str, shipped: KnowledgeGraph) -> None:
    planned = holders(shipped.view(as_of="2023-10-01", known_at="2023-07-01"), post)
    assert set(planned) == {"Daniel Zhang"}
    assert any("possible planned" in how for how in planned["Daniel Zhang"])
    assert not any(how.startswith("certain") for how in planned["Daniel Zhang"])
    assert holders(shipped.view(as_of="2023-10-01", known_at="2023-09-12"), post) == {
        "Eddie Wu": {"possible actual acting"}
    }


def test_the_difference_names_the_plan(shipped: KnowledgeGraph) -> None:
    before = shipped.view(as_of="2023-10-01", known_at="2023-07-01")
    text = told(before.diff(shipped.view(as_of="2023-10-01", known_at="2023-09-12")))
    for office in ("Chairman", "Chief executive"):
        assert f"holder changed: {office} of the Cloud Intelligence Group: Daniel Zhang (planned" in text
    assert text.count("-> Eddie Wu (possible, acting") == 2
    assert "plan not carried out: Daniel Zhang is to go on" in text


def test_wu_in_october_2023(shipped: KnowledgeGraph) -> None:
    graph = shipped.view(as_of="2023-10-01")
    found = pairs(graph, "Eddie Wu")
    assert {p for pair in found for p in pair} == {GROUP_CHIEF, TAOBAO_CHAIR, CLOUD_CHAIR, CLOUD_CHIEF}
    assert len(found) == 6
    assert "acting" in found[frozenset({GROUP_CHIEF, CLOUD_CHIEF})]["kind"]
    assert "acting" in found[frozenset({GROUP_CHIEF, CLOUD_CHAIR})]["kind"]
    chair = found[frozenset({GROUP_CHIEF, TAOBAO_CHAIR})]
    assert "parent and subsidiary" in chair["kind"]
    assert any("began by 2023-06-20" in chair[side] for side in ("told", "other_told"))
    assert {how.split()[0] for how in holders(graph, GROUP_CHIEF)["Eddie Wu"]} == {"certain"}
    assert {how.split()[0] for how in holders(graph, CLOUD_CHIEF)["Eddie Wu"]} == {"certain"}


def test_since_when_wu_is_chairman_is_not_stated(shipped: KnowledgeGraph) -> None:
    found = [r for r in rows(shipped, "who-holds", post=TAOBAO_CHAIR) if r["person_label"] == "Eddie Wu"]
    assert found
    assert {r["earliest_start"] for r in found} == {""}
    on_the_day = holders(shipped.view(as_of="2023-06-20"), TAOBAO_CHAIR)["Eddie Wu"]
    assert {how.split()[0] for how in on_the_day} == {"certain"}
    the_day_before = holders(shipped.view(as_of="2023-06-19"), TAOBAO_CHAIR)["Eddie Wu"]
    assert {how.split()[0] for how in the_day_before} == {"possible"}


@pytest.mark.parametrize(("day", "person"), [("2023-12-19", "Dai Shan"), ("2023-12-20", "Eddie Wu")])
def test_the_handover_of_december(day: str, person: str, shipped: KnowledgeGraph) -> None:
    found = holders(shipped.view(as_of=day), TAOBAO_CHIEF)
    assert set(found) == {person}
    assert {how.split()[0] for how in found[person]} == {"certain"}


def test_a_handover_is_succession_and_no_conflict(shipped: KnowledgeGraph) -> None:
    [row] = rows(shipped, "successions", post=TAOBAO_CHIEF)
    assert (row["predecessor_label"], row["successor_label"]) == ("Dai Shan", "Eddie Wu")
    assert (row["left"], row["came"], row["standing"]) == ("2023-12-20", "2023-12-20", "certain")
    assert rows(shipped, "conflicts") == []


def test_the_article_has_concurrency_for_two_persons_only(article_graph: KnowledgeGraph) -> None:
    found = rows(article_graph, "concurrency")
    assert {r["person_label"] for r in found} == {"Lu Su", "Abbess"}
    assert {r["by_dates"] for r in found} == {"possible"}
    assert {r["person_label"] for r in found if r["stated"]} == {"Lu Su", "Abbess"}


def test_readings_of_the_heads_make_nobody_concurrent(article_graph: KnowledgeGraph) -> None:
    for day in ("2022-06-01", "2021-12-31"):
        found = rows(article_graph.view(as_of=day), "concurrency")
        assert {r["person_label"] for r in found} <= {"Lu Su", "Abbess"}


REMITS = {
    "2022-06-01": {"listed-businesses-head": "possible"},
    "2023-04-01": {"listed-businesses-head": "possible", TAOBAO_CHIEF: "certain"},
    "2024-01-15": {"listed-businesses-head": "possible", "asset-management-set-up": "possible"},
}


@pytest.mark.parametrize("day", REMITS)
@pytest.mark.parametrize("name", ["Dai Shan", "Trudy Dai"])
def test_the_posts_of_dai_shan(day: str, name: str, shipped: KnowledgeGraph) -> None:
    found = rows(shipped.view(as_of=day), "who-holds", person=name)
    assert {short(r["post"]): r["certainty"] for r in found} == REMITS[day]


def test_one_person_two_names_until_the_claim_goes(shipped: KnowledgeGraph) -> None:
    apart = shipped.view(without=["claim/alibaba-2023-03-28-A08"])
    assert {short(r["post"]) for r in rows(apart, "who-holds", person="Dai Shan")} == {"listed-businesses-head"}
    assert TAOBAO_CHIEF in {short(r["post"]) for r in rows(apart, "who-holds", person="Trudy Dai")}


def test_every_boundary_view_conforms_on_the_day_of_the_succession(shipped: KnowledgeGraph) -> None:
    report = shipped.view(as_of="2023-09-10", known_at="2023-09-11").validate()
    assert [str(f) for f in report.findings if f.severity == "error"] == []
