"""The reference data of the city in memory, ready to be asked; a new one is made whenever they change."""

from collections.abc import Collection, Iterable, Mapping
from datetime import time
from zoneinfo import ZoneInfo

from directory.model import Area, CalendarDay, City, CityData, DayKind, Level, Route, Unit
from directory.rules.nearby import NearbyFinder
from directory.rules.placenames import lineage
from directory.rules.places import PlaceFinder
from kernel.errors import NotFound
from kernel.workcalendar import WorkCalendar

# The ends of names by which units are looked for in a text; whoever leaves out the city or district says the end.
TAIL = 4


class Duties:
    """Which active units are charged with what, where."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units: dict[tuple[str, str], list[Unit]] = {}
        for unit in units:
            for function in unit.functions if unit.active else ():
                for area in unit.areas:
                    self._units.setdefault((function, area), []).append(unit)

    def units_at(self, function: str, area: str, power: str) -> tuple[Unit, ...]:
        """Active units charged with ``function`` for exactly ``area``, and holding ``power`` unless that is empty."""
        units = self._units.get((function, area), ())
        return tuple(unit for unit in units if not power or power in unit.powers)


class Reference:
    """Areas, units, functions, the calendar and the place finder of one version of the data."""

    def __init__(self, data: CityData, elsewhere: Iterable[str] = ()) -> None:
        self.data = data
        self.areas = {area.code: area for area in data.areas}
        self.units = {unit.code: unit for unit in data.units}
        self.finder = PlaceFinder([area for area in data.areas if area.active], data.places, elsewhere)
        self.calendar = calendar_of(data.city, data.days) if data.city else None
        self._lineages = {area.code: tuple(lineage(area, self.areas)) for area in data.areas}
        self.nearby = NearbyFinder(data.spots, self._lineages)
        self.units_at = Duties(data.units).units_at
        self._stand_for = _stood_for(self.units)
        self._tails = self._units_by_tail()

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

    def heir(self, code: str, function: str, area: str) -> str:
        """The active unit that goes on with the work of ``code``: itself, or whom it went to; empty when to nobody."""
        seen = {""}
        while code not in seen and code in self.units:
            unit = self.units[code]
            if unit.active:
                return code
            seen.add(code)
            code = self.heir_by(Route(unit.successor, unit.heirs), function, area)
        return ""

    def heir_by(self, route: Route, function: str, area: str) -> str:
        """The unit of a route that work of a function in an area goes to."""
        return heir_of(route, function, {each.code for each in self._lineages.get(area, ())})

    def names_of(self, code: str) -> tuple[str, ...]:
        """All a unit may be looked for by, its code first: also what it, and those it stands for, were called."""
        units = [self.unit(each) for each in self.stands_for(code)]
        former = [name for unit in units for each in unit.former for name in (each.name, each.short_name)]
        return (*(name for unit in units for name in (unit.code, unit.name, unit.short_name)), *former)

    def spoken_of(self, text: str) -> tuple[Unit, ...]:
        """Active units of whose names at least one ends as something in the text does: no other can be named there."""
        codes = {code for tail, found in self._tails.items() if tail in text for code in found}
        return tuple(self.units[code] for code in sorted(codes))

    def _units_by_tail(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for unit in self.data.units:
            for name in self.names_of(unit.code) if unit.active else ():
                found.setdefault(name[-TAIL:], set()).add(unit.code)
        return found

    def stands_for(self, code: str) -> tuple[str, ...]:
        """The unit itself, then those whose work, or a part of it, it goes on with."""
        return (code, *self._stand_for.get(code, ()))


def heir_of(route: Route, function: str, lineage: Collection[str]) -> str:
    """The unit of a route for work of a function at a place, given by the codes of its areas from the city down.

    Several heirs with the function are told apart by the area; who cannot be told is the default.
    """
    charged = [heir for heir in route.heirs if function and function in heir.functions]
    if len(charged) > 1:
        charged = [heir for heir in charged if set(heir.areas) & set(lineage)]
    return charged[0].unit if len(charged) == 1 else route.default


def _stood_for(units: Mapping[str, Unit]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for unit in units.values():
        reached, todo = set[str](), [unit.code]
        while todo:
            at = units.get(todo.pop())
            if at is None or at.code in reached:
                continue
            reached.add(at.code)
            if at.active:
                if at.code != unit.code:
                    found.setdefault(at.code, []).append(unit.code)
            else:
                todo += [at.successor, *(heir.unit for heir in at.heirs)]
    return found


def calendar_of(city: City, days: Iterable[CalendarDay]) -> WorkCalendar:
    """The working calendar; ValueError for a zone or business hours that cannot be."""
    try:
        zone = ZoneInfo(city.zone)
    except (KeyError, OSError) as error:
        raise ValueError("unknown zone") from error
    sessions = [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in city.business_hours]
    return WorkCalendar(zone, sessions, {day.date: day.kind is DayKind.MAKEUP for day in days}, city.calendar_years)
