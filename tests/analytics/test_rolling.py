"""The journal folded into roll-ups: once however often it is read, put right when something changes, drilled down to
tickets, in both versions."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from analytics.inspection_api import InspectionForm, InspectionQuery
from analytics.model import Finding, Slice, Version
from analytics.report_api import DrillQuery, HotQuery, ScoresQuery, SliceQuery, TrendQuery
from analytics.rolling import READER
from analytics.room import AnalyticsRoom
from analytics.store import rollups
from analytics.views import (
    DrilledPage,
    HotPage,
    IndicatorsView,
    InspectionPage,
    InspectionView,
    RateView,
    ScoresView,
    TrendView,
)
from directory.room import build as build_directory
from kernel.clock import ManualClock
from kernel.errors import Conflict, NotAllowed
from kernel.journal import Personal
from kernel.people import Kind, Principal, Role, allow
from kernel.room import Call, Download, Floor
from tests.analytics.conftest import State
from tests.analytics.telling import MORNING, Told, stream
from tests.knowledge.small_city import HOUSING, POLICE
from ticketing.model.labels import RequestKind, Score, Solved
from ticketing.model.labels import State as At

DUE = MORNING + timedelta(days=9)
MARCH = Slice(date(2026, 3, 1), date(2026, 3, 31))
ASKED = SliceQuery(date(2026, 3, 1), date(2026, 3, 31))
ANALYST = Principal(Kind.STAFF, id="a1", roles=frozenset({Role.ANALYST}))
LEADER = Principal(Kind.STAFF, id="u1", roles=frozenset({Role.UNIT_LEADER}), unit=POLICE)
INSPECTOR = Principal(Kind.STAFF, id="i1", roles=frozenset({Role.REVIEWER}))

Roll = Callable[[], Awaitable[None]]


@pytest.fixture
def roll(floor: Floor, room: AnalyticsRoom) -> Roll:
    """Reads the journal to its end into the roll-ups."""
    observer = next(each for each in room.room.observers if each.name == READER)

    async def roll_on() -> None:
        await floor.journal.sequence(floor.database)
        while await floor.journal.follow(floor.database, READER, observer.effect):
            pass

    return roll_on


def finished(number: str, unit: str = POLICE, score: Score = Score.SATISFIED) -> Told:
    told = Told(number, unit).opened("noise", "", "web").wait(minutes=5).dispatched()
    told.wait(minutes=9).moved("accept", At.ACCEPTED).wait(hours=1).contacted().wait(days=2).replied(DUE)
    solved = Solved.YES if score is Score.SATISFIED else Solved.NO
    return told.moved("rate", At.CALL_BACK).rated(score, solved).wait(minutes=1).closed()


async def send(room: AnalyticsRoom, path: str, query: object = None, by: Principal = ANALYST, **more: object) -> object:
    row = next(each for each in room.room.routes if each.path == f"/api/v1{path}")
    holes = {name: str(value) for name, value in more.items() if name != "body"}
    return await row.handler(Call(by, allow(by, row.may), path=holes, query=query, body=more.get("body")))


async def rates(room: AnalyticsRoom, query: SliceQuery = ASKED, by: Principal = ANALYST) -> dict[str, RateView]:
    view = await send(room, "/indicators", query, by)
    assert isinstance(view, IndicatorsView)
    return {each.name: each for each in view.rates}


async def drilled(room: AnalyticsRoom, name: str, query: DrillQuery) -> list[str]:
    page = await send(room, "/indicators/{name}/tickets", query, name=name)
    assert isinstance(page, DrilledPage)
    return [each.number for each in page.items]


async def test_facts_become_sums_with_numerator_and_denominator(room: AnalyticsRoom, state: State, roll: Roll) -> None:
    await state(*stream(finished("N1"), finished("N2"), finished("N3", score=Score.DISSATISFIED)))
    await roll()
    told = await rates(room)
    found = {name: (told[name].all.numerator, told[name].all.denominator) for name in told}
    assert (found["volume"], found["satisfied"], found["on_time"]) == ((3, 3), (2, 3), (3, 3))
    assert told["satisfied"].all.value == pytest.approx(2 / 3, abs=1e-4)


async def test_reading_the_journal_again_counts_nothing_twice(
    floor: Floor, room: AnalyticsRoom, state: State, roll: Roll
) -> None:
    await state(*stream(finished("N1")))
    await roll()
    async with floor.database.transaction() as tx:
        await floor.journal.drop_cursor(tx, READER)
    await state(*stream(finished("N2")))
    await roll()
    assert (await rates(room))["volume"].all.denominator == 2


async def test_sums_are_the_same_in_whatever_portions_the_journal_is_read(
    floor: Floor, room: AnalyticsRoom, state: State, roll: Roll
) -> None:
    tickets = [finished(f"N{n}", POLICE if n % 2 else HOUSING) for n in range(4)]
    for fact in stream(*tickets):
        await state(fact)
        await roll()
    async with floor.database.reading() as tx:
        parts = await rollups.parts_of(tx, [told.number for told in tickets])
        sums = await rollups.shares(tx, MARCH)
    for measure, versions in sums.items():
        own = [row for row in parts if row.measure == measure]
        assert versions[Version.ALL].denominator == sum(row.denominator for row in own)
        assert versions[Version.ALL].numerator == sum(row.numerator for row in own)


async def test_an_exclusion_changes_the_second_version_only_and_is_seen(
    room: AnalyticsRoom, state: State, roll: Roll
) -> None:
    bad = finished("N2", score=Score.DISSATISFIED)
    await state(*stream(finished("N1"), bad))
    await roll()
    await state(bad.decided(RequestKind.EXCLUSION).facts[-1])
    await roll()
    told = (await rates(room))["satisfied"]
    assert (told.all.numerator, told.all.denominator) == (1, 2)
    assert (told.kept.numerator, told.kept.denominator) == (1, 1)
    view = await send(room, "/indicators", ASKED)
    assert isinstance(view, IndicatorsView)
    assert view.excluded == 1


async def test_every_number_leads_to_its_tickets(room: AnalyticsRoom, state: State, roll: Roll) -> None:
    await state(*stream(finished("N1"), finished("N2", HOUSING), finished("N3", score=Score.DISSATISFIED)))
    await roll()
    days = (ASKED.since, ASKED.until)
    told = await rates(room)
    for name, rate in told.items():
        if rate.drills and rate.shape != "average":
            assert len(await drilled(room, name, DrillQuery(*days))) == rate.all.denominator
    assert await drilled(room, "satisfied", DrillQuery(*days, hit=False)) == ["N3"]
    assert await drilled(room, "satisfied", DrillQuery(*days, unit=HOUSING)) == ["N2"]


async def test_a_units_leader_sees_the_own_unit_and_no_other(room: AnalyticsRoom, state: State, roll: Roll) -> None:
    await state(*stream(finished("N1"), finished("N2", HOUSING)))
    await roll()
    told = await rates(room, by=LEADER)
    assert told["satisfied"].all.denominator == 1
    assert "connected" not in told
    with pytest.raises(NotAllowed):
        await send(room, "/indicators", SliceQuery(unit=HOUSING), LEADER)
    trend = await send(room, "/indicators/trend", TrendQuery(), LEADER)
    assert isinstance(trend, TrendView)
    assert len(trend.weeks) == 8


async def test_a_leader_counts_in_the_units_below_where_asked_to(
    floor: Floor, room: AnalyticsRoom, state: State, roll: Roll
) -> None:
    await state(*stream(finished("N1"), finished("N2", HOUSING)))
    await roll()
    lookup = build_directory(floor).lookup
    await lookup.load()
    above = replace(LEADER, unit=lookup.unit(POLICE).parent)
    assert above.unit
    alone = await send(room, "/indicators", ASKED, above)
    whole = await send(room, "/indicators", replace(ASKED, below=True), above)
    assert isinstance(alone, IndicatorsView)
    assert isinstance(whole, IndicatorsView)
    counted = [next(r for r in view.rates if r.name == "volume").all.denominator for view in (alone, whole)]
    assert counted == [0, 2]
    assert (alone.counts_below, whole.counts_below, whole.score) == (False, True, None)
    assert lookup.unit(POLICE).name in whole.below
    trend = await send(room, "/indicators/trend", TrendQuery(below=True), above)
    assert isinstance(trend, TrendView)
    assert sum(next(r for r in week.rates if r.name == "volume").all.denominator for week in trend.weeks) == 2
    days = DrillQuery(ASKED.since, ASKED.until, below=True)
    behind = await send(room, "/indicators/{name}/tickets", days, above, name="satisfied")
    assert isinstance(behind, DrilledPage)
    assert {each.unit for each in behind.items} == {POLICE, HOUSING}
    with pytest.raises(NotAllowed):
        await send(room, "/indicators", SliceQuery(unit=HOUSING, below=True), above)


async def test_the_trend_adds_up_weeks_from_monday_on(
    room: AnalyticsRoom, state: State, roll: Roll, clock: ManualClock
) -> None:
    await state(*stream(finished("N1"), finished("N2")))
    await roll()
    clock.advance(timedelta(days=7))
    trend = await send(room, "/indicators/trend", TrendQuery(weeks=2))
    assert isinstance(trend, TrendView)
    volumes = [next(rate for rate in week.rates if rate.name == "volume").all.denominator for week in trend.weeks]
    assert ([week.monday for week in trend.weeks], volumes) == ([date(2026, 3, 16), date(2026, 3, 23)], [2, 0])


async def test_units_are_banded_and_not_ranked(room: AnalyticsRoom, state: State, roll: Roll) -> None:
    await state(*stream(finished("N1", HOUSING, Score.DISSATISFIED), finished("N2")))
    await roll()
    view = await send(room, "/indicators/scores", ScoresQuery(ASKED.since, ASKED.until))
    assert isinstance(view, ScoresView)
    assert view.league_table is False
    assert [each.unit for each in view.items] == sorted([POLICE, HOUSING])
    assert all(each.points is None and each.band in "ABCD" for each in view.items)


async def test_contact_that_is_not_made_counts_when_its_day_is_over(
    room: AnalyticsRoom, state: State, roll: Roll, clock: ManualClock
) -> None:
    await state(*stream(Told("N1", POLICE, at=clock.now()).opened().dispatched()))
    await roll()
    assert (await rates(room))["responded"].all.denominator == 0
    clock.advance(timedelta(hours=24))
    await room.rolling.look()
    told = (await rates(room))["responded"].all
    assert (told.numerator, told.denominator) == (0, 1)


async def test_who_tells_of_the_same_again_within_thirty_days_was_not_solved_the_first_time(
    floor: Floor, room: AnalyticsRoom, roll: Roll
) -> None:
    first = finished("N1")
    again = Told("N2", at=first.at + timedelta(days=20)).opened("lamp")
    async with floor.database.transaction() as tx:
        for fact in stream(first, again):
            personal = Personal("citizen-1", {"text": "…"}) if type(fact).__name__ == "TicketOpened" else None
            await floor.journal.state(tx, fact, personal)
    await roll()
    told = (await rates(room))["first_time"].all
    assert (told.numerator, told.denominator) == (0, 1)


async def test_exports_are_read_by_a_spreadsheet_and_run_nothing(room: AnalyticsRoom, state: State, roll: Roll) -> None:
    await state(*stream(finished("N1")))
    await roll()
    file = await send(room, "/indicators/{name}/tickets.csv", DrillQuery(ASKED.since, ASKED.until), name="volume")
    assert isinstance(file, Download)
    assert file.data.startswith("\ufeff工单编号".encode())
    whole = await send(room, "/indicators.csv", ASKED)
    assert isinstance(whole, Download)
    assert "满意率" in whole.data.decode()


async def test_hot_matters_are_told_by_town(room: AnalyticsRoom, state: State, roll: Roll) -> None:
    await state(*stream(finished("N1"), finished("N2"), Told("N3").opened("lamp")))
    await roll()
    page = await send(room, "/indicators/hottest", HotQuery(days=1))
    assert isinstance(page, HotPage)
    assert [(each.matter, each.count) for each in page.items] == [("lamp", 3)]


async def test_a_share_of_replies_is_drawn_and_what_is_found_counts(
    room: AnalyticsRoom, state: State, roll: Roll, clock: ManualClock
) -> None:
    await state(*stream(*(finished(f"N{n}") for n in range(30))))
    await roll()
    clock.advance(timedelta(days=3))
    await room.inspecting.draw()
    await room.inspecting.draw()
    page = await send(room, "/inspections", InspectionQuery(), INSPECTOR)
    assert isinstance(page, InspectionPage)
    assert 2 <= len(page.items) <= 4
    number = page.items[0].number
    form = InspectionForm([Finding.BASIS], "没有写明依据")
    done = await send(room, "/inspections/{number}", by=INSPECTOR, number=number, body=form)
    assert isinstance(done, InspectionView)
    assert done.points == 80
    with pytest.raises(Conflict):
        await send(room, "/inspections/{number}", by=INSPECTOR, number=number, body=form)
    await roll()
    inspected = (await rates(room))["inspected"].all
    assert (inspected.numerator, inspected.denominator) == (0.8, 1)
