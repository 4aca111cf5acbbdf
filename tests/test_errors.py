"""Errors: one tree, documented by name, with the exit status that the command line promises."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from postholder import errors
from postholder.errors import Place, PostholderError

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "errors.md"


def classes() -> list[type[PostholderError]]:
    found: list[type[PostholderError]] = []
    waiting: list[type[PostholderError]] = [PostholderError]
    while waiting:
        current = waiting.pop(0)
        found.append(current)
        waiting += [c for c in current.__subclasses__() if c.__module__ == errors.__name__]
    return found


def test_there_are_errors() -> None:
    assert len(classes()) > 10


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    drawn: dict[str, str] = {}
    stack: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"^([\u2502\u251c\u2514\u2500 ]*)([A-Z]\w*Error)\b", line)
        if match:
            depth = len(match.group(1)) // 4
            del stack[depth:]
            drawn[match.group(2)] = stack[-1] if stack else ""
            stack.append(match.group(2))
    real = {c.__name__: c.__bases__[0].__name__ if c is not PostholderError else "" for c in classes()}
    assert drawn == real


def test_the_module_has_no_error_outside_the_tree() -> None:
    raised = {n for n, o in vars(errors).items() if isinstance(o, type) and issubclass(o, Exception)}
    assert raised == {c.__name__ for c in classes()}


def test_a_wrong_call_exits_with_2_and_what_cannot_be_done_with_3() -> None:
    codes = {c.__name__: c.exit_code for c in classes()}
    assert {n for n, code in codes.items() if code == 2} == {
        "UsageError",
        "UnknownNameError",
        "BadParameterError",
        "RefusedQueryError",
        "WouldOverwriteError",
        "QuerySyntaxError",
    }
    assert set(codes.values()) == {2, 3}


@pytest.mark.parametrize("error", classes(), ids=lambda c: c.__name__)
def test_every_error_is_told_in_the_reference(error: type[PostholderError]) -> None:
    headings = re.findall(r"^## (\w+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert error("x").name in headings or error is PostholderError


def test_the_reference_tells_of_no_other_error() -> None:
    headings = re.findall(r"^## (\w+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(headings) == len(set(headings))
    assert set(headings) <= {c("x").name for c in classes()}


@pytest.mark.parametrize("error", classes(), ids=lambda c: c.__name__)
def test_every_error_has_a_docstring_and_a_stable_name(error: type[PostholderError]) -> None:
    assert error.__doc__
    assert error("x").name == error.__name__.removesuffix("Error")


def test_an_error_says_where_what_and_what_to_do() -> None:
    error = PostholderError("it is broken", hint="mend it", place=Place("a.ttl", 3, 7))
    assert str(error) == "a.ttl:3:7: it is broken\n  hint: mend it"
    assert str(PostholderError("it is broken")) == "it is broken"
    assert str(PostholderError("it is broken", place=Place("a.ttl"))) == "a.ttl: it is broken"


def test_a_place_leaves_out_what_it_does_not_know() -> None:
    assert [str(p) for p in (Place("a"), Place("a", 1), Place("a", 1, 2), Place("a", None, 2))] == [
        "a",
        "a:1",
        "a:1:2",
        "a:2",
    ]


@pytest.mark.parametrize("error", classes(), ids=lambda c: c.__name__)
def test_an_error_survives_the_way_from_another_process(error: type[PostholderError]) -> None:
    before = error("m", hint="h", place=Place("f", 1))
    after = pickle.loads(pickle.dumps(before))  # noqa: S301 - our own bytes
    assert type(after) is error
    assert (after.message, after.hint, after.place) == ("m", "h", Place("f", 1))


def test_every_error_raised_in_the_package_is_ours() -> None:
    """No module raises a bare Exception, and none raises an error that the tree does not know."""
    root = Path(errors.__file__).parent
    known = {c.__name__ for c in classes()} | {"AttributeError", "ValueError", "TypeError"}
    raised: dict[str, set[str]] = {}
    for path in root.rglob("*.py"):
        for name in re.findall(r"raise ([A-Z]\w+)\(", path.read_text(encoding="utf-8")):
            raised.setdefault(name, set()).add(path.name)
    assert len(raised) > 8
    raised.pop("_Unreadable", None)
    assert {n: w for n, w in raised.items() if n not in known and not n.startswith("argparse")} == {}
