"""Evidence: every change of a cited passage, of its offsets or of its digests is caught."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from postholder import terms
from postholder.errors import UnknownNameError
from postholder.graph import TYPE, handle, integer, ph, text_of
from postholder.readings import Facts
from postholder.settings import MEBIBYTE
from postholder.sources import inputs
from postholder.validation import evidence
from postholder.validation.evidence import EvidenceReport, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# Our own text: characters beyond the basic plane, a combining accent and line ends of Windows.
TEXT = (
    "\U0001f3e2 Board notes, 3 May 2021\r\n"
    "Zoe\u0301 Okafor \U0001f464 heads the north depot and is not its treasurer.\r\n"
    "\u9648\u6668 reports to her from 17 June; 4 clerks follow.\r\n"
    "The \U0001d4d0 team keeps 12 vans.\r\n"
)
PHRASES = {
    "C1": ["heads the north depot", "is not its treasurer"],
    "C2": ["\u9648\u6668 reports to her from 17 June"],
    "C3": ["4 clerks", "The \U0001d4d0 team keeps 12 vans.\r\n"],
    "C4": [TEXT],
}
DOCUMENT = NamedNode(terms.ID + "document/notes")
DEFAULT = DefaultGraph()


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def claim(name: str) -> NamedNode:
    return NamedNode(f"{terms.ID}claim/{name}")


def document_quads(document: NamedNode, data: bytes) -> Iterator[Quad]:
    yield Quad(document, TYPE, ph("Document"), DEFAULT)
    yield Quad(document, ph("sha256"), Literal(sha256(data).hexdigest()), DEFAULT)
    yield Quad(document, ph("utf8Bytes"), Literal(len(data)), DEFAULT)
    yield Quad(document, ph("codePoints"), Literal(len(data.decode())), DEFAULT)


def span_quads(name: str, start: int, end: int, span_digest: str, named: str | None = None) -> Iterator[Quad]:
    passage = NamedNode(f"{DOCUMENT.value}#char={named or f'{start},{end}'}")
    yield Quad(claim(name), TYPE, ph("Claim"), DEFAULT)
    yield Quad(claim(name), NamedNode(terms.DCTERMS + "identifier"), Literal(name), DEFAULT)
    yield Quad(claim(name), ph("evidence"), passage, DEFAULT)
    yield Quad(passage, ph("inDocument"), DOCUMENT, DEFAULT)
    yield Quad(passage, ph("start"), Literal(start), DEFAULT)
    yield Quad(passage, ph("end"), Literal(end), DEFAULT)
    yield Quad(passage, ph("spanSha256"), Literal(span_digest), DEFAULT)


def where(phrase: str) -> tuple[int, int]:
    start = TEXT.index(phrase)
    return start, start + len(phrase)


SPANS = [(name, *where(phrase), phrase) for name, phrases in PHRASES.items() for phrase in phrases]
NARROW = [s for s in SPANS if s[3] != TEXT]


def facts(spans: Iterable[tuple[str, int, int, str]] = tuple(SPANS), extra: Iterable[Quad] = ()) -> Facts:
    quads = list(document_quads(DOCUMENT, TEXT.encode()))
    for name, start, end, phrase in spans:
        quads += span_quads(name, start, end, digest(phrase))
    return Facts([*quads, *extra])


def check(found: Facts, text: str = TEXT) -> EvidenceReport:
    return evidence.check(found, DOCUMENT, text.encode())


def statuses(report: EvidenceReport) -> dict[tuple[str, int], str]:
    return {(s.claim, s.start): s.status for s in report.spans}


def test_the_sample_shows_what_it_should() -> None:
    assert len(TEXT.encode("utf-16-le")) // 2 > len(TEXT), "code points and UTF-16 units must differ"
    assert len(TEXT.encode()) > len(TEXT)
    assert "\r\n" in TEXT
    assert len(SPANS) == 6


def test_an_untouched_document_matches() -> None:
    report = check(facts())
    assert report.ok
    assert (report.checked, report.matched, report.claims) == (6, 6, 4)
    assert report.fallen == ()
    assert report.document_matches
    assert report.reason == ""
    assert set(statuses(report).values()) == {"matched"}


def mutants(text: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    """Yield each kind of change of a passage, as name and changed text."""
    for offset in range(start, end):
        old = text[offset]
        if old.isalpha():
            new = "x" if old != "x" else "y"
            yield f"letter at {offset}", text[:offset] + new + text[offset + 1 :]
            break
    for offset in range(start, end):
        if text[offset].isdigit():
            yield f"digit at {offset}", text[:offset] + str((int(text[offset]) + 1) % 10) + text[offset + 1 :]
            break
    else:
        middle = (start + end) // 2
        yield f"digit into {middle}", text[:middle] + "7" + text[middle:]
    middle = start + 1 + text[start + 1 : end].find(" ") if " " in text[start + 1 : end] else start + (end - start) // 2
    yield f"negation at {middle}", text[:middle] + " not" + text[middle:]
    yield "last character gone", text[: end - 1] + text[end:]
    yield "line ends of Unix", text.replace("\r\n", "\n") if "\r\n" in text[:end] else text[:start] + text[start + 1 :]
    if text[start:end] != text[start:end].upper():
        yield "capitals", text[:start] + text[start:end].upper() + text[end:]


@pytest.mark.parametrize("span", SPANS, ids=lambda s: f"{s[0]}@{s[1]}")
def test_every_change_of_a_passage_is_caught(span: tuple[str, int, int, str]) -> None:
    name, start, end, _ = span
    found = facts()
    changed = list(mutants(TEXT, start, end))
    assert len(changed) >= 5
    for what, text in changed:
        assert text != TEXT, what
        report = check(found, text)
        assert not report.ok, what
        assert not report.document_matches, what
        assert statuses(report)[name, start] != "matched", what
        assert name in report.fallen, what


@pytest.mark.parametrize("span", NARROW, ids=lambda s: f"{s[0]}@{s[1]}")
def test_text_before_a_passage_moves_it(span: tuple[str, int, int, str]) -> None:
    _, start, _, _ = span
    report = check(facts([span]), "\U0001f600 new\r\n" + TEXT)
    [found] = report.spans
    assert (found.status, found.moved_to) == ("moved", start + 7)
    assert f"now at {start + 7}" in str(found)
    assert not report.ok


@pytest.mark.parametrize("span", NARROW, ids=lambda s: f"{s[0]}@{s[1]}")
def test_text_gone_before_a_passage_moves_it(span: tuple[str, int, int, str]) -> None:
    _, start, _, _ = span
    [found] = check(facts([span]), TEXT[2:]).spans
    assert (found.status, found.moved_to) == ("moved", start - 2)


def test_a_passage_that_moved_to_the_very_end_is_found() -> None:
    name, start, end, phrase = SPANS[0]
    rest = TEXT[:start] + TEXT[end:]
    [found] = check(facts([(name, start, end, phrase)]), rest + phrase).spans
    assert (found.status, found.moved_to) == ("moved", len(rest))
    [found] = check(facts([(name, start, end, phrase)]), phrase + rest).spans
    assert (found.status, found.moved_to) == ("moved", 0)


def test_text_after_a_passage_leaves_it_but_not_the_document() -> None:
    report = check(facts([SPANS[0]]), TEXT + "more")
    assert report.spans[0].status == "matched"
    assert not report.document_matches
    assert not report.ok


@pytest.mark.parametrize(("first", "last"), [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1)])
@pytest.mark.parametrize("span", NARROW[:4], ids=lambda s: f"{s[0]}@{s[1]}")
def test_a_shifted_offset_is_caught(span: tuple[str, int, int, str], first: int, last: int) -> None:
    name, start, end, phrase = span
    [found] = check(facts([(name, start + first, end + last, phrase)])).spans
    assert found.status in {"moved", "changed"}
    if first == last:
        assert found.moved_to == start
    misnamed = span_quads(name, start, end, digest(phrase), f"{start + first},{end + last}")
    [kept] = check(Facts([*document_quads(DOCUMENT, TEXT.encode()), *misnamed])).spans
    assert kept.status != "matched", "the IRI of a passage names the same span as its offsets"


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 5), (5, 5), (9, 5), (0, len(TEXT) + 1), (len(TEXT), len(TEXT) + 3), (10**9, 10**9 + 5)]
)
def test_offsets_outside_the_document_are_out_of_range(start: int, end: int) -> None:
    [found] = check(facts([("C1", start, end, "nothing of the kind")])).spans
    assert found.status == "out of range"
    assert found.moved_to is None


@pytest.mark.parametrize("missing", ["start", "end", "spanSha256"])
def test_a_passage_without_a_part_is_caught(missing: str) -> None:
    quads = [q for q in facts([SPANS[0]]).quads if q.predicate != ph(missing)]
    [found] = check(Facts(quads)).spans
    assert found.status != "matched"


@pytest.mark.parametrize("value", ["0" * 64, "", digest("heads the north depoT"), digest(TEXT)[:-1]])
def test_a_wrong_digest_of_a_span_is_caught(value: str) -> None:
    name, start, end, phrase = SPANS[0]
    good = facts([SPANS[0]])
    quads = [q for q in good.quads if q.predicate != ph("spanSha256")]
    passage = NamedNode(f"{DOCUMENT.value}#char={start},{end}")
    [found] = check(Facts([*quads, Quad(passage, ph("spanSha256"), Literal(value), DEFAULT)])).spans
    assert (found.claim, found.status) == (name, "changed")
    second = Quad(passage, ph("spanSha256"), Literal(value), DEFAULT)
    [found] = check(Facts([*good.quads, second])).spans
    assert found.status != "matched", "two digests cannot both be right"
    assert phrase


def test_a_digest_in_capitals_is_the_same_digest() -> None:
    name, start, end, phrase = SPANS[0]
    quads = [*document_quads(DOCUMENT, TEXT.encode()), *span_quads(name, start, end, digest(phrase).upper())]
    report = check(Facts(quads))
    assert report.ok


@pytest.mark.parametrize("part", ["sha256", "utf8Bytes", "codePoints"])
@pytest.mark.parametrize("value", [Literal("0"), Literal(7), None])
def test_a_wrong_account_of_the_document_is_caught(part: str, value: Literal | None) -> None:
    quads = [q for q in facts().quads if q.predicate != ph(part)]
    if value is not None:
        quads.append(Quad(DOCUMENT, ph(part), value, DEFAULT))
    report = check(Facts(quads))
    assert not report.document_matches
    assert not report.ok
    assert report.matched == report.checked == 6


def test_bytes_that_are_no_text_are_told() -> None:
    report = evidence.check(facts(), DOCUMENT, b"\xff" + TEXT.encode())
    assert not report.ok
    assert report.checked == 0
    assert report.reason == "the file is not UTF-8 text"


def test_a_byte_order_mark_is_another_document() -> None:
    report = evidence.check(facts(), DOCUMENT, b"\xef\xbb\xbf" + TEXT.encode())
    assert not report.document_matches
    assert report.matched == 0


# Claims that cite nothing, or nothing known.


def test_a_claim_without_evidence_is_uncited() -> None:
    report = check(facts(extra=[Quad(claim("C9"), TYPE, ph("Claim"), DEFAULT)]))
    assert [s for s in report.spans if s.claim == "claim/C9"] == [Span("claim/C9", "", -1, -1, "uncited")]
    assert not report.ok
    assert report.fallen == ("claim/C9",)


UNKNOWN = {
    "no document": [],
    "an undeclared document": [Quad(NamedNode("http://x/p"), ph("inDocument"), NamedNode("http://x/d"), DEFAULT)],
}


@pytest.mark.parametrize("quads", UNKNOWN.values(), ids=UNKNOWN)
def test_one_bad_passage_beside_a_good_one_is_not_passed_over(quads: list[Quad]) -> None:
    bad = Quad(claim("C1"), ph("evidence"), NamedNode("http://x/p"), DEFAULT)
    report = check(facts(extra=[bad, *quads]))
    assert not report.ok
    assert report.fallen == ("C1",)
    assert [s.status for s in report.spans if s.status != "matched"] == ["uncited"]


def test_a_passage_that_is_text_is_uncited() -> None:
    report = check(facts(extra=[Quad(claim("C1"), ph("evidence"), Literal("page 3"), DEFAULT)]))
    assert report.fallen == ("C1",)


def test_passages_of_another_document_are_left_to_it() -> None:
    other = NamedNode(terms.ID + "document/other")
    passage = NamedNode(other.value + "#char=0,3")
    extra = [
        *document_quads(other, b"abc"),
        Quad(claim("C1"), ph("evidence"), passage, DEFAULT),
        Quad(passage, ph("inDocument"), other, DEFAULT),
        Quad(passage, ph("start"), Literal(0), DEFAULT),
        Quad(passage, ph("end"), Literal(3), DEFAULT),
        Quad(passage, ph("spanSha256"), Literal(digest("abc")), DEFAULT),
    ]
    both = facts(extra=extra)
    assert check(both).ok
    report = evidence.check(both, other, b"abc")
    assert report.ok
    assert [str(s) for s in report.spans] == ["C1 0-3: matched"]


def test_nothing_checked_is_not_ok() -> None:
    report = check(facts([]))
    assert report.document_matches
    assert not report.ok
    assert report.reason == "no claim cites this document"


def test_a_long_search_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "_MOST_SEARCHED", 0)
    [found] = check(facts([SPANS[0]]), "xx" + TEXT).spans
    assert (found.status, found.moved_to) == ("changed", None)


def test_a_report_is_plain_data() -> None:
    report = check(facts(), TEXT.replace("17 June", "18 June"))
    data = report.as_dict()
    assert data["checked"] == 6
    assert data["matched"] == 4
    assert data["claims"] == 4
    assert data["claims_that_no_longer_stand"] == ["C2", "C4"]
    assert data["document"] == DOCUMENT.value
    assert data["document_matches"] is False
    assert len(data["spans"]) == 6
    assert data["spans"][0]["claim"] == "C1"


def test_spans_come_in_the_order_of_claims() -> None:
    names = [s.claim for s in check(facts(reversed(SPANS))).spans]
    assert names == sorted(names)


# Which document a file is.

OTHER = NamedNode(terms.ID + "document/other")


def test_the_only_document_is_meant() -> None:
    assert evidence.choose(facts(), b"whatever", None) == DOCUMENT


def test_among_several_the_digest_decides() -> None:
    both = facts(extra=document_quads(OTHER, b"abc"))
    assert evidence.choose(both, b"abc", None) == OTHER
    assert evidence.choose(both, TEXT.encode(), None) == DOCUMENT


def test_a_digest_in_capitals_decides_too() -> None:
    quads = [
        Quad(OTHER, TYPE, ph("Document"), DEFAULT),
        Quad(OTHER, ph("sha256"), Literal(digest("abc").upper()), DEFAULT),
    ]
    assert evidence.choose(facts(extra=quads), b"abc", None) == OTHER


def test_a_name_decides_against_the_digest() -> None:
    both = facts(extra=document_quads(OTHER, b"abc"))
    assert evidence.choose(both, b"abc", "notes") == DOCUMENT
    assert evidence.choose(both, b"abc", DOCUMENT.value) == DOCUMENT


def test_among_several_a_changed_file_must_be_named() -> None:
    both = facts(extra=document_quads(OTHER, b"abc"))
    with pytest.raises(UnknownNameError, match="say which one") as caught:
        evidence.choose(both, b"abcd", None)
    assert caught.value.hint == "--document notes or other"


def test_a_misspelt_document_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="no document is called 'note'") as caught:
        evidence.choose(facts(), TEXT.encode(), "note")
    assert caught.value.hint == "did you mean notes?"


def test_without_documents_there_is_nothing_to_choose() -> None:
    with pytest.raises(UnknownNameError) as caught:
        evidence.choose(Facts([]), b"", None)
    assert caught.value.hint == "the facts describe no document"


@given(st.integers(0, len(TEXT) - 1), st.characters(exclude_categories=["Cs"]))
def test_any_single_character_counts(offset: int, new: str) -> None:
    text = TEXT[:offset] + new + TEXT[offset + 1 :]
    report = check(facts(), text)
    same = text == TEXT
    assert report.ok == same
    for span in report.spans:
        touched = span.start <= offset < span.end and not same
        assert (span.status == "matched") == (not touched)


# The real document, where it is at hand.


@pytest.fixture(scope="module")
def shipped_facts() -> Facts:
    return Facts(inputs.load(None, MEBIBYTE).fact_quads)


def test_every_shipped_span_matches(shipped_facts: Facts, article: Path) -> None:
    data = article.read_bytes()
    report = evidence.check(shipped_facts, evidence.choose(shipped_facts, data, None), data)
    assert report.ok
    assert report.claims == 93
    assert report.matched == report.checked >= 93
    assert {s.status for s in report.spans} == {"matched"}


def changed_numbers(found: Facts, name: str, step: int) -> Facts:
    """Return the facts with every number of the property `name` changed by `step`."""
    return Facts(
        Quad(q.subject, q.predicate, Literal((integer(q.object) or 0) + step), DEFAULT)
        if q.predicate == ph(name)
        else q
        for q in found.quads
    )


def test_every_change_of_every_shipped_span_is_caught(shipped_facts: Facts, article: Path) -> None:
    """Six changes of each span of each claim: a letter, a digit, a negation, a loss, the start and the end."""
    data = article.read_bytes()
    text = data.decode()
    document = evidence.choose(shipped_facts, data, None)
    record = shipped_facts.record
    nodes = {shipped_facts.name(c): c for c in record.instances(ph("Claim"))}
    nodes |= {handle(text_of(m)): m for m in record.instances(ph("NameMention"))}
    caught: list[str] = []
    missed: list[str] = []
    for span in evidence.check(shipped_facts, document, data).spans:
        node, passage = nodes[span.claim], NamedNode(span.passage)
        own = [
            Quad(passage, ph(p), o, DEFAULT)
            for p in ("start", "end", "spanSha256")
            for o in record.objects(passage, ph(p))
        ]
        kept = Facts(own)
        assert evidence._span(kept, node, passage, document, text).status == "matched"
        outcomes = {
            what: evidence._span(kept, node, passage, document, changed).status
            for what, changed in list(mutants(text, span.start, span.end))[:4]
        }
        for name, step in (("start", 1), ("end", -1)):
            outcomes[name] = evidence._span(changed_numbers(kept, name, step), node, passage, document, text).status
        assert len(outcomes) == 6
        caught += [span.claim for status in outcomes.values() if status != "matched"]
        missed += [f"{span}: {what}" for what, status in outcomes.items() if status == "matched"]
    assert missed == []
    assert len(set(caught)) == 93 + 57
    assert len(caught) > 1000


def test_the_whole_report_falls_with_one_letter(shipped_facts: Facts, article: Path) -> None:
    data = article.read_bytes()
    document = evidence.choose(shipped_facts, data, None)
    text = data.decode()
    spans = evidence.check(shipped_facts, document, data).spans
    first: dict[str, Span] = {}
    for span in spans:
        first.setdefault(span.claim, span)
    assert len(first) == 93 + 57
    for name, span in list(first.items())[::10]:
        changed = next(t for what, t in mutants(text, span.start, span.end) if what.startswith("letter"))
        report = evidence.check(shipped_facts, document, changed.encode())
        assert not report.ok
        assert name in (*report.fallen, *report.fallen_mentions)


def test_a_span_can_be_told_apart_from_its_copy() -> None:
    span = Span("C1", "p", 1, 2, "matched")
    assert span == replace(span)
    assert str(span) == "C1 1-2: matched"


# Why a document differs, and the passages of names.


def test_line_ends_are_named_as_the_reason() -> None:
    text = "One line.\nAnother line.\n"
    quads = [*document_quads(DOCUMENT, text.encode()), *span_quads("C1", 10, 17, digest("Another"))]
    report = evidence.check(Facts(quads), DOCUMENT, text.replace("\n", "\r\n").encode())
    assert not report.ok
    assert "CRLF" in report.reason
    assert evidence.check(Facts(quads), DOCUMENT, text.encode()).reason == ""


def test_wrong_offsets_in_an_unchanged_document_are_named_as_the_reason() -> None:
    name, start, end, phrase = SPANS[0]
    report = check(facts([(name, start + 1, end + 1, phrase)]))
    assert report.document_matches
    assert "offsets or digests" in report.reason


def mention_quads(form: str, start: int, end: int, phrase: str) -> Iterator[Quad]:
    mention = NamedNode(terms.ID + "mention/zoe")
    for quad in span_quads("M", start, end, digest(phrase)):
        if quad.subject != claim("M"):
            yield quad
    yield Quad(mention, TYPE, ph("NameMention"), DEFAULT)
    yield Quad(mention, ph("occursIn"), NamedNode(f"{DOCUMENT.value}#char={start},{end}"), DEFAULT)
    yield Quad(mention, ph("surfaceForm"), Literal(form), DEFAULT)


def test_the_passage_of_a_name_is_checked() -> None:
    start, end = where("Okafor")
    report = check(facts(extra=mention_quads("Okafor", start, end, "Okafor")))
    assert report.ok
    assert (report.claims, report.mentions) == (4, 1)
    assert report.as_dict()["mentions"] == 1


@pytest.mark.parametrize(
    ("form", "start", "end", "phrase", "status"),
    [
        ("Okafo", *where("Okafor"), "Okafor", "changed"),
        ("okafor", *where("Okafor"), "Okafor", "changed"),
        ("Okafor", where("Okafor")[0] + 1, where("Okafor")[1] + 1, "Okafor", "moved"),
        ("Okafor", *where("Okafor"), "Okafur", "changed"),
    ],
)
def test_a_name_that_no_longer_stands_is_caught(form: str, start: int, end: int, phrase: str, status: str) -> None:
    report = check(facts(extra=mention_quads(form, start, end, phrase)))
    assert not report.ok
    assert report.fallen == ()
    assert report.fallen_mentions == ("mention/zoe",)
    assert [s.status for s in report.spans if s.is_mention] == [status]


def test_a_name_with_two_forms_is_caught() -> None:
    start, end = where("Okafor")
    second = Quad(NamedNode(terms.ID + "mention/zoe"), ph("surfaceForm"), Literal("Oka"), DEFAULT)
    report = check(facts(extra=[*mention_quads("Okafor", start, end, "Okafor"), second]))
    assert report.fallen_mentions == ("mention/zoe",)


def test_names_of_another_document_are_left_to_it() -> None:
    other = NamedNode(terms.ID + "document/other")
    mention = NamedNode(terms.ID + "mention/abc")
    passage = NamedNode(other.value + "#char=0,3")
    extra = [
        *document_quads(other, b"abc"),
        Quad(mention, TYPE, ph("NameMention"), DEFAULT),
        Quad(mention, ph("occursIn"), passage, DEFAULT),
        Quad(passage, ph("inDocument"), other, DEFAULT),
    ]
    assert check(facts(extra=extra)).mentions == 0


def test_a_nameless_mention_is_checked_too() -> None:
    start, end = where("Okafor")
    blank = BlankNode("m")
    extra = [
        q if q.subject != NamedNode(terms.ID + "mention/zoe") else Quad(blank, q.predicate, q.object, DEFAULT)
        for q in mention_quads("Oka", start, end, "Okafor")
    ]
    report = check(facts(extra=extra))
    assert report.mentions == 1
    assert not report.ok
