"""P46, P47: a ticket that goes to another unit leaves the first and tells both and the citizen; a unit that gives it
back says why and to whom, and the citizen is never told that it is nobody's."""

import pytest

from kernel.errors import Invalid
from tests.ticketing.city import DISPATCHER, Hotline, address, lead_staff
from tests.ticketing.test_api import Web
from tests.ticketing.test_rulings import OTHER
from ticketing.model.labels import Action, AssignmentState, State

RETURN = {"reason_code": "not_our_duty", "clause": "镇街权责清单", "reason": "归区城管", "suggested_unit": OTHER}
REFUSING = ("不属", "不归", "退单", "无权", "不受理")


@pytest.fixture
def web(desk: Hotline) -> Web:
    return Web(desk)


async def told(desk: Hotline) -> list[str]:
    return [mail.text for mail in await desk.mails(address("one"))]


async def test_p46_a_ticket_sent_to_another_unit_ends_the_first_order_and_tells_everybody(web: Web) -> None:
    desk = web.desk
    ticket = await desk.open()
    first = lead_staff(ticket)
    await desk.act(ticket, Action.ACCEPT, first)
    before = len(await told(desk))
    moved = await desk.act(
        ticket, Action.REASSIGN, DISPATCHER, unit=OTHER, reason="事项改为户外广告", beyond_area="全区"
    )
    assert (moved.state, moved.lead is not None and moved.lead.unit) == (State.DISPATCHED, OTHER)
    (old,) = [each for each in moved.assignments if each.unit == first.unit]
    assert (old.open, old.state) == (False, AssignmentState.TAKEN_BACK)
    notices = (await web("GET", f"tickets/{ticket.number}", DISPATCHER))["notices"]
    name = desk.lookup.unit
    by_unit = {each["unit_name"]: each["text"] for each in reversed(notices)}
    assert "已转出" in by_unit[name(first.unit).name]
    assert "改派工单" in by_unit[name(OTHER).name]
    (message,) = (await told(desk))[before:]
    assert name(OTHER).name in message
    assert "无需重复反映" in message


@pytest.mark.parametrize(
    ("missing", "field"),
    [("reason_code", "reason_code"), ("clause", "clause"), ("suggested_unit", "suggested_unit")],
)
async def test_p47_a_return_needs_a_reason_its_proof_and_the_next_unit(web: Web, missing: str, field: str) -> None:
    ticket = await web.desk.open()
    form = {name: value for name, value in RETURN.items() if name != missing}
    with pytest.raises(Invalid) as error:
        await web("POST", f"tickets/{ticket.number}/requests", lead_staff(ticket), {"kind": "return", "form": form})
    assert field in error.value.fields


async def test_p47_the_citizen_is_never_told_that_it_is_nobodys(web: Web) -> None:
    desk = web.desk
    ticket = await desk.open()
    before = await told(desk)
    body = {"kind": "return", "form": RETURN}
    asked = await web("POST", f"tickets/{ticket.number}/requests", lead_staff(ticket), body)
    assert await told(desk) == before
    decide = f"tickets/{ticket.number}/requests/{asked['requests'][0]['id']}"
    await web("POST", decide, DISPATCHER, {"granted": True, "form": {"beyond_area": "区级事权"}})
    (message,) = (await told(desk))[len(before) :]
    assert desk.lookup.unit(OTHER).name in message
    assert not [word for word in REFUSING if word in message]
    tracked = await web("GET", f"tickets/{ticket.number}", DISPATCHER)
    assert tracked["unit"] == OTHER
