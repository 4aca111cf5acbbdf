"""Parameter values become terms: no text of a user is ever read as query text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from postholder import terms
from postholder.errors import BadParameterError, ParseError, UnknownNameError
from postholder.queries import bind
from postholder.queries.catalog import Parameter, Question
from postholder.stores.oxigraph import OxigraphStore
from postholder.stores.rdflib import RdflibStore

if TYPE_CHECKING:
    from postholder.stores.base import Store

LU_SU = terms.ID + "person/lu-su"
LABELS = {
    LU_SU: "Lu Su",
    terms.ID + "unit/taobao": "Taobao",
    terms.ID + "brand/taobao": "Taobao",
    terms.ID + "post/group-cto": "CTO of Alibaba Group",
    terms.PH + "Post": "post",
}
NAMES = bind.Names(LABELS, {"person": terms.ID + "person/", "ph": terms.PH})
STORES: list[Store] = [OxigraphStore([]), RdflibStore([])]

HOSTILE = [
    '" } ; DROP ALL #',
    "' } UNION { ?s ?p ?o } #",
    "} } SERVICE <http://127.0.0.1:9/> {",
    '""" } """',
    "\\",
    '\\"',
    "a\nb\r\nc\td",
    "UNDEF }",
    "{ UNDEF } VALUES ?x { UNDEF }",
    "<http://x/>",
    "\\u0041",
    "\\u0022 } #",
    "\\\\u005C",
    "\\U0001F600",
    "C:\\users\\Uma",
    "\\u00220041",
    "\\N\\n",
    "\x00\x07\x1b[31m\x7f\x85\u2028",
    "😀 中文 \ufeff",
    "",
]


def question(text: str, **types: str) -> Question:
    parameters = tuple(Parameter(name, kind, "a value") for name, kind in types.items())
    return Question(
        "asked", "topic", "?", "", (), parameters, (("x", "it"),), ("x",), "", "stated", "none", "0.1.0", text
    )


ECHO = question("SELECT ?x { VALUES ?x { UNDEF } }", x="string")


@pytest.mark.parametrize("store", STORES, ids=lambda s: s.name)
@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_comes_back_as_itself(value: str, store: Store) -> None:
    answer = store.query(bind.bind(ECHO, {"x": value}, NAMES))
    assert answer.columns == ("x",)
    assert answer.rows == ((Literal(value),),)


@given(
    st.text(alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from('\\uU"{}0041')), max_size=30)
)
@example("\\u0041")
@example('\\"\\u0022')
@example("\\\x07")
def test_every_string_comes_back_from_both_stores(value: str) -> None:
    text = bind.bind(ECHO, {"x": value}, NAMES)
    for store in STORES:
        assert store.query(text).rows == ((Literal(value),),), store.name


@given(st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1))
def test_every_integer_comes_back_from_both_stores(value: int) -> None:
    text = bind.bind(question("SELECT ?x { VALUES ?x { UNDEF } }", x="integer"), {"x": str(value)}, NAMES)
    expected = Literal(str(value), datatype=NamedNode(terms.XSD + "integer"))
    for store in STORES:
        assert store.query(text).rows == ((expected,),), store.name


@given(st.dates())
def test_every_day_comes_back_from_both_stores(value: object) -> None:
    text = bind.bind(question("SELECT ?x { VALUES ?x { UNDEF } }", x="date"), {"x": str(value)}, NAMES)
    expected = Literal(str(value), datatype=NamedNode(terms.XSD + "date"))
    for store in STORES:
        assert store.query(text).rows == ((expected,),), store.name


@pytest.mark.parametrize("store", STORES, ids=lambda s: s.name)
def test_what_is_not_given_is_left_free(store: Store) -> None:
    both = question("SELECT ?x ?y { VALUES ?x { UNDEF } VALUES ?y { UNDEF } }", x="string", y="string")
    assert store.query(bind.bind(both, {}, NAMES)).rows == ((None, None),)
    assert store.query(bind.bind(both, {"y": "b"}, NAMES)).rows == ((None, Literal("b")),)
    text = bind.bind(both, {"y": "VALUES ?x { UNDEF }", "x": "a"}, NAMES)
    assert store.query(text).rows == ((Literal("a"), Literal("VALUES ?x { UNDEF }")),)


def test_only_the_block_of_the_parameter_is_filled() -> None:
    text = """# VALUES ?x { UNDEF }
    SELECT ?x { BIND("VALUES ?x { UNDEF }" AS ?said) values ?x { undef } }"""
    bound = bind.bind(question(text, x="string"), {"x": "a"}, NAMES)
    assert bound == text.replace("values ?x { undef }", 'values ?x { "a" }')


def test_a_parameter_without_block_is_a_fault_of_the_file() -> None:
    with pytest.raises(ParseError, match=r"VALUES \?x"):
        bind.bind(question("SELECT ?x { VALUES ?y { UNDEF } }", x="string"), {"x": "a"}, NAMES)


def test_an_unknown_parameter_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="no parameter 'persn'") as caught:
        bind.bind(question("SELECT ?person { VALUES ?person { UNDEF } }", person="entity"), {"persn": "x"}, NAMES)
    assert caught.value.hint == "did you mean person?"


def test_an_unknown_parameter_of_a_question_without_any() -> None:
    with pytest.raises(UnknownNameError) as caught:
        bind.bind(question("SELECT ?x {}"), {"person": "x"}, NAMES)
    assert "takes no parameters" in caught.value.hint


@pytest.mark.parametrize(
    "name",
    ["Lu Su", "lu su", " LU SU ", "lu-su", "person/lu-su", "person:lu-su", LU_SU, f"<{LU_SU}>"],
)
def test_an_entity_goes_by_many_names(name: str) -> None:
    assert NAMES.find(name) == NamedNode(LU_SU)


def test_a_prefix_of_the_vocabulary_works() -> None:
    assert NAMES.find("ph:Post") == NamedNode(terms.PH + "Post")


def test_an_ambiguous_name_says_which_there_are() -> None:
    with pytest.raises(UnknownNameError, match="several things") as caught:
        NAMES.find("taobao")
    assert caught.value.hint == "say which: brand/taobao, unit/taobao"
    assert NAMES.find("unit/taobao") == NamedNode(terms.ID + "unit/taobao")


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="nothing here is called 'Lu Sue'") as caught:
        NAMES.find("Lu Sue")
    assert caught.value.hint == "did you mean Lu Su?", "as it is written, and once"


@pytest.mark.parametrize("name", ["", "zzzzqqqq", "http://elsewhere/x"])
def test_a_name_with_nothing_near_says_where_to_look(name: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        NAMES.find(name)
    assert "postholder query entities" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    ["", "2022", "2022-01", "2022-1-6", "2022-02-30", "2022-13-01", "0000-01-01", "20220106", "2022-W01-1", "next week",
     "2022-01-06T00:00:00", "2022-01-06Z", " 2022-01-06", "２０２２-01-06", "2022-01-06\n", "99999-01-01"],
)  # fmt: skip
def test_a_date_is_a_full_day(text: str) -> None:
    with pytest.raises(BadParameterError, match="not a date") as caught:
        bind.to_term(Parameter("as_of", "date", ""), text, NAMES)
    assert "2022-01-06" in caught.value.hint


@pytest.mark.parametrize("text", ["", "one", "1.5", "1e3", "0x1", "1_000", " 1", "--1", "9" * 19])
def test_an_integer_is_digits(text: str) -> None:
    with pytest.raises(BadParameterError, match="not a whole number"):
        bind.to_term(Parameter("n", "integer", ""), text, NAMES)


def test_an_integer_is_written_plainly() -> None:
    assert bind.to_term(Parameter("n", "integer", ""), "+007", NAMES) == Literal(
        "7", datatype=NamedNode(terms.XSD + "integer")
    )


def test_a_surrogate_is_no_text() -> None:
    with pytest.raises(BadParameterError, match="Unicode"):
        bind.to_term(Parameter("x", "string", ""), "a\udcffb", NAMES)


KINDS = {
    LU_SU: ["Person"],
    terms.ID + "unit/taobao": ["Unit", "Center"],
    terms.ID + "brand/taobao": ["Brand"],
}
KINDLY = bind.Names(LABELS, {}, KINDS, [("Tao", terms.ID + "brand/taobao"), ("gone", terms.ID + "brand/none")])


def test_a_kind_tells_namesakes_apart() -> None:
    assert KINDLY.find("Taobao", ["Unit"]) == NamedNode(terms.ID + "unit/taobao")
    assert KINDLY.find("Taobao", ["Brand", "Post"]) == NamedNode(terms.ID + "brand/taobao")
    with pytest.raises(UnknownNameError, match="several things"):
        KINDLY.find("Taobao", ["Unit", "Brand"])


def test_a_thing_of_another_kind_does_not_fit() -> None:
    with pytest.raises(UnknownNameError, match=r"is person/lu-su, which does not fit here \(Unit\)"):
        KINDLY.find("Lu Su", ["Unit"])
    with pytest.raises(UnknownNameError, match=r"is person/lu-su, which does not fit"):
        KINDLY.find(LU_SU, ["Unit"])


def test_only_things_of_the_kind_are_suggested() -> None:
    with pytest.raises(UnknownNameError) as caught:
        KINDLY.find("taoba", ["Brand"])
    assert "unit" not in caught.value.hint
    assert "taobao" in caught.value.hint


def test_an_alias_leads_to_its_thing() -> None:
    assert KINDLY.find("tao") == NamedNode(terms.ID + "brand/taobao")
    with pytest.raises(UnknownNameError):
        KINDLY.find("gone")


def test_the_kinds_of_a_parameter_are_used() -> None:
    parameter = Parameter("unit", "entity", "", ("Unit",))
    assert bind.to_term(parameter, "taobao", KINDLY) == NamedNode(terms.ID + "unit/taobao")


def test_a_choice_is_one_of_its_values() -> None:
    parameter = Parameter("how", "string", "", (), ("stated", "inferred"))
    assert bind.to_term(parameter, "stated", NAMES) == Literal("stated")
    with pytest.raises(BadParameterError, match="not one of its values") as caught:
        bind.to_term(parameter, "guessed", NAMES)
    assert caught.value.hint == "valid: stated, inferred"
