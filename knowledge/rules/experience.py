"""What earlier answers to the same question were worth: citizens said so, or an editor ruled.

One person counts once, whatever they press and however they word it; nothing is learnt from fewer than three. What was
said loses half its weight in 60 days. An editor's ruling counts as much as three citizens of today.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from knowledge.model import Ruling, Vote
from knowledge.rules.matching import Lexicon, Question

LEAST_PEOPLE: Final = 3
RULED: Final = 3.0
RESERVE: Final = 3.0  # so many who say nothing stand against those who do
HALF_LIFE: Final = timedelta(days=60)
KEPT: Final = timedelta(days=180)
MOST_VOTES: Final = 20_000
MOST_RULINGS: Final = 5_000
SAME: Final = 0.75  # of the weight of the words of two questions is common to both


@dataclass(frozen=True, slots=True)
class Lesson:
    """``lean`` from -1 (helps nobody) to 1; ``people`` said something, ``helped`` of them that it helped."""

    lean: float
    people: int = 0
    helped: int = 0
    ruled: bool = False

    @property
    def told(self) -> str:
        """For staff."""
        said = f"{self.people} 人中 {self.helped} 人说已解决" if self.people else ""
        return "相近问法：" + "，".join(filter(None, ("采编认定" if self.ruled else "", said)))


@dataclass(slots=True)
class _Asked:
    """A question with what was said of each entry: by whom, when and what; and the entries it was ruled to have."""

    question: Question
    said: dict[str, list[Vote]] = field(default_factory=lambda: defaultdict(list))
    ruled: set[str] = field(default_factory=set)


class Experience:
    """All that was said and ruled, found by the words of the question."""

    def __init__(self, asked: Mapping[str, _Asked], popular: Mapping[str, float], now: datetime) -> None:
        self._asked = asked
        self._now = now
        self.popular = popular
        self._by_word: dict[str, list[str]] = defaultdict(list)
        for bare, each in asked.items():
            for word in each.question.weights:
                self._by_word[word].append(bare)

    @classmethod
    def of(cls, lexicon: Lexicon, votes: Iterable[Vote], rulings: Iterable[Ruling], now: datetime) -> "Experience":
        """Learnt from votes and rulings as of ``now``."""
        asked: dict[str, _Asked] = {}
        helped: dict[str, dict[str, float]] = defaultdict(dict)

        def under(text: str) -> _Asked:
            question = lexicon.question(text)
            return asked.setdefault(question.bare, _Asked(question))

        for vote in votes:
            under(vote.question).said[vote.article].append(vote)
            if vote.solved:
                people = helped[vote.article]
                people[vote.person] = max(people.get(vote.person, 0.0), _weight(vote.at, now))
        for ruling in rulings:
            under(ruling.question).ruled.add(ruling.article)
        return cls(asked, _popular(helped), now)

    def lessons(self, question: Question) -> Mapping[str, Lesson]:
        """What is known of each entry as an answer to ``question``."""
        if not self._asked:
            return {}
        near = {bare for word in question.weights for bare in self._by_word.get(word, ())}
        alike = [self._asked[bare] for bare in near if self._is_same(question, self._asked[bare].question)]
        said: dict[str, dict[str, Vote]] = defaultdict(dict)
        ruled: set[str] = set()
        for each in alike:
            ruled |= each.ruled
            for article, votes in each.said.items():
                for vote in votes:
                    before = said[article].get(vote.person)
                    if before is None or before.at < vote.at:
                        said[article][vote.person] = vote
        found = {}
        for article in ruled | said.keys():
            votes_of = list(said[article].values())
            if lesson := self._lesson(votes_of if len(votes_of) >= LEAST_PEOPLE else [], article in ruled):
                found[article] = lesson
        return found

    def _lesson(self, votes: list[Vote], ruled: bool) -> Lesson | None:
        if not votes and not ruled:
            return None
        good = sum(_weight(vote.at, self._now) for vote in votes if vote.solved) + RULED * ruled
        bad = sum(_weight(vote.at, self._now) for vote in votes if not vote.solved)
        return Lesson(
            (good - bad) / (good + bad + RESERVE), len(votes), sum(vote.solved for vote in votes), ruled=ruled
        )

    def _is_same(self, one: Question, other: Question) -> bool:
        if one.bare == other.bare:
            return True
        weights = {**one.weights, **other.weights}
        common = sum(weights[word] for word in one.weights.keys() & other.weights.keys())
        return common >= SAME * sum(weights.values())


def _weight(at: datetime, now: datetime) -> float:
    return float(0.5 ** (max(now - at, timedelta()) / HALF_LIFE))


def _popular(helped: Mapping[str, Mapping[str, float]]) -> Mapping[str, float]:
    """How many each entry helped, from 0 to 1 for the entry that helped most; of one that helped few, nothing."""
    many = {article: sum(people.values()) for article, people in helped.items() if len(people) >= LEAST_PEOPLE}
    most = math.log1p(max(many.values(), default=0.0))
    return {article: math.log1p(each) / most for article, each in many.items()} if most else {}
