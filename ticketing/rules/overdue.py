"""Who has an overdue ticket now, why it is late as far as anybody knows, and what comes next: never silence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ticketing.model.labels import AssignmentRole, ClockKind, RequestKind, RequestState, State, SuspensionReason
from ticketing.model.ticket import Clock, Request, Ticket
from ticketing.rules.agenda import FAR, due_of, goes_to_a_service

HOTLINE = "热线"


@dataclass(frozen=True, slots=True)
class Explained:
    """``owner`` is a desk of the hotline, or empty when the lead unit has it."""

    owner: str
    reason: str
    step: str


@dataclass(frozen=True, slots=True)
class _Row:
    owner: str
    reason: str
    step: str


# Where it lies, why it is late there, what is next. Every state has a row: a test holds the table to the states.
ROWS: Mapping[State, _Row] = {
    State.DRAFT: _Row(HOTLINE, "尚未提交", "市民提交"),
    State.RECEIVED: _Row("热线受理", "登记后未派单", "受理人员登记分析"),
    State.NEED_INFO: _Row("热线受理", "等待市民补充信息", "联系市民补充，逾期按规定了结"),
    State.TRIAGE: _Row("分办", "待分派，尚未交承办单位", "分办员派单"),
    State.ANSWERED: _Row(HOTLINE, "已答复，等待市民确认", "市民确认或到期办结"),
    State.DECLINED: _Row(HOTLINE, "不予受理，等待异议期满", "期满生效，有异议由督办员复核"),
    State.HANDED_OVER: _Row(HOTLINE, "已转外部平台，未收到对方接收回执", "向对方平台催要回执"),
    State.DISPATCHED: _Row("", "承办单位未签收", "承办单位签收，超时自动签收"),
    State.ACCEPTED: _Row("", "已签收，未开始办理", "承办单位联系市民并开始办理"),
    State.IN_PROGRESS: _Row("", "办理中，未提交结果", "承办单位提交办理结果"),
    State.SUSPENDED: _Row("", "挂起", "挂起事由消除后恢复办理"),
    State.SUBMITTED: _Row("", "承办单位内审未完成", "单位负责人审核"),
    State.REVIEW: _Row("审核", "结果已交，热线审核未完成", "审核员审核答复"),
    State.REPLIED: _Row("回访", "已答复，等待评价", "回访员回访"),
    State.CALL_BACK: _Row("回访", "回访未完成", "回访员回访"),
    State.REHANDLE: _Row("", "重办未开始", "承办单位重新办理"),
    State.SHELVED: _Row("", "挂账", "到复查日期恢复办理"),
    State.MERGED: _Row(HOTLINE, "随主单办理", "主单答复后一并答复"),
    State.WITHDRAWN: _Row(HOTLINE, "已撤回", "无需办理"),
    State.CLOSED: _Row(HOTLINE, "已办结", "无需办理"),
    State.ARCHIVED: _Row(HOTLINE, "已归档", "无需办理"),
}
EMERGENCY = _Row("热线受理", "正在发生的紧急情况，待移交", "受理人员移交110、119、120等，或由分办员派单")
ASKED: Mapping[RequestKind, tuple[str, str]] = {
    RequestKind.RETURN: ("退单申请待审批", "分办员审批退单"),
    RequestKind.EXTENSION: ("延期申请待审批", "分办员审批延期"),
    RequestKind.SUSPENSION: ("挂起申请待审批", "督办员审批挂起"),
    RequestKind.SHELVING: ("挂账申请待审批", "督办员审批挂账"),
}
HELD = {reason.value: reason.label for reason in SuspensionReason}


REFUSED = {
    False: ("拟不予受理", "分办员同意或不同意"),
    True: ("拟依法不予支持", "另一名回访员或督办员同意，或说明理由不同意"),
}


def _row(ticket: Ticket) -> _Row:
    waits = ticket.state in {State.RECEIVED, State.TRIAGE}
    return EMERGENCY if waits and goes_to_a_service(ticket) else ROWS[ticket.state]


def explain(ticket: Ticket) -> Explained:
    """Owner, reason and next step of a ticket, from its state and what waits for a decision on it."""
    row, closing = _row(ticket), ticket.state is State.CALL_BACK
    waiting = asked_of(ticket)
    if waiting is not None and waiting.state is RequestState.DISPUTED:
        return Explained("督办", "退单争议待裁决，期间由首接单位办理", "督办员或联席会议裁决")
    if ticket.appeal_pending:
        return Explained("督办", f"{row.reason}；市民提出异议，待裁定", "督办员复核异议")
    if ticket.refusal is not None:
        return Explained(row.owner, f"{row.reason}；{REFUSED[closing][0]}，待另一人同意", REFUSED[closing][1])
    if waiting is not None:
        reason, step = ASKED[waiting.kind]
        return Explained(row.owner, f"{row.reason}；{reason}", step)
    if ticket.hold is not None and ticket.state in {State.SUSPENDED, State.SHELVED}:
        why = HELD.get(ticket.hold.reason_code, "") or ticket.hold.reason
        return Explained(row.owner, f"{row.reason}：{why}" if why else row.reason, row.step)
    extra = [
        f"退单{ticket.counters.returns}次" if ticket.counters.returns else "",
        f"审核退回{ticket.counters.bounces}次" if ticket.counters.bounces else "",
        f"重办{ticket.counters.rehandles}次" if ticket.counters.rehandles else "",
    ]
    known = "，".join([row.reason, *filter(None, extra)])
    return Explained(row.owner, known, row.step)


def asked_of(ticket: Ticket) -> Request | None:
    """The request of the lead that is decided first: what is disputed, then what is due first."""
    waiting = [r for r in ticket.requests if r.open and r.kind in ASKED]
    return min(waiting, key=lambda r: (r.state is not RequestState.DISPUTED, r.decide_by), default=None)


def step_clock(ticket: Ticket) -> Clock | None:
    """The clock of the step a ticket is at: what somebody has to do first."""
    kinds = STEP.get(ticket.state, ())
    running = [clock for kind in kinds if (clock := ticket.clock(kind)) is not None and clock.running]
    return min(running, key=lambda clock: clock.due, default=None)


def next_clock(ticket: Ticket, unit: str = "") -> Clock | None:
    """The clock of what somebody has to do first: a unit its own part, everybody else the step of the ticket."""
    own = [part for part in ticket.assignments if unit and part.open and part.unit == unit]
    leads = any(part.role is AssignmentRole.LEAD for part in own)
    if own and (not leads or ticket.state is State.REVIEW):
        return own[0].clock
    return step_clock(ticket) or (own[0].clock if own else None)


def step_words(clock: Clock) -> str:
    """What a clock is for, as a verb: 签收."""
    return clock.kind.label.removesuffix("时限")


def next_due(ticket: Ticket, unit: str = "") -> datetime:
    """By when the next thing is to be done, by a unit or whoever's turn it is; far away while nothing counts."""
    clock = next_clock(ticket, unit)
    if clock is None or not clock.running:
        return due_of(ticket)
    return FAR if clock.paused else clock.due


STEP: Mapping[State, tuple[ClockKind, ...]] = {
    State.RECEIVED: (ClockKind.DISPATCH,),
    State.TRIAGE: (ClockKind.DISPATCH,),
    State.HANDED_OVER: (ClockKind.RECEIPT,),
    State.DISPATCHED: (ClockKind.ACCEPT,),
    State.ACCEPTED: (ClockKind.FIRST_CONTACT, ClockKind.UNIT),
    State.IN_PROGRESS: (ClockKind.FIRST_CONTACT, ClockKind.UNIT),
    State.SUBMITTED: (ClockKind.APPROVAL, ClockKind.UNIT),
    State.REVIEW: (ClockKind.REVIEW,),
    State.REHANDLE: (ClockKind.UNIT, ClockKind.REHANDLE),
    State.REPLIED: (ClockKind.CALL_BACK,),
    State.CALL_BACK: (ClockKind.CALL_BACK,),
}
