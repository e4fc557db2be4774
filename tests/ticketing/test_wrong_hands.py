"""To whom nothing is given: units that do not exist, those beside or above, those a matter is against."""

import pytest

from directory.staffing import NewStaff
from kernel.errors import Invalid
from kernel.people import Role
from tests.ticketing.city import ADMIN, AGENT, DISPATCHER, LITTER, Hotline, lead_staff
from tests.ticketing.test_api import Web, web
from ticketing.model.acting import Form
from ticketing.model.labels import Action, RequestKind, SideAction, State, TicketKind

__all__ = ["web"]

BRIBES = "举报祖庙街道办事处工作人员收红包后放任占道经营"


@pytest.mark.parametrize("unit", ["NH-ZF", "CC-CG", "CC-SW"])
async def test_what_is_handed_down_goes_below_and_neither_up_nor_sideways(desk: Hotline, unit: str) -> None:
    ticket = await desk.open(LITTER, matter="litter")
    ours = lead_staff(ticket)
    await desk.act(ticket, Action.ACCEPT, ours)
    with pytest.raises(Invalid) as raised:
        await desk.act(ticket, SideAction.SUB_DISPATCH, ours, unit=unit)
    assert raised.value.fields == {"unit": "not_below"}
    await desk.act(ticket, SideAction.SUB_DISPATCH, ours, unit="CC-ZM-CAD")


@pytest.mark.parametrize("action", [SideAction.SUB_DISPATCH, SideAction.ADD_SUPPORTING])
async def test_a_unit_that_does_not_exist_gets_no_work(desk: Hotline, action: SideAction) -> None:
    ticket = await desk.open()
    by = lead_staff(ticket) if action is SideAction.SUB_DISPATCH else DISPATCHER
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    with pytest.raises(Invalid) as raised:
        await desk.act(ticket, action, by, unit="NOPE", reason="x")
    assert raised.value.fields == {"unit": "unknown"}


async def test_a_return_does_not_suggest_a_unit_that_does_not_exist(desk: Hotline) -> None:
    ticket = await desk.open()
    form = Form(reason_code="not_our_duty", clause="三定", suggested_unit="NOPE")
    async with desk.database.transaction() as tx:
        with pytest.raises(Invalid) as raised:
            await desk.room.tickets.ask(tx, ticket.number, RequestKind.RETURN, form, lead_staff(ticket))
    assert raised.value.fields == {"suggested_unit": "unknown"}


async def test_no_person_gives_a_matter_to_the_unit_it_is_against(desk: Hotline) -> None:
    ticket = await desk.open(BRIBES, kind=TicketKind.REPORT)
    assert ticket.state is State.TRIAGE
    with pytest.raises(Invalid) as raised:
        await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit="CC-ZM", basis="属地")
    assert raised.value.fields == {"unit": "named_in_matter"}
    with pytest.raises(Invalid) as raised:
        await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit="CC-CG", supporting=("CC-ZM",), basis="上级")
    assert raised.value.fields == {"supporting": "named_in_matter"}
    sent = await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit="CC-CG", basis="上级单位办理")
    with pytest.raises(Invalid) as raised:
        await desk.act(sent, SideAction.ADD_SUPPORTING, DISPATCHER, unit="CC-ZM", reason="属地配合")
    assert raised.value.fields == {"unit": "named_in_matter"}
    with pytest.raises(Invalid) as raised:
        await desk.act(sent, Action.REASSIGN, DISPATCHER, unit="CC-ZM", reason="属地办理")
    assert raised.value.fields == {"unit": "named_in_matter"}


async def test_a_supervisor_named_beyond_the_limit_is_an_account_and_not_just_a_word(desk: Hotline) -> None:
    ticket = await desk.open()
    for _ in range(2):
        await desk.act(ticket, SideAction.URGE, AGENT)
    with pytest.raises(Invalid) as raised:
        await desk.act(ticket, SideAction.URGE, AGENT, supervisor="不存在的人")
    assert raised.value.fields == {"supervisor": "not_a_supervisor"}
    async with desk.database.transaction() as tx:
        there = await desk.directory.staffing.add(
            tx, NewStaff("du-1", "督办甲", frozenset({Role.SUPERVISOR})), "no hash", ADMIN
        )
    urged = await desk.act(ticket, SideAction.URGE, AGENT, supervisor=there.name)
    assert (urged.supervision, urged.supervisor) == (1, there.id)


async def test_what_was_merged_is_read_by_the_unit_that_works_on_it(web: Web) -> None:
    desk = web.desk
    parent = await desk.open("同济路东侧的路灯不亮，晚上看不见路")
    child = await desk.open("同济路东侧路灯不亮，而且灯杆下面有裸露的电线")
    child = await desk.act(child, Action.MERGE, DISPATCHER, parent=parent.number, reason="同一处路灯")
    seen = await web("GET", f"tickets/{parent.number}", lead_staff(parent))
    assert [(each["number"], "裸露的电线" in each["text"]) for each in seen["merged"]] == [(child.number, True)]
    await desk.act(child, Action.UNMERGE, DISPATCHER, reason="另有隐患")
    assert (await web("GET", f"tickets/{parent.number}", lead_staff(parent)))["merged"] == []


async def test_only_what_tells_the_same_is_merged_and_nothing_secret_into_the_open(desk: Hotline) -> None:
    lamp = await desk.open("同济路东侧的路灯不亮，晚上看不见路")
    noise = await desk.open("文华公园的广场舞音响吵到半夜", matter="")
    with pytest.raises(Invalid) as raised:
        await desk.act(noise, Action.MERGE, DISPATCHER, parent=lamp.number, reason="一起办")
    assert raised.value.fields == {"parent": "another_matter"}
    secret = await desk.open("举报同济路东侧的路灯不亮，晚上看不见路", kind=TicketKind.REPORT)
    with pytest.raises(Invalid) as raised:
        await desk.act(secret, Action.MERGE, DISPATCHER, parent=lamp.number, reason="一起办")
    assert raised.value.fields == {"parent": "guarded_otherwise"}
