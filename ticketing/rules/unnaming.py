"""What staff write does without who asked: the ticket knows their name and number, its notes need neither."""

import re
from collections.abc import Iterator
from functools import lru_cache

from kernel.masking import COMPOUND_SURNAMES

UNNAMED = "〔诉求人〕"
_TITLES = r"(?:先生|女士|小姐|太太|师傅|师父|老师|阿姨|大姐|大哥|大叔|大妈|大爷|老板娘?|某某?|生|姐|哥|叔|伯|姨)"
_GAP = r"[\s\-－—.·]{0,2}"
_LEAST_DIGITS, _LAST = 7, 4


def unnamed(text: str, name: str, phone: str) -> str:
    """The text with the requester's name, their given name, their surname before a title, and their number (whole, in
    pieces, or by its last four digits) replaced; unchanged where neither is known."""
    if not text or not (name.strip() or phone.strip()):
        return text
    pattern = _pattern(name.strip(), phone.strip())
    return pattern.sub(UNNAMED, text) if pattern is not None else text


def found_of(text: str, name: str, phone: str) -> tuple[str, ...]:
    """The words of the text that ``unnamed`` would replace."""
    pattern = _pattern(name.strip(), phone.strip()) if name.strip() or phone.strip() else None
    return tuple(match.group() for match in pattern.finditer(text)) if pattern is not None else ()


@lru_cache(maxsize=512)
def _pattern(name: str, phone: str) -> re.Pattern[str] | None:
    parts = [*_of_name(name), *_of_phone(phone)]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def _of_name(name: str) -> Iterator[str]:
    if len(name) < 2:
        return
    yield re.escape(name)
    if not all("\u4e00" <= letter <= "\u9fff" for letter in name):
        return
    surname = name[:2] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[:1]
    given = name[len(surname) :]
    yield rf"{surname}{_TITLES}"
    if len(given) > 1:
        yield re.escape(given)


def _of_phone(phone: str) -> Iterator[str]:
    digits = re.sub(r"\D", "", phone)
    if len(digits) < _LEAST_DIGITS:
        return
    yield _GAP.join(digits)
    yield rf"尾号{_GAP}(?:[是为：:]|\s)*{digits[-_LAST:]}"
