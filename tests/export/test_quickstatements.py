"""QuickStatements: each line by a strict reader of the documented grammar; nothing that is not so is written."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad
from tests.export import asked

from postholder.export.plain import one_line
from postholder.export.quickstatements import quoted, time
from postholder.graph import DEFAULT

if TYPE_CHECKING:
    from tests.export.conftest import Writer

    from postholder.api import KnowledgeGraph

ITEM = re.compile(r"Q[1-9][0-9]*")
STRING = re.compile(r'"([^\t\r\n]*)"')
TEXT = re.compile(r'([a-z]{2,3}(?:-[a-z]{2,8})?):"([^\t\r\n]*)"')
TIME = re.compile(r"\+([0-9]{4})-([0-9]{2})-([0-9]{2})T00:00:00Z/(9|10|11)")
NAMING = re.compile(r"([LAD])([a-z]{2,3}(?:-[a-z]{2,8})?)")
DATATYPES = {
    **dict.fromkeys(("P31", "P39", "P361", "P749", "P1365", "P1366", "P2389"), "item"),
    **dict.fromkeys(("P580", "P582"), "time"),
    **dict.fromkeys(("P973", "P854"), "string"),
    "P1476": "text",
}


@dataclass
class Statement:
    """A statement with its qualifiers and its reference."""

    subject: str
    prop: str
    value: str
    qualifiers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    reference: dict[str, str] = field(default_factory=dict)


@dataclass
class Read:
    """What a run of the tool would do: new items with names and statements, and statements on old ones."""

    names: list[dict[str, list[str]]] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)


def value(prop: str, text: str) -> str:
    """Read a value as the datatype of the property asks."""
    kind = DATATYPES["P" + prop[1:]]
    if kind == "item":
        assert ITEM.fullmatch(text)
        return text
    if kind == "time":
        year, month, day, precision = TIME.fullmatch(text).groups()  # type: ignore[union-attr]
        assert (month == "00", day == "00") == (precision == "9", precision != "11")
        return "-".join((year, month, day)[: int(precision) - 8])
    match = (TEXT if kind == "text" else STRING).fullmatch(text)
    assert match
    found = match.group(match.lastindex or 0).strip()
    assert found
    return found


def read(text: str) -> Read:
    """Read commands; what is not in the grammar fails."""
    found = Read()
    assert not text or text.endswith("\n")
    assert len(text.splitlines()) == text.count("\n")
    for line in text.splitlines():
        assert line == line.strip()
        if line == "CREATE":
            found.names.append(defaultdict(list))
            continue
        subject, prop, first, *rest = line.split("\t")
        assert ITEM.fullmatch(subject) or (subject == "LAST" and found.names)
        subject = f"new {len(found.names)}" if subject == "LAST" else subject
        if naming := NAMING.fullmatch(prop):
            assert not rest
            assert subject.startswith("new")
            name = STRING.fullmatch(first).group(1).strip()  # type: ignore[union-attr]
            assert 0 < len(name) <= 250
            assert naming.group(1) == "A" or prop not in found.names[-1]
            found.names[-1][prop].append(name)
            continue
        statement = Statement(subject, prop, value(prop, first))
        assert len(rest) % 2 == 0
        for key, given_value in zip(rest[::2], rest[1::2], strict=True):
            if key.startswith("S"):
                assert key not in statement.reference
                statement.reference[key] = value(key, given_value)
            else:
                assert not statement.reference  # qualifiers come first
                statement.qualifiers[key].append(value(key, given_value))
        found.statements.append(statement)
    return found


@pytest.mark.parametrize(
    "bad",
    [
        "CREATE", 'LAST\tLen\t"x"\n', "CREATE\nLAST\tLen\tx\n", 'CREATE\nLAST\tLen\t"a\tb"\n', "Q1\tP39\tLAST\n",
        "Q1\tP39\tQ2\tP580\n", "Q1\tP39\tQ2\tP580\t+2020-01-01T00:00:00Z/9\n", "Q1\tP39\tQ2\tP580\t2020-01-01\n",
        "Q1\tP39\tQ02\n", "Q1\tP39\tQ2\tS854\thttps://e.example\n", "Q1\tP9999\tQ2\n", "Q1\tP31\tQ5\u2028\n",
    ],
)  # fmt: skip
def test_the_reader_is_strict(bad: str) -> None:
    with pytest.raises((AssertionError, AttributeError, KeyError, ValueError)):
        read(bad)


@given(st.text())
def test_any_text_is_one_value(text: str) -> None:
    line = one_line(text)
    match = STRING.fullmatch(quoted(line))
    assert match
    assert match.group(1).strip() == line
    (cell,) = next(csv.reader(io.StringIO(quoted(line)), delimiter="\t"), [""]) or [""]
    assert not cell.startswith(("=", "+", "-", "@"))  # a spreadsheet takes it for text


def test_time() -> None:
    assert time("2023") == "+2023-00-00T00:00:00Z/9"
    assert time("2023-09") == "+2023-09-00T00:00:00Z/10"
    assert time("0044-03-15") == "+0044-03-15T00:00:00Z/11"


def test_the_nasty_dataset(write: Writer, people: list[Quad]) -> None:
    files, account = write("quickstatements", people)
    found = read(files[""])
    assert account.counts == {
        "new items": len(found.names),
        "statements": sum(s.prop not in {"P31", "P973"} for s in found.statements),
    }
    told = {(s.subject, s.prop, s.value): s for s in found.statements if not s.subject.startswith("new")}
    assert {(*k, tuple(sorted((p, *v) for p, v in s.qualifiers.items()))) for k, s in told.items()} == {
        ("Q101", "P39", "Q301", (("P1365", "Q102"), ("P580", "2023-09-10"))),
        ("Q101", "P39", "Q302", (("P580", "2020-03"),)),
        ("Q102", "P39", "Q301", (("P580", "2018"), ("P582", "2019-05"))),
        ("Q202", "P749", "Q201", (("P580", "2022-01-01"),)),
        ("Q203", "P749", "Q201", ()),
        ("Q203", "P749", "Q202", ()),
        ("Q301", "P361", "Q201", ()),
        ("Q301", "P2389", "Q201", ()),
        ("Q302", "P361", "Q202", ()),
        ("Q302", "P361", "Q203", ()),
    }
    assert told["Q101", "P39", "Q301"].reference == {
        "S854": "https://w3id.org/postholder/id/document/e#char=0,9",
        "S1476": "Brief of two lines",
    }
    names = {n["Len"][0]: n for n in found.names}
    assert {"Ann", '-2+3|cmd "; quoted" name', "Clerk", "Fresh", "No web address"} <= set(names)
    assert names["Ann"] == {"Len": ["Ann"], "Aen": ["Ann; the first"], "Lzh-hans": ["安"]}
    assert not {"Bob", "Hoped for", "Wished for", "Twice", "the rest", "Hoped", "xin"} & {
        name for n in found.names for given_names in n.values() for name in given_names
    }
    kinds = [s for s in found.statements if s.prop == "P31"]
    assert len(kinds) == len(found.names)
    assert {s.value for s in kinds} == {"Q5", "Q4164871", "Q783794", "Q43229"}


def test_the_shipped_things_are_new_and_join_nothing(write: Writer, shipped: KnowledgeGraph) -> None:
    files, account = write("quickstatements", list(shipped.quads))
    found = read(files[""])
    assert len(found.names) > 40
    assert account.counts["statements"] == 0
    assert {loss.id for loss in account.losses} >= {"no-item", "planned", "unnamed", "undecided-relations"}
    names = {name for n in found.names for name in n["Len"]}
    assert {"Lu Su", "CTO of Alibaba Group", "Alibaba Group"} <= names
    # Nobody unnamed, and nothing of which there is only a plan.
    assert not {n for n in names if n.startswith(("Unnamed", "Asset management company", "Helper in setting up"))}


def test_the_same_holders_and_days_as_the_graph(write: Writer, shipped: KnowledgeGraph) -> None:
    """Give each thing an item, and read the statements back as who holds what since when."""
    kinds = ("person/", "post/", "unit/")
    iris = sorted({q.subject.value for q in shipped.quads if isinstance(q.subject, NamedNode)})
    numbers = {iri: f"Q{n}" for n, iri in enumerate(iris, 1000) if iri.startswith(tuple(map(ID.__add__, kinds)))}
    match = NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch")
    items = [
        Quad(NamedNode(i), match, NamedNode(f"http://www.wikidata.org/entity/{q}"), DEFAULT) for i, q in numbers.items()
    ]
    files, account = write("quickstatements", [*shipped.quads, *items])
    things = {q: iri for iri, q in numbers.items()}
    found = read(files[""])
    assert found.names == []
    held = {(things[s.subject], things[s.value]): s for s in found.statements if s.prop == "P39"}
    assert len(held) == sum(s.prop == "P39" for s in found.statements)
    assert set(held) == asked.actual(shipped)
    for bound, prop in (("Start", "P580"), ("End", "P582")):
        days = {h: day for h, day in asked.days(shipped.quads, bound).items() if h in held}
        assert len(days) > 2
        assert {h: s.qualifiers[prop][0] for h, s in held.items() if s.qualifiers[prop]} == days
    assert all(s.reference["S854"].startswith("https://w3id.org/postholder/id/document/") for s in held.values())
    # Each certain succession of which both sides end and begin on one day.
    rows = [r for r in shipped.query("successions") if r["standing"] == "certain" and r["left"] == r["came"]]
    assert len(rows) > 3
    for prop, one, other in (("P1365", "successor", "predecessor"), ("P1366", "predecessor", "successor")):
        assert {(*h, things[q]) for h, s in held.items() for q in s.qualifiers[prop]} == {
            (str(r[one]), str(r["post"]), str(r[other])) for r in rows
        }
    assert "no-item" not in {loss.id for loss in account.losses}


ID = "https://w3id.org/postholder/id/"


@pytest.mark.parametrize(
    "item",
    ["http://www.wikidata.org/entity/Q0", "http://www.wikidata.org/entity/Q1/P31", "http://www.wikidata.org/wiki/Q7",
     "http://www.wikidata.org.evil.example/entity/Q7", "http://www.wikidata.org/entity/Q٧"],
)  # fmt: skip
def test_what_is_no_item_is_none(item: str, write: Writer) -> None:
    person, label = NamedNode(ID + "person/x"), NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    ontology, rdf = NamedNode(ID + "graph/ontology"), "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    cls = NamedNode("https://w3id.org/postholder/ns#Person")
    quads = [
        Quad(cls, NamedNode(rdf), NamedNode("http://www.w3.org/2002/07/owl#Class"), ontology),
        Quad(person, NamedNode(rdf), cls, DEFAULT),
        Quad(person, label, Literal("X", language="en"), DEFAULT),
        Quad(person, NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch"), NamedNode(item), DEFAULT),
    ]
    assert write("quickstatements", quads)[0][""].startswith('CREATE\nLAST\tLen\t"X"\n')


def test_an_empty_dataset_has_no_commands(write: Writer) -> None:
    files, account = write("quickstatements", [])
    assert files[""] == ""
    assert account.losses == ()
