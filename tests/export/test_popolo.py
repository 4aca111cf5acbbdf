"""Popolo: valid by the specification, and the same holders and days as the graph answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from tests.export import asked

from postholder.graph import handle

if TYPE_CHECKING:
    from pyoxigraph import Quad
    from tests.export.conftest import Writer

    from postholder.api import KnowledgeGraph

SCHEMA = Path(__file__).parent / "popolo.schema.json"


@pytest.fixture(scope="module")
def document(write: Writer, people: list[Quad]) -> dict[str, Any]:
    return json.loads(write("popolo", people)[0][""])  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def from_shipped(write: Writer, shipped: KnowledgeGraph) -> dict[str, Any]:
    return json.loads(write("popolo", list(shipped.quads))[0][""])  # type: ignore[no-any-return]


def by_id(things: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found = {handle(thing["id"]): thing for thing in things}
    assert len(found) == len(things)
    return found


def test_it_is_valid_and_whole(document: dict[str, Any], from_shipped: dict[str, Any]) -> None:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")), format_checker=FormatChecker())
    validator.check_schema(validator.schema)
    for found in (document, from_shipped):
        assert [e.message for e in validator.iter_errors(found)] == []
        assert all(found[part] for part in ("persons", "organizations", "posts", "memberships"))
        ids = {part: set(by_id(found[part])) for part in ("persons", "organizations", "posts", "memberships")}
        for membership in found["memberships"]:
            assert handle(membership["person_id"]) in ids["persons"]
            assert handle(membership["post_id"]) in ids["posts"]
        homes = [t["organization_id"] for p in ("posts", "memberships") for t in found[p] if "organization_id" in t]
        parents = [o["parent_id"] for o in found["organizations"] if "parent_id" in o]
        assert homes
        assert parents
        assert {handle(i) for i in (*homes, *parents)} <= ids["organizations"]


@pytest.mark.parametrize(
    "bad", [{"id": 1}, {"name": "no id"}, {"id": "a", "names": []}, {"id": "a", "links": [{"url": "javascript:1"}]}]
)
def test_the_schema_refuses(bad: dict[str, Any], document: dict[str, Any]) -> None:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert not validator.is_valid({**document, "persons": [bad]})


def test_the_same_holders_and_days_as_the_graph(from_shipped: dict[str, Any], shipped: KnowledgeGraph) -> None:
    found = {(m["person_id"], m["post_id"]): m for m in from_shipped["memberships"]}
    expected = asked.actual(shipped)
    assert len(expected) > 15
    assert set(found) == expected
    assert len(found) == len(from_shipped["memberships"])
    for bound, name in (("Start", "start_date"), ("End", "end_date")):
        days = {held: day for held, day in asked.days(shipped.quads, bound).items() if held in expected}
        assert len(days) > 2
        assert {held: m[name] for held, m in found.items() if name in m} == days


def test_sources_are_passages_with_their_claims(from_shipped: dict[str, Any]) -> None:
    (chief,) = [m for m in from_shipped["memberships"] if m["id"].endswith("/eddie-wu-taobao-and-tmall-group-chair")]
    assert {handle(s["note"]) for s in chief["sources"]} == {"claim/alibaba-2023-06-20-B05"}
    assert all("#char=" in s["url"] for s in chief["sources"])


def test_what_is_written_of_the_nasty_dataset(document: dict[str, Any]) -> None:
    persons, posts = by_id(document["persons"]), by_id(document["posts"])
    units, held = by_id(document["organizations"]), by_id(document["memberships"])
    assert persons["person/carl"]["identifiers"] == [{"scheme": "wikidata", "identifier": "Q101"}]
    assert persons["person/bob"]["name"] is None
    assert persons["person/bob"]["summary"] == "Not known by name (no reason told): Bob"
    assert "\r\n" in persons["person/new"]["name"]
    assert "links" not in persons["urn:isbn:1"]
    assert "identifiers" not in persons["urn:isbn:1"]
    assert not {"person/hoped", "person/wished"} & set(persons)
    assert "post/hoped" not in posts
    assert "organization_id" not in posts["post/deputy"]
    assert units["unit/part"]["parent_id"].endswith("unit/group")
    assert "parent_id" not in units["unit/wide"]
    assert {"appointment/planned", "appointment/hoped", "appointment/guessed"}.isdisjoint(held)
    assert held["appointment/carl-chair"]["start_date"] == "2023-09-10"
    assert "end_date" not in held["appointment/carl-chair"]
    assert held["appointment/first"]["start_date"] == "2018"
    assert held["appointment/first"]["end_date"] == "2019-05"
    assert held["appointment/ancient"]["start_date"] == "0044-03-15"
    assert sum(i.startswith("appointment/shared#") for i in held) == 2
    assert {s["note"] for m in held.values() for s in m.get("sources", ())} == {"claim/so", "claim/c1"}


def test_an_empty_dataset_is_an_empty_document(write: Writer) -> None:
    files, account = write("popolo", [])
    assert json.loads(files[""]) == {"persons": [], "organizations": [], "posts": [], "memberships": []}
    assert account.losses == ()
