"""Finds personal data in what people write: numbers, addresses, accounts, plates and names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kernel.numerals import fold_spoken, fold_width
from kernel.personal_patterns import LOOKS, MOBILE_RUN, Look, Personal
from kernel.phones import phone_digits


@dataclass(frozen=True, slots=True)
class Span:
    """One piece of personal data: ``text[start:end] == value``."""

    kind: Personal
    start: int
    end: int
    value: str


_PHONES = frozenset({Personal.MOBILE, Personal.LANDLINE})
_DIGIT = r"[\d零〇○一幺二三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖]"
# Without one of these nothing of the table can match; most lines of a log are done here.
_WORTH_A_LOOK = re.compile(
    rf"{_DIGIT}.{{0,3}}{_DIGIT}|[@＠我名人]|微信|薇信|[vｖ]信|wechat|weixin|[vw]x", re.IGNORECASE | re.DOTALL
)


def find_personal(text: str, public_numbers: frozenset[str] = frozenset()) -> list[Span]:
    """Personal data in ``text`` from left to right, never overlapping.

    ``public_numbers`` are telephone numbers that may be shown (offices, hotlines), written as ``phone`` writes them.
    """
    if not _WORTH_A_LOOK.search(text):
        return []
    spans: list[Span] = []
    taken = bytearray(len(text))
    for kind, start, end in _candidates(text):
        if 1 in taken[start:end]:
            continue
        value = text[start:end]
        if public_numbers and kind in _PHONES and phone_digits(value) in public_numbers:
            continue
        taken[start:end] = b"\1" * (end - start)
        spans.append(Span(kind, start, end, value))
    return sorted(spans, key=lambda span: span.start)


def _candidates(text: str) -> Iterator[tuple[Personal, int, int]]:
    written = fold_width(text)
    spoken = list(_spoken_views(written))
    for look in LOOKS:
        for view in (written, *spoken) if look.spoken else (written,):
            yield from _matches(look, view)


def _matches(look: Look, view: str) -> Iterator[tuple[Personal, int, int]]:
    group: str | int = "value" if "value" in look.pattern.groupindex else 0
    for found in look.pattern.finditer(view):
        if look.accept(found):
            yield look.kind, found.start(group), found.end(group)


def _spoken_views(written: str) -> Iterator[str]:
    spoken = fold_spoken(written)
    if spoken == written:
        return
    yield spoken
    # 一 is typed as a dash (138一0013一8000), and a digit before the number may end a name (张三一三八…).
    dashed = re.sub(r"(?<=[0-9])一(?=[0-9])", "-", written)
    if dashed != written:
        yield fold_spoken(dashed)
    apart = re.sub(rf"(?<![0-9])[0-9](?={MOBILE_RUN}(?![0-9]))", "#", spoken)
    if apart != spoken:
        yield apart
