"""What stands beside an agent's conversation: entries that may answer, a ticket already filled in, its unit."""

from dataclasses import dataclass, replace

import msgspec
from bot.assistant import Assistant
from directory.lookup import Lookup
from knowledge.library import Library
from knowledge.model import Hit
from ticketing.tickets import Tickets

from bot.model import Dialogue
from desk.conversations import Conversations
from desk.model import Conversation
from kernel.errors import Invalid
from kernel.people import Principal
from kernel.phones import phone as valid_phone
from kernel.privacy import mask_name, mask_phone
from kernel.room import Floor
from ticketing.model import DispatchDecision, Draft, Secrecy, Ticket, TicketKind, Urgency

THREAD = 60


@dataclass(frozen=True, slots=True)
class Assistance:
    """All that can be offered for a conversation now."""

    hits: tuple[Hit, ...]
    draft: Draft
    phone_masked: str
    name_masked: str
    decision: DispatchDecision


@dataclass(frozen=True, slots=True)
class TicketForm:
    """The agent's ticket form. ``phone`` None means the number already known; empty means none."""

    kind: TicketKind
    text: str
    title: str = ""
    where_text: str = ""
    area: str = ""
    when_text: str = ""
    name: str | None = None
    phone: str | None = None
    matter: str = ""
    urgency: Urgency = Urgency.P2
    secrecy: Secrecy = Secrecy.NORMAL
    attachments: tuple[str, ...] = ()


class Assist:
    """Reads a conversation for the agent and opens the ticket they confirm."""

    def __init__(
        self,
        floor: Floor,
        conversations: Conversations,
        lookup: Lookup,
        library: Library,
        tickets: Tickets,
        assistant: Assistant,
    ) -> None:
        self._database = floor.database
        self._mailbox = floor.mailbox
        self._conversations = conversations
        self._lookup = lookup
        self._library = library
        self._tickets = tickets
        self._assistant = assistant

    async def offer(self, conversation: Conversation, typing: str) -> Assistance:
        """Entries for what was asked (or what the agent types), and the ticket as the talk fills it."""
        async with self._database.reading() as tx:
            thread = await self._mailbox.thread(tx, conversation.address, conversation.first_seq - 1, THREAD)
            contact = await self._lookup.contact(tx, conversation.citizen_id)
        said = [entry.inbound.text for entry in thread if entry.inbound is not None and entry.inbound.text]
        files = tuple(a for entry in thread if entry.inbound is not None for a in entry.inbound.attachments)
        dialogue = self._dialogue(conversation)
        draft = replace(
            self._assistant.draft(dialogue, said),
            citizen=conversation.citizen_id,
            address=conversation.address,
            conversation=conversation.id,
            evidence=files,
        )
        question = typing or dialogue.question or (said[-1] if said else "")
        answer = await self._library.answer(question, area=draft.area) if question.strip() else None
        phone = draft.contact or contact.phone
        return Assistance(
            hits=answer.hits if answer else (),
            draft=draft,
            phone_masked=mask_phone(phone) if phone else "",
            name_masked=mask_name(draft.name or contact.name) if draft.name or contact.name else "",
            decision=await self._tickets.preview(draft),
        )

    async def open_ticket(self, conversation: Conversation, form: TicketForm, by: Principal) -> Ticket:
        """Open the ticket as the agent confirmed it; what they left alone comes from the talk."""
        offered = (await self.offer(conversation, "")).draft
        async with self._database.reading() as tx:
            known = await self._lookup.contact(tx, conversation.citizen_id)
        phone = offered.contact or known.phone if form.phone is None else form.phone
        if not form.text.strip():
            raise Invalid({"text": "empty"})
        draft = replace(
            offered,
            kind=form.kind,
            text=form.text,
            title=form.title or offered.title,
            place=form.where_text or offered.place,
            placeless=not (form.where_text or offered.place or form.area or offered.area),
            area=form.area or offered.area,
            happened=form.when_text or offered.happened,
            name=offered.name or known.name if form.name is None else form.name,
            contact=valid_phone(phone) if phone else "",
            matter=form.matter or offered.matter,
            urgency=form.urgency,
            secrecy=form.secrecy,
        )
        async with self._database.transaction() as tx:
            ticket = await self._tickets.open(tx, draft, by)
            await self._conversations.note_ticket(tx, conversation.id, ticket.number)
        return ticket

    @staticmethod
    def _dialogue(conversation: Conversation) -> Dialogue:
        return msgspec.json.decode(conversation.dialogue, type=Dialogue) if conversation.dialogue else Dialogue()
