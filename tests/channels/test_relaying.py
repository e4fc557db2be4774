"""Relayed calls: both legs over the platform's protocol, each end told, no number where it does not belong."""

from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import ClientSession
from sqlalchemy import select
from structlog.testing import capture_logs

from channels.sandbox.sms_platform import ANSWERS, AWAY, BUSY, DEAD
from kernel.calls import CallResult, CallState, RelayedCall
from kernel.clock import ManualClock
from kernel.database import Database
from kernel.relay import SILENT, calls
from kernel.room import Floor
from tests.channels.sms_world import CITIZEN, OFFICER, RELAY, SmsWorld, open_sms_world


@pytest.fixture
async def exchange(
    sqlite_database: Database, floor_of: Callable[[Database], Floor], clock: ManualClock
) -> AsyncIterator[SmsWorld]:
    async with open_sms_world(floor_of(sqlite_database), clock) as made:
        yield made


@pytest.fixture
async def by_hand(
    sqlite_database: Database, floor_of: Callable[[Database], Floor], clock: ManualClock
) -> AsyncIterator[SmsWorld]:
    """Phones that ring only when the test lets them."""
    async with open_sms_world(floor_of(sqlite_database), clock, rings=False) as made:
        yield made


async def ask(world: SmsWorld) -> str:
    async with world.floor.database.transaction() as tx:
        return (await world.relay.ask(tx, "ticket:FS1", "liaison", "13900139000", "13800138000")).id


async def begin(world: SmsWorld) -> None:
    while await world.channels.relaying.step():
        pass


async def called(world: SmsWorld) -> RelayedCall:
    """A call that was asked for, begun and played to its end."""
    await ask(world)
    await begin(world)
    await world.twilio.settle()
    return await last(world)


async def last(world: SmsWorld) -> RelayedCall:
    async with world.floor.database.reading() as tx:
        return (await world.relay.about(tx, "ticket:FS1"))[0]


async def test_the_officer_is_called_then_the_citizen_and_both_see_the_relay_number_only(exchange: SmsWorld) -> None:
    with capture_logs() as logs:
        call = await called(exchange)
    assert (call.state, call.result, call.seconds) == (CallState.ENDED, CallResult.ANSWERED, 42)
    officer, citizen = exchange.platform.phone(OFFICER), exchange.platform.phone(CITIZEN)
    assert (officer.saw, citizen.saw) == ([RELAY], [RELAY])
    assert officer.heard == ["正在为您接通市民，请稍候。"]
    assert citizen.heard == ["connected"]
    assert "138001380" not in str(logs)
    assert "139001390" not in str(logs)


@pytest.mark.parametrize(
    ("officer", "citizen", "result"),
    [
        (AWAY, ANSWERS, CallResult.OFFICER_AWAY),
        (BUSY, ANSWERS, CallResult.OFFICER_AWAY),
        (ANSWERS, BUSY, CallResult.BUSY),
        (ANSWERS, AWAY, CallResult.NO_ANSWER),
        (ANSWERS, DEAD, CallResult.UNREACHABLE),
    ],
)
async def test_whoever_is_not_reached_is_told_apart(
    exchange: SmsWorld, officer: str, citizen: str, result: CallResult
) -> None:
    exchange.platform.phone(OFFICER).answers = officer
    exchange.platform.phone(CITIZEN).answers = citizen
    call = await called(exchange)
    assert (call.state, call.result, call.answered_at, call.seconds) == (CallState.ENDED, result, None, 0)
    # A citizen is never rung while the officer is not on the line.
    assert exchange.platform.phone(CITIZEN).saw == ([RELAY] if officer == ANSWERS else [])


async def test_the_numbers_are_sealed_while_it_rings_and_gone_when_it_ends(by_hand: SmsWorld) -> None:
    await ask(by_hand)
    await begin(by_hand)

    async def row() -> str:
        async with by_hand.floor.database.reading() as tx:
            return str(dict((await tx.rows(select(calls)))[0]))

    assert "13800138000" not in await row()
    (ringing,) = by_hand.platform.calls
    await by_hand.platform.play(ringing)
    assert "'sealed': ''" in await row()
    assert all("138001" not in url for url in (ringing.url, ringing.callback))


async def test_a_call_is_begun_once_and_the_second_leg_is_told_to_the_platform_alone(by_hand: SmsWorld) -> None:
    call = await ask(by_hand)
    await begin(by_hand)
    await begin(by_hand)
    (ringing,) = by_hand.platform.calls
    async with ClientSession() as session, session.post(ringing.url, data={"CallSid": ringing.sid}) as answer:
        assert (answer.status, await answer.text()) == (403, "")
    status, twiml = await by_hand.platform.post(ringing.url, [("CallSid", ringing.sid), ("CallStatus", "in-progress")])
    assert status == 200
    assert f'callerId="{RELAY}"' in twiml
    assert f">{CITIZEN}</Number>" in twiml
    assert (await last(by_hand)).state is CallState.CONNECTING
    async with by_hand.floor.database.transaction() as tx:
        await by_hand.relay.turn(tx, call, CallState.ENDED, CallResult.GIVEN_UP)
    # Once it is over nobody is told the number any more.
    _, twiml = await by_hand.platform.post(ringing.url, [("CallSid", ringing.sid), ("CallStatus", "in-progress")])
    assert CITIZEN not in twiml


@pytest.mark.parametrize(
    ("trouble", "result", "reason"),
    [
        ((21211, 400, 0), CallResult.FAILED, "twilio_x"),
        ((20429, 429, 30), CallResult.FAILED, "twilio_20429"),
        ((20003, 401, 0), CallResult.FAILED, "twilio_20003"),
    ],
)
async def test_what_the_platform_refuses_ends_the_call_with_its_reason(
    by_hand: SmsWorld, trouble: tuple[int, int, int], result: CallResult, reason: str
) -> None:
    by_hand.twilio.troubles = [trouble]
    call = await called(by_hand)
    expected = (CallResult.UNREACHABLE, "unknown_recipient") if trouble[0] == 21211 else (result, reason)
    assert (call.result, call.reason) == expected
    assert by_hand.platform.calls == []


async def test_a_call_nobody_can_tell_of_stays_open_for_its_reports_and_ends_unclear_without_any(
    by_hand: SmsWorld, clock: ManualClock
) -> None:
    by_hand.twilio.troubles = [(0, 502, 0)]
    call = await called(by_hand)
    assert call.state is CallState.CALLING
    assert await by_hand.channels.relaying.expire() == 0
    clock.advance(SILENT * 2)
    assert await by_hand.channels.relaying.expire() == 1
    assert (await last(by_hand)).result is CallResult.UNCLEAR


async def test_reports_that_overtake_each_other_never_turn_a_call_back(by_hand: SmsWorld) -> None:
    call = await ask(by_hand)
    steps = [CallState.TALKING, CallState.CALLING, CallState.CONNECTING]
    for state in steps:
        async with by_hand.floor.database.transaction() as tx:
            await by_hand.relay.turn(tx, call, state)
    assert (await last(by_hand)).state is CallState.TALKING
    # The officer hangs up in the middle of the talk: that was an answered call.
    by_hand.clock.advance(SILENT / 60)
    async with by_hand.floor.database.transaction() as tx:
        await by_hand.relay.turn(tx, call, CallState.ENDED, CallResult.GIVEN_UP)
        await by_hand.relay.turn(tx, call, CallState.ENDED, CallResult.BUSY)
    found = await last(by_hand)
    assert (found.result, found.seconds) == (CallResult.ANSWERED, 60)
