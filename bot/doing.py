"""Does what a thought asks for inside the transaction, and composes the replies that need its outcome."""

from dataclasses import replace

from bot import texts
from bot.drafting import draft_of, for_caller
from bot.model import (
    KNOWN_CONTACT,
    Act,
    Caller,
    Dialogue,
    Fetch,
    HandOver,
    OpenSuggestion,
    OpenTicketAct,
    RecordOutcome,
    RecordUnanswered,
    Reply,
    Say,
    Slots,
    Thought,
    Turn,
    Urge,
)
from bot.neighbours import Library, Suggester, Tickets
from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.people import Kind, Principal
from ticketing.model import ClockKind, Ticket

BOT = Principal(Kind.SYSTEM, id="bot", name="智能客服")
STEP_OF_FIELD = {"text": "what", "place": "where", "contact": "contact"}


class Doing:
    """Acts by their kind."""

    def __init__(self, lookup: Lookup, library: Library, tickets: Tickets, suggester: Suggester) -> None:
        self._lookup = lookup
        self._library = library
        self._tickets = tickets
        self._suggester = suggester

    async def do(self, tx: Tx, thought: Thought, caller: Caller) -> Turn:
        """Everything in order; the dialogue changes only where a ticket was opened or refused."""
        turn = Turn(thought.step.dialogue)
        for act in thought.step.acts:
            turn = await self._one(tx, turn, act, caller)
        return turn

    async def _one(self, tx: Tx, turn: Turn, act: Act, caller: Caller) -> Turn:
        match act:
            case Say(reply):
                return _saying(turn, reply)
            case Fetch(reason):
                return replace(turn, hand_over=HandOver(reason))
            case OpenTicketAct(slots):
                return await self._open(tx, turn, slots, caller)
            case OpenSuggestion(text, area):
                return await self._suggest(tx, turn, text, area, caller)
            case Urge(number):
                return await self._urge(tx, turn, number, caller)
            case RecordUnanswered(question, area):
                await self._library.record_unanswered(tx, question, area)
            case RecordOutcome(article, question, solved):
                await self._library.record_outcome(tx, article, question, solved)
        return turn

    async def _open(self, tx: Tx, turn: Turn, slots: Slots, caller: Caller) -> Turn:
        draft = for_caller(draft_of(slots), caller)
        if slots.contact == KNOWN_CONTACT:
            known = await self._lookup.contact(tx, caller.citizen_id)
            draft = replace(draft, contact=known.phone, name=draft.name or known.name)
        elif (draft.contact or draft.name) and not slots.anonymous:
            await self._lookup.keep_contact(tx, caller.citizen_id, name=draft.name or None, phone=draft.contact or None)
        try:
            ticket = await self._tickets.open(tx, draft, BOT)
        except Invalid as wrong:
            return _ask_again(turn, wrong)
        done = Dialogue(tickets=(*turn.dialogue.tickets, ticket.number))
        told = Reply(self._opened(ticket), link=self._tickets.link_for(ticket.number))
        return _saying(replace(turn, dialogue=done, tickets=(*turn.tickets, ticket.number)), told)

    def _opened(self, ticket: Ticket) -> str:
        lead, clock = ticket.lead, ticket.clock(ClockKind.TOTAL)
        unit = texts.OPENED_UNIT.format(unit=self._lookup.unit(lead.unit).name) if lead else texts.OPENED_NO_UNIT
        due = ""
        if clock is not None:
            due = texts.OPENED_DUE.format(due=f"{clock.due.astimezone(self._lookup.calendar().zone):%Y-%m-%d %H:%M}")
        return "\n".join(
            line
            for line in texts.OPENED.format(number=ticket.number, code=ticket.query_code, unit=unit, due=due).split(
                "\n"
            )
            if line
        )

    async def _suggest(self, tx: Tx, turn: Turn, text: str, area: str, caller: Caller) -> Turn:
        number = await self._suggester.suggest(tx, text, area, caller)
        return _saying(turn, Reply(texts.SUGGESTION_OPENED.format(number=number)))

    async def _urge(self, tx: Tx, turn: Turn, number: str, caller: Caller) -> Turn:
        try:
            await self._tickets.urge(tx, number, Principal(Kind.CITIZEN, id=caller.citizen_id))
        except (Conflict, NotAllowed, NotFound):
            return _saying(turn, Reply(texts.NOT_URGED.format(number=number), link=self._tickets.link_for(number)))
        return _saying(turn, Reply(texts.URGED.format(number=number), link=self._tickets.link_for(number)))


def _saying(turn: Turn, reply: Reply) -> Turn:
    return replace(turn, replies=(*turn.replies, reply))


def _ask_again(turn: Turn, wrong: Invalid) -> Turn:
    """Ask for the field that was refused; a person when it is none a citizen can mend."""
    name = next((each for each in wrong.fields if each in STEP_OF_FIELD), "")
    if not name:
        return replace(_saying(turn, Reply(texts.NOT_OPENED_PLAIN)), hand_over=HandOver("uncertain"))
    back = replace(turn.dialogue, step=STEP_OF_FIELD[name], asked=1)
    return _saying(replace(turn, dialogue=back), Reply(texts.NOT_OPENED[name]))
