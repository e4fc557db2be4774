"""What is offered makes sense: nothing the rules would take but nobody would do, no way that ends in a refusal."""

from datetime import timedelta

import pytest

from kernel.errors import Invalid
from kernel.people import Role
from tests.ticketing.city import (
    AGENT,
    BAD,
    CALLBACK,
    DISPATCHER,
    GOOD,
    LITTER,
    SUPERVISOR,
    Hotline,
    lead_staff,
    link,
    staff,
)
from tests.ticketing.test_api import Web
from ticketing.model.acting import Form
from ticketing.model.labels import Action, RequestKind, ReturnReason, SideAction, State, Urgency

ELSEWHERE = "NH-GC"


@pytest.fixture
def web(desk: Hotline) -> Web:
    return Web(desk)


async def offered(web: Web, number: str, by: object) -> set[str]:
    seen = await web("GET", f"tickets/{number}", by)  # type: ignore[arg-type]
    return {each["action"] for each in seen["actions"]}


async def test_a_first_contact_is_logged_once(web: Web) -> None:
    ticket = await web.desk.open()
    unit = lead_staff(ticket)
    assert "log_contact" in await offered(web, ticket.number, unit)
    await web.desk.act(
        ticket,
        SideAction.LOG_CONTACT,
        unit,
        contacted_at=web.desk.clock.now(),
        contact_how="用办公座机打通并核对了情况",
    )
    assert "log_contact" not in await offered(web, ticket.number, unit)


async def test_a_dissent_is_offered_to_the_unit_of_the_part_and_to_the_hotline_once_it_is_late(web: Web) -> None:
    ticket = await web.desk.open(LITTER, matter="litter")
    unit, below = lead_staff(ticket), staff(Role.HANDLER, unit="CC-ZM-CAD")
    await web.desk.act(ticket, Action.ACCEPT, unit)
    await web.desk.act(ticket, SideAction.SUB_DISPATCH, unit, unit="CC-ZM-CAD")
    for other in (unit, DISPATCHER, SUPERVISOR):
        assert "note_dissent" not in await offered(web, ticket.number, other)
    assert await dissent_fields(web, ticket.number, below) == (["assignment", "dissent"], ["CC-ZM-CAD"])
    web.desk.clock.advance(timedelta(days=60))
    assert "note_dissent" not in await offered(web, ticket.number, unit)
    for other in (DISPATCHER, SUPERVISOR):
        assert await dissent_fields(web, ticket.number, other) == (["assignment", "dissent", "reason"], ["CC-ZM-CAD"])


async def dissent_fields(web: Web, number: str, by: object) -> tuple[list[str], list[str]]:
    """The required fields of the form, and the units whose part may be chosen in it."""
    seen = await web("GET", f"tickets/{number}", by)  # type: ignore[arg-type]
    (form,) = (each for each in seen["actions"] if each["action"] == "note_dissent")
    (options,) = (each["options"] for each in form["fields"] if each["name"] == "assignment")
    codes = {unit.name: unit.code for unit in web.desk.lookup.units()}
    return [each["name"] for each in form["fields"] if each["required"]], [codes[one["label"]] for one in options]


async def test_a_part_is_offered_to_be_withdrawn_while_nobody_has_worked_on_it(web: Web) -> None:
    ticket = await web.desk.open()
    helper = staff(Role.HANDLER, unit="CC-CG")
    assert "withdraw_part" not in await offered(web, ticket.number, DISPATCHER)
    await web.desk.act(ticket, SideAction.ADD_SUPPORTING, DISPATCHER, unit="CC-CG", reason="联合执法")
    for by in (DISPATCHER, SUPERVISOR):
        seen = await web("GET", f"tickets/{ticket.number}", by)
        (form,) = (each for each in seen["actions"] if each["action"] == "withdraw_part")
        assert form["danger"]
        assert [(each["name"], each["required"]) for each in form["fields"]] == [("assignment", True), ("reason", True)]
        (option,) = form["fields"][0]["options"]
    assert "withdraw_part" not in await offered(web, ticket.number, helper)
    said = {"assignment": option["value"], "reason": "误加协办，与该单位职责无关"}
    body = {"version": seen["version"], "form": said}
    after = await web("POST", f"tickets/{ticket.number}/actions/withdraw_part", DISPATCHER, body)
    assert [part["state"] for part in after["assignments"] if part["unit"] == "CC-CG"] == ["taken_back"]
    assert after["timeline"][-1]["note"] == "误加协办，与该单位职责无关"
    assert "withdraw_part" not in {each["action"] for each in after["actions"]}
    told = {(one["unit_name"], one["text"]) for one in after["notices"]}
    reason = "原因：误加协办，与该单位职责无关"
    help_name, lead_name = (web.desk.lookup.unit(code).name for code in ("CC-CG", lead_staff(ticket).unit))
    assert (help_name, f"工单{ticket.number}的协办已撤回，贵单位无需继续办理。{reason}") in told
    assert (lead_name, f"工单{ticket.number}的一家协办单位已撤回，贵单位办结不再等待该部分。{reason}") in told
    again = await web("GET", "tickets", helper, view="inbox")
    assert ticket.number not in {one["number"] for one in again["items"]}


async def test_a_part_that_was_accepted_is_not_offered_again(web: Web) -> None:
    ticket = await web.desk.open()
    below = staff(Role.HANDLER, unit="CC-CG")
    await web.desk.act(ticket, SideAction.ADD_SUPPORTING, DISPATCHER, unit="CC-CG", reason="联合执法")
    assert "accept_part" in await offered(web, ticket.number, below)
    await web.desk.act(ticket, SideAction.ACCEPT_PART, below)
    assert {"accept_part", "finish_part"} & await offered(web, ticket.number, below) == {"finish_part"}


async def test_a_unit_of_another_area_leads_only_for_a_stated_reason(web: Web) -> None:
    ticket = await web.desk.open()
    unit = lead_staff(ticket)
    async with web.desk.database.transaction() as tx:
        wish = Form(reason_code=ReturnReason.NOT_OUR_DUTY.value, clause="职责清单", suggested_unit=ELSEWHERE)
        asked = await web.desk.room.tickets.ask(tx, ticket.number, RequestKind.RETURN, wish, unit)
    path = f"tickets/{ticket.number}/requests/{asked.requests[0].id}"
    with pytest.raises(Invalid) as error:
        await web("POST", path, DISPATCHER, {"granted": True, "form": {"reason": "同意"}})
    assert error.value.fields == {"beyond_area": "outside_area"}
    form = {"reason": "同意", "beyond_area": "跨区河涌由下游牵头"}
    seen = await web("POST", path, DISPATCHER, {"granted": True, "form": form})
    assert (seen["unit"], seen["state"]) == (ELSEWHERE, State.DISPATCHED.value)
    assert "跨辖区承办：跨区河涌由下游牵头" in seen["timeline"][-1]["note"]


async def test_a_return_reads_to_the_citizen_as_going_on_never_as_refusal(web: Web) -> None:
    ticket = await web.desk.open()
    unit = lead_staff(ticket)
    await web.desk.act(ticket, Action.REASSIGN, SUPERVISOR, unit="CC-CG", reason="不属该单位职责")
    assert ticket.address is not None
    told = (await web.desk.mails(ticket.address))[-1].text
    assert "转由佛山市禅城区" in told
    assert "不属" not in told
    seen = await web("GET", f"tickets/{ticket.number}", DISPATCHER)
    assert {(each["unit_name"], each["text"][:2]) for each in seen["notices"][:2]} == {
        (web.desk.lookup.unit(unit.unit).name, "工单"),
        (web.desk.lookup.unit("CC-CG").name, "改派"),
    }


async def test_who_comes_back_too_late_or_twice_is_not_offered_to_come_back(web: Web) -> None:
    ticket = await web.desk.to_reply(await web.desk.open())
    await web.desk.act(ticket, Action.RATE, link(ticket), **GOOD)
    web.desk.clock.advance(timedelta(days=14))
    assert "rehandle" in (await web("GET", f"track/{ticket.number}", link(ticket)))["can"]
    web.desk.clock.advance(timedelta(days=2))
    assert "rehandle" not in (await web("GET", f"track/{ticket.number}", link(ticket)))["can"]


async def test_a_supervisors_name_is_asked_for_only_once_it_is_needed(web: Web) -> None:
    ticket = await web.desk.open()

    async def asked(action: str, by: object) -> dict[str, bool]:
        seen = await web("GET", f"tickets/{ticket.number}", by)  # type: ignore[arg-type]
        (form,) = (each for each in seen["actions"] if each["action"] == action)
        return {each["name"]: each["required"] for each in form["fields"]}

    for _ in range(2):
        assert "supervisor" not in await asked("urge", AGENT)
        await web.desk.act(ticket, SideAction.URGE, AGENT)
    assert (await asked("urge", AGENT))["supervisor"]
    assert "supervisor" not in await asked("urge", SUPERVISOR)


async def test_a_first_rehandling_asks_for_no_supervisor(web: Web) -> None:
    ticket = await web.desk.to_reply(await web.desk.open())
    await web.desk.act(ticket, Action.RATE, link(ticket), **BAD)
    seen = await web("GET", f"tickets/{ticket.number}", CALLBACK)
    (form,) = (each for each in seen["actions"] if each["action"] == "rehandle")
    assert "supervisor" not in {each["name"] for each in form["fields"]}


async def test_whoever_changes_the_urgency_is_offered_steps_in_that_direction_and_says_why(web: Web) -> None:
    ticket = await web.desk.open()
    shown = await web("GET", f"tickets/{ticket.number}", DISPATCHER)
    forms = {each["action"]: {one["name"]: one for one in each["fields"]} for each in shown["actions"]}
    up, down = forms["raise_urgency"], forms["lower_urgency"]
    assert [each["value"] for each in up["urgency"]["options"]] == ["p0", "p1"]
    assert [each["value"] for each in down["urgency"]["options"]] == ["p3"]
    assert up["reason"]["required"]
    await web.desk.act(ticket, SideAction.RAISE_URGENCY, DISPATCHER, urgency=Urgency.P0, reason="有人受伤")
    assert "raise_urgency" not in await offered(web, ticket.number, DISPATCHER)
