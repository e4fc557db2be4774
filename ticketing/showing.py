"""Makes what the screens are told of a ticket: rows of lists, and the ticket in full for whoever looks at it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import PurePath

from directory.lookup import Lookup
from kernel.attachments import Attachments
from kernel.clock import Clock
from kernel.database import Tx
from kernel.errors import NotFound
from kernel.labels import Labelled
from kernel.messages import Attachment
from kernel.people import Principal
from kernel.privacy import mask_name, mask_phone
from ticketing.access import is_unit_staff
from ticketing.approving import Approving
from ticketing.catalogue import Catalogue
from ticketing.deciding import Deciding
from ticketing.guarding import Guarding
from ticketing.history import History
from ticketing.limiting import LimitKeeper
from ticketing.model.acting import Doer, Record
from ticketing.model.duties import DispatchDecision
from ticketing.model.labels import (
    Action,
    Actor,
    AssignmentRole,
    DeclineReason,
    RequestKind,
    RequestMove,
    RequestState,
    SideAction,
    State,
    VoteWay,
)
from ticketing.model.privacy import NAMED_PURPOSES
from ticketing.model.ticket import Alike, Assignment, CallAttempt, Rating, Refusal, Reply, Request, Result, Ticket
from ticketing.model.ticket import Clock as TicketClock
from ticketing.offering import Offering
from ticketing.past_showing import PastShowing
from ticketing.queries import Queries
from ticketing.recognising import Recogniser
from ticketing.rules import deadlines
from ticketing.rules.agenda import due_clock
from ticketing.rules.doers import actors_of
from ticketing.rules.fields import CHANNELS, fields_of
from ticketing.rules.following import units_at_work
from ticketing.rules.overdue import next_clock, step_words
from ticketing.rules.points import points_of
from ticketing.rules.redacting import Veil
from ticketing.rules.repeats import RepeatKind
from ticketing.rules.requests import RULES
from ticketing.rules.telling import SECRET, remaining_words
from ticketing.store import votes
from ticketing.store.notices import notices_of
from ticketing.store.tickets import TicketStore
from ticketing.views import (
    AlikeView,
    AssignmentView,
    AttemptView,
    CallBackView,
    CandidateView,
    ClockView,
    DangerView,
    DecisionView,
    FileView,
    LineView,
    MatterView,
    MergedView,
    NoticeView,
    OptionView,
    PrecedentView,
    RatingView,
    RefusalView,
    RepeatView,
    ReplyView,
    RequesterView,
    RequestView,
    ResultView,
    SensitiveView,
    StepView,
    TicketRow,
    TicketView,
    VoteRow,
    VoteView,
)

NO_LIGHT = "none"
# What has ended reads as it ended, whatever its unit is called now.
ENDED = frozenset({State.CLOSED, State.ARCHIVED, State.WITHDRAWN})
UNDISCLOSED = "已保密"
# Which words made the hotline look is none of the units' business.
HOTLINES_OWN = frozenset(
    {SideAction.MARK_SENSITIVE.value, SideAction.CLEAR_SENSITIVE.value, SideAction.RECOGNISE.value}
)
MOVES: Mapping[str, Labelled] = {each.value: each for kind in (Action, SideAction, RequestMove) for each in kind}


class Showing:
    """Views of tickets."""

    def __init__(
        self,
        clock: Clock,
        attachments: Attachments,
        lookup: Lookup,
        catalogue: Catalogue,
        store: TicketStore,
        queries: Queries,
        limits: LimitKeeper,
        offering: Offering,
        deciding: Deciding,
        history: History,
        guarding: Guarding,
        approving: Approving,
        recogniser: Recogniser,
    ) -> None:
        self._recogniser = recogniser
        self._clock = clock
        self._attachments = attachments
        self._lookup = lookup
        self._catalogue = catalogue
        self._store = store
        self._queries = queries
        self._limits = limits
        self._offering = offering
        self._deciding = deciding
        self._history = history
        self._past = PastShowing(lookup, queries)
        self._guarding = guarding
        self._approving = approving

    # -- rows -------------------------------------------------------------------------------------------

    def row(self, ticket: Ticket, by: Principal) -> TicketRow:
        """A ticket in a list; its light is that of the reader's own part, if they have one."""
        clock, now = self._clock_for(ticket, by), self._clock.now()
        lead = ticket.lead.unit if ticket.lead else ""
        ended = ticket.state_since if ticket.state in ENDED else None
        return TicketRow(
            number=ticket.number,
            title=Veil(self._hides(ticket, by)).over(ticket.title),
            kind=ticket.kind.value,
            kind_label=ticket.kind.label,
            urgency=ticket.urgency.value,
            urgency_label=ticket.urgency.label,
            state=ticket.state.value,
            state_label=ticket.state.label,
            matter=ticket.matter,
            matter_name=self._queries.matter_name(ticket.matter),
            area=ticket.area,
            area_name=self._area_name(ticket.area),
            unit=lead,
            unit_name=self.unit_name(lead, ended),
            received_at=ticket.received,
            due_at=clock.due if clock and clock.running and not clock.paused else None,
            light=self._light(clock, now),
            remaining_text=remaining_words(self._lookup.calendar(), clock, now),
            flags=flag_views(ticket),
            supervision=ticket.supervision,
            version=ticket.version,
            part_label=self._part_label(ticket, by),
            step=self._step(ticket, clock, by),
            vote=_vote(ticket.rating),
        )

    def _step(self, ticket: Ticket, whole: TicketClock | None, by: Principal) -> StepView | None:
        """What is to be done next, where it is not the whole itself that is."""
        clock, now = next_clock(ticket, self._acting_for(ticket, by)), self._clock.now()
        counts = clock is not None and clock.running and not clock.paused
        if clock is None or not counts or (whole is not None and whole.running and whole.due == clock.due):
            return None
        words = remaining_words(self._lookup.calendar(), clock, now)
        return StepView(step_words(clock), clock.due, self._light(clock, now), words)

    def _part_label(self, ticket: Ticket, by: Principal) -> str:
        """The reader's own part, where it is not the lead's."""
        own = [a for a in ticket.assignments if a.unit == by.unit and a.role is not AssignmentRole.LEAD and a.open]
        return f"{own[0].role.label} · {own[0].state.label}" if by.unit and own else ""

    def _clock_for(self, ticket: Ticket, by: Principal) -> TicketClock | None:
        own = next((a.clock for a in ticket.assignments if a.open and a.unit == by.unit), None) if by.unit else None
        return own or due_clock(ticket)

    def _light(self, clock: TicketClock | None, now: datetime) -> str:
        if clock is None or not clock.running or clock.paused:
            return NO_LIGHT
        return deadlines.light(self._lookup.calendar(), clock, now, self._limits.now()).value

    # -- in full ----------------------------------------------------------------------------------------

    async def ticket(self, tx: Tx, ticket: Ticket, by: Principal) -> TicketView:
        """A ticket in full, masked, with what ``by`` may do now."""
        history = await self._queries.history(tx, ticket)
        callers = {call.by for call in ticket.attempts} | ({ticket.refusal.by} if ticket.refusal else set())
        names = callers_names = await self._lookup.staff_names(tx, {record.by for record in history} | callers)
        matter = self._catalogue.known(ticket.matter)
        acting, _ = await self._approving.standing_in(tx, by)
        doers = [Doer(actor, by.id, self._acting_for(ticket, by), by.name) for actor in actors_of(acting)]
        row = self.row(ticket, by)
        decision = self._deciding.renewed(ticket, await self._queries.decision(tx, ticket.number))
        own = self._lookup.stands_for(by.unit) if is_unit_staff(by) else ()
        veil, frozen = await self._veil(tx, ticket, by), await self._guarding.is_frozen(tx, ticket)
        return TicketView(
            **{name: getattr(row, name) for name in TicketRow.__slots__},
            text=veil.over(ticket.text),
            where_text=veil.over(ticket.place),
            when_text=veil.over(ticket.happened),
            wanted=veil.over(ticket.wanted),
            requester=self._requester(ticket),
            secrecy=ticket.secrecy.value,
            secrecy_label=ticket.secrecy.label,
            conversation="" if is_unit_staff(by) else ticket.conversation,
            parent=ticket.parent,
            basis=matter.basis if matter else (),
            asks=matter.asks if matter else (),
            assignments=[self._assignment(each) for each in ticket.assignments],
            requests=[self._request(each, doers) for each in ticket.requests],
            clocks=[self._clock_view(each) for each in ticket.clocks],
            decision=self.decision(decision, veil),
            repeats=[] if is_unit_staff(by) else await self._repeats(tx, ticket),
            precedents=[] if is_unit_staff(by) else await self._precedents(tx, ticket),
            notices=[
                NoticeView(at, self.unit_name(unit, at), veil.over(text))
                for at, unit, text in await notices_of(tx, ticket.id, own)
            ],
            result=_result(ticket.result),
            reply=self.reply(ticket.reply),
            rating=rating_view(ticket.rating, veil),
            outcome_label=ticket.outcome.label if ticket.outcome else "",
            attachments=self.files(ticket.evidence, nameless=veil.hides),
            proof=self.files(ticket.proof),
            timeline=[self._line(record, names, veil, of_unit=is_unit_staff(by)) for record in history],
            actions=self._offering.actions(ticket, doers, decision),
            can_request=self._offering.requests(ticket, doers),
            purposes=[OptionView(each.value, each.label) for each in NAMED_PURPOSES],
            frozen=frozen,
            can_unmask=not frozen and self._guarding.may_unmask(ticket, by, matter),
            merged=await self._merged(tx, ticket, by),
            attempts=[self._attempt(each, callers_names) for each in ticket.attempts],
            call_back=self._call_back(ticket),
            votes=await self._votes(tx, ticket),
            refusal=None if is_unit_staff(by) else self._refusal(ticket.refusal, names),
            sensitive=[]
            if is_unit_staff(by)
            else [SensitiveView(hit.word, hit.kind.label, hit.set_aside) for hit in ticket.sensitive],
            dangers=self.dangers(ticket),
        )

    def dangers(self, ticket: Ticket) -> list[DangerView]:
        """Whom to call, for what the words of a ticket tell of."""
        return [DangerView(each.number, each.text) for each in self._recogniser.known(ticket.dangers)]

    def _acting_for(self, ticket: Ticket, by: Principal) -> str:
        """The unit of ``by``, or the one it goes on for until what that had of the ticket has followed."""
        at_work = units_at_work(ticket)
        return next((unit for unit in self._lookup.stands_for(by.unit) if unit in at_work), by.unit)

    @staticmethod
    def _hides(ticket: Ticket, by: Principal) -> bool:
        return ticket.secrecy in SECRET and is_unit_staff(by)

    async def _veil(self, tx: Tx, ticket: Ticket, by: Principal) -> Veil:
        if not self._hides(ticket, by):
            return Veil()
        competent = self._guarding.is_competent(ticket, by, self._catalogue.known(ticket.matter))
        return Veil(True, await self._guarding.accepted(tx, ticket), competent)

    def _requester(self, ticket: Ticket) -> RequesterView:
        reach, secret = self._store.reach(ticket), ticket.secrecy in SECRET
        known = bool(reach.name or reach.phone)
        if secret:
            return RequesterView("", UNDISCLOSED if known else "", ticket.channel, secret=True)
        name, phone = mask_name(reach.name) if reach.name else "", mask_phone(reach.phone) if reach.phone else ""
        return RequesterView(name, phone, ticket.channel, secret=False)

    def _assignment(self, part: Assignment) -> AssignmentView:
        now = self._clock.now()
        return AssignmentView(
            part.id,
            part.unit,
            self.unit_name(part.unit, None if part.open else part.ended),
            part.role.value,
            part.role.label,
            part.state.value,
            part.state.label,
            part.opened,
            part.accepted,
            part.ended,
            part.clock.due,
            self._light(part.clock, now),
            remaining_words(self._lookup.calendar(), part.clock, now),
            part.result,
            part.dissent,
            part.parent,
        )

    def _request(self, request: Request, doers: Sequence[Doer]) -> RequestView:
        deciders = RULES[request.kind].decided_by
        if request.state is RequestState.DISPUTED:
            deciders = frozenset({Actor.SUPERVISOR})
        told = {request.asked_by, request.agreed_by}
        own = any(d.id in told or (d.unit and d.unit == request.unit) for d in doers)
        return RequestView(
            id=request.id,
            kind=request.kind.value,
            kind_label=request.kind.label,
            state=request.state.value,
            state_label=request.state.label,
            unit=request.unit,
            unit_name=self.unit_name(request.unit, None if request.open else request.decided_at),
            reason=request.reason or REASON_LABELS.get(request.reason_code, ""),
            clause=request.clause,
            suggested_unit=request.suggested_unit,
            suggested_unit_name=self.unit_name(request.suggested_unit),
            asked_at=request.asked_at,
            decide_by=request.decide_by,
            new_due=request.new_due,
            decided_at=request.decided_at,
            decision=request.decision,
            attachments=self.files(request.evidence),
            can_decide=request.open and not own and any(d.actor in deciders for d in doers),
        )

    def _clock_view(self, clock: TicketClock) -> ClockView:
        now = self._clock.now()
        words = remaining_words(self._lookup.calendar(), clock, now)
        light = self._light(clock, now)
        return ClockView(clock.kind.value, clock.kind.label, clock.started, clock.due, clock.stopped, light, words)

    async def _merged(self, tx: Tx, ticket: Ticket, by: Principal) -> list[MergedView]:
        """Those merged into it, each with what its requester said: whoever works on the one works on all."""
        numbers = await self._store.children(tx, ticket.number)
        found = [await self._store.by_number(tx, number) for number in numbers]
        veils = [await self._veil(tx, each, by) for each in found]
        return [
            MergedView(t.number, t.title, t.received, t.state.label, t.version, veil.over(t.text))
            for t, veil in zip(found, veils, strict=True)
        ]

    @staticmethod
    def _refusal(refusal: Refusal | None, names: Mapping[str, str]) -> RefusalView | None:
        """What waits for a second person's word."""
        if refusal is None:
            return None
        label = next((each.label for each in DeclineReason if each.value == refusal.reason_code), refusal.reason_code)
        by = names.get(refusal.by, "")
        return RefusalView(label, refusal.legal_basis, refusal.right_road, refusal.text, by, refusal.at)

    async def _votes(self, tx: Tx, ticket: Ticket) -> list[VoteRow]:
        """The vote on each reply it had; of the hotline's own people who noted one, the name."""
        found = await votes.of_ticket(tx, ticket.id)
        names = await self._lookup.staff_names(tx, {v.by for v in found if v.way is VoteWay.CALL_BACK})
        return [
            VoteRow(
                v.round, v.score.label, v.solved.label, v.way.label, names.get(v.by, ""), v.first_at, v.at, v.changes
            )
            for v in found
        ]

    @staticmethod
    def _attempt(call: CallAttempt, names: Mapping[str, str]) -> AttemptView:
        return AttemptView(
            call.at, CHANNEL_LABELS.get(call.channel, call.channel), call.reached, names.get(call.by, ""), call.note
        )

    def _call_back(self, ticket: Ticket) -> CallBackView | None:
        """How far the call-back has come; None where there is none."""
        if ticket.state is not State.CALL_BACK:
            return None
        calendar, limits, calls = self._lookup.calendar(), self._limits.now(), ticket.attempts
        return CallBackView(
            limits.callback_attempts,
            limits.callback_days,
            limits.callback_channels,
            len(calls),
            len({calendar.local_date(call.at) for call in calls}),
            len({call.channel for call in calls}),
            points_of(ticket.text),
        )

    def action_label(self, action: str) -> str:
        """What an action or a request is called; empty for none."""
        found = MOVES.get(action) or next((kind for kind in RequestKind if kind.value == action), None)
        return found.label if found else ""

    def matter_name(self, code: str) -> str:
        """What a matter is called; empty for a code nobody knows."""
        return self._queries.matter_name(code)

    def area_name(self, code: str) -> str:
        """An area with those around it, without the city."""
        return self._area_name(code)

    def alike(self, found: Alike, ticket: Ticket) -> AlikeView:
        """What may be followed instead, as whoever takes a call sees it."""
        return AlikeView(
            found.number,
            found.persons,
            found.or_more,
            found.what or ticket.title,
            found.where,
            found.since,
            ticket.state.label,
            self.unit_name(ticket.lead.unit if ticket.lead else ""),
        )

    async def _repeats(self, tx: Tx, ticket: Ticket) -> list[RepeatView]:
        found = await self._queries.repeats(tx, ticket)
        return [RepeatView(number, RepeatKind(kind).label, likeness) for number, kind, likeness in found]

    async def _precedents(self, tx: Tx, ticket: Ticket) -> list[PrecedentView]:
        found = await self._history.precedents(tx, ticket, self._store.reach(ticket).phone)
        return [self._past.precedent(each) for each in found]

    def _line(self, record: Record, names: Mapping[str, str], veil: Veil, *, of_unit: bool) -> LineView:
        move = MOVES.get(record.what)
        label = move.label if move else record.what
        why = record.why.removeprefix(f"{label}：")
        kept_back = (veil.hides and record.actor is Actor.CITIZEN) or (of_unit and record.what in HOTLINES_OWN)
        note = "" if why == label or kept_back else veil.over(why)
        who = names.get(record.by, "") or record.actor.label
        if record.unit:
            who = f"{self.unit_name(record.unit, record.at)} {who}"
        return LineView(record.at, who, record.what, label, record.before.label, record.after.label, note)

    # -- parts ------------------------------------------------------------------------------------------

    def decision(self, decision: DispatchDecision | None, veil: Veil = Veil()) -> DecisionView:  # noqa: B008 - frozen
        """Where a ticket should go and why; empty when that was never decided."""
        if decision is None:
            return DecisionView((), (), automatic=False)
        candidates = [
            CandidateView(
                c.unit,
                self.unit_name(c.unit),
                round(c.confidence, 2),
                c.basis,
                c.duty_item,
                c.has_power,
                c.covers_area,
                self.duty_words(c.duty_item),
            )
            for c in decision.candidates
        ]
        lines = [veil.over(line) for line in decision.explanation]
        against = [OptionView(code, self.unit_name(code)) for code in decision.conflicts]
        return DecisionView(lines, candidates, decision.automatic, () if veil.hides else against, decision.threshold)

    def reply(self, reply: Reply | None) -> ReplyView | None:
        """What the citizen was told."""
        return ReplyView(reply.text, reply.basis, self.unit_name(reply.unit, reply.at), reply.at) if reply else None

    def files(self, files: Iterable[Attachment], *, nameless: bool = False) -> list[FileView]:
        """Files with links that work for half a day; ``nameless`` without what their sender called them."""
        return [
            FileView(
                f.id,
                self._attachments.url(f),
                f.media.value,
                f.media_type,
                f"附件{place}{PurePath(f.name).suffix}" if nameless else f.name,
            )
            for place, f in enumerate(files, start=1)
        ]

    def unit_name(self, code: str, at: datetime | None = None) -> str:
        """What a unit is called, or was called ``at`` then; empty for none, the code for one nobody knows any more."""
        try:
            unit = self._lookup.unit(code) if code else None
        except NotFound:
            return code
        if unit is None:
            return ""
        return unit.name_at(at) if at is not None else unit.name

    def _area_name(self, code: str) -> str:
        try:
            return "".join(area.name for area in self._lookup.lineage(code)[1:]) if code else ""
        except NotFound:
            return code

    def duty_words(self, item: str) -> str:
        """A row of the duty catalogue as people say it: matter and function; empty for none."""
        matter, _, rest = item.partition("/")
        function = rest.partition("@")[0]
        named = self._lookup.functions().get(function, function)
        return f"{self.matter_name(matter) or matter}：{named}" if item else ""

    def matter(self, code: str) -> MatterView:
        """A matter of the catalogue."""
        m = self._catalogue.matter(code)
        return MatterView(m.code, m.name, m.level1, m.level2, m.function, m.urgency.value, m.kind.value, m.asks)


CHANNEL_LABELS: Mapping[str, str] = dict(CHANNELS)
REASON_LABELS: Mapping[str, str] = {
    option.value: option.label
    for kind in RequestKind
    for field in fields_of(kind)
    if field.name == "reason_code"
    for option in (OptionView(*each) for each in field.options)
}


def flag_views(ticket: Ticket) -> list[OptionView]:
    """What is remarkable about a ticket."""
    return [OptionView(flag.value, flag.label) for flag in sorted(ticket.flags)]


def _result(result: Result | None) -> ResultView | None:
    if result is None:
        return None
    return ResultView(
        result.findings,
        result.measures,
        result.basis,
        result.handler,
        result.phone,
        result.outcome.value,
        result.outcome.label,
        result.at,
    )


def _vote(rating: Rating | None) -> VoteView | None:
    return VoteView(f"{rating.score.label} · {rating.solved.label}", rating.bad) if rating else None


def rating_view(rating: Rating | None, veil: Veil = Veil()) -> RatingView | None:  # noqa: B008 - frozen
    """The citizen's vote."""
    if rating is None:
        return None
    score, solved = rating.score, rating.solved
    former = f"{rating.former.score.label} · {rating.former.solved.label}" if rating.former else ""
    return RatingView(
        score.value, score.label, solved.value, solved.label, veil.over(rating.comment), rating.at, former
    )
