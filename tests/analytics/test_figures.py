"""The journal becomes daily figures: each fact once, on its day in the city; a unit's leader sees the unit's own."""

from datetime import UTC, date, datetime, timedelta

import pytest

from analytics.api import DayPage, DayView, FiguresQuery
from analytics.bot_report import BotReportQuery, BotReportView, ReasonView
from analytics.report_api import SliceQuery
from analytics.room import READER, AnalyticsRoom
from analytics.store import figures as store
from analytics.views import IndicatorsView, ShareView
from desk.events import AgentReplied, BotAnswered, CallEnded, ConversationClosed, ConversationOpened, HandedOver
from kernel.clock import ManualClock
from kernel.errors import Invalid, NotAllowed, NotSignedIn
from kernel.people import GUEST, Kind, Principal, Role, allow
from kernel.room import Call, Floor
from knowledge.events import ArticleRated, QuestionUnanswered
from knowledge.model import QuestionReason
from suggestions.events import SuggestionMoved
from suggestions.model import SuggestionState
from tests.analytics.conftest import Fold, State
from tests.knowledge.small_city import HOUSING, POLICE
from ticketing.events import TicketDispatched, TicketLate, TicketRated
from ticketing.model.labels import Actor, ClockKind, Score, Solved
from ticketing.model.labels import State as TicketState

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
TODAY = date(2026, 3, 16)
ANALYST = Principal(Kind.STAFF, id="a1", roles=frozenset({Role.ANALYST}))
LEADER = Principal(Kind.STAFF, id="u1", roles=frozenset({Role.UNIT_LEADER}), unit=POLICE)
EDITOR = Principal(Kind.STAFF, id="e1", roles=frozenset({Role.EDITOR}))
HANDLER = Principal(Kind.STAFF, id="h1", roles=frozenset({Role.HANDLER}), unit=POLICE)


def dispatched(number: str, unit: str, at: datetime, *, automatic: bool) -> TicketDispatched:
    about = (number, at, Actor.TIMER, "system", (unit,))
    moved = ("dispatch", TicketState.TRIAGE, TicketState.DISPATCHED, 1, "")
    return TicketDispatched(*about, *moved, unit, automatic, 0.9, "")


async def figures(floor: Floor, day: date = TODAY) -> dict[tuple[str, str], int]:
    async with floor.database.reading() as tx:
        return {(each.name, each.key): each.count for each in await store.between(tx, day, day)}


async def send(room: AnalyticsRoom, path: str, by: Principal, query: object = None) -> object:
    row = next(each for each in room.room.routes if each.path == f"/api/v1{path}")
    return await row.handler(Call(by, allow(by, row.may), query=query))


async def test_facts_become_figures(floor: Floor, room: AnalyticsRoom, state: State, fold: Fold) -> None:
    await state(
        ConversationOpened("k1", "web", NOW),
        ConversationOpened("k2", "wechat", NOW),
        BotAnswered("k1", "web", NOW, articles=("id-card-lost",)),
        BotAnswered("k2", "wechat", NOW),
        HandedOver("k2", "wechat", NOW, reason="asked"),
        AgentReplied("k2", "wechat", NOW, agent="a", waited_seconds=30.0),
        AgentReplied("k2", "wechat", NOW, agent="a"),
        dispatched("1", POLICE, NOW, automatic=True),
        dispatched("2", HOUSING, NOW, automatic=False),
        TicketRated("1", NOW, Actor.CITIZEN, "c", (POLICE,), Score.SATISFIED, Solved.YES, POLICE),
        ArticleRated("id-card-lost", True, NOW),
        SuggestionMoved("JY1", (), NOW, "publish", SuggestionState.SUBMITTED, SuggestionState.PUBLISHED, "e"),
    )
    await fold()
    told = await figures(floor)
    expected = {
        ("conversations_opened", ""): 2,
        ("conversations_opened", "channel=web"): 1,
        ("bot_answers", ""): 2,
        ("bot_quotations", ""): 1,
        ("handed_over", "reason=asked"): 1,
        ("agent_replies", ""): 2,
        ("first_replies", ""): 1,
        ("first_reply_seconds", ""): 30,
        ("tickets_dispatched", ""): 2,
        ("tickets_dispatched_by_itself", ""): 1,
        ("tickets_dispatched", f"unit={POLICE}"): 1,
        ("tickets_rated", "score=satisfied"): 1,
        ("articles_solved", ""): 1,
        ("suggestions_published", ""): 1,
    }
    assert {key: told.get(key) for key in expected} == expected


async def test_reading_the_journal_again_counts_nothing_twice(
    floor: Floor, room: AnalyticsRoom, state: State, fold: Fold
) -> None:
    await state(ConversationOpened("k1", "web", NOW))
    await fold()
    await fold()
    async with floor.database.transaction() as tx:
        await floor.journal.drop_cursor(tx, READER)
    await state(ConversationOpened("k2", "web", NOW))
    await fold()
    assert (await figures(floor))["conversations_opened", ""] == 2


async def test_a_failed_step_counts_nothing(floor: Floor, room: AnalyticsRoom, state: State, fold: Fold) -> None:
    await state(ConversationOpened("k1", "web", NOW))

    async def fold_and_fail() -> None:
        async with floor.database.transaction() as tx:
            await room.observer.effect(tx, await floor.journal.read_after(tx, 0))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fold_and_fail()
    assert await figures(floor) == {}
    await fold()
    assert (await figures(floor))["conversations_opened", ""] == 1


async def test_a_fact_counts_on_its_own_day_in_the_city(
    floor: Floor, room: AnalyticsRoom, state: State, fold: Fold
) -> None:
    before_midnight = datetime(2026, 3, 16, 15, 59, 59, tzinfo=UTC)
    await state(
        ConversationOpened("k1", "web", before_midnight),
        ConversationOpened("k2", "web", before_midnight + timedelta(seconds=1)),
    )
    await fold()
    assert (await figures(floor, TODAY))["conversations_opened", ""] == 1
    assert (await figures(floor, TODAY + timedelta(days=1)))["conversations_opened", ""] == 1


async def test_facts_nobody_counts_are_passed_over(floor: Floor, room: AnalyticsRoom, state: State, fold: Fold) -> None:
    await state(TicketLate("1", NOW, Actor.TIMER, "system", (POLICE,), ClockKind.TOTAL, NOW, 2))
    await fold()
    assert await figures(floor) == {}
    async with floor.database.transaction() as tx:
        assert await store.position(tx) > 0


async def test_today_shows_every_indicator_also_those_at_zero(
    room: AnalyticsRoom, state: State, fold: Fold, clock: ManualClock
) -> None:
    await state(ConversationOpened("k1", "web", NOW))
    await fold()
    view = await send(room, "/figures/today", ANALYST)
    assert isinstance(view, DayView)
    assert view.day == TODAY
    told = {each.name: each for each in view.figures}
    assert (told["conversations_opened"].count, told["conversations_opened"].label) == (1, "会话量")
    assert [(part.key, part.value, part.count) for part in told["conversations_opened"].by] == [("channel", "web", 1)]
    assert told["tickets_opened"].count == 0


async def test_a_units_leader_sees_what_counts_for_the_unit(room: AnalyticsRoom, state: State, fold: Fold) -> None:
    await state(
        ConversationOpened("k1", "web", NOW),
        dispatched("1", POLICE, NOW, automatic=True),
        dispatched("2", HOUSING, NOW, automatic=True),
        dispatched("3", HOUSING, NOW, automatic=True),
    )
    await fold()
    view = await send(room, "/figures/today", LEADER)
    assert isinstance(view, DayView)
    told = {each.name: (each.count, each.by) for each in view.figures}
    assert told["tickets_dispatched"] == (1, [])
    assert told["conversations_opened"] == (0, [])


async def test_a_stretch_of_days_gives_the_days_that_have_figures(
    room: AnalyticsRoom, state: State, fold: Fold
) -> None:
    days = [NOW - timedelta(days=back) for back in (3, 1, 0)]
    await state(*(ConversationOpened(f"k{n}", "web", at) for n, at in enumerate(days)))
    await fold()
    page = await send(room, "/figures", ANALYST, FiguresQuery(date(2026, 3, 14)))
    assert isinstance(page, DayPage)
    assert [each.day for each in page.items] == [date(2026, 3, 15), date(2026, 3, 16)]
    page = await send(room, "/figures", ANALYST, FiguresQuery(date(2026, 3, 1), date(2026, 3, 13)))
    assert isinstance(page, DayPage)
    assert [each.day for each in page.items] == [date(2026, 3, 13)]


@pytest.mark.parametrize(
    "query", [FiguresQuery(TODAY, date(2026, 3, 15)), FiguresQuery(date(2024, 1, 1))], ids=["backwards", "too long"]
)
async def test_a_stretch_out_of_bounds_is_refused(room: AnalyticsRoom, query: FiguresQuery) -> None:
    with pytest.raises(Invalid):
        await send(room, "/figures", ANALYST, query)


async def test_figures_are_not_for_everybody(room: AnalyticsRoom) -> None:
    with pytest.raises(NotSignedIn):
        await send(room, "/figures/today", GUEST)
    with pytest.raises(NotAllowed):
        await send(room, "/figures/today", HANDLER)


async def test_the_bots_report_says_what_it_answers_how_well_and_why_people_come_in(
    room: AnalyticsRoom, state: State, fold: Fold, clock: ManualClock
) -> None:
    clock.set(NOW)
    ago = NOW - timedelta(days=8)
    await state(
        *(ConversationOpened(f"k{n}", "web", NOW) for n in range(4)),
        *(BotAnswered(f"k{n}", "web", NOW, articles=("id-card-lost",)) for n in range(3)),
        BotAnswered("k3", "web", NOW),
        BotAnswered("k9", "web", ago),
        HandedOver("k2", "web", NOW, reason="angry"),
        *(HandedOver(f"k{n}", "web", NOW, reason="asked") for n in (3, 4)),
        ConversationClosed("k0", "web", NOW),
        ConversationClosed("k1", "web", NOW),
        ConversationClosed("k2", "web", NOW, "a", handed=True),
        ArticleRated("id-card-lost", True, NOW),
        ArticleRated("id-card-lost", False, NOW),
        QuestionUnanswered("q1", QuestionReason.NOT_FOUND, "", 1, NOW),
    )
    await fold()
    told = await send(room, "/bot-report", EDITOR, BotReportQuery())
    assert isinstance(told, BotReportView)
    shares = {rate.name: (rate.numerator, rate.denominator) for rate in told.rates}
    assert shares == {
        "quoted": (3, 5),
        "helped": (1, 2),
        "abstained": (1, 5),
        "contained": (2, 3),
        "handed": (3, 4),
        "bot_wrong": (0, 0),
        "outdated": (0, 0),
    }
    assert [rate.weeks[-3:] for rate in told.rates if rate.name == "quoted"] == [[0.0, None, 0.75]]
    assert told.handed_over == [ReasonView("asked", 2), ReasonView("angry", 1)]
    assert told.unanswered == [ReasonView("not_found", 1)]
    with pytest.raises(Invalid):
        await send(room, "/bot-report", EDITOR, BotReportQuery(0))
    with pytest.raises(NotAllowed):
        await send(room, "/bot-report", HANDLER, BotReportQuery())


async def test_of_calls_the_share_answered_and_the_share_answered_within_fifteen_seconds_are_told(
    room: AnalyticsRoom, state: State, fold: Fold, clock: ManualClock
) -> None:
    clock.set(NOW)

    def call(name: str, waited: float | None, at: datetime = NOW) -> CallEnded:
        answered = None if waited is None else at + timedelta(seconds=waited)
        return CallEnded(name, at, at + timedelta(minutes=2), answered, waited)

    # Of eight offered six were answered, four of them at once; one of another day.
    waits = (0.0, 9.5, 14.9, 15.0, 15.1, 60.0, None, None)
    calls = [call(f"c{n}", waited) for n, waited in enumerate(waits)]
    await state(*calls, call("c9", 5.0, NOW - timedelta(days=3)))
    await fold()

    async def told(query: SliceQuery) -> dict[str, list[ShareView]]:
        view = await send(room, "/indicators", ANALYST, query)
        assert isinstance(view, IndicatorsView)
        return {each.name: [each.all, each.kept] for each in view.rates if each.name.startswith("calls_")}

    assert await told(SliceQuery(TODAY, TODAY)) == {
        "calls_answered": [ShareView(6, 8, 0.75)] * 2,
        "calls_at_once": [ShareView(4, 8, 0.5)] * 2,
    }
    assert (await told(SliceQuery(TODAY, TODAY, channel="phone")))["calls_at_once"] == [ShareView(4, 8, 0.5)] * 2
    assert (await told(SliceQuery(TODAY, TODAY, channel="web")))["calls_answered"] == [ShareView(0, 0, None)] * 2
    assert (await told(SliceQuery(TODAY - timedelta(days=3), TODAY)))["calls_answered"][0] == ShareView(7, 9, 0.7778)
