"""What a message names, as stretches of it: one table, kind → finder. A stretch is told in the citizen's own letters.

The finders read the text's View, so that blanks, emoji, full-width forms and traditional letters hide nothing.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.rules.numbers import NUMBER, value_of
from bot.rules.times import meant, times_in
from bot.rules.view import View
from kernel.errors import Invalid
from kernel.labels import Labelled
from kernel.privacy import Personal, find_personal, phone


class SlotKind(Labelled):
    """What a stretch of a message is."""

    ID_CARD = "id_card", "证件号码"
    PLATE = "plate", "车牌号"
    PHONE = "phone", "电话"
    NUMBER = "number", "工单号"
    AMOUNT = "amount", "金额"
    CODE = "code", "查询码"
    WHEN = "when", "时间"


@dataclass(frozen=True, slots=True)
class SlotSpan:
    """``said == message[start:end]``; ``value`` is the one way to write it, empty where it stays open."""

    kind: SlotKind
    start: int
    end: int
    said: str
    value: str


Stretch = tuple[int, int, str]
Finder = Callable[[str, datetime | None], Iterator[Stretch]]

_PHONE = re.compile(
    r"(?<![0-9A-Za-z])(?:\+?(?:00)?86[\s-]?)?"
    r"(?:1[3-9][0-9](?:[\s-]?[0-9]{4}){2}|0[0-9]{2,3}[\s-]?[0-9]{7,8}|[+][0-9][0-9\s-]{7,16})(?![0-9])"
)
_TICKET = re.compile(
    r"(?<![0-9A-Za-z])(?:[A-Za-z]{1,4}-?[0-9]{6,}(?:-[0-9]+)?|[0-9]{8}-?[0-9]{4,8}|[0-9]{8}-[0-9A-Za-z]{3,8})(?![0-9A-Za-z])"
)
_CODE = re.compile(r"(?<![0-9A-Za-z])[2-9A-HJKMNP-Za-hjkmnp-z]{6}(?![0-9A-Za-z])")
# 三块地 and 一块儿 are no money: a bare 块 counts from ten, or before 钱 and small change.
_MONEY = re.compile(
    rf"(?:(?:人民币|RMB|[¥￥])(?P<led>{NUMBER})|(?<![几数上0-9.])(?<![0-9],)(?P<many>{NUMBER})(?:多|余)?个?"
    r"(?:(?P<unit>元|圆|蚊|港币|人民币|RMB|块钱)|(?P<loose>块)(?:(?P<change>[0-9一二三四五六七八九])(?:毛|角)?(?![0-9])|(?!儿|地|砖|板|牌|石|肉|布|田|屏|的))))",
    re.IGNORECASE,
)
_PUNCTUATION = re.compile(r"[·•・.\- ]")
LEAST_LOOSE = 10


def spans_in(message: str, now: datetime | None = None) -> tuple[SlotSpan, ...]:
    """What ``message`` names, from left to right, never overlapping; times are read as said at ``now``."""
    return spans_of(View.of(message), now)


def spans_of(view: View, now: datetime | None = None) -> tuple[SlotSpan, ...]:
    """The same of a view that is there already."""
    taken, found = bytearray(len(view.text)), list[SlotSpan]()
    for kind, finder in FINDERS:
        for start, end, value in finder(view.text, now):
            if start >= end or 1 in taken[start:end]:
                continue
            taken[start:end] = b"\1" * (end - start)
            first, last = view.back(start, end)
            found.append(SlotSpan(kind, first, last, view.said[first:last], value))
    return tuple(sorted(found, key=lambda span: span.start))


def first_of(spans: tuple[SlotSpan, ...], kind: SlotKind) -> SlotSpan | None:
    """The first stretch of a kind."""
    return next((span for span in spans if span.kind is kind), None)


def _personal(kind: Personal) -> Finder:
    def find(text: str, _: datetime | None) -> Iterator[Stretch]:
        for span in find_personal(text):
            if span.kind is kind:
                yield span.start, span.end, _PUNCTUATION.sub("", span.value).upper()

    return find


def _phones(text: str, _: datetime | None) -> Iterator[Stretch]:
    for found in _PHONE.finditer(text):
        try:
            yield *found.span(), phone(found.group())
        except Invalid:
            continue


def _numbers(text: str, _: datetime | None) -> Iterator[Stretch]:
    yield from ((*found.span(), found.group().upper()) for found in _TICKET.finditer(text))


def _codes(text: str, _: datetime | None) -> Iterator[Stretch]:
    """Six of the letters and digits that are not taken for one another."""
    for found in _CODE.finditer(text):
        if any(c.isdigit() for c in found.group()) or found.group().isupper():
            yield *found.span(), found.group().upper()


def _amounts(text: str, _: datetime | None) -> Iterator[Stretch]:
    for found in _MONEY.finditer(text):
        value = value_of(found["led"] or found["many"])
        if value is None or (found["loose"] and not found["change"] and value < LEAST_LOOSE):
            continue
        change = value_of(found["change"]) if found["change"] else None
        yield *found.span(), f"{(value + (change or Decimal()) / 10).normalize():f}"


def _times(text: str, now: datetime | None) -> Iterator[Stretch]:
    for start, end in times_in(text):
        interval = meant(text[start:end], now) if now else None
        yield start, end, interval.told if interval else ""


# The first to find a stretch keeps it: a plate is no query code, a sum of money no ticket number.
FINDERS: tuple[tuple[SlotKind, Finder], ...] = (
    (SlotKind.ID_CARD, _personal(Personal.ID_CARD)),
    (SlotKind.PLATE, _personal(Personal.PLATE)),
    (SlotKind.PHONE, _phones),
    (SlotKind.NUMBER, _numbers),
    (SlotKind.AMOUNT, _amounts),
    (SlotKind.CODE, _codes),
    (SlotKind.WHEN, _times),
)
