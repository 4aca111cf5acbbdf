"""What differs between two views: against sets worked out by enumerating every admissible world."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat

from postholder import terms
from postholder.differences.changes import around, compare, mergers, window
from postholder.differences.sides import Side
from postholder.perspective.look import look
from postholder.readings import Facts
from postholder.sources.rdf import parse_text
from postholder.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from postholder.differences.difference import Diff, Item, Shift

FIRST_DAY = date(2020, 1, 1).toordinal()
DAYS = 6
PREFIXES = "".join(
    f"PREFIX {name}: <{terms.ID}{name}/> "
    for name in ("appointment", "claim", "reading", "person", "post", "unit", "placement", "event", "reporting", "act")
) + (
    f"PREFIX ph: <{terms.PH}> PREFIX rdfs: <{terms.RDFS}> PREFIX xsd: <{terms.XSD}> PREFIX dcterms: <{terms.DCTERMS}> "
    f"PREFIX document: <{terms.ID}document/> PREFIX mechanism: <{terms.ID}mechanism/> "
    f"PREFIX ambiguity: <{terms.ID}ambiguity/> PREFIX interpretation: <{terms.ID}interpretation/> "
)


def facts(text: str) -> Facts:
    return Facts(parse_text(PREFIXES + text, "test.trig", RdfFormat.TRIG))


def claim(name: str, body: str, more: str = "ph:modality ph:actual") -> str:
    return (
        f'claim:{name} a ph:Claim ; dcterms:identifier "{name}" ; ph:hasReading reading:{name} ; {more} . '
        f"reading:{name} a ph:Reading . reading:{name} {{ {body} }} "
    )


def holding(name: str, person: str, post: str, more: str = "") -> str:
    return (
        f'post:{post} a ph:Post ; rdfs:label "{post}"@en . appointment:{name} a ph:Appointment ; '
        f'rdfs:label "{name}"@en ; '
        f"ph:holder person:{person} ; ph:post post:{post} {more} ."
    )


def day(text: str) -> str:
    return f'"{text}"^^xsd:date'


def seen(text: str, one: dict[str, Any], other: dict[str, Any]) -> Diff:
    quads = facts(text).quads
    return compare(look(quads, View.of(**one)), look(quads, View.of(**other)))


def names(items: Iterable[Item]) -> list[str]:
    return [i.thing.rsplit("/", 1)[1] for i in items]


def by(start: str = "", end: str = "") -> str:
    """Return bounds of a known start and end."""
    told = [f"ph:earliestStart {day(start)} ; ph:latestStart {day(start)}"] if start else []
    told += [f"ph:earliestEnd {day(end)} ; ph:latestEnd {day(end)}"] if end else []
    return "".join(f" ; {t}" for t in told)


HANDOVER = (
    claim("1", holding("ann", "ann", "chief", by("2020-01-01", "2020-06-01")))
    + claim("2", holding("bob", "bob", "chief", by("2020-06-01") + " ; ph:mode ph:acting"))
    + claim("3", holding("cy", "cy", "clerk", by("2020-01-01")))
)


def test_a_holder_changes() -> None:
    diff = seen(HANDOVER, {"as_of": "2020-05-31"}, {"as_of": "2020-06-01"})
    (shift,) = diff.shifts
    assert (shift.what, names(shift.first), names(shift.second)) == ("holder", ["ann"], ["bob"])
    (ann,), (bob,) = shift.first, shift.second
    assert (ann.first.standing, ann.second.standing) == ("certain", "not")
    assert (bob.first.standing, bob.second.standing) == ("not", "certain") or bob.second.standing == "possible"
    assert (ann.first.claims, bob.second.claims) == (("1",), ("2",))
    assert ann.first.dates == "began 2020-01-01; ended 2020-06-01"
    assert (diff.begun, diff.ended) == ((), ())
    assert not diff.same_day
    assert "cy" in names(diff.stayed)


def test_a_mode_changes_while_the_holder_stays() -> None:
    text = claim("1", holding("acting", "ann", "chief", by("2020-01-01", "2020-06-01") + " ; ph:mode ph:acting"))
    text += claim("2", holding("full", "ann", "chief", by("2020-06-01", "2021-01-01") + " ; ph:mode ph:substantive"))
    (shift,) = seen(text, {"as_of": "2020-05-31"}, {"as_of": "2020-06-01"}).shifts
    assert shift.what == "mode"
    assert [i.first.names("mode") for i in shift.first] == [("acting",)]
    assert [i.second.names("mode") for i in shift.second] == [("substantive",)]


def test_a_unit_moves() -> None:
    text = claim(
        "1", f"placement:a a ph:UnitPlacement ; ph:placedUnit unit:u ; ph:parentUnit unit:p {by('', '2020-06-01')} ."
    )
    text += claim(
        "2", f"placement:b a ph:UnitPlacement ; ph:placedUnit unit:u ; ph:parentUnit unit:q {by('2020-06-01')} ."
    )
    (shift,) = seen(text, {"as_of": "2020-05-31"}, {"as_of": "2020-06-01"}).shifts
    assert (shift.thing, shift.what) == (f"{terms.ID}unit/u", "parent")
    assert [i.first.names("parentUnit") for i in shift.first] == [("unit/p",)]
    assert [i.second.names("parentUnit") for i in shift.second] == [("unit/q",)]


def test_units_posts_and_lines_begin_and_end() -> None:
    text = "unit:new a ph:Unit . unit:old a ph:Unit . " + claim(
        "1",
        f"event:start a ph:UnitEstablishment ; ph:establishes unit:new ; ph:earliestDate {day('2020-06-01')} ; "
        f"ph:latestDate {day('2020-06-01')} . event:stop a ph:UnitAbolition ; ph:abolishes unit:old ; "
        f"ph:earliestDate {day('2020-06-01')} ; ph:latestDate {day('2020-06-01')} . "
        "post:new a ph:Post ; ph:postIn unit:new . post:old a ph:Post ; ph:postIn unit:old . "
        "reporting:r a ph:ReportingLine ; ph:subordinate post:old ; "
        f"ph:superior post:x {by('2019-01-01', '2020-06-01')} .",
    )
    diff = seen(text, {"as_of": "2020-05-31"}, {"as_of": "2020-06-01"})
    assert set(names(i for i in diff.begun)) == {"new", "start", "stop"}
    assert {(i.kind, i.thing.rsplit("/", 1)[1]) for i in diff.ended} == {
        ("unit", "old"), ("post", "old"), ("reporting line", "r"),
    }  # fmt: skip


MERGER = "ph:before mechanism:a , mechanism:b ; ph:after mechanism:c"


@pytest.mark.parametrize(
    ("roles", "found"),
    [
        (MERGER, [("mechanism", ("a", "b"), "c")]),
        ("ph:before mechanism:a ; ph:after mechanism:c", []),
        (f"{MERGER} , mechanism:d", []),
    ],
)
def test_an_event_merges_several_of_one_kind(roles: str, found: list[tuple[str, tuple[str, ...], str]]) -> None:
    mechanisms = " ".join(f'mechanism:{n} a ph:PlatformMechanism ; rdfs:label "{n}"@en .' for n in "abcd")
    dates = f"ph:earliestDate {day('2020-06-01')} ; ph:latestDate {day('2020-06-01')}"
    event = f"event:e a ph:Integration ; {roles} ; {dates} ."
    text = claim("1", f"{mechanisms} {event}")
    node = NamedNode(f"{terms.ID}event/e")
    assert [(m.kind, m.before, m.after) for m in mergers(node, Side(facts(text)))] == found
    diff = seen(text, {"as_of": "2020-05-31"}, {"as_of": "2020-06-01"})
    assert [(m.kind, m.before, m.after) for m in diff.mergers] == found
    assert seen(text, {"as_of": "2020-06-01"}, {"as_of": "2020-06-02"}).mergers == ()


def published(name: str, on: str) -> str:
    return (
        f"document:{name} a ph:Document ; ph:publishedEarliest {day(on)} ; ph:publishedLatest {day(on)} . "
        f"<{terms.ID}document/{name}#char=0,9> a ph:Passage ; ph:inDocument document:{name} ; ph:start 0 ; ph:end 9 . "
    )


def rests(name: str, modality: str = "actual") -> str:
    return f"ph:modality ph:{modality} ; ph:evidence <{terms.ID}document/{name}#char=0,9>"


def plan_and_effect(act: str) -> str:
    return (
        published("june", "2023-06-20")
        + published("fall", "2023-09-11")
        + claim("B", holding("zed", "zed", "chief", f" ; ph:ongoingAt {day('2023-06-20')}"), rests("june"))
        + claim("P", holding("zed", "zed", "chief", f" ; ph:ongoingAt {day('2023-09-10')}"), rests("june", "planned"))
        + claim("Q", holding("new", "new", "clerk", by("2023-09-10")), rests("june", "planned"))
        + claim("E", holding("zed", "zed", "chief", by("", "2023-09-10")), rests("fall"))
        + claim("F", holding("wu", "wu", "chief", by("2023-09-10") + " ; ph:mode ph:acting"), rests("fall"))
        + claim("G", holding("new", "new", "clerk", by("2023-09-10")), rests("fall"))
        + 'claim:P ph:statement "Zed is to stay."@en . claim:E ph:statement "Zed left."@en . '
        + act
    )


ACT = (
    "act:a a ph:Supersession ; ph:withdraws claim:P ; ph:inFavourOf claim:E ; "
    f'ph:actedOn {day("2023-09-11")} ; ph:reason "Otherwise."@en .'
)
JUNE = {"as_of": "2023-10-01", "known_at": "2023-07-01"}
FALL = {"as_of": "2023-10-01", "known_at": "2023-09-12"}


def test_two_states_of_knowledge_name_the_plan_that_was_not_carried_out() -> None:
    diff = seen(plan_and_effect(ACT), JUNE, FALL)
    assert diff.same_day
    (shift,) = diff.shifts
    assert (shift.what, names(shift.first), names(shift.second)) == ("holder", ["zed"], ["wu"])
    assert (shift.first[0].first.standing, shift.first[0].second.standing) == ("planned", "not")
    assert (shift.second[0].first.standing, shift.second[0].second.standing) == ("not told", "possible")
    (plan,) = diff.withdrawn
    assert (plan.claim, plan.statement, plan.planned, plan.reason) == ("P 0-9", "Zed is to stay.", True, "Otherwise.")
    assert plan.against == ("E 0-9: Zed left.",)
    assert plan.things == ("zed",)
    assert names(diff.confirmed) == ["new", "clerk"]
    back = seen(plan_and_effect(ACT), FALL, JUNE)
    assert back.withdrawn == ()
    assert [w.claim for w in back.restored] == ["P 0-9"]
    assert names(back.only_planned) == ["new", "clerk"]


def test_a_plan_that_nothing_withdraws_is_not_said_to_have_failed() -> None:
    diff = seen(plan_and_effect(""), JUNE, FALL)
    assert diff.withdrawn == ()
    assert diff.shifts


def test_knowledge_and_world_are_told_apart() -> None:
    text = published("early", "2020-01-01") + published("late", "2021-01-01")
    text += claim("1", holding("ann", "ann", "chief", f" ; ph:earliestStart {day('2019-01-01')}"), rests("early"))
    text += claim("2", holding("ann", "ann", "chief", f" ; ph:ongoingAt {day('2020-06-01')}"), rests("late"))
    sides = [{"as_of": "2020-06-01", "known_at": d} for d in ("2020-12-31", "2021-01-01")]
    diff = seen(text, *sides)
    assert names(diff.known_better) == ["ann"]
    assert names(diff.retold) == ["ann"]
    assert (diff.shifts, diff.begun, diff.ended, diff.known_less) == ((), (), (), ())
    back = seen(text, *reversed(sides))
    assert names(back.known_less) == ["ann"]


def test_certain_only_counts_what_is_not_certain_on_both_sides() -> None:
    text = claim("1", holding("ann", "ann", "chief", by("2020-06-01")))
    sides: list[dict[str, Any]] = [{"as_of": d, "certainty": "certain"} for d in ("2020-05-31", "2020-07-01")]
    diff = seen(text, *sides)
    assert (diff.unsure, diff.shifts, bool(diff)) == (1, (), False)
    sure = claim("1", holding("ann", "ann", "chief", by("2020-06-01", "2021-01-01")))
    assert seen(sure, *sides).shifts


def test_a_reading_is_named_where_a_thing_depends_on_one() -> None:
    text = (
        "ambiguity:q a ph:Ambiguity . interpretation:x ph:interpretationOf ambiguity:q ; "
        'ph:interpretationStatus ph:open ; rdfs:label "it is X"@en . '
        "interpretation:y ph:interpretationOf ambiguity:q ; ph:interpretationStatus ph:open ; "
        'rdfs:label "it is Y"@en . claim:1 a ph:Claim ; dcterms:identifier "1" ; ph:hasReading reading:x , reading:y . '
        "reading:x a ph:Reading ; ph:underInterpretation interpretation:x . "
        "reading:y a ph:Reading ; ph:underInterpretation interpretation:y . "
        f"reading:x {{ {holding('ann', 'ann', 'chief', by('2020-06-01', '2021-01-01'))} }} "
        f"reading:y {{ {holding('bob', 'bob', 'chief', by('2020-06-01', '2021-01-01'))} }} "
    )
    (shift,) = seen(text, {"as_of": "2020-05-31"}, {"as_of": "2020-06-01"}).shifts
    assert names(shift.second) == ["ann", "bob"]
    assert [i.second.reading for i in shift.second] == ["if it is X", "if it is Y"]
    assert {i.second.standing for i in shift.second} == {"possible"}


def test_names_that_one_side_unites_count_as_one_on_both() -> None:
    text = published("early", "2020-01-01") + published("late", "2021-01-01")
    text += 'person:a a ph:Person ; rdfs:label "A"@en . person:b a ph:Person ; rdfs:label "B"@en . '
    text += claim("1", holding("x", "a", "chief", by("2019-01-01", "2022-01-01")), rests("early"))
    text += claim("2", "person:a ph:identifiedWith person:b .", rests("late"))
    diff = seen(text, {"known_at": "2020-12-31"}, {"known_at": "2021-12-31"})
    assert diff.united == (("A", "B"),)
    assert (diff.shifts, diff.begun, diff.ended, diff.retold) == ((), (), (), ())
    assert diff
    assert seen(text, {"known_at": "2021-12-31"}, {"known_at": "2020-12-31"}).parted == (("A", "B"),)


def test_around_an_event_with_a_date_and_without() -> None:
    text = HANDOVER + claim(
        "4", "event:e a ph:ChangeEvent ; ph:before appointment:ann ; ph:after appointment:bob ; "
        "ph:kept appointment:cy ; "
        f"ph:earliestDate {day('2020-06-01')} ; ph:latestDate {day('2020-06-03')} . event:f a ph:ChangeEvent .",
    )  # fmt: skip
    given = facts(text)
    event, other = (NamedNode(f"{terms.ID}event/{n}") for n in "ef")
    days = window(given, event)
    assert days == (date(2020, 5, 31).toordinal(), date(2020, 6, 3).toordinal())
    found = around(event, given, (look(given.quads, View(days[0])), look(given.quads, View(days[1]))))
    assert [(role, names(items)) for role, items in found.roles] == [
        ("before", ["ann"]), ("after", ["bob"]), ("kept", ["cy"]),
    ]  # fmt: skip
    assert found.roles[0][1][0].second.standing == "not"
    assert found.diff is not None
    assert [s.what for s in found.diff.shifts] == ["holder"]
    assert window(given, other) is None
    bare = around(other, given, None)
    assert (bare.roles, bare.mergers, bare.diff) == ((), (), None)


@pytest.mark.parametrize("told", ["earliestDate", "latestDate"])
def test_an_event_dated_on_one_side_has_no_window(told: str) -> None:
    given = facts(claim("1", f"event:e a ph:ChangeEvent ; ph:{told} {day('2020-06-01')} ."))
    assert window(given, NamedNode(f"{terms.ID}event/e")) is None


@pytest.mark.parametrize("first", ["0001-01-01", "0001-01-02"])
def test_the_first_days_of_the_calendar(first: str) -> None:
    given = facts(claim("1", f"event:e a ph:ChangeEvent ; ph:earliestDate {day(first)} ; ph:latestDate {day(first)} ."))
    assert window(given, NamedNode(f"{terms.ID}event/e")) == (None if first.endswith("01-01") else (1, 2))


_OFFSET = st.none() | st.integers(0, DAYS)
_BOUNDS = st.tuples(_OFFSET, _OFFSET, _OFFSET, _OFFSET)


def _worlds(bounds: tuple[int | None, ...]) -> list[tuple[int, int]]:
    """Return every start and end that bounds admit, from a day before the days looked at to two after them."""
    es, ls, ee, le = bounds
    return [
        (start, end)
        for start in range(-1, DAYS + 2)
        for end in range(start + 1, DAYS + 3)
        if (es is None or start >= es) and (ls is None or start <= ls)
        and (ee is None or end >= ee) and (le is None or end <= le)
    ]  # fmt: skip


def _there(worlds: list[tuple[int, int]], on: int) -> str:
    held = [start <= on < end for start, end in worlds]
    return "certain" if all(held) else "possible" if any(held) else "not"


def _drawn(drawn: list[tuple[int, int, tuple[int | None, ...]]]) -> str:
    text = ""
    for number, (person, post, bounds) in enumerate(drawn):
        told = "".join(
            f" ; ph:{name} {day(date.fromordinal(FIRST_DAY + at).isoformat())}"
            for name, at in zip(("earliestStart", "latestStart", "earliestEnd", "latestEnd"), bounds, strict=True)
            if at is not None
        )
        text += claim(f"c{number}", holding(f"a{number}", f"p{person}", f"post{post}", told))
    return text


_DRAWN = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 1), _BOUNDS.filter(lambda b: bool(_worlds(b)))), min_size=1, max_size=5
)
_DAY = st.integers(0, DAYS)


@settings(max_examples=150, deadline=None)
@given(_DRAWN, _DAY, _DAY)
def test_the_sets_are_those_of_all_admissible_worlds(
    drawn: list[tuple[int, int, tuple[int | None, ...]]], first: int, second: int
) -> None:
    quads = facts(_drawn(drawn)).quads
    diff = compare(look(quads, View(FIRST_DAY + first)), look(quads, View(FIRST_DAY + second)))
    stands = {
        f"a{n}": (_there(_worlds(bounds), first), _there(_worlds(bounds), second))
        for n, (_, _, bounds) in enumerate(drawn)
    }
    of = {f"a{n}": (f"p{person}", f"post{post}") for n, (person, post, _) in enumerate(drawn)}
    assert {names([i])[0] for i in diff.stayed if i.kind == "appointment"} == {
        n for n, (a, b) in stands.items() if a == b != "not"
    }
    assert set(names(diff.known_better)) == {n for n, s in stands.items() if s == ("possible", "certain")}
    assert set(names(diff.known_less)) == {n for n, s in stands.items() if s == ("certain", "possible")}
    moving = {of[n][1] for n, (a, b) in stands.items() if (a == "not") != (b == "not")}
    assert {s.name for s in diff.shifts} == moving
    for shift in diff.shifts:
        sides = [{n for n, s in stands.items() if of[n][1] == shift.name and s[at] != "not"} for at in (0, 1)]
        assert [set(names(shift.first)), set(names(shift.second))] == sides
        assert (shift.what == "holder") == ({of[n][0] for n in sides[0]} != {of[n][0] for n in sides[1]})


def _turned(item: Item) -> tuple[Any, ...]:
    return item.thing, item.kind, item.name, item.second, item.first


def _as_is(item: Item) -> tuple[Any, ...]:
    return item.thing, item.kind, item.name, item.first, item.second


def _shifts(shifts: tuple[Shift, ...], *, turned: bool) -> list[Any]:
    put = _turned if turned else _as_is
    found = []
    for s in shifts:
        sides = [s.second, s.first] if turned else [s.first, s.second]
        found.append((s.thing, s.name, s.what, *([put(i) for i in side] for side in sides)))
    return found


_PAIRS = {
    "begun": "ended", "ended": "begun", "confirmed": "only_planned", "only_planned": "confirmed",
    "known_better": "known_less", "known_less": "known_better", "stayed": "stayed", "retold": "retold",
}  # fmt: skip
_KNOWN = [None, "2023-07-01", "2023-09-12"]


def _is_the_reverse(there: Diff, back: Diff) -> None:
    assert (there.first, there.second) == (back.second, back.first)
    assert _shifts(there.shifts, turned=False) == _shifts(back.shifts, turned=True)
    for name, other in _PAIRS.items():
        assert [_as_is(i) for i in getattr(there, name)] == [_turned(i) for i in getattr(back, other)], name
    assert (there.withdrawn, there.restored) == (back.restored, back.withdrawn)
    assert (there.united, there.parted) == (back.parted, back.united)
    assert (there.mergers, there.unsure) == (back.mergers, back.unsure)


@settings(max_examples=60, deadline=None)
@given(_DRAWN, _DAY, _DAY, st.sampled_from(["certain", "possible"]))
def test_there_and_back_is_the_reverse(
    drawn: list[tuple[int, int, tuple[int | None, ...]]], first: int, second: int, certainty: Any
) -> None:
    quads = facts(_drawn(drawn)).quads
    one, other = (look(quads, View(FIRST_DAY + d, certainty=certainty)) for d in (first, second))
    _is_the_reverse(compare(one, other), compare(other, one))
    same = compare(one, one)
    assert not same
    assert same.stayed or certainty == "certain" or all(_there(_worlds(b), first) == "not" for *_, b in drawn)


@pytest.mark.parametrize("known", [(a, b) for a in _KNOWN for b in _KNOWN])
@pytest.mark.parametrize("as_of", [None, "2023-09-09", "2023-10-01"])
def test_states_of_knowledge_there_and_back(known: tuple[str | None, str | None], as_of: str | None) -> None:
    quads = facts(plan_and_effect(ACT)).quads
    one, other = (look(quads, View.of(as_of, k)) for k in known)
    _is_the_reverse(compare(one, other), compare(other, one))
    assert bool(compare(one, other)) == (one.withdrawn != other.withdrawn or len(one.readings) != len(other.readings))


def test_no_facts_at_all(facts_of: Callable[[str], Facts]) -> None:
    diff = compare(facts_of(""), facts_of(""))
    assert not diff
    assert diff.as_dict()["stayed"] == []
