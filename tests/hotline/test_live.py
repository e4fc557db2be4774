"""Live screens: who is told what, what was missed, who is let go (P18, P51)."""

import asyncio
from collections.abc import Mapping

import msgspec
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType
from sqlalchemy import event

from hotline import live
from hotline.house import House
from hotline.live import KEPT, QUEUE, Ended, LiveFeed, Screen, Told, may_know
from hotline.web import Host
from kernel.clock import ManualClock
from kernel.people import GUEST, May, Principal
from tests.hotline.conftest import Browser
from tests.hotline.small_house import ADMIN, AGENT, ANALYST, LIAISON, OTHER_LIAISON, Moved, StaffChanged


@pytest.fixture(autouse=True)
def tests_watched_like_tickets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small room's facts are for those who may read tickets."""
    watchers: Mapping[str, tuple[May, ...]] = {**live.WATCHERS, "tests": (May.READ_TICKET,)}
    monkeypatch.setattr(live, "WATCHERS", watchers)
    monkeypatch.setattr(live, "ENDING", {"tests.StaffChanged"})


class Teller:
    """States facts and steps what carries them to the screens."""

    def __init__(self, house: House, feed: LiveFeed, clock: ManualClock) -> None:
        self._house = house
        self._feed = feed
        self._clock = clock

    async def tell(self, *numbers: str, units: tuple[str, ...] = ("U1",)) -> None:
        await self.state(*(Moved(number, self._clock.now(), units) for number in numbers))

    async def state(self, *facts: Moved | StaffChanged) -> None:
        floor = self._house.floor
        async with floor.database.transaction() as tx:
            for fact in facts:
                await floor.journal.state(tx, fact)
        while await floor.journal.sequence(floor.database):
            pass
        while await self._feed.step():
            pass


@pytest.fixture
def teller(house: House, hosted: Host, clock: ManualClock) -> Teller:
    """Facts for the screens of the small house."""
    return Teller(house, hosted.feed, clock)


async def opened(browser: Browser, after: int | None = None) -> ClientWebSocketResponse:
    socket = await browser.socket("/api/v1/live")
    await socket.send_json({"type": "hello", "after": after})
    return socket


async def frames(socket: ClientWebSocketResponse, count: int) -> list[dict[str, object]]:
    return [msgspec.json.decode(await socket.receive_str(timeout=5)) for _ in range(count)]


async def test_a_screen_is_welcomed_and_told_what_happens(browser: Browser, teller: Teller) -> None:
    await browser.sign_in("agent-1")
    socket = await opened(browser)
    assert await frames(socket, 1) == [{"type": "welcome", "position": 0}]
    await teller.tell("A1")
    [fact] = await frames(socket, 1)
    assert (fact["type"], fact["position"], fact["kind"], fact["subject"]) == ("fact", 1, "tests.Moved", "ticket:A1")
    assert isinstance(fact["data"], dict)
    assert fact["data"]["number"] == "A1"


async def test_a_screen_that_comes_back_gets_what_it_missed(browser: Browser, teller: Teller) -> None:
    await browser.sign_in("agent-1")
    await teller.tell("A1", "A2", "A3")
    socket = await opened(browser, after=1)
    welcome, *missed = await frames(socket, 3)
    assert welcome == {"type": "welcome", "position": 3}
    assert [fact["subject"] for fact in missed] == ["ticket:A2", "ticket:A3"]


async def test_a_screen_from_another_time_is_told_to_load_anew(browser: Browser, teller: Teller) -> None:
    await browser.sign_in("agent-1")
    await teller.tell("A1")
    socket = await opened(browser, after=99)
    assert [frame["type"] for frame in await frames(socket, 2)] == ["welcome", "resync"]


async def test_unit_staff_are_told_of_their_unit_only(browser: Browser, teller: Teller) -> None:
    await browser.sign_in("liaison-1")
    socket = await opened(browser)
    await frames(socket, 1)
    await teller.tell("OTHER", units=("U2",))
    await teller.tell("NOBODY", units=())
    await teller.tell("OURS", units=("U2", "U1"))
    [fact] = await frames(socket, 1)
    assert fact["subject"] == "ticket:OURS"


@pytest.mark.parametrize(
    ("principal", "room", "units", "told"),
    [
        (AGENT, "tests", (), True),
        (AGENT, "desk", (), True),
        (AGENT, "directory", (), False),
        (AGENT, "a_room_without_a_row", (), False),
        (LIAISON, "tests", ("U1",), True),
        (LIAISON, "tests", ("U2",), False),
        (LIAISON, "desk", ("U1",), False),
        (OTHER_LIAISON, "tests", ("U2",), True),
        (ANALYST, "tests", ("U1",), False),
        (ANALYST, "analytics", (), True),
        (ADMIN, "channels", (), True),
        (GUEST, "tests", ("U1",), False),
    ],
)
def test_who_may_know_what(principal: Principal, room: str, units: tuple[str, ...], told: bool) -> None:
    assert may_know(principal, Told(1, f"{room}.Moved", "ticket:A1", frozenset(units), "{}")) is told


def _told(position: int) -> Told:
    return Told(position, "tests.Moved", f"ticket:{position}", frozenset({"U1"}), f'{{"position":{position}}}')


async def test_five_hundred_screens_cost_the_database_no_more_than_one(
    house: House, hosted: Host, teller: Teller
) -> None:
    """P35: 500 agents whose lists change thirty times: the journal is read once for all of them."""
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    engine = house.floor.database.engine.sync_engine
    numbers = [f"A{n}" for n in range(30)]

    async def cost() -> int:
        asked.clear()
        event.listen(engine, "before_cursor_execute", note)
        await teller.tell(*numbers)
        event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    hosted.feed.join(Screen(AGENT))
    alone = await cost()
    others = [Screen(AGENT) for _ in range(499)]
    for screen in others:
        hosted.feed.join(screen)
    assert await cost() == alone
    assert {screen.frames.qsize() for screen in others} == {len(numbers)}


def test_a_screen_that_does_not_read_is_let_go() -> None:
    screen = Screen(AGENT)
    for position in range(1, QUEUE + 1):
        screen.offer(_told(position))
    assert not screen.ended.is_set()
    screen.offer(_told(QUEUE + 1))
    assert (screen.ended.is_set(), screen.code) == (True, Ended.SLOW)


async def test_only_the_newest_facts_stay_in_memory(house: House, teller: Teller, hosted: Host) -> None:
    feed = hosted.feed
    for position in range(1, KEPT + 11):
        feed._tell(_told(position))
    assert feed.missed(9) is None
    assert [told.position for told in feed.missed(KEPT + 8) or ()] == [KEPT + 9, KEPT + 10]
    assert len(feed.missed(10) or ()) == KEPT
    assert feed.missed(KEPT + 10) == ()


async def test_a_new_process_knows_what_happened_before_it_started(house: House, teller: Teller) -> None:
    await teller.tell("A1", "A2")
    feed = LiveFeed(house.floor.database, house.floor.journal)
    await feed.start()
    assert feed.position == 2
    assert [told.subject for told in feed.missed(0) or ()] == ["ticket:A1", "ticket:A2"]


async def test_a_screen_whose_account_changed_must_come_in_anew(
    browser: Browser, teller: Teller, clock: ManualClock
) -> None:
    await browser.sign_in("agent-1")
    socket = await opened(browser)
    await frames(socket, 1)
    await teller.state(StaffChanged("agent-1", clock.now()))
    message = await socket.receive(timeout=5)
    assert (message.type, socket.close_code) == (WSMsgType.CLOSE, Ended.CHANGED)


@pytest.mark.parametrize("frame", ["not json", '{"type": "bye"}', '{"type": "hello", "after": "x"}', "[" * 5000])
async def test_noise_instead_of_hello_closes_the_socket(browser: Browser, frame: str) -> None:
    await browser.sign_in("agent-1")
    socket = await browser.socket("/api/v1/live")
    await socket.send_str(frame)
    message = await socket.receive(timeout=5)
    assert message.type is WSMsgType.CLOSE
    assert socket.close_code in {1007, 1009}


async def test_p51_every_screen_is_told_when_the_house_closes(browser: Browser, hosted: Host) -> None:
    await browser.sign_in("agent-1")
    sockets = [await opened(browser) for _ in range(20)]
    for socket in sockets:
        await frames(socket, 1)
    hosted.close()
    await asyncio.gather(*(socket.receive(timeout=5) for socket in sockets))
    assert {socket.close_code for socket in sockets} == {Ended.RESTART}
    late = await opened(browser)
    await asyncio.wait_for(_closed(late), 5)
    assert late.close_code == Ended.RESTART


async def test_a_screen_that_leaves_is_forgotten(
    browser: Browser, hosted: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    await browser.sign_in("agent-1")
    left = asyncio.Event()
    leave = hosted.feed.leave

    def noticed(screen: Screen) -> None:
        leave(screen)
        left.set()

    monkeypatch.setattr(hosted.feed, "leave", noticed)
    socket = await opened(browser)
    await frames(socket, 1)
    assert len(list(hosted.feed.screens())) == 1
    await socket.close()
    await asyncio.wait_for(left.wait(), 5)
    assert list(hosted.feed.screens()) == []


async def _closed(socket: ClientWebSocketResponse) -> None:
    while not socket.closed:
        await socket.receive()
