"""Officers learn of what needs them: P0 and P1 at once, the rest in a digest, escalations to leaders, trivia not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from channels.rules.rendering import plain_text
from channels.rules.segments import segment_count
from directory.model import Staff
from directory.store.staff import StaffStore
from kernel.clock import ManualClock
from kernel.errors import Invalid, NotAllowed
from kernel.messages import Address, Outbound
from kernel.people import Kind, Principal, Role
from kernel.room import Floor
from kernel.settings import Settings
from tests.schedule import calendar, local
from tests.ticketing.city import AGENT, DISPATCHER, SUPERVISOR, VENDING, City, Hotline, hotline, lead_staff
from tests.ticketing.test_api import Web
from tests.ticketing.test_rulings import OTHER
from ticketing.model.acting import Form
from ticketing.model.labels import Action, ClockKind, RequestKind, SideAction, State, Urgency
from ticketing.model.ticket import Ticket
from ticketing.rules.asking import still_asked
from ticketing.rules.notices import TO_UNIT
from ticketing.rules.reaching import OF_THE_UNIT, PINGS, Ping, Reach, Waiting, Way, digest, goes_at_once, is_quiet
from ticketing.rules.telling import moment_words
from ticketing.store.notices import notices_of

CALENDAR = calendar()
HELPER = "CC-SJ"
MAIL = "wang@example.gov.cn"
NIGHT = Reach({Way.WECOM: "a"}, time(22), time(7, 30))


@pytest.mark.parametrize(
    ("at", "quiet"),
    [("21:59", False), ("22:00", True), ("03:00", True), ("07:29", True), ("07:30", False), ("12:00", False)],
)
def test_quiet_hours_run_over_midnight(at: str, quiet: bool) -> None:
    assert is_quiet(NIGHT, CALENDAR, local(f"2026-03-16 {at}")) is quiet


def test_what_is_urgent_breaks_the_quiet_and_an_escalation_does_not() -> None:
    night, day = local("2026-03-16 23:00"), local("2026-03-16 10:00")
    assert goes_at_once(Ping.WORKERS, Urgency.P1, NIGHT, CALENDAR, night)
    assert not goes_at_once(Ping.WORKERS, Urgency.P2, NIGHT, CALENDAR, day)
    assert goes_at_once(Ping.LEADER, Urgency.P2, NIGHT, CALENDAR, day)
    assert not goes_at_once(Ping.LEADER, Urgency.P2, NIGHT, CALENDAR, night)


def test_a_digest_counts_and_names_the_most_urgent_first() -> None:
    due = local("2026-03-20 17:30")
    waiting = [Waiting(f"FS{n}", "新工单待签收", Urgency.P3 if n else Urgency.P2, due) for n in range(7)]
    text, first = digest([*waiting, Waiting("FS3", "市民催办", Urgency.P2, due)])
    assert text == ("您有7件工单待处理：新工单待签收7件，市民催办1件。最紧急：FS0、FS3、FS1、FS2、FS4等。请登录查看。")
    assert first.number == "FS0"


def test_only_events_that_ask_a_unit_to_do_something_ping() -> None:
    known = {str(event) for event in TO_UNIT}
    assert {str(event) for event, row in PINGS.items() if {ping for ping, _ in row} & OF_THE_UNIT} <= known
    trivial = {SideAction.ADD_EVIDENCE, SideAction.RECOUNT, SideAction.FOLLOW_UNIT}
    assert not {str(event) for event in PINGS} & {str(event) for event in trivial}


@pytest.fixture
async def desk(floor: Floor, clock: ManualClock, city: City) -> Hotline:
    """The hotline of a city with WeCom, short messages and e-mail."""
    channels: dict[str, dict[str, Any]] = {"wecom": {}, "sms": {}, "email": {}}
    return hotline(replace(floor, settings=Settings(channels=channels)), clock, city)


class Officers:
    """The unit that leads VENDING, with a liaison and a leader who chose how to be told."""

    def __init__(self, desk: Hotline) -> None:
        self.desk = desk
        self.web = Web(desk)
        self.unit = ""

    async def move_in(self, **liaison: Any) -> "Officers":
        first = await self.desk.open(contact="13700137000")
        self.unit = lead_staff(first).unit
        async with self.desk.database.transaction() as tx:
            for name, role in (("liaison", Role.LIAISON), ("leader", Role.UNIT_LEADER)):
                member = Staff(name, name, "某人", frozenset({role}), self.unit)
                await StaffStore().add(tx, member, "x", self.desk.clock.now())
        await self.choose("liaison", **({"ways": {"wecom": "LiSi"}} | liaison))
        await self.choose("leader", ways={"wecom": "WangWu", "email": "wang@example.gov.cn"})
        return self

    def principal(self, who: str) -> Principal:
        role = Role.LIAISON if who == "liaison" else Role.UNIT_LEADER
        return Principal(Kind.STAFF, who, "某人", frozenset({role}), self.unit)

    async def choose(self, who: str, **form: Any) -> Any:
        return await self.web("PUT", "my/notices", self.principal(who), form)

    async def told(self, user: str, channel: str = "wecom") -> Sequence[str]:
        return [mail.text for mail in await self.desk.mails(Address(channel, "staff", user))]

    async def open(self, **more: Any) -> Ticket:
        return await self.desk.open(VENDING, AGENT, contact="13900139000", **more)


@pytest.fixture
async def officers(desk: Hotline) -> Officers:
    return await Officers(desk).move_in()


async def test_an_urgent_ticket_is_told_at_once_with_a_link_and_without_a_person(officers: Officers) -> None:
    ticket = await officers.open(urgency=Urgency.P1)
    (mail,) = await officers.desk.mails(Address("wecom", "staff", "LiSi"))
    assert mail.text.startswith(f"【紧急】工单{ticket.number}：新工单待签收。")
    assert mail.link == f"/unit?t={ticket.number}"
    assert "张" not in mail.text
    assert "同济路" not in mail.text
    assert await officers.told("WangWu") == []
    assert await officers.desk.room.reaching.digest() == 0


def until(ticket: Ticket, kind: ClockKind) -> str:
    clock = ticket.clock(kind)
    assert clock is not None
    return moment_words(CALENDAR, clock.due)


async def test_a_notice_of_a_step_names_the_time_of_that_step_and_not_the_replys(officers: Officers) -> None:
    desk = officers.desk
    await officers.choose("leader", ways={"sms": MOBILE})
    ticket = await officers.open(urgency=Urgency.P1)
    signing, contact = until(ticket, ClockKind.ACCEPT), until(ticket, ClockKind.FIRST_CONTACT)
    assert signing != until(ticket, ClockKind.TOTAL)
    async with desk.database.reading() as tx:
        (line,) = [text for _, _, text in await notices_of(tx, ticket.id)]
    assert f"请于{signing}前签收，" in line
    desk.clock.advance(timedelta(minutes=31))
    await desk.room.waking.wake()
    desk.clock.advance(timedelta(hours=6))
    await desk.room.waking.note_late()
    texts = [text.split("：")[1] for text in await officers.told("LiSi")]
    assert texts == [
        f"新工单待签收。签收时限{signing}。请登录查看。",
        f"超时未签收。签收时限{signing}。请登录查看。",
        f"首次联系超时。首次联系时限{contact}。请登录查看。",
    ]
    assert await officers.told(MOBILE, "sms") == [
        f"【紧急】超时未签收，签收时限{signing}。",
        f"【紧急】首次联系超时，首次联系时限{contact}。",
    ]


async def test_who_supports_is_told_of_its_own_part_and_its_own_time(officers: Officers) -> None:
    desk, leading = officers.desk, officers.unit
    async with desk.database.transaction() as tx:
        member = Staff("helper", "helper", "某人", frozenset({Role.LIAISON}), HELPER)
        await StaffStore().add(tx, member, "x", desk.clock.now())
    helper = Principal(Kind.STAFF, "helper", "某人", frozenset({Role.LIAISON}), HELPER)
    await officers.web("PUT", "my/notices", helper, {"ways": {"wecom": "ZhaoLiu"}})
    ticket = await officers.open(urgency=Urgency.P1)
    await desk.act(ticket, Action.RECALL, DISPATCHER, reason="还须有单位协办")
    ticket = await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit=leading, supporting=(HELPER,), basis="会议纪要")
    signing = until(ticket, ClockKind.ACCEPT)
    (own,) = [moment_words(CALENDAR, part.clock.due) for part in ticket.assignments if part.unit == HELPER]
    assert own != signing
    assert [text.split("：")[1] for text in await officers.told("ZhaoLiu")] == [f"请协办。承办时限{own}。请登录查看。"]
    assert f"新工单待签收。签收时限{signing}。" in (await officers.told("LiSi"))[-1]
    async with desk.database.reading() as tx:
        lines = {unit: text for _, unit, text in await notices_of(tx, ticket.id)}
    assert f"请协办工单{ticket.number}" in lines[HELPER]
    assert f"请于{own}前办结协办部分" in lines[HELPER]
    assert f"请于{signing}前签收" in lines[leading]


async def test_who_supports_on_is_told_that_the_lead_changed_and_not_asked_anew(officers: Officers) -> None:
    desk = officers.desk
    async with desk.database.transaction() as tx:
        member = Staff("helper", "helper", "某人", frozenset({Role.LIAISON}), HELPER)
        await StaffStore().add(tx, member, "x", desk.clock.now())
    helper = Principal(Kind.STAFF, "helper", "某人", frozenset({Role.LIAISON}), HELPER)
    await officers.web("PUT", "my/notices", helper, {"ways": {"wecom": "ZhaoLiu"}})
    ticket = await officers.open(urgency=Urgency.P1)
    ticket = await desk.act(ticket, SideAction.ADD_SUPPORTING, DISPATCHER, unit=HELPER, reason="涉及其职责")
    asked = await officers.told("ZhaoLiu")
    (before,) = [part for part in ticket.assignments if part.unit == HELPER]
    desk.clock.advance(timedelta(minutes=3))
    heads, joins = desk.lookup.unit(OTHER), desk.lookup.unit("FS-GA")
    form = {"reason": "另有主责单位", "basis": "会议纪要", "beyond_area": "全市统一办理"}
    ticket = await desk.act(
        ticket, Action.REASSIGN, SUPERVISOR, unit=heads.code, supporting=(HELPER, joins.code), **form
    )
    assert [part for part in ticket.assignments if part.unit == HELPER] == [before]
    assert len(asked) == 1
    assert await officers.told("ZhaoLiu") == asked
    async with desk.database.reading() as tx:
        lines = [(unit, text) for _, unit, text in await notices_of(tx, ticket.id)]
    told = [text for unit, text in lines if unit == HELPER]
    assert [f"请协办工单{ticket.number}" in text for text in told].count(True) == 1
    assert f"工单{ticket.number}的主办单位改为{heads.name}，贵单位承办的部分不变。" in told
    assert len(told) == 2
    (joined,) = [text for unit, text in lines if unit == joins.code]
    assert f"请协办工单{ticket.number}" in joined
    (led,) = [text for unit, text in lines if unit == heads.code]
    assert f"改派工单{ticket.number}" in led


async def test_a_notice_of_a_decision_names_the_time_of_the_decision(officers: Officers) -> None:
    desk = officers.desk
    ticket = await officers.open(urgency=Urgency.P1)
    async with desk.database.transaction() as tx:
        await StaffStore().add(tx, Staff("desk", "desk", "某人", frozenset({Role.DISPATCHER})), "x", desk.clock.now())
    await officers.web("PUT", "my/notices", replace(DISPATCHER, id="desk"), {"ways": {"wecom": "desk"}})
    unit = officers.principal("liaison")
    await desk.act(ticket, Action.ACCEPT, unit)
    await desk.act(ticket, Action.START, unit, contacted_at=desk.clock.now(), contact_how="用办公座机打通并核对了情况")
    clock = ticket.clock(ClockKind.TOTAL)
    assert clock is not None
    async with desk.database.transaction() as tx:
        form = Form(reason="需要现场勘查才能定", new_due=clock.due + timedelta(minutes=30))
        asked = await desk.room.tickets.ask(tx, ticket.number, RequestKind.EXTENSION, form, unit)
    by = moment_words(CALENDAR, asked.requests[-1].decide_by)
    assert [text.split("：")[1] for text in await officers.told("desk")] == [
        f"延期申请待审批。审批时限{by}。请登录查看。"
    ]


async def test_an_ordinary_one_waits_for_the_digest_which_comes_once(officers: Officers) -> None:
    first, second = await officers.open(), await officers.open()
    assert await officers.told("LiSi") == []
    assert await officers.desk.room.reaching.digest() == 1
    assert await officers.desk.room.reaching.digest() == 0
    (text,) = await officers.told("LiSi")
    assert text.startswith("您有2件工单待处理：新工单待签收2件。最紧急：")
    assert first.number in text
    assert second.number in text


async def test_quiet_hours_hold_the_digest_back_and_let_the_urgent_through(desk: Hotline) -> None:
    officers = await Officers(desk).move_in(quiet_from="18:00", quiet_to="08:00")
    await officers.open()
    desk.clock.set(local("2026-03-16 20:00"))
    assert await desk.room.reaching.digest() == 0
    await officers.open(urgency=Urgency.P0)
    assert len(await officers.told("LiSi")) == 1
    desk.clock.set(local("2026-03-17 08:07"))
    assert await desk.room.reaching.digest() == 1
    assert len(await officers.told("LiSi")) == 2


async def test_an_emergency_the_machine_sends_on_is_told_to_a_dispatcher_in_the_same_moment(officers: Officers) -> None:
    desk = officers.desk
    async with desk.database.transaction() as tx:
        member = Staff("duty", "duty", "某人", frozenset({Role.DISPATCHER}))
        await StaffStore().add(tx, member, "x", desk.clock.now())
    duty = Principal(Kind.STAFF, "duty", "某人", frozenset({Role.DISPATCHER}))
    form = {"ways": {"wecom": "ZhaoLiu"}, "quiet_from": "00:00", "quiet_to": "23:59"}
    await officers.web("PUT", "my/notices", duty, form)
    await officers.open(urgency=Urgency.P1)
    assert await officers.told("ZhaoLiu") == []
    chosen = await officers.open(urgency=Urgency.P0)
    assert (chosen.state, chosen.dangers) == (State.DISPATCHED, ())
    bots = await desk.open(VENDING, contact="13900139000", urgency=Urgency.P0)
    assert bots.state is State.RECEIVED
    raised = await officers.open()
    form = {"urgency": Urgency.P0, "reason": "有人受伤，情况危急"}
    await desk.act(raised, SideAction.RAISE_URGENCY, AGENT, **form)
    numbers = [chosen.number, bots.number, raised.number]
    # The same words for the third time are supervised as well, which is told by itself.
    told = [text.split("。")[0] for text in await officers.told("ZhaoLiu") if "督办" not in text]
    assert told == [f"【特急】工单{number}：特急工单，请即跟进" for number in numbers]


async def test_an_escalation_reaches_the_leader_at_once_on_the_way_they_prefer(officers: Officers) -> None:
    await officers.choose("leader", ways={"wecom": "WangWu", "email": MAIL}, preferred="email")
    ticket = await officers.open()
    await officers.desk.act(ticket, SideAction.SUPERVISE, SUPERVISOR, reason="群众多次反映")
    assert [text.split("。")[0] for text in await officers.told(MAIL, "email")] == [f"工单{ticket.number}：督办升级"]
    assert await officers.told("WangWu") == []


async def test_the_next_way_is_tried_only_when_nothing_was_read_within_the_limit(officers: Officers) -> None:
    desk = officers.desk
    await officers.choose("liaison", ways={"wecom": "LiSi", "sms": MOBILE, "email": MAIL}, preferred="sms")
    first = await officers.open(urgency=Urgency.P1)
    for minutes, sms, wecom in ((9, 1, 0), (1, 1, 1), (1, 1, 1)):
        desk.clock.advance(timedelta(minutes=minutes))
        await desk.room.reaching.look_after()
        assert (len(await officers.told(MOBILE, "sms")), len(await officers.told("LiSi"))) == (sms, wecom)
    assert first.number in (await officers.told("LiSi"))[0]
    desk.clock.advance(timedelta(minutes=9))
    await desk.room.reaching.look_after()
    assert len(await officers.told(MAIL, "email")) == 1
    second = await officers.open(urgency=Urgency.P1)
    await officers.web("POST", "my/notices/read", officers.principal("liaison"), {"number": second.number})
    desk.clock.advance(timedelta(hours=1))
    await desk.room.reaching.look_after()
    assert (len(await officers.told(MOBILE, "sms")), len(await officers.told("LiSi"))) == (2, 1)


async def test_what_was_done_meanwhile_is_not_told_on_the_next_way(officers: Officers) -> None:
    desk = officers.desk
    await officers.choose("liaison", ways={"wecom": "LiSi", "sms": MOBILE}, preferred="wecom")
    signed = await officers.open(urgency=Urgency.P1)
    desk.clock.advance(timedelta(minutes=1))
    waits = await officers.open(urgency=Urgency.P1)
    # A colleague signs it: the liaison has not read it, and there is nothing to read it for.
    await desk.act(signed, Action.ACCEPT, replace(officers.principal("liaison"), id="colleague"))
    desk.clock.advance(timedelta(minutes=10))
    await desk.room.reaching.look_after()
    (mail,) = await desk.mails(Address("sms", "staff", MOBILE))
    assert mail.link == f"/unit?t={waits.number}"


async def test_what_has_gone_to_another_unit_is_not_told_on_the_next_way(officers: Officers) -> None:
    desk = officers.desk
    ticket = await officers.open(urgency=Urgency.P1)
    assert not still_asked(ticket, "新工单待签收", ["CC-ZJ"])
    assert still_asked(ticket, "新工单待签收", [officers.unit])
    assert not still_asked(ticket, "审核超时", [])
    assert not still_asked(ticket, "延期申请待审批", [])
    moved = replace(ticket, assignments=tuple(replace(a, ended=desk.clock.now()) for a in ticket.assignments))
    assert not still_asked(moved, "市民催办", [officers.unit])
    assert still_asked(moved, "下级单位超期催办通知（抄送）", [officers.unit])


async def test_p46_the_unit_that_loses_a_ticket_is_told_and_what_it_had_not_read_is_over(officers: Officers) -> None:
    desk = officers.desk
    ticket = await officers.open()
    await desk.act(ticket, Action.RECALL, DISPATCHER, reason="市民补充了地点，应由他处办理")
    shown = await officers.web("GET", "my/notices", officers.principal("liaison"))
    ours = [(each["what"], each["read"]) for each in shown["notices"] if each["number"] == ticket.number]
    assert ours == [("已转出，无需继续办理", False), ("新工单待签收", True)]
    # It asks for nothing: no digest counts it among what waits.
    assert not any("已转出" in text for text in await officers.told("LiSi"))
    await desk.room.reaching.digest()
    assert not any("已转出" in text for text in await officers.told("LiSi"))


async def test_a_unit_is_told_at_once_that_an_urgent_ticket_is_its_own_no_more(officers: Officers) -> None:
    ticket = await officers.open(urgency=Urgency.P1)
    await officers.desk.act(ticket, Action.RECALL, DISPATCHER, reason="市民补充了地点，应由他处办理")
    assert (await officers.told("LiSi"))[-1].startswith(
        f"【紧急】工单{ticket.number}：已转出，无需继续办理。请登录查看"
    )


async def test_whoever_wants_it_is_told_of_what_is_urgent_on_all_ways_at_once_and_of_nothing_else(
    officers: Officers,
) -> None:
    form = {"ways": {"wecom": "LiSi", "email": MAIL}, "preferred": "email", "all_urgent": True}
    shown = await officers.choose("liaison", **form)
    assert (shown["preferred"], shown["all_urgent"]) == ("email", True)
    await officers.open(urgency=Urgency.P0)
    assert (len(await officers.told("LiSi")), len(await officers.told(MAIL, "email"))) == (1, 1)
    await officers.open()
    assert await officers.desk.room.reaching.digest() == 1
    assert (len(await officers.told("LiSi")), len(await officers.told(MAIL, "email"))) == (1, 2)


async def test_what_was_opened_is_read_and_not_told_any_more(officers: Officers) -> None:
    ticket = await officers.open()
    me = officers.principal("liaison")
    before = await officers.web("GET", "my/notices", me)
    assert (before["unread"], before["notices"][0]["what"]) == (1, "新工单待签收")
    assert await officers.web("POST", "my/notices/read", me, {"number": ticket.number}) == {"unread": 0}
    assert await officers.desk.room.reaching.digest() == 0
    assert (await officers.web("GET", "my/notices", me))["notices"][0]["read"]


async def test_a_trivial_step_pings_nobody(officers: Officers) -> None:
    ticket = await officers.open(urgency=Urgency.P1)
    await officers.desk.act(ticket, SideAction.ADD_EVIDENCE, AGENT, text="补充说明")
    await officers.desk.act(ticket, Action.ACCEPT, officers.principal("liaison"))
    assert len(await officers.told("LiSi")) == 1


async def test_who_chose_no_way_finds_it_on_their_page(officers: Officers) -> None:
    async with officers.desk.database.transaction() as tx:
        member = Staff("newcomer", "newcomer", "某人", frozenset({Role.LIAISON}), officers.unit)
        await StaffStore().add(tx, member, "x", officers.desk.clock.now())
    newcomer = Principal(Kind.STAFF, "newcomer", "某人", frozenset({Role.LIAISON}), officers.unit)
    ticket = await officers.open(urgency=Urgency.P1)
    view = await officers.web("GET", "my/notices", newcomer)
    assert (view["unread"], view["notices"][0]["number"]) == (1, ticket.number)
    await officers.open()
    assert await officers.desk.room.reaching.digest() == 1  # the liaison's, who has a way
    assert (await officers.web("GET", "my/notices", newcomer))["unread"] == 2


async def test_who_chose_nothing_or_was_shut_out_is_not_written_to(officers: Officers) -> None:
    await officers.choose("liaison", ways={})
    await officers.open(urgency=Urgency.P0)
    assert await officers.told("LiSi") == []


async def test_somebody_chooses_for_themselves_only_and_what_is_wrong_is_named(officers: Officers) -> None:
    with pytest.raises(NotAllowed):
        await officers.web("GET", "my/notices", AGENT)
    for form, wrong in (
        ({"ways": {"email": "not an address"}}, {"ways.email": "address_wrong"}),
        ({"ways": {"sms": "0757-83320000"}}, {"ways.sms": "address_wrong"}),
        ({"ways": {"wecom": "LiSi"}, "preferred": "email"}, {"ways.email": "preferred_without_address"}),
        ({"ways": {"wecom": "LiSi", "email": " "}, "preferred": "email"}, {"ways.email": "preferred_without_address"}),
        ({"phone": "12"}, {"phone": "phone_invalid"}),
        ({"quiet_from": "22:00"}, {"quiet_to": "required"}),
        ({"quiet_from": "night", "quiet_to": "07:00"}, {"quiet_from": "not_a_time"}),
    ):
        with pytest.raises(Invalid) as caught:
            await officers.choose("liaison", **form)
        assert caught.value.fields == wrong
    view = await officers.web("GET", "my/notices", officers.principal("leader"))
    assert [way["way"] for way in view["ways"]] == ["wecom", "sms", "email"]


async def test_a_way_that_is_not_set_up_cannot_be_chosen(floor: Floor, clock: ManualClock, city: City) -> None:
    only_wecom: dict[str, dict[str, Any]] = {"wecom": {}}
    desk = hotline(replace(floor, settings=Settings(channels=only_wecom)), clock, city)
    officers = Officers(desk)
    with pytest.raises(Invalid) as caught:
        await officers.web("PUT", "my/notices", officers.principal("liaison"), {"ways": {"sms": "13800138000"}})
    assert caught.value.fields == {"ways.sms": "way_not_there"}


# -- short messages --------------------------------------------------------------------------------------

MOBILE, SIGNATURE = "13800138000", "【某某市12345热线】"


def sent_as(mail: Outbound) -> str:
    """The text as the platform gets it."""
    return SIGNATURE + plain_text(mail, "https://12345.somecity.example.gov.cn")


async def test_an_urgent_ticket_is_one_short_message_at_once_with_its_link_and_no_person(desk: Hotline) -> None:
    """P10: two parts at most, the signature and the link counted."""
    officers = await Officers(desk).move_in(ways={"sms": MOBILE})
    ticket = await officers.open(urgency=Urgency.P0)
    (mail,) = await desk.mails(Address("sms", "staff", MOBILE))
    assert mail.text.startswith("【特急】新工单待签收")
    assert mail.link == f"/unit?t={ticket.number}"
    assert segment_count(sent_as(mail)) <= 2
    assert not any(said in sent_as(mail) for said in ("同济路", "13900139000", "张"))


async def test_a_digest_of_many_is_one_short_message(desk: Hotline) -> None:
    """P10: a digest is one message however much waits, and says of nobody anything."""
    officers = await Officers(desk).move_in(ways={"sms": MOBILE})
    first = await officers.open()
    for _ in range(5):
        await officers.open()
    assert await officers.told(MOBILE, "sms") == []
    assert await desk.room.reaching.digest() == 1
    (mail,) = await desk.mails(Address("sms", "staff", MOBILE))
    assert mail.text == "您有6件工单待处理。"
    assert mail.link == f"/unit?t={first.number}"
    assert segment_count(sent_as(mail)) <= 2


async def fails(desk: Hotline, reason: str) -> None:
    """Everything under way fails."""
    async with desk.database.transaction() as tx:
        for posted in await desk.floor.mailbox.claim_out(tx, ["sms"], timedelta(minutes=1)):
            await desk.floor.mailbox.failed(tx, posted, reason)


async def test_a_number_that_wants_no_messages_is_passed_over_and_the_officer_is_told_on_the_page(
    desk: Hotline,
) -> None:
    officers = await Officers(desk).move_in(ways={"sms": MOBILE, "wecom": "LiSi"}, preferred="sms")
    await officers.open(urgency=Urgency.P1)
    await fails(desk, "opted_out")
    assert await desk.room.reaching.look_after() == 1
    # What failed goes out on the next way at once.
    assert len(await officers.told("LiSi")) == 1
    assert await desk.room.reaching.look_after() == 0
    await officers.open(urgency=Urgency.P1)
    assert len(await officers.told(MOBILE, "sms")) == 1
    assert len(await officers.told("LiSi")) == 2
    view = await officers.web("GET", "my/notices", officers.principal("liaison"))
    assert {way["way"]: way["problem"] for way in view["ways"]} == {"wecom": "", "sms": "opted_out", "email": ""}
    # Whoever sets it anew wants to try it again.
    await officers.choose("liaison", ways={"sms": MOBILE})
    await officers.open(urgency=Urgency.P1)
    assert len(await officers.told(MOBILE, "sms")) == 2


async def test_a_failure_that_passes_by_itself_stops_no_way(desk: Hotline) -> None:
    officers = await Officers(desk).move_in(ways={"sms": MOBILE})
    await officers.open(urgency=Urgency.P1)
    await fails(desk, "gave_up:twilio_20429")
    assert await desk.room.reaching.look_after() == 0
    await officers.open(urgency=Urgency.P1)
    assert len(await officers.told(MOBILE, "sms")) == 2


async def test_officers_are_written_to_of_what_is_no_ticket_on_the_way_they_prefer(officers: Officers) -> None:
    async with officers.desk.database.transaction() as tx:
        tickets = officers.desk.room.tickets
        assert await tickets.remind_unit(tx, officers.unit, "有条目待核实。", "待核实。", "/unit?k=one") == 1
        assert await tickets.remind_unit(tx, officers.unit, "待审核。", "审核。", "/unit?k=one", leaders=True) == 1
        assert await tickets.remind_unit(tx, "NOBODY", "待审核。", "审核。", "/unit") == 0
    assert await officers.told("LiSi") == ["有条目待核实。"]
    assert await officers.told("WangWu") == ["待审核。"]
    (mail,) = await officers.desk.mails(Address("wecom", "staff", "LiSi"))
    assert mail.link == "/unit?k=one"
