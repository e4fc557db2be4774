"""Whether the duty catalogue still finds exactly one lead for every matter in every town once units have changed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from directory.model import Area
from ticketing.model import Matter
from ticketing.rules.dispatch import Duty, UnitsAt, Where, find_duty


@dataclass(frozen=True, slots=True)
class Broken:
    """A matter in a town that had its lead: with a change it would have none of its own, or several (``leads``)."""

    matter: Matter
    town: Area
    leads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """How many matters, counted in every town, would go from one unit to another."""

    before: str
    after: str
    many: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a change does to the catalogue."""

    broken: tuple[Broken, ...]
    shifts: tuple[Shift, ...]


def standing(matters: Iterable[Matter], towns: Sequence[Sequence[Area]], before: UnitsAt, after: UnitsAt) -> Standing:
    """Every matter in every town (given by its areas from the city down), as the units are and as they would be."""
    broken: list[Broken] = []
    shifts: Counter[tuple[str, str]] = Counter()
    for matter in matters:
        for town in towns:
            where = Where(tuple(town))
            was, will = find_duty(matter, where, before), find_duty(matter, where, after)
            if _breaks(was, will):
                broken.append(Broken(matter, town[-1], _leads(will) if _is_led(will) else ()))
            elif _leads(was) != _leads(will):
                shifts[_lead(was), _lead(will)] += 1
    return Standing(tuple(broken), tuple(Shift(a, b, many) for (a, b), many in shifts.most_common()))


def _breaks(was: Duty | None, will: Duty | None) -> bool:
    """Who coordinates a district leads nothing by duty: it is the last resort."""
    lost = _is_led(was) and not _is_led(will)
    doubled = len(_leads(will)) > 1 and len(_leads(was)) < len(_leads(will))
    return lost or doubled


def _is_led(duty: Duty | None) -> bool:
    return duty is not None and not duty.coordinating


def _leads(duty: Duty | None) -> tuple[str, ...]:
    return tuple(unit.code for unit in duty.units) if duty else ()


def _lead(duty: Duty | None) -> str:
    return _leads(duty)[0] if _leads(duty) else ""
