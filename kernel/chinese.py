"""Chinese text: cutting, width, script, Cantonese, digits, terms to search by; the only home of rjieba and opencc.

rjieba takes words at run time (``add_words``), so jieba itself serves only as the oracle of the tests.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from threading import Lock
from typing import Protocol, cast

import opencc
import rjieba

from kernel.cantonese import CantoneseTable, load_table
from kernel.numerals import digits

__all__ = [
    "add_words",
    "digits",
    "is_cantonese",
    "is_ordinary_word",
    "may_be_a_name",
    "normalise",
    "shingles",
    "simplified",
    "terms",
    "to_mandarin",
    "traditional",
    "words",
]

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN_RUN = re.compile(f"[{HAN}]+")
_WORD_LIKE = re.compile(r"\w")
_NOT_WORD_LIKE = re.compile(r"[\W_]+")
_ASCII_RUN = re.compile(r"[0-9a-z]+(?:[.\-_/][0-9a-z]+)*")
_SPACES = re.compile(r"\s+")
# Chinese punctuation and circled numbers carry sense that their ASCII look-alikes lose (①材料 is not 1材料).
_KEPT = "，！？；：（）【】～…①-⑳㈠-㈩"
_FREE_RUN = re.compile(f"[^{_KEPT}]+")
_COLON_IN_NUMBER = re.compile(r"(?<=\d)：(?=\d)")
# The cutter is used from several threads and refuses to learn while one of them cuts.
_CUTTING = Lock()
_TAUGHT = "nz"  # the dictionary's tag for proper nouns that are no persons
_PERSON = "nr"
_NAME_TAGS = ("nr", "ns", "nt", "nz")
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co"})

# Words that tell nothing about the matter of a question.
_STOP_WORD_LIST = (
    "的 了 着 过 地 得 是 在 和 与 及 或 而 就 都 也 又 还 很 太 把 被 给 让 从 向 到 于 对 为 以 之 其 "
    "这 那 这个 那个 这些 那些 这样 那样 我 我们 你 你们 您 他 他们 她 她们 它 自己 大家 "
    "吗 呢 吧 啊 呀 哦 嗯 嘛 哈 啦 请 请问 一下 你好 您好 谢谢 麻烦 想 想要 问 想问 咨询 一个 个 些 "
    "有 没有 会 能 可以 要 如果 因为 所以 但是 但 并 并且 以及 等 等等 什么 怎么 怎样 如何 哪里 多少"
)
_STOP_WORDS = frozenset(_STOP_WORD_LIST.split())


class _Cutter(Protocol):
    """What we use of rjieba.Jieba; its stub omits the defaults."""

    def cut(self, text: str) -> list[str]: ...
    def add_word(self, word: str, freq: int | None, tag: str | None) -> int: ...
    def has_word(self, word: str) -> bool: ...
    def tag(self, text: str) -> list[tuple[str, str]]: ...


@cache
def _cutter() -> _Cutter:
    return cast("_Cutter", rjieba.Jieba())


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


@cache
def _cantonese() -> CantoneseTable:
    return load_table(_simplified_but_the_copula)


def add_words(new_words: Iterable[str]) -> None:
    """Teach the cutter words to keep whole (places, units, services): at start, before anything is indexed, and when
    there are new ones."""
    for word in new_words:
        with _CUTTING:
            _cutter().add_word(word, None, _TAUGHT)


def words(text: str) -> list[str]:
    """Cut into words; joined together they are the text again, spaces and punctuation included."""
    with _CUTTING:
        return _cutter().cut(_without_surrogates(text))


def tagged(text: str) -> list[tuple[str, str]]:
    """The words of ``words``, each with its kind by the dictionary (n thing, v doing, d adverb, t time, …)."""
    with _CUTTING:
        return _cutter().tag(_without_surrogates(text))


def is_ordinary_word(word: str) -> bool:
    """True if the cutter's dictionary holds it, and not as a person's name."""
    with _CUTTING:
        tags = _cutter().tag(word) if _cutter().has_word(word) else []
    return bool(tags) and not all(tag.startswith(_PERSON) for _, tag in tags)


def may_be_a_name(word: str) -> bool:
    """False if the cutter's dictionary holds it as a word for things or doings only."""
    with _CUTTING:
        tags = _cutter().tag(word) if _cutter().has_word(word) else []
    return all(tag.startswith(_NAME_TAGS) for _, tag in tags)


def normalise(text: str) -> str:
    """One way to write it: NFKC width but Chinese punctuation kept, simplified, single spaces, nothing invisible."""
    visible = _SPACES.sub(" ", text).translate(_VISIBLE)
    narrow = _FREE_RUN.sub(_narrow, visible)
    narrow = _COLON_IN_NUMBER.sub(":", narrow)
    return _SPACES.sub(" ", simplified(narrow)).strip()


def simplified(text: str) -> str:
    """Traditional characters as simplified ones."""
    return cast("str", _converter("t2s").convert(_without_surrogates(text)))


def traditional(text: str) -> str:
    """Simplified characters as traditional ones, as written in Hong Kong."""
    return cast("str", _converter("s2hk").convert(_without_surrogates(text)))


def is_cantonese(text: str) -> bool:
    """True if the text holds words that only written Cantonese has."""
    return _cantonese().is_cantonese(_simplified_but_the_copula(text))


def to_mandarin(text: str) -> str:
    """Cantonese words as Mandarin ones, in simplified characters; a text that is not Cantonese only changes script."""
    form = _simplified_but_the_copula(text)
    table = _cantonese()
    return table.to_mandarin(form) if table.is_cantonese(form) else simplified(text)


def terms(text: str) -> list[str]:
    """Terms to index or search by: long words, pairs of neighbouring characters, single characters; may repeat.

    Stop words are left out. Characters beside words and pairs found more services under people's names for them
    (法考, 社保) than words and pairs alone.
    """
    flat = normalise(text).lower()
    found = [word for word in words(flat) if len(word) > 2 and _HAN_RUN.fullmatch(word)]
    found += _ASCII_RUN.findall(flat)
    for run in _HAN_RUN.findall(flat):
        found += run
        found += [run[i : i + 2] for i in range(len(run) - 1)]
    return [term for term in found if term not in _STOP_WORDS]


def shingles(text: str, k: int = 3) -> frozenset[str]:
    """All stretches of ``k`` letters of the text without punctuation; the whole text if shorter, none if empty."""
    flat = _NOT_WORD_LIKE.sub("", normalise(text).lower())
    if len(flat) <= k:
        return frozenset({flat} - {""})
    return frozenset(flat[i : i + k] for i in range(len(flat) - k + 1))


def _simplified_but_the_copula(text: str) -> str:
    """Simplified, but 係 (to be) stays apart from 系, which 系统 and 联系 hold too."""
    return "係".join(simplified(part) for part in text.split("係"))


def _narrow(run: re.Match[str]) -> str:
    text = run.group()
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in _DROPPED_CATEGORIES or "\ufe00" <= char <= "\ufe0f"


class _Visible(dict[int, int | None]):
    """What ``str.translate`` does with a character: drops the invisible; each is looked at once."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if _is_invisible(chr(code)) else code
        return self[code]


_VISIBLE = _Visible()


def _without_surrogates(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")
