"""The wall: every overdue ticket with its owner, reason and next step; each number with the tickets behind it."""

from datetime import timedelta
from typing import Any

import pytest

from kernel.errors import NotAllowed, NotFound
from kernel.people import Role
from tests.ticketing.city import BAD, DISPATCHER, SUPERVISOR, VENDING, Hotline, lead_staff, link, staff
from tests.ticketing.test_api import Web
from ticketing.model.labels import Action, RequestKind, State, Urgency
from ticketing.wall import WallList


@pytest.fixture
def web(desk: Hotline) -> Web:
    return Web(desk)


def numbers(view: Any, part: str) -> dict[str, int]:
    return {each["list"]: each["count"] for each in view[part]}


async def test_open_tickets_are_counted_by_when_they_are_due(desk: Hotline, web: Web) -> None:
    ticket = await desk.open()
    view = await web("GET", "wall", SUPERVISOR)
    assert numbers(view, "lights") == {"red": 0, "late_steps": 0, "orange": 0, "yellow": 0, "green": 1}
    desk.clock.advance(timedelta(days=30))
    view = await web("GET", "wall", SUPERVISOR)
    assert numbers(view, "lights") == {"red": 1, "late_steps": 0, "orange": 0, "yellow": 0, "green": 0}
    (late,) = view["overdue"]
    assert late["ticket"]["number"] == ticket.number
    assert late["owner"] == late["ticket"]["unit_name"] != ""
    assert late["reason"]
    assert late["step"]


async def test_behind_every_number_are_its_tickets(desk: Hotline, web: Web) -> None:
    await desk.open()
    await desk.open("水管爆裂，整条街停水", urgency=Urgency.P1)
    desk.clock.advance(timedelta(days=30))
    view = await web("GET", "wall", SUPERVISOR)
    for part in ("lights", "levels", "waiting"):
        for name, count in numbers(view, part).items():
            assert len((await web("GET", f"wall/{name}", SUPERVISOR))["items"]) == count
    assert {name.value for name in WallList} >= set(numbers(view, "lights"))


async def test_what_a_supervisor_takes_up_is_counted_by_its_level(desk: Hotline, web: Web) -> None:
    ticket = await desk.open()
    desk.clock.advance(timedelta(days=30))
    version = (await desk.now(ticket)).version
    body = {"version": version, "form": {"reason": "超期未办"}}
    await web("POST", f"tickets/{ticket.number}/actions/supervise", SUPERVISOR, body)
    assert numbers(await web("GET", "wall", SUPERVISOR), "levels")["level_1"] == 1


async def test_a_supervisor_may_urge(desk: Hotline, web: Web) -> None:
    ticket = await desk.open()
    shown = await web("GET", f"tickets/{ticket.number}", SUPERVISOR)
    assert {"urge", "supervise"} <= {each["action"] for each in shown["actions"]}
    body = {"version": ticket.version, "form": {}}
    urged = await web("POST", f"tickets/{ticket.number}/actions/urge", SUPERVISOR, body)
    assert any("收到催办" in notice["text"] for notice in urged["notices"])


async def test_returns_and_disputes_wait_apart(desk: Hotline, web: Web) -> None:
    ticket = await desk.open()
    unit = lead_staff(ticket)
    other = next(each.code for each in desk.lookup.units() if each.code != unit.unit)
    form = {"reason_code": "not_our_duty", "clause": "职责清单", "suggested_unit": other}
    asked = await web(
        "POST", f"tickets/{ticket.number}/requests", unit, {"kind": RequestKind.RETURN.value, "form": form}
    )
    assert numbers(await web("GET", "wall", SUPERVISOR), "waiting") == {
        "returns": 1,
        "disputes": 0,
        "late_rulings": 0,
        "requests": 0,
        "appeals": 0,
        "refusals": 0,
    }
    disputed = {"disputed": True, "form": {"reason": "两家都不接"}}
    await web("POST", f"tickets/{ticket.number}/requests/{asked['requests'][0]['id']}", DISPATCHER, disputed)
    view = await web("GET", "wall", SUPERVISOR)
    assert numbers(view, "waiting") == {
        "returns": 0,
        "disputes": 1,
        "late_rulings": 0,
        "requests": 0,
        "appeals": 0,
        "refusals": 0,
    }
    (row,) = (await web("GET", "wall/disputes", SUPERVISOR))["items"]
    assert (row["owner"], row["disputed"]) == ("督办", asked["requests"][0]["id"])


async def test_emergencies_show_their_running_clocks(desk: Hotline, web: Web) -> None:
    await desk.open("煤气泄漏，楼道里味道很大", urgency=Urgency.P1)
    (row,) = (await web("GET", "wall", SUPERVISOR))["urgent"]
    assert row["ticket"]["urgency"] == "p1"
    assert row["step_text"] or row["ticket"]["remaining_text"]


async def test_the_wall_is_for_supervisors_and_the_duty_room(desk: Hotline, web: Web) -> None:
    await web("GET", "wall", staff(Role.SHIFT_LEAD))
    with pytest.raises(NotAllowed):
        await web("GET", "wall", staff(Role.LIAISON, unit="u"))
    with pytest.raises(NotFound):
        await web("GET", "wall/nothing", SUPERVISOR)


async def test_a_reply_is_looked_over_for_whoever_may_read_the_ticket(desk: Hotline, web: Web) -> None:
    ticket = await desk.open()
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    body = {"text": "您好，正在处理中。"}
    told = await web("POST", f"tickets/{ticket.number}/reply-check", staff(Role.REVIEWER), body)
    assert {each["of"] for each in told["checks"]} == {"points", "basis", "no_leak", "courtesy"}


async def test_a_step_past_its_time_is_on_the_wall_before_the_whole_is_late(desk: Hotline, web: Web) -> None:
    ticket = await desk.open(urgency=Urgency.P1)
    assert (await web("GET", "wall", SUPERVISOR))["overdue"] == []
    desk.clock.advance(timedelta(hours=1))
    view = await web("GET", "wall", SUPERVISOR)
    lights = numbers(view, "lights")
    assert (lights["red"], lights["late_steps"]) == (0, 1)
    (late,) = view["overdue"]
    assert late["ticket"]["number"] == ticket.number
    assert late["step_text"].startswith("已超期")
    assert [each["ticket"]["number"] for each in (await web("GET", "wall/late_steps", SUPERVISOR))["items"]] == [
        ticket.number
    ]
    await desk.act(await desk.now(ticket), Action.ACCEPT, lead_staff(ticket))
    assert numbers(await web("GET", "wall", SUPERVISOR), "lights")["late_steps"] == 0


async def test_a_late_call_back_is_on_the_wall(desk: Hotline, web: Web) -> None:
    ticket = await desk.to_reply(await desk.open())
    rated = await desk.act(ticket, Action.RATE, link(ticket), **BAD)
    assert rated.state is State.CALL_BACK
    desk.clock.advance(timedelta(days=5))
    view = await web("GET", "wall", SUPERVISOR)
    assert numbers(view, "lights")["late_steps"] == 1
    assert [each["ticket"]["number"] for each in view["overdue"]] == [ticket.number]


async def test_of_urgent_tickets_the_one_that_waits_longest_for_its_next_step_stands_first(
    desk: Hotline, web: Web
) -> None:
    early = await desk.open(urgency=Urgency.P1)
    await desk.act(early, Action.ACCEPT, lead_staff(early))
    desk.clock.advance(timedelta(minutes=5))
    waits = await desk.open(f"{VENDING}，天天如此", urgency=Urgency.P1)
    shown = [each["ticket"]["number"] for each in (await web("GET", "wall", SUPERVISOR))["urgent"]]
    assert shown == [waits.number, early.number]
