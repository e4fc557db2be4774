"""Takes each message from the mailbox to whoever's turn it is: the agent's screen, or the bot."""

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
import structlog
from bot.assistant import Assistant
from directory.lookup import Lookup
from ticketing.queries import Queries

from bot.model import Caller, Dialogue, HandOver, OpenTicket
from bot.model import Turn as BotTurn
from desk.conversations import HANDED_OVER, TELL_HANDED_OVER, Conversations
from desk.events import BotAnswered, CitizenSpoke
from desk.model import Conversation, Reason, Turn
from desk.store import ConversationStore
from kernel.database import Tx
from kernel.errors import Conflict, HotlineError, Invalid, NotAllowed, NotFound, Unavailable
from kernel.mailbox import MAX_ATTEMPTS, Lane
from kernel.messages import Author, Inbound, InboundKind
from kernel.privacy import mask_phone
from kernel.room import Floor
from ticketing.model import CITIZEN_WORDS, ClockKind, Ticket

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
BACK_OFF = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2))
PREVIEW = 80
MAX_CALLER_TICKETS = 5


class Reception:
    """One worker's share: claims a conversation, deals with its messages in order, gives it back."""

    def __init__(
        self,
        floor: Floor,
        store: ConversationStore,
        conversations: Conversations,
        lookup: Lookup,
        queries: Queries,
        assistant: Assistant,
    ) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._mailbox = floor.mailbox
        self._journal = floor.journal
        self._store = store
        self._conversations = conversations
        self._lookup = lookup
        self._queries = queries
        self._assistant = assistant

    async def step(self) -> bool:
        """Deal with one conversation's waiting messages; whether there was one."""
        async with self._database.transaction() as tx:
            lane = await self._mailbox.claim(tx, LEASE)
        if lane is None:
            return False
        for inbound, attempts in zip(lane.messages, lane.attempts, strict=True):
            try:
                await self._attend_twice(lane, inbound)
            except Exception as error:  # noqa: BLE001 - whatever happens, the message must not be lost
                await self._recover(lane, inbound, attempts, error)
                return True
        async with self._database.transaction() as tx:
            await self._mailbox.release(tx, lane)
        return True

    async def _attend_twice(self, lane: Lane, inbound: Inbound) -> None:
        try:
            await self.attend(lane, inbound)
        except Conflict as conflict:
            if conflict.code == "lease_lost":
                raise
            await self.attend(lane, inbound)

    async def attend(self, lane: Lane, inbound: Inbound) -> None:
        """Bring one message to whoever's turn it is, and settle it in the transaction of what came of it."""
        async with self._database.reading() as tx:
            conversation = await self._store.open_with(tx, inbound.address)
        if conversation is None:
            conversation = await self._begin(lane, inbound)
        if conversation.turn is Turn.BOT:
            await self._to_bot(lane, inbound, conversation)
        else:
            await self._to_person(lane, inbound, conversation)

    async def _begin(self, lane: Lane, inbound: Inbound) -> Conversation:
        async with self._database.transaction() as tx:
            await self._mailbox.hold(tx, lane)
            seq = await self._mailbox.seq_of(tx, inbound.id)
            return await self._conversations.open(tx, inbound.address, seq)

    async def _to_person(self, lane: Lane, inbound: Inbound, seen: Conversation) -> None:
        async with self._database.transaction() as tx:
            await self._mailbox.settle_in(tx, lane, inbound.id)
            conversation = await self._same(tx, seen)
            now = self._clock.now()
            changed = replace(conversation, unread=conversation.unread + 1, last_text=_preview(inbound), last_at=now)
            await self._store.save(tx, changed)
            await self._state_spoken(tx, conversation, now)

    async def _to_bot(self, lane: Lane, inbound: Inbound, seen: Conversation) -> None:
        dialogue = msgspec.json.decode(seen.dialogue, type=Dialogue) if seen.dialogue else Dialogue()
        caller = await self._caller(seen)
        try:
            thought = await self._assistant.think(dialogue, inbound, caller)
        except (HotlineError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
            log.exception("desk.bot_failed", conversation=seen.id, error=type(error).__name__)
            await self._excuse(lane, inbound, seen)
            return
        async with self._database.transaction() as tx:
            await self._mailbox.settle_in(tx, lane, inbound.id)
            conversation = await self._same(tx, seen)
            turn = await self._assistant.do(tx, thought, caller)
            await self._answer(tx, conversation, inbound, turn)

    async def _answer(self, tx: Tx, conversation: Conversation, inbound: Inbound, turn: BotTurn) -> None:
        now = self._clock.now()
        await self._state_spoken(tx, conversation, now)
        for reply in turn.replies:
            await self._conversations.tell(
                tx,
                conversation,
                reply.text,
                author=Author.BOT,
                choices=reply.choices,
                citations=reply.citations,
                link=reply.link,
                reply_to=inbound.id,
            )
        saved = await self._store.save(
            tx,
            replace(
                conversation,
                dialogue=msgspec.json.encode(turn.dialogue).decode(),
                last_text=_preview(inbound),
                last_at=now,
                tickets=(*conversation.tickets, *turn.tickets),
            ),
        )
        if turn.replies:
            articles = tuple(citation.id for reply in turn.replies for citation in reply.citations)
            fact = BotAnswered(saved.id, saved.address.channel, now, articles, turn.tickets)
            await self._journal.state(tx, fact)
        if turn.hand_over is not None:
            await self._fetch_person(tx, saved, turn.hand_over, inbound)

    async def _fetch_person(self, tx: Tx, conversation: Conversation, wish: HandOver, inbound: Inbound) -> None:
        reason = Reason(wish.reason)
        await self._conversations.hand_over(tx, conversation, reason)
        text = TELL_HANDED_OVER.get(reason, HANDED_OVER)
        await self._conversations.tell(tx, conversation, text, reply_to=inbound.id)

    async def _excuse(self, lane: Lane, inbound: Inbound, seen: Conversation) -> None:
        async with self._database.transaction() as tx:
            await self._mailbox.settle_in(tx, lane, inbound.id)
            conversation = await self._same(tx, seen)
            now = self._clock.now()
            await self._state_spoken(tx, conversation, now)
            noted = replace(conversation, last_text=_preview(inbound), last_at=now, unread=conversation.unread + 1)
            await self._fetch_person(tx, noted, HandOver(Reason.ERROR), inbound)

    async def _same(self, tx: Tx, seen: Conversation) -> Conversation:
        """The conversation, locked; Conflict when anything happened to it since it was read (P21)."""
        conversation = await self._store.by_id(tx, seen.id, lock=True)
        if conversation.version != seen.version:
            raise Conflict("conversation_changed", current=conversation.turn)
        return conversation

    async def _state_spoken(self, tx: Tx, conversation: Conversation, now: datetime) -> None:
        fact = CitizenSpoke(
            conversation.id, conversation.address.channel, now, conversation.turn, conversation.agent_id
        )
        await self._journal.state(tx, fact)

    async def _caller(self, conversation: Conversation) -> Caller:
        async with self._database.reading() as tx:
            contact = await self._lookup.contact(tx, conversation.citizen_id)
            tickets = await self._queries.of_citizen(tx, conversation.citizen_id)
        return Caller(
            conversation.citizen_id,
            conversation.address,
            conversation.id,
            mask_phone(contact.phone) if contact.phone else "",
            tuple(self._open_ticket(ticket) for ticket in tickets[:MAX_CALLER_TICKETS]),
        )

    def _open_ticket(self, ticket: Ticket) -> OpenTicket:
        lead = ticket.lead
        clock = ticket.clock(ClockKind.TOTAL)
        return OpenTicket(
            ticket.number,
            ticket.title,
            ticket.state,
            CITIZEN_WORDS[ticket.state][0],
            self._lookup.unit(lead.unit).name if lead else "",
            clock.due if clock and clock.running else None,
        )

    async def _recover(self, lane: Lane, inbound: Inbound, attempts: int, error: Exception) -> None:
        """What the table of errors in docs/architecture.md says the worker does."""
        code = error.code if isinstance(error, HotlineError) else type(error).__name__
        if code == "lease_lost":
            log.warning("desk.lease_lost")
            return
        log.error("desk.message_failed", message_id=inbound.id, attempt=attempts + 1, error=code, exc_info=error)
        hopeless = isinstance(error, Invalid | NotAllowed | NotFound) or attempts + 1 >= MAX_ATTEMPTS
        async with self._database.transaction() as tx:
            if hopeless:
                await self._mailbox.set_aside(tx, lane, inbound.id, code[:100])
                await self._mailbox.release(tx, lane)
            else:
                after = error.after if isinstance(error, Unavailable) else BACK_OFF[min(attempts, len(BACK_OFF) - 1)]
                await self._mailbox.release(tx, lane, after=after, failed=inbound.id)


def _preview(inbound: Inbound) -> str:
    if inbound.text:
        return inbound.text[:PREVIEW]
    if inbound.attachments:
        return f"[{inbound.attachments[0].media.label}]"
    return f"[{InboundKind(inbound.kind).label}]"
