"""Digits however people write them: full-width, Chinese characters, banking capitals, as ASCII digits."""

import re
import unicodedata

_SPOKEN = {
    "零": "0", "〇": "0", "○": "0", "一": "1", "幺": "1", "二": "2", "三": "3", "四": "4", "五": "5",
    "六": "6", "七": "7", "八": "8", "九": "9",
    "壹": "1", "贰": "2", "貳": "2", "叁": "3", "參": "3", "肆": "4", "伍": "5", "陆": "6", "陸": "6",
    "柒": "7", "捌": "8", "玖": "9",
}  # fmt: skip
_SPOKEN_TABLE = str.maketrans(_SPOKEN)
_CHARACTERS = "".join(_SPOKEN)
_FULL_WIDTH_TABLE = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20}

# 三七二十一, 一百二十三 are counted numbers, 第三二一 an ordinal: only digits read out one by one are turned.
_READ_OUT = re.compile(
    rf"(?<![0-9{_CHARACTERS}十百千万亿第两几])[0-9{_CHARACTERS}](?:[ \-]?[0-9{_CHARACTERS}])*"
    rf"(?![0-9{_CHARACTERS}十百千万亿两几])"
)
_SPOKEN_NUMBERS = frozenset({"一一零", "一一九", "一二零", "一二二", "幺幺零", "幺幺九", "幺二零", "幺二二"})
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LONG_ENOUGH = 5


def fold_width(text: str) -> str:
    """Full-width letters, signs and every script's decimal digits as ASCII; the length stays the same."""
    if text.isascii():
        return text
    text = text.translate(_FULL_WIDTH_TABLE)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in text)


def fold_spoken(text: str) -> str:
    """Every Chinese digit character as an ASCII digit, in any word; the length stays the same."""
    return text.translate(_SPOKEN_TABLE)


def digits(text: str) -> str:
    """Digits that are read out one by one (一三八零零…, ３栋) as ASCII digits; counted numbers and idioms stay.

    Five characters in a row count as read out, and shorter ones if they hold a zero (五零二室), make a
    year (一九九八年) or are an emergency number (一一零).
    """
    folded = fold_width(text)
    return _READ_OUT.sub(lambda found: _turn(found, folded), folded)


def _turn(found: re.Match[str], text: str) -> str:
    run = found.group()
    plain = fold_spoken(run)
    bare = re.sub(r"[ \-]", "", plain)
    if _MOBILE.fullmatch(bare):
        return plain
    return re.sub(
        rf"[{_CHARACTERS}](?:[ \-]?[{_CHARACTERS}])*",
        lambda part: _turn_part(part.group(), text[found.start() + part.end() :][:1]),
        run,
    )


def _turn_part(part: str, after: str) -> str:
    bare = re.sub(r"[ \-]", "", part)
    if bare in _SPOKEN_NUMBERS:
        return fold_spoken(part)
    if len(bare) < 3:
        return part
    has_zero = any(zero in bare for zero in "零〇○幺") and not set(bare) <= {"○"}
    if len(bare) >= _LONG_ENOUGH or has_zero or (len(bare) == 4 and after == "年"):
        return fold_spoken(part)
    return part
