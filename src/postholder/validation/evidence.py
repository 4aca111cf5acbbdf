"""Check the evidence of claims against the document: digest of the file, digest of every span.

Offsets count Unicode code points of the UTF-8 text, from 0, end exclusive (RFC 5147 positions).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from postholder.errors import DocumentMissingError, Place, UnknownNameError, UnreadableFileError
from postholder.graph import Node, Term, handle, integer, local_name, order, ph, text_of
from postholder.text import did_you_mean, printable

if TYPE_CHECKING:
    from pathlib import Path

    from postholder.readings import Facts

_MOST_SEARCHED = 20_000_000
"""Code points hashed in the search for a span that moved; beyond it the search is left out."""


@dataclass(frozen=True)
class Span:
    """One passage of one claim, and whether it still stands.

    `claim` is the claim's identifier or, for the passage of a name, that of the mention. `status` is
    `matched`, `moved` (the same text stands elsewhere, at `moved_to`), `changed`
    (the text is gone), `out of range`, or `uncited` (no passage of any known document).
    """

    claim: str
    passage: str
    start: int
    end: int
    status: str
    moved_to: int | None = None

    @property
    def is_mention(self) -> bool:
        """True for the passage of a name mention."""
        return self.claim.startswith("mention/")

    def __str__(self) -> str:
        """Return the span as one line for people."""
        where = f" (now at {self.moved_to})" if self.moved_to is not None else ""
        return printable(f"{self.claim} {self.start}-{self.end}: {self.status}{where}")


@dataclass(frozen=True)
class EvidenceReport:
    """The outcome for one document; `reason` says why nothing was checked, if so."""

    document: str
    document_matches: bool
    spans: tuple[Span, ...]
    reason: str = ""

    @property
    def checked(self) -> int:
        """How many spans were compared."""
        return len(self.spans)

    @property
    def matched(self) -> int:
        """How many spans match."""
        return sum(s.status == "matched" for s in self.spans)

    @property
    def claims(self) -> int:
        """How many claims the spans belong to."""
        return len({s.claim for s in self.spans if not s.is_mention})

    @property
    def mentions(self) -> int:
        """How many name mentions the spans belong to."""
        return len({s.claim for s in self.spans if s.is_mention})

    @property
    def fallen(self) -> tuple[str, ...]:
        """The claims with a span that no longer matches, in order."""
        return tuple(dict.fromkeys(s.claim for s in self.spans if s.status != "matched" and not s.is_mention))

    @property
    def fallen_mentions(self) -> tuple[str, ...]:
        """The name mentions whose passage or form no longer matches, in order."""
        return tuple(dict.fromkeys(s.claim for s in self.spans if s.status != "matched" and s.is_mention))

    @property
    def ok(self) -> bool:
        """True when the document and at least one span were checked and all match."""
        return self.document_matches and self.checked > 0 and self.matched == self.checked

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "document": self.document,
            "document_matches": self.document_matches,
            "checked": self.checked,
            "matched": self.matched,
            "claims": self.claims,
            "mentions": self.mentions,
            "claims_that_no_longer_stand": list(self.fallen),
            "mentions_that_no_longer_stand": list(self.fallen_mentions),
            "reason": self.reason,
            "spans": [asdict(s) for s in self.spans],
        }


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8")).hexdigest()


def _find(text: str, length: int, digest: str) -> int | None:
    """Return where a span of `length` code points with this digest stands, if anywhere."""
    if length <= 0 or (len(text) - length + 1) * length > _MOST_SEARCHED:
        return None
    for start in range(len(text) - length + 1):
        if _digest(text[start : start + length]) == digest:
            return start
    return None


def read(path: Path, limit: int) -> bytes:
    """Return the bytes of a document's file; raises DocumentMissingError and UnreadableFileError."""
    place = Place(str(path))
    try:
        if path.exists() and not path.is_file():
            raise DocumentMissingError("not checked: this is not a file", place=place)
        if path.stat().st_size > limit:
            raise UnreadableFileError("larger than any document", place=place)
        return path.read_bytes()
    except OSError as error:
        raise DocumentMissingError(
            f"not checked: document not at hand ({error.strerror or error})",
            hint="give the path of its text file",
            place=place,
        ) from error


def passages(facts: Facts, data: bytes) -> dict[str, str]:
    """Return the texts of the passages that a file holds just as claims cite them, by their digest.

    Raises UnknownNameError when the file is none of the documents, and DocumentMissingError when none of
    its passages stands in it.
    """
    document = choose(facts, data, None)
    text = data.decode("utf-8", "replace")
    found: dict[str, str] = {}
    for passage in facts.record.subjects(ph("inDocument"), document):
        span = text[_number(facts, passage, "start") : _number(facts, passage, "end")]
        if facts.record.texts(passage, ph("spanSha256")) == [_digest(span)]:
            found[_digest(span)] = span
    if not found:
        raise DocumentMissingError(
            f"no passage of {handle(document.value)} stands in the file",
            hint="`postholder evidence` shows what differs",
        )
    return found


def documents(facts: Facts) -> list[Node]:
    """Return the documents of a facts dataset."""
    return facts.record.instances(ph("Document"))


def choose(facts: Facts, data: bytes, wanted: str | None) -> NamedNode:
    """Return the document that a file is to be checked against.

    That is the one named `wanted` (IRI or slug), else the one with the file's digest, else the
    only one. Raises UnknownNameError when none or several remain.
    """
    known = {d.value: d for d in documents(facts) if isinstance(d, NamedNode)}
    slugs = {local_name(iri): node for iri, node in known.items()}
    if wanted is not None:
        found = known.get(wanted) or slugs.get(wanted)
        if found is None:
            raise UnknownNameError(f"no document is called {wanted!r}", hint=did_you_mean(wanted, slugs))
        return found
    digest = sha256(data).hexdigest()
    same = [d for d in known.values() if digest in {t.lower() for t in facts.record.texts(d, ph("sha256"))}]
    if len(same) == 1 or len(known) == 1:
        return (same or list(known.values()))[0]
    raise UnknownNameError(
        "the file matches none of the documents, so say which one it is",
        hint=f"--document {' or '.join(sorted(slugs))}" if slugs else "the facts describe no document",
    )


def _number(facts: Facts, node: Node, name: str) -> int:
    found = integer(facts.record.value(node, ph(name)))
    return -1 if found is None else found


def check(facts: Facts, document: NamedNode, data: bytes) -> EvidenceReport:
    """Compare the document's digest and every span of every claim with the bytes of a file."""
    record = facts.record
    stated = {digest.lower() for digest in record.texts(document, ph("sha256"))}
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return EvidenceReport(document.value, False, (), "the file is not UTF-8 text")
    same = (
        stated == {sha256(data).hexdigest()}
        and _number(facts, document, "utf8Bytes") == len(data)
        and _number(facts, document, "codePoints") == len(text)
    )
    known = set(documents(facts))
    spans = []
    claims = {*record.instances(ph("Claim")), *facts.readings, *(c for c, _ in record.pairs(ph("evidence")))}
    for claim in sorted(claims, key=lambda c: (facts.name(c), order(c))):
        passages: list[Term | None] = [*sorted(record.objects(claim, ph("evidence")), key=order)]
        for passage in passages or [None]:
            cited = set(record.objects(passage, ph("inDocument"))) if isinstance(passage, NamedNode) else set()
            if len(cited) != 1 or not cited <= known:
                spans.append(Span(facts.name(claim), text_of(passage), -1, -1, "uncited"))
            elif document in cited and isinstance(passage, NamedNode):
                spans.append(_span(facts, claim, passage, document, text))
    spans += _mentions(facts, document, text)
    reason = "" if spans else "no claim cites this document"
    if not same and stated == {sha256(data.replace(b"\r\n", b"\n")).hexdigest()}:
        reason = "the line ends of the file are CRLF: with LF it is the document; save it so and check again"
    elif same and any(s.status != "matched" for s in spans):
        reason = "the document is unchanged, so the offsets or digests of these claims are wrong: correct them"
    return EvidenceReport(document.value, same, tuple(spans), reason)


def _mentions(facts: Facts, document: NamedNode, text: str) -> list[Span]:
    """Check the passages of names, and that each holds the name as it is written down."""
    record = facts.record
    found = []
    for mention in record.instances(ph("NameMention")):
        for passage in record.names(mention, ph("occursIn")):
            if document not in record.objects(passage, ph("inDocument")):
                continue
            span = _span(facts, mention, passage, document, text)
            forms = record.texts(mention, ph("surfaceForm"))
            if span.status == "matched" and forms != [text[span.start : span.end]]:
                span = replace(span, status="changed")
            found.append(
                replace(span, claim=handle(text_of(mention)) if isinstance(mention, NamedNode) else "mention/")
            )
    return found


def _span(facts: Facts, claim: Node, passage: Node, document: NamedNode, text: str) -> Span:
    start, end = _number(facts, passage, "start"), _number(facts, passage, "end")
    digests = {digest.lower() for digest in facts.record.texts(passage, ph("spanSha256"))}
    name, iri = facts.name(claim), text_of(passage)
    fits = 0 <= start < end <= len(text)
    # The IRI names the span as well (RFC 5147); the two must agree.
    named = iri == f"{document.value}#char={start},{end}"
    if fits and named and digests == {_digest(text[start:end])}:
        return Span(name, iri, start, end, "matched")
    moved = _find(text, end - start, next(iter(digests))) if len(digests) == 1 else None
    if moved is not None:
        return Span(name, iri, start, end, "moved", moved)
    return Span(name, iri, start, end, "changed" if fits else "out of range")
