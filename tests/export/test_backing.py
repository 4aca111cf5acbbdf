"""The claims behind a fact: those that state it in all of their readings, or else in any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from postholder import terms
from postholder.export.backing import ACTUAL, PLANNED, claims_with, gather
from postholder.export.world import World

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from postholder.export.spool import Spool

PH, ID = terms.PH, terms.ID


@pytest.fixture(scope="module")
def spool(people: list[Quad]) -> Spool:
    world = World(people)
    gather(world, {PH + "holder", PH + "post", PH + "postIn"})
    return world.spool


def behind(spool: Spool, subject: str, name: str, value: str) -> tuple[int, int, str]:
    sql = "SELECT held, standing, claims FROM fact WHERE a = ? AND p = ? AND b = ?"
    (found,) = spool.rows(sql, ID + subject, PH + name, ID + value)
    return found


def test_a_triple_and_its_inverse_are_one_fact(spool: Spool) -> None:
    """The post of the chair's appointment is stated by `ph:filledBy` alone."""
    so = f"{ACTUAL}{ID}claim/so"
    assert behind(spool, "appointment/carl-chair", "post", "post/chair") == (1, ACTUAL, so)
    assert set(spool.column("SELECT DISTINCT p FROM fact")) == {PH + "holder", PH + "post", PH + "postIn"}


def test_a_fact_without_a_claim_is_so(spool: Spool) -> None:
    assert behind(spool, "appointment/first", "post", "post/chair") == (1, ACTUAL, "")


def test_what_is_said_under_an_open_reading_is_not_held(spool: Spool) -> None:
    held, standing, claims = behind(spool, "appointment/x", "holder", "person/ann")
    assert (held, standing, claims_with(standing, claims)) == (0, ACTUAL, (ID + "claim/c2",))
    assert behind(spool, "appointment/x", "post", "post/clerk")[0] == 1


def test_a_plan_is_no_witness_of_a_fact() -> None:
    claims = (f"{ACTUAL}urn:b {PLANNED}urn:p {ACTUAL}urn:a", f"{ACTUAL}urn:b", "")
    assert claims_with(ACTUAL, *claims) == ("urn:a", "urn:b")
    assert claims_with(PLANNED, *claims) == ("urn:p",)
