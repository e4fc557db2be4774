"""Whether a message asks what can be known, or tells a matter somebody has to see to.

Learnt from the shipped phrases, from all the ways the entries are asked for, and from the catalogue's own sentences;
anew whenever entries or catalogue change. It takes a second or two, in a thread.
"""

import asyncio
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from bot.model import Intent
from bot.rules.said import mandarin
from kernel import textbayes
from kernel.errors import NotFound, Unavailable
from kernel.textmodel import TextModel
from knowledge.model import Article
from ticketing.model.duties import Matter
from ticketing.model.labels import TicketKind

ASKED, TOLD = "asked", "told"
TROUBLES = frozenset({TicketKind.COMPLAINT, TicketKind.REPORT, TicketKind.HELP})
OF_TROUBLES = frozenset({Intent.COMPLAIN, Intent.REPORT, Intent.HELP})
# Naive Bayes is surer than it is right: fitted on sentences it had not learnt.
SLOPE, SHIFT = 0.64, 0.08
MOST_ENTRIES = 20_000

Lesson = tuple[str, str]


class Asked:
    """Tells how likely a message asks something. Before anything was learnt everything may."""

    def __init__(
        self,
        phrases: Callable[[], Iterable[tuple[str, Intent]]],
        articles: Callable[[], Sequence[Article]],
        matters: Callable[[], Sequence[Matter]],
    ) -> None:
        self._phrases = phrases
        self._articles = articles
        self._matters = matters
        self._model: TextModel | None = None
        self._known = 0

    async def start(self) -> None:
        """Learn before the first message."""
        await self.learn()

    async def learn(self) -> bool:
        """Learn anew if there are other entries or sentences than those known; the step of a loop."""
        lessons = self._lessons()
        known = hash(tuple(lessons))
        if known != self._known:
            self._model = await asyncio.to_thread(_learnt, lessons)
            self._known = known
        return False

    def likely(self, text: str) -> float:
        """How likely ``text`` asks something, 0 to 1."""
        if self._model is None:
            return 1.0
        scores = dict(zip(self._model.labels, self._model.scores(mandarin(text)).tolist(), strict=True))
        return 1 / (1 + math.exp(-(SLOPE * (scores[ASKED] - scores[TOLD]) + SHIFT)))

    def _lessons(self) -> Sequence[Lesson]:
        try:
            articles = self._articles()[:MOST_ENTRIES]
        except (Unavailable, NotFound):
            articles = ()
        lessons = (_of_phrases(self._phrases()), _of_entries(articles), _of_matters(self._matters()))
        return list(dict.fromkeys(chain(*lessons)))


def _learnt(lessons: Sequence[Lesson]) -> TextModel:
    return textbayes.learn([mandarin(text) for text, _ in lessons], [label for _, label in lessons])


def _of_phrases(phrases: Iterable[tuple[str, Intent]]) -> Iterator[Lesson]:
    for text, intent in phrases:
        if intent is Intent.CONSULT:
            yield text, ASKED
        elif intent in OF_TROUBLES:
            yield text, TOLD


def _of_entries(articles: Iterable[Article]) -> Iterator[Lesson]:
    return ((way, ASKED) for each in articles for way in (each.title, *each.variants))


def _of_matters(matters: Iterable[Matter]) -> Iterator[Lesson]:
    for matter in matters:
        if matter.kind is TicketKind.CONSULT or matter.kind in TROUBLES:
            label = ASKED if matter.kind is TicketKind.CONSULT else TOLD
            yield from ((sentence, label) for sentence in matter.examples)
