"""The page a citizen opens by the signed link: who has it, which step, when it is due, what they can still do."""

from collections.abc import Sequence
from datetime import datetime

from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Tx
from kernel.people import Role
from ticketing.guarding import Guarding
from ticketing.limiting import LimitKeeper
from ticketing.model.acting import Doer, Record
from ticketing.model.labels import Action, Actor, AssignmentRole, RequestKind, RequestMove, SideAction, State
from ticketing.model.privacy import Access, LookKind
from ticketing.model.ticket import Ticket
from ticketing.queries import Queries
from ticketing.row_showing import ENDED
from ticketing.rules.agenda import due_clock
from ticketing.rules.buttons import buttons
from ticketing.rules.notices import STEP_OF, STEPS
from ticketing.rules.situation import NO_CALL
from ticketing.rules.telling import HELD, citizen_state, remaining_words, vote_words, withdrawn_words
from ticketing.showing import Showing, rating_view
from ticketing.track_views import TrackLine, TrackLook, TrackView

# What the page calls the things a citizen can do, and what that is in each state.
CAN: dict[Action | SideAction, str] = {
    SideAction.URGE: "urge",
    Action.WITHDRAW: "withdraw",
    Action.RATE: "rate",
    SideAction.CHANGE_RATING: "rate",
    Action.SUPPLY_INFO: "supply_info",
    Action.CONFIRM: "confirm",
    Action.NOT_SOLVED: "not_solved",
    SideAction.FILE_APPEAL: "appeal",
    Action.REHANDLE: "rehandle",
    SideAction.ADD_EVIDENCE: "add_photo",
}
SIDE_LINES = {
    SideAction.URGE.value: "您已催办",
    SideAction.ADD_EVIDENCE.value: "您补充了材料",
    SideAction.FILE_APPEAL.value: "您提出了异议",
    SideAction.CHANGE_RATING.value: "您修改了评价",
    RequestMove.GRANT.value: "",
}

HOTLINE = "热线"
VOTED = "您已评价"


class Tracking:
    """The citizen's view of a ticket."""

    def __init__(
        self, clock: Clock, lookup: Lookup, queries: Queries, showing: Showing, limits: LimitKeeper,
        guarding: Guarding,
    ) -> None:  # fmt: skip
        self._clock = clock
        self._lookup = lookup
        self._queries = queries
        self._showing = showing
        self._limits = limits
        self._guarding = guarding

    async def view(self, tx: Tx, ticket: Ticket) -> TrackView:
        """The ticket for whoever holds its link."""
        worked = await self._worked_on(tx, ticket)
        calendar, clock, now = self._lookup.calendar(), due_clock(worked), self._clock.now()
        ended = worked.state_since if worked.state in ENDED else None
        lines = self._lines(ticket, await self._queries.history(tx, ticket))
        if worked is not ticket:
            lines += self._lines_of_other(worked, await self._queries.history(tx, worked), ticket.state_since)
        awaited, asked = ticket.awaits, ticket.to_confirm
        return TrackView(
            number=ticket.number,
            kind_label=ticket.kind.label,
            title=ticket.title,
            state=ticket.state.value,
            state_label=citizen_state(ticket, calendar),
            step=STEP_OF[worked.state],
            steps=STEPS,
            unit_name=self._showing.names.unit(worked.lead.unit, ended) if worked.lead else "",
            due_at=clock.due if clock and not clock.paused else None,
            received_at=ticket.received,
            remaining_text=remaining_words(calendar, clock, now),
            hops=sum(a.role is AssignmentRole.LEAD for a in worked.assignments),
            timeline=lines,
            reply=self._showing.reply(ticket.reply),
            rating=rating_view(ticket.rating),
            awaits=awaited.value if awaited else "",
            told=vote_words(asked.told) if asked and asked.told else "",
            attachments=self._showing.files((*ticket.evidence, *(ticket.proof if ticket.replied else ()))),
            text=ticket.text,
            where_text=ticket.place,
            wanted=ticket.wanted,
            can=list(self.ways(ticket)),
            looks=[self._look(each) for each in await self._guarding.looks(tx, ticket, LookKind.UNMASK)],
        )

    def _look(self, look: Access) -> TrackLook:
        role = Role(look.role).label if look.role in set(Role) else "系统"
        purpose = look.purpose.label if look.purpose else ""
        return TrackLook(look.at, role, self._showing.names.unit(look.unit, look.at) or HOTLINE, purpose)

    def ways(self, ticket: Ticket) -> dict[str, Action | SideAction]:
        """What the citizen can do now: the page's name for it and the action it is."""
        doer = Doer(Actor.CITIZEN, ticket.citizen or "link")
        found = buttons(ticket, [doer], self._clock.now(), self._lookup.calendar(), self._limits.now())
        return {CAN[each.action]: each.action for each in found if each.action in CAN}

    def _lines(self, ticket: Ticket, history: Sequence[Record]) -> list[TrackLine]:
        lines: list[TrackLine] = []
        for record in history:
            line = self._line(ticket, record)
            if line.label and (not lines or line.note or line.label != lines[-1].label):
                lines.append(line)
        return lines

    async def _worked_on(self, tx: Tx, ticket: Ticket) -> Ticket:
        """The ticket that is worked on for this one: itself, or the one it was merged into."""
        if ticket.state is not State.MERGED:
            return ticket
        return await self._queries.by_number(tx, ticket.parent)

    def _lines_of_other(self, other: Ticket, history: Sequence[Record], since: datetime) -> list[TrackLine]:
        """How the work on somebody else's ticket came on since: its states and its unit, nothing anybody said of it."""
        lines: list[TrackLine] = []
        for record in history:
            moved = record.before is not record.after or record.what == Action.REASSIGN.value
            label = WORDS.get(record.after, record.after.label)
            told = bool(lines) and lines[-1].label == label
            if moved and not told and record.at >= since:
                unit = self._unit_given(other, record.at) if record.after in GIVEN else ""
                lines.append(TrackLine(record.at, label, unit))
        return lines

    def _line(self, ticket: Ticket, record: Record) -> TrackLine:
        if record.what in QUIET_WORK:
            label = SideAction(record.what).label
            return TrackLine(record.at, label, record.why.removeprefix(f"{label}："))
        if record.before is record.after and record.what != Action.REASSIGN.value:
            return TrackLine(record.at, SIDE_LINES.get(record.what, ""), "")
        label = VOTED if record.what == Action.RATE.value else WORDS.get(record.after, record.after.label)
        return TrackLine(record.at, label, self._note(ticket, record))

    def _note(self, ticket: Ticket, record: Record) -> str:
        if record.what in PLATFORMS:
            return f"由{ticket.handed_to}办理" if ticket.handed_to else ""
        match record.after:
            case State.WITHDRAWN:
                why = record.why.partition(f"；{NO_CALL}：")[0]
                by_agent = withdrawn_words(why) if record.actor is Actor.AGENT else ""
                return f"{by_agent}仍需办理的，请重新提交或联系热线并报此编号。"
            case State.DECLINED if ticket.reply is not None and ticket.reply.at == record.at:
                return f"{ticket.reply.text}依据：{ticket.reply.basis}。"
            case State.SUSPENDED:
                return _held(ticket, record.at)
            case State.SHELVED if ticket.hold is not None and ticket.hold.since == record.at:
                return ticket.hold.public_text
        return self._unit_given(ticket, record.at) if record.after in GIVEN else ""

    def _unit_given(self, ticket: Ticket, at: datetime) -> str:
        leads = (a for a in ticket.assignments if a.role is AssignmentRole.LEAD and a.opened == at)
        return next((self._showing.names.unit(a.unit_at(at), at) for a in leads), "")


def _held(ticket: Ticket, at: datetime) -> str:
    """Why the work stood still then: what the suspension was granted for."""
    asked = [r for r in ticket.requests if r.kind is RequestKind.SUSPENSION and r.decided_at and r.decided_at <= at]
    return HELD.get(asked[-1].reason_code, "") if asked else ""


PLATFORMS = frozenset({Action.HAND_OVER.value, Action.RECEIPT.value})
QUIET_WORK = frozenset({SideAction.FOLLOW_UNIT.value, SideAction.RECOUNT.value, SideAction.START_RECEIPT.value})
GIVEN = frozenset({State.DISPATCHED, State.REHANDLE})
WORDS = {
    State.RECEIVED: "已收到",
    State.NEED_INFO: "请您补充信息",
    State.TRIAGE: "正在分派",
    State.ANSWERED: "已答复",
    State.DECLINED: "不属热线受理",
    State.HANDED_OVER: "已转其他平台",
    State.DISPATCHED: "已交承办单位",
    State.ACCEPTED: "承办单位已接单",
    State.IN_PROGRESS: "办理中",
    State.SUSPENDED: "暂停办理",
    State.SUBMITTED: "结果审核中",
    State.REVIEW: "结果审核中",
    State.REPLIED: "已答复，请评价",
    State.CALL_BACK: "等待您的评价",
    State.REHANDLE: "重新办理",
    State.SHELVED: "已列入计划",
    State.MERGED: "与同类合并办理",
    State.WITHDRAWN: "已撤回",
    State.CLOSED: "已办结",
    State.ARCHIVED: "已归档",
}
