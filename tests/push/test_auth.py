"""HTTP authentication: the examples of the standards, and what servers write otherwise."""

from __future__ import annotations

import re

import pytest

from postholder.push import auth
from postholder.push.base import Credentials

MUFASA = Credentials("Mufasa", "Circle of Life")


def test_challenges_are_read_however_they_are_put_together() -> None:
    header = 'Negotiate, Basic realm="a, b=\\"c\\"" , Digest qop="auth,auth-int", nonce=abc, stale=FALSE'
    assert auth.challenges(header) == {
        "negotiate": {},
        "basic": {"realm": 'a, b="c"'},
        "digest": {"qop": "auth,auth-int", "nonce": "abc", "stale": "FALSE"},
    }
    assert auth.challenges("") == {}
    assert auth.challenges("???") == {}


def test_basic_is_that_of_rfc_7617() -> None:
    found = auth.answer(['Basic realm="WallyWorld"'], Credentials("Aladdin", "open sesame"))
    assert found is not None
    assert found.header("GET", "/") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_digest_is_that_of_rfc_7616(algorithm: str, response: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    monkeypatch.setattr("postholder.push.auth.secrets.token_hex", lambda _: cnonce)
    header = (
        f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    found = auth.answer([header], MUFASA)
    assert found is not None
    sent = found.header("GET", "/dir/index.html")
    assert f'response="{response}"' in sent
    assert 'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"' in sent
    assert "nc=00000001" in sent
    assert "nc=00000002" in found.header("GET", "/dir/index.html")


def test_digest_without_qop_is_that_of_rfc_2069() -> None:
    found = auth.answer(['Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'], MUFASA)
    assert found is not None
    sent = found.header("GET", "/dir/index.html")
    assert "qop" not in sent
    assert re.search(r'response="[0-9a-f]{32}"', sent)


def test_digest_goes_before_basic_unless_it_cannot_be_done() -> None:
    digest = 'Digest realm="a", nonce="b", qop="auth"'
    chosen = [
        auth.answer(given, MUFASA)
        for given in (
            ["Basic", digest],
            [f"{digest}, Basic"],
            ["Basic", digest.replace("auth", "auth-int")],
            ["Basic", f"{digest}, algorithm=SHA-512-256"],
        )
    ]
    assert [c.scheme if c else None for c in chosen] == ["digest", "digest", "basic", "basic"]
    assert auth.answer(["Negotiate"], MUFASA) is None
    assert auth.answer([], MUFASA) is None


def test_no_password_is_shown() -> None:
    found = auth.answer(["Basic"], MUFASA)
    assert "Circle" not in repr(found) + repr(MUFASA)
