"""Does what a thought asks for inside the transaction, and composes the replies that need its outcome."""

from dataclasses import replace

from bot import texts
from bot.drafting import draft_of, for_caller
from bot.model import (
    KNOWN_CONTACT,
    Act,
    AddToTicket,
    Caller,
    Fetch,
    HandOver,
    OpenSuggestion,
    OpenTicketAct,
    Rate,
    RecordOutcome,
    RecordUnanswered,
    Reply,
    Say,
    Step,
    Thought,
    Turn,
    Urge,
    Withdraw,
)
from bot.neighbours import Library, Suggester, Tickets
from bot.rules.rating import SOLVED
from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.people import Kind, Principal
from ticketing.model.acting import Form
from ticketing.model.labels import Action, ClockKind, SideAction, State
from ticketing.model.ticket import Ticket

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
                turn = _saying(turn, reply)
            case Fetch(reason):
                turn = replace(turn, hand_over=HandOver(reason))
            case OpenTicketAct():
                turn = await self._open(tx, turn, act, caller)
            case OpenSuggestion(text, area):
                turn = await self._suggest(tx, turn, text, area, caller)
            case Urge(number):
                turn = await self._urge(tx, turn, number, caller)
            case Withdraw(number, reason):
                turn = await self._withdraw(tx, turn, number, reason, caller)
            case AddToTicket():
                turn = await self._add(tx, turn, act, caller)
            case Rate():
                turn = await self._rate(tx, turn, act, caller)
            case RecordUnanswered(question, area):
                await self._library.record_unanswered(tx, question, area, caller.address)
            case RecordOutcome(article, question, solved):
                await self._library.record_outcome(tx, article, question, solved, caller.address)
        return turn

    async def _open(self, tx: Tx, turn: Turn, wanted: OpenTicketAct, caller: Caller) -> Turn:
        slots = wanted.slots
        draft = replace(for_caller(draft_of(slots), caller), same_as=wanted.same_as)
        if slots.contact == KNOWN_CONTACT:
            draft = replace(draft, contact=(await self._lookup.contact(tx, caller.citizen_id)).phone)
        try:
            ticket = await self._tickets.open(tx, draft, BOT)
        except Invalid as wrong:
            return _ask_again(turn, wrong)
        then = wanted.then or Step(turn.dialogue.afresh())
        done = replace(then.dialogue, tickets=(*turn.dialogue.tickets, ticket.number), opened=ticket.created)
        told = Reply(self._opened(ticket), link=self._tickets.link_for(ticket.number))
        turn = _saying(replace(turn, dialogue=done, tickets=(*turn.tickets, ticket.number)), told)
        for act in then.acts:
            turn = await self._one(tx, turn, act, caller)
        return turn

    def _opened(self, ticket: Ticket) -> str:
        if ticket.parent:
            return texts.FOLLOWED.format(number=ticket.number, code=ticket.query_code)
        lead, clock = ticket.lead, ticket.clock(ClockKind.TOTAL)
        unit = texts.OPENED_UNIT.format(unit=self._lookup.unit(lead.unit).name) if lead else texts.OPENED_NO_UNIT
        due = ""
        if clock is not None:
            due = texts.OPENED_DUE.format(due=f"{clock.due.astimezone(self._lookup.calendar().zone):%Y-%m-%d %H:%M}")
        return texts.OPENED.format(number=ticket.number, code=ticket.query_code, unit=unit, due=due)

    async def _suggest(self, tx: Tx, turn: Turn, text: str, area: str, caller: Caller) -> Turn:
        number = await self._suggester.suggest(tx, text, area, caller)
        return _saying(turn, Reply(texts.SUGGESTION_OPENED.format(number=number)))

    async def _urge(self, tx: Tx, turn: Turn, number: str, caller: Caller) -> Turn:
        try:
            await self._tickets.urge(tx, number, _citizen(caller))
        except (Conflict, NotAllowed, NotFound):
            return _saying(turn, Reply(texts.NOT_URGED.format(number=number), link=self._tickets.link_for(number)))
        return _saying(turn, Reply(texts.URGED.format(number=number), link=self._tickets.link_for(number)))

    async def _withdraw(self, tx: Tx, turn: Turn, number: str, reason: str, caller: Caller) -> Turn:
        link = self._tickets.link_for(number)
        try:
            await self._tickets.act(tx, number, Action.WITHDRAW, Form(reason=reason), _citizen(caller))
        except (Conflict, NotAllowed, NotFound):
            return _saying(turn, Reply(texts.NOT_WITHDRAWN.format(number=number), link=link))
        return _saying(turn, Reply(texts.WITHDRAWN.format(number=number), link=link))

    async def _add(self, tx: Tx, turn: Turn, addition: AddToTicket, caller: Caller) -> Turn:
        """What was asked for moves the ticket on; a photo the ticket no longer takes waits for one of its own."""
        number, files = addition.number, addition.attachments
        link, form = self._tickets.link_for(number), Form(text=addition.text, evidence=files)
        asked = any(each.number == number and each.state == State.NEED_INFO for each in caller.tickets)
        action = Action.SUPPLY_INFO if asked else SideAction.ADD_EVIDENCE
        try:
            await self._tickets.act(tx, number, action, form, _citizen(caller))
        except (Conflict, NotAllowed, NotFound):
            if not files:
                return _saying(turn, Reply(texts.NOT_ADDED.format(number=number), link=link))
            slots = replace(turn.dialogue.slots, attachments=(*turn.dialogue.slots.attachments, *files))
            begun = replace(turn.dialogue, flow="ticket", step="what", asked=1, slots=slots)
            return _saying(
                replace(turn, dialogue=begun), Reply(texts.PHOTO_NOT_JOINED.format(number=number), link=link)
            )
        return _saying(turn, Reply(texts.PHOTO_JOINED.format(number=number), link=link))

    async def _rate(self, tx: Tx, turn: Turn, rate: Rate, caller: Caller) -> Turn:
        """One vote a closing (P41): cast on the ticket as it was seen, so that none is overwritten unseen."""
        number, link = rate.ballot.number, self._tickets.link_for(rate.ballot.number)
        form = Form(score=rate.score, solved=SOLVED[rate.score], text=rate.comment, channel=caller.address.channel)
        by, version = _citizen(caller), rate.ballot.version
        try:
            ticket = await self._tickets.act(tx, number, rate.ballot.action, form, by, version=version)
        except (Conflict, NotAllowed, NotFound):
            return _saying(turn, Reply(texts.NOT_RATED.format(number=number), link=link))
        words = texts.RATED_BADLY if ticket.rating and ticket.rating.bad else texts.RATED
        return _saying(turn, Reply(words.format(number=number, score=rate.score.label), link=link))


def _citizen(caller: Caller) -> Principal:
    return Principal(Kind.CITIZEN, id=caller.citizen_id)


def _saying(turn: Turn, reply: Reply) -> Turn:
    return replace(turn, replies=(*turn.replies, reply))


def _ask_again(turn: Turn, wrong: Invalid) -> Turn:
    """Ask for the field that was refused; a person when it is none a citizen can mend."""
    name = next((each for each in wrong.fields if each in STEP_OF_FIELD), "")
    if not name:
        return replace(_saying(turn, Reply(texts.NOT_OPENED_PLAIN)), hand_over=HandOver("uncertain"))
    back = replace(turn.dialogue, step=STEP_OF_FIELD[name], asked=1)
    return _saying(replace(turn, dialogue=back), Reply(texts.NOT_OPENED[name]))
