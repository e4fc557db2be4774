"""The reference data of the city in memory, ready to be asked; a new one is made whenever they change."""

from collections.abc import Iterable
from datetime import time
from zoneinfo import ZoneInfo

from directory.model import Area, CalendarDay, City, CityData, DayKind, Level, Unit
from directory.rules.placenames import lineage
from directory.rules.places import PlaceFinder
from kernel.errors import NotFound
from kernel.workcalendar import WorkCalendar


class Reference:
    """Areas, units, functions, the calendar and the place finder of one version of the data."""

    def __init__(self, data: CityData, elsewhere: Iterable[str] = ()) -> None:
        self.data = data
        self.areas = {area.code: area for area in data.areas}
        self.units = {unit.code: unit for unit in data.units}
        self.finder = PlaceFinder([area for area in data.areas if area.active], data.places, elsewhere)
        self.calendar = calendar_of(data.city, data.days) if data.city else None
        self._lineages = {area.code: tuple(lineage(area, self.areas)) for area in data.areas}
        self._units_by_duty: dict[tuple[str, str], list[Unit]] = {}
        for unit in data.units:
            for function in unit.functions if unit.active else ():
                self._units_by_duty.setdefault((function, unit.area), []).append(unit)

    def area(self, code: str) -> Area:
        """One area, also one no longer in use; NotFound."""
        if code not in self.areas:
            raise NotFound("area", area=code)
        return self.areas[code]

    def areas_where(self, level: Level | None, parent: str | None) -> tuple[Area, ...]:
        """Areas in use, of one level or directly below one area when given."""
        return tuple(
            area
            for area in self.data.areas
            if area.active and (level is None or area.level is level) and (parent is None or area.parent == parent)
        )

    def lineage(self, code: str) -> tuple[Area, ...]:
        """The areas from the city down to ``code``; NotFound."""
        self.area(code)
        return self._lineages[code]

    def lies_in(self, code: str, wider: str) -> bool:
        """Whether the area ``code`` is ``wider`` or lies in it."""
        return any(area.code == wider for area in self._lineages.get(code, ()))

    def unit(self, code: str) -> Unit:
        """One unit, also one no longer active; NotFound."""
        if code not in self.units:
            raise NotFound("unit", unit=code)
        return self.units[code]

    def units_at(self, function: str, area: str, power: str) -> tuple[Unit, ...]:
        """Active units charged with ``function`` for exactly ``area``, and holding ``power`` unless that is empty."""
        units = self._units_by_duty.get((function, area), ())
        return tuple(unit for unit in units if not power or power in unit.powers)


def calendar_of(city: City, days: Iterable[CalendarDay]) -> WorkCalendar:
    """The working calendar; ValueError for a zone or business hours that cannot be."""
    try:
        zone = ZoneInfo(city.zone)
    except (KeyError, OSError) as error:
        raise ValueError("unknown zone") from error
    sessions = [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in city.business_hours]
    return WorkCalendar(zone, sessions, {day.date: day.kind is DayKind.MAKEUP for day in days}, city.calendar_years)
