"""Whether every matter finds exactly one lead in every town, by the rule of dispatch itself."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from directory.model import Area, CityData, Level, Unit
from ticketing.model.duties import Matter
from ticketing.rules.dispatch import Duty, Where, find_duty


@dataclass(frozen=True, slots=True)
class Gap:
    """Towns where a matter has no lead, and towns where it has several."""

    matter: Matter
    nobody: tuple[Area, ...]
    several: tuple[Area, ...]


def is_covered(matter: Matter, duty: Duty | None) -> bool:
    """The one rule: exactly one lead, and never enforcement to a unit without the power. Who coordinates a district
    holds none, so that it may lead only what takes none."""
    return duty is not None and len(duty.units) == 1 and not (duty.coordinating and matter.needs_power)


def gaps(matters: Sequence[Matter], city: CityData) -> Iterator[Gap]:
    """Every matter that lacks a single lead somewhere. Towns whose district or city is not known are left out."""
    duties = _Duties(city.units)
    by_code = {area.code: area for area in city.areas}
    towns = [found for area in city.areas if (found := _town(area, by_code)) is not None]
    for matter in matters:
        nobody: list[Area] = []
        several: list[Area] = []
        for area, where in towns:
            duty = find_duty(matter, where, duties.units_at)
            if duty is not None and len(duty.units) > 1:
                several.append(area)
            elif not is_covered(matter, duty):
                nobody.append(area)
        if nobody or several:
            yield Gap(matter, tuple(nobody), tuple(several))


def named(areas: Sequence[Area], most: int = 3) -> str:
    """The first of the areas by name, and how many there are."""
    names = "、".join(area.name for area in areas[:most])
    return names if len(areas) <= most else f"{names}等{len(areas)}个镇街"


class _Duties:
    """Active units by function and area."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._held: dict[tuple[str, str], list[Unit]] = defaultdict(list)
        for unit in units:
            for function in unit.functions if unit.active else ():
                for area in unit.areas:
                    self._held[function, area].append(unit)

    def units_at(self, function: str, area: str, power: str) -> Sequence[Unit]:
        units = self._held.get((function, area), ())
        return [unit for unit in units if not power or power in unit.powers]


def _town(area: Area, by_code: Mapping[str, Area]) -> tuple[Area, Where] | None:
    if area.level is not Level.TOWN or not area.active:
        return None
    lineage = _lineage(area, by_code)
    levels = [each.level for each in lineage]
    return (area, Where(lineage)) if levels == [Level.CITY, Level.DISTRICT, Level.TOWN] else None


def _lineage(area: Area, by_code: Mapping[str, Area]) -> tuple[Area, ...]:
    above = by_code.get(area.parent)
    return (*_lineage(above, by_code), area) if above is not None and above.level is not area.level else (area,)
