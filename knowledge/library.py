"""The door of the knowledge room: answers questions from published entries and learns which it could not answer."""

from dataclasses import replace
from datetime import timedelta

from kernel.database import Tx
from kernel.errors import NotFound
from kernel.messages import Address
from kernel.people import Principal
from kernel.room import Floor
from knowledge.asking import LONGEST_QUESTION, Asking
from knowledge.editing import Editing
from knowledge.events import ArticleRated
from knowledge.model import Answer, Article, City, Proposal, Query, QuestionReason, UnansweredQuestion, Vote
from knowledge.rules.answering import Thresholds, as_heard, decide
from knowledge.rules.proposing import impersonal
from knowledge.shelf import Shelf, Stock
from knowledge.store import articles as article_rows
from knowledge.store import questions as question_rows
from knowledge.store import uses, votes

CANDIDATES = 20
VOTER = "answer-voter"
LEARNT_TOPIC = "knowledge.votes"
HOT_DAYS = 30


class Library:
    """Reads from memory, writes in the caller's transaction."""

    def __init__(
        self, floor: Floor, shelf: Shelf, city: City, thresholds: Thresholds, asking: Asking, editing: Editing
    ) -> None:
        self._clock = floor.clock
        self._journal = floor.journal
        self._vault = floor.vault
        self._bell = floor.bell
        self._shelf = shelf
        self._city = city
        self._thresholds = thresholds
        self._asking = asking
        self._editing = editing

    async def answer(self, question: str, *, area: str = "", audience: str = "", limit: int = 5) -> Answer:
        """The entries that may answer ``question``, best first, and what one may do with them (``verdict``).

        ``area`` is the code of the asker's area; when empty, one that the question surely names counts. Entries
        that are not in force today are never among the hits. What is not certain as written is also looked for as it
        sounds. NotFound for an area nobody knows. Takes no
        transaction: to be called before one is opened.
        """
        text = question.strip()[:LONGEST_QUESTION]
        if not text:
            return Answer()
        stock = await self._shelf.filled()
        named = self._city.areas_named(text)
        where = area or named.area
        query = Query(text, self._city.lineage(where) if where else (), named.names, audience, limit)
        answer = await self._answer(stock, query)
        if answer.certain:
            return answer
        heard = stock.ear.hear(self._shelf.plain(text))
        if not heard.changes:
            return answer
        other = as_heard(await self._answer(stock, replace(query, text=heard.text)), heard, self._thresholds)
        return other if other.confidence > answer.confidence else answer

    async def _answer(self, stock: Stock, query: Query) -> Answer:
        plain = self._shelf.plain(query.text)
        found = await stock.index.search(plain, CANDIDATES)
        today = self._city.today(self._clock.now())
        known = (stock.articles, stock.lexicon, stock.lineages)
        likely = stock.likelihood.of_question(plain)
        return decide(query, found, *known, today, self._thresholds, stock.experience, likely)

    async def owned(self, tx: Tx) -> dict[str, tuple[int, int]]:
        """By the unit that keeps them now, how many entries there are to keep right today, and how many are past their
        last day or their day of review (知识过期率)."""
        found: dict[str, tuple[int, int]] = {}
        for owner, (many, late) in (await article_rows.owned(tx, self._city.today(self._clock.now()))).items():
            keeper = self._city.keeper(owner)
            before = found.get(keeper, (0, 0))
            found[keeper] = before[0] + many, before[1] + late
        return found

    async def article(self, article_id: str) -> Article:
        """A published entry that is in force today; NotFound."""
        await self._shelf.filled()
        return self._in_force(article_id)

    async def check(self) -> None:
        """Unavailable while no entries are loaded."""
        await self._shelf.filled()

    async def hot(self, tx: Tx, limit: int = 8) -> tuple[Article, ...]:
        """Entries in force, those citizens used most in the last 30 days first."""
        used = await uses.use_since(tx, self._city.today(self._clock.now()) - timedelta(days=HOT_DAYS))
        return tuple(sorted(self.in_force(), key=lambda each: (-used.get(each.id, 0), each.id))[:limit])

    def in_force(self) -> tuple[Article, ...]:
        """All entries in force today; Unavailable before they were loaded."""
        today = self._city.today(self._clock.now())
        return tuple(each for each in self._shelf.stock.articles.values() if each.in_force(today))

    async def record_unanswered(self, tx: Tx, question: str, area: str = "", address: Address | None = None) -> None:
        """Put a question nothing answered into the editors' queue, masked; asked again it counts once more.

        Whoever asked at ``address`` is told once there is an answer.
        """
        await self._asking.queue(tx, question, area, QuestionReason.NOT_FOUND, address=address)

    async def record_outcome(
        self, tx: Tx, article_id: str, question: str, solved: bool, address: Address | None = None
    ) -> None:
        """Note whether an entry helped; one that did not goes into the queue with the question, if there was one.

        What whoever is known by ``address`` says of a question counts in the ranking.
        """
        now = self._clock.now()
        asked = impersonal(question.strip()[:LONGEST_QUESTION])
        if address is not None and asked:
            person = self._vault.blind_index(VOTER, address.key)
            await votes.cast_vote(tx, Vote(article_id, asked, person, solved, now), self._shelf.digest(asked))
            tx.after_commit(lambda: self._bell.ring(LEARNT_TOPIC), key=("bell", LEARNT_TOPIC))
        await uses.count_use(tx, article_id, self._city.today(now), solved=solved)
        await self._journal.state(tx, ArticleRated(article_id, solved, now))
        if not solved:
            await self._asking.queue(tx, question, "", QuestionReason.NOT_SOLVED, article_id, address)

    async def version(self, tx: Tx, article_id: str, version: int) -> Article:
        """One version of an entry, whatever its state; NotFound."""
        return await article_rows.version_of(tx, article_id, version)

    async def propose(self, tx: Tx, proposal: Proposal, by: Principal) -> Article | None:
        """Keep what work brought up as a draft; None when there is such an entry already.

        With an ``asker`` their question and all open ones like it wait for the entry, and all who asked are told once
        it is out. Unavailable before the entries were loaded.
        """
        if proposal.asker is None:
            return await self._editing.propose(tx, proposal, (), by)
        asked = await self._asking.queue(
            tx, proposal.question, proposal.area, QuestionReason.AGENT, address=proposal.asker
        )
        alike = await self._asking.alike(tx, asked)
        texts = [each.text for each in await question_rows.by_ids(tx, alike)]
        made = await self._editing.propose(tx, proposal, texts, by)
        if made is not None:
            await self._asking.wait_for(tx, alike, made.id)
        return made

    async def unanswered(self, tx: Tx, limit: int = 100, start: int = 0) -> tuple[UnansweredQuestion, ...]:
        """The editors' queue, what was asked most often first; so many of it behind the first ``start``."""
        return await question_rows.open_questions(tx, limit, start)

    async def settle(self, tx: Tx, question_id: str, article_id: str, by: str) -> None:
        """Take a question off the queue: ``article_id`` answers it now, empty when no entry shall. NotFound."""
        if article_id:
            self._in_force(article_id)
        await self._asking.settle(tx, [question_id], article_id, by)

    def _in_force(self, article_id: str) -> Article:
        article = self._shelf.stock.articles.get(article_id)
        if article is None or not article.in_force(self._city.today(self._clock.now())):
            raise NotFound("article")
        return article
