"""Whether words are in another language than Chinese: what is read and hidden by Chinese rules is not, of such."""

import re
import unicodedata
from collections.abc import Iterator

from kernel.chinese import HAN

# So many words are a sentence; beside Chinese only words in small letters are (iPhone Pro Max names a thing), or many.
FEW, MANY = 3, 6
# A script without cases or spaces (ไทย, ひらがな) is counted by letters.
LETTERS_OF_A_WORD = 3

_HAN = re.compile(f"[{HAN}]")
# What Chinese text holds without being less Chinese: addresses of the net, mail, and whatever has a digit or a mask
# (粤E12345, KF94, 138****5678).
_NO_WORDS = re.compile(
    r"(?:https?://|www\.)[^\s\u3000-\uffef]+|[A-Za-z0-9_.+*\-]+@[A-Za-z0-9.\-*]+|[A-Za-z]*[0-9*][\w*\-]*", re.ASCII
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# A stop inside a number, an address or an abbreviation ends nothing.
_SENTENCE = re.compile(r"\S(?:(?![.!?…]+(?:\s|$))[^。！？；;\n])*[.!?…。！？；;]*")


def is_foreign(text: str) -> bool:
    """Whether fewer than half of the letters are Chinese and the others make up words, a few at least."""
    plain = _NO_WORDS.sub(" ", unicodedata.normalize("NFKC", text))
    han = len(_HAN.findall(plain))
    words = _WORD.findall(_HAN.sub(" ", plain))
    if not words or han >= sum(map(_letters, words)):
        return False
    several = sum(map(_as_words, words))
    return several >= (MANY if han else FEW) or sum(map(_as_words, filter(_is_said, words))) >= FEW


def foreign_parts(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a text in another language: all of them where it is so as a whole."""
    whole = is_foreign(text)
    for found in _SENTENCE.finditer(text):
        if whole or is_foreign(found.group()):
            yield found.start(), found.end()


def _letters(word: str) -> int:
    return sum(map(str.isalpha, word))


def _as_words(word: str) -> int:
    return 1 if word.upper() != word.lower() else -(-len(word) // LETTERS_OF_A_WORD)


def _is_said(word: str) -> bool:
    """Whether it is a word of a sentence and no name of a thing."""
    return word == word.lower()
