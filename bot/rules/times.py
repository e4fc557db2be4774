"""Finds when something happened in what people write, and which stretch of the calendar it means.

Works on the text of a View. What a phrase means is told only where it names a day: "每天晚上" and "半夜" stay words,
and so does an hour that may be of the morning or the evening.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.rules.days import FESTIVAL, Days, day_named
from bot.rules.numbers import HAN_NUMBER, value_of

_NUM = r"[0-9零〇一二两三四五六七八九十几]+"
_DAY = (
    rf"(?:{FESTIVAL}|大前天|大前日|大前晚|前天|前日|昨天|昨日|[寻噚琴]日|今天|今日|明天|听日|当天|当晚|[昨琴寻噚前今][晚夜]|今早|今朝|今晨|"
    rf"(?:上上|上|这|本|今|呢)个?(?:星期|礼拜|周)(?:[一二三四五六日天末])?|(?:星期|礼拜|周)[一二三四五六日天末]|周末|"
    rf"(?:上上|上|这|本|今|呢)个?月(?:初|中|底)?(?:{_NUM}[日号])?|(?:去年|今年|前年|旧年)(?:{_NUM}月)?(?:份|初|底)?(?:{_NUM}[日号])?|"
    rf"[0-9]{{4}}年(?:{_NUM}月(?:份)?(?:{_NUM}[日号])?)?|{_NUM}月{_NUM}[日号]|{_NUM}月份|[0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}|"
    rf"(?:{_NUM}|半)(?:个|多)*(?:小时|钟头|钟|天|日|星期|礼拜|周|月|年)(?:以?前|之前|来|多来)|(?:刚刚|刚才|啱啱|头先|现在|而家|依家|目前|最近|近日|近期)|"
    rf"(?:每|逢|成)(?:天|日|晚|晚上|夜|周|个?星期|个?月|到?周末)(?!价)|(?:天天|晚晚|夜夜|日日)|长期|一直以来|半夜|深夜|凌晨)"
)
_PART = (
    r"(?:上午|上昼|下午|下昼|早上|早晨|晨早|朝早|晏昼|中午|傍晚|晚上|夜晚|晚黑|凌晨|半夜三更|半夜|深夜|夜里|晚间|早|晚)"
)
# A part of the day by itself tells when a trouble comes: 晚上好吵 does, 晚上好 greets.
_BARE = re.compile(
    r"(?:上午|上昼|下午|下昼|早上|早晨|晨早|朝早|晏昼|中午|傍晚|晚上|夜晚|晚黑|夜里|晚间)(?!安|场|餐|好(?:$|[^\w]|[我请呀啊]))"
)
_CLOCK = rf"(?:{_NUM}[点时](?:钟|半|整|[一三]刻|{_NUM}分?)?(?:多|左右)?|[0-9]{{1,2}}[:：][0-9]{{2}})"
_SPAN = rf"(?:\s*(?:到|至|-|~|—)\s*(?:次日|第二天)?{_PART}?{_CLOCK})"
_TIME = re.compile(
    rf"(?:{_DAY}(?:的?{_PART})?(?:{_CLOCK}{_SPAN}?)?|{_PART}{_CLOCK}{_SPAN}?|{_PART}的?时候)(?:以后|之后|开始|左右|前后|起)?"
)
_LASTED = re.compile(
    rf"(?:已经|已|都|持续|连续)?(?:有)?(?:{_NUM}|半|好几|成)(?:个|多)*(?:小时|钟头|天|日|晚|星期|礼拜|周|月|年)(?:多|了|喇|有余)+"
)

_OFTEN = re.compile(r"每|逢|成[天日晚夜周个]|天天|晚晚|夜夜|日日|长期|一直|目前|最近|近日|近期")
_NOW = re.compile(r"刚刚|刚才|啱啱|头先|现在|而家|依家")
_ABOUT = re.compile(r"期间|假期|前后|左右|春节(?!初)|过年")
_SINCE = re.compile(r"以后|之后|开始|起$|来$")
_AMOUNT = re.compile(
    rf"(?P<many>[0-9]+|{HAN_NUMBER}|半)个?(?P<half>半)?多?(?P<unit>小时|钟头|钟|天|日|晚|星期|礼拜|周|月|年)"
)
_AGO = re.compile(r"前$")
_LASTS = re.compile(r"[了喇]$|多|有余|来$|已|持续|连续")
_AT = re.compile(rf"(?P<part>{_PART})?(?P<hour>{_NUM})[点时](?P<past>半|整|钟|[一三]刻|{_NUM}分?)?")
_WRITTEN = re.compile(rf"(?P<part>{_PART})?(?P<hour>[0-9]{{1,2}})[:：](?P<minute>[0-9]{{2}})")
_PAST = {"半": 30, "一刻": 15, "三刻": 45, "整": 0, "钟": 0}
_DAYS = {"天": 1, "日": 1, "晚": 1, "星期": 7, "礼拜": 7, "周": 7, "月": 30.44, "年": 365.25}
_HOURS = frozenset({"小时", "钟头", "钟"})
HOUR = timedelta(hours=1)
OPEN = timedelta(days=-1)
# The hours of a part of the day, and how a clock's hour is read in it; past 24 it is the next day's.
_PARTS: tuple[tuple[re.Pattern[str], tuple[int, int]], ...] = (
    (re.compile(r"凌晨"), (0, 6)),
    (re.compile(r"半夜|深夜"), (22, 26)),
    (re.compile(r"傍晚"), (17, 19)),
    (re.compile(r"中午|晏昼"), (11, 14)),
    (re.compile(r"下午|下昼"), (12, 18)),
    (re.compile(r"上午|上昼"), (6, 12)),
    (re.compile(r"早|朝|晨"), (5, 10)),
    (re.compile(r"晚|夜"), (18, 24)),
)


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of the city's time; one moment where both are the same.

    ``going_on``: from ``since`` until now. ``about``: nobody counts so closely.
    """

    since: datetime
    until: datetime
    going_on: bool = False
    about: bool = False

    @property
    def told(self) -> str:
        """The stretch as it is read: 2026-03-11, 2026-03-11 18:00至24:00, 2026-03-01至2026-03-31, 约2025-12-16起."""
        return ("约" if self.about else "") + self._told

    @property
    def _told(self) -> str:
        if self.going_on:
            return f"{self.since:%Y-%m-%d}起"
        if self.since == self.until:
            return f"{self.since:%Y-%m-%d %H:%M}"
        last = self.until - timedelta(minutes=1)
        if _is_midnight(self.since) and _is_midnight(self.until):
            days = (f"{self.since:%Y-%m-%d}", f"{last:%Y-%m-%d}")
            return days[0] if days[0] == days[1] else "至".join(days)
        if self.since.date() != last.date():
            return f"{self.since:%Y-%m-%d %H:%M}至{self.until:%Y-%m-%d %H:%M}"
        end = "24:00" if _is_midnight(self.until) else f"{self.until:%H:%M}"
        return f"{self.since:%Y-%m-%d %H:%M}至{end}"


def times_in(text: str) -> list[tuple[int, int]]:
    """Where ``text`` tells when it happened; where it names no time, how long it has lasted, else the part of day."""
    found = (pattern.finditer(text) for pattern in (_TIME, _LASTED, _BARE))
    return next((spans for each in found if (spans := [hit.span() for hit in each])), [])


def meant(text: str, now: datetime) -> Interval | None:
    """What a phrase means for somebody who says it at ``now``, which carries the city's zone; None where it is open."""
    if _NOW.search(text):
        return Interval(now.replace(second=0, microsecond=0), now.replace(second=0, microsecond=0))
    if _OFTEN.search(text):
        return None
    days = day_named(text, now.date())
    if days is None:
        return _by_amount(text, now)
    about = _ABOUT.search(text) is not None
    if _SINCE.search(text):
        return Interval(_midnight(days.first, now), now, going_on=True, about=about)
    return replace(_within(text, days, now), about=about)


def _within(text: str, days: Days, now: datetime) -> Interval:
    """The days, or the part of the one day, or the moment that is named."""
    start = _midnight(days.first, now)
    if days.first != days.last:
        return Interval(start, _midnight(days.last, now) + 24 * HOUR)
    part = next(((pattern, hours) for pattern, hours in _PARTS if pattern.search(text)), None)
    clocks = _clocks(text, part[1] if part else None)
    if clocks:
        since = start + clocks[0]
        until = start + clocks[-1]
        return Interval(since, until if until >= since else until + 24 * HOUR)
    if part:
        return Interval(start + part[1][0] * HOUR, start + part[1][1] * HOUR)
    return Interval(start, start + 24 * HOUR)


def _clocks(text: str, hours: tuple[int, int] | None) -> list[timedelta]:
    """The hours that are named, from midnight; none where the first may be of the morning or the evening."""
    made = [
        _of_day(int(found["hour"]), int(found["minute"]), _hours_of(found["part"]) or hours, written=True)
        for found in _WRITTEN.finditer(text)
    ]
    for found in _AT.finditer(text):
        hour = value_of(found["hour"])
        if hour is not None and hour <= 24:
            made.append(_of_day(int(hour), _minutes(found["past"]), _hours_of(found["part"]) or hours, written=False))
    return [] if OPEN in made[:1] else [each for each in made if each >= timedelta(0)]


def _of_day(hour: int, minute: int, hours: tuple[int, int] | None, *, written: bool) -> timedelta:
    """From midnight; OPEN where it may be of the morning or the evening."""
    if hour > 24 or minute > 59:
        return OPEN
    if hours is None:
        clear = written or hour == 0 or hour > 12
        return timedelta(hours=hour, minutes=minute) if clear else OPEN
    first, _ = hours
    if first == 0 and hour == 12:
        hour = 0
    elif first >= 18 and hour < 6:
        hour += 24
    elif (first >= 12 or (first == 11 and hour < 6)) and hour < 12:
        hour += 12
    elif first >= 18 and hour == 12:
        hour = 24
    return timedelta(hours=hour, minutes=minute)


def _hours_of(part: str | None) -> tuple[int, int] | None:
    return next((hours for pattern, hours in _PARTS if part and pattern.search(part)), None)


def _minutes(past: str | None) -> int:
    if not past or past in _PAST:
        return _PAST.get(past or "", 0)
    minutes = value_of(past.rstrip("分"))
    return int(minutes) if minutes is not None and minutes < 60 else 0


def _by_amount(text: str, now: datetime) -> Interval | None:
    """So long ago, or for so long."""
    found = _AMOUNT.search(text) if _AGO.search(text) or _LASTS.search(text) else None
    if found is None:
        return None
    many = 0.5 if found["many"] == "半" else float(value_of(found["many"]) or 0) + (0.5 if found["half"] else 0)
    if not 0 < many <= 1000:
        return None
    ago, unit = _AGO.search(text) is not None, found["unit"]
    if unit in _HOURS:
        then = (now - many * HOUR).replace(second=0, microsecond=0)
        return Interval(then, then) if ago else Interval(then, now, going_on=True)
    days = _DAYS[unit]
    start = _midnight(now.date() - timedelta(days=round(many * days)), now)
    return Interval(start, start + 24 * HOUR if ago else now, going_on=not ago, about=days > 1)


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), now.tzinfo)


def _is_midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute) == (0, 0)
