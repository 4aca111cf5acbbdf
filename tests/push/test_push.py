"""What a call of a push says is checked before a server is reached, and the result tells people and machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from postholder.errors import UsageError
from postholder.export.base import Loss
from postholder.push.base import Credentials, PushResult, of_settings
from postholder.push.push import push

if TYPE_CHECKING:
    from tests.push.memory import Memory
    from tests.push.quirky import Server

    from postholder.export.base import Source


@pytest.mark.parametrize(
    ("target", "options", "says"),
    [
        ("bolt://127.0.0.1:1", {"default_graph": "urn:a"}, "for SPARQL servers"),
        ("bolt://127.0.0.1:1", {"force": True}, "for SPARQL servers"),
        ("http://127.0.0.1:1", {"database": "a"}, "for Bolt addresses"),
        ("http://127.0.0.1:1", {"default_graph": "no iri"}, "is no IRI"),
        ("http://127.0.0.1:1", {"name": "a b"}, "is no name"),
        ("bolt://127.0.0.1:1", {"name": ""}, "is no name"),
        ("bolt://127.0.0.1:1", {"name": "a" * 65}, "is no name"),
    ],
)
def test_a_wrong_call_is_told(tiny: Source, target: str, options: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        push(tiny, target, seconds=1, **options)


@pytest.mark.parametrize("scheme", ["basic", "digest"])
@pytest.mark.parametrize("asked", [True, False])
def test_the_login_is_given_or_asked_for(quirky: Server, tiny: Source, scheme: str, asked: bool) -> None:
    quirky.faults.auth = scheme
    login = Credentials("ada", 'pass "word" of ours')
    assert push(tiny, quirky.url, seconds=10, login=(lambda: login) if asked else login).changed


def test_a_bolt_address_gets_the_property_graph(memory: Memory, tiny: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []

    def connect(address: object, database: str | None, _login: object, *, known: bool) -> Memory:
        given.append((str(address), database, known))
        return memory

    monkeypatch.setattr("postholder.push.bolt.Bolt", connect)
    done = push(tiny, "bolt://localhost:7687/", database="people", login=Credentials("a", "b"), seconds=1)
    assert (done.target, done.changed) == ("bolt://localhost:7687", True)
    assert given == [("bolt://localhost:7687", "people", True)]
    assert memory.closed
    assert len(memory.nodes) == done.counts["nodes"] + 1


def test_a_result_tells_people_and_machines() -> None:
    done = PushResult("bolt://h", changed=True, counts={"nodes": 1}, losses=(Loss("a", "b", "c", 2),), notes=("n",))
    assert str(done) == "pushed to bolt://h\n1 nodes\nnote: n\nlost: b (2)\n  instead: c"
    assert json.loads(json.dumps(done.as_dict()))["losses"][0]["count"] == 2
    same = PushResult("bolt://h", changed=False, counts={"nodes": 1})
    assert str(same) == "nothing to do: the graph is already at bolt://h\n1 nodes\nnothing is lost"


@pytest.mark.parametrize("odd", ["\udcff", "\r\n", "\0"])
def test_a_login_that_cannot_be_sent_is_refused_and_not_shown(odd: str) -> None:
    for user, password in ((f"xyzzy{odd}", "good"), ("good", f"xyzzy{odd}")):
        with pytest.raises(UsageError, match="cannot be sent") as caught:
            Credentials(user, password)
        assert "xyzzy" not in str(caught.value)


def test_the_login_of_the_settings_is_whole_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POSTHOLDER_PUSH_USER", raising=False)
    monkeypatch.setenv("POSTHOLDER_PUSH_PASSWORD", "secret")
    assert of_settings() is None
    monkeypatch.setenv("POSTHOLDER_PUSH_USER", "ada")
    assert of_settings() == Credentials("ada", "secret")
    monkeypatch.delenv("POSTHOLDER_PUSH_PASSWORD")
    assert of_settings() is None
