"""Every action of the tables through the door: by the role it is for, and refused to every other."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from directory.model import DayKind, Part, UnitChangeKind, UnitOrder
from directory.rules.calendars import CalendarOrder, DayOrder
from kernel.errors import NotAllowed
from kernel.people import UNIT_ROLES, Principal, Role
from tests.ticketing.city import (
    ADMIN,
    AGENT,
    BAD,
    CALLBACK,
    CHECKED,
    DISPATCHER,
    GOOD,
    LITTER,
    REPLY,
    RESULT,
    REVIEWER,
    SUPERVISOR,
    VENDING,
    Hotline,
    lead_staff,
    link,
    staff,
)
from tests.ticketing.making import PLAN_DONE, RECEIVED
from ticketing.model.acting import Form
from ticketing.model.labels import (
    Action,
    Actor,
    ClockKind,
    DeclineReason,
    Flag,
    RehandleGround,
    RequestKind,
    SideAction,
    State,
    SuspensionReason,
    TicketKind,
    Urgency,
)
from ticketing.model.ticket import Ticket
from ticketing.rules.doers import ROLES, actors_of
from ticketing.rules.side_actions import SIDE_TABLE
from ticketing.rules.transitions import TABLE
from ticketing.store.tables import records

UNCLEAR: dict[str, Any] = {"text": "烧烤档占道经营，走鬼很多", "place": "", "placeless": True}
HELD: dict[str, Any] = {
    "plan": "列入明年改造",
    "owner": "李工",
    "public_text": "已列入明年改造计划。",
    "reason": "需要立项",
}
ADMITTED: dict[Action | SideAction, frozenset[Actor]] = {
    **{row.action: frozenset(row.by) for row in TABLE},
    **{side.action: frozenset(side.by) for side in SIDE_TABLE},
}


async def test_every_action_is_refused_to_every_role_it_is_not_for(desk: Hotline) -> None:
    ticket = await desk.open()
    unit = lead_staff(ticket).unit
    people = [staff(role, unit=unit if role in UNIT_ROLES else "") for role in Role] + [link(ticket)]
    async with desk.database.transaction() as tx:
        for action, admitted in ADMITTED.items():
            for by in (each for each in people if admitted.isdisjoint(actors_of(each))):
                with pytest.raises(NotAllowed) as error:
                    await desk.room.tickets.act(tx, ticket.number, action, Form(), by)
                assert error.value.code == "wrong_actor", (action, by)
    assert await desk.now(ticket) == ticket


def test_every_role_of_the_workflow_acts_in_its_part() -> None:
    for actor, roles in ROLES.items():
        for role in roles:
            assert actors_of(staff(role)) == (actor,)


# -- stories that together take every action ------------------------------------------------------------


LAWFULLY: dict[str, Any] = {"legal_basis": "城乡规划法", "reason": "违法加建不能补证"}


async def answered(desk: Hotline) -> None:
    ticket = await desk.open("居住证怎么办理", kind=TicketKind.CONSULT, place="", placeless=True, matter="")
    if ticket.state is not State.TRIAGE:
        ticket = await desk.open("问一下办证的事", kind=TicketKind.CONSULT, place="", placeless=True)
    ticket = await desk.act(ticket, Action.ANSWER, AGENT, text="请带身份证到派出所办理。", citations=("entry",))
    ticket = await desk.act(ticket, Action.NOT_SOLVED, link(ticket), text="还是不清楚")
    ticket = await desk.act(ticket, Action.ANSWER, AGENT, text="可以在网上办理。", citations=("entry",))
    assert (await desk.act(ticket, Action.CONFIRM, link(ticket))).state is State.CLOSED


async def declined(desk: Hotline) -> None:
    refusal = {
        "reason_code": DeclineReason.STATUTORY_PROCEDURE.value,
        "legal_basis": "中华人民共和国民事诉讼法",
        "right_road": "请向人民法院起诉",
    }
    ticket = await desk.act(await desk.open(**UNCLEAR), SideAction.PROPOSE_DECLINE, AGENT, **refusal)
    ticket = await desk.act(ticket, SideAction.OPPOSE_DECLINE, DISPATCHER, reason="先问清楚")
    ticket = await desk.act(ticket, SideAction.PROPOSE_DECLINE, AGENT, **refusal)
    ticket = await desk.act(ticket, Action.DECLINE, DISPATCHER)
    ticket = await desk.act(ticket, SideAction.FILE_APPEAL, link(ticket), reason="我不同意")
    ticket = await desk.act(ticket, SideAction.UPHOLD_APPEAL, SUPERVISOR, reason="应当受理")
    assert (ticket.state, ticket.supervisor) == (State.TRIAGE, SUPERVISOR.id)
    ticket = await desk.act(ticket, SideAction.PROPOSE_DECLINE, DISPATCHER, **refusal)
    ticket = await desk.act(ticket, Action.DECLINE, AGENT)
    desk.clock.advance(timedelta(days=9))
    await desk.room.waking.wake()
    assert (await desk.now(ticket)).state is State.CLOSED


async def appeal_rejected(desk: Hotline) -> None:
    refusal = {
        "reason_code": DeclineReason.SETTLED.value,
        "legal_basis": "《信访工作条例》第三十六条，已由FS260101000018办结",
        "right_road": "向人民法院起诉",
    }
    ticket = await desk.act(await desk.open(**UNCLEAR), SideAction.PROPOSE_DECLINE, AGENT, **refusal)
    ticket = await desk.act(ticket, Action.DECLINE, DISPATCHER)
    await desk.act(ticket, SideAction.FILE_APPEAL, AGENT, reason="不同意")
    ticket = await desk.act(ticket, SideAction.REJECT_APPEAL, SUPERVISOR, reason="维持")
    assert not ticket.appeal_pending


async def handed_over(desk: Hotline) -> None:
    ticket = await desk.act(await desk.open(**UNCLEAR), Action.HAND_OVER, AGENT, platform="110", reason="警情")
    ticket = await desk.act(ticket, Action.SENT_BACK, AGENT, reason="非警情")
    ticket = await desk.act(ticket, Action.HAND_OVER, AGENT, platform="110", reason="警情")
    assert (await desk.act(ticket, Action.RECEIPT, AGENT, **RECEIVED)).state is State.CLOSED


async def without_receipt_clock(desk: Hotline, ticket: Ticket) -> Ticket:
    """The ticket as it lay there before the other side had a time to receive it."""
    changing, store = desk.room.recounting._changing, desk.room.queries._store
    async with desk.database.transaction() as tx:
        before = (await store.load(tx, ticket.number, lock=True)).ticket
        bare = replace(before, clocks=tuple(each for each in before.clocks if each.kind is not ClockKind.RECEIPT))
        await store.save(tx, before, bare, [], changing.agenda(bare, None, (), 0))
    return bare


async def handed_over_before(desk: Hotline) -> None:
    ticket = await desk.act(await desk.open(**UNCLEAR), Action.HAND_OVER, AGENT, platform="110", reason="警情")
    await without_receipt_clock(desk, ticket)
    await desk.room.receipting.start()
    assert (await desk.now(ticket)).runs(ClockKind.RECEIPT)


async def unanswered(desk: Hotline) -> None:
    ticket = await desk.act(await desk.open(**UNCLEAR), Action.ASK_INFO, DISPATCHER, question="在哪里？")
    ticket = await desk.act(ticket, Action.SUPPLY_INFO, link(ticket), text="记不清了")
    ticket = await desk.act(ticket, Action.ASK_INFO, AGENT, question="在哪里？")
    desk.clock.advance(timedelta(days=12))
    await desk.room.waking.wake()
    assert (await desk.now(ticket)).state is State.CLOSED


async def merged(desk: Hotline) -> None:
    parent, child = await desk.open(), await desk.open(**UNCLEAR)
    child = await desk.act(child, Action.MERGE, AGENT, parent=parent.number, reason="同一事件")
    child = await desk.act(child, Action.UNMERGE, DISPATCHER, reason="不是同一件")
    await desk.act(child, Action.MERGE, AGENT, parent=parent.number, reason="确是同一件")
    replied = await desk.to_reply(parent)
    await desk.act(replied, Action.RATE, link(parent), **GOOD)


async def moved_between_units(desk: Hotline) -> None:
    ticket = await desk.open(**UNCLEAR)
    ticket = await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit="CC-CG")
    ticket = await desk.act(ticket, Action.REASSIGN, SUPERVISOR, unit="NH-CG", reason="地点在南海", area="440605")
    ticket = await desk.act(ticket, Action.RECALL, DISPATCHER, reason="重新研判")
    ticket = await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit="NH-CG")
    desk.clock.advance(timedelta(days=6))
    await desk.room.waking.wake()
    assert (await desk.now(ticket)).state is State.ACCEPTED


async def held(desk: Hotline) -> None:
    ticket = await desk.open()
    unit = lead_staff(ticket)
    await desk.act(ticket, Action.ACCEPT, unit)
    for action in (SideAction.LOG_CONTACT, SideAction.TAKE_BACK_CONTACT, SideAction.LOG_CONTACT):
        await desk.act(ticket, action, unit, contacted_at=desk.clock.now(), contact_how="用办公座机打通并核对了情况")
    await desk.act(ticket, Action.START, unit)
    asked = Form(reason="等待鉴定", reason_code=SuspensionReason.PROCEDURE.value)
    async with desk.database.transaction() as tx:
        waiting = await desk.room.tickets.ask(tx, ticket.number, RequestKind.SUSPENSION, asked, unit)
        ticket = await desk.room.tickets.decide(tx, ticket.number, waiting.requests[-1].id, True, Form(), SUPERVISOR)
    assert ticket.state is State.SUSPENDED
    await desk.act(ticket, SideAction.RENEW_HOLD, SUPERVISOR, reason="仍在鉴定")
    await desk.act(ticket, Action.RESUME, SUPERVISOR)
    review = desk.clock.now() + timedelta(days=90)
    await desk.act(ticket, Action.SHELVE, SUPERVISOR, review_at=review, **HELD)
    await desk.act(ticket, Action.UNSHELVE, SUPERVISOR)
    await desk.act(ticket, Action.SHELVE, SUPERVISOR, review_at=review, **HELD)
    assert (await desk.act(ticket, Action.CLOSE_SHELVED, SUPERVISOR, **PLAN_DONE)).state is State.CLOSED


async def bounced_and_rehandled(desk: Hotline) -> None:
    ticket = await desk.open()
    await desk.approve_inside(lead_staff(ticket).unit)
    unit, leader = lead_staff(ticket), staff(Role.UNIT_LEADER, unit=lead_staff(ticket).unit)
    await desk.to_review(ticket)
    await desk.act(ticket, Action.REDO_INSIDE, leader, reason="请补充办理依据")
    await desk.approve_inside(unit.unit, wanted=False)
    await _submit(desk, ticket, unit)
    await desk.act(ticket, Action.BOUNCE, REVIEWER, reason="没有逐点答复")
    await _submit(desk, ticket, unit)
    replied = await _release(desk, ticket)
    rated = await desk.act(replied, Action.RATE, link(ticket), **BAD)
    await desk.act(rated, SideAction.CHANGE_RATING, link(ticket), **BAD)
    again = await desk.act(rated, Action.REHANDLE, CALLBACK, reason_code=RehandleGround.UNSOLVED.value)
    await desk.act(again, Action.RESTART, unit)
    await _submit(desk, ticket, unit)
    await _release(desk, ticket)
    desk.clock.advance(timedelta(days=3))
    await desk.room.waking.wake()
    by_desk_phone = {"channel": "phone", "reached": True, "no_call_reason": "办公座机拨打"}
    await desk.act(ticket, SideAction.LOG_CALL, CALLBACK, text="依法不能满足", **by_desk_phone)
    await desk.act(ticket, SideAction.PROPOSE_REFUSAL, CALLBACK, **LAWFULLY)
    await desk.act(ticket, SideAction.OPPOSE_REFUSAL, SUPERVISOR, reason="请补充法律依据")
    await desk.act(ticket, SideAction.PROPOSE_REFUSAL, CALLBACK, **LAWFULLY)
    closed = await desk.act(ticket, SideAction.AGREE_REFUSAL, SUPERVISOR)
    assert closed.state is State.CLOSED
    desk.clock.advance(timedelta(days=31))
    await desk.room.waking.wake()
    archived = await desk.now(ticket)
    assert (archived.state, archived.contact, archived.address) == (State.ARCHIVED, "", None)


async def helped_by_others(desk: Hotline) -> None:
    ticket = await desk.open(LITTER, matter="litter")
    unit, helper, below = lead_staff(ticket), staff(Role.HANDLER, unit="CC-SJ"), staff(Role.HANDLER, unit="CC-ZM-CAD")
    await desk.act(ticket, SideAction.ADD_SUPPORTING, DISPATCHER, unit="CC-SJ", reason="涉及证照")
    await desk.act(ticket, Action.ACCEPT, unit)
    await desk.act(ticket, Action.START, unit, no_contact_reason="市民要求短信联系")
    await desk.act(ticket, SideAction.SUB_DISPATCH, unit, unit="CC-ZM-CAD")
    await desk.act(ticket, SideAction.ACCEPT_PART, helper)
    await desk.act(ticket, SideAction.FINISH_PART, helper, findings="无证经营已处理")
    mistaken = await desk.act(ticket, SideAction.ADD_SUPPORTING, DISPATCHER, unit="CC-CG", reason="涉及占道")
    part = mistaken.assignments[-1]
    withdrawn = {"assignment": part.id, "reason": "经核对不涉及占道"}
    await desk.act(ticket, SideAction.WITHDRAW_PART, DISPATCHER, **withdrawn)
    part = next(a for a in (await desk.now(ticket)).assignments if a.unit == "CC-ZM-CAD")
    await desk.act(ticket, SideAction.NOTE_DISSENT, below, assignment=part.id, dissent="不在本单位职责内")
    await desk.act(ticket, SideAction.URGE, link(ticket))
    await desk.act(ticket, SideAction.ADD_EVIDENCE, AGENT, text="又来了")
    await desk.act(ticket, SideAction.RAISE_URGENCY, DISPATCHER, urgency=Urgency.P1, reason="有人受伤")
    await desk.act(ticket, SideAction.LOWER_URGENCY, DISPATCHER, urgency=Urgency.P2, reason="现场火势已经控制")
    await desk.act(ticket, SideAction.SUPERVISE, SUPERVISOR, reason="重点关注")
    assert (
        await desk.act(
            ticket,
            Action.WITHDRAW,
            AGENT,
            reason="市民来电撤回",
            no_call_reason="市民来电口头要求撤回，坐席电话未经中继",
        )
    ).state is State.WITHDRAWN


async def recognised_and_flagged(desk: Hotline) -> None:
    burning = await desk.open("某小区三楼着火，有人被困", AGENT)
    assert burning.urgency is Urgency.P0
    await desk.act(burning, SideAction.ADD_FLAG, AGENT, flags=frozenset({Flag.MEDIA}), reason="电视台在拍")
    await desk.act(burning, SideAction.REMOVE_FLAG, DISPATCHER, flags=frozenset({Flag.MEDIA}), reason="没有播出")
    other = await desk.open()
    await desk.act(other, Action.ACCEPT, lead_staff(other))
    await desk.act(other, SideAction.OPEN_ENFORCEMENT, lead_staff(other), reason="占道经营案")


async def unit_merged(desk: Hotline) -> None:
    await desk.load_city()
    ticket = await desk.open(matter="tutoring", area="440604")
    parts = Part("CC-RS", functions=("education",), powers=("education_enforcement",))
    await desk.reorganise(UnitOrder(UnitChangeKind.MERGE, ("CC-RS", "CC-JY"), (parts,), "机构改革"))
    assert not await desk.room.following.step()
    now = await desk.now(ticket)
    assert now.lead is not None
    assert now.lead.unit == "CC-RS"


async def calendar_changed(desk: Hotline) -> None:
    """The due day is given off: the due time follows."""
    await desk.room.recounting.step()
    ticket = await desk.open()
    total = ticket.clock(ClockKind.TOTAL)
    assert total is not None
    due = desk.lookup.calendar().local_date(total.due)
    order = CalendarOrder((DayOrder(due, DayKind.HOLIDAY),), "通知")
    async with desk.database.transaction() as tx:
        await desk.directory.calendars.change(tx, order, await desk.directory.calendars.version(tx), ADMIN)
    await desk.lookup.load()
    while await desk.room.recounting.step():
        pass
    assert (await desk.now(ticket)).version > ticket.version


async def sensitive(desk: Hotline) -> None:
    """A word of the lists marks it, a person takes the mark away."""
    await desk.room.words.load()
    ticket = await desk.open(f"{VENDING}，再不处理我就跳楼", contact="13600136000")
    await desk.act(ticket, SideAction.CLEAR_SENSITIVE, SUPERVISOR, reason="引用他人的话")


async def _submit(desk: Hotline, ticket: Ticket, unit: Principal) -> None:
    await desk.act(ticket, Action.SUBMIT_RESULT, unit, **RESULT)


async def _release(desk: Hotline, ticket: Ticket) -> Ticket:
    return await desk.act(ticket, Action.RELEASE, REVIEWER, text=REPLY, checked=CHECKED)


STORIES: tuple[Callable[[Hotline], Awaitable[None]], ...] = (
    answered,
    declined,
    appeal_rejected,
    handed_over,
    handed_over_before,
    unanswered,
    merged,
    moved_between_units,
    held,
    bounced_and_rehandled,
    helped_by_others,
    recognised_and_flagged,
    unit_merged,
    calendar_changed,
    sensitive,
)


async def test_every_action_of_both_tables_is_reached_through_the_door(desk: Hotline) -> None:
    for story in STORIES:
        await story(desk)
    async with desk.database.reading() as tx:
        taken = {row["what"] for row in await tx.rows(select(records.c.what).distinct())}
    assert {each.value for each in ADMITTED} - taken == set()
