"""Tickets, doers and forms for the tests of ticketing."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from kernel.messages import Attachment, Media
from tests.schedule import calendar, local
from ticketing.model.acting import Doer, Form, Record
from ticketing.model.labels import (
    Action,
    Actor,
    Outcome,
    RequestKind,
    RequestMove,
    ReviewCheck,
    Score,
    SideAction,
    Solved,
    State,
    TicketKind,
    Urgency,
)
from ticketing.model.ticket import Ticket
from ticketing.rules.limits import Limits
from ticketing.rules.requests import request_step
from ticketing.rules.side_actions import side_step
from ticketing.rules.situation import Around, StepResult
from ticketing.rules.transitions import step

MORNING = local("2026-03-02 09:00")


def ticket(
    kind: TicketKind = TicketKind.COMPLAINT,
    urgency: Urgency = Urgency.P2,
    at: datetime = MORNING,
    **more: Any,
) -> Ticket:
    """A draft that may be submitted."""
    made = Ticket(
        id="ticket",
        kind=kind,
        urgency=urgency,
        state=State.DRAFT,
        state_since=at,
        text="路灯不亮",
        place="文华路",
        contact="sealed",
        created=at,
        updated=at,
    )
    return replace(made, **more)


def doer(actor: Actor, unit: str = "", id_: str = "") -> Doer:
    """Somebody in the part of ``actor``; a unit's people belong to unit A unless said."""
    if actor in {Actor.UNIT, Actor.UNIT_LEADER}:
        unit = unit or "unit-a"
    return Doer(actor, id_ or f"{actor.value}-1", unit)


PROOF = (Attachment("file", Media.IMAGE, "image/jpeg", "照片.jpg", 1000),)
RESULT: dict[str, Any] = {
    "findings": "现场查明线路老化",
    "measures": "已更换三只灯具",
    "basis": "管养规定",
    "handler": "经办人",
    "phone": "0757-00000000",
    "outcome": Outcome.RESOLVED,
    "evidence": PROOF,
}
DISPATCHED: dict[str, Any] = {"unit": "unit-a", "duty_item": "item"}
RELEASED: dict[str, Any] = {"text": "您好，路灯已修复。", "checked": frozenset(ReviewCheck)}
GOOD: dict[str, Any] = {"score": Score.SATISFIED, "solved": Solved.YES}
BAD: dict[str, Any] = {"score": Score.DISSATISFIED, "solved": Solved.NO}

REFUSAL: dict[str, Any] = {"reason_code": "petition", "legal_basis": "《信访工作条例》", "right_road": "向信访部门提出"}

RECEIVED: dict[str, Any] = {"handler": "接警员0731", "reason": "已派警到场"}

PLAN_DONE: dict[str, Any] = {"reason": "纳入计划的改造已完成", "measures": "整条路的灯具已提前更换"}

WISHED: dict[str, Any] = {"reason": "市民来电撤回", "no_call_reason": "上午用办公座机来电提出"}

# how a ticket gets into each state of the main road: from where, by which action, by whom, with which form
ROAD: dict[State, tuple[State, Action, Actor, dict[str, Any]]] = {
    State.RECEIVED: (State.DRAFT, Action.SUBMIT, Actor.CITIZEN, {}),
    State.NEED_INFO: (State.RECEIVED, Action.ASK_INFO, Actor.AGENT, {"question": "在哪里？"}),
    State.TRIAGE: (State.RECEIVED, Action.TRIAGE, Actor.AGENT, {}),
    State.DECLINED: (State.TRIAGE, Action.DECLINE, Actor.DISPATCHER, {}),
    State.HANDED_OVER: (State.TRIAGE, Action.HAND_OVER, Actor.AGENT, {"platform": "110", "reason": "警情"}),
    State.DISPATCHED: (State.TRIAGE, Action.DISPATCH, Actor.DISPATCHER, DISPATCHED),
    State.ACCEPTED: (State.DISPATCHED, Action.ACCEPT, Actor.UNIT, {}),
    State.IN_PROGRESS: (State.ACCEPTED, Action.START, Actor.UNIT, {"no_contact_reason": "匿名无法联系诉求人"}),
    State.SHELVED: (
        State.IN_PROGRESS,
        Action.SHELVE,
        Actor.SUPERVISOR,
        {"plan": "方案", "owner": "责任人", "public_text": "说明", "review_at": local("2026-06-01 09:00")},
    ),
    State.SUBMITTED: (State.IN_PROGRESS, Action.SUBMIT_RESULT, Actor.UNIT, RESULT),
    State.REVIEW: (State.SUBMITTED, Action.APPROVE, Actor.UNIT_LEADER, {}),
    State.REPLIED: (State.REVIEW, Action.RELEASE, Actor.REVIEWER, RELEASED),
    State.CALL_BACK: (State.REPLIED, Action.RATE, Actor.CITIZEN, BAD),
}


class Life:
    """One ticket and the clock it lives by; each step that is refused raises and changes nothing."""

    def __init__(self, kind: TicketKind = TicketKind.COMPLAINT, urgency: Urgency = Urgency.P2, **more: Any) -> None:
        self.ticket = ticket(kind, urgency, **more)
        self.now = MORNING
        self.history: list[Record] = []
        self.calendar, self.limits = calendar(), Limits()
        ids = count(1)
        self.around = Around(lambda: f"id-{next(ids)}", "N1", "Q1", fallback_unit="unit-z")

    def at(self, text: str) -> "Life":
        """Go to a moment in the city."""
        self.now = local(text)
        return self

    def wait(self, **span: float) -> "Life":
        """Let time pass."""
        self.now += timedelta(**span)
        return self

    def to(self, state: State) -> "Life":
        """Along the main road to ``state``."""
        if self.ticket.state is not state:
            before, action, actor, form = ROAD[state]
            self.to(before)
            if state is State.DECLINED:
                self.do(SideAction.PROPOSE_DECLINE, Actor.AGENT, **REFUSAL)
            self.do(action, actor, **form)
        return self

    def do(
        self, action: Action | SideAction | RequestMove, actor: Actor, of: str = "", who: str = "", **form: Any
    ) -> StepResult:
        """Take one step as somebody in the part of ``actor``; ``of`` is their unit, ``who`` their id. What follows
        at once is taken too."""
        by, filled = doer(actor, of, who), Form(**form)
        rest = (filled, by, self.now, self.calendar, self.limits, self.around)
        if isinstance(action, Action):
            result = step(self.ticket, action, *rest)
        elif isinstance(action, SideAction):
            result = side_step(self.ticket, action, *rest)
        else:
            result = request_step(self.ticket, action, *rest)
        self.ticket = result.ticket
        self.history.append(result.record)
        for following, follower in result.follow:
            self.do(following, follower, by.unit, by.id)
        return result

    def ask(self, kind: RequestKind, **form: Any) -> str:
        """The lead asks for something; gives the request's id."""
        lead = self.ticket.lead
        self.do(RequestMove.ASK, Actor.UNIT, lead.unit if lead else "", request_kind=kind, **form)
        return self.ticket.requests[-1].id
