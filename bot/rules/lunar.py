"""The lunar calendar as far as people date by it: festivals and days of a lunar month, as days of the common one."""

from datetime import date, timedelta

# Year → the day it begins, its months (s of 29 days, L of 30) in order, and after which one the leap month stands
# (0: none). Facts of the calendar that GB/T 33661-2017 lays down.
YEARS: dict[int, tuple[date, str, int]] = {
    2019: (date(2019, 2, 5), "LsLsLssLssLL", 0),
    2020: (date(2020, 1, 25), "sLLLsLssLsLsL", 4),
    2021: (date(2021, 2, 12), "sLLsLsLsLsLs", 0),
    2022: (date(2022, 2, 1), "LsLsLLsLsLsL", 0),
    2023: (date(2023, 1, 22), "sLssLLsLLsLsL", 2),
    2024: (date(2024, 2, 10), "sLssLsLLsLLs", 0),
    2025: (date(2025, 1, 29), "LsLssLsLsLLLs", 6),
    2026: (date(2026, 2, 17), "LsLssLssLLLs", 0),
    2027: (date(2027, 2, 6), "LLsLssLssLLs", 0),
    2028: (date(2028, 1, 26), "LLLsLssLssLLs", 5),
    2029: (date(2029, 2, 13), "LLsLsLsLssLL", 0),
    2030: (date(2030, 2, 3), "sLsLLsLsLsLs", 0),
    2031: (date(2031, 1, 23), "sLLsLsLLsLsLs", 3),
    2032: (date(2032, 2, 11), "LssLsLLsLLsL", 0),
    2033: (date(2033, 1, 31), "sLssLsLsLLLsL", 11),
    2034: (date(2034, 2, 19), "sLssLsLsLLsL", 0),
    2035: (date(2035, 2, 8), "LsLssLssLLsL", 0),
}
DAY = timedelta(days=1)
_LENGTHS = {"s": 29, "L": 30}
# Both terms move by less than a day from year to year; good for the years of this century.
_QINGMING, _DONGZHI = 4.81, 21.94


def common_day(year: int, month: int, day: int) -> date | None:
    """The day of the common calendar; None for what does not exist or lies outside of ``YEARS``. No leap months."""
    begins, months, leap = YEARS.get(year, (date.min, "", 0))
    place = month - 1 + (1 if leap and month > leap else 0)
    if not 1 <= month <= 12 or not months or not 1 <= day <= _LENGTHS[months[place]]:
        return None
    return begins + DAY * (sum(_LENGTHS[each] for each in months[:place]) + day - 1)


def new_years_eve(year: int) -> date | None:
    """The last day before the lunar year ``year`` begins."""
    return YEARS[year][0] - DAY if year in YEARS else None


def qingming(year: int) -> date:
    """The tomb-sweeping day of ``year``."""
    return date(year, 4, _term(year, _QINGMING))


def dongzhi(year: int) -> date:
    """The winter solstice of ``year``."""
    return date(year, 12, _term(year, _DONGZHI))


def latest_on(day: int, until: date) -> date | None:
    """The last ``day``-th of a lunar month that is not after ``until``; None outside of ``YEARS``."""
    firsts = [first for year in (until.year - 1, until.year) if year in YEARS for first in _months_of(year)]
    days = [first + DAY * (day - 1) for first, length in firsts if day <= length]
    return max((each for each in days if each <= until), default=None)


def _months_of(year: int) -> list[tuple[date, int]]:
    begins, months, _ = YEARS[year]
    made = []
    for each in months:
        made.append((begins, _LENGTHS[each]))
        begins += DAY * _LENGTHS[each]
    return made


def _term(year: int, constant: float) -> int:
    since = year % 100
    return int(since * 0.2422 + constant) - since // 4
