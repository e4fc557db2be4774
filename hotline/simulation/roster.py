"""Who of the agents is there: they sign on and off with the desk as their shifts say; their screens go on speaking."""

from bisect import insort
from collections.abc import Iterable
from datetime import datetime, timedelta

from hotline.simulation.plan.dice import Dice
from hotline.simulation.plan.shifts import Shift
from hotline.simulation.stage import Stage
from kernel.people import Principal

PRESENCE = "/api/v1/desk/presence"
# Of the shift so many take chats, the others calls.
CHATS = 0.3
# The screens of the house speak every few seconds; here as seldom as the simulated desk allows.
SPEAK_EVERY = timedelta(hours=3)
VANISHES = 0.01


class Roster:
    """The agents of the moment."""

    def __init__(self, stage: Stage) -> None:
        self._s = stage
        self._here: list[int] = []
        self._chatting: set[int] = set()

    def plan(self, shifts: Iterable[Shift], since: datetime, until: datetime) -> None:
        """Set down everybody's coming and going."""
        for shift in shifts:
            if shift.ends <= since or shift.begins >= until:
                continue
            begins = max(shift.begins, since)
            self._s.agenda.at(begins, lambda shift=shift: self._come(shift), quiet=True)  # type: ignore[misc]

    def one_here(self, now: datetime, dice: Dice) -> Principal:
        """An agent for a call; outside every shift somebody is there nevertheless."""
        callers = [n for n in self._here if n not in self._chatting] or self._here
        return self._s.people.agents[dice.pick(callers)] if callers else dice.pick(self._s.people.agents)

    async def _come(self, shift: Shift) -> None:
        insort(self._here, shift.agent)
        begins = self._s.clock.now()
        dice = self._s.dice("shift", shift.agent, shift.begins.isoformat())
        chats = shift.agent % 10 < CHATS * 10
        vanishes = chats and dice.chance(VANISHES * 10)
        if chats:
            self._chatting.add(shift.agent)
            await self._say(shift.agent, "online")
            self._s.agenda.at(begins + SPEAK_EVERY, lambda: self._speak(shift, vanishes=vanishes), quiet=True)
        self._s.agenda.at(shift.ends, lambda: self._go(shift, vanishes=vanishes), quiet=True)

    async def _speak(self, shift: Shift, *, vanishes: bool) -> None:
        """The screen says again that somebody is there; of one that vanished it does not."""
        now = self._s.clock.now()
        if now + SPEAK_EVERY >= shift.ends or (vanishes and now - shift.begins > timedelta(hours=4)):
            return
        await self._say(shift.agent, "online")
        self._s.agenda.at(now + SPEAK_EVERY, lambda: self._speak(shift, vanishes=vanishes), quiet=True)

    async def _go(self, shift: Shift, *, vanishes: bool) -> None:
        if shift.agent in self._here:
            self._here.remove(shift.agent)
        if shift.agent in self._chatting:
            self._chatting.discard(shift.agent)
            if not vanishes:
                await self._say(shift.agent, "offline")

    async def _say(self, agent: int, state: str) -> None:
        await self._s.screen.put(self._s.people.agents[agent], PRESENCE, {"state": state})
