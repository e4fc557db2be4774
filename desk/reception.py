"""Takes each message from the mailbox to whoever's turn it is: the agent's screen, or the bot."""

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
import structlog

from bot.assistant import Assistant
from bot.model import Caller, Thought
from bot.model import Turn as BotTurn
from desk.assist import dialogue_of
from desk.callers import Callers
from desk.conversations import Conversations
from desk.drafts import Drafts
from desk.events import BotAnswered, CitizenSpoke
from desk.model import Conversation, Reason, Turn
from desk.store import ConversationStore
from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import Conflict, HotlineError, Invalid, NotAllowed, NotFound, Unavailable
from kernel.mailbox import MAX_ATTEMPTS, Lane
from kernel.messages import Author, Inbound, InboundKind
from kernel.room import Floor
from ticketing.queries import Queries

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
LEASE_LOST = "lease_lost"
WITH_PEOPLE = frozenset({Turn.WAITING, Turn.AGENT})
BACK_OFF = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2))
PREVIEW = 80
# A lease nearly over is given back: whoever claims the lane next has the whole of theirs.
SPARE = LEASE / 3
# What in a bot is a mistake and stays one however often it is tried: the citizen gets a person at once.
BOT_MISTAKES = (
    Invalid,
    NotAllowed,
    NotFound,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


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
        self._callers = Callers(lookup, queries)
        self._drafts = Drafts(floor, store, lookup)
        self._assistant = assistant

    async def step(self) -> bool:
        """Deal with one conversation's waiting messages; whether there was one."""
        async with self._database.transaction() as tx:
            lane = await self._mailbox.claim(tx, LEASE)
        if lane is None:
            return False
        try:
            await self._work(lane)
        except Conflict as conflict:
            if conflict.code != LEASE_LOST:
                raise
            # Somebody else has the lane and its messages; nothing of this one's was committed.
            log.warning("desk.lease_lost")
        return True

    async def _work(self, lane: Lane) -> None:
        for inbound, attempts in zip(lane.messages, lane.attempts, strict=True):
            if self._clock.now() > lane.until - SPARE:
                break
            try:
                await self._attend_twice(lane, inbound)
            except Exception as error:  # noqa: BLE001 - whatever happens, the message must not be lost
                await self._recover(lane, inbound, attempts, error)
                return
        async with self._database.transaction() as tx:
            await self._mailbox.release(tx, lane)

    async def _attend_twice(self, lane: Lane, inbound: Inbound) -> None:
        try:
            await self.attend(lane, inbound)
        except Conflict as conflict:
            if conflict.code == LEASE_LOST:
                raise
            await self.attend(lane, inbound)

    async def attend(self, lane: Lane, inbound: Inbound) -> None:
        """Bring one message to whoever's turn it is, and settle it in the transaction of what came of it."""
        async with self._database.reading() as tx:
            conversation = await self._store.open_with(tx, inbound.address)
            caller = await self._to_know(tx, conversation) if conversation else None
        if conversation is None:
            conversation, caller = await self._begin(lane, inbound)
        if caller is not None:
            await self._to_bot(lane, inbound, conversation, caller)
        else:
            await self._to_person(lane, inbound, conversation)

    async def _begin(self, lane: Lane, inbound: Inbound) -> tuple[Conversation, Caller | None]:
        async with self._database.transaction() as tx:
            await self._mailbox.hold(tx, lane)
            seq = await self._mailbox.seq_of(tx, inbound.id)
            opened = await self._conversations.open(tx, inbound.address, seq)
            begun = await self._drafts.take_up(tx, opened)
            return begun, await self._to_know(tx, begun)

    async def _to_know(self, tx: Tx, conversation: Conversation) -> Caller | None:
        """Who writes, where it is the bot's turn."""
        return await self._callers.of(tx, conversation) if conversation.turn is Turn.BOT else None

    async def _to_person(self, lane: Lane, inbound: Inbound, seen: Conversation) -> None:
        async with self._database.transaction() as tx:
            conversation = await self._store.by_id(tx, seen.id, lock=True)
            if conversation.turn not in WITH_PEOPLE:
                raise Conflict("conversation_changed", current=conversation.turn)
            await self._note_spoken(tx, conversation, inbound)
            await self._mailbox.settle_in(tx, lane, inbound.id)

    async def _to_bot(self, lane: Lane, inbound: Inbound, seen: Conversation, caller: Caller) -> None:
        try:
            thought = await self._assistant.think(dialogue_of(seen), inbound, caller)
        except Exception as error:  # noqa: BLE001 - whatever the bot cannot do, a person can
            await self._excuse(lane, inbound, seen, error)
            return
        try:
            await self._carry_out(lane, inbound, seen, thought, caller)
        except BOT_MISTAKES as error:
            await self._excuse(lane, inbound, seen, error)

    async def _carry_out(
        self, lane: Lane, inbound: Inbound, seen: Conversation, thought: Thought, caller: Caller
    ) -> None:
        async with self._database.transaction() as tx:
            conversation = await self._same(tx, seen)
            turn = await self._assistant.do(tx, thought, caller)
            await self._answer(tx, conversation, inbound, turn)
            await self._mailbox.settle_in(tx, lane, inbound.id)

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
                files=reply.files,
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
            fact = BotAnswered(saved.id, saved.address.channel, now, articles, turn.tickets, inbound.id)
            await self._journal.state(tx, fact)
        if turn.hand_over is not None:
            reason = Reason(turn.hand_over.reason)
            await self._conversations.hand_over(tx, saved, reason, reply_to=inbound.id)

    async def _excuse(self, lane: Lane, inbound: Inbound, seen: Conversation, error: Exception) -> None:
        """The bot failed: the citizen reads an apology and gets a person."""
        log.error("desk.bot_failed", conversation=seen.id, error=_code(error), exc_info=error)
        async with self._database.transaction() as tx:
            noted = await self._note_spoken(tx, await self._same(tx, seen), inbound)
            await self._conversations.hand_over(tx, noted, Reason.ERROR, reply_to=inbound.id)
            await self._mailbox.settle_in(tx, lane, inbound.id)

    async def _note_spoken(self, tx: Tx, conversation: Conversation, inbound: Inbound) -> Conversation:
        now = self._clock.now()
        noted = replace(conversation, unread=conversation.unread + 1, last_text=_preview(inbound), last_at=now)
        await self._state_spoken(tx, conversation, now)
        return await self._store.save(tx, noted)

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

    async def _recover(self, lane: Lane, inbound: Inbound, attempts: int, error: Exception) -> None:
        """What the table of errors in docs/architecture.md says the worker does."""
        if isinstance(error, Conflict) and error.code == LEASE_LOST:
            raise error
        log.error(
            "desk.message_failed", message_id=inbound.id, attempt=attempts + 1, error=_code(error), exc_info=error
        )
        if isinstance(error, Invalid | NotAllowed | NotFound) or attempts + 1 >= MAX_ATTEMPTS:
            await self._give_up(lane, inbound, _code(error))
            return
        after = error.after if isinstance(error, Unavailable) else BACK_OFF[min(attempts, len(BACK_OFF) - 1)]
        async with self._database.transaction() as tx:
            await self._mailbox.release(tx, lane, after=after, failed=inbound.id)

    async def _give_up(self, lane: Lane, inbound: Inbound, code: str) -> None:
        """Set the message aside so that those behind it go on, and fetch a person for the citizen if that can be."""
        try:
            async with self._database.transaction() as tx:
                await self._show_to_person(tx, inbound)
                await self._set_aside(tx, lane, inbound, code)
        except Exception as error:
            if isinstance(error, Conflict) and error.code == LEASE_LOST:
                raise
            # The lane must go on, even when nobody could be fetched.
            log.exception("desk.nobody_fetched", message_id=inbound.id, error=_code(error))
            async with self._database.transaction() as tx:
                await self._set_aside(tx, lane, inbound, code)

    async def _show_to_person(self, tx: Tx, inbound: Inbound) -> None:
        conversation = await self._store.open_with(tx, inbound.address, lock=True)
        if conversation is None:
            seq = await self._mailbox.seq_of(tx, inbound.id)
            conversation = await self._conversations.open(tx, inbound.address, seq)
        noted = await self._note_spoken(tx, conversation, inbound)
        if noted.turn is Turn.BOT:
            await self._conversations.hand_over(tx, noted, Reason.ERROR, reply_to=inbound.id)

    async def _set_aside(self, tx: Tx, lane: Lane, inbound: Inbound, code: str) -> None:
        await self._mailbox.set_aside(tx, lane, inbound.id, code)
        await self._mailbox.release(tx, lane)


def _code(error: Exception) -> str:
    return (error.code if isinstance(error, HotlineError) else type(error).__name__)[:100]


def _preview(inbound: Inbound) -> str:
    if inbound.text:
        return inbound.text[:PREVIEW]
    if inbound.attachments:
        return f"[{inbound.attachments[0].media.label}]"
    return f"[{InboundKind(inbound.kind).label}]"
