"""Whoever is away says so themselves: notices go to whoever is there, and units nobody answers for are seen."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from directory.model import Staff
from directory.store.staff import StaffStore
from kernel.clock import ManualClock
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.messages import Address
from kernel.people import Kind, Principal, Role
from kernel.room import Floor
from kernel.settings import Settings
from tests.ticketing.city import (
    ADMIN,
    AGENT,
    DISPATCHER,
    RESULT,
    SUPERVISOR,
    VENDING,
    City,
    Hotline,
    hotline,
    lead_staff,
)
from tests.ticketing.test_api import Web
from tests.ticketing.test_limiting import order
from ticketing.model.labels import Action, SideAction, State, Urgency
from ticketing.model.ticket import Ticket
from ticketing.rules.absences import Officer, Silence, in_place, silence
from ticketing.store.notices import notices_of

OWN = "my/absences"
NAMES = {"liaison": "联络甲", "handler": "承办乙", "leader": "负责人丙"}
ROLES = {"liaison": Role.LIAISON, "handler": Role.HANDLER, "leader": Role.UNIT_LEADER}


@pytest.mark.parametrize(
    ("away", "told"),
    [
        ({}, "a"),
        ({"a": "b"}, "b"),
        ({"a": "b", "b": "c"}, "c"),
        ({"a": ""}, "leader"),
        ({"a": "b", "b": ""}, "leader"),
        ({"a": "b", "b": "a"}, "leader"),
        ({"a": "", "leader": "c"}, "c"),
        ({"a": "", "leader": ""}, "second"),
        ({"a": "", "leader": "", "second": ""}, "a"),
    ],
)
def test_whoever_stands_in_is_told_then_a_leader_and_nothing_is_lost(away: dict[str, str], told: str) -> None:
    assert in_place("a", away, ["leader", "second"]) == told


@pytest.mark.parametrize(
    ("officers", "away", "why"),
    [
        ([], {}, Silence.NOBODY),
        ([Officer("a", heard=True)], {}, None),
        ([Officer("a", heard=False)], {}, Silence.UNSEEN),
        ([Officer("a", heard=True)], {"a": ""}, Silence.AWAY),
        ([Officer("a", heard=True), Officer("b", heard=True)], {"a": "b"}, None),
        ([Officer("a", heard=True), Officer("b", heard=False)], {"a": "b"}, Silence.UNSEEN),
        ([Officer("a", heard=True), Officer("b", heard=True)], {"a": "b", "b": ""}, Silence.AWAY),
    ],
)
def test_nobody_is_reached_where_nobody_present_is_told_or_comes_in(
    officers: list[Officer], away: dict[str, str], why: Silence | None
) -> None:
    assert silence(officers, away) is why


class House:
    """The unit that leads VENDING with its liaison, handler and leader, each told by WeCom under their own id."""

    def __init__(self, desk: Hotline) -> None:
        self.desk = desk
        self.web = Web(desk)
        self.unit = ""

    async def move_in(self) -> "House":
        self.unit = lead_staff(await self.desk.open(contact="13700137000")).unit
        async with self.desk.database.transaction() as tx:
            for who, name in NAMES.items():
                member = Staff(who, who, name, frozenset({ROLES[who]}), self.unit)
                await StaffStore().add(tx, member, "x", self.desk.clock.now())
            other = next(unit.code for unit in self.desk.lookup.units() if unit.code != self.unit)
            member = Staff("stranger", "stranger", "外人", frozenset({Role.LIAISON}), other)
            await StaffStore().add(tx, member, "x", self.desk.clock.now())
        for who in ("liaison", "leader"):
            await self.web("PUT", "my/notices", self.person(who), {"ways": {"wecom": who}})
        return self

    def person(self, who: str) -> Principal:
        return Principal(Kind.STAFF, who, NAMES[who], frozenset({ROLES[who]}), self.unit)

    def days(self, since: int, until: int) -> dict[str, str]:
        today = self.desk.lookup.calendar().local_date(self.desk.clock.now())
        return {"since": str(today + timedelta(days=since)), "until": str(today + timedelta(days=until))}

    async def away(self, who: str, stand_in: str = "", since: int = 0, until: int = 2, *, aware: bool = True) -> Any:
        said = {"stand_in": stand_in, "aware": aware} | self.days(since, until)
        return await self.web("POST", OWN, self.person(who), said)

    async def told(self, who: str) -> list[str]:
        return [mail.text for mail in await self.desk.mails(Address("wecom", "staff", who))]

    async def waits_for(self, who: str) -> int:
        unread: int = (await self.web("GET", "my/notices", self.person(who)))["unread"]
        return unread

    async def open(self, **more: Any) -> Ticket:
        return await self.desk.open(VENDING, AGENT, contact="13900139000", **more)

    async def unreached(self, by: Principal = SUPERVISOR) -> dict[str, dict[str, Any]]:
        page = await self.web("GET", "unreached-units", by, limit=200)
        return {each["unit"]: each for each in page["items"]}

    async def signed_in(self, who: str) -> None:
        async with self.desk.database.transaction() as tx:
            await StaffStore().note_signed_in(tx, who, self.desk.clock.now())


@pytest.fixture
async def house(floor: Floor, clock: ManualClock, city: City) -> House:
    desk = hotline(replace(floor, settings=Settings(channels={"wecom": {}, "sms": {}})), clock, city)
    return await House(desk).move_in()


# -- said by oneself --------------------------------------------------------------------------------------


async def test_an_absence_is_said_listed_and_taken_back_by_oneself(house: House) -> None:
    seen = await house.away("liaison", "handler", 1, 3)
    (one,) = seen["absences"]
    assert (one["stand_in"], one["stand_in_name"], one["now"]) == ("handler", "承办乙", False)
    assert {key: one[key] for key in ("since", "until")} == house.days(1, 3)
    assert {each["id"] for each in seen["colleagues"]} == {"handler", "leader"}
    assert (await house.web("GET", OWN, house.person("handler")))["absences"] == []
    with pytest.raises(NotFound):
        await house.web("DELETE", f"{OWN}/{one['id']}", house.person("leader"))
    assert (await house.web("DELETE", f"{OWN}/{one['id']}", house.person("liaison")))["absences"] == []


@pytest.mark.parametrize("who", ["stranger", "liaison", "nobody"])
async def test_only_somebody_of_the_same_unit_stands_in(house: House, who: str) -> None:
    with pytest.raises(Invalid) as error:
        await house.away("liaison", who)
    assert error.value.fields == {"stand_in": "not_of_the_unit"}


@pytest.mark.parametrize(
    ("since", "until", "wrong"),
    [
        (-3, -1, {"until": "not_in_the_future"}),
        (2, 1, {"until": "before_since"}),
        (-8, 1, {"since": "began_too_long_ago"}),
        (0, 366, {"until": "away_too_long"}),
    ],
)
async def test_an_absence_is_of_days_to_come_and_of_a_year_at_most(
    house: House, since: int, until: int, wrong: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as error:
        await house.away("liaison", "handler", since, until)
    assert error.value.fields == wrong
    await house.away("liaison", "handler", -6, 359)


async def test_the_same_days_are_said_once_and_whoever_is_away_stands_in_for_nobody(house: House) -> None:
    await house.away("handler", "", 3, 5)
    with pytest.raises(Invalid) as error:
        await house.away("handler", "liaison", 5, 8)
    assert error.value.fields == {"since": "away_then_already"}
    with pytest.raises(Invalid) as error:
        await house.away("liaison", "handler", 0, 3)
    assert (error.value.fields, error.value.data["name"]) == ({"stand_in": "stand_in_away"}, "承办乙")
    await house.away("handler", "", 6, 8)
    await house.away("liaison", "handler", 0, 2)
    path = f"units/{house.unit}/approval/deputies"
    with pytest.raises(Invalid) as error:
        await house.web("POST", path, house.person("leader"), {"deputy": "handler"} | house.days(4, 4))
    assert error.value.fields == {"deputy": "stand_in_away"}


async def test_whoever_is_counted_on_is_told_so_before_going_away_too(house: House) -> None:
    await house.away("liaison", "handler", 0, 5)
    (counts,) = (await house.web("GET", OWN, house.person("handler")))["stands_in_for"]
    assert (counts["name"], counts["now"]) == ("联络甲", True)
    with pytest.raises(Invalid) as error:
        await house.away("handler", "leader", 2, 3, aware=False)
    assert error.value.fields == {"aware": "stands_in_then"}
    await house.away("handler", "leader", 6, 7, aware=False)
    await house.away("handler", "leader", 2, 3)
    house.desk.clock.advance(timedelta(days=2))
    ticket = await house.open()
    assert (await house.desk.act(ticket, Action.ACCEPT, house.person("leader"))).state is State.ACCEPTED


async def test_the_hotlines_own_people_have_none(house: House) -> None:
    with pytest.raises(NotAllowed):
        await house.web("GET", OWN, DISPATCHER)


# -- notices meanwhile ------------------------------------------------------------------------------------


async def test_notices_go_to_whoever_stands_in_until_one_is_back(house: House) -> None:
    await house.away("liaison", "leader", 0, 1)
    await house.open(urgency=Urgency.P1)
    assert (await house.told("liaison"), len(await house.told("leader"))) == ([], 1)
    assert await house.waits_for("liaison") == 0
    house.desk.clock.advance(timedelta(days=2))
    await house.open(urgency=Urgency.P1)
    assert (len(await house.told("liaison")), len(await house.told("leader"))) == (1, 1)


async def test_without_anybody_who_stands_in_the_leader_is_told(house: House) -> None:
    before = await house.waits_for("leader")
    await house.away("liaison")
    ticket = await house.open(urgency=Urgency.P1)
    (text,) = await house.told("leader")
    assert ticket.number in text
    assert await house.told("liaison") == []
    assert await house.waits_for("leader") == before + 1


async def test_what_waited_for_the_digest_goes_to_whoever_is_there_by_then(house: House) -> None:
    ticket = await house.open()
    await house.away("liaison", "leader")
    await house.desk.room.reaching.digest()
    (text,) = await house.told("leader")
    assert ticket.number in text
    assert await house.told("liaison") == []


async def test_what_was_not_read_in_time_goes_to_whoever_is_there_by_then(house: House) -> None:
    ways = {"wecom": "liaison", "sms": "13800138001"}
    await house.web("PUT", "my/notices", house.person("liaison"), {"ways": ways, "preferred": "wecom"})
    await house.open(urgency=Urgency.P1)
    await house.away("liaison", "leader")
    house.desk.clock.advance(timedelta(minutes=11))
    await house.desk.room.reaching.look_after()
    assert len(await house.told("leader")) == 1
    assert await house.desk.mails(Address("sms", "staff", "13800138001")) == []


async def test_reminders_of_what_is_no_ticket_go_there_as_well(house: House) -> None:
    await house.away("liaison", "leader")
    async with house.desk.database.transaction() as tx:
        assert await house.desk.room.tickets.remind_unit(tx, house.unit, "条目待核对", "待核对", "/unit") == 1
    assert await house.told("leader") == ["条目待核对"]


async def test_whoever_stands_in_and_has_left_the_unit_is_told_no_more(house: House) -> None:
    await house.away("liaison", "handler")
    async with house.desk.database.transaction() as tx:
        account = await house.desk.directory.staffing.one(tx, "handler")
        await house.desk.directory.staffing.set_active(tx, account.staff.id, active=False, by=ADMIN)
    await house.open(urgency=Urgency.P1)
    assert len(await house.told("leader")) == 1


async def test_who_stands_in_for_a_leader_approves_and_for_a_liaison_does_not(house: House) -> None:
    await house.desk.approve_inside(house.unit)
    ticket = await house.open()
    await house.desk.to_review(ticket)
    await house.away("liaison", "handler")
    with pytest.raises(NotAllowed):
        await house.desk.act(ticket, Action.APPROVE, house.person("handler"))
    assert (await house.web("GET", f"units/{house.unit}/approval", house.person("leader")))["deputies"] == []
    await house.away("leader", "handler")
    assert (await house.desk.act(ticket, Action.APPROVE, house.person("handler"))).state is State.REVIEW


async def test_whoever_approves_for_the_leader_is_told_what_waits_and_the_handler_what_was_sent_back(
    house: House,
) -> None:
    await house.desk.approve_inside(house.unit)
    ticket = await house.open(urgency=Urgency.P1)
    await house.desk.to_review(ticket)
    assert (await house.told("leader"))[-1].startswith(f"【紧急】工单{ticket.number}：办理结果待内审。")
    await house.desk.act(ticket, Action.REDO_INSIDE, house.person("leader"), reason="请补充现场办理照片")
    assert (await house.told("liaison"))[-1].startswith(f"【紧急】工单{ticket.number}：内审退回。")
    async with house.desk.database.reading() as tx:
        lines = [text for _, _, text in await notices_of(tx, ticket.id)]
    assert f"工单{ticket.number}内审退回：请补充现场办理照片" in lines
    await house.away("leader", "liaison")
    told, waits = len(await house.told("leader")), await house.waits_for("liaison")
    await house.desk.act(ticket, Action.SUBMIT_RESULT, lead_staff(ticket), **RESULT)
    assert len(await house.told("leader")) == told
    assert "办理结果待内审" in (await house.told("liaison"))[-1]
    assert await house.waits_for("liaison") == waits + 1


async def test_an_ordinary_result_waits_for_the_leaders_digest_and_none_is_told_where_nobody_approves(
    house: House,
) -> None:
    ticket = await house.open()
    await house.desk.to_review(ticket)
    assert await house.waits_for("leader") == 0
    await house.desk.approve_inside(house.unit)
    ticket = await house.open()
    await house.desk.to_review(ticket)
    assert (await house.told("leader"), await house.waits_for("leader")) == ([], 1)
    await house.desk.room.reaching.digest()
    assert "办理结果待内审1件" in (await house.told("leader"))[-1]


async def test_a_leader_who_named_a_deputy_is_stood_in_for_and_sees_it_among_their_absences(house: House) -> None:
    path = f"units/{house.unit}/approval/deputies"
    await house.web("POST", path, house.person("leader"), {"deputy": "liaison"} | house.days(0, 1))
    assert len((await house.web("GET", OWN, house.person("leader")))["absences"]) == 1
    ticket = await house.open()
    await house.desk.act(ticket, SideAction.SUPERVISE, SUPERVISOR, reason="群众多次反映")
    assert await house.told("leader") == []
    assert len(await house.told("liaison")) == 1


# -- units nobody answers for -----------------------------------------------------------------------------


async def test_a_unit_whose_people_are_all_away_is_listed_with_its_work(house: House) -> None:
    assert house.unit not in await house.unreached()
    await house.away("liaison", "handler")
    await house.away("handler", "leader")
    assert house.unit not in await house.unreached()
    await house.away("leader")
    found = (await house.unreached(ADMIN))[house.unit]
    assert (found["why"], found["people"], found["away"], found["open"]) == ("away", 3, 3, 1)
    assert found["name"] == house.desk.lookup.unit(house.unit).name


async def test_a_unit_told_on_no_way_is_listed_once_nobody_came_in_for_the_days_that_are_set(house: House) -> None:
    for who in ("liaison", "leader"):
        await house.web("PUT", "my/notices", house.person(who), {"ways": {}})
    found = (await house.unreached())[house.unit]
    assert (found["why"], found["seen_at"]) == ("unseen", None)
    await house.signed_in("handler")
    assert house.unit not in await house.unreached()
    house.desk.clock.advance(timedelta(days=6))
    assert house.unit not in await house.unreached()
    house.desk.clock.advance(timedelta(days=2))
    assert (await house.unreached())[house.unit]["seen_at"]
    values = {"unseen_after": {"kind": "days", "amount": 30}}
    today = house.desk.lookup.calendar().local_date(house.desk.clock.now())
    await house.web("POST", "limits", ADMIN, order(today, values=values))
    assert house.unit not in await house.unreached()


async def test_a_unit_nobody_has_come_to_use_yet_is_listed_last_and_as_that(house: House) -> None:
    for who in ("liaison", "leader"):
        await house.web("PUT", "my/notices", house.person(who), {"ways": {}})
    page = (await house.web("GET", "unreached-units", SUPERVISOR, limit=200))["items"]
    assert [(each["unit"] == house.unit, each["why"]) for each in page] == [(True, "unseen"), (False, "unused")]
    await house.signed_in("stranger")
    house.desk.clock.advance(timedelta(days=9))
    assert {each["why"] for each in (await house.unreached()).values()} == {"unseen"}


async def test_a_unit_without_any_account_is_listed_where_work_lies_there(house: House) -> None:
    power, silent = set(house.desk.lookup.unit(house.unit).powers), await house.unreached()
    units = house.desk.lookup.units()
    other = next(u for u in units if u.code not in {house.unit, *silent} and power <= set(u.powers))
    ticket = await house.open()
    await house.desk.act(
        ticket, Action.REASSIGN, DISPATCHER, unit=other.code, reason="另有主责", beyond_area="区级事权"
    )
    found = (await house.unreached())[other.code]
    assert (found["why"], found["people"], found["open"]) == ("nobody", 0, 1)


async def test_a_unit_whose_own_system_is_told_is_reached(house: House) -> None:
    for who in NAMES:
        await house.away(who)
    assert house.unit in await house.unreached()
    hook = {"url": "https://hooks.example.gov.cn/12345", "unit": house.unit}
    made = await house.web("POST", "webhooks", ADMIN, hook)
    assert house.unit not in await house.unreached()
    await house.web("PATCH", f"webhooks/{made['webhook']['id']}", ADMIN, {"active": False})
    assert house.unit in await house.unreached()


async def test_only_who_watches_over_units_sees_them(house: House) -> None:
    with pytest.raises(NotAllowed):
        await house.unreached(house.person("leader"))
