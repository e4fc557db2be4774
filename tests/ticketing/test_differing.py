"""P40: whoever saves too late is told field by field what changed, by whom and when, out of the ticket's history."""

from typing import Any

import msgspec
import pytest

from kernel.errors import Conflict
from kernel.people import Principal
from tests.ticketing.city import AGENT, DISPATCHER, PHONE, Hotline, lead_staff
from tests.ticketing.test_api import Web
from ticketing.model.labels import Action, Flag, SideAction, Urgency
from ticketing.model.ticket import Ticket


@pytest.fixture
def web(desk: Hotline) -> Web:
    return Web(desk)


async def too_late(web: Web, ticket: Ticket, by: Principal, action: str = "start") -> dict[str, Any]:
    sent = {"version": ticket.version, "form": {"no_contact_reason": "匿名无法联系诉求人"}}
    with pytest.raises(Conflict) as refused:
        await web("POST", f"tickets/{ticket.number}/actions/{action}", by, sent)
    current: dict[str, Any] = msgspec.to_builtins(refused.value.current)
    return current


async def test_p40_a_late_save_is_told_field_by_field_what_changed(web: Web) -> None:
    desk = web.desk
    ticket = await desk.open()
    unit = lead_staff(ticket)
    now = await desk.act(ticket, Action.ACCEPT, unit)
    await desk.act(ticket, SideAction.RAISE_URGENCY, DISPATCHER, urgency=Urgency.P1, reason="有人摔倒")
    current = await too_late(web, ticket, unit)
    assert (current["state"], current["version"]) == ("accepted", now.version + 1)
    told = {each["field"]: each for each in current["changes"]}
    assert (told["state"]["before"], told["state"]["after"]) == ("已派单待签收", "已签收")
    assert (told["urgency"]["before"], told["urgency"]["after"]) == (Urgency.P2.label, Urgency.P1.label)
    assert told["urgency"]["by"] == "分办员"
    assert told["due"]["before"] != told["due"]["after"]
    assert told["state"]["at"] <= told["urgency"]["at"]
    assert desk.lookup.unit(unit.unit).name in told["parts"]["after"]
    assert "matter" not in told


async def test_what_was_changed_back_is_no_difference_and_words_are_not_repeated(web: Web) -> None:
    desk = web.desk
    ticket = await desk.open()
    await desk.act(ticket, SideAction.RAISE_URGENCY, DISPATCHER, urgency=Urgency.P1, reason="有人摔倒")
    await desk.act(ticket, SideAction.LOWER_URGENCY, DISPATCHER, urgency=Urgency.P2, reason="伤者已送医院救治")
    await desk.act(ticket, SideAction.ADD_EVIDENCE, AGENT, text=f"再补充，电话{PHONE}")
    current = await too_late(web, ticket, lead_staff(ticket), "accept")
    told = {each["field"]: each for each in current["changes"]}
    assert "urgency" not in told
    assert (told["text"]["before"], told["text"]["after"]) == ("", "")
    assert "补充" not in str(current)


async def test_a_first_contact_and_a_step_that_changes_no_field_are_told_too(web: Web) -> None:
    desk = web.desk
    ticket = await desk.open()
    unit = lead_staff(ticket)
    read = await desk.act(ticket, Action.ACCEPT, unit)
    await desk.act(
        ticket, SideAction.LOG_CONTACT, unit, contacted_at=desk.clock.now(), contact_how="用办公座机打通并核对了情况"
    )
    current = await too_late(web, read, unit)
    told = {each["field"]: each for each in current["changes"]}
    assert told["contact"]["before"] == ""
    assert told["contact"]["after"]
    read = await desk.now(ticket)
    await desk.act(ticket, SideAction.ADD_FLAG, DISPATCHER, flags=frozenset({Flag.MINOR}), reason="同一诉求人再次来电")
    changes = (await too_late(web, read, unit))["changes"]
    assert [each["field"] for each in changes] == ["step"]
    assert changes[0]["after"] == SideAction.ADD_FLAG.label
