"""Partial dates: never more than is certain, checked day by day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postholder.export.partial_dates import partial
from postholder.views.validity import combined


def days(*texts: str) -> list[int]:
    return [date.fromisoformat(t).toordinal() for t in texts]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((), (), ("", "", True)),
        (("2023-09-10", "2023-09-10"), (), ("2023-09-10", "", True)),
        (("2023-09-01", "2023-09-30"), (), ("2023-09", "", True)),
        (("2024-02-01", "2024-02-29"), (), ("2024-02", "", True)),
        (("2024-02-01", "2024-02-28"), (), ("2024-02", "", False)),
        (("2023-09-05", "2023-09-20"), (), ("2023-09", "", False)),
        (("2018-01-01", "2018-12-31"), ("2019-05-01", "2019-05-31"), ("2018", "2019-05", True)),
        (("2018-02-01", "2018-12-31"), (), ("2018", "", False)),
        (("2018-12-31", "2019-01-01"), (), ("", "", False)),
        (("2018-12-31", None), (), ("", "", False)),
        ((None, "2018-12-31"), (), ("", "", False)),
        ((), ("2018-12-31", None), ("", "", False)),
        ((), (None, "2018-12-31"), ("", "", False)),
        ((), ("2018-12-31", "2018-12-31"), ("", "2018-12-31", True)),
        (("0044-03-15", "0044-03-15"), (), ("0044-03-15", "", True)),
        ((), ("9999-12-31", "9999-12-31"), ("", "", False)),
    ],
)
def test_partial(start: tuple[str | None, ...], end: tuple[str | None, ...], expected: tuple[str, str, bool]) -> None:
    first, by, until, last = [days(d) if d else [] for d in ((*start, None, None)[:2] + (*end, None, None)[:2])]
    assert partial(combined(first, by, until, last)) == expected


SOME_DAY = st.dates(date(2000, 1, 1), date(2003, 12, 31)).map(date.toordinal)
BOUND = st.lists(SOME_DAY, max_size=1)


@given(BOUND, BOUND, BOUND, BOUND)
def test_every_admissible_day_lies_in_the_partial_date(
    first: list[int], by: list[int], until: list[int], last: list[int]
) -> None:
    bounds = combined(first, by, until, last)
    found = partial(bounds)
    ranges = (
        (found.start, bounds.earliest_start, bounds.latest_start),
        (found.end, bounds.earliest_end, bounds.latest_end),
    )
    for text, low, high in ranges:
        if text:
            assert {date.fromordinal(d).isoformat()[: len(text)] for d in range(low, high + 1)} == {text}
    told = any(a.isoformat() in str(bounds) for a in map(date.fromordinal, (*first, *by, *until, *last)))
    if found == ("", "", True):
        assert str(bounds) == "no start told; no end told" or not told
