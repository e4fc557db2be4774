"""The door of the knowledge room: answers questions from published entries and learns which it could not answer."""

from datetime import timedelta

from kernel.clock import Clock
from kernel.database import Database, Tx
from kernel.errors import NotFound
from kernel.journal import Journal
from kernel.privacy import mask_text
from knowledge import store
from knowledge.events import ArticleRated, QuestionSettled, QuestionUnanswered
from knowledge.model import Answer, Article, City, Query, QuestionReason, UnansweredQuestion
from knowledge.rules.answering import Thresholds, decide
from knowledge.shelf import Shelf

CANDIDATES = 20
LONGEST_QUESTION = 500  # characters; of a longer story the beginning is searched for
HOT_DAYS = 30


class Library:
    """Reads from memory, writes in the caller's transaction."""

    def __init__(
        self, database: Database, clock: Clock, journal: Journal, shelf: Shelf, city: City, thresholds: Thresholds
    ) -> None:
        self._database = database
        self._clock = clock
        self._journal = journal
        self._shelf = shelf
        self._city = city
        self._thresholds = thresholds

    async def answer(self, question: str, *, area: str = "", audience: str = "", limit: int = 5) -> Answer:
        """The entries that may answer ``question``, best first, and what one may do with them (``verdict``).

        ``area`` is the code of the asker's area; when empty, one that the question surely names counts. Entries
        that are not in force today are never among the hits. NotFound for an area nobody knows. Takes no
        transaction: to be called before one is opened.
        """
        text = question.strip()[:LONGEST_QUESTION]
        if not text:
            return Answer()
        stock = await self._shelf.filled()
        named = self._city.areas_named(text)
        where = area or named.area
        query = Query(text, self._city.lineage(where) if where else (), named.names, audience, limit)
        found = await stock.index.search(self._shelf.plain(text), CANDIDATES)
        today = self._city.today(self._clock.now())
        return decide(query, found, stock.articles, stock.lexicon, stock.lineages, today, self._thresholds)

    async def article(self, article_id: str) -> Article:
        """A published entry that is in force today; NotFound."""
        await self._shelf.filled()
        return self._in_force(article_id)

    async def check(self) -> None:
        """Unavailable while no entries are loaded."""
        await self._shelf.filled()

    async def hot(self, tx: Tx, limit: int = 8) -> tuple[Article, ...]:
        """Entries in force, those citizens used most in the last 30 days first."""
        used = await store.use_since(tx, self._city.today(self._clock.now()) - timedelta(days=HOT_DAYS))
        return tuple(sorted(self.in_force(), key=lambda each: (-used.get(each.id, 0), each.id))[:limit])

    def in_force(self) -> tuple[Article, ...]:
        """All entries in force today; Unavailable before they were loaded."""
        today = self._city.today(self._clock.now())
        return tuple(each for each in self._shelf.stock.articles.values() if each.in_force(today))

    async def record_unanswered(self, tx: Tx, question: str, area: str = "") -> None:
        """Put a question nothing answered into the editors' queue, masked; asked again it counts once more."""
        await self._queue(tx, question, area, QuestionReason.NOT_FOUND, "")

    async def record_outcome(self, tx: Tx, article_id: str, question: str, solved: bool) -> None:
        """Note whether an entry helped; one that did not goes into the queue with the question, if there was one."""
        now = self._clock.now()
        await store.count_use(tx, article_id, self._city.today(now), solved=solved)
        await self._journal.state(tx, ArticleRated(article_id, solved, now))
        if not solved:
            await self._queue(tx, question, "", QuestionReason.NOT_SOLVED, article_id)

    async def unanswered(self, tx: Tx, limit: int = 100) -> tuple[UnansweredQuestion, ...]:
        """The editors' queue, what was asked most often first."""
        return await store.open_questions(tx, limit)

    async def settle(self, tx: Tx, question_id: str, article_id: str, by: str) -> None:
        """Take a question off the queue: ``article_id`` answers it now, empty when no entry shall. NotFound."""
        if article_id:
            self._in_force(article_id)
        await store.settle_question(tx, question_id, article_id)
        await self._journal.state(tx, QuestionSettled(question_id, article_id, by, self._clock.now()))

    def _in_force(self, article_id: str) -> Article:
        article = self._shelf.stock.articles.get(article_id)
        if article is None or not article.in_force(self._city.today(self._clock.now())):
            raise NotFound("article")
        return article

    async def _queue(self, tx: Tx, question: str, area: str, reason: QuestionReason, article: str) -> None:
        masked = mask_text(question.strip()[:LONGEST_QUESTION])
        if not masked:
            return
        now = self._clock.now()
        id_, times = await store.queue_question(tx, masked, area, reason, article, now)
        await self._journal.state(tx, QuestionUnanswered(id_, reason, area, times, now))
