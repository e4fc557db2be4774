"""Quality inspection: drawn by lot, looked at by nobody concerned, looked at again by a second person where somebody
disagrees; a unit reads its own findings and appeals once."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from analytics.inspection_api import InspectionForm, InspectionList, InspectionQuery, SecondForm
from analytics.model import Drawn, Finding
from analytics.report_api import ScoresQuery
from analytics.room import UNPROVEN_CALLS, AnalyticsRoom
from analytics.store import inspections
from analytics.views import InspectionPage, InspectionView, UnitFoundPage
from kernel.clock import ManualClock
from kernel.database import Database
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.journal import journal
from kernel.pages import PageQuery
from kernel.people import Kind, May, Principal, Role, allow
from kernel.room import Floor
from tests.analytics.conftest import State
from tests.analytics.telling import MORNING, stream
from tests.analytics.test_rolling import ASKED, Roll, finished, rates, roll, send
from tests.knowledge.small_city import HOUSING, POLICE
from tests.paging import read_on
from ticketing.events import CitizenContacted, TalkUnproven, TicketReplied
from ticketing.model.labels import Actor, Score
from ticketing.model.labels import State as Life

__all__ = ["roll"]

FIRST, OTHER, THIRD = (Principal(Kind.STAFF, id=name, roles=frozenset({Role.REVIEWER})) for name in ("i1", "i2", "i3"))
WRONG = InspectionForm([Finding.BASIS], "没有写明依据")
WELL = InspectionForm()


@pytest.fixture
async def drawn(room: AnalyticsRoom, state: State, roll: Roll, clock: ManualClock) -> InspectionView:
    """A reply that waits to be inspected."""
    await state(*stream(*(finished(f"N{n}") for n in range(10))))
    await roll()
    clock.advance(timedelta(days=3))
    await room.inspecting.draw()
    return (await listed(room, InspectionList.WAITING)).items[0]


async def listed(room: AnalyticsRoom, view: InspectionList, by: Principal = FIRST) -> InspectionPage:
    page = await send(room, "/inspections", InspectionQuery(view), by)
    assert isinstance(page, InspectionPage)
    return page


async def settle(room: AnalyticsRoom, number: str, form: InspectionForm, by: Principal = FIRST) -> InspectionView:
    view = await send(room, "/inspections/{number}", by=by, number=number, body=form)
    assert isinstance(view, InspectionView)
    return view


async def unit_of(room: AnalyticsRoom, number: str) -> Principal:
    async with room.inspecting._database.transaction() as tx:
        done, _ = await room.inspecting.done(tx, 99)
        (found,) = [each for each in done if each.number == number]
    return Principal(Kind.STAFF, id="liaison", roles=frozenset({Role.LIAISON}), unit=found.unit)


async def test_a_list_tells_what_each_finding_is_worth_and_how_much_is_drawn(
    room: AnalyticsRoom, drawn: InspectionView
) -> None:
    page = await listed(room, InspectionList.WAITING)
    assert (len(page.findings), page.worth, 0 < page.share <= 1, page.least > 0) == (5, 20, True, True)
    assert (drawn.passed, drawn.may_ask, drawn.second) == (None, False, None)


async def test_what_is_wanting_is_said(room: AnalyticsRoom, drawn: InspectionView) -> None:
    with pytest.raises(Invalid) as missing:
        await settle(room, drawn.number, InspectionForm([Finding.TRUE], " "))
    assert missing.value.fields == {"note": "required"}
    done = await settle(room, drawn.number, WRONG)
    assert (done.points, [each.label for each in done.failed]) == (80, ["依据充分"])


async def test_neither_the_unit_nor_whoever_let_it_go_inspects(room: AnalyticsRoom, drawn: InspectionView) -> None:
    async with room.inspecting._database.reading() as tx:
        about = await room.inspecting._journal.about(tx, f"ticket:{drawn.number}")
    released = next(each.fact for each in about if each.kind == "ticketing.TicketReplied")
    releaser = Principal(Kind.STAFF, id=released.by, roles=frozenset({Role.REVIEWER}))
    with pytest.raises(NotAllowed) as own:
        await settle(room, drawn.number, WELL, releaser)
    assert own.value.code == "judges_own_reply"
    await settle(room, drawn.number, WELL)
    unit = await unit_of(room, drawn.number)
    with pytest.raises(NotAllowed):
        allow(unit, May.INSPECT_REPLIES)


async def test_a_unit_reads_its_findings_and_appeals_once_and_another_looks_again(
    room: AnalyticsRoom, drawn: InspectionView, roll: Roll
) -> None:
    await settle(room, drawn.number, WRONG)
    unit = await unit_of(room, drawn.number)
    own = await send(room, "/own-inspections", PageQuery(), unit)
    assert isinstance(own, InspectionPage)
    assert [(each.number, each.note, each.may_ask) for each in own.items] == [(drawn.number, WRONG.note, True)]
    appeal = "/own-inspections/{number}/appeal"
    with pytest.raises(Invalid):
        await send(room, appeal, by=unit, number=drawn.number, body=SecondForm(" "))
    after = await send(room, appeal, by=unit, number=drawn.number, body=SecondForm("依据写在第二段"))
    assert isinstance(after, InspectionPage)
    assert after.items[0].second is not None
    assert after.items[0].second.by_unit
    with pytest.raises(Conflict) as again:
        await send(room, appeal, by=unit, number=drawn.number, body=SecondForm("再申诉"))
    assert again.value.code == "second_look_already"
    (waiting,) = (await listed(room, InspectionList.SECOND, OTHER)).items
    assert waiting.second is not None
    assert (waiting.second.may, waiting.second.why) == (True, "依据写在第二段")
    with pytest.raises(NotAllowed) as same:
        await send(room, "/inspections/{number}/second", by=FIRST, number=drawn.number, body=WELL)
    assert same.value.code == "second_is_another"
    done = await send(room, "/inspections/{number}/second", by=OTHER, number=drawn.number, body=WELL)
    assert isinstance(done, InspectionView)
    assert done.second is not None
    assert (done.points, done.second.points, done.passed) == (80, 100, True)
    assert (await listed(room, InspectionList.SECOND)).items == []
    await roll()
    inspected = (await rates(room))["inspected"].all
    assert (inspected.numerator, inspected.denominator) == (1, 1)


async def test_an_inspector_who_disagrees_asks_for_a_second_person(room: AnalyticsRoom, drawn: InspectionView) -> None:
    ask = "/inspections/{number}/second-look"
    with pytest.raises(Conflict):
        await send(room, ask, by=OTHER, number=drawn.number, body=SecondForm("看法不同"))
    await settle(room, drawn.number, WELL)
    await send(room, ask, by=OTHER, number=drawn.number, body=SecondForm("看法不同"))
    for by in (FIRST, OTHER):
        with pytest.raises(NotAllowed):
            await send(room, "/inspections/{number}/second", by=by, number=drawn.number, body=WRONG)
    done = await send(room, "/inspections/{number}/second", by=THIRD, number=drawn.number, body=WRONG)
    assert isinstance(done, InspectionView)
    assert done.second is not None
    assert done.second.points == 80
    units = await send(room, "/inspections/units", PageQuery(), FIRST)
    assert isinstance(units, UnitFoundPage)
    assert [(each.looked_at, each.points) for each in units.items] == [(1, 80)]


async def test_another_units_findings_are_not_there(room: AnalyticsRoom, drawn: InspectionView) -> None:
    await settle(room, drawn.number, WRONG)
    stranger = Principal(Kind.STAFF, id="x", roles=frozenset({Role.LIAISON}), unit="nobody")
    own = await send(room, "/own-inspections", PageQuery(), stranger)
    assert isinstance(own, InspectionPage)
    assert own.items == []
    with pytest.raises(NotFound):
        await send(
            room, "/own-inspections/{number}/appeal", by=stranger, number=drawn.number, body=SecondForm("不是我们的")
        )


async def look_for_unproven_calls(room: AnalyticsRoom, floor: Floor) -> None:
    observer = next(each for each in room.room.observers if each.name == UNPROVEN_CALLS)
    while await floor.journal.follow(floor.database, UNPROVEN_CALLS, observer.effect):
        pass


async def test_p41_a_talk_without_a_call_on_record_is_drawn_whatever_the_lot_says(
    room: AnalyticsRoom, state: State, floor: Floor
) -> None:
    for _ in range(2):
        await state(TalkUnproven("N1", MORNING, Actor.CALLBACK, "i2", (POLICE,), POLICE))
        await look_for_unproven_calls(room, floor)
    (found,) = (await listed(room, InspectionList.WAITING)).items
    assert (found.number, found.why, found.why_label) == ("N1", "unproven_call", "回访或代为撤回无通话记录")
    with pytest.raises(NotAllowed) as own:
        await settle(room, "N1", WELL, OTHER)
    assert own.value.code == "judges_own_call"
    assert (await settle(room, "N1", WELL, THIRD)).passed


async def test_p41_what_was_stated_before_the_fact_had_its_name_is_drawn_too(
    room: AnalyticsRoom, state: State, floor: Floor
) -> None:
    await state(TalkUnproven("N1", MORNING, Actor.CALLBACK, "i2", (POLICE,), POLICE))
    async with floor.database.transaction() as tx:
        renamed = update(journal).where(journal.c.kind == "ticketing.TalkUnproven")
        await tx.execute(renamed.values(kind="ticketing.CallBackUnproven"))
    await look_for_unproven_calls(room, floor)
    (found,) = (await listed(room, InspectionList.WAITING)).items
    assert (found.number, found.why) == ("N1", "unproven_call")


async def test_p41_what_the_lot_drew_says_that_a_call_is_missing_too(
    room: AnalyticsRoom, state: State, floor: Floor, drawn: InspectionView
) -> None:
    assert drawn.why == "lot"
    await state(TalkUnproven(drawn.number, MORNING, Actor.CALLBACK, "i2", (POLICE,), POLICE))
    await look_for_unproven_calls(room, floor)
    waiting = {each.number: each.why for each in (await listed(room, InspectionList.WAITING)).items}
    assert waiting[drawn.number] == "unproven_call"


@pytest.mark.parametrize(
    ("unit", "unproven", "drawn_for"), [(POLICE, True, ["unproven_contact"]), (POLICE, False, []), ("other", True, [])]
)
async def test_a_reply_before_which_the_citizen_was_reached_by_word_alone_is_drawn(
    room: AnalyticsRoom, state: State, floor: Floor, unit: str, unproven: bool, drawn_for: list[str]
) -> None:
    about = ("N9", MORNING, Actor.UNIT, "h1", (POLICE,), unit, MORNING, MORNING)
    await state(CitizenContacted(*about, unproven=unproven))
    await look_for_unproven_calls(room, floor)
    assert (await listed(room, InspectionList.WAITING)).items == []
    moved = ("release", Life.REVIEW, Life.REPLIED, 9, "")
    await state(TicketReplied("N9", MORNING, Actor.REVIEWER, "r1", (POLICE,), *moved, POLICE))
    await look_for_unproven_calls(room, floor)
    assert [each.why for each in (await listed(room, InspectionList.WAITING)).items] == drawn_for


def numbers(pages: Sequence[Sequence[InspectionView]]) -> list[str]:
    return [each.number for page in pages for each in page]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
async def test_the_lists_are_read_on_while_inspections_are_done(
    database: Database, room: AnalyticsRoom, clock: ManualClock
) -> None:
    day, unit = clock.now().date(), Principal(Kind.STAFF, id="u", roles=frozenset({Role.LIAISON}), unit=POLICE)

    async def add(*drawn: str) -> None:
        async with database.transaction() as tx:
            await inspections.add(tx, day, [(number, POLICE) for number in drawn], Drawn.LOT)

    async def find(number: str) -> None:
        clock.advance(timedelta(minutes=1))
        await settle(room, number, WRONG)

    def reading(path: str, by: Principal, view: InspectionList | None = None) -> Callable[[str], Awaitable[object]]:
        def read(cursor: str) -> Awaitable[object]:
            asked = InspectionQuery(view, cursor, 2) if view else PageQuery(cursor, 2)
            return send(room, path, asked, by)

        return read

    await add(*(f"N{n}" for n in range(6)))
    waiting = reading("/inspections", FIRST, InspectionList.WAITING)
    assert numbers(await read_on(waiting, lambda: find("N0"))) == [f"N{n}" for n in range(6)]
    for n in range(1, 4):
        await find(f"N{n}")
    for path, by, view in (("/inspections", FIRST, InspectionList.DONE), ("/own-inspections", unit, None)):
        read, fresh = reading(path, by, view), "N4" if view else "N5"
        before = [f"N{n}" for n in ((3, 2, 1, 0) if view else (4, 3, 2, 1, 0))]
        assert numbers(await read_on(read, partial(find, fresh))) == before
        with pytest.raises(Invalid) as refused:
            await read("%")
        assert refused.value.fields == {"cursor": "wrong"}
    for number in ("N2", "N0", "N1"):
        clock.advance(timedelta(minutes=1))
        await send(room, "/inspections/{number}/second-look", by=OTHER, number=number, body=SecondForm("看法不同"))
    second = reading("/inspections", FIRST, InspectionList.SECOND)
    assert numbers(await read_on(second)) == ["N2", "N0", "N1"]
    for read in (waiting, second):
        with pytest.raises(Invalid):
            await read("%")


async def test_units_and_their_bands_come_in_pages(
    room: AnalyticsRoom, state: State, roll: Roll, clock: ManualClock
) -> None:
    await state(*stream(finished("N1", HOUSING, Score.DISSATISFIED), finished("N2")))
    await roll()
    async with room.inspecting._database.transaction() as tx:
        await inspections.add(tx, clock.now().date(), [("N1", HOUSING), ("N2", POLICE)], Drawn.LOT)
    for number in ("N1", "N2"):
        await settle(room, number, WELL)
    pages = await read_on(lambda cursor: send(room, "/inspections/units", PageQuery(cursor, 1), FIRST))
    assert [len(page) for page in pages] == [1, 1]
    assert len({each.unit_name for page in pages for each in page}) == 2
    asked = ScoresQuery(ASKED.since, ASKED.until, limit=1)
    pages = await read_on(lambda cursor: send(room, "/indicators/scores", replace(asked, cursor=cursor)))
    assert [[each.unit for each in page] for page in pages] == [[unit] for unit in sorted([POLICE, HOUSING])]
    for path, wrong in (("/inspections/units", PageQuery("x")), ("/indicators/scores", replace(asked, cursor="x"))):
        with pytest.raises(Invalid):
            await send(room, path, wrong, Principal(Kind.STAFF, id="x", roles=frozenset(Role)))
