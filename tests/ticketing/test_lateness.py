"""Who is told what when something becomes late: by the simulated clock, from yellow to the circular, never twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from directory.model import DayKind, Staff
from directory.store.staff import StaffStore
from kernel.clock import ManualClock
from kernel.messages import Address
from kernel.people import Kind, Principal, Role
from kernel.room import Floor
from kernel.settings import Settings
from tests.schedule import ZONE, local
from tests.ticketing.city import (
    AGENT,
    CHECKED,
    DISPATCHER,
    REPLY,
    REVIEWER,
    SUPERVISOR,
    City,
    Hotline,
    hotline,
    lead_staff,
)
from tests.ticketing.test_actions import UNCLEAR
from tests.ticketing.test_api import Web
from tests.ticketing.test_recounting import change
from ticketing.model.acting import Form
from ticketing.model.labels import Action, ClockKind, RequestKind, SideAction, State, Urgency
from ticketing.model.ticket import Ticket
from ticketing.rules.reaching import Reach, Way
from ticketing.store import reaching as rows
from ticketing.store.notices import notices_of

HOTLINE = {
    "dispatcher": Role.DISPATCHER,
    "reviewer": Role.REVIEWER,
    "callback": Role.CALLBACK,
    "supervisor": Role.SUPERVISOR,
    "joint": Role.JOINT_OFFICE,
    "lead": Role.SHIFT_LEAD,
}


class Watch:
    """A hotline whose people all chose to be told, with a unit that leads and the unit above it."""

    def __init__(self, desk: Hotline) -> None:
        self.desk = desk
        self.web = Web(desk)
        self.unit = ""

    async def move_in(self) -> "Watch":
        first = await self.desk.open(contact="13700137000")
        self.unit = lead_staff(first).unit
        above = self.desk.lookup.unit(self.unit).parent
        assert above, "the demo city's vending unit has a unit above it"
        people = [
            *(Staff(name, name, "某人", frozenset({role})) for name, role in HOTLINE.items()),
            Staff("handler", "handler", "某人", frozenset({Role.HANDLER}), self.unit),
            Staff("leader", "leader", "某人", frozenset({Role.UNIT_LEADER}), self.unit),
            Staff("above", "above", "某人", frozenset({Role.UNIT_LEADER}), above),
            Staff("other", "other", "某人", frozenset({Role.HANDLER}), above),
        ]
        async with self.desk.database.transaction() as tx:
            for member in people:
                await StaffStore().add(tx, member, "x", self.desk.clock.now())
                reach = Reach({Way.WECOM: member.id})
                await rows.keep(tx, self.desk.floor.vault, member.id, reach, self.desk.clock.now())
        return self

    async def until(self, moment: str, *, step: timedelta = timedelta(minutes=30)) -> None:
        """Let time pass, the jobs running; twice at each stop, as two workers would."""
        end = local(moment)
        while self.desk.clock.now() < end:
            self.desk.clock.set(min(end, self.desk.clock.now() + step))
            for _ in range(2):
                await self.desk.room.waking.note_late()

    async def ask(self, ticket: Ticket, kind: RequestKind, by: Principal, **form: Any) -> str:
        """The unit asks for something; gives the request's id."""
        async with self.desk.database.transaction() as tx:
            asked = await self.desk.room.tickets.ask(tx, ticket.number, kind, Form(**form), by)
        return asked.requests[-1].id

    async def decide(self, ticket: Ticket, request: str, by: Principal) -> None:
        """Grant it."""
        async with self.desk.database.transaction() as tx:
            await self.desk.room.tickets.decide(tx, ticket.number, request, True, Form(reason="同意"), by)

    async def lines(self, ticket: Ticket, words: str) -> int:
        """How many lines of units' inboxes hold these words."""
        async with self.desk.database.reading() as tx:
            return sum(words in text for _, _, text in await notices_of(tx, ticket.id))

    async def told(self, ticket: Ticket, after: datetime | None = None) -> Sequence[tuple[str, str, str]]:
        """When, who, what: local, in order; without what the day of dispatch told."""
        table = rows.officer_notices
        query = select(table.c.at, table.c.staff, table.c.what).where(table.c.ticket == ticket.id)
        async with self.desk.database.reading() as tx:
            found = await tx.rows(query.order_by(table.c.at, table.c.staff, table.c.what))
        return [
            (f"{row['at'].astimezone(ZONE):%m-%d %H:%M}", row["staff"], row["what"])
            for row in found
            if after is None or row["at"] > after
        ]


@pytest.fixture
async def watch(floor: Floor, clock: ManualClock, city: City) -> Watch:
    channels: dict[str, dict[str, Any]] = {"wecom": {}, "sms": {}}
    return await Watch(hotline(replace(floor, settings=Settings(channels=channels)), clock, city)).move_in()


async def at_work(watch: Watch, **more: Any) -> Ticket:
    """A ticket its unit has begun to work on."""
    ticket = await watch.desk.open(contact="13900139000", **more)
    unit = lead_staff(ticket)
    await watch.desk.act(ticket, Action.ACCEPT, unit)
    return await watch.desk.act(
        ticket, Action.START, unit, contacted_at=watch.desk.clock.now(), contact_how="用办公座机打通并核对了情况"
    )


async def test_the_citizen_of_a_ticket_that_is_overdue_can_still_be_asked(watch: Watch) -> None:
    ticket = await watch.desk.open(**UNCLEAR)
    await watch.until("2026-04-20 10:00", step=timedelta(days=1))
    asked = await watch.desk.act(ticket, Action.ASK_INFO, DISPATCHER, question="在哪里？")
    assert asked.state is State.NEED_INFO


async def test_from_yellow_to_the_circular_everybody_is_told_at_their_level_once_over_a_weekend(watch: Watch) -> None:
    """Received Monday 16 March, due Wednesday 25 March at 17:30; the 28th and 29th are a weekend."""
    ticket = await at_work(watch)
    assert f"{ticket.clocks[0].due.astimezone(ZONE):%m-%d %H:%M}" == "03-25 17:30"
    began = watch.desk.clock.now()
    await watch.until("2026-04-03 18:00")
    assert await watch.told(ticket, began) == [
        ("03-23 15:30", "handler", "即将到期"),
        ("03-25 08:30", "leader", "今日到期"),
        ("03-25 17:30", "leader", "已超期"),
        ("03-25 17:30", "supervisor", "已超期"),
        ("03-26 17:30", "above", "下级单位超期催办通知（抄送）"),
        ("03-26 17:30", "leader", "超期催办通知"),
        ("03-30 17:30", "leader", "超期二级督办"),
        ("03-30 17:30", "supervisor", "超期二级督办"),
        ("04-01 17:30", "above", "下级单位超期通报（抄送）"),
        ("04-01 17:30", "joint", "超期通报"),
        ("04-01 17:30", "leader", "超期通报"),
        ("04-01 17:30", "supervisor", "超期通报"),
    ]
    facts = [f.fact.level for f in await watch.desk.facts(ticket) if f.kind == "ticketing.TicketLate"]
    assert facts == [0, 1, 2, 3]
    assert (await watch.desk.now(ticket)).supervision == 3


async def test_supervision_stands_at_one_once_it_is_overdue_and_at_two_after_three_days(watch: Watch) -> None:
    ticket = await at_work(watch)
    levels = []
    for moment in ("2026-03-25 17:00", "2026-03-25 17:30", "2026-03-27 17:30", "2026-03-30 17:30", "2026-04-01 17:30"):
        await watch.until(moment, step=timedelta(days=1))
        levels.append((await watch.desk.now(ticket)).supervision)
    assert levels == [0, 1, 1, 2, 3]


async def test_of_what_came_while_no_job_ran_only_the_last_is_told(watch: Watch) -> None:
    ticket = await at_work(watch)
    began = watch.desk.clock.now()
    await watch.until("2026-03-26 18:00", step=timedelta(days=30))
    assert [what for _, _, what in await watch.told(ticket, began)] == ["下级单位超期催办通知（抄送）", "超期催办通知"]
    facts = [f.fact.level for f in await watch.desk.facts(ticket) if f.kind == "ticketing.TicketLate"]
    assert facts == [0, 1]


async def test_while_the_clock_stands_still_nobody_is_told_and_nothing_is_told_twice_afterwards(watch: Watch) -> None:
    ticket = await at_work(watch)
    await watch.until("2026-03-23 16:00")
    began = watch.desk.clock.now()
    unit = lead_staff(ticket)
    request = await watch.ask(ticket, RequestKind.SUSPENSION, unit, reason="等待鉴定", reason_code="procedure")
    await watch.decide(ticket, request, SUPERVISOR)
    assert (await watch.desk.now(ticket)).state is State.SUSPENDED
    await watch.until("2026-04-10 16:00", step=timedelta(hours=12))
    await watch.desk.act(ticket, Action.RESUME, SUPERVISOR, reason="鉴定已出")
    resumed = watch.desk.clock.now()
    assert [row for row in await watch.told(ticket, began) if row[2] == "即将到期"] == []
    await watch.until("2026-04-14 18:00")
    assert [what for _, who, what in await watch.told(ticket, resumed) if who == "leader"] == ["今日到期", "已超期"]
    assert [row for row in await watch.told(ticket, began) if row[2] == "即将到期"] == []


async def test_after_a_recount_what_moved_is_told_anew_when_it_comes(watch: Watch) -> None:
    await watch.desk.load_city()
    ticket = await at_work(watch)
    began = watch.desk.clock.now()
    while await watch.desk.room.recounting.step():
        pass
    await watch.until("2026-03-25 17:30")
    await change(watch.desk, ("2026-03-25", DayKind.HOLIDAY))
    while await watch.desk.room.recounting.step():
        pass
    await watch.until("2026-03-26 18:00")
    orange_and_red = [row for row in await watch.told(ticket, began) if row[1] == "leader"]
    assert orange_and_red == [
        ("03-25 08:30", "leader", "今日到期"),
        ("03-25 17:30", "leader", "已超期"),
        ("03-26 08:30", "leader", "今日到期"),
        ("03-26 17:30", "leader", "已超期"),
    ]


async def test_what_is_not_dispatched_is_told_to_the_dispatchers_and_then_to_the_supervisors(watch: Watch) -> None:
    ticket = await watch.desk.open("楼上的事想投诉一下", place="", placeless=True, contact="13900139000")
    assert ticket.state in {State.RECEIVED, State.TRIAGE}
    due = ticket.clock(ClockKind.DISPATCH)
    assert due is not None
    await watch.until(f"{due.due.astimezone(ZONE):%Y-%m-%d %H:%M}", step=timedelta(minutes=1))
    told = await watch.told(ticket)
    assert [(who, what) for _, who, what in told] == [
        ("dispatcher", "派单即将超时"),
        ("dispatcher", "派单超时"),
        ("supervisor", "派单超时"),
    ]
    assert told[-1][0] == f"{due.due.astimezone(ZONE):%m-%d %H:%M}"


async def test_signing_and_the_first_contact_are_told_to_the_unit_once(watch: Watch) -> None:
    ticket = await watch.desk.open(contact="13900139001")
    for _ in range(14):
        await watch.until(f"{watch.desk.clock.now().astimezone(ZONE) + timedelta(hours=4):%Y-%m-%d %H:%M}")
        await watch.desk.room.waking.wake()
    assert [(who, what) for _, who, what in await watch.told(ticket)] == [
        ("handler", "新工单待签收"),
        ("handler", "签收即将超时"),
        ("handler", "超时未签收"),
        ("leader", "超时未签收"),
        ("handler", "首次联系即将超时"),
        ("handler", "首次联系超时"),
        ("leader", "首次联系超时"),
    ]


async def test_what_is_urgent_and_lies_unsigned_is_told_to_the_hotline_too(watch: Watch) -> None:
    ticket = await watch.desk.open(contact="13900139001", urgency=Urgency.P1)
    for _ in range(14):
        await watch.until(f"{watch.desk.clock.now().astimezone(ZONE) + timedelta(hours=1):%Y-%m-%d %H:%M}")
        await watch.desk.room.waking.wake()
    told = [(who, what) for _, who, what in await watch.told(ticket)]
    for what in ("超时未签收", "首次联系超时"):
        assert [who for who, each in told if each == what] == ["dispatcher", "handler", "leader", "supervisor"]


async def test_reviewers_and_call_back_workers_are_told_of_their_own_steps(watch: Watch) -> None:
    ticket = await watch.desk.to_review(await watch.desk.open(contact="13900139000"))
    began = watch.desk.clock.now()
    await watch.until("2026-03-17 18:00")
    assert [(who, what) for _, who, what in await watch.told(ticket, began)] == [
        ("reviewer", "审核即将超时"),
        ("reviewer", "审核超时"),
        ("supervisor", "审核超时"),
    ]
    await watch.desk.act(ticket, Action.RELEASE, REVIEWER, text=REPLY, checked=CHECKED)
    await watch.until("2026-03-18 18:00")
    await watch.desk.room.waking.wake()
    assert (await watch.desk.now(ticket)).state is State.CALL_BACK
    began = watch.desk.clock.now()
    await watch.until("2026-03-19 18:00")
    assert [(who, what) for _, who, what in await watch.told(ticket, began)] == [
        ("callback", "回访即将超时"),
        ("callback", "回访超时"),
        ("supervisor", "回访超时"),
    ]
    # Nothing is left to do for the unit, but there is for whoever calls back: the digest says so.
    assert await watch.desk.room.reaching.digest() >= 1
    assert any("回访超时" in mail.text for mail in await watch.desk.mails(Address("wecom", "staff", "callback")))
    last = (await watch.desk.mails(Address("wecom", "staff", "callback")))[-1]
    assert last.link.startswith("/dispatch?t=")


async def test_a_request_is_told_to_who_decides_it_and_when_it_waits_too_long(watch: Watch) -> None:
    ticket = await at_work(watch)
    new_due = local("2026-03-27 17:30")
    await watch.ask(ticket, RequestKind.EXTENSION, lead_staff(ticket), reason="需现场勘查", new_due=new_due)
    await watch.until("2026-03-18 10:00")
    assert [(who, what) for _, who, what in await watch.told(ticket) if "申请" in what] == [
        ("dispatcher", "延期申请待审批"),
        ("dispatcher", "延期申请审批即将超时"),
        ("dispatcher", "延期申请审批超时"),
        ("supervisor", "延期申请审批超时"),
    ]


async def test_a_dispute_is_told_to_supervisors_and_the_joint_office_and_so_is_a_late_ruling(watch: Watch) -> None:
    ticket = await watch.desk.open(contact="13900139000")
    other = watch.desk.lookup.unit(watch.unit).parent
    form = {"reason_code": "not_our_duty", "clause": "职责清单", "suggested_unit": other}
    request = await watch.ask(ticket, RequestKind.RETURN, lead_staff(ticket), **form)
    async with watch.desk.database.transaction() as tx:
        await watch.desk.room.tickets.dispute(tx, ticket.number, request, Form(reason="两家都不接"), DISPATCHER)
    await watch.until("2026-03-18 10:00")
    mine = [(who, what) for _, who, what in await watch.told(ticket) if "裁决" in what]
    assert mine == [
        ("joint", "争议待裁决"),
        ("supervisor", "争议待裁决"),
        ("joint", "争议裁决即将超时"),
        ("supervisor", "争议裁决即将超时"),
        ("joint", "争议裁决超时"),
        ("supervisor", "争议裁决超时"),
    ]


async def test_what_is_told_of_a_dispute_opens_where_it_is_ruled_on(watch: Watch) -> None:
    me = Principal(Kind.STAFF, "supervisor", "某人", frozenset({Role.SUPERVISOR}))
    await watch.web("PUT", "my/notices", me, {"ways": {"sms": "13800138000"}})
    ticket = await watch.desk.open(contact="13900139000", urgency=Urgency.P1)
    other = watch.desk.lookup.unit(watch.unit).parent
    form = {"reason_code": "not_our_duty", "clause": "职责清单", "suggested_unit": other}
    request = await watch.ask(ticket, RequestKind.RETURN, lead_staff(ticket), **form)
    async with watch.desk.database.transaction() as tx:
        await watch.desk.room.tickets.dispute(tx, ticket.number, request, Form(reason="两家都不接"), DISPATCHER)
    page = f"/dispatch?t={ticket.number}&view=disputes"
    (mail,) = await watch.desk.mails(Address("sms", "staff", "13800138000"))
    assert ("争议待裁决" in mail.text, mail.link) == (True, page)
    (notice,) = (await watch.web("GET", "my/notices", me))["notices"]
    assert (notice["what"], notice["page"]) == ("争议待裁决", page)


async def test_the_digest_opens_a_dispute_where_it_is_ruled_on(watch: Watch) -> None:
    me = Principal(Kind.STAFF, "supervisor", "某人", frozenset({Role.SUPERVISOR}))
    await watch.web("PUT", "my/notices", me, {"ways": {"sms": "13800138000"}})
    ticket = await watch.desk.open(contact="13900139000")
    other = watch.desk.lookup.unit(watch.unit).parent
    form = {"reason_code": "not_our_duty", "clause": "职责清单", "suggested_unit": other}
    request = await watch.ask(ticket, RequestKind.RETURN, lead_staff(ticket), **form)
    async with watch.desk.database.transaction() as tx:
        await watch.desk.room.tickets.dispute(tx, ticket.number, request, Form(reason="两家都不接"), DISPATCHER)
    await watch.desk.room.reaching.digest()
    (mail,) = await watch.desk.mails(Address("sms", "staff", "13800138000"))
    assert mail.link == f"/dispatch?t={ticket.number}&view=disputes"


async def test_a_proposal_to_decline_and_an_appeal_are_told_and_stand_on_the_wall(watch: Watch) -> None:
    ticket = await watch.desk.open("楼上的事想投诉一下", place="", placeless=True, contact="13900139000")
    decline = {"reason_code": "other_city", "legal_basis": "办法第九条", "right_road": "向当地热线反映"}
    await watch.desk.act(ticket, SideAction.PROPOSE_DECLINE, AGENT, **decline)
    wall = await watch.web("GET", "wall", SUPERVISOR)
    waiting = {each["list"]: each["count"] for each in wall["waiting"]}
    assert (waiting["refusals"], waiting["appeals"]) == (1, 0)
    await watch.until("2026-03-17 18:00")
    await watch.desk.act(ticket, Action.DECLINE, DISPATCHER, **decline)
    await watch.desk.act(ticket, SideAction.FILE_APPEAL, AGENT, reason="属本市管辖")
    page = await watch.web("GET", "wall/appeals", SUPERVISOR)
    assert [row["ticket"]["number"] for row in page["items"]] == [ticket.number]
    await watch.until("2026-03-18 18:00")
    told = [(who, what) for _, who, what in await watch.told(ticket) if "派单" not in what]
    assert told == [
        ("dispatcher", "拟不予受理待同意"),
        ("dispatcher", "拟不予受理（支持）超时未定"),
        ("supervisor", "拟不予受理（支持）超时未定"),
        ("supervisor", "异议待裁定"),
        ("supervisor", "异议超时未裁定"),
    ]


async def test_a_hold_is_told_three_working_days_before_its_review_and_on_the_day(watch: Watch) -> None:
    """Review on Wednesday 15 April at 10:00; three working days before is Friday, the weekend lies between."""
    ticket = await at_work(watch)
    request = await watch.ask(
        ticket, RequestKind.SUSPENSION, lead_staff(ticket), reason="等待鉴定", reason_code="procedure"
    )
    await watch.decide(ticket, request, SUPERVISOR)
    held = await watch.desk.now(ticket)
    assert held.hold is not None
    assert f"{held.hold.review_at.astimezone(ZONE):%m-%d %H:%M}" == "04-15 10:00"
    began = watch.desk.clock.now()
    await watch.until("2026-04-15 10:00")
    assert await watch.told(ticket, began) == [
        ("04-10 08:30", "handler", "挂起挂账即将复查"),
        ("04-10 08:30", "supervisor", "挂起挂账即将复查"),
        ("04-15 08:30", "handler", "挂起挂账今日复查"),
        ("04-15 08:30", "supervisor", "挂起挂账今日复查"),
    ]
    assert await watch.lines(ticket, "复查") == 2


async def test_the_supervisor_a_ticket_names_is_told_and_no_other(watch: Watch) -> None:
    """Urged by staff for the third time, they have to name a supervisor."""
    async with watch.desk.database.transaction() as tx:
        second = Staff("second", "second", "某人", frozenset({Role.SUPERVISOR}))
        await StaffStore().add(tx, second, "x", watch.desk.clock.now())
        await rows.keep(tx, watch.desk.floor.vault, "second", Reach({Way.WECOM: "second"}), watch.desk.clock.now())
    ticket = await watch.desk.open(contact="13900139000")
    for _ in range(2):
        await watch.desk.act(ticket, SideAction.URGE, AGENT)
    await watch.desk.act(ticket, SideAction.URGE, AGENT, supervisor="second")
    named = [who for _, who, what in await watch.told(ticket) if what == "督办升级"]
    assert sorted(named) == ["leader", "second"]


async def test_people_of_the_hotline_choose_how_they_are_told_and_what_is_urgent_comes_at_once(watch: Watch) -> None:
    me = Principal(Kind.STAFF, "dispatcher", "某人", frozenset({Role.DISPATCHER}))
    await watch.web("PUT", "my/notices", me, {"ways": {"sms": "13800138000"}})
    ticket = await watch.desk.open(
        "楼上的事想投诉一下", place="", placeless=True, contact="13900139000", urgency=Urgency.P1
    )
    due = ticket.clock(ClockKind.DISPATCH)
    assert due is not None
    await watch.until(f"{due.due.astimezone(ZONE):%Y-%m-%d %H:%M}", step=timedelta(minutes=1))
    mails = await watch.desk.mails(Address("sms", "staff", "13800138000"))
    assert [mail.text.split("，")[0].rstrip("。") for mail in mails] == [
        "【紧急】派单即将超时",
        "【紧急】派单超时",
    ]
    assert {mail.link for mail in mails} == {f"/dispatch?t={ticket.number}"}
    view = await watch.web("GET", "my/notices", me)
    assert [each["what"] for each in view["notices"]] == ["派单超时", "派单即将超时"]
