"""How often a ticket changes hands: so often by dispatchers, then by supervisors; every list says how often it did."""

from typing import Any

import pytest

from kernel.errors import NotAllowed
from kernel.people import Role
from tests.ticketing.city import DISPATCHER, SUPERVISOR, Hotline, lead_staff, staff
from tests.ticketing.making import PROOF, Life
from tests.ticketing.test_api import Web
from tests.ticketing.test_limiting import order
from tests.ticketing.test_rulings import OTHER, RULING, disputed
from ticketing.model.labels import Action, Actor, RequestKind, RequestMove, State
from ticketing.model.ticket import Ticket
from ticketing.rules.limitrows import changed
from ticketing.rules.limits import Limits

RETURN: dict[str, Any] = {
    "reason_code": "not_our_duty",
    "clause": "条款",
    "suggested_unit": "unit-x",
    "evidence": PROOF,
}
ONCE = {"most_moves": {"kind": "count", "amount": 1}}


@pytest.fixture
def web(desk: Hotline) -> Web:
    return Web(desk)


def to_unit(name: str) -> dict[str, str]:
    return {"unit": f"unit-{name}", "duty_item": f"item-{name}", "reason": "另有主责"}


def moved(times: int, limits: Limits | None = None) -> Life:
    """Moved on so often by dispatchers."""
    life = Life()
    life.limits = limits or life.limits
    life.to(State.DISPATCHED)
    for name in "bcdefg"[:times]:
        life.do(Action.REASSIGN, Actor.DISPATCHER, **to_unit(name))
    return life


def leads(life: Life) -> str:
    assert life.ticket.lead is not None
    return life.ticket.lead.unit


def test_after_the_third_move_only_a_supervisor_moves_it() -> None:
    life = moved(3)
    with pytest.raises(NotAllowed, match="moves_used_up") as refused:
        life.do(Action.REASSIGN, Actor.DISPATCHER, **to_unit("e"))
    assert refused.value.data == {"moves": 3, "most": 3}
    life.do(Action.REASSIGN, Actor.SUPERVISOR, **to_unit("e"))
    assert (leads(life), life.ticket.counters.reassigns) == ("unit-e", 4)


def test_how_often_is_a_setting() -> None:
    with pytest.raises(NotAllowed, match="moves_used_up"):
        moved(2, changed(Limits(), {"most_moves": 1}))
    assert leads(moved(4, changed(Limits(), {"most_moves": 4}))) == "unit-e"


def test_taking_it_back_and_dispatching_it_again_is_a_move_and_no_way_round_the_limit() -> None:
    life = moved(2)
    life.do(Action.RECALL, Actor.DISPATCHER, reason="待查")
    life.do(Action.DISPATCH, Actor.DISPATCHER, **to_unit("d"))
    assert life.ticket.counters.reassigns == 3
    with pytest.raises(NotAllowed, match="moves_used_up"):
        life.do(Action.RECALL, Actor.DISPATCHER, reason="再查")
    life.do(Action.RECALL, Actor.SUPERVISOR, reason="再查")
    life.do(Action.DISPATCH, Actor.DISPATCHER, **to_unit("d"))
    assert life.ticket.counters.reassigns == 3, "to the unit that had it: nothing has moved"


def test_a_ruling_moves_it_however_often_it_was_moved_and_counts() -> None:
    life = moved(3)
    request = life.ask(RequestKind.RETURN, **RETURN)
    life.do(RequestMove.DISPUTE, Actor.DISPATCHER, request=request, reason="两家均不认领")
    life.do(RequestMove.GRANT, Actor.SUPERVISOR, request=request, reason="由己单位办理")
    life.do(Action.REASSIGN, Actor.SUPERVISOR, **to_unit("x") | {"request": request})
    assert (leads(life), life.ticket.counters.reassigns) == ("unit-x", 4)


def another(web: Web, ticket: Ticket) -> str:
    """A unit with the power that never led it."""
    led = {OTHER, lead_staff(ticket).unit}
    power = set(web.desk.lookup.unit(lead_staff(ticket).unit).powers)
    return next(u.code for u in web.desk.lookup.units() if u.code not in led and power <= set(u.powers))


async def test_a_ruling_is_shown_as_a_move_and_uses_up_what_dispatchers_have(web: Web) -> None:
    await web("POST", "limits", staff(Role.ADMIN), order(values=ONCE))
    ticket, path = await disputed(web)
    one = f"tickets/{ticket.number}"
    before = await web("GET", one, DISPATCHER)
    assert (before["moves"], before["moves_used_up"]) == (0, False)
    await web("POST", f"{path}/ruling", SUPERVISOR, RULING)
    (row,) = (await web("GET", "tickets", DISPATCHER, view="all"))["items"]
    assert (row["moves"], row["moves_used_up"]) == (1, True)
    inbox = await web("GET", "tickets", staff(Role.LIAISON, unit=OTHER), view="inbox")
    assert [each["moves"] for each in inbox["items"]] == [1]
    seen = await web("GET", one, DISPATCHER)
    assert not {"reassign", "recall"} & {each["action"] for each in seen["actions"]}
    form = {"unit": another(web, ticket), "reason": "再次改派", "beyond_area": "区级事权"}
    body = {"version": seen["version"], "form": form}
    with pytest.raises(NotAllowed, match="moves_used_up"):
        await web("POST", f"{one}/actions/reassign", DISPATCHER, body)
    assert {"reassign", "recall"} <= {each["action"] for each in (await web("GET", one, SUPERVISOR))["actions"]}
    after = await web("POST", f"{one}/actions/reassign", SUPERVISOR, body)
    assert (after["unit"], after["moves"]) == (form["unit"], 2)


async def test_whoever_dispatches_and_supervises_moves_it_as_a_supervisor(web: Web) -> None:
    await web("POST", "limits", staff(Role.ADMIN), order(values=ONCE))
    both = staff(Role.DISPATCHER, Role.SUPERVISOR)
    ticket = await web.desk.open()
    assert ticket.lead is not None
    home = ticket.lead.unit
    for unit in (OTHER, home):
        await web.desk.act(ticket, Action.REASSIGN, both, unit=unit, reason="另有主责", beyond_area="区级事权")
    assert (await web.desk.now(ticket)).counters.reassigns == 2


async def test_a_return_beyond_the_limit_is_granted_by_a_supervisor_or_ruled_on(web: Web) -> None:
    await web("POST", "limits", staff(Role.ADMIN), order(values=ONCE))
    ticket = await web.desk.open()
    await web.desk.act(ticket, Action.REASSIGN, DISPATCHER, unit=OTHER, reason="另有主责", beyond_area="区级事权")
    unit = lead_staff(await web.desk.now(ticket))
    third = another(web, ticket)
    form = {"reason_code": "not_our_duty", "clause": "职责清单", "reason": "归他家", "suggested_unit": third}
    asked = await web("POST", f"tickets/{ticket.number}/requests", unit, {"kind": "return", "form": form})
    decide = f"tickets/{ticket.number}/requests/{asked['requests'][-1]['id']}"
    granted = {"granted": True, "form": {"beyond_area": "区级事权"}}
    with pytest.raises(NotAllowed, match="moves_used_up"):
        await web("POST", decide, DISPATCHER, granted)
    seen = await web("POST", decide, SUPERVISOR, granted)
    assert (seen["unit"], seen["moves"]) == (third, 2)
