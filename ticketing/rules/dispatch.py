"""Whose duty it is: matter × area → lead, by the rules of the catalogue, with the reasons a person would give.

Candidates are the units charged with the matter's function — and holding its power where one is needed — for the area
above the place at the level the catalogue names; where there is none, for the next wider area; where there is none at
all, the unit that coordinates the district, then the city. Enforcement never goes to a unit without the power.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from directory.model import Area, Level, Nearby, Unit
from ticketing.model.duties import Candidate, DispatchDecision, Matter

COORDINATION = "coordination"
CITY_WIDE = 1.0
ONE_OF_SEVERAL = 0.5
COORDINATING = 0.5
PLACE_TOO_COARSE = 0.5
WIDER_BY = (1.0, 0.95, 0.9)
WIDENING = (Level.TOWN, Level.DISTRICT, Level.CITY)

# What is run by whoever owns the place: who runs it leads there, and the unit charged with it supports.
RUN_BY_OWNERS = frozenset({"hospital", "metro", "library", "funeral"})

# So many units are proposed to a dispatcher.
PROPOSED = 4

UnitsAt = Callable[[str, str, str], Sequence[Unit]]


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a matter: its areas from the city down, how sure they are, the words they were found in, or what
    the point they were found by is near, and the unit that owns or runs the place, where one is known."""

    lineage: tuple[Area, ...]
    certainty: float = 1.0
    words: str = ""
    owner: Unit | None = None
    near: Nearby | None = None

    def at(self, level: Level) -> Area | None:
        """The area of a level, if the place is known as finely."""
        return next((area for area in self.lineage if area.level is level), None)

    @property
    def finest(self) -> Area | None:
        """The smallest area known."""
        return self.lineage[-1] if self.lineage else None


@dataclass(frozen=True, slots=True)
class Duty:
    """Units found for a matter: at which area, by how much the catalogue's level had to be widened."""

    units: tuple[Unit, ...]
    area: Area
    widened: int
    coordinating: bool = False
    charged: tuple[Unit, ...] = ()


def decide(
    matter: Matter | None,
    sureness: float,
    where: Where,
    units_at: UnitsAt,
    function_name: str,
    threshold: float,
    reader: str = "",
) -> DispatchDecision:
    """Where it should go; ``sureness`` of the matter between 0 and 1. Unsure → not automatic: a person decides."""
    if matter is None:
        return _unknown_matter(where, units_at, threshold, reader)
    duty = find_duty(matter, where, units_at)
    lines = [_because(matter, function_name, sureness), _place_line(matter, where)]
    if duty is None:
        nobody = (*lines, "没有找到负责该事项的单位，请人工分派")
        return DispatchDecision(False, (), nobody, threshold, reader, matter.code, sureness)
    confidence = sureness * _area_certainty(matter, where) * _rule(duty)
    candidates = tuple(_candidate(matter, unit, confidence, duty, where, units_at) for unit in duty.units)
    automatic = len(candidates) == 1 and candidates[0].has_power and confidence >= threshold
    why = (*lines, *_duty_lines(duty, matter))
    return DispatchDecision(automatic, candidates, why, threshold, reader, matter.code, sureness)


def weigh(
    readings: Sequence[tuple[Matter, float]],
    where: Where,
    units_at: UnitsAt,
    function_name: Callable[[Matter], str],
    threshold: float,
    reader: str = "",
    known_from: float = 0.0,
) -> DispatchDecision:
    """Where it should go when the text may be of several matters, each with its likelihood.

    Neighbouring matters often have the same owner: what they say for a unit is added up, so that the unit may be sure
    where the matter is not. ``matter`` of the decision is the likeliest of those the best unit would have; when neither
    it (``known_from``) nor the unit is sure, the units are only proposals and the matter is left open.
    """
    parts = [
        (matter, chance, decide(matter, chance, where, units_at, function_name(matter), threshold, reader))
        for matter, chance in readings
    ]
    found = _proposals([decision for _, _, decision in parts])
    if not found:
        return _unknown_matter(where, units_at, threshold, reader)
    best = found[0]
    speaking = [part for part in parts if any(each.unit == best.unit for each in part[2].candidates)]
    matter, chance, decision = max(speaking, key=lambda part: part[1])
    sure = best.confidence >= threshold
    if not sure and chance < known_from:
        lines = ("事项暂未能判断，转人工分派", _where_text(where))
        return DispatchDecision(False, found, lines, threshold, reader)
    alone = len(decision.candidates) == 1 and best.has_power
    why = decision.explanation
    if len(speaking) > 1:
        others = "、".join(each.name for each, _, _ in speaking if each is not matter)
        why = (*why, f"也可能是{others}，同样由该单位负责，合计把握{round(best.confidence * 100)}%")
    return DispatchDecision(sure and alone, found, why, threshold, reader, matter.code, chance)


def _proposals(decisions: Sequence[DispatchDecision]) -> tuple[Candidate, ...]:
    """The units of all decisions, each once with what speaks for it added up, best first."""
    best: dict[str, Candidate] = {}
    total: dict[str, float] = {}
    for candidate in (each for decision in decisions for each in decision.candidates):
        total[candidate.unit] = total.get(candidate.unit, 0.0) + candidate.confidence
        if candidate.unit not in best or candidate.confidence > best[candidate.unit].confidence:
            best[candidate.unit] = candidate
    ranked = sorted(best.values(), key=lambda each: -total[each.unit])
    return tuple(replace(each, confidence=round(min(total[each.unit], 1.0), 3)) for each in ranked[:PROPOSED])


def find_duty(matter: Matter, where: Where, units_at: UnitsAt) -> Duty | None:
    """Who is charged with the matter at the place, by level; the coordinating unit when nobody is. What is run by
    whoever owns the place is that unit's, unless it takes a power."""
    charged = _charged(matter, where, units_at)
    owner = where.owner
    if owner is None or charged is None or matter.needs_power or matter.function not in RUN_BY_OWNERS:
        return charged
    return Duty((owner,), charged.area, 0, charged=charged.units)


def _charged(matter: Matter, where: Where, units_at: UnitsAt) -> Duty | None:
    start = WIDENING.index(matter.owner_level) if matter.owner_level in WIDENING else 0
    for widened, level in enumerate(WIDENING[start:]):
        area = where.at(level)
        if area is None:
            continue
        if units := tuple(units_at(matter.function, area.code, matter.needs_power)):
            return Duty(units, area, widened)
    return _coordinating(where, units_at)


def _coordinating(where: Where, units_at: UnitsAt) -> Duty | None:
    for level in (Level.DISTRICT, Level.CITY):
        area = where.at(level)
        if area is not None and (units := tuple(units_at(COORDINATION, area.code, ""))):
            return Duty(units, area, len(WIDER_BY) - 1, coordinating=True)
    return None


def unread(decision: DispatchDecision) -> DispatchDecision:
    """The decision about words in another language: proposals for a person, none of them sure."""
    doubtful = tuple(replace(each, doubtful=True) for each in decision.candidates)
    lines = ("诉求为外文，由人工研判后分派", *decision.explanation)
    return replace(decision, automatic=False, candidates=doubtful, explanation=lines)


def fits(matter: Matter, unit: Unit, unit_areas: Sequence[Area], where: Where) -> Candidate:
    """What can be said of a unit a person picked: whether it has the power, and whether the place is in its area or
    too coarsely known to say so. ``unit_areas`` are those from the city down to the unit's own ones."""
    finest = where.finest
    covers = finest is None or any(area.code in unit.areas for area in where.lineage) or finest in unit_areas
    has_power = not matter.needs_power or matter.needs_power in unit.powers
    return Candidate(unit.code, 0.0, duty_item(matter, unit), "人工选择", has_power, covers)


def duty_item(matter: Matter, unit: Unit) -> str:
    """The name of the catalogue's row that makes the unit responsible: matter, function and area."""
    return f"{matter.code}/{matter.function}@{unit.code}"


def _unknown_matter(where: Where, units_at: UnitsAt, threshold: float, reader: str) -> DispatchDecision:
    duty = _coordinating(where, units_at)
    units = duty.units if duty else ()
    candidates = tuple(Candidate(unit.code, 0.0, "", "事项未定，由统筹单位研判") for unit in units)
    lines = ("事项暂未能判断，转人工分派", _where_text(where))
    return DispatchDecision(False, candidates, lines, threshold, reader)


def _candidate(matter: Matter, unit: Unit, confidence: float, duty: Duty, where: Where, units_at: UnitsAt) -> Candidate:
    supporting = [each.code for each in duty.charged]
    supporting += [u.code for function in matter.supports for u in _helper(function, where, units_at)]
    return Candidate(
        unit.code,
        round(confidence, 3),
        duty_item(matter, unit),
        "；".join(_duty_lines(replace(duty, units=(unit,)), matter)),
        not matter.needs_power or matter.needs_power in unit.powers,
        covers_area=True,
        supporting=tuple(dict.fromkeys(code for code in supporting if code != unit.code)),
        doubtful=duty.coordinating or _area_certainty(matter, where) < 1,
    )


def _helper(function: str, where: Where, units_at: UnitsAt) -> Sequence[Unit]:
    for level in WIDENING:
        area = where.at(level)
        if area is not None and (units := units_at(function, area.code, "")):
            return units[:1]
    return ()


def _area_certainty(matter: Matter, where: Where) -> float:
    if matter.owner_level is Level.CITY:
        return CITY_WIDE
    return where.certainty if where.at(_needed(matter)) else PLACE_TOO_COARSE


def _needed(matter: Matter) -> Level:
    return matter.owner_level if matter.owner_level in WIDENING else Level.TOWN


def _rule(duty: Duty) -> float:
    if duty.coordinating:
        return COORDINATING
    return WIDER_BY[min(duty.widened, len(WIDER_BY) - 1)] * (1.0 if len(duty.units) == 1 else ONE_OF_SEVERAL)


# -- the reasons ----------------------------------------------------------------------------------------


def _because(matter: Matter, function_name: str, sureness: float) -> str:
    doubt = "" if sureness >= 1 else f"，把握{round(sureness * 100)}%"
    return f"因为：{matter.name} → {function_name}（{matter.owner_level.label}一级{doubt}）"


def _place_line(matter: Matter, where: Where) -> str:
    if matter.owner_level is Level.CITY:
        return "地点：该事项由市级统一办理，不分区域"
    text = _where_text(where)
    if where.at(_needed(matter)) is None:
        return f"{text}，未能确定到{_needed(matter).label}"
    return text if where.certainty >= 1 else f"{text}，需核实"


def _where_text(where: Where) -> str:
    if where.finest is None or where.finest.level is Level.CITY:
        return "地点：未能从诉求中得出"
    name = "".join(area.name for area in where.lineage if area.level is not Level.CITY)
    if where.near is not None:
        return f"地点：{name}（由定位得出，离{where.near.place}约{where.near.metres}米）"
    return f"地点：{name}（由“{where.words}”得出）" if where.words else f"地点：{name}"


def _duty_lines(duty: Duty, matter: Matter) -> list[str]:
    names = "、".join(unit.name for unit in duty.units)
    if duty.coordinating:
        power = "，执法事项须另行确定有权单位" if matter.needs_power else ""
        return [f"没有对口单位，由{names}统筹{power}"]
    if duty.charged:
        over = "、".join(unit.name for unit in duty.charged)
        return [f"{names}管理该场所，由其主办，{over}协办"]
    if len(duty.units) > 1:
        return [f"{duty.area.name}有多个单位负责：{names}，请选择主办单位"]
    widened = f"，{matter.owner_level.label}一级没有对口单位" if duty.widened else ""
    return [f"{names}负责{duty.area.name}{widened}"]
