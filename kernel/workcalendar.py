"""Working days and business hours: when a limit that is counted in them falls due.

Pure: the sessions, the exceptions and the announced years come in as data; UTC goes in, UTC comes out.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
NOTHING = timedelta(0)
SATURDAY = 5
LONGEST_CLOSURE = 400  # days without a session after which the data must be wrong


class WorkCalendar:
    """The working time of one city.

    ``sessions`` are the business hours of every working day, local, ascending, e.g. ((08:30, 12:00), (14:00, 17:30)).
    ``exceptions`` say of single days whether they are worked (a make-up Saturday: True, a holiday: False).
    ``announced`` are the years whose exceptions are known; in any other year Monday to Friday are worked.
    """

    def __init__(
        self,
        zone: ZoneInfo,
        sessions: Sequence[tuple[time, time]],
        exceptions: Mapping[date, bool],
        announced: Collection[int],
    ) -> None:
        bounds = [moment for session in sessions for moment in session]
        if not bounds or any(later <= earlier for earlier, later in pairwise(bounds)):
            raise ValueError("business hours must be one or more sessions in ascending order")
        self.zone = zone
        self.sessions = tuple(sessions)
        self._exceptions = dict(exceptions)
        self._announced = frozenset(announced)
        self._opened: dict[date, tuple[tuple[datetime, datetime], ...]] = {}
        self._years: dict[int, tuple[timedelta, ...]] = {}
        self._day_length = sum(
            (_since_midnight(closes) - _since_midnight(opens) for opens, closes in sessions), NOTHING
        )

    @property
    def exceptions(self) -> Mapping[date, bool]:
        """Day → worked, for every day that differs from its weekday."""
        return self._exceptions

    @property
    def announced(self) -> frozenset[int]:
        """The years whose exceptions are known."""
        return self._announced

    # -- days -------------------------------------------------------------------------------------------

    def local_date(self, moment: datetime) -> date:
        """The calendar day of ``moment`` in the city."""
        return moment.astimezone(self.zone).date()

    def is_announced(self, day: date) -> bool:
        """Whether the holidays of the day's year are known."""
        return day.year in self._announced

    def is_workday(self, day: date) -> bool:
        """Whether ``day`` is worked."""
        return self._exceptions.get(day, day.weekday() < SATURDAY)

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days follow ``after`` up to and including ``until``; 0 when ``until`` is not later."""
        return sum(self.is_workday(after + DAY * n) for n in range(1, (until - after).days + 1))

    def end_of_day(self, moment: datetime) -> datetime:
        """The midnight that ends the local day of ``moment``."""
        return self._utc(self.local_date(moment) + DAY, time.min)

    # -- working days -----------------------------------------------------------------------------------

    def working_days_after(self, moment: datetime, count: int) -> datetime:
        """The end of business of the ``count``-th working day after the day of ``moment``, which is not counted.

        After receipt on a day off the next working day is day 1. ``count`` is at least 1.
        """
        if count < 1:
            raise ValueError("count at least one working day")
        day = self.local_date(moment)
        for _ in range(count):
            day = self._workday_from(day + DAY)
        return self._sessions_of(day)[-1][1]

    def _workday_from(self, day: date) -> date:
        for _ in range(LONGEST_CLOSURE):
            if self.is_workday(day):
                return day
            day += DAY
        raise ValueError(f"no working day in the {LONGEST_CLOSURE} days before {day}")

    # -- business time ----------------------------------------------------------------------------------

    @property
    def day_length(self) -> timedelta:
        """The business time of one working day."""
        return self._day_length

    def is_open(self, moment: datetime) -> bool:
        """Whether business is open; a session includes its first moment, not its last."""
        return any(opens <= moment < closes for opens, closes in self._sessions_of(self.local_date(moment)))

    def next_opening(self, moment: datetime) -> datetime:
        """``moment`` itself while business is open, else the start of the next session."""
        opens, _ = next(self._sessions_from(moment))
        return max(opens, moment.astimezone(UTC))

    def add_business(self, moment: datetime, duration: timedelta) -> datetime:
        """The first moment by which ``duration`` of business time has passed since ``moment``."""
        if duration < timedelta(0):
            raise ValueError("only forward")
        moment = moment.astimezone(UTC)
        if not duration:
            return moment
        for opens, closes in self._sessions_from(moment):
            start = max(opens, moment)
            if closes - start >= duration:
                return start + duration
            duration -= closes - start
        raise AssertionError("sessions never end")

    def business_before(self, moment: datetime, duration: timedelta) -> datetime:
        """The last moment from which ``duration`` of business time passes until ``moment``."""
        if duration < timedelta(0):
            raise ValueError("only backwards")
        moment = moment.astimezone(UTC)
        if not duration:
            return moment
        day = self.local_date(moment)
        for _ in range(LONGEST_CLOSURE + 2 * (duration // self.day_length)):
            for opens, closes in reversed(self._sessions_of(day)):
                end = min(closes, moment)
                if end - opens >= duration:
                    return end - duration
                duration -= max(end - opens, timedelta(0))
            day -= DAY
        raise ValueError(f"no working days before {moment}")

    def opening_of(self, moment: datetime) -> datetime:
        """When business would begin on the local day of ``moment``; where that is later, when the day begins."""
        day = self.local_date(moment)
        opens = self._utc(day, self.sessions[0][0])
        return opens if opens <= moment else self._utc(day, time.min)

    def business_between(self, start: datetime, end: datetime) -> timedelta:
        """Business time from ``start`` to ``end``; negative when ``end`` is earlier."""
        if end < start:
            return -self.business_between(end, start)
        first, last = self.local_date(start), self.local_date(end)
        if first == last:
            return self._within(first, start, end)
        whole = self._until(last) - self._until(first + DAY)
        years = sum((self._elapsed(year)[-1] for year in range((first + DAY).year, last.year)), NOTHING)
        return self._within(first, start, end) + years + whole + self._within(last, start, end)

    def _within(self, day: date, start: datetime, end: datetime) -> timedelta:
        """Business time of one day from ``start`` to ``end``."""
        parts = (min(closes, end) - max(opens, start) for opens, closes in self._sessions_of(day))
        return sum((part for part in parts if part > NOTHING), NOTHING)

    def _until(self, day: date) -> timedelta:
        """Business time of the year before ``day``."""
        return self._elapsed(day.year)[day.timetuple().tm_yday - 1]

    def _elapsed(self, year: int) -> tuple[timedelta, ...]:
        """Business time of the year before each of its days, and in all. Summed day by day: where clocks are changed
        not all days are as long."""
        found = self._years.get(year)
        if found is None:
            first = date(year, 1, 1)
            days = (first + DAY * n for n in range((date(year + 1, 1, 1) - first).days))
            lengths = (sum((closes - opens for opens, closes in self._sessions_of(day)), NOTHING) for day in days)
            found = self._years[year] = tuple(accumulate(lengths, initial=NOTHING))
        return found

    def _sessions_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The sessions that end after ``moment``, without end."""
        day = self.local_date(moment)
        while True:
            day = self._workday_from(day)
            yield from (session for session in self._sessions_of(day) if session[1] > moment)
            day += DAY

    def _sessions_of(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        found = self._opened.get(day)
        if found is None:
            worked = self.sessions if self.is_workday(day) else ()
            found = tuple((self._utc(day, opens), self._utc(day, closes)) for opens, closes in worked)
            self._opened[day] = found
        return found

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
