"""The door to changing the working calendar: planned, kept, journaled; and the alarm when a year is missing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from directory.events import CalendarChanged, CalendarYearMissing, DirectoryChanged
from directory.lookup import TOPIC, Lookup
from directory.model import CityData
from directory.rules.calendars import CalendarOrder, missing_years, plan
from directory.store import calendar as rows
from directory.store import reference
from directory.store.calendar import CalendarChange
from kernel.database import Tx
from kernel.errors import Conflict, NotFound
from kernel.ids import new_id
from kernel.people import SYSTEM, Principal
from kernel.room import Floor

OVERRIDE = "城市数据文件覆盖了管理页面的日历"


class CalendarKeeping:
    """Changes the calendar and minds that the coming year is known."""

    def __init__(self, floor: Floor, lookup: Lookup) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._bell = floor.bell
        self._lookup = lookup

    async def change(self, tx: Tx, order: CalendarOrder, version: int, by: Principal) -> CalendarChange:
        """Make a change; Conflict("directory_changed") when the directory has changed since ``version``, Invalid as the
        rules say."""
        now = await reference.lock(tx)
        if now != version:
            raise Conflict("directory_changed", current={"version": now})
        city, days = await reference.load_calendar(tx)
        if city is None:
            raise NotFound("city")
        made = plan(city, days, order)
        changed = await reference.save_calendar(tx, made.city, made.days)
        at = self._clock.now()
        new = await reference.next_version(tx, at)
        announced = tuple(year for year in order.announce if year not in city.calendar_years)
        hours = order.business_hours if order.business_hours != city.business_hours else None
        kept = CalendarOrder(made.changed, order.why.strip(), announced, hours)
        change = CalendarChange(new_id(), new, at, by.id, by_hand=True, order=kept)
        await rows.add(tx, change)
        dates = tuple(day.date.isoformat() for day in kept.days)
        fact = CalendarChanged(change.id, dates, announced, hours is not None, by.id, kept.why, at)
        await self._journal.state(tx, fact)
        await self._journal.state(tx, DirectoryChanged(new, changed, at))
        tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))
        return change

    async def changes(self, tx: Tx, limit: int) -> Sequence[CalendarChange]:
        """Changes that were made, the newest first."""
        return await rows.newest(tx, limit)

    async def version(self, tx: Tx) -> int:
        """The directory's version, which a change names."""
        return await reference.version(tx)

    def today(self) -> date:
        """The day it is in the city; NotFound before one is loaded."""
        return self._lookup.calendar().local_date(self._clock.now())

    def missing(self) -> tuple[int, ...]:
        """Years whose days should be known by now and are not; none before a city is loaded."""
        try:
            city, calendar = self._lookup.city(), self._lookup.calendar()
        except NotFound:
            return ()
        return missing_years(city, calendar.local_date(self._clock.now()))

    async def alarm(self) -> int:
        """State of every missing year once that it is; gives how many are missing."""
        missing = self.missing()
        async with self._database.transaction() as tx:
            for year in missing:
                fact = CalendarYearMissing(year, self._clock.now())
                if not await self._journal.about(tx, fact.subject):
                    await self._journal.state(tx, fact)
        return len(missing)


async def kept_by_hand(tx: Tx, data: CityData) -> CityData:
    """What an import is to say of the calendar: years and hours set by hand stay."""
    touched = await rows.touched(tx)
    city, days = await reference.load_calendar(tx)
    if data.city is None or city is None or not (touched.years or touched.hours):
        return data
    ours = [day for day in days if day.date.year in touched.years]
    theirs = [day for day in data.days if day.date.year not in touched.years]
    years = tuple(sorted({*data.city.calendar_years, *(year for year in city.calendar_years if year in touched.years)}))
    hours = city.business_hours if touched.hours else data.city.business_hours
    kept = tuple(sorted((*ours, *theirs), key=lambda day: day.date))
    return replace(data, city=replace(data.city, calendar_years=years, business_hours=hours), days=kept)


async def give_back(tx: Tx, version: int, now: datetime) -> None:
    """Files took back what was set by hand: from now on it is theirs again."""
    touched = await rows.touched(tx)
    if touched.years or touched.hours:
        order = CalendarOrder((), OVERRIDE)
        await rows.add(tx, CalendarChange(new_id(), version, now, SYSTEM.id, by_hand=False, order=order))
