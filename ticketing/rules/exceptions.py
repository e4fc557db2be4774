"""Leads that a ruling put into the catalogue: in an area another unit than the function's leads a matter."""

from collections.abc import Callable
from dataclasses import replace

from directory.model import Unit
from ticketing.model.duties import Candidate, DispatchDecision, Matter, NamedLead
from ticketing.rules.dispatch import Duty, UnitsAt, Where, find_duty

# In the place of a function: what makes the unit responsible is a ruling.
RULED = "ruling"
UnitOf = Callable[[str], Unit | None]


def exception_at(matter: Matter, where: Where, unit_of: UnitOf) -> NamedLead | None:
    """The exception of the smallest area around the place whose unit there is and may: never enforcement to a unit
    without the power."""
    for area in reversed(where.lineage):
        for lead in matter.leads:
            unit = unit_of(lead.unit)
            if lead.area == area.code and unit is not None and may_lead(matter, unit):
                return lead
    return None


def may_lead(matter: Matter, unit: Unit) -> bool:
    """Whether the unit holds the power the matter takes."""
    return not matter.needs_power or matter.needs_power in unit.powers


def leads_at(matter: Matter, where: Where, units_at: UnitsAt, unit_of: UnitOf) -> tuple[str, ...]:
    """Who leads there: the unit of a ruling, else whom the catalogue charges."""
    ruled_on = exception_at(matter, where, unit_of)
    if ruled_on is not None:
        return (ruled_on.unit,)
    duty: Duty | None = find_duty(matter, where, units_at)
    return tuple(unit.code for unit in duty.units) if duty else ()


def ruled(decision: DispatchDecision, matter: Matter | None, where: Where, unit_of: UnitOf) -> DispatchDecision:
    """The decision with the unit of a ruling in front, where there is one for the matter it is taken for."""
    if matter is None or decision.matter != matter.code:
        return decision
    lead = exception_at(matter, where, unit_of)
    if lead is None:
        return decision
    certainty = where.certainty if where.finest is not None else 0.0
    confidence = round(decision.sureness * certainty, 3)
    basis = f"裁定：{lead.basis}" if lead.basis else "裁定"
    first = Candidate(lead.unit, confidence, exception_item(matter, lead), basis, supporting=lead.supporting)
    others = tuple(each for each in decision.candidates if each.unit != lead.unit)
    return replace(
        decision,
        automatic=confidence >= decision.threshold,
        candidates=(first, *others),
        explanation=(*decision.explanation, f"该区域按裁定由指定单位主办（{lead.basis}）"),
    )


def exception_item(matter: Matter, lead: NamedLead) -> str:
    """The name of the catalogue's row that makes the unit of a ruling responsible."""
    return f"{matter.code}/{RULED}@{lead.unit}"
