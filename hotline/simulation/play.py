"""The month itself: everybody is set on the stage, and the clock jumps from what somebody does to the next."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import Any

from hotline.assembly import Assembled
from hotline.metrics import Metrics
from hotline.simulation.callers import Callers
from hotline.simulation.chats import Chats
from hotline.simulation.citizens import Citizens
from hotline.simulation.hearing import Hearing
from hotline.simulation.hotline_people import HotlinePeople
from hotline.simulation.people import AGENTS, hire
from hotline.simulation.plan.arrivals import moments, typhoon_day
from hotline.simulation.plan.contacts import CityData, Contact, Spot, Subject, Way, plan
from hotline.simulation.plan.shifts import shifts
from hotline.simulation.post import Post
from hotline.simulation.roster import Roster
from hotline.simulation.running import Running
from hotline.simulation.screen import Screen
from hotline.simulation.stage import Stage
from hotline.simulation.unit_people import UnitPeople
from kernel.clock import ManualClock

A_MONTH = 150_000
TICK = timedelta(minutes=5)
# Once nobody new comes, what is left to do is days apart.
QUIET_TICK = timedelta(hours=1)
DIGEST_EVERY = 12
SETTLING_TICKS = 6


@dataclass(frozen=True, slots=True)
class Ordered:
    """A month as ordered: ``first`` is the city's day it begins; ``after`` days follow without new contacts.
    ``rare``: how many times as often rare things happen."""

    first: date
    days: int
    after: int
    contacts: int
    seed: int
    tick: timedelta = TICK
    agents: int = AGENTS
    rare: float = 1.0
    quiet_tick: timedelta = QUIET_TICK


@dataclass(frozen=True, slots=True)
class Played:
    """What a month was."""

    ordered: Ordered
    contacts: Sequence[Contact]
    storm: date
    stage: Stage
    post: Post
    running: Running
    facts: int
    steps: int
    seconds: float


class Play:
    """One month."""

    def __init__(self, assembled: Assembled, clock: ManualClock, ordered: Ordered, tell: Callable[[str], None]) -> None:
        self._assembled = assembled
        self._clock = clock
        self._ordered = ordered
        self._tell = tell
        self._steps = 0
        self._next_tick = clock.now()
        self._ticks = 0

    async def run(self) -> Played:
        """From the first day to the last."""
        begun = monotonic()
        floor, rooms, ordered = self._assembled.house.floor, self._assembled.rooms, self._ordered
        people = await hire(rooms, floor.database, ordered.agents)
        stage = Stage(ordered.seed, rooms, Screen(self._assembled.house.rooms), self._clock, people, rare=ordered.rare)
        post = Post(floor.database, floor.mailbox, ordered.seed)
        running = Running(self._assembled, post, Metrics())
        chats = Chats(stage, post, running, floor.database, floor.mailbox)
        units, hotline = UnitPeople(stage), HotlinePeople(stage)
        hearing = Hearing(stage, floor.database, units, hotline, Citizens(stage, chats.vote), chats)
        await hearing.from_now()
        contacts, storm = self._set_down(stage, chats)
        since, until = self._stretch()
        await self._go(stage, running, hearing, since, until)
        await self._settle(running, hearing)
        return Played(ordered, contacts, storm, stage, post, running, hearing.heard, self._steps, monotonic() - begun)

    def _set_down(self, stage: Stage, chats: Chats) -> tuple[list[Contact], date]:
        ordered, calendar = self._ordered, stage.lookup.calendar()
        storm = typhoon_day(ordered.first, ordered.days, calendar)
        when = moments(ordered.seed, ordered.contacts, ordered.first, ordered.days, storm, calendar)
        city = city_data(self._assembled)
        contacts = plan(ordered.seed, when, city, lambda at: calendar.local_date(at) == storm, ordered.rare)
        roster = Roster(stage)
        since, until = self._stretch()
        days = ordered.days + ordered.after
        roster.plan(shifts(ordered.seed, ordered.agents, ordered.first, days, calendar.zone), since, until)
        callers = Callers(stage, roster)
        for contact in contacts:
            if contact.way is Way.PHONE:
                stage.agenda.at(contact.at, _ring(callers, contact), quiet=True)
            else:
                chats.begin(contact)
        return contacts, storm

    def _stretch(self) -> tuple[datetime, datetime]:
        zone = self._assembled.rooms.directory.lookup.calendar().zone
        since = datetime.combine(self._ordered.first, time(), zone).astimezone(UTC)
        return since, since + timedelta(days=self._ordered.days + self._ordered.after)

    async def _go(self, stage: Stage, running: Running, hearing: Hearing, since: datetime, until: datetime) -> None:
        self._next_tick = since
        empty = since + timedelta(days=self._ordered.days)
        while True:
            at = stage.agenda.next_at
            if at is None or at > self._next_tick:
                if self._next_tick > until:
                    return
                self._clock.set(self._next_tick)
                await self._tick(running)
                await hearing.hear()
                self._next_tick += self._ordered.tick if self._next_tick < empty else self._ordered.quiet_tick
                continue
            moment, errand, quiet = stage.agenda.take()
            self._clock.set(max(moment, self._clock.now()))
            await errand()
            self._steps += 1
            if not quiet:
                await hearing.hear()

    async def _tick(self, running: Running) -> None:
        await running.tick()
        self._ticks += 1
        if self._ticks % DIGEST_EVERY == 0:
            await running.digest()
            self._tell(f"{self._clock.now().astimezone(self._assembled.house.zone()):%m-%d %H:%M} 步骤 {self._steps}")

    async def _settle(self, running: Running, hearing: Hearing) -> None:
        """What was put off for some minutes is done as well; then nothing is left lying about."""
        for _ in range(SETTLING_TICKS):
            await running.tick()
            await running.digest()
            await hearing.hear()
            self._clock.advance(self._ordered.tick)


def _ring(callers: Callers, contact: Contact) -> Callable[[], Any]:
    async def ring() -> None:
        callers.call(contact)

    return ring


def city_data(assembled: Assembled) -> CityData:
    """What the plan needs of the city's own data."""
    lookup = assembled.rooms.directory.lookup
    subjects = tuple(
        Subject(m.code, m.name, m.kind.value, m.examples)
        for m in assembled.rooms.ticketing.queries.matters()
        if m.examples
    )
    spots = {}
    for town in lookup.towns_under(lookup.city().area_code):
        below = [area.name for area in lookup.areas(parent=town.code)]
        spots[town.code] = tuple(Spot(town.code, town.name, name) for name in below or [f"{town.name}人民路"])
    questions = tuple(
        q for article in assembled.rooms.knowledge.library.in_force() for q in (article.title, *article.variants)
    )
    return CityData(subjects, spots, questions)


def say(text: str) -> None:
    """One line of progress, in place."""
    end = "" if sys.stderr.isatty() else "\n"
    print(f"\r{text}" if not end else text, end=end, file=sys.stderr, flush=True)
