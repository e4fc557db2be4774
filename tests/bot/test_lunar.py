"""Lunar festivals fall on the days the almanacs print."""

from datetime import date
from itertools import pairwise

import pytest

from bot.rules import lunar


@pytest.mark.parametrize(
    ("year", "month", "day", "common"),
    [
        (2024, 1, 1, date(2024, 2, 10)),
        (2024, 8, 15, date(2024, 9, 17)),
        (2025, 5, 5, date(2025, 5, 31)),
        (2025, 8, 15, date(2025, 10, 6)),  # after the leap sixth month
        (2025, 9, 9, date(2025, 10, 29)),
        (2026, 1, 15, date(2026, 3, 3)),
        (2026, 5, 5, date(2026, 6, 19)),
        (2026, 8, 15, date(2026, 9, 25)),
    ],
)
def test_a_lunar_day_is_a_day_of_the_common_calendar(year: int, month: int, day: int, common: date) -> None:
    assert lunar.common_day(year, month, day) == common


def test_every_year_ends_where_the_next_begins() -> None:
    lengths = {"s": 29, "L": 30}
    for (year, (begins, months, leap)), (after, (next_begins, _, _)) in pairwise(lunar.YEARS.items()):
        assert after == year + 1
        assert (next_begins - begins).days == sum(lengths[each] for each in months)
        assert len(months) == (13 if leap else 12)


def test_what_no_almanac_has_is_none() -> None:
    assert lunar.common_day(2026, 1, 30) == date(2026, 3, 18)
    assert lunar.common_day(2026, 2, 30) is None
    assert lunar.common_day(1999, 1, 1) is None
    assert lunar.common_day(2026, 13, 1) is None
    assert lunar.new_years_eve(2026) == date(2026, 2, 16)


@pytest.mark.parametrize(
    ("year", "qingming", "dongzhi"), [(2024, 4, 21), (2025, 4, 21), (2026, 5, 22), (2027, 5, 22), (2028, 4, 21)]
)
def test_the_two_terms(year: int, qingming: int, dongzhi: int) -> None:
    assert lunar.qingming(year) == date(year, 4, qingming)
    assert lunar.dongzhi(year) == date(year, 12, dongzhi)
