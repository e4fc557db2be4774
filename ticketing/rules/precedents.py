"""What a ruling leaves behind: a precedent, and perhaps a candidate to amend the duty catalogue."""

from datetime import datetime

from kernel.privacy import mask_text
from ticketing.model.acting import Form
from ticketing.model.duties import DispatchDecision
from ticketing.model.rulings import Amendment, Precedent
from ticketing.model.ticket import Request, Ticket


def precedent_of(
    id_: str, ticket: Ticket, request: Request, form: Form, decision: DispatchDecision | None, by: str, at: datetime
) -> Precedent:
    """The precedent of a ruling, of the ticket as it is after it. What people wrote is masked: it is read at other
    tickets."""
    lead = ticket.lead.unit if ticket.lead else ""
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
