"""Two people at one ticket see each other; what one has begun is theirs alone and survives."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from directory.events import StaffAccountChanged
from kernel.errors import Invalid, NotFound
from kernel.people import Role
from tests.ticketing.city import AGENT, DISPATCHER, SUPERVISOR, Hotline, lead_staff, link, staff
from tests.ticketing.test_api import Web
from ticketing.model.labels import Action, SideAction
from ticketing.store.attending import drafts


@pytest.fixture
def web(desk: Hotline) -> Web:
    return Web(desk)


async def test_who_has_it_open_and_what_they_fill_in_is_seen(web: Web) -> None:
    ticket = await web.desk.open()
    path = f"tickets/{ticket.number}/watching"
    assert (await web("PUT", path, DISPATCHER, {}))["items"] == []
    (seen,) = (await web("PUT", path, SUPERVISOR, {"doing": "reassign"}))["items"]
    assert (seen["name"], seen["doing"]) == ("分办员", "")
    (seen,) = (await web("PUT", path, lead_staff(ticket), {"doing": ""}))["items"][1:]
    assert seen["doing_label"] == "改派"
    await web("PUT", path, SUPERVISOR, {"left": True})
    assert [each["name"] for each in (await web("PUT", path, AGENT, {}))["items"]] == ["分办员", "联络员"]
    web.desk.clock.advance(timedelta(seconds=61))
    assert (await web("PUT", path, AGENT, {}))["items"] == []


async def test_screens_are_told_when_something_changes_and_not_at_every_heartbeat(web: Web) -> None:
    ticket = await web.desk.open()
    path = f"tickets/{ticket.number}/watching"
    for doing in ("", "", "accept", "accept", ""):
        await web("PUT", path, lead_staff(ticket), {"doing": doing})
    facts = [each for each in await web.desk.facts(ticket) if each.kind == "ticketing.TicketWatched"]
    assert len(facts) == 3
    with pytest.raises(Invalid):
        await web("PUT", path, AGENT, {"doing": "dance"})
    with pytest.raises(NotFound):
        await web("PUT", path, staff(Role.LIAISON, unit="NH-GC"), {})


async def test_a_draft_is_kept_sealed_for_its_writer_alone(web: Web) -> None:
    """P40: what was typed survives whatever others do."""
    ticket = await web.desk.open()
    unit, one = lead_staff(ticket), f"tickets/{ticket.number}/drafts"
    values = {"findings": "住户张三反映属实", "evidence": ["x"], "unknown": "x"}
    await web("PUT", f"{one}/submit_result", unit, {"values": values})
    await web.desk.act(ticket, Action.ACCEPT, unit)
    await web.desk.act(ticket, SideAction.URGE, link(ticket))
    (kept,) = (await web("GET", one, unit))["items"]
    assert (kept["action"], kept["values"]) == ("submit_result", {"findings": "住户张三反映属实"})
    assert (await web("GET", one, DISPATCHER))["items"] == []
    async with web.desk.database.reading() as tx:
        (row,) = await tx.rows(select(drafts.c.sealed))
    assert "张三" not in row["sealed"]
    await web("PUT", f"{one}/submit_result", unit, {"values": {}})
    assert (await web("GET", one, unit))["items"] == []


async def test_old_drafts_and_old_presence_are_swept(web: Web) -> None:
    ticket = await web.desk.open()
    unit, one = lead_staff(ticket), f"tickets/{ticket.number}"
    await web("PUT", f"{one}/drafts/submit_result", unit, {"values": {"findings": "x"}})
    await web("PUT", f"{one}/watching", unit, {})
    web.desk.clock.advance(timedelta(days=6))
    assert await web.desk.room.attending.sweep() == 1
    web.desk.clock.advance(timedelta(days=2))
    assert await web.desk.room.attending.sweep() == 1


async def test_whoever_is_shut_out_has_nothing_open_any_more(web: Web) -> None:
    ticket, desk = await web.desk.open(), web.desk
    path = f"tickets/{ticket.number}/watching"
    await web("PUT", path, SUPERVISOR, {"doing": "reassign"})
    (observer,) = [each for each in desk.room.room.observers if each.name == "ticketing.staff"]
    for change, left in (("edited", 1), ("shut", 0)):
        async with desk.database.transaction() as tx:
            fact = StaffAccountChanged(SUPERVISOR.id, desk.clock.now(), change, "boss")
            await desk.floor.journal.state(tx, fact)
        await desk.floor.journal.sequence(desk.database)
        while await desk.floor.journal.follow(desk.database, observer.name, observer.effect):
            pass
        assert len((await web("PUT", path, AGENT, {}))["items"]) == left
