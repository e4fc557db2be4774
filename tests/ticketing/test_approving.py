"""Inner approval: set by the unit, done by its leader or by a deputy in the leader's place."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from directory.model import Staff
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.people import Principal, Role
from tests.ticketing.city import ADMIN, RESULT, SUPERVISOR, Hotline, lead_staff, staff
from tests.ticketing.test_api import Web
from ticketing.model.labels import Action, ClockKind, State
from ticketing.model.ticket import Clock, Ticket
from ticketing.store.reaching import officer_notices

UNIT = "CC-ZM"
LEADER = replace(staff(Role.UNIT_LEADER, unit=UNIT), id="leader", name="王主任")
ABOVE = replace(staff(Role.UNIT_LEADER, unit="CC-ZF"), id="above", name="陈区长")
STAND_IN = replace(staff(Role.LIAISON, unit=UNIT), id="deputy", name="李副主任")


@pytest.fixture
async def web(desk: Hotline) -> Web:
    async with desk.database.transaction() as tx:
        for person in (LEADER, ABOVE, STAND_IN, replace(STAND_IN, id="stranger", unit="CC-CG")):
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


async def handed_in(web: Web) -> Ticket:
    """A result that waits for the unit's leader."""
    await web.desk.approve_inside(UNIT)
    return await web.desk.to_review(await web.desk.open())


def waits(ticket: Ticket) -> Clock:
    """The clock of the approval."""
    clock = ticket.clock(ClockKind.APPROVAL)
    assert clock is not None
    return clock


async def away(web: Web, who: Principal, stand_in: str = "") -> None:
    await web("POST", "my/absences", who, {"stand_in": stand_in, "aware": True} | days(web, 0, 5))


async def told(web: Web, who: Principal) -> list[str]:
    async with web.desk.database.reading() as tx:
        found = await tx.rows(select(officer_notices.c.what).where(officer_notices.c.staff == who.id))
    return [row["what"] for row in found]


async def test_a_result_that_waits_has_a_clock_of_its_own_and_is_on_the_wall_when_it_is_late(web: Web) -> None:
    ticket = await handed_in(web)
    assert waits(ticket).running
    assert (await web("GET", "wall/late_steps", SUPERVISOR))["items"] == []
    web.desk.clock.set(waits(ticket).due + timedelta(minutes=1))
    await web.desk.room.waking.note_late()
    (row,) = (await web("GET", "wall/late_steps", SUPERVISOR))["items"]
    assert (row["ticket"]["number"], row["step"]) == (ticket.number, "单位负责人审核")
    assert "内审超时" in await told(web, LEADER)
    assert "下级单位内审超时（抄送）" in await told(web, ABOVE)
    assert not waits(await web.desk.act(ticket, Action.APPROVE, LEADER)).running


async def test_a_unit_without_inner_approval_has_no_such_clock(web: Web) -> None:
    await web.desk.approve_inside(UNIT, wanted=False)
    passed = await web.desk.to_review(await web.desk.open())
    assert (passed.state, passed.clock(ClockKind.APPROVAL)) == (State.REVIEW, None)


async def test_where_nobody_of_the_unit_can_approve_the_leader_above_is_told_at_once_and_approves(web: Web) -> None:
    await away(web, LEADER)
    ticket = await handed_in(web)
    assert await told(web, ABOVE) == ["下级单位结果待代为内审"]
    seen = await web("GET", f"tickets/{ticket.number}", ABOVE)
    assert [each["action"] for each in seen["actions"]] == ["approve", "redo_inside"]
    assert (seen["can_unmask"], seen["can_request"]) == (False, [])
    with pytest.raises(NotFound):
        await web.desk.act(ticket, Action.SUBMIT_RESULT, ABOVE, **RESULT)
    assert (await web.desk.act(ticket, Action.APPROVE, ABOVE)).state is State.REVIEW
    line = (await web("GET", f"tickets/{ticket.number}", LEADER))["timeline"][-1]
    below, above = (web.desk.lookup.unit(code).name for code in (UNIT, ABOVE.unit))
    assert line["note"] == f"代{below}负责人（上级单位{above}）"
    with pytest.raises(NotFound):
        await web("GET", f"tickets/{ticket.number}", ABOVE)


async def test_while_somebody_of_the_unit_can_approve_the_leader_above_does_not_see_it(web: Web) -> None:
    ticket = await handed_in(web)
    assert await told(web, ABOVE) == []
    with pytest.raises(NotFound):
        await web("GET", f"tickets/{ticket.number}", ABOVE)
    with pytest.raises(NotFound):
        await web.desk.act(ticket, Action.APPROVE, ABOVE)


async def test_where_nobody_above_can_either_the_supervisors_are_told(web: Web) -> None:
    async with web.desk.database.transaction() as tx:
        boss = Staff(SUPERVISOR.id, SUPERVISOR.id, "督办员", SUPERVISOR.roles, "")
        await web.desk.directory.lookup._staff.add(tx, boss, "no password", web.desk.clock.now())
    for leader in (LEADER, ABOVE):
        await away(web, leader)
    ticket = await handed_in(web)
    assert await told(web, SUPERVISOR) == ["结果无人可内审"]
    seen = await web("GET", f"tickets/{ticket.number}", STAND_IN)
    assert seen["approval"] == {"names": [], "above": "", "own": False}


async def test_a_leader_who_went_away_after_it_was_handed_in_is_noticed_before_it_is_late(web: Web) -> None:
    ticket = await handed_in(web)
    await away(web, LEADER)
    web.desk.clock.set(waits(ticket).due - timedelta(minutes=1))
    await web.desk.room.waking.note_late()
    assert "下级单位结果待代为内审" in await told(web, ABOVE)


async def test_whoever_wrote_the_result_reads_who_approves_it_and_is_offered_no_button(web: Web) -> None:
    await away(web, LEADER, "deputy")
    await web.desk.approve_inside(UNIT)
    ticket = await web.desk.open()
    contact = {"contacted_at": web.desk.clock.now(), "contact_how": "用办公座机打通并核对了情况"}
    await web.desk.act(ticket, Action.ACCEPT, STAND_IN)
    await web.desk.act(ticket, Action.START, STAND_IN, **contact)
    await web.desk.act(ticket, Action.SUBMIT_RESULT, STAND_IN, **RESULT)
    seen = await web("GET", f"tickets/{ticket.number}", STAND_IN)
    assert "approve" not in {each["action"] for each in seen["actions"]}
    assert seen["approval"] == {"names": ["陈区长"], "above": web.desk.lookup.unit("CC-ZF").name, "own": True}
    seen = await web("GET", f"tickets/{ticket.number}", LEADER)
    assert "approve" in {each["action"] for each in seen["actions"]}


@pytest.mark.parametrize(("stand_in", "colleague", "warned"), [
    ("", True, True), ("deputy", False, True), ("deputy", True, False),
])  # fmt: skip
async def test_an_absence_that_leaves_nobody_to_approve_is_said_knowingly(
    web: Web, stand_in: str, colleague: bool, warned: bool
) -> None:
    await web.desk.approve_inside(UNIT)
    if colleague:
        async with web.desk.database.transaction() as tx:
            other = Staff("other", "other", "何科员", frozenset({Role.HANDLER}), UNIT)
            await web.desk.directory.lookup._staff.add(tx, other, "no password", web.desk.clock.now())
    said: dict[str, object] = {"stand_in": stand_in, **days(web, 1, 2)}
    if warned:
        with pytest.raises(Invalid) as error:
            await web("POST", "my/absences", LEADER, said)
        assert error.value.fields == {"aware": "nobody_approves_then"}
        said["aware"] = True
    assert len((await web("POST", "my/absences", LEADER, said))["absences"]) == 1


async def test_where_results_need_no_leader_an_absence_warns_of_no_approval(web: Web) -> None:
    await web.desk.approve_inside(UNIT, wanted=False)
    said = {"stand_in": ""} | days(web, 1, 2)
    assert len((await web("POST", "my/absences", LEADER, said))["absences"]) == 1
