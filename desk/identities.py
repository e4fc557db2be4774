"""Who a citizen at the desk is: masked until somebody asks, and that they were looked at is kept."""

from dataclasses import dataclass
from datetime import timedelta

from bot.model import KNOWN_CONTACT, NO_CONTACT
from desk.assist import dialogue_of
from desk.events import CallerShown
from desk.model import Conversation, Turn
from desk.store import ConversationStore
from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Tx
from kernel.errors import NotAllowed
from kernel.journal import Journal
from kernel.people import Principal, Role
from ticketing.model.privacy import Purpose
from ticketing.tickets import Tickets

SAME_LOOK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Caller:
    """Name, phone and address of a citizen in the open; empty where nothing is known."""

    name: str
    phone: str
    address: str


class Identities:
    """Shows callers and keeps who looked at them."""

    def __init__(
        self, clock: Clock, journal: Journal, store: ConversationStore, lookup: Lookup, tickets: Tickets
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._store = store
        self._lookup = lookup
        self._tickets = tickets

    async def is_news(self, tx: Tx, conversation: Conversation, by: Principal) -> bool:
        """Whether it is still to be kept that ``by`` has the conversation on the screen: once of one's own talk, else
        every ten minutes."""
        own = conversation.agent_id == by.id
        since = conversation.opened_at if own else self._clock.now() - SAME_LOOK
        return await self._tickets.is_talk_news(tx, conversation.id, by, since)

    async def opened(self, tx: Tx, conversation: Conversation, by: Principal) -> None:
        """Keep that somebody reads the conversation, masked."""
        await self._tickets.talk_opened(tx, conversation.id, by)

    async def show(self, tx: Tx, conversation_id: str, by: Principal, reason: Purpose, purpose: str) -> Caller:
        """Who it is. In one's own live talk that talk is what for, kept once; else it is said, and kept each time.

        NotAllowed for the talk of a colleague but by a shift lead, Invalid without a purpose, Conflict while a leak
        of theirs is being looked into.
        """
        conversation = await self._store.by_id(tx, conversation_id)
        if conversation.agent_id != by.id and not by.has(Role.SHIFT_LEAD):
            raise NotAllowed("conversation_of_colleague")
        live = conversation.turn is Turn.AGENT and conversation.agent_id == by.id
        caller = await self._caller(tx, conversation)
        fields = tuple(name for name in Caller.__slots__ if getattr(caller, name))
        named = None if live else reason
        kept = await self._tickets.talk_unmasked(
            tx, conversation.id, conversation.citizen_id, by, named, "" if live else purpose, fields,
            conversation.opened_at,
        )  # fmt: skip
        if kept:
            channel, why = conversation.address.channel, named or Purpose.TALK
            fact = CallerShown(conversation.id, channel, self._clock.now(), by.id, why.value, fields)
            await self._journal.state(tx, fact)
        return caller

    async def _caller(self, tx: Tx, conversation: Conversation) -> Caller:
        contact = await self._lookup.contact(tx, conversation.citizen_id)
        slots = dialogue_of(conversation).slots
        if slots.anonymous or slots.contact == NO_CONTACT:
            return Caller("", "", "")
        said = slots.contact.removeprefix(KNOWN_CONTACT)
        return Caller(slots.name or contact.name, said or contact.phone, contact.address)
