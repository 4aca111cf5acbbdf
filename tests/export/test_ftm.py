"""FollowTheMoney: valid by its own validator, whole, and the same holders and days as the graph answers."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.export import asked

from postholder.export.ftm import entity_id

if TYPE_CHECKING:
    from tests.export.conftest import Writer

    from postholder.api import KnowledgeGraph

ENDS = {
    "Occupancy": {"holder": {"Person"}, "post": {"Position"}, "proof": {"Document"}},
    "UnknownLink": {
        "subject": {"Position", "Organization", "Company"},
        "object": {"Position", "Organization", "Company"},
        "proof": {"Document"},
    },
    "Position": {"organization": {"Organization", "Company"}},
}
ID = re.compile(r"[0-9a-zA-Z]([0-9a-zA-Z.\-]*[0-9a-zA-Z])?")
DAY = re.compile(r"[12][0-9]{3}(-[0-9]{2}(-[0-9]{2})?)?")


def lines(text: str) -> list[dict[str, Any]]:
    assert len(text.split("\n")) == len(text.splitlines()) + 1  # no character ends a line by surprise
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def followthemoney() -> Any:
    """Return the package itself; skip where it is not installed (it brings 300 MB)."""
    return pytest.importorskip("followthemoney", reason="followthemoney is missing: pip install -e '.[slow]'")


def unmarked(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


@pytest.fixture(scope="module")
def entities(write: Writer, people: list[Quad]) -> list[dict[str, Any]]:
    return lines(write("ftm", people)[0][""])


@pytest.fixture(scope="module")
def from_shipped(write: Writer, shipped: KnowledgeGraph) -> list[dict[str, Any]]:
    return lines(write("ftm", list(shipped.quads))[0][""])


def test_its_own_validator_takes_them(
    followthemoney: Any, entities: list[dict[str, Any]], from_shipped: list[dict[str, Any]]
) -> None:
    checked = 0
    for entity in [*entities, *from_shipped]:
        proxy = followthemoney.model.get_proxy(entity)
        assert proxy.schema.validate(entity) is None
        # Reading it with all cleaning on drops no value; of their text it leaves out unseen marks only.
        cleaned = followthemoney.model.get_proxy(entity, cleaned=False).to_dict()["properties"]
        assert cleaned == {n: [unmarked(v) for v in values] for n, values in entity["properties"].items()}
        checked += 1
    assert checked == len(entities) + len(from_shipped) > 150


def test_it_refuses_what_is_wrong(followthemoney: Any) -> None:
    bad = {"id": "a", "schema": "Occupancy", "properties": {"holder": ["a b"], "startDate": ["31 May"]}}
    with pytest.raises(followthemoney.exc.InvalidData):
        followthemoney.model.get("Occupancy").validate(bad)


def test_all_ends_are_there(entities: list[dict[str, Any]], from_shipped: list[dict[str, Any]]) -> None:
    for found in (entities, from_shipped):
        schemas = {e["id"]: e["schema"] for e in found}
        assert len(schemas) == len(found) > 40
        assert all(ID.fullmatch(i) and len(i) <= 200 for i in schemas)
        met: Counter[str] = Counter()
        for entity in found:
            for name, allowed in ENDS.get(entity["schema"], {}).items():
                values = entity["properties"].get(name, [])
                assert name in {"proof", "organization"} or len(values) == 1
                assert {schemas[v] for v in values} <= allowed
                met[name] += len(values)
            for name, values in entity["properties"].items():
                assert values
                assert len(set(values)) == len(values)
                assert all(DAY.fullmatch(v) for v in values if name.endswith("Date") or name == "publishedAt")
                assert max(map(len, values)) <= {"name": 384, "alias": 384, "weakAlias": 384}.get(name, 4096)
        assert min(met[name] for name in ("holder", "post", "proof", "subject", "object", "organization")) > 0


def test_the_same_holders_and_days_as_the_graph(from_shipped: list[dict[str, Any]], shipped: KnowledgeGraph) -> None:
    held = {(e["holder"][0], e["post"][0]): e for e in properties(from_shipped, "Occupancy")}
    names = {(entity_id(a), entity_id(b)): m for (a, b), m in asked.holders(shipped).items()}
    assert len(names) > 18
    assert set(held) == set(names)
    assert {pair for pair, e in held.items() if e.get("status") == ["planned"]} == {
        pair for pair, modalities in names.items() if modalities == {"planned"}
    }
    so = {(entity_id(a), entity_id(b)) for a, b in asked.actual(shipped)}
    for bound, name in (("Start", "startDate"), ("End", "endDate")):
        days = {(entity_id(a), entity_id(b)): [day] for (a, b), day in asked.days(shipped.quads, bound).items()}
        assert len(days) > 2
        assert {pair: e[name] for pair, e in held.items() if name in e and pair in so} == days


def test_reporting_lines_are_links_with_a_role(from_shipped: list[dict[str, Any]], shipped: KnowledgeGraph) -> None:
    links = properties(from_shipped, "UnknownLink")
    lines = {(e["subject"][0], e["object"][0]) for e in links if e["role"][0].startswith("reports to")}
    rows = [row for row in shipped.query("reporting-lines") if row["answer"] == "stated"]
    assert len(rows) > 3
    assert lines == {(entity_id(str(r["post"])), entity_id(str(r["superior_post"]))) for r in rows}


def properties(entities: list[dict[str, Any]], schema: str) -> list[dict[str, Any]]:
    return [e["properties"] for e in entities if e["schema"] == schema]


def test_what_is_written_of_the_nasty_dataset(entities: list[dict[str, Any]]) -> None:
    found = {e["id"].removeprefix("ph-"): e["properties"] for e in entities}
    assert found["person.new"]["name"] == ['-2+3|cmd "; quoted" name']
    assert found["person.eve"]["name"][0].isprintable()
    assert "name" not in found["person.mute"]
    assert "name" not in found["person.bob"]
    assert found["person.bob"]["weakAlias"] == ["Bob"]
    assert found["person.bob"]["notes"] == ["Not known by name: no reason told"]
    assert found["person.hoped"]["notes"] == ["Only planned"]
    assert "person.wished" not in found
    assert "appointment.guessed" not in found
    assert found["appointment.planned"]["status"] == ["planned"]
    assert found["appointment.planned"]["startDate"] == ["2030-01-01"]
    chair = found["appointment.carl-chair"]
    assert chair["startDate"] == ["2023-09-10"]
    assert "endDate" not in chair  # its end is only planned
    assert chair["recordId"] == ["claim/so"]
    assert chair["description"] == ["held as: acting"]
    assert found["appointment.first"]["startDate"] == ["2018"]
    assert found["appointment.first"]["endDate"] == ["2019-05"]
    assert "startDate" not in found["appointment.ancient"]
    assert found["appointment.ancient"]["summary"] == ["began 0044-03-15; ended by 9999-12-31"]
    assert not {"startDate", "endDate", "summary"} & set(found["appointment.at-odds"])
    assert found["document.e"]["title"] == ["Brief of two lines"]
    assert found["document.e"]["publishedAt"] == ["2023-03"]
    assert found["reporting.q"]["role"] == ["reports to (dotted)"]
    assert [e["classification"] for e in properties(entities, "Company")] == [["Company"]]


def test_identifiers() -> None:
    base = "https://w3id.org/postholder/id/"
    assert entity_id(base + "person/lu-su") == "ph-person.lu-su"
    odd = [
        *(base + n for n in ("person/lu.su", "person.lu/su", "person/lu/su", "person/-", "person/", "person/é")),
        *(base + "person/" + "a" * 300, base + "person", "https://e.example/person/lu-su", "urn:x:y"),
    ]  # fmt: skip
    found = [entity_id(iri) for iri in odd]
    assert len(set(found)) == len(odd)
    assert all(re.fullmatch(r"ph-[0-9a-f]{64}", i) for i in found)


def test_long_and_many_values_are_cut_and_counted(write: Writer, people: list[Quad]) -> None:
    person = NamedNode("https://w3id.org/postholder/id/person/twice")
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    before = {loss.id: loss.count for loss in write("ftm", people)[1].losses}
    extra = [Quad(person, label, Literal(c * 5000, language="en")) for c in "AB"]
    files, account = write("ftm", [*people, *extra])
    (found,) = [e["properties"] for e in lines(files[""]) if e["id"] == "ph-person.twice"]
    assert sorted(map(len, [*found["name"], *found["alias"]])) == [5, 384, 384]
    assert {loss.id: loss.count for loss in account.losses}["trimmed"] == (before["trimmed"] or 0) + 2
