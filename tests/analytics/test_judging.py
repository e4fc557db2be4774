"""The bot's answers are drawn at random and judged by people; what nobody judged is to be verified, never right."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from analytics.bot_report import BotReportQuery, BotReportView
from analytics.judging import Judging
from analytics.model import Judged, Tally
from analytics.report_api import SliceQuery
from analytics.room import AnalyticsRoom
from analytics.rules.sampling import drawn, wilson
from analytics.samples_api import BotSamplePage, BotSampleView, SampleList, SampleQuery, VerdictForm
from analytics.store import samples
from analytics.views import IndicatorsView, RateView, SampleView, ShareView
from desk.events import BotAnswered
from directory.lookup import Lookup
from kernel.clock import ManualClock
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.people import Kind, Principal, Role, allow
from kernel.room import Call, Download, Floor
from tests.analytics.conftest import State

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
TODAY = date(2026, 3, 16)
MONTH = SliceQuery(TODAY - timedelta(days=29), TODAY)
ANALYST = Principal(Kind.STAFF, id="a1", roles=frozenset({Role.ANALYST}))
EDITOR = Principal(Kind.STAFF, id="e1", roles=frozenset({Role.EDITOR}))
SUPERVISOR = Principal(Kind.STAFF, id="s1", roles=frozenset({Role.SUPERVISOR}))
AGENT = Principal(Kind.STAFF, id="g1", roles=frozenset({Role.AGENT}))


async def send(
    room: AnalyticsRoom, path: str, by: Principal, query: object = None, body: object = None, **at: str
) -> Any:
    method = "GET" if body is None else "POST"
    row = next(each for each in room.room.routes if each.path == f"/api/v1{path}" and each.method == method)
    return await row.handler(Call(by, allow(by, row.may), path=at, query=query, body=body))


def answered(turn: str, at: datetime = NOW, articles: tuple[str, ...] = ("id-card-lost",)) -> BotAnswered:
    return BotAnswered("k1", "web", at, articles, (), turn)


Read = Callable[..., Awaitable[None]]


@pytest.fixture
def read(floor: Floor, lookup: Lookup) -> Read:
    """The observer reads the whole journal; with ``share`` of the answers drawn."""

    async def read_all(share: float = 1.0) -> None:
        judging = Judging(floor.clock, floor.journal, lookup, share)
        async with floor.database.transaction() as tx:
            await judging.follow(tx, await floor.journal.read_after(tx, 0, 10_000))

    return read_all


async def listed(room: AnalyticsRoom, view: SampleList, by: Principal = EDITOR) -> Sequence[BotSampleView]:
    page = await send(room, "/bot-samples", by, SampleQuery(view))
    assert isinstance(page, BotSamplePage)
    return page.items


async def judged(
    room: AnalyticsRoom, turn: str, verdict: Judged, why: str = "", by: Principal = EDITOR
) -> BotSampleView:
    view = await send(room, "/bot-samples/{id}", by, body=VerdictForm(verdict, why), id=turn)
    assert isinstance(view, BotSampleView)
    return view


async def wrong(room: AnalyticsRoom, query: SliceQuery = MONTH) -> RateView:
    view = await send(room, "/indicators", ANALYST, query)
    assert isinstance(view, IndicatorsView)
    return next(rate for rate in view.rates if rate.name == "bot_wrong")


def test_the_lot_is_the_same_each_time_and_as_large_as_it_is_set() -> None:
    turns = [f"turn-{n}" for n in range(10_000)]
    found = [turn for turn in turns if drawn(turn, 0.05)]
    assert found == [turn for turn in turns if drawn(turn, 0.05)]
    # Of ten thousand at 5 % five hundred are expected; four standard deviations (21.8 each) to either side.
    assert 413 <= len(found) <= 587
    assert set(found) <= {turn for turn in turns if drawn(turn, 0.1)}
    assert not any(drawn(turn, 0.0) for turn in turns)
    assert all(drawn(turn, 1.0) for turn in turns)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        # By hand with z² = 3.8415: (2 + 1.9207 ± 1.96·√(1.6 + 0.9604)) / 13.8415, and z²/(40 + z²).
        (2, 10, 0.0567, 0.5098),
        (0, 40, 0.0, 0.0876),
        (10, 10, 0.7225, 1.0),
        (50, 100, 0.4038, 0.5962),
    ],
)
def test_the_interval_is_that_of_wilson(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == pytest.approx((low, high), abs=5e-5)


async def test_answers_that_quote_an_entry_are_drawn_once_however_often_they_are_read(
    floor: Floor, room: AnalyticsRoom, state: State, read: Read
) -> None:
    quiet, old = answered("t2", articles=()), BotAnswered("k2", "web", NOW, ("id-card-lost",))
    await state(answered("t1"), quiet, old, answered("t3", NOW + timedelta(minutes=1)))
    await read(share=0.0)
    assert await listed(room, SampleList.WAITING) == []
    await read()
    await read()
    found = await listed(room, SampleList.WAITING)
    assert [(one.id, one.question, one.answer, one.verdict, one.may) for one in found] == [
        ("t1", "问t1", "答t1", "", True),
        ("t3", "问t3", "答t3", "", True),
    ]


async def test_what_nobody_judged_is_to_be_verified_and_what_was_has_its_interval(
    floor: Floor, room: AnalyticsRoom, state: State, read: Read, clock: ManualClock
) -> None:
    clock.set(NOW)
    await state(*(answered(f"t{n}") for n in range(12)), answered("before", NOW - timedelta(days=40)))
    await read()
    rate = await wrong(room)
    assert [rate.all, rate.kept] == [ShareView(0, 0, None)] * 2
    assert rate.sample == SampleView(12, 0, 12, None, None)
    file = await send(room, "/indicators.csv", ANALYST, MONTH)
    assert isinstance(file, Download)
    (row,) = [line for line in file.data.decode("utf-8-sig").splitlines() if line.startswith("智能客服答错率")]
    assert row.split(",")[1:4] == ["0", "0", "待核实"]
    assert "抽中12条，已判定0条，待核实12条" in row

    for n in range(8):
        await judged(room, f"t{n}", Judged.RIGHT)
    for n in (8, 9):
        await judged(room, f"t{n}", Judged.WRONG, "办理地点已变更")
    await judged(room, "t10", Judged.UNSURE, "须问单位")
    await judged(room, "before", Judged.WRONG, "不在期内")
    rate = await wrong(room)
    assert [rate.all, rate.kept] == [ShareView(2, 10, 0.2)] * 2
    assert rate.sample == SampleView(12, 10, 2, 0.0567, 0.5098)
    assert (await wrong(room, SliceQuery(TODAY, TODAY, channel="wechat"))).sample == SampleView(0, 0, 0, None, None)
    report = await send(room, "/bot-report", EDITOR, BotReportQuery())
    assert isinstance(report, BotReportView)
    (told,) = [one for one in report.rates if one.name == "bot_wrong"]
    assert (told.numerator, told.denominator, told.sample, told.weeks[-1]) == (2, 10, rate.sample, 0.2)
    file = await send(room, "/indicators.csv", ANALYST, MONTH)
    assert "抽中12条，已判定10条，待核实2条，95%置信区间5.7%至51.0%" in file.data.decode("utf-8-sig")


async def test_what_one_was_not_sure_of_is_anothers_to_judge_and_a_verdict_stays(
    floor: Floor, room: AnalyticsRoom, state: State, read: Read, clock: ManualClock
) -> None:
    clock.set(NOW)
    await state(answered("t1"))
    await read()
    for verdict in (Judged.WRONG, Judged.UNSURE):
        with pytest.raises(Invalid):
            await judged(room, "t1", verdict, " ")
    unsure = await judged(room, "t1", Judged.UNSURE, "请问13800138000是不是热线")
    assert (unsure.may, unsure.reason, unsure.judged_at) == (False, "请问138****8000是不是热线", NOW)
    assert [one.may for one in await listed(room, SampleList.UNSURE)] == [False]
    assert [one.may for one in await listed(room, SampleList.UNSURE, SUPERVISOR)] == [True]
    with pytest.raises(NotAllowed):
        await judged(room, "t1", Judged.RIGHT)
    await judged(room, "t1", Judged.WRONG, "电话是旧的", SUPERVISOR)
    with pytest.raises(Conflict):
        await judged(room, "t1", Judged.RIGHT)
    with pytest.raises(NotFound):
        await judged(room, "t9", Judged.RIGHT)
    with pytest.raises(NotAllowed):
        await judged(room, "t1", Judged.RIGHT, by=AGENT)
    (done,) = await listed(room, SampleList.DONE)
    assert (done.verdict_label, done.reason, done.may) == ("错误", "电话是旧的", False)
    async with floor.database.reading() as tx:
        assert await samples.tally(tx, TODAY, TODAY) == Tally(wrong=1)
        facts = await floor.journal.about(tx, "bot_answer:t1")
    assert [(each.fact.by, each.fact.verdict) for each in facts] == [("e1", Judged.UNSURE), ("s1", Judged.WRONG)]


async def test_the_list_is_read_page_by_page(room: AnalyticsRoom, state: State, read: Read) -> None:
    await state(*(answered(f"t{n}", NOW + timedelta(seconds=n % 3)) for n in range(7)))
    await read()
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await send(room, "/bot-samples", EDITOR, SampleQuery(cursor=cursor, limit=3))
        seen += [one.id for one in page.items]
        cursor = page.next
    assert seen == ["t0", "t3", "t6", "t1", "t4", "t2", "t5"]
