"""What agents and citizens say is wrong with an entry, and that the citizens are told once it is mended."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from kernel.database import Tx
from kernel.errors import Invalid
from kernel.ids import new_id
from kernel.messages import Address, Author, Outbound
from kernel.privacy import mask_text
from kernel.room import Floor
from knowledge.asking import BATCH, TELL_TOPIC
from knowledge.events import CorrectionMade, CorrectionSettled
from knowledge.model import Article, City, Correction
from knowledge.rules.proposing import impersonal
from knowledge.rules.telling import can_be_told, mended
from knowledge.store import articles as article_rows
from knowledge.store import corrections as rows

LONGEST = 500
WITHOUT_WORDS, ASKED = "没有说明哪里不对", "当时问的是：{question}"


class Mending:
    """Keeps the editors' work list of corrections."""

    def __init__(self, floor: Floor, city: City) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._vault = floor.vault
        self._journal = floor.journal
        self._mailbox = floor.mailbox
        self._phrases = floor.phrases
        self._bell = floor.bell
        self._city = city

    async def point_out(self, tx: Tx, article: Article, text: str, by: str, tell: Address | None = None) -> Correction:
        """Somebody says what is wrong; ``by`` is empty for a citizen, ``tell`` where they are to be told. Invalid."""
        said = text.strip()
        if not said:
            raise Invalid({"text": "empty"})
        if len(said) > LONGEST:
            raise Invalid({"text": "too_long"}, limit=LONGEST)
        way = tell if can_be_told(tell) else None
        now = self._clock.now()
        made = Correction(new_id(), article.id, article.version, mask_text(said), by, now, tell=way is not None)
        await rows.add(tx, self._vault, made, way)
        await self._journal.state(tx, CorrectionMade(*self._about(article, article.version, by), made.id))
        return made

    async def doubt(
        self, tx: Tx, article: Article, said: tuple[str, str], mark: str, tell: Address | None = None
    ) -> bool:
        """A citizen says under an answer that it is wrong. ``said`` are their words, which may be none, and what they
        had asked; ``mark`` is the answer's: whatever is said of it again adds nothing. Whether it was new; Invalid."""
        words, question = mask_text(said[0].strip()), impersonal(said[1])
        if len(words) > LONGEST:
            raise Invalid({"text": "too_long"}, limit=LONGEST)
        way = tell if can_be_told(tell) else None
        id_ = hashlib.sha256(f"{article.id}\n{mark}".encode()).hexdigest()[:32]
        text = "\n".join((words or WITHOUT_WORDS, *([ASKED.format(question=question[:LONGEST])] if question else [])))
        made = Correction(id_, article.id, article.version, text, "", self._clock.now(), tell=way is not None)
        is_new = await rows.add(tx, self._vault, made, way)
        if is_new:
            await self._journal.state(tx, CorrectionMade(*self._about(article, article.version, ""), made.id))
        return is_new

    async def refuse(self, tx: Tx, correction_id: str, reason: str, by: str) -> Correction:
        """Nothing is to be mended; Conflict, Invalid without a reason, NotFound."""
        if not reason.strip():
            raise Invalid({"reason": "missing"})
        found = await rows.by_id(tx, correction_id)
        await rows.refuse(tx, correction_id, reason.strip())
        await self._settled(tx, found, found.version, by, is_mended=False)
        return await rows.by_id(tx, correction_id)

    async def mend_with(self, tx: Tx, ids: Collection[str], article: Article) -> None:
        """A version is being written that mends these; Conflict when one was decided already or is of another entry."""
        if ids:
            await rows.mend_with(tx, ids, article.id, article.version)

    async def published(self, tx: Tx, article: Article, by: str) -> None:
        """A version is out: what it mends is mended."""
        waiting = [each for each in await rows.of_article(tx, article.id) if each.mending == article.version]
        if not waiting:
            return
        await rows.mended(tx, article.id, article.version)
        for each in waiting:
            await self._settled(tx, each, article.version, by, is_mended=True)
        tx.after_commit(lambda: self._bell.ring(TELL_TOPIC), key=("bell", TELL_TOPIC))

    async def given_up(self, tx: Tx, article: Article) -> None:
        """A version will not come out: what it was to mend waits again."""
        await rows.reopen(tx, article.id, article.version)

    async def tell(self) -> bool:
        """Tell some citizens that what they said is mended; whether there may be more. A loop's step."""
        now = self._clock.now()
        today = self._city.today(now)
        async with self._database.transaction() as tx:
            taken = await rows.take_to_tell(tx, self._vault, now, BATCH)
            for address, article_id in taken.values():
                article = await article_rows.live_version(tx, article_id)
                if article is not None and article.in_force(today):
                    text = self._phrases.worded(mended(article))
                    await self._mailbox.put_out(tx, Outbound(new_id(), address, text, Author.SYSTEM, now))
        return len(taken) == BATCH

    async def _settled(self, tx: Tx, found: Correction, version: int, by: str, *, is_mended: bool) -> None:
        article = await article_rows.version_of(tx, found.article, found.version)
        about = self._about(article, version, by)
        await self._journal.state(tx, CorrectionSettled(*about, found.id, is_mended))

    def _about(self, article: Article, version: int, by: str) -> tuple[str, int, tuple[str, ...], str, datetime]:
        return article.id, version, (self._city.keeper(article.owner),), by, self._clock.now()
