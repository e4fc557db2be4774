"""Versions of the limits: from their day on, for clocks that start then; every process learns of them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from hotline.failures import problem_of
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.room import Floor
from tests.schedule import local
from tests.ticketing.city import ADMIN, DISPATCHER, City, Hotline, hotline, lead_staff
from tests.ticketing.test_api import Web
from ticketing.limiting import TOPIC
from ticketing.model.labels import Action, ClockKind, RequestKind, State, TicketKind
from ticketing.rules.bounds import BOUNDS, FLOW, LESS, NEITHER, PROVINCIAL, Weaker, beyond, weaker
from ticketing.rules.limitrows import FIELDS, Difference, Value, rows_of
from ticketing.rules.limits import Limits, business_hours, minutes, working_days

SHORTER: dict[str, Any] = {"handle.complaint.1": {"kind": "count", "amount": 3}}
TODAY, NEXT_MONDAY = date(2026, 3, 16), date(2026, 3, 23)


def order(day: date = TODAY, newest: int = 0, values: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"valid_from": day, "values": values or SHORTER, "why": "市政府第12次常务会议", "newest": newest}


@pytest.fixture
def web(desk: Hotline) -> Web:
    return Web(desk)


async def test_a_ticket_keeps_the_limits_in_force_when_its_clock_started(web: Web) -> None:
    before = await web.desk.open()
    await web("POST", "limits", ADMIN, order())
    web.desk.clock.advance(timedelta(minutes=1))
    after = await web.desk.open(contact="13900139000")
    dues = [(await web.desk.now(each)).clock(ClockKind.TOTAL) for each in (before, after)]
    assert [clock.due for clock in dues if clock] == [local("2026-03-25 17:30"), local("2026-03-19 17:30")]


async def test_a_version_of_a_coming_day_waits_for_it(web: Web) -> None:
    view = await web("POST", "limits", ADMIN, order(NEXT_MONDAY))
    assert [each["state"] for each in view["versions"]] == ["coming", "current"]
    assert view["versions"][0]["valid_from"] == "2026-03-22T16:00:00Z"
    first = await web.desk.open()
    web.desk.clock.set(local("2026-03-23 00:00"))
    second = await web.desk.open(contact="13900139000")
    clocks = [each.clock(ClockKind.TOTAL) for each in (first, second)]
    assert [clock.limit.amount for clock in clocks if clock] == [7, 3]
    assert [each["state"] for each in (await web("GET", "limits", ADMIN))["versions"]] == ["current", "past"]


async def test_from_its_day_on_a_ticket_goes_by_itself_only_with_the_confidence_of_that_version(web: Web) -> None:
    values = {"auto_dispatch": {"kind": "share", "amount": 100}}
    await web("POST", "limits", ADMIN, order(NEXT_MONDAY, values=values))
    surely = web.desk.room.deciding
    assert surely._threshold() == 0.8
    before = await web.desk.open()
    web.desk.clock.set(local("2026-03-23 00:00"))
    after = await web.desk.open(contact="13900139000")
    assert surely._threshold() == 1
    assert [before.state, after.state] == [State.DISPATCHED, State.TRIAGE]


async def test_a_clock_that_was_started_before_is_lit_escalated_and_windowed_by_the_limits_of_then(web: Web) -> None:
    ticket = await web.desk.open()
    unit = lead_staff(ticket)
    web.desk.clock.advance(timedelta(minutes=5))
    values = {
        "return_window.2": {"kind": "minutes", "amount": 31},
        "return_window.3": {"kind": "minutes", "amount": 31},
        "return_window.1": {"kind": "minutes", "amount": 30},
        "yellow_share": {"kind": "share", "amount": 1},
    }
    await web("POST", "limits", ADMIN, order(values=values))
    web.desk.clock.advance(timedelta(hours=3))
    view = await web("GET", f"tickets/{ticket.number}", unit)
    assert view["light"] == "green"
    assert RequestKind.RETURN.value in [each["action"] for each in view["can_request"]]
    await web.desk.act(ticket, Action.ACCEPT, unit)


async def test_the_history_shows_what_each_version_changed_and_who_made_it(web: Web) -> None:
    view = await web("POST", "limits", ADMIN, order())
    made, own = view["versions"]
    assert (own["version"], own["valid_from"], own["differences"]) == (0, None, [])
    assert made["why"] == "市政府第12次常务会议"
    (difference,) = made["differences"]
    assert (difference["label"], difference["before"]["text"], difference["after"]["text"]) == ("投诉 · 承诺", "7", "3")
    async with web.desk.database.reading() as tx:
        (fact,) = await web.desk.floor.journal.about(tx, "limits")
    assert fact.fact.keys == ("handle.complaint.1",)
    assert fact.fact.by == ADMIN.id


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        (order(date(2026, 3, 15)), {"valid_from": "in_the_past"}),
        (order() | {"why": " "}, {"why": "required"}),
        (order() | {"values": {}}, {"values": "nothing_changed"}),
        (
            order(values={"handle.help.1": {"kind": "count", "amount": 11}}),
            {"handle.help.1": "beyond_legal_ceiling"},
        ),
        (order(values={"handle.complaint.1": {"kind": "days", "amount": 3}}), {"handle.complaint.1": "wrong_kind"}),
    ],
)
async def test_what_cannot_be_is_refused_by_its_field(web: Web, wrong: dict[str, Any], fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        await web("POST", "limits", ADMIN, wrong)
    assert caught.value.fields == fields


async def test_of_two_who_change_at_the_same_time_the_second_sees_the_first(web: Web) -> None:
    await web("POST", "limits", ADMIN, order())
    with pytest.raises(Conflict, match="limits_changed"):
        await web("POST", "limits", ADMIN, order())


async def test_only_administrators_change_limits(web: Web) -> None:
    with pytest.raises(NotAllowed):
        await web("GET", "limits", DISPATCHER)


async def test_another_process_learns_of_it_by_the_bell_and_before_it_changes_a_ticket(
    web: Web, floor: Floor, city: City
) -> None:
    other = hotline(floor, web.desk.clock, city)
    with floor.bell.listen(TOPIC) as ear:
        await web("POST", "limits", ADMIN, order())
        assert await ear.heard(5)
    web.desk.clock.advance(timedelta(minutes=1))
    total = (await other.open()).clock(ClockKind.TOTAL)
    assert total is not None
    assert total.limit.amount == 3
    third = hotline(floor, web.desk.clock, city)
    (loop,) = [loop for loop in third.room.room.loops if loop.name == "ticketing.limits"]
    assert (list(loop.topics), loop.in_web) == ([TOPIC], True)
    await loop.step()
    view = await Web(third)("GET", "limits", ADMIN)
    assert [row["value"]["amount"] for row in view["rows"] if row["key"] == "handle.complaint.1"] == [3]


async def test_a_version_of_a_coming_day_leaves_alone_what_is_set_before_its_day(
    web: Web, floor: Floor, city: City
) -> None:
    await web("POST", "limits", ADMIN, order(NEXT_MONDAY))
    other = {"handle.help.1": {"kind": "count", "amount": 4}, "return_window.3": {"kind": "minutes", "amount": 1440}}
    view = await web("POST", "limits", ADMIN, order(newest=1, values=other))
    coming = next(each for each in view["versions"] if each["state"] == "coming")
    assert [(each["key"], each["after"]["amount"]) for each in coming["differences"]] == [("handle.complaint.1", 3)]
    web.desk.clock.set(local("2026-03-23 00:00"))
    third = hotline(floor, web.desk.clock, city)
    await third.room.limits.load()
    for keeper in (web.desk.room.limits, third.room.limits):
        held = keeper.now()
        assert (held.handle[TicketKind.COMPLAINT][1], held.handle[TicketKind.HELP][1]) == (3, 4)
        assert held.return_window[3].amount == 1440


async def test_a_change_that_a_coming_version_cannot_stand_on_is_refused(web: Web) -> None:
    longer = {"handle.complaint.1": {"kind": "count", "amount": 12}}
    await web("POST", "limits", ADMIN, order(NEXT_MONDAY, values=longer))
    lower = {"handle.complaint.0": {"kind": "count", "amount": 10}}
    with pytest.raises(Invalid) as caught:
        await web("POST", "limits", ADMIN, order(newest=1, values=lower))
    assert caught.value.fields == {"values": "clashes_with_coming"}
    assert caught.value.data == {"day": "2026-03-23", "labels": "投诉 · 承诺"}


async def test_above_a_ceiling_a_limit_is_set_with_a_reason_only_which_is_kept(web: Web) -> None:
    raised = order(values={"handle.help.0": {"kind": "count", "amount": 30}})
    (row,) = [row for row in (await web("GET", "limits", ADMIN))["rows"] if row["key"] == "handle.help.0"]
    assert (row["weaker"], row["bound"]["amount"], row["source"]) == ("more", 10, PROVINCIAL)
    with pytest.raises(Invalid) as caught:
        await web("POST", "limits", ADMIN, raised)
    assert caught.value.fields == {"beyond_why": "required", "handle.help.0": "beyond_ceiling"}
    view = await web("POST", "limits", ADMIN, raised | {"beyond_why": "上级批准的试点"})
    assert view["versions"][0]["beyond_why"] == "上级批准的试点"
    async with web.desk.database.reading() as tx:
        (recorded,) = await web.desk.floor.journal.about(tx, "limits")
    assert (recorded.fact.beyond, recorded.fact.beyond_why) == (("handle.help.0",), "上级批准的试点")


async def test_fewer_attempts_to_call_back_than_the_rules_ask_for_are_set_with_a_reason_only(web: Web) -> None:
    once = {key: {"kind": "count", "amount": 1} for key in ("callback_attempts", "callback_days", "callback_channels")}
    (row,) = [row for row in (await web("GET", "limits", ADMIN))["rows"] if row["key"] == "callback_attempts"]
    assert (row["weaker"], row["bound"]["amount"], row["source"]) == ("less", 3, FLOW)
    with pytest.raises(Invalid) as caught:
        await web("POST", "limits", ADMIN, order(values=once))
    assert caught.value.fields == {"beyond_why": "required"} | dict.fromkeys(once, "below_floor")
    view = await web("POST", "limits", ADMIN, order(values=once) | {"beyond_why": "回访系统停机检修"})
    assert view["versions"][0]["beyond_why"] == "回访系统停机检修"
    async with web.desk.database.reading() as tx:
        (recorded,) = await web.desk.floor.journal.about(tx, "limits")
    assert set(recorded.fact.beyond) == set(once)
    assert "低于规定下限" in problem_of(caught.value, "").fields["callback_days"]


@pytest.mark.parametrize(
    ("key", "stricter", "weak"),
    [
        ("callback_attempts", 4, 2),
        ("reopened_within", timedelta(days=16), timedelta(days=14)),
        ("refusal_stands", working_days(6), working_days(4)),
        ("answer_confirmed", minutes(25 * 60), minutes(23 * 60)),
        ("info_given_up", working_days(6), business_hours(8)),
        ("repeat_within", timedelta(days=31), timedelta(days=29)),
        ("highest_supervision", 4, 2),
        ("callback_begins", business_hours(4), working_days(2)),
        ("rehandle_share", 0.4, 0.6),
        ("longest_shelving", timedelta(days=90), timedelta(days=181)),
        ("timers.first_contact.1", minutes(60), minutes(121)),
        ("patience_urges.0", 2, 4),
    ],
)
def test_each_limit_is_warned_of_the_way_it_is_a_weaker_promise_and_not_the_other(
    key: str, stricter: Value, weak: Value
) -> None:
    (row,) = [each for each in rows_of(Limits()) if each.key == key]
    assert beyond([Difference(replace(row, value=stricter), row.value)]) == ()
    assert beyond([Difference(replace(row, value=weak), row.value)]) == (key,)


def test_every_limit_has_its_direction() -> None:
    assert set(LESS) | NEITHER <= set(FIELDS)
    assert not NEITHER & {key.partition(".")[0] for key in BOUNDS}
    assert {weaker(row.key) for row in rows_of(Limits())} == set(Weaker)


async def test_every_bound_is_of_a_limit_there_is_and_the_defaults_keep_it() -> None:
    values = {row.key: row.value for row in rows_of(Limits())}
    assert set(BOUNDS) <= set(values)
    assert all(type(each.furthest) is type(values[key]) for key, each in BOUNDS.items())
    assert beyond(tuple(Difference(row, row.value) for row in rows_of(Limits()))) == ()
