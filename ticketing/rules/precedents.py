"""What a ruling leaves behind: a precedent the next decision is held to, and perhaps a candidate to amend the duty
catalogue."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from kernel.privacy import mask_text
from ticketing.model.acting import Form
from ticketing.model.duties import Candidate, DispatchDecision, Matter
from ticketing.model.rulings import Amendment, Precedent
from ticketing.model.ticket import Request, Ticket

# In the place of a function: what makes the unit responsible is a ruling on another ticket.
BY_PRECEDENT = "precedent"


class Precedents:
    """Rulings by matter, those on which the catalogue was left as it is on purpose not among them."""

    def __init__(self, newest_first: Iterable[Precedent] = ()) -> None:
        self._by_matter: dict[str, list[Precedent]] = defaultdict(list)
        for each in newest_first:
            if each.amendment is not Amendment.DROPPED:
                self._by_matter[each.matter].append(each)

    def at(self, matter: str, place: str, place_of: Callable[[str], str]) -> Precedent | None:
        """The newest ruling on a matter in a place; ``place_of`` gives the place of an area, as a rule its town."""
        found = self._by_matter.get(matter, ()) if place else ()
        return next((each for each in found if place_of(each.area) == place), None)


def held_to(
    decision: DispatchDecision, matter: Matter, precedent: Precedent, name: str, fit: Candidate | None
) -> DispatchDecision:
    """The decision with the unit a ruling named in front, as sure as the one it takes the place of. What was ruled
    differently goes out by itself no more, and the units that were heard and not named are the least likely.

    ``name`` is what the unit is called, ``fit`` what can be said of it there; None where there is none any more.
    """
    if decision.matter != matter.code:
        return decision
    by = f"，依据：{precedent.clause}" if precedent.clause else ""
    basis = f"裁决先例（{precedent.ticket}）：由{name}主办{by}"
    told = replace(decision, explanation=(*decision.explanation, basis), precedents=(precedent.ticket,))
    first = decision.candidates[0] if decision.candidates else None
    if first is not None and fit is not None and first.unit == fit.unit:
        return told
    if fit is None or not fit.has_power:
        return replace(told, automatic=False)
    ruled = replace(
        fit,
        confidence=first.confidence if first else 0.0,
        duty_item=f"{matter.code}/{BY_PRECEDENT}@{fit.unit}",
        basis=basis,
        supporting=precedent.supporting,
        doubtful=first is None or first.doubtful,
    )
    others = [
        replace(each, confidence=0.0) if each.unit in precedent.units else each
        for each in decision.candidates
        if each.unit != fit.unit
    ]
    return replace(told, automatic=False, candidates=(ruled, *others))


def precedent_of(
    id_: str, ticket: Ticket, request: Request, form: Form, decision: DispatchDecision | None, by: str, at: datetime
) -> Precedent:
    """The precedent of a ruling, of the ticket as it is after it. What people wrote is masked: it is read at other
    tickets."""
    lead = form.unit or (ticket.lead.unit if ticket.lead else "")
    units = dict.fromkeys(unit for unit in (request.unit, request.suggested_unit) if unit)
    return Precedent(
        id=id_,
        ticket=ticket.number,
        request=request.id,
        matter=ticket.matter,
        area=ticket.area,
        units=tuple(units),
        lead=lead,
        supporting=tuple(form.supporting),
        reason=mask_text(form.reason),
        clause=mask_text(form.clause or form.basis),
        at=at,
        by=by,
        amendment=Amendment.NONE if _as_the_catalogue_says(lead, decision) else Amendment.CANDIDATE,
    )


def _as_the_catalogue_says(lead: str, decision: DispatchDecision | None) -> bool:
    best = decision.candidates[0] if decision is not None and decision.candidates else None
    return best is not None and best.unit == lead and best.has_power and best.covers_area and best.confidence > 0
