"""Make an organisation in Postholder's own vocabulary: units, posts, appointments, lines, placements, brands."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from postholder import terms

if TYPE_CHECKING:
    from collections.abc import Iterator

THINGS = f"{terms.ID}made-up/"
COUNTED = terms.ORG + "reportsTo"
ASKED = THINGS + "post/17"

_TYPE = f"<{terms.RDF}type>"
_LABEL = f"<{terms.RDFS}label>"
_DATE = f"^^<{terms.XSD}date>"
_UNIT_KINDS = ("Business", "Center", "Company", "Sector", "Team", "Unit")
_ROLES = ("cco", "chair", "cro", "cto")
_FAN_OUT = 5
_POSTS = 7
"""Posts of a unit beside that of its head."""
_BOUNDS = ("earliestStart", "latestStart", "earliestEnd", "latestEnd")


def _ph(name: str) -> str:
    return f"<{terms.PH}{name}>"


def _thing(kind: str, number: int) -> str:
    return f"<{THINGS}{kind}/{number}>"


def _named(subject: str, kind: str, label: str) -> str:
    return f'{subject} {_TYPE} {_ph(kind)} .\n{subject} {_LABEL} "{label}"@en .\n'


class _Organisation:
    """Chance and the number of posts so far; each method returns N-Triples."""

    def __init__(self) -> None:
        self.draw = Random(7)  # noqa: S311 - no secret
        self.posts = 0

    def bounds(self, subject: str) -> str:
        """Return bounds of a time, in order, so that nothing ends before it began."""
        draw = self.draw
        year, text = draw.randrange(1999, 2015), ""
        for bound in _BOUNDS:
            year += draw.randrange(4)
            if draw.random() < 0.5:  # noqa: PLR2004 - half of the bounds are known
                day = f"{year}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
                text += f'{subject} {_ph(bound)} "{day}"{_DATE} .\n'
        return text

    def post(self, unit: str, above: str) -> tuple[str, str]:
        """Return a post and the triples of the post, its holder, the appointment and the line."""
        draw, number = self.draw, self.posts
        self.posts += 1
        post, person, held = _thing("post", number), _thing("person", number), _thing("appointment", number)
        text = _named(post, "Post", f"Post {number}") + f"{post} {_ph('postIn')} {unit} .\n"
        if draw.random() < 0.2:  # noqa: PLR2004 - a fifth of the posts carry a role of the code list
            text += f"{post} {_ph('carriesRole')} <{terms.ID}role/{draw.choice(_ROLES)}> .\n"
        if number and draw.random() < 0.12:  # noqa: PLR2004 - an eighth go to one who has another
            person = _thing("person", draw.randrange(max(0, number - 60), number))
        else:
            text += _named(person, "Person", f"Person {number}")
        text += f"{held} {_TYPE} {_ph('Appointment')} .\n{held} {_ph('holder')} {person} .\n"
        text += f"{held} {_ph('post')} {post} .\n{self.bounds(held)}"
        if above:
            line = _thing("line", number)
            kind = "dotted" if draw.random() < 0.1 else "direct"  # noqa: PLR2004 - a tenth
            text += f"{line} {_TYPE} {_ph('ReportingLine')} .\n{line} {_ph('subordinate')} {post} .\n"
            text += f"{line} {_ph('superior')} {above} .\n{line} {_ph('lineType')} {_ph(kind)} .\n{self.bounds(line)}"
        return post, text

    def unit(self, number: int, parent: tuple[str, str]) -> tuple[tuple[str, str], str]:
        """Return a unit with the post that heads it, and all triples that belong to the unit."""
        draw, unit = self.draw, _thing("unit", number)
        parts = [_named(unit, draw.choice(_UNIT_KINDS), f"Unit {number}")]
        if parent[0]:
            placed = _thing("placement", number)
            parts.append(
                f"{placed} {_TYPE} {_ph('UnitPlacement')} .\n{placed} {_ph('placedUnit')} {unit} .\n"
                f"{placed} {_ph('parentUnit')} {parent[0]} .\n{self.bounds(placed)}"
            )
        head, text = self.post(unit, parent[1])
        parts += [text, f"{head} {_ph('heads')} {unit} .\n"]
        parts += (self.post(unit, head)[1] for _ in range(_POSTS))
        if draw.random() < 0.2:  # noqa: PLR2004 - a fifth of the units operate a brand
            brand, held = _thing("brand", number), _thing("arrangement", number)
            text = f"{held} {_TYPE} {_ph('BrandArrangement')} .\n{held} {_ph('arrangedBrand')} {brand} .\n"
            text += f"{held} {_ph('operator')} {unit} .\n{held} {_ph('arrangementKind')} {_ph('singleBrand')} .\n"
            parts += [_named(brand, "Brand", f"Brand {number}"), text]
        return (unit, head), "".join(parts)


def facts(triples: int) -> Iterator[str]:
    """Yield N-Triples, unit by unit, until there are about `triples`."""
    made, number, organisation = 0, 0, _Organisation()
    units: list[tuple[str, str]] = []
    while made < triples:
        parent = units[(number - 1) // _FAN_OUT] if number else ("", "")
        unit, text = organisation.unit(number, parent)
        units.append(unit)
        made += text.count("\n")
        number += 1
        yield text
