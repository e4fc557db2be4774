"""Units are renamed, merged, split and closed while they have open tickets: every ticket stays owned."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest

from directory.model import Level, Part, UnitChange, UnitChangeKind, UnitOrder
from directory.store import reference
from kernel.clock import ManualClock
from kernel.errors import Conflict, Invalid, NotFound
from kernel.people import Principal, Role
from kernel.room import Floor
from tests.ticketing.city import (
    AGENT,
    BAD,
    CALLBACK,
    DISPATCHER,
    GOOD,
    SUPERVISOR,
    City,
    Hotline,
    address,
    hotline,
    lead_staff,
    link,
    staff,
)
from tests.ticketing.test_api import Web
from ticketing.model.acting import Form
from ticketing.model.labels import (
    Action,
    AssignmentRole,
    RequestKind,
    RequestState,
    ReturnReason,
    SideAction,
    State,
    TicketKind,
)
from ticketing.model.ticket import Draft, Ticket
from ticketing.queries import View, ViewName, limited
from ticketing.rules.invariants import check, every_clock
from ticketing.store import follow as rows
from ticketing.store.follow import Follow
from ticketing.store.notices import notices_of

K = UnitChangeKind
AREA = "440608"  # the district whose units change here
LABOUR, SCHOOLS, MARKET = "GM-RS", "GM-JY", "GM-SJ"
WAGES = "GM-LD"  # the unit that is split off


def called(desk: Hotline, unit: str) -> str:
    return desk.lookup.unit(unit).name


def everything(desk: Hotline, unit: str, into: str) -> Part:
    """A part that takes over all another unit has."""
    given = desk.lookup.unit(unit)
    return Part(into, functions=given.functions, powers=given.powers)


def merge(desk: Hotline) -> UnitOrder:
    """The bureau of schools goes up in that of labour."""
    return UnitOrder(K.MERGE, (LABOUR, SCHOOLS), (everything(desk, SCHOOLS, LABOUR),), "机构改革")


def split(desk: Hotline, *kept: str) -> UnitOrder:
    """A team of its own for labour law; the bureau keeps the rest, and what is ``kept`` besides."""
    bureau = desk.lookup.unit(LABOUR)
    rest = tuple(function for function in bureau.functions if function != "labour")
    team = Part(WAGES, "劳动监察大队", "监察大队", Level.DISTRICT, AREA, (), ("labour",), bureau.powers, LABOUR)
    return UnitOrder(K.SPLIT, (LABOUR,), (Part(LABOUR, functions=(*rest, *kept), powers=bureau.powers), team),
                     "分设执法大队", LABOUR)  # fmt: skip


@pytest.fixture
async def city_desk(desk: Hotline) -> Hotline:
    """A hotline whose directory can be changed."""
    await desk.load_city()
    return desk


async def told(desk: Hotline, matter: str, user: str = "one", area: str = AREA) -> Ticket:
    """A complaint about a matter in the district, with its unit."""
    ticket = await desk.open(
        f"请处理{user}", AGENT, matter=matter, area=area, place="高明区", address=address(user), conversation=""
    )
    assert ticket.lead is not None
    return ticket


async def followed(desk: Hotline) -> None:
    """All that has to follow follows."""
    while await desk.room.following.step():
        pass


async def inbox(desk: Hotline, by: Principal) -> list[str]:
    async with desk.database.reading() as tx:
        page = await desk.room.queries.find(tx, limited(View(ViewName.INBOX), by))
    return [each.number for each in page.items]


async def is_whole(desk: Hotline, *tickets: Ticket) -> None:
    for each in tickets:
        ticket = await desk.now(each)
        async with desk.database.reading() as tx:
            assert check(ticket, await desk.room.queries.history(tx, ticket)) == []


async def history(desk: Hotline, ticket: Ticket) -> list[tuple[str, str]]:
    async with desk.database.reading() as tx:
        return [(record.what, record.why) for record in await desk.room.queries.history(tx, ticket)]


def liaison(unit: str) -> Principal:
    return staff(Role.LIAISON, unit=unit)


async def test_open_tickets_follow_to_the_successor_with_clocks_as_they_were(city_desk: Hotline) -> None:
    ticket = await told(city_desk, "tutoring")
    city_desk.clock.advance(timedelta(hours=3))
    change = await city_desk.reorganise(merge(city_desk))
    assert change.tickets == 1
    await followed(city_desk)
    moved = await city_desk.now(ticket)
    assert moved.lead is not None
    assert moved.lead.unit == LABOUR
    assert every_clock(moved) == every_clock(ticket)
    assert (moved.lead.id, moved.lead.opened, moved.state) == (ticket.lead.id, ticket.lead.opened, ticket.state)  # type: ignore[union-attr]
    assert (await history(city_desk, moved))[-1] == (
        "follow_unit", f"机构调整：{called(city_desk, SCHOOLS)}→{called(city_desk, LABOUR)}"
    )  # fmt: skip
    assert await inbox(city_desk, liaison(LABOUR)) == [ticket.number]
    await is_whole(city_desk, moved)
    fact = (await city_desk.facts(ticket))[-1].fact
    assert (fact.what, fact.by) == (SideAction.FOLLOW_UNIT, "system")
    await followed(city_desk)
    assert (await city_desk.now(ticket)).version == moved.version


async def test_the_unit_of_before_works_on_until_its_tickets_have_followed(city_desk: Hotline) -> None:
    ticket = await told(city_desk, "tutoring")
    await city_desk.reorganise(merge(city_desk))
    mover = liaison(LABOUR)
    assert await inbox(city_desk, mover) == [ticket.number]
    shown = await Web(city_desk)("GET", f"tickets/{ticket.number}", mover)
    assert Action.ACCEPT.value in {each["action"] for each in shown["actions"]}
    accepted = await city_desk.act(ticket, Action.ACCEPT, mover)
    assert (accepted.state, accepted.lead.unit if accepted.lead else "") == (State.ACCEPTED, LABOUR)
    assert [what for what, _ in await history(city_desk, ticket)][-2:] == ["follow_unit", "accept"]
    await followed(city_desk)
    assert (await city_desk.now(ticket)).version == accepted.version


async def test_parts_requests_and_notices_follow_and_one_unit_has_one_part(city_desk: Hotline) -> None:
    ticket = await told(city_desk, "tutoring")
    await city_desk.act(ticket, SideAction.ADD_SUPPORTING, DISPATCHER, unit=LABOUR, reason="涉及用工")
    async with city_desk.database.transaction() as tx:
        await city_desk.room.tickets.ask(
            tx, ticket.number, RequestKind.EXTENSION,
            Form(reason="需要核查", new_due=ticket.lead.clock.due + timedelta(days=1)), lead_staff(ticket),  # type: ignore[union-attr]
        )  # fmt: skip
        await city_desk.room.tickets.ask(
            tx, ticket.number, RequestKind.RETURN,
            Form(reason_code=ReturnReason.OTHER_LEAD.value, suggested_unit=LABOUR, clause="三定方案"),
            lead_staff(ticket),
        )  # fmt: skip
    await city_desk.reorganise(merge(city_desk))
    await followed(city_desk)
    moved = await city_desk.now(ticket)
    assert [(part.role, part.unit) for part in moved.assignments if part.open] == [(AssignmentRole.LEAD, LABOUR)]
    extension, back = moved.requests
    assert (extension.unit, extension.state) == (LABOUR, RequestState.OPEN)
    assert (back.unit, back.state) == (LABOUR, RequestState.LAPSED)
    async with city_desk.database.reading() as tx:
        assert {unit for _, unit, _ in await notices_of(tx, ticket.id)} == {LABOUR}
    await is_whole(city_desk, moved)
    async with city_desk.database.transaction() as tx:
        granted = await city_desk.room.tickets.decide(tx, ticket.number, extension.id, True, Form(), DISPATCHER)
    assert granted.requests[0].state is RequestState.GRANTED


async def test_a_split_divides_open_tickets_by_the_duty_they_fall_under(city_desk: Hotline) -> None:
    wages = await told(city_desk, "wage-arrears", "a")
    pension = await told(city_desk, "pension", "b")
    preview = await city_desk.preview(split(city_desk))
    assert [(f.ticket, f.source, f.target) for f in preview.follows] == [(wages.id, LABOUR, WAGES)]
    await city_desk.reorganise(split(city_desk))
    after_it = await told(city_desk, "overtime", "c")
    await followed(city_desk)
    for ticket, unit in ((wages, WAGES), (pension, LABOUR), (after_it, WAGES)):
        now = await city_desk.now(ticket)
        assert now.lead is not None
        assert now.lead.unit == unit
    await is_whole(city_desk, wages, pension)


async def test_what_a_split_cannot_decide_goes_to_the_unit_named_for_it(city_desk: Hotline) -> None:
    ticket = await told(city_desk, "pension")
    await city_desk.act(ticket, Action.REASSIGN, DISPATCHER, unit=SCHOOLS, reason="特事特办", basis="会议纪要")
    new = replace(everything(city_desk, SCHOOLS, "GM-JD"), name="教育督导室", short_name="督导室", level=Level.DISTRICT,
                  area=AREA)  # fmt: skip
    other = Part(MARKET)
    await city_desk.reorganise(UnitOrder(K.SPLIT, (SCHOOLS,), (new, other), "撤并", MARKET))
    await followed(city_desk)
    now = await city_desk.now(ticket)
    assert now.lead is not None
    assert now.lead.unit == MARKET


async def test_those_a_split_leaves_behind_can_finish_what_they_are_at(city_desk: Hotline) -> None:
    wages = await told(city_desk, "wage-arrears")
    await city_desk.reorganise(split(city_desk))
    accepted = await city_desk.act(wages, Action.ACCEPT, liaison(LABOUR))
    assert (accepted.lead.unit if accepted.lead else "", accepted.state) == (LABOUR, State.ACCEPTED)
    started = await city_desk.act(wages, Action.START, liaison(WAGES), no_contact_reason="匿名无法联系诉求人")
    assert (started.lead.unit if started.lead else "", started.state) == (WAGES, State.IN_PROGRESS)
    with pytest.raises(NotFound):
        await city_desk.act(
            wages,
            SideAction.LOG_CONTACT,
            liaison(LABOUR),
            contacted_at=city_desk.clock.now(),
            contact_how="用办公座机打通并核对了情况",
        )


async def test_a_change_that_would_leave_a_duty_without_a_lead_is_refused_with_the_list(city_desk: Hotline) -> None:
    dropped = UnitOrder(K.CLOSE, ("FS-GJ",), (Part("FS-MZ"),), "撤销")
    broken = (await city_desk.preview(dropped)).standing.broken
    assert {each.matter.function for each in broken} == {"fund"}
    assert {each.town for each in broken} == set(city_desk.lookup.areas(Level.TOWN))
    with pytest.raises(Conflict) as caught:
        await city_desk.reorganise(dropped)
    assert (caught.value.code, caught.value.data["count"]) == ("duties_broken", len(broken))
    assert city_desk.lookup.unit("FS-GJ").active


async def test_a_change_that_would_give_a_duty_two_leads_is_refused(city_desk: Hotline) -> None:
    twice = split(city_desk, "labour")
    broken = (await city_desk.preview(twice)).standing.broken
    assert {each.leads for each in broken} == {(LABOUR, WAGES)}
    with pytest.raises(Conflict):
        await city_desk.reorganise(twice)


async def test_a_preview_changes_nothing_and_says_who_leads_what_afterwards(city_desk: Hotline) -> None:
    ticket = await told(city_desk, "tutoring")
    preview = await city_desk.preview(merge(city_desk))
    (shift,) = preview.standing.shifts
    assert (shift.before, shift.after, preview.standing.broken) == (SCHOOLS, LABOUR, ())
    assert (await city_desk.now(ticket)).version == ticket.version
    assert city_desk.lookup.unit(SCHOOLS).active


async def test_closed_tickets_keep_the_name_and_open_ones_read_the_new_one(city_desk: Hotline) -> None:
    closed = await told(city_desk, "tutoring", "a")
    await city_desk.to_reply(closed)
    await city_desk.act(closed, Action.RATE, link(closed), **GOOD)
    still = await told(city_desk, "school-fee", "b")
    city_desk.clock.advance(timedelta(days=1))
    before = called(city_desk, SCHOOLS)
    rename = UnitOrder(K.RENAME, (SCHOOLS,), (Part(SCHOOLS, "高明区教育和体育局"),), "更名")
    assert (await city_desk.reorganise(rename)).tickets == 0
    rows = (await Web(city_desk)("GET", "tickets", DISPATCHER))["items"]
    assert {row["number"]: row["unit_name"] for row in rows} == {
        closed.number: before,
        still.number: "高明区教育和体育局",
    }
    assert before in city_desk.lookup.names_of(SCHOOLS)


async def test_a_closed_ticket_is_read_by_the_successor_and_handled_again_there(city_desk: Hotline) -> None:
    ticket = await told(city_desk, "tutoring")
    await city_desk.to_reply(ticket)
    await city_desk.act(ticket, Action.RATE, link(ticket), **BAD)
    await city_desk.reorganise(merge(city_desk))
    await followed(city_desk)
    unchanged = await city_desk.now(ticket)
    assert unchanged.lead is not None
    assert unchanged.lead.unit == SCHOOLS
    async with city_desk.database.reading() as tx:
        assert await city_desk.room.queries.by_number(tx, ticket.number, liaison(LABOUR)) == unchanged
    again = await city_desk.act(ticket, Action.REHANDLE, CALLBACK, reason_code="unsolved")
    assert (again.lead.unit if again.lead else "", again.state) == (LABOUR, State.REHANDLE)
    await is_whole(city_desk, again)


async def test_the_citizen_reads_who_had_it_and_who_has_it(city_desk: Hotline) -> None:
    ticket = await told(city_desk, "tutoring")
    city_desk.clock.advance(timedelta(hours=1))
    await city_desk.reorganise(merge(city_desk))
    await followed(city_desk)
    page = await Web(city_desk)("GET", "track/x", link(ticket))
    before, now = called(city_desk, SCHOOLS), called(city_desk, LABOUR)
    assert page["unit_name"] == now
    assert [(line["label"], line["note"]) for line in page["timeline"]][-2:] == [
        ("已交承办单位", before),
        ("机构调整", f"{before}→{now}"),
    ]


async def test_work_cannot_be_given_to_a_unit_that_is_no_more(city_desk: Hotline) -> None:
    ticket = await told(city_desk, "pension")
    await city_desk.reorganise(merge(city_desk))
    with pytest.raises(Invalid) as caught:
        await city_desk.act(ticket, Action.REASSIGN, DISPATCHER, unit=SCHOOLS, reason="另有主责", basis="依据")
    assert caught.value.fields == {"unit": "unit_retired"}


async def test_a_second_change_takes_along_what_has_not_followed_the_first(city_desk: Hotline) -> None:
    ticket = await told(city_desk, "tutoring")
    await city_desk.reorganise(merge(city_desk))
    closing = everything(city_desk, LABOUR, MARKET)
    change = await city_desk.reorganise(UnitOrder(K.CLOSE, (LABOUR,), (closing,), "再次调整"))
    assert change.tickets == 1
    await followed(city_desk)
    now = await city_desk.now(ticket)
    assert now.lead is not None
    assert now.lead.unit == MARKET
    assert (await history(city_desk, now))[-1][
        1
    ] == f"机构调整：{called(city_desk, SCHOOLS)}→{called(city_desk, MARKET)}"
    await is_whole(city_desk, now)


async def test_another_process_that_has_not_heard_of_it_gives_new_tickets_to_the_successor(
    city_desk: Hotline, floor: Floor, clock: ManualClock, city: City
) -> None:
    other = hotline(floor, clock, city)
    await other.lookup.load()
    await city_desk.reorganise(merge(city_desk))
    assert other.lookup.unit(SCHOOLS).active
    ticket = await told(other, "tutoring")
    assert ticket.lead is not None
    assert ticket.lead.unit == LABOUR


async def test_a_change_waits_for_whoever_is_deciding_and_takes_their_ticket_along(city_desk: Hotline) -> None:
    decided = asyncio.Event()

    async def change() -> UnitChange:
        await decided.wait()
        return await city_desk.reorganise(merge(city_desk))

    changing = asyncio.create_task(change())
    draft = Draft(TicketKind.COMPLAINT, "校外培训", matter="tutoring", area=AREA, place="高明区", address=address("d"))
    async with city_desk.database.transaction() as tx:
        ticket = await city_desk.room.tickets.open(tx, draft, AGENT)
        decided.set()
        waited, _ = await asyncio.wait([changing], timeout=0.3)
        assert not waited
    assert (await changing).tickets == 1
    await followed(city_desk)
    assert await _leads(city_desk, [ticket]) == [LABOUR]


async def test_what_was_cut_off_goes_on_where_it_stopped(
    city_desk: Hotline, floor: Floor, clock: ManualClock, city: City
) -> None:
    tickets = [await told(city_desk, "tutoring", f"u{n}") for n in range(4)]
    await city_desk.reorganise(merge(city_desk))
    for each in tickets[:2]:
        await city_desk.room.following._one(each.number)
    assert await _leads(city_desk, tickets) == [LABOUR, LABOUR, SCHOOLS, SCHOOLS]
    again = hotline(floor, clock, city)
    await again.lookup.load()
    await followed(again)
    assert set(await _leads(again, tickets)) == {LABOUR}
    for each in tickets:
        assert [what for what, _ in await history(again, each)].count("follow_unit") == 1
    await is_whole(again, *tickets)


async def test_a_ticket_that_cannot_follow_does_not_hold_up_the_others(city_desk: Hotline) -> None:
    first, second = await told(city_desk, "wage-arrears", "a"), await told(city_desk, "tutoring", "b")
    change = await city_desk.reorganise(merge(city_desk))
    async with city_desk.database.transaction() as tx:
        await rows.add(tx, [Follow(first.id, LABOUR, "nobody")], change.id, city_desk.clock.now())
    await followed(city_desk)
    assert await _leads(city_desk, (first, second)) == [LABOUR, LABOUR]
    async with city_desk.database.transaction() as tx:
        assert await rows.left(tx) == {change.id: 1}
        assert await rows.next_numbers(tx, city_desk.clock.now(), 10) == []
        await rows.add(tx, [Follow(first.id, LABOUR, MARKET)], change.id, city_desk.clock.now())
    await followed(city_desk)
    assert await _leads(city_desk, (first, second)) == [MARKET, LABOUR]


async def test_a_waiting_ticket_is_offered_the_units_there_are(city_desk: Hotline) -> None:
    recalled = await told(city_desk, "tutoring", "r")
    await city_desk.act(recalled, Action.RECALL, SUPERVISOR, reason="重新研判")
    await city_desk.reorganise(merge(city_desk))
    shown = await Web(city_desk)("GET", f"tickets/{recalled.number}", DISPATCHER)
    assert [each["unit"] for each in shown["decision"]["candidates"]] == [LABOUR]


async def test_files_do_not_retire_units_with_open_tickets(city_desk: Hotline) -> None:
    await told(city_desk, "tutoring", "a")
    await told(city_desk, "school-fee", "b")
    data = city_desk.lookup._reference.data
    shorter = replace(data, units=tuple(unit for unit in data.units if unit.code != SCHOOLS))
    held = city_desk.room.following.held
    async with city_desk.database.transaction() as tx:
        with pytest.raises(Conflict) as caught:
            await city_desk.directory.importer.keep(tx, shorter, held)
        assert caught.value.current == {SCHOOLS: 2}
    await city_desk.reorganise(merge(city_desk))
    async with city_desk.database.transaction() as tx:
        assert await held(tx, [LABOUR, SCHOOLS]) == {LABOUR: 2}
    await followed(city_desk)
    async with city_desk.database.transaction() as tx:
        assert await held(tx, [LABOUR, SCHOOLS]) == {LABOUR: 2}


async def test_what_files_retired_without_a_successor_is_handled_again_by_whoever_coordinates(
    city_desk: Hotline,
) -> None:
    ticket = await told(city_desk, "tutoring")
    await city_desk.to_reply(ticket)
    await city_desk.act(ticket, Action.RATE, link(ticket), **BAD)
    data = city_desk.lookup._reference.data
    shorter = replace(data, units=tuple(unit for unit in data.units if unit.code != SCHOOLS))
    async with city_desk.database.transaction() as tx:
        await city_desk.directory.importer.keep(tx, shorter, city_desk.room.following.held)
    again = await city_desk.act(ticket, Action.REHANDLE, CALLBACK, reason_code="unsolved")
    (coordinating,) = city_desk.lookup.units_at("coordination", AREA)
    assert (again.lead.unit if again.lead else "", again.state) == (coordinating.code, State.REHANDLE)


async def test_the_change_is_of_the_version_that_was_previewed(city_desk: Hotline) -> None:
    async with city_desk.database.reading() as tx:
        version = await reference.version(tx)
    await city_desk.reorganise(merge(city_desk))
    with pytest.raises(Conflict) as caught:
        await city_desk.reorganise(split(city_desk), version=version)
    assert caught.value.code == "directory_changed"


async def _leads(desk: Hotline, tickets: Collection[Ticket]) -> list[str]:
    found = [(await desk.now(each)).lead for each in tickets]
    return [lead.unit if lead else "" for lead in found]
