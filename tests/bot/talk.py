"""One citizen talking to the bot, message by message, as the desk would pass them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec

from bot.adapters.local import LocalReader
from bot.asked import Asked
from bot.assistant import Assistant
from bot.model import Caller, Dialogue, Turn
from bot.understanding import Understanding
from directory.lookup import Lookup
from kernel.emergency import load_emergencies
from kernel.messages import Address, Attachment, GeoPoint, Inbound, InboundKind, Media
from kernel.privacy import mask_phone
from kernel.room import Floor
from knowledge.model import Article, ArticleState
from tests.bot.doors import Book, Box, Shelf, articles
from tests.rooms import CITY

# Made up for the tests: the same matter in one district, and for children.
LOCAL = (
    Article(
        "residence-permit-chancheng",
        "居住证怎么办理",
        "在禅城区申领居住证，向居住地派出所提出。",
        "FS-GA",
        place="禅城区试验大厅",
        areas=("440604",),
        verified_on=date(2026, 2, 2),
        state=ArticleState.PUBLISHED,
    ),
    Article(
        "residence-permit-child",
        "小孩居住证怎么办理",
        "小孩随父母申领居住证，由监护人代办。",
        "FS-GA",
        verified_on=date(2026, 2, 2),
        state=ArticleState.PUBLISHED,
    ),
)
START = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)


class Talk:
    """Keeps the state between messages as the desk does, through JSON."""

    def __init__(
        self, floor: Floor, lookup: Lookup, reader: LocalReader, user: str, asked: Asked | None = None
    ) -> None:
        self._floor = floor
        self._lookup = lookup
        self.shelf = Shelf((*articles(CITY / "articles"), *LOCAL))
        self.book = Book(lookup, floor.clock)
        self.box = Box()
        understanding = Understanding(reader, lookup, floor.settings.bot.unsure, asked)
        self.assistant = Assistant(
            floor, understanding, load_emergencies(), lookup, self.shelf, self.book, self.book, self.box
        )
        self.address = Address("web", "main", user)
        self.state = b""
        self.count = 0
        self.now = START

    async def caller(self) -> Caller:
        """Who writes, as the directory knows them."""
        async with self._floor.database.transaction() as tx:
            citizen = await self._lookup.citizen_at(tx, self.address)
            contact = await self._lookup.contact(tx, citizen.id)
        made = Caller(citizen.id, self.address, "c1", mask_phone(contact.phone) if contact.phone else "")
        return replace(made, tickets=self.book.of(made))

    async def know_phone(self, phone: str) -> None:
        """The citizen has left this number before."""
        async with self._floor.database.transaction() as tx:
            citizen = await self._lookup.citizen_at(tx, self.address)
            await self._lookup.keep_contact(tx, citizen.id, phone=phone)

    def wait(self, minutes: float) -> None:
        """The next message comes so much later."""
        self.now += timedelta(minutes=minutes)

    async def say(self, text: str = "", *, event: str = "", photo: bool = False, at: GeoPoint | None = None) -> Turn:
        """One message; what came of it."""
        self.count += 1
        kind = (
            InboundKind.EVENT
            if event
            else InboundKind.MEDIA
            if photo
            else InboundKind.PLACE
            if at
            else InboundKind.TEXT
        )
        file = (Attachment(f"f{self.count}", Media.IMAGE, "image/jpeg", "a.jpg", 10),) if photo else ()
        inbound = Inbound(
            f"m{self.count}",
            self.address,
            f"e{self.count}",
            kind,
            text,
            self.now,
            self.now,
            file,
            place=at,
            event=event,
        )
        before = msgspec.json.decode(self.state, type=Dialogue) if self.state else Dialogue()
        caller = await self.caller()
        thought = await self.assistant.think(before, inbound, caller)
        async with self._floor.database.transaction() as tx:
            turn = await self.assistant.do(tx, thought, caller)
        self.state = msgspec.json.encode(turn.dialogue)
        return turn

    @property
    def dialogue(self) -> Dialogue:
        """The state as the next message will find it."""
        return msgspec.json.decode(self.state, type=Dialogue)
