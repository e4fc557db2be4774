"""What an order to rename, merge, split or close units makes of them: new units, heirs, parents; wrong orders named."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from directory.model import Area, FormerName, Heir, Level, Part, Route, Unit, UnitChangeKind, UnitOrder
from kernel.errors import Invalid

K = UnitChangeKind
SHORTEST_REASON = 2
LONGEST_REASON = 500
LONGEST_NAME = 100
HOURS = ("", "24x7")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class City:
    """What an order is checked against: the units there are, in order, and the codes of areas and duties."""

    units: tuple[Unit, ...]
    areas: Mapping[str, Area]
    functions: Collection[str]
    powers: Collection[str]

    def unit(self, code: str) -> Unit | None:
        """The unit of a code, active or not."""
        return next((unit for unit in self.units if unit.code == code), None)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an order comes to: all units after it, and where the open work of which units goes on."""

    order: UnitOrder
    units: tuple[Unit, ...]
    before: tuple[Unit, ...]
    after: tuple[Unit, ...]
    routes: Mapping[str, Route]

    @property
    def retired(self) -> tuple[str, ...]:
        """Codes of the units that are no more."""
        gone = {unit.code for unit in self.after if not unit.active}
        return tuple(unit.code for unit in self.before if unit.active and unit.code in gone)


def plan(city: City, order: UnitOrder, now: datetime) -> Plan:
    """The plan of an order; Invalid names what is wrong with it, parts as ``into.0.name``."""
    wrong = _wrong_of_order(city, order)
    for place, part in enumerate(order.into):
        wrong |= {f"into.{place}.{name}": code for name, code in _wrong_of_part(city, order, part).items()}
    if wrong:
        raise Invalid(wrong)
    kept = [part.code for part in order.into]
    gone = {code for code in order.units if code not in kept}
    default = order.default if order.kind is K.SPLIT else order.into[0].code
    after = {unit.code: unit for unit in city.units}
    for part in order.into:
        after[part.code] = _made(after.get(part.code), part, order, now)
    heirs = tuple(Heir(code, after[code].functions, after[code].areas) for code in kept) if len(kept) > 1 else ()
    for code in gone:
        after[code] = replace(after[code], active=False, successor=default, heirs=heirs)
    _mend_parents(after, gone, default)
    _refuse_circles(after)
    moving = gone if order.kind is not K.SPLIT else set(order.units)
    routes = {code: Route(default, heirs) for code in order.units if code in moving}
    return _plan(city, order, after, routes)


def _plan(city: City, order: UnitOrder, after: Mapping[str, Unit], routes: Mapping[str, Route]) -> Plan:
    earlier = {unit.code: unit for unit in city.units}
    changed = [code for code, unit in after.items() if earlier.get(code) != unit]
    return Plan(
        order,
        tuple(after.values()),
        tuple(earlier[code] for code in changed if code in earlier),
        tuple(after[code] for code in changed),
        routes,
    )


# -- what is wrong --------------------------------------------------------------------------------------


def _wrong_of_order(city: City, order: UnitOrder) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not SHORTEST_REASON <= len(order.why.strip()) <= LONGEST_REASON:
        wrong["why"] = "required" if len(order.why.strip()) < SHORTEST_REASON else "too_long"
    found = [city.unit(code) for code in order.units]
    if not found or any(unit is None for unit in found):
        wrong["units"] = "unknown_unit"
    elif not all(unit is not None and unit.active for unit in found):
        wrong["units"] = "unit_retired"
    elif (fault := _count_is_wrong(order)) is not None:
        wrong |= fault
    codes = [part.code for part in order.into]
    if len(set(codes)) != len(codes):
        wrong["into"] = "twice"
    if order.kind is K.SPLIT and order.default not in codes:
        wrong["default"] = "required"
    if not set(order.staff.values()) <= {*codes}:
        wrong["staff"] = "unknown_unit"
    return wrong


def _count_is_wrong(order: UnitOrder) -> dict[str, str] | None:
    units, into = set(order.units), {part.code for part in order.into}
    match order.kind:
        case K.RENAME:
            return None if len(units) == 1 and into == units else {"units": "one_unit"}
        case K.MERGE:
            fine = len(into) == 1 and len(units | into) > 1 and len(units) == len(order.units)
            return None if fine and (len(units) > 1 or into - units) else {"units": "two_units"}
        case K.SPLIT:
            return None if len(units) == 1 and len(into) > 1 else {"into": "two_units"}
        case K.CLOSE:
            return None if len(units) == 1 and len(into) == 1 and into != units else {"into": "one_unit"}
        case K.IMPORT:
            return {"kind": "unknown"}


def _wrong_of_part(city: City, order: UnitOrder, part: Part) -> dict[str, str]:
    unit = city.unit(part.code)
    wrong = _wrong_duties(city, part)
    if unit is None:
        wrong |= _wrong_of_new(city, order, part)
    elif not unit.active:
        wrong["code"] = "unit_retired"
    level = unit.level if unit is not None else part.level
    if any(code not in city.areas or city.areas[code].level is not level for code in part.also):
        wrong["also"] = "area_of_other_level"
    return wrong | _wrong_names(city, order, part, unit)


def _wrong_duties(city: City, part: Part) -> dict[str, str]:
    wrong = {}
    if not set(part.functions) <= set(city.functions):
        wrong["functions"] = "unknown"
    if not set(part.powers) <= set(city.powers):
        wrong["powers"] = "unknown"
    return wrong


def _wrong_of_new(city: City, order: UnitOrder, part: Part) -> dict[str, str]:
    wrong = {}
    if order.kind in {K.RENAME, K.CLOSE}:
        wrong["code"] = "unknown_unit"
    elif not _CODE.fullmatch(part.code):
        wrong["code"] = "unit_code_malformed"
    elif any(unit.code.casefold() == part.code.casefold() for unit in city.units):
        wrong["code"] = "unit_code_taken"
    area = city.areas.get(part.area)
    if area is None or not area.active:
        wrong["area"] = "unknown_area"
    elif part.level is None or area.level is not part.level:
        wrong["level"] = "area_of_other_level"
    parent = city.unit(part.parent)
    if part.parent and (parent is None or not parent.active) and part.parent not in {p.code for p in order.into}:
        wrong["parent"] = "unknown_unit"
    if part.hours not in HOURS:
        wrong["hours"] = "unknown"
    return wrong


def _wrong_names(city: City, order: UnitOrder, part: Part, unit: Unit | None) -> dict[str, str]:
    wrong = {}
    for field in ("name", "short_name"):
        value = getattr(part, field).strip()
        if not value and unit is None:
            wrong[field] = "required"
        elif len(value) > LONGEST_NAME:
            wrong[field] = "too_long"
    name = part.name.strip()
    gone = {part.code} | ({*order.units} - {p.code for p in order.into})
    if name and any(other.active and other.name == name for other in city.units if other.code not in gone):
        wrong["name"] = "name_taken"
    if order.kind is K.RENAME and unit is not None:
        kept = {"", unit.name}, {"", unit.short_name}
        if name in kept[0] and part.short_name.strip() in kept[1]:
            wrong["name"] = "name_same"
    return wrong


# -- what becomes of units ------------------------------------------------------------------------------


def _made(unit: Unit | None, part: Part, order: UnitOrder, now: datetime) -> Unit:
    name, short = part.name.strip(), part.short_name.strip()
    if unit is None:
        also = tuple(code for code in dict.fromkeys(part.also) if code != part.area)
        level = part.level or Level.CITY
        return Unit(part.code, name, short, level, part.area, part.functions, part.powers, part.parent, part.hours,
                    also=also)  # fmt: skip
    unit = renamed(unit, name or unit.name, short or unit.short_name, now)
    if order.kind is K.RENAME:
        return unit
    own = order.kind is K.SPLIT and unit.code in order.units
    before: tuple[Sequence[str], ...] = ((), (), ()) if own else (unit.functions, unit.powers, unit.also)
    taken = (part.functions, part.powers, part.also)
    functions, powers, also = (tuple(dict.fromkeys([*a, *b])) for a, b in zip(before, taken, strict=True))
    return replace(unit, functions=functions, powers=powers, also=tuple(code for code in also if code != unit.area))


def renamed(unit: Unit, name: str, short_name: str, now: datetime) -> Unit:
    """The unit under another name; what it was called is kept."""
    if (name, short_name) == (unit.name, unit.short_name):
        return unit
    former = FormerName(unit.name, unit.short_name, now)
    return replace(unit, name=name, short_name=short_name, former=(*unit.former, former))


def _mend_parents(units: dict[str, Unit], gone: Collection[str], default: str) -> None:
    """What belonged to a unit that is no more belongs to its successor; the successor itself to what is above."""
    for code, unit in units.items():
        if unit.active and unit.parent in gone:
            parent, seen = unit.parent, {code}
            while parent in gone and parent not in seen:
                seen.add(parent)
                parent = units[parent].parent if code == default else default
            units[code] = replace(unit, parent="" if parent in gone or parent == code else parent)


def _refuse_circles(units: Mapping[str, Unit]) -> None:
    for code, unit in units.items():
        seen, at = {code}, unit.parent
        while at and at not in seen:
            seen.add(at)
            at = units[at].parent if at in units else ""
        if at == code and unit.active:
            raise Invalid({"parent": "circle"})


# -- files ----------------------------------------------------------------------------------------------


def from_files(units: Iterable[Unit], filed: Iterable[Unit], now: datetime) -> tuple[Unit, ...]:
    """The units of the files with what files do not say: their former names. One that is active has no successor."""
    known = {unit.code: unit for unit in units}
    return tuple(_filed(known.get(unit.code), unit, now) for unit in filed)


def _filed(known: Unit | None, unit: Unit, now: datetime) -> Unit:
    if known is None:
        return unit
    return replace(unit, former=renamed(known, unit.name, unit.short_name, now).former)


def retired_by(units: Iterable[Unit], filed: Iterable[Unit]) -> tuple[Unit, ...]:
    """Active units the files no longer hold."""
    kept = {unit.code for unit in filed}
    return tuple(unit for unit in units if unit.active and unit.code not in kept)


def undone_by(units: Iterable[Unit], filed: Iterable[Unit], touched: Collection[str]) -> tuple[Unit, ...]:
    """Units that were changed by hand (``touched``) and of which the files say something else."""
    said = {unit.code: unit for unit in filed}
    return tuple(unit for unit in units if unit.code in touched and not _agree(unit, said.get(unit.code)))


def _agree(unit: Unit, filed: Unit | None) -> bool:
    if filed is None or not unit.active:
        return filed is None and not unit.active
    return replace(unit, former=(), successor="", heirs=()) == replace(filed, former=(), successor="", heirs=())
