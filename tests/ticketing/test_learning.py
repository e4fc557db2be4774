"""What people put right is learnt: after twenty corrections of one kind the next such ticket goes right by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kernel.errors import Invalid
from tests.rooms import CITY
from tests.ticketing.city import AGENT, DISPATCHER, SUPERVISOR, City, Hotline, lead_staff
from ticketing.classifier import Classifier
from ticketing.model.acting import Form
from ticketing.model.labels import Action, RequestKind, Secrecy, State
from ticketing.model.ticket import Ticket
from ticketing.rules.moves import LEAST, Moved, Moves
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


BIN = "祖庙街道同济路垃圾桶满出来三天没人收"
OFFICE, OTHER = "CC-ZM", "CC-CG"
WISH = Form(reason_code="not_our_duty", clause="三定规定", suggested_unit=OTHER)


async def returned(desk: Hotline) -> Ticket:
    """A ticket goes where the catalogue says, comes back, and a dispatcher gives it to another unit."""
    ticket = await desk.open(BIN, place="", area="440604012")
    assert (ticket.state, ticket.lead and ticket.lead.unit) == (State.DISPATCHED, OFFICE)
    async with desk.database.transaction() as tx:
        tickets = desk.room.tickets
        asked = await tickets.ask(tx, ticket.number, RequestKind.RETURN, WISH, lead_staff(ticket))
        request = asked.requests[-1].id
        given = await tickets.decide(tx, ticket.number, request, True, Form(unit=OTHER), DISPATCHER)
    assert given.lead is not None
    assert given.lead.unit == OTHER
    return given


async def learn(desk: Hotline) -> None:
    async with desk.database.reading() as tx:
        desk.room.catalogue.moves = Moves(await lessons.moved(tx, desk.clock.now() - timedelta(days=365)))


async def leads(desk: Hotline, text: str = BIN, area: str = "440604012") -> tuple[str, bool]:
    ticket = await desk.open(text, place="", area=area)
    assert ticket.lead is not None
    return ticket.lead.unit, ticket.state is State.DISPATCHED


async def test_after_twenty_returns_of_one_kind_the_next_such_ticket_goes_to_whom_they_were_given(
    desk: Hotline,
) -> None:
    begun = await version(desk)
    for _ in range(LEAST - 1):
        await returned(desk)
    await learn(desk)
    assert (await leads(desk), await version(desk)) == ((OFFICE, True), begun)
    await returned(desk)
    assert await version(desk) == begun + 1
    await learn(desk)
    assert await leads(desk) == (OTHER, True)
    # Elsewhere, and for other matters, nothing was learnt.
    assert (await leads(desk, BIN.replace("祖庙街道同济路", "石湾镇街道"), "440604010"))[0] != OTHER
    assert await leads(desk, "祖庙街道同济路我家楼上漏水") == (OFFICE, True)
    ticket = await desk.open(BIN, place="", area="440604012")
    async with desk.database.reading() as tx:
        decision = await desk.room.queries.decision(tx, ticket.number)
    assert decision is not None
    assert [each.unit for each in decision.candidates][:2] == [OTHER, OFFICE]
    assert "改派经验：同类诉求20件由分办人员改派至该单位" in decision.explanation


@pytest.mark.parametrize(("kept", "learnt"), [(5, OTHER), (6, OFFICE)])
async def test_a_lead_that_keeps_a_fifth_of_such_tickets_is_not_passed_over(
    desk: Hotline, kept: int, learnt: str
) -> None:
    for _ in range(kept):
        await leads(desk)
    for _ in range(LEAST):
        await returned(desk)
    async with desk.database.reading() as tx:
        found = await lessons.moved(tx, desk.clock.now() - timedelta(days=365))
    assert found == [Moved("garbage-collection", "440604012", OFFICE, OTHER, LEAST, kept)]
    await learn(desk)
    assert await leads(desk) == (learnt, True)


async def test_what_was_put_right_a_year_ago_says_nothing_of_today(desk: Hotline) -> None:
    for _ in range(LEAST):
        await returned(desk)
    desk.clock.advance(timedelta(days=366))
    await learn(desk)
    assert await leads(desk) == (OFFICE, True)


async def test_a_ticket_given_back_to_the_one_proposed_is_no_lesson(desk: Hotline) -> None:
    ticket = await returned(desk)
    await desk.act(ticket, Action.REASSIGN, SUPERVISOR, unit=OFFICE, reason="仍由原单位办理")
    async with desk.database.reading() as tx:
        assert await tx.scalar(select(func.count()).select_from(lessons.lead_corrections)) == 0
