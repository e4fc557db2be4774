"""Which day, week, month or festival a phrase names, seen from the day it is said; a table of patterns."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.rules import lunar
from bot.rules.numbers import value_of

DAY = timedelta(days=1)
_NUM = r"[0-9零〇一二两三四五六七八九十]+"
_RELATIVE = {"大前": -3, "前": -2, "昨": -1, "琴": -1, "寻": -1, "噚": -1, "今": 0, "明": 1, "听": 1}
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "今": 0, "呢": 0}
_YEARS = {"前年": -2, "去年": -1, "旧年": -1, "今年": 0, "本年": 0}
_WEEKDAYS = {letter: n for n, letter in enumerate("一二三四五六日")} | {"天": 6}
_THIRDS = {"初": (1, 10), "中": (11, 20), "底": (21, 31), "": (1, 31), "份": (1, 31)}
_YEAR = r"(?P<year>前年|去年|旧年|今年|[0-9]{4}年)?"
_NOT_A_NAME = r"(?![路街村桥巷里小大])"
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_LUNAR_DAY = (
    r"(?:初[一二三四五六七八九十]|十[一二三四五六七八九]|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|三十|十五)"
)
_SCHOOL = r"(?![一-鿿]{0,2}(?:生|班|年级|级|毕业|升|中考|家长|数学|语文|英语|物理))"


@dataclass(frozen=True, slots=True)
class Days:
    """From ``first`` to ``last``, both included."""

    first: date
    last: date


# Festival → the days of one year of the common calendar that it has, None outside of the table.
FESTIVALS: tuple[tuple[str, Callable[[int], date | None]], ...] = (
    (r"除夕|大?年三十|大?年卅", lunar.new_years_eve),
    (r"元宵节?|正月十五", lambda year: lunar.common_day(year, 1, 15)),
    (r"(?:大年|年|春节)初(?P<newyear>[一二三四五六七八九十])", lambda year: lunar.common_day(year, 1, 1)),
    (r"春节|过年", lambda year: lunar.common_day(year, 1, 1)),
    (r"清明节?", lunar.qingming),
    (r"端午节?", lambda year: lunar.common_day(year, 5, 5)),
    (r"七夕节?", lambda year: lunar.common_day(year, 7, 7)),
    (r"中元节?|鬼节", lambda year: lunar.common_day(year, 7, 15)),
    (r"中秋节?", lambda year: lunar.common_day(year, 8, 15)),
    (r"重阳节?", lambda year: lunar.common_day(year, 9, 9)),
    (r"冬至", lunar.dongzhi),
    (r"腊八节?", lambda year: lunar.common_day(year - 1, 12, 8)),
    (r"元旦节?", lambda year: date(year, 1, 1)),
    (r"五一劳动节|五一节?|劳动节", lambda year: date(year, 5, 1)),
    (r"国庆节?", lambda year: date(year, 10, 1)),
)
_LUNAR_DATE = rf"(?:(?:农历|阴历|旧历)(?P<month>[正一二三四五六七八九十冬腊]+)月|(?P<first>正)月)(?P<day>{_LUNAR_DAY})"
_LUNAR_DAY_ALONE = rf"初(?P<alone>[一二三四五六七八九十])(?=那天|嗰日|晚|早|朝|凌晨|下午|上午|中午|开始|起){_SCHOOL}"
_GROUP_NAME = re.compile(r"\?P<[a-z]+>")


def _nameless(pattern: str) -> str:
    """The pattern for use inside of another one."""
    return _GROUP_NAME.sub("?:", pattern)


_NAMES = "|".join(_nameless(name) for name, _ in FESTIVALS)
FESTIVAL = (
    rf"(?:{_nameless(_YEAR)}的?(?:{_nameless(_LUNAR_DATE)}|(?:{_NAMES}){_NOT_A_NAME})(?:期间|假期|那天|当天|嗰日|前后)?"
    rf"|{_nameless(_LUNAR_DAY_ALONE)}(?:那天|嗰日)?)"
)


def day_named(text: str, today: date) -> Days | None:
    """The days ``text`` names, the latest such that are not to come where it names no year; None when it names none."""
    for pattern, found_days in _TABLE:
        found = pattern.search(text)
        if found:
            days = found_days(found, today)
            if days:
                return days
    return None


def _relative(found: re.Match[str], today: date) -> Days:
    return _one(today + DAY * _RELATIVE[found["which"]])


def _weekday(found: re.Match[str], today: date) -> Days:
    """A day of a week; without the week's name the latest such day."""
    monday = today - DAY * today.weekday()
    which, day = found["which"], found["day"]
    week = monday + DAY * 7 * _WEEKS[which] if which else monday
    if day == "末":
        saturday = week + DAY * 5
        if not which and saturday > today:
            saturday -= DAY * 7
        return Days(saturday, saturday + DAY)
    if not day:
        return Days(week, week + DAY * 6)
    named = week + DAY * _WEEKDAYS[day]
    return _one(named - DAY * 7 if not which and named > today else named)


def _month(found: re.Match[str], today: date) -> Days | None:
    year, month = divmod(today.year * 12 + today.month - 1 + _WEEKS[found["which"]], 12)
    return _in_month(year, month + 1, found["third"] or "", found["day"])


def _dated(found: re.Match[str], today: date) -> Days | None:
    """A month or a day of one, in the named year or the latest that is not to come; a year alone is all of it."""
    year, month = _year_of(found, today), value_of(found["month"]) if found["month"] else None
    if month is None:
        return Days(date(year, 1, 1), date(year, 12, 31)) if found["year"] else None
    days = _in_month(year, int(month), found["third"] or "", found["day"])
    if days and not found["year"] and days.first > today:
        days = _in_month(year - 1, int(month), found["third"] or "", found["day"])
    return days


def _written(found: re.Match[str], _: date) -> Days | None:
    return _in_month(int(found["y"]), int(found["m"]), "", found["d"])


def _festival(day_of: Callable[[int], date | None]) -> Callable[[re.Match[str], date], Days | None]:
    def days(found: re.Match[str], today: date) -> Days | None:
        groups = found.groupdict()
        later = (value_of(groups["newyear"]) or 1) - 1 if groups.get("newyear") else 0
        year = _year_of(found, today)
        years = [year] if found["year"] else [today.year + 1, today.year, today.year - 1]
        feasts = [feast + DAY * int(later) for each in years if (feast := day_of(each)) is not None]
        kept = [feast for feast in feasts if found["year"] or feast <= today]
        return _one(kept[0]) if kept else None

    return days


def _lunar(found: re.Match[str], today: date) -> Days | None:
    month = 1 if found["first"] else _LUNAR_MONTHS.get(found["month"]) or value_of(found["month"])
    day = value_of(found["day"].removeprefix("初").replace("廿", "二十"))
    if month is None or day is None:
        return None
    years = [_year_of(found, today)] if found["year"] else [today.year, today.year - 1]
    days = [made for year in years if (made := lunar.common_day(year, int(month), int(day))) is not None]
    return next((_one(each) for each in days if found["year"] or each <= today), None)


def _lunar_day(found: re.Match[str], today: date) -> Days | None:
    day = lunar.latest_on(int(value_of(found["alone"]) or 1), today)
    return _one(day) if day else None


_TABLE: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Days | None]], ...] = (
    *((re.compile(rf"{_YEAR}的?(?:{name})"), _festival(day_of)) for name, day_of in FESTIVALS),
    (re.compile(rf"{_YEAR}的?{_LUNAR_DATE}"), _lunar),
    (re.compile(_LUNAR_DAY_ALONE), _lunar_day),
    (re.compile(r"(?P<which>大前|[前昨琴寻噚今明听])(?:天|日|晚|夜|早|朝|晨)"), _relative),
    (
        re.compile(r"(?:(?P<which>上上|上|这|本|今|呢)个?)?(?:星期|礼拜|周)(?P<day>[一二三四五六日天末])"),
        _weekday,
    ),
    (re.compile(r"(?P<which>上上|上|这|本|今|呢)个?(?:星期|礼拜|周)(?P<day>)"), _weekday),
    (re.compile(rf"(?P<which>上上|上|这|本|今|呢)个?月(?P<third>[初中底])?(?:(?P<day>{_NUM})[日号])?"), _month),
    (re.compile(r"(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})"), _written),
    (
        re.compile(rf"{_YEAR}(?P<month>{_NUM})月(?P<third>[份初中底])?(?:(?P<day>{_NUM})[日号])?"),
        _dated,
    ),
    (re.compile(r"(?P<year>前年|去年|旧年|今年|[0-9]{4}年)(?P<month>)(?P<third>)(?P<day>)"), _dated),
)


def _year_of(found: re.Match[str], today: date) -> int:
    named = found["year"] or ""
    return int(named[:4]) if named[:1].isdigit() else today.year + _YEARS.get(named, 0)


def _in_month(year: int, month: int, third: str, day: str | None) -> Days | None:
    """A day, a third or the whole of a month; None where there is no such day."""
    if not (1 <= month <= 12 and 1900 <= year <= 2200):
        return None
    longest = calendar.monthrange(year, month)[1]
    if day:
        number = value_of(day)
        return _one(date(year, month, int(number))) if number is not None and 1 <= number <= longest else None
    first, last = _THIRDS[third]
    return Days(date(year, month, first), date(year, month, min(last, longest)))


def _one(day: date) -> Days:
    return Days(day, day)
