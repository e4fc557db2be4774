"""The lists of the screens: what one had in hand, what waits outside, what is to be done next, bad votes first."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from kernel.people import Kind, Principal, Role
from tests.ticketing.city import (
    AGENT,
    BAD,
    DISPATCHER,
    GOOD,
    REVIEWER,
    SUPERVISOR,
    Hotline,
    address,
    lead_staff,
    link,
    staff,
)
from tests.ticketing.making import PROOF, WISHED
from tests.ticketing.test_actions import UNCLEAR
from tests.ticketing.test_api import Web
from ticketing.model.acting import Form
from ticketing.model.labels import Action, RequestKind, ReturnReason, Solved, State, Urgency
from ticketing.model.ticket import Ticket
from ticketing.queries import View, ViewName, limited


@pytest.fixture
def web(desk: Hotline) -> Web:
    return Web(desk)


async def listed(desk: Hotline, by: Principal, name: ViewName, **more: object) -> list[str]:
    """The numbers of a list, read three to a page."""
    found: list[str] = []
    cursor = ""
    while True:
        async with desk.database.reading() as tx:
            view = View(name, cursor=cursor, limit=3, **more)  # type: ignore[arg-type]
            page = await desk.room.queries.find(tx, limited(view, by))
        found += [ticket.number for ticket in page.items]
        if page.next is None:
            return found
        cursor = page.next


async def others(desk: Hotline, many: int, **more: Any) -> list[Ticket]:
    made = []
    for place in range(many):
        desk.clock.advance(timedelta(minutes=1))
        made.append(await desk.open(address=address(f"person-{place}"), contact="", **more))
    return made


async def test_an_agent_finds_what_they_had_in_hand_the_latest_first(desk: Hotline) -> None:
    mine = [ticket.number for ticket in await others(desk, 4, by=AGENT)]
    await desk.open(by=staff(Role.AGENT))
    colleague = Principal(AGENT.kind, "another", roles=AGENT.roles)
    theirs = await desk.open(by=colleague, address=address("x"), contact="")
    assert theirs.number not in await listed(desk, AGENT, ViewName.MINE)
    assert await listed(desk, colleague, ViewName.MINE) == [theirs.number]
    assert [n for n in await listed(desk, AGENT, ViewName.MINE) if n in mine] == mine[::-1]
    desk.clock.advance(timedelta(minutes=5))
    await desk.act(await desk.now(theirs), Action.WITHDRAW, AGENT, **WISHED)
    assert (await listed(desk, AGENT, ViewName.MINE))[0] == theirs.number


async def test_what_waits_for_the_citizen_or_another_platform_has_a_list_and_counts(desk: Hotline, web: Web) -> None:
    handed = await desk.act(await desk.open(**UNCLEAR), Action.HAND_OVER, AGENT, platform="110", reason="警情")
    asked = await desk.open(**UNCLEAR, address=address("two"), contact="")
    asked = await desk.act(asked, Action.ASK_INFO, AGENT, question="哪栋楼？")
    await desk.open(address=address("three"), contact="")
    assert set(await listed(desk, DISPATCHER, ViewName.OUTSIDE)) == {handed.number, asked.number}
    assert await listed(desk, AGENT, ViewName.OUTSIDE, state=State.HANDED_OVER) == [handed.number]
    counts = await web("GET", "tickets/counts", DISPATCHER)
    assert (counts["outside"], counts["handed_over"], counts["need_info"], counts["declined"]) == (2, 1, 1, 0)


async def test_a_unit_sees_first_what_it_has_to_do_first_and_by_when(desk: Hotline, web: Web) -> None:
    """The total of a gas leak says days; it is to be signed within half an hour."""
    calm = await desk.open()
    unit = lead_staff(calm)
    await desk.act(calm, Action.ACCEPT, unit)
    await desk.act(calm, Action.START, unit, contacted_at=desk.clock.now(), contact_how="用办公座机打通并核对了情况")
    fresh = await desk.open(address=address("two"), contact="", urgency=Urgency.P1)
    assert fresh.lead is not None
    assert calm.lead is not None
    assert fresh.lead.unit == calm.lead.unit
    assert await listed(desk, unit, ViewName.INBOX) == [fresh.number, calm.number]
    rows = (await web("GET", "tickets", unit, view="inbox"))["items"]
    assert rows[0]["step"]["label"] == "签收"
    assert rows[0]["step"]["remaining_text"].endswith("分钟")
    assert rows[0]["due_at"] > rows[0]["step"]["due_at"]
    assert rows[1]["step"] is None
    await desk.act(fresh, Action.ACCEPT, unit)
    row = (await web("GET", "tickets", unit, view="inbox"))["items"][0]
    assert row["step"]["label"] == "首次联系"


async def test_the_inbox_is_read_page_by_page_in_the_order_of_the_next_steps(desk: Hotline) -> None:
    made = await others(desk, 7)
    unit = lead_staff(made[0])
    assert await listed(desk, unit, ViewName.INBOX) == [ticket.number for ticket in made]


async def test_the_dispatchers_see_how_long_there_is_to_dispatch(desk: Hotline, web: Web) -> None:
    await desk.open(**UNCLEAR)
    (row,) = (await web("GET", "tickets", DISPATCHER, view="triage"))["items"]
    assert row["step"]["label"] == "派单"
    assert row["step"]["remaining_text"] == "今天12:00前"


async def test_call_backs_come_with_the_bad_votes_first(desk: Hotline, web: Web) -> None:
    none, good, bad = await others(desk, 3)
    for ticket, vote in ((good, GOOD | {"solved": Solved.PARTLY}), (bad, BAD)):
        replied = await desk.to_reply(ticket)
        await desk.act(replied, Action.RATE, link(replied), **vote)
    assert none.state is State.DISPATCHED
    rows = (await web("GET", "tickets", DISPATCHER, view="callback"))["items"]
    assert rows[0]["number"] == bad.number
    assert rows[0]["vote"] == {"label": "不满意 · 没解决", "bad": True}
    assert rows[0]["step"]["label"] == "回访"


async def test_a_dispute_is_not_among_what_the_dispatchers_approve(desk: Hotline, web: Web) -> None:
    ticket = await desk.open()
    await _ask_return(desk, ticket)
    assert await listed(desk, DISPATCHER, ViewName.REQUESTS) == [ticket.number]
    request = (await desk.now(ticket)).requests[0].id
    async with desk.database.transaction() as tx:
        await desk.room.tickets.dispute(tx, ticket.number, request, Form(reason="两家都不接"), DISPATCHER)
    assert await listed(desk, DISPATCHER, ViewName.REQUESTS) == []
    (row,) = (await web("GET", "disputes", SUPERVISOR))["items"]
    assert row["ticket"]["number"] == ticket.number


async def test_a_request_is_listed_with_the_limit_of_its_decision_and_not_with_the_tickets(
    desk: Hotline, web: Web
) -> None:
    ticket = await desk.open()
    await _ask_return(desk, ticket)
    until = (await desk.now(ticket)).requests[0].decide_by
    (row,) = (await web("GET", "tickets", DISPATCHER, view="requests"))["items"]
    assert row["step"]["label"] == "审批退单"
    assert datetime.fromisoformat(row["step"]["due_at"]) == until
    assert (row["step"]["light"], row["step"]["decides"]) == ("green", True)
    assert "工作日" not in row["step"]["remaining_text"]
    # Whose decision it is not sees the step of the work.
    (theirs,) = (await web("GET", "tickets", lead_staff(ticket), view="inbox"))["items"]
    assert theirs["step"]["label"] == "签收"
    (returned,) = (await web("GET", "wall/returns", SUPERVISOR))["items"]
    assert datetime.fromisoformat(returned["step_due"]) == until
    assert returned["step"] == "分办员审批退单"
    assert returned["step_text"] == returned["ticket"]["step"]["remaining_text"] == row["step"]["remaining_text"]
    desk.clock.set(until + timedelta(minutes=1))
    (late,) = (await web("GET", "tickets", DISPATCHER, view="requests"))["items"]
    assert late["step"]["light"] == "red"
    assert late["step"]["remaining_text"].startswith("已超期")


async def test_requests_come_by_the_limit_of_their_decision_however_long_there_is_for_the_whole(desk: Hotline) -> None:
    made = await others(desk, 5)
    assert [ticket.number for ticket in made] == [t.number for t in sorted(made, key=lambda t: t.clocks[0].due)]
    *returned, extended, both = made
    for ticket in (extended, both):
        await _ask_extension(desk, ticket)
    for ticket in (both, *reversed(returned)):
        desk.clock.advance(timedelta(minutes=1))
        await _ask_return(desk, ticket)
    # Three to a page: a ticket with two requests stands once, where the first of them is to be decided.
    expected = [both, *reversed(returned), extended]
    assert await listed(desk, DISPATCHER, ViewName.REQUESTS) == [ticket.number for ticket in expected]
    area = made[0].area
    assert await listed(desk, DISPATCHER, ViewName.REQUESTS, area=area) == [ticket.number for ticket in expected]
    assert await listed(desk, DISPATCHER, ViewName.REQUESTS, text=both.number) == [both.number]
    # What the first waits for is decided: the ticket waits for the other.
    request = (await desk.now(both)).requests[1].id
    async with desk.database.transaction() as tx:
        await desk.room.tickets.decide(tx, both.number, request, False, Form(reason="由你单位办理"), DISPATCHER)
    now = await listed(desk, DISPATCHER, ViewName.REQUESTS)
    assert (now[:3], set(now[3:])) == ([t.number for t in reversed(returned)], {extended.number, both.number})


async def test_whoever_decides_has_on_their_list_and_in_its_count_what_they_may_decide_and_nothing_else(
    desk: Hotline, web: Web
) -> None:
    returned, excluded = await others(desk, 2)
    await _ask_return(desk, returned)
    async with desk.database.transaction() as tx:
        form = Form(reason_code="lawful_refusal", reason="于法无据", evidence=PROOF)
        await desk.room.tickets.ask(tx, excluded.number, RequestKind.EXCLUSION, form, lead_staff(excluded))
    both = Principal(Kind.STAFF, "both", roles=DISPATCHER.roles | REVIEWER.roles)
    for by, theirs in (
        (DISPATCHER, {returned.number}),
        (SUPERVISOR, {returned.number}),
        (REVIEWER, {excluded.number}),
        (both, {returned.number, excluded.number}),
        (AGENT, set()),
    ):
        assert set(await listed(desk, by, ViewName.REQUESTS)) == theirs
        assert (await web("GET", "tickets/counts", by))["requests"] == len(theirs)
    (row,) = (await web("GET", "tickets", REVIEWER, view="requests"))["items"]
    assert row["step"]["label"] == "审批考核剔除"


async def test_disputes_are_counted_and_listed_however_many_requests_are_due_before(desk: Hotline, web: Web) -> None:
    disputed = []
    for ticket in await others(desk, 5):
        await _ask_return(desk, ticket)
        request = (await desk.now(ticket)).requests[0].id
        async with desk.database.transaction() as tx:
            await desk.room.tickets.dispute(tx, ticket.number, request, Form(reason="两家都不接"), DISPATCHER)
        disputed.append(ticket.number)
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await web("GET", "disputes", SUPERVISOR, cursor=cursor, limit="2")
        found += [row["ticket"]["number"] for row in page["items"]]
        assert page["total"] == 5
        cursor = page["next"]
    assert found == disputed
    waiting = {each["list"]: each["count"] for each in (await web("GET", "wall", SUPERVISOR))["waiting"]}
    assert (waiting["disputes"], waiting["returns"], waiting["requests"]) == (5, 0, 0)
    first = await web("GET", "wall/disputes", SUPERVISOR, limit="3")
    rest = await web("GET", "wall/disputes", SUPERVISOR, limit="3", cursor=first["next"])
    assert len({row["ticket"]["number"] for row in (*first["items"], *rest["items"])}) == 5
    assert rest["next"] is None


async def test_the_walls_lists_go_on_behind_their_cursor(desk: Hotline, web: Web) -> None:
    await others(desk, 3)
    await others(desk, 2, urgency=Urgency.P1)
    for name, many in (("green", 3), ("urgent", 2)):
        found: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = await web("GET", f"wall/{name}", SUPERVISOR, cursor=cursor, limit="2")
            found += [row["ticket"]["number"] for row in page["items"]]
            cursor = page["next"]
        assert len(found) == len(set(found)) == many


async def test_why_work_stood_still_stays_on_the_citizens_page_when_it_goes_on(desk: Hotline, web: Web) -> None:
    ticket = await desk.open()
    unit = lead_staff(ticket)
    await desk.act(ticket, Action.ACCEPT, unit)
    await desk.act(ticket, Action.START, unit, contacted_at=desk.clock.now(), contact_how="用办公座机打通并核对了情况")
    form = Form(reason="等待鉴定", reason_code="procedure", evidence=PROOF)
    async with desk.database.transaction() as tx:
        asked = await desk.room.tickets.ask(tx, ticket.number, RequestKind.SUSPENSION, form, unit)
        request = asked.requests[-1].id
        await desk.room.tickets.decide(tx, ticket.number, request, True, Form(reason="同意"), SUPERVISOR)
    held = await desk.now(ticket)
    if held.state is not State.SUSPENDED:
        more = {"request": request, "reason_code": "procedure", "reason": "等待鉴定"}
        held = await desk.act(ticket, Action.SUSPEND, SUPERVISOR, **more)
    await desk.act(held, Action.RESUME, unit)
    shown = await web("GET", "track/link", link(ticket))
    assert any(line["label"] == "暂停办理" and "司法或专家" in line["note"] for line in shown["timeline"])


async def test_lamps_on_two_roads_have_two_titles(desk: Hotline) -> None:
    roads = ("汾江中路", "同济路")
    made = [await desk.open(f"祖庙街道{road}的路灯不亮", place="", address=address(road), contact="") for road in roads]
    assert all(road in ticket.title for road, ticket in zip(roads, made, strict=True))
    assert made[0].title != made[1].title


async def _ask_return(desk: Hotline, ticket: Ticket) -> None:
    form = Form(
        reason_code=ReturnReason.NOT_OUR_DUTY, clause="职责清单", suggested_unit=_another(desk, ticket), evidence=PROOF
    )
    async with desk.database.transaction() as tx:
        await desk.room.tickets.ask(tx, ticket.number, RequestKind.RETURN, form, lead_staff(ticket))


async def _ask_extension(desk: Hotline, ticket: Ticket) -> None:
    due = ticket.clocks[0].due + timedelta(days=1)
    async with desk.database.transaction() as tx:
        form = Form(reason="需现场会勘", new_due=due)
        await desk.room.tickets.ask(tx, ticket.number, RequestKind.EXTENSION, form, lead_staff(ticket))


def _another(desk: Hotline, ticket: Ticket) -> str:
    lead = ticket.lead.unit if ticket.lead else ""
    return next(unit.code for unit in desk.lookup.units() if unit.code != lead and unit.functions)


async def test_an_exclusion_one_reviewer_agreed_to_stands_in_a_list_with_a_count_until_another_decides(
    desk: Hotline, web: Web
) -> None:
    ticket = await desk.open()
    path = f"tickets/{ticket.number}/requests"
    async with desk.database.transaction() as tx:
        form = Form(reason_code="lawful_refusal", reason="于法无据", evidence=PROOF)
        asked = await desk.room.tickets.ask(tx, ticket.number, RequestKind.EXCLUSION, form, lead_staff(ticket))
    assert await listed(desk, REVIEWER, ViewName.EXCLUSIONS) == []
    decide = f"{path}/{asked.requests[0].id}"
    await web("POST", decide, REVIEWER, {"granted": True, "form": {"reason": "属实"}})
    assert await listed(desk, REVIEWER, ViewName.EXCLUSIONS) == [ticket.number]
    counts = await web("GET", "tickets/counts", REVIEWER)
    assert (counts["exclusions"], counts["requests"]) == (1, 0)
    wall = {each["list"]: each["count"] for each in (await web("GET", "wall", SUPERVISOR))["waiting"]}
    assert wall["requests"] == 1
    second = Principal(REVIEWER.kind, "second", roles=REVIEWER.roles)
    await web("POST", decide, second, {"granted": True, "form": {"reason": "同意"}})
    assert await listed(desk, REVIEWER, ViewName.EXCLUSIONS) == []
