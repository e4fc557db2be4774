"""Counted numbers as people write them (三千五, 1.2万, 两百, 12,000), as decimals."""

import re
from decimal import Decimal

_ONES = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_ONES |= dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True))
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000, "亿": 100_000_000}
HAN_NUMBER = "[" + "".join(_ONES) + "".join(_TENS) + "]+"
ARABIC_NUMBER = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
NUMBER = rf"(?:{ARABIC_NUMBER}(?:[十百千万亿]{{1,2}}[0-9]*)?|{HAN_NUMBER})"
_MIXED = re.compile(rf"(?P<head>{ARABIC_NUMBER})(?P<units>[十百千万亿]{{0,2}})(?P<rest>[0-9]?)")


def value_of(text: str) -> Decimal | None:
    """The number ``text`` is; None when it is none. 三千五 is 3500, 两万三 is 23000, 3万5 is 35000."""
    mixed = _MIXED.fullmatch(text)
    if mixed:
        return _mixed(mixed["head"], mixed["units"], mixed["rest"])
    if not text or any(c not in _ONES and c not in _TENS for c in text):
        return None
    if not any(c in _TENS for c in text):
        return Decimal("".join(str(_ONES[c]) for c in text))
    return Decimal(_counted(text))


def _mixed(head: str, units: str, rest: str) -> Decimal | None:
    unit = 1
    for each in units:
        unit *= _TENS[each]
    if rest and unit == 1:
        return None
    return Decimal(head.replace(",", "")) * unit + (Decimal(rest) * unit / 10 if rest else 0)


def _counted(text: str) -> int:
    """Sections of 亿 and 万, in each the ones with their tens; a last digit without one stands for the next smaller."""
    total = section = ones = 0
    unit = 1
    for c in text:
        if c in _ONES:
            ones, unit = _ONES[c], 1 if c in "零〇" else unit
            continue
        unit = _TENS[c]
        if unit >= 10_000:
            total, section = (total + section + ones or 1) * unit, 0
        else:
            section += (ones or 1) * unit
        ones = 0
    return total + section + ones * (unit // 10 if unit > 10 else 1)
