"""Which entries a question is likely to mean, by all the ways they are asked for together.

The engine weighs words; this weighs how much likelier every word and pair of characters is in the ways to ask for one
entry than for all. A question that shares no rare word with an entry is found so.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from kernel import textbayes
from kernel.textmodel import TextModel
from knowledge.model import Entry

MOST_ENTRIES = 20_000  # of more the weights would fill the memory
KEPT = 12


@dataclass(frozen=True, slots=True)
class Likely:
    """The likeliest of ``entries`` entries for a question with the logarithm of how likely each is, likeliest first."""

    scores: Mapping[str, float] = field(default_factory=dict)
    entries: int = 0

    def first(self, many: int) -> Sequence[str]:
        """The ids of the ``many`` likeliest."""
        return tuple(self.scores)[:many]

    def lead(self, entry: str, rivals: Collection[str]) -> float | None:
        """How far ``entry`` is ahead of the likeliest of ``rivals``; below 0 how far behind. None where nothing is
        known.

        Among few entries whatever is asked is far ahead of the rest: more than half of log(entries) tells no more.
        """
        if not self.scores:
            return None
        last = min(self.scores.values())
        best = max((self.scores[each] for each in rivals if each in self.scores), default=last)
        most = math.log(self.entries) / 2
        return max(-most, min(self.scores.get(entry, last) - best, most))


class Likelihood:
    """Learns in one pass whenever the entries change."""

    def __init__(self, model: TextModel | None) -> None:
        self._model = model

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "Likelihood":
        """What ``entries`` teach by their titles and variants; nothing where they are fewer than two or too many."""
        if not 2 <= len(entries) <= MOST_ENTRIES:
            return cls(None)
        ways = [(way, entry.id) for entry in entries for way in (entry.title, *entry.variants)]
        return cls(textbayes.learn([way for way, _ in ways], [id_ for _, id_ in ways]))

    def of_question(self, text: str) -> Likely:
        """The entries ``text`` (in the words of the index) likely means."""
        if self._model is None:
            return Likely()
        scores = self._model.scores(text)
        best = np.argsort(-scores, kind="stable")[:KEPT]
        return Likely({self._model.labels[at]: float(scores[at]) for at in best}, len(scores))
