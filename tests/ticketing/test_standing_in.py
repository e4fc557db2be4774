"""Whoever stands in for an absent colleague does what that colleague could, and the history says for whom."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kernel.clock import ManualClock
from kernel.errors import NotAllowed
from kernel.people import Role
from kernel.room import Floor
from kernel.settings import Settings
from tests.ticketing.city import RESULT, City, hotline, link, staff
from tests.ticketing.test_absences import House
from ticketing.model.labels import Action, SideAction, State
from ticketing.model.ticket import Ticket

AUDITOR = staff(Role.AUDITOR)
BY_PHONE = {"contact_how": "用办公座机打通并核对了情况"}


@pytest.fixture
async def house(floor: Floor, clock: ManualClock, city: City) -> House:
    desk = hotline(replace(floor, settings=Settings(channels={"wecom": {}, "sms": {}})), clock, city)
    return await House(desk).move_in()


async def offered(house: House, ticket: Ticket, who: str) -> dict[str, str]:
    seen = await house.web("GET", f"tickets/{ticket.number}", house.person(who))
    return {each["action"]: each["instead_of"] for each in seen["actions"]}


async def worked(house: House, ticket: Ticket, who: str) -> Ticket:
    by, now = house.person(who), house.desk.clock.now()
    await house.desk.act(ticket, Action.ACCEPT, by)
    await house.desk.act(ticket, Action.START, by, contacted_at=now, **BY_PHONE)
    return await house.desk.act(ticket, Action.SUBMIT_RESULT, by, **RESULT)


async def test_a_leader_who_stands_in_for_the_liaison_signs_starts_and_hands_in(house: House) -> None:
    ticket = await house.open()
    assert "accept" not in await offered(house, ticket, "leader")
    with pytest.raises(NotAllowed):
        await house.desk.act(ticket, Action.ACCEPT, house.person("leader"))
    await house.away("liaison", "leader")
    assert (await offered(house, ticket, "leader"))["accept"] == "联络甲"
    assert (await worked(house, ticket, "leader")).state is State.REVIEW
    seen = await house.web("GET", f"tickets/{ticket.number}", house.person("leader"))
    lines = {line["action"]: line for line in seen["timeline"]}
    assert (lines["accept"]["who"].split()[-1], lines["accept"]["note"]) == ("负责人丙", "代联络甲")
    assert lines["start"]["note"].startswith("代联络甲：")
    assert "办公座机" in lines["start"]["note"]
    assert lines["submit_result"]["note"].startswith("代联络甲")
    told = await house.web("GET", "track/x", link(ticket))
    assert "联络甲" not in str(told)


async def test_a_stand_in_supports_parts_and_asks_for_a_return(house: House) -> None:
    ticket = await house.open()
    await house.away("liaison", "leader")
    seen = await house.web("GET", f"tickets/{ticket.number}", house.person("leader"))
    assert "return" in {each["action"] for each in seen["can_request"]}
    await house.desk.act(ticket, Action.ACCEPT, house.person("leader"))
    assert SideAction.SUB_DISPATCH.value in await offered(house, ticket, "leader")


async def test_nothing_is_lent_before_or_after_the_absence_or_through_somebody_away(house: House) -> None:
    ticket = await house.open()
    await house.away("liaison", "leader", 1, 1)
    assert "accept" not in await offered(house, ticket, "leader")
    house.desk.clock.advance(timedelta(days=1))
    assert "accept" in await offered(house, ticket, "leader")
    house.desk.clock.advance(timedelta(days=1))
    assert "accept" not in await offered(house, ticket, "leader")


async def test_a_leader_who_stands_in_calls_and_is_shown_the_citizen_and_it_is_kept_for_whom(house: House) -> None:
    ticket = await house.open()
    path, asked = f"tickets/{ticket.number}/unmask", {"purpose": "联系市民核实现场", "reason": "contact"}
    leader = house.person("leader")
    with pytest.raises(NotAllowed):
        await house.web("POST", path, leader, asked)
    assert (await house.web("GET", f"tickets/{ticket.number}/calls", leader))["hindrance"]
    await house.away("liaison", "leader")
    assert (await house.web("GET", f"tickets/{ticket.number}", leader))["can_unmask"]
    assert (await house.web("POST", path, leader, asked))["phone"] == "13900139000"
    (look,) = (await house.web("GET", f"tickets/{ticket.number}/looks", AUDITOR))["items"]
    assert look["note"] == "代联络甲：联系市民核实现场"
    assert "联络甲" not in str(await house.web("GET", "track/x", link(ticket)))


async def test_whoever_wrote_the_result_in_anothers_place_does_not_approve_it(house: House) -> None:
    await house.desk.approve_inside(house.unit)
    ticket = await house.open()
    await house.away("liaison", "leader")
    assert (await worked(house, ticket, "leader")).state is State.SUBMITTED
    with pytest.raises(NotAllowed, match="approves_own_result"):
        await house.desk.act(ticket, Action.APPROVE, house.person("leader"))
