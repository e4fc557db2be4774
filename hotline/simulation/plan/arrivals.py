"""When people turn to the hotline: hours, weekdays, days off, and the day of the typhoon.

Given how many come, the moments of a Poisson process whose rate follows the clock are drawn one by one from that rate.
"""

from bisect import bisect
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

from hotline.simulation.plan.dice import Dice
from kernel.workcalendar import WorkCalendar

# Relative to the busiest hour. Assumed: two peaks in working hours and a low one in the evening.
BY_HOUR = (
    *(0.10, 0.07, 0.05, 0.04, 0.05, 0.09, 0.18, 0.40),
    *(0.78, 1.00, 1.00, 0.86, 0.55, 0.60, 0.84, 0.92),
    *(0.88, 0.72, 0.50, 0.46, 0.42, 0.36, 0.26, 0.16),
)
# Assumed: a day off brings three fifths of a working day, Mondays a little more than others.
DAY_OFF, MONDAY, OTHER_DAY = 0.6, 1.12, 1.0
# Assumed: on the day of the typhoon three times as many come, at any hour after it begins.
TYPHOON = 3.0
STORM_BEGINS = 6
BY_HOUR_OF_STORM = (*BY_HOUR[:STORM_BEGINS], *(max(0.7, each) for each in BY_HOUR[STORM_BEGINS:]))


def typhoon_day(first: date, days: int, calendar: WorkCalendar) -> date:
    """The working day nearest to the middle of the stretch; the middle itself where there is none."""
    middle = first + timedelta(days=days // 2)
    all_days = [first + timedelta(days=n) for n in range(days)]
    worked = [day for day in all_days if calendar.is_workday(day)]
    return min(worked, key=lambda day: abs((day - middle).days), default=middle)


def day_weight(day: date, storm: date, calendar: WorkCalendar) -> float:
    """How many come on a day, relative to an ordinary working day."""
    worked = MONDAY if day.weekday() == 0 else OTHER_DAY
    weight = worked if calendar.is_workday(day) else DAY_OFF
    return weight * TYPHOON if day == storm else weight


def moments(seed: int, many: int, first: date, days: int, storm: date, calendar: WorkCalendar) -> list[datetime]:
    """``many`` moments of the stretch, in order, in UTC."""
    dice = Dice(seed, "arrivals")
    cells = [(day, hour) for day in _days(first, days) for hour in range(24)]
    weights = [
        day_weight(day, storm, calendar) * (BY_HOUR_OF_STORM if day == storm else BY_HOUR)[hour] for day, hour in cells
    ]
    sums = list(accumulate(weights))
    drawn = (cells[bisect(sums, dice.between(0, sums[-1]))] for _ in range(many))
    return sorted(_moment(day, hour, dice, calendar) for day, hour in drawn)


def _days(first: date, days: int) -> Sequence[date]:
    return [first + timedelta(days=n) for n in range(days)]


def _moment(day: date, hour: int, dice: Dice, calendar: WorkCalendar) -> datetime:
    begins = datetime.combine(day, time(hour), calendar.zone)
    return (begins + timedelta(seconds=int(dice.between(0, 3600)))).astimezone(UTC)
