"""Questions nothing answered: who asked, which are alike, which entry shall answer them; and all are told of it."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta

from kernel.database import Tx
from kernel.errors import NotFound, Unavailable
from kernel.ids import new_id
from kernel.messages import Address, Author, Citation, Outbound
from kernel.room import Floor
from knowledge.events import AskersTold, QuestionSettled, QuestionUnanswered
from knowledge.model import Article, City, QuestionReason, QuestionState, UnansweredQuestion
from knowledge.rules.alike import Weights, join
from knowledge.rules.matching import Lexicon
from knowledge.rules.proposing import impersonal
from knowledge.rules.telling import answered, can_be_told
from knowledge.shelf import Shelf
from knowledge.store import articles as article_rows
from knowledge.store import questions as rows

NEW_TOPIC = "knowledge.questions"
TELL_TOPIC = "knowledge.tell"
LONGEST_QUESTION = 500  # characters; of a longer story the beginning is searched for
BATCH = 50
COMPARED = 3000  # groups a new question is compared with; who asked so long ago is not alike to anything new
# So long an address is kept that nobody could be told anything at, or that was told.
KEPT = timedelta(days=180)


class Asking:
    """Keeps the queue and tells those who asked."""

    def __init__(self, floor: Floor, shelf: Shelf, city: City) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._mailbox = floor.mailbox
        self._phrases = floor.phrases
        self._bell = floor.bell
        self._shelf = shelf
        self._city = city

    # -- the queue --------------------------------------------------------------------------------------

    async def queue(
        self,
        tx: Tx,
        question: str,
        area: str,
        reason: QuestionReason,
        article: str = "",
        address: Address | None = None,
    ) -> str:
        """Put a question into the queue, masked, and note who asked if they can be told; its id, empty for no words."""
        masked = impersonal(question.strip()[:LONGEST_QUESTION])
        if not masked:
            return ""
        now = self._clock.now()
        id_, times = await rows.queue(tx, masked, area, reason, article, now)
        if address is not None and can_be_told(address):
            await rows.note_asker(tx, id_, address, now)
        await self._journal.state(tx, QuestionUnanswered(id_, reason, area, times, now))
        tx.after_commit(lambda: self._bell.ring(NEW_TOPIC), key=("bell", NEW_TOPIC))
        return id_

    async def group(self) -> bool:
        """Compare some new questions with the others; whether there may be more. A loop's step."""
        async with self._database.reading() as tx:
            new = await rows.ungrouped(tx, BATCH)
            known = await rows.leaders(tx, COMPARED) if new else ()
        if not new:
            return False
        try:
            lexicon = (await self._shelf.filled()).lexicon
        except Unavailable:
            return False
        found = await asyncio.to_thread(lambda: join(_words(lexicon, known), _words(lexicon, new)))
        async with self._database.transaction() as tx:
            for question, group in found.items():
                await rows.keep_group(tx, question, group)
        return len(new) == BATCH

    async def alike(self, tx: Tx, question: str) -> Sequence[str]:
        """The open questions that ask what ``question`` (an id on the queue) asks, itself among them."""
        lexicon = self._shelf.stock.lexicon
        known = {each.id: each for each in (*await rows.leaders(tx, COMPARED), *await rows.ungrouped(tx, COMPARED))}
        words = dict(_words(lexicon, known.values()))
        mine = words.pop(question, {})
        found = join([(question, mine)], list(words.items()))
        groups = [each for each, group in found.items() if group == question]
        alike = [one.id for group in groups for one in await rows.of_group(tx, known[group].group)]
        return list(dict.fromkeys((question, *alike)))

    # -- what answers it --------------------------------------------------------------------------------

    async def settle(self, tx: Tx, ids: Collection[str], answer: str, by: str) -> None:
        """Take questions off the queue: the published entry ``answer`` answers them and all who asked are told; empty
        when none shall. NotFound."""
        state = QuestionState.SETTLED if answer else QuestionState.DISMISSED
        await rows.settle(tx, ids, answer, state)
        await self._state(tx, ids, answer, by)

    async def wait_for(self, tx: Tx, ids: Collection[str], article: str) -> None:
        """An entry is being written that shall answer these; NotFound when one is not on the queue."""
        await rows.settle(tx, ids, article, QuestionState.DRAFTED)

    async def published(self, tx: Tx, article: str, by: str) -> None:
        """An entry is out: the questions it was written for are settled."""
        if ids := await rows.answered(tx, article):
            await self._state(tx, ids, article, by)

    async def given_up(self, tx: Tx, article: str) -> None:
        """An entry that was being written will not come, unless another version of it is under way."""
        if not await article_rows.is_under_way(tx, article):
            await rows.reopen(tx, article)

    async def of_group(self, tx: Tx, group: str) -> Sequence[UnansweredQuestion]:
        """The questions of a group that are open; NotFound when there are none."""
        found = await rows.of_group(tx, group)
        if not found:
            raise NotFound("question")
        return found

    async def _state(self, tx: Tx, ids: Collection[str], answer: str, by: str) -> None:
        now = self._clock.now()
        for each in ids:
            await self._journal.state(tx, QuestionSettled(each, answer, by, now))
        if answer:
            tx.after_commit(lambda: self._bell.ring(TELL_TOPIC), key=("bell", TELL_TOPIC))

    # -- telling ----------------------------------------------------------------------------------------

    async def tell(self) -> bool:
        """Tell some of those who asked what an entry answers now, each once; whether there may be more. A loop's step.

        Only an entry that is in force today is told.
        """
        async with self._database.reading() as tx:
            waiting = await rows.answers_to_tell(tx)
            live = [await article_rows.live_version(tx, each) for each in waiting]
        today = self._city.today(self._clock.now())
        done = [await self._tell(article) for article in live if article is not None and article.in_force(today)]
        return any(many == BATCH for many in done)

    async def _tell(self, article: Article) -> int:
        now, owner = self._clock.now(), self._city.unit_name(article.owner)
        cited = Citation(
            article.id, article.title, owner, article.verified_on.isoformat() if article.verified_on else ""
        )
        async with self._database.transaction() as tx:
            taken = await rows.take_askers(tx, article.id, now, BATCH)
            for address, question in taken.items():
                text = self._phrases.worded(answered(question, article, owner))
                at = Address.from_key(address)
                await self._mailbox.put_out(tx, Outbound(new_id(), at, text, Author.SYSTEM, now, citations=(cited,)))
            if taken:
                about = (article.id, article.version, (self._city.keeper(article.owner),), "system", now)
                await self._journal.state(tx, AskersTold(*about, len(taken)))
        return len(taken)

    async def forget(self) -> int:
        """Drop who asked long ago; gives how many."""
        async with self._database.transaction() as tx:
            return await rows.forget_askers(tx, self._clock.now() - KEPT)


def _words(lexicon: Lexicon, these: Iterable[UnansweredQuestion]) -> list[tuple[str, Weights]]:
    return [(each.id, lexicon.question(each.text).weights) for each in these]
