"""The bot's door: thinks about a message outside of transactions, does what came of it inside one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.composing import Composing
from bot.doing import Doing
from bot.drafting import draft_of, for_caller, kind_of
from bot.flows import guidance, parts, resuming
from bot.flows.table import TAKING_IN, flows
from bot.flows.ticket import prompt
from bot.knowing import Knowing
from bot.model import (
    Ballot,
    Caller,
    Dialogue,
    Fetch,
    Heard,
    Intent,
    Meaning,
    OpenTicket,
    OpenTicketAct,
    Step,
    Thought,
    Turn,
)
from bot.neighbours import Library, Queries, Suggester, Tickets
from bot.rules import dialogue as rules
from bot.rules.confidence import is_told, may_be_a_matter, of_a_matter, of_trouble
from bot.rules.dialogue import NO_QUESTION, TICKET
from bot.rules.grievance import says_enough
from bot.rules.matters import matters_in, questions_in
from bot.rules.rating import vote_in
from bot.rules.said import Plain, clear_intent
from bot.understanding import MAX_READ, Understanding
from directory.lookup import Lookup
from kernel.database import Tx
from kernel.emergency import Emergency, emergencies_in
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.messages import Inbound, InboundKind
from kernel.people import Kind, Principal
from kernel.room import Floor
from ticketing.model.labels import CITIZEN_WORDS, Action, ClockKind, SideAction, State, Urgency
from ticketing.model.ticket import Alike, Draft, Ticket

# A photo sent so long after a ticket was opened belongs to it; later it may be about something else.
JOINS_WITHIN = timedelta(minutes=10)
# So sure must the reader be of small talk to take it for that, and not for something it did not understand.
SURELY_CHAT = 0.62
# Where nothing is under way that the next message is likely to go on with, and what may hold a question.
FREE = frozenset({"", guidance.FLOW})
MAY_ASK = frozenset({*TICKET, Intent.CONSULT, Intent.OTHER})
# A value of desk's Reason.
FOR_WORDS = "sensitive"
# Where a citizen can vote on a reply, and what the vote is there.
BALLOTS: dict[str, Action | SideAction] = {
    State.REPLIED: Action.RATE,
    State.CALL_BACK: SideAction.CHANGE_RATING,
}


class Assistant:
    """Answers citizens and gathers what a ticket needs."""

    def __init__(
        self,
        floor: Floor,
        understanding: Understanding,
        emergencies: Sequence[Emergency],
        lookup: Lookup,
        library: Library,
        tickets: Tickets,
        queries: Queries,
        suggester: Suggester,
        composing: Composing | None = None,
    ) -> None:
        self._composing = composing
        settings = floor.settings.bot
        self._database = floor.database
        self._understanding = understanding
        self._emergencies = tuple(emergencies)
        self._lookup = lookup
        self._knowing = Knowing(lookup, library, settings.answer)
        self._tickets = tickets
        self._queries = queries
        self._unsure = settings.unsure
        self._flows = flows(settings.failures_before_person, SURELY_CHAT)
        self._doing = Doing(lookup, library, tickets, suggester)

    async def think(self, dialogue: Dialogue, inbound: Inbound, caller: Caller) -> Thought:
        """What to do about a message; reads only, no transaction may be open. Any text is taken."""
        dialogue = replace(dialogue, nudged=False)
        if inbound.kind is InboundKind.EVENT:
            heard = Heard(Meaning("", ()), event=inbound.event or "unknown")
            return Thought(dialogue, rules.step(dialogue, heard, self._flows))
        meaning = await self._understanding.read(written(inbound.text), inbound.received_at)
        heard = await self._gather(dialogue, self._with_place(meaning, inbound), inbound, caller)
        heard = self._of_matter(dialogue, heard)
        heard = await self._taken_apart(dialogue, heard, inbound)
        step = self._with_person(rules.step(dialogue, heard, self._flows), meaning.text)
        if heard.beside or heard.left_open:
            told = guidance.beside(heard.beside, heard.left_open, meaning.slots.get("area", ""))
            step = replace(step, acts=(*told, *step.acts))
        if self._composing is not None:
            step = await self._composing.rephrased(step, heard)
        return Thought(dialogue, resuming.reminded(dialogue, await self._completed(step, heard, caller)))

    async def do(self, tx: Tx, thought: Thought, caller: Caller) -> Turn:
        """Do it in ``tx``: open, urge, record, and compose what is said. Gives the state to keep."""
        return await self._doing.do(tx, thought, caller)

    def draft(self, dialogue: Dialogue, said: Sequence[str]) -> Draft:
        """The ticket as the talk fills it so far, for an agent; ``said`` are the citizen's texts, oldest first."""
        slots = dialogue.slots if dialogue.slots.what or dialogue.laid is None else dialogue.laid
        for text in said:
            heard = Heard(Meaning(text, (), self._understanding.parts(text)))
            slots = parts.taken_in(slots, heard)
        what = slots.what or _words_of_matter(said)
        kind = slots.kind or kind_of(what)
        dangers = emergencies_in(what, self._emergencies)
        drafted = draft_of(replace(slots, what=what, kind=kind))
        return replace(drafted, urgency=Urgency(min(each.urgency for each in dangers))) if dangers else drafted

    # -- what is looked up before a flow decides ----------------------------------------------------------

    async def _gather(self, dialogue: Dialogue, meaning: Meaning, inbound: Inbound, caller: Caller) -> Heard:
        # What calls nobody in (a street without water) raises the ticket as it is opened; the talk goes on.
        dangers = tuple(each for each in emergencies_in(meaning.text, self._emergencies) if each.person)
        heard = Heard(
            meaning,
            at=inbound.received_at.astimezone(self._lookup.calendar().zone),
            matters=self._several(matters_in(meaning.text), inbound.received_at),
            waiting=self._several(dialogue.more, dialogue.more_at),
            attachments=inbound.attachments,
            point=inbound.place,
            danger=warning(dangers),
            crisis=any(each.crisis for each in dangers),
            joins=_joined(dialogue, inbound),
            phone=caller.phone,
            tickets=tuple(self._local(each) for each in caller.tickets),
            links={each.number: self._tickets.link_for(each.number) for each in caller.tickets},
        )
        if dangers or meaning.intent is Intent.PERSON:
            return heard
        heard = replace(heard, found=await self._knowing.found(dialogue, meaning))
        return await self._with_ballots(await self._with_progress(dialogue, heard), caller)

    async def _taken_apart(self, dialogue: Dialogue, heard: Heard, inbound: Inbound) -> Heard:
        """A message of several questions, or of a trouble and a question: what the library surely knows is answered
        beside, and the talk goes on with the trouble, or with the last of the questions."""
        meaning, sure = heard.meaning, heard.found is not None and heard.found.certain
        apart = dialogue.flow in FREE and not sure and not heard.matters and meaning.intent in MAY_ASK
        asked, rest = questions_in(meaning.text) if apart and meaning.confidence < 1.0 else ((), "")
        if not asked:
            return heard
        read = [await self._understanding.read(each, inbound.received_at) for each in asked]
        found = [(each, await self._knowing.found(Dialogue(), each)) for each in read]
        known = [(each, hit) for each, hit in found if hit is not None and hit.certain]
        # What comes after a question nobody knows is likely to lean on it ("…，要交多少保证金").
        if not known or (not says_enough(rest) and known[0][0] is not read[0]):
            return heard
        entries = tuple({hit.entries[0].id: hit.entries[0] for _, hit in known}.values())
        if says_enough(rest):
            told = await self._understanding.read(rest, inbound.received_at)
            if told.intent in TICKET:
                return replace(heard, meaning=told, found=None, beside=entries)
            return heard
        left_open = tuple(each.text for each, hit in found if hit is None or not hit.certain)
        (last, hit), first = known[-1], entries[:-1]
        return replace(heard, meaning=last, found=hit, beside=first, left_open=left_open)

    def _of_matter(self, dialogue: Dialogue, heard: Heard) -> Heard:
        """What the reader makes nothing of, or an entry would answer though nothing is asked, may surely be about a
        matter: then it is a ticket's."""
        meaning, plain = heard.meaning, Plain.of(heard.meaning.text[:MAX_READ])
        answered = heard.found is not None and heard.found.certain
        told = is_told(plain, meaning.intents) if answered else may_be_a_matter(plain, meaning.intents, self._unsure)
        if dialogue.flow in TAKING_IN or not told:
            return heard
        found = self._tickets.matter_in(plain.said)
        if found is None:
            return heard
        if answered:
            return replace(heard, found=None) if of_trouble(found[0].kind, found[1]) else heard
        intents = of_a_matter(meaning.intents, found[0].kind, found[1], self._unsure)
        return replace(heard, meaning=replace(meaning, intents=intents))

    async def _with_progress(self, dialogue: Dialogue, heard: Heard) -> Heard:
        said = heard.meaning.slots
        number = said.get("number", "") or (dialogue.subject if dialogue.flow == "progress" else "")
        code = said.get("code", "")
        if not number or not code:
            return heard
        try:
            async with self._database.reading() as tx:
                ticket = await self._queries.by_code(tx, number, code)
        except (NotFound, NotAllowed):
            return replace(heard, progress_asked=True)
        links = {**heard.links, ticket.number: self._tickets.link_for(ticket.number)}
        return replace(heard, progress_asked=True, progress=self._open_ticket(ticket), links=links)

    async def _with_ballots(self, heard: Heard, caller: Caller) -> Heard:
        """What the caller can vote on, where the message is a vote: the ticket it names, else the replied ones."""
        vote = vote_in(heard.meaning.text)
        if vote is None and heard.meaning.intent is not Intent.RATING:
            return heard
        numbers = [each.number for each in caller.tickets if each.state in BALLOTS]
        by, found = Principal(Kind.CITIZEN, id=caller.citizen_id), list[Ticket]()
        async with self._database.reading() as tx:
            for number in [vote.number] if vote and vote.number else numbers:
                try:
                    found.append(await self._queries.by_number(tx, number, by))
                except NotFound:
                    continue
        links = {each.number: self._tickets.link_for(each.number) for each in found}
        open_ones = (each for each in found if each.state in BALLOTS and each.rating is None)
        ballots = tuple(Ballot(t.number, t.title, BALLOTS[t.state], t.version) for t in open_ones)
        return replace(heard, ballots=ballots, links={**heard.links, **links})

    def _with_place(self, meaning: Meaning, inbound: Inbound) -> Meaning:
        """A place that was sent, read by its label and by what is near."""
        point = inbound.place
        if point is None or (meaning.slots.get("where") and inbound.text.strip() != point.label):
            return meaning
        return replace(meaning, slots=self._understanding.with_point(meaning.slots, point))

    def _with_person(self, step: Step, text: str) -> Step:
        """The step, and a person fetched where the administrators' list of words wants one."""
        if any(isinstance(act, Fetch) for act in step.acts) or not self._tickets.wants_a_person(text):
            return step
        return replace(step, acts=(*step.acts, Fetch(FOR_WORDS)))

    async def _completed(self, step: Step, heard: Heard, caller: Caller) -> Step:
        """The step with what its question needs looked up, and so that of the matter that follows."""
        acts = [
            replace(act, then=await self._completed(act.then, heard, caller))
            if isinstance(act, OpenTicketAct) and act.then
            else act
            for act in step.acts
        ]
        return await self._at_read_back(self._with_towns(replace(step, acts=tuple(acts)), heard), heard, caller)

    def _several(self, texts: Sequence[str], at: datetime | None) -> tuple[Meaning, ...]:
        """Each read by itself."""
        return tuple(Meaning(text, (), self._understanding.parts(text, at)) for text in texts)

    def _with_towns(self, step: Step, heard: Heard) -> Step:
        """The question for the town with the towns it may be."""
        slots = step.dialogue.slots
        if step.dialogue.step != parts.WHERE or not slots.where or step.dialogue.flow != "ticket":
            return step
        towns = self._understanding.towns(slots.where, slots.area)
        return _asking(step, heard, replace(heard, towns=towns))

    async def _at_read_back(self, step: Step, heard: Heard, caller: Caller) -> Step:
        """The read-back with the unit the ticket would go to, where that is sure, and what others told already."""
        if step.dialogue.step != parts.CONFIRM or step.dialogue.flow != "ticket" or not _asks(step, heard):
            return step
        draft = for_caller(draft_of(step.dialogue.slots), caller)
        try:
            decision = await self._tickets.preview(draft)
            alike = None if step.dialogue.alone else await self._alike(draft)
        except Invalid:
            return step
        sure = decision.candidates[0].unit if decision.automatic and decision.candidates else ""
        better = replace(heard, unit=self._lookup.unit(sure).name if sure else "", alike=alike)
        kept = replace(step.dialogue, same_as=alike.number if alike else "")
        return replace(_asking(step, heard, better), dialogue=kept)

    async def _alike(self, draft: Draft) -> Alike | None:
        async with self._database.reading() as tx:
            alike = await self._tickets.alike(tx, draft)
        if alike is None:
            return None
        return replace(alike, since=alike.since.astimezone(self._lookup.calendar().zone))

    def _open_ticket(self, ticket: Ticket) -> OpenTicket:
        lead, clock = ticket.lead, ticket.clock(ClockKind.TOTAL)
        return self._local(
            OpenTicket(
                ticket.number,
                ticket.title,
                ticket.state,
                ticket.awaits.label if ticket.awaits else CITIZEN_WORDS[ticket.state][0],
                self._lookup.unit(lead.unit).name if lead else "",
                clock.due if clock and clock.running else None,
            )
        )

    def _local(self, ticket: OpenTicket) -> OpenTicket:
        if ticket.due_at is None:
            return ticket
        due: datetime = ticket.due_at.astimezone(self._lookup.calendar().zone)
        return replace(ticket, due_at=due)


def warning(dangers: Sequence[Emergency]) -> str:
    """What is shown first: the number and its text; of a crisis its own text, after that of a danger to the body."""
    texts_shown = [
        each.text if each.crisis else f"【请立即拨打 {each.number}】\n{each.text}"
        for each in (*dangers[:1], *(each for each in dangers[1:] if each.crisis))
    ]
    return "\n".join(texts_shown)


def _joined(dialogue: Dialogue, inbound: Inbound) -> str:
    """The ticket a file without words belongs to: the one opened in this talk a few minutes ago."""
    if not inbound.attachments or not dialogue.tickets or dialogue.opened is None:
        return ""
    return dialogue.tickets[-1] if inbound.received_at - dialogue.opened <= JOINS_WITHIN else ""


def _asks(step: Step, heard: Heard) -> bool:
    return bool(step.acts) and step.acts[-1] == prompt(step.dialogue, heard)


def _asking(step: Step, heard: Heard, better: Heard) -> Step:
    """The step with its question put with what was looked up for it; as it is when it does not end in its question."""
    if not _asks(step, heard):
        return step
    return replace(step, acts=(*step.acts[:-1], prompt(step.dialogue, better)))


def written(text: str) -> str:
    """The text without halves of characters, which no database takes."""
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\x00", "")


def _words_of_matter(said: Sequence[str]) -> str:
    """What the citizen said of the matter: not the taps, greetings and the wish for a person."""
    told = [text.strip() for text in said if clear_intent(Plain.of(text)) not in NO_QUESTION and text.strip()]
    return "\n".join(dict.fromkeys(told))
