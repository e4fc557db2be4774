"""Chance that can be repeated: what is drawn depends on the seed and on what it is drawn for, never on the order."""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")
MOST_RARE = 0.4


class Dice:
    """Draws for one thing, e.g. one contact or one visit to a ticket. What is rare happens ``rare`` times as often."""

    def __init__(self, seed: int, *about: object, rare: float = 1.0) -> None:
        self._rare = rare
        self._random = random.Random("|".join(str(each) for each in (seed, *about)))

    def chance(self, share: float) -> bool:
        """Yes in ``share`` of the cases."""
        return self._random.random() < share

    def rarely(self, share: float) -> bool:
        """Yes in ``share`` of the cases, which are few; in a short run more, lest they never happen."""
        return self.chance(min(share * self._rare, max(share, MOST_RARE)))

    def pick(self, options: Sequence[T]) -> T:
        """One of several, all alike."""
        return self._random.choice(options)

    def weighed(self, weights: Mapping[T, float]) -> T:
        """One of several by their weights."""
        return self._random.choices(list(weights), list(weights.values()))[0]

    def about(self, median: float, spread: float = 0.5) -> float:
        """A positive number around ``median``, with a long tail upwards."""
        return median * self._random.lognormvariate(0, spread)

    def between(self, least: float, most: float) -> float:
        """Any number between two."""
        return self._random.uniform(least, most)

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """All of them in another order."""
        return self._random.sample(list(options), len(options))
