"""Makes what the screens are told of a ticket in full, by whoever looks at it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from directory.lookup import Lookup
from kernel.attachments import Attachments
from kernel.clock import Clock
from kernel.database import Tx
from kernel.messages import Attachment
from kernel.people import Kind, Principal
from kernel.privacy import mask_name, mask_phone
from ticketing.access import is_unit_staff
from ticketing.approving import Approving
from ticketing.catalogue import Catalogue
from ticketing.deciding import Deciding
from ticketing.dispatch_views import AlikeView, CandidateView, DangerView, DecisionView, PrecedentView, RepeatView
from ticketing.guarding import Guarding
from ticketing.history import History
from ticketing.limiting import LimitKeeper
from ticketing.links import Links
from ticketing.model.acting import Doer, Record
from ticketing.model.duties import DispatchDecision
from ticketing.model.labels import (
    Actor,
    DeclineReason,
    RequestState,
    SideAction,
    State,
    VoteWay,
)
from ticketing.model.ticket import Alike, Assignment, CallAttempt, Rating, Refusal, Reply, Request, Result, Ticket
from ticketing.model.ticket import Clock as TicketClock
from ticketing.names import MOVES, REASON_LABELS, Names
from ticketing.offering import Offering
from ticketing.past_showing import PastShowing
from ticketing.purpose_showing import purposes_of
from ticketing.queries import Queries
from ticketing.recognising import Recogniser
from ticketing.row_showing import RowShowing
from ticketing.row_views import FileView, OptionView, TicketRow
from ticketing.rules.closing import is_voted
from ticketing.rules.fields import CHANNELS, WRITTEN_FROM
from ticketing.rules.points import points_of
from ticketing.rules.redacting import Veil, without_marks
from ticketing.rules.repeats import RepeatKind
from ticketing.rules.requests import decided_by
from ticketing.rules.suggesting import Officer
from ticketing.rules.telling import CITIZENS_WORDS, SECRET, vote_words
from ticketing.standing_in import StandingIn
from ticketing.store import votes
from ticketing.store.notices import notices_of
from ticketing.store.tickets import TicketStore
from ticketing.track_views import RatingView, ReplyView
from ticketing.unveiling import Unveiling
from ticketing.views import (
    ApproversView,
    AssignmentView,
    AttemptView,
    CallBackView,
    ClockView,
    ContactView,
    HiddenWaitView,
    LineView,
    MatterView,
    MergedView,
    NoticeView,
    RefusalView,
    RequesterView,
    RequestView,
    ResultView,
    SensitiveView,
    TicketView,
    VoteRow,
)

# Whoever calls back goes through this many points by telephone.
FEW_POINTS = 6
UNDISCLOSED = "已保密"
# Which words made the hotline look is none of the units' business.
HOTLINES_OWN = frozenset(
    {
        SideAction.MARK_SENSITIVE.value,
        SideAction.CLEAR_SENSITIVE.value,
        SideAction.RECOGNISE.value,
        SideAction.LOG_CALL.value,
    }
)


class Showing:
    """Views of tickets in full; ``rows`` are those in lists, ``names`` what codes are called."""

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
        standing: StandingIn,
        recogniser: Recogniser,
        links: Links,
        unveiling: Unveiling,
        approving: Approving,
    ) -> None:
        self._approving = approving
        self._unveiling = unveiling
        self.names = Names(lookup, queries)
        self.rows = RowShowing(clock, lookup, limits, self.names, store.reach)
        self._recogniser = recogniser
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
        self._standing = standing
        self._links = links

    # -- in full ----------------------------------------------------------------------------------------

    async def ticket(self, tx: Tx, ticket: Ticket, by: Principal) -> TicketView:
        """A ticket in full, masked, with what ``by`` may do now."""
        history = await self._queries.history(tx, ticket)
        callers = {call.by for call in ticket.attempts} | ({ticket.refusal.by} if ticket.refusal else set())
        names = callers_names = await self._lookup.staff_names(tx, {record.by for record in history} | callers)
        matter = self._catalogue.known(ticket.matter)
        acting = await self._standing.acting(tx, by)
        doers = acting.doers(self.rows.acting_for(ticket, by))
        above = await self._approving.from_above(tx, ticket, by)
        # Who comes from above does this one thing; what else there is is not theirs.
        doers = doers if above is None else [above]
        row = self.rows.row(ticket, by)
        decision = self._deciding.renewed(ticket, await self._queries.decision(tx, ticket.number))
        of_unit = is_unit_staff(by)
        own = self._lookup.stands_for(by.unit) if of_unit else ()
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
            conversation="" if of_unit else ticket.conversation,
            parent=ticket.parent,
            basis=matter.basis if matter else (),
            asks=matter.asks if matter else (),
            assignments=[self._assignment(each) for each in ticket.assignments],
            requests=[self._request(ticket, each, doers, veil) for each in ticket.requests],
            clocks=[self._clock_view(each) for each in ticket.clocks],
            # What a secret text made of the reader tells a unit of the writer: 叉车 of 我是唯一的叉车司机.
            decision=self.decision(None if of_unit and veil.hides else decision, veil),
            repeats=[] if of_unit else await self._repeats(tx, ticket),
            precedents=[] if of_unit else await self._precedents(tx, ticket),
            notices=[
                NoticeView(at, self.names.unit(unit, at), veil.over_note(text))
                for at, unit, text in await notices_of(tx, ticket.id, own)
            ],
            result=_result(ticket.result),
            reply=self.reply(ticket.reply),
            rating=rating_view(ticket.rating, veil),
            contact=_contact(ticket, veil),
            outcome_label=ticket.outcome.label if ticket.outcome else "",
            attachments=self.files(ticket.evidence, nameless=veil.hides),
            proof=self.files(ticket.proof, again=await self._again(tx, ticket, by)),
            timeline=[self._line(record, names, veil, of_unit=of_unit) for record in history],
            actions=self._offering.actions(ticket, doers, decision, await self._officer(tx, ticket, by)),
            can_request=self._offering.requests(ticket, doers) if above is None else [],
            purposes=purposes_of(ticket, by),
            frozen=frozen,
            can_unmask=above is None and not frozen and self._guarding.may_unmask(ticket, acting.whole, matter),
            merged=await self._merged(tx, ticket, by),
            attempts=[] if of_unit else [self._attempt(each, callers_names, veil) for each in ticket.attempts],
            call_back=self._call_back(ticket, veil),
            votes=await self._votes(tx, ticket),
            refusal=None if of_unit else self._refusal(ticket.refusal, names, veil),
            sensitive=[]
            if of_unit
            else [SensitiveView(hit.word, hit.kind.label, hit.set_aside) for hit in ticket.sensitive],
            dangers=self.dangers(ticket, to_say=not of_unit),
            approval=await self._approval(tx, ticket, by),
            hidden_wait=await self._hidden_wait(tx, ticket, veil),
        )

    async def _approval(self, tx: Tx, ticket: Ticket, by: Principal) -> ApproversView | None:
        """Who approves a result that waits; None where none does."""
        if ticket.state is not State.SUBMITTED or ticket.lead is None:
            return None
        found = await self._approving.approvers(tx, ticket)
        own = ticket.result is not None and ticket.result.by == by.id
        above = found.unit if found.unit != ticket.lead.unit else ""
        return ApproversView(list(found.names()), self.names.unit(above) if above else "", own)

    async def _officer(self, tx: Tx, ticket: Ticket, by: Principal) -> Officer | None:
        """Who would hand in a result now, and the number they gave last."""
        if by.kind is not Kind.STAFF or not by.unit or ticket.state is not State.IN_PROGRESS:
            return None
        last = await self._queries.own_result(tx, ticket, by)
        return Officer(last.handler, last.phone) if last else Officer(by.name)

    async def _again(self, tx: Tx, ticket: Ticket, by: Principal) -> frozenset[str]:
        """Which proof was uploaded before: the hotline's people look closer at such."""
        if is_unit_staff(by):
            return frozenset()
        return await self._attachments.seen_before(tx, {each.id for each in ticket.proof})

    def dangers(self, ticket: Ticket, *, to_say: bool = True) -> list[DangerView]:
        """Whom to call, for what the words of a ticket tell of, and what to say to the citizen; a unit comes after that
        was said."""
        known = self._recogniser.known(ticket.dangers)
        return [DangerView(each.number, each.text if to_say else "") for each in known if to_say or each.number]

    async def _veil(self, tx: Tx, ticket: Ticket, by: Principal) -> Veil:
        veil = self.rows.veil(ticket, by)
        if not veil.hides:
            return veil
        competent = self._guarding.is_competent(ticket, by, self._catalogue.known(ticket.matter))
        shown, refused = await self._guarding.decided(tx, ticket)
        return replace(veil, accepted=shown, refused=refused, sees_accused=veil.sees_accused or competent)

    async def _hidden_wait(self, tx: Tx, ticket: Ticket, veil: Veil) -> HiddenWaitView | None:
        """To whom part of the text is hidden reads until when that is to be decided about."""
        wait = await self._unveiling.wait(tx, ticket) if veil.hides else None
        return HiddenWaitView(wait.until, wait.late) if wait is not None else None

    def _requester(self, ticket: Ticket) -> RequesterView:
        reach, secret = self._store.reach(ticket), ticket.secrecy in SECRET
        known = bool(reach.name or reach.phone)
        if secret:
            return RequesterView("", UNDISCLOSED if known else "", ticket.channel, secret=True)
        name, phone = mask_name(reach.name) if reach.name else "", mask_phone(reach.phone) if reach.phone else ""
        return RequesterView(name, phone, ticket.channel, secret=False)

    def _assignment(self, part: Assignment) -> AssignmentView:
        return AssignmentView(
            part.id,
            part.unit,
            self.names.unit(part.unit, None if part.open else part.ended),
            part.role.value,
            part.role.label,
            part.state.value,
            part.state.label,
            part.opened,
            part.accepted,
            part.ended,
            part.clock.due,
            self.rows.light(part.clock),
            self.rows.remaining(part.clock),
            part.result,
            part.dissent,
            part.parent,
        )

    def _request(self, ticket: Ticket, request: Request, doers: Sequence[Doer], veil: Veil) -> RequestView:
        disputed, deciders = request.state is RequestState.DISPUTED, decided_by(request)
        told = {request.asked_by, request.agreed_by}
        own = any(d.id in told or (d.unit and d.unit == request.unit) for d in doers)
        deciding = next((d.actor for d in doers if d.actor in deciders), None) if request.open and not own else None
        return RequestView(
            id=request.id,
            kind=request.kind.value,
            kind_label=request.kind.label,
            state=request.state.value,
            state_label=request.state.label,
            unit=request.unit,
            unit_name=self.names.unit(request.unit, None if request.open else request.decided_at),
            reason=veil.over_note(request.reason) or REASON_LABELS.get(request.reason_code, ""),
            clause=request.clause,
            suggested_unit=request.suggested_unit,
            suggested_unit_name=self.names.unit(request.suggested_unit),
            asked_at=request.asked_at,
            decide_by=request.decide_by,
            new_due=request.new_due,
            decided_at=request.decided_at,
            decision=request.decision,
            attachments=self.files(request.evidence),
            can_decide=deciding is not None and not disputed,
            can_rule=deciding is not None and disputed,
            names_supervisor=self._offering.why_granted_by_name(ticket, request, deciding),
        )

    def _clock_view(self, clock: TicketClock) -> ClockView:
        light, words = self.rows.light(clock), self.rows.remaining(clock)
        return ClockView(clock.kind.value, clock.kind.label, clock.started, clock.due, clock.stopped, light, words)

    async def _merged(self, tx: Tx, ticket: Ticket, by: Principal) -> list[MergedView]:
        """Those merged into it, each with what its requester said: whoever works on the one works on all."""
        numbers = await self._store.children(tx, ticket.number)
        found = [await self._store.by_number(tx, number) for number in numbers]
        veils = [await self._veil(tx, each, by) for each in found]
        return [
            MergedView(t.number, veil.over(t.title), t.received, t.state.label, t.version, veil.over(t.text))
            for t, veil in zip(found, veils, strict=True)
        ]

    @staticmethod
    def _refusal(refusal: Refusal | None, names: Mapping[str, str], veil: Veil) -> RefusalView | None:
        """What waits for a second person's word."""
        if refusal is None:
            return None
        label = next((each.label for each in DeclineReason if each.value == refusal.reason_code), refusal.reason_code)
        by = names.get(refusal.by, "")
        return RefusalView(label, refusal.legal_basis, refusal.right_road, veil.over_note(refusal.text), by, refusal.at)

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
    def _attempt(call: CallAttempt, names: Mapping[str, str], veil: Veil) -> AttemptView:
        channel, told = CHANNEL_LABELS.get(call.channel, call.channel), vote_words(call.told) if call.told else ""
        who = names.get(call.by, "")
        note, why = veil.over_note(call.note), veil.over_note(call.no_call_reason)
        return AttemptView(call.at, channel, call.reached, who, note, call.unproven, why, told, call.other)

    def _call_back(self, ticket: Ticket, veil: Veil) -> CallBackView | None:
        """How far the call-back has come; None where there is none."""
        if ticket.state is not State.CALL_BACK:
            return None
        calendar, limits, calls = self._lookup.calendar(), self._limits.now(), ticket.attempts
        waiting = ticket.to_confirm
        return CallBackView(
            limits.callback_attempts,
            limits.callback_days,
            limits.callback_channels,
            len(calls),
            len({calendar.local_date(call.at) for call in calls}),
            len({call.channel for call in calls}),
            tuple(points_of(without_marks(veil.over(ticket.text)), FEW_POINTS)),
            vote_words(waiting.told) if waiting and waiting.told else "",
            self._links.rated_until(ticket) if waiting else None,
            waiting is not None and ticket.address is not None,
            ticket.address.channel if ticket.address and not is_voted(ticket) else "",
        )

    def alike(self, found: Alike, ticket: Ticket, by: Principal) -> AlikeView:
        """What may be followed instead, as whoever takes a call sees it."""
        return AlikeView(
            found.number,
            found.persons,
            found.or_more,
            found.what or self.rows.veil(ticket, by).over(ticket.title),
            found.where,
            found.since,
            ticket.state.label,
            self.names.unit(ticket.lead.unit if ticket.lead else ""),
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
        theirs = record.actor is Actor.CITIZEN or record.what in CITIZENS_WORDS
        kept_back = of_unit and ((veil.hides and record.actor is Actor.CITIZEN) or record.what in HOTLINES_OWN)
        shown = veil.over if theirs and not of_unit else veil.over_note
        note = "" if why == label or kept_back else shown(why)
        who = names.get(record.by, "") or record.actor.label
        if record.instead_of:
            note = "：".join(part for part in (f"代{record.instead_of}", note) if part)
        if record.unit:
            who = f"{self.names.unit(record.unit, record.at)} {who}"
        return LineView(record.at, who, record.what, label, record.before.label, record.after.label, note)

    # -- parts ------------------------------------------------------------------------------------------

    def decision(self, decision: DispatchDecision | None, veil: Veil = Veil()) -> DecisionView:  # noqa: B008 - frozen
        """Where a ticket should go and why; empty when that was never decided, or is not for the reader."""
        if decision is None:
            return DecisionView((), (), automatic=False)
        candidates = [
            CandidateView(
                c.unit,
                self.names.unit(c.unit),
                round(c.confidence, 2),
                c.basis,
                c.duty_item,
                c.has_power,
                c.covers_area,
                self.names.duty(c.duty_item),
            )
            for c in decision.candidates
        ]
        lines = [veil.over_note(line) for line in decision.explanation]
        about = [OptionView(code, self.names.unit(code)) for code in decision.conflicts]
        return DecisionView(lines, candidates, decision.automatic, about, decision.threshold, decision.precedents)

    def reply(self, reply: Reply | None) -> ReplyView | None:
        """What the citizen was told."""
        return ReplyView(reply.text, reply.basis, self.names.unit(reply.unit, reply.at), reply.at) if reply else None

    def files(
        self, files: Iterable[Attachment], *, nameless: bool = False, again: Collection[str] = ()
    ) -> list[FileView]:
        """Files with links that work for half a day; ``nameless`` without what their sender called them; ``again`` are
        the ids of those uploaded before."""
        return [
            FileView(
                f.id,
                self._attachments.url(f),
                f.media.value,
                f.media_type,
                f"附件{place}{PurePath(f.name).suffix}" if nameless else f.name,
                f.id in again,
            )
            for place, f in enumerate(files, start=1)
        ]

    def matter(self, code: str) -> MatterView:
        """A matter of the catalogue."""
        m = self._catalogue.matter(code)
        return MatterView(m.code, m.name, m.level1, m.level2, m.function, m.urgency.value, m.kind.value, m.asks)


CHANNEL_LABELS: Mapping[str, str] = {**dict(CHANNELS), **WRITTEN_FROM}


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


def _contact(ticket: Ticket, veil: Veil) -> ContactView | None:
    first, proof = ticket.first_contact, ticket.contact_proof
    if first is None:
        return None
    counted = ticket.contact_counted or first
    if proof is None:
        return ContactView(first, counted)
    rests_on = "call" if proof.call else "message" if proof.messaged else "word"
    return ContactView(first, counted, rests_on, veil.over_note(proof.how), proof.unproven)


def rating_view(rating: Rating | None, veil: Veil = Veil()) -> RatingView | None:  # noqa: B008 - frozen
    """The citizen's vote."""
    if rating is None:
        return None
    score, solved = rating.score, rating.solved
    former = f"{rating.former.score.label} · {rating.former.solved.label}" if rating.former else ""
    return RatingView(
        score.value, score.label, solved.value, solved.label, veil.over(rating.comment), rating.at, former
    )
