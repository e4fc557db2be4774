"""Enforcement never goes to a unit without the power: whoever dispatches says what it is about, and that is checked."""

from dataclasses import replace
from typing import Any

import pytest

from kernel.errors import Invalid, NotAllowed
from kernel.people import Principal, Role
from tests.ticketing.city import DISPATCHER, LITTER, SUPERVISOR, Hotline, lead_staff, staff
from tests.ticketing.making import Life
from tests.ticketing.test_api import Web
from ticketing.model.labels import Action, Actor, AssignmentRole, Secrecy, SideAction, State, TicketKind
from ticketing.model.ticket import Ticket

VAGUE = "我要举报，有人长期这样做，请你们查一查"
ENFORCED, PLAIN = "street-vending", "street-lamp"
WITH_POWER, WITHOUT, OTHER = "CC-ZM", "CC-JY", "CC-RS"


@pytest.fixture
def web(desk: Hotline) -> Web:
    return Web(desk)


async def report(desk: Hotline) -> Ticket:
    ticket = await desk.open(VAGUE, kind=TicketKind.REPORT, secrecy=Secrecy.REPORT, place="同济路25号")
    assert (ticket.state, ticket.matter) == (State.TRIAGE, "")
    return ticket


async def send(web: Web, ticket: Ticket, action: str = "dispatch", by: Principal = DISPATCHER, **form: Any) -> Any:
    seen = await web("GET", f"tickets/{ticket.number}", by)
    sent = {"version": seen["version"], "form": form}
    return await web("POST", f"tickets/{ticket.number}/actions/{action}", by, sent)


@pytest.mark.parametrize("action", [Action.DISPATCH, Action.REASSIGN])
def test_a_report_without_a_matter_goes_to_nobody_whatever_basis_is_written(action: Action) -> None:
    life = Life(TicketKind.REPORT).to(State.TRIAGE)
    if action is Action.REASSIGN:
        life.do(Action.DISPATCH, Actor.DISPATCHER, unit="unit-a", basis="领导批示", matter="m")
        life.ticket = replace(life.ticket, matter="")
    with pytest.raises(Invalid) as raised:
        life.do(action, Actor.DISPATCHER, unit="unit-b", basis="领导批示", reason="另行交办")
    assert raised.value.fields == {"matter": "required_of_report"}
    life.do(action, Actor.DISPATCHER, unit="unit-b", basis="领导批示", reason="另行交办", matter="m")
    assert (life.ticket.state, life.ticket.matter) == (State.DISPATCHED, "m")


def test_other_matters_than_reports_may_still_be_sent_on_a_written_basis() -> None:
    life = Life(TicketKind.HELP).to(State.TRIAGE)
    life.do(Action.DISPATCH, Actor.DISPATCHER, unit="unit-a", basis="统筹研判")
    assert life.ticket.state is State.DISPATCHED


async def test_the_form_asks_for_the_matter_and_a_report_cannot_do_without(web: Web) -> None:
    ticket = await report(web.desk)
    seen = await web("GET", f"tickets/{ticket.number}", DISPATCHER)
    (form,) = (each for each in seen["actions"] if each["action"] == "dispatch")
    (field,) = (each for each in form["fields"] if each["name"] == "matter")
    assert (field["type"], field["required"]) == ("matter", True)
    with pytest.raises(Invalid) as raised:
        await send(web, ticket, unit=WITHOUT, basis="领导批示")
    assert raised.value.fields == {"matter": "required_of_report"}


async def test_a_unit_without_the_power_of_the_named_matter_is_refused_whatever_basis_is_written(web: Web) -> None:
    ticket = await report(web.desk)
    known = web.desk.room.catalogue.matter(ENFORCED)
    assert known.needs_power
    assert known.needs_power not in web.desk.lookup.unit(WITHOUT).powers
    with pytest.raises(Invalid) as raised:
        await send(web, ticket, unit=WITHOUT, matter=ENFORCED, basis="领导批示", beyond_area="全区")
    assert raised.value.fields == {"unit": "lacks_power"}
    sent = await send(web, ticket, unit=WITH_POWER, matter=ENFORCED)
    assert (sent["unit"], sent["matter"]) == (WITH_POWER, ENFORCED)


async def test_a_corrected_matter_is_kept_told_and_checked(web: Web) -> None:
    desk = web.desk
    ticket = await desk.open()
    lead = lead_staff(ticket).unit
    assert ticket.matter == ENFORCED
    plain = desk.room.catalogue.matter(PLAIN)
    with pytest.raises(Invalid) as raised:
        await send(
            web, ticket, "reassign", unit=WITHOUT, matter="no-such", reason="事项有误", basis="交办", beyond_area="全区"
        )
    assert raised.value.fields == {"matter": "unknown"}
    moved = await send(
        web, ticket, "reassign", unit=WITHOUT, matter=PLAIN, reason="实为路灯", basis="交办", beyond_area="全区"
    )
    assert (moved["matter"], moved["unit"]) == (PLAIN, WITHOUT)
    assert moved["timeline"][-1]["note"].startswith("实为路灯；事项更正：")
    (told,) = [each for each in await desk.facts(ticket) if each.kind.endswith("MatterCorrected")]
    assert (told.fact.matter, told.fact.previous) == (plain.code, ENFORCED)
    with pytest.raises(Invalid) as raised:
        await send(
            web, ticket, "reassign", unit=OTHER, matter=ENFORCED, reason="改回原单位", basis="交办", beyond_area="全区"
        )
    assert raised.value.fields == {"unit": "lacks_power"}
    back = await send(web, ticket, "reassign", SUPERVISOR, unit=lead, matter=ENFORCED, reason="改回原单位")
    assert back["unit"] == lead


DISTRICT, BELOW, COMMUNITY, ELSEWHERE = "CC-CG", "CC-ZM", "CC-ZM-CAD", "CC-SW"


async def led_by_the_district(desk: Hotline, **more: Any) -> Ticket:
    ticket = await desk.open(**more)
    if lead_staff(ticket).unit != DISTRICT:
        await desk.act(ticket, Action.REASSIGN, DISPATCHER, unit=DISTRICT, reason="由区级办理", basis="上级督办")
    return await desk.act(ticket, Action.ACCEPT, staff(Role.HANDLER, unit=DISTRICT))


async def test_enforcement_is_handed_down_to_a_unit_with_the_power_only(desk: Hotline) -> None:
    ticket, district = await led_by_the_district(desk), staff(Role.HANDLER, unit=DISTRICT)
    await desk.act(ticket, SideAction.SUB_DISPATCH, district, unit=BELOW)
    with pytest.raises(Invalid) as raised:
        await desk.act(ticket, SideAction.SUB_DISPATCH, staff(Role.HANDLER, unit=BELOW), unit=COMMUNITY)
    assert raised.value.fields == {"unit": "lacks_power"}


async def test_enforcement_is_not_handed_down_to_where_it_did_not_happen(desk: Hotline) -> None:
    ticket, district = await led_by_the_district(desk), staff(Role.HANDLER, unit=DISTRICT)
    with pytest.raises(Invalid) as raised:
        await desk.act(ticket, SideAction.SUB_DISPATCH, district, unit=ELSEWHERE)
    assert raised.value.fields == {"unit": "no_power_there"}


async def test_what_no_power_is_needed_for_is_handed_down_to_whom_one_likes(desk: Hotline) -> None:
    ticket, district = await led_by_the_district(desk, text=LITTER, matter="litter"), staff(Role.HANDLER, unit=DISTRICT)
    for above, below in ((district, BELOW), (staff(Role.HANDLER, unit=BELOW), COMMUNITY)):
        ticket = await desk.act(ticket, SideAction.SUB_DISPATCH, above, unit=below)
    assert [a.unit for a in ticket.assignments if a.role is AssignmentRole.SUB] == [BELOW, COMMUNITY]


async def test_a_unit_without_the_power_helps_and_its_own_help_with_it(desk: Hotline) -> None:
    ticket = await led_by_the_district(desk)
    await desk.act(ticket, SideAction.ADD_SUPPORTING, DISPATCHER, unit="CC-ZF", reason="属地配合劝导")
    helper = staff(Role.HANDLER, unit="CC-ZF")
    helped = await desk.act(ticket, SideAction.SUB_DISPATCH, helper, unit=COMMUNITY)
    assert helped.assignments[-1].unit == COMMUNITY
    with pytest.raises(NotAllowed):
        await desk.act(ticket, SideAction.OPEN_ENFORCEMENT, helper, reason="占道经营案")
