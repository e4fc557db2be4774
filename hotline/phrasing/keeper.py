"""Keeps the wordings: every process says the newest, whoever changes one says why."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.events import TextChanged
from hotline.phrasing import store as rows
from hotline.phrasing.store import Wording
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotFound
from kernel.people import Principal
from kernel.phrases import PhraseRow, checked
from kernel.room import Floor

TOPIC = "hotline.texts"
LONGEST_WHY = 500


@dataclass(frozen=True, slots=True)
class Worded:
    """A text with the wording in force; ``version`` is 0 while it was never changed."""

    row: PhraseRow
    version: int = 0
    text: str | None = None

    @property
    def now(self) -> str:
        """What is said."""
        return self.text if self.text is not None else str(self.row.phrase)


class Wordings:
    """The texts of all rooms, and how they are worded."""

    def __init__(self, floor: Floor, phrases: Sequence[PhraseRow]) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._bell = floor.bell
        self._book = floor.phrases
        self._rows = {each.key: each for each in phrases}
        self._many = -1

    async def load(self) -> None:
        """Read what holds, if it has changed."""
        async with self._database.reading() as tx:
            found = await rows.many(tx)
            if found == self._many:
                return
            texts = {key: each.text for key, each in (await rows.newest(tx)).items() if each.text is not None}
        # What no longer fits, because a newer program fills in other things, is not said.
        self._book.use({key: text for key, text in texts.items() if self._fits(key, text)})
        self._many = found

    async def refresh(self) -> bool:
        """The step of a loop that runs in every process."""
        await self.load()
        return False

    async def all(self, tx: Tx) -> list[Worded]:
        """Every text, in the order of the rooms' tables."""
        found = await rows.newest(tx)
        return [_worded(row, found.get(key)) for key, row in self._rows.items()]

    async def one(self, tx: Tx, key: str) -> tuple[Worded, Sequence[Wording]]:
        """A text with all its wordings, the newest first; NotFound."""
        row, history = self.row(key), await rows.of_key(tx, key)
        return _worded(row, history[0] if history else None), history

    def row(self, key: str) -> PhraseRow:
        """What is known of a text; NotFound."""
        if key not in self._rows:
            raise NotFound("text", key=key)
        return self._rows[key]

    async def change(self, tx: Tx, key: str, text: str | None, known: int, why: str, by: Principal) -> Wording:
        """Word a text otherwise, or (None) as it comes with the program.

        Invalid names what is wrong with the text or that no reason is given; Conflict("text_changed") when somebody
        else has changed it since version ``known``.
        """
        row = self.row(key)
        before, _ = await self.one(tx, key)
        said = None if text is None else checked(row, text)
        if not why.strip():
            raise Invalid({"why": "required"})
        if len(why) > LONGEST_WHY:
            raise Invalid({"why": "too_long"}, limit=LONGEST_WHY)
        if (said if said is not None else str(row.phrase)) == before.now:
            raise Invalid({"text": "nothing_changed"})
        made = Wording(key, known + 1, said, self._clock.now(), by.id, why.strip())
        if before.version != known or not await rows.add(tx, made):
            raise Conflict("text_changed", current={"version": before.version})
        await self._journal.state(tx, TextChanged(key, made.version, said is None, by.id, made.why, made.at))
        tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))
        return made

    def _fits(self, key: str, text: str) -> bool:
        try:
            return key in self._rows and bool(checked(self._rows[key], text))
        except Invalid:
            return False


def _worded(row: PhraseRow, made: Wording | None) -> Worded:
    return Worded(row, made.version, made.text) if made else Worded(row)
