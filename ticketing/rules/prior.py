"""Which units led tickets of a matter before, and where: what history says when the catalogue leaves a choice."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from directory.model import Area, Level, Unit
from ticketing.model.duties import Candidate, DispatchDecision, Matter
from ticketing.rules.dispatch import COORDINATING, ONE_OF_SEVERAL

# Fewer tickets than these prove nothing.
LEAST = 5
_LEVELS = (Level.TOWN, Level.DISTRICT, Level.CITY)


@dataclass(frozen=True, slots=True)
class Led:
    """Of ``total`` closed tickets of a matter in ``area`` units led so many each, the most first."""

    area: Area
    total: int
    units: tuple[tuple[str, int], ...]

    def share(self, unit: str) -> float:
        """The part a unit led, between 0 and 1, never quite either: what was not seen may still be."""
        counts = dict(self.units)
        return (counts.get(unit, 0) + 1) / (self.total + len(self.units) + 1)


class Prior:
    """Counts of closed tickets: matter, area, unit, number."""

    def __init__(self, counts: Iterable[tuple[str, str, str, int]] = ()) -> None:
        self._by_matter: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
        for matter, area, unit, number in counts:
            self._by_matter[matter].append((area, unit, number))

    def led(
        self,
        matter: str,
        lineage: Iterable[Area],
        lies_in: Callable[[str, str], bool],
        heir: Callable[[str, str], str] = lambda unit, _area: unit,
    ) -> Led | None:
        """What history says of a matter in the smallest area above the place it knows enough of; None when nothing.

        ``heir`` names the unit that goes on with the work of one in an area; what nobody goes on with is left out.
        """
        rows = self._by_matter.get(matter)
        if not rows:
            return None
        levels = {area.level: area for area in lineage}
        for level in _LEVELS:
            area = levels.get(level)
            if area is None:
                continue
            counts: Counter[str] = Counter()
            for where, unit, number in rows:
                if lies_in(where, area.code) and (now := heir(unit, where)):
                    counts[now] += number
            if counts.total() >= LEAST:
                return Led(area, counts.total(), tuple(counts.most_common()))
        return None


def reconsider(
    decision: DispatchDecision, matter: Matter, led: Led | None, unit_of: Callable[[str], Unit | None]
) -> DispatchDecision:
    """The decision with what history says of it. The catalogue's own lead stays, and so does what goes out by itself,
    whatever was done before; among several leads, and where only a coordinating unit was found, history orders the
    candidates for whoever decides.

    ``unit_of`` gives active units by code.
    """
    if led is None:
        return decision
    told = replace(decision, explanation=(*decision.explanation, *_line(led, unit_of)))
    if decision.automatic:
        return told
    charged = {each.unit for each in decision.candidates if _is_charged(each, matter, unit_of)}
    if len(charged) > 1:
        shared = [_by_share(each, led) if each.unit in charged else each for each in decision.candidates]
        return replace(told, candidates=tuple(sorted(shared, key=lambda each: -each.confidence)))
    if charged:
        return told
    return replace(told, candidates=(*_led_before(decision, matter, led, unit_of), *decision.candidates))


def _is_charged(candidate: Candidate, matter: Matter, unit_of: Callable[[str], Unit | None]) -> bool:
    """Whether the catalogue names the unit for this matter, and not merely to coordinate it or for another one."""
    unit = unit_of(candidate.unit)
    return unit is not None and matter.function in unit.functions and candidate.duty_item.startswith(f"{matter.code}/")


def _line(led: Led, unit_of: Callable[[str], Unit | None]) -> tuple[str, ...]:
    code, number = led.units[0]
    unit = unit_of(code)
    if unit is None:
        return ()
    return (f"历史：{led.area.name}同类诉求{led.total}件，其中{number}件由{unit.name}办理",)


def _by_share(candidate: Candidate, led: Led) -> Candidate:
    # As one of several it had but a part of what is sure of the matter: its share takes the place of that part.
    confidence = candidate.confidence / ONE_OF_SEVERAL * led.share(candidate.unit)
    return replace(candidate, confidence=round(min(confidence, 1.0), 3))


def _led_before(
    decision: DispatchDecision, matter: Matter, led: Led, unit_of: Callable[[str], Unit | None]
) -> tuple[Candidate, ...]:
    listed = {candidate.unit for candidate in decision.candidates}
    found = []
    for code, number in led.units:
        unit = unit_of(code)
        if unit is None or code in listed or (matter.needs_power and matter.needs_power not in unit.powers):
            continue
        basis = f"历史上{led.area.name}同类诉求{led.total}件中{number}件由其办理"
        found.append(Candidate(code, round(decision.sureness * COORDINATING * led.share(code), 3), "", basis))
    return tuple(found)
