"""Settings: one prefix, sane defaults, and no silent misreading."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import postholder
from postholder import settings
from postholder.errors import UsageError
from postholder.settings import Settings


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start without any setting in the environment."""
    for name in (
        "POSTHOLDER_CACHE",
        "XDG_CACHE_HOME",
        "POSTHOLDER_QUERY_SECONDS",
        "POSTHOLDER_ENGINE_SECONDS",
        "POSTHOLDER_PUSH_SECONDS",
    ):
        monkeypatch.delenv(name, raising=False)


def test_the_defaults() -> None:
    found = settings.load()
    assert found == Settings(Path.home() / ".cache" / "postholder")
    assert (found.query_seconds, found.engine_seconds, found.max_contexts) == (60.0, 600.0, 256)
    assert found.max_file_bytes == 256 * 1024 * 1024
    assert found.query_bytes == 4 * 1024**3


def test_the_cache_follows_the_users_wish(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert settings.load().cache == tmp_path / "postholder"
    monkeypatch.setenv("POSTHOLDER_CACHE", str(tmp_path / "own"))
    assert settings.load().cache == tmp_path / "own"
    monkeypatch.setenv("POSTHOLDER_CACHE", "")
    assert settings.load().cache == tmp_path / "postholder"


@pytest.mark.parametrize("name", ["QUERY_SECONDS", "ENGINE_SECONDS"])
def test_a_number_is_read(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"POSTHOLDER_{name}", "2.5")
    assert getattr(settings.load(), name.lower()) == 2.5


@pytest.mark.parametrize("name", ["QUERY_SECONDS", "ENGINE_SECONDS"])
@pytest.mark.parametrize("value", ["", "soon", "0", "-1", "inf", "nan", "1,5"])
def test_what_is_no_positive_number_is_told(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"POSTHOLDER_{name}", value)
    with pytest.raises(UsageError, match=f"POSTHOLDER_{name} is {value!r}") as caught:
        settings.load()
    assert "default" in caught.value.hint


def test_the_environment_is_read_in_one_module_only() -> None:
    root = Path(postholder.__file__).parent
    readers = {
        p.relative_to(root).as_posix()
        for p in root.rglob("*.py")
        if re.search(r"os\.(environ|getenv)", p.read_text(encoding="utf-8"))
    }
    assert readers - {"cli/main.py"} == {"settings.py"}, "cli/main.py reads POSTHOLDER_DEBUG, to show its own failure"


def test_every_setting_has_the_prefix() -> None:
    root = Path(postholder.__file__).parent
    names = set()
    for path in root.rglob("*.py"):
        names |= set(re.findall(r"POSTHOLDER_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert names - {"POSTHOLDER_"} == {
        "POSTHOLDER_CACHE",
        "POSTHOLDER_DEBUG",
        "POSTHOLDER_ENGINE_SECONDS",
        "POSTHOLDER_PUSH_PASSWORD",
        "POSTHOLDER_PUSH_SECONDS",
        "POSTHOLDER_PUSH_USER",
        "POSTHOLDER_QUERY_SECONDS",
    }


def test_without_a_home_the_cache_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(UsageError, match="no home folder") as caught:
        settings.load()
    assert caught.value.hint == "set POSTHOLDER_CACHE"
