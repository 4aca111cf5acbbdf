"""Addresses: what names a server, what is refused, and that no password is shown again."""

from __future__ import annotations

import pytest

from postholder.errors import UnknownNameError, UsageError
from postholder.push.address import Address, parse


@pytest.mark.parametrize(
    ("target", "address", "bolt", "is_open"),
    [
        ("bolt://localhost:7687", Address("bolt", "localhost", 7687, ""), True, False),
        ("neo4j+s://db.example", Address("neo4j+s", "db.example", None, ""), True, False),
        ("neo4j://db.example/", Address("neo4j", "db.example", None, ""), True, True),
        ("http://127.0.0.1:3030/data/", Address("http", "127.0.0.1", 3030, "/data"), False, False),
        ("https://db.example/a/b", Address("https", "db.example", None, "/a/b"), False, False),
        ("http://db.example", Address("http", "db.example", None, ""), False, True),
        ("http://[::1]:80", Address("http", "::1", 80, ""), False, False),
    ],
)
def test_an_address_is_read(target: str, address: Address, bolt: bool, is_open: bool) -> None:
    found = parse(target)
    assert (found, found.is_bolt, found.is_open) == (address, bolt, is_open)
    assert str(found) == target.rstrip("/")


@pytest.mark.parametrize("target", ["http://u:secret@h", "bolt://secret@h:1", "ftp://u:secret@h", "http://u:secret@"])
def test_a_password_in_an_address_is_refused_and_not_shown(target: str) -> None:
    with pytest.raises(UsageError, match="POSTHOLDER_PUSH_PASSWORD") as caught:
        parse(target)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("target", ["ftp://h", "localhost:7687", "", "BOLT://h", "bolt+ssc://h", "neo4j"])
def test_other_schemes_are_unknown(target: str) -> None:
    with pytest.raises(UnknownNameError, match="no push goes to") as caught:
        parse(target)
    assert caught.value.hint.startswith("write it like bolt://localhost:7687 or http://localhost:3030/data; ")


@pytest.mark.parametrize(
    "target",
    ["http://", "http://h:x", "http://h:99999", "http://[::1", "http://h/a b", "http://h/\x1b[2J", "http://h\u00e9",
     "http:///a"],
)  # fmt: skip
def test_what_is_no_address_is_told(target: str) -> None:
    with pytest.raises(UsageError, match="is no address"):
        parse(target)


@pytest.mark.parametrize("target", ["http://h?a", "http://h/#b", "bolt://h/database"])
def test_more_than_the_server_is_refused(target: str) -> None:
    with pytest.raises(UsageError, match="goes on after"):
        parse(target)
