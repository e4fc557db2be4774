"""Many people, many tellings, and one event across a border of towns: what is found, flagged and supervised."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from directory.model import Level
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.messages import GeoPoint
from tests.ticketing.city import AGENT, DISPATCHER, SUPERVISOR, Hotline, address, lead_staff, link
from tests.ticketing.making import MORNING
from tests.ticketing.making import ticket as making_ticket
from tests.ticketing.test_api import Web
from tests.ticketing.test_privacy_api import OFFICER
from tests.ticketing.test_raising import history
from ticketing.model.labels import Action, Cause, ClockKind, Flag, SideAction, State, TicketKind
from ticketing.model.ticket import Ticket
from ticketing.rules.limits import Limits
from ticketing.rules.nearness import cell, cells_around, spots
from ticketing.rules.repeats import RepeatKind, Scope, by_same_person, crowd, metres, same_event, tell_the_same
from ticketing.store.tickets import Agenda, Words

LAMP = "同济路25号门口的路灯坏了三天没人修，晚上很黑"


async def tell(desk: Hotline, who: int, text: str = LAMP, **more: Any) -> Ticket:
    """Somebody else tells of it."""
    given: dict[str, Any] = {"address": address(f"p{who}"), "contact": f"1380013{who:04}", "name": "李四"}
    return await desk.open(text, **(given | more))


async def found(desk: Hotline, ticket: Ticket) -> set[str]:
    async with desk.database.reading() as tx:
        return {number for number, _kind, _alike in await desk.room.queries._store.repeats_of(tx, ticket.id)}


async def whys(desk: Hotline, ticket: Ticket) -> list[str]:
    return [record.why for record in await history(desk, ticket) if record.what == "recognise"]


# -- supervision by itself --------------------------------------------------------------------------------


async def test_five_people_at_one_event_are_a_group_and_supervised_once(desk: Hotline) -> None:
    """Auto-supervise: a group of 5 people within 72 hours, on the first telling and the new one."""
    told = [await tell(desk, who) for who in range(6)]
    assert [Flag.GROUP in each.flags for each in told] == [False, False, False, False, True, True]
    first = await desk.now(told[0])
    assert Flag.GROUP in first.flags
    assert {Cause.GROUP, Cause.REPEATS} == first.supervised_for
    assert first.supervision == 2
    assert any("5人以上72小时内反映同一事件" in why for why in await whys(desk, first))


async def test_one_person_five_times_is_no_group_but_supervised_for_repeating(desk: Hotline) -> None:
    """Auto-supervise: the third repetition of the same matter by the same person."""
    told = [await tell(desk, 1) for _ in range(5)]
    assert not any(Flag.GROUP in each.flags for each in told)
    assert [each.supervision for each in told] == [0, 0, 0, 1, 1]
    assert await whys(desk, told[3]) == ["因：同一事项重复反映3次以上"]


async def test_what_was_told_four_days_ago_makes_no_group(desk: Hotline, clock: Any) -> None:
    for who in range(4):
        await tell(desk, who)
    clock.advance(timedelta(days=4))
    assert Flag.GROUP not in (await tell(desk, 9)).flags


async def test_many_with_one_matter_in_a_town_make_it_hot(desk: Hotline) -> None:
    wares = ["水果", "烧烤", "早餐", "衣服", "玩具", "糖水", "鱼", "花", "菜", "鞋"]
    texts = [f"同济路{n}号旁边的{word}摊档占道" for n, word in enumerate(wares, 1)]
    told = [await tell(desk, who, text, matter="street-vending") for who, text in enumerate(texts)]
    assert [Flag.HOT in each.flags for each in told] == [False] * 9 + [True]


@pytest.mark.parametrize(("flag", "cause"), [(Flag.LEADER_NOTE, Cause.LEADER_NOTE), (Flag.MEDIA, Cause.MEDIA)])
async def test_a_leader_s_note_or_the_media_supervise_once(desk: Hotline, flag: Flag, cause: Cause) -> None:
    ticket = await desk.open(by=AGENT)
    flags = frozenset({flag})
    ticket = await desk.act(ticket, SideAction.ADD_FLAG, DISPATCHER, flags=flags, reason="办公室转来")
    assert (ticket.supervision, ticket.supervised_for) == (1, frozenset({cause}))
    ticket = await desk.act(ticket, SideAction.REMOVE_FLAG, SUPERVISOR, flags=flags, reason="转错了工单")
    assert (ticket.supervision, flag in ticket.flags) == (1, False)
    ticket = await desk.act(ticket, SideAction.ADD_FLAG, DISPATCHER, flags=flags, reason="再次转来")
    assert ticket.supervision == 1
    lines = [(record.what, record.why) for record in await history(desk, ticket)]
    assert ("add_flag", "办公室转来") in lines
    assert ("remove_flag", "转错了工单") in lines


async def test_a_suspected_leak_supervises_the_ticket(desk: Hotline) -> None:
    ticket = await desk.open(by=AGENT)
    await Web(desk)("POST", "privacy/leaks", OFFICER, {"number": ticket.number, "why": "网上出现截图"})
    ticket = await desk.now(ticket)
    assert (ticket.supervision, ticket.supervised_for) == (1, frozenset({Cause.LEAK}))
    assert await whys(desk, ticket) == ["因：疑似信息泄露"]


# -- flags people set ---------------------------------------------------------------------------------------


async def test_a_flag_needs_a_reason_and_is_one_of_the_list(desk: Hotline) -> None:
    ticket = await desk.open(by=AGENT)
    with pytest.raises(Invalid) as refused:
        await desk.act(ticket, SideAction.ADD_FLAG, DISPATCHER, flags=frozenset({Flag.MEDIA}))
    assert refused.value.fields == {"reason": "required"}
    for flag in (Flag.EXCLUDED, Flag.ENFORCEMENT, Flag.SENSITIVE):
        with pytest.raises(Invalid) as refused:
            await desk.act(ticket, SideAction.ADD_FLAG, DISPATCHER, flags=frozenset({flag}), reason="试")
        assert refused.value.fields == {"flags": "not_in_list"}
    with pytest.raises(NotAllowed):
        await desk.act(ticket, SideAction.ADD_FLAG, lead_staff(ticket), flags=frozenset({Flag.MEDIA}), reason="试")


async def test_an_enterprise_is_contacted_within_a_business_hour_and_answered_sooner(desk: Hotline) -> None:
    """Limits of an enterprise: a consultation 2 working days, all else 4, first contact 1 business hour."""
    plain = await desk.open(by=AGENT)
    ticked = await desk.open(by=AGENT, flags=frozenset({Flag.ENTERPRISE}))
    said = await desk.open("我司门口同济路25号每晚都有烧烤档占道经营，路都走不了", AGENT)
    assert Flag.ENTERPRISE in said.flags
    for each in (ticked, said):
        assert limit(each, ClockKind.TOTAL) == 4
    assert limit(plain, ClockKind.TOTAL) == 7
    assert limit(said, ClockKind.FIRST_CONTACT) == 60
    plain = await desk.act(plain, SideAction.ADD_FLAG, AGENT, flags=frozenset({Flag.ENTERPRISE}), reason="来电说是商户")
    assert (limit(plain, ClockKind.TOTAL), limit(plain, ClockKind.FIRST_CONTACT)) == (4, 60)


def limit(ticket: Ticket, kind: ClockKind) -> int:
    clock = ticket.clock(kind)
    assert clock is not None
    return clock.limit.amount


async def test_a_report_in_enforcement_is_not_taken_back(desk: Hotline) -> None:
    """Withdrawing is guarded: not a report already in enforcement, which the unit states."""
    ticket = await desk.open(by=AGENT, kind=TicketKind.REPORT, matter="street-vending")
    if ticket.state is State.TRIAGE:
        assert ticket.lead is None
        best = await desk.open(by=AGENT, matter="street-vending")
        assert best.lead is not None
        ticket = await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit=best.lead.unit, basis="目录")
    unit = lead_staff(ticket)
    ticket = await desk.act(ticket, Action.ACCEPT, unit)
    with pytest.raises(NotAllowed):
        await desk.act(ticket, SideAction.OPEN_ENFORCEMENT, AGENT, reason="立案")
    ticket = await desk.act(ticket, SideAction.OPEN_ENFORCEMENT, unit, reason="占道经营案")
    assert Flag.ENFORCEMENT in ticket.flags
    with pytest.raises(Conflict):
        await desk.act(ticket, SideAction.OPEN_ENFORCEMENT, unit, reason="占道经营案")
    with pytest.raises(NotAllowed):
        await desk.act(ticket, Action.WITHDRAW, link(ticket), reason="算了")


# -- the same event -----------------------------------------------------------------------------------------


async def test_an_event_is_found_behind_two_hundred_others_in_the_town(desk: Hotline) -> None:
    first = await tell(desk, 1)
    await fill(desk, first, 200)
    assert first.number in await found(desk, await tell(desk, 2, "同济路25号路灯坏了好几天没有人修，晚上很黑"))


async def fill(desk: Hotline, like: Ticket, many: int) -> None:
    """Others of the town meanwhile, of other matters at other places."""
    loaded = replace(like, conversation="", citizen="", address=None, matter="", point=None, received=desk.clock.now())
    agenda = Agenda(due=desk.clock.now() + timedelta(days=9))
    async with desk.database.transaction() as tx:
        for n in range(many):
            told = f"第{n}户反映社保卡领取进度"
            other = replace(loaded, id=f"x{n}", number=f"X{n}", text=told, place="办事大厅", assignments=())
            await desk.room.queries._store.add(tx, other, [], agenda, Words(), "", None)


async def test_two_within_200_metres_across_a_border_of_towns_are_one_event(desk: Hotline) -> None:
    one, other = towns(desk)
    here, near, far_off = GeoPoint(23.03000, 113.12000), GeoPoint(23.03120, 113.12050), GeoPoint(23.0340, 113.12000)
    assert metres(here, near) < 200 < metres(here, far_off)
    text = "路灯坏了三天没人修，晚上很黑，容易摔倒"
    first = await tell(desk, 1, text, place="路边", area=one, point=here)
    assert first.number in await found(desk, await tell(desk, 2, text, place="路边", area=other, point=near))
    assert first.number not in await found(desk, await tell(desk, 3, text, place="路边", area=one, point=far_off))


def towns(desk: Hotline) -> tuple[str, str]:
    district = desk.lookup.areas(Level.DISTRICT)[0].code
    found = desk.lookup.towns_under(district)
    return found[0].code, found[1].code


async def test_the_same_estate_without_a_known_town_is_one_event(desk: Hotline) -> None:
    text = "电梯坏了一星期没人修，老人上不了楼"
    first = await tell(desk, 1, text, place="玫瑰园小区3座")
    second = await tell(desk, 2, text, place="玫瑰园小区5座")
    third = await tell(desk, 3, text, place="牡丹苑小区5座")
    assert first.number in await found(desk, second)
    assert first.number not in await found(desk, third)


async def test_another_road_of_the_town_is_another_event(desk: Hotline) -> None:
    one, _ = towns(desk)
    first = await tell(desk, 1, "路灯坏了三天没人修", place="朝阳路8号", area=one)
    second = await tell(desk, 2, "路灯坏了三天没人修", place="文昌路9号", area=one)
    third = await tell(desk, 3, "路灯坏了三天没人修", place="朝阳路口", area=one)
    assert first.number not in await found(desk, second)
    assert first.number in await found(desk, third)


def test_whatever_is_within_200_metres_lies_in_the_squares_around() -> None:
    for latitude, longitude in [(23.03, 113.12), (0.0001, 0.0001), (-33.9, 151.2), (59.9, 30.3), (53.5, 122.3)]:
        here = GeoPoint(latitude, longitude)
        for north in (-0.0017, 0.0, 0.0017):
            for east in (-0.0035, -0.0017, 0.0, 0.0017, 0.0035):
                there = GeoPoint(latitude + north, longitude + east)
                if metres(here, there) <= 200:
                    assert cell(there) in cells_around(here)
    assert all(0 <= each < 2**31 for each in cells_around(GeoPoint(53.5, 122.3)))


def test_a_road_is_known_by_its_name_and_not_by_any_road() -> None:
    assert spots("同济路25号旁边的玫瑰园小区") == {"同济路", "瑰园小区"}
    assert spots("这条路走路都难，马路上有洞") == frozenset()
    assert spots("门口的路灯坏了，门口路面有坑") == frozenset()


def test_what_counts_as_told_again_and_as_a_crowd_are_limits_of_the_city() -> None:
    usual = Limits()
    narrow = replace(
        usual,
        repeat_within=timedelta(days=7),
        event_within=timedelta(days=1),
        event_metres=50,
        group_from=3,
        hot_from=2,
    )
    assert crowd(3, 0, 2, usual).flags == frozenset()
    assert crowd(3, 0, 2, narrow).flags == {Flag.GROUP, Flag.HOT}
    assert crowd(1, 2, 0, replace(usual, repeats_from=2)).causes == {Cause.REPEATS}
    here, there = GeoPoint(23.0, 113.0), GeoPoint(23.001, 113.0)
    now = MORNING + timedelta(days=10)
    new = making_ticket(id="new", point=here, received=now)
    old = making_ticket(id="old", point=there, received=now - timedelta(hours=30), matter="m")
    ended = replace(old, state=State.CLOSED, state_since=now - timedelta(days=8))
    scope = Scope("", "", lambda _one, _other: False)
    short = replace(usual, event_within=timedelta(days=1), event_goes_on=timedelta(days=1))
    found = [
        (
            [each.kind for each in by_same_person(new, [ended], now, limits)],
            bool(same_event(new, [old], now, scope, limits)),
        )
        for limits in (usual, replace(usual, event_metres=50), short, narrow)
    ]
    same = [RepeatKind.SAME_PERSON]
    assert found == [(same, True), (same, False), (same, False), ([], False)]


def test_notes_of_other_matters_on_one_road_with_the_same_last_words_are_no_event() -> None:
    end = "请有关部门核查并告知处理结果。"
    lamp = making_ticket(
        id="lamp", matter="lamp", text=f"祖庙街道同济路路灯不亮，{end}", place="祖庙街道同济路", received=MORNING
    )
    others = [
        making_ticket(
            id="noise", matter="noise", text=f"祖庙街道同济路麻将声吵，{end}", place="祖庙街道同济路", received=MORNING
        ),
        making_ticket(
            id="open", matter="", text=f"祖庙街道同济路水压低，{end}", place="祖庙街道同济路", received=MORNING
        ),
    ]
    again = making_ticket(
        id="again", matter="lamp", text=f"同济路的路灯不亮了，{end}", place="祖庙街道同济路", received=MORNING
    )
    everywhere = Scope("", "", lambda _one, _other: True)
    near = same_event(lamp, [*others, again], MORNING + timedelta(hours=1), everywhere, Limits())
    assert [each.ticket.id for each in near] == ["again"]
    assert not any(tell_the_same(lamp, other, Limits()) for other in others[:1])
    assert tell_the_same(lamp, again, Limits())
