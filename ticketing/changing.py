"""One ticket through the rules and back into the database: steps, history, facts, messages, in one transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from directory.lookup import Lookup
from kernel.attachments import Attachments
from kernel.clock import Clock
from kernel.database import Tx
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.journal import Journal, Personal
from kernel.privacy import mask_text
from ticketing.approving import Approving
from ticketing.deciding import BY_PERSON, Deciding
from ticketing.events import TicketOpened
from ticketing.facts import Done, Move, facts_of, request_decided
from ticketing.guarding import Guarding
from ticketing.learning import Learning
from ticketing.limiting import LimitKeeper
from ticketing.model.acting import Doer, Errand, Form
from ticketing.model.duties import DispatchDecision
from ticketing.model.labels import Action, Actor, ErrandKind, SideAction, State, WordEffect
from ticketing.model.rulings import Precedent
from ticketing.model.ticket import Ticket
from ticketing.numbering import Numbering
from ticketing.recognising import Recogniser
from ticketing.rules import agenda, alarms
from ticketing.rules.awaiting import span_clock
from ticketing.rules.following import units_at_work
from ticketing.rules.limits import Limits, rank
from ticketing.rules.moving import barred
from ticketing.rules.notices import Late
from ticketing.rules.overdue import next_due
from ticketing.rules.precedents import precedent_of
from ticketing.rules.reaching import is_new_emergency
from ticketing.rules.recognising import is_news
from ticketing.rules.requests import request_step
from ticketing.rules.sensitive import because, news
from ticketing.rules.side_actions import UNFINISHED, side_step
from ticketing.rules.situation import Around, StepResult
from ticketing.rules.telling import way_of
from ticketing.rules.timers import next_wake, reminders
from ticketing.rules.transitions import step
from ticketing.rules.unnaming import unnamed
from ticketing.rules.until import span_until
from ticketing.sensitive import WordKeeper
from ticketing.store import follow as follows
from ticketing.store import precedents, votes
from ticketing.store.tickets import Agenda, Loaded, TicketStore, Words
from ticketing.telling import Telling

TIMER = Doer(Actor.TIMER, "system", name="系统")
# What names another ticket in its form: the one merged into, the one asked after.
NAMES_ANOTHER = frozenset({Action.MERGE, Action.ANSWER})
# Nothing ends by them, so that nobody has to ask what was merged into the ticket: most steps are of these.
ENDS_NOTHING = frozenset(
    {Action.TRIAGE, Action.DISPATCH, Action.ACCEPT, Action.START, Action.RESTART, Action.SUBMIT_RESULT}
)
# Words of staff for staff; a reply may greet whoever asked by name.
NOTES = ("reason", "dissent", "no_call_reason", "no_contact_reason", "contact_how")
BY_CATALOGUE = "按事项目录的紧急程度"
ASKS_LEADER = frozenset({Action.SUBMIT_RESULT, Action.APPROVE})
LOOKED_AT_BY = frozenset({Actor.AGENT, Actor.DISPATCHER})
# Splitting off what was merged is a dispatcher's doing; here the house does it because the parent ended otherwise.
SPLITTER = Doer(Actor.DISPATCHER, "system", name="系统")


@dataclass
class Course:
    """All that is done to one ticket in this transaction; ``loaded`` is None for a new one, ``followed`` which units'
    parts went to which others, ``settled`` what need not wait for that any more. ``unreached``: nobody has to be
    reached."""

    ticket: Ticket
    loaded: Loaded | None = None
    decision: DispatchDecision | None = None
    steps: list[Done] = field(default_factory=list)
    followed: dict[str, str] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    unreached: bool = False


class Changing:
    """Takes steps by the rules and writes down what came of them."""

    def __init__(
        self,
        store: TicketStore,
        clock: Clock,
        journal: Journal,
        lookup: Lookup,
        deciding: Deciding,
        telling: Telling,
        limits: LimitKeeper,
        approving: Approving,
        guarding: Guarding,
        words: WordKeeper,
        recogniser: Recogniser,
        learning: Learning,
        attachments: Attachments,
    ) -> None:
        self._attachments = attachments
        self._learning = learning
        self._words = words
        self._recogniser = recogniser
        self._store = store
        self._clock = clock
        self._journal = journal
        self._lookup = lookup
        self._deciding = deciding
        self._telling = telling
        self._limits = limits
        self._approving = approving
        self._guarding = guarding

    @property
    def limits(self) -> Limits:
        """The limits in force."""
        return self._limits.now()

    # -- steps ------------------------------------------------------------------------------------------

    async def load(self, tx: Tx, number: str) -> Course:
        """A ticket to be changed; nobody else changes it, or the directory, until the transaction ends. NotFound."""
        await self._lookup.hold(tx)
        await self._limits.hold(tx)
        loaded = await self._store.load(tx, number, lock=True)
        return Course(loaded.ticket, loaded, loaded.decision)

    async def take(
        self, tx: Tx, course: Course, move: Move, form: Form, doer: Doer, given: Numbering | None = None
    ) -> None:
        """One step and what follows from it at once; raises as the rules do."""
        notes: dict[str, Any] = {name: self.unnamed(course.ticket, getattr(form, name)) for name in NOTES}
        form = replace(form, **notes)
        around = replace(await self._around(tx, course.ticket, move, form, given), anonymous_allowed=course.unreached)
        result = self._apply(course.ticket, move, form, doer, around)
        self._keep(course, move, form, doer, result)
        for action, actor in result.follow:
            follower = Doer(actor, doer.id, doer.unit, doer.name, doer.instead_of)
            self._keep(course, action, Form(), follower, self._apply(course.ticket, action, Form(), follower, around))
        # Whatever gave it to a unit that is no more (a rehandling by the unit of before) gives it to the successor.
        self._hand_on(course, self.heirs(course.ticket, {}))

    async def look(self, tx: Tx, course: Course, said: str) -> None:
        """Raise what the words just ``said`` tell of, and mark the sensitive words its text holds and is not marked
        for yet."""
        if course.ticket.state not in UNFINISHED:
            return
        await self.recognise(tx, course, self._recogniser.read(said))
        found = news(course.ticket, await self._words.hits(tx, course.ticket.text))
        if found:
            form = Form(sensitive=found, reason=because(found))
            await self.take(tx, course, SideAction.MARK_SENSITIVE, form, TIMER)

    async def rise_to_matter(self, tx: Tx, course: Course) -> None:
        """A matter a person chose is as urgent as the catalogue says, as one the machine read is."""
        urgency = self._deciding.urgency_of(course.ticket.matter)
        if urgency is not None and rank(urgency) < rank(course.ticket.urgency):
            await self.take(tx, course, SideAction.RAISE_URGENCY, Form(urgency=urgency, reason=BY_CATALOGUE), TIMER)

    async def recognise(self, tx: Tx, course: Course, form: Form) -> None:
        """Raise what ``form`` says beyond what the ticket is."""
        if course.ticket.state in UNFINISHED and is_news(course.ticket, form):
            await self.take(tx, course, SideAction.RECOGNISE, form, TIMER)

    # -- following units --------------------------------------------------------------------------------

    async def follow(self, tx: Tx, course: Course) -> None:
        """What units that were merged, split or closed have of it goes to their heirs, if it has not gone already."""
        waiting = await follows.of_ticket(tx, course.ticket.id)
        self._hand_on(course, self.heirs(course.ticket, waiting))
        course.settled |= waiting.keys()

    def heirs(self, ticket: Ticket, waiting: Mapping[str, str]) -> dict[str, str]:
        """Which units at work on it are to be followed by which: those that wait for it, and any that is no more."""
        found = {}
        for unit in units_at_work(ticket):
            heir = self._deciding.heir(ticket, waiting.get(unit, unit))
            if heir != unit:
                found[unit] = heir
        return found

    def _hand_on(self, course: Course, heirs: Mapping[str, str]) -> None:
        for target in dict.fromkeys(heirs.values()):
            sources = {source: heir for source, heir in heirs.items() if heir == target}
            names = "、".join(self._lookup.unit(source).name for source in sources)
            form = Form(unit=target, reason=f"机构调整：{names}→{self._lookup.unit(target).name}")
            around = Around(new_id=new_id, heirs=sources)
            result = self._apply(course.ticket, SideAction.FOLLOW_UNIT, form, TIMER, around)
            self._keep(course, SideAction.FOLLOW_UNIT, form, TIMER, result)
            course.followed |= sources

    async def recount(self, tx: Tx, course: Course, form: Form, around: Around) -> Ticket:
        """Its clocks by the calendar of now."""
        result = self._apply(course.ticket, SideAction.RECOUNT, form, TIMER, around)
        self._keep(course, SideAction.RECOUNT, form, TIMER, result)
        return await self.save(tx, course)

    async def keep_agenda(self, tx: Tx, course: Course) -> None:
        """What the timer has to do next, by the calendar of now."""
        await self._store.keep_agenda(tx, course.ticket, self._agenda(course))

    def _apply(self, ticket: Ticket, move: Move, form: Form, doer: Doer, around: Around) -> StepResult:
        now, calendar = self._clock.now(), self._lookup.calendar()
        if isinstance(move, Action):
            return step(ticket, move, form, doer, now, calendar, self.limits, around)
        if isinstance(move, SideAction):
            return side_step(ticket, move, form, doer, now, calendar, self.limits, around)
        return request_step(ticket, move, form, doer, now, calendar, self.limits, around)

    def _keep(self, course: Course, move: Move, form: Form, doer: Doer, result: StepResult) -> None:
        record = replace(result.record, why=self.unnamed(result.ticket, mask_text(result.record.why)))
        errands = tuple(replace(errand, text=mask_text(errand.text)) for errand in result.errands)
        course.steps.append(Done(move, form, doer, course.ticket, result.ticket, record, errands))
        course.ticket = result.ticket

    def unnamed(self, ticket: Ticket, words: str) -> str:
        """What staff wrote about a ticket, without its requester's name and number."""
        if not words:
            return words
        reach = self._store.reach(ticket)
        return unnamed(words, reach.name, reach.phone)

    async def _around(self, tx: Tx, ticket: Ticket, move: Move, form: Form, given: Numbering | None) -> Around:
        parent = form.parent if move in NAMES_ANOTHER else ticket.parent if move is Action.CLOSE_MERGED else ""
        lead = ticket.lead.unit if ticket.lead else ""
        rehandled, ends = move is Action.REHANDLE, move not in ENDS_NOTHING
        into = await self._parent(tx, parent) if parent else None
        merged = into if move is Action.MERGE else None
        writes = self._telling.writes_to(ticket)
        return Around(
            new_id=new_id,
            number=given.number if given else "",
            query_code=given.query_code if given else "",
            parent=into,
            same_town=merged is not None and self._deciding.same_town(ticket, merged),
            same_sort=merged is not None and self._deciding.same_sort(ticket, merged),
            children=await self._store.children(tx, ticket.number) if ticket.number and ends else (),
            inner_approval=move in ASKS_LEADER and bool(lead) and await self._approving.wanted(tx, lead),
            upper_unit=self._deciding.upper_unit(ticket) if rehandled else "",
            fallback_unit=self._deciding.first_unit(ticket) if rehandled and ticket.lead is None else "",
            texted=writes,
            unreachable=not writes and not self._store.reach(ticket).phone,
            older_files=await self._older_files(tx, ticket, form) if move is Action.SUBMIT_RESULT else frozenset(),
        )

    async def _older_files(self, tx: Tx, ticket: Ticket, form: Form) -> frozenset[str]:
        if ticket.lead is None:
            return frozenset()
        return await self._attachments.kept_before(tx, {each.id for each in form.evidence}, ticket.lead.opened)

    async def _parent(self, tx: Tx, number: str) -> Ticket | None:
        try:
            return await self._store.by_number(tx, number)
        except NotFound:
            return None

    # -- going on by itself -----------------------------------------------------------------------------

    async def forward(self, tx: Tx, course: Course) -> None:
        """From RECEIVED through triage to the unit, as far as no person is needed."""
        opener = course.steps[0].doer.actor if course.steps else Actor.TIMER
        if agenda.waits_for_a_person(course.ticket, opener):
            return
        if course.ticket.state is State.RECEIVED:
            await self.take(tx, course, Action.TRIAGE, Form(), TIMER)
        if course.ticket.state is State.TRIAGE:
            await self.dispatch_if_sure(tx, course)

    async def dispatch_if_sure(self, tx: Tx, course: Course) -> None:
        """To the unit when the catalogue leaves no doubt; else it waits for a dispatcher with the candidates."""
        decision = course.decision
        if course.loaded is not None:
            decision = self._deciding.reread(course.ticket, chosen=_matter_is_chosen(course)).decision
        course.decision = decision
        if decision is None or not decision.automatic or _waits_for_a_look(course):
            return
        if agenda.goes_to_a_service(course.ticket):
            return
        best = decision.candidates[0]
        if best.unit in barred(course.ticket):
            return
        form = Form(unit=best.unit, duty_item=best.duty_item, basis=best.basis, decision=decision)
        await self.take(tx, course, Action.DISPATCH, form, TIMER)

    # -- writing down -----------------------------------------------------------------------------------

    async def add(self, tx: Tx, course: Course, words: Words, phone: str, *, quiet: bool) -> Ticket:
        """A new ticket with all that was done to it."""
        history = [done.record for done in course.steps]
        await self._store.add(tx, course.ticket, history, self._agenda(course), words, phone, course.decision)
        await self._learning.note(tx, course.ticket, "", course.steps)
        await self._tell(tx, course, words, quiet=quiet)
        await self._hide_doubtful(tx, course.ticket)
        return course.ticket

    async def save(self, tx: Tx, course: Course, words: Words | None = None, *, quiet: bool = False) -> Ticket:
        """What was done to a ticket that was loaded; ``words`` the citizen added."""
        if course.loaded is None:
            return course.ticket
        if course.followed or course.settled:
            await follows.settle(tx, course.ticket.id, {*course.followed, *course.settled})
            await follows.readdress_notices(tx, course.ticket.id, course.followed)
        if not course.steps:
            return course.ticket
        history = [done.record for done in course.steps]
        before = course.loaded.ticket
        await self._store.save(tx, before, course.ticket, history, self._agenda(course), course.decision)
        await self._learning.note(tx, course.ticket, before.matter, course.steps)
        if words is not None:
            await self._store.add_words(tx, course.ticket, words)
        if _says_more(before, course.ticket):
            await self._hide_doubtful(tx, course.ticket)
        for done in course.steps:
            if done.after.rating is not None and done.after.rating != done.before.rating:
                await votes.keep(tx, done.after, done.after.rating, way_of(done.doer), done.doer.id)
        await self._tell(tx, course, words, quiet=quiet)
        await self._run_errands(tx, course)
        return course.ticket

    async def _hide_doubtful(self, tx: Tx, ticket: Ticket) -> None:
        """What is doubtful in a secret ticket waits for a person, who is told at once."""
        if await self._guarding.note(tx, ticket):
            clock = span_clock(ticket, self._clock.now(), self._lookup.calendar(), self.limits)
            await self._telling.event(tx, ticket, Late.SPANS_WAIT, until=span_until(clock))

    def _agenda(self, course: Course) -> Agenda:
        before: Ticket | None = None
        told: tuple[str, ...] = ()
        reminded = 0
        if course.loaded is not None:
            before, told, reminded = course.loaded.ticket, course.loaded.late_told, course.loaded.reminded
        return self.agenda(course.ticket, before, told, reminded)

    def agenda(self, ticket: Ticket, before: Ticket | None, told: Collection[str], reminded: int) -> Agenda:
        """What the timer has to do next; notices already told of the same thing are not told again, unless its moment
        has moved to come."""
        calendar = self._lookup.calendar()
        found = alarms.alarms(ticket, calendar, self.limits)
        told = alarms.still_told(found, told, self._clock.now())
        reminded = reminded if before and before.state_since == ticket.state_since else 0
        wake = agenda.next_look(ticket, next_wake(ticket, calendar, self.limits), calendar)
        moments = reminders(ticket, calendar, self.limits)
        return Agenda(
            due=agenda.due_of(ticket),
            step_due=next_due(ticket),
            wake_at=wake[0] if wake else None,
            wake_action=wake[1].value if wake else "",
            late_at=alarms.next_at(found, told),
            late_told=told,
            remind_at=moments[reminded] if reminded < len(moments) else None,
            reminded=reminded,
        )

    async def _tell(self, tx: Tx, course: Course, words: Words | None, *, quiet: bool) -> None:
        for done in course.steps:
            for told in facts_of(done):
                personal = None
                # What its words tell of is recognised in a step of its own, in the same breath.
                opened = isinstance(told, TicketOpened)
                fact = replace(told, urgency=course.ticket.urgency) if isinstance(told, TicketOpened) else told
                if opened and words is not None and course.ticket.citizen:
                    personal = Personal(course.ticket.citizen, {"text": words.text, "place": words.place})
                await self._journal.state(tx, fact, personal)
            await self._telling.tell(tx, done, quiet=quiet)
        before = course.loaded.ticket if course.loaded is not None else None
        if not quiet and is_new_emergency(course.ticket, before):
            await self._telling.call_dispatchers(tx, course.ticket)

    # -- errands ----------------------------------------------------------------------------------------

    async def _run_errands(self, tx: Tx, course: Course) -> None:
        errands = [(step_, errand) for step_ in course.steps for errand in step_.errands]
        for done, errand in errands:
            if errand.kind is ErrandKind.RECORD_PRECEDENT:
                await precedents.add(tx, self._precedent(course, done))
            if errand.kind is ErrandKind.APPROVE_INSIDE:
                await self.tell_who_approves(tx, course.ticket)
            if errand.kind is ErrandKind.MINIMISE:
                await self._store.minimise(tx, course.ticket)
            if errand.kind is ErrandKind.RELEASE_MERGED:
                await self._release_children(tx, course.ticket, errand)

    async def tell_who_approves(self, tx: Tx, ticket: Ticket) -> None:
        """Where nobody of the lead could approve the result that waits, the unit above is asked to or, where there is
        nobody either, the supervisors are told."""
        if ticket.state is not State.SUBMITTED or ticket.lead is None:
            return
        found = await self._approving.approvers(tx, ticket)
        if not found.unit:
            await self._telling.event(tx, ticket, Late.NOBODY_APPROVES)
        elif found.unit != ticket.lead.unit:
            await self._telling.event(tx, ticket, Late.APPROVES_ABOVE, unit=found.unit)

    def _precedent(self, course: Course, done: Done) -> Precedent:
        request, ticket = request_decided(done), course.ticket
        return precedent_of(new_id(), ticket, request, done.form, course.decision, done.doer.id, done.record.at)

    async def _release_children(self, tx: Tx, parent: Ticket, errand: Errand) -> None:
        """Those merged into a ticket that has ended get its reply; without one they go their own way again."""
        answered = parent.state is State.CLOSED and parent.reply is not None
        for number in await self._store.children(tx, parent.number):
            child = await self.load(tx, number)
            if answered:
                await self.take(tx, child, Action.CLOSE_MERGED, Form(), TIMER)
            else:
                reason = f"主单{parent.number}已{parent.state.label}"
                await self.take(tx, child, Action.UNMERGE, Form(reason=reason), SPLITTER)
            await self.save(tx, child)


def _waits_for_a_look(course: Course) -> bool:
    """A sensitive word wants a person to look first, and none has: neither who opened it nor who set it aside."""
    by_person = any(done.doer.actor in LOOKED_AT_BY for done in course.steps)
    wanted = any(WordEffect.PERSON in hit.effects and not hit.set_aside for hit in course.ticket.sensitive)
    return wanted and not by_person


def _says_more(before: Ticket, after: Ticket) -> bool:
    """Whether there is other text of the citizen's, or it is secret now."""
    said = [(t.text, t.place, t.happened, t.wanted, t.secrecy) for t in (before, after)]
    return said[0] != said[1]


def _matter_is_chosen(course: Course) -> bool:
    """Whether a person named the matter: in this very step, or before."""
    if course.decision is not None and course.decision.reader == BY_PERSON:
        return True
    return any(done.move is Action.TRIAGE and done.doer.actor is Actor.AGENT for done in course.steps)
