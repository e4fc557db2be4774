"""Random walks over the life of a ticket: any choice of actions, doers, forms and hours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from itertools import count
from typing import Any, TypeVar

from kernel.errors import HotlineError
from kernel.messages import Attachment, Media
from kernel.workcalendar import WorkCalendar
from tests.schedule import calendar
from tests.ticketing.making import MORNING, ticket
from ticketing.model.acting import Doer, Form, Record
from ticketing.model.duties import Candidate, DispatchDecision
from ticketing.model.labels import (
    Action,
    Actor,
    AssignmentRole,
    DeclineReason,
    ExclusionReason,
    Flag,
    Outcome,
    RehandleGround,
    RequestKind,
    RequestMove,
    RequestState,
    ReturnReason,
    ReviewCheck,
    Score,
    SideAction,
    Solved,
    State,
    SuspensionReason,
    TicketKind,
    Urgency,
)
from ticketing.model.ticket import Reply, Request, Ticket
from ticketing.rules import deadlines
from ticketing.rules.limits import Limits
from ticketing.rules.requests import RULES, request_step
from ticketing.rules.side_actions import SIDE_TABLE, side_step
from ticketing.rules.situation import Around, StepResult
from ticketing.rules.transitions import LIFE, step

T = TypeVar("T")
Pick = Callable[[Sequence[Any]], Any]
Move = Action | SideAction | RequestMove

UNITS = ("unit-a", "unit-b", "unit-c", "unit-d")
PROOF = (Attachment("file", Media.IMAGE, "image/jpeg", "照片.jpg", 1000),)
SHOWN = (Attachment("shown", Media.IMAGE, "image/jpeg", "现场.jpg", 1000),)
OF_A_PART = frozenset({SideAction.NOTE_DISSENT, SideAction.WITHDRAW_PART})
SAYS_WHY = {
    *(
        *OF_A_PART,
        SideAction.PROPOSE_REFUSAL,
        SideAction.RAISE_URGENCY,
        SideAction.LOWER_URGENCY,
        Action.WITHDRAW,
        Action.RECEIPT,
        Action.CLOSE_SHELVED,
        Action.REDO_INSIDE,
        Action.BOUNCE,
        Action.RECALL,
    ),
    *(Action.REASSIGN, *RequestMove),
}
OF_THE_CITIZEN = frozenset({SideAction.ADD_EVIDENCE, Action.SUPPLY_INFO})
WAITS = [timedelta(minutes=m) for m in (0, 0, 0, 1, 7, 25, 100, 360, 1440, 3 * 1440, 9 * 1440, 31 * 1440)]
# taken more often, or few walks would get far
MAIN_ROAD = frozenset(
    {
        *(Action.SUBMIT, Action.TRIAGE, Action.DISPATCH, Action.ACCEPT, Action.START, Action.SUSPEND, Action.RESUME),
        *(Action.SUBMIT_RESULT, Action.APPROVE, Action.RELEASE, Action.RATE, Action.BEGIN_CALLBACK, Action.CLOSE),
        *(Action.REHANDLE, Action.RESTART, Action.CONFIRM, Action.GIVE_UP_INFO),
    }
)
REASONS: dict[Move | RequestKind, type[Enum]] = {
    SideAction.PROPOSE_DECLINE: DeclineReason,
    Action.SUSPEND: SuspensionReason,
    Action.REHANDLE: RehandleGround,
    RequestKind.RETURN: ReturnReason,
    RequestKind.SUSPENSION: SuspensionReason,
    RequestKind.EXCLUSION: ExclusionReason,
}


@dataclass
class Walk:
    """One ticket under way."""

    pick: Pick
    ticket: Ticket
    now: datetime = MORNING
    history: list[Record] = field(default_factory=list)
    taken: list[tuple[State, Move, Actor]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ids = count(1)
        self.calendar, self.limits = calendar(), Limits()

    def often(self, usual: T, other: T) -> T:
        """The usual, three times out of four."""
        return usual if self.pick((True, True, True, False)) else other

    def go(self) -> StepResult | None:
        """One attempt; None when a rule refused it, which must leave everything as it was."""
        self.now += self.pick(WAITS)
        move, actor = self.choose()
        before, doer, form, around = self.ticket, self.doer(move, actor), self.form(move), self.around()
        counted_by = self.calendar
        if move is SideAction.RECOUNT:
            self.calendar, around = self.other_calendar(), replace(around, calendars=(counted_by,))
        try:
            result = self.attempt(move, form, doer, around)
        except HotlineError:
            assert self.ticket == before
            self.calendar = counted_by
            return None
        self.keep(move, actor, result)
        for action, follower in result.follow:
            done = self.attempt(action, Form(), Doer(follower, doer.id, doer.unit), around)
            self.keep(action, follower, done)
        return result

    def keep(self, move: Move, actor: Actor, result: StepResult) -> None:
        self.taken.append((self.ticket.state, move, actor))
        self.ticket = result.ticket
        self.history.append(result.record)

    def attempt(self, move: Move, form: Form, doer: Doer, around: Around) -> StepResult:
        if isinstance(move, Action):
            return step(self.ticket, move, form, doer, self.now, self.calendar, self.limits, around)
        if isinstance(move, SideAction):
            return side_step(self.ticket, move, form, doer, self.now, self.calendar, self.limits, around)
        return request_step(self.ticket, move, form, doer, self.now, self.calendar, self.limits, around)

    def other_calendar(self) -> WorkCalendar:
        """A day soon to come becomes worked, or free."""
        day = self.calendar.local_date(self.now + self.pick(WAITS) + timedelta(days=self.pick((1, 2, 3))))
        days = {**self.calendar.exceptions, day: not self.calendar.is_workday(day)}
        return WorkCalendar(self.calendar.zone, self.calendar.sessions, days, self.calendar.announced)

    # -- choices ----------------------------------------------------------------------------------------

    def choose(self) -> tuple[Move, Actor]:
        state = self.ticket.state
        onward: list[tuple[Move, Actor]] = [
            (r.action, a)
            for r in LIFE.transitions
            if state in r.sources
            for a in r.by
            for _ in range(6 if r.action in MAIN_ROAD else 1)
        ]
        beside = [(r.action, a) for r in SIDE_TABLE if state in r.states for a in r.by]
        asking = [(RequestMove.ASK, Actor.UNIT)]
        deciding = [
            (move, actor)
            for move in (RequestMove.GRANT, RequestMove.GRANT, RequestMove.REFUSE, RequestMove.DISPUTE)
            for actor in (Actor.DISPATCHER, Actor.SUPERVISOR, Actor.REVIEWER)
        ]
        kinds: list[list[tuple[Move, Actor]]] = [onward] * 5 + [list(beside)] * 2
        if state in {State.DISPATCHED, State.ACCEPTED, State.IN_PROGRESS}:
            kinds += [list(asking)] * 2
        if self.open_requests():
            kinds += [list(deciding)] * 4
        following: list[tuple[Move, Actor]] = [
            (action, Actor.SUPERVISOR) for r in self.usable() for action in RULES[r.kind].leads_to
        ]
        kinds += [following] * 5 + [self.about_declining()] * 6 + [self.about_contact()]
        kinds += [self.about_calling_back()] * 6
        kinds += [[(self.pick(list(Action)), self.pick(list(Actor)))]]
        chosen: tuple[Move, Actor] = self.pick(self.pick([kind for kind in kinds if kind]))
        return chosen

    def about_declining(self) -> list[tuple[Move, Actor]]:
        """What a refusal comes to is rare where every move is as likely."""
        if self.ticket.refusal is not None and self.ticket.state is not State.CALL_BACK:
            return [
                (Action.DECLINE, Actor.AGENT),
                (Action.DECLINE, Actor.DISPATCHER),
                (SideAction.OPPOSE_DECLINE, Actor.DISPATCHER),
            ]
        if self.ticket.appeal_pending:
            return [(SideAction.UPHOLD_APPEAL, Actor.SUPERVISOR), (SideAction.REJECT_APPEAL, Actor.SUPERVISOR)]
        return [(SideAction.FILE_APPEAL, Actor.CITIZEN)] if self.ticket.state is State.DECLINED else []

    def about_calling_back(self) -> list[tuple[Move, Actor]]:
        """Few walks come so far; those that do are to see what a call-back comes to."""
        if self.ticket.state is not State.CALL_BACK:
            return []
        if self.ticket.refusal is not None:
            supervisors = (SideAction.AGREE_REFUSAL, SideAction.OPPOSE_REFUSAL)
            return [(Action.CLOSE, Actor.CALLBACK), *((each, Actor.SUPERVISOR) for each in supervisors)]
        if any(call.reached for call in self.ticket.attempts):
            return [(SideAction.PROPOSE_REFUSAL, Actor.CALLBACK)]
        return [(SideAction.LOG_CALL, Actor.CALLBACK)]

    def about_contact(self) -> list[tuple[Move, Actor]]:
        """That a contact was none is rarer still than the contact."""
        return [(SideAction.TAKE_BACK_CONTACT, Actor.UNIT)] if self.ticket.first_contact else []

    def usable(self) -> list[Request]:
        return [r for r in self.ticket.requests if r.state is RequestState.GRANTED and not r.used]

    def open_requests(self) -> list[Request]:
        return [r for r in self.ticket.requests if r.open]

    def doer(self, move: Move, actor: Actor) -> Doer:
        unit = ""
        parts = [a.unit for a in self.ticket.assignments if a.open and a.role is not AssignmentRole.LEAD]
        if parts and move in {SideAction.ACCEPT_PART, SideAction.FINISH_PART, SideAction.NOTE_DISSENT}:
            unit = self.pick(parts)
        elif actor in {Actor.UNIT, Actor.UNIT_LEADER}:
            lead = self.ticket.lead.unit if self.ticket.lead else "unit-a"
            unit = self.often(lead, self.pick(UNITS))
        who = self.pick(("1", "2"))
        return Doer(actor, f"{actor.value}-{who}", unit)

    def form(self, move: Move) -> Form:
        pick, often = self.pick, self.often
        unit = pick(UNITS)
        kind = pick([*RequestKind, RequestKind.RETURN, RequestKind.RETURN])
        reasons = REASONS.get(kind if move is RequestMove.ASK else move, RehandleGround)
        requests = [r.id for r in (self.usable() if isinstance(move, Action) else self.open_requests())]
        assignments = [a.id for a in self.ticket.assignments if a.open]
        called, voted = move is SideAction.LOG_CALL, pick((True, False, False))
        dispatching = move in {Action.DISPATCH, Action.REASSIGN}
        taking_back = move is SideAction.TAKE_BACK_CONTACT
        return Form(
            reason=often("该单位逾期未办" if move in SAYS_WHY else "理由", ""),
            reason_code=often(str(pick([r.value for r in reasons])), ""),
            text=often("现场已更换灯具", ""),
            question="在哪里？",
            evidence=often(SHOWN if move in OF_THE_CITIZEN else PROOF, ()),
            kind=pick([None, *TicketKind]) if move is Action.TRIAGE else None,
            urgency=pick([None, *Urgency]),
            flags=pick([frozenset(), frozenset({Flag.ENTERPRISE})]) if move is Action.TRIAGE else frozenset(),
            parent=often("P1", "P2"),
            citations=often(("entry",), ()),
            status_query=pick((False, True)),
            legal_basis="城乡规划法",
            right_road="可向人民法院提起诉讼",
            platform="110",
            live_person=often("agent-9", ""),
            unit="" if move is Action.REHANDLE and pick((True, False)) else unit,
            supporting=tuple(u for u in pick([(), (), ("unit-d",)]) if u != unit),
            duty_item=often("item", ""),
            decision=self.decision(unit) if dispatching else None,
            assignment=pick(assignments) if assignments and move in OF_A_PART else "",
            request=pick([*requests, ""]) if requests and move is not RequestMove.ASK else "",
            request_kind=kind,
            clause="职责清单第三条",
            suggested_unit=pick(UNITS),
            new_due=self.due() + pick(WAITS),
            contact_how="用办公座机打通并核对了情况",
            contacted_at=often(self.ticket.first_contact if taking_back else self.now, None),
            plan="明年列入改造",
            owner="责任人",
            review_at=self.now + timedelta(days=1) + pick(WAITS),
            public_text="说明",
            findings="现场查明线路老化",
            measures="已更换三只灯具",
            basis=often("依据", ""),
            handler="经办",
            phone="0757-00000000",
            outcome=pick(list(Outcome)) if isinstance(move, Action) and move is not Action.CLOSE else None,
            dissent="认为不属本单位职责",
            checked=often(frozenset(ReviewCheck), frozenset()),
            score=pick(list(Score)) if voted or not called else None,
            solved=pick(list(Solved)) if voted or not called else None,
            channel=pick(("phone", "sms")),
            reached=voted or pick((True, False)),
            no_call_reason="办公座机拨打" if called else "",
            supervisor=often("督办员", ""),
        )

    def due(self) -> datetime:
        return deadlines.working(self.ticket).due if self.ticket.clocks else self.now

    def decision(self, unit: str) -> DispatchDecision:
        candidate = Candidate(unit, self.often(0.9, 0.2), "item", has_power=self.often(True, False))
        return DispatchDecision(True, (candidate,), threshold=0.5)

    def around(self) -> Around:
        state = self.pick((State.IN_PROGRESS, State.CLOSED))
        parent = replace(ticket(), id="parent", number="P1", state=state, reply=Reply("答复", self.now, "审核员"))
        return Around(
            new_id=lambda: f"id-{next(self.ids)}",
            number="N1",
            query_code="Q1",
            parent=parent,
            children=self.pick([(), (), (), ("C1",)]),
            inner_approval=self.pick((True, False)),
            upper_unit=self.pick(("", "unit-d")),
            fallback_unit=self.pick(("", "unit-c")),
            heirs=self.pick(({}, {"unit-a": "unit-b"}, {"unit-a": "unit-c", "unit-b": "unit-c"}, {"unit-d": "unit-a"})),
        )


def start(pick: Pick) -> Walk:
    """A draft of any kind and urgency."""
    kind = pick([k for k in TicketKind if k is not TicketKind.SUGGEST])
    flags = pick([frozenset(), frozenset({Flag.ENTERPRISE})])
    return Walk(pick, ticket(kind, pick(list(Urgency)), flags=flags))
