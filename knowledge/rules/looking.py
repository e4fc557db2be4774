"""The engine's best gone through a second time: how much of the question they are called by, and in which order."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from kernel.chinese import normalise
from knowledge.model import Entry, Found

# So many of an engine's best are gone through; the right one is seldom further down.
LOOKED_AT: Final = 20
# What counts beside the engine's score, which is 1 for its best. All of them are shares of the question.
NAMED: Final = 0.5  # its characters in what the entry is called
SAID: Final = 0.4  # or in its text
RUN: Final = 0.5  # the longest piece of it that stands there as it was asked
OPENING: Final = 0.15  # a name begins as it does
SHORT: Final = 0.08  # for each time a title is e times shorter than the longest there are
LONGEST: Final = math.log(100)
OPENS_WITH: Final = 2
_SIGNS: Final = re.compile(r"[\W_]+")
_PIECE: Final = re.compile(r"[a-z0-9]+|\w")
_BETWEEN: Final = "\n"


class SecondLook:
    """Knows of each entry what it is called and what it says, and how rare each character is among them."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._names = {each.id: _names(each) for each in entries}
        self._bodies = {each.id: _flat(each.body) for each in entries}
        self._short = {each.id: max(LONGEST - math.log1p(len(_bare(each.title))), 0.0) for each in entries}
        self._entries = len(entries)
        self._often = Counter(
            piece for id_, names in self._names.items() for piece in set(_PIECE.findall(names + self._bodies[id_]))
        )

    def look(self, text: str, found: Sequence[Found]) -> tuple[Found, ...]:
        """What was ``found``, in a better order; the best has the best score an engine gave."""
        asked = _bare(text)
        weights = {piece: self._rarity(piece) for piece in _PIECE.findall(asked)}
        if not weights or not found:
            return tuple(found)
        top = max(each.score for each in found)
        total = sum(weights.values())
        values = [each.score / top + self._adds(each.id, asked, weights, total) for each in found]
        order = sorted(range(len(found)), key=lambda place: -values[place])
        scores = sorted((each.score for each in found), reverse=True)
        return tuple(Found(found[place].id, score) for place, score in zip(order, scores, strict=True))

    def _adds(self, id_: str, asked: str, weights: dict[str, float], total: float) -> float:
        names = self._names.get(id_, "")
        # What has no name is left where its text put it: of a long question a text never has all, nor need it.
        if not names:
            return 0.0
        body = self._bodies[id_]
        named = said = 0.0
        for piece, weight in weights.items():
            if piece in names:
                named += weight
            elif piece in body:
                said += weight
        opens = f"{_BETWEEN}{asked[:OPENS_WITH]}" in names
        return (
            (NAMED * named + SAID * (named + said)) / total
            + RUN * _run(asked, names) / len(asked)
            + OPENING * opens
            + SHORT * self._short[id_]
        )

    def _rarity(self, piece: str) -> float:
        often = self._often[piece]
        return math.log(1 + (self._entries - often + 0.5) / (often + 0.5))


def _run(asked: str, names: str) -> int:
    longest = 0
    for start in range(len(asked)):
        while start + longest < len(asked) and asked[start : start + longest + 1] in names:
            longest += 1
    return longest


def _names(entry: Entry) -> str:
    bare = filter(None, map(_bare, (entry.title, *entry.variants)))
    return "".join(f"{_BETWEEN}{name}" for name in bare)


def _flat(text: str) -> str:
    return normalise(text).lower()


def _bare(text: str) -> str:
    return _SIGNS.sub("", _flat(text))
