"""Inner approval: set by the unit, done by its leader or by a deputy in the leader's place."""

from dataclasses import replace
from datetime import timedelta

import pytest

from directory.model import Staff
from kernel.errors import Invalid, NotAllowed
from kernel.people import Principal, Role
from tests.ticketing.city import ADMIN, RESULT, Hotline, lead_staff, staff
from tests.ticketing.test_api import Web
from ticketing.model.labels import Action, State

UNIT = "CC-ZM"
LEADER = replace(staff(Role.UNIT_LEADER, unit=UNIT), id="leader", name="王主任")
STAND_IN = replace(staff(Role.LIAISON, unit=UNIT), id="deputy", name="李副主任")


@pytest.fixture
async def web(desk: Hotline) -> Web:
    async with desk.database.transaction() as tx:
        for person in (LEADER, STAND_IN, replace(STAND_IN, id="stranger", unit="CC-CG")):
            member = Staff(person.id, person.id, person.name, person.roles, person.unit)
            await desk.directory.lookup._staff.add(tx, member, "no password", desk.clock.now())
    return Web(desk)


def days(web: Web, since: int, until: int) -> dict[str, str]:
    today = web.desk.lookup.calendar().local_date(web.desk.clock.now())
    return {"since": str(today + timedelta(days=since)), "until": str(today + timedelta(days=until))}


async def test_a_leader_turns_it_on_and_results_wait(web: Web) -> None:
    path = f"units/{UNIT}/approval"
    assert (await web("GET", path, STAND_IN))["wanted"] is False
    with pytest.raises(NotAllowed):
        await web("PUT", path, STAND_IN, {"wanted": True})
    with pytest.raises(NotAllowed):
        await web("PUT", "units/CC-CG/approval", LEADER, {"wanted": True})
    assert (await web("PUT", path, LEADER, {"wanted": True}))["wanted"] is True
    ticket = await web.desk.open()
    assert (await web.desk.to_review(ticket)).state is State.SUBMITTED
    assert (await web("GET", "tickets/counts", LEADER))["approval"] == 1
    (row,) = (await web("GET", "tickets", LEADER, view="approval"))["items"]
    assert row["number"] == ticket.number
    assert (await web("PUT", path, ADMIN, {"wanted": False}))["wanted"] is False


async def test_a_deputy_approves_in_the_leaders_place_and_it_says_so(web: Web) -> None:
    await web.desk.approve_inside(UNIT)
    ticket = await web.desk.open()
    unit = lead_staff(ticket)
    assert unit.unit == UNIT
    await web.desk.to_review(ticket)
    seen = await web("GET", f"tickets/{ticket.number}", STAND_IN)
    assert "approve" not in {each["action"] for each in seen["actions"]}
    with pytest.raises(NotAllowed):
        await web.desk.act(ticket, Action.APPROVE, STAND_IN)
    await web("POST", f"units/{UNIT}/approval/deputies", LEADER, {"deputy": "deputy"} | days(web, 0, 3))
    seen = await web("GET", f"tickets/{ticket.number}", STAND_IN)
    assert "approve" in {each["action"] for each in seen["actions"]}
    with pytest.raises(Invalid) as error:
        await web.desk.act(ticket, Action.REDO_INSIDE, STAND_IN, reason="不行")
    assert error.value.fields == {"reason": "reason_too_short"}
    redone = await web.desk.act(ticket, Action.REDO_INSIDE, STAND_IN, reason="请补充办理照片")
    assert redone.state is State.IN_PROGRESS
    await web.desk.act(ticket, Action.SUBMIT_RESULT, unit, **RESULT)
    assert (await web.desk.act(ticket, Action.APPROVE, STAND_IN)).state is State.REVIEW
    notes = [line["note"] for line in (await web("GET", f"tickets/{ticket.number}", LEADER))["timeline"]]
    assert notes[-1] == "代王主任"
    assert "代王主任：请补充办理照片" in notes


async def test_a_deputy_stands_in_only_on_the_days_that_were_named(web: Web) -> None:
    await web.desk.approve_inside(UNIT)
    ticket = await web.desk.open()
    await web.desk.to_review(ticket)
    path = f"units/{UNIT}/approval/deputies"
    await web("POST", path, LEADER, {"deputy": "deputy"} | days(web, 1, 1))
    with pytest.raises(NotAllowed):
        await web.desk.act(ticket, Action.APPROVE, STAND_IN)
    web.desk.clock.advance(timedelta(days=1))
    named = (await web("GET", f"units/{UNIT}/approval", STAND_IN))["deputies"]
    assert [each["now"] for each in named] == [True]
    await web("DELETE", f"{path}/{named[0]['id']}", LEADER)
    with pytest.raises(NotAllowed):
        await web.desk.act(ticket, Action.APPROVE, STAND_IN)


@pytest.mark.parametrize("who", ["stranger", "leader", "nobody"])
async def test_only_a_colleague_of_the_same_unit_can_stand_in(web: Web, who: str) -> None:
    with pytest.raises(Invalid):
        await web("POST", f"units/{UNIT}/approval/deputies", LEADER, {"deputy": who} | days(web, 0, 1))
    with pytest.raises(Invalid) as error:
        await web("POST", f"units/{UNIT}/approval/deputies", LEADER, {"deputy": "deputy"} | days(web, -3, -1))
    assert error.value.fields == {"until": "not_in_the_future"}


async def test_whoever_handed_it_in_does_not_approve_it_as_a_deputy_either(web: Web) -> None:
    await web.desk.approve_inside(UNIT)
    await web("POST", f"units/{UNIT}/approval/deputies", LEADER, {"deputy": "deputy"} | days(web, 0, 1))
    ticket = await web.desk.open()
    by: Principal = STAND_IN
    await web.desk.act(ticket, Action.ACCEPT, by)
    await web.desk.act(
        ticket, Action.START, by, contacted_at=web.desk.clock.now(), contact_how="用办公座机打通并核对了情况"
    )
    await web.desk.act(ticket, Action.SUBMIT_RESULT, by, **RESULT)
    with pytest.raises(NotAllowed) as error:
        await web.desk.act(ticket, Action.APPROVE, by)
    assert error.value.code == "approves_own_result"
