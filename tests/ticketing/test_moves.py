"""How often a ticket changes hands: beyond the limit in a supervisor's name; every list says how often it did."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from directory.model import Staff
from directory.staffing import NewStaff
from kernel.errors import Invalid
from kernel.people import Kind, Principal, Role
from tests.ticketing.city import ADMIN, DISPATCHER, SUPERVISOR, Hotline, lead_staff, staff
from tests.ticketing.making import PROOF, Life
from tests.ticketing.test_api import Web
from tests.ticketing.test_limiting import order
from tests.ticketing.test_rulings import OTHER, RULING, disputed
from ticketing.model.labels import Action, Actor, RequestKind, RequestMove, State
from ticketing.model.ticket import Ticket
from ticketing.rules.fields import is_demanded
from ticketing.rules.limitrows import changed
from ticketing.rules.limits import Limits
from ticketing.store.reaching import officer_notices

RETURN: dict[str, Any] = {
    "reason_code": "not_our_duty",
    "clause": "职责清单",
    "suggested_unit": "unit-x",
    "evidence": PROOF,
}
NAMELESS = {"supervisor": "required_beyond_limit"}
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


def test_beyond_the_third_move_a_dispatcher_names_the_supervisor_and_supervision_rises() -> None:
    life = moved(3)
    assert life.ticket.supervision == 0
    with pytest.raises(Invalid) as refused:
        life.do(Action.REASSIGN, Actor.DISPATCHER, **to_unit("e"))
    assert refused.value.fields == NAMELESS
    result = life.do(Action.REASSIGN, Actor.DISPATCHER, **to_unit("e"), supervisor="督办员")
    assert (leads(life), life.ticket.counters.reassigns) == ("unit-e", 4)
    assert (life.ticket.supervision, life.ticket.supervisor) == (1, "督办员")
    assert result.record.why == "另有主责；督办人：督办员"
    life.do(Action.REASSIGN, Actor.DISPATCHER, **to_unit("f"), supervisor="督办员")
    assert life.ticket.supervision == 2, "each one beyond"


def test_a_supervisor_moves_it_beyond_the_limit_in_their_own_name() -> None:
    life = moved(3)
    life.do(Action.REASSIGN, Actor.SUPERVISOR, **to_unit("e"))
    assert (leads(life), life.ticket.supervision) == ("unit-e", 1)
    assert life.ticket.supervisor


def test_how_often_is_a_setting() -> None:
    with pytest.raises(Invalid) as refused:
        moved(2, changed(Limits(), {"most_moves": 1}))
    assert refused.value.fields == NAMELESS
    life = moved(4, changed(Limits(), {"most_moves": 4}))
    assert (leads(life), life.ticket.supervision) == ("unit-e", 0)


def test_taking_it_back_and_dispatching_it_again_is_a_move_and_no_way_round_the_limit() -> None:
    life = moved(2)
    life.do(Action.RECALL, Actor.DISPATCHER, reason="重新研判")
    life.do(Action.DISPATCH, Actor.DISPATCHER, **to_unit("d"))
    assert (life.ticket.counters.reassigns, life.ticket.supervision) == (3, 0)
    with pytest.raises(Invalid) as refused:
        life.do(Action.RECALL, Actor.DISPATCHER, reason="再次研判")
    assert refused.value.fields == NAMELESS
    result = life.do(Action.RECALL, Actor.DISPATCHER, reason="再次研判", supervisor="督办员")
    assert result.record.why == "再次研判；督办人：督办员"
    assert (life.ticket.supervision, life.ticket.supervisor) == (1, "督办员")
    life.do(Action.DISPATCH, Actor.DISPATCHER, **to_unit("e"))
    assert (life.ticket.counters.reassigns, life.ticket.supervision) == (4, 1), "one move, one level"


def merged(life: Life) -> Life:
    life.around = replace(life.around, parent=replace(life.ticket, id="parent", number="N2"))
    life.wait(minutes=5).do(Action.MERGE, Actor.DISPATCHER, parent="N2", reason="同一事件")
    return life.wait(minutes=5)


def test_merging_and_taking_it_apart_again_is_no_way_round_the_limit() -> None:
    life = merged(moved(3))
    with pytest.raises(Invalid) as refused:
        life.do(Action.UNMERGE, Actor.DISPATCHER, reason="不是同一件")
    assert refused.value.fields == NAMELESS
    assert is_demanded(life.ticket, Action.UNMERGE, "supervisor", Actor.DISPATCHER, life.limits)
    life.do(Action.UNMERGE, Actor.DISPATCHER, reason="不是同一件", supervisor="督办员")
    assert (life.ticket.supervision, life.ticket.supervisor) == (1, "督办员")
    life.do(Action.DISPATCH, Actor.DISPATCHER, **to_unit("e"))
    assert (life.ticket.counters.reassigns, life.ticket.supervision) == (4, 1), "one move, one level"


def test_what_is_merged_and_comes_back_to_its_unit_has_not_moved() -> None:
    life = merged(moved(2))
    life.do(Action.UNMERGE, Actor.DISPATCHER, reason="不是同一件")
    life.do(Action.DISPATCH, Actor.DISPATCHER, **to_unit("c"))
    assert (life.ticket.counters.reassigns, life.ticket.supervision) == (2, 0)


def test_what_nobody_led_when_it_was_merged_is_taken_apart_without_a_name() -> None:
    life = moved(3)
    life.do(Action.RECALL, Actor.DISPATCHER, reason="重新研判", supervisor="督办员")
    merged(life)
    assert not is_demanded(life.ticket, Action.UNMERGE, "supervisor", Actor.DISPATCHER, life.limits)
    life.do(Action.UNMERGE, Actor.DISPATCHER, reason="不是同一件")
    assert life.ticket.supervision == 1, "the recall was the move"


def test_what_is_taken_back_and_given_to_the_same_unit_has_not_moved() -> None:
    life = moved(2)
    life.do(Action.RECALL, Actor.SUPERVISOR, reason="再次研判")
    life.do(Action.DISPATCH, Actor.DISPATCHER, **to_unit("c"))
    assert life.ticket.counters.reassigns == 2


def test_a_ruling_moves_it_however_often_it_was_moved_and_counts() -> None:
    life = moved(3)
    request = life.ask(RequestKind.RETURN, **RETURN)
    life.do(RequestMove.DISPUTE, Actor.DISPATCHER, request=request, reason="两家均不认领")
    life.do(RequestMove.GRANT, Actor.SUPERVISOR, request=request, reason="由己单位办理", clause="第3条")
    life.do(Action.REASSIGN, Actor.SUPERVISOR, **to_unit("x") | {"request": request})
    assert (leads(life), life.ticket.counters.reassigns) == ("unit-x", 4)


WHY = "此工单已流转1次，本次起须填写一位督办员的姓名或账号，督办升一级"


def fields_of(seen: Any, action: str) -> list[Any]:
    return next(each["fields"] for each in seen["actions"] if each["action"] == action)


async def supervisor(desk: Hotline) -> Staff:
    async with desk.database.transaction() as tx:
        new = NewStaff("du-1", "督办甲", frozenset({Role.SUPERVISOR}))
        return await desk.directory.staffing.add(tx, new, "no hash", ADMIN)


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
    for action in ("reassign", "recall"):
        (field,) = (f for f in fields_of(seen, action) if f["name"] == "supervisor")
        assert (field["required"], field["hint"]) == (True, WHY)
        assert "supervisor" not in {f["name"] for f in fields_of(await web("GET", one, SUPERVISOR), action)}
    form = {"unit": another(web, ticket), "reason": "再次改派", "beyond_area": "区级事权"}
    body = {"version": seen["version"], "form": form}
    with pytest.raises(Invalid) as refused:
        await web("POST", f"{one}/actions/reassign", DISPATCHER, body)
    assert refused.value.fields == NAMELESS
    name = (await supervisor(web.desk)).name
    with pytest.raises(Invalid) as unknown:
        await web("POST", f"{one}/actions/reassign", DISPATCHER, body | {"form": form | {"supervisor": "无此人"}})
    assert unknown.value.fields == {"supervisor": "not_a_supervisor"}
    after = await web("POST", f"{one}/actions/reassign", DISPATCHER, body | {"form": form | {"supervisor": name}})
    assert (after["unit"], after["moves"]) == (form["unit"], 2)
    (line,) = (each for each in after["timeline"] if "再次改派" in each["note"])
    assert line["note"].endswith(f"督办人：{name}")


async def test_whoever_dispatches_and_supervises_may_name_themselves(web: Web) -> None:
    await web("POST", "limits", staff(Role.ADMIN), order(values=ONCE))
    there = await supervisor(web.desk)
    both = Principal(Kind.STAFF, there.id, there.name, frozenset({Role.DISPATCHER, Role.SUPERVISOR}))
    ticket = await web.desk.open()
    for unit, named in ((OTHER, ""), (another(web, ticket), there.name)):
        form = {"unit": unit, "reason": "另有主责", "beyond_area": "区级事权", "supervisor": named}
        await web.desk.act(ticket, Action.REASSIGN, both, **form)
    now = await web.desk.now(ticket)
    assert (now.counters.reassigns, now.supervision, now.supervisor) == (2, 1, there.id)


async def test_a_return_beyond_the_limit_is_granted_in_a_supervisors_name(web: Web) -> None:
    await web("POST", "limits", staff(Role.ADMIN), order(values=ONCE))
    there = await supervisor(web.desk)
    ticket = await web.desk.open()
    await web.desk.act(ticket, Action.REASSIGN, DISPATCHER, unit=OTHER, reason="另有主责", beyond_area="区级事权")
    unit = lead_staff(await web.desk.now(ticket))
    third = another(web, ticket)
    form = {"reason_code": "not_our_duty", "clause": "职责清单", "reason": "归其他单位", "suggested_unit": third}
    asked = await web("POST", f"tickets/{ticket.number}/requests", unit, {"kind": "return", "form": form})
    decide = f"tickets/{ticket.number}/requests/{asked['requests'][-1]['id']}"
    said = {by: (await web("GET", f"tickets/{ticket.number}", by))["requests"][-1] for by in (DISPATCHER, SUPERVISOR)}
    assert [said[by]["names_supervisor"] for by in (DISPATCHER, SUPERVISOR)] == [WHY, ""]
    form = {"beyond_area": "区级事权"}
    with pytest.raises(Invalid) as refused:
        await web("POST", decide, DISPATCHER, {"granted": True, "form": form})
    assert refused.value.fields == NAMELESS
    seen = await web("POST", decide, DISPATCHER, {"granted": True, "form": form | {"supervisor": there.login}})
    assert (seen["unit"], seen["moves"], seen["supervision"]) == (third, 2, 1)
    assert (await web.desk.now(ticket)).supervisor == there.id


async def test_the_supervisor_named_for_a_move_is_told_and_no_other(web: Web) -> None:
    await web("POST", "limits", staff(Role.ADMIN), order(values=ONCE))
    there = await supervisor(web.desk)
    ticket = await web.desk.open()
    await web.desk.act(ticket, Action.REASSIGN, DISPATCHER, unit=OTHER, reason="另有主责", beyond_area="区级事权")
    await web.desk.act(ticket, Action.RECALL, DISPATCHER, reason="再次研判", supervisor=there.name)
    async with web.desk.database.reading() as tx:
        found = await tx.execute(select(officer_notices.c.staff).where(officer_notices.c.what == "督办升级"))
    assert [staff for (staff,) in found if staff == there.id] == [there.id]
