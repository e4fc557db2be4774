"""When agents are there: three shifts a day, five days in seven."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.simulation.plan.dice import Dice

# Assumed: half work by day, a third in the evening, the rest at night.
SHIFTS: Sequence[tuple[int, int, float]] = ((7, 9, 0.55), (13, 9, 0.33), (22, 9, 0.12))


@dataclass(frozen=True, slots=True)
class Shift:
    """An agent is there from ``begins`` to ``ends``."""

    agent: int
    begins: datetime
    ends: datetime


def shifts(seed: int, agents: int, first: date, days: int, zone: ZoneInfo) -> Iterator[Shift]:
    """All shifts of all agents that begin within the stretch or the day before, each agent always on the same one."""
    for agent in range(agents):
        dice = Dice(seed, "shift", agent)
        hour, length = dice.weighed({(hour, length): share for hour, length, share in SHIFTS})
        off = dice.pick(range(7))
        for n in range(-1, days):
            day = first + timedelta(days=n)
            if day.toordinal() % 7 in {off, (off + 1) % 7}:
                continue
            begins = datetime.combine(day, time(hour), zone).astimezone(UTC)
            yield Shift(agent, begins, begins + timedelta(hours=length))
