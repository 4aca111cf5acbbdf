"""Which text is a value of which datatype, at the borders; which datatypes contain and which exclude each other."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from postholder import terms
from postholder.closure.datatypes import _BOUNDS, CHECKED, DATATYPES, apart, is_value, supers

VALUES = {
    "boolean": (["true", "false", "0", "1"], ["TRUE", "yes", "", " true"]),
    "decimal": (["0", "-1.5", "+.5", "5."], ["1e3", ".", "", "many", "٣"]),
    "integer": (["0", "-01", "+7", "9" * 5000, "0" * 5000 + "1", "-" + "0" * 5000], ["1.0", "", "1 ", "one", "--1"]),
    "nonNegativeInteger": (["0", "-0", "9" * 99], ["-1", "-" + "9" * 99]),
    "positiveInteger": (["1"], ["0", "-1"]),
    "nonPositiveInteger": (["0", "-" + "9" * 99], ["1", "9" * 99]),
    "negativeInteger": (["-1"], ["0"]),
    "long": (["9223372036854775807", "-9223372036854775808"], ["9223372036854775808", "9" * 99]),
    "int": (["2147483647"], ["2147483648"]),
    "short": (["-32768"], ["-32769"]),
    "byte": (["127", "-128", "0" * 50 + "1"], ["128", "-129"]),
    "unsignedLong": (["18446744073709551615"], ["18446744073709551616", "-1"]),
    "unsignedInt": (["4294967295"], ["4294967296"]),
    "unsignedShort": (["65535"], ["65536"]),
    "unsignedByte": (["255", "0"], ["256", "-1"]),
    "double": (["0", "1e400", "INF", "-INF", "NaN", "1.5E-3"], ["inf", "1e", "e5", ""]),
    "float": (["0.0"], ["1,5"]),
    "date": (
        ["2020-02-29", "2000-02-29", "-0004-02-29", "12020-12-31", "2022-01-01Z", "2022-01-01+14:00"],
        ["2022-02-29", "1900-02-29", "2022-04-31", "2022-00-01", "2022-13-01", "22-01-01", "2022-1-1", "02022-01-01",
         "2022-01-01+15:00", "2022-01-01T00:00:00", "2022"],
    ),
    "dateTime": (
        ["2022-01-01T00:00:00", "2022-01-01T24:00:00", "2022-01-01T23:59:59.999Z"],
        ["2022-01-01", "2022-02-30T00:00:00", "2022-01-01T24:00:01", "2022-01-01T00:60:00", "2022-01-01T00:00"],
    ),
    "dateTimeStamp": (["2022-01-01T00:00:00Z"], ["2022-01-01T00:00:00"]),
    "time": (["00:00:00", "13:20:00-05:00"], ["24:00:01", "1:00:00"]),
    "hexBinary": (["", "0fB7"], ["0", "0g"]),
    "base64Binary": (
        ["", "YQ==", "YWI=", "YWJj", "Y W J j"], ["YQ", "Y===", "YQ=", "*", "YR==", "YWJ=", "YWJj ", " YWJj"],
    ),
    "normalizedString": (["a  b"], ["a\tb", "a\nb"]),
    "token": (["a b", ""], ["a  b", " a", "a\n"]),
    "language": (["en", "zh-Hans"], ["", "en_GB", "muchtoolong"]),
    "NMTOKEN": (["a:b-1", "1", "\u0301", "\xb7", "l\xb7l", "\U00010000"], ["a b", "", "\xb2", "\xaa", "a\xd7b"]),
    "Name": (["a:b", "_1", ":", "e\u0301", "\xe9"], ["1a", "-a", "", "\u0301e", "\xb7", "\xb2"]),
    "NCName": (["a-b", "e\u0301"], ["a:b", "1", "\u0301e", ":"]),
}  # fmt: skip


def test_whole_numbers_are_those_that_have_bounds() -> None:
    assert {terms.XSD + name for name in _BOUNDS} == terms.INTEGERS
    assert {d for d in DATATYPES if terms.XSD + "decimal" in {d, *supers(d)}} == terms.INTEGERS | {
        terms.XSD + "decimal"
    }


@pytest.mark.parametrize("name", VALUES)
def test_texts_and_values(name: str) -> None:
    good, bad = VALUES[name]
    datatype = terms.XSD + name
    assert [t for t in good if not is_value(t, datatype)] == []
    assert [t for t in bad if is_value(t, datatype)] == []


def test_every_check_is_tested() -> None:
    assert {terms.XSD + name for name in VALUES} == CHECKED
    assert CHECKED < DATATYPES


@pytest.mark.parametrize("datatype", [terms.XSD + "string", terms.XSD + "gYear", "http://x/own"])
def test_any_text_does_where_there_is_no_check(datatype: str) -> None:
    assert is_value("\t", datatype)


def test_containment() -> None:
    short = [d.removeprefix(terms.XSD) for d in supers(terms.XSD + "byte")]
    assert short == ["byte", "short", "int", "long", "integer", "decimal"]
    assert supers(terms.XSD + "date") == (terms.XSD + "date",)
    assert supers(terms.XSD + "gYear") == ()


def test_the_tables_are_those_of_the_reference() -> None:
    """Read in a process of its own: owlrl swaps rdflib's converters."""
    code = """import json
from owlrl.AxiomaticTriples import OWLRL_Datatypes_Disjointness as d
from owlrl.XsdDatatypes import OWL_RL_Datatypes as all, OWL_Datatype_Subsumptions as s
print(json.dumps([sorted(map(str, all)), {str(k): sorted(map(str, v)) for k, v in s.items()},
  sorted(sorted([str(a), str(b)]) for a, _, b in d)]))"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    known, contained, disjoint = json.loads(done.stdout)
    assert sorted(DATATYPES) == known
    contained[terms.XSD + "NMTOKEN"].remove(terms.XSD + "Name")  # owlrl is wrong: 1 is an NMTOKEN and no Name
    assert {d: sorted(supers(d)[1:]) for d in DATATYPES if len(supers(d)) > 1} == contained
    ordered = sorted(DATATYPES)
    assert [[a, b] for n, a in enumerate(ordered) for b in ordered[n:] if apart(a, b)] == disjoint
    assert all(apart(b, a) for a, b in disjoint)
