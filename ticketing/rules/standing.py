"""Whether the duty catalogue still finds exactly one lead for every matter in every town once units have changed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from directory.model import Area
from ticketing.model.duties import Matter
from ticketing.rules.coverage import is_covered
from ticketing.rules.dispatch import Duty, UnitsAt, Where, find_duty


@dataclass(frozen=True, slots=True)
class Broken:
    """A matter in a town that was led as it must be: with a change it would have no lead, or several (``leads``)."""

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
    """What a change does to the catalogue; ``coordinated`` is what would be left to who coordinates the place."""

    broken: tuple[Broken, ...]
    coordinated: tuple[Broken, ...]
    shifts: tuple[Shift, ...]


def standing(matters: Iterable[Matter], towns: Sequence[Sequence[Area]], before: UnitsAt, after: UnitsAt) -> Standing:
    """Every matter in every town (given by its areas from the city down), as the units are and as they would be."""
    broken: list[Broken] = []
    coordinated: list[Broken] = []
    shifts: Counter[tuple[str, str]] = Counter()
    for matter in matters:
        for town in towns:
            where = Where(tuple(town))
            was, will = find_duty(matter, where, before), find_duty(matter, where, after)
            if _breaks(matter, was, will):
                broken.append(Broken(matter, town[-1], _leads(will) if len(_leads(will)) > 1 else ()))
            elif _is_led(was) and will is not None and will.coordinating:
                coordinated.append(Broken(matter, town[-1], _leads(will)))
            elif _leads(was) != _leads(will):
                shifts[_lead(was), _lead(will)] += 1
    moved = tuple(Shift(a, b, many) for (a, b), many in shifts.most_common())
    return Standing(tuple(broken), tuple(coordinated), moved)


def _breaks(matter: Matter, was: Duty | None, will: Duty | None) -> bool:
    """What was covered is so no more, by the same rule as the data that are loaded; or there are more leads yet."""
    lost = is_covered(matter, was) and not is_covered(matter, will)
    doubled = len(_leads(will)) > 1 and len(_leads(was)) < len(_leads(will))
    return lost or doubled


def _is_led(duty: Duty | None) -> bool:
    return duty is not None and not duty.coordinating


def _leads(duty: Duty | None) -> tuple[str, ...]:
    return tuple(unit.code for unit in duty.units) if duty else ()


def _lead(duty: Duty | None) -> str:
    return _leads(duty)[0] if _leads(duty) else ""
