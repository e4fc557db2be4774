"""What stands beside an agent's conversation: entries that may answer, a ticket already filled in, its unit."""

from dataclasses import dataclass, replace

import msgspec

from bot.assistant import Assistant
from bot.model import Dialogue
from desk.conversations import Conversations
from desk.model import Conversation
from desk.rules.showing import restored, shown_beside
from directory.lookup import Lookup
from kernel.errors import Invalid, NotFound, Unavailable
from kernel.people import Principal
from kernel.privacy import mask_name, mask_phone
from kernel.privacy import phone as valid_phone
from kernel.room import Floor
from knowledge.library import Library
from knowledge.model import Hit
from ticketing.model.duties import DispatchDecision
from ticketing.model.labels import Flag, Secrecy, TicketKind, Urgency
from ticketing.model.ticket import Alike, Draft, Ticket
from ticketing.tickets import Tickets

# Below this the agent would more often mend than confirm.
LIKELY = 0.6


@dataclass(frozen=True, slots=True)
class Assistance:
    """All that can be offered for a conversation now."""

    hits: tuple[Hit, ...]
    draft: Draft
    phone_masked: str
    name_masked: str
    decision: DispatchDecision
    alike: Alike | None = None

    @property
    def matter(self) -> str:
        """The matter the form opens with: the draft's, or the likeliest one where it is likely enough to be shown."""
        return self.draft.matter or (self.decision.matter if self.decision.sureness >= LIKELY else "")


@dataclass(frozen=True, slots=True)
class TicketForm:
    """The agent's ticket form. ``name`` and ``phone`` None means what is offered (what the talk said, else what is
    known); empty means none."""

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
    enterprise: bool = False
    same_as: str = ""


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
        self._conversations = conversations
        self._lookup = lookup
        self._library = library
        self._tickets = tickets
        self._assistant = assistant

    async def offer(self, conversation: Conversation, typing: str) -> Assistance:
        """Entries for what was asked (or what the agent types), and the ticket as the talk fills it."""
        async with self._database.reading() as tx:
            thread = await self._conversations.thread(tx, conversation)
            contact = await self._lookup.contact(tx, conversation.citizen_id)
        said = [entry.inbound.text for entry in thread if entry.inbound is not None and entry.inbound.text]
        files = tuple(a for entry in thread if entry.inbound is not None for a in entry.inbound.attachments)
        dialogue = dialogue_of(conversation)
        draft = replace(
            self._assistant.draft(dialogue, said),
            citizen=conversation.citizen_id,
            address=conversation.address,
            conversation=conversation.id,
            evidence=files,
        )
        async with self._database.reading() as tx:
            alike = await self._tickets.alike(tx, draft) if draft.text.strip() else None
        question = typing or dialogue.question or (said[-1] if said else "")
        phone = contact.phone if draft.contact is None else draft.contact
        name = contact.name if draft.name is None else draft.name
        return Assistance(
            hits=await self._hits(question, draft.area),
            draft=draft,
            phone_masked=mask_phone(phone) if phone else "",
            name_masked=mask_name(name) if name else "",
            decision=await self._tickets.preview(draft),
            alike=alike,
        )

    async def _hits(self, question: str, area: str) -> tuple[Hit, ...]:
        """Entries; none while the library cannot answer, for the ticket must not wait for it."""
        try:
            return (await self._library.answer(question, area=area)).hits if question.strip() else ()
        except (NotFound, Unavailable):
            return ()

    async def open_ticket(self, conversation: Conversation, form: TicketForm, by: Principal) -> Ticket:
        """Open the ticket as the agent confirmed it; what they left alone comes from the talk.

        NotAllowed when a colleague has the conversation, Invalid with the fields of the form.
        """
        if not form.text.strip():
            raise Invalid({"text": "empty"})
        offered = (await self.offer(conversation, "")).draft
        phone = offered.contact if form.phone is None else form.phone
        draft = replace(
            offered,
            kind=form.kind,
            text=restored(form.text, offered.text),
            title=shown_beside(form.title or offered.title, offered.text),
            place=restored(form.where_text, offered.place) or offered.place,
            placeless=not (form.where_text or offered.place or form.area or offered.area),
            area=form.area or offered.area,
            happened=restored(form.when_text, offered.happened) or offered.happened,
            name=offered.name if form.name is None else form.name,
            contact=valid_phone(phone) if phone else phone,
            matter=form.matter or offered.matter,
            urgency=form.urgency,
            secrecy=form.secrecy,
            same_as=form.same_as,
            flags=offered.flags | {Flag.ENTERPRISE} if form.enterprise else offered.flags,
        )
        async with self._database.transaction() as tx:
            held = await self._conversations.hold_for_ticket(tx, conversation.id, by)
            ticket = await self._tickets.open(tx, draft, by)
            await self._conversations.note_ticket(tx, held, ticket.number)
        return ticket


def dialogue_of(conversation: Conversation) -> Dialogue:
    """The bot's state of the talk; a fresh one when it has said nothing yet."""
    return msgspec.json.decode(conversation.dialogue, type=Dialogue) if conversation.dialogue else Dialogue()
