"""What was meant where a word is written as another that sounds alike (公鸡金 for 公积金).

Most people write by sound and take the first word the keyboard offers. A place in a question is taken for such a slip
only when the entries never write what stands there, know a word that sounds the same, and share a character with it.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, islice, pairwise, product
from typing import Final

from kernel.chinese import is_ordinary_word, words
from kernel.sounds import readings
from knowledge.model import Entry

SHORTEST, LONGEST = 2, 6  # characters of a word that is listened for
OFTEN_ENOUGH: Final = 2
LEAST_SHARED: Final = 0.5  # of its characters are written right
MOST_SOUNDS: Final = 12
_HAN: Final = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Heard:
    """``text`` as it was probably meant; ``changes`` are (written, meant), none when nothing was taken for a slip.

    ``doubtful``: what was written is a word of its own (护罩), so that it may well have been meant.
    """

    text: str
    changes: tuple[tuple[str, str], ...] = ()
    doubtful: bool = False


class Ear:
    """Knows how the entries' words sound, and which pairs of characters the entries write."""

    def __init__(
        self, by_sound: Mapping[str, Collection[str]], often: Mapping[str, int], pairs: frozenset[str]
    ) -> None:
        self._by_sound = by_sound
        self._often = often
        self._pairs = pairs

    @classmethod
    def of(cls, entries: Iterable[Entry], more: Iterable[str] = (), but: Collection[str] = frozenset()) -> "Ear":
        """The ear for what ``entries`` (in plain words) are called; ``more`` are other words people use for it, ``but``
        such as tell nothing of the matter."""
        often: Counter[str] = Counter()
        pairs: set[str] = set()
        for entry in entries:
            for way in (entry.title, *entry.variants):
                often.update({word for word in words(way) if _listened_for(word) and word not in but})
                pairs.update(_pairs(way))
            pairs.update(_pairs(entry.body))
        for word in more:
            pairs.update(_pairs(word))
            if _listened_for(word) and word not in but:
                often[word] += OFTEN_ENOUGH
        by_sound: dict[str, list[str]] = {}
        for word, times in often.items():
            # A short word of one way to ask sounds like too much else.
            if len(word) == SHORTEST and times < OFTEN_ENOUGH:
                continue
            for sound in _sounds(word):
                by_sound.setdefault(sound, []).append(word)
        return cls(by_sound, often, frozenset(pairs))

    def hear(self, text: str) -> Heard:
        """``text``, in plain words, with its slips put right."""
        cut = list(_bounds(text))
        ends = list(accumulate(map(len, cut), initial=0))
        out, at, changes, doubtful = [], 0, [], False
        while at < len(cut):
            found = self._slip(text, ends, at)
            if found is None:
                out.append(cut[at])
                at += 1
                continue
            to, meant = found
            written = text[ends[at] : ends[to]]
            changes.append((written, meant))
            doubtful = doubtful or is_ordinary_word(written)
            out.append(meant)
            at = to
        return Heard("".join(out), tuple(changes), doubtful) if changes else Heard(text)

    def _slip(self, text: str, ends: list[int], at: int) -> tuple[int, str] | None:
        """The longest slip that begins with the word ``at``: the word behind it, and what was meant."""
        for to in range(min(at + LONGEST, len(ends) - 1), at, -1):
            written = text[ends[at] : ends[to]]
            if SHORTEST <= len(written) <= LONGEST and (meant := self._meant(written)):
                return to, meant
        return None

    def _meant(self, written: str) -> str:
        if not _HAN.fullmatch(written) or self._pairs.issuperset(_pairs(written)):
            return ""
        alike = {word for sound in _sounds(written) for word in self._by_sound.get(sound, ())}
        near = [word for word in alike if _shared(written, word) >= LEAST_SHARED * len(word)]
        return max(near, key=lambda word: (_shared(written, word), self._often[word], word), default="")


def _bounds(text: str) -> Iterator[str]:
    """The words of ``text``; what the cutter only guessed to be one may hold half of a slip, and is taken apart."""
    for word in words(text):
        if len(word) == 1 or not _HAN.fullmatch(word) or is_ordinary_word(word):
            yield word
        else:
            yield from word


def _listened_for(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and bool(_HAN.fullmatch(word))


def _pairs(text: str) -> Iterator[str]:
    for run in _HAN.findall(text):
        yield from map("".join, pairwise(run))


def _sounds(word: str) -> Iterator[str]:
    return islice(map(" ".join, product(*map(readings, word))), MOST_SOUNDS)


def _shared(written: str, word: str) -> int:
    return sum(mine == theirs for mine, theirs in zip(written, word, strict=True))
