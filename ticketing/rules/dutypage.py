"""Writes the duty catalogue (派单目录) as a page: who leads every matter in every town, as dispatch decides it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from directory.model import Area, Level, Unit
from ticketing.model.duties import Matter
from ticketing.rules.dispatch import Duty, UnitsAt, Where, find_duty

Lineage = tuple[Area, ...]
NameOf = Callable[[str], str]
T_ = TypeVar("T_")
K_ = TypeVar("K_")
HEAD = """# Duty catalogue (派单目录)

Written by `python -m hotline catalogue --write docs/duty-catalogue.md` from {source} with the code that dispatches
(`ticketing.rules.dispatch.find_duty`); a test holds this page to the data, and another that every matter finds exactly
one lead in each of the towns.

{matters} matters, {towns} towns, {ways} ways to divide the work. A matter's row names its way; the ways follow below.
"""
NOBODY = "**无主办单位**"
SHORTEST_STEM = 2


@dataclass(frozen=True, slots=True)
class Way:
    """What decides who leads: matters with the same function, level and power are led by the same units."""

    function: str
    level: Level
    power: str

    @classmethod
    def of(cls, matter: Matter) -> "Way":
        """The way of a matter."""
        return cls(matter.function, matter.owner_level, matter.needs_power)


@dataclass(frozen=True, slots=True)
class Led:
    """Who leads in one town; None when nobody does."""

    town: Lineage
    duty: Duty | None

    @property
    def is_own(self) -> bool:
        """Whether one unit of the town itself leads."""
        return self.duty is not None and len(self.duty.units) == 1 and self.duty.area == self.town[-1]

    @property
    def what(self) -> str:
        """The unit's name without those of the areas it stands for: 综合行政执法办公室."""
        return short_of(self.duty.units[0], self.town) if self.duty else ""


def led_by(matter: Matter, towns: Iterable[Lineage], units_at: UnitsAt) -> list[Led]:
    """Who leads a matter in each town; ``towns`` are their areas from the city down."""
    return [Led(town, find_duty(matter, Where(town), units_at)) for town in towns]


def page(
    matters: Sequence[Matter],
    towns: Sequence[Lineage],
    units_at: UnitsAt,
    function_name: NameOf,
    power_name: NameOf,
    source: str,
) -> str:
    """The whole page as Markdown; ``source`` says where the data come from."""
    first: dict[Way, Matter] = {}
    for matter in matters:
        first.setdefault(Way.of(matter), matter)
    numbers = {way: f"D{number}" for number, way in enumerate(first, start=1)}
    often = Counter(Way.of(matter) for matter in matters)
    leads = {way: led_by(matter, towns, units_at) for way, matter in first.items()}
    lines = [HEAD.format(source=source, matters=len(matters), towns=len(towns), ways=len(numbers)), "## Matters"]
    lines += _matters(matters, numbers, leads, power_name)
    lines += ["", "## Ways"]
    for way, number in numbers.items():
        power = f"，须有“{power_name(way.power)}”执法权" if way.power else ""
        about = f"{function_name(way.function)} · {way.level.label}一级{power}（{often[way]} 项事项）"
        lines += ["", f"### {number}", "", about, "", *(f"- {line}" for line in lines_of(leads[way]))]
    return "\n".join(lines) + "\n"


def lines_of(leads: Sequence[Led]) -> list[str]:
    """Who leads where, in as few lines as say it all: one unit for the whole city, one a district, the towns' own
    offices of one kind together, and each exception by name."""
    own = [led for led in leads if led.is_own]
    others = [led for led in leads if not led.is_own]
    if not own and len({_names(led) for led in others}) == 1:
        return [f"全市：{_names(others[0])}"]
    kinds = sorted(_grouped(own, lambda led: led.what).items(), key=lambda kind: -len(kind[1]))
    lines = [_of_kind(what, its, len(leads)) for what, its in kinds]
    for district, inside in _grouped(others, _district).items():
        whole = sum(_district(led) == district for led in leads)
        for names, its in _grouped(inside, _names).items():
            lines.append(f"{district.name if len(its) == whole else _towns(its)}：{names}")
    return lines


def short_of(unit: Unit, lineage: Lineage) -> str:
    """A unit's name without the areas it stands for: neither those it begins with nor the short form inside."""
    name = unit.name
    for area in lineage:
        name = name.removeprefix(area.name) or name
    # A branch inside a bureau bears its district's name without the level: 公安局□□分局.
    stems = [area.name[:-1] for area in lineage if area.level is Level.DISTRICT and len(area.name) > SHORTEST_STEM]
    for short in (*stems, *(alias for area in lineage for alias in area.aliases)):
        name = name.replace(short, "") or name
    return name


def _of_kind(what: str, its: Sequence[Led], all_towns: int) -> str:
    """The offices of one kind: of all towns, of the towns named, or a single one."""
    if len(its) == 1:
        return f"{its[0].town[-1].name}：{_names(its[0])}"
    if len(its) == all_towns:
        return f"各镇街自己的{what}（{len(its)} 个）"
    return f"{_towns(its)}（{len(its)} 个）：各自的{what}"


def _towns(its: Iterable[Led]) -> str:
    return "、".join(led.town[-1].name for led in its)


def _names(led: Led) -> str:
    if led.duty is None:
        return NOBODY
    names = "、".join(f"{unit.name} `{unit.code}`" for unit in led.duty.units)
    if len(led.duty.units) > 1:
        return f"**多个单位：**{names}"
    return f"{names}（统筹）" if led.duty.coordinating else names


def _matters(
    matters: Sequence[Matter], numbers: Mapping[Way, str], leads: Mapping[Way, Sequence[Led]], power_name: NameOf
) -> list[str]:
    lines: list[str] = []
    for level1, group in _grouped(matters, lambda matter: matter.level1).items():
        lines += ["", f"### {level1}", "", "| 二级 | 事项 | 编码 | 层级 | 执法权 | 主办 |", "|---|---|---|---|---|---|"]
        for level2, leaves in _grouped(group, lambda matter: matter.level2).items():
            for matter in leaves:
                way = Way.of(matter)
                lead = f"{_in_short(leads[way])} [{numbers[way]}](#{numbers[way].lower()})"
                power = power_name(matter.needs_power) if matter.needs_power else ""
                cells = (level2, matter.name, f"`{matter.code}`", matter.owner_level.label, power, lead)
                lines.append(f"| {' | '.join(cells)} |")
    return lines


def _in_short(leads: Sequence[Led]) -> str:
    """The lead in a few words: the one unit there is, or what kind of unit it mostly is."""
    found = [led.duty for led in leads if led.duty is not None]
    if len(found) < len(leads):
        return NOBODY
    if len({_names(led) for led in leads}) == 1:
        return "、".join(unit.name for unit in found[0].units)
    kinds = Counter(
        duty.units[0].name if duty.area.level is Level.CITY else f"各{duty.area.level.label}的{led.what}"
        for duty, led in zip(found, leads, strict=True)
    )
    what, times = kinds.most_common(1)[0]
    if 2 * times <= len(leads):
        return "各地的主管单位"
    return what if times == len(leads) else f"{what}等"


def _district(led: Led) -> Area:
    return led.town[-2]


def _grouped(items: Iterable[T_], key: Callable[[T_], K_]) -> dict[K_, list[T_]]:
    """The items by what they have in common, in the order in which each group first appears."""
    groups: dict[K_, list[T_]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups
