"""Replays messages through the whole path (intake, desk, bot, ticket, dispatch) and counts what came of it."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

import msgspec
import structlog
from tqdm import tqdm

from hotline.assembly import Assembled, assemble
from hotline.house import key_of
from hotline.metrics import Metrics
from hotline.migrating import migrate
from hotline.replay_citizen import SUGGESTION_KEPT, TURNS, Citizen, Shown, next_words
from hotline.replay_input import AreaMap, Message, read_area_map, read_messages
from hotline.replay_summary import Ended, Outcome, Summary
from hotline.seeding import is_empty, seed
from hotline.serving import sole_process
from hotline.throwaway import fresh_database, never_wait_for_the_disk
from hotline.worker import Worker, journal_loops
from kernel.clock import SystemClock
from kernel.errors import HotlineError, NotFound
from kernel.ids import new_id
from kernel.mailbox import Entry, InState, address_topic
from kernel.messages import Address, Inbound, InboundKind, Outbound
from kernel.privacy import new_key
from kernel.room import Loop
from kernel.settings import Settings

AT_ONCE = 16
ANSWER_WITHIN = 120.0
LOOK_EVERY = 2.0
PLACE_LENGTH = 24
BREAKS = "，。,.；;！!？?、:：\n "

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ordered:
    """A replay as ordered."""

    file: Path
    channel: str
    area_map: AreaMap
    limit: int | None
    database: str
    json: Path | None


class NoAnswer(HotlineError):  # noqa: N818 - reads as what happened
    """The hotline wrote nothing back for too long."""

    def __init__(self) -> None:
        super().__init__("no_answer")


class Replay:
    """Plays every message as a visitor of its own."""

    def __init__(self, assembled: Assembled, channel: str) -> None:
        if channel not in assembled.rooms.channels.channels:
            raise NotFound("channel", name=channel)
        self._floor = assembled.house.floor
        self._rooms = assembled.rooms
        self._lookup = assembled.rooms.directory.lookup
        self._channel = channel
        city = self._lookup.city()
        self._towns = [town.name for town in self._lookup.towns_under(city.area_code)]

    async def play(self, number: int, message: Message) -> Outcome:
        """One citizen from the first word to the end of the talk."""
        address = Address(self._channel, "replay", new_id())
        citizen = self._citizen(number, message)
        words, asked_back, cited = citizen.text, 0, False
        for _ in range(TURNS):
            shown = await self._say(address, words)
            outcome = await self._ended(address, shown, asked_back)
            if outcome is not None:
                return outcome
            cited = cited or shown.cited
            words = next_words(citizen, shown)
            if not words:
                return Outcome(Ended.ANSWERED if cited else Ended.UNFINISHED, asked_back)
            asked_back += 1
        return Outcome(Ended.UNFINISHED, asked_back)

    def _citizen(self, number: int, message: Message) -> Citizen:
        default = self._towns[number % len(self._towns)]
        found = next(iter(self._lookup.find_places(message.text)), None)
        if found is None:
            return Citizen(message.text, default, default, number)
        place = message.text[found.start : found.start + PLACE_LENGTH]
        cut = next((at for at, character in enumerate(place) if character in BREAKS and at > 0), len(place))
        town = self._lookup.area(found.town).name if found.town else default
        return Citizen(message.text, place[:cut], town, number)

    async def _say(self, address: Address, text: str) -> Shown:
        now = self._floor.clock.now()
        said = Inbound(new_id(), address, new_id(), InboundKind.TEXT, text, now, now)
        with self._floor.bell.listen(address_topic(address)) as ear:
            accepted = await self._rooms.channels.intake.accept(said, numbered=True)
            until = monotonic() + ANSWER_WITHIN
            while monotonic() < until:
                thread = await self._after(address, accepted.seq - 1)
                if thread and thread[0].state != InState.WAITING:
                    return Shown.of([_told(entry) for entry in thread if entry.outbound is not None])
                await ear.heard(LOOK_EVERY)
        raise NoAnswer

    async def _after(self, address: Address, seq: int) -> list[Entry]:
        async with self._floor.database.reading() as tx:
            return await self._floor.mailbox.thread(tx, address, after=seq)

    async def _ended(self, address: Address, shown: Shown, asked_back: int) -> Outcome | None:
        async with self._floor.database.reading() as tx:
            talk = await self._rooms.desk.store.open_with(tx, address)
            if talk is None:
                return Outcome(Ended.UNFINISHED, asked_back)
            if talk.tickets:
                ticket = await self._rooms.ticketing.queries.by_number(tx, talk.tickets[-1])
                matter = self._rooms.ticketing.queries.matter_name(ticket.matter)
                unit = self._lookup.unit(ticket.lead.unit).name if ticket.lead else ""
                return Outcome(Ended.DISPATCHED if unit else Ended.QUEUED, asked_back, unit, matter)
        if talk.reason:
            return Outcome(Ended.PERSON, asked_back, reason=talk.reason)
        if SUGGESTION_KEPT.search(shown.text):
            return Outcome(Ended.SUGGESTION, asked_back)
        if shown.cited and shown.choice("解决了"):
            return Outcome(Ended.ANSWERED, asked_back)
        return None


def _told(entry: Entry) -> Outbound:
    if entry.outbound is None:
        raise ValueError("not a message out")
    return entry.outbound


async def play_all(assembled: Assembled, ordered: Ordered) -> Summary:
    """Play the messages of the file, some at once, with a bar that shows how far it is."""
    messages = read_messages(ordered.file)[: ordered.limit]
    replay = Replay(assembled, ordered.channel)
    summary = Summary(ordered.file.name, ordered.channel, len(messages))
    waiting = iter(enumerate(messages))
    started = monotonic()
    with tqdm(total=len(messages), unit="条", desc=ordered.file.name, smoothing=0.05) as bar:

        async def play_some() -> None:
            for number, message in waiting:
                mapped = replace(message, text=ordered.area_map.apply(message.text))
                try:
                    summary.add(await replay.play(number, mapped))
                except Exception as error:
                    log.exception("replay.talk_failed", row=message.id)
                    summary.fail(error.code if isinstance(error, HotlineError) else type(error).__name__)
                bar.update()

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(play_some())
    summary.seconds = monotonic() - started
    return summary


def loops_of(assembled: Assembled) -> list[Loop]:
    """What is stepped: everything but the channels, so that nothing is sent to anybody."""
    rooms = assembled.house.rooms
    stepped = [loop for room in rooms if room.name != "channels" for loop in room.loops]
    return [*stepped, *journal_loops(assembled.house)]


@asynccontextmanager
async def working(assembled: Assembled, metrics: Metrics) -> AsyncIterator[None]:
    """The house open, a city loaded and the loops stepping."""
    house = assembled.house
    stopping = asyncio.Event()
    await house.open()
    try:
        if is_empty(assembled):
            await seed(assembled, print)
        running = asyncio.create_task(Worker(loops_of(assembled), house.floor.bell, metrics).run(stopping))
        try:
            yield
        finally:
            stopping.set()
            await running
    finally:
        await house.leave()
        await house.close()


@contextmanager
def database_of(settings: Settings, url: str) -> Iterator[tuple[Settings, bytes, bool]]:
    """The settings for the database given, or for a fresh one that is thrown away; its key; whether it is fresh."""
    if url:
        yield replace(settings, database=replace(settings.database, url=url)), key_of(settings), False
        return
    with fresh_database(settings) as fresh:
        yield fresh, new_key(), True


async def main(settings: Settings, given: argparse.Namespace) -> bool:
    """The command: replay, print the summary; whether there was no error."""
    area_map = read_area_map(given.area_map) if given.area_map else AreaMap()
    ordered = Ordered(given.file, given.channel, area_map, given.limit, given.database, given.json)
    with database_of(settings, ordered.database) as (chosen, key, fresh):
        assembled = assemble(chosen, SystemClock(), key)
        database = assembled.house.floor.database
        if fresh:
            never_wait_for_the_disk(database)
        with sole_process(database):
            await migrate(database)
            metrics = Metrics()
            async with working(assembled, metrics):
                summary = await play_all(assembled, ordered)
                await _count_errors(assembled, metrics, summary)
    print(summary.text())
    if ordered.json is not None:
        ordered.json.write_bytes(msgspec.json.format(msgspec.json.encode(summary.figures()), indent=2) + b"\n")
    return not summary.errors


async def _count_errors(assembled: Assembled, metrics: Metrics, summary: Summary) -> None:
    """What went wrong behind the screens counts as well: messages set aside, steps that failed."""
    floor = assembled.house.floor
    async with floor.database.reading() as tx:
        aside = (await floor.mailbox.backlog(tx))["in_aside"]
    summary.fail("message_set_aside", aside)
    for loop in loops_of(assembled):
        summary.fail(f"step_failed:{loop.name}", int(metrics.value("loop_failures_total", loop=loop.name)))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, help="CSV 或 JSONL，须有 text 列（可有 id、title）")
    parser.add_argument("--channel", default="web", help="经由哪个渠道（默认 web）")
    parser.add_argument("--area-map", type=Path, help="CSV：pattern,name，把匿名地名换成真实地名")
    parser.add_argument("--limit", type=int, help="只走前 N 条")
    parser.add_argument("--database", default="", help="数据库地址（默认用一次性的 SQLite）")
    parser.add_argument("--json", type=Path, help="把汇总写入此文件")
