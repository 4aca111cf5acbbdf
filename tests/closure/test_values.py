"""Known answers about values, as the recommendations have them: which are one, which are two, which is of what."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from pyoxigraph import Literal, NamedNode

from postholder import terms
from postholder.closure.datatypes import DATATYPES, supers
from postholder.closure.values import differ, is_member, value

SPACES = {"xsd": terms.XSD, "rdf": terms.RDF, "rdfs": terms.RDFS}


def iri(name: str) -> str:
    """Return a datatype by its name; one of XML Schema needs no prefix."""
    prefix, _, local = name.rpartition(":")
    return SPACES[prefix or "xsd"] + local


def lit(text: str, name: str = "string") -> Literal:
    if name.startswith("@"):
        return Literal(text, language=name[1:])
    return Literal(text, datatype=NamedNode(iri(name)))


SAME = {
    "a number however it is written": [
        ("1", "integer"), ("01", "integer"), ("+1", "integer"), ("1.0", "decimal"), ("1.", "decimal"), ("1", "byte"),
        ("1", "positiveInteger"), ("1.000", "decimal"),
    ],
    "zero has no sign among decimals": [("0", "integer"), ("-0", "integer"), ("-0.0", "decimal"), ("+0", "byte")],
    "the last of many digits": [("9" * 60, "integer"), ("9" * 60 + ".0", "decimal")],
    "truth": [("true", "boolean"), ("1", "boolean")],
    "untruth": [("false", "boolean"), ("0", "boolean")],
    "a floating-point number": [("1", "double"), ("1.0", "double"), ("10e-1", "double"), ("0.1E1", "double")],
    "beyond double precision": [("0.1", "double"), ("0.1000000000000000055", "double")],
    "beyond single precision": [("0.1", "float"), ("0.100000001", "float")],
    "infinity": [("INF", "double"), ("+INF", "double"), ("1e400", "double")],
    "infinity in single precision": [("INF", "float"), ("1e39", "float"), ("1e400", "float")],
    "minus infinity in single precision": [("-INF", "float"), ("-1e39", "float")],
    "no number is the same as itself": [("NaN", "double"), ("NaN", "double")],
    "minus zero": [("-0", "double"), ("-0.0e5", "double"), ("-1e-400", "double")],
    "minus zero in single precision": [("-0", "float"), ("-1e-60", "float")],
    "midnight": [("2020-02-28T24:00:00", "dateTime"), ("2020-02-29T00:00:00", "dateTime")],
    "midnight of a leap day": [("2020-02-29T24:00:00Z", "dateTime"), ("2020-03-01T00:00:00Z", "dateTime")],
    "midnight of a year": [("1999-12-31T24:00:00", "dateTime"), ("2000-01-01T00:00:00", "dateTime")],
    "midnight of the year 0": [("-0001-12-31T24:00:00", "dateTime"), ("0000-01-01T00:00:00", "dateTime")],
    "midnight without a day": [("24:00:00", "time"), ("00:00:00", "time"), ("24:00:00.00", "time")],
    "no offset": [
        ("2020-01-01T00:00:00Z", "dateTime"), ("2020-01-01T00:00:00+00:00", "dateTime"),
        ("2020-01-01T00:00:00-00:00", "dateTime"), ("2020-01-01T00:00:00Z", "dateTimeStamp"),
    ],
    "a part of a second": [("12:00:00.5", "time"), ("12:00:00.500", "time")],
    "no part of a second": [("2020-01-01T12:00:00", "dateTime"), ("2020-01-01T12:00:00.000", "dateTime")],
    "a day": [("2020-01-01Z", "date"), ("2020-01-01+00:00", "date")],
    "bytes": [("0fb7", "hexBinary"), ("0FB7", "hexBinary"), ("0Fb7", "hexBinary")],
    "bytes of base 64": [("YWJj", "base64Binary"), ("Y W J j", "base64Binary")],
    "no bytes": [("", "base64Binary"), ("", "base64Binary")],
    "a text": [("a", "string"), ("a", "token"), ("a", "NCName"), ("a", "language"), ("a@", "rdf:PlainLiteral")],
    "a text with an at sign": [("a@b", "string"), ("a@b@", "rdf:PlainLiteral")],
    "the case of a language": [("a", "@en-GB"), ("a", "@EN-gb"), ("a@en-GB", "rdf:PlainLiteral")],
}  # fmt: skip
DIFFERENT = {
    "numbers": [("1", "integer"), ("2", "integer"), ("1.5", "decimal"), ("-1", "integer")],
    "the last of many digits": [("9" * 60, "integer"), ("9" * 59 + "8", "integer"), ("9" * 60 + ".1", "decimal")],
    "far behind the point": [("0." + "0" * 60 + "1", "decimal"), ("0", "decimal")],
    "kinds of numbers": [("1", "integer"), ("1", "double"), ("1", "float"), ("1", "boolean"), ("1", "string")],
    "truth and untruth": [("true", "boolean"), ("0", "boolean")],
    "the two zeros": [("0", "double"), ("-0", "double")],
    "the two zeros in single precision": [("0", "float"), ("-0", "float")],
    "what is no number": [("NaN", "double"), ("INF", "double"), ("-INF", "double"), ("0", "double")],
    "no number of either precision": [("NaN", "double"), ("NaN", "float")],
    "a tenth and its neighbour": [("0.1", "double"), ("0.10000000000000002", "double")],
    "a tenth and its neighbour in single precision": [("0.1", "float"), ("0.10000001", "float")],
    "one moment in two zones": [
        ("2020-01-01T10:00:00Z", "dateTime"), ("2020-01-01T11:00:00+01:00", "dateTime"),
        ("2020-01-01T05:00:00-05:00", "dateTime"), ("2020-01-01T10:00:00", "dateTime"),
    ],
    "moments": [
        ("2020-01-01T10:00:00Z", "dateTime"), ("2020-01-01T10:00:01Z", "dateTime"),
        ("2020-01-01T10:01:00Z", "dateTime"), ("2020-01-02T10:00:00Z", "dateTime"),
        ("2020-02-01T10:00:00Z", "dateTime"), ("2021-01-01T10:00:00Z", "dateTime"),
        ("-2020-01-01T10:00:00Z", "dateTime"), ("2020-01-01T10:00:00.1Z", "dateTime"),
    ],
    "times with long parts of seconds": [("00:00:00." + "1" * 40, "time"), ("00:00:00." + "1" * 41, "time")],
    "times in two zones": [("00:00:00Z", "time"), ("00:00:00+00:30", "time"), ("00:00:00-00:30", "time")],
    "a leap day and the next": [("2020-02-29", "date"), ("2020-03-01", "date"), ("2020-02-28", "date")],
    "a day and its midnight": [("2020-01-01", "date"), ("2020-01-01T00:00:00", "dateTime")],
    "years of many digits": [("9" * 30 + "-01-01", "date"), ("9" * 29 + "8-01-01", "date")],
    "bytes": [("00", "hexBinary"), ("", "hexBinary"), ("0000", "hexBinary")],
    "kinds of bytes": [("61", "hexBinary"), ("YQ==", "base64Binary")],
    "texts": [("a", "string"), ("A", "string"), ("a ", "string"), ("", "string")],
    "kinds of texts": [("a", "string"), ("a", "anyURI"), ("a", "@en"), ("<a/>", "rdf:XMLLiteral")],
    "languages": [("a", "@en"), ("a", "@en-GB"), ("b", "@en")],
    "plain literals": [("a@", "rdf:PlainLiteral"), ("b@", "rdf:PlainLiteral"), ("a@en", "rdf:PlainLiteral")],
}  # fmt: skip
UNTOLD = {
    "a text that is no value": [("1", "integer"), ("one", "integer"), ("2020-02-30", "date"), ("YQ", "base64Binary")],
    "a datatype that nobody knows": [("2020", "gYear"), ("2021", "gYear"), ("1", "integer")],
    "a datatype without texts": [("a", "rdfs:Literal"), ("b", "rdfs:Literal"), ("a", "string")],
    "a plain literal that does not end": [("a", "rdf:PlainLiteral"), ("a", "string")],
    "markup": [("<a/>", "rdf:XMLLiteral"), ("<a></a>", "rdf:XMLLiteral"), ("<a></a>", "rdf:HTML")],
    "a year that nobody compares": [("9" * 50 + "-01-01", "date"), ("8" * 50 + "-01-01", "date")],
}


@pytest.mark.parametrize("known", SAME.values(), ids=SAME)
def test_one_value(known: list[tuple[str, str]]) -> None:
    values = {value(lit(*k)) for k in known}
    assert len(values) == 1
    assert None not in values
    assert not any(differ(lit(*one), lit(*other)) for one, other in product(known, repeat=2))


@pytest.mark.parametrize("known", DIFFERENT.values(), ids=DIFFERENT)
def test_two_values(known: list[tuple[str, str]]) -> None:
    pairs = list(combinations([lit(*k) for k in known], 2))
    assert pairs
    assert [p for p in pairs if not differ(*p) or not differ(*reversed(p))] == []
    assert not any(differ(one, one) for one, _ in pairs)


@pytest.mark.parametrize("known", UNTOLD.values(), ids=UNTOLD)
def test_what_cannot_be_told_is_not_held_to_differ(known: list[tuple[str, str]]) -> None:
    pairs = list(combinations([lit(*k) for k in known], 2))
    assert pairs
    assert [p for p in pairs if differ(*p) or differ(*reversed(p))] == []


EXAMPLES = {
    "xsd:decimal": "1.5", "xsd:integer": "1", "xsd:nonNegativeInteger": "1", "xsd:positiveInteger": "1",
    "xsd:nonPositiveInteger": "-1", "xsd:negativeInteger": "-1", "xsd:long": "1", "xsd:int": "1", "xsd:short": "1",
    "xsd:byte": "1", "xsd:unsignedLong": "1", "xsd:unsignedInt": "1", "xsd:unsignedShort": "1", "xsd:unsignedByte": "1",
    "xsd:string": "a\tb", "xsd:normalizedString": " a", "xsd:token": "a b", "xsd:language": "a", "xsd:NMTOKEN": "a",
    "xsd:Name": "a", "xsd:NCName": "a", "xsd:anyURI": "http://x/", "xsd:boolean": "true", "xsd:double": "1",
    "xsd:float": "1", "xsd:date": "2020-01-01", "xsd:time": "00:00:00", "xsd:dateTime": "2020-01-01T00:00:00",
    "xsd:dateTimeStamp": "2020-01-01T00:00:00Z", "xsd:hexBinary": "00", "xsd:base64Binary": "YQ==",
    "rdf:XMLLiteral": "<a/>", "rdf:HTML": "<a>",
}  # fmt: skip
"""A value of each datatype that has texts and no others than its own."""
ALSO = {
    **dict.fromkeys(
        [
            "xsd:integer", "xsd:nonNegativeInteger", "xsd:positiveInteger", "xsd:long", "xsd:int", "xsd:short",
            "xsd:byte", "xsd:unsignedLong", "xsd:unsignedInt", "xsd:unsignedShort", "xsd:unsignedByte",
        ],
        "decimal integer nonNegativeInteger positiveInteger long int short byte unsignedLong unsignedInt unsignedShort "
        "unsignedByte",
    ),
    **dict.fromkeys(
        ["xsd:nonPositiveInteger", "xsd:negativeInteger"],
        "decimal integer nonPositiveInteger negativeInteger long int short byte",
    ),
    "xsd:normalizedString": "string normalizedString",
    "xsd:token": "string normalizedString token",
    **dict.fromkeys(
        ["xsd:language", "xsd:NMTOKEN", "xsd:Name", "xsd:NCName"],
        "string normalizedString token language NMTOKEN Name NCName",
    ),
    "xsd:dateTimeStamp": "dateTime dateTimeStamp",
}  # fmt: skip
"""The datatypes of which the value is, where it is of more than its own."""
TEXTS = {terms.XSD + n for n in ["string", "normalizedString", "token", "language", "NMTOKEN", "Name", "NCName"]}


def test_there_is_an_example_of_each_datatype() -> None:
    abstract = {iri(n) for n in ("rdfs:Literal", "rdf:PlainLiteral", "rdf:langString")}
    assert {iri(n) for n in EXAMPLES} == DATATYPES - abstract


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_value_is_of_its_datatypes_and_of_no_other(name: str) -> None:
    literal = lit(EXAMPLES[name], name)
    of = {d for d in DATATYPES if is_member(literal, d)}
    wanted = {iri(n) for n in ALSO.get(name, name).split()} | {terms.RDFS + "Literal"}
    if iri(name) in TEXTS:
        wanted.add(terms.RDF + "PlainLiteral")
    assert of == wanted
    assert of >= set(supers(iri(name)))
    untold = {d for d in DATATYPES if is_member(literal, d) is None}
    markup = {iri("rdf:XMLLiteral"), iri("rdf:HTML")}
    assert untold == (markup - {iri(name)} if iri(name) in markup else set())


MEMBERS = [
    ("1.0", "decimal", "integer", True),
    ("1.0", "decimal", "byte", True),
    ("1.5", "decimal", "integer", False),
    ("127", "integer", "byte", True),
    ("128", "integer", "byte", False),
    ("-129.00", "decimal", "byte", False),
    ("-0.0", "decimal", "nonNegativeInteger", True),
    ("-0", "integer", "nonPositiveInteger", True),
    ("0", "byte", "positiveInteger", False),
    ("18446744073709551615", "integer", "unsignedLong", True),
    ("18446744073709551616", "integer", "unsignedLong", False),
    ("1", "double", "decimal", False),
    ("1", "float", "double", False),
    ("1", "boolean", "integer", False),
    ("2020-01-01T00:00:00Z", "dateTime", "dateTimeStamp", True),
    ("2020-01-01T00:00:00+14:00", "dateTime", "dateTimeStamp", True),
    ("2020-01-01T00:00:00", "dateTime", "dateTimeStamp", False),
    ("2020-01-01T00:00:00Z", "dateTimeStamp", "date", False),
    (" a", "string", "token", False),
    ("a b", "string", "token", True),
    ("a b", "token", "NMTOKEN", False),
    ("a:b", "Name", "NCName", False),
    ("1", "NMTOKEN", "Name", False),
    ("zh-Hans", "string", "language", True),
    ("a", "@en", "rdf:langString", True),
    ("a", "@en", "rdf:PlainLiteral", True),
    ("a", "@en", "string", False),
    ("a@en", "rdf:PlainLiteral", "rdf:langString", True),
    ("a@en", "rdf:PlainLiteral", "string", False),
    ("a@", "rdf:PlainLiteral", "string", True),
    ("a@", "rdf:PlainLiteral", "NCName", True),
    ("a b@", "rdf:PlainLiteral", "NCName", False),
    ("a", "rdf:PlainLiteral", "string", None),
    ("one", "integer", "integer", None),
    ("one", "integer", "string", None),
    ("one", "integer", "rdfs:Literal", True),
    ("2020", "gYear", "rdfs:Literal", True),
    ("2020", "gYear", "gYear", None),
    ("2020", "gYear", "integer", None),
    ("1", "integer", "gYear", None),
    ("a", "rdfs:Literal", "string", None),
]


@pytest.mark.parametrize(("text", "name", "datatype", "known"), MEMBERS)
def test_members(text: str, name: str, datatype: str, known: bool | None) -> None:
    assert is_member(lit(text, name), iri(datatype)) is known


LONG = 20_000
"""Python reads no integer of more than 4300 digits."""
HOSTILE = {
    "a long integer": ("9" * LONG, "integer", {"integer", "decimal", "nonNegativeInteger", "positiveInteger"}),
    "a long fraction": ("0." + "1" * LONG, "decimal", {"decimal"}),
    "a long nothing": ("1." + "0" * LONG, "decimal", {"decimal", "integer", "byte"}),
    "long zeros": ("0" * LONG + "7", "integer", {"decimal", "integer", "byte"}),
    "a long double": ("1" * LONG, "double", {"double"}),
    "a double of a great exponent": ("1e" + "9" * LONG, "double", {"double"}),
    "a float of a small exponent": ("1e-" + "9" * LONG, "float", {"float"}),
    "a long part of a second": ("2020-01-01T00:00:00." + "1" * LONG + "Z", "dateTime", {"dateTime", "dateTimeStamp"}),
    "a long word": ("a" * LONG, "string", {"string", "token", "NCName"}),
    "long bytes": ("ab" * LONG, "hexBinary", {"hexBinary"}),
}


@pytest.mark.parametrize("case", HOSTILE.values(), ids=HOSTILE)
def test_long_texts_are_told_exactly(case: tuple[str, str, set[str]]) -> None:
    text, name, wanted = case
    literal = lit(text, name)
    assert wanted <= {d.removeprefix(terms.XSD) for d in DATATYPES if is_member(literal, d)}
    assert not differ(literal, lit(text, name))
    assert differ(literal, lit("0" + text if name == "string" else "00", "string" if name == "string" else "hexBinary"))


def test_long_years_are_not_compared() -> None:
    assert value(lit("1" * LONG + "-01-01", "date")) is None
    assert is_member(lit("1" * LONG + "-01-01", "date"), iri("date")) is None
