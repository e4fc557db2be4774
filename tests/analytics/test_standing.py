"""Entries past their day: as they stand when a stretch ends, for the city and by the unit that keeps them."""

from datetime import UTC, date, datetime, timedelta

from analytics.bot_report import BotReportQuery, BotReportView, OwnerView
from analytics.report_api import SliceQuery
from analytics.room import AnalyticsRoom
from analytics.views import IndicatorsView, ShareView
from kernel.clock import ManualClock
from kernel.people import Kind, Principal, Role, allow
from kernel.room import Call
from tests.knowledge.small_city import HOUSING, POLICE

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
TODAY = date(2026, 3, 16)
ANALYST = Principal(Kind.STAFF, id="a1", roles=frozenset({Role.ANALYST}))
LEADER = Principal(Kind.STAFF, id="u1", roles=frozenset({Role.UNIT_LEADER}), unit=POLICE)
EDITOR = Principal(Kind.STAFF, id="e1", roles=frozenset({Role.EDITOR}))
MONTH = SliceQuery(TODAY - timedelta(days=29), TODAY)


async def outdated(room: AnalyticsRoom, query: SliceQuery = MONTH, by: Principal = ANALYST) -> list[ShareView]:
    """What is told of 知识过期率, in both versions."""
    row = next(each for each in room.room.routes if each.path == "/api/v1/indicators")
    view = await row.handler(Call(by, allow(by, row.may), query=query))
    assert isinstance(view, IndicatorsView)
    return [share for rate in view.rates if rate.name == "outdated" for share in (rate.all, rate.kept)]


async def test_the_share_is_of_all_units_entries_or_of_one_units_and_no_exclusion_changes_it(
    room: AnalyticsRoom, entries: dict[str, tuple[int, int]], clock: ManualClock
) -> None:
    clock.set(NOW)
    entries |= {POLICE: (8, 2), HOUSING: (12, 3)}
    await room.standing.take()
    assert await outdated(room) == [ShareView(5, 20, 0.25)] * 2
    assert await outdated(room, by=LEADER) == [ShareView(2, 8, 0.25)] * 2
    assert await outdated(room, SliceQuery(TODAY, TODAY, unit=HOUSING)) == [ShareView(3, 12, 0.25)] * 2
    assert await outdated(room, SliceQuery(TODAY, TODAY, channel="web")) == []
    assert await outdated(room, SliceQuery(TODAY, TODAY, matter="dog")) == []


async def test_a_stretch_tells_what_stood_on_its_last_day_and_a_later_count_replaces_the_days(
    room: AnalyticsRoom, entries: dict[str, tuple[int, int]], clock: ManualClock
) -> None:
    clock.set(NOW - timedelta(days=3))
    entries |= {POLICE: (8, 4), HOUSING: (2, 0)}
    await room.standing.take()
    clock.set(NOW)
    entries |= {POLICE: (8, 1)}
    await room.standing.take()
    del entries[HOUSING]
    await room.standing.take()
    assert await outdated(room) == [ShareView(1, 8, 0.125)] * 2
    before = SliceQuery(TODAY - timedelta(days=29), TODAY - timedelta(days=1))
    assert await outdated(room, before) == [ShareView(4, 10, 0.4)] * 2
    assert await outdated(room, SliceQuery(TODAY, TODAY, unit=HOUSING)) == [ShareView(0, 0, None)] * 2


async def test_what_was_never_counted_is_not_told_as_nothing_late(room: AnalyticsRoom) -> None:
    assert await outdated(room) == [ShareView(0, 0, None)] * 2


async def test_editors_read_which_units_are_late_the_latest_first(
    room: AnalyticsRoom, entries: dict[str, tuple[int, int]], clock: ManualClock
) -> None:
    clock.set(NOW)
    entries |= {POLICE: (8, 2), HOUSING: (12, 3), "GONE": (4, 0)}
    await room.standing.take()
    row = next(each for each in room.room.routes if each.path == "/api/v1/bot-report")
    told = await row.handler(Call(EDITOR, allow(EDITOR, row.may), query=BotReportQuery()))
    assert isinstance(told, BotReportView)
    assert [(one.unit, one.late, one.entries) for one in told.owners] == [(HOUSING, 3, 12), (POLICE, 2, 8)]
    assert all(isinstance(one, OwnerView) and one.unit_name != one.unit for one in told.owners)
    (rate,) = [one for one in told.rates if one.name == "outdated"]
    assert (rate.numerator, rate.denominator, rate.weeks[-1]) == (5, 24, 0.2083)
