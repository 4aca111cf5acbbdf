"""Make the workload: firms with trees of units, posts, persons and appointments, some of them wrong.

Text is put together by hand and told in large pieces: millions of triples take seconds.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TERMS = "https://example.org/workload#"
THINGS = "https://example.org/id/"
COUNTED = TERMS + "managedBy"
ASKED = THINGS + "person/17"

_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_DATE = "^^<http://www.w3.org/2001/XMLSchema#date>"
_DECIMAL = "^^<http://www.w3.org/2001/XMLSchema#decimal>"
_FIRST_DAY, _DAYS = date(2004, 1, 1), 8000
_FAN_OUT = 5
"""Units below a unit: with a fifth of the graph in one firm, chains of units get seven links long."""
_NEAR = 60
"""Concurrent appointments go to one of the last persons appointed, who work nearby."""
_UNIT_KINDS = ("Division", "Office", "Bureau")


def _term(name: str) -> str:
    return f"<{TERMS}{name}>"


def _days() -> list[str]:
    return [(_FIRST_DAY + timedelta(n)).isoformat() for n in range(_DAYS)]


class _Firms:
    """Counters and chance of one graph; each method returns N-Triples."""

    def __init__(self) -> None:
        self.draw = Random(20040101)  # noqa: S311 - no secret
        self.days = _days()
        self.counts = dict.fromkeys(("firm", "unit", "post", "person", "appointment", "document", "brand"), 0)
        self.document, self.left = "", 0

    def new(self, kind: str) -> tuple[str, int]:
        number = self.counts[kind]
        self.counts[kind] += 1
        return f"<{THINGS}{kind}/{number}>", number

    def wrong(self, share: float) -> bool:
        """Tell whether an error is seeded here."""
        return self.draw.random() < share

    def day(self, number: int) -> str:
        return f'"{self.days[min(max(number, 0), _DAYS - 1)]}"{_DATE}'

    def cited(self) -> str:
        """Return the triples of a new document when the last one has been cited often enough."""
        if self.left:
            self.left -= 1
            return ""
        self.document, number = self.new("document")
        self.left = self.draw.randrange(3, 8)
        text = (
            f"{self.document} {_TYPE} {_term('Document')} .\n"
            f'{self.document} {_LABEL} "Report {number}" .\n'
            f"{self.document} {_term('publishedOn')} {self.day(self.draw.randrange(7000))} .\n"
        )
        if not self.wrong(0.004):
            by = "address" if self.draw.random() < 0.8 else "identifier"  # noqa: PLR2004 - most are on the web
            text += f'{self.document} {_term(by)} "https://example.org/reports/{number}" .\n'
        return text

    def post(self, kind: str, unit: str, above: str, title: str) -> tuple[str, str]:
        """Return a post and its triples; few posts lack their unit."""
        post, _ = self.new("post")
        text = f'{post} {_TYPE} {_term(kind)} .\n{post} {_LABEL} "{title}"@en .\n'
        if not self.wrong(0.002):
            text += f"{post} {_term('postIn')} {unit} .\n"
        if above:
            text += f"{post} {_term('answersTo')} {above} .\n"
        return post, text

    def person(self, firm: str) -> tuple[str, str]:
        """Return a person and the triples, and those of a second name for the same person, if there is one."""
        person, number = self.new("person")
        staff = f"X{number}" if self.wrong(0.002) else f"E{number:07}"
        text = f'{person} {_TYPE} {_term("Person")} .\n{person} {_term("staffNumber")} "{staff}" .\n'
        text += f"{person} {_term('employer')} {firm} .\n"
        if not self.wrong(0.002):
            text += f'{person} {_LABEL} "Person {number}" .\n'
        kind = self.draw.random()
        page, double = f"<{THINGS}page/{number}>", f"<{THINGS}person/{number}-again>"
        if kind < 0.1:  # noqa: PLR2004 - a tenth of the persons have a homepage
            text += f"{person} {_term('homepage')} {page} .\n"
        if kind < 0.004:  # noqa: PLR2004 - one is the same by the homepage
            text += f'{double} {_TYPE} {_term("Person")} .\n{double} {_LABEL} "Person {number}, again" .\n'
            text += f'{double} {_term("homepage")} {page} .\n{double} {_term("staffNumber")} "D{number:07}" .\n'
        elif kind > 0.998:  # noqa: PLR2004 - one is the same by the key
            text += f'{double} {_TYPE} {_term("Person")} .\n{double} {_LABEL} "Person {number}, by key" .\n'
            text += f'{double} {_term("staffNumber")} "{staff}" .\n{double} {_term("employer")} {firm} .\n'
        return person, text

    def period(self) -> tuple[int, int | None]:
        """Return the days, by number, on which an appointment begins and ends."""
        start = self.draw.randrange(6000)
        if self.draw.random() >= 0.45:  # noqa: PLR2004 - more than half go on
            return start, None
        return start, start - self.draw.randrange(1, 50) if self.wrong(0.004) else start + self.draw.randrange(
            100, 1500
        )

    def appointment(
        self, person: str, post: str, unit: str, contract: str, period: tuple[int, int | None]
    ) -> tuple[str, str]:
        """Return an appointment and its triples, with those of the document that states it."""
        text = self.cited()
        node, number = self.new("appointment")
        start, end = period
        begins = f'"{self.days[max(start, 0)]}"' if self.wrong(0.001) else self.day(start)
        kind = "volunteer" if self.wrong(0.001) else contract
        sure = "1.5" if self.wrong(0.001) else f"0.{self.draw.randrange(50, 100)}"
        text += (
            f"{node} {_TYPE} {_term('Appointment')} .\n{node} {_term('appointee')} {person} .\n"
            f"{node} {_term('toPost')} {post} .\n{node} {_term('inOrganisation')} {unit} .\n"
            f"{node} {_term('startsOn')} {begins} .\n{node} {_term('contract')} {_term(kind)} .\n"
            f'{node} {_term("statedIn")} {self.document} .\n{node} {_term("confidence")} "{sure}"{_DECIMAL} .\n'
        )
        if end is not None:
            text += f"{node} {_term('endsOn')} {self.day(end)} .\n"
        if self.wrong(0.001):
            text += f'{node} {_term("remark")} "remark {number}" .\n'
        return node, text

    def appointed(self, firm: str, post: str, unit: str) -> tuple[tuple[str, tuple[int, int | None]], str, str]:
        """Return a new person with the period, the appointment and all triples."""
        person, text = self.person(firm)
        period = self.period()
        appointment, more = self.appointment(person, post, unit, "fullTime", period)
        return (person, period), appointment, text + more

    def brand(self, firm: str, unit: str) -> str:
        """Return the triples of a brand; of few both owner and operator are told."""
        brand, number = self.new("brand")
        owned, operated = f"{brand} {_term('ownedBy')} {firm} .\n", f"{brand} {_term('operatedBy')} {unit} .\n"
        text = f'{brand} {_TYPE} {_term("Brand")} .\n{brand} {_LABEL} "Brand {number}"@en .\n'
        if self.wrong(0.02):
            return text + owned + operated
        return text + (owned if self.draw.random() < 0.5 else operated)  # noqa: PLR2004 - one or the other

    def unit(
        self, firm: str, parent: tuple[str, str], near: list[tuple[str, tuple[int, int | None]]]
    ) -> tuple[tuple[str, str], str]:
        """Return a unit with the post that heads it, and all triples of the unit's posts and persons."""
        draw, above = self.draw, parent[1]
        unit, number = self.new("unit")
        text = f'{unit} {_TYPE} {_term(draw.choice(_UNIT_KINDS))} .\n{unit} {_LABEL} "Unit {number}"@en .\n'
        parts = [f"{text}{unit} {_term('placedIn')} {parent[0]} .\n"]
        head = ""
        if not self.wrong(0.003):
            head, text = self.post("HeadPost", unit, above, f"Head of unit {number}")
            chief, _, more = self.appointed(firm, head, unit)
            near.append(chief)
            parts += [text, more]
        last = ""
        for _ in range(draw.randrange(3, 13)):
            chance = draw.random()
            kind = "TechnologyPost" if chance < 0.02 else "FinancePost" if chance < 0.04 else "StaffPost"  # noqa: PLR2004
            last, text = self.post(kind, unit, head or above, f"Post {self.counts['post']}")
            parts.append(text)
            if near and draw.random() < 0.12:  # noqa: PLR2004 - an eighth of the posts go to one who has another
                person, (start, end) = draw.choice(near[-_NEAR:])
                contract = "fullTime" if self.wrong(0.05) else "partTime"
                parts.append(self.appointment(person, last, unit, contract, (start + draw.randrange(31), end))[1])
                continue
            worker, appointment, text = self.appointed(firm, last, unit)
            near.append(worker)
            parts.append(text)
            if self.wrong(0.0008):
                parts.append(f"{appointment} {_term('appointee')} {draw.choice(near)[0]} .\n")
        if self.wrong(0.002):
            one, text = self.post("StaffPost", unit, "", "In a circle")
            other, more = self.post("StaffPost", unit, one, "In a circle")
            parts += [text, more, f"{one} {_term('answersTo')} {other} .\n"]
        if draw.random() < 0.1:  # noqa: PLR2004 - a tenth of the units have to do with a brand
            parts.append(self.brand(firm, unit))
        if number > 1 and self.wrong(0.02):
            parts.append(f"{unit} {_term('mergedWith')} <{THINGS}unit/{number - 2}> .\n")
        return (unit, head or above), "".join(parts)

    def firm(self, persons: int) -> Iterator[str]:
        """Yield the triples of a firm of about this many persons, unit by unit."""
        firm, number = self.new("firm")
        kind = "Holding" if self.draw.random() < 0.2 else "Firm"  # noqa: PLR2004 - a fifth
        second = f'"Company {number}"@en' if self.wrong(0.02) else f'"公司{number}"@zh'
        registration = f"R{number}" if self.wrong(0.02) else f"R-{number:06}"
        text = f'{firm} {_TYPE} {_term(kind)} .\n{firm} {_LABEL} "Firm {number}"@en .\n{firm} {_LABEL} {second} .\n'
        text += f'{firm} {_term("registration")} "{registration}" .\n'
        chief, more = self.post("HeadPost", firm, "", "Chief executive")
        person, _, last = self.appointed(firm, chief, firm)
        yield text + more + last
        units, near, done = [(firm, chief)], [person], 0
        before = self.counts["person"]
        while self.counts["person"] - before < persons:
            unit, text = self.unit(firm, units[done // _FAN_OUT], near)
            units.append(unit)
            done += 1
            yield text


def facts(triples: int) -> Iterator[str]:
    """Yield N-Triples until there are about `triples`: a first firm with a fifth of them, then smaller ones."""
    made, firms = 0, _Firms()
    persons = max(triples // 105, 1)  # a person comes with about 21 triples
    while made < triples:
        for text in firms.firm(persons):
            made += text.count("\n")
            yield text
            if made >= triples:
                return
        persons = firms.draw.randrange(60, 400)
