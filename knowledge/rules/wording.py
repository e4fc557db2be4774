"""One way to write a question or a title, and the words in it that tell what it is about."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from kernel.chinese import normalise, to_mandarin, words

_CONTENT = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9][a-z0-9.\-]*")
_SIGNS = re.compile(r"[\W_]+")
_CHINESE_NUMBER = "[零〇一二两三四五六七八九十百千万几]+"
_UNIT = "(?:岁|天|年|月|日|号|元|块|分|个|平方|公里|小时|月份)"
# 12345 and 110 tell what a question is about; 3, 60岁 and 十几个 do not.
_COUNTED = re.compile(rf"[0-9.]{{1,2}}|(?:[0-9.]+|{_CHINESE_NUMBER})[多几个]*{_UNIT}|{_CHINESE_NUMBER}|{_UNIT}")


@dataclass(frozen=True, slots=True)
class Wording:
    """Plain words by each of their synonyms; a word that stands for itself is protected from a shorter synonym.

    ``asking`` are words any question may hold: they ask for the road, the price or the papers, not for the matter.
    ``circumstances`` tell who, when and how it came about, which rarely decides what is meant.
    """

    plain_of: Mapping[str, str]
    asking: frozenset[str]
    circumstances: frozenset[str]
    pattern: re.Pattern[str]

    @classmethod
    def of(
        cls,
        plain_of: Mapping[str, str],
        phrases: Collection[str],
        asking: Collection[str],
        circumstances: Collection[str],
    ) -> "Wording":
        """The wording of a table synonym → plain word; ``phrases`` are asking words taken out before cutting."""
        table = dict.fromkeys(phrases, "") | dict(plain_of)
        longest_first = sorted(table, key=len, reverse=True)
        pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        return cls(table, frozenset((*asking, *phrases)), frozenset(circumstances), pattern)

    def content(self, text: str) -> tuple[str, ...]:
        """The words that tell what ``text`` is about, each once, in order."""
        found = dict.fromkeys(word for word in self._cut(text) if _CONTENT.fullmatch(word))
        return tuple(word for word in found if word not in self.asking and not _COUNTED.fullmatch(word))

    def plain(self, text: str) -> str:
        """``text`` in Mandarin, simplified, lower case, with one word for the many that mean the same."""
        return self.pattern.sub(lambda found: self.plain_of[found.group()] or found.group(), _flat(text))

    def bare(self, text: str) -> str:
        """``text`` without signs and spaces: what was asked in the very same words is equal."""
        return _SIGNS.sub("", _flat(text))

    def _cut(self, text: str) -> Iterator[str]:
        flat, end = _flat(text), 0
        for found in self.pattern.finditer(flat):
            yield from words(flat[end : found.start()])
            yield self.plain_of[found.group()]
            end = found.end()
        yield from words(flat[end:])


def _flat(text: str) -> str:
    return normalise(to_mandarin(text)).lower()
