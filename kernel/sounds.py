"""How Chinese characters sound, without tones; the only home of pypinyin."""

from functools import lru_cache
from typing import Final

from pypinyin import Style, pinyin

MOST_READINGS: Final = 3


@lru_cache(maxsize=20_000)
def readings(character: str) -> tuple[str, ...]:
    """The syllables ``character`` may be read as, the commonest first, at most three; itself when it is none of Han."""
    [found] = pinyin(character, style=Style.NORMAL, heteronym=True)
    return tuple(dict.fromkeys(found))[:MOST_READINGS]
