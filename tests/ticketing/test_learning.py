"""What people put right is learnt: after twenty corrections of one kind the next such ticket goes right by itself."""

from datetime import timedelta

import pytest

from kernel.errors import Invalid
from tests.rooms import CITY
from tests.ticketing.city import AGENT, DISPATCHER, City, Hotline
from ticketing.classifier import Classifier
from ticketing.model.labels import Action, Secrecy, State
from ticketing.store import history as past_rows
from ticketing.store import lessons
from ticketing.store.tickets import TicketStore

DRONES = [
    f"桂城{where}有人{who}无人机{what}"
    for where, who in (("小区上空", "操控"), ("我家窗外", "放飞"), ("学校上面", "开"), ("楼顶", "遥控"))
    for what in ("飞来飞去", "对着窗户拍", "嗡嗡叫", "飞得很低吓到小孩", "晚上还在绕圈")
]
NEXT = "桂城有架无人机老在阳台外面盘旋，对着窗户拍"
SPARE = "桂城这个事情大家看看怎么办"


async def kept(desk: Hotline) -> list[tuple[str, str]]:
    async with desk.database.reading() as tx:
        return await lessons.newest(tx, 40)


async def version(desk: Hotline) -> int:
    async with desk.database.reading() as tx:
        return await past_rows.version(tx)


async def put_right(desk: Hotline, text: str, matter: str = "public-security", unit: str = "NH-GA") -> str:
    """A ticket nobody could read is sent on by a dispatcher who says what it is about; gives its number."""
    ticket = await desk.open(text, place="", area="440605011")
    assert ticket.state is State.TRIAGE
    sent = await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit=unit, matter=matter)
    assert (sent.state, sent.matter) == (State.DISPATCHED, matter)
    return ticket.number


async def test_twenty_corrections_of_one_kind_send_the_next_such_ticket_right(desk: Hotline, city: City) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("what is learnt does not depend on the database")
    await desk.room.import_city(CITY)
    catalogue = desk.room.catalogue
    catalogue.classifier = Classifier(city.classifier._folder)
    await catalogue.load()
    lost = await desk.open(NEXT, place="", area="440605011")
    assert (lost.state, lost.lead) == (State.TRIAGE, None)
    begun = await version(desk)
    for text in DRONES:
        assert await version(desk) == begun
        await put_right(desk, text)
    assert await version(desk) == begun + 1
    await catalogue.refresh()
    assert catalogue.classifier.learnt.corrected == len(DRONES)
    found = await desk.open(NEXT, place="", area="440605011")
    assert found.matter == "public-security"
    assert (found.state, found.lead and found.lead.unit) == (State.DISPATCHED, "NH-GA")


async def test_a_dispatcher_who_only_sends_on_what_was_read_teaches_nothing(desk: Hotline) -> None:
    ticket = await desk.open("隔壁半夜打麻将吵死人", place="", placeless=True, area="440605")
    if ticket.state is State.TRIAGE:
        await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit="NH-GA", matter=ticket.matter or "noise-social")
    assert await kept(desk) == []


async def test_what_a_ticket_turned_out_to_be_about_is_kept_with_its_words(desk: Hotline) -> None:
    await put_right(desk, SPARE)
    assert await kept(desk) == [(SPARE, "public-security")]


async def test_a_matter_that_is_not_there_is_refused(desk: Hotline) -> None:
    ticket = await desk.open(SPARE, place="", area="440605011")
    with pytest.raises(Invalid) as error:
        await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit="NH-GA", matter="no-such")
    assert "matter" in error.value.fields


async def test_secret_tickets_are_no_lessons_and_forgotten_ones_are_dropped(desk: Hotline) -> None:
    ticket = await desk.open(SPARE, place="", area="440605011", secrecy=Secrecy.CONFIDENTIAL)
    await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit="NH-GA", matter="public-security")
    assert await kept(desk) == []
    number = await put_right(desk, SPARE)
    assert len(await kept(desk)) == 1
    async with desk.database.transaction() as tx:
        found = await desk.room.queries.by_number(tx, number)
        await TicketStore(desk.floor.vault).minimise(tx, found)
    assert await kept(desk) == []


async def test_a_few_corrections_are_learnt_within_a_day_and_only_once(desk: Hotline) -> None:
    look = next(job.run for job in desk.room.room.jobs if job.name == "ticketing.learn_corrections")
    begun = await version(desk)
    assert await look() == 0
    desk.clock.advance(timedelta(hours=1))
    await put_right(desk, SPARE)
    assert await look() == 1
    assert await version(desk) == begun + 1
    desk.clock.advance(timedelta(hours=1))
    assert await look() == 0


async def test_an_agent_who_names_another_matter_teaches_too(desk: Hotline) -> None:
    await desk.open(SPARE, AGENT, place="", area="440605011", matter="public-security")
    assert await kept(desk) == [(SPARE, "public-security")]
