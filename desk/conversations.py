"""The use cases of a conversation: it opens, changes hands, is answered by an agent, ends.

Everybody locks in one order, so that nobody waits in a ring: agent's presence, conversation, ticket, mailbox lane.
"""

from dataclasses import replace
from datetime import timedelta

from desk.events import AgentReplied, AgentTook, ConversationClosed, ConversationOpened, HandedOver
from desk.model import Conversation, Reason, Turn
from desk.store import ConversationStore, is_here, keep_here
from desk.texts import BACK_TO_BOT, CLOSED, PASSED_ON, handed_over
from directory.lookup import Lookup
from kernel.bell import Bell
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.ids import new_id
from kernel.mailbox import Entry
from kernel.messages import Address, Attachment, Author, Choice, Citation, Outbound
from kernel.people import Principal, Role
from kernel.room import Floor
from ticketing.tickets import Tickets

QUEUE_TOPIC = "desk.queue"
MAX_TEXT = 4000
THREAD_LIMIT = 300


class Conversations:
    """Changes conversations, states the facts and writes to the citizen."""

    def __init__(self, floor: Floor, store: ConversationStore, lookup: Lookup, tickets: Tickets) -> None:
        self._clock = floor.clock
        self._phrases = floor.phrases
        self._mailbox = floor.mailbox
        self._journal = floor.journal
        self._attachments = floor.attachments
        self._bell: Bell = floor.bell
        self._store = store
        self._lookup = lookup
        self._tickets = tickets
        self._absent_after = timedelta(seconds=floor.settings.desk.absent_seconds)

    async def open(self, tx: Tx, address: Address, first_seq: int) -> Conversation:
        """A new conversation that begins at ``first_seq`` of the thread, with the bot's turn."""
        now = self._clock.now()
        citizen = await self._lookup.citizen_at(tx, address)
        conversation = Conversation(new_id(), address, citizen.id, Turn.BOT, first_seq, now, now)
        await self._store.add(tx, conversation)
        await self._journal.state(tx, ConversationOpened(conversation.id, address.channel, now))
        return conversation

    async def hand_over(
        self, tx: Tx, conversation: Conversation, reason: Reason, *, reply_to: str = ""
    ) -> Conversation:
        """Put the conversation into the queue for a person, tell the citizen and start the first-reply clock.

        The one way to a person (P22, P23). Who has waited without an answer keeps their place and their clock.
        """
        now = self._clock.now()
        due = conversation.first_reply_due or self._tickets.first_reply_due(conversation.address.channel)
        saved = await self._store.save(
            tx,
            replace(
                conversation,
                turn=Turn.WAITING,
                reason=reason,
                agent_id="",
                unread=conversation.unread or 1,
                waiting_since=conversation.waiting_since or now,
                first_reply_due=due,
            ),
        )
        await self._journal.state(tx, HandedOver(saved.id, saved.address.channel, now, reason))
        await self.tell(tx, saved, handed_over(reason), reply_to=reply_to)
        self._wake(tx)
        return saved

    async def tell(
        self,
        tx: Tx,
        conversation: Conversation,
        text: str,
        *,
        author: Author = Author.SYSTEM,
        choices: tuple[Choice, ...] = (),
        citations: tuple[Citation, ...] = (),
        link: str = "",
        files: tuple[str, ...] = (),
        reply_to: str = "",
    ) -> None:
        """Write to the citizen of ``conversation``; ``files`` are ids of what goes with it."""
        name = "智能客服" if author is Author.BOT else "12345热线"
        await self._mailbox.put_out(
            tx,
            Outbound(
                new_id(),
                conversation.address,
                self._phrases.worded(text),
                author,
                self._clock.now(),
                author_name=name,
                choices=choices,
                citations=citations,
                attachments=await self._attachments.known(tx, files) if files else (),
                link=link,
                reply_to=reply_to,
            ),
        )

    async def give(self, tx: Tx, conversation: Conversation, agent_id: str) -> Conversation:
        """An agent has it from now on."""
        now = self._clock.now()
        saved = await self._store.save(tx, replace(conversation, turn=Turn.AGENT, agent_id=agent_id))
        await self._journal.state(tx, AgentTook(saved.id, saved.address.channel, now, agent_id))
        return saved

    async def claim(self, tx: Tx, conversation_id: str, by: Principal) -> Conversation:
        """The agent takes a conversation from the queue or from the bot; Conflict when a colleague has it.

        What an agent takes themselves is not held to the limit of what they are given.
        """
        await keep_here(tx, by.id, self._clock.now())
        conversation = await self._store.by_id(tx, conversation_id, lock=True)
        if conversation.turn is Turn.AGENT and conversation.agent_id == by.id:
            return conversation
        if conversation.turn not in {Turn.WAITING, Turn.BOT}:
            raise Conflict("conversation_taken", current=conversation.turn)
        return await self.give(tx, conversation, by.id)

    async def say(
        self, tx: Tx, conversation_id: str, message_id: str, text: str, file_ids: tuple[str, ...], by: Principal
    ) -> None:
        """The agent writes. ``message_id`` is the screen's own: sending it twice is once (P14)."""
        if not text.strip() and not file_ids:
            raise Invalid({"text": "empty"})
        if len(text) > MAX_TEXT:
            raise Invalid({"text": "too_long"}, limit=MAX_TEXT)
        out_id = _out_id(message_id)
        conversation = await self._store.by_id(tx, conversation_id, lock=True)
        if await self._mailbox.states(tx, [out_id]):
            return
        _must_have(conversation, by)
        now = self._clock.now()
        files: tuple[Attachment, ...] = await self._attachments.known(tx, file_ids)
        await self._mailbox.put_out(
            tx,
            Outbound(out_id, conversation.address, text, Author.AGENT, now, author_name=by.name, attachments=files),
        )
        first = conversation.first_replied_at is None
        waited = (now - conversation.waiting_since).total_seconds() if first and conversation.waiting_since else None
        await self._store.save(
            tx,
            replace(
                conversation,
                unread=0,
                last_text=text,
                last_at=now,
                first_replied_at=conversation.first_replied_at or now,
                waiting_since=None,
                first_reply_due=None,
            ),
        )
        await self._journal.state(tx, AgentReplied(conversation.id, conversation.address.channel, now, by.id, waited))

    async def release(self, tx: Tx, conversation_id: str, by: Principal) -> Conversation:
        """The agent is done; the bot answers again."""
        conversation = await self._own(tx, conversation_id, by)
        saved = await self._store.save(
            tx,
            replace(
                conversation,
                turn=Turn.BOT,
                agent_id="",
                reason="",
                waiting_since=None,
                first_reply_due=None,
                dialogue="",
                first_replied_at=None,
                unread=0,
            ),
        )
        await self.tell(tx, saved, BACK_TO_BOT)
        self._wake(tx)
        return saved

    async def transfer(self, tx: Tx, conversation_id: str, to: str, by: Principal) -> Conversation:
        """The agent passes it to a colleague who is there, or back to the queue when ``to`` is empty."""
        conversation = await self._own(tx, conversation_id, by)
        if not to:
            return await self.hand_over(tx, conversation, Reason.TRANSFERRED)
        colleague = await self._lookup.staff(tx, to)
        if not colleague.roles & {Role.AGENT, Role.SHIFT_LEAD}:
            raise Invalid({"agent_id": "not_an_agent"})
        if not colleague.active or not await is_here(tx, colleague.id, self._clock.now() - self._absent_after):
            raise Conflict("agent_absent")
        saved = await self.give(tx, replace(conversation, reason=Reason.TRANSFERRED), colleague.id)
        await self.tell(tx, saved, PASSED_ON)
        return saved

    async def close(self, tx: Tx, conversation_id: str, by: Principal) -> Conversation:
        """The agent ends it."""
        return await self.end(tx, await self._own(tx, conversation_id, by), by.id, tell=True)

    async def end(self, tx: Tx, conversation: Conversation, by: str, *, tell: bool) -> Conversation:
        """It is over; the next message begins a new one with the bot (P24)."""
        now = self._clock.now()
        ended = replace(conversation, turn=Turn.CLOSED, waiting_since=None, first_reply_due=None, unread=0)
        saved = await self._store.save(tx, ended)
        if tell:
            await self.tell(tx, saved, CLOSED)
        await self._journal.state(tx, ConversationClosed(saved.id, saved.address.channel, now, by, bool(saved.reason)))
        self._wake(tx)
        return saved

    async def hold_for_ticket(self, tx: Tx, conversation_id: str, by: Principal) -> Conversation:
        """The conversation, locked before its ticket is opened; it may have ended, but it must have been theirs."""
        conversation = await self._store.by_id(tx, conversation_id, lock=True)
        if conversation.agent_id != by.id and not by.has(Role.SHIFT_LEAD):
            raise NotAllowed("conversation_of_colleague")
        return conversation

    async def note_ticket(self, tx: Tx, conversation: Conversation, number: str) -> Conversation:
        """A ticket came of it."""
        return await self._store.save(tx, replace(conversation, tickets=(*conversation.tickets, number)))

    async def read(self, tx: Tx, conversation_id: str, by: Principal) -> None:
        """The agent has seen everything."""
        conversation = await self._store.by_id(tx, conversation_id, lock=True)
        if conversation.unread and conversation.agent_id == by.id:
            await self._store.save(tx, replace(conversation, unread=0))

    async def thread(self, tx: Tx, conversation: Conversation) -> list[Entry]:
        """What was said in this conversation, oldest first; not what was said before it or after its end."""
        lines = await self._mailbox.thread(tx, conversation.address, conversation.first_seq - 1, THREAD_LIMIT)
        until = await self._store.seq_after(tx, conversation) if conversation.turn is Turn.CLOSED else None
        return [line for line in lines if until is None or line.seq < until]

    async def _own(self, tx: Tx, conversation_id: str, by: Principal) -> Conversation:
        conversation = await self._store.by_id(tx, conversation_id, lock=True)
        _must_have(conversation, by)
        return conversation

    def _wake(self, tx: Tx) -> None:
        tx.after_commit(lambda: self._bell.ring(QUEUE_TOPIC), key=("bell", QUEUE_TOPIC))


def _must_have(conversation: Conversation, by: Principal) -> None:
    if conversation.turn is not Turn.AGENT:
        raise Conflict("conversation_not_with_agent", current=conversation.turn)
    if conversation.agent_id != by.id and not by.has(Role.SHIFT_LEAD):
        raise NotAllowed("conversation_of_colleague")


def _out_id(message_id: str) -> str:
    cleaned = message_id.replace("-", "").lower()
    if len(cleaned) != 32 or any(c not in "0123456789abcdef" for c in cleaned):
        raise Invalid({"id": "not_a_uuid"})
    return cleaned
