"""The calendar changed by hand: pasted tables, checks, what files may take back, and the alarm of a missing year."""

from datetime import date, datetime
from typing import Any

import msgspec
import pytest

from directory.importing import read_city
from directory.model import City, DayKind
from directory.room import DirectoryRoom, build
from directory.rules.calendars import CalendarOrder, DayOrder, missing_years, plan, read_pasted
from directory.store import reference
from kernel.clock import ManualClock
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.people import Kind, Principal, Role, allow
from kernel.room import Call, Floor
from tests.rooms import CITY
from tests.schedule import ZONE

ADMIN = Principal(Kind.STAFF, "admin-1", "管理员", frozenset({Role.ADMIN}))
CITY_ROW = City("市", "市", "1", "12345", "Asia/Shanghai", "T", (("08:30", "12:00"), ("14:00", "17:30")), (2026,))
NEW_YEAR = DayOrder(date(2027, 1, 1), DayKind.HOLIDAY, "元旦")


def test_a_table_is_pasted_as_people_have_it() -> None:
    text = """date,kind,name
2027-01-01,holiday,元旦
2027年2月6日至2027年2月8日 放假 春节
2027/2/14\t上班\t春节
2027.10.9，班，国庆节

2027-05-01 取消
"""
    days, wrong = read_pasted(text)
    assert wrong == {}
    assert [(each.date.isoformat(), each.kind, each.name) for each in days] == [
        ("2027-01-01", DayKind.HOLIDAY, "元旦"),
        ("2027-02-06", DayKind.HOLIDAY, "春节"),
        ("2027-02-07", DayKind.HOLIDAY, "春节"),
        ("2027-02-08", DayKind.HOLIDAY, "春节"),
        ("2027-02-14", DayKind.MAKEUP, "春节"),
        ("2027-10-09", DayKind.MAKEUP, "国庆节"),
        ("2027-05-01", None, ""),
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("元旦放假", "line_unreadable"),
        ("2027-01-01 元旦", "day_kind_unknown"),
        ("2027-02-30 放假 春节", "not_a_day"),
        ("2027-02-10~2027-02-01 放假 春节", "range_wrong"),
        ("2027-01-01~2027-12-31 放假", "range_wrong"),
    ],
)
def test_a_line_that_cannot_be_understood_is_named(line: str, code: str) -> None:
    assert read_pasted(f"2027-01-01 放假 元旦\n{line}")[1] == {2: code}


@pytest.mark.parametrize(
    ("order", "fields"),
    [
        (CalendarOrder((NEW_YEAR,), "通知"), {"days.0": "year_not_announced"}),
        (CalendarOrder((), " "), {"why": "required"}),
        (CalendarOrder((), "通知"), {"days": "nothing_changed"}),
        (CalendarOrder((NEW_YEAR, NEW_YEAR), "通知", (2027,)), {"days.1": "day_twice"}),
        (CalendarOrder((DayOrder(date(2026, 3, 4), DayKind.MAKEUP),), "通知"), {"days.0": "worked_anyway"}),
        (CalendarOrder((), "通知", (1999,)), {"announce": "out_of_range"}),
        (CalendarOrder((), "通知", (), (("14:00", "12:00"),)), {"business_hours": "hours_wrong"}),
        (CalendarOrder((), "通知", (), (("早上", "12:00"),)), {"business_hours": "hours_wrong"}),
        (CalendarOrder((), "通知", (), ()), {"business_hours": "hours_wrong"}),
    ],
)
def test_what_cannot_be_is_refused(order: CalendarOrder, fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        plan(CITY_ROW, (), order)
    assert caught.value.fields == fields


@pytest.mark.parametrize(
    ("today", "missing"),
    [("2026-11-16", ()), ("2026-11-17", (2027,)), ("2027-01-01", (2027,)), ("2027-11-17", (2027, 2028))],
)
def test_the_next_year_is_missed_as_soon_as_due_times_lie_in_it(today: str, missing: tuple[int, ...]) -> None:
    assert missing_years(CITY_ROW, date.fromisoformat(today)) == missing


@pytest.fixture
async def here(floor: Floor) -> DirectoryRoom:
    """The demo city, written down."""
    room = build(floor)
    await room.import_city(CITY)
    return room


async def call(room: DirectoryRoom, method: str, path: str, body: Any = None, **query: Any) -> Any:
    """An administrator calls a route."""
    (route,) = [each for each in room.room.routes if (each.method, each.path) == (method, f"/api/v1/calendar{path}")]
    form = msgspec.convert(body, route.body) if route.body else None
    asked = msgspec.convert(query, route.query) if route.query else None
    return msgspec.to_builtins(await route.handler(Call(ADMIN, allow(ADMIN, route.may), {}, asked, form)))


def order(version: int, *days: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"version": version, "why": "国办发明电〔2026〕1号", "days": list(days), **more}


NEW: dict[str, Any] = {"date": "2027-01-01", "kind": "holiday", "name": "元旦"}


async def test_a_year_is_announced_day_by_day_journaled_and_shown(floor: Floor, here: DirectoryRoom) -> None:
    before = await call(here, "GET", "")
    after = await call(here, "POST", "", order(before["version"], NEW, announce=[2027]))
    assert after["version"] == before["version"] + 1
    assert (after["year"], 2027 in after["announced"]) == (2027, True)
    assert [day["date"] for day in after["days"]] == ["2027-01-01"]
    assert list(after["changes"][0]["announced"]) == [2027]
    calendar = here.lookup.calendar()
    assert not calendar.is_workday(date(2027, 1, 1))
    assert calendar.is_announced(date(2027, 1, 1))
    async with floor.database.reading() as tx:
        (fact,) = await floor.journal.about(tx, "calendar")
    assert (fact.fact.days, fact.fact.announced, fact.fact.by) == (("2027-01-01",), (2027,), ADMIN.id)


async def test_a_day_is_taken_back_and_hours_are_changed(here: DirectoryRoom) -> None:
    version = (await call(here, "GET", "", year=2026))["version"]
    hours = [["09:00", "12:00"], ["13:30", "17:30"]]
    day = {"date": "2026-10-10", "kind": None}
    after = await call(here, "POST", "", order(version, day, business_hours=hours))
    assert "2026-10-10" not in [each["date"] for each in after["days"]]
    assert [list(each) for each in after["business_hours"]] == hours


async def test_of_two_administrators_the_second_sees_the_first(here: DirectoryRoom) -> None:
    version = (await call(here, "GET", ""))["version"]
    await call(here, "POST", "", order(version, NEW, announce=[2027]))
    with pytest.raises(Conflict, match="directory_changed"):
        await call(here, "POST", "", order(version, NEW, announce=[2027]))


async def test_files_leave_what_was_set_by_hand_until_they_are_told_to_win(here: DirectoryRoom, floor: Floor) -> None:
    version = (await call(here, "GET", ""))["version"]
    day = {"date": "2026-10-09", "kind": "holiday", "name": "国庆节"}
    await call(here, "POST", "", order(version, day))
    assert (await here.import_city(CITY)).changed == {}
    assert not here.lookup.calendar().is_workday(date(2026, 10, 9))
    assert (await here.import_city(CITY, files_win=True)).changed == {"calendar_day": 1}
    assert here.lookup.calendar().is_workday(date(2026, 10, 9))
    assert (await call(here, "GET", ""))["changes"][0]["why"] == "城市数据文件覆盖了管理页面的日历"
    async with floor.database.reading() as tx:
        city, days = await reference.load_calendar(tx)
    assert (city, days) == ((data := read_city(CITY)).city, data.days)


async def test_the_alarm_states_a_missing_year_once_and_the_gauge_counts_it(
    here: DirectoryRoom, floor: Floor, clock: ManualClock
) -> None:
    gauge = here.room.gauges["calendar_years_missing"]
    assert (gauge(), await here.calendars.alarm()) == (0, 0)
    clock.set(datetime(2026, 12, 1, tzinfo=ZONE))
    assert (gauge(), await here.calendars.alarm(), await here.calendars.alarm()) == (1, 1, 1)
    assert list((await call(here, "GET", "/status"))["missing"]) == [2027]
    async with floor.database.reading() as tx:
        assert [fact.kind for fact in await floor.journal.about(tx, "calendar:2027")] == [
            "directory.CalendarYearMissing"
        ]
    version = (await call(here, "GET", ""))["version"]
    with pytest.raises(Invalid) as raised:
        await call(here, "POST", "", order(version, announce=[2027]))
    assert raised.value.fields == {"announce": "year_without_days"}, "a year without a day off is not announced"
    assert gauge() == 1
    await call(here, "POST", "", order(version, NEW, announce=[2027]))
    assert (gauge(), list((await call(here, "GET", "/status"))["missing"])) == (0, [])


async def test_a_pasted_table_is_read_back_before_it_is_saved(here: DirectoryRoom) -> None:
    read = await call(here, "POST", "/read", {"text": "2027-01-01 放假 元旦\n???"})
    assert [(day["date"], day["kind_label"]) for day in read["days"]] == [("2027-01-01", "放假")]
    assert [list(each) for each in read["wrong"]] == [[2, "line_unreadable"]]


async def test_only_administrators_change_the_calendar(here: DirectoryRoom) -> None:
    leader = Principal(Kind.STAFF, "x", "x", frozenset({Role.SUPERVISOR}))
    (route,) = [each for each in here.room.routes if (each.method, each.path) == ("POST", "/api/v1/calendar")]
    with pytest.raises(NotAllowed):
        allow(leader, route.may)
